//! AWS Database Migration Service to Kafka or Kinesis. Source: AWS DMS user guide.

use crate::cdc::{Change, Image, Object, Parsed, Rows, dotted, op_name, push_member};
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
    let (before, after) = match (op, data.and_then(split_images)) {
        (RowOp::Delete, _) => (rows.image(data), None),
        (_, Some((before, after))) => (Some(Image::Made(before)), Some(Image::Made(after))),
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

/// Columns from before as a transformation rule adds them to the row, named `BI_…`: images before and after.
fn split_images(data: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let row = Object::new(data);
    let original = |name: &[u8]| {
        let column = name.strip_prefix(b"BI_")?;
        row.iter().find(|(name, _)| *name == column).map(|(name, _)| name)
    };
    if !row.iter().any(|(name, _)| original(name).is_some()) {
        return None;
    }
    let (mut before, mut after) = (vec![b'{'], vec![b'{']);
    for (name, value) in row.iter() {
        match original(name) {
            Some(column) => push_member(&mut before, column, value),
            None => push_member(&mut after, name, value),
        }
    }
    before.push(b'}');
    after.push(b'}');
    Some((before, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_from_before_are_no_part_of_the_row() {
        let (before, after) = split_images(br#"{"id":1,"v":2,"BI_v":1,"BI_other":3}"#).unwrap();
        assert_eq!(before, br#"{"v":1}"#);
        assert_eq!(after, br#"{"id":1,"v":2,"BI_other":3}"#);
        assert!(split_images(br#"{"id":1,"BI_NARY":2}"#).is_none());
    }
}
