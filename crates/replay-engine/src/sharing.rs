//! One file read by a whole crew: its slices are handed out, and what comes back is appended in the file's order.
//!
//! Where there are processors to spare that begins with the file. Where there are two, the browser's own reading keeps one of them busy beside a
//! reader that is as fast, and hands would only be in the way; but records that take several times as long (change data, envelopes in envelopes)
//! leave that one idle. So there the engine begins alone, and calls for help when it finds itself slow.

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
/// What of a file is read before its pace is known, in bytes from its beginning.
const MEASURED: Range<u64> = 4 << 20..12 << 20;
/// Milliseconds for a megabyte from which on the browser reads more than twice as fast as the engine.
const SLOW_MS_A_MB: f64 = 2.0;
/// Less is read sooner than hands are started.
const LONG_MS: f64 = 300.0;
/// The engine reads so much further while they start.
pub(crate) const WHILE_STARTING: u64 = 8 << 20;
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

/// How long records take to read here, in the engine's own time, until it is decided whether to call for help.
#[derive(Default)]
pub(crate) struct Pace {
    spent_ms: f64,
    /// Where the second part of the measured begins, and what was spent until then.
    second: Option<(u64, f64)>,
    is_decided: bool,
}

impl Pace {
    /// Whether it is still to be measured.
    pub(crate) fn is_open(&self) -> bool {
        !self.is_decided
    }

    /// Takes what a step needed that has come to `position` of the source. True, once, if others should read the rest.
    pub(crate) fn calls_for_help(&mut self, ms: f64, position: u64, source: &Attachment, crew: &dyn Crew) -> bool {
        self.spent_ms += ms;
        // A browser makes code fast while it runs: the first part says little of the rest.
        let Some((from, before)) = self.second else {
            if position >= MEASURED.start {
                self.second = Some((position, self.spent_ms));
            }
            return false;
        };
        if position < MEASURED.end {
            return false;
        }
        self.is_decided = true;
        let ms_a_byte = (self.spent_ms - before) / (position - from).max(1) as f64;
        let rest = source.len().saturating_sub(position) as f64 * ms_a_byte;
        ms_a_byte * 1e6 >= SLOW_MS_A_MB && rest >= LONG_MS && hands(crew) >= 2 && source.home().is_some()
    }
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
        if may_share(source, crew) { Sharing::behind(FIRST, source, options, crew) } else { None }
    }

    /// Shares what lies behind `from`.
    pub(crate) fn behind(
        from: u64,
        source: &Attachment,
        options: &LoadOptions,
        crew: &mut dyn Crew,
    ) -> Option<Sharing> {
        let hands = hands(crew);
        // What a person said about the file is known to the engine alone.
        if !options.schemas.is_empty() || !options.mapping.is_empty() {
            return None;
        }
        let size = (source.len().saturating_sub(from) / (hands * 8)).clamp(SLICE.start, SLICE.end);
        let starts = (from..source.len()).step_by(size as usize);
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
