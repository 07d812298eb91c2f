//! Which records of a log are those of aborted transactions. That is told only behind them, by a marker, so records wait for it.

use crate::read::transcribe::TextRecord;
use std::collections::VecDeque;

struct Waiting {
    record: TextRecord,
    /// Whose transaction has not ended yet.
    producer: Option<i64>,
}

/// Records in their order, held back from the first one of an open transaction on.
#[derive(Default)]
pub(crate) struct Transactions {
    waiting: VecDeque<Waiting>,
    pub(crate) committed: u64,
    pub(crate) aborted: u64,
    pub(crate) aborted_records: u64,
    pub(crate) open_records: u64,
}

impl Transactions {
    /// Takes a record, with its producer if it belongs to a transaction.
    pub(crate) fn push(&mut self, record: TextRecord, producer: Option<i64>, out: &mut Vec<u8>) {
        if producer.is_none() && self.waiting.is_empty() {
            record.write(out);
        } else {
            self.waiting.push_back(Waiting { record, producer });
        }
    }

    /// A marker ends the open transaction of its producer.
    pub(crate) fn end(&mut self, producer: i64, is_commit: bool, out: &mut Vec<u8>) {
        *(if is_commit { &mut self.committed } else { &mut self.aborted }) += 1;
        for waiting in &mut self.waiting {
            if waiting.producer == Some(producer) {
                waiting.producer = None;
                waiting.record.is_aborted = !is_commit;
                self.aborted_records += u64::from(!is_commit);
            }
        }
        while let Some(first) = self.waiting.pop_front_if(|first| first.producer.is_none()) {
            first.record.write(out);
        }
    }

    /// The log ends: what is still open counts as if it would be committed.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        for waiting in self.waiting.drain(..) {
            self.open_records += u64::from(waiting.producer.is_some());
            waiting.record.write(out);
        }
    }
}
