//! Compaction: passes of the cleaner over logs that grow in between; some of the logs expire as well in the end.

use super::{Admin, Comparison, HOUR_MS, PARTITIONS, Random, Reader, Record, Settings, Topic, broker_log, now_ms};
use kafka_harness::Broker;
use replay_kafka::TopicConfig;
use std::time::Duration;

const N_TOPICS: u32 = 12;
const ROUNDS: u32 = 3;
/// With this `min.cleanable.dirty.ratio` the cleaner leaves every log alone, since the share of dirty bytes must be above it.
const NEVER: f64 = 1.0;
/// How long the cleaner, which looks for work every 100 ms, may take to begin with a log that it should have left alone.
const QUIET: Duration = Duration::from_secs(2);
/// How many such pauses an expected deletion may take.
const PATIENCE: u32 = 10;

/// A topic, and what is produced to it before each pass.
pub(super) struct Case {
    topic: Topic,
    config: TopicConfig,
    rounds: Vec<Round>,
    max_batch: u32,
    /// Whether the topic becomes a compacted one after the first round: so long, records without a key are taken.
    is_converted: bool,
    /// What `cleanup.policy=compact,delete` comes with after the rounds.
    retention_ms: Option<i64>,
}

/// What is produced, and what makes the cleaner take the log then.
struct Round {
    records: Vec<Record>,
    min_cleanable_dirty_ratio: f64,
    max_compaction_lag_ms: i64,
}

pub(super) fn topics(random: &mut Random, now_ms: i64) -> Vec<Case> {
    (0..N_TOPICS).map(|number| case(number, random, now_ms)).collect()
}

fn case(number: u32, random: &mut Random, now_ms: i64) -> Case {
    let hours = 200;
    let config = TopicConfig {
        segment_bytes: u64::from(random.between(500, 4_000)),
        segment_ms: random.one_of(&[7 * 24, 24, 6]) * HOUR_MS,
        retention_ms: None,
        cleanup_delete: false,
        cleanup_compact: true,
        min_cleanable_dirty_ratio: NEVER,
        min_compaction_lag_ms: if random.once_in(3) { half_past(random.below(hours)) } else { 0 },
        delete_retention_ms: random.one_of(&[0, 24 * HOUR_MS]),
        ..TopicConfig::default()
    };
    let n_keys = random.one_of(&[1, 3, 20, 200]);
    let tombstone_in = random.one_of(&[3, 10]);
    let n_records = random.between(100, 400);
    let is_converted = random.once_in(4);
    let rounds = (0..ROUNDS)
        .map(|round| {
            let is_keyless = |random: &mut Random| is_converted && round == 0 && random.once_in(4);
            let records = (0..n_records / (round + 1))
                .map(|index| {
                    let age = hours - (round * n_records + index) * hours / (ROUNDS * n_records);
                    Record {
                        partition: random.below(PARTITIONS),
                        timestamp_ms: now_ms - i64::from(age) * HOUR_MS,
                        key: (!is_keyless(random)).then(|| format!("k{}", random.below(n_keys))),
                        value_bytes: (!random.once_in(tombstone_in)).then(|| random.below(200)),
                    }
                })
                .collect();
            // Either makes the cleaner begin. The broker refuses a greatest lag below the least one.
            let by_lag = config.min_compaction_lag_ms == 0 && random.once_in(3);
            let lag_ms = half_past(random.below(hours));
            Round {
                records,
                min_cleanable_dirty_ratio: if by_lag { NEVER } else { f64::from(random.below(60)) / 100.0 },
                max_compaction_lag_ms: if by_lag { lag_ms } else { i64::MAX },
            }
        })
        .collect();
    let topic = Topic::new(format!("compaction-{number}"), &config);
    let retention_ms = random.once_in(3).then(|| half_past(random.below(hours)));
    Case { topic, config, rounds, max_batch: random.between(1, 5), is_converted, retention_ms }
}

/// Half an hour away from every record's age, so that the minutes that pass meanwhile decide nothing.
fn half_past(hours: u32) -> i64 {
    i64::from(hours) * HOUR_MS + HOUR_MS / 2
}

pub(super) fn compare(broker: &Broker, cases: &mut Vec<Case>) -> anyhow::Result<Comparison> {
    let admin = Admin::new(broker)?;
    let reader = Reader::new(broker)?;
    for case in cases.iter_mut().filter(|case| case.is_converted) {
        case.config = TopicConfig { cleanup_compact: false, cleanup_delete: true, ..case.config.clone() };
        case.topic.set_config(&case.config);
    }
    let new: Vec<(String, u32, Settings)> =
        cases.iter().map(|case| (case.topic.name.clone(), PARTITIONS, settings(&case.config))).collect();
    admin.create_topics(&new)?;
    let (mut n_records, mut n_passes, mut n_gone) = (0, 0, 0);
    for round in 0..ROUNDS as usize {
        for case in &mut *cases {
            case.topic.produce(broker, &case.rounds[round].records, case.max_batch)?;
            n_records += case.rounds[round].records.len();
        }
        let passes_before = broker_log::text(broker)?;
        change(broker, &admin, cases.iter_mut(), |case| {
            let Round { min_cleanable_dirty_ratio, max_compaction_lag_ms, .. } = case.rounds[round];
            let config = case.config.clone();
            TopicConfig {
                min_cleanable_dirty_ratio,
                max_compaction_lag_ms,
                cleanup_compact: true,
                cleanup_delete: false,
                ..config
            }
        })?;
        let mut expected = Vec::new();
        for case in &mut *cases {
            for (partition, simulated) in (0..).zip(&mut case.topic.logs) {
                // One pass leaves nothing dirty but what may not be cleaned.
                if let Some(stats) = simulated.log.clean(now_ms()) {
                    n_passes += 1;
                    n_gone += stats.removed.len();
                    expected.push((case.topic.name.clone(), partition));
                }
            }
        }
        let n_passes_of = |log: &str, (topic, partition): &(String, u32)| broker_log::passes(log, topic, *partition);
        // A pass that does not happen shows as a difference below.
        let _ = broker_log::wait(broker, "the cleaner", |log| {
            expected.iter().all(|partition| n_passes_of(log, partition) > n_passes_of(&passes_before, partition))
        });
        std::thread::sleep(QUIET);
        change(broker, &admin, cases.iter_mut(), |case| TopicConfig {
            min_cleanable_dirty_ratio: NEVER,
            max_compaction_lag_ms: i64::MAX,
            ..case.config.clone()
        })?;
        for case in &mut *cases {
            case.topic.compare(broker, &reader, &format!("pass {}", round + 1))?;
        }
    }
    let n_expired = expire(broker, &admin, &reader, cases)?;
    let mut comparison = Comparison::new("segments and offsets after compaction");
    cases.drain(..).for_each(|case| case.topic.tell(&mut comparison));
    comparison.set_extent(format!(
        "{n_records} records, {n_passes} passes of the cleaner, {n_gone} compacted away, {n_expired} expired"
    ));
    Ok(comparison)
}

/// Retention in compacted topics, which the cleaner sees to.
fn expire(broker: &Broker, admin: &Admin, reader: &Reader, cases: &mut [Case]) -> anyhow::Result<usize> {
    let mut expiring: Vec<&mut Case> = cases.iter_mut().filter(|case| case.retention_ms.is_some()).collect();
    change(broker, admin, expiring.iter_mut().map(|case| &mut **case), |case| TopicConfig {
        cleanup_delete: true,
        retention_ms: case.retention_ms,
        ..case.config.clone()
    })?;
    let mut n_expired = 0;
    for simulated in expiring.iter_mut().flat_map(|case| &mut case.topic.logs) {
        n_expired += simulated.log.apply_retention(now_ms()).iter().map(|removed| removed.n_records).sum::<usize>();
    }
    std::thread::sleep(QUIET);
    for case in expiring {
        for _ in 0..PATIENCE {
            if case.topic.agrees(broker)? {
                break;
            }
            std::thread::sleep(QUIET);
        }
        case.topic.compare(broker, reader, "retention")?;
    }
    Ok(n_expired)
}

fn change<'a>(
    broker: &Broker,
    admin: &Admin,
    cases: impl Iterator<Item = &'a mut Case>,
    to: impl Fn(&Case) -> TopicConfig,
) -> anyhow::Result<()> {
    let changed: Vec<(String, Settings)> = cases
        .filter_map(|case| {
            let before = settings(&case.config);
            case.config = to(case);
            case.topic.set_config(&case.config);
            // The broker says nothing of a change that changes nothing.
            let after = settings(&case.config);
            (after != before).then(|| (case.topic.name.clone(), after))
        })
        .collect();
    let mark = broker_log::text(broker)?.len();
    admin.replace_settings(&changed)?;
    let names: Vec<String> = changed.into_iter().map(|(name, _)| name).collect();
    broker_log::wait_for_settings(broker, mark, &names)
}

fn settings(config: &TopicConfig) -> Settings {
    let policies = [(config.cleanup_compact, "compact"), (config.cleanup_delete, "delete")];
    let policies: Vec<&str> = policies.into_iter().filter_map(|(is_on, name)| is_on.then_some(name)).collect();
    vec![
        ("cleanup.policy", policies.join(",")),
        ("internal.segment.bytes", config.segment_bytes.to_string()),
        ("segment.ms", config.segment_ms.to_string()),
        ("retention.ms", config.retention_ms.unwrap_or(-1).to_string()),
        ("min.cleanable.dirty.ratio", config.min_cleanable_dirty_ratio.to_string()),
        ("min.compaction.lag.ms", config.min_compaction_lag_ms.to_string()),
        ("max.compaction.lag.ms", config.max_compaction_lag_ms.to_string()),
        ("delete.retention.ms", config.delete_retention_ms.to_string()),
    ]
}
