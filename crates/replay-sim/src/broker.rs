//! The broker's clean-up of a partition over the log's time: when it looks, and what it took.
//!
//! Retention and compaction themselves are [`replay_kafka::log`]'s. Simplified here: every record is a batch of its own, and the broker
//! looks at fixed intervals of the log's time (`log.retention.check.interval.ms`), in long quiet times less often.

use crate::facts::{Facts, NO_KEY};
use crate::outcome::{Fate, Lane};
use crate::run::RECORD_OVERHEAD;
use crate::timeline::{Happening, HappeningKind};
use replay_kafka::log::{NewRecord, PartitionLog, TopicConfig};
use replay_protocol::{Cleanup, CleanupPolicy, Scenario};

/// Looks at most so often between two records of a partition.
const MOST_LOOKS: i64 = 64;

fn config(cleanup: &Cleanup) -> TopicConfig {
    TopicConfig {
        segment_bytes: u64::from(cleanup.segment_bytes),
        segment_ms: cleanup.segment_ms,
        retention_ms: (cleanup.retention_ms >= 0).then_some(cleanup.retention_ms),
        retention_bytes: u64::try_from(cleanup.retention_bytes).ok(),
        cleanup_delete: matches!(cleanup.policy, CleanupPolicy::Delete | CleanupPolicy::Both),
        cleanup_compact: matches!(cleanup.policy, CleanupPolicy::Compact | CleanupPolicy::Both),
        min_cleanable_dirty_ratio: cleanup.min_cleanable_dirty_ratio,
        min_compaction_lag_ms: cleanup.min_compaction_lag_ms,
        max_compaction_lag_ms: if cleanup.max_compaction_lag_ms < 0 { i64::MAX } else { cleanup.max_compaction_lag_ms },
        delete_retention_ms: cleanup.delete_retention_ms,
    }
}

/// Appends a lane's entries to a broker's log in their time, lets it clean up, and notes in the entries what is gone since when.
pub(crate) fn clean_up(
    facts: &Facts,
    scenario: &Scenario,
    lane: &mut Lane,
    number: u32,
    end_ms: i64,
    happenings: &mut Vec<Happening>,
) {
    let Some(first) = lane.entries.first() else { return };
    let cleanup = &scenario.cleanup;
    let mut log = PartitionLog::new(config(cleanup));
    let mut look = Looks { cleanup, number, next_ms: first.at_ms.saturating_add(cleanup.check_interval_ms) };
    for offset in 0..lane.entries.len() {
        let entry = lane.entries[offset];
        look.until(entry.at_ms, &mut log, lane, happenings);
        let record = entry.record;
        let key = facts.key[record as usize];
        log.append(&[NewRecord {
            timestamp_ms: facts.log.timestamp_ms(record).unwrap_or(entry.at_ms).min(entry.at_ms),
            key: (key != NO_KEY && !scenario.topic.null_keys).then_some(key),
            size_bytes: facts.size[record as usize].saturating_add(RECORD_OVERHEAD as u32),
            is_tombstone: facts.log.is_tombstone(record),
        }]);
    }
    look.until(end_ms, &mut log, lane, happenings);
    // Whoever looks at the log at its end has waited for the broker to look, too.
    look.look(end_ms, &mut log, lane, happenings);
}

struct Looks<'a> {
    cleanup: &'a Cleanup,
    number: u32,
    next_ms: i64,
}

impl Looks<'_> {
    /// All looks that are due before a time.
    fn until(&mut self, at_ms: i64, log: &mut PartitionLog, lane: &mut Lane, happenings: &mut Vec<Happening>) {
        if self.next_ms > at_ms {
            return;
        }
        let interval = self.cleanup.check_interval_ms.max(1);
        let due = (at_ms.saturating_sub(self.next_ms)) / interval + 1;
        // In a long quiet time several looks are one; each still lies on the grid of the interval.
        let stride = interval.saturating_mul((due / MOST_LOOKS).max(1));
        while self.next_ms <= at_ms {
            self.look(self.next_ms, log, lane, happenings);
            self.next_ms = self.next_ms.saturating_add(stride);
            if self.next_ms == i64::MAX {
                return;
            }
        }
    }

    fn look(&self, at_ms: i64, log: &mut PartitionLog, lane: &mut Lane, happenings: &mut Vec<Happening>) {
        let before = log.log_start_offset();
        let gone: usize = log.apply_retention(at_ms).iter().map(|removed| removed.n_records).sum();
        let start = log.log_start_offset();
        if start > before {
            for entry in &mut lane.entries[before as usize..start as usize] {
                if entry.gone_ms == i64::MAX {
                    entry.gone_ms = at_ms;
                    entry.fate = Fate::Expired;
                }
            }
            lane.starts.push((at_ms, start));
            let kind = HappeningKind::Expired { lane: self.number, records: gone as u64, log_start_offset: start };
            happenings.push(Happening { at_ms, kind });
        }
        if let Some(cleaned) = log.clean(at_ms)
            && !cleaned.removed.is_empty()
        {
            for removed in &cleaned.removed {
                let entry = &mut lane.entries[removed.offset as usize];
                entry.gone_ms = at_ms;
                entry.fate = Fate::Compacted;
            }
            let kind = HappeningKind::Compacted {
                lane: self.number,
                records: cleaned.removed.len() as u64,
                kept: cleaned.records_kept,
            };
            happenings.push(Happening { at_ms, kind });
        }
    }
}
