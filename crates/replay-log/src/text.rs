//! The text of a source: held in memory, or left where it is and read in pieces when somebody looks.

use replay_lean as lean;
use std::collections::{BTreeMap, VecDeque};
use std::ops::{Deref, Range};
use std::sync::{Arc, Mutex, PoisonError};

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

    /// The same, put behind what `into` holds.
    ///
    /// # Errors
    /// Those of [`Fetch::fetch`].
    fn fetch_into(&self, start: u64, length: usize, into: &mut Vec<u8>) -> Result<(), String> {
        into.extend_from_slice(&self.fetch(start, length)?);
        Ok(())
    }

    /// Several pieces, one behind the other in what is given. Worth it where each read costs more than its bytes do.
    ///
    /// # Errors
    /// Those of [`Fetch::fetch`]; and if a piece is not there as a whole, which is not told apart.
    fn fetch_all(&self, pieces: &[Range<u64>]) -> Result<Vec<u8>, String> {
        let mut all = Vec::new();
        for piece in pieces {
            self.fetch_into(piece.start, (piece.end - piece.start) as usize, &mut all)?;
        }
        Ok(all)
    }

    /// Whether a small piece costs little more than its bytes do, as from a file in the system's cache: then pieces here and there are read
    /// as they are, without what lies around them.
    fn is_quick(&self) -> bool {
        false
    }
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
    /// What was brought into memory of it, from the beginning.
    packed: Mutex<Packed>,
}

/// The beginning of a text, packed: a log takes a third or so of its size, and a look at a record costs microseconds.
#[derive(Default)]
struct Packed {
    runs: Vec<PackedRun>,
    /// Nothing more will be brought.
    is_over: bool,
    /// The last leaves that were unpacked, by their numbers: whoever goes through the text needs each more than once.
    lately: VecDeque<(u64, Arc<[u8]>)>,
}

/// Leaves that are packed one by one.
struct PackedRun {
    bytes: Box<[u8]>,
    /// Where each leaf ends in `bytes`.
    ends: Box<[u32]>,
}

/// Bytes that are packed together: few, since to look at one record all of them are unpacked.
const LEAF: usize = 4 << 10;
/// Leaves that are brought at once: so few that nobody who asks for something waits noticeably.
const LEAVES: usize = 64;
const RUN_BYTES: usize = LEAF * LEAVES;
const LATELY: usize = 8;

/// Bytes of a page. Reading one costs hardly more than reading a record, and neighbours are often looked at together.
const PAGE: usize = 16 << 10;
/// Pages that are kept.
const PAGES: usize = 256;
/// Bytes between two pieces that cost less to read than another read does.
const BETWEEN: u64 = 2 << 10;
/// Bytes of single pieces that are kept, see [`Text::look_ahead`].
const SINGLES: usize = 4 << 20;
/// The most pages that are read at once when somebody goes through the text in its order: twice as many each time, since who looks at a
/// screenful of records wants a page or two.
const RUN: usize = 64;

#[derive(Default)]
struct Pages {
    /// The pages, by their number, each with when it was used last.
    by_number: BTreeMap<u64, (Arc<[u8]>, u64)>,
    clock: u64,
    /// Pieces that were asked for together, by where they start, and their bytes in all.
    singles: BTreeMap<u64, (Arc<[u8]>, u64)>,
    singles_bytes: usize,
    /// The page in which the last piece began, of a text that is quick to read.
    last: Option<u64>,
    /// The page behind those that were read last, and how many those were.
    sequel: (u64, usize),
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
        Text::Elsewhere(Elsewhere {
            fetch,
            pages: Mutex::default(),
            trouble: Mutex::default(),
            packed: Mutex::default(),
        })
    }

    /// The bytes at `start..start + length`; fewer where the text is shorter or cannot be read, see [`Text::take_trouble`].
    #[inline]
    pub fn piece(&self, start: u64, length: usize) -> Piece<'_> {
        let held = match self {
            Text::Held(bytes) => bytes,
            Text::Elsewhere(elsewhere) => return elsewhere.piece(start, length),
        };
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(held.len());
        Piece::Held(&held[start..start.saturating_add(length).min(held.len())])
    }

    /// Whether all of it is in memory.
    pub fn is_at_hand(&self) -> bool {
        match self {
            Text::Held(_) => true,
            Text::Elsewhere(elsewhere) => lock(&elsewhere.packed).is_over,
        }
    }

    /// Pieces here and there are going to be looked at: those that are not at hand are read at once, where a read for each would take longer.
    /// Does nothing if they are many bytes, or cannot be read; then each is read when it is looked at.
    pub fn look_ahead(&self, pieces: &mut Vec<Range<u64>>) {
        if let Text::Elsewhere(elsewhere) = self
            && !elsewhere.fetch.is_quick()
        {
            elsewhere.look_ahead(pieces);
        }
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

    /// Bytes of memory that it holds when much of it is looked at.
    pub fn most_memory(&self) -> u64 {
        match self {
            Text::Held(bytes) => bytes.capacity() as u64,
            Text::Elsewhere(elsewhere) => {
                let packed = lock(&elsewhere.packed).runs.iter().map(PackedRun::memory).sum::<usize>() as u64;
                packed + self.len().min(((PAGES + RUN) * PAGE) as u64) + self.len().min(SINGLES as u64)
            }
        }
    }

    /// Bytes of memory it holds.
    pub fn memory(&self) -> usize {
        match self {
            Text::Held(bytes) => bytes.capacity(),
            Text::Elsewhere(elsewhere) => {
                let pages = {
                    let pages = lock(&elsewhere.pages);
                    pages.by_number.values().map(|(page, _)| page.len()).sum::<usize>() + pages.singles_bytes
                };
                pages + lock(&elsewhere.packed).runs.iter().map(PackedRun::memory).sum::<usize>()
            }
        }
    }

    /// Why a piece could not be read, told once.
    pub fn take_trouble(&self) -> Option<String> {
        match self {
            Text::Held(_) => None,
            Text::Elsewhere(elsewhere) => lock(&elsewhere.trouble).take(),
        }
    }

    /// Brings the next piece into memory, packed. True when there is nothing more to bring, also where it cannot be read.
    pub fn fill(&self) -> bool {
        let Text::Elsewhere(elsewhere) = self else { return true };
        let start = {
            let packed = lock(&elsewhere.packed);
            if packed.is_over {
                return true;
            }
            (packed.runs.len() * RUN_BYTES) as u64
        };
        // What cannot be read is told when somebody looks at it.
        let bytes = elsewhere.fetch.fetch(start, RUN_BYTES).unwrap_or_default();
        let mut packed = lock(&elsewhere.packed);
        if !bytes.is_empty() {
            packed.runs.push(PackedRun::new(&bytes));
        }
        packed.is_over = bytes.len() < RUN_BYTES;
        packed.is_over
    }
}

impl Pages {
    /// Whether somebody looks at this page who does not go through the text, nor has looked at it lately.
    fn is_alone(&mut self, number: u64) -> bool {
        let last = self.last.replace(number);
        let goes_on = last.is_some_and(|last| (last..=last + 1).contains(&number));
        !goes_on && !self.by_number.contains_key(&number)
    }
}

impl Packed {
    /// A leaf, if it was brought.
    fn leaf(&mut self, number: u64) -> Option<Arc<[u8]>> {
        if let Some((_, leaf)) = self.lately.iter().find(|(known, _)| *known == number) {
            return Some(leaf.clone());
        }
        let run = self.runs.get((number / LEAVES as u64) as usize)?;
        let leaf: Arc<[u8]> = run.leaf((number % LEAVES as u64) as usize)?.into();
        self.lately.truncate(LATELY - 1);
        self.lately.push_front((number, leaf.clone()));
        Some(leaf)
    }

    /// The bytes at `start..start + length`, if all of them were brought.
    fn piece(&mut self, start: u64, length: usize) -> Option<Piece<'static>> {
        let (number, at) = (start / LEAF as u64, (start % LEAF as u64) as usize);
        if at + length <= LEAF {
            let leaf = self.leaf(number)?;
            return (at + length <= leaf.len()).then(|| Piece::Paged(leaf, at..at + length));
        }
        if start + length as u64 > (self.runs.len() * RUN_BYTES) as u64 {
            return None;
        }
        let mut bytes = Vec::with_capacity(length);
        let mut at = at;
        for number in number.. {
            let leaf = self.leaf(number)?;
            let end = leaf.len().min(at + length - bytes.len());
            bytes.extend_from_slice(leaf.get(at..end).filter(|part| !part.is_empty())?);
            if bytes.len() == length {
                break;
            }
            at = 0;
        }
        Some(Piece::Copied(bytes))
    }
}

impl PackedRun {
    fn new(run: &[u8]) -> PackedRun {
        let mut bytes = Vec::with_capacity(run.len() / 2);
        let ends = run.chunks(LEAF).map(|leaf| {
            bytes.extend_from_slice(&lz4_flex::block::compress(leaf));
            bytes.len() as u32
        });
        let ends = ends.collect();
        PackedRun { bytes: bytes.into(), ends }
    }

    fn memory(&self) -> usize {
        self.bytes.len() + self.ends.len() * 4
    }

    fn leaf(&self, number: usize) -> Option<Vec<u8>> {
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        let packed = self.bytes.get(start as usize..*self.ends.get(number)? as usize)?;
        lz4_flex::block::decompress(packed, LEAF).ok()
    }
}

/// What is kept is whole or not there, so a panic of another thread has left nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Elsewhere {
    fn look_ahead(&self, pieces: &mut Vec<Range<u64>>) {
        {
            let brought = (lock(&self.packed).runs.len() * RUN_BYTES) as u64;
            let pages = lock(&self.pages);
            let page_of = |at: u64| at / PAGE as u64;
            pieces.retain(|piece| {
                let is_paged = || (page_of(piece.start)..=page_of(piece.end)).all(|n| pages.by_number.contains_key(&n));
                piece.end > brought && !pages.singles.contains_key(&piece.start) && !is_paged()
            });
        }
        lean::sort_by_key(pieces, |piece| piece.start);
        pieces.dedup_by_key(|piece| piece.start);
        let bytes = pieces.iter().map(|piece| piece.end - piece.start).sum::<u64>();
        if pieces.len() < 2 || bytes > SINGLES as u64 / 4 {
            return;
        }
        // Neighbours are read in one, with what little lies between them.
        let mut reads: Vec<Range<u64>> = Vec::new();
        for piece in pieces.iter() {
            match reads.last_mut() {
                Some(read) if piece.start <= read.end + BETWEEN => read.end = read.end.max(piece.end),
                _ => reads.push(piece.clone()),
            }
        }
        let Some(all) = self.fetch.fetch_all(&reads).ok() else { return };
        if all.len() as u64 != reads.iter().map(|read| read.end - read.start).sum::<u64>() {
            return;
        }
        let mut pages = lock(&self.pages);
        if pages.singles_bytes + bytes as usize > SINGLES {
            pages.singles.clear();
            pages.singles_bytes = 0;
        }
        pages.singles_bytes += bytes as usize;
        let clock = pages.clock;
        let mut pieces = pieces.iter().peekable();
        let mut before = 0;
        for read in reads {
            while let Some(piece) = pieces.next_if(|piece| piece.start < read.end) {
                let at = before + (piece.start - read.start) as usize;
                let bytes = all.get(at..at + (piece.end - piece.start) as usize).unwrap_or_default();
                pages.singles.insert(piece.start, (bytes.into(), clock));
            }
            before += (read.end - read.start) as usize;
        }
    }

    fn piece(&self, start: u64, length: usize) -> Piece<'static> {
        if let Some(piece) = lock(&self.packed).piece(start, length) {
            return piece;
        }
        if let Some((single, _)) = lock(&self.pages).singles.get(&start).filter(|(single, _)| single.len() >= length) {
            return Piece::Paged(single.clone(), 0..length);
        }
        let (number, at) = (start / PAGE as u64, (start % PAGE as u64) as usize);
        if self.fetch.is_quick() && lock(&self.pages).is_alone(number) {
            return Piece::Copied(self.fetch(start, length));
        }
        if at + length <= PAGE {
            let page = self.page(number);
            let end = (at + length).min(page.len());
            return Piece::Paged(page, at.min(end)..end);
        }
        if length > RUN * PAGE {
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
        let count = {
            let mut pages = lock(&self.pages);
            pages.clock += 1;
            let clock = pages.clock;
            if let Some((page, used)) = pages.by_number.get_mut(&number) {
                *used = clock;
                return page.clone();
            }
            let (sequel, before) = pages.sequel;
            let count = if number == sequel { (before * 2).clamp(1, RUN) } else { 1 };
            pages.sequel = (number + count as u64, count);
            count
        };
        let bytes = self.fetch(number * PAGE as u64, PAGE * count);
        let mut pages = lock(&self.pages);
        let clock = pages.clock;
        let mut first = None;
        for (n, page) in bytes.chunks(PAGE).enumerate() {
            let page: Arc<[u8]> = page.into();
            first.get_or_insert_with(|| page.clone());
            pages.by_number.insert(number + n as u64, (page, clock));
        }
        if pages.by_number.len() > PAGES {
            // Several at once, so that going through a long text does not look through all pages for each new one.
            let mut used: Vec<u64> = pages.by_number.values().map(|(_, used)| *used).collect();
            let (_, oldest, _) = used.select_nth_unstable(pages.by_number.len() - PAGES / 4 * 3);
            let oldest = *oldest;
            pages.by_number.retain(|_, (_, used)| *used >= oldest);
        }
        first.unwrap_or_else(|| Arc::new([]))
    }

    fn fetch(&self, start: u64, length: usize) -> Vec<u8> {
        self.fetch.fetch(start, length).unwrap_or_else(|detail| {
            *lock(&self.trouble) = Some(detail);
            Vec::new()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Counted(Vec<u8>, AtomicUsize, bool);

    impl Fetch for Counted {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }

        fn fetch(&self, start: u64, length: usize) -> Result<Vec<u8>, String> {
            self.1.fetch_add(1, Ordering::Relaxed);
            let start = start as usize;
            self.0.get(start..(start + length).min(self.0.len())).map(<[u8]>::to_vec).ok_or_else(|| "gone".to_owned())
        }

        fn fetch_all(&self, pieces: &[Range<u64>]) -> Result<Vec<u8>, String> {
            self.1.fetch_add(1, Ordering::Relaxed);
            let piece = |piece: &Range<u64>| self.0.get(piece.start as usize..piece.end as usize);
            Ok(pieces.iter().map(piece).collect::<Option<Vec<_>>>().ok_or("gone")?.concat())
        }

        fn is_quick(&self) -> bool {
            self.2
        }
    }

    fn counted(length: usize) -> (Arc<Counted>, Text) {
        counted_as(length, false)
    }

    fn counted_as(length: usize, is_quick: bool) -> (Arc<Counted>, Text) {
        let bytes = (0..length).map(|n| (n % 251) as u8).collect();
        let counted = Arc::new(Counted(bytes, AtomicUsize::new(0), is_quick));
        (counted.clone(), Text::elsewhere(counted))
    }

    #[test]
    fn every_piece_is_what_lies_there() {
        for (all, text) in [counted(40 * PAGE + 17), counted_as(40 * PAGE + 17, true)] {
            for (start, length) in [
                (0, 10),
                (PAGE - 1, 2),
                (PAGE, PAGE),
                (5, 3 * PAGE),
                (7, 30 * PAGE),
                (40 * PAGE + 10, 50),
                (41 * PAGE, 3),
            ] {
                let start = start.min(all.0.len());
                let expected = &all.0[start..(start + length).min(all.0.len())];
                assert_eq!(&*text.piece(start as u64, length), expected, "{start}+{length}");
            }
        }
    }

    #[test]
    fn going_through_the_text_reads_it_once_and_in_runs() {
        for (all, text) in [counted(3000 * PAGE), counted_as(3000 * PAGE, true)] {
            for start in (0..3000 * PAGE).step_by(500) {
                text.piece(start as u64, 400);
            }
            assert!(all.1.load(Ordering::Relaxed) < 3000 / RUN + 10);
            assert!(text.memory() <= (PAGES + RUN) * PAGE);
        }
    }

    #[test]
    fn pieces_that_are_looked_at_together_are_read_together() {
        let (all, text) = counted(3000 * PAGE);
        let reads = || all.1.swap(0, Ordering::Relaxed);
        let starts = |first: usize| (0..100).map(move |n| ((first + n) * 7919 % 2999 * PAGE) as u64 + 5);
        let mut pieces: Vec<Range<u64>> = starts(0).chain(starts(50)).map(|start| start..start + 400).collect();
        text.look_ahead(&mut pieces);
        assert_eq!((reads(), text.memory()), (1, 150 * 400));
        for start in starts(0).chain(starts(50)) {
            assert_eq!(*text.piece(start, 400), all.0[start as usize..start as usize + 400]);
        }
        assert_eq!(reads(), 0);
        let near: [Range<u64>; 5] = [30_010..30_020, 30_012..30_400, 30_020..30_021, 32_000..32_100, 90_000..90_001];
        text.look_ahead(&mut near.to_vec());
        for piece in near {
            let there = text.piece(piece.start, (piece.end - piece.start) as usize);
            assert_eq!(*there, all.0[piece.start as usize..piece.end as usize]);
        }
        assert_eq!(reads(), 1);
        // What is at hand is not read again, and what cannot be read does no harm.
        text.look_ahead(&mut starts(0).map(|start| start..start + 400).collect());
        text.look_ahead(&mut vec![7..10, 1 << 40..(1 << 40) + 5]);
        assert_eq!((reads(), text.take_trouble()), (1, None));
        for first in (0..3000).step_by(100) {
            text.look_ahead(&mut starts(first).map(|start| start + 1000..start + 10_000).collect());
            assert!(text.memory() <= SINGLES);
        }
    }

    #[test]
    fn of_a_quick_source_pieces_here_and_there_are_read_without_what_lies_around_them() {
        let (all, text) = counted_as(3000 * PAGE, true);
        for n in 0..500 {
            text.piece((n * 7919 % 2999 * PAGE) as u64, 400);
        }
        assert_eq!((all.1.load(Ordering::Relaxed), text.memory()), (500, 0));
    }

    #[test]
    fn what_cannot_be_read_is_empty_and_told_once() {
        let (_, text) = counted(10);
        assert_eq!(&*text.piece(1 << 40, 10), b"");
        assert_eq!((text.take_trouble(), text.take_trouble()), (Some("gone".to_owned()), None));
    }

    #[test]
    fn what_was_brought_into_memory_is_looked_at_there() {
        let (all, text) = counted(3 * RUN_BYTES + 5);
        while !text.fill() {}
        let reads = all.1.load(Ordering::Relaxed);
        for start in (0..all.0.len() - 9000).step_by(LEAF - 400) {
            for length in [1, 900, LEAF, 9000] {
                assert_eq!(&*text.piece(start as u64, length), &all.0[start..start + length], "{start} {length}");
            }
        }
        assert_eq!(&*text.piece((3 * RUN_BYTES) as u64, 5), &all.0[3 * RUN_BYTES..]);
        assert_eq!(all.1.load(Ordering::Relaxed), reads);
        assert!(text.memory() < all.0.len() / 2, "{}", text.memory());
        assert_eq!(&*text.piece((3 * RUN_BYTES) as u64, 9), &all.0[3 * RUN_BYTES..]);
    }
}
