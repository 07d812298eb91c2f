//! Which partitions each member gets: the assignors of kafka-clients over random lives of groups.

use crate::comparison::{Comparison, differ};
use crate::java::{self, Program};
use anyhow::Context;
use kafka_harness::Broker;
use replay_kafka::{Assignment, Assignor, Member, TopicPartition};
use std::collections::BTreeMap;

const JAVA: Program = Program { file: "Assignors.java", source: include_str!("../java/Assignors.java") };
/// Lives of groups, up to five rebalances each.
const N_LIVES: &str = "40";

/// The assignors themselves, for groups that would take minutes to bring about.
pub(crate) fn compare(broker: &Broker, seed: u64) -> anyhow::Result<Vec<Comparison>> {
    let output = java::run(broker, &JAVA, &[N_LIVES, &seed.to_string()], "")?;
    let mut comparison = Comparison::new("assignment, the Java client's assignors");
    let mut n_members = 0;
    for line in output.lines() {
        let rebalance = Rebalance::parse(line).with_context(|| format!("{} printed {line}", JAVA.file))?;
        n_members += rebalance.members.len();
        comparison.case(line, &rebalance.differences());
    }
    comparison.set_extent(format!("{n_members} memberships"));
    Ok(vec![comparison])
}

/// A rebalance as Kafka did it.
pub(crate) struct Rebalance {
    assignor: Assignor,
    topics: BTreeMap<String, u32>,
    members: Vec<Member>,
    assigned: Assignment,
}

impl Rebalance {
    /// Of `assignor|topic:partitions …|member=topics<owned@generation …|member=partitions …`.
    pub(crate) fn parse(line: &str) -> Option<Rebalance> {
        let mut fields = line.split('|');
        let mut words = || fields.next().map(str::split_whitespace);
        let (assignor, topics, members, assigned) = (words()?.next()?, words()?, words()?, words()?);
        Some(Rebalance {
            assignor: assignor.parse().ok()?,
            topics: topics
                .map(|word| word.rsplit_once(':').and_then(|(topic, n)| Some((topic.to_owned(), n.parse().ok()?))))
                .collect::<Option<_>>()?,
            members: members.map(member).collect::<Option<_>>()?,
            assigned: assigned.map(member_s_partitions).collect::<Option<_>>()?,
        })
    }

    /// What the rules give, each list sorted: its order has no meaning to Kafka.
    pub(crate) fn simulated(&self) -> Assignment {
        sorted(self.assignor.assign(&self.topics, &self.members))
    }

    /// One, if the rules give something else.
    pub(crate) fn differences(&self) -> Vec<String> {
        differ("assignment", &sorted(self.assigned.clone()), &self.simulated()).into_iter().collect()
    }
}

/// Of `member=partitions …`, each list sorted.
pub(crate) fn assignment(words: &str) -> Option<Assignment> {
    words.split_whitespace().map(member_s_partitions).collect::<Option<_>>().map(sorted)
}

fn sorted(mut assignment: Assignment) -> Assignment {
    for list in assignment.values_mut() {
        list.sort();
    }
    assignment
}

fn member_s_partitions(word: &str) -> Option<(String, Vec<TopicPartition>)> {
    let (id, list) = word.split_once('=')?;
    Some((id.to_owned(), partitions(list)?))
}

fn member(word: &str) -> Option<Member> {
    let (id, rest) = word.split_once('=')?;
    let (topics, rest) = rest.split_once('<')?;
    let (owned, generation) = rest.split_once('@')?;
    Some(Member {
        owned: partitions(owned)?,
        generation: generation.parse().ok()?,
        ..Member::new(id, &topics.split(',').collect::<Vec<_>>())
    })
}

fn partitions(list: &str) -> Option<Vec<TopicPartition>> {
    let names = list.split(',').filter(|name| !name.is_empty());
    names
        .map(|name| {
            let (topic, partition) = name.rsplit_once('-')?;
            Some(TopicPartition::new(topic, partition.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Rebalance;

    #[track_caller]
    fn differences(line: &str) -> usize {
        Rebalance::parse(line).unwrap().differences().len()
    }

    #[test]
    fn a_rebalance_that_kafka_did_otherwise_is_a_difference() {
        assert_eq!(differences("range|t:3|a=t<@-1 b=t<@-1|a=t-1,t-0 b=t-2"), 0);
        assert_eq!(differences("range|t:3|a=t<@-1 b=t<@-1|a=t-0 b=t-1,t-2"), 1);
        assert_eq!(differences("range|t:3|a=t<@-1 b=t<@-1|a=t-0,t-1"), 1);
    }

    #[test]
    fn a_malformed_line_is_told() {
        for line in ["", "range|t:3|a=t<@-1", "first|t:3|a=t<@-1|a=", "range|t|a=t<@-1|a=", "range|t:3|a=t|a="] {
            assert!(Rebalance::parse(line).is_none(), "{line}");
        }
    }
}
