//! Message sets of the time before Kafka 0.11: versions 0 and 1. Source: Apache Kafka `LegacyRecord.java`, `AbstractLegacyRecordBatch.java`.

use super::batch::{MAX_BATCH_BYTES, OVERHEAD, cell, codec};
use super::bytes::Bytes;
use crate::compression::unpack;
use crate::read::transcribe::TextRecord;

const LOG_APPEND_TIME: u8 = 1 << 3;

struct Message<'a> {
    offset: i64,
    magic: u8,
    attributes: u8,
    timestamp_ms: Option<i64>,
    key: Option<&'a [u8]>,
    value: Option<&'a [u8]>,
}

/// Hands the records of a message to `sink`: itself, or those that are packed inside of it.
pub(super) fn records(message: &[u8], sink: &mut dyn FnMut(TextRecord)) -> Result<(), String> {
    let outer = read(message).ok_or("the message is cut off")?;
    let Some(codec) = codec(i16::from(outer.attributes))? else {
        sink(record(&outer, outer.offset, outer.timestamp_ms));
        return Ok(());
    };
    let (set, result) = unpack(codec, outer.value.unwrap_or_default(), MAX_BATCH_BYTES);
    let mut inner = Vec::new();
    let mut rest = &set[..];
    while let Some(length) = length(rest)
        && let Some(message) = rest.get(..length).and_then(read)
    {
        inner.push(message);
        rest = &rest[length..];
    }
    // Version 1 counts offsets inside from 0; the outer message has the last one's.
    let last = inner.last().map_or(0, |message| message.offset);
    let base = if outer.magic == 1 { outer.offset.saturating_sub(last) } else { 0 };
    let is_append_time = outer.attributes & LOG_APPEND_TIME != 0;
    for message in &inner {
        let timestamp_ms = if is_append_time { outer.timestamp_ms } else { message.timestamp_ms };
        sink(record(message, base.saturating_add(message.offset), timestamp_ms));
    }
    result.map_err(|cause| cause.to_string())?;
    if rest.is_empty() { Ok(()) } else { Err("the packed messages are damaged".to_owned()) }
}

/// True if the bytes are those that the checksum was made of.
pub(super) fn is_intact(message: &[u8]) -> bool {
    let (Some(stored), Some(covered)) = (message.get(12..).and_then(<[u8]>::first_chunk), message.get(16..)) else {
        return false;
    };
    let mut crc = flate2::Crc::new();
    crc.update(covered);
    crc.sum() == u32::from_be_bytes(*stored)
}

fn length(bytes: &[u8]) -> Option<usize> {
    let size = bytes.get(8..)?.first_chunk().map(|size| i32::from_be_bytes(*size))?;
    usize::try_from(size).ok().filter(|size| *size >= 14).map(|size| size + OVERHEAD)
}

fn read(message: &[u8]) -> Option<Message<'_>> {
    let mut bytes = Bytes(message);
    let offset = bytes.i64()?;
    let (_size, _crc) = (bytes.i32()?, bytes.u32()?);
    let (magic, attributes) = (bytes.u8()?, bytes.u8()?);
    let timestamp_ms = if magic == 1 { Some(bytes.i64()?).filter(|ms| *ms != -1) } else { None };
    Some(Message { offset, magic, attributes, timestamp_ms, key: bytes.i32_bytes()?, value: bytes.i32_bytes()? })
}

fn record(message: &Message<'_>, offset: i64, timestamp_ms: Option<i64>) -> TextRecord {
    TextRecord {
        offset: Some(offset),
        timestamp_ms,
        key: cell(message.key),
        value: cell(message.value),
        is_binary: true,
        ..TextRecord::default()
    }
}
