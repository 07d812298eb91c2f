//! The moves made so far, so that two partitions of a topic are not exchanged between two members for nothing.

use std::collections::BTreeMap;

use super::super::java_hash::{HashSetOrder, string_hash, topic_partition_hash};
use super::Group;

/// Source: Apache Kafka, `AbstractStickyAssignor.PartitionMovements`.
pub(super) struct Movements<'g, 'a> {
    group: &'g Group<'a>,
    topic_hashes: Vec<i32>,
    /// By topic and (from, to): the partitions that moved so.
    by_pair: BTreeMap<(usize, usize, usize), HashSetOrder>,
    /// By partition: where it came from in all, and where it is.
    of_partition: BTreeMap<usize, (usize, usize)>,
}

impl<'g, 'a> Movements<'g, 'a> {
    pub(super) fn new(group: &'g Group<'a>) -> Movements<'g, 'a> {
        let topic_hashes = group.topics.iter().map(|topic| string_hash(topic.name)).collect();
        Movements { group, topic_hashes, by_pair: BTreeMap::new(), of_partition: BTreeMap::new() }
    }

    /// Notes a move; one back to where the partition came from deletes the note.
    pub(super) fn note(&mut self, partition: usize, from: usize, to: usize) {
        let topic = self.group.topic_of_partition[partition];
        let mut origin = from;
        if let Some((source, destination)) = self.of_partition.remove(&partition) {
            let key = (topic, source, destination);
            if let Some(set) = self.by_pair.get_mut(&key) {
                set.remove(partition);
                if set.is_empty() {
                    self.by_pair.remove(&key);
                }
            }
            if source == to {
                return;
            }
            origin = source;
        }
        self.of_partition.insert(partition, (origin, to));
        let hash = topic_partition_hash(self.topic_hashes[topic], self.group.partition_of(partition));
        self.by_pair.entry((topic, origin, to)).or_default().insert(hash, partition);
    }

    /// Instead of moving `partition`, a partition of the same topic that had moved the other way may go back.
    pub(super) fn actual_partition(&self, partition: usize, from: usize, to: usize) -> usize {
        let topic = self.group.topic_of_partition[partition];
        let from = self.of_partition.get(&partition).map_or(from, |&(source, _)| source);
        self.by_pair.get(&(topic, to, from)).and_then(HashSetOrder::first).unwrap_or(partition)
    }
}
