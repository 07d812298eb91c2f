//! Messages as kafka-ui saves them, one after the other. Source: kafbat/kafka-ui `useDataSaver.ts`. It names no topic, and headers are a
//! map, so that of several with one name the last is left.

use super::json::{Object, push_text, push_value_text};
use crate::time::date_time_text;
use replay_log::record::{Payload, Record};

/// Appends one record.
pub(super) fn object(record: &Record<'_>, out: &mut Vec<u8>) {
    let mut object = Object::begin(out);
    match &record.value {
        Payload::Bytes(value) => push_value_text(object.member("Value"), value),
        Payload::Tombstone | Payload::Absent => object.raw("Value", b"null"),
    }
    object.number("Offset", record.offset.unwrap_or(0));
    push_text(object.member("Key"), record.key.as_deref());
    object.number("Partition", i64::from(record.partition.unwrap_or(0)));
    let mut map = Object::begin(object.member("Headers"));
    for (i, header) in record.headers.iter().enumerate() {
        if record.headers[i + 1..].iter().all(|later| later.name != header.name) {
            push_text(map.member(&header.name), header.value.as_deref());
        }
    }
    map.end();
    match record.timestamp_ms {
        Some(ms) => object.string("Timestamp", format!("{}Z", date_time_text(ms, 1000)).as_bytes()),
        None => object.raw("Timestamp", b"null"),
    }
    object.end();
}
