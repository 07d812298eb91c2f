//! Retention: whole segments go, the oldest first.

use super::PartitionLog;

/// Why a segment was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovedReason {
    /// Its youngest record is older than `retention.ms`.
    Time,
    /// The log stays at or above `retention.bytes` without it.
    Bytes,
    /// It lies below the log start offset, which `DeleteRecords` had raised.
    StartOffset,
}

/// A removed segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// Its first possible offset.
    pub base_offset: i64,
    /// The offset after its last possible one: the base of the segment that followed.
    pub end_offset: i64,
    /// How many records it still held.
    pub n_records: usize,
    /// How many bytes it took.
    pub size_bytes: u64,
    /// The limit that it broke.
    pub reason: RemovedReason,
    /// Whether it was the active segment, which the broker rolled in order to remove it.
    pub was_active: bool,
}

impl PartitionLog {
    /// Removes what has expired at `now_ms`, as the broker does every `log.retention.check.interval.ms`, and says what.
    ///
    /// From the oldest segment on, each goes whose rule is broken, and the first one that stays ends it: an old segment behind a young one
    /// stays. The active segment is no exception: if all are broken, the broker rolls a new one and removes it as well, unless it is empty.
    /// First what lies below the log start offset, then by size, then by time. Without `delete` in `cleanup.policy` only the first.
    /// Source: Apache Kafka, `UnifiedLog.deleteOldSegments`, `deletableSegments`, `deleteSegments`.
    pub fn apply_retention(&mut self, now_ms: i64) -> Vec<Removed> {
        self.advance_clock(now_ms);
        let mut removed = Vec::new();
        let below_start =
            self.segments.windows(2).take_while(|pair| pair[1].base_offset <= self.log_start_offset).count();
        self.remove_oldest(below_start, RemovedReason::StartOffset, now_ms, &mut removed);
        if self.config.cleanup_delete {
            self.remove_oldest(self.count_beyond_retention_bytes(), RemovedReason::Bytes, now_ms, &mut removed);
            self.remove_oldest(self.count_beyond_retention_ms(now_ms), RemovedReason::Time, now_ms, &mut removed);
        }
        removed
    }

    /// How many of the oldest segments can go so that at least `retention.bytes` stay: the limit is what is kept at the least.
    ///
    /// Source: Apache Kafka, `UnifiedLog.deleteRetentionSizeBreachedSegments`.
    fn count_beyond_retention_bytes(&self) -> usize {
        let Some(mut surplus) = self.config.retention_bytes.and_then(|limit| self.size_bytes().checked_sub(limit))
        else {
            return 0;
        };
        self.segments
            .iter()
            .take_while(|segment| match surplus.checked_sub(segment.size_bytes) {
                Some(rest) => {
                    surplus = rest;
                    true
                }
                None => false,
            })
            .count()
    }

    /// How many of the oldest segments hold no record younger than `retention.ms`.
    ///
    /// Source: Apache Kafka, `UnifiedLog.deleteRetentionMsBreachedSegments`.
    fn count_beyond_retention_ms(&self, now_ms: i64) -> usize {
        let Some(retention_ms) = self.config.retention_ms else {
            return 0;
        };
        self.segments
            .iter()
            .take_while(|segment| now_ms.saturating_sub(segment.largest_timestamp_ms()) > retention_ms)
            .count()
    }

    fn remove_oldest(&mut self, count: usize, reason: RemovedReason, now_ms: i64, removed: &mut Vec<Removed>) {
        // An empty active segment is never a candidate.
        let count = if self.active().size_bytes == 0 { count.min(self.segments.len() - 1) } else { count };
        if count == 0 {
            return;
        }
        let active_index = self.segments.len() - 1;
        if count == self.segments.len() {
            self.roll(now_ms);
        }
        let log_start = self.segments[count].base_offset;
        self.log_start_offset = self.log_start_offset.max(log_start);
        let ends: Vec<i64> = self.segments[1..=count].iter().map(|segment| segment.base_offset).collect();
        for (index, (segment, end_offset)) in self.segments.drain(..count).zip(ends).enumerate() {
            removed.push(Removed {
                base_offset: segment.base_offset,
                end_offset,
                n_records: segment.records.len(),
                size_bytes: segment.size_bytes,
                reason,
                was_active: index == active_index,
            });
        }
    }
}
