//! The wal2json plug-in of PostgreSQL, both versions of its format. Source: wal2json `README.md`.

use crate::cdc::{Change, Image, Object, Parsed, Rows, dotted, op_name, push_member};
use crate::time::TimeUnit;
use replay_log::record::RowOp;
use replay_log::scan;

/// Version 1: an object for a transaction, its changes with names and values in parallel arrays.
pub(crate) fn transaction(rows: &Rows<'_>, object: &[u8]) -> Parsed {
    let message = Object::new(object);
    let mut changes = Vec::new();
    for (moved, topic) in message.array("change").into_iter().filter_map(|change| change_v1(rows, change)) {
        changes.extend(moved.into_iter().map(|change| (change, topic.clone())));
    }
    Parsed {
        is_control: changes.is_empty(),
        topic: changes.first().map(|(_, topic)| topic.clone()).unwrap_or_default(),
        timestamp_ms: message.time("timestamp", TimeUnit::Guessed),
        event_id: message.text("nextlsn").or_else(|| message.text("xid")),
        event_type: Some(match changes.as_slice() {
            [(single, _)] => op_name(single.op).to_owned(),
            _ => "transaction".to_owned(),
        }),
        changes: changes.into_iter().map(|(change, _)| change).collect(),
    }
}

fn change_v1(rows: &Rows<'_>, change: &[u8]) -> Option<(Vec<Change>, String)> {
    let change = Object::new(change);
    let op = match change.text("kind")?.as_str() {
        "insert" => RowOp::Insert,
        "update" => RowOp::Update,
        "delete" => RowOp::Delete,
        "truncate" => RowOp::Truncate,
        _ => return None,
    };
    let old = Object::new(change.get("oldkeys").unwrap_or_default());
    let before = row_of(old.get("keynames"), &old.array("keyvalues"));
    let after = row_of(change.get("columnnames"), &change.array("columnvalues"));
    let pk = Object::new(change.get("pk").unwrap_or_default());
    let table = change.text("table").unwrap_or_default();
    let topic = dotted(&[change.text("schema"), Some(table.clone())]);
    let row = if op == RowOp::Delete { &before } else { &after };
    let primary_key = pk.texts("pknames");
    let entity = rows.entity(row.as_deref(), &primary_key);
    let change = Change { op, table, entity, before: before.clone().map(Image::Made), after: after.map(Image::Made) };
    Some((rows.moves(change, before.as_deref(), &primary_key), topic))
}

/// An object of names and values in parallel.
fn row_of(names: Option<&[u8]>, values: &[&[u8]]) -> Option<Vec<u8>> {
    let names = names.filter(|names| names.first() == Some(&b'['))?;
    let mut row = vec![b'{'];
    for (name, value) in scan::elements(names, 0).flatten().zip(values) {
        let name = names[name].strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        push_member(&mut row, name, value);
    }
    row.push(b'}');
    Some(row)
}

/// Version 2: an object for each change and for each bound of a transaction.
pub(crate) fn line(rows: &Rows<'_>, object: &[u8]) -> Parsed {
    let message = Object::new(object);
    let timestamp_ms = message.time("timestamp", TimeUnit::Guessed);
    let table = message.text("table").unwrap_or_default();
    let topic = dotted(&[message.text("schema"), Some(table.clone())]);
    let op = match message.text("action").unwrap_or_default().as_str() {
        "I" => RowOp::Insert,
        "U" => RowOp::Update,
        "D" => RowOp::Delete,
        "T" => RowOp::Truncate,
        other => {
            let kind = match other {
                "B" => "begin",
                "C" => "commit",
                _ => "message",
            };
            return Parsed { topic, timestamp_ms, ..Parsed::control(kind) };
        }
    };
    let before = columns(&message.array("identity"));
    let after = columns(&message.array("columns"));
    let primary_key: Vec<String> =
        message.array("pk").into_iter().filter_map(|column| Object::new(column).text("name")).collect();
    let row = if op == RowOp::Delete { &before } else { &after };
    let entity = rows.entity(row.as_deref(), &primary_key);
    let change = Change { op, table, entity, before: before.clone().map(Image::Made), after: after.map(Image::Made) };
    Parsed {
        is_control: false,
        topic,
        timestamp_ms,
        event_id: message.text("lsn"),
        event_type: Some(op_name(op).to_owned()),
        changes: rows.moves(change, before.as_deref(), &primary_key),
    }
}

/// An object of `[{"name","type","value"}]`.
fn columns(list: &[&[u8]]) -> Option<Vec<u8>> {
    if list.is_empty() {
        return None;
    }
    let mut row = vec![b'{'];
    for column in list {
        let column = Object::new(column);
        let name = column.get("name")?.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        push_member(&mut row, name, column.get("value").unwrap_or(b"null"));
    }
    row.push(b'}');
    Some(row)
}
