//! Records as lines of JSON, the values as they are.

use super::is_told_inside;
use crate::detect::{ID_HEADERS, TYPE_HEADERS};
use crate::guess::{ID_NAMES, TYPE_NAMES, VERSION_NAMES};
use crate::value::{push_json_string, push_tagged_base64};
use replay_log::record::{Payload, Record, RecordKind};
use replay_log::scan;

/// Appends one record, without the end of the line.
pub(super) fn line(record: &Record<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"topic\":");
    push_json_string(out, record.topic.as_bytes());
    number(out, "partition", record.partition.map(i64::from));
    number(out, "offset", record.offset);
    if record.timestamp_ms.is_none() {
        // Said, so that no reader looks for a time in the value.
        member(out, "timestamp");
        out.extend_from_slice(b"null");
    }
    number(out, "timestamp", record.timestamp_ms);
    // What only the envelope of the source said would be lost without members of its own.
    if let Some(id) = record.event_id.as_deref().filter(|id| !is_told_inside(record, id, ID_HEADERS, ID_NAMES)) {
        member(out, "event_id");
        push_json_string(out, id.as_bytes());
    }
    if let Some(name) =
        record.event_type.as_deref().filter(|name| !is_told_inside(record, name, TYPE_HEADERS, TYPE_NAMES))
    {
        member(out, "event_type");
        push_json_string(out, name.as_bytes());
    }
    if let Some(version) = record.version.filter(|n| !is_told_inside(record, &n.to_string(), &[], VERSION_NAMES)) {
        number(out, "event_version", Some(version));
    }
    if record.kind == RecordKind::Aborted {
        member(out, "aborted");
        out.extend_from_slice(b"true");
    }
    if !record.headers.is_empty() {
        member(out, "headers");
        for (i, header) in record.headers.iter().enumerate() {
            out.push(if i == 0 { b'[' } else { b',' });
            push_json_string(out, header.name.as_bytes());
            out.push(b',');
            text_or_bytes(out, header.value.as_deref());
        }
        out.push(b']');
    }
    member(out, "key");
    text_or_bytes(out, record.key.as_deref());
    match &record.value {
        Payload::Absent => {}
        Payload::Tombstone => {
            member(out, "value");
            out.extend_from_slice(b"null");
        }
        Payload::Bytes(value) => {
            member(out, "value");
            push_value(out, value);
        }
    }
    out.push(b'}');
}

/// JSON as it is, on one line; other bytes in base64.
fn push_value(out: &mut Vec<u8>, value: &[u8]) {
    let start = scan::skip_ws(value, 0);
    let is_json = std::str::from_utf8(value).is_ok()
        && scan::value_end(value, start).is_ok_and(|end| scan::skip_ws(value, end) == value.len());
    if !is_json {
        push_tagged_base64(out, value);
        return;
    }
    // A newline in JSON can only stand between tokens.
    out.extend(value.trim_ascii().iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
}

fn text_or_bytes(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        None => out.extend_from_slice(b"null"),
        Some(bytes) if std::str::from_utf8(bytes).is_ok() => push_json_string(out, bytes),
        Some(bytes) => push_tagged_base64(out, bytes),
    }
}

fn member(out: &mut Vec<u8>, name: &str) {
    out.push(b',');
    push_json_string(out, name.as_bytes());
    out.push(b':');
}

fn number(out: &mut Vec<u8>, name: &str, number: Option<i64>) {
    if let Some(number) = number {
        member(out, name);
        out.extend_from_slice(number.to_string().as_bytes());
    }
}
