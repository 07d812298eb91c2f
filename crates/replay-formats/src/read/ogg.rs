//! Oracle `GoldenGate`'s JSON formatter.

use crate::cdc::{Change, Object, Parsed, Rows, op_name};
use crate::time::TimeUnit;
use replay_log::record::RowOp;

/// `{"table","op_type","op_ts","pos","primary_keys","before","after"}`.
pub(crate) fn message(rows: &Rows<'_>, object: &[u8]) -> Parsed {
    let message = Object::new(object);
    let kind = message.text("op_type").unwrap_or_default();
    let topic = message.text("table").unwrap_or_default();
    let timestamp_ms = message.time("op_ts", TimeUnit::Guessed);
    let op = match kind.as_str() {
        "I" => RowOp::Insert,
        "U" => RowOp::Update,
        "D" => RowOp::Delete,
        "T" => RowOp::Truncate,
        _ => return Parsed { topic, timestamp_ms, ..Parsed::control(&kind) },
    };
    let (before, after) = (message.get("before"), message.get("after"));
    // Some releases spell it so.
    let mut primary_key = message.texts("primary_keys");
    if primary_key.is_empty() {
        primary_key = message.texts("priamry_keys");
    }
    let row = if op == RowOp::Delete { before } else { after };
    let change = Change {
        op,
        table: topic.rsplit('.').next().unwrap_or_default().to_owned(),
        entity: rows.entity(row, &primary_key),
        before: rows.image(before),
        after: rows.image(after),
    };
    Parsed {
        is_control: false,
        topic,
        timestamp_ms,
        event_id: message.text("pos"),
        event_type: Some(op_name(op).to_owned()),
        changes: rows.moves(change, before, &primary_key),
    }
}
