//! What `kcat -J` prints: keys and payloads as strings, bytes from 0x80 up as they are. Source: kcat `json.c`.

use super::plain_text;
use crate::read::transcribe::push_headers;
use crate::value::push_json_string;
use replay_log::record::{Payload, Record};

/// Appends one record, without the end of the line.
pub(super) fn line(record: &Record<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"topic\":");
    push_json_string(out, record.topic.as_bytes());
    let numbers = format!(
        ",\"partition\":{},\"offset\":{},\"tstype\":\"{}\",\"ts\":{},\"broker\":-1",
        record.partition.unwrap_or(0),
        record.offset.unwrap_or(0),
        if record.timestamp_ms.is_some() { "create" } else { "unknown" },
        record.timestamp_ms.unwrap_or(-1)
    );
    out.extend_from_slice(numbers.as_bytes());
    if !record.headers.is_empty() {
        out.extend_from_slice(b",\"headers\":");
        push_headers(
            out,
            record.headers.iter().map(|header| (header.name.as_bytes(), header.value.as_deref())),
            push_json_string,
        );
    }
    out.extend_from_slice(b",\"key\":");
    match &record.key {
        None => out.extend_from_slice(b"null"),
        Some(key) => push_json_string(out, key),
    }
    out.extend_from_slice(b",\"payload\":");
    match &record.value {
        Payload::Tombstone => out.extend_from_slice(b"null"),
        Payload::Absent => out.extend_from_slice(b"null,\"payload_error\":\"not in the export\""),
        Payload::Bytes(value) => match plain_text(value) {
            Some(_) => out.extend_from_slice(value.trim_ascii()),
            None => push_json_string(out, value),
        },
    }
    out.push(b'}');
}
