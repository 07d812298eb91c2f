//! AKHQ's download of all records. Source: akhq `TopicController.java`. It names no topic and leaves out what headers say.

use super::json::{Object, push_text, push_value_text};
use replay_log::record::{Payload, Record};

/// Appends one record.
pub(super) fn object(record: &Record<'_>, out: &mut Vec<u8>) {
    let mut object = Object::begin(out);
    object.number("partition", i64::from(record.partition.unwrap_or(0)));
    object.number("offset", record.offset.unwrap_or(0));
    let seconds = record.timestamp_ms.map(|ms| format!("{}.{:03}", ms.div_euclid(1000), ms.rem_euclid(1000)));
    object.raw("timestamp", seconds.as_deref().unwrap_or("null").as_bytes());
    object.raw("keySchemaId", b"null");
    object.raw("valueSchemaId", b"null");
    object.raw("headers", b"[]");
    push_text(object.member("key"), record.key.as_deref());
    match &record.value {
        Payload::Bytes(value) => push_value_text(object.member("value"), value),
        Payload::Tombstone => object.raw("value", b"null"),
        Payload::Absent => {}
    }
    object.end();
}
