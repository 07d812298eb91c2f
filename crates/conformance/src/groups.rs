//! Real consumer groups: what the leader assigned at each rebalance, and what the members own in the end.

use crate::admin::{Admin, Settings};
use crate::assignors::{Rebalance, assignment};
use crate::comparison::{Comparison, differ};
use crate::java::{self, Program};
use crate::random::Random;
use anyhow::{Context, ensure};
use kafka_harness::Broker;
use replay_kafka::{Assignment, Assignor};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const JAVA: Program = Program { file: "Groups.java", source: include_str!("../java/Groups.java") };
const GROUPS_PER_ASSIGNOR: u32 = 2;
const TOPICS: [(&str, u32); 3] = [("groups-a", 5), ("groups-b", 3), ("groups-c", 8)];

/// Members that join one after the other, with the same or with different topics, until one leaves.
pub(crate) fn compare(broker: &Broker, seed: u64) -> anyhow::Result<Vec<Comparison>> {
    let mut random = Random::new(seed ^ 3);
    let topics: Vec<(String, u32, Settings)> =
        TOPICS.iter().map(|(name, partitions)| ((*name).to_owned(), *partitions, Vec::new())).collect();
    Admin::new(broker)?.create_topics(&topics)?;
    let mut input = String::new();
    for number in 0..GROUPS_PER_ASSIGNOR {
        for assignor in Assignor::ALL {
            let shared = subscription(&mut random);
            let members: Vec<String> = (0..random.between(3, 4))
                // Equal subscriptions take another way through the sticky assignors than different ones.
                .map(|_| if number == 0 { shared.clone() } else { subscription(&mut random) })
                .collect();
            writeln!(input, "group-{assignor}-{number} {assignor} {}", members.join(" "))?;
        }
    }
    let output = java::run(broker, &JAVA, &[&broker.address()], &input)?;
    let mut comparison = Comparison::new("assignment and ownership in real groups");
    let mut simulated: BTreeMap<&str, Assignment> = BTreeMap::new();
    let (mut n_rebalances, mut n_groups) = (0, 0);
    for line in output.lines() {
        let (group, rest) = line.split_once('|').with_context(|| format!("{} printed {line}", JAVA.file))?;
        if let Some(owned) = rest.strip_prefix("owned|") {
            let owned = assignment(owned).with_context(|| format!("{} printed {line}", JAVA.file))?;
            let last = simulated.remove(group).unwrap_or_default();
            comparison.case(group, &differ("owned in the end", &owned, &last).into_iter().collect::<Vec<_>>());
            n_groups += 1;
        } else {
            let rebalance = Rebalance::parse(rest).with_context(|| format!("{} printed {line}", JAVA.file))?;
            comparison.case(line, &rebalance.differences());
            simulated.insert(group, rebalance.simulated());
            n_rebalances += 1;
        }
    }
    ensure!(n_groups == input.lines().count(), "{} told of {n_groups} groups only", JAVA.file);
    comparison.set_extent(format!("{n_rebalances} rebalances of {n_groups} groups"));
    Ok(vec![comparison])
}

fn subscription(random: &mut Random) -> String {
    let mut topics: Vec<&str> = TOPICS.iter().map(|(name, _)| *name).filter(|_| !random.once_in(3)).collect();
    if topics.is_empty() {
        topics.push(TOPICS[0].0);
    }
    topics.join(",")
}
