//! A log as an Apache Parquet file: a column for each thing that a record says, in groups of rows, compressed with Snappy.
//!
//! Written by hand because a library for it weighs more than the rest of the page. Plain encoding, data pages of version 1, a page a column
//! and group. Source: the format's specification (`parquet.thrift`, Thrift's compact protocol). Pinned by a test that reads the file with
//! the `parquet` crate.

use crate::value::push_json_string;
use replay_log::log::Log;
use replay_log::record::Payload;

/// Rows in a group: its columns are held in memory until it is full.
const GROUP_ROWS: usize = 65_536;
/// A group ends before its largest column grows beyond this.
const GROUP_BYTES: usize = 32 << 20;
const MAGIC: &[u8] = b"PAR1";

/// The physical types that are used, with their numbers in `parquet.thrift`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int32 = 1,
    Int64 = 2,
    ByteArray = 6,
}

/// `ConvertedType` in `parquet.thrift`.
const UTF8: i32 = 0;
const TIMESTAMP_MILLIS: i32 = 9;
const JSON: i32 = 19;

struct Shape {
    name: &'static str,
    kind: Kind,
    is_optional: bool,
    converted: Option<i32>,
}

const fn shape(name: &'static str, kind: Kind, is_optional: bool, converted: Option<i32>) -> Shape {
    Shape { name, kind, is_optional, converted }
}

/// In this order. What is no text stands in `value_bytes`, so that `value` is text for everybody who reads it.
const SHAPES: [Shape; 10] = [
    shape("position", Kind::Int64, false, None),
    shape("topic", Kind::ByteArray, false, Some(UTF8)),
    shape("partition", Kind::Int32, false, None),
    shape("offset", Kind::Int64, false, None),
    shape("timestamp", Kind::Int64, true, Some(TIMESTAMP_MILLIS)),
    shape("key", Kind::ByteArray, true, Some(UTF8)),
    shape("event_type", Kind::ByteArray, true, Some(UTF8)),
    shape("headers", Kind::ByteArray, true, Some(JSON)),
    shape("value", Kind::ByteArray, true, Some(UTF8)),
    shape("value_bytes", Kind::ByteArray, true, None),
];

/// The values of a column in the group that is being filled.
#[derive(Default)]
struct Column {
    /// Values that are there, one behind the other.
    plain: Vec<u8>,
    /// Runs of rows with (true) or without a value.
    runs: Vec<(bool, u32)>,
}

impl Column {
    fn push(&mut self, value: Option<&[u8]>, kind: Kind) {
        match self.runs.last_mut() {
            Some((is_there, n)) if *is_there == value.is_some() => *n += 1,
            _ => self.runs.push((value.is_some(), 1)),
        }
        let Some(value) = value else { return };
        if kind == Kind::ByteArray {
            // A record is far below 4 GiB: Kafka's own limit is 2 GiB.
            self.plain.extend_from_slice(&(value.len() as u32).to_le_bytes());
        }
        self.plain.extend_from_slice(value);
    }
}

/// Where a column of a finished group lies.
struct Chunk {
    at: u64,
    plain: u64,
    packed: u64,
}

struct Group {
    rows: u64,
    chunks: Vec<Chunk>,
}

/// Writes records as a Parquet file, which is complete behind [`ParquetWriter::finish`].
pub struct ParquetWriter {
    out: Vec<u8>,
    columns: Vec<Column>,
    rows: usize,
    groups: Vec<Group>,
}

impl Default for ParquetWriter {
    fn default() -> ParquetWriter {
        ParquetWriter::new()
    }
}

impl ParquetWriter {
    /// Without a row.
    pub fn new() -> ParquetWriter {
        ParquetWriter { out: MAGIC.to_vec(), columns: columns(), rows: 0, groups: Vec::new() }
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.out.len() + self.columns.iter().map(|column| column.plain.len()).sum::<usize>()
    }

    /// Never: a file begins with its magic number.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Appends a record under its place in a replay order.
    pub fn record(&mut self, log: &Log, index: u32, position: u64) {
        let record = log.record(index);
        let partition = &log.partitions()[log.partition(index) as usize];
        let key = record.key.as_deref().map(readable).or_else(|| record.entity.as_deref().map(str::to_owned));
        let mut headers = Vec::new();
        for header in &record.headers {
            headers.extend_from_slice(if headers.is_empty() { b"[" } else { b"," });
            headers.extend_from_slice(b"{\"key\":");
            push_json_string(&mut headers, header.name.as_bytes());
            headers.extend_from_slice(b",\"value\":");
            match header.value.as_deref() {
                Some(value) => push_json_string(&mut headers, readable(value).as_bytes()),
                None => headers.extend_from_slice(b"null"),
            }
            headers.push(b'}');
        }
        if !headers.is_empty() {
            headers.push(b']');
        }
        let (value, value_bytes) = match &record.value {
            Payload::Bytes(value) if std::str::from_utf8(value).is_ok() => (Some(&**value), None),
            Payload::Bytes(value) => (None, Some(&**value)),
            Payload::Tombstone | Payload::Absent => (None, None),
        };
        let timestamp = log.timestamp_ms(index).map(i64::to_le_bytes);
        let values: [Option<&[u8]>; SHAPES.len()] = [
            Some(&(position as i64).to_le_bytes()),
            Some(partition.topic.as_bytes()),
            Some(&(partition.partition as i32).to_le_bytes()),
            Some(&log.offset(index).to_le_bytes()),
            timestamp.as_ref().map(<[u8; 8]>::as_slice),
            key.as_deref().map(str::as_bytes),
            record.event_type.as_deref().map(str::as_bytes),
            Some(headers.as_slice()).filter(|headers| !headers.is_empty()),
            value,
            value_bytes,
        ];
        for ((column, value), shape) in self.columns.iter_mut().zip(values).zip(&SHAPES) {
            column.push(value, shape.kind);
        }
        self.rows += 1;
        if self.rows == GROUP_ROWS || self.columns.iter().any(|column| column.plain.len() > GROUP_BYTES) {
            self.end_group();
        }
    }

    fn end_group(&mut self) {
        if self.rows == 0 {
            return;
        }
        let mut chunks = Vec::new();
        let mut packer = snap::raw::Encoder::new();
        for (column, shape) in std::mem::replace(&mut self.columns, columns()).into_iter().zip(&SHAPES) {
            let mut page = Vec::with_capacity(column.plain.len() + 16);
            if shape.is_optional {
                let levels = levels(&column.runs);
                page.extend_from_slice(&(levels.len() as u32).to_le_bytes());
                page.extend_from_slice(&levels);
            }
            page.extend_from_slice(&column.plain);
            // A page is far below the 4 GiB that Snappy refuses; nothing else can go wrong.
            let packed = packer.compress_vec(&page).unwrap_or_default();
            let at = self.out.len();
            let mut header = Thrift::default();
            header.int(1, 0);
            header.int(2, page.len() as i64);
            header.int(3, packed.len() as i64);
            header.structure(5, |data| {
                data.int(1, self.rows as i64);
                data.int(2, 0);
                data.int(3, 3);
                data.int(4, 3);
            });
            let header = header.end();
            self.out.extend_from_slice(&header);
            self.out.extend_from_slice(&packed);
            let (plain, packed) = ((header.len() + page.len()) as u64, (header.len() + packed.len()) as u64);
            chunks.push(Chunk { at: at as u64, plain, packed });
        }
        self.groups.push(Group { rows: self.rows as u64, chunks });
        self.rows = 0;
    }

    /// The whole file, and for each column its name and its compressed bytes.
    pub fn finish(mut self) -> (Vec<u8>, Vec<(&'static str, u64)>) {
        self.end_group();
        let footer = self.footer();
        self.out.extend_from_slice(&footer);
        self.out.extend_from_slice(&(footer.len() as u32).to_le_bytes());
        self.out.extend_from_slice(MAGIC);
        let packed = |n: usize| self.groups.iter().map(|group| group.chunks[n].packed).sum();
        let sizes = SHAPES.iter().enumerate().map(|(n, shape)| (shape.name, packed(n))).collect();
        (self.out, sizes)
    }

    fn footer(&self) -> Vec<u8> {
        let mut footer = Thrift::default();
        footer.int(1, 1);
        footer.list(2, STRUCT, SHAPES.len() + 1, |list| {
            list.element(|root| {
                root.text(4, "record");
                root.int(5, SHAPES.len() as i64);
            });
            for shape in &SHAPES {
                list.element(|element| {
                    element.int(1, shape.kind as i64);
                    element.int(3, i64::from(shape.is_optional));
                    element.text(4, shape.name);
                    if let Some(converted) = shape.converted {
                        element.int(6, i64::from(converted));
                    }
                });
            }
        });
        footer.long(3, self.groups.iter().map(|group| group.rows as i64).sum());
        footer.list(4, STRUCT, self.groups.len(), |list| {
            for group in &self.groups {
                list.element(|element| {
                    element.list(1, STRUCT, SHAPES.len(), |list| {
                        for (chunk, shape) in group.chunks.iter().zip(&SHAPES) {
                            list.element(|element| column_chunk(element, chunk, shape, group.rows));
                        }
                    });
                    element.long(2, group.chunks.iter().map(|chunk| chunk.plain as i64).sum());
                    element.long(3, group.rows as i64);
                });
            }
        });
        footer.text(6, "Replayground");
        footer.end()
    }
}

fn columns() -> Vec<Column> {
    SHAPES.iter().map(|_| Column::default()).collect()
}

fn column_chunk(out: &mut Thrift, chunk: &Chunk, shape: &Shape, rows: u64) {
    out.long(2, chunk.at as i64);
    out.structure(3, |meta| {
        meta.int(1, shape.kind as i64);
        meta.list(2, INT, 2, |list| {
            list.zigzag(0);
            list.zigzag(3);
        });
        meta.list(3, BINARY, 1, |list| list.bytes(shape.name.as_bytes()));
        meta.int(4, 1);
        meta.long(5, rows as i64);
        meta.long(6, chunk.plain as i64);
        meta.long(7, chunk.packed as i64);
        meta.long(9, chunk.at as i64);
    });
}

/// Whether each row has a value, in the hybrid encoding for one bit, all of it as runs.
fn levels(runs: &[(bool, u32)]) -> Vec<u8> {
    let mut out = Thrift::default();
    for &(is_there, n) in runs {
        out.varint(u64::from(n) << 1);
        out.out.push(u8::from(is_there));
    }
    out.out
}

/// Bytes as text if they are text, else in hex.
fn readable(bytes: &[u8]) -> String {
    use std::fmt::Write;
    std::str::from_utf8(bytes).map_or_else(
        |_| {
            bytes.iter().fold("0x".to_owned(), |mut text, byte| {
                // Writing to a string cannot fail.
                let _ = write!(text, "{byte:02x}");
                text
            })
        },
        str::to_owned,
    )
}

/// Types of Thrift's compact protocol.
const INT: u8 = 5;
const LONG: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// One structure in Thrift's compact protocol.
#[derive(Default)]
struct Thrift {
    out: Vec<u8>,
    last: i16,
}

impl Thrift {
    fn varint(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.out.push((n as u8) | 0x80);
            n >>= 7;
        }
        self.out.push(n as u8);
    }

    fn zigzag(&mut self, n: i64) {
        self.varint(((n << 1) ^ (n >> 63)) as u64);
    }

    fn field(&mut self, id: i16, kind: u8) {
        // The fields of one structure are written in ascending order, less than 16 apart.
        self.out.push((((id - self.last) as u8) << 4) | kind);
        self.last = id;
    }

    fn int(&mut self, id: i16, n: i64) {
        self.field(id, INT);
        self.zigzag(n);
    }

    fn long(&mut self, id: i16, n: i64) {
        self.field(id, LONG);
        self.zigzag(n);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.out.extend_from_slice(bytes);
    }

    fn text(&mut self, id: i16, text: &str) {
        self.field(id, BINARY);
        self.bytes(text.as_bytes());
    }

    /// A structure without a field number: an element of a list.
    fn element(&mut self, fill: impl FnOnce(&mut Thrift)) {
        let outer = std::mem::replace(&mut self.last, 0);
        fill(self);
        self.out.push(0);
        self.last = outer;
    }

    fn structure(&mut self, id: i16, fill: impl FnOnce(&mut Thrift)) {
        self.field(id, STRUCT);
        self.element(fill);
    }

    fn list(&mut self, id: i16, kind: u8, n: usize, fill: impl FnOnce(&mut Thrift)) {
        self.field(id, LIST);
        if n < 15 {
            self.out.push(((n as u8) << 4) | kind);
        } else {
            self.out.push(0xf0 | kind);
            self.varint(n as u64);
        }
        fill(self);
    }

    fn end(mut self) -> Vec<u8> {
        self.out.push(0);
        self.out
    }
}
