//! Records as Confluent's REST Proxy v2 gives them in its binary format: keys and values in base64. Source: confluentinc/kafka-rest
//! `entities/v2/BinaryConsumerRecord.java`. The format has neither timestamps nor headers.

use super::plain_text;
use crate::value::push_json_string;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use replay_log::record::{Payload, Record};

/// Appends one record.
pub(super) fn object(record: &Record<'_>, out: &mut Vec<u8>) {
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
