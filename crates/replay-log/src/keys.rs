//! Texts, each kept once and known by a number.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Numbers texts in the order of their first appearance. The texts lie in one arena.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    table: HashTable<u32>,
    arena: Vec<u8>,
    /// Where each text ends; it starts where the one before ends.
    ends: Vec<u64>,
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

fn text<'a>(arena: &'a [u8], ends: &[u64], id: u32) -> &'a [u8] {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] as usize };
    &arena[start..ends[id] as usize]
}

impl Interner {
    /// No texts yet.
    pub fn new() -> Interner {
        Interner::default()
    }

    /// The number of a text, given to it if it is new.
    pub fn intern(&mut self, wanted: &str) -> u32 {
        let wanted = wanted.as_bytes();
        let hash_of_wanted = hash(wanted);
        let Interner { table, arena, ends } = self;
        if let Some(&id) = table.find(hash_of_wanted, |&id| text(arena, ends, id) == wanted) {
            return id;
        }
        let id = ends.len() as u32;
        arena.extend_from_slice(wanted);
        ends.push(arena.len() as u64);
        table.insert_unique(hash_of_wanted, id, |&id| hash(text(arena, ends, id)));
        id
    }

    /// The number of a text, if it has one.
    pub fn find(&self, wanted: &str) -> Option<u32> {
        let wanted = wanted.as_bytes();
        self.table.find(hash(wanted), |&id| text(&self.arena, &self.ends, id) == wanted).copied()
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

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of memory it holds.
    pub fn memory(&self) -> usize {
        self.arena.capacity() + self.ends.capacity() * size_of::<u64>() + self.table.allocation_size()
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
}
