//! `TiCDC`'s simple protocol as JSON: one row in each message, every value a string.
//!
//! The types of columns and the primary key stand in messages of their own (BOOTSTRAP and DDL), which a row does not name: so values stay
//! the texts they are, and the key is guessed or chosen. Source: `TiDB` documentation, `ticdc-simple-protocol.md`.

use crate::cdc::{Change, Object, Parsed, Rows, dotted, op_name};
use replay_log::record::RowOp;

/// Bits of a commit timestamp below the milliseconds.
const LOGICAL_BITS: u32 = 18;

/// A changed row, or DDL, schemas and watermarks, which hold none.
pub(crate) fn message(rows: &Rows<'_>, object: &[u8]) -> Parsed {
    let message = Object::new(object);
    let kind = message.text("type").unwrap_or_default();
    let commit = message.text("commitTs");
    // That of a BOOTSTRAP message is 0: it has no time.
    let commit_time = commit.as_deref().and_then(|commit| commit.parse::<u64>().ok()).filter(|commit| *commit > 0);
    let timestamp_ms = commit_time.and_then(|commit| i64::try_from(commit >> LOGICAL_BITS).ok());
    // A row names its table at the top, DDL in the schema.
    let schema = Object::new(message.get("tableSchema").or(message.get("preTableSchema")).unwrap_or_default());
    let table = message.text("table").or_else(|| schema.text("table")).unwrap_or_default();
    let database = message.text("database").or_else(|| schema.text("schema"));
    let topic = dotted(&[database, Some(table.clone())]);
    let op = match kind.as_str() {
        "INSERT" => RowOp::Insert,
        "UPDATE" => RowOp::Update,
        "DELETE" => RowOp::Delete,
        "TRUNCATE" => RowOp::Truncate,
        _ => return Parsed { topic, timestamp_ms, ..Parsed::control(&kind.to_ascii_lowercase()) },
    };
    let (data, old) = (message.get("data"), message.get("old"));
    let entity = if op == RowOp::Truncate { None } else { rows.entity(data.or(old), &[]) };
    let (before, after) = (rows.image(old), rows.image(data));
    Parsed {
        is_control: false,
        topic,
        timestamp_ms,
        event_id: commit,
        event_type: Some(op_name(op).to_owned()),
        changes: vec![Change { op, table, entity, before, after }],
    }
}
