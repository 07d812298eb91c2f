//! One partition's log as a broker keeps it: segments, retention, compaction.
//!
//! It holds no keys and values, only what the broker's rules look at. The partition has one replica and no open transaction, so the
//! high watermark and the last stable offset are the log end offset. Sizes are those of uncompressed batches if the caller says so:
//! the log adds 61 bytes to a batch and otherwise believes what it is told.

mod compaction;
mod config;
mod retention;
mod segment;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use compaction::{CleanStats, Cleanable, CleanedRecord, RemovalCause};
pub use config::TopicConfig;
pub use retention::{Removed, RemovedReason};
pub use segment::{BATCH_OVERHEAD_BYTES, Batch, NewRecord, Segment, StoredRecord};

/// A time before every other: the log has not been told of one yet.
const NO_TIME: i64 = i64::MIN;

/// A partition's log.
///
/// Source: Apache Kafka, `UnifiedLog`, `LocalLog` and `LogSegment`; see each method.
#[derive(Debug, Clone)]
pub struct PartitionLog {
    config: TopicConfig,
    /// Never empty; ascending base offsets; the last is the active one.
    segments: Vec<Segment>,
    log_start_offset: i64,
    log_end_offset: i64,
    /// The cleaner's checkpoint: the first offset that no compaction has covered yet.
    cleaner_checkpoint: Option<i64>,
    /// The latest time that the log was told of, by a record or by a caller.
    clock_ms: i64,
}

impl PartitionLog {
    /// An empty log whose first offset will be 0.
    pub fn new(config: TopicConfig) -> PartitionLog {
        PartitionLog {
            config,
            segments: vec![Segment::new(0, NO_TIME)],
            log_start_offset: 0,
            log_end_offset: 0,
            cleaner_checkpoint: None,
            clock_ms: NO_TIME,
        }
    }

    /// The topic's settings.
    pub fn config(&self) -> &TopicConfig {
        &self.config
    }

    /// Changes the topic's settings from now on, as `kafka-configs --alter` does; what is stored stays as it is.
    pub fn set_config(&mut self, config: TopicConfig) {
        self.config = config;
    }

    /// Tells the log that it is so late, as every method with a time does. Time never runs backwards: an earlier one changes nothing.
    ///
    /// A broker's time runs beside the records' own; of it the log keeps when a segment was begun and last written to, which counts where a
    /// segment has no timestamp. What was done before any time was known is taken to have happened at the first.
    pub fn advance_clock(&mut self, now_ms: i64) {
        if self.clock_ms == NO_TIME {
            for segment in &mut self.segments {
                segment.created_ms = now_ms;
                segment.last_modified_ms = now_ms;
            }
        }
        self.clock_ms = self.clock_ms.max(now_ms);
    }

    /// Appends one produced batch, in a new segment if the broker's rule says so, and returns its first offset.
    ///
    /// An empty batch changes nothing. A batch larger than `segment.bytes`, which a broker refuses, gets a segment of its own.
    /// Source: Apache Kafka, `UnifiedLog.maybeRoll`, `LogSegment.append`.
    pub fn append(&mut self, batch: &[NewRecord]) -> i64 {
        let base_offset = self.log_end_offset;
        let Some(max_timestamp_ms) = batch.iter().map(|record| record.timestamp_ms).max() else {
            return base_offset;
        };
        if max_timestamp_ms >= 0 {
            self.advance_clock(max_timestamp_ms);
        }
        let records_bytes: u64 = batch.iter().map(|record| u64::from(record.size_bytes)).sum();
        let entry = Batch {
            base_offset,
            last_offset: base_offset + batch.len() as i64 - 1,
            n_records: batch.len() as u32,
            size_bytes: BATCH_OVERHEAD_BYTES + records_bytes,
            base_timestamp_ms: batch[0].timestamp_ms,
            max_timestamp_ms,
            delete_horizon_ms: None,
        };
        if self.active().should_roll(&self.config, &entry, self.clock_ms) {
            self.roll(self.clock_ms);
        }
        let clock_ms = self.clock_ms;
        let active = self.active_mut();
        active.records.extend((base_offset..).zip(batch).map(|(offset, record)| StoredRecord {
            offset,
            timestamp_ms: record.timestamp_ms,
            key: record.key,
            size_bytes: record.size_bytes,
            is_tombstone: record.is_tombstone,
        }));
        active.push_batch(entry);
        active.last_modified_ms = clock_ms;
        self.log_end_offset = entry.last_offset + 1;
        base_offset
    }

    /// Begins a new active segment at the log end offset. An active segment without a byte is only begun anew.
    ///
    /// Source: Apache Kafka, `LocalLog.roll`.
    pub fn roll(&mut self, now_ms: i64) {
        self.advance_clock(now_ms);
        if self.active().size_bytes == 0 {
            self.segments.pop();
        }
        self.segments.push(Segment::new(self.log_end_offset, self.clock_ms));
    }

    /// Raises the log start offset, as the admin request `DeleteRecords` does: readers no longer see what lies below it, and the next
    /// [`PartitionLog::apply_retention`] removes the segments that lie wholly below.
    ///
    /// An offset beyond the end counts as the end; a lower one than now changes nothing.
    /// Source: Apache Kafka, `UnifiedLog.maybeIncrementLogStartOffset`.
    pub fn delete_records_before(&mut self, offset: i64) {
        self.log_start_offset = self.log_start_offset.max(offset.min(self.log_end_offset));
    }

    /// The first offset that may still be read. Compaction leaves it alone even if it removes the record there.
    pub fn log_start_offset(&self) -> i64 {
        self.log_start_offset
    }

    /// The offset that the next record will get.
    pub fn log_end_offset(&self) -> i64 {
        self.log_end_offset
    }

    /// All segments, oldest first; the last is the active one.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The records that a consumer can read, in offset order.
    pub fn records(&self) -> impl Iterator<Item = &StoredRecord> {
        let start = self.log_start_offset;
        self.segments.iter().flat_map(|segment| &segment.records).skip_while(move |record| record.offset < start)
    }

    /// The bytes of all segments. O(segments).
    pub fn size_bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.size_bytes).sum()
    }

    fn active(&self) -> &Segment {
        self.segments.last().expect("a log is made with a segment, and removing the last one adds another")
    }

    fn active_mut(&mut self) -> &mut Segment {
        self.segments.last_mut().expect("a log is made with a segment, and removing the last one adds another")
    }

    /// The segments that overlap `[from, to)`: from the one that holds `from`, up to the last one that begins before `to`.
    ///
    /// Source: Apache Kafka, `LogSegments.values(from, to)`.
    fn segments_between(&self, from: i64, to: i64) -> Range<usize> {
        if from >= to {
            return 0..0;
        }
        let start = self.segments.partition_point(|segment| segment.base_offset <= from).saturating_sub(1);
        let end = self.segments.partition_point(|segment| segment.base_offset < to);
        start..end.max(start)
    }
}
