//! What Kafka does to a log, and what that does to state: a deterministic function of (log, scenario, seed).
//!
//! Layer 4. The loaded log is the truth and is never changed: a simulation says in which order, how often and whether at all each of its
//! records reached the state. Virtual time runs on the records' timestamps. It reads no clock and draws no random number without the
//! scenario's seed, so the same log, scenario and seed give the same bytes everywhere.
//!
//! The stages, in the order of the data: [`Facts`] (columns out of the log) → writers → producer → topic (partitions) → broker (retention,
//! compaction) → group (consumers) → snapshots and rebuild → verdict (which entities differ from the truth, and why).

mod broker;
mod facts;
mod group;
mod metrics;
mod outcome;
mod producer;
mod random;
mod run;
mod sequences;
mod snapshots;
mod timeline;
mod topic;
mod verdict;
mod writers;

pub use facts::{Facts, FactsJob, NO_KEY};
pub use metrics::{LaneMetrics, Metrics, Rebuild};
pub use outcome::{Entry, Fate, Lane, Outcome};
pub use run::{Simulation, Stage};
pub use sequences::Sequences;
pub use timeline::{Happening, HappeningKind, Sample, Timeline};
pub use verdict::{Cause, Divergence};
