//! What Confluent Cloud's and Control Center's message browser downloads: keys and values as JSON, no topic.

use super::json::{Object, push_header_list, push_json_key, push_json_value};
use replay_log::record::{Payload, Record};

/// Appends one record.
pub(super) fn object(record: &Record<'_>, out: &mut Vec<u8>) {
    let mut object = Object::begin(out);
    object.number("timestamp", record.timestamp_ms.unwrap_or(-1));
    object.string("timestampType", b"CREATE_TIME");
    object.number("partition", i64::from(record.partition.unwrap_or(0)));
    object.number("offset", record.offset.unwrap_or(0));
    push_json_key(object.member("key"), record.key.as_deref());
    match &record.value {
        Payload::Bytes(value) => push_json_value(object.member("value"), value),
        Payload::Tombstone => object.raw("value", b"null"),
        Payload::Absent => {}
    }
    push_header_list(object.member("headers"), &record.headers);
    object.end();
}
