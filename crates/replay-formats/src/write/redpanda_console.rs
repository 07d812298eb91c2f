//! Redpanda Console's `messages.json`. Source: redpanda-data/console `save-messages-dialog.tsx`. It names no topic.

use super::json::{Object, push_text, push_value_text};
use super::plain_text;
use crate::value::{json_string, push_json_string};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use replay_log::record::{Payload, Record};

/// Appends one record.
pub(super) fn object(record: &Record<'_>, out: &mut Vec<u8>) {
    let mut object = Object::begin(out);
    object.number("partitionID", i64::from(record.partition.unwrap_or(0)));
    object.number("offset", record.offset.unwrap_or(0));
    object.number("timestamp", record.timestamp_ms.unwrap_or(-1));
    object.string("compression", b"uncompressed");
    object.raw("isTransactional", b"false");
    let headers = object.member("headers");
    headers.push(b'[');
    for (i, header) in record.headers.iter().enumerate() {
        if i > 0 {
            headers.push(b',');
        }
        let mut pair = Object::begin(headers);
        pair.string("key", header.name.as_bytes());
        match header.value.as_deref() {
            None => pair.raw("value", b"null"),
            Some(value) => {
                let mut inner = Object::begin(pair.member("value"));
                match std::str::from_utf8(value) {
                    // A string in a string.
                    Ok(_) => push_json_string(inner.member("payload"), &json_string(value)),
                    Err(_) => push_text(inner.member("payload"), Some(value)),
                }
                inner.end();
            }
        }
        pair.end();
    }
    headers.push(b']');
    let mut key = Object::begin(object.member("key"));
    if let Some(content) = &record.key {
        push_text(key.member("payload"), Some(content));
    }
    key.raw("isPayloadNull", if record.key.is_none() { b"true" } else { b"false" });
    key.end();
    let mut value = Object::begin(object.member("value"));
    match &record.value {
        Payload::Bytes(bytes) if std::str::from_utf8(bytes).is_err() => {
            value.string("rawPayload", STANDARD.encode(bytes).as_bytes());
            value.string("encoding", b"binary");
        }
        Payload::Bytes(bytes) => {
            push_value_text(value.member("payload"), bytes);
            value.string("encoding", if plain_text(bytes).is_some() { b"text" } else { b"json" });
        }
        Payload::Tombstone => value.string("encoding", b"null"),
        Payload::Absent => {}
    }
    value.raw("isPayloadNull", if record.value == Payload::Tombstone { b"true" } else { b"false" });
    value.end();
    object.end();
}
