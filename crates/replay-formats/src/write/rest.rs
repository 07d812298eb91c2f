//! Records as Confluent's REST Proxy v2 gives them, in its binary format (keys and values in base64) and in its JSON format. Source:
//! confluentinc/kafka-rest `entities/v2/*ConsumerRecord.java`. They have neither timestamps nor headers.

use super::json::{Object, push_json_key, push_json_value};
use super::plain_text;
use crate::value::push_json_string;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use replay_log::record::{Payload, Record};

/// Appends one record with JSON keys and values. The proxy refuses a topic in which one of them is none; here it becomes a string.
pub(super) fn json_object(record: &Record<'_>, out: &mut Vec<u8>) {
    let mut object = Object::begin(out);
    object.string("topic", record.topic.as_bytes());
    push_json_key(object.member("key"), record.key.as_deref());
    match &record.value {
        Payload::Absent => {}
        Payload::Tombstone => object.raw("value", b"null"),
        Payload::Bytes(value) => push_json_value(object.member("value"), value),
    }
    object.number("partition", i64::from(record.partition.unwrap_or(0)));
    object.number("offset", record.offset.unwrap_or(0));
    object.end();
}

/// Appends one record with keys and values in base64.
pub(super) fn binary_object(record: &Record<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"topic\":");
    push_json_string(out, record.topic.as_bytes());
    out.extend_from_slice(b",\"key\":");
    base64(out, record.key.as_deref());
    match &record.value {
        Payload::Absent => {}
        Payload::Tombstone => out.extend_from_slice(b",\"value\":null"),
        Payload::Bytes(value) => {
            out.extend_from_slice(b",\"value\":");
            base64(out, Some(&plain_text(value).unwrap_or_else(|| value.as_ref().into())));
        }
    }
    let place = format!(",\"partition\":{},\"offset\":{}}}", record.partition.unwrap_or(0), record.offset.unwrap_or(0));
    out.extend_from_slice(place.as_bytes());
}

fn base64(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        None => out.extend_from_slice(b"null"),
        Some(bytes) => push_json_string(out, STANDARD.encode(bytes).as_bytes()),
    }
}
