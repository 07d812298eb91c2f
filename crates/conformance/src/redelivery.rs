//! What comes again after a consumer died between processing and commit, and what never comes if it had committed before.

use crate::admin::{Admin, Settings};
use crate::comparison::{Comparison, differ};
use crate::java::{self, Program};
use crate::random::Random;
use anyhow::{Context, ensure};
use kafka_harness::Broker;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use replay_core::Projection;
use replay_protocol::{At, Commit, Consumers, Crash, Rate, Scenario};
use replay_sim::{FactsJob, Outcome, Simulation};
use replay_testing::{Made, log_of};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

const JAVA: Program = Program { file: "Redelivery.java", source: include_str!("../java/Redelivery.java") };
const N_CASES: u32 = 24;

/// Offsets by partition.
type Offsets = BTreeMap<u32, i64>;
/// Records by partition and offset.
type Records = Vec<(u32, i64)>;

struct Case {
    name: String,
    /// How many records each partition holds.
    records: Vec<u32>,
    commit: Commit,
    commit_every: u32,
    max_poll_records: u32,
    /// How many records the first consumer processes.
    crash_after: u32,
}

/// What both must agree on.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    /// Where the group stood when the second consumer took over. Which partition a consumer polls first is nobody's rule, so with several
    /// partitions it is only the sum that must agree.
    committed: Offsets,
    n_committed: i64,
    /// Processed by both consumers.
    n_redelivered: u64,
    /// Processed by neither.
    n_skipped: u64,
    /// Everything that was processed, again and again.
    n_delivered: u64,
}

/// A process of consumers that ends as in a crash, and another that goes on from where the groups stand.
pub(crate) fn compare(broker: &Broker, seed: u64) -> anyhow::Result<Vec<Comparison>> {
    let mut random = Random::new(seed ^ 4);
    let cases: Vec<Case> = (0..N_CASES).map(|number| case(number, &mut random)).collect();
    let topics: Vec<(String, u32, Settings)> =
        cases.iter().map(|case| (case.name.clone(), case.records.len() as u32, Vec::new())).collect();
    Admin::new(broker)?.create_topics(&topics)?;
    produce(broker, &cases)?;
    let first = read(broker, &cases, true)?;
    let second = read(broker, &cases, false)?;
    let mut comparison = Comparison::new("redelivery after a crash between processing and commit");
    let mut n_redelivered = 0;
    for ((case, (_, before)), (committed, after)) in cases.iter().zip(&first).zip(&second) {
        let kafka = found_by_kafka(case, committed, before, after);
        n_redelivered += kafka.n_redelivered;
        let simulated = found_by_simulation(case)?;
        let differences = [differ("group", &kafka, &simulated), gap(case, committed, before, after)];
        let scenario = format!("{} ({:?}, every {})", case.name, case.commit, case.commit_every);
        comparison.case(scenario, &differences.into_iter().flatten().collect::<Vec<_>>());
    }
    comparison.set_extent(format!("{n_redelivered} records redelivered"));
    Ok(vec![comparison])
}

fn case(number: u32, random: &mut Random) -> Case {
    let partitions = if number.is_multiple_of(2) { 1 } else { random.between(2, 4) };
    let records: Vec<u32> = (0..partitions).map(|_| random.between(10, 60)).collect();
    // What a poll brings of several partitions is nobody's rule, so committing before processing is tried with one.
    let commit = if partitions == 1 && random.once_in(2) { Commit::Before } else { Commit::After };
    Case {
        name: format!("redelivery-{number}"),
        commit,
        commit_every: random.between(1, 15),
        max_poll_records: random.between(1, 40),
        crash_after: random.between(1, records.iter().sum::<u32>() - 1),
        records,
    }
}

fn produce(broker: &Broker, cases: &[Case]) -> anyhow::Result<()> {
    let producer: BaseProducer = broker.client().create()?;
    for case in cases {
        for (partition, n) in (0..).zip(&case.records) {
            for _ in 0..*n {
                let record: BaseRecord<'_, str, str> = BaseRecord::to(&case.name).partition(partition).payload("v");
                producer.send(record).map_err(|(error, _)| error)?;
            }
        }
    }
    Ok(producer.flush(Duration::from_mins(1))?)
}

/// What each group found committed, and what it processed, in this order.
fn read(broker: &Broker, cases: &[Case], crashes: bool) -> anyhow::Result<Vec<(Offsets, Records)>> {
    let mut input = String::new();
    for case in cases {
        let commit = if case.commit == Commit::Before { "before" } else { "after" };
        let crash_after = if crashes { case.crash_after } else { 0 };
        let Case { name, commit_every, max_poll_records, .. } = case;
        writeln!(input, "{name} {name} {commit} {commit_every} {crash_after} {max_poll_records}")?;
    }
    let output = java::run(broker, &JAVA, &[&broker.address()], &input)?;
    let told: Option<Vec<(Offsets, Records)>> = output
        .lines()
        .map(|line| {
            let mut fields = line.split('|').skip(1);
            let mut pairs = || fields.next()?.split_whitespace().map(pair).collect::<Option<Records>>();
            Some((pairs()?.into_iter().collect(), pairs()?))
        })
        .collect();
    let told = told.with_context(|| format!("{} printed {output}", JAVA.file))?;
    ensure!(told.len() == cases.len(), "{} told of {} groups", JAVA.file, told.len());
    Ok(told)
}

/// `partition:offset`
fn pair(word: &str) -> Option<(u32, i64)> {
    let (partition, offset) = word.split_once(':')?;
    Some((partition.parse().ok()?, offset.parse().ok()?))
}

fn found_by_kafka(case: &Case, committed: &Offsets, before: &Records, after: &Records) -> Found {
    let first: BTreeSet<_> = before.iter().collect();
    let all: BTreeSet<_> = before.iter().chain(after).collect();
    Found {
        committed: if case.records.len() == 1 { committed.clone() } else { Offsets::new() },
        n_committed: committed.values().sum(),
        n_redelivered: after.iter().filter(|record| first.contains(record)).count() as u64,
        n_skipped: u64::from(case.records.iter().sum::<u32>()) - all.len() as u64,
        n_delivered: (before.len() + after.len()) as u64,
    }
}

/// In each partition the second consumer must begin at the committed offset and read every record from there on.
fn gap(case: &Case, committed: &Offsets, before: &Records, after: &Records) -> Option<String> {
    let from = |partition| committed.get(&partition).copied().unwrap_or(0);
    let expected: Records = (0..)
        .zip(&case.records)
        .flat_map(|(partition, n)| (from(partition)..i64::from(*n)).map(move |offset| (partition, offset)))
        .collect();
    let mut read = after.clone();
    read.sort_unstable();
    let is_first_in_order = before.len() == case.crash_after as usize;
    differ("records read again or for the first time", &read, &expected).or_else(|| {
        differ("records before the crash", &before.len(), &(case.crash_after as usize)).filter(|_| !is_first_in_order)
    })
}

fn found_by_simulation(case: &Case) -> anyhow::Result<Found> {
    let mut made: Vec<Made> = Vec::new();
    for (partition, n) in (0..).zip(&case.records) {
        made.extend((0..*n).map(|_| Made {
            partition,
            key: "k".to_owned(),
            value: Some("1".to_owned()),
            timestamp_ms: 0,
        }));
    }
    // All records are there when the group starts, and each takes a second: the crash comes half a second behind the last one processed.
    let crash_ms = f64::from(case.crash_after) * 1000.0 + 500.0;
    let consumers = Consumers {
        rate: Some(Rate::PerSecond(1.0)),
        commit: case.commit,
        commit_every: case.commit_every,
        max_poll_records: case.max_poll_records,
        crashes: vec![Crash { at: At::AfterMs(crash_ms), member: 0, restart_after_ms: Some(0.0) }],
        session_timeout_ms: 10_000,
        ..Consumers::default()
    };
    let scenario = Scenario { consumers, ..Scenario::default() };
    let facts = FactsJob::new(log_of(&made), &scenario).finish();
    let outcome = Simulation::new(Arc::new(facts), scenario, Projection::Merge)?.finish();
    let committed = committed_at(&outcome, crash_ms as i64);
    Ok(Found {
        n_committed: committed.values().sum(),
        committed: if case.records.len() == 1 { committed } else { Offsets::new() },
        n_redelivered: outcome.metrics.redelivered,
        n_skipped: outcome.metrics.skipped,
        n_delivered: outcome.metrics.delivered,
    })
}

fn committed_at(outcome: &Outcome, at_ms: i64) -> Offsets {
    let lanes = outcome.lanes.iter().zip(&outcome.timeline.commits);
    lanes
        .filter_map(|(lane, commits)| {
            let (_, offset) = commits.iter().rev().find(|(time, _)| *time <= at_ms)?;
            Some((lane.partition, *offset))
        })
        .collect()
}
