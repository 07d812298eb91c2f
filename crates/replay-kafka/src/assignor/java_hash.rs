//! The order in which Java's hash maps are walked.
//!
//! The sticky assignor walks a `HashMap` of members when it decides who keeps a partition more than the others, and takes "any" element of a
//! `HashSet` when it undoes a move. That order is no accident: it follows from the strings' hash codes and the table's size. Only bins
//! of eight and more colliding entries, which Java turns into trees, are not followed.

/// `String.hashCode`.
pub(super) fn string_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// `TopicPartition.hashCode` of Apache Kafka, from the hash of the topic's name.
pub(super) fn topic_partition_hash(topic_hash: i32, partition: u32) -> i32 {
    (31i32.wrapping_add(partition as i32)).wrapping_mul(31).wrapping_add(topic_hash)
}

/// The size of a table that grew to `n` entries one by one: a power of two from 16 on, filled to three quarters.
fn table_size(n: usize) -> u32 {
    let mut size = 16u32;
    while n as u64 * 4 > u64::from(size) * 3 {
        size *= 2;
    }
    size
}

/// `HashMap.hash` and the place in the table.
fn bucket(hash: i32, table_size: u32) -> u32 {
    let bits = hash as u32;
    (bits ^ (bits >> 16)) & (table_size - 1)
}

/// The places of `ids` in the order in which a `HashMap` is walked into which they were put one after the other.
pub(super) fn map_order<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> Vec<usize> {
    let size = table_size(ids.len());
    let mut order: Vec<(u32, usize)> =
        ids.enumerate().map(|(index, id)| (bucket(string_hash(id), size), index)).collect();
    // Within a bucket, entries stay in the order in which they came.
    order.sort_unstable();
    order.into_iter().map(|(_, index)| index).collect()
}

/// A `HashSet` as far as its first element goes. Its table grows and never shrinks.
#[derive(Debug, Clone, Default)]
pub(super) struct HashSetOrder {
    items: Vec<(i32, usize)>,
    greatest_len: usize,
}

impl HashSetOrder {
    pub(super) fn insert(&mut self, hash: i32, item: usize) {
        if !self.items.iter().any(|&(_, other)| other == item) {
            self.items.push((hash, item));
            self.greatest_len = self.greatest_len.max(self.items.len());
        }
    }

    pub(super) fn remove(&mut self, item: usize) {
        self.items.retain(|&(_, other)| other != item);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn first(&self) -> Option<usize> {
        let size = table_size(self.greatest_len);
        self.items.iter().min_by_key(|&&(hash, _)| bucket(hash, size)).map(|&(_, item)| item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hash_as_in_java() {
        // "hello".hashCode() and "polygenelubricants".hashCode(), the latter known to be Integer.MIN_VALUE.
        assert_eq!(string_hash("hello"), 99_162_322);
        assert_eq!(string_hash("polygenelubricants"), i32::MIN);
        assert_eq!(string_hash(""), 0);
    }

    #[test]
    fn a_map_is_walked_by_bucket() {
        // "b" hashes to 98, bucket 2 of 16; "a" to 97, bucket 1; "q" to 113, bucket 1 as well and after "a" only if it was put later.
        assert_eq!(map_order(["b", "q", "a"].into_iter()), [1, 2, 0]);
    }

    #[test]
    fn the_table_doubles_beyond_three_quarters() {
        assert_eq!([0, 12, 13, 24, 25].map(table_size), [16, 16, 32, 32, 64]);
    }
}
