//! `range`: each topic on its own, in consecutive pieces.

use std::collections::BTreeMap;

use replay_lean as lean;

use super::{Assignment, Member, TopicPartition, sorted_ids};

/// Per topic: its subscribers in the order of their ids get consecutive pieces, the first ones a partition more if it does not come out even.
///
/// So the first members get more of every topic. Topics stand in the order of their names; the Java client lists them in that of a hash map.
/// Source: Apache Kafka, `RangeAssignor.assignPartitions` without racks.
pub(super) fn assign(topics: &BTreeMap<&str, u32>, members: &[&Member]) -> Assignment {
    let mut assignment: Assignment = lean::map(members.iter().map(|member| (member.id.clone(), Vec::new())));
    for (&topic, &partitions) in topics {
        let subscribers = sorted_ids(
            members
                .iter()
                .filter(|member| member.topics.iter().any(|name| name == topic))
                .map(|member| member.id.as_str()),
        );
        let each = partitions / subscribers.len() as u32;
        let with_one_more = partitions % subscribers.len() as u32;
        let mut next = 0;
        for (index, id) in (0..).zip(subscribers) {
            let end = next + each + u32::from(index < with_one_more);
            if let Some(list) = assignment.get_mut(id) {
                list.extend((next..end).map(|partition| TopicPartition::new(topic, partition)));
            }
            next = end;
        }
    }
    assignment
}
