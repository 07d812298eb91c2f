//! What generators draw from: the same for the same seed.

use replay_kafka::RandomPartitions;
use std::num::NonZeroU32;

/// A generator of cases.
pub(crate) struct Random(RandomPartitions);

impl Random {
    /// The sequence of a seed.
    pub(crate) fn new(seed: u64) -> Random {
        Random(RandomPartitions::new(seed))
    }

    /// A number below `limit`, 0 if that is 0.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        NonZeroU32::new(limit).map_or(0, |limit| self.0.next_partition(limit))
    }

    /// A number from `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: u32, to: u32) -> u32 {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// True once in `n` times.
    pub(crate) fn once_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    /// One of them; `choices` is not empty.
    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u32) as usize]
    }

    /// So many bytes of any value.
    pub(crate) fn bytes(&mut self, len: u32) -> Vec<u8> {
        (0..len).map(|_| self.below(256) as u8).collect()
    }
}
