//! The text of a source: held in memory, or left where it is and read in pieces when somebody looks.

use std::collections::BTreeMap;
use std::ops::{Deref, Range};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Gives any piece of a text that lies elsewhere, a file on disk in practice. Reads are small and the caller waits for them.
pub trait Fetch: Send + Sync {
    /// Bytes in all.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes from `start` on, `length` of them or as many as there are.
    ///
    /// # Errors
    /// The host's own words, for people.
    fn fetch(&self, start: u64, length: usize) -> Result<Vec<u8>, String>;
}

/// Where the text of a source is.
pub enum Text {
    /// All of it is here.
    Held(Vec<u8>),
    /// It is elsewhere; what was looked at lately is kept.
    Elsewhere(Elsewhere),
}

/// A text that is read in pages.
pub struct Elsewhere {
    fetch: Arc<dyn Fetch>,
    pages: Mutex<Pages>,
    trouble: Mutex<Option<String>>,
    /// Once somebody has brought all of it into memory.
    held: OnceLock<Vec<u8>>,
}

/// Bytes of a page. Reading one costs hardly more than reading a record, and neighbours are often looked at together.
const PAGE: usize = 64 << 10;
/// Pages that are kept.
const PAGES: usize = 512;
/// Pages that are read at once when somebody goes through the text in its order.
const RUN: u64 = 16;

#[derive(Default)]
struct Pages {
    by_number: BTreeMap<u64, (Arc<[u8]>, u64)>,
    clock: u64,
}

/// A piece of a text. Dereferences to its bytes.
pub enum Piece<'a> {
    /// In memory that lives as long as the log.
    Held(&'a [u8]),
    /// In a page.
    Paged(Arc<[u8]>, Range<usize>),
    /// Over several pages.
    Copied(Vec<u8>),
}

impl Deref for Piece<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Piece::Held(bytes) => bytes,
            Piece::Paged(page, range) => page.get(range.clone()).unwrap_or_default(),
            Piece::Copied(bytes) => bytes,
        }
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Text {
        Text::Held(bytes)
    }
}

impl Text {
    /// A text that stays where it is.
    pub fn elsewhere(fetch: Arc<dyn Fetch>) -> Text {
        Text::Elsewhere(Elsewhere { fetch, pages: Mutex::default(), trouble: Mutex::default(), held: OnceLock::new() })
    }

    /// The bytes at `start..start + length`; fewer where the text is shorter or cannot be read, see [`Text::take_trouble`].
    #[inline]
    pub fn piece(&self, start: u64, length: usize) -> Piece<'_> {
        let held = match self {
            Text::Held(bytes) => bytes,
            Text::Elsewhere(elsewhere) => match elsewhere.held.get() {
                Some(bytes) => bytes,
                None => return elsewhere.piece(start, length),
            },
        };
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(held.len());
        Piece::Held(&held[start..start.saturating_add(length).min(held.len())])
    }

    /// Bytes of the whole text.
    pub fn len(&self) -> u64 {
        match self {
            Text::Held(bytes) => bytes.len() as u64,
            Text::Elsewhere(elsewhere) => elsewhere.fetch.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory it holds.
    pub fn memory(&self) -> usize {
        match self {
            Text::Held(bytes) => bytes.capacity(),
            Text::Elsewhere(elsewhere) => {
                let pages = elsewhere.lock().by_number.values().map(|(page, _)| page.len()).sum::<usize>();
                pages + elsewhere.held.get().map_or(0, Vec::capacity)
            }
        }
    }

    /// Why a piece could not be read, told once.
    pub fn take_trouble(&self) -> Option<String> {
        match self {
            Text::Held(_) => None,
            Text::Elsewhere(elsewhere) => elsewhere.trouble.lock().unwrap_or_else(PoisonError::into_inner).take(),
        }
    }

    /// True if looking at a piece may mean reading it from elsewhere.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self, Text::Elsewhere(elsewhere) if elsewhere.held.get().is_none())
    }

    /// Reads the next bytes of the whole into `held`, which has its beginning, and keeps all of it from now on when it is complete. True
    /// when there is nothing more to do, also where it cannot be read.
    pub fn fill(&self, held: &mut Vec<u8>, bytes: usize) -> bool {
        let Text::Elsewhere(elsewhere) = self else { return true };
        let len = elsewhere.fetch.len();
        let Ok(all) = usize::try_from(len) else { return true };
        if held.capacity() < all && held.try_reserve_exact(all - held.len()).is_err() {
            return true;
        }
        let Ok(piece) = elsewhere.fetch.fetch(held.len() as u64, bytes.min(all - held.len())) else { return true };
        held.extend_from_slice(&piece);
        if held.len() == all {
            self.hold(std::mem::take(held));
        }
        piece.is_empty() || !self.is_elsewhere()
    }

    /// Keeps all of the text from now on: `bytes` must be the whole of it, else they are dropped.
    pub fn hold(&self, bytes: Vec<u8>) {
        if let Text::Elsewhere(elsewhere) = self
            && bytes.len() as u64 == elsewhere.fetch.len()
        {
            // A second one is the same text.
            let _ = elsewhere.held.set(bytes);
            *elsewhere.lock() = Pages::default();
        }
    }
}

impl Elsewhere {
    /// A page is there or it is not, so a panic of another thread has left nothing half done.
    fn lock(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn piece(&self, start: u64, length: usize) -> Piece<'static> {
        let (number, at) = (start / PAGE as u64, (start % PAGE as u64) as usize);
        if at + length <= PAGE {
            let page = self.page(number);
            let end = (at + length).min(page.len());
            return Piece::Paged(page, at.min(end)..end);
        }
        if length > 4 * PAGE {
            return Piece::Copied(self.fetch(start, length));
        }
        let mut bytes = Vec::with_capacity(length);
        let (mut number, mut at) = (number, at);
        while bytes.len() < length {
            let page = self.page(number);
            let end = page.len().min(at + length - bytes.len());
            let Some(part) = page.get(at..end).filter(|part| !part.is_empty()) else { break };
            bytes.extend_from_slice(part);
            (number, at) = (number + 1, 0);
        }
        Piece::Copied(bytes)
    }

    fn page(&self, number: u64) -> Arc<[u8]> {
        let is_run = {
            let mut pages = self.lock();
            pages.clock += 1;
            let clock = pages.clock;
            if let Some((page, used)) = pages.by_number.get_mut(&number) {
                *used = clock;
                return page.clone();
            }
            number > 0 && pages.by_number.contains_key(&(number - 1))
        };
        let count = if is_run { RUN } else { 1 };
        let bytes = self.fetch(number * PAGE as u64, PAGE * count as usize);
        let mut pages = self.lock();
        let clock = pages.clock;
        let mut first = None;
        for (n, page) in bytes.chunks(PAGE).enumerate() {
            let page: Arc<[u8]> = page.into();
            first.get_or_insert_with(|| page.clone());
            pages.by_number.insert(number + n as u64, (page, clock));
        }
        while pages.by_number.len() > PAGES {
            let oldest = pages.by_number.iter().min_by_key(|(_, (_, used))| *used).map(|(number, _)| *number);
            oldest.and_then(|number| pages.by_number.remove(&number));
        }
        first.unwrap_or_else(|| Arc::new([]))
    }

    fn fetch(&self, start: u64, length: usize) -> Vec<u8> {
        self.fetch.fetch(start, length).unwrap_or_else(|detail| {
            *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(detail);
            Vec::new()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Counted(Vec<u8>, AtomicUsize);

    impl Fetch for Counted {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }

        fn fetch(&self, start: u64, length: usize) -> Result<Vec<u8>, String> {
            self.1.fetch_add(1, Ordering::Relaxed);
            let start = start as usize;
            self.0.get(start..(start + length).min(self.0.len())).map(<[u8]>::to_vec).ok_or_else(|| "gone".to_owned())
        }
    }

    fn counted(length: usize) -> (Arc<Counted>, Text) {
        let bytes = (0..length).map(|n| (n % 251) as u8).collect();
        let counted = Arc::new(Counted(bytes, AtomicUsize::new(0)));
        (counted.clone(), Text::elsewhere(counted))
    }

    #[test]
    fn every_piece_is_what_lies_there() {
        let (all, text) = counted(40 * PAGE + 17);
        for (start, length) in
            [(0, 10), (PAGE - 1, 2), (PAGE, PAGE), (5, 3 * PAGE), (7, 30 * PAGE), (40 * PAGE + 10, 50), (41 * PAGE, 3)]
        {
            let expected = &all.0[start.min(all.0.len())..(start + length).min(all.0.len())];
            assert_eq!(&*text.piece(start as u64, length), expected, "{start}+{length}");
        }
    }

    #[test]
    fn going_through_the_text_reads_it_once_and_in_runs() {
        let (all, text) = counted(1000 * PAGE);
        for start in (0..1000 * PAGE).step_by(500) {
            text.piece(start as u64, 400);
        }
        assert!(all.1.load(Ordering::Relaxed) < 1000 / RUN as usize + 10);
        assert!(text.memory() <= (PAGES + RUN as usize) * PAGE);
    }

    #[test]
    fn what_cannot_be_read_is_empty_and_told_once() {
        let (_, text) = counted(10);
        assert_eq!(&*text.piece(1 << 40, 10), b"");
        assert_eq!((text.take_trouble(), text.take_trouble()), (Some("gone".to_owned()), None));
    }

    #[test]
    fn a_text_that_was_brought_into_memory_is_read_there() {
        let (all, text) = counted(3 * PAGE);
        text.hold(all.0[1..].to_vec());
        assert!(text.is_elsewhere());
        text.hold(all.0.clone());
        assert!(!text.is_elsewhere());
        assert_eq!(&*text.piece(5, 5), &all.0[5..10]);
        assert_eq!(all.1.load(Ordering::Relaxed), 0);
        let (all, text) = counted(3 * PAGE);
        let mut held = Vec::new();
        while !text.fill(&mut held, 100_000) {}
        assert!(!text.is_elsewhere());
        assert_eq!(&*text.piece(70_000, 9), &all.0[70_000..70_009]);
    }
}
