//! Flink's changelog-json.

use crate::cdc::{Change, Object, Parsed, Rows, op_name};
use replay_log::record::RowOp;

/// `{"data":{row},"op":"+I|-U|+U|-D"}`. A `-U` row is the image before the update that follows: it changes nothing.
pub(crate) fn line(rows: &Rows<'_>, object: &[u8]) -> Parsed {
    let message = Object::new(object);
    let op = match message.text("op").unwrap_or_default().as_str() {
        "+I" => RowOp::Insert,
        "+U" => RowOp::Update,
        "-D" => RowOp::Delete,
        _ => return Parsed::control("before-update"),
    };
    let data = message.get("data");
    let entity = rows.entity(data, &[]);
    let row = rows.image(data);
    let (before, after) = if op == RowOp::Delete { (row, None) } else { (None, row) };
    Parsed {
        event_type: Some(op_name(op).to_owned()),
        changes: vec![Change { op, table: String::new(), entity, before, after }],
        ..Parsed::default()
    }
}
