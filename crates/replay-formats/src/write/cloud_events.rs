//! Structured `CloudEvents`, one a line. Source: cloudevents/spec `formats/json-format.md`.
//!
//! They know no partition and no offset; a record without an event id gets one of its place.

use super::json::{Object, push_json_value};
use crate::time::date_time_text;
use crate::value::text;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use replay_log::record::{Payload, Record};
use std::borrow::Cow;

/// Appends one record.
pub(super) fn object(record: &Record<'_>, out: &mut Vec<u8>) {
    let mut object = Object::begin(out);
    object.string("specversion", b"1.0");
    let place = || format!("{}/{}/{}", record.topic, record.partition.unwrap_or(0), record.offset.unwrap_or(0)).into();
    let id: Cow<'_, str> = record.event_id.as_deref().map_or_else(place, Cow::Borrowed);
    object.string("id", id.as_bytes());
    object.string("source", if record.topic.is_empty() { b"/" } else { record.topic.as_bytes() });
    object.string("type", record.event_type.as_deref().unwrap_or("record").as_bytes());
    let entity = record.entity.clone().or_else(|| record.key.as_deref().map(|key| text(Cow::Borrowed(key))));
    if let Some(entity) = entity {
        object.string("subject", entity.as_bytes());
    }
    if let Some(ms) = record.timestamp_ms {
        object.string("time", format!("{}Z", date_time_text(ms, 1000)).as_bytes());
    }
    match &record.value {
        Payload::Bytes(value) if std::str::from_utf8(value).is_err() => {
            object.string("data_base64", STANDARD.encode(value).as_bytes());
        }
        Payload::Bytes(value) => {
            object.string("datacontenttype", b"application/json");
            push_json_value(object.member("data"), value);
        }
        Payload::Tombstone => object.raw("data", b"null"),
        Payload::Absent => {}
    }
    object.end();
}
