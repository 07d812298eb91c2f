//! What `kafka-console-consumer` prints with all its columns. Source: Apache Kafka `DefaultMessageFormatter.java`.
//!
//! The format says no topic, prints null like the text `null`, and has no escapes: what it cannot tell apart is lost, as it is there.

use super::plain_text;
use replay_log::record::{Payload, Record};

/// Appends one record, without the end of the line.
pub(super) fn line(record: &Record<'_>, out: &mut Vec<u8>) {
    match record.timestamp_ms {
        Some(ms) => out.extend_from_slice(format!("CreateTime:{ms}").as_bytes()),
        None => out.extend_from_slice(b"NO_TIMESTAMP"),
    }
    let place = format!("\tPartition:{}\tOffset:{}\t", record.partition.unwrap_or(0), record.offset.unwrap_or(0));
    out.extend_from_slice(place.as_bytes());
    if record.headers.is_empty() {
        out.extend_from_slice(b"NO_HEADERS");
    }
    for (i, header) in record.headers.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(header.name.as_bytes());
        out.push(b':');
        out.extend_from_slice(header.value.as_deref().unwrap_or(b"null"));
    }
    out.push(b'\t');
    out.extend_from_slice(record.key.as_deref().unwrap_or(b"null"));
    out.push(b'\t');
    match &record.value {
        Payload::Tombstone | Payload::Absent => out.extend_from_slice(b"null"),
        Payload::Bytes(value) => match plain_text(value) {
            Some(content) => out.extend_from_slice(&content),
            None => out.extend_from_slice(value),
        },
    }
}
