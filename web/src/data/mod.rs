//! Between the stores and the engine: hooks that ask, and commands that load.

mod commands;
mod compare;
mod cost;
mod engine;
mod first;
mod kafka;
mod link;
mod marks;
mod orders;
mod place;
mod playback;
mod preview;
mod query;
mod read_models;
mod rebuild;
mod registry;
mod samples;
mod save;
mod scenarios;
mod simulation;
mod start;
mod storage;

pub(crate) use commands::{Commands, shortened, use_commands};

pub(crate) use compare::use_comparison;
pub(crate) use cost::{use_read_cost, use_state_hash};
pub(crate) use first::use_first_entity;
pub(crate) use kafka::{now_ms, remembered_address, use_kafka_commands, use_live, without_password};
pub(crate) use link::{Link, LinkSource};
pub(crate) use marks::use_marks;
pub(crate) use orders::{OrderOutcome, use_order_comparison};
pub(crate) use place::{Target, parse_target};
pub(crate) use playback::use_playback;
pub(crate) use preview::use_preview;
pub(crate) use query::{
    RunsShown, use_entities, use_entity, use_followed, use_hash, use_history, use_lanes, use_record, use_rows,
    use_runs, use_touched,
};
pub(crate) use read_models::{use_archive, use_row_changes, use_stream, use_windows, use_words};
pub(crate) use rebuild::{Measured, use_rebuild_measure};
pub(crate) use registry::{Registry, use_registry};
pub(crate) use samples::{SAMPLES, Sample};
pub(crate) use save::{save_bytes, save_text};
pub(crate) use scenarios::{READY, span_ms};
pub(crate) use simulation::{
    Shown, use_diverged, use_scenario_reader, use_simulated_entity, use_simulation, use_simulation_lanes,
};
pub(crate) use start::{Connected, use_start};
pub(crate) use storage::{load_preferences, remember_mapping, use_stored_preferences};
