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
    arena: Vec<u8>,
    /// Where each text ends; it starts where the one before ends.
    ends: Vec<u64>,
}

/// A place in the table.
#[derive(Debug, Clone, Copy)]
struct Slot {
    /// The upper half of the text's hash.
    tag: u32,
    /// The text's number; [`FREE`] if there is none.
    id: u32,
}

const FREE: Slot = Slot { tag: 0, id: u32::MAX };
/// Places of the smallest table.
const SMALLEST: usize = 16;

/// Texts that are to be interned together.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    hashes: Vec<u64>,
    places: Vec<Slot>,
}

impl Batch {
    /// Adds a text made of two parts.
    #[inline]
    pub fn push(&mut self, prefix: &str, text: &str) {
        self.bytes.extend_from_slice(prefix.as_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
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

fn text<'a>(arena: &'a [u8], ends: &[u64], id: u32) -> &'a [u8] {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] as usize };
    &arena[start..ends[id] as usize]
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
        if (self.ends.len() + 1) * 4 > self.table.len() * 3 {
            self.grow();
        }
        let place = match self.look_up(wanted, hash) {
            Ok(id) => return id,
            Err(place) => place,
        };
        let id = self.ends.len() as u32;
        self.arena.extend_from_slice(wanted);
        self.ends.push(self.arena.len() as u64);
        if let Some(slot) = self.table.get_mut(place) {
            *slot = Slot { tag: tag(hash), id };
        }
        id
    }

    /// The text's number, or the free place where it belongs.
    fn look_up(&self, wanted: &[u8], hash: u64) -> Result<u32, usize> {
        let mask = self.table.len().wrapping_sub(1);
        let mut place = hash as usize & mask;
        // A table always has a free place, unless it is empty.
        while let Some(slot) = self.table.get(place) {
            if slot.id == FREE.id {
                break;
            }
            if slot.tag == tag(hash) && equal(text(&self.arena, &self.ends, slot.id), wanted) {
                return Ok(slot.id);
            }
            place = (place + 1) & mask;
        }
        Err(place)
    }

    fn grow(&mut self) {
        let len = (self.table.len() * 2).max(SMALLEST);
        let mut table = vec![FREE; len];
        for id in 0..self.ends.len() as u32 {
            let hash = hash(text(&self.arena, &self.ends, id));
            let mut place = hash as usize & (len - 1);
            while table[place].id != FREE.id {
                place = (place + 1) & (len - 1);
            }
            table[place] = Slot { tag: tag(hash), id };
        }
        self.table = table;
    }

    /// The numbers of all texts of a batch, as if they were interned one after the other; then the batch is empty.
    pub fn intern_all(&mut self, batch: &mut Batch, ids: &mut impl Extend<u32>) {
        let Batch { bytes, ends, hashes, places } = batch;
        let texts = || {
            let starts = std::iter::once(0).chain(ends.iter().copied());
            starts.zip(ends.iter()).map(|(start, &end)| &bytes[start..end])
        };
        hashes.clear();
        hashes.extend(texts().map(hash));
        // Each of these loops asks for memory that the next one needs, and waits for none of it.
        let mask = self.table.len().wrapping_sub(1);
        places.clear();
        places.extend(hashes.iter().map(|&hash| self.table.get(hash as usize & mask).copied().unwrap_or(FREE)));
        let is_first = |slot: Slot, hash: u64, wanted: &[u8]| {
            slot.id != FREE.id && slot.tag == tag(hash) && equal(text(&self.arena, &self.ends, slot.id), wanted)
        };
        for ((slot, &hash), wanted) in places.iter_mut().zip(hashes.iter()).zip(texts()) {
            if !is_first(*slot, hash, wanted) {
                *slot = FREE;
            }
        }
        // Few are new, or not where they are looked for first; those in their order, so that numbers are given by first appearance.
        for ((slot, &hash), wanted) in places.iter_mut().zip(hashes.iter()).zip(texts()) {
            if slot.id == FREE.id {
                slot.id = self.intern_hashed(wanted, hash);
            }
        }
        ids.extend(places.iter().map(|slot| slot.id));
        batch.clear();
    }

    /// The number of a text, if it has one.
    pub fn find(&self, wanted: &str) -> Option<u32> {
        self.look_up(wanted.as_bytes(), hash(wanted.as_bytes())).ok()
    }

    /// The text with that number; empty if there is none.
    pub fn get(&self, id: u32) -> &str {
        if (id as usize) < self.ends.len() {
            // Only whole `str`s go in, so this never fails.
            std::str::from_utf8(text(&self.arena, &self.ends, id)).unwrap_or_default()
        } else {
            ""
        }
    }

    /// The bytes of the text with that number, as [`Interner::get`] gives it.
    pub fn bytes(&self, id: u32) -> &[u8] {
        if (id as usize) < self.ends.len() { text(&self.arena, &self.ends, id) } else { &[] }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes that it takes beside when it grows next; 0 while that is far.
    pub(crate) fn growth(&self) -> u64 {
        // A table grows when three quarters are taken.
        let table = growth(self.ends.len(), self.table.len() / 4 * 3, size_of::<Slot>() * 4 / 3);
        let ends = growth(self.ends.len(), self.ends.capacity(), size_of::<u64>());
        growth(self.arena.len(), self.arena.capacity(), 1).max(table).max(ends)
    }

    /// Bytes of memory it holds.
    pub fn memory(&self) -> usize {
        self.arena.capacity() + self.ends.capacity() * size_of::<u64>() + self.table.capacity() * size_of::<Slot>()
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
        let texts =
            (0..5000_u32).map(|n| format!("{}{}", "é".repeat(n as usize % 13), n.wrapping_mul(2_654_435_761) % 700));
        let texts: Vec<String> = texts.collect();
        let mut one_by_one = Interner::new();
        let expected: Vec<u32> = texts.iter().map(|text| one_by_one.intern(text)).collect();
        for size in [1, 7, 64, 5000] {
            let (mut keys, mut batch, mut ids) = (Interner::new(), Batch::default(), Vec::new());
            for texts in texts.chunks(size) {
                for text in texts {
                    batch.push("", text);
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
