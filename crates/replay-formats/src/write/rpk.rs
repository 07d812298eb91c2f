//! What `rpk topic consume --pretty-print=false` prints. Source: Redpanda `src/go/rpk/pkg/cli/topic/consume.go`.
//!
//! A key that is null and one that is empty look the same there: both are left out.

use super::json::{Object, push_header_list, push_text, push_value_text};
use replay_log::record::{Payload, Record};

/// Appends one record.
pub(super) fn object(record: &Record<'_>, out: &mut Vec<u8>) {
    let mut object = Object::begin(out);
    object.string("topic", record.topic.as_bytes());
    if let Some(key) = record.key.as_deref().filter(|key| !key.is_empty()) {
        push_text(object.member("key"), Some(key));
    }
    match &record.value {
        Payload::Bytes(value) => push_value_text(object.member("value"), value),
        // What `--meta-only` says of a value that it does not print.
        Payload::Absent => object.number("value_size", 0),
        Payload::Tombstone => {}
    }
    if !record.headers.is_empty() {
        push_header_list(object.member("headers"), &record.headers);
    }
    object.number("timestamp", record.timestamp_ms.unwrap_or(-1));
    object.number("partition", i64::from(record.partition.unwrap_or(0)));
    object.number("offset", record.offset.unwrap_or(0));
    object.end();
}
