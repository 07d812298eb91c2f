//! What goes wrong between the producer and the broker.
//!
//! Simplified from the Java producer: every record is a request of its own, up to `max.in.flight.requests.per.connection` of them are under
//! way, so a retry lands behind records of the same partition that were sent later. With `enable.idempotence` the broker knows each
//! producer's last sequence numbers per partition (`ProducerStateManager`, `ProducerAppendInfo.checkSequence`): it drops what it has and
//! refuses what comes too early, so neither duplicates nor another order can be, until a restart without a transactional id gives a new
//! producer id, which the broker cannot connect with the old one.

use crate::random::Random;
use replay_log::RecordIndex;
use replay_protocol::Producer;

/// A record on its way into a partition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Send {
    pub(crate) record: RecordIndex,
    /// Milliseconds since 1970 UTC.
    pub(crate) at_ms: i64,
    /// It is there already: the broker's answer was lost.
    pub(crate) is_copy: bool,
    /// Later records were faster.
    pub(crate) is_late: bool,
}

/// The line between producer and broker: takes records in order, gives them in the order of arrival.
pub(crate) struct Line<'a> {
    producer: &'a Producer,
    random: Random,
    /// By lane: sends under way, with how many records may still overtake them.
    under_way: Vec<Vec<(u32, Send)>>,
    sent: u32,
    now_ms: i64,
    pub(crate) lost: Vec<RecordIndex>,
    /// Copies that the broker dropped.
    pub(crate) deduplicated: u64,
    pub(crate) duplicates: u64,
    pub(crate) reordered: u64,
}

impl<'a> Line<'a> {
    pub(crate) fn new(producer: &'a Producer, seed: u64, lanes: usize) -> Line<'a> {
        Line {
            producer,
            random: Random::new(seed, 1),
            under_way: vec![Vec::new(); lanes],
            sent: 0,
            now_ms: i64::MIN,
            lost: Vec::new(),
            deduplicated: 0,
            duplicates: 0,
            reordered: 0,
        }
    }

    /// Sends a record to a lane; `arrive` gets what is appended now, with its lane.
    pub(crate) fn send(&mut self, lane: u32, record: RecordIndex, at_ms: i64, arrive: &mut impl FnMut(u32, Send)) {
        self.now_ms = self.now_ms.max(at_ms);
        self.sent += 1;
        let producer = self.producer;
        let send = Send { record, at_ms: self.now_ms, is_copy: false, is_late: false };
        let has_faults = producer.loss_rate > 0.0 || producer.duplicate_rate > 0.0 || producer.reorder_rate > 0.0;
        if !has_faults {
            arrive(lane, send);
            return;
        }
        // Every record draws the same numbers whatever the rates are: turning one control keeps the others' choices.
        let is_lost = self.random.chance(producer.loss_rate);
        let is_twice = self.random.chance(producer.duplicate_rate);
        let is_late = self.random.chance(producer.reorder_rate);
        let behind = 1 + self.random.below(producer.reorder_window);
        if is_lost {
            self.lost.push(record);
            return;
        }
        // A new producer id forgets what the broker knew of this one's sequence.
        let is_recognised =
            producer.idempotent && producer.restart_every.is_none_or(|every| !self.sent.is_multiple_of(every));
        let due_ms = self.now_ms + i64::from(producer.retry_backoff_ms);
        if is_late && !is_recognised {
            self.reordered += 1;
            self.under_way[lane as usize].push((behind, Send { at_ms: due_ms, is_late: true, ..send }));
            return;
        }
        arrive(lane, send);
        self.overtake(lane, arrive);
        if is_twice {
            if is_recognised {
                self.deduplicated += 1;
            } else {
                self.duplicates += 1;
                self.under_way[lane as usize].push((behind, Send { at_ms: due_ms, is_copy: true, ..send }));
            }
        }
    }

    /// A record of the lane has arrived: those under way have waited for one more.
    fn overtake(&mut self, lane: u32, arrive: &mut impl FnMut(u32, Send)) {
        let waiting = &mut self.under_way[lane as usize];
        let mut kept = 0;
        for n in 0..waiting.len() {
            let (left, send) = waiting[n];
            if left <= 1 {
                // Append times of a partition never fall.
                arrive(lane, Send { at_ms: self.now_ms, ..send });
            } else {
                waiting[kept] = (left - 1, send);
                kept += 1;
            }
        }
        waiting.truncate(kept);
    }

    /// Lets everything arrive that is still under way.
    pub(crate) fn finish(&mut self, arrive: &mut impl FnMut(u32, Send)) {
        for lane in 0..self.under_way.len() {
            for (_, send) in std::mem::take(&mut self.under_way[lane]) {
                arrive(lane as u32, Send { at_ms: send.at_ms.max(self.now_ms), ..send });
            }
        }
    }
}
