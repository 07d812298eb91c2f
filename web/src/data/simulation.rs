//! Hooks that ask the engine for a simulation and for what it gave.

use super::engine::use_engine;
use super::query::use_query;
use crate::state::{use_laboratory, use_source};
use replay_protocol::{DivergedRow, Reply, Request, Scenario, SimulatedEntity, SimulationLanes, SimulationSummary};
use std::rc::Rc;
use yew::prelude::*;

/// What there is of the laboratory's scenario.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shown {
    /// No run has ended yet.
    Nothing,
    /// A run, and whether it is the one of the scenario on the bench.
    Run(Rc<SimulationSummary>, bool),
    /// The engine refused the scenario; its words.
    Refused(AttrValue),
}

/// Runs the laboratory's scenario whenever it or the log changes; gives the latest outcome.
#[hook]
pub(crate) fn use_simulation() -> Shown {
    let laboratory = use_laboratory();
    let has_log = use_source().summary.as_ref().is_some_and(|summary| summary.records > 0);
    let request = has_log.then(|| Request::Simulate { scenario: Box::new((*laboratory.scenario).clone()) });
    let answer = use_query(request, |reply| match reply {
        Reply::Simulated(summary) => Some(Ok(Rc::new(*summary))),
        Reply::Failed(failure) => Some(Err(AttrValue::from(failure.detail))),
        _ => None,
    });
    match answer {
        None => Shown::Nothing,
        Some(answer) => match &*answer.value {
            Ok(summary) => Shown::Run(summary.clone(), summary.scenario == *laboratory.scenario),
            Err(detail) => Shown::Refused(detail.clone()),
        },
    }
}

/// Diverged entities of a run: how many match, and a window of them.
#[hook]
pub(crate) fn use_diverged(run: Option<u32>, filter: &AttrValue, count: u64) -> (u64, Rc<Vec<DivergedRow>>) {
    let request = run.map(|run| Request::Diverged { run, filter: filter.to_string(), start: 0, count });
    let answer = use_query(request, |reply| match reply {
        Reply::Diverged { total, rows } => Some((total, Rc::new(rows))),
        _ => None,
    });
    answer.map_or_else(|| (0, Rc::default()), |answer| (*answer.value).clone())
}

/// Truth and outcome of one entity in a run.
#[hook]
pub(crate) fn use_simulated_entity(run: Option<u32>, entity: Option<u32>) -> Option<Rc<SimulatedEntity>> {
    let request = run.zip(entity).map(|(run, entity)| Request::SimulatedEntity { run, entity });
    let answer = use_query(request, |reply| match reply {
        Reply::SimulatedEntity(view) => Some(*view),
        _ => None,
    });
    answer.map(|answer| answer.value)
}

/// The lanes of a run between two moments.
#[hook]
pub(crate) fn use_simulation_lanes(
    run: Option<u32>,
    start_ms: f64,
    end_ms: f64,
    columns: u32,
) -> Option<Rc<SimulationLanes>> {
    let ask = run.filter(|_| columns > 0);
    let request = ask.map(|run| Request::SimulationLanes { run, start_ms, end_ms, columns });
    let answer = use_query(request, |reply| match reply {
        Reply::SimulationLanes(lanes) => Some(*lanes),
        _ => None,
    });
    answer.map(|answer| answer.value)
}

/// Hears a scenario, or the engine's words on what is wrong.
pub(crate) type HeardScenario = Callback<Result<Rc<Scenario>, AttrValue>>;

/// Reads a scenario from JSON: the callback gives it, or the engine's words on what is wrong.
#[hook]
pub(crate) fn use_scenario_reader() -> Callback<(String, HeardScenario)> {
    let engine = use_engine();
    Callback::from(move |(text, heard): (String, HeardScenario)| {
        let on_reply = super::query::Answering::last(move |reply| match reply {
            Reply::Scenario(scenario) => heard.emit(Ok(Rc::new(*scenario))),
            Reply::Failed(failure) => heard.emit(Err(failure.detail.into())),
            _ => {}
        });
        engine.ask(&Request::ReadScenario { text }, Vec::new(), on_reply);
    })
}
