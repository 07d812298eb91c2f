//! `replayground fold`: the state of every entity at a position.

use crate::Outcome;
use crate::input::{Input, ReplayOptions};
use crate::json::{object, or_null, string};
use replay_core::{HashJob, PlainState, Projection, Replay, map_states};
use replay_log::{EntityId, Log, Position};
use std::io::Write;

/// Entities whose lines are made together.
const PIECE: usize = 1 << 14;

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
    let wanted = |name: &str| arguments.key.as_deref().is_none_or(|key| key == name);
    let mut entities = replay.sorted_entities();
    entities.retain(|&entity| wanted(replay.log().entity_name(entity)));
    if entities.is_empty()
        && let Some(key) = &arguments.key
    {
        eprintln!("no entity has the key {key:?}");
    }
    if matches!(replay.projection(), Projection::Jq(_)) {
        return fold_by_program(&replay, &entities, position, out).map(|()| outcome);
    }
    for piece in entities.chunks(PIECE) {
        let lines = map_states(&replay, piece, position, |entity, state| line(replay.log(), entity, state));
        for line in lines.into_iter().flatten() {
            writeln!(out, "{line}")?;
        }
    }
    Ok(outcome)
}

/// What a program could not do is told: a mistake in it would else look like a state that stays empty.
fn fold_by_program(
    replay: &Replay,
    entities: &[EntityId],
    position: Position,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let (mut problems, mut first) = (0, None);
    for &entity in entities {
        let state = replay.state_at(entity, position);
        problems += state.problems.len();
        if let (None, Some(problem)) = (&first, state.problems.first()) {
            let (name, at) = (replay.log().entity_name(entity), replay.order().position_of(problem.record));
            first = Some(format!("{name} at position {at}: {}", problem.kind));
        }
        let (json, events) = (state.json(), state.events);
        let plain = PlainState { json, version: state.version, events, is_deleted: state.is_deleted, last: state.last };
        if let Some(line) = line(replay.log(), entity, plain) {
            writeln!(out, "{line}")?;
        }
    }
    if let Some(first) = first {
        eprintln!("{problems} events did not fit; the first: {first}");
    }
    Ok(())
}

/// `None` for an entity that has no event yet.
fn line(log: &Log, entity: EntityId, state: PlainState) -> Option<String> {
    let last = state.last?;
    let place = object(&[
        ("partition", log.partitions()[log.partition(last) as usize].partition.to_string()),
        ("offset", log.offset(last).to_string()),
    ]);
    let mut members = vec![
        ("topic", string(log.entity_topic(entity))),
        ("key", string(log.entity_name(entity))),
        ("state", or_null(state.json.map(|json| json.to_text()))),
        ("version", state.version.to_string()),
        ("events", state.events.to_string()),
        ("last", place),
    ];
    if state.is_deleted {
        members.push(("deleted", "true".to_owned()));
    }
    Some(object(&members))
}
