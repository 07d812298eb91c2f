//! Writers of an event store that append expecting a version, side by side.
//!
//! Simplified from KurrentDB's rule (an append with an expected revision is refused if the stream has another): every event of the log is
//! one append by a writer that has read the stream `latency_ms` before.

use crate::facts::Facts;
use replay_log::RecordIndex;
use replay_protocol::Writers;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What the writers sent to the log.
pub(crate) struct Written {
    /// In the order of their appends: record and time in milliseconds.
    pub(crate) appends: Vec<(RecordIndex, i64)>,
    /// Refused for good.
    pub(crate) refused: Vec<RecordIndex>,
    /// Appends that met another version than expected, retries among them.
    pub(crate) conflicts: u64,
    /// Appends that nobody refused although the stream had moved on.
    pub(crate) blind: u64,
    /// Retries that were made.
    pub(crate) retries: u64,
}

/// Lets the log's events through the writers, in time order.
pub(crate) fn write(facts: &Facts, writers: &Writers) -> Written {
    let mut written = Written {
        appends: Vec::with_capacity(facts.sent.len()),
        refused: Vec::new(),
        conflicts: 0,
        blind: 0,
        retries: 0,
    };
    let all = facts.sent.iter().copied().zip(facts.sent_ms.iter().copied());
    if writers.count == 0 {
        written.appends.extend(all);
        return written;
    }
    // A single writer knows what it has appended.
    let latency = if writers.count == 1 { 0 } else { i64::from(writers.latency_ms) };
    // Per entity the times of its latest appends; older than the latency they no longer matter.
    let mut times: Vec<Vec<i64>> = vec![Vec::new(); facts.log.n_entities()];
    let mut retries: BinaryHeap<Reverse<(i64, u64, RecordIndex, u32)>> = BinaryHeap::new();
    let mut number = 0;
    let mut firsts = all.peekable();
    loop {
        let retry_is_next = match (retries.peek(), firsts.peek()) {
            (Some(Reverse((at, ..))), Some((_, first))) => at <= first,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let (record, at, tries) = if retry_is_next {
            let Some(Reverse((at, _, record, tries))) = retries.pop() else { break };
            (record, at, tries)
        } else {
            let Some((record, at)) = firsts.next() else { break };
            (record, at, 0)
        };
        let entity = facts.log.entities_of(record).next();
        let has_moved = entity.is_some_and(|entity| {
            let times = &mut times[entity as usize];
            times.retain(|&time| time > at - latency);
            !times.is_empty()
        });
        if has_moved && writers.expected_version {
            written.conflicts += 1;
            if tries < writers.retries {
                written.retries += 1;
                number += 1;
                // It reads again at once and needs the latency once more.
                retries.push(Reverse((at + latency.max(1), number, record, tries + 1)));
            } else {
                written.refused.push(record);
            }
            continue;
        }
        written.blind += u64::from(has_moved);
        if let Some(entity) = entity {
            times[entity as usize].push(at);
        }
        written.appends.push((record, at));
    }
    written
}
