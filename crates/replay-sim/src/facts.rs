//! What a simulation needs to know of each record, as columns, read once from the log.

use replay_log::scan;
use replay_log::{Brief, EntityId, Json, Log, Order, RecordIndex, Schedule};
use replay_protocol::Scenario;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// A record without a key.
pub const NO_KEY: u32 = u32::MAX;

/// Times beyond this (127 000 years) are taken as this.
const FAR_MS: i64 = 4_000_000_000_000_000;

/// Columns over a log's records. Built by [`FactsJob`]; they depend on the log and on what the producer takes as key.
pub struct Facts {
    pub(crate) log: Log,
    /// The JSON pointer that gave the keys; empty for the records' own.
    pub(crate) pointer: String,
    /// Records in the order in which they are sent: by timestamp, as far as the order inside each partition allows.
    pub(crate) sent: Vec<RecordIndex>,
    /// When each is sent, by its place in `sent`: milliseconds since 1970 UTC, never falling.
    pub(crate) sent_ms: Vec<i64>,
    /// By record: which key, or [`NO_KEY`].
    pub(crate) key: Vec<u32>,
    /// The serialized keys.
    pub(crate) keys: Vec<Box<[u8]>>,
    /// By record: bytes of key, value and headers.
    pub(crate) size: Vec<u32>,
    /// By record: which event it is; records with the same id in the same entity are the same event.
    pub(crate) event: Vec<u32>,
    /// By record: the version that the event claims. Where the log's events claim none, the number of the event in its entity.
    pub(crate) version: Vec<i64>,
    /// By record: its topic's number.
    pub(crate) topic: Vec<u16>,
    /// Topics in order, with the partitions that the log has of each.
    pub(crate) topics: Vec<(String, u32)>,
    /// Whether timestamps are made up, a second apart, because the log has none.
    pub(crate) has_made_up_time: bool,
    /// Whether versions are counted, because the log's events claim none.
    pub(crate) has_counted_versions: bool,
}

impl Facts {
    /// The log.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Records in the order in which they are sent, each with its time in milliseconds since 1970 UTC.
    pub fn sent(&self) -> impl Iterator<Item = (RecordIndex, i64)> + '_ {
        self.sent.iter().copied().zip(self.sent_ms.iter().copied())
    }

    /// First and last moment of the log, in milliseconds since 1970 UTC.
    pub fn span_ms(&self) -> (i64, i64) {
        (self.sent_ms.first().copied().unwrap_or(0), self.sent_ms.last().copied().unwrap_or(0))
    }

    /// Whether the log has no timestamps, so that its records are taken to be a second apart.
    pub fn has_made_up_time(&self) -> bool {
        self.has_made_up_time
    }

    /// Whether the log's events claim no versions, so that they are counted per entity.
    pub fn has_counted_versions(&self) -> bool {
        self.has_counted_versions
    }

    /// Whether they are what a scenario needs.
    pub fn serve(&self, scenario: &Scenario) -> bool {
        scenario.topic.null_keys || self.pointer == scenario.topic.key.as_deref().unwrap_or_default()
    }

    /// The topics and how many partitions the log has of each.
    pub fn topics(&self) -> &[(String, u32)] {
        &self.topics
    }

    /// The entities whose state a record can change. A truncate touches all of its topic.
    pub(crate) fn entities_of(&self, record: RecordIndex, mut each: impl FnMut(EntityId)) {
        let mut last = None;
        for entity in self.log.entities_of(record) {
            // A message may change one row twice and is one step all the same.
            if last != Some(entity) {
                each(entity);
            }
            last = Some(entity);
        }
        let truncates = self.log.truncates();
        if !truncates.is_empty() && truncates.binary_search_by_key(&record, |(record, _)| *record).is_ok() {
            let topic = &self.topics[usize::from(self.topic[record as usize])].0;
            for entity in 0..self.log.n_entities() as u32 {
                if self.log.entity_topic(entity) == topic {
                    each(entity);
                }
            }
        }
    }
}

/// Reads the facts in steps.
pub struct FactsJob {
    facts: Facts,
    numbers: FxHashMap<Box<[u8]>, u32>,
    /// By entity: the key of its last record, which most of its records have.
    usual_key: Vec<u32>,
    /// By record: the hash of its event's id, or 0 if it has none.
    ids: Vec<u64>,
    claims: u64,
    /// Used for one record after the other.
    scratch: Vec<u8>,
}

impl FactsJob {
    /// Starts on a log, for a scenario: what it takes as key.
    pub fn new(log: Log, scenario: &Scenario) -> FactsJob {
        let pointer = scenario.topic.key.as_deref().unwrap_or_default();
        let has_made_up_time = log.first_timestamp_ms().is_none();
        let order = Order::new(&log, if has_made_up_time { Schedule::File } else { Schedule::Timestamp });
        let n = log.len();
        let sent: Vec<RecordIndex> = (1..=n as u64).filter_map(|position| order.record_at(position)).collect();
        let mut now = log.first_timestamp_ms().unwrap_or(0).clamp(-FAR_MS, FAR_MS);
        let sent_ms = sent
            .iter()
            .enumerate()
            .map(|(place, &record)| {
                let claimed = if has_made_up_time { Some(place as i64 * 1000) } else { log.timestamp_ms(record) };
                // Kept where microseconds and any duration still fit: a log may claim any number.
                now = claimed.map_or(now, |claimed| claimed.clamp(-FAR_MS, FAR_MS).max(now));
                now
            })
            .collect();
        let mut topics: Vec<(String, u32)> = Vec::new();
        let mut topic_of_partition = Vec::new();
        for partition in log.partitions() {
            if topics.last().is_none_or(|(name, _)| *name != partition.topic) {
                topics.push((partition.topic.clone(), 0));
            }
            if let Some((_, count)) = topics.last_mut() {
                *count = (*count).max(partition.partition + 1);
            }
            topic_of_partition.push(topics.len() as u16 - 1);
        }
        let topic = (0..n as u32).map(|record| topic_of_partition[log.partition(record) as usize]).collect();
        let with_capacity = || Vec::with_capacity(n);
        let facts = Facts {
            pointer: pointer.to_owned(),
            sent,
            sent_ms,
            key: with_capacity(),
            keys: Vec::new(),
            size: with_capacity(),
            event: Vec::new(),
            version: Vec::with_capacity(n),
            topic,
            topics,
            has_made_up_time,
            has_counted_versions: false,
            log,
        };
        FactsJob {
            usual_key: vec![NO_KEY; facts.log.n_entities()],
            facts,
            numbers: FxHashMap::default(),
            ids: Vec::with_capacity(n),
            claims: 0,
            scratch: Vec::new(),
        }
    }

    /// Reads so many records more; true when all are read.
    #[inline(never)]
    pub fn step(&mut self, budget: usize) -> bool {
        let log = self.facts.log.clone();
        let end = (self.facts.key.len() + budget.max(1)).min(log.len());
        let mut scratch = std::mem::take(&mut self.scratch);
        for index in self.facts.key.len() as u32..end as u32 {
            log.brief(index, &mut scratch, &mut |brief| self.take(&log, index, brief));
        }
        self.scratch = scratch;
        end == log.len()
    }

    fn take(&mut self, log: &Log, index: RecordIndex, brief: &Brief<'_>) {
        let pointed;
        let key: Option<&[u8]> = if self.facts.pointer.is_empty() {
            brief.key.as_deref()
        } else {
            pointed = brief.value.and_then(|value| key_at(value, &self.facts.pointer));
            pointed.as_deref()
        };
        let number = key.map_or(NO_KEY, |key| self.number(key, log.entities_of(index).next()));
        let size =
            brief.key.as_deref().map_or(0, <[u8]>::len) + brief.value.map_or(0, <[u8]>::len) + brief.headers_size;
        self.ids.push(brief.event_id.as_deref().map_or(0, id_hash));
        self.claims += u64::from(brief.version.is_some());
        let facts = &mut self.facts;
        facts.key.push(number);
        facts.size.push(u32::try_from(size).unwrap_or(u32::MAX));
        facts.version.push(brief.version.unwrap_or(i64::MIN));
    }

    fn number(&mut self, key: &[u8], entity: Option<EntityId>) -> u32 {
        let usual = entity.and_then(|entity| self.usual_key.get(entity as usize).copied()).unwrap_or(NO_KEY);
        if self.facts.keys.get(usual as usize).is_some_and(|usual| **usual == *key) {
            return usual;
        }
        let number = self.new_number(key);
        if let Some(entity) = entity {
            self.usual_key[entity as usize] = number;
        }
        number
    }

    fn new_number(&mut self, key: &[u8]) -> u32 {
        if let Some(&number) = self.numbers.get(key) {
            return number;
        }
        let number = self.facts.keys.len() as u32;
        self.facts.keys.push(key.into());
        self.numbers.insert(key.into(), number);
        number
    }

    /// An event is numbered after the first record of its entity that has its id.
    fn number_events(&mut self) {
        let facts = &mut self.facts;
        let log = &facts.log;
        facts.event = (0..log.len() as RecordIndex).collect();
        let ids = std::mem::take(&mut self.ids);
        let mut alike: Vec<(u64, RecordIndex)> = Vec::new();
        for entity in 0..log.n_entities() as EntityId {
            alike.clear();
            let own = log.postings(entity).iter().filter(|&&record| log.entities_of(record).next() == Some(entity));
            alike.extend(own.map(|&record| (ids[record as usize], record)).filter(|(id, _)| *id != 0));
            alike.sort_unstable();
            for run in alike.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
                let mut scratch = Vec::new();
                let mut id = |record: RecordIndex| {
                    let mut id = None;
                    log.brief(record, &mut scratch, &mut |brief| id = brief.event_id.as_deref().map(str::to_owned));
                    id
                };
                // Ids of the same hash are mostly the same.
                let mut firsts: Vec<(Option<String>, RecordIndex)> = Vec::new();
                for &(_, record) in run {
                    let id = id(record);
                    match firsts.iter().find(|(known, _)| *known == id) {
                        Some((_, first)) => facts.event[record as usize] = *first,
                        None => firsts.push((id, record)),
                    }
                }
            }
        }
    }

    /// Records read so far, and in all.
    pub fn progress(&self) -> (u64, u64) {
        (self.facts.key.len() as u64, self.facts.log.len() as u64)
    }

    /// The facts; call it when `step` has said true.
    pub fn finish(mut self) -> Facts {
        while !self.step(usize::MAX / 2) {}
        self.number_events();
        let facts = &mut self.facts;
        if self.claims == 0 {
            facts.has_counted_versions = true;
            let mut count = vec![0_i64; facts.log.n_entities()];
            for &record in &facts.sent {
                // Of a record with several rows the first gives the number.
                if let Some(entity) = facts.log.entities_of(record).next() {
                    count[entity as usize] += 1;
                    facts.version[record as usize] = count[entity as usize];
                }
            }
        }
        self.facts
    }
}

/// Never 0, which stands for no id.
fn id_hash(id: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(id.as_bytes());
    hasher.finish() | 1
}

/// What a serializer would make of the value at a pointer: a string's content, any other value's JSON text, nothing for null.
fn key_at(value: &[u8], pointer: &str) -> Option<Vec<u8>> {
    match Json::parse(scan::pointer(value, pointer)?).ok()? {
        Json::Null => None,
        Json::String(text) => Some(text.as_bytes().to_vec()),
        other => Some(other.to_text().into_bytes()),
    }
}
