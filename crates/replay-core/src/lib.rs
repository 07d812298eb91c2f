//! Replaying: projections, the fold, any entity at any position, blame, differences, history, hashes.
//!
//! Layer 3. Everything clever in here equals [`fold`], and property tests say so. It knows the log, but no format, no wasm, no clock.

mod checkpoint;
mod compare;
mod diff;
mod fields;
mod hash;
mod node;
mod patch;
mod projection;
mod replay;

pub use checkpoint::{Checkpoint, CheckpointJob, Glance, PlainState, PlainStates, map_states};
pub use compare::{Comparison, Reference, StateComparer};
pub use diff::{ChangeKind, FieldChange, diff, push_token};
pub use hash::{HashJob, StatesHash, state_hash};
pub use node::{Node, NodeValue};
pub use patch::PatchError;
pub use projection::{
    EntityState, MAX_PROBLEMS, Problem, ProblemKind, Projection, ProjectionError, hex, is_same, value_of,
};
pub use replay::{HistoryStep, Preparation, Replay, ReplayRest, fold};
pub use replay_jq::JqError;
