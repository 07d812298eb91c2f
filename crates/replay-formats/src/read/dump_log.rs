//! The text that `kafka-dump-log --print-data-log` prints. Source: Apache Kafka `DumpLogSegments.scala`, old and new spelling.

use crate::error::Cause;
use crate::read::segment::transactions::Transactions;
use crate::read::transcribe::{Cell, Output, TextRecord, Transcribe};
use crate::text::{excerpt, find, is_tool_message};
use crate::time::integer;

/// True if the text begins like a dump.
pub(crate) fn is_dump(lines: &[&[u8]]) -> bool {
    lines.first().is_some_and(|first| first.starts_with(b"Dumping ") || first.starts_with(b"baseOffset: "))
        || lines.iter().any(|line| line.starts_with(b"| offset: "))
}

/// Writes the record lines over.
#[derive(Default)]
pub(crate) struct DumpReader {
    topic: Option<Vec<u8>>,
    partition: Option<i64>,
    /// Of the batch at hand: its producer, if it is in a transaction.
    producer: Option<i64>,
    /// The batch at hand holds no records of anybody's.
    is_control: bool,
    transactions: Transactions,
    /// The first line of a batch, with its number, as long as there are no records.
    only_batches: Option<(u64, Vec<u8>)>,
    has_records: bool,
    /// The length of the line at hand, if its sizes tell it.
    length: Option<usize>,
}

/// The producer of a batch or, in older releases, of a record, if it is in a transaction.
fn producer(head: &[u8]) -> Option<i64> {
    let is_transactional = find(head, b"isTransactional: true").is_some();
    number(head, &["producerId: "]).filter(|_| is_transactional)
}

/// The number behind a name.
fn number(line: &[u8], names: &[&str]) -> Option<i64> {
    names.iter().find_map(|name| {
        let at = find(line, name.as_bytes())? + name.len();
        let rest = &line[at..];
        let end = rest.iter().take_while(|b| b.is_ascii_digit() || **b == b'-').count();
        integer(&rest[..end])
    })
}

fn is_record(line: &[u8]) -> bool {
    line.starts_with(b"| offset: ") || line.starts_with(b"offset: ")
}

/// What stands before the key: numbers only, so that names are not looked for in data.
fn head_of(line: &[u8]) -> &[u8] {
    let keys = find(line, b" headerKeys: [").unwrap_or(0);
    let end = find(&line[keys..], b" key: ").map(|at| keys + at);
    let end = end.or_else(|| find(line, b" payload: "));
    &line[..end.unwrap_or(line.len())]
}

impl DumpReader {
    fn record(&self, line: &[u8]) -> Option<TextRecord> {
        let head = head_of(line);
        let key_size = number(head, &["keySize: ", "keysize: "])?;
        let value_size = number(head, &["valueSize: ", "valuesize: "])?;
        let mut rest = &line[head.len()..];
        // Sizes count the bytes in Kafka; the text went through a decoder, so they may not fit any more.
        let mut take = |name: &[u8], size: i64, next: &[u8]| -> Option<Vec<u8>> {
            let after = rest.strip_prefix(name)?;
            let size = usize::try_from(size).ok()?;
            let fits = after.len() == size || (after.len() > size && after[size..].starts_with(next));
            let end = if fits && (!next.is_empty() || after.len() == size) {
                size
            } else if next.is_empty() {
                after.len()
            } else {
                find(after, next).unwrap_or(after.len())
            };
            rest = &after[end..];
            Some(after[..end].to_vec())
        };
        let key = take(b" key: ", key_size, b" payload: ");
        let value = take(b" payload: ", value_size, b"");
        let names = find(head, b" headerKeys: [").map(|at| &head[at + b" headerKeys: [".len()..]);
        let names = names.and_then(|names| Some(&names[..memchr::memchr(b']', names)?])).unwrap_or_default();
        let value = match value {
            Some(value) => Cell::Bytes(value),
            None if value_size < 0 => Cell::Null,
            // Printed without its data.
            None => Cell::Absent,
        };
        Some(TextRecord {
            topic: self.topic.clone(),
            partition: self.partition,
            offset: number(head, &["offset: "]),
            timestamp_ms: number(head, &["CreateTime: ", "LogAppendTime: "]).filter(|ms| *ms != -1),
            key: if key_size < 0 { Cell::Null } else { key.map_or(Cell::Absent, Cell::Bytes) },
            value,
            // The values of headers are not printed.
            headers: names
                .split(|b| *b == b',')
                .filter(|name| !name.is_empty())
                .map(|name| (name.to_vec(), None))
                .collect(),
            ..TextRecord::default()
        })
    }
}

impl Transcribe for DumpReader {
    fn line(&mut self, line: &[u8], number_of_line: u64, out: &mut Output<'_>) {
        self.length = None;
        if let Some(path) = line.strip_prefix(b"Dumping ") {
            let mut parts = path.rsplit(|b| matches!(b, b'/' | b'\\'));
            let folder = parts.nth(1).unwrap_or_default();
            // A topic's name may hold dashes: the last one stands before the partition.
            let dash = memchr::memrchr(b'-', folder);
            let topic = dash.map(|dash| folder[..dash].to_vec());
            let partition = dash.and_then(|dash| integer(&folder[dash + 1..]));
            if (&topic, partition) != (&self.topic, self.partition) {
                self.transactions.finish(out.store);
            }
            (self.topic, self.partition) = (topic, partition);
            return;
        }
        if line.starts_with(b"baseOffset: ") {
            self.producer = producer(line);
            self.is_control = find(line, b"isControl: true").is_some();
            if !self.has_records && self.only_batches.is_none() {
                self.only_batches = Some((number_of_line, line.to_vec()));
            }
            return;
        }
        let is_record = is_record(line);
        if is_record {
            self.has_records = true;
            let head = head_of(line);
            let producer = producer(head).or(self.producer);
            let mark = b"endTxnMarker: ";
            if let Some(marker) = find(head, mark) {
                if let Some(producer) = producer {
                    let is_commit = head[marker + mark.len()..].starts_with(b"COMMIT");
                    self.transactions.end(producer, is_commit, out.store);
                }
                return;
            }
            if self.is_control {
                return;
            }
            if let Some(record) = self.record(line) {
                self.transactions.push(record, producer, out.store);
                return;
            }
        }
        let is_other = [&b"Log starting offset:"[..], b"Starting offset:", b"Found ", b"Index "];
        if !is_record && (is_other.iter().any(|start| line.starts_with(start)) || is_tool_message(line)) {
            return;
        }
        out.errors.add_at(number_of_line, 1, Cause::NotARecord(excerpt(line)), line, 0);
    }

    fn finish(&mut self, out: &mut Output<'_>) {
        self.transactions.finish(out.store);
        // Printed without its records: the first batch stands for all.
        if let Some((number, line)) = self.only_batches.take().filter(|_| !self.has_records) {
            out.errors.add_at(number, 1, Cause::NotARecord(excerpt(&line)), &line, 0);
        }
    }

    fn goes_on(&mut self, line: &[u8], from: usize) -> bool {
        if from == 0 {
            self.length = None;
            let head = head_of(line);
            let payload = find(line, b" payload: ");
            let size = number(head, &["valueSize: ", "valuesize: "]).and_then(|size| usize::try_from(size).ok());
            if let (true, Some(payload), Some(size)) = (is_record(line), payload, size) {
                self.length = payload.checked_add(b" payload: ".len() + size);
            }
        }
        self.length.is_some_and(|length| line.len() < length && length < 64 << 20)
    }
}
