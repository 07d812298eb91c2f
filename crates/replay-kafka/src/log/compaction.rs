//! Compaction: of the records with the same key the last stays, at its offset.
//!
//! The cleaner reads the *dirty* part, the offsets since its checkpoint up to the first segment that it may not touch, notes the last offset
//! of each key, and then copies all segments from the start, leaving out what has a later record. So a record is removed by a later one in the
//! dirty part only, which is enough, since the part before was compacted with the same rule. Everything else follows from this: the active
//! segment is never compacted, a key may still occur twice across its border, and without new dirty data nothing happens at all, not even the
//! removal of tombstones whose time has come.

use super::segment::Batch;
use super::{BATCH_OVERHEAD_BYTES, PartitionLog, Segment, StoredRecord};

/// How many different keys one pass notes at most: `log.cleaner.dedupe.buffer.size` (128 MiB) in slots of 24 bytes, filled to
/// `log.cleaner.io.buffer.load.factor` (0.9), for one cleaner thread.
///
/// Source: Apache Kafka, `Cleaner.buildOffsetMapForSegment`, `SkimpyOffsetMap`.
const MAX_KEYS_PER_PASS: usize = 5_033_164;

/// How dirty a log is, and what a pass of the cleaner would cover.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cleanable {
    /// The first offset since the last pass.
    pub first_dirty: i64,
    /// The base of the first segment that may not be compacted: the active one, or one inside `min.compaction.lag.ms`.
    pub first_uncleanable: i64,
    /// Bytes of the segments before `first_dirty`.
    pub clean_bytes: u64,
    /// Bytes of the segments that the pass would compact for the first time.
    pub dirty_bytes: u64,
    /// `dirty_bytes` as a share of both, 0 to 1.
    pub ratio: f64,
    /// Whether `max.compaction.lag.ms` asks for a pass whatever the ratio.
    pub is_overdue: bool,
}

/// Why the cleaner removed a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalCause {
    /// A later record has the same key.
    Superseded,
    /// It was a tombstone, and `delete.retention.ms` has passed since the pass that first met it.
    TombstoneExpired,
    /// It has no key. A broker refuses such records in a compacted topic; they are met if the topic became compacted later.
    NullKey,
}

/// A record that the cleaner removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CleanedRecord {
    /// Where it was.
    pub offset: i64,
    /// The number of its key.
    pub key: Option<u32>,
    /// The rule that it fell under.
    pub cause: RemovalCause,
}

/// What a pass of the cleaner did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CleanStats {
    /// The first offset whose keys were noted.
    pub first_dirty: i64,
    /// The new checkpoint: where the next pass begins to note.
    pub end_offset: i64,
    /// Records in all segments that were copied.
    pub records_read: u64,
    /// Records that stayed.
    pub records_kept: u64,
    /// Bytes of the segments copied.
    pub bytes_before: u64,
    /// Bytes of the segments that replaced them.
    pub bytes_after: u64,
    /// How many segments were copied.
    pub segments_before: usize,
    /// How many replaced them.
    pub segments_after: usize,
    /// In offset order.
    pub removed: Vec<CleanedRecord>,
}

impl PartitionLog {
    /// How dirty the log is at `now_ms`; `None` if the topic is not compacted or holds nothing that could be compacted.
    ///
    /// Source: Apache Kafka, `LogCleanerManager.cleanableOffsets`, `calculateCleanableBytes`, `maxCompactionDelay`, `LogToClean`.
    pub fn dirtiness(&self, now_ms: i64) -> Option<Cleanable> {
        if !self.config.cleanup_compact {
            return None;
        }
        let first_dirty = self.cleaner_checkpoint.unwrap_or(self.log_start_offset).max(self.log_start_offset);
        let active_base = self.active().base_offset;
        let dirty_segments = &self.segments[self.segments_between(first_dirty, active_base)];

        let min_lag_ms = self.config.min_compaction_lag_ms.max(0);
        let first_inside_lag = dirty_segments
            .iter()
            .find(|segment| min_lag_ms > 0 && segment.largest_timestamp_ms() > now_ms.saturating_sub(min_lag_ms))
            .map_or(active_base, |segment| segment.base_offset);
        let uncleanable = first_inside_lag.max(first_dirty);
        let first_uncleanable = self.segments[self.segments_between(uncleanable, active_base)]
            .first()
            .map_or(active_base, |segment| segment.base_offset);

        let bytes = |segments: &[Segment]| segments.iter().map(|segment| segment.size_bytes).sum::<u64>();
        let dirty_bytes =
            bytes(&self.segments[self.segments_between(first_dirty.min(first_uncleanable), first_uncleanable)]);
        let clean_bytes = bytes(&self.segments[self.segments_between(-1, first_dirty)]);
        let total = clean_bytes + dirty_bytes;

        let clean_until = now_ms.saturating_sub(self.config.max_compaction_lag_ms.max(0));
        let is_overdue = dirty_segments
            .iter()
            .filter_map(|segment| segment.first_timestamp_ms)
            .any(|first| first > 0 && first < clean_until);

        (total > 0).then(|| Cleanable {
            first_dirty,
            first_uncleanable,
            clean_bytes,
            dirty_bytes,
            ratio: dirty_bytes as f64 / total as f64,
            is_overdue,
        })
    }

    /// What the cleaner would compact at `now_ms`; `None` if it would leave the log alone.
    ///
    /// The ratio must be *above* `min.cleanable.dirty.ratio`, or `max.compaction.lag.ms` must have passed.
    /// Source: Apache Kafka, `LogCleanerManager.grabFilthiestCompactedLog`.
    pub fn is_cleanable(&self, now_ms: i64) -> Option<Cleanable> {
        self.dirtiness(now_ms).filter(|found| {
            found.dirty_bytes > 0 && (found.is_overdue || found.ratio > self.config.min_cleanable_dirty_ratio)
        })
    }

    /// One pass of the cleaner at `now_ms`, if it would take this log now.
    pub fn clean(&mut self, now_ms: i64) -> Option<CleanStats> {
        self.advance_clock(now_ms);
        let cleanable = self.is_cleanable(now_ms)?;
        Some(self.clean_range(cleanable, now_ms))
    }

    /// One pass as if `min.cleanable.dirty.ratio` were 0: whatever is dirty is compacted. The lags and the active segment stay respected.
    pub fn force_clean(&mut self, now_ms: i64) -> Option<CleanStats> {
        self.advance_clock(now_ms);
        let cleanable = self.dirtiness(now_ms).filter(|found| found.dirty_bytes > 0)?;
        Some(self.clean_range(cleanable, now_ms))
    }

    /// Source: Apache Kafka, `Cleaner.doClean`.
    fn clean_range(&mut self, cleanable: Cleanable, now_ms: i64) -> CleanStats {
        let pass = self.note_last_offsets(&cleanable, now_ms);
        let end_offset = pass.latest_offset + 1;
        let end = self.segments.partition_point(|segment| segment.base_offset < end_offset);
        let sources: Vec<Segment> = self.segments.drain(..end).collect();
        let mut stats = CleanStats {
            first_dirty: cleanable.first_dirty,
            end_offset,
            segments_before: end,
            bytes_before: sources.iter().map(|segment| segment.size_bytes).sum(),
            ..CleanStats::default()
        };
        let group_ends = group_ends(&sources, self.config.segment_bytes, cleanable.first_uncleanable);
        let mut cleaned = Vec::with_capacity(group_ends.len());
        let mut sources = sources.into_iter();
        let mut start = 0;
        for group_end in group_ends {
            cleaned.extend(pass.copy_group(sources.by_ref().take(group_end - start), &mut stats));
            start = group_end;
        }
        stats.segments_after = cleaned.len();
        stats.bytes_after = cleaned.iter().map(|segment| segment.size_bytes).sum();
        self.segments.splice(..0, cleaned);
        self.cleaner_checkpoint = Some(end_offset);
        stats
    }

    /// The last offset of each key in the dirty part.
    ///
    /// Source: Apache Kafka, `Cleaner.buildOffsetMap` and `buildOffsetMapForSegment`.
    fn note_last_offsets(&self, cleanable: &Cleanable, now_ms: i64) -> Pass {
        let dirty = &self.segments[self.segments_between(cleanable.first_dirty, cleanable.first_uncleanable)];
        let n_keys = dirty
            .iter()
            .flat_map(|segment| &segment.records)
            .filter_map(|record| record.key)
            .max()
            .map_or(0, |key| key as usize + 1);
        let mut pass = Pass {
            // One lookup by key number instead of a map: this is the inner loop of a pass over a million records.
            last_offset_of_key: vec![-1; n_keys],
            latest_offset: -1,
            upper_offset: cleanable.first_uncleanable,
            now_ms,
            delete_retention_ms: self.config.delete_retention_ms,
        };
        let mut n_noted = 0;
        for (index, segment) in dirty.iter().enumerate() {
            let mut records = segment.records.iter();
            for batch in &segment.batches {
                for record in records.by_ref().take(batch.n_records as usize) {
                    let Some(key) = record.key.filter(|_| record.offset >= cleanable.first_dirty) else {
                        continue;
                    };
                    if n_noted >= MAX_KEYS_PER_PASS {
                        return pass;
                    }
                    let last = &mut pass.last_offset_of_key[key as usize];
                    n_noted += usize::from(*last < 0);
                    *last = record.offset;
                }
                if batch.last_offset >= cleanable.first_dirty {
                    pass.latest_offset = batch.last_offset;
                }
            }
            let next_base = dirty.get(index + 1).map_or(cleanable.first_uncleanable, |next| next.base_offset);
            pass.latest_offset = pass.latest_offset.max(next_base - 1);
        }
        pass
    }
}

/// What a pass knows once it has read the dirty part.
struct Pass {
    last_offset_of_key: Vec<i64>,
    /// The last offset that was noted; younger records stay.
    latest_offset: i64,
    upper_offset: i64,
    now_ms: i64,
    delete_retention_ms: i64,
}

impl Pass {
    /// Copies a group of segments into one. A segment that lost everything stays as an empty file until it is grouped with another.
    ///
    /// Headers that the broker keeps of the last batch of each living idempotent producer (61 bytes each) are not modelled.
    /// Source: Apache Kafka, `Cleaner.cleanSegments` and `cleanInto`, `MemoryRecords.filterTo`.
    fn copy_group(&self, group: impl Iterator<Item = Segment>, stats: &mut CleanStats) -> Option<Segment> {
        let mut cleaned: Option<Segment> = None;
        for source in group {
            stats.records_read += source.records.len() as u64;
            let thinned = self.thin_out(source, stats);
            stats.records_kept += thinned.records.len() as u64;
            match &mut cleaned {
                None => cleaned = Some(thinned),
                Some(target) => {
                    target.last_modified_ms = thinned.last_modified_ms;
                    target.records.extend_from_slice(&thinned.records);
                    for batch in thinned.batches {
                        target.push_batch(batch);
                    }
                }
            }
        }
        cleaned
    }

    /// Removes from a segment what may go. It happens in place: a pass over a million records needs no second copy of them.
    fn thin_out(&self, mut segment: Segment, stats: &mut CleanStats) -> Segment {
        let batches = std::mem::take(&mut segment.batches);
        let mut thinned =
            Segment { created_ms: segment.created_ms, ..Segment::new(segment.base_offset, segment.last_modified_ms) };
        let records = &mut segment.records;
        let (mut read, mut write) = (0, 0);
        for batch in batches {
            let first = write;
            let mut has_tombstone = false;
            let mut max_timestamp_ms = i64::MIN;
            let end = read + batch.n_records as usize;
            while read < end {
                let record = records[read];
                if let Some(cause) = self.removal_cause(&batch, &record) {
                    stats.removed.push(CleanedRecord { offset: record.offset, key: record.key, cause });
                } else {
                    records[write] = record;
                    write += 1;
                    has_tombstone |= record.is_tombstone;
                    max_timestamp_ms = max_timestamp_ms.max(record.timestamp_ms);
                }
                read += 1;
            }
            let kept = &mut records[first..write];
            let is_whole = kept.len() == batch.n_records as usize;
            let new_horizon = has_tombstone.then(|| self.now_ms.saturating_add(self.delete_retention_ms));
            let delete_horizon_ms = batch.delete_horizon_ms.or(new_horizon);
            if kept.is_empty() && batch.last_offset + 1 == self.upper_offset {
                // The last batch keeps its header, so that the end of what was compacted is not forgotten; a horizon is not in that header.
                thinned.push_batch(Batch {
                    n_records: 0,
                    size_bytes: BATCH_OVERHEAD_BYTES,
                    delete_horizon_ms: None,
                    ..batch
                });
            } else if is_whole && delete_horizon_ms == batch.delete_horizon_ms && !kept.is_empty() {
                thinned.push_batch(batch);
            } else if let Some(oldest) = kept.first() {
                let base_timestamp_ms = delete_horizon_ms.unwrap_or(oldest.timestamp_ms);
                for record in &mut *kept {
                    record.size_bytes = record.size_relative_to(batch.base_timestamp_ms, base_timestamp_ms);
                }
                thinned.push_batch(Batch {
                    n_records: kept.len() as u32,
                    size_bytes: BATCH_OVERHEAD_BYTES + kept.iter().map(|kept| u64::from(kept.size_bytes)).sum::<u64>(),
                    base_timestamp_ms,
                    max_timestamp_ms,
                    delete_horizon_ms,
                    ..batch
                });
            }
        }
        records.truncate(write);
        records.shrink_to_fit();
        thinned.records = segment.records;
        thinned
    }

    /// Source: Apache Kafka, `Cleaner.shouldRetainRecord`; the horizon is KIP-534's.
    fn removal_cause(&self, batch: &Batch, record: &StoredRecord) -> Option<RemovalCause> {
        if record.offset > self.latest_offset {
            return None;
        }
        let Some(key) = record.key else {
            return Some(RemovalCause::NullKey);
        };
        if self.last_offset_of_key.get(key as usize).is_some_and(|&last| record.offset < last) {
            return Some(RemovalCause::Superseded);
        }
        let is_expired = record.is_tombstone && batch.delete_horizon_ms.is_some_and(|horizon| self.now_ms >= horizon);
        is_expired.then_some(RemovalCause::TombstoneExpired)
    }
}

/// Where each group of segments that becomes one segment ends: a group's bytes *before* the pass stay within `segment.bytes`, so what
/// shrank in earlier passes grows together again.
///
/// The limits on index sizes are not reached with the default settings.
/// Source: Apache Kafka, `Cleaner.groupSegmentsBySize`.
fn group_ends(segments: &[Segment], segment_bytes: u64, first_uncleanable: i64) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut start = 0;
    while let Some(first) = segments.get(start) {
        let mut size = first.size_bytes;
        let mut end = start + 1;
        while let Some(next) = segments.get(end) {
            let last_offset = segments.get(end + 1).map_or(first_uncleanable, |after| after.base_offset) - 1;
            let fits_index = next.size_bytes == 0 || last_offset - first.base_offset <= i64::from(i32::MAX);
            if size + next.size_bytes > segment_bytes || !fits_index {
                break;
            }
            size += next.size_bytes;
            end += 1;
        }
        ends.push(end);
        start = end;
    }
    ends
}
