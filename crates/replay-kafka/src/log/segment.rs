//! A segment, the file that a partition's log consists of, and the batches in it.

use super::TopicConfig;

/// The bytes of a record batch before its first record, in the message format in use since Kafka 0.11 ("magic 2").
///
/// Source: Apache Kafka, `DefaultRecordBatch.RECORD_BATCH_OVERHEAD`.
pub const BATCH_OVERHEAD_BYTES: u64 = 61;

/// A record on its way into the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRecord {
    /// Milliseconds since 1970; negative if the record has none.
    pub timestamp_ms: i64,
    /// The key as a number: equal keys have equal numbers, small numbers keep compaction small. `None` is a null key.
    pub key: Option<u32>,
    /// The record's bytes inside its batch, without a share of the batch's own 61.
    pub size_bytes: u32,
    /// Whether the value is null.
    pub is_tombstone: bool,
}

/// A record in the log. It keeps its offset for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredRecord {
    /// Given by the log at the append.
    pub offset: i64,
    /// Milliseconds since 1970; negative if the record has none.
    pub timestamp_ms: i64,
    /// The key as a number, `None` for a null key.
    pub key: Option<u32>,
    /// The record's bytes inside its batch, without a share of the batch's own 61.
    pub size_bytes: u32,
    /// Whether the value is null.
    pub is_tombstone: bool,
}

/// A record batch: what one produce request wrote. Compaction thins it out and keeps its range of offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// Offset of its first record when it was written.
    pub base_offset: i64,
    /// Offset of its last record when it was written.
    pub last_offset: i64,
    /// How many records are left in it; 0 if only the header is kept.
    pub n_records: u32,
    /// Header and records.
    pub size_bytes: u64,
    /// What its records' timestamps are stored relative to: its first record's when it was written. Compaction rewrites a batch relative
    /// to its delete horizon or, without one, to the first record left.
    pub base_timestamp_ms: i64,
    /// The greatest timestamp, negative if there is none.
    pub max_timestamp_ms: i64,
    /// The time from which its tombstones may be removed: set by the first compaction that keeps a tombstone in it.
    pub delete_horizon_ms: Option<i64>,
}

impl StoredRecord {
    /// Its bytes once its timestamp is stored relative to `to_ms` instead of `from_ms`: numbers of another size take other bytes, in the
    /// record's length too.
    ///
    /// Source: Apache Kafka, `DefaultRecord.sizeInBytes`, `ByteUtils.sizeOfVarlong`.
    pub(super) fn size_relative_to(&self, from_ms: i64, to_ms: i64) -> u32 {
        let delta_bytes = |base: i64| varint_bytes(self.timestamp_ms.wrapping_sub(base));
        let body = self.size_bytes.saturating_sub(length_bytes(self.size_bytes)) + delta_bytes(to_ms);
        let body = body.saturating_sub(delta_bytes(from_ms));
        body + varint_bytes(i64::from(body))
    }
}

/// The bytes of a number in zigzag encoding, seven bits to a byte.
fn varint_bytes(number: i64) -> u32 {
    let zigzag = ((number << 1) ^ (number >> 63)) as u64;
    (64 - (zigzag | 1).leading_zeros()).div_ceil(7)
}

/// How many of a record's bytes say how many follow.
fn length_bytes(size_bytes: u32) -> u32 {
    (1..=5).find(|&bytes| varint_bytes(i64::from(size_bytes.saturating_sub(bytes))) <= bytes).unwrap_or(5)
}

/// A file of the log. All but the last, the active one, are written no more.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// The file's name: the first offset that it may hold.
    pub base_offset: i64,
    /// In offset order, with gaps where compaction removed some.
    pub records: Vec<StoredRecord>,
    /// In offset order; their records follow each other in `records`.
    pub batches: Vec<Batch>,
    /// The sum over its batches.
    pub size_bytes: u64,
    /// The greatest timestamp of the *first batch*, from which `segment.ms` counts; `None` if it has none.
    pub first_timestamp_ms: Option<i64>,
    /// The greatest timestamp of all; `None` if it has none.
    pub max_timestamp_ms: Option<i64>,
    /// When the segment was begun, in the log's time.
    pub created_ms: i64,
    /// When it was last appended to, in the log's time; compaction hands it on.
    pub last_modified_ms: i64,
}

impl Segment {
    pub(super) fn new(base_offset: i64, now_ms: i64) -> Segment {
        Segment {
            base_offset,
            records: Vec::new(),
            batches: Vec::new(),
            size_bytes: 0,
            first_timestamp_ms: None,
            max_timestamp_ms: None,
            created_ms: now_ms,
            last_modified_ms: now_ms,
        }
    }

    /// The age that retention looks at: the greatest timestamp, or the file's own time if no record has one.
    ///
    /// Source: Apache Kafka, `LogSegment.largestTimestamp`.
    pub fn largest_timestamp_ms(&self) -> i64 {
        self.max_timestamp_ms.unwrap_or(self.last_modified_ms)
    }

    /// Whether a batch must go to a new segment.
    ///
    /// The broker also rolls when an index file is full; with the default `segment.index.bytes` and `index.interval.bytes` the
    /// data reach `segment.bytes` first. `segment.jitter.ms` is taken as its default, 0.
    /// Source: Apache Kafka, `LogSegment.shouldRoll` and `timeWaitedForRoll`.
    pub(super) fn should_roll(&self, config: &TopicConfig, batch: &Batch, now_ms: i64) -> bool {
        let waited_ms = match self.first_timestamp_ms {
            Some(first) => batch.max_timestamp_ms.saturating_sub(first),
            None => now_ms.saturating_sub(self.created_ms),
        };
        let is_too_large = self.size_bytes.saturating_add(batch.size_bytes) > config.segment_bytes;
        let is_too_old = self.size_bytes > 0 && waited_ms > config.max_segment_ms();
        // Inside a segment's index an offset is a non-negative 32 bit difference from the base.
        let is_too_far = batch.last_offset.saturating_sub(self.base_offset) > i64::from(i32::MAX);
        is_too_large || is_too_old || is_too_far
    }

    /// Adds the entry of a batch whose records were pushed already.
    pub(super) fn push_batch(&mut self, batch: Batch) {
        let timestamp = Some(batch.max_timestamp_ms).filter(|&timestamp| timestamp >= 0);
        if self.size_bytes == 0 {
            self.first_timestamp_ms = timestamp;
        }
        self.max_timestamp_ms = self.max_timestamp_ms.max(timestamp);
        self.size_bytes += batch.size_bytes;
        self.batches.push(batch);
    }
}

#[cfg(test)]
mod tests {
    use super::StoredRecord;

    /// A record of so many bytes whose timestamp is `delta_ms` behind its batch's base.
    #[track_caller]
    fn check(size_bytes: u32, delta_ms: i64, other_delta_ms: i64, expected: u32) {
        let record = StoredRecord { offset: 0, timestamp_ms: 1_000_000, key: None, size_bytes, is_tombstone: false };
        assert_eq!(record.size_relative_to(1_000_000 - delta_ms, 1_000_000 - other_delta_ms), expected);
        assert_eq!(
            StoredRecord { size_bytes: expected, ..record }
                .size_relative_to(1_000_000 - other_delta_ms, 1_000_000 - delta_ms),
            size_bytes
        );
    }

    #[test]
    fn a_timestamp_takes_a_byte_for_seven_bits_and_a_sign() {
        check(20, 0, 63, 20);
        check(20, 0, 64, 21);
        check(20, -64, 0, 20);
        check(20, -65, 0, 19);
        check(20, 0, -86_400_000, 23);
    }

    #[test]
    fn the_length_grows_with_what_it_tells() {
        // 63 bytes behind a length of one byte; 64 need two.
        check(64, 0, 64, 66);
    }

    #[test]
    fn impossible_sizes_do_no_harm() {
        let record = StoredRecord { offset: 0, timestamp_ms: i64::MAX, key: None, size_bytes: 0, is_tombstone: false };
        assert_eq!(record.size_relative_to(i64::MIN, 0), 10);
        assert_eq!(record.size_relative_to(0, i64::MAX), 1);
    }
}
