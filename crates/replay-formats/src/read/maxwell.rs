//! Maxwell's daemon. Source: Maxwell documentation, `dataformat.md`.

use crate::cdc::{Change, Image, Object, Parsed, Rows, dotted, merged, op_name};
use crate::time::TimeUnit;
use replay_log::record::RowOp;

/// A changed row, or DDL and the bounds of a bootstrap, which hold none.
pub(crate) fn message(rows: &Rows<'_>, object: &[u8]) -> Parsed {
    let message = Object::new(object);
    let kind = message.text("type").unwrap_or_default();
    let table = message.text("table").unwrap_or_default();
    let topic = dotted(&[message.text("database"), Some(table.clone())]);
    let op = match kind.as_str() {
        "insert" => RowOp::Insert,
        "bootstrap-insert" => RowOp::Read,
        "update" => RowOp::Update,
        "delete" => RowOp::Delete,
        // The time of DDL is in milliseconds, that of rows in seconds: the size tells.
        _ => {
            return Parsed { topic, timestamp_ms: message.time("ts", TimeUnit::Guessed), ..Parsed::control(&kind) };
        }
    };
    let data = message.get("data");
    let primary_key = message.texts("primary_key_columns");
    let entity = rows.entity(data, &primary_key);
    let row = Object::new(data.unwrap_or_default());
    // `old` has only the columns that changed.
    let whole = message.get("old").map(|old| merged(&row, &Object::new(old)));
    let before = whole.clone().map(Image::Made);
    let (before, after) = match op {
        RowOp::Delete => (rows.image(data), None),
        _ => (before, rows.image(data)),
    };
    let event_id = message.text("xid").map(|xid| match message.text("xoffset") {
        Some(offset) => format!("{xid}:{offset}"),
        None => xid,
    });
    Parsed {
        is_control: false,
        topic,
        timestamp_ms: message.time("ts", TimeUnit::Guessed),
        event_id,
        event_type: Some(op_name(op).to_owned()),
        changes: rows.moves(Change { op, table, entity, before, after }, whole.as_deref(), &primary_key),
    }
}
