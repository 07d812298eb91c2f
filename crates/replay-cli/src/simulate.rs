//! `replayground simulate`: the log through a scenario.

use crate::Outcome;
use crate::input::{Input, ReplayOptions, usage};
use crate::json::{array, object, or_null, string};
use anyhow::Context;
use replay_engine::{figures, happening_view, read_scenario};
use replay_log::{EntityId, Json};
use replay_protocol::Scenario;
use replay_sim::{FactsJob, Simulation};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    options: ReplayOptions,
    /// What happens to the log, as JSON; without it the log is read as it is
    #[arg(long, value_name = "S.json")]
    scenario: Option<PathBuf>,
    /// Repeats every random choice; overrides the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let mut scenario = match &arguments.scenario {
        None => Scenario::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            read_scenario(&text).map_err(|error| usage(&format!("{}: {error}", path.display())))?
        }
    };
    if let Some(seed) = arguments.seed {
        scenario.seed = seed;
    }
    let (replay, _, outcome) = arguments.input.replay(&arguments.options)?;
    let log = replay.log();
    let facts = FactsJob::new(log.clone(), &scenario).finish();
    if facts.has_made_up_time() && !log.is_empty() {
        eprintln!("the log has no timestamps: its records are taken to be a second apart");
    }
    let simulation = Simulation::new(Arc::new(facts), scenario, replay.projection().clone());
    let result = simulation.map_err(|error| usage(&error.to_string()))?.finish();

    let entities = replay.sorted_entities();
    let has_topics = log.partitions().iter().any(|partition| partition.topic != log.partitions()[0].topic);
    let name = |entity: EntityId| {
        let key = log.entity_name(entity);
        // The same key in two topics is two entities.
        if has_topics { format!("{}/{key}", log.entity_topic(entity)) } else { key.to_owned() }
    };
    let text = |json: Option<Json>| or_null(json.map(|json| json.to_text()));
    write!(out, "{{\"truth\":{{")?;
    for (n, &entity) in entities.iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        write!(out, "{comma}{}:{}", string(&name(entity)), text(result.truth_state(entity).json()))?;
    }
    write!(out, "}},\"outcome\":{{")?;
    let mut comma = "";
    for &entity in &entities {
        let state = result.outcome_state(entity);
        // An entity that no event has reached is not there at all.
        if state.events > 0 {
            write!(out, "{comma}{}:{}", string(&name(entity)), text(state.json()))?;
            comma = ",";
        }
    }
    let diverged = result.diverged.iter().map(|divergence| {
        let entity = divergence.entity;
        let record = divergence.first_wrong;
        let first = object(&[
            ("position", replay.order().position_of(record).to_string()),
            ("partition", log.partitions()[log.partition(record) as usize].partition.to_string()),
            ("offset", log.offset(record).to_string()),
        ]);
        object(&[
            ("topic", string(log.entity_topic(entity))),
            ("key", string(log.entity_name(entity))),
            ("truth", text(result.truth_state(entity).json())),
            ("got", text(result.outcome_state(entity).json())),
            ("cause", string(divergence.cause.name())),
            ("first_wrong", first),
        ])
    });
    write!(out, "}},\"diverged\":{}", array(diverged))?;
    write!(out, ",\"metrics\":{}", metrics(&result))?;
    writeln!(out, ",\"timeline\":{}}}", timeline(&result))?;
    Ok(outcome)
}

fn number(value: f64) -> String {
    serde_json::Number::from_f64(value).map_or_else(
        || "null".to_owned(),
        |number| {
            let is_whole = value.fract() == 0.0 && value.abs() < 9e15;
            if is_whole { (value as i64).to_string() } else { number.to_string() }
        },
    )
}

fn metrics(result: &replay_sim::Outcome) -> String {
    let figures = figures(result);
    let mut members: Vec<(&str, String)> =
        figures.iter().map(|(name, value)| (*name, value.map_or_else(|| "null".to_owned(), number))).collect();
    let partitions = result.lanes.iter().zip(&result.metrics.lanes).map(|(lane, metrics)| {
        object(&[
            ("topic", string(&result.facts().topics()[usize::from(lane.topic)].0)),
            ("partition", lane.partition.to_string()),
            ("appended", metrics.appended.to_string()),
            ("kept", metrics.kept.to_string()),
            ("log_start_offset", metrics.log_start_offset.to_string()),
            ("log_end_offset", metrics.log_end_offset.to_string()),
            ("committed_offset", or_null(metrics.committed_offset)),
            ("max_lag", metrics.max_lag.to_string()),
            ("final_lag", metrics.final_lag.to_string()),
        ])
    });
    members.push(("partitions", array(partitions)));
    let rebuild = result.metrics.rebuild.iter().map(|cost| {
        object(&[
            ("method", string(cost.method)),
            ("records", number(cost.records)),
            ("bytes", number(cost.bytes.round())),
            ("time_ms", cost.time_ms.map_or_else(|| "null".to_owned(), number)),
        ])
    });
    members.push(("rebuild", array(rebuild)));
    object(&members)
}

fn timeline(result: &replay_sim::Outcome) -> String {
    let lane_name = |lane: u32| format!("P{}", result.lanes.get(lane as usize).map_or(0, |lane| lane.partition));
    let events = result.timeline.happenings.iter().map(|happening| {
        let view = happening_view(happening, &lane_name);
        let mut members = vec![("at_ms", number(view.at_ms)), ("kind", string(&view.kind))];
        if let Some(member) = &view.member {
            members.push(("member", string(member)));
        }
        if let Some(lane) = view.lane.and_then(|lane| result.lanes.get(lane as usize)) {
            members.push(("topic", string(&result.facts().topics()[usize::from(lane.topic)].0)));
            members.push(("partition", lane.partition.to_string()));
        }
        if let Some(count) = view.count {
            members.push(("count", number(count)));
        }
        if !view.text.is_empty() {
            members.push(("assignment", string(&view.text)));
        }
        object(&members)
    });
    let samples = result.timeline.samples.iter().map(|sample| {
        object(&[
            ("at_ms", sample.at_ms.to_string()),
            ("lag", sample.lag.iter().sum::<u64>().to_string()),
            ("lag_ms", sample.lag_ms.to_string()),
            ("stored_bytes", sample.stored_bytes.to_string()),
            ("snapshots", sample.snapshots.to_string()),
            ("lag_by_partition", array(sample.lag.iter().map(ToString::to_string))),
            ("committed_by_partition", array(sample.committed.iter().map(ToString::to_string))),
        ])
    });
    object(&[("events", array(events)), ("samples", array(samples))])
}
