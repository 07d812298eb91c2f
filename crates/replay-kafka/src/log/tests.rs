//! Small cases, each a sentence; the properties stand in `tests/log.rs`.

use super::*;

const MINUTE: i64 = 60_000;

fn config() -> TopicConfig {
    TopicConfig { segment_bytes: 1_000, retention_ms: None, ..TopicConfig::default() }
}

fn compacted() -> TopicConfig {
    TopicConfig { cleanup_compact: true, cleanup_delete: false, ..config() }
}

/// A record of 39 bytes, so that it makes a batch of 100.
fn record(key: u32, timestamp_ms: i64) -> NewRecord {
    NewRecord { timestamp_ms, key: Some(key), size_bytes: 39, is_tombstone: false }
}

/// A batch per word: `1@5` is key 1 at minute 5, `1!5` its tombstone, `_@5` has a null key; `|` rolls.
fn log(config: TopicConfig, words: &str) -> PartitionLog {
    let mut log = PartitionLog::new(config);
    for word in words.split_whitespace() {
        append(&mut log, word);
    }
    log
}

fn append(log: &mut PartitionLog, word: &str) {
    if word == "|" {
        log.roll(0);
        return;
    }
    let at = word.find(['@', '!']).unwrap();
    let timestamp_ms = word[at + 1..].parse::<i64>().unwrap() * MINUTE;
    log.append(&[NewRecord {
        key: word[..at].parse().ok(),
        is_tombstone: word.as_bytes()[at] == b'!',
        ..record(0, timestamp_ms)
    }]);
}

fn bases(log: &PartitionLog) -> Vec<i64> {
    log.segments().iter().map(|segment| segment.base_offset).collect()
}

fn offsets(log: &PartitionLog) -> Vec<i64> {
    log.records().map(|record| record.offset).collect()
}

#[test]
fn a_segment_is_filled_to_its_last_byte_and_not_beyond() {
    let log = log(config(), &"1@0 ".repeat(21));
    assert_eq!(bases(&log), [0, 10, 20]);
    assert_eq!(log.segments()[0].size_bytes, 1_000);
}

#[test]
fn segment_ms_counts_from_the_first_batch_by_the_records_time() {
    let log = log(TopicConfig { segment_ms: 10 * MINUTE, ..config() }, "1@0 1@10 1@11 1@5 1@21 1@22");
    assert_eq!(bases(&log), [0, 2, 5]);
}

#[test]
fn a_compacted_topic_rolls_by_its_compaction_lag_as_well() {
    let log = log(TopicConfig { max_compaction_lag_ms: 3 * MINUTE, ..compacted() }, "1@0 1@3 1@4");
    assert_eq!(bases(&log), [0, 2]);
}

#[test]
fn records_without_a_timestamp_do_not_age() {
    let mut log = PartitionLog::new(TopicConfig { segment_ms: 1, retention_ms: Some(10), ..config() });
    for _ in 0..3 {
        log.append(&[record(1, -1)]);
    }
    assert_eq!(bases(&log), [0]);
    assert_eq!(log.apply_retention(1_000), []);
    assert_eq!(log.apply_retention(1_011).len(), 1);
}

#[test]
fn an_offset_too_far_from_the_base_rolls() {
    let mut log = PartitionLog::new(TopicConfig { segment_bytes: u64::MAX, ..config() });
    log.append(&[record(1, 0)]);
    log.log_end_offset = i64::from(i32::MAX);
    log.append(&[record(1, 0)]);
    assert_eq!(log.segments().len(), 1);
    log.append(&[record(1, 0)]);
    assert_eq!(bases(&log), [0, i64::from(i32::MAX) + 1]);
}

#[test]
fn retention_removes_whole_segments_once_their_youngest_record_is_too_old() {
    let mut log = log(TopicConfig { retention_ms: Some(10 * MINUTE), ..config() }, "1@0 1@5 | 1@6 | 1@7");
    assert_eq!(log.apply_retention(15 * MINUTE), []);
    let removed = log.apply_retention(15 * MINUTE + 1);
    assert_eq!((removed.len(), removed[0].end_offset, removed[0].n_records), (1, 2, 2));
    assert_eq!(removed[0].reason, RemovedReason::Time);
    assert_eq!((log.log_start_offset(), offsets(&log)), (2, vec![2, 3]));
}

#[test]
fn an_old_segment_behind_a_young_one_stays() {
    let mut log = log(TopicConfig { retention_ms: Some(10 * MINUTE), ..config() }, "1@60 | 1@1 | 1@61");
    assert_eq!(log.apply_retention(65 * MINUTE), []);
}

#[test]
fn an_expired_active_segment_is_rolled_and_removed() {
    let mut log = log(TopicConfig { retention_ms: Some(10 * MINUTE), ..config() }, "1@0 | 1@1");
    let removed = log.apply_retention(60 * MINUTE);
    assert_eq!(removed.iter().map(|segment| segment.was_active).collect::<Vec<_>>(), [false, true]);
    assert_eq!((log.log_start_offset(), log.log_end_offset(), bases(&log)), (2, 2, vec![2]));
    assert_eq!(log.apply_retention(600 * MINUTE), [], "an empty active segment stays");
    assert_eq!(log.append(&[record(1, 0)]), 2);
}

#[test]
fn retention_bytes_keeps_at_least_so_many() {
    let mut log = log(TopicConfig { retention_bytes: Some(250), ..config() }, "1@0 1@0 | 1@0 | 1@0 1@0");
    assert_eq!(log.apply_retention(0)[0].reason, RemovedReason::Bytes);
    assert_eq!((offsets(&log), log.size_bytes()), (vec![2, 3, 4], 300));
}

#[test]
fn deleted_records_are_unreadable_at_once_and_leave_with_their_segment() {
    let mut log = log(compacted(), "1@0 1@0 | 1@0 1@0");
    log.delete_records_before(3);
    assert_eq!((offsets(&log), log.size_bytes()), (vec![3], 400));
    assert_eq!(log.apply_retention(0)[0].reason, RemovedReason::StartOffset);
    assert_eq!((log.log_start_offset(), log.size_bytes()), (3, 200));
}

#[test]
fn compaction_keeps_the_last_of_each_key_and_leaves_the_active_segment() {
    let mut log = log(compacted(), "1@0 2@0 1@1 | 2@2 3@2 2@3 | 1@4 1@5");
    let stats = log.clean(6 * MINUTE).unwrap();
    assert_eq!(offsets(&log), [2, 4, 5, 6, 7]);
    assert_eq!((stats.records_read, stats.records_kept, stats.end_offset), (6, 3, 6));
    assert_eq!((stats.bytes_before, stats.bytes_after, stats.segments_after), (600, 300, 1));
    assert!(stats.removed.iter().all(|removed| removed.cause == RemovalCause::Superseded));
    assert_eq!(log.log_start_offset(), 0, "compaction does not move the log start offset");
    assert_eq!(log.clean(6 * MINUTE), None, "nothing is dirty");
}

#[test]
fn the_ratio_must_be_exceeded() {
    let mut log = log(compacted(), "1@0 2@0 | 1@1");
    log.force_clean(2 * MINUTE).unwrap();
    for word in ["2@2", "|", "3@3"] {
        append(&mut log, word);
    }
    let found = log.dirtiness(4 * MINUTE).unwrap();
    assert_eq!((found.clean_bytes, found.dirty_bytes, found.first_dirty, found.first_uncleanable), (200, 200, 2, 4));
    assert_eq!(log.is_cleanable(4 * MINUTE), None);
    let overdue = TopicConfig { max_compaction_lag_ms: 2 * MINUTE, ..compacted() };
    log.set_config(overdue);
    assert!(log.is_cleanable(4 * MINUTE).unwrap().is_overdue);
}

#[test]
fn a_young_segment_is_not_compacted() {
    let mut log = log(TopicConfig { min_compaction_lag_ms: 10 * MINUTE, ..compacted() }, "1@0 1@1 | 1@5 1@6 | 1@7");
    let found = log.is_cleanable(15 * MINUTE).unwrap();
    assert_eq!(found.first_uncleanable, 2);
    log.clean(15 * MINUTE).unwrap();
    assert_eq!(offsets(&log), [1, 2, 3, 4]);
}

#[test]
fn a_tombstone_outlives_its_first_compaction_by_delete_retention_ms() {
    let mut log = log(TopicConfig { delete_retention_ms: 60 * MINUTE, ..compacted() }, "1@0 1!1 2@1 | 3@2");
    log.clean(10 * MINUTE).unwrap();
    assert_eq!(offsets(&log), [1, 2, 3]);
    assert_eq!(log.force_clean(1_000 * MINUTE), None, "without new dirty data nothing happens");
    for word in ["|", "3@69"] {
        append(&mut log, word);
    }
    log.force_clean(70 * MINUTE - 1).unwrap();
    assert_eq!(offsets(&log), [1, 2, 3, 4]);
    for word in ["|", "4@70"] {
        append(&mut log, word);
    }
    let stats = log.force_clean(70 * MINUTE).unwrap();
    assert_eq!(stats.removed[0].cause, RemovalCause::TombstoneExpired);
    assert_eq!(offsets(&log), [2, 4, 5]);
}

#[test]
fn records_without_a_key_are_dropped() {
    let mut log = log(compacted(), "_@0 1@0 _@0 2@0 | _@1");
    let stats = log.clean(2 * MINUTE).unwrap();
    assert_eq!(stats.removed.iter().map(|removed| removed.cause).collect::<Vec<_>>(), [RemovalCause::NullKey; 2]);
    assert_eq!(offsets(&log), [1, 3, 4]);
}

#[test]
fn the_last_batch_compacted_keeps_its_header() {
    let mut log = log(compacted(), "1@0 | _@1 | 2@2");
    log.clean(3 * MINUTE).unwrap();
    assert_eq!((offsets(&log), log.segments()[0].size_bytes), (vec![0, 2], 161));
}

#[test]
fn shrunken_segments_grow_together() {
    let words = "1@0 1@0 1@0 1@0 1@0 1@0 1@0 1@0 1@0 1@0 ".repeat(4) + "1@1";
    let mut log = log(compacted(), &words);
    assert_eq!(bases(&log), [0, 10, 20, 30, 40]);
    log.clean(MINUTE).unwrap();
    assert_eq!(bases(&log), [0, 10, 20, 30, 40], "each was full, and an empty file stays");
    for word in ["|", "1@2"] {
        append(&mut log, word);
    }
    log.force_clean(2 * MINUTE).unwrap();
    assert_eq!((bases(&log), offsets(&log)), (vec![0, 41], vec![40, 41]));
}
