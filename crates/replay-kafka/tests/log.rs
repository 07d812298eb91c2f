//! What a log promises under any sequence of appends, compactions and retention, against rules so simple that they are obviously right.

use std::collections::BTreeMap;

use proptest::prelude::*;
use replay_kafka::{NewRecord, PartitionLog, RemovalCause, Segment, StoredRecord, TopicConfig};

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<NewRecord>),
    Roll,
    Clean,
    ForceClean,
    Retention,
    DeleteBefore(i64),
}

fn step(null_keys: bool) -> impl Strategy<Value = (i64, Step)> {
    let key = if null_keys {
        prop_oneof![9 => (0u32..8).prop_map(Some), 1 => Just(None)].boxed()
    } else {
        (0u32..8).prop_map(Some).boxed()
    };
    // The least that a record can take is 7 bytes, and its timestamp may take one more than that here.
    let record = (key, -5i64..5, 8u32..60, prop::bool::weighted(0.2));
    let batch = prop::collection::vec(record, 0..5).prop_map(|records| {
        Step::Append(
            records
                .into_iter()
                .map(|(key, timestamp_ms, size_bytes, is_tombstone)| NewRecord {
                    timestamp_ms,
                    key,
                    size_bytes,
                    is_tombstone,
                })
                .collect(),
        )
    });
    let step = prop_oneof![
        12 => batch,
        1 => Just(Step::Roll),
        2 => Just(Step::Clean),
        2 => Just(Step::ForceClean),
        2 => Just(Step::Retention),
        1 => (0i64..80).prop_map(Step::DeleteBefore),
    ];
    (0i64..20, step)
}

fn config(cleanup_compact: bool) -> impl Strategy<Value = TopicConfig> {
    let limits = (100u64..700, 1i64..80, prop::option::of(0i64..200), prop::option::of(0u64..1_500), any::<bool>());
    let lags = (0.0f64..0.9, 0i64..40, prop_oneof![Just(i64::MAX), 1i64..100], 0i64..100);
    (limits, lags).prop_map(move |(limits, lags)| TopicConfig {
        segment_bytes: limits.0,
        segment_ms: limits.1,
        retention_ms: limits.2,
        retention_bytes: limits.3,
        cleanup_delete: limits.4,
        cleanup_compact,
        min_cleanable_dirty_ratio: lags.0,
        min_compaction_lag_ms: lags.1,
        max_compaction_lag_ms: lags.2,
        delete_retention_ms: lags.3,
    })
}

/// What holds for any log at any time.
fn check_shape(log: &PartitionLog) {
    let segments = log.segments();
    assert!(segments.windows(2).all(|pair| pair[0].base_offset < pair[1].base_offset));
    let mut last = -1;
    for (index, segment) in segments.iter().enumerate() {
        let end = segments.get(index + 1).map_or(log.log_end_offset(), |next| next.base_offset);
        assert_eq!(segment.size_bytes, segment.batches.iter().map(|batch| batch.size_bytes).sum::<u64>());
        assert_eq!(segment.records.len(), segment.batches.iter().map(|batch| batch.n_records as usize).sum::<usize>());
        let mut records = segment.records.iter();
        for batch in &segment.batches {
            let own: Vec<&StoredRecord> = records.by_ref().take(batch.n_records as usize).collect();
            let bytes = own.iter().map(|record| u64::from(record.size_bytes)).sum::<u64>();
            assert_eq!(batch.size_bytes, 61 + bytes);
            assert!(own.iter().all(|record| (batch.base_offset..=batch.last_offset).contains(&record.offset)));
        }
        for record in &segment.records {
            assert!(record.offset > last && record.offset >= segment.base_offset && record.offset < end);
            last = record.offset;
        }
    }
    assert!(log.log_start_offset() <= log.log_end_offset());
    assert!(log.records().all(|record| record.offset >= log.log_start_offset()));
}

/// By key, the last record, unless it is a tombstone.
fn state<'a>(records: impl IntoIterator<Item = &'a StoredRecord>) -> BTreeMap<u32, i64> {
    let mut state = BTreeMap::new();
    for record in records {
        match record.key {
            Some(key) if record.is_tombstone => _ = state.remove(&key),
            Some(key) => _ = state.insert(key, record.offset),
            None => {}
        }
    }
    state
}

/// Runs the steps; `seen` gets every record that was ever appended, `after` looks at the log before and after each step.
fn run(
    config: TopicConfig,
    steps: Vec<(i64, Step)>,
    mut after: impl FnMut(&PartitionLog, &PartitionLog, &Step, i64),
) -> (PartitionLog, BTreeMap<i64, NewRecord>) {
    let mut log = PartitionLog::new(config);
    let mut seen = BTreeMap::new();
    let mut now_ms = 0;
    for (wait_ms, step) in steps {
        now_ms += wait_ms;
        let before = log.clone();
        match &step {
            Step::Append(batch) => {
                let batch: Vec<NewRecord> = batch
                    .iter()
                    .map(|record| NewRecord { timestamp_ms: (now_ms + record.timestamp_ms).max(-1), ..*record })
                    .collect();
                let base = log.append(&batch);
                seen.extend((base..).zip(batch));
            }
            Step::Roll => log.roll(now_ms),
            Step::Clean => _ = log.clean(now_ms),
            Step::ForceClean => _ = log.force_clean(now_ms),
            Step::Retention => _ = log.apply_retention(now_ms),
            Step::DeleteBefore(offset) => log.delete_records_before(*offset),
        }
        check_shape(&log);
        after(&before, &log, &step, now_ms);
    }
    (log, seen)
}

/// How many bytes the timestamp of a record may grow by or shrink by when its batch is compacted; times here have two bytes at most.
const TIMESTAMP_BYTES: u32 = 2;

fn is_same(stored: &StoredRecord, new: &NewRecord) -> bool {
    (stored.timestamp_ms, stored.key, stored.is_tombstone) == (new.timestamp_ms, new.key, new.is_tombstone)
        && stored.size_bytes.abs_diff(new.size_bytes) <= TIMESTAMP_BYTES
}

proptest! {
    #[test]
    fn no_record_ever_moves_or_changes(config in config(true), steps in prop::collection::vec(step(true), 0..80)) {
        let (log, seen) = run(config, steps, |_, _, _, _| {});
        for record in log.segments().iter().flat_map(|segment| &segment.records) {
            prop_assert!(is_same(record, &seen[&record.offset]));
        }
        prop_assert_eq!(log.log_end_offset(), seen.len() as i64);
    }

    #[test]
    fn a_segment_outgrows_its_limit_only_with_a_single_batch(
        config in config(false), steps in prop::collection::vec(step(true), 0..80),
    ) {
        let (log, _) = run(config.clone(), steps, |_, _, _, _| {});
        for segment in log.segments() {
            prop_assert!(segment.size_bytes <= config.segment_bytes || segment.batches.len() == 1);
        }
    }

    #[test]
    fn compaction_keeps_the_last_value_of_every_key(config in config(true), steps in prop::collection::vec(step(true), 0..80)) {
        let config = TopicConfig { cleanup_delete: false, ..config };
        let steps = steps.into_iter().filter(|(_, step)| !matches!(step, Step::DeleteBefore(_))).collect();
        run(config, steps, |before, after, step, _| {
            if matches!(step, Step::Clean | Step::ForceClean) {
                assert_eq!(state(before.records()), state(after.records()));
let active = |log: &PartitionLog| log.segments().last().map(|segment| segment.records.clone());
                assert_eq!(active(before), active(after), "the active segment is never touched");
                let growth = after.records().count() as u64 * u64::from(TIMESTAMP_BYTES);
                assert!(after.size_bytes() <= before.size_bytes() + growth, "but for timestamps beside a delete horizon, nothing grows");
            }
        });
    }

    #[test]
    fn compaction_leaves_one_record_a_key_where_it_may_clean(
        config in config(true), steps in prop::collection::vec(step(true), 0..80), end in 0i64..200,
    ) {
        let config = TopicConfig { cleanup_delete: false, min_compaction_lag_ms: 0, ..config };
        let steps = steps.into_iter().filter(|(_, step)| !matches!(step, Step::DeleteBefore(_))).collect();
        let (mut log, _) = run(config, steps, |_, _, _, _| {});
        let end = end + 100_000;
        // A pass cleans up to the active segment, so one with dirty data must leave no key twice before it.
        if let Some(stats) = log.force_clean(end) {
            let mut keys: Vec<Option<u32>> = inactive(&log).flat_map(|segment| &segment.records).map(|record| record.key).collect();
            let n = keys.len();
            keys.sort_unstable();
            keys.dedup();
            prop_assert_eq!(keys.len(), n);
            prop_assert!(!keys.contains(&None));
            prop_assert_eq!(stats.records_read, stats.records_kept + stats.removed.len() as u64);
            prop_assert_eq!(stats.records_kept, n as u64);
            prop_assert!(log.force_clean(end).is_none());
        }
    }

    #[test]
    fn a_tombstone_is_kept_for_its_time(config in config(true), steps in prop::collection::vec(step(false), 0..80)) {
        let config = TopicConfig { cleanup_delete: false, ..config };
        let retention_ms = config.delete_retention_ms;
        let mut first_met: BTreeMap<i64, i64> = BTreeMap::new();
        let mut log = PartitionLog::new(config);
        let mut now_ms = 0;
        for (wait_ms, step) in steps {
            now_ms += wait_ms;
            match step {
                Step::Append(batch) => _ = log.append(&batch),
                Step::ForceClean | Step::Clean => {
                    let end = log.segments().last().map_or(0, |active| active.base_offset);
                    if let Some(stats) = log.force_clean(now_ms) {
                        for removed in stats.removed.iter().filter(|removed| removed.cause == RemovalCause::TombstoneExpired) {
                            prop_assert!(now_ms >= first_met[&removed.offset] + retention_ms);
                        }
                        for record in log.records().filter(|record| record.is_tombstone && record.offset < end) {
                            first_met.entry(record.offset).or_insert(now_ms);
                        }
                    }
                }
                _ => log.roll(now_ms),
            }
        }
    }

    #[test]
    fn retention_removes_only_the_oldest_segments_and_whole(
        compact in any::<bool>(), config in config(false), steps in prop::collection::vec(step(true), 0..80),
    ) {
        let config = TopicConfig { cleanup_compact: compact, ..config };
        run(config, steps, |before, after, step, now_ms| {
            if !matches!(step, Step::Retention) {
                return;
            }
            let removed = before.clone().apply_retention(now_ms);
            let n = removed.len();
            let rest: Vec<&Segment> = before.segments()[n..].iter().collect();
            if rest.is_empty() {
                assert_eq!((after.segments().len(), after.size_bytes()), (1, 0));
                assert_eq!(after.log_start_offset(), after.log_end_offset());
            } else {
                assert_eq!(after.segments().iter().map(|segment| &segment.records).collect::<Vec<_>>(), rest.iter().map(|segment| &segment.records).collect::<Vec<_>>());
            }
            let first_left = after.segments()[0].base_offset;
            assert_eq!(after.log_start_offset(), if n == 0 { before.log_start_offset() } else { before.log_start_offset().max(first_left) });
            if n > 0 && after.config().cleanup_delete && !rest.is_empty() {
                let limit = after.config().retention_bytes.unwrap_or(0);
                let by_bytes = removed.iter().filter(|segment| segment.reason == replay_kafka::RemovedReason::Bytes).count();
                let by_start = removed.iter().filter(|segment| segment.reason == replay_kafka::RemovedReason::StartOffset).count();
                if by_bytes > 0 {
                    let left: u64 = before.segments()[by_start + by_bytes..].iter().map(|segment| segment.size_bytes).sum();
                    assert!(left >= limit);
                }
            }
        });
    }
}

fn inactive(log: &PartitionLog) -> impl Iterator<Item = &Segment> {
    let n = log.segments().len() - 1;
    log.segments()[..n].iter()
}
