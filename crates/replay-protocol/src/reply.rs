//! What the engine answers. Windows, tiles and single entities, never the log.

use crate::kafka::{FollowState, KafkaReply};
use crate::{
    Archive, Argument, Compared, Configuration, DivergedRow, Found, Mapping, Preview, ReadCost, RebuildMeasure,
    RowChanges, RunPage, Said, Scenario, SimulatedEntity, SimulationLanes, SimulationSummary, StreamView, Windows,
    WordsFound,
};
use serde::{Deserialize, Serialize};

/// One answer. Long jobs send `Progress` before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// How far a job is.
    Progress(Progress),
    /// The log and its configuration as they now are.
    Loaded(Box<Summary>),
    /// The beginning of a long log, to be looked at while the rest is read. Not the last answer.
    Begun(Box<Summary>),
    /// Answer to `Preview`.
    Preview(Box<Preview>),
    /// The log has grown by records that followed it: the same as before with more behind.
    Grown(Box<Summary>),
    /// How following is going.
    Following(FollowState),
    /// Answer to `Kafka`.
    Kafka(Box<KafkaReply>),
    /// Answer to `SchemaIds`.
    SchemaIds {
        /// Ascending, at most 1000.
        ids: Vec<String>,
    },
    /// Answer to `Rows`.
    Rows {
        /// In replay order.
        rows: Vec<Row>,
    },
    /// Nothing in the sources could be read, and this is the first reason; a `Failed` follows.
    NothingRead(ReadProblem),
    /// Answer to `Runs`.
    Runs(RunPage),
    /// Answer to `Entities`.
    Entities {
        /// How many match the filter.
        total: u64,
        /// The window.
        rows: Vec<EntityRow>,
    },
    /// Answer to `Entity`.
    Entity(Box<EntityView>),
    /// Answer to `History`.
    History {
        /// All events of the entity.
        total: u64,
        /// The window.
        steps: Vec<HistoryStep>,
    },
    /// Answer to `Lanes`.
    Lanes(LaneTile),
    /// Answer to `Record`.
    Record(Box<RecordView>),
    /// Answer to `Locate`; `None` if there is no such place.
    Located {
        /// The position, 1-based; 0 if only the entity is known.
        position: Option<u64>,
        /// The entity meant or touched.
        entity: Option<u32>,
    },
    /// Answer to `Hash` and to `StateHash`.
    Hash {
        /// SHA-256 in hex.
        hash: String,
    },
    /// A piece of an export.
    Chunk {
        /// The next of the file.
        #[serde(with = "crate::bytes")]
        bytes: Vec<u8>,
        /// True for the last piece.
        last: bool,
    },
    /// Answer to `Marks`.
    Marks {
        /// Ascending; where several events share a pixel, the first of them.
        positions: Vec<u32>,
        /// Behind which events a snapshot of the entity's state is kept, thinned in the same way.
        snapshots: Vec<u32>,
    },
    /// A piece of a search.
    Found(Found),
    /// Answer to `ReadCost`.
    ReadCost(ReadCost),
    /// Answer to `Windows`.
    Windows(Windows),
    /// Answer to `Words`.
    Words(WordsFound),
    /// Answer to `RowChanges`.
    RowChanges(Box<RowChanges>),
    /// Answer to `Stream`.
    Stream(Box<StreamView>),
    /// Answer to `Archive`.
    Archived(Box<Archive>),
    /// Answer to `Compare`.
    Compared(Box<Compared>),
    /// Answer to `Simulate`.
    Simulated(Box<SimulationSummary>),
    /// Answer to `MeasureRebuild`.
    Rebuilt(RebuildMeasure),
    /// Answer to `ReadScenario`.
    Scenario(Box<Scenario>),
    /// Answer to `Diverged`.
    Diverged {
        /// How many match the filter.
        total: u64,
        /// The window.
        rows: Vec<DivergedRow>,
    },
    /// Answer to `SimulatedEntity`.
    SimulatedEntity(Box<SimulatedEntity>),
    /// Answer to `SimulationLanes`.
    SimulationLanes(Box<SimulationLanes>),
    /// The job was cancelled.
    Cancelled,
    /// The request could not be done at all.
    Failed(Failure),
}

/// How far a job is. `done` and `total` are in `unit`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// `read`, `index`, `order`, `fold`, `hash`, `compare`, `words` or `archive`: keys of the locale.
    pub stage: String,
    /// So far.
    pub done: f64,
    /// In all, if known.
    pub total: Option<f64>,
    /// Records read so far.
    pub records: f64,
}

/// Why a request failed: `code` is a key of the locale, `detail` goes into its text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Failure {
    /// For example `no-records`, `bad-format`, `bad-pointer`, `bad-jq`, `no-log`, `unreadable`.
    pub code: String,
    /// What exactly, for people: a name, a place, or English.
    pub detail: String,
    /// The detail to be worded in the reader's language, where it is a sentence: a mistake in a program or a scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Box<Said>>,
}

impl Failure {
    /// A failure whose detail is a name or a place.
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.to_owned(), detail: detail.into(), said: None }
    }

    /// A failure whose detail is a sentence.
    pub fn saying(code: &str, said: Said) -> Self {
        Self { code: code.to_owned(), detail: said.text.clone(), said: Some(Box::new(said)) }
    }
}

/// What was understood of a load: enough for the header, the legends and the selects.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Grows with every load or configuration; answers to older ones are dropped by the page.
    pub generation: u32,
    /// Names of the sources.
    pub sources: Vec<String>,
    /// The format's name, e.g. `kcat-json`.
    pub format: String,
    /// Why that format.
    pub evidence: Vec<Said>,
    /// The same for all exports of one kind, to remember a mapping by.
    pub signature: String,
    /// Where the parts of a record were taken from.
    pub mapping: Mapping,
    /// What of that was chosen, now or for an earlier export of the kind.
    pub chosen_mapping: Mapping,
    /// Formats in which a log can be read, by name.
    pub formats: Vec<String>,
    /// Formats in which the log can be saved.
    pub writers: Vec<Writer>,
    /// Steps of the replay.
    pub records: u64,
    /// Entities.
    pub entities: u64,
    /// Records with a null value.
    pub tombstones: u64,
    /// Row changes of change data.
    pub changes: u64,
    /// Records that have no entity.
    pub without_key: u64,
    /// Sorted by topic and partition.
    pub partitions: Vec<PartitionInfo>,
    /// Event types by number; at most 64, the rest is "other".
    pub event_types: Vec<EventType>,
    /// First and last timestamp, if any.
    pub first_timestamp_ms: Option<f64>,
    /// Last timestamp, if any.
    pub last_timestamp_ms: Option<f64>,
    /// True if the export had no offsets and they were counted.
    pub offsets_estimated: bool,
    /// What is in force; every field is set.
    pub configuration: Configuration,
    /// What was guessed, for the same fields.
    pub guessed: Configuration,
    /// JSON pointers that could be the key, best first, with the number of distinct values.
    pub key_candidates: Vec<KeyCandidate>,
    /// What could not be read, capped.
    pub errors: Vec<ReadProblem>,
    /// How many there are in all.
    pub error_count: u64,
    /// How many of each code, the commonest first.
    pub error_kinds: Vec<(String, u64)>,
    /// True if a load was cancelled and this is what had been read.
    pub partial: bool,
    /// Memory held: bytes of the log and bytes of the index.
    pub bytes: f64,
    /// Index bytes.
    pub index_bytes: f64,
}

/// A partition of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartitionInfo {
    /// Empty if unknown.
    pub topic: String,
    /// The broker's number.
    pub partition: u32,
    /// First offset.
    pub start: i64,
    /// Last offset + 1.
    pub end: i64,
    /// Records in it.
    pub records: u64,
}

/// An event type and how often it occurs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventType {
    /// As in the log.
    pub name: String,
    /// Records of it.
    pub records: u64,
}

/// A pointer that could be the key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyCandidate {
    /// JSON pointer into the value.
    pub pointer: String,
    /// Distinct values seen in a sample.
    pub distinct: u64,
    /// Share of sampled records that have it, 0 to 1.
    pub share: f64,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadProblem {
    /// Which source.
    pub source: u32,
    /// 1-based.
    pub line: u64,
    /// 1-based, bytes.
    pub column: u64,
    /// Its kind, a key of the locale, e.g. `not-a-record`.
    pub code: String,
    /// What goes into the text for that kind.
    pub arguments: Vec<(String, Argument)>,
    /// In English, with details.
    pub message: String,
    /// What stands before the place and from it on, if there is text; shortened.
    pub around: Option<(String, String)>,
}

/// A format in which the log can be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// As `Export` takes it.
    pub name: String,
    /// How such files are named: `ndjson`, `csv`.
    pub extension: String,
}

/// A record as the list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// 1-based place in the replay.
    pub position: u64,
    /// Index into `Summary::partitions`.
    pub partition: u32,
    /// The broker's.
    pub offset: i64,
    /// Milliseconds since 1970 UTC.
    pub timestamp_ms: Option<f64>,
    /// As shown; `None` for a null key.
    pub key: Option<String>,
    /// The (first) entity it changes.
    pub entity: Option<u32>,
    /// Index into `Summary::event_types`.
    pub event_type: Option<u32>,
    /// Start of the value, one line, at most 160 characters.
    pub preview: String,
    /// Null value.
    pub tombstone: bool,
    /// Counted but never applied (DDL, transaction bounds …).
    pub control: bool,
    /// Row changes inside, if more than one.
    pub changes: u32,
}

/// An entity as the list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntityRow {
    /// The engine's number for it.
    pub entity: u32,
    /// Its key.
    pub key: String,
    /// Its topic.
    pub topic: String,
    /// Events up to the position.
    pub version: u64,
    /// Events in all.
    pub events: u64,
    /// At the position.
    pub life: Life,
    /// One word of its state (status or the first short field), at most 40 characters.
    pub badge: String,
}

/// Where an entity is in its life at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Life {
    /// No event yet.
    #[default]
    Unborn,
    /// Has a state.
    Alive,
    /// Deleted by a tombstone or a row delete.
    Deleted,
}

/// One entity at a position.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntityView {
    /// The engine's number for it.
    pub entity: u32,
    /// Its key.
    pub key: String,
    /// Its topic.
    pub topic: String,
    /// Asked for.
    pub position: u64,
    /// Events applied.
    pub version: u64,
    /// Events up to here, applied or not.
    pub events: u64,
    /// Events in the whole log.
    pub events_total: u64,
    /// Alive, unborn or deleted.
    pub life: Life,
    /// The state as JSON text, two spaces indentation; `null` if there is none.
    pub state_text: String,
    /// SHA-256 in hex of the canonical state; empty if values of it are cut, since it would cost as much as the record is long.
    pub hash: String,
    /// The state as lines of a tree, in order, depth first.
    pub tree: Vec<TreeLine>,
    /// What the entity's last event at or before the position changed.
    pub changes: Vec<FieldChange>,
    /// That event's position; 0 if none.
    pub last_position: u64,
    /// Positions of the entity's events before and after the cursor.
    pub previous_position: Option<u64>,
    /// The next one.
    pub next_position: Option<u64>,
    /// Problems the fold met up to here (an old value that does not match, a patch that failed).
    pub problems: Vec<FoldProblem>,
}

/// One line of a state tree.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TreeLine {
    /// JSON pointer.
    pub path: String,
    /// Member name or array index.
    pub name: String,
    /// 0 for the members of the root.
    pub depth: u32,
    /// `object`, `array`, `string`, `number`, `boolean` or `null`.
    pub type_name: String,
    /// JSON text of a scalar; for a container its number of members.
    pub text: String,
    /// Position of the event that set it.
    pub set_at: u64,
    /// Position of the event since which it has this value.
    pub changed_at: u64,
    /// Changed by the entity's last event.
    pub changed: bool,
}

/// A change of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// JSON pointer.
    pub path: String,
    /// Added, removed or replaced.
    pub change: ChangeKind,
    /// JSON text, `None` if absent.
    pub before: Option<String>,
    /// JSON text, `None` if absent.
    pub after: Option<String>,
}

/// How a field changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// Was absent.
    Added,
    /// Is absent.
    Removed,
    /// Has another value.
    Replaced,
}

/// One event of an entity's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryStep {
    /// Place in the replay.
    pub position: u64,
    /// Index into `Summary::partitions`.
    pub partition: u32,
    /// The broker's.
    pub offset: i64,
    /// Milliseconds since 1970 UTC.
    pub timestamp_ms: Option<f64>,
    /// Index into `Summary::event_types`.
    pub event_type: Option<u32>,
    /// Version after it.
    pub version: u64,
    /// What it changed; empty for an event that changed nothing.
    pub changes: Vec<FieldChange>,
    /// Deleted the entity.
    pub deleted: bool,
    /// Problems met at this event.
    pub problems: Vec<FoldProblem>,
}

/// Something the fold noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoldProblem {
    /// Where.
    pub position: u64,
    /// Key of the locale, e.g. `old-value-differs`, `patch-failed`, `jq-failed`.
    pub code: String,
    /// What goes into the text for that kind.
    pub arguments: Vec<(String, Argument)>,
    /// Details in English.
    pub detail: String,
}

/// The lanes between two positions. Bucket `c` of lane `l` covers `start + c * width ..`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LaneTile {
    /// First position, 0-based.
    pub start: u64,
    /// One past the last.
    pub end: u64,
    /// Buckets.
    pub columns: u32,
    /// One per partition, in the order of `Summary::partitions`; each `columns` long. It crosses as bytes: thousands of objects would take
    /// longer than everything else about a frame.
    #[serde(with = "crate::packed")]
    pub lanes: Vec<Vec<LaneBucket>>,
}

/// What lies in one bucket of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LaneBucket {
    /// Records.
    pub n: u32,
    /// The commonest event type, `u32::MAX` for none.
    pub t: u32,
    /// Records of the entity asked for.
    pub e: u32,
    /// Tombstones and deletes.
    pub d: u32,
}

/// A record in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordView {
    /// As in the list.
    pub row: Row,
    /// Name and value (text, or hex if it is no text; `None` for null), in order.
    pub headers: Vec<(String, Option<String>)>,
    /// The value, pretty-printed if it is JSON; `None` for a tombstone.
    pub value: Option<String>,
    /// Event id, if one is known.
    pub event_id: Option<String>,
    /// Version inside the event, if one is known.
    pub event_version: Option<f64>,
    /// The entity that it changes, as it is behind it: whoever looks at a record mostly looks at that next.
    pub after: Option<Box<EntityView>>,
}
