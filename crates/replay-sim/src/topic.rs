//! Into which partition each record goes.

use crate::facts::{Facts, NO_KEY};
use crate::group::moment;
use crate::random::Random;
use crate::run::RECORD_OVERHEAD;
use replay_kafka::Partitioner;
use replay_kafka::partitioner::{RoundRobin, StickyKip480, StickyKip794, StickyLibrdkafka};
use replay_lean as lean;
use replay_log::RecordIndex;
use replay_protocol::{PartitionerName, Scenario};
use std::num::NonZeroU32;

/// The partitions of every topic over time, and their lanes: by topic, then by number.
#[derive(Debug, Clone)]
pub(crate) struct Placement {
    /// From when on (milliseconds) each topic has how many partitions.
    pub(crate) counts: Vec<(i64, Vec<u32>)>,
    /// The first lane of each topic.
    first: Vec<u32>,
}

impl Placement {
    pub(crate) fn new(facts: &Facts, scenario: &Scenario) -> Placement {
        let start: Vec<u32> =
            facts.topics.iter().map(|(_, count)| scenario.topic.partitions.unwrap_or(*count).max(1)).collect();
        let mut counts = vec![(i64::MIN, start)];
        let mut changes: Vec<_> = scenario.topic.changes.iter().map(|c| (moment(facts, c.at), c.partitions)).collect();
        lean::sort_by_key(&mut changes, |(at, _)| *at);
        for (at, partitions) in changes {
            let before = &counts[counts.len() - 1].1;
            // Kafka only ever adds partitions.
            counts.push((at, before.iter().map(|&count| count.max(partitions)).collect()));
        }
        let last = &counts[counts.len() - 1].1;
        let first = last
            .iter()
            .scan(0, |next, count| {
                let first = *next;
                *next += count;
                Some(first)
            })
            .collect();
        Placement { counts, first }
    }

    /// Which of `counts` holds at a time.
    pub(crate) fn counts_at(&self, at_ms: i64) -> usize {
        self.counts.partition_point(|(from, _)| *from <= at_ms).saturating_sub(1)
    }

    /// The lane of a partition.
    pub(crate) fn lane(&self, topic: usize, partition: u32) -> Option<u32> {
        let count = *self.counts.last()?.1.get(topic)?;
        (partition < count).then(|| self.first[topic] + partition)
    }

    /// All lanes: topic and number.
    pub(crate) fn lanes(&self) -> impl Iterator<Item = (u16, u32)> + '_ {
        let last = self.counts.last().map_or(&[][..], |(_, counts)| counts);
        last.iter().enumerate().flat_map(|(topic, &count)| (0..count).map(move |partition| (topic as u16, partition)))
    }
}

/// Places records one after the other, as a producer does.
pub(crate) struct Placer<'a> {
    facts: &'a Facts,
    placement: &'a Placement,
    rule: Rule,
    /// Nothing is sent with a key.
    has_null_keys: bool,
    name: PartitionerName,
    seed: u64,
    batch_size: u64,
    /// When the last record was sent.
    last_ms: i64,
    /// Index of the counts that hold now.
    now: usize,
    /// By key: its partition under the counts of now, one table per topic. Empty until asked for.
    keyed: Vec<Vec<u32>>,
    /// By topic: how records without a key are placed.
    keyless: Vec<Keyless>,
}

enum Rule {
    Recorded,
    Keyed(Partitioner),
    Unkeyed,
}

enum Keyless {
    RoundRobin(RoundRobin),
    Batch { state: StickyKip480, filled: u64 },
    Sticky { state: StickyKip794, last: Option<u32> },
    Librdkafka(StickyLibrdkafka),
}

/// `linger.ms` of the Java producer since Kafka 4.0: a batch waits so long for more records.
const JAVA_LINGER_MS: i64 = 5;
/// `sticky.partitioning.linger.ms` of librdkafka.
const LIBRDKAFKA_LINGER_MS: i64 = 10;

const UNKNOWN: u32 = u32::MAX;
/// `batch.size` of the Java producer.
const BATCH_SIZE: u64 = 16_384;

impl<'a> Placer<'a> {
    pub(crate) fn new(facts: &'a Facts, scenario: &Scenario, placement: &'a Placement) -> Placer<'a> {
        let topic = &scenario.topic;
        let is_recorded = topic.partitioner.is_none()
            && topic.partitions.is_none()
            && topic.changes.is_empty()
            && topic.key.is_none()
            && !topic.null_keys;
        let name = topic.partitioner.unwrap_or(PartitionerName::Murmur2);
        let rule = match name {
            _ if is_recorded => Rule::Recorded,
            PartitionerName::Murmur2 => Rule::Keyed(Partitioner::Murmur2),
            PartitionerName::Crc32 => Rule::Keyed(Partitioner::Crc32),
            PartitionerName::Fnv1a => Rule::Keyed(Partitioner::Fnv1a),
            PartitionerName::RoundRobin | PartitionerName::UniformSticky => Rule::Unkeyed,
        };
        let mut placer = Placer {
            facts,
            placement,
            rule,
            has_null_keys: topic.null_keys,
            name,
            seed: scenario.seed,
            batch_size: topic.batch_size.map_or(BATCH_SIZE, u64::from),
            now: 0,
            last_ms: i64::MIN,
            keyed: vec![Vec::new(); facts.topics.len()],
            keyless: Vec::new(),
        };
        placer.begin();
        placer
    }

    /// Starts to place records without a key under the partition counts of now.
    fn begin(&mut self) {
        let counts = &self.placement.counts[self.now].1;
        self.keyed.iter_mut().for_each(Vec::clear);
        self.keyless = counts
            .iter()
            .enumerate()
            .map(|(topic, &count)| {
                let count = NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
                let seed = Random::new(self.seed, 2 + ((topic as u64) << 8) + ((self.now as u64) << 32)).next();
                match self.name {
                    PartitionerName::Murmur2 => {
                        Keyless::Sticky { state: StickyKip794::new(count, self.batch_size, seed), last: None }
                    }
                    PartitionerName::Crc32 | PartitionerName::Fnv1a => {
                        Keyless::Librdkafka(StickyLibrdkafka::new(count, LIBRDKAFKA_LINGER_MS, seed))
                    }
                    PartitionerName::RoundRobin => Keyless::RoundRobin(RoundRobin::new()),
                    PartitionerName::UniformSticky => {
                        Keyless::Batch { state: StickyKip480::new(count, seed), filled: 0 }
                    }
                }
            })
            .collect();
    }

    /// The lane of a record that is sent at a time; times never fall.
    pub(crate) fn place(&mut self, record: RecordIndex, at_ms: i64) -> u32 {
        while self.placement.counts.get(self.now + 1).is_some_and(|(from, _)| *from <= at_ms) {
            self.now += 1;
            self.begin();
        }
        // What waits longer than that has been sent: the next record begins a new batch.
        let is_sent = at_ms.saturating_sub(self.last_ms) > JAVA_LINGER_MS;
        self.last_ms = at_ms;
        let topic = usize::from(self.facts.topic[record as usize]);
        let count = NonZeroU32::new(self.placement.counts[self.now].1[topic]).unwrap_or(NonZeroU32::MIN);
        let key = if self.has_null_keys { NO_KEY } else { self.facts.key[record as usize] };
        let partition = match self.rule {
            Rule::Recorded => self.facts.log.partitions()[self.facts.log.partition(record) as usize].partition,
            Rule::Keyed(partitioner) if key != NO_KEY => {
                let table = &mut self.keyed[topic];
                if table.is_empty() {
                    table.resize(self.facts.keys.len(), UNKNOWN);
                }
                let known = &mut table[key as usize];
                if *known == UNKNOWN {
                    *known = partitioner.keyed_partition(&self.facts.keys[key as usize], count);
                }
                *known
            }
            Rule::Keyed(_) | Rule::Unkeyed => {
                let size = u64::from(self.facts.size[record as usize]) + RECORD_OVERHEAD;
                match &mut self.keyless[topic] {
                    Keyless::RoundRobin(state) => state.next_partition(count),
                    Keyless::Librdkafka(state) => state.partition_at(at_ms),
                    Keyless::Sticky { state, last } => {
                        if is_sent && let Some(partition) = *last {
                            state.on_sent(partition);
                        }
                        let partition = state.partition_for(size);
                        *last = Some(partition);
                        partition
                    }
                    Keyless::Batch { state, filled } => {
                        if *filled > 0 && (is_sent || *filled + size > self.batch_size) {
                            state.on_new_batch();
                            *filled = 0;
                        }
                        *filled += size;
                        state.partition()
                    }
                }
            }
        };
        // A log whose partition numbers have holes has a lane for each number up to the highest.
        self.placement.lane(topic, partition).unwrap_or(0)
    }
}
