//! `replayground fold`: the state of every entity at a position.

use crate::Outcome;
use crate::input::{Input, ReplayOptions};
use crate::json::{object, or_null, string};
use replay_core::{HashJob, Replay};
use replay_log::{EntityId, Position};
use std::io::Write;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    replay: ReplayOptions,
    /// Position in the replay: 0 is before the first event; the end if not given
    #[arg(long, value_name = "POSITION")]
    at: Option<Position>,
    /// Only this entity
    #[arg(long, value_name = "K")]
    key: Option<String>,
    /// Print only the hash of all states
    #[arg(long)]
    hash: bool,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let (replay, _, outcome) = arguments.input.replay(&arguments.replay)?;
    let position = arguments.at.unwrap_or(Position::MAX).min(replay.order().len());
    if arguments.hash {
        writeln!(out, "{}", HashJob::new(replay, position).finish())?;
        return Ok(outcome);
    }
    let mut found = arguments.key.is_none();
    for entity in replay.sorted_entities() {
        if arguments.key.as_deref().is_some_and(|key| key != replay.log().entity_name(entity)) {
            continue;
        }
        found = true;
        if let Some(line) = line(&replay, entity, position) {
            writeln!(out, "{line}")?;
        }
    }
    if !found {
        eprintln!("no entity has the key {:?}", arguments.key.as_deref().unwrap_or_default());
    }
    Ok(outcome)
}

/// `None` for an entity that has no event yet.
fn line(replay: &Replay, entity: EntityId, position: Position) -> Option<String> {
    let log = replay.log();
    let state = replay.state_at(entity, position);
    let last = state.last?;
    let place = object(&[
        ("partition", log.partitions()[log.partition(last) as usize].partition.to_string()),
        ("offset", log.offset(last).to_string()),
    ]);
    let mut members = vec![
        ("topic", string(log.entity_topic(entity))),
        ("key", string(log.entity_name(entity))),
        ("state", or_null(state.json().map(|json| json.to_text()))),
        ("version", state.version.to_string()),
        ("events", state.events.to_string()),
        ("last", place),
    ];
    if state.is_deleted {
        members.push(("deleted", "true".to_owned()));
    }
    Some(object(&members))
}
