//! Replay orders. Kafka has no order across partitions, so the order is a choice; none ever breaks the order inside a partition.

use crate::log::{Log, RecordIndex};
use std::fmt;
use std::str::FromStr;

/// A place in the replay: 0 is before the first event, n after the n-th.
pub type Position = u64;

/// Which order records are replayed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Schedule {
    /// As the file had them.
    #[default]
    File,
    /// By timestamp; a record waits for those before it in its partition.
    Timestamp,
    /// One partition after the other.
    Partition,
    /// A random interleaving of the partitions that the seed repeats.
    Seeded(u64),
}

/// A schedule's name that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown schedule {0:?}; there are file, timestamp, partition and seeded:N")]
pub struct UnknownSchedule(pub String);

impl FromStr for Schedule {
    type Err = UnknownSchedule;

    fn from_str(name: &str) -> Result<Schedule, UnknownSchedule> {
        match name.split_once(':').unwrap_or((name, "")) {
            ("file", "") => Ok(Schedule::File),
            ("timestamp", "") => Ok(Schedule::Timestamp),
            ("partition", "") => Ok(Schedule::Partition),
            ("seeded" | "seed", "") => Ok(Schedule::Seeded(0)),
            ("seeded" | "seed", seed) => {
                seed.parse().map(Schedule::Seeded).map_err(|_| UnknownSchedule(name.to_owned()))
            }
            _ => Err(UnknownSchedule(name.to_owned())),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Schedule::File => f.write_str("file"),
            Schedule::Timestamp => f.write_str("timestamp"),
            Schedule::Partition => f.write_str("partition"),
            Schedule::Seeded(seed) => write!(f, "seeded:{seed}"),
        }
    }
}

/// The order of one log under one schedule, both ways in O(1). File order costs nothing, others 8 bytes a record.
#[derive(Debug, Clone, Default)]
pub struct Order {
    len: u32,
    permutation: Option<Permutation>,
}

#[derive(Debug, Clone)]
struct Permutation {
    records: Vec<RecordIndex>,
    positions: Vec<u32>,
}

impl Order {
    /// Computes the order. O(n log p) in records and partitions.
    pub fn new(log: &Log, schedule: Schedule) -> Order {
        let len = log.len() as u32;
        let records = match schedule {
            Schedule::File => return Order { len, permutation: None },
            Schedule::Partition => {
                let mut records: Vec<RecordIndex> = (0..len).collect();
                records.sort_by_key(|&record| log.partition(record));
                records
            }
            Schedule::Timestamp => by_timestamp(log),
            Schedule::Seeded(seed) => interleaved(log, seed),
        };
        let mut positions = vec![0; len as usize];
        for (n, &record) in records.iter().enumerate() {
            positions[record as usize] = n as u32 + 1;
        }
        Order { len, permutation: Some(Permutation { records, positions }) }
    }

    /// The order of a log that has grown since this one was computed, if the new records all come behind the others in it: always in file
    /// order, and by timestamp where they are not earlier. Costs nothing, or a look at all timestamps; `None` where it must be computed anew.
    #[must_use]
    pub fn grown(&self, log: &Log, schedule: Schedule) -> Option<Order> {
        let (before, len) = (self.len, log.len() as u32);
        if schedule == Schedule::File {
            return Some(Order { len, permutation: None });
        }
        let permutation = self.permutation.as_ref().filter(|_| schedule == Schedule::Timestamp)?;
        // The last record in the order is due latest of all, by the latest timestamp of its partition so far.
        let mut latest = vec![i64::MIN; log.partitions().len()];
        for record in 0..before {
            let latest = &mut latest[log.partition(record) as usize];
            *latest = log.timestamp_ms(record).map_or(*latest, |timestamp| timestamp.max(*latest));
        }
        let end = latest.iter().copied().max().unwrap_or(i64::MIN);
        let mut due: Vec<(i64, RecordIndex)> = Vec::new();
        for record in before..len {
            let latest = &mut latest[log.partition(record) as usize];
            *latest = log.timestamp_ms(record).map_or(*latest, |timestamp| timestamp.max(*latest));
            due.push((*latest, record));
        }
        if due.iter().any(|(time, _)| *time < end) {
            return None;
        }
        due.sort_unstable();
        let mut permutation = permutation.clone();
        permutation.positions.resize(len as usize, 0);
        for (n, (_, record)) in (before..).zip(due) {
            permutation.records.push(record);
            permutation.positions[record as usize] = n + 1;
        }
        Some(Order { len, permutation: Some(permutation) })
    }

    /// How many steps the replay has.
    pub fn len(&self) -> u64 {
        u64::from(self.len)
    }

    /// Whether there is nothing to replay.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// True if positions are the log's own order.
    pub fn is_file_order(&self) -> bool {
        self.permutation.is_none()
    }

    /// The record that the step to `position` applies; positions count from 1.
    #[inline]
    pub fn record_at(&self, position: Position) -> Option<RecordIndex> {
        if position == 0 || position > u64::from(self.len) {
            return None;
        }
        let index = position as u32 - 1;
        Some(self.permutation.as_ref().map_or(index, |permutation| permutation.records[index as usize]))
    }

    /// The position behind the step that applies `record`.
    #[inline]
    pub fn position_of(&self, record: RecordIndex) -> Position {
        match &self.permutation {
            None => u64::from(record) + 1,
            Some(permutation) => permutation.positions.get(record as usize).map_or(0, |&position| u64::from(position)),
        }
    }

    /// Bytes of memory it holds.
    pub fn memory(&self) -> usize {
        self.permutation.as_ref().map_or(0, |p| (p.records.capacity() + p.positions.capacity()) * 4)
    }
}

fn partition_lists(log: &Log) -> Vec<Vec<RecordIndex>> {
    let mut lists: Vec<Vec<RecordIndex>> =
        log.partitions().iter().map(|partition| Vec::with_capacity(partition.records as usize)).collect();
    for record in 0..log.len() as u32 {
        lists[log.partition(record) as usize].push(record);
    }
    lists
}

/// A stable sort by the latest timestamp seen so far in the record's partition: within a partition that never falls.
fn by_timestamp(log: &Log) -> Vec<RecordIndex> {
    let mut latest = vec![i64::MIN; log.partitions().len()];
    let mut due: Vec<(i64, RecordIndex)> = Vec::with_capacity(log.len());
    for record in 0..log.len() as u32 {
        let latest = &mut latest[log.partition(record) as usize];
        *latest = log.timestamp_ms(record).map_or(*latest, |timestamp| timestamp.max(*latest));
        due.push((*latest, record));
    }
    due.sort_unstable();
    due.into_iter().map(|(_, record)| record).collect()
}

/// `SplitMix64` (Steele, Lea, Flood 2014): small, seeded, the same everywhere.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, by Lemire's multiplication.
    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}

/// Draws the next partition with the weight of what is left in it, so that every interleaving is equally likely.
fn interleaved(log: &Log, seed: u64) -> Vec<RecordIndex> {
    let lists = partition_lists(log);
    let mut random = SplitMix64(seed);
    // Shuffling the places of the partitions and then filling them in order gives each interleaving the same chance.
    let mut places: Vec<u32> = (0..log.len() as u32).map(|record| log.partition(record)).collect();
    places.sort_unstable();
    for n in (1..places.len()).rev() {
        places.swap(n, random.below(n as u64 + 1) as usize);
    }
    let mut next = vec![0; lists.len()];
    places
        .into_iter()
        .map(|partition| {
            let next = &mut next[partition as usize];
            *next += 1;
            lists[partition as usize][*next - 1]
        })
        .collect()
}
