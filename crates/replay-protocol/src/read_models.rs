//! What other systems make of the same log: read models, a change table, an event store, an archive.

use crate::{FieldChange, Row};
use serde::{Deserialize, Serialize};

/// Records per window of event time, as a stream processor counts them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Windows {
    /// Start of the first window, milliseconds since 1970 UTC.
    pub start_ms: f64,
    /// Length of a window.
    pub window_ms: f64,
    /// One per window, in order.
    pub windows: Vec<Window>,
    /// Records that came when their window was closed already: the newest time seen before them lies in a later one.
    pub late: u32,
    /// Records without a time: in no window.
    pub untimed: u32,
}

/// What lies in one window.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Window {
    /// Records by event type, as indexes into `Summary::event_types`; the last number counts all types behind them and records without one.
    pub counts: Vec<u32>,
    /// Of these, the ones that came late.
    pub late: u32,
}

/// Looks words up in an index over the whole log.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WordsRequest {
    /// Words; a record must hold all of them. Letters match in either case.
    pub text: String,
    /// Records up to here are there.
    pub position: u64,
    /// Rows wanted; all matches are counted in any case.
    pub limit: u32,
}

/// What an index over words knows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WordsFound {
    /// Matching records up to the position.
    pub total: u32,
    /// The first of them, in replay order.
    pub rows: Vec<Row>,
    /// Entries of the index that were read for the answer.
    pub entries_read: u32,
    /// Records up to the position that are in the index: what a scan would read.
    pub indexed: u32,
    /// Different words in the index.
    pub words: u32,
    /// True if the log is longer than the index goes.
    pub is_cut: bool,
}

/// What a change-data connector would have written of one entity, if its state were a row of a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RowChanges {
    /// Events of the entity in the whole log.
    pub total: u64,
    /// The window asked for.
    pub steps: Vec<RowChangeStep>,
    /// Over all events that were looked at: rows inserted.
    pub inserts: u32,
    /// Rows updated.
    pub updates: u32,
    /// Rows deleted.
    pub deletes: u32,
    /// Events that left the row as it was: a connector writes nothing.
    pub silent: u32,
    /// The types of the events, as indexes into `Summary::event_types`, in the order of their first appearance.
    pub event_types: Vec<u32>,
    /// Members of the events that never were a column of the row.
    pub event_fields: Vec<String>,
    /// True if the log is change data itself: its events were never kept.
    pub is_change_data: bool,
}

/// An event, and the row change that it came to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RowChangeStep {
    /// Place in the replay.
    pub position: u64,
    /// Index into `Summary::event_types`.
    pub event_type: Option<u32>,
    /// Milliseconds since 1970 UTC.
    pub timestamp_ms: Option<f64>,
    /// The event's value as it lies in the log, at most some thousand characters; `None` for a tombstone.
    pub value: Option<String>,
    /// What happened to the row; `None` if nothing.
    pub op: Option<RowOperation>,
    /// The columns that changed.
    pub columns: Vec<FieldChange>,
}

/// What happens to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowOperation {
    /// Debezium's `c`.
    Insert,
    /// Debezium's `u`.
    Update,
    /// Debezium's `d`.
    Delete,
}

/// One entity as a stream of an event store that checks versions.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StreamRequest {
    /// Which one.
    pub entity: u32,
    /// Events up to here are in the stream.
    pub position: u64,
    /// A snapshot is written after every so many events; 0 for none.
    pub snapshot_every: u64,
    /// Appends that are tried one after the other on top of it. The log stays as it is.
    pub attempts: Vec<ExpectedRevision>,
}

/// What a writer believes of the stream when it appends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExpectedRevision {
    /// Nothing: what a topic does.
    Any,
    /// That there is no event yet.
    NoStream,
    /// That the last event has this number, counted from 0.
    Exactly {
        /// KurrentDB's revision.
        revision: u64,
    },
}

/// The stream and what an event store would have said of each append.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamView {
    /// The entity's events up to the position, oldest first; of very long streams the last ones.
    pub events: Vec<StreamEvent>,
    /// Events before the first one given.
    pub hidden: u64,
    /// The number of the last event, counted from 0; `None` for an empty stream.
    pub revision: Option<u64>,
    /// Events that an event store would have refused.
    pub conflicts: u32,
    /// Events that came twice.
    pub duplicates: u32,
    /// Events whose version leaves some out.
    pub gaps: u32,
    /// Events that claim no version: nothing can be checked.
    pub unclaimed: u32,
    /// The revision that the newest snapshot covers.
    pub snapshot: Option<u64>,
    /// Events behind it: a rebuild reads the snapshot and these.
    pub tail: u64,
    /// One per attempt.
    pub attempts: Vec<AppendOutcome>,
}

/// An event of a stream.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamEvent {
    /// Its number in the stream, counted from 0.
    pub revision: u64,
    /// Place in the replay.
    pub position: u64,
    /// Index into `Summary::event_types`.
    pub event_type: Option<u32>,
    /// Milliseconds since 1970 UTC.
    pub timestamp_ms: Option<f64>,
    /// The version that it claims itself.
    pub claimed: Option<i64>,
    /// The version that would have been next.
    pub expected: Option<i64>,
    /// What an event store would have said.
    pub verdict: AppendVerdict,
    /// A snapshot is written behind it.
    pub is_snapshot: bool,
}

/// What an event store says of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppendVerdict {
    /// It claims no version.
    #[default]
    Unclaimed,
    /// The next version.
    Accepted,
    /// The same event id again: the store answers as the first time and writes nothing.
    Duplicate,
    /// A version that is there already.
    Conflict,
    /// A version that leaves some out.
    Gap,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppendOutcome {
    /// Whether it was appended.
    pub is_accepted: bool,
    /// The stream's revision behind it; `None` for a stream that is still empty.
    pub revision: Option<u64>,
}

/// The log up to a position as a columnar file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Archive {
    /// Rows of the file.
    pub records: u64,
    /// Its columns, in order.
    pub columns: Vec<ArchiveColumn>,
    /// Bytes of the same records as lines of JSON.
    pub text_bytes: f64,
    /// A Parquet file.
    #[serde(with = "crate::bytes")]
    pub file: Vec<u8>,
}

/// A column of an archive.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ArchiveColumn {
    /// Its name.
    pub name: String,
    /// Compressed: what a query reads that wants this column alone.
    pub bytes: f64,
}
