//! Texts, each kept once and known by a number.

use crate::footprint::growth;
use crate::scan::equal;

/// Numbers texts in the order of their first appearance. The texts lie in one arena.
///
/// Looking a text up is what a load does most, and a table of keys is larger than the processor's caches: so the lookups of many records
/// are done together ([`Interner::intern_all`]), for then the processor waits for many cache lines at once and not for one after the other.
/// That takes a table whose steps are in our hands.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    /// Open addressing; a power of two of places, at most three quarters of them taken.
    table: Vec<Slot>,
    /// Each text behind its number and its length: who looks a text up needs all three, and they lie together.
    arena: Vec<u8>,
    /// Where the entry of each text begins in the arena.
    starts: Vec<u64>,
}

/// A place in the table.
#[derive(Debug, Clone, Copy)]
struct Slot {
    /// The upper half of the text's hash.
    tag: u32,
    /// Where its entry begins in the arena, in [`UNIT`]s; [`NOWHERE`] if there is none.
    at: u32,
}

const NOWHERE: u32 = u32::MAX;
const FREE: Slot = Slot { tag: 0, at: NOWHERE };
/// No number of a text.
const NONE: u32 = u32::MAX;
/// Entries begin at multiples of so many bytes, so that an arena may have 16 GB: texts of twenty bytes are half a billion then.
const UNIT: usize = 4;
/// Places that are looked at together, in one cache line. A text stands in the first free one of its bucket, or of those behind it.
const BUCKET: usize = 4;
/// Places of the smallest table.
const SMALLEST: usize = 16;

/// Texts that are to be interned together.
///
/// Each lies in a place of its own, of one size: so a prefix that the text before in that place had, too, stays there.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    places: Vec<Place>,
    /// How many of them are in use.
    len: usize,
    hashes: Vec<u64>,
    slots: Vec<Slot>,
    heads: Vec<Head>,
}

/// Bytes of a text that can wait: topics and keys are mostly shorter.
const MOST: usize = 96;

#[derive(Debug, Clone)]
struct Place {
    bytes: [u8; MOST],
    /// How many there are, and how many of them are of the prefix.
    length: u32,
    prefix: u32,
    /// Which prefix that is.
    of: u32,
}

impl Place {
    const EMPTY: Place = Place { bytes: [0; MOST], length: 0, prefix: 0, of: u32::MAX };

    fn text(&self) -> &[u8] {
        self.bytes.get(..self.length as usize).unwrap_or_default()
    }
}

/// A prefix with its number, by which it is known again.
#[derive(Debug, Clone, Copy)]
pub struct Prefix<'a> {
    /// What the texts begin with.
    pub text: &'a str,
    /// Another one for another text.
    pub number: u32,
}

impl Slot {
    /// Where its entry begins in the arena; behind its end if it is free.
    #[inline]
    fn start(self) -> usize {
        (self.at as usize).wrapping_mul(UNIT)
    }
}

impl Batch {
    /// Adds a text made of two parts; false if it is too long to wait.
    #[inline]
    pub fn push(&mut self, prefix: Prefix<'_>, text: &str) -> bool {
        if self.len == self.places.len() {
            self.places.push(Place::EMPTY);
        }
        let Some(place) = self.places.get_mut(self.len) else { return false };
        let length = prefix.text.len() + text.len();
        if length > MOST {
            return false;
        }
        if place.of != prefix.number {
            place.of = prefix.number;
            place.prefix = prefix.text.len() as u32;
            copy(prefix.text.as_bytes(), &mut place.bytes);
        }
        place.length = length as u32;
        copy(text.as_bytes(), place.bytes.get_mut(place.prefix as usize..).unwrap_or_default());
        self.len += 1;
        true
    }
}

/// Copies a short text to the beginning of `into`, which is long enough. Copying bytes whose number is not known is a call, in wasm even one
/// out of it; sixteen or eight at a time are a load and a store.
#[inline]
fn copy(text: &[u8], into: &mut [u8]) {
    fn by<const N: usize>(text: &[u8], into: &mut [u8]) -> bool {
        let Some(last) = text.last_chunk::<N>() else { return false };
        for (from, into) in text.as_chunks::<N>().0.iter().zip(into.as_chunks_mut::<N>().0) {
            *into = *from;
        }
        if let Some(into) = into.get_mut(text.len() - N..).and_then(|end| end.first_chunk_mut::<N>()) {
            *into = *last;
        }
        true
    }
    if !(by::<16>(text, into) || by::<8>(text, into) || by::<4>(text, into)) {
        text.iter().zip(into).for_each(|(from, into)| *into = *from);
    }
}

/// Multiplies and folds eight bytes at a time. Everything is done in 64 bits, which wasm has, too; both halves of the result are mixed.
#[inline]
fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| {
        let product = (hash ^ word).wrapping_mul(FACTOR);
        product ^ (product >> 32)
    };
    let mut hash = mix(FACTOR, bytes.len() as u64);
    if let Some(last) = bytes.last_chunk::<8>() {
        for word in bytes.as_chunks::<8>().0 {
            hash = mix(hash, u64::from_le_bytes(*word));
        }
        hash = mix(hash, u64::from_le_bytes(*last));
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        hash = mix(hash, u64::from(first) << 32 | u64::from(last));
    } else {
        hash = mix(hash, bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }
    mix(hash, hash >> 29)
}

/// What stands before the text of an entry: its number in the lower half, and above it how long the text is.
type Head = u64;

/// The head of the entry at `at`; that of [`NONE`] if there is none.
#[inline]
fn head(arena: &[u8], at: usize) -> Head {
    arena.get(at..).and_then(<[u8]>::first_chunk).map_or(Head::MAX, |head| Head::from_le_bytes(*head))
}

/// The text of the entry at `at`, which has this head; empty if there is none.
#[inline]
fn text(arena: &[u8], at: usize, head: Head) -> &[u8] {
    let entry = arena.get(at..).and_then(|entry| entry.get(size_of::<Head>()..));
    entry.and_then(|text| text.get(..(head >> 32) as usize)).unwrap_or_default()
}

/// The upper half of a hash, which the place in a table of up to 2^32 places does not depend on.
fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}

impl Interner {
    /// No texts yet.
    pub fn new() -> Interner {
        Interner::default()
    }

    /// The number of a text, given to it if it is new.
    pub fn intern(&mut self, wanted: &str) -> u32 {
        self.intern_hashed(wanted.as_bytes(), hash(wanted.as_bytes()))
    }

    fn intern_hashed(&mut self, wanted: &[u8], hash: u64) -> u32 {
        if (self.starts.len() + 1) * 4 > self.table.len() * 3 {
            self.grow();
        }
        let place = match self.look_up(wanted, hash) {
            Ok(id) => return id,
            Err(place) => place,
        };
        let (id, start) = (self.starts.len() as u32, self.arena.len());
        self.starts.push(start as u64);
        self.arena.extend_from_slice(&(u64::from(id) | (wanted.len() as u64) << 32).to_le_bytes());
        self.arena.extend_from_slice(wanted);
        self.arena.resize(self.arena.len().next_multiple_of(UNIT), 0);
        if let Some(slot) = self.table.get_mut(place) {
            *slot = Slot { tag: tag(hash), at: (start / UNIT) as u32 };
        }
        id
    }

    /// The text's number, or the free place where it belongs.
    fn look_up(&self, wanted: &[u8], hash: u64) -> Result<u32, usize> {
        let mask = self.table.len().wrapping_sub(1);
        let mut place = self.bucket_of(hash) * BUCKET;
        // A table always has a free place, unless it is empty.
        while let Some(slot) = self.table.get(place) {
            if slot.at == NOWHERE {
                break;
            }
            if slot.tag == tag(hash) {
                let head = head(&self.arena, slot.start());
                if equal(text(&self.arena, slot.start(), head), wanted) {
                    return Ok(head as u32);
                }
            }
            place = (place + 1) & mask;
        }
        Err(place)
    }

    /// The place with that tag in the bucket where a text is looked for first; [`FREE`] if none has it.
    #[inline]
    fn likely(&self, hash: u64) -> Slot {
        let Some(bucket) = self.table.as_chunks::<BUCKET>().0.get(self.bucket_of(hash)) else { return FREE };
        // Chosen without a branch, which would wait for the memory to come.
        bucket.iter().rev().fold(FREE, |found, slot| if slot.tag == tag(hash) { *slot } else { found })
    }

    /// The bucket where a text is looked for first.
    #[inline]
    fn bucket_of(&self, hash: u64) -> usize {
        hash as usize & (self.table.len() / BUCKET).wrapping_sub(1)
    }

    fn grow(&mut self) {
        let len = (self.table.len() * 2).max(SMALLEST);
        self.table = vec![FREE; len];
        for &start in &self.starts {
            let start = start as usize;
            let hash = hash(text(&self.arena, start, head(&self.arena, start)));
            let mut place = self.bucket_of(hash) * BUCKET;
            while self.table[place].at != NOWHERE {
                place = (place + 1) & (len - 1);
            }
            self.table[place] = Slot { tag: tag(hash), at: (start / UNIT) as u32 };
        }
    }

    /// The numbers of all texts of a batch, as if they were interned one after the other; then the batch is empty.
    pub fn intern_all(&mut self, batch: &mut Batch, ids: &mut Vec<u32>) {
        let Batch { places, len, hashes, slots, heads } = batch;
        let places = places.get(..*len).unwrap_or_default();
        hashes.clear();
        hashes.extend(places.iter().map(|place| hash(place.text())));
        // Each of these loops asks for memory that the next one needs, and waits for none of it.
        slots.clear();
        slots.extend(hashes.iter().map(|&hash| self.likely(hash)));
        heads.clear();
        heads.extend(slots.iter().map(|slot| head(&self.arena, slot.start())));
        let found = slots.iter().zip(heads).zip(places).map(|((slot, head), place)| {
            if equal(text(&self.arena, slot.start(), *head), place.text()) { *head as u32 } else { NONE }
        });
        let first = ids.len();
        ids.extend(found);
        // Few are new, or far from where they are looked for first; those in their order, so that numbers are given by first appearance.
        for ((id, &hash), place) in ids[first..].iter_mut().zip(hashes.iter()).zip(places) {
            if *id == NONE {
                *id = self.intern_hashed(place.text(), hash);
            }
        }
        *len = 0;
    }

    /// The number of a text, if it has one.
    pub fn find(&self, wanted: &str) -> Option<u32> {
        self.look_up(wanted.as_bytes(), hash(wanted.as_bytes())).ok()
    }

    /// The text with that number; empty if there is none.
    pub fn get(&self, id: u32) -> &str {
        // Only whole `str`s go in, so this never fails.
        std::str::from_utf8(self.bytes(id)).unwrap_or_default()
    }

    /// The bytes of the text with that number, as [`Interner::get`] gives it.
    pub fn bytes(&self, id: u32) -> &[u8] {
        let Some(&start) = self.starts.get(id as usize) else { return &[] };
        text(&self.arena, start as usize, head(&self.arena, start as usize))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Bytes that it takes beside when it grows next; 0 while that is far.
    pub(crate) fn growth(&self) -> u64 {
        // A table grows when three quarters are taken.
        let table = growth(self.starts.len(), self.table.len() / 4 * 3, size_of::<Slot>() * 4 / 3);
        let starts = growth(self.starts.len(), self.starts.capacity(), size_of::<u64>());
        growth(self.arena.len(), self.arena.capacity(), 1).max(table).max(starts)
    }

    /// Bytes of memory it holds.
    pub fn memory(&self) -> usize {
        self.arena.capacity() + self.starts.capacity() * size_of::<u64>() + self.table.capacity() * size_of::<Slot>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_number() {
        let mut keys = Interner::new();
        let ids: Vec<u32> = (0..1000).map(|n| keys.intern(&format!("key-{}", n % 100))).collect();
        assert_eq!(keys.len(), 100);
        assert!(ids.iter().enumerate().all(|(n, id)| *id as usize == n % 100));
        assert_eq!(keys.get(7), "key-7");
        assert_eq!(keys.find("key-42"), Some(42));
        assert_eq!(keys.find(""), None);
        assert_eq!(keys.get(1000), "");
    }

    #[test]
    fn texts_that_are_interned_together_get_the_numbers_that_they_would_get_one_after_the_other() {
        let texts = (0..5000_u32).map(|n| {
            format!(
                "{}{}",
                "é".repeat(n as usize % 53),
                "7".repeat(n as usize % 41) + &n.wrapping_mul(2_654_435_761).to_string()[..1]
            )
        });
        let texts: Vec<String> = texts.collect();
        let mut one_by_one = Interner::new();
        let expected: Vec<u32> = texts.iter().map(|text| one_by_one.intern(text)).collect();
        for size in [1, 7, 64, 5000] {
            let (mut keys, mut batch, mut ids) = (Interner::new(), Batch::default(), Vec::new());
            for texts in texts.chunks(size) {
                for text in texts {
                    // Prefixes of all lengths, each with its own number.
                    let (prefix, rest) = text.split_at(text.find(|c: char| c.is_ascii()).unwrap_or(0));
                    if !batch.push(Prefix { text: prefix, number: prefix.len() as u32 }, rest) {
                        keys.intern_all(&mut batch, &mut ids);
                        ids.push(keys.intern(text));
                    }
                }
                keys.intern_all(&mut batch, &mut ids);
            }
            assert_eq!(ids, expected);
            assert_eq!(keys.len(), one_by_one.len());
        }
    }

    #[test]
    fn texts_that_differ_little_are_spread_over_a_table() {
        let mut taken = std::collections::HashSet::new();
        taken.extend((0..1 << 16).map(|n| hash(format!("account-{n:07}").as_bytes()) as u16));
        // Numbers drawn at random would take 63 of 100 places.
        assert!(taken.len() > (1 << 16) * 6 / 10, "{}", taken.len());
    }
}
