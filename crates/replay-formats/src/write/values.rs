//! The values alone, one a line, as `kafka-console-consumer` prints them without further properties.

use super::json::push_json_value;
use crate::value::push_tagged_base64;
use replay_log::record::{Payload, Record};

/// Appends one record, without the end of the line.
pub(super) fn line(record: &Record<'_>, out: &mut Vec<u8>) {
    match &record.value {
        Payload::Tombstone | Payload::Absent => out.extend_from_slice(b"null"),
        Payload::Bytes(value) if std::str::from_utf8(value).is_err() => push_tagged_base64(out, value),
        Payload::Bytes(value) => push_json_value(out, value),
    }
}
