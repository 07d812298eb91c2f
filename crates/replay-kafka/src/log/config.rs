//! The settings of a topic that decide what stays in its log.

/// A topic's settings, each under its Kafka name. The default is a broker's default.
///
/// Source: Apache Kafka, `LogConfig` and `TopicConfig`.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicConfig {
    /// `segment.bytes`: a segment never grows beyond it, unless one batch alone is larger.
    pub segment_bytes: u64,
    /// `segment.ms`: a batch this much younger than the segment's first one begins a new segment.
    pub segment_ms: i64,
    /// `retention.ms`; `None` is Kafka's -1, no limit.
    pub retention_ms: Option<i64>,
    /// `retention.bytes`, per partition; `None` is Kafka's -1, no limit.
    pub retention_bytes: Option<u64>,
    /// `cleanup.policy` contains `delete`.
    pub cleanup_delete: bool,
    /// `cleanup.policy` contains `compact`.
    pub cleanup_compact: bool,
    /// `min.cleanable.dirty.ratio`: the cleaner waits until more than this share of the bytes is dirty.
    pub min_cleanable_dirty_ratio: f64,
    /// `min.compaction.lag.ms`: segments with a younger record are not compacted.
    pub min_compaction_lag_ms: i64,
    /// `max.compaction.lag.ms`: a dirty segment older than this is compacted whatever the ratio; `i64::MAX` is no limit.
    pub max_compaction_lag_ms: i64,
    /// `delete.retention.ms`: how long a tombstone stays after the first compaction that met it.
    pub delete_retention_ms: i64,
}

const HOUR_MS: i64 = 60 * 60 * 1000;

impl Default for TopicConfig {
    fn default() -> TopicConfig {
        TopicConfig {
            segment_bytes: 1024 * 1024 * 1024,
            segment_ms: 7 * 24 * HOUR_MS,
            retention_ms: Some(7 * 24 * HOUR_MS),
            retention_bytes: None,
            cleanup_delete: true,
            cleanup_compact: false,
            min_cleanable_dirty_ratio: 0.5,
            min_compaction_lag_ms: 0,
            max_compaction_lag_ms: i64::MAX,
            delete_retention_ms: 24 * HOUR_MS,
        }
    }
}

impl TopicConfig {
    /// How old a segment's first batch may become before the next batch rolls the segment: a compacted topic's
    /// `max.compaction.lag.ms` shortens `segment.ms`, since a segment is compacted only once it is no longer active.
    ///
    /// Source: Apache Kafka, `LogConfig.maxSegmentMs`.
    pub fn max_segment_ms(&self) -> i64 {
        if self.cleanup_compact && self.max_compaction_lag_ms > 0 {
            self.segment_ms.min(self.max_compaction_lag_ms)
        } else {
            self.segment_ms
        }
    }
}
