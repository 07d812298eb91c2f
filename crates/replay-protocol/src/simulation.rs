//! What the engine tells of a simulation: figures, the course of time, and windows into the rest.

use crate::{FieldChange, Scenario};
use serde::{Deserialize, Serialize};

/// One run as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulationSummary {
    /// Counts the runs; windows of an older run are not to be shown.
    pub run: u32,
    /// The load or configuration that it belongs to.
    pub generation: u32,
    /// The scenario with everything that was filled in.
    pub scenario: Scenario,
    /// First and last moment that is drawn, milliseconds since 1970 UTC.
    pub start_ms: f64,
    /// See `start_ms`.
    pub end_ms: f64,
    /// The log has no timestamps: its records are taken to be a second apart.
    pub has_made_up_time: bool,
    /// The log's events claim no versions: they are counted per entity.
    pub has_counted_versions: bool,
    /// Records a second over the whole log.
    pub mean_rate: f64,
    /// Partitions before, as the log has them.
    pub lanes_before: Vec<LaneName>,
    /// Partitions after.
    pub lanes: Vec<SimulatedLane>,
    /// Single figures by name, in the order in which they are told.
    pub figures: Vec<Figure>,
    /// What a rebuild costs, by method.
    pub rebuild: Vec<RebuildCost>,
    /// How many entities diverged, by cause.
    pub causes: Vec<CauseCount>,
    /// The course of time.
    pub happenings: Vec<HappeningView>,
    /// Evenly spaced moments.
    pub samples: Vec<SampleView>,
}

/// A partition's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaneName {
    /// Its topic.
    pub topic: String,
    /// Its number.
    pub partition: u32,
}

/// A partition after the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulatedLane {
    /// Its topic.
    pub topic: String,
    /// Its number.
    pub partition: u32,
    /// Records appended.
    pub appended: f64,
    /// Records left.
    pub kept: f64,
    /// First offset that is still there.
    pub log_start_offset: f64,
    /// The next offset to be written.
    pub log_end_offset: f64,
    /// The next offset that the group would read, if it ever committed.
    pub committed_offset: Option<f64>,
    /// Highest lag.
    pub max_lag: f64,
    /// Lag at the end.
    pub final_lag: f64,
    /// Who owned it from when on (milliseconds): a member's number in the order of joining, `None` for nobody.
    pub owners: Vec<(f64, Option<u32>)>,
}

/// A figure and its name, a key of the locale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The name.
    pub name: String,
    /// The value; `None` if it never came to that.
    pub value: Option<f64>,
}

/// What a rebuild reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RebuildCost {
    /// `scan`, `snapshot`, `shards`, `entity-scan`, `entity-index` or `entity-snapshot`.
    pub method: String,
    /// Records read.
    pub records: f64,
    /// Bytes read.
    pub bytes: f64,
    /// Virtual time; `None` without a rate.
    pub time_ms: Option<f64>,
}

/// How many entities diverged for a cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CauseCount {
    /// The cause, as in [`DivergedRow::cause`].
    pub cause: String,
    /// Entities.
    pub count: u32,
}

/// Something that happened. `kind` is a key of the locale.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HappeningView {
    /// Milliseconds since 1970 UTC.
    pub at_ms: f64,
    /// `join`, `leave`, `crash`, `session-timeout`, `rebalance`, `partitions-added`, `offset-reset`, `restored`, `expired`, `compacted`,
    /// `alert-on` or `alert-off`.
    pub kind: String,
    /// Whose.
    pub member: Option<String>,
    /// Where.
    pub lane: Option<u32>,
    /// Records concerned, an offset, or partitions.
    pub count: Option<f64>,
    /// Of a rebalance: each member's partitions in words.
    pub text: String,
}

/// A moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SampleView {
    /// Milliseconds since 1970 UTC.
    pub at_ms: f64,
    /// Lag over all partitions, in records.
    pub lag: f64,
    /// Age of the oldest record that is not committed.
    pub lag_ms: f64,
    /// Bytes in the log.
    pub stored_bytes: f64,
    /// Snapshots taken by then.
    pub snapshots: f64,
    /// Lag of the first partitions.
    pub by_lane: Vec<f64>,
}

/// An entity whose state is not the truth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DivergedRow {
    /// Its number.
    pub entity: u32,
    /// Its topic.
    pub topic: String,
    /// Its key.
    pub key: String,
    /// Why, in the words of the command line.
    pub cause: String,
    /// Position of the first record that went wrong.
    pub first_wrong: u64,
}

/// Truth and outcome of one entity, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulatedEntity {
    /// Its number.
    pub entity: u32,
    /// Its key.
    pub key: String,
    /// Why; `None` if the states are the same.
    pub cause: Option<String>,
    /// JSON text; `None` if it does not exist.
    pub truth: Option<String>,
    /// JSON text; `None` if it does not exist.
    pub outcome: Option<String>,
    /// From the truth to the outcome.
    pub changes: Vec<FieldChange>,
    /// The events that made the outcome beside the truth's, a bounded window around the first that went wrong.
    pub steps: Vec<ComparedStep>,
    /// Events of the truth, and of the outcome.
    pub truth_events: u32,
    /// See `truth_events`.
    pub outcome_events: u32,
    /// Where its records lie in the loaded log: lane before, and when (milliseconds since 1970 UTC). The first of them, if there are many.
    pub places_before: Vec<(u32, f64)>,
    /// Where they lie in the simulated topic, copies included: lane after, and when.
    pub places_after: Vec<(u32, f64)>,
}

/// An event in the truth's or the outcome's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComparedStep {
    /// Position of the record in the loaded log.
    pub position: u64,
    /// `P1@1706`.
    pub place: String,
    /// The event's type.
    pub event_type: Option<String>,
    /// `same`, `missing` (only in the truth), `extra` (applied once more) or `moved`.
    pub mark: String,
    /// Whether it is the first that went wrong.
    pub is_first_wrong: bool,
}

/// The lanes of a run between two moments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulationLanes {
    /// Of this run.
    pub run: u32,
    /// First moment, milliseconds.
    pub start_ms: f64,
    /// Last moment.
    pub end_ms: f64,
    /// Buckets along the x axis.
    pub columns: u32,
    /// By lane before: records in each bucket, and of those the ones that never arrived.
    pub before: Vec<Vec<[u32; 2]>>,
    /// By lane after: records in each bucket by fate: kept, duplicate, late, expired, compacted.
    pub after: Vec<Vec<[u32; 5]>>,
    /// By lane after: committed offset at the end of the window, lag there.
    pub committed: Vec<(f64, f64)>,
    /// By lane after: snapshots taken in each bucket.
    pub snapshots: Vec<Vec<u32>>,
}

/// What rebuilding all states by shards took on this machine, with 1, 2, 4 … shards side by side.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RebuildMeasure {
    /// Processors, as far as the host knows.
    pub cores: u32,
    /// Entities rebuilt.
    pub entities: u32,
    /// Events folded in each rebuild.
    pub events: f64,
    /// The hash over all states that one shard gave.
    pub hash: String,
    /// Ascending by shards.
    pub runs: Vec<RebuildRun>,
}

/// A rebuild with so many shards, each in a worker or thread of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RebuildRun {
    /// Shards.
    pub shards: u32,
    /// Handing out the events to the workers, which a consumer group has the broker do.
    pub hand_out_ms: f64,
    /// The fastest of the repeated rebuilds.
    pub rebuild_ms: f64,
    /// How often it was repeated.
    pub repeated: u32,
    /// Whether the states were the same to the byte as with one shard.
    pub is_same: bool,
}
