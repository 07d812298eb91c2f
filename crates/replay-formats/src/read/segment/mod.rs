//! Raw segments of a Kafka log (`.log`): batches one after the other, as the broker's disk has them.

mod batch;
mod bytes;
mod message_set;
pub(crate) mod transactions;

use crate::compression::is_record_batch;
use crate::detect::Evidence;
use crate::error::Errors;
use crate::read::transcribe::{Output, TextRecord, TranscribeBytes};
use batch::{HEADER, Header, OVERHEAD};
use bytes::Bytes;
use transactions::Transactions;

/// So many bytes are checked in search of a batch behind damaged ones; made-up headers must not cost hours.
const MAX_SEARCHED: usize = 1 << 30;

/// Writes the records over into lines.
pub(crate) struct SegmentReader {
    topic: Option<String>,
    partition: Option<u32>,
    /// What is there of the next batch.
    rest: Vec<u8>,
    /// Where `rest` begins in the file.
    at: u64,
    next_offset: i64,
    place: Place,
    transactions: Transactions,
    batches: u64,
    control_records: u64,
    codecs: Vec<&'static str>,
    padding: u64,
    /// Bytes whose checksum was computed in search of a batch.
    searched: usize,
}

#[derive(PartialEq, Eq)]
enum Place {
    Batches,
    /// In the zeros of a file that was made longer than it is used.
    Padding,
    /// Behind something that is no batch; the next one is looked for when all is there.
    Lost,
}

impl SegmentReader {
    /// Topic and partition are those that the folder's name tells.
    pub(crate) fn new(topic: Option<String>, partition: Option<u32>) -> SegmentReader {
        SegmentReader {
            topic,
            partition,
            rest: Vec::new(),
            at: 0,
            next_offset: 0,
            place: Place::Batches,
            transactions: Transactions::default(),
            batches: 0,
            control_records: 0,
            codecs: Vec::new(),
            padding: 0,
            searched: 0,
        }
    }

    /// Reads the whole batches of `rest`.
    fn drain(&mut self, out: &mut Output<'_>) {
        let rest = std::mem::take(&mut self.rest);
        let mut from = 0;
        while let Some(batch) = self.next(&rest[from..], out) {
            if batch > 0 {
                self.batch(&rest[from..from + batch], out);
            }
            from += batch;
            self.at += batch as u64;
        }
        self.rest = rest;
        self.rest.drain(..from.min(self.rest.len()));
    }

    /// The length of the whole batch at the front, or `None` if there is none yet.
    fn next(&mut self, bytes: &[u8], out: &mut Output<'_>) -> Option<usize> {
        if self.place != Place::Batches || bytes.len() < 17 {
            return None;
        }
        if is_record_batch(bytes) {
            return length(bytes).filter(|length| *length <= bytes.len());
        }
        if bytes[..17].iter().all(|byte| *byte == 0) {
            self.place = Place::Padding;
        } else {
            self.lose("neither a record batch nor the end of the file", out.errors);
        }
        None
    }

    fn lose(&mut self, detail: &str, errors: &mut Errors) {
        self.place = Place::Lost;
        errors.binary("record batch", self.at, detail);
    }

    fn batch(&mut self, bytes: &[u8], out: &mut Output<'_>) {
        self.batches += 1;
        let is_old = bytes[16] < 2;
        let header = Header::read(bytes);
        let is_intact = match &header {
            _ if is_old => message_set::is_intact(bytes),
            Some(header) => batch::is_intact(header, bytes),
            None => false,
        };
        if !is_intact {
            out.errors.binary("record batch", self.at, "its checksum is wrong; what could be read of it was kept");
        }
        let (topic, partition) = (self.topic.as_ref().map(|topic| topic.as_bytes().to_vec()), self.partition);
        let named =
            |record: TextRecord| TextRecord { topic: topic.clone(), partition: partition.map(i64::from), ..record };
        let (transactions, next_offset) = (&mut self.transactions, &mut self.next_offset);
        let mut step = |offset: Option<i64>| *next_offset = (*next_offset).max(offset.unwrap_or(0).saturating_add(1));
        let result = match header {
            _ if is_old => message_set::records(bytes, &mut |record| {
                step(record.offset);
                transactions.push(named(record), None, out.store);
            }),
            None => Err("its header is cut off".to_owned()),
            Some(header) if header.is_control() => {
                let mut markers = Vec::new();
                let result = batch::records(&header, bytes, &mut |record| {
                    step(record.offset);
                    markers.push(record);
                });
                self.control_records += markers.len() as u64;
                for is_commit in markers.iter().filter_map(marker) {
                    transactions.end(header.producer, is_commit, out.store);
                }
                result
            }
            Some(header) => {
                let codec = header.codec().ok().flatten().map_or("none", crate::compression::Codec::name);
                if !self.codecs.contains(&codec) {
                    self.codecs.push(codec);
                }
                let producer = header.is_transactional().then_some(header.producer);
                batch::records(&header, bytes, &mut |record| {
                    step(record.offset);
                    transactions.push(named(record), producer, out.store);
                })
            }
        };
        if let Err(detail) = result {
            out.errors.binary("record batch", self.at, &detail);
        }
    }

    /// The next place behind a damage where an intact batch begins.
    fn find(&mut self, bytes: &[u8]) -> Option<usize> {
        for at in 1..bytes.len().saturating_sub(HEADER) {
            let bytes = &bytes[at..];
            let base_offset = bytes.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes));
            // A number near the last one keeps chance hits rare.
            if !(self.next_offset..self.next_offset.saturating_add(1 << 32)).contains(&base_offset)
                || !is_record_batch(bytes)
            {
                continue;
            }
            let Some(batch) = length(bytes).and_then(|n| bytes.get(..n)) else { continue };
            self.searched += batch.len();
            if self.searched > MAX_SEARCHED {
                return None;
            }
            let is_intact = match Header::read(batch) {
                _ if batch[16] < 2 => message_set::is_intact(batch),
                Some(header) => batch::is_intact(&header, batch),
                None => false,
            };
            if is_intact {
                return Some(at);
            }
        }
        None
    }
}

/// The length of the batch whose start is there.
fn length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.get(8..)?.first_chunk().map(|bytes| i32::from_be_bytes(*bytes))?;
    usize::try_from(length).ok()?.checked_add(OVERHEAD)
}

/// Whether a control record commits or aborts; others, such as a change of the leader, do neither.
fn marker(record: &TextRecord) -> Option<bool> {
    let crate::read::transcribe::Cell::Bytes(key) = &record.key else { return None };
    let mut key = Bytes(key);
    let _version = key.i16()?;
    match key.i16()? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

impl TranscribeBytes for SegmentReader {
    fn push(&mut self, bytes: &[u8], out: &mut Output<'_>) {
        self.rest.extend_from_slice(bytes);
        self.drain(out);
        if self.place == Place::Padding {
            let zeros = self.rest.iter().take_while(|byte| **byte == 0).count();
            self.padding += zeros as u64;
            self.at += zeros as u64;
            self.rest.drain(..zeros);
            if !self.rest.is_empty() {
                self.lose("bytes behind the end of the log", out.errors);
            }
        }
    }

    fn finish(&mut self, out: &mut Output<'_>) {
        loop {
            if self.place == Place::Batches && self.rest.iter().all(|byte| *byte == 0) {
                self.padding += self.rest.len() as u64;
                break;
            }
            if self.place == Place::Batches {
                self.lose("it is cut off", out.errors);
            }
            let rest = std::mem::take(&mut self.rest);
            if self.place == Place::Padding {
                break;
            }
            let Some(found) = self.find(&rest) else { break };
            self.rest = rest[found..].to_vec();
            self.at += found as u64;
            self.place = Place::Batches;
            self.push(&[], out);
        }
        self.rest = Vec::new();
        self.transactions.finish(out.store);
    }

    fn notes(&self) -> Vec<Evidence> {
        let mut notes = vec![Evidence::Batches { batches: self.batches, codecs: self.codecs.join(", ") }];
        let transactions = &self.transactions;
        if self.control_records > 0 || transactions.open_records > 0 {
            notes.push(Evidence::Transactions {
                committed: transactions.committed,
                aborted: transactions.aborted,
                aborted_records: transactions.aborted_records,
                open_records: transactions.open_records,
                control_records: self.control_records,
            });
        }
        if self.padding > 0 {
            notes.push(Evidence::Padding { bytes: self.padding });
        }
        notes
    }
}
