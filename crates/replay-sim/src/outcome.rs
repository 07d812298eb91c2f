//! What a simulation gives.

use crate::facts::Facts;
use crate::metrics::Metrics;
use crate::sequences::Sequences;
use crate::timeline::Timeline;
use crate::verdict::{Divergence, Tamper};
use replay_core::{EntityState, Projection};
use replay_log::{EntityId, RecordIndex};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What became of a record in a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is there.
    Kept,
    /// It is there, as a copy of one that was there before.
    Duplicate,
    /// It is there, behind records that were sent later.
    Late,
    /// Retention took its segment.
    Expired,
    /// Compaction took it.
    Compacted,
}

impl Fate {
    /// All of them, in their order.
    pub const ALL: [Fate; 5] = [Fate::Kept, Fate::Duplicate, Fate::Late, Fate::Expired, Fate::Compacted];

    /// A name for localisation and data.
    pub const fn name(self) -> &'static str {
        match self {
            Fate::Kept => "kept",
            Fate::Duplicate => "duplicate",
            Fate::Late => "late",
            Fate::Expired => "expired",
            Fate::Compacted => "compacted",
        }
    }
}

/// A record as it was appended; its offset is its place in its lane.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The log's record.
    pub record: RecordIndex,
    /// When the broker appended it, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// When clean-up removed it; `i64::MAX` if it did not.
    pub gone_ms: i64,
    /// What became of it.
    pub fate: Fate,
}

/// A partition of the simulated topic.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Number of its topic in [`Facts::topics`].
    pub topic: u16,
    /// Its number in the topic.
    pub partition: u32,
    /// Everything that was ever appended, by offset.
    pub entries: Vec<Entry>,
    /// Log start offset from a time on (milliseconds), ascending.
    pub starts: Vec<(i64, i64)>,
}

impl Lane {
    /// Log start offset at a time.
    pub fn start_at(&self, at_ms: i64) -> i64 {
        let n = self.starts.partition_point(|(time, _)| *time <= at_ms);
        n.checked_sub(1).map_or(0, |n| self.starts[n].1)
    }

    /// High watermark at a time: one behind the last record that was there.
    pub fn end_at(&self, at_ms: i64) -> i64 {
        self.entries.partition_point(|entry| entry.at_ms <= at_ms) as i64
    }
}

/// The result of one run.
pub struct Outcome {
    pub(crate) facts: Arc<Facts>,
    pub(crate) projection: Projection,
    pub(crate) truth: Sequences,
    pub(crate) got: Sequences,
    pub(crate) tampered: FxHashMap<EntityId, Tamper>,
    /// Partitions after the change, by topic and number.
    pub lanes: Vec<Lane>,
    /// Records that never reached the topic, ascending: lost by the producer or refused by the store.
    pub missing: Vec<RecordIndex>,
    /// Entities whose state is not the truth, in the order of topic and key.
    pub diverged: Vec<Divergence>,
    /// Figures.
    pub metrics: Metrics,
    /// What happened when.
    pub timeline: Timeline,
}

impl Outcome {
    /// What was simulated.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The facts, to be used by the next run.
    pub fn shared_facts(&self) -> Arc<Facts> {
        self.facts.clone()
    }

    /// An entity's state by the whole log.
    pub fn truth_state(&self, entity: EntityId) -> EntityState {
        crate::verdict::state(&self.facts, &self.projection, entity, self.truth.of(entity), None)
    }

    /// An entity's state by what reached it.
    pub fn outcome_state(&self, entity: EntityId) -> EntityState {
        let tamper = self.tampered.get(&entity);
        crate::verdict::state(&self.facts, &self.projection, entity, self.got.of(entity), tamper)
    }

    /// The events of an entity in the order in which they made its state: the truth's and the outcome's.
    pub fn sequences_of(&self, entity: EntityId) -> (&[RecordIndex], &[RecordIndex]) {
        (self.truth.of(entity), self.got.of(entity))
    }
}
