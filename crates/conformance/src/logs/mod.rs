//! What a broker's disk holds after retention and compaction, and what the simulated log holds.
//!
//! Records are produced with timestamps of the generator's choice while nothing may be cleaned up; the batches that the broker wrote are
//! appended to the simulated log; then the topic's settings are changed, and once the broker has cleaned up, both are compared.

mod broker_log;
mod compaction;
mod retention;

use crate::admin::{Admin, Settings};
use crate::comparison::{Comparison, differ};
use crate::random::Random;
use crate::segment_file::{self, FileBatch, SegmentFile};
use anyhow::bail;
use kafka_harness::Broker;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{Message, Offset, TopicPartitionList};
use replay_kafka::{Batch, NewRecord, PartitionLog, TopicConfig};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

const PARTITIONS: u32 = 4;
const HOUR_MS: i64 = 3_600_000;
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the broker must be told so that it cleans up at once, and says so.
pub(crate) const PROPERTIES: [(&str, &str); 4] = [
    ("log.initial.task.delay.ms", "0"),
    ("log.retention.check.interval.ms", "500"),
    ("log.cleaner.backoff.ms", "100"),
    ("log.cleaner.threads", "1"),
];

/// A logging configuration under which a broker says when it has looked for what has expired.
pub(crate) const LOGGING: &str = "\
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1} %m%n
rootLogger.level = INFO
rootLogger.appenderRefs = console
rootLogger.appenderRef.console.ref = console
logger.manager.name = kafka.log.LogManager
logger.manager.level = DEBUG
";

/// Retention and compaction.
pub(crate) fn compare(broker: &Broker, seed: u64) -> anyhow::Result<Vec<Comparison>> {
    let now_ms = now_ms();
    let mut cases = retention::topics(&mut Random::new(seed ^ 1), now_ms);
    let retained = retention::compare(broker, &mut cases)?;
    let mut cases = compaction::topics(&mut Random::new(seed ^ 2), now_ms);
    Ok(vec![retained, compaction::compare(broker, &mut cases)?])
}

#[allow(clippy::disallowed_methods, reason = "a real broker goes by the real time")]
fn now_ms() -> i64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_millis() as i64)
}

/// A record to be produced.
#[derive(Debug, Clone)]
struct Record {
    partition: u32,
    timestamp_ms: i64,
    key: Option<String>,
    /// `None` is a tombstone.
    value_bytes: Option<u32>,
}

/// A topic and the simulation of its partitions.
struct Topic {
    name: String,
    logs: Vec<Simulated>,
}

/// A partition: the simulated log, and how far the real one has been copied into it.
struct Simulated {
    log: PartitionLog,
    keys: BTreeMap<Vec<u8>, u32>,
    differences: Vec<String>,
}

impl Topic {
    fn new(name: String, config: &TopicConfig) -> Topic {
        let simulated =
            || Simulated { log: PartitionLog::new(config.clone()), keys: BTreeMap::new(), differences: Vec::new() };
        Topic { name, logs: (0..PARTITIONS).map(|_| simulated()).collect() }
    }

    /// Produces in order, up to so many records to a batch, and appends to the simulated logs the batches that the broker wrote.
    fn produce(&mut self, broker: &Broker, records: &[Record], max_batch: u32) -> anyhow::Result<()> {
        let producer: BaseProducer = broker
            .client()
            .set("linger.ms", "50")
            .set("batch.num.messages", max_batch.to_string())
            // A batch that is sent again could lie behind its successor.
            .set("max.in.flight", "1")
            .create()?;
        let value = vec![b'v'; 10_000];
        for record in records {
            let mut sent: BaseRecord<'_, str, [u8]> =
                BaseRecord::to(&self.name).partition(record.partition as i32).timestamp(record.timestamp_ms);
            sent.key = record.key.as_deref();
            sent.payload = record.value_bytes.and_then(|bytes| value.get(..bytes as usize));
            producer.send(sent).map_err(|(error, _)| error)?;
        }
        producer.flush(TIMEOUT)?;
        for (partition, simulated) in (0..).zip(&mut self.logs) {
            simulated.append(&segment_file::read(broker, &self.name, partition)?);
        }
        Ok(())
    }

    /// Gives the simulated logs new settings.
    fn set_config(&mut self, config: &TopicConfig) {
        self.logs.iter_mut().for_each(|simulated| simulated.log.set_config(config.clone()));
    }

    /// Notes how the real logs differ from the simulated ones now.
    fn compare(&mut self, broker: &Broker, reader: &Reader, when: &str) -> anyhow::Result<()> {
        for (partition, simulated) in (0..).zip(&mut self.logs) {
            let files = segment_file::read(broker, &self.name, partition)?;
            let (start, end, offsets) = reader.read(&self.name, partition)?;
            let log = &simulated.log;
            let expected: Vec<i64> = log.records().map(|record| record.offset).collect();
            let found = [
                differ("log start offset", &start, &log.log_start_offset()),
                differ("log end offset", &end, &log.log_end_offset()),
                differ("readable offsets", &offsets, &expected),
                segments_differ(&files, log),
            ];
            simulated.differences.extend(found.into_iter().flatten().map(|text| format!("{when}: {text}")));
        }
        Ok(())
    }

    /// Whether the segments lie on the disk as in the simulation.
    fn agrees(&self, broker: &Broker) -> anyhow::Result<bool> {
        for (partition, simulated) in (0..).zip(&self.logs) {
            if segments_differ(&segment_file::read(broker, &self.name, partition)?, &simulated.log).is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Counts each partition as a case.
    fn tell(self, comparison: &mut Comparison) {
        for (partition, simulated) in self.logs.into_iter().enumerate() {
            comparison.case(format_args!("{}-{partition}", self.name), &simulated.differences);
        }
    }
}

impl Simulated {
    /// Appends the batches that the simulated log does not have yet. It must begin its segments where the broker does.
    fn append(&mut self, files: &[SegmentFile]) {
        let new =
            files.iter().flat_map(|file| &file.batches).filter(|batch| batch.base_offset >= self.log.log_end_offset());
        let new: Vec<FileBatch> = new.cloned().collect();
        // The broker writes now, whatever the records say.
        self.log.advance_clock(now_ms());
        for batch in new {
            let records: Vec<NewRecord> = batch
                .records
                .iter()
                .map(|record| NewRecord {
                    timestamp_ms: record.timestamp_ms,
                    key: record.key.as_ref().map(|key| {
                        let next = self.keys.len() as u32;
                        *self.keys.entry(key.clone()).or_insert(next)
                    }),
                    size_bytes: record.size_bytes,
                    is_tombstone: record.is_tombstone,
                })
                .collect();
            self.log.append(&records);
        }
        self.differences.extend(segments_differ(files, &self.log).map(|text| format!("produced: {text}")));
    }
}

/// A batch as both have it: first and last offset, records, bytes, greatest timestamp.
type BatchFacts = (i64, i64, usize, u64, i64);

/// The first difference between the segments, their batches, and the bytes of both.
fn segments_differ(files: &[SegmentFile], log: &PartitionLog) -> Option<String> {
    let kafka: Vec<i64> = files.iter().map(|file| file.base_offset).collect();
    let simulated: Vec<i64> = log.segments().iter().map(|segment| segment.base_offset).collect();
    differ("base offsets of the segments", &kafka, &simulated).or_else(|| {
        let mut pairs = files.iter().zip(log.segments());
        pairs.find_map(|(file, segment)| {
            let kafka: Vec<BatchFacts> = file.batches.iter().map(batch_of_kafka).collect();
            let simulated: Vec<BatchFacts> = segment.batches.iter().map(batch_simulated).collect();
            differ("batches", &kafka, &simulated)
                .or_else(|| differ("bytes", &file.size_bytes, &segment.size_bytes))
                .or_else(|| {
                    file.batches.iter().zip(&segment.batches).find_map(|(kafka, batch)| horizons_differ(kafka, batch))
                })
        })
    })
}

fn batch_of_kafka(batch: &FileBatch) -> BatchFacts {
    (batch.base_offset, batch.last_offset, batch.records.len(), batch.size_bytes, batch.max_timestamp_ms)
}

fn batch_simulated(batch: &Batch) -> BatchFacts {
    (batch.base_offset, batch.last_offset, batch.n_records as usize, batch.size_bytes, batch.max_timestamp_ms)
}

/// The broker's clean-up and its simulation happen at most minutes apart.
fn horizons_differ(kafka: &FileBatch, simulated: &Batch) -> Option<String> {
    let are_close = match (kafka.delete_horizon_ms, simulated.delete_horizon_ms) {
        (Some(kafka), Some(simulated)) => kafka.abs_diff(simulated) < HOUR_MS.unsigned_abs(),
        (kafka, simulated) => kafka == simulated,
    };
    differ("delete horizon", &kafka.delete_horizon_ms, &simulated.delete_horizon_ms).filter(|_| !are_close)
}

/// Reads what a consumer gets.
struct Reader(BaseConsumer);

impl Reader {
    fn new(broker: &Broker) -> anyhow::Result<Reader> {
        let mut config = broker.client();
        config.set("group.id", "readers").set("enable.auto.commit", "false");
        config.set("enable.partition.eof", "true").set("auto.offset.reset", "error");
        // The end of a partition is told after a fetch that waited in vain.
        Ok(Reader(config.set("fetch.wait.max.ms", "5").create()?))
    }

    /// The log start offset, the high watermark, and the offsets of the records in between.
    fn read(&self, topic: &str, partition: u32) -> anyhow::Result<(i64, i64, Vec<i64>)> {
        let (start, end) = self.0.fetch_watermarks(topic, partition as i32, TIMEOUT)?;
        let mut assignment = TopicPartitionList::new();
        assignment.add_partition_offset(topic, partition as i32, Offset::Offset(start))?;
        self.0.assign(&assignment)?;
        let mut offsets = Vec::new();
        loop {
            match self.0.poll(TIMEOUT) {
                Some(Ok(message)) => offsets.push(message.offset()),
                Some(Err(KafkaError::PartitionEOF(_))) => return Ok((start, end, offsets)),
                Some(Err(error)) => return Err(error.into()),
                None => bail!("{topic}-{partition} could not be read to its end"),
            }
        }
    }
}
