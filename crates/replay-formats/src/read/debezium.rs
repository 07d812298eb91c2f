//! Debezium's messages. Source: Debezium documentation, connectors and `event-flattening`.

use crate::cdc::{Change, Image, Object, Parsed, Rows, dotted, op_name, push_member};
use crate::connect::SchemaCache;
use crate::decode::Depth;
use crate::time::{TimeUnit, timestamp_ms};
use crate::value::{scalar_text, schema_and_payload};
use replay_log::record::RowOp;
use replay_log::scan;

/// The members of an envelope that say something.
#[derive(Default)]
struct Message<'a> {
    op: Option<&'a [u8]>,
    before: Option<&'a [u8]>,
    after: Option<&'a [u8]>,
    source: Option<&'a [u8]>,
    ts_ms: Option<&'a [u8]>,
    /// Messages without an operation have one of these.
    status: Option<&'a [u8]>,
    ddl: Option<&'a [u8]>,
    /// Schema and payload surround it.
    is_wrapped: bool,
}

impl<'a> Message<'a> {
    /// The message, and the offset behind it if all of it is JSON.
    fn read(object: &'a [u8]) -> (Message<'a>, Option<usize>) {
        let mut message = Message::default();
        let mut members = scan::members(object, 0);
        for member in members.by_ref().flatten() {
            let value = Some(&object[member.value]);
            match member.name {
                b"op" => message.op = value,
                b"before" => message.before = value,
                b"after" => message.after = value,
                b"source" => message.source = value,
                b"ts_ms" => message.ts_ms = value,
                b"status" => message.status = value,
                b"ddl" => message.ddl = value,
                b"schema" | b"payload" => message.is_wrapped = true,
                _ => {}
            }
        }
        (message, members.end())
    }
}

/// `{"before","after","source","op",…}`, bare or as the payload beside a schema.
pub(crate) fn envelope(rows: &Rows<'_>, object: &[u8], schemas: &SchemaCache) -> Parsed {
    let (schema, payload) = match schema_and_payload(object) {
        Some((schema, payload)) => (Some(schema), payload),
        None => (None, object),
    };
    change(rows, &Message::read(payload).0, schema, schemas)
}

/// The same of a text that may not be JSON: it is checked and read in one pass. `None` for everything but a bare envelope with an
/// operation, and nothing around it.
pub(crate) fn unchecked_envelope(rows: &Rows<'_>, text: &[u8], schemas: &SchemaCache) -> Option<Parsed> {
    let (message, end) = Message::read(text);
    let is_whole = scan::skip_ws(text, end?) == text.len();
    (is_whole && message.op.is_some() && !message.is_wrapped).then(|| change(rows, &message, None, schemas))
}

fn change(rows: &Rows<'_>, message: &Message<'_>, schema: Option<&[u8]>, schemas: &SchemaCache) -> Parsed {
    let Some(op) = message.op.and_then(scalar_text) else { return without_op(message) };
    let source = Object::new(message.source.unwrap_or_default());
    let op = match &*op {
        b"c" => RowOp::Insert,
        b"r" => RowOp::Read,
        b"u" => RowOp::Update,
        b"d" => RowOp::Delete,
        b"t" => RowOp::Truncate,
        _ => return Parsed { timestamp_ms: time_of(&source, message), ..Parsed::control("message") },
    };
    let row = if op == RowOp::Delete { message.before } else { message.after };
    let image = |row| {
        let image = rows.image(row)?;
        if rows.depth == Depth::Full
            && let Some(schema) = schema
            && let Some(made) = row.and_then(|row: &[u8]| schemas.row_schema(schema).convert(row))
        {
            return Some(Image::Made(made));
        }
        Some(image)
    };
    let change = Change {
        op,
        table: source.text("table").or_else(|| source.text("collection")).unwrap_or_default(),
        // A message is of one row, which a record's own key names.
        entity: if op == RowOp::Truncate || rows.is_named { None } else { rows.entity(row, &[]) },
        before: image(message.before),
        after: image(message.after),
    };
    let schema_or_db = source.text("schema").or_else(|| source.text("db"));
    Parsed {
        is_control: false,
        topic: dotted(&[source.text("name"), schema_or_db, Some(change.table.clone())]),
        timestamp_ms: time_of(&source, message),
        event_id: event_id(&source),
        event_type: Some(op_name(op).to_owned()),
        changes: vec![change],
    }
}

/// The commit's time; the connector's own only if there is none.
fn time_of(source: &Object<'_>, message: &Message<'_>) -> Option<i64> {
    source.time("ts_ms", TimeUnit::Millis).or_else(|| own_time(message))
}

fn own_time(message: &Message<'_>) -> Option<i64> {
    message.ts_ms.and_then(scalar_text).and_then(|text| timestamp_ms(&text, TimeUnit::Millis))
}

fn event_id(source: &Object<'_>) -> Option<String> {
    if let Some(lsn) = source.text("lsn") {
        return Some(lsn);
    }
    let (file, position) = (source.text("file")?, source.text("pos")?);
    Some(match source.text("row") {
        Some(row) => format!("{file}:{position}:{row}"),
        None => format!("{file}:{position}"),
    })
}

/// Bounds of transactions, changes of the schema, heartbeats.
fn without_op(message: &Message<'_>) -> Parsed {
    let kind = if message.status.is_some() {
        "transaction"
    } else if message.ddl.is_some() {
        "schema-change"
    } else {
        "heartbeat"
    };
    Parsed { timestamp_ms: own_time(message), ..Parsed::control(kind) }
}

/// The flat row of `ExtractNewRecordState`, with members named `__op`, `__table`, `__deleted` and so on.
pub(crate) fn unwrapped(rows: &Rows<'_>, object: &[u8], schemas: &SchemaCache) -> Parsed {
    let (schema, payload) = match schema_and_payload(object) {
        Some((schema, payload)) => (Some(schema), payload),
        None => (None, object),
    };
    let message = Object::new(payload);
    let is_deleted = message.text("__deleted").as_deref() == Some("true");
    let op = match message.text("__op").as_deref() {
        _ if is_deleted => RowOp::Delete,
        Some("c") => RowOp::Insert,
        Some("r") => RowOp::Read,
        Some("d") => RowOp::Delete,
        Some("t") => RowOp::Truncate,
        _ => RowOp::Update,
    };
    let mut row = vec![b'{'];
    for (name, value) in message.iter().filter(|(name, _)| !name.starts_with(b"__")) {
        push_member(&mut row, name, value);
    }
    row.push(b'}');
    let entity = rows.entity(Some(&row), &[]);
    if rows.depth == Depth::Full
        && let Some(made) = schema.and_then(|schema| schemas.row_schema(schema).convert(&row))
    {
        row = made;
    }
    let (before, after) = match op {
        RowOp::Delete => (Some(Image::Made(row)), None),
        RowOp::Truncate => (None, None),
        _ => (None, Some(Image::Made(row))),
    };
    let table = message.text("__table").unwrap_or_default();
    Parsed {
        is_control: false,
        topic: table.clone(),
        timestamp_ms: message
            .time("__source_ts_ms", TimeUnit::Millis)
            .or_else(|| message.time("__ts_ms", TimeUnit::Millis)),
        event_id: message.text("__lsn"),
        event_type: Some(op_name(op).to_owned()),
        changes: vec![Change { op, table, entity, before, after }],
    }
}
