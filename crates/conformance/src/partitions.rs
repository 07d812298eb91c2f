//! Where producers really put records, and where the rules say they go.

use crate::admin::{Admin, Settings};
use crate::comparison::{Comparison, differ};
use crate::java::{self, Program};
use crate::random::Random;
use anyhow::{Context, ensure};
use kafka_harness::Broker;
use rdkafka::ClientContext;
use rdkafka::Message as _;
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};
use replay_kafka::{Partitioner, RoundRobin};
use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const N_TOPICS: u32 = 24;
const KEYS_PER_TOPIC: usize = 60;

/// librdkafka's names, the rule of each, and which keys it hashes: those of some length, empty ones too, or a null key as if it were empty.
const LIBRDKAFKA: [(&str, Partitioner, Hashed); 6] = [
    ("consistent_random", Partitioner::Crc32, Hashed::NotEmpty),
    ("murmur2_random", Partitioner::Murmur2, Hashed::NotNull),
    ("fnv1a_random", Partitioner::Fnv1a, Hashed::NotNull),
    ("consistent", Partitioner::Crc32, Hashed::All),
    ("murmur2", Partitioner::Murmur2, Hashed::All),
    ("fnv1a", Partitioner::Fnv1a, Hashed::All),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hashed {
    NotEmpty,
    NotNull,
    All,
}

const JAVA: Program = Program { file: "Partitions.java", source: include_str!("../java/Partitions.java") };

/// A topic and the keys of the records for it; `None` is a null key.
struct Case {
    topic: String,
    partitions: NonZeroU32,
    keys: Vec<Vec<u8>>,
}

/// Java's default partitioner and librdkafka's, by the records that they produced.
pub(crate) fn compare(broker: &Broker, seed: u64) -> anyhow::Result<Vec<Comparison>> {
    let mut random = Random::new(seed);
    let cases: Vec<Case> = (0..N_TOPICS).map(|number| case(number, &mut random)).collect();
    let topics: Vec<(String, u32, Settings)> =
        cases.iter().map(|case| (case.topic.clone(), case.partitions.get(), Vec::new())).collect();
    Admin::new(broker)?.create_topics(&topics)?;
    Ok(vec![java_s(broker, &cases)?, round_robin(broker, &cases)?, librdkafka_s(broker, &cases)?])
}

fn case(number: u32, random: &mut Random) -> Case {
    // Powers of two hide errors in the high bits of a hash, so most counts are others.
    let partitions = if random.once_in(6) { random.between(13, 40) } else { 1 + number % 12 };
    Case {
        topic: format!("keys-{number}"),
        partitions: NonZeroU32::new(partitions).unwrap_or(NonZeroU32::MIN),
        keys: (0..KEYS_PER_TOPIC).map(|_| key(random)).collect(),
    }
}

/// Bytes of any value, text of several alphabets, or what keys look like.
fn key(random: &mut Random) -> Vec<u8> {
    match random.below(3) {
        0 => {
            let len = random.below(40);
            random.bytes(len)
        }
        1 => {
            let alphabet: Vec<char> = "aZ0 -_äßж喷涂机器人🤖\u{0}".chars().collect();
            let text: String = (0..random.below(16)).map(|_| random.one_of(&alphabet)).collect();
            text.into_bytes()
        }
        _ => format!("spray-{:06}", random.below(1_000_000)).into_bytes(),
    }
}

/// Java's default partitioner.
fn java_s(broker: &Broker, cases: &[Case]) -> anyhow::Result<Comparison> {
    let mut comparison = Comparison::new("partition of a key, Java's producer");
    for (case, got) in cases.iter().zip(produced_by_java(broker, cases, None)?) {
        let differences: Vec<String> = case
            .keys
            .iter()
            .zip(got)
            .filter_map(|(key, got)| difference(Partitioner::Murmur2, case.partitions, Some(key), got))
            .collect();
        comparison.case(&case.topic, &differences);
    }
    comparison.set_extent(format!("{} keys", cases.len() * KEYS_PER_TOPIC));
    Ok(comparison)
}

/// Java's `RoundRobinPartitioner`, which does not look at keys.
///
/// Its rounds follow a hash map over all the partitions that the client has met, so they are compared by what comes when again: each
/// partition is named by its place in the first round.
fn round_robin(broker: &Broker, cases: &[Case]) -> anyhow::Result<Comparison> {
    let mut comparison = Comparison::new("partitions in turn, Java's RoundRobinPartitioner");
    let class = "org.apache.kafka.clients.producer.RoundRobinPartitioner";
    for (case, got) in cases.iter().zip(produced_by_java(broker, cases, Some(class))?) {
        let first_round: Vec<u32> = got.iter().copied().take(case.partitions.get() as usize).collect();
        let got: Vec<u32> = got
            .iter()
            .filter_map(|got| first_round.iter().position(|first| first == got))
            .map(|place| place as u32)
            .collect();
        let mut rule = RoundRobin::new();
        let expected: Vec<u32> = case.keys.iter().map(|_| rule.next_partition(case.partitions)).collect();
        comparison.case(&case.topic, &differ("partitions", &got, &expected).into_iter().collect::<Vec<_>>());
    }
    comparison.set_extent(format!("{} records", cases.len() * KEYS_PER_TOPIC));
    Ok(comparison)
}

/// By case, the partition of each key's record.
fn produced_by_java(broker: &Broker, cases: &[Case], class: Option<&str>) -> anyhow::Result<Vec<Vec<u32>>> {
    let mut input = String::new();
    for case in cases {
        input.push_str(&case.topic);
        for key in &case.keys {
            input.push(' ');
            if key.is_empty() {
                input.push('-');
            }
            for byte in key {
                write!(input, "{byte:02x}")?;
            }
        }
        input.push('\n');
    }
    let address = broker.address();
    let arguments: Vec<&str> = std::iter::once(address.as_str()).chain(class).collect();
    let output = java::run(broker, &JAVA, &arguments, &input)?;
    let partitions: Vec<Vec<u32>> = output
        .lines()
        .map(|line| line.split(' ').skip(1).map(str::parse).collect::<Result<_, _>>().with_context(|| line.to_owned()))
        .collect::<Result<_, _>>()?;
    let is_complete = partitions.len() == cases.len()
        && partitions.iter().zip(cases).all(|(partitions, case)| partitions.len() == case.keys.len());
    ensure!(is_complete, "{} did not tell of every record: {output}", JAVA.file);
    Ok(partitions)
}

fn librdkafka_s(broker: &Broker, cases: &[Case]) -> anyhow::Result<Comparison> {
    let mut comparison = Comparison::new("partition of a key, librdkafka's partitioners");
    let mut n_keys = 0;
    for (number, case) in cases.iter().enumerate() {
        // Each meets other partition counts in every round.
        let (name, rule, hashed) = LIBRDKAFKA[(number + number / LIBRDKAFKA.len()) % LIBRDKAFKA.len()];
        let mut keys: Vec<Option<&[u8]>> = case.keys.iter().map(|key| Some(key.as_slice())).collect();
        match hashed {
            Hashed::NotEmpty => keys.retain(|key| key.is_some_and(|key| !key.is_empty())),
            Hashed::NotNull => keys.extend([Some(b"".as_slice()); 8]),
            Hashed::All => keys.extend([None, Some(b"".as_slice())]),
        }
        n_keys += keys.len();
        let differences: Vec<String> = produced(broker, name, &case.topic, &keys)?
            .into_iter()
            .zip(&keys)
            .filter_map(|(got, key)| difference(rule, case.partitions, *key, got))
            .collect();
        comparison.case(format_args!("{} by {name}", case.topic), &differences);
    }
    comparison.set_extent(format!("{n_keys} keys"));
    Ok(comparison)
}

fn difference(rule: Partitioner, partitions: NonZeroU32, key: Option<&[u8]>, got: u32) -> Option<String> {
    let expected = rule.keyed_partition(key.unwrap_or_default(), partitions);
    (got != expected).then(|| format!("key {key:02x?} of {partitions} partitions: Kafka {got}, simulated {expected}"))
}

/// Notes the partition of each record that was delivered.
#[derive(Clone, Default)]
struct Deliveries(Arc<Mutex<Vec<(usize, i32)>>>);

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, number: usize) {
        if let Ok(message) = result {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push((number, message.partition()));
        }
    }
}

/// The partition of each key's record.
fn produced(broker: &Broker, partitioner: &str, topic: &str, keys: &[Option<&[u8]>]) -> anyhow::Result<Vec<u32>> {
    let deliveries = Deliveries::default();
    let mut config = broker.client();
    let producer: BaseProducer<Deliveries> =
        config.set("partitioner", partitioner).set("linger.ms", "5").create_with_context(deliveries.clone())?;
    for (number, key) in keys.iter().enumerate() {
        let mut record: BaseRecord<'_, [u8], [u8], usize> = BaseRecord::with_opaque_to(topic, number).payload(b"");
        record.key = *key;
        producer.send(record).map_err(|(error, _)| error)?;
    }
    producer.flush(Duration::from_secs(30))?;
    let mut delivered = std::mem::take(&mut *deliveries.0.lock().unwrap_or_else(PoisonError::into_inner));
    ensure!(delivered.len() == keys.len(), "{} of {} records were delivered to {topic}", delivered.len(), keys.len());
    delivered.sort_unstable();
    Ok(delivered.into_iter().map(|(_, partition)| partition as u32).collect())
}
