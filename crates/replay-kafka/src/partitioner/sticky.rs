//! Where producers put records without a key: the same partition for a while, so that batches fill.
//!
//! Partitions are drawn from [`RandomPartitions`]; all of them are taken to have a leader, and loads to be equal (the Java client prefers
//! partitions with short queues, `partitioner.adaptive.partitioning.enable`).

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::RandomPartitions;
use crate::log::BATCH_OVERHEAD_BYTES;

/// The Java client's rule from Kafka 2.4 to 3.2: a new partition whenever a batch is begun.
///
/// Source: Apache Kafka, KIP-480, `DefaultPartitioner` and `StickyPartitionCache.nextPartition`.
#[derive(Debug, Clone)]
pub struct StickyKip480 {
    random: RandomPartitions,
    partitions: NonZeroU32,
    current: u32,
}

impl StickyKip480 {
    /// A producer's state for one topic.
    pub fn new(partitions: NonZeroU32, seed: u64) -> StickyKip480 {
        let mut random = RandomPartitions::new(seed);
        let current = random.next_partition(partitions);
        StickyKip480 { random, partitions, current }
    }

    /// The next record's partition.
    pub fn partition(&self) -> u32 {
        self.current
    }

    /// The record needs a new batch, since the last one is full or sent: it goes to another partition, if there is one.
    pub fn on_new_batch(&mut self) {
        let previous = self.current;
        while self.partitions.get() > 1 && self.current == previous {
            self.current = self.random.next_partition(self.partitions);
        }
    }
}

/// The Java client's rule since Kafka 3.3: a new partition once `batch.size` bytes went to the last one, but not in the middle of a batch
/// unless there were twice as many.
///
/// So under load a partition gets two batches in a row, and a slow producer, whose batches are sent half full, stays until the sum is
/// reached. The partition drawn may be the same again. Batches begun by records with a key are not counted.
/// Source: Apache Kafka, KIP-794, `BuiltInPartitioner.updatePartitionInfo`, `RecordAccumulator.append` and `partitionChanged`.
#[derive(Debug, Clone)]
pub struct StickyKip794 {
    random: RandomPartitions,
    partitions: NonZeroU32,
    batch_size: u64,
    current: u32,
    /// Bytes put to the current partition since it was drawn.
    produced: u64,
    /// By partition: the bytes of the batch that still takes records.
    open: BTreeMap<u32, u64>,
}

impl StickyKip794 {
    /// A producer's state for one topic; `batch_size` is its `batch.size`, 16384 by default.
    pub fn new(partitions: NonZeroU32, batch_size: u64, seed: u64) -> StickyKip794 {
        let mut random = RandomPartitions::new(seed);
        let current = random.next_partition(partitions);
        StickyKip794 { random, partitions, batch_size: batch_size.max(1), current, produced: 0, open: BTreeMap::new() }
    }

    /// The partition of the next record, which takes so many bytes in its batch.
    pub fn partition_for(&mut self, record_bytes: u64) -> u32 {
        // A switch that an unfinished batch had prevented is made up for once that batch is full or sent.
        self.switch_if_due();
        if self.open.get(&self.current).is_some_and(|open| open + record_bytes > self.batch_size) {
            self.open.remove(&self.current);
            self.switch_if_due();
        }
        // The partition drawn may have an unfinished batch of its own, without room for the record.
        let open = self.open.get(&self.current).copied().filter(|open| open + record_bytes <= self.batch_size);
        let (filled, appended) = match open {
            Some(open) => (open + record_bytes, record_bytes),
            None => (BATCH_OVERHEAD_BYTES + record_bytes, BATCH_OVERHEAD_BYTES + record_bytes),
        };
        let partition = self.current;
        if filled >= self.batch_size {
            self.open.remove(&partition);
        } else {
            self.open.insert(partition, filled);
        }
        self.produced += appended;
        self.switch_if_due();
        partition
    }

    /// The partition's unfinished batch was sent, because `linger.ms` had passed.
    pub fn on_sent(&mut self, partition: u32) {
        self.open.remove(&partition);
    }

    fn switch_if_due(&mut self) {
        let is_between_batches = !self.open.contains_key(&self.current);
        if self.produced >= self.batch_size && is_between_batches || self.produced >= 2 * self.batch_size {
            self.current = self.random.next_partition(self.partitions);
            self.produced = 0;
        }
    }
}

/// librdkafka's rule for records without a key: a new random partition when the last one is older than `sticky.partitioning.linger.ms`
/// (10 by default). With 0 every record draws, which is [`RandomPartitions`].
///
/// Source: librdkafka, `rd_kafka_msg_sticky_partition`.
#[derive(Debug, Clone)]
pub struct StickyLibrdkafka {
    random: RandomPartitions,
    partitions: NonZeroU32,
    linger_ms: i64,
    current: u32,
    drawn_at_ms: Option<i64>,
}

impl StickyLibrdkafka {
    /// A producer's state for one topic.
    pub fn new(partitions: NonZeroU32, linger_ms: i64, seed: u64) -> StickyLibrdkafka {
        StickyLibrdkafka { random: RandomPartitions::new(seed), partitions, linger_ms, current: 0, drawn_at_ms: None }
    }

    /// The partition of a record sent at `now_ms`.
    pub fn partition_at(&mut self, now_ms: i64) -> u32 {
        let is_fresh = self.drawn_at_ms.is_some_and(|drawn| now_ms.saturating_sub(drawn) <= self.linger_ms);
        if self.linger_ms <= 0 || !is_fresh {
            self.current = self.random.next_partition(self.partitions);
            self.drawn_at_ms = Some(now_ms);
        }
        self.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partitions(n: u32) -> NonZeroU32 {
        NonZeroU32::new(n).unwrap()
    }

    /// The lengths of the runs of equal numbers.
    fn runs(numbers: impl IntoIterator<Item = u32>) -> Vec<usize> {
        let numbers: Vec<u32> = numbers.into_iter().collect();
        numbers.chunk_by(|a, b| a == b).map(<[u32]>::len).collect()
    }

    #[test]
    fn kip_480_takes_another_partition_for_every_batch() {
        let mut rule = StickyKip480::new(partitions(3), 1);
        for _ in 0..100 {
            let before = rule.partition();
            rule.on_new_batch();
            assert_ne!(rule.partition(), before);
        }
        let mut single = StickyKip480::new(partitions(1), 1);
        single.on_new_batch();
        assert_eq!(single.partition(), 0);
    }

    #[test]
    fn kip_794_gives_a_partition_two_batches_under_load() {
        // Ten records of 93 bytes and the header are 991 bytes; the eleventh does not fit. With 20 records it is 1982, still below twice the
        // size, and the 21st finds the second batch full: it goes to the next partition.
        let mut rule = StickyKip794::new(partitions(1_000_000), 1_000, 3);
        let drawn: Vec<u32> = (0..101).map(|_| rule.partition_for(93)).collect();
        assert_eq!(runs(drawn), [20, 20, 20, 20, 20, 1]);
    }

    #[test]
    fn kip_794_counts_over_batches_that_are_sent_half_full() {
        // Each record alone in a batch of 161 bytes: the seventh reaches 1127.
        let mut rule = StickyKip794::new(partitions(1_000_000), 1_000, 3);
        let drawn: Vec<u32> = (0..15)
            .map(|_| {
                let partition = rule.partition_for(100);
                rule.on_sent(partition);
                partition
            })
            .collect();
        assert_eq!(runs(drawn), [7, 7, 1]);
    }

    #[test]
    fn kip_794_switches_when_a_record_does_not_fit() {
        let mut rule = StickyKip794::new(partitions(1_000_000), 1_000, 3);
        let first = rule.partition_for(900);
        assert_eq!(rule.partition_for(900), first, "961 bytes were produced, a batch more may follow");
        assert_eq!(rule.partition_for(30), first, "the second batch is not full");
        assert_ne!(rule.partition_for(900), first, "it has no room, and more than a batch was produced");
    }

    #[test]
    fn a_record_larger_than_a_batch_goes_alone() {
        let mut rule = StickyKip794::new(partitions(1_000_000), 1_000, 3);
        assert_eq!(runs((0..3).map(|_| rule.partition_for(5_000))), [1, 1, 1]);
    }

    #[test]
    fn librdkafka_draws_anew_after_the_linger_time() {
        let mut rule = StickyLibrdkafka::new(partitions(1_000_000), 10, 3);
        let drawn: Vec<u32> = [0, 5, 10, 11, 21, 22].into_iter().map(|now| rule.partition_at(now)).collect();
        assert_eq!(runs(drawn), [3, 2, 1]);
        let mut restless = StickyLibrdkafka::new(partitions(1_000_000), 0, 3);
        assert_eq!(runs((0..3).map(|_| restless.partition_at(0))), [1, 1, 1]);
    }
}
