//! AWS Database Migration Service to Kafka or Kinesis. Source: AWS DMS user guide.

use crate::cdc::{Change, Object, Parsed, Rows, dotted, op_name};
use crate::time::TimeUnit;
use replay_log::record::RowOp;

/// `{"data":{row},"metadata":{…}}`, with an image from before under a name that the user chose.
pub(crate) fn message(rows: &Rows<'_>, object: &[u8]) -> Parsed {
    let message = Object::new(object);
    let metadata = Object::new(message.get("metadata").unwrap_or_default());
    let operation = metadata.text("operation").unwrap_or_default();
    let timestamp_ms = metadata.time("timestamp", TimeUnit::Guessed);
    let table = metadata.text("table-name").unwrap_or_default();
    let topic = dotted(&[metadata.text("schema-name"), Some(table.clone())]);
    let op = match operation.as_str() {
        "load" => RowOp::Read,
        "insert" => RowOp::Insert,
        "update" => RowOp::Update,
        "delete" => RowOp::Delete,
        _ => return Parsed { topic, timestamp_ms, ..Parsed::control(&operation) },
    };
    let data = message.get("data");
    let earlier = message
        .iter()
        .find(|(name, value)| !matches!(*name, b"data" | b"metadata" | b"control") && value.first() == Some(&b'{'));
    let entity = rows.entity(data, &[]);
    let (before, after) = match op {
        RowOp::Delete => (rows.image(data), None),
        _ => (rows.image(earlier.map(|(_, value)| value)), rows.image(data)),
    };
    Parsed {
        is_control: false,
        topic,
        timestamp_ms,
        event_id: None,
        event_type: Some(op_name(op).to_owned()),
        changes: vec![Change { op, table, entity, before, after }],
    }
}
