//! One file read by a whole crew: its slices are handed out, and what comes back is appended in the file's order.

use crate::crew::{Answer, Crew, Task, Ticket, forget, to_read};
use crate::engine::Attachment;
use replay_formats::{LoadOptions, Loader, SlicePart};
use replay_log::part::Translation;
use std::collections::BTreeMap;
use std::ops::Range;

/// Smaller files are read sooner than hands are started.
const WORTH_IT: u64 = 24 << 20;
/// The same where a machine has two processors: one reader, the browser's own reading and the page keep most of both busy, so that little is
/// left to share, and what starting takes comes back late.
const WORTH_IT_FOR_TWO: u64 = 1 << 30;
/// The engine reads so much itself meanwhile: enough for the first screen.
pub(crate) const FIRST: u64 = 4 << 20;
/// Bytes of a slice: large enough to be worth a message, small enough that little is held before its turn comes and that little is left to
/// be appended when the last one is read.
const SLICE: Range<u64> = 4 << 20..32 << 20;
/// Slices that a hand has waiting.
const AHEAD: u32 = 2;

/// How many read a file together; fewer than two are none.
fn hands(crew: &dyn Crew) -> u64 {
    crew.cores().min(crew.size()) as u64
}

/// Starts the hands, and makes them forget an earlier file, whose names this engine no longer knows.
pub(crate) fn warm_up(crew: &mut dyn Crew) {
    for hand in 0..hands(crew) {
        crew.submit(hand as usize, Ticket::MAX, Task { bytes: forget(), sources: Vec::new() });
    }
}

/// A file may come soon: starts the hands if most files are worth sharing here.
pub(crate) fn get_ready(crew: &mut dyn Crew) {
    if can_spare(crew) {
        warm_up(crew);
    }
}

/// Whether there is a processor for more than the browser's reading and one reader.
fn can_spare(crew: &dyn Crew) -> bool {
    crew.cores() > 2
}

/// Whether a source may be worth sharing.
pub(crate) fn may_share(source: &Attachment, crew: &dyn Crew) -> bool {
    let worth_it = if can_spare(crew) { WORTH_IT } else { WORTH_IT_FOR_TWO };
    source.len() >= FIRST + worth_it && hands(crew) >= 2 && source.home().is_some()
}

/// A file that is being shared.
pub(crate) struct Sharing {
    /// The slice of each ticket; ticket n is the hand n modulo the hands' number.
    slices: Vec<Range<u64>>,
    hands: u32,
    handed_out: u32,
    appended: u32,
    read: BTreeMap<Ticket, SlicePart>,
    translations: Vec<Translation>,
}

/// How far the shared reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// There may be more to append.
    Appended,
    /// The next slice has not come.
    Waiting,
    /// All slices are in the log.
    Done,
    /// The rest of the file must be read by the engine itself.
    Alone,
}

impl Sharing {
    /// Starts to share a source behind [`FIRST`], if that may be worth it and possible. Whether its records are lines is not known yet: each
    /// hand finds out for itself, as the engine does at the same time.
    pub(crate) fn start(source: &Attachment, options: &LoadOptions, crew: &mut dyn Crew) -> Option<Sharing> {
        let hands = hands(crew);
        // What a person said about the file is known to the engine alone.
        if !may_share(source, crew) || !options.schemas.is_empty() || !options.mapping.is_empty() {
            return None;
        }
        let size = ((source.len() - FIRST) / (hands * 8)).clamp(SLICE.start, SLICE.end);
        let starts = (FIRST..source.len()).step_by(size as usize);
        let slices: Vec<Range<u64>> = starts.map(|start| start..(start + size).min(source.len())).collect();
        to_read(source, options, slices.first()?.clone())?;
        warm_up(crew);
        Some(Sharing {
            slices,
            hands: hands as u32,
            handed_out: 0,
            appended: 0,
            read: BTreeMap::new(),
            translations: (0..hands).map(|_| Translation::default()).collect(),
        })
    }

    /// Keeps all hands busy, but none too far ahead.
    pub(crate) fn hand_out(&mut self, source: &Attachment, options: &LoadOptions, crew: &mut dyn Crew) {
        let most = (self.appended + self.hands * AHEAD).min(self.slices.len() as u32);
        while self.handed_out < most {
            let slice = self.slices[self.handed_out as usize].clone();
            let Some(task) = to_read(source, options, slice) else { return };
            crew.submit((self.handed_out % self.hands) as usize, self.handed_out, task);
            self.handed_out += 1;
        }
    }

    /// Takes what has come. False if a hand could not read its slice.
    pub(crate) fn collect(&mut self, crew: &mut dyn Crew) -> bool {
        while let Some(Answer { ticket, outcome }) = crew.poll() {
            match outcome {
                _ if ticket == Ticket::MAX => {}
                Ok(bytes) => match SlicePart::from_bytes(&bytes) {
                    Ok(part) => drop(self.read.insert(ticket, part)),
                    Err(_) => return false,
                },
                Err(_) => return false,
            }
        }
        true
    }

    /// Appends the next slice, if it has come.
    pub(crate) fn append(&mut self, loader: &mut Loader) -> Turn {
        if self.appended as usize == self.slices.len() {
            return Turn::Done;
        }
        let Some(part) = self.read.remove(&self.appended) else { return Turn::Waiting };
        let translation = &mut self.translations[(self.appended % self.hands) as usize];
        if !loader.append(&part, translation) {
            return Turn::Alone;
        }
        self.appended += 1;
        Turn::Appended
    }
}
