//! What Kafka stores, and what a change log says: borrowed from the bytes wherever that is possible.

use std::borrow::Cow;

/// A record of a topic, as an export tells it. What the export does not say is `None` (or empty), which is not the same as null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// Empty if unknown.
    pub topic: Cow<'a, str>,
    /// The broker's number.
    pub partition: Option<u32>,
    /// The broker's offset.
    pub offset: Option<i64>,
    /// Milliseconds since 1970 UTC.
    pub timestamp_ms: Option<i64>,
    /// The serialized key as it lies in the log, for hashing. `None` is a null key.
    pub key: Option<Cow<'a, [u8]>>,
    /// Whose event it is: the key as text, the single field of a structured key, or all its fields as compact JSON.
    pub entity: Option<Cow<'a, str>>,
    /// What happened.
    pub value: Payload<'a>,
    /// In order; names repeat.
    pub headers: Vec<Header<'a>>,
    /// What identifies the event among duplicates.
    pub event_id: Option<Cow<'a, str>>,
    /// The event's name.
    pub event_type: Option<Cow<'a, str>>,
    /// The version or stream revision that the event itself claims.
    pub version: Option<i64>,
    /// Whether it can touch state at all.
    pub kind: RecordKind,
    /// The rows it changes; empty for anything but change data.
    pub changes: Vec<RowChange<'a>>,
}

impl Default for Record<'_> {
    fn default() -> Self {
        Record {
            topic: Cow::Borrowed(""),
            partition: None,
            offset: None,
            timestamp_ms: None,
            key: None,
            entity: None,
            value: Payload::Absent,
            headers: Vec::new(),
            event_id: None,
            event_type: None,
            version: None,
            kind: RecordKind::Event,
            changes: Vec::new(),
        }
    }
}

/// The same, with its own copy of what it borrowed.
fn owned<T: ToOwned + ?Sized>(text: Cow<'_, T>) -> Cow<'static, T> {
    Cow::Owned(text.into_owned())
}

impl Record<'_> {
    /// The same record, with its own copy of what it borrowed.
    pub fn into_owned(self) -> Record<'static> {
        Record {
            topic: owned(self.topic),
            partition: self.partition,
            offset: self.offset,
            timestamp_ms: self.timestamp_ms,
            key: self.key.map(owned),
            entity: self.entity.map(owned),
            value: self.value.into_owned(),
            headers: self
                .headers
                .into_iter()
                .map(|header| Header { name: owned(header.name), value: header.value.map(owned) })
                .collect(),
            event_id: self.event_id.map(owned),
            event_type: self.event_type.map(owned),
            version: self.version,
            kind: self.kind,
            changes: self
                .changes
                .into_iter()
                .map(|change| RowChange {
                    op: change.op,
                    table: owned(change.table),
                    entity: change.entity.map(owned),
                    before: change.before.map(owned),
                    after: change.after.map(owned),
                    is_partial: change.is_partial,
                })
                .collect(),
        }
    }
}

/// What a broker, and a reader that knows events by their ids, need of a record; the same as in the [`Record`] in full.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brief<'a> {
    /// As in [`Record::key`].
    pub key: Option<Cow<'a, [u8]>>,
    /// The bytes of [`Record::value`].
    pub value: Option<&'a [u8]>,
    /// Bytes of all names and values of the headers.
    pub headers_size: usize,
    /// As in [`Record::event_id`].
    pub event_id: Option<Cow<'a, str>>,
    /// As in [`Record::version`].
    pub version: Option<i64>,
}

impl<'a> Brief<'a> {
    /// Of a record in full.
    pub fn of(record: &'a Record<'_>) -> Brief<'a> {
        Brief {
            key: record.key.as_deref().map(Cow::Borrowed),
            value: record.value.bytes(),
            headers_size: headers_size(&record.headers),
            event_id: record.event_id.as_deref().map(Cow::Borrowed),
            version: record.version,
        }
    }
}

/// Bytes of names and values.
pub fn headers_size(headers: &[Header<'_>]) -> usize {
    headers.iter().map(|header| header.name.len() + header.value.as_deref().map_or(0, <[u8]>::len)).sum()
}

/// The value of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload<'a> {
    /// Null: with a key, a tombstone.
    Tombstone,
    /// The export does not hold the value.
    Absent,
    /// JSON text if the value is JSON (also if it was JSON inside a string), else text or binary.
    Bytes(Cow<'a, [u8]>),
}

impl Payload<'_> {
    /// The same value, with its own copy of what it borrowed.
    pub fn into_owned(self) -> Payload<'static> {
        match self {
            Payload::Tombstone => Payload::Tombstone,
            Payload::Absent => Payload::Absent,
            Payload::Bytes(bytes) => Payload::Bytes(owned(bytes)),
        }
    }

    /// The bytes, if there are any.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Payload::Bytes(bytes) => Some(bytes),
            Payload::Tombstone | Payload::Absent => None,
        }
    }
}

/// Whether a record can touch state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecordKind {
    /// It can.
    #[default]
    Event,
    /// Counted, never applied: DDL, heartbeats, transaction bounds.
    Control,
    /// Counted, never applied: its transaction was aborted. Consumers that read only what is committed never see it.
    Aborted,
}

/// A header of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header<'a> {
    /// Names repeat.
    pub name: Cow<'a, str>,
    /// `None` is null.
    pub value: Option<Cow<'a, [u8]>>,
}

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOp {
    /// A new row.
    Insert,
    /// A row as a snapshot found it.
    Read,
    /// A changed row.
    Update,
    /// A row that is gone.
    Delete,
    /// All rows of the table are gone.
    Truncate,
}

/// A change of one row, out of a change log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange<'a> {
    /// What happened.
    pub op: RowOp,
    /// Database, schema and table as far as they are known, joined by dots.
    pub table: Cow<'a, str>,
    /// Which row. `None` for a truncate.
    pub entity: Option<Cow<'a, str>>,
    /// JSON object text.
    pub before: Option<Cow<'a, [u8]>>,
    /// JSON object text; an unavailable column holds `"__debezium_unavailable_value"`.
    pub after: Option<Cow<'a, [u8]>>,
    /// Columns that `after` does not hold keep what they had: the plug-in leaves them out (unchanged TOAST columns of wal2json).
    pub is_partial: bool,
}
