//! `roundrobin`: all partitions dealt out in turn.

use std::collections::BTreeMap;

use replay_lean as lean;

use super::{Assignment, Member, TopicPartition, sorted_ids};

/// All partitions in the order of topic and number, to the members in the order of their ids, round and round; who does not subscribe to
/// the topic is passed over.
///
/// Source: Apache Kafka, `RoundRobinAssignor.assign`.
pub(super) fn assign(topics: &BTreeMap<&str, u32>, members: &[&Member]) -> Assignment {
    let by_id: BTreeMap<&str, &Member> = lean::map(members.iter().map(|&member| (member.id.as_str(), member)));
    let ids = sorted_ids(by_id.keys().copied());
    let mut assignment: Assignment = lean::map(ids.iter().map(|&id| (id.to_owned(), Vec::new())));
    let mut turn = ids.iter().cycle();
    for (&topic, &partitions) in topics {
        for partition in 0..partitions {
            // Every topic here has a subscriber, so the search ends within one round.
            let next = turn.by_ref().take(ids.len()).find(|&&id| by_id[id].topics.iter().any(|name| name == topic));
            if let Some(list) = next.and_then(|&id| assignment.get_mut(id)) {
                list.push(TopicPartition::new(topic, partition));
            }
        }
    }
    assignment
}
