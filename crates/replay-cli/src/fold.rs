//! `replayground fold`: the state of every entity at a position.

use crate::Outcome;
use crate::input::{Input, ReplayOptions};
use anyhow::Context;
use replay_core::{HashJob, PlainState, Projection, Replay, map_states};
use replay_engine::{Crew, Rebuild, Text, Threads};
use replay_log::json::write_string;
use replay_log::{EntityId, Json, Log, Position, RecordIndex};
use std::fmt::Write as _;
use std::io::Write;
use std::num::NonZeroU32;
use std::sync::OnceLock;
use std::time::Instant;

/// Entities whose lines are made together.
const PIECE: usize = 1 << 16;
/// Bytes of a line with a state of a few fields.
const LINE: usize = 400;

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
    /// Fold in so many shards by key, each in a thread of its own, and tell on stderr how long it took
    #[arg(long, value_name = "N")]
    shards: Option<NonZeroU32>,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let (replay, _, outcome) = arguments.input.replay(&arguments.replay)?;
    let position = arguments.at.unwrap_or(Position::MAX).min(replay.order().len());
    if let Some(shards) = arguments.shards {
        return by_shards(arguments, replay, position, shards, out).map(|()| outcome);
    }
    if arguments.hash {
        writeln!(out, "{}", HashJob::new(replay, position).finish())?;
        return Ok(outcome);
    }
    let mut entities = replay.sorted_entities();
    entities.retain(|&entity| arguments.wants(replay.log().entity_name(entity)));
    if entities.is_empty()
        && let Some(key) = &arguments.key
    {
        eprintln!("no entity has the key {key:?}");
    }
    if matches!(replay.projection(), Projection::Jq(_)) {
        return fold_by_program(&replay, &entities, position, out).map(|()| outcome);
    }
    for piece in entities.chunks(PIECE) {
        let lines = map_states(&replay, piece, position, |entity, state| line(replay.log(), entity, &state.into()));
        for line in lines.into_iter().flatten() {
            writeln!(out, "{line}")?;
        }
    }
    Ok(outcome)
}

impl Arguments {
    fn wants(&self, key: &str) -> bool {
        self.key.as_deref().is_none_or(|wanted| wanted == key)
    }
}

/// More threads than any machine has cores only cost memory.
const MOST_THREADS: usize = 256;

fn by_shards(
    arguments: &Arguments,
    replay: Replay,
    position: Position,
    shards: NonZeroU32,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let text = if arguments.hash { Text::Canonical } else { Text::Plain };
    let log = replay.log().clone();
    let mut crew = Threads::new((shards.get() as usize).min(MOST_THREADS), now_ms);
    let mut rebuild = Rebuild::new(replay, position, shards, text, 1);
    let failed = |failure: replay_protocol::Failure| anyhow::anyhow!("{}: {}", failure.code, failure.detail);
    while !rebuild.step(PIECE, &mut crew).map_err(failed)? {
        if rebuild.is_waiting() {
            crew.wait();
        }
    }
    let states = rebuild.finish().context("the rebuild came to no end")?;
    eprintln!(
        "{} shards in {} threads on {} processors: {:.1} ms, after {:.1} ms of handing out",
        states.shards,
        states.hands,
        crew.cores(),
        states.rebuild_ms,
        states.hand_out_ms
    );
    if arguments.hash {
        writeln!(out, "{}", states.hash())?;
        return Ok(());
    }
    for (entity, state) in states.sorted().filter(|(entity, _)| arguments.wants(log.entity_name(*entity))) {
        let told = Told {
            state: state.text.map_or(State::None, State::Text),
            version: state.version,
            events: state.events,
            last: state.last,
            is_deleted: state.is_deleted,
        };
        if let Some(line) = line(&log, entity, &told) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this program is a host: it may look at the clock")]
fn now_ms() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1000.0
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
        if let Some(line) = line(replay.log(), entity, &plain.into()) {
            writeln!(out, "{line}")?;
        }
    }
    if let Some(first) = first {
        eprintln!("{problems} events did not fit; the first: {first}");
    }
    Ok(())
}

/// What is told of a state.
struct Told<'a> {
    state: State<'a>,
    version: u64,
    events: u64,
    last: Option<RecordIndex>,
    is_deleted: bool,
}

enum State<'a> {
    None,
    Json(Json),
    Text(&'a str),
}

impl From<PlainState> for Told<'_> {
    fn from(state: PlainState) -> Self {
        let PlainState { json, version, events, is_deleted, last } = state;
        Told { state: json.map_or(State::None, State::Json), version, events, last, is_deleted }
    }
}

/// `None` for an entity that has no event yet.
fn line(log: &Log, entity: EntityId, told: &Told<'_>) -> Option<String> {
    let last = told.last?;
    // There are as many lines as entities, so each is written into one piece of memory.
    let mut out = String::with_capacity(LINE);
    out.push_str("{\"topic\":");
    write_string(log.entity_topic(entity), &mut out);
    out.push_str(",\"key\":");
    write_string(log.entity_name(entity), &mut out);
    out.push_str(",\"state\":");
    match &told.state {
        State::None => out.push_str("null"),
        State::Json(json) => json.write_text(&mut out),
        State::Text(text) => out.push_str(text),
    }
    let partition = log.partitions()[log.partition(last) as usize].partition;
    let Told { version, events, .. } = told;
    // Writing to a text cannot fail.
    let _ = write!(
        out,
        ",\"version\":{version},\"events\":{events},\"last\":{{\"partition\":{partition},\"offset\":{}}}",
        log.offset(last)
    );
    out.push_str(if told.is_deleted { ",\"deleted\":true}" } else { "}" });
    Some(out)
}
