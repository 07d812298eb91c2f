//! A record batch, version 2. Source: Apache Kafka `docs/implementation.html` 5.3, `DefaultRecordBatch.java`, `DefaultRecord.java`.

use super::bytes::{Bytes, crc32c};
use crate::compression::{Codec, unpack};
use crate::read::transcribe::{Cell, TextRecord};

/// Bytes before the records.
pub(super) const HEADER: usize = 61;
/// Bytes before the part that the length counts.
pub(super) const OVERHEAD: usize = 12;
/// The most that the records of one batch unpack to; brokers refuse batches of more than a few megabytes.
pub(super) const MAX_BATCH_BYTES: usize = 256 << 20;

const LOG_APPEND_TIME: i16 = 1 << 3;
const TRANSACTIONAL: i16 = 1 << 4;
const CONTROL: i16 = 1 << 5;

/// What a batch says before its records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) base_offset: i64,
    pub(super) crc: u32,
    attributes: i16,
    base_timestamp: i64,
    max_timestamp: i64,
    pub(super) producer: i64,
    count: i32,
}

impl Header {
    pub(super) fn read(batch: &[u8]) -> Option<Header> {
        let mut bytes = Bytes(batch);
        let base_offset = bytes.i64()?;
        let (_length, _leader_epoch, _magic) = (bytes.i32()?, bytes.i32()?, bytes.u8()?);
        let crc = bytes.u32()?;
        let attributes = bytes.i16()?;
        let _last_offset_delta = bytes.i32()?;
        let (base_timestamp, max_timestamp) = (bytes.i64()?, bytes.i64()?);
        let producer = bytes.i64()?;
        let (_epoch, _sequence) = (bytes.i16()?, bytes.i32()?);
        Some(Header { base_offset, crc, attributes, base_timestamp, max_timestamp, producer, count: bytes.i32()? })
    }

    pub(super) fn is_transactional(&self) -> bool {
        self.attributes & TRANSACTIONAL != 0
    }

    pub(super) fn is_control(&self) -> bool {
        self.attributes & CONTROL != 0
    }

    pub(super) fn codec(&self) -> Result<Option<Codec>, String> {
        codec(self.attributes)
    }

    fn timestamp(&self, delta: i64) -> Option<i64> {
        if self.attributes & LOG_APPEND_TIME != 0 {
            return Some(self.max_timestamp).filter(|ms| *ms != -1);
        }
        // -1 is Kafka's word for no time.
        if self.base_timestamp == -1 { None } else { self.base_timestamp.checked_add(delta) }
    }
}

/// The codec of the lowest three bits.
pub(super) fn codec(attributes: i16) -> Result<Option<Codec>, String> {
    Ok(match attributes & 7 {
        0 => None,
        1 => Some(Codec::Gzip),
        2 => Some(Codec::Snappy),
        3 => Some(Codec::Lz4),
        4 => Some(Codec::Zstd),
        other => return Err(format!("its compression {other} is unknown")),
    })
}

/// True if the bytes are those that the checksum was made of.
pub(super) fn is_intact(header: &Header, batch: &[u8]) -> bool {
    batch.get(21..).is_some_and(|covered| crc32c(covered) == header.crc)
}

/// Hands the records of a whole batch to `sink`, and says what is wrong with the rest.
pub(super) fn records(header: &Header, batch: &[u8], sink: &mut dyn FnMut(TextRecord)) -> Result<(), String> {
    let packed = batch.get(HEADER..).unwrap_or_default();
    let (unpacked, result) = match header.codec()? {
        Some(codec) => unpack(codec, packed, MAX_BATCH_BYTES),
        None => (Vec::new(), Ok(())),
    };
    let mut bytes = Bytes(if header.codec()?.is_some() { &unpacked } else { packed });
    let mut found = 0;
    while found < header.count && !bytes.0.is_empty() {
        let length = bytes.varint().and_then(|length| usize::try_from(length).ok());
        let record = length.and_then(|length| bytes.take(length)).and_then(|record| read(header, Bytes(record)));
        let Some(record) = record else { break };
        sink(record);
        found += 1;
    }
    result.map_err(|cause| cause.to_string())?;
    if found < header.count {
        return Err(format!("{} of its {} records are damaged", header.count - found, header.count));
    }
    Ok(())
}

fn read(header: &Header, mut bytes: Bytes<'_>) -> Option<TextRecord> {
    let _attributes = bytes.u8()?;
    let timestamp_ms = header.timestamp(bytes.varint()?);
    let offset = header.base_offset.checked_add(bytes.varint()?)?;
    let key = bytes.varint_bytes()?;
    let value = bytes.varint_bytes()?;
    let mut headers = Vec::new();
    for _ in 0..bytes.varint()? {
        let name = bytes.varint_bytes()?.unwrap_or_default();
        headers.push((name.to_vec(), bytes.varint_bytes()?.map(<[u8]>::to_vec)));
    }
    Some(TextRecord {
        offset: Some(offset),
        timestamp_ms,
        key: cell(key),
        value: cell(value),
        headers,
        is_binary: true,
        ..TextRecord::default()
    })
}

pub(super) fn cell(bytes: Option<&[u8]>) -> Cell {
    bytes.map_or(Cell::Null, |bytes| Cell::Bytes(bytes.to_vec()))
}
