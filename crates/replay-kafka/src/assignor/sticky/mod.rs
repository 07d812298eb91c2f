//! The sticky assignment: as balanced as it can be, and then as close as it can be to what was.
//!
//! If all members subscribe to the same topics, a direct rule does it (`constrained`); otherwise partitions are moved one by one until
//! nothing gets better (`general`). Both decide ties by the order of ids and by that of Java's hash maps; both are followed here, so
//! that a real group with the same member ids gets the same partitions.

mod constrained;
mod general;
mod movements;

use std::collections::{BTreeMap, BTreeSet};

use replay_lean as lean;

use super::{Assignment, Member, TopicPartition, java_hash};

/// What was decided, by member number.
pub(super) struct Outcome {
    lists: Vec<Vec<TopicPartition>>,
    /// What changes its owner, if the rule knows; the general one does not.
    pub(super) transferring: Option<BTreeMap<TopicPartition, String>>,
}

impl Outcome {
    pub(super) fn into_assignment(self, members: &[&Member]) -> Assignment {
        lean::map(members.iter().map(|member| member.id.clone()).zip(self.lists))
    }
}

/// The question with numbers instead of names. A partition's number grows with topic name and partition.
struct Group<'a> {
    members: &'a [&'a Member],
    /// A member's place in the order of ids.
    rank: Vec<usize>,
    /// Member numbers in the order in which the Java client's map of members is walked.
    walk: Vec<usize>,
    /// Topic names in order, with their counts and the number of their first partition.
    topics: Vec<Topic<'a>>,
    topic_of_partition: Vec<usize>,
    /// By member: its topics' numbers.
    subscriptions: Vec<BTreeSet<usize>>,
    /// By member: the partitions that it owned and nobody contests.
    owned: Vec<Vec<usize>>,
    /// Claimed by two members of the same generation.
    contested: BTreeSet<usize>,
    max_generation: i32,
}

struct Topic<'a> {
    name: &'a str,
    n_partitions: u32,
    first: usize,
}

/// Source: Apache Kafka, `AbstractStickyAssignor.assignPartitions`.
pub(super) fn assign(topics: &BTreeMap<&str, u32>, members: &[&Member]) -> Outcome {
    if members.is_empty() {
        return Outcome { lists: Vec::new(), transferring: None };
    }
    let group = Group::new(topics, members);
    let (lists, transferring) = if group.has_equal_subscriptions() {
        let (lists, transferring) = constrained::assign(&group);
        let named =
            transferring.into_iter().map(|(partition, member)| (group.name(partition), members[member].id.clone()));
        (lists, Some(lean::map(named)))
    } else {
        (general::assign(&group), None)
    };
    let lists =
        lists.into_iter().map(|list| list.into_iter().map(|partition| group.name(partition)).collect()).collect();
    Outcome { lists, transferring }
}

impl<'a> Group<'a> {
    fn new(topics: &BTreeMap<&'a str, u32>, members: &'a [&'a Member]) -> Group<'a> {
        let mut topic_of_partition = Vec::new();
        let topics: Vec<Topic<'a>> = topics
            .iter()
            .enumerate()
            .map(|(index, (&name, &n_partitions))| {
                let first = topic_of_partition.len();
                topic_of_partition.resize(first + n_partitions as usize, index);
                Topic { name, n_partitions, first }
            })
            .collect();
        let mut by_id: Vec<usize> = (0..members.len()).collect();
        lean::sort_by(&mut by_id, &mut |&a, &b| members[a].id.encode_utf16().cmp(members[b].id.encode_utf16()));
        let mut rank = vec![0; members.len()];
        for (place, &member) in by_id.iter().enumerate() {
            rank[member] = place;
        }
        let find = |name: &str| topics.binary_search_by(|topic| topic.name.cmp(name)).ok();
        let subscriptions =
            members.iter().map(|member| member.topics.iter().filter_map(|name| find(name)).collect()).collect();
        let mut group = Group {
            members,
            rank,
            walk: java_hash::map_order(members.iter().map(|member| member.id.as_str())),
            topics,
            topic_of_partition,
            subscriptions,
            owned: vec![Vec::new(); members.len()],
            contested: BTreeSet::new(),
            max_generation: members.iter().map(|member| member.generation).max().unwrap_or(-1).max(-1),
        };
        group.settle_claims();
        group
    }

    /// Believes a member's claim unless one of a later generation has the same; two of the same generation both lose.
    ///
    /// Source: Apache Kafka, `AbstractStickyAssignor.allSubscriptionsEqual`.
    fn settle_claims(&mut self) {
        let mut owner: Vec<Option<usize>> = vec![None; self.topic_of_partition.len()];
        for &member in &self.walk.clone() {
            for claim in &self.members[member].owned {
                let Some(partition) = self.number(claim) else {
                    continue;
                };
                let Some(other) = owner[partition] else {
                    self.owned[member].push(partition);
                    owner[partition] = Some(member);
                    continue;
                };
                let (generation, other_generation) = (self.members[member].generation, self.members[other].generation);
                if generation >= other_generation {
                    self.owned[other].retain(|&claimed| claimed != partition);
                    owner[partition] = Some(member);
                    if generation == other_generation {
                        self.contested.insert(partition);
                    } else {
                        self.owned[member].push(partition);
                    }
                }
            }
        }
    }

    /// A member without any topic at the beginning of the walk does not count, as in Kafka.
    fn has_equal_subscriptions(&self) -> bool {
        let mut names =
            self.walk.iter().map(|&member| lean::set(&self.members[member].topics)).skip_while(BTreeSet::is_empty);
        let Some(first) = names.next() else {
            return true;
        };
        names.all(|other| other == first)
    }

    fn number(&self, partition: &TopicPartition) -> Option<usize> {
        let index = self.topics.binary_search_by(|topic| topic.name.cmp(&partition.topic)).ok()?;
        let topic = &self.topics[index];
        (partition.partition < topic.n_partitions).then(|| topic.first + partition.partition as usize)
    }

    fn partition_of(&self, number: usize) -> u32 {
        (number - self.topics[self.topic_of_partition[number]].first) as u32
    }

    fn name(&self, number: usize) -> TopicPartition {
        TopicPartition::new(self.topics[self.topic_of_partition[number]].name, self.partition_of(number))
    }

    fn partitions_of(&self, topic: usize) -> std::ops::Range<usize> {
        let topic = &self.topics[topic];
        topic.first..topic.first + topic.n_partitions as usize
    }

    fn n_partitions(&self) -> usize {
        self.topic_of_partition.len()
    }
}
