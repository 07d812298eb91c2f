//! The scenario of a simulation: the same document for the page, the command line and shared links.
//!
//! Every field has a default, so `{}` is a scenario: the log as it is, read by one consumer that keeps up. Members are named as Kafka
//! names its settings, with underscores for dots. Unknown members are refused; [`Scenario::check`] refuses values out of range.

use crate::said::Said;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// What happens to the log.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    /// Repeats every random choice.
    pub seed: u64,
    /// Where records go.
    pub topic: Topic,
    /// What goes wrong on the way to the broker.
    pub producer: Producer,
    /// Writers of an event store that expect a version.
    pub writers: Writers,
    /// Who reads.
    pub consumers: Consumers,
    /// How the fold tells that it has seen an event before.
    pub idempotency: Idempotency,
    /// States that are kept to shorten a rebuild.
    pub snapshots: Snapshots,
    /// Retention and compaction.
    pub cleanup: Cleanup,
    /// When lag becomes an alert.
    pub alert: Alert,
    /// Whether a state with the right fields and another version (number of events applied) is wrong, too.
    pub count_versions: bool,
    /// In how many shards, by entity, a rebuild is split.
    pub shards: u32,
    /// Which states are compared with the truth.
    pub compare: Compare,
}

/// Which states are held against the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// A rebuild if the log is cleaned up or snapshots are kept, else what the consumers hold.
    #[default]
    Auto,
    /// What the consumer group's store holds at the end.
    Group,
    /// What a rebuild from what is left of the log gives.
    Rebuild,
}

/// Where records go.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Topic {
    /// Partitions of each topic. `None`: as the log has them.
    pub partitions: Option<u32>,
    /// The producer's rule. `None`: records stay where the log has them, unless partitions or key are changed; then `murmur2`.
    pub partitioner: Option<PartitionerName>,
    /// JSON pointer into the value to what the producer uses as key. `None`: the record's own key.
    pub key: Option<String>,
    /// Records are sent without a key, whatever the log has: each sticks to a partition for a batch (KIP-480, KIP-794).
    pub null_keys: bool,
    /// Partitions added on the way. Old records stay; keys move.
    pub changes: Vec<PartitionChange>,
    /// `batch.size` of the producer in bytes: a sticky partitioner changes partition after that much.
    pub batch_size: Option<u32>,
}

/// More partitions from a time on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartitionChange {
    /// When.
    pub at: At,
    /// So many from then on. Kafka refuses fewer than before.
    pub partitions: u32,
}

/// A producer's rule for choosing partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartitionerName {
    /// Java's default: hashed keys; records without a key stick to a partition for a batch (KIP-794).
    Murmur2,
    /// librdkafka's `consistent_random`: hashed keys; records without a key go anywhere.
    #[serde(alias = "consistent_random", alias = "consistent")]
    Crc32,
    /// librdkafka's `fnv1a_random`.
    #[serde(alias = "fnv1a_random")]
    Fnv1a,
    /// Java's `RoundRobinPartitioner`: keys are not looked at.
    RoundRobin,
    /// Java's `UniformStickyPartitioner` (KIP-480): keys are not looked at, a partition for each batch.
    UniformSticky,
}

/// What goes wrong on the way to the broker. Rates are shares of the records, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Producer {
    /// The broker's answer is lost and the record is sent again.
    pub duplicate_rate: f64,
    /// The first try fails and the retry arrives behind later records (more than one request in flight).
    pub reorder_rate: f64,
    /// Behind at most so many later records of its partition.
    pub reorder_window: u32,
    /// Never arrives.
    pub loss_rate: f64,
    /// `enable.idempotence`: the broker drops what it has, and keeps the order, within a producer's epoch.
    pub idempotent: bool,
    /// The producer is restarted with a new epoch after so many records; a retry across that is not recognised. `None`: never.
    pub restart_every: Option<u32>,
    /// A retry comes after so many milliseconds.
    pub retry_backoff_ms: u32,
}

impl Default for Producer {
    fn default() -> Producer {
        Producer {
            duplicate_rate: 0.0,
            reorder_rate: 0.0,
            reorder_window: 5,
            loss_rate: 0.0,
            idempotent: false,
            restart_every: None,
            retry_backoff_ms: 100,
        }
    }
}

/// Writers that read a stream, decide, and append expecting the version they read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Writers {
    /// Writers side by side; 0 leaves the log alone.
    pub count: u32,
    /// Milliseconds between reading and appending.
    pub latency_ms: u32,
    /// Whether an append says which version it expects. Without, nothing is refused.
    pub expected_version: bool,
    /// A refused writer reads again and retries so often.
    pub retries: u32,
}

impl Default for Writers {
    fn default() -> Writers {
        Writers { count: 0, latency_ms: 100, expected_version: true, retries: 3 }
    }
}

/// A consumer group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Consumers {
    /// Members at the start.
    pub count: u32,
    /// How fast one member processes. `None`: as fast as records come.
    pub rate: Option<Rate>,
    /// `partition.assignment.strategy`.
    pub assignor: AssignorName,
    /// Members that join later.
    pub joins: Vec<At>,
    /// Members that leave in order: they commit first.
    pub leaves: Vec<MemberAt>,
    /// Members that die: found out after the session timeout.
    pub crashes: Vec<Crash>,
    /// `session.timeout.ms`.
    pub session_timeout_ms: u32,
    /// `metadata.max.age.ms`: new partitions are found after that.
    pub metadata_max_age_ms: u32,
    /// How long a rebalance holds up the members it stops.
    pub rebalance_ms: u32,
    /// `auto.offset.reset`: where a group starts that has no committed offset, or one that is gone.
    pub auto_offset_reset: OffsetReset,
    /// When offsets are committed.
    pub commit: Commit,
    /// Records between two commits.
    pub commit_every: u32,
    /// `max.poll.records`.
    pub max_poll_records: u32,
    /// Where the state lives.
    pub store: Store,
    /// When the group first starts. `None`: with the log.
    pub start: Option<At>,
}

impl Default for Consumers {
    fn default() -> Consumers {
        Consumers {
            count: 1,
            rate: None,
            assignor: AssignorName::Range,
            joins: Vec::new(),
            leaves: Vec::new(),
            crashes: Vec::new(),
            session_timeout_ms: 45_000,
            metadata_max_age_ms: 300_000,
            rebalance_ms: 500,
            auto_offset_reset: OffsetReset::Earliest,
            commit: Commit::After,
            commit_every: 1,
            max_poll_records: 500,
            store: Store::External,
            start: None,
        }
    }
}

/// A member leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberAt {
    /// When.
    pub at: At,
    /// Its number, from 0 in the order of joining.
    #[serde(default)]
    pub member: u32,
}

/// A member dies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crash {
    /// When.
    pub at: At,
    /// Its number, from 0 in the order of joining.
    #[serde(default)]
    pub member: u32,
    /// It comes back after so many milliseconds, as a new member. `None`: never.
    #[serde(default)]
    pub restart_after_ms: Option<f64>,
}

/// Kafka's assignors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AssignorName {
    /// `RangeAssignor`.
    #[default]
    #[serde(rename = "range")]
    Range,
    /// `RoundRobinAssignor`.
    #[serde(rename = "roundrobin", alias = "round_robin", alias = "round-robin")]
    RoundRobin,
    /// `StickyAssignor`.
    #[serde(rename = "sticky")]
    Sticky,
    /// `CooperativeStickyAssignor`.
    #[serde(rename = "cooperative-sticky", alias = "cooperative_sticky")]
    CooperativeSticky,
}

/// Where a group without a valid committed offset starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffsetReset {
    /// At the log start offset.
    #[default]
    Earliest,
    /// At the log end offset.
    Latest,
}

/// When offsets are committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commit {
    /// Before processing: at most once.
    Before,
    /// After processing: at least once.
    #[default]
    After,
    /// With the state, in one transaction: exactly once.
    Atomic,
}

/// Where the state lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Store {
    /// In the member's memory: lost in a crash, rebuilt from the log.
    Memory,
    /// In a database of its own: what is redelivered applies twice.
    #[default]
    External,
    /// In one transaction with the offsets.
    Transactional,
}

/// How the fold tells that it has seen an event before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Idempotency {
    /// It cannot.
    #[default]
    None,
    /// By the event's id.
    EventId,
    /// By the entity's version: what is not newer is ignored, gaps are counted.
    Version,
}

/// Kept states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Snapshots {
    /// Events between two snapshots; 0 keeps none.
    pub every: u32,
    /// Counted and kept for each of these.
    pub per: SnapshotScope,
    /// The newest so many are kept.
    pub keep: u32,
    /// What is wrong with the newest.
    pub damage: Damage,
    /// Whether checksum, schema version and log start offset are checked before one is used.
    pub verify: bool,
}

impl Default for Snapshots {
    fn default() -> Snapshots {
        Snapshots { every: 0, per: SnapshotScope::Entity, keep: 2, damage: Damage::None, verify: true }
    }
}

/// What a snapshot covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotScope {
    /// One entity.
    #[default]
    Entity,
    /// All entities of a partition.
    Partition,
}

/// What is wrong with the newest snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// Nothing.
    #[default]
    None,
    /// It says a later offset than its state has: the events between are missing.
    Stale,
    /// It was written by an older program and lacks what that did not know.
    OldSchema,
    /// Its bytes do not fit its checksum.
    Corrupt,
}

/// Retention and compaction, named as the broker's topic settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cleanup {
    /// `cleanup.policy`.
    pub policy: CleanupPolicy,
    /// `retention.ms`; -1 is without limit.
    pub retention_ms: i64,
    /// `retention.bytes` of a partition; -1 is without limit.
    pub retention_bytes: i64,
    /// `segment.bytes`.
    pub segment_bytes: u32,
    /// `segment.ms`.
    pub segment_ms: i64,
    /// `min.cleanable.dirty.ratio`.
    pub min_cleanable_dirty_ratio: f64,
    /// `min.compaction.lag.ms`.
    pub min_compaction_lag_ms: i64,
    /// `max.compaction.lag.ms`; -1 is without limit.
    pub max_compaction_lag_ms: i64,
    /// `delete.retention.ms`: how long tombstones stay after a cleaning first saw them.
    pub delete_retention_ms: i64,
    /// `log.retention.check.interval.ms`, and how often the cleaner looks.
    pub check_interval_ms: i64,
    /// Time that passes behind the last record before the log is looked at.
    pub idle_ms: i64,
}

impl Default for Cleanup {
    fn default() -> Cleanup {
        Cleanup {
            policy: CleanupPolicy::None,
            retention_ms: 604_800_000,
            retention_bytes: -1,
            segment_bytes: 1_073_741_824,
            segment_ms: 604_800_000,
            min_cleanable_dirty_ratio: 0.5,
            min_compaction_lag_ms: 0,
            max_compaction_lag_ms: -1,
            delete_retention_ms: 86_400_000,
            check_interval_ms: 300_000,
            idle_ms: 0,
        }
    }
}

/// `cleanup.policy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum CleanupPolicy {
    /// Nothing is cleaned up: the log is kept for ever.
    #[default]
    #[serde(rename = "none")]
    None,
    /// Old segments go.
    #[serde(rename = "delete")]
    Delete,
    /// Old values of a key go.
    #[serde(rename = "compact")]
    Compact,
    /// Both.
    #[serde(rename = "compact,delete", alias = "delete,compact")]
    Both,
}

/// When lag becomes an alert; 0 never.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alert {
    /// Records behind, over all partitions.
    pub lag_records: u32,
    /// Seconds behind: age of the oldest record not yet read.
    pub lag_seconds: f64,
}

/// A moment on the log's clock: a number is milliseconds behind the first record, `"50%"` a share of the log's time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum At {
    /// Milliseconds behind the first record.
    AfterMs(f64),
    /// 0 the first record, 1 the last.
    Share(f64),
}

/// How fast a member processes: a number is records a second, `"80%"` a share of the log's mean rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rate {
    /// Records a second.
    PerSecond(f64),
    /// Share of the log's mean rate over all partitions.
    Share(f64),
}

/// A number, or a percentage in a string.
enum Amount {
    Number(f64),
    Share(f64),
}

fn amount<'de, D: Deserializer<'de>>(deserializer: D, what: &'static str) -> Result<Amount, D::Error> {
    struct Visitor(&'static str);
    impl de::Visitor<'_> for Visitor {
        type Value = Amount;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_f64<E: de::Error>(self, number: f64) -> Result<Amount, E> {
            if number.is_finite() && number >= 0.0 {
                Ok(Amount::Number(number))
            } else {
                Err(E::invalid_value(de::Unexpected::Float(number), &self))
            }
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<Amount, E> {
            self.visit_f64(number as f64)
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<Amount, E> {
            self.visit_f64(number as f64)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
            let number = text.trim().strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
            match number.filter(|number| number.is_finite() && *number >= 0.0) {
                Some(percent) => Ok(Amount::Share(percent / 100.0)),
                None => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
            }
        }
    }
    deserializer.deserialize_any(Visitor(what))
}

fn percentage(share: f64) -> String {
    format!("{}%", (share * 1e6).round() / 1e4)
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<At, D::Error> {
        Ok(match amount(deserializer, "milliseconds behind the first record, or a share such as \"50%\"")? {
            Amount::Number(number) => At::AfterMs(number),
            Amount::Share(share) => At::Share(share),
        })
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            At::AfterMs(number) => serializer.serialize_f64(*number),
            At::Share(share) => serializer.serialize_str(&percentage(*share)),
        }
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
        Ok(match amount(deserializer, "records a second, or a share of the log's mean rate such as \"80%\"")? {
            Amount::Number(number) => Rate::PerSecond(number),
            Amount::Share(share) => Rate::Share(share),
        })
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Rate::PerSecond(number) => serializer.serialize_f64(*number),
            Rate::Share(share) => serializer.serialize_str(&percentage(*share)),
        }
    }
}

/// A value that cannot be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScenarioError {
    /// Members from the root, joined by dots, array elements in brackets: `consumers.crashes[0].at`.
    pub path: String,
    /// What is wrong and what would be right.
    pub said: Said,
}

impl ScenarioError {
    /// What is wrong at a path: a code, texts by name, and the same in English.
    pub fn new(path: &str, code: &str, texts: &[(&str, &str)], english: impl Into<String>) -> Self {
        Self { path: path.to_owned(), said: Said::new(code, texts, english) }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() || self.path == "." {
            f.write_str(&self.said.text)
        } else {
            write!(f, "{}: {}", self.path, self.said.text)
        }
    }
}

impl std::error::Error for ScenarioError {}

/// Most partitions of a topic in a simulation.
pub const MAX_PARTITIONS: u32 = 10_000;
/// Most members of a group in a simulation.
pub const MAX_MEMBERS: u32 = 1_000;

impl Scenario {
    /// Finds the first value out of range.
    ///
    /// # Errors
    /// The member's path and what would be right.
    pub fn check(&self) -> Result<(), ScenarioError> {
        let share = |path: &str, value: f64| within(path, value, 0.0, 1.0);
        let (topic, producer, consumers, cleanup) = (&self.topic, &self.producer, &self.consumers, &self.cleanup);
        if let Some(partitions) = topic.partitions {
            within("topic.partitions", f64::from(partitions), 1.0, f64::from(MAX_PARTITIONS))?;
        }
        if let Some(pointer) = &topic.key
            && !pointer.is_empty()
            && !pointer.starts_with('/')
        {
            let english = format!("{pointer:?} is no JSON pointer: it must start with /, as in /operator");
            return Err(ScenarioError::new("topic.key", "scenario-pointer", &[("value", pointer)], english));
        }
        let mut before = topic.partitions.unwrap_or(1);
        for (n, change) in topic.changes.iter().enumerate() {
            let path = format!("topic.changes[{n}].partitions");
            within(&path, f64::from(change.partitions), 1.0, f64::from(MAX_PARTITIONS))?;
            if change.partitions < before {
                let english = format!("Kafka cannot take partitions away: at least {before}");
                let texts = [("least", &*before.to_string())];
                return Err(ScenarioError::new(&path, "scenario-fewer-partitions", &texts, english));
            }
            before = change.partitions;
        }
        if topic.batch_size == Some(0) {
            return Err(at_least_one("topic.batch_size", "byte"));
        }
        share("producer.duplicate_rate", producer.duplicate_rate)?;
        share("producer.reorder_rate", producer.reorder_rate)?;
        share("producer.loss_rate", producer.loss_rate)?;
        if producer.reorder_window == 0 {
            return Err(at_least_one("producer.reorder_window", "record"));
        }
        if producer.restart_every == Some(0) {
            let english = "at least 1 record, or null for never";
            return Err(ScenarioError::new("producer.restart_every", "scenario-at-least-one-or-never", &[], english));
        }
        within("writers.count", f64::from(self.writers.count), 0.0, 1000.0)?;
        within("writers.retries", f64::from(self.writers.retries), 0.0, 1000.0)?;
        within("consumers.count", f64::from(consumers.count), 0.0, f64::from(MAX_MEMBERS))?;
        within("consumers.joins", consumers.joins.len() as f64, 0.0, f64::from(MAX_MEMBERS))?;
        let members = consumers.count as usize + consumers.joins.len() + consumers.crashes.len();
        for (n, leave) in consumers.leaves.iter().enumerate() {
            member(&format!("consumers.leaves[{n}].member"), leave.member, members)?;
        }
        for (n, crash) in consumers.crashes.iter().enumerate() {
            member(&format!("consumers.crashes[{n}].member"), crash.member, members)?;
            if let Some(after) = crash.restart_after_ms {
                within(&format!("consumers.crashes[{n}].restart_after_ms"), after, 0.0, 1e15)?;
            }
        }
        match consumers.rate {
            Some(Rate::PerSecond(rate) | Rate::Share(rate)) if rate <= 0.0 => {
                let english = "more than 0, or null for as fast as records come";
                return Err(ScenarioError::new("consumers.rate", "scenario-rate", &[], english));
            }
            _ => {}
        }
        for (path, value) in [
            ("consumers.commit_every", consumers.commit_every),
            ("consumers.max_poll_records", consumers.max_poll_records),
        ] {
            within(path, f64::from(value), 1.0, 1e9)?;
        }
        if consumers.store == Store::Transactional && consumers.commit == Commit::Before {
            let english = "a transactional store commits with the state: \"atomic\" or \"after\"";
            return Err(ScenarioError::new("consumers.commit", "scenario-transactional-commit", &[], english));
        }
        within("snapshots.keep", f64::from(self.snapshots.keep), 1.0, 1e6)?;
        within("cleanup.min_cleanable_dirty_ratio", cleanup.min_cleanable_dirty_ratio, 0.0, 1.0)?;
        // Kafka's own bounds: LogConfig asks for at least one byte more than nothing, and for 1 ms.
        within("cleanup.segment_bytes", f64::from(cleanup.segment_bytes), 14.0, f64::from(i32::MAX))?;
        for (path, value, least) in [
            ("cleanup.retention_ms", cleanup.retention_ms, -1),
            ("cleanup.retention_bytes", cleanup.retention_bytes, -1),
            ("cleanup.segment_ms", cleanup.segment_ms, 1),
            ("cleanup.min_compaction_lag_ms", cleanup.min_compaction_lag_ms, 0),
            ("cleanup.max_compaction_lag_ms", cleanup.max_compaction_lag_ms, -1),
            ("cleanup.delete_retention_ms", cleanup.delete_retention_ms, 0),
            ("cleanup.check_interval_ms", cleanup.check_interval_ms, 1),
            ("cleanup.idle_ms", cleanup.idle_ms, 0),
        ] {
            within(path, value as f64, f64::from(least), 9e15)?;
        }
        within("alert.lag_seconds", self.alert.lag_seconds, 0.0, 1e12)?;
        within("shards", f64::from(self.shards), 0.0, 1024.0)
    }

    /// Whether the log is cleaned up.
    pub fn cleans_up(&self) -> bool {
        self.cleanup.policy != CleanupPolicy::None
    }

    /// Whether a rebuild, rather than the group's store, is held against the truth.
    pub fn compares_rebuild(&self) -> bool {
        match self.compare {
            Compare::Auto => self.cleans_up() || self.snapshots.every > 0,
            Compare::Group => false,
            Compare::Rebuild => true,
        }
    }
}

fn at_least_one(path: &str, what: &str) -> ScenarioError {
    ScenarioError::new(path, "scenario-at-least-one", &[("what", what)], format!("at least 1 {what}"))
}

fn within(path: &str, value: f64, least: f64, most: f64) -> Result<(), ScenarioError> {
    if value.is_finite() && value >= least && value <= most {
        return Ok(());
    }
    let texts = [("value", &*value.to_string()), ("least", &*least.to_string()), ("most", &*most.to_string())];
    let english = format!("{value} is out of range: it must be from {least} to {most}");
    Err(ScenarioError::new(path, "scenario-range", &texts, english))
}

fn member(path: &str, number: u32, members: usize) -> Result<(), ScenarioError> {
    if (number as usize) < members {
        return Ok(());
    }
    let english =
        format!("there is no member {number}: members are numbered from 0 in the order of joining, {members} in all");
    let texts = [("number", &*number.to_string()), ("members", &*members.to_string())];
    Err(ScenarioError::new(path, "scenario-no-member", &texts, english))
}
