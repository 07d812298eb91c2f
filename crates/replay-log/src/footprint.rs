//! What a log takes of memory while it is read and laid out, so that a load can end before its machine's memory does.

/// Counts of a log, finished or on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Footprint {
    /// Records.
    pub records: u64,
    /// Entities.
    pub entities: u64,
    /// Pairs of an entity and one of its records.
    pub postings: u64,
    /// Bytes of columns and names.
    pub index: u64,
    /// Bytes that the names take beside when they grow next; 0 while that is far.
    pub growth: u64,
    /// The records must be put in the order of their offsets.
    pub is_unordered: bool,
}

impl Footprint {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Footprint) -> Footprint {
        Footprint {
            records: self.records + other.records,
            entities: self.entities + other.entities,
            postings: self.postings + other.postings,
            index: self.index + other.index,
            growth: self.growth.max(other.growth),
            is_unordered: self.is_unordered || other.is_unordered,
        }
    }

    /// Bytes of the posting lists that are laid out when all records are there.
    pub fn lists(&self) -> u64 {
        4 * (self.entities + self.postings)
    }

    /// Bytes that are taken beside [`Footprint::index`] while the log is finished, the lists among them.
    pub fn to_finish(&self) -> u64 {
        // Four numbers and a mark for each record, and each column once more.
        let ordering = if self.is_unordered { 21 * self.records + self.index } else { 0 };
        // Another column of partitions, whose numbers change; and where each entity's list is filled.
        let laying_out = self.lists() + 4 * self.entities + 2 * self.records;
        ordering.max(laying_out)
    }
}

/// What a vector takes beside what it has when it grows next, if that is near: then it has twice as much, and for a moment both.
/// `u64::MAX` where there can be none so large.
pub(crate) fn growth(length: usize, capacity: usize, size: usize) -> u64 {
    let bytes = (capacity as u64).saturating_mul(size as u64);
    match bytes.saturating_mul(2) {
        _ if length < capacity / 8 * 7 => 0,
        grown if grown > isize::MAX as u64 => u64::MAX,
        grown => grown,
    }
}
