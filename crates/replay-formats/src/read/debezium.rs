//! Debezium's messages. Source: Debezium documentation, connectors and `event-flattening`.

use crate::cdc::{Change, Image, Object, Parsed, Rows, dotted, op_name, push_member};
use crate::connect::SchemaCache;
use crate::decode::Depth;
use crate::time::TimeUnit;
use crate::value::schema_and_payload;
use replay_log::record::RowOp;

/// `{"before","after","source","op",…}`, bare or as the payload beside a schema.
pub(crate) fn envelope(rows: &Rows<'_>, object: &[u8], schemas: &SchemaCache) -> Parsed {
    let (schema, payload) = match schema_and_payload(object) {
        Some((schema, payload)) => (Some(schema), payload),
        None => (None, object),
    };
    let message = Object::new(payload);
    let Some(op) = message.text("op") else { return without_op(&message) };
    let source = Object::new(message.get("source").unwrap_or_default());
    let (before, after) = (message.get("before"), message.get("after"));
    let op = match op.as_str() {
        "c" => RowOp::Insert,
        "r" => RowOp::Read,
        "u" => RowOp::Update,
        "d" => RowOp::Delete,
        "t" => RowOp::Truncate,
        _ => return Parsed { timestamp_ms: time_of(&source, &message), ..Parsed::control("message") },
    };
    let row = if op == RowOp::Delete { before } else { after };
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
        entity: if op == RowOp::Truncate { None } else { rows.entity(row, &[]) },
        before: image(before),
        after: image(after),
    };
    let schema_or_db = source.text("schema").or_else(|| source.text("db"));
    Parsed {
        is_control: false,
        topic: dotted(&[source.text("name"), schema_or_db, Some(change.table.clone())]),
        timestamp_ms: time_of(&source, &message),
        event_id: event_id(&source),
        event_type: Some(op_name(op).to_owned()),
        changes: vec![change],
    }
}

/// The commit's time; the connector's own only if there is none.
fn time_of(source: &Object<'_>, message: &Object<'_>) -> Option<i64> {
    source.time("ts_ms", TimeUnit::Millis).or_else(|| message.time("ts_ms", TimeUnit::Millis))
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
fn without_op(message: &Object<'_>) -> Parsed {
    let kind = if message.get("status").is_some() {
        "transaction"
    } else if message.get("ddl").is_some() {
        "schema-change"
    } else {
        "heartbeat"
    };
    Parsed { timestamp_ms: message.time("ts_ms", TimeUnit::Millis), ..Parsed::control(kind) }
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
