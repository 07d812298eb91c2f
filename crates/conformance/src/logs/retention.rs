//! Retention by time, by bytes and by `DeleteRecords`.

use super::{Admin, Comparison, HOUR_MS, PARTITIONS, Random, Reader, Record, Settings, Topic, broker_log, now_ms};
use kafka_harness::Broker;
use replay_kafka::TopicConfig;

const N_TOPICS: u32 = 12;

/// A topic, what is produced to it, and what is asked for then.
pub(super) struct Case {
    topic: Topic,
    config: TopicConfig,
    records: Vec<Record>,
    max_batch: u32,
    retention_ms: Option<i64>,
    /// As a share of what the partitions hold on average.
    retention_share: Option<f64>,
    /// How much of a partition `DeleteRecords` removes.
    deleted_share: Option<f64>,
}

pub(super) fn topics(random: &mut Random, now_ms: i64) -> Vec<Case> {
    (0..N_TOPICS).map(|number| case(number, random, now_ms)).collect()
}

fn case(number: u32, random: &mut Random, now_ms: i64) -> Case {
    let config = TopicConfig {
        segment_bytes: u64::from(random.between(500, 4_000)),
        segment_ms: random.one_of(&[7 * 24, 24, 6]) * HOUR_MS,
        retention_ms: None,
        ..TopicConfig::default()
    };
    let hours = random.between(20, 400);
    let records = (0..random.between(100, 500))
        .map(|index| {
            // On the whole they come in the order of time, which the broker does not rely on.
            let age = hours * (500 - index) / 500 + if random.once_in(5) { random.below(48) } else { 0 };
            Record {
                partition: random.below(PARTITIONS),
                timestamp_ms: now_ms - i64::from(age) * HOUR_MS,
                key: (!random.once_in(10)).then(|| format!("k{}", random.below(50))),
                value_bytes: (!random.once_in(10)).then(|| random.below(200)),
            }
        })
        .collect();
    let by = random.between(1, 7);
    Case {
        topic: Topic::new(format!("retention-{number}"), &config),
        config,
        records,
        max_batch: random.between(1, 5),
        // Half an hour away from every record's age, so that the minutes that pass meanwhile decide nothing.
        retention_ms: (by & 1 > 0).then(|| i64::from(random.below(hours + 50)) * HOUR_MS + HOUR_MS / 2),
        retention_share: (by & 2 > 0).then(|| f64::from(random.below(130)) / 100.0),
        deleted_share: (by & 4 > 0).then(|| f64::from(random.below(101)) / 100.0),
    }
}

pub(super) fn compare(broker: &Broker, cases: &mut Vec<Case>) -> anyhow::Result<Comparison> {
    let admin = Admin::new(broker)?;
    let reader = Reader::new(broker)?;
    let new: Vec<(String, u32, Settings)> =
        cases.iter().map(|case| (case.topic.name.clone(), PARTITIONS, settings(&case.config))).collect();
    admin.create_topics(&new)?;
    for case in &mut *cases {
        case.topic.produce(broker, &case.records, case.max_batch)?;
    }
    delete_records(&admin, cases)?;
    let changed: Vec<(String, Settings)> = cases
        .iter_mut()
        .filter(|case| case.retention_ms.is_some() || case.retention_share.is_some())
        .map(|case| {
            let sizes: u64 = case.topic.logs.iter().map(|simulated| simulated.log.size_bytes()).sum();
            let mean = sizes as f64 / f64::from(PARTITIONS);
            case.config.retention_ms = case.retention_ms;
            case.config.retention_bytes = case.retention_share.map(|share| (mean * share) as u64);
            case.topic.set_config(&case.config);
            (case.topic.name.clone(), settings(&case.config))
        })
        .collect();
    let mark = broker_log::text(broker)?.len();
    admin.replace_settings(&changed)?;
    let names: Vec<String> = changed.into_iter().map(|(name, _)| name).collect();
    broker_log::wait_for_settings(broker, mark, &names)?;
    broker_log::wait_for_retention(broker)?;
    let mut comparison = Comparison::new("segments and offsets after retention");
    let (mut n_records, mut n_gone) = (0, 0);
    for mut case in cases.drain(..) {
        n_records += case.records.len();
        for simulated in &mut case.topic.logs {
            n_gone += simulated.log.apply_retention(now_ms()).iter().map(|removed| removed.n_records).sum::<usize>();
        }
        case.topic.compare(broker, &reader, "cleaned up")?;
        case.topic.tell(&mut comparison);
    }
    comparison.set_extent(format!("{n_records} records, {n_gone} expired"));
    Ok(comparison)
}

fn delete_records(admin: &Admin, cases: &mut [Case]) -> anyhow::Result<()> {
    let mut before = Vec::new();
    for case in cases {
        let Some(share) = case.deleted_share else { continue };
        for (partition, simulated) in (0..).zip(&mut case.topic.logs) {
            let offset = (simulated.log.log_end_offset() as f64 * share) as i64;
            simulated.log.delete_records_before(offset);
            before.push((case.topic.name.clone(), partition, offset));
        }
    }
    admin.delete_records(&before)
}

fn settings(config: &TopicConfig) -> Settings {
    let or_none = |limit: Option<i64>| limit.unwrap_or(-1).to_string();
    vec![
        ("cleanup.policy", "delete".to_owned()),
        ("internal.segment.bytes", config.segment_bytes.to_string()),
        ("segment.ms", config.segment_ms.to_string()),
        ("retention.ms", or_none(config.retention_ms)),
        ("retention.bytes", or_none(config.retention_bytes.map(|bytes| bytes as i64))),
    ]
}
