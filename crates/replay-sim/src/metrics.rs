//! The figures of a simulation.

/// Counts over the whole run. Times are virtual milliseconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metrics {
    /// Records of the log.
    pub records: u64,
    /// Records appended to the topic, copies among them.
    pub appended: u64,
    /// Copies that the producer's retries appended.
    pub duplicates: u64,
    /// Records that later ones overtook.
    pub reordered: u64,
    /// Records that never arrived.
    pub lost: u64,
    /// Retries that the broker recognised and dropped.
    pub broker_deduplicated: u64,
    /// Appends refused because the stream had another version.
    pub conflicts: u64,
    /// Appends that were refused for good.
    pub refused: u64,
    /// Retries of refused appends.
    pub conflict_retries: u64,
    /// Appends that should have been refused and were not, for want of an expected version.
    pub blind_appends: u64,
    /// Records handed to members, redeliveries among them.
    pub delivered: u64,
    /// Records that were handed out again.
    pub redelivered: u64,
    /// Records whose effect was taken back with an open transaction.
    pub rolled_back: u64,
    /// Records that were committed and never processed.
    pub skipped: u64,
    /// Events that the fold's idempotency ignored.
    pub deduplicated: u64,
    /// Events that the fold ignores already in the loaded log, because it holds them more than once.
    pub recorded_twice: u64,
    /// Versions that were missing when a later one came.
    pub version_gaps: u64,
    /// Records that changed their partition against the loaded log.
    pub moved: u64,
    /// Keys with records in more than one partition.
    pub split_keys: u64,
    /// Entities with records in more than one partition.
    pub split_entities: u64,
    /// Records left in the log.
    pub kept_records: u64,
    /// Their bytes on the broker's disk.
    pub kept_bytes: u64,
    /// Records that retention took.
    pub expired: u64,
    /// Records that compaction took.
    pub compacted: u64,
    /// The broker's bytes without clean-up.
    pub appended_bytes: u64,
    /// Highest lag over all partitions together, in records.
    pub max_lag: u64,
    /// Highest age of the oldest record not yet committed.
    pub max_lag_ms: i64,
    /// Lag at the end.
    pub final_lag: u64,
    /// From the log's last record until nothing was left to read; `None` if that never came.
    pub catch_up_ms: Option<i64>,
    /// Rebalances of the group.
    pub rebalances: u64,
    /// How often the lag alert fired.
    pub alerts: u64,
    /// By lane.
    pub lanes: Vec<LaneMetrics>,
    /// What a rebuild of all states costs, by method.
    pub rebuild: Vec<Rebuild>,
    /// Snapshots that were there, and those found unusable.
    pub snapshots: u64,
    /// Snapshots that were refused when checked.
    pub snapshots_refused: u64,
    /// Entities in all.
    pub entities: u64,
    /// Entities whose state is not the truth.
    pub diverged: u64,
}

/// The figures of a partition.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LaneMetrics {
    /// Records appended.
    pub appended: u64,
    /// Records left.
    pub kept: u64,
    /// Log start offset at the end.
    pub log_start_offset: i64,
    /// Log end offset.
    pub log_end_offset: i64,
    /// Committed offset at the end.
    pub committed_offset: Option<i64>,
    /// Highest lag in records.
    pub max_lag: u64,
    /// Lag at the end.
    pub final_lag: u64,
}

/// What a rebuild reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Rebuild {
    /// `scan` (whole log), `snapshot` (snapshots and the tail behind them), `shards` (the scan split by entity), and for one entity
    /// `entity-scan` (its partition), `entity-index` (its records), `entity-snapshot`.
    pub method: &'static str,
    /// Records read; on average where it is for one entity.
    pub records: f64,
    /// Bytes read.
    pub bytes: f64,
    /// Virtual time at the consumers' rate; of the slowest, where several work side by side. `None` without a rate.
    pub time_ms: Option<f64>,
}
