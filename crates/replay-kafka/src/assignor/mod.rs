//! Which partitions each member of a consumer group gets.
//!
//! These are the client-side assignors of the classic protocol, run by the group's leader. Not modelled: racks, static members
//! (`group.instance.id`), and the server-side assignors of the protocol introduced with KIP-848. `tests/assignor_vectors.rs` compares them
//! with kafka-clients 4.1.1.

mod cooperative;
mod java_hash;
mod range;
mod round_robin;
mod sticky;
#[cfg(test)]
mod tests;

use replay_lean as lean;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

pub use cooperative::OwnershipChange;

/// A partition of a topic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    /// The topic's name.
    pub topic: String,
    /// Counted from 0.
    pub partition: u32,
}

impl TopicPartition {
    /// A partition by its names.
    pub fn new(topic: impl Into<String>, partition: u32) -> TopicPartition {
        TopicPartition { topic: topic.into(), partition }
    }
}

impl fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

/// A member of the group, with what it said when it joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The member id that the group coordinator gave it. It is what members are ordered by.
    pub id: String,
    /// The topics that it subscribes to.
    pub topics: Vec<String>,
    /// What it owned when the rebalance began; only the sticky assignors look at it.
    pub owned: Vec<TopicPartition>,
    /// The group's generation in which it got them, -1 if it is new. Of two that claim a partition the higher one is believed.
    pub generation: i32,
}

impl Member {
    /// A member that joins for the first time.
    pub fn new(id: impl Into<String>, topics: &[&str]) -> Member {
        Member {
            id: id.into(),
            topics: topics.iter().map(|&topic| topic.to_owned()).collect(),
            owned: Vec::new(),
            generation: -1,
        }
    }
}

/// The members' partitions, by member id. Every member has an entry.
pub type Assignment = BTreeMap<String, Vec<TopicPartition>>;

/// A rule for the assignment, `partition.assignment.strategy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Assignor {
    /// Each topic on its own: consecutive partitions, the first members get one more.
    #[default]
    Range,
    /// All partitions of all topics dealt out in turn.
    RoundRobin,
    /// Balanced, and of all such assignments one that moves few partitions; everything is given up before it.
    Sticky,
    /// As sticky, but what does not move is not given up; what moves does so in two rebalances.
    CooperativeSticky,
}

/// An assignor's name that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown assignor {0:?}; there are range, roundrobin, sticky and cooperative-sticky")]
pub struct UnknownAssignor(pub String);

impl FromStr for Assignor {
    type Err = UnknownAssignor;

    fn from_str(name: &str) -> Result<Assignor, UnknownAssignor> {
        Assignor::ALL
            .into_iter()
            .find(|assignor| assignor.name() == name)
            .ok_or_else(|| UnknownAssignor(name.to_owned()))
    }
}

impl fmt::Display for Assignor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Assignor {
    /// All of them.
    pub const ALL: [Assignor; 4] =
        [Assignor::Range, Assignor::RoundRobin, Assignor::Sticky, Assignor::CooperativeSticky];

    /// Kafka's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Assignor::Range => "range",
            Assignor::RoundRobin => "roundrobin",
            Assignor::Sticky => "sticky",
            Assignor::CooperativeSticky => "cooperative-sticky",
        }
    }

    /// Whether members keep their partitions during a rebalance and give up only what they lose. The others revoke everything first.
    pub fn is_cooperative(self) -> bool {
        self == Assignor::CooperativeSticky
    }

    /// Each member's partitions. `topics` has the partition count of each topic; a subscription to another topic is ignored.
    ///
    /// `members` come in the order in which the group coordinator lists them to the leader; it decides nothing except among member ids that fall
    /// into the same bucket of a Java hash map. Of members with the same id the last counts. Partitions said to be owned that do not exist are
    /// ignored. With cooperative-sticky, a partition that another member still owns is withheld: nobody has it until the next rebalance, which
    /// the loser asks for once it has revoked it ([`OwnershipChange`]).
    /// Source: Apache Kafka, `AbstractPartitionAssignor.assign`.
    pub fn assign(self, topics: &BTreeMap<String, u32>, members: &[Member]) -> Assignment {
        let members = distinct(members);
        let subscribed = members
            .iter()
            .flat_map(|member| &member.topics)
            .filter_map(|topic| topics.get(topic).map(|&partitions| (topic.as_str(), partitions)))
            .filter(|&(_, partitions)| partitions > 0);
        let subscribed = lean::map(subscribed);
        match self {
            Assignor::Range => range::assign(&subscribed, &members),
            Assignor::RoundRobin => round_robin::assign(&subscribed, &members),
            Assignor::Sticky => sticky::assign(&subscribed, &members).into_assignment(&members),
            Assignor::CooperativeSticky => cooperative::assign(&subscribed, &members),
        }
    }
}

/// A map keeps one value per key, at the place where the key came first.
fn distinct(members: &[Member]) -> Vec<&Member> {
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kept: Vec<&Member> = Vec::with_capacity(members.len());
    for member in members {
        if let Some(&index) = place.get(member.id.as_str()) {
            kept[index] = member;
        } else {
            place.insert(&member.id, kept.len());
            kept.push(member);
        }
    }
    kept
}

/// Java's order of strings, by UTF-16 units; it differs from Rust's only beyond the basic plane.
fn sorted_ids<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let ids: Vec<&str> = ids.collect();
    let mut sorted: Vec<usize> = (0..ids.len()).collect();
    lean::sort_by(&mut sorted, &mut |&a, &b| ids[a].encode_utf16().cmp(ids[b].encode_utf16()));
    sorted.into_iter().map(|number| ids[number]).collect()
}
