//! A file that its host can read anywhere, read by several threads: each takes the next slice of lines, and what they read is appended in
//! the file's order. Nothing of it is kept.
//!
//! Not for the browser, whose workers share no memory: there the engine hands slices out.

use crate::loader::{LoadOptions, Loaded, Loader};
use crate::parts::{SAMPLE_BYTES, SlicePart, SliceReader};
use replay_log::part::Translation;
use replay_log::text::Fetch;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

/// Smaller files are read before threads are started.
const WORTH_IT: u64 = 8 << 20;
/// Bytes of a slice: so large that little of a file is read twice around their borders, so small that all threads end at about the same time.
const SLICE: Range<u64> = 2 << 20..16 << 20;
/// Bytes that are read at once: they are looked at several times, which is fast while they lie in a processor's cache.
const PIECE: usize = 256 << 10;

/// Loads a file whose bytes stay where they are if its records are pieces of JSON, with all processors if it is large and its records are
/// lines. The records are those of [`crate::load`] in either case.
///
/// # Errors
/// Those of `home`: then nothing was loaded.
pub fn load_elsewhere(home: &Arc<dyn Fetch>, options: &LoadOptions) -> Result<Loaded, String> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = if home.len() < WORTH_IT { 1 } else { threads };
    let size = (home.len() / (threads as u64 * 8)).clamp(SLICE.start, SLICE.end);
    load_in_slices(home, options, threads, size)
}

/// The same by so many threads, in slices of so many bytes.
///
/// # Errors
/// Those of [`load_elsewhere`].
pub fn load_in_slices(
    home: &Arc<dyn Fetch>,
    options: &LoadOptions,
    threads: usize,
    size: u64,
) -> Result<Loaded, String> {
    let head = home.fetch(0, SAMPLE_BYTES)?;
    let begun = head.len() as u64;
    let first = size.max(begun);
    let starts = (first..home.len()).step_by(usize::try_from(size).unwrap_or(usize::MAX));
    let slices = starts.map(|start| start..(start + size).min(home.len())).collect();
    let work = Work { home: &**home, head: &head, slices, next: AtomicUsize::new(0) };
    let threads = if threads < 2 || work.slices.is_empty() { 0 } else { threads };
    let mut loader = Loader::leaving_text(options.clone(), home.clone());
    std::thread::scope(|scope| {
        let (sender, answers) = channel();
        // What the file is, all find out at the same time.
        for thread in 0..threads {
            let (work, sender, options) = (&work, sender.clone(), options.clone());
            scope.spawn(move || work.read(thread, options, &sender));
        }
        drop(sender);
        let read = work.lead(&mut loader, &answers, threads, first);
        work.end();
        read
    })?;
    Ok(loader.into_loaded())
}

/// Reads from `at` on to where the loader stops.
fn read_on(loader: &mut Loader, home: &dyn Fetch, mut at: u64) -> Result<(), String> {
    loop {
        // Whether all that was pushed is read is known when a step finds nothing more.
        let mut records = loader.progress().records;
        while !loader.is_done() {
            let before = std::mem::replace(&mut records, loader.step(usize::MAX).records);
            if records == before {
                break;
            }
        }
        if loader.is_done() {
            return Ok(());
        }
        if at < home.len() {
            let length = loader.push_with(|into| read(home, at, into))?;
            at = if length == 0 { home.len() } else { at + length as u64 };
        } else {
            loader.finish_input();
        }
    }
}

/// Appends the next piece, and says how long it is.
fn read(home: &dyn Fetch, at: u64, into: &mut Vec<u8>) -> Result<usize, String> {
    let before = into.len();
    home.fetch_into(at, PIECE, into)?;
    Ok(into.len() - before)
}

/// What the threads share.
struct Work<'a> {
    home: &'a dyn Fetch,
    head: &'a [u8],
    slices: Vec<Range<u64>>,
    /// The first slice that no thread has taken.
    next: AtomicUsize,
}

/// A slice's number, the thread that read it, and what it read.
type Answer = (usize, usize, SlicePart);

impl Work<'_> {
    /// No more slices are wanted.
    fn end(&self) {
        self.next.store(self.slices.len(), Ordering::Relaxed);
    }

    /// Reads what comes before `first`, and appends what the threads read behind it; or reads all of it.
    fn lead(&self, loader: &mut Loader, answers: &Receiver<Answer>, threads: usize, first: u64) -> Result<(), String> {
        let begun = self.head.len() as u64;
        loader.push(self.head);
        if begun >= self.home.len() {
            loader.finish_input();
        }
        loader.step(1);
        if threads == 0 || !loader.has_begun() || !loader.can_share() {
            self.end();
            return read_on(loader, self.home, begun);
        }
        loader.stop_at(first);
        read_on(loader, self.home, begun)?;
        if self.append(loader, answers, threads) {
            loader.finish_shared();
            return Ok(());
        }
        // What a slice left open goes on in the next: from there on one reader alone knows what it means.
        self.end();
        loader.go_on();
        let position = loader.position();
        read_on(loader, self.home, position)
    }

    /// Reads slices until there are none left, nobody wants them, or one cannot be read: whoever waits for it reads on alone then, and says why.
    fn read(&self, thread: usize, options: LoadOptions, answers: &Sender<Answer>) {
        let Some(mut reader) = SliceReader::new(options, self.head) else { return };
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(slice) = self.slices.get(number) else { return };
            reader.begin(slice.start, slice.end);
            let mut at = reader.first_byte(slice.start);
            let mut is_read = false;
            while !is_read {
                let is_last = at + PIECE as u64 >= self.home.len();
                let Ok(length) = reader.push_with(|into| read(self.home, at, into), is_last) else { return };
                // It became shorter meanwhile.
                if length == 0 && !is_last {
                    return;
                }
                at += length as u64;
                is_read = read_what_came(&mut reader);
            }
            if answers.send((number, thread, reader.take())).is_err() {
                return;
            }
        }
    }

    /// Appends all slices; false as soon as one cannot be.
    fn append(&self, loader: &mut Loader, answers: &Receiver<Answer>, threads: usize) -> bool {
        let mut translations: Vec<Translation> = (0..threads).map(|_| Translation::default()).collect();
        let mut early = BTreeMap::new();
        for number in 0..self.slices.len() {
            let (thread, part) = loop {
                if let Some(read) = early.remove(&number) {
                    break read;
                }
                match answers.recv() {
                    Ok((number, thread, part)) => drop(early.insert(number, (thread, part))),
                    Err(_) => return false,
                }
            };
            if !loader.append(&part, &mut translations[thread]) {
                return false;
            }
        }
        true
    }
}

/// True when the slice is read.
fn read_what_came(reader: &mut SliceReader) -> bool {
    loop {
        let before = reader.records();
        if reader.step(usize::MAX) {
            return true;
        }
        if reader.records() == before {
            return false;
        }
    }
}
