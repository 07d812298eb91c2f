//! An Avro object container file of records. Source: Apache Avro specification 1.11, "Object Container Files".
//!
//! Keys, values and headers are bytes, so that nothing is lost but the difference between null and what the source did not hold.

use super::plain_text;
use replay_log::record::{Payload, Record};

/// The schema of a record.
const SCHEMA: &str = r#"{"type":"record","name":"Record","namespace":"org.apache.kafka","fields":[{"name":"topic","type":"string"},{"name":"partition","type":"int"},{"name":"offset","type":"long"},{"name":"timestamp","type":["null","long"]},{"name":"headers","type":{"type":"array","items":["null","bytes"]}},{"name":"key","type":["null","bytes"]},{"name":"value","type":["null","bytes"]}]}"#;
/// Marks the end of a block. Any sixteen bytes do; the same ones in each file, so that a file can be made again.
const SYNC: [u8; 16] = *b"replayground\0\x01\x02\x03";
/// A block is closed when it is so long.
const BLOCK_BYTES: usize = 64 << 10;

/// The block under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    records: i64,
    data: Vec<u8>,
}

/// Appends what stands before the first block.
pub(super) fn header(out: &mut Vec<u8>) {
    out.extend_from_slice(b"Obj\x01");
    long(out, 2);
    for (name, value) in [("avro.schema", SCHEMA), ("avro.codec", "null")] {
        bytes(out, name.as_bytes());
        bytes(out, value.as_bytes());
    }
    long(out, 0);
    out.extend_from_slice(&SYNC);
}

impl Block {
    /// Takes one record, and appends the block once it is long enough.
    pub(super) fn record(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        let data = &mut self.data;
        bytes(data, record.topic.as_bytes());
        long(data, i64::from(record.partition.unwrap_or(0)));
        long(data, record.offset.unwrap_or(0));
        match record.timestamp_ms {
            None => long(data, 0),
            Some(ms) => {
                long(data, 1);
                long(data, ms);
            }
        }
        if !record.headers.is_empty() {
            long(data, record.headers.len() as i64 * 2);
            for header in &record.headers {
                optional(data, Some(header.name.as_bytes()));
                optional(data, header.value.as_deref());
            }
        }
        long(data, 0);
        optional(data, record.key.as_deref());
        match &record.value {
            Payload::Tombstone | Payload::Absent => optional(data, None),
            Payload::Bytes(value) => optional(data, Some(&plain_text(value).unwrap_or_else(|| value.as_ref().into()))),
        }
        self.records += 1;
        if self.data.len() >= BLOCK_BYTES {
            self.close(out);
        }
    }

    /// Appends the block, if there is anything in it.
    pub(super) fn close(&mut self, out: &mut Vec<u8>) {
        if self.records == 0 {
            return;
        }
        long(out, self.records);
        bytes(out, &self.data);
        out.extend_from_slice(&SYNC);
        *self = Block::default();
    }
}

fn optional(out: &mut Vec<u8>, content: Option<&[u8]>) {
    long(out, i64::from(content.is_some()));
    if let Some(content) = content {
        bytes(out, content);
    }
}

fn bytes(out: &mut Vec<u8>, content: &[u8]) {
    long(out, content.len() as i64);
    out.extend_from_slice(content);
}

/// Zigzag, then seven bits a byte.
fn long(out: &mut Vec<u8>, number: i64) {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}
