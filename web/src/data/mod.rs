//! Between the stores and the engine: hooks that ask, and commands that load.

mod commands;
mod engine;
mod link;
mod orders;
mod place;
mod playback;
mod query;
mod samples;
mod start;
mod storage;

pub(crate) use commands::{Commands, use_commands};

pub(crate) use orders::{OrderOutcome, use_order_comparison};
pub(crate) use playback::use_playback;
pub(crate) use query::{use_entities, use_entity, use_hash, use_history, use_lanes, use_record, use_rows};
pub(crate) use samples::{SAMPLES, Sample};
pub(crate) use start::{Connected, use_start};
pub(crate) use storage::{load_preferences, use_stored_preferences};
