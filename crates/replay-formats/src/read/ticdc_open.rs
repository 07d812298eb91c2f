//! `TiCDC`'s open protocol: several events in a record, each behind its length. The key tells their tables and times, the value their rows.
//!
//! Source: `TiDB` documentation, `ticdc-open-protocol.md`.

use crate::cdc::{Change, Image, Object, Parsed, Rows, dotted, op_name, push_member};
use crate::time::integer;
use crate::value::{is_json_document, string_content};
use replay_log::record::RowOp;
use std::borrow::Cow;

/// What a key begins with.
const VERSION: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 1];
/// Bits of a commit timestamp below the milliseconds.
const LOGICAL_BITS: u32 = 18;

/// Whether a record is one of that protocol, by its key.
pub(crate) fn is_open(key: &[u8]) -> bool {
    keys(key).is_some_and(|events| !events.is_empty())
}

/// What a key tells of each event.
pub(crate) fn keys(key: &[u8]) -> Option<Vec<&[u8]>> {
    key.strip_prefix(&VERSION).and_then(pieces)
}

/// The pieces of some bytes, each behind its length in eight bytes; `None` if they are not made like that.
fn pieces(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut pieces = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
        let (piece, rest) = rest.split_at_checked(length)?;
        pieces.push(piece);
        bytes = rest;
    }
    bytes.is_empty().then_some(pieces)
}

/// The rows that a record changes. One of DDL, or of a time up to which all is there, holds none.
pub(crate) fn record(rows: &Rows<'_>, key: &[u8], value: &[u8]) -> Option<Parsed> {
    // Bytes that happen to be text are a JSON string.
    let text = if is_json_document(value) { string_content(value) } else { None };
    let value = text.unwrap_or(Cow::Borrowed(value));
    let keys = keys(key)?;
    let values = pieces(&value).unwrap_or_default();
    let mut parsed = Parsed::default();
    for (n, key) in keys.iter().enumerate() {
        let key = Object::new(key);
        let commit = key.get("ts").and_then(integer);
        parsed.timestamp_ms = parsed.timestamp_ms.or(commit.map(|commit| commit >> LOGICAL_BITS));
        parsed.event_id = parsed.event_id.or_else(|| key.text("ts"));
        let table = key.text("tbl").unwrap_or_default();
        if parsed.topic.is_empty() {
            parsed.topic = dotted(&[key.text("scm"), Some(table.clone())]);
        }
        if key.get("t") == Some(b"1") {
            parsed.changes.extend(changes(rows, table, &Object::new(values.get(n).copied().unwrap_or_default())));
        } else if parsed.event_type.is_none() {
            parsed.event_type = Some(if key.get("t") == Some(b"2") { "ddl" } else { "resolved" }.to_owned());
        }
    }
    parsed.is_control = parsed.changes.is_empty();
    match parsed.changes.as_slice() {
        [] => {}
        [single] => parsed.event_type = Some(op_name(single.op).to_owned()),
        _ => parsed.event_type = Some("transaction".to_owned()),
    }
    Some(parsed)
}

/// `{"u":{columns},"p":{columns before}}` or `{"d":{columns}}`, of which each is `{"t":type,"h":is of the key,"f":flags,"v":value}`.
fn changes(rows: &Rows<'_>, table: String, event: &Object<'_>) -> Vec<Change> {
    let (now, before, deleted) = (event.get("u"), event.get("p"), event.get("d"));
    let op = match (now, before, deleted) {
        (Some(_), None, _) => RowOp::Insert,
        (Some(_), Some(_), _) => RowOp::Update,
        (None, _, Some(_)) => RowOp::Delete,
        _ => return Vec::new(),
    };
    let (mut primary_key, mut ignored) = (Vec::new(), Vec::new());
    let row = row(now.or(deleted), &mut primary_key);
    let earlier = before.map(|before| self::row(Some(before), &mut ignored));
    let entity = rows.entity(Some(&row), &primary_key);
    let (before, after) = match op {
        RowOp::Delete => (Some(Image::Made(row)), None),
        _ => (earlier.clone().map(Image::Made), Some(Image::Made(row))),
    };
    rows.moves(Change { op, table, entity, before, after }, earlier.as_deref(), &primary_key)
}

/// The columns' values as an object, and the names of those that are of the key.
fn row(columns: Option<&[u8]>, primary_key: &mut Vec<String>) -> Vec<u8> {
    let mut row = vec![b'{'];
    for (name, column) in Object::new(columns.unwrap_or_default()).iter() {
        let column = Object::new(column);
        push_member(&mut row, name, column.get("v").unwrap_or(b"null"));
        if column.get("h") == Some(b"true") {
            primary_key.extend(std::str::from_utf8(name).map(str::to_owned));
        }
    }
    row.push(b'}');
    row
}
