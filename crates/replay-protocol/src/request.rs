//! What the page may ask of the engine.

use crate::kafka::{KafkaRead, KafkaRequest};
use crate::{
    CompareRequest, Mapping, RememberedMapping, RunsRequest, Scenario, SearchRequest, StreamRequest, WordsRequest,
};
use serde::{Deserialize, Serialize};

/// Chosen by the page, unique among its requests; every reply carries it.
pub type RequestId = u32;

/// One question or order. Answers come as one or more [`crate::Reply`] with the same id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Replace the log by what the sources hold. Answered by `Progress`…, then `Loaded` (or `Failed`).
    Load(LoadRequest),
    /// A load may come soon, since somebody is choosing a file: what it takes is started. Not answered.
    GetReady,
    /// The first records of a load, without loading. Answered by `Preview`; a newer one replaces an older.
    Preview(LoadRequest),
    /// Drop the running job with this id; what it had read is kept where that makes sense. Answered by `Cancelled` for that job.
    Cancel {
        /// The job to stop.
        job: RequestId,
    },
    /// Choose projection, key and schedule. Answered by `Progress`…, then `Loaded` with the new summary.
    Configure(Configuration),
    /// Records in replay order, `start..end` positions (position n = the record that is applied by the step to n).
    Rows {
        /// First position wanted, 1-based.
        start: u64,
        /// One past the last.
        end: u64,
    },
    /// Records in replay order, those that are alike and follow each other as one row. Answered by `Runs`.
    Runs(RunsRequest),
    /// A window of the entity list at a cursor position.
    Entities {
        /// Case-insensitive part of the key; empty for all.
        filter: String,
        /// First row.
        start: u64,
        /// Rows wanted.
        count: u64,
        /// States are those at this position.
        position: u64,
    },
    /// One entity at a position: state tree, what the last step changed, blame.
    Entity {
        /// Which one.
        entity: u32,
        /// At this position.
        position: u64,
    },
    /// The history of an entity, newest last, a window of it.
    History {
        /// Which one.
        entity: u32,
        /// First event (0-based among the entity's events).
        start: u64,
        /// Events wanted.
        count: u64,
    },
    /// The lanes between two positions, in at most `columns` buckets.
    Lanes {
        /// First position, 0-based.
        start: u64,
        /// One past the last.
        end: u64,
        /// Buckets along the x axis.
        columns: u32,
        /// Whose events are marked.
        entity: Option<u32>,
    },
    /// What stands at a position: the record in full and the entity it changes.
    Record {
        /// 1-based.
        position: u64,
    },
    /// Turn a place in the log into a position.
    Locate(Place),
    /// The hash over all states at a position. Answered by `Progress`…, then `Hash`.
    Hash {
        /// At this position.
        position: u64,
    },
    /// The log in another format, in pieces. Answered by `Chunk`….
    Export {
        /// A writer's name, of `Summary::writers`.
        format: String,
    },
    /// Where the events of one entity are, for a bar of so many pixels.
    Marks {
        /// Whose.
        entity: u32,
        /// At most so many places are told.
        columns: u32,
    },
    /// Look for records. Answered by `Found`…, as they come.
    Search(Box<SearchRequest>),
    /// The hash of one entity's state at a position, of whole records where [`Request::Entity`] shows them cut. Answered by `Hash`.
    StateHash {
        /// Which one.
        entity: u32,
        /// After this position.
        position: u64,
    },
    /// What reading one entity costs up to a position.
    ReadCost {
        /// Which one.
        entity: u32,
        /// Up to here.
        position: u64,
    },
    /// Records per window of event time, up to a position.
    Windows {
        /// Up to here.
        position: u64,
        /// Length of a window in milliseconds; `None` for one that suits the log.
        window_ms: Option<f64>,
    },
    /// Which schemas the log's values and keys name by number and are not decoded by. Answered by `Progress`…, then `SchemaIds`.
    SchemaIds,
    /// Look words up in an index, which is built when it is first asked. Answered by `Progress`…, then `Words`.
    Words(WordsRequest),
    /// An entity's events beside the row changes that they come to.
    RowChanges {
        /// Which one.
        entity: u32,
        /// First event (0-based among the entity's events).
        start: u64,
        /// Events wanted.
        count: u64,
    },
    /// An entity as a stream of an event store.
    Stream(StreamRequest),
    /// The log up to a position as a Parquet file. Answered by `Progress`…, then `Archived`.
    Archive {
        /// Up to here.
        position: u64,
    },
    /// Compare all final states with those of another configuration. Answered by `Progress`…, then `Compared`.
    Compare(CompareRequest),
    /// Run the log through a scenario. Answered by `Progress`…, then `Simulated`. A newer one replaces an older.
    Simulate {
        /// What happens to the log.
        scenario: Box<Scenario>,
    },
    /// Rebuild all states with 1, 2, 4 … shards in as many workers, and measure it. Answered by `Progress`…, then `Rebuilt`.
    MeasureRebuild {
        /// With so many shards at most.
        shards: u32,
    },
    /// Read a scenario from JSON text. Answered by `Scenario`, or `Failed` with the member's path.
    ReadScenario {
        /// As a person wrote it.
        text: String,
    },
    /// Ask a REST proxy of Kafka; the worker does so itself. Answered by `Kafka`, or `Failed`.
    Kafka(Box<KafkaRequest>),
    /// Replace the log by what topics hold, which the worker reads: a `Load` whose sources are these, in the same order.
    LoadKafka {
        /// What is read.
        reads: Vec<KafkaRead>,
        /// With a source for each, without text.
        load: LoadRequest,
    },
    /// Take the records that a topic gets from now on behind those of the log. With nothing loaded, or if it is `fresh`, the first of them
    /// are loaded. Answered by `Following`, `Grown` and `Loaded` until it is cancelled or fails; any load ends it.
    Follow {
        /// From each span's start on.
        read: Box<KafkaRead>,
        /// Replace the log by what comes.
        fresh: bool,
    },
    /// Whether what follows the log waits outside of it.
    PauseFollow {
        /// Waits if set.
        paused: bool,
    },
    /// A window of the entities whose state the last simulation made wrong.
    Diverged {
        /// Of this run; asked again for a newer one.
        run: u32,
        /// Part of the key; empty for all.
        filter: String,
        /// First row.
        start: u64,
        /// Rows wanted.
        count: u64,
    },
    /// Truth and outcome of one entity in the last simulation.
    SimulatedEntity {
        /// Of this run; asked again for a newer one.
        run: u32,
        /// Which one.
        entity: u32,
    },
    /// The last simulation's lanes between two moments.
    SimulationLanes {
        /// Of this run; asked again for a newer one.
        run: u32,
        /// Milliseconds since 1970 UTC.
        start_ms: f64,
        /// Milliseconds since 1970 UTC.
        end_ms: f64,
        /// Buckets along the x axis.
        columns: u32,
    },
}

/// The sources of a load, already opened by the host: the attachments beside the envelope, or the text inside.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LoadRequest {
    /// One per source, in the order of the attachments; texts need no attachment.
    pub sources: Vec<SourceSpec>,
    /// Overrides detection.
    pub format: Option<String>,
    /// Overrides what is found out about where the parts of a record are.
    pub mapping: Mapping,
    /// Mappings of earlier loads, for sources of their kind; used if neither `format` nor `mapping` says anything.
    pub remembered: Vec<RememberedMapping>,
    /// Overrides the guesses.
    pub configuration: Configuration,
}

/// How the name of a source begins that is a schema for the others: an answer of a Schema Registry, whose number follows, or an Avro schema.
pub const SCHEMA_FILE: &str = "schema-registry-ids-";

/// Where one source's bytes come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceSpec {
    /// File or sample name, or empty for pasted text.
    pub name: String,
    /// Pasted or embedded text; `None` if the bytes are in the attachment of the same number.
    pub text: Option<String>,
    /// Bytes, if known, for progress.
    pub size: Option<f64>,
}

/// How the log is read as a replay. `None` everywhere means: as guessed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Configuration {
    /// `latest`, `merge`, `status`, `cdc`, `json-patch` or `jq`.
    pub projection: Option<String>,
    /// The program of the projection `jq`.
    pub jq: Option<String>,
    /// A JSON pointer into the value; an empty string means the record's own key.
    pub key_by: Option<String>,
    /// `file`, `timestamp`, `partition` or `seeded:N`.
    pub schedule: Option<String>,
}

/// A place in the log, as a person names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// `partition` by its number in the list of partitions; the first record at or after the offset.
    Offset {
        /// Index into `Summary::partitions`.
        partition: u32,
        /// The broker's offset.
        offset: i64,
    },
    /// The first position whose record is not earlier.
    Time {
        /// Milliseconds since 1970 UTC.
        timestamp_ms: f64,
    },
    /// The next (or previous) event of an entity after (before) a position.
    Event {
        /// Whose.
        entity: u32,
        /// From here.
        position: u64,
        /// Backwards if set.
        backwards: bool,
    },
    /// A key, exactly; gives the entity too.
    Key {
        /// As shown in the entity list.
        key: String,
    },
}
