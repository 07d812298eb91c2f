//! A table with a header line, columns separated by commas or tabs, quoted after RFC 4180. An empty cell without quotes is null; bytes that are no text are in base64.

use super::plain_text;
use crate::read::transcribe::{push_headers, push_text_or_bytes};
use crate::value::push_tagged_base64;
use replay_log::record::{Payload, Record};

/// The names of the columns.
const COLUMNS: [&str; 7] = ["topic", "partition", "offset", "timestamp", "headers", "key", "value"];

/// Appends the names of the columns, without the end of the line.
pub(super) fn header(separator: char, out: &mut Vec<u8>) {
    out.extend_from_slice(COLUMNS.join(&separator.to_string()).as_bytes());
}

/// Appends one record, without the end of the line.
pub(super) fn line(record: &Record<'_>, separator: char, out: &mut Vec<u8>) {
    cell(out, record.topic.as_bytes());
    let timestamp = record.timestamp_ms.map_or_else(String::new, |ms| ms.to_string());
    let (partition, offset) = (record.partition.unwrap_or(0), record.offset.unwrap_or(0));
    let numbers = format!("{separator}{partition}{separator}{offset}{separator}{timestamp}{separator}");
    out.extend_from_slice(numbers.as_bytes());
    if !record.headers.is_empty() {
        let headers = record.headers.iter().map(|header| (header.name.as_bytes(), header.value.as_deref()));
        let mut list = Vec::new();
        push_headers(&mut list, headers, push_text_or_bytes);
        cell(out, &list);
    }
    out.push(separator as u8);
    if let Some(key) = &record.key {
        bytes(out, key);
    }
    out.push(separator as u8);
    if let Payload::Bytes(value) = &record.value {
        bytes(out, &plain_text(value).unwrap_or_else(|| value.as_ref().into()));
    }
}

fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    if std::str::from_utf8(bytes).is_ok() {
        cell(out, bytes);
    } else {
        let mut tagged = Vec::new();
        push_tagged_base64(&mut tagged, bytes);
        cell(out, &tagged);
    }
}

/// In quotes always: text that is empty is not null.
fn cell(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}
