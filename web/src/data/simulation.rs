//! Hooks that ask the engine for a simulation and for what it gave.

use super::engine::{Engine, use_engine};
use super::query::use_query;
use crate::state::{use_laboratory, use_source};
use replay_protocol::{
    DivergedRow, Failure, Reply, Request, Scenario, SimulatedEntity, SimulationLanes, SimulationSummary,
};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// What there is of the laboratory's scenario.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shown {
    /// No run has ended yet.
    Nothing,
    /// A run, and whether it is the one of the scenario on the bench.
    Run(Rc<SimulationSummary>, bool),
    /// The engine refused the scenario, for this reason.
    Refused(Rc<Failure>),
}

/// How far a run is: its stage, a key of the locale, and the share of the stage that is done.
pub(crate) type Stage = (AttrValue, f64);

/// A run under way, and the scenario that waits for its end. Each run comes to its end, so that a control that is dragged shows its effect
/// on the way; of those that wait only the latest is run.
#[derive(Default)]
struct Bench {
    is_busy: bool,
    wanted: Option<Request>,
    is_gone: bool,
}

/// What came of the latest run.
type Outcome = Result<Rc<SimulationSummary>, Rc<Failure>>;

fn run(
    engine: &Engine,
    bench: &Rc<RefCell<Bench>>,
    outcome: &UseStateSetter<Option<Outcome>>,
    stage: &UseStateSetter<Option<Stage>>,
) {
    let Some(request) = bench.borrow_mut().wanted.take() else { return };
    bench.borrow_mut().is_busy = true;
    let (again, bench, outcome, stage) = (engine.clone(), bench.clone(), outcome.clone(), stage.clone());
    let on_reply = Callback::from(move |(_, reply): (u32, Reply)| {
        let came = match reply {
            Reply::Progress(progress) => {
                let share = progress.total.map_or(0.0, |total| (progress.done / total.max(1.0)).clamp(0.0, 1.0));
                stage.set(Some((progress.stage.into(), share)));
                return;
            }
            Reply::Simulated(summary) => Some(Ok(Rc::new(*summary))),
            Reply::Failed(failure) => Some(Err(Rc::new(failure))),
            _ => None,
        };
        bench.borrow_mut().is_busy = false;
        if bench.borrow().is_gone {
            return;
        }
        stage.set(None);
        if came.is_some() {
            outcome.set(came);
        }
        run(&again, &bench, &outcome, &stage);
    });
    engine.ask(&request, Vec::new(), on_reply);
}

/// Runs the laboratory's scenario whenever it or the log changes; gives the latest outcome, and how far the run under way is.
#[hook]
pub(crate) fn use_simulation() -> (Shown, Option<Stage>) {
    let engine = use_engine();
    let laboratory = use_laboratory();
    let source = use_source();
    let has_log = source.summary.as_ref().is_some_and(|summary| summary.records > 0);
    let outcome = use_state(|| None::<Outcome>);
    let stage = use_state_eq(|| None::<Stage>);
    let bench = use_mut_ref(Bench::default);
    {
        let (bench, outcome, stage) = (bench.clone(), outcome.setter(), stage.setter());
        use_effect_with((laboratory.scenario.clone(), source.generation, has_log), move |(scenario, _, has_log)| {
            let request = has_log.then(|| Request::Simulate { scenario: Box::new((**scenario).clone()) });
            bench.borrow_mut().wanted = request;
            if !bench.borrow().is_busy {
                run(&engine, &bench, &outcome, &stage);
            }
        });
    }
    use_effect_with((), move |()| move || bench.borrow_mut().is_gone = true);
    let shown = match &*outcome {
        None => Shown::Nothing,
        Some(Ok(summary)) => Shown::Run(summary.clone(), summary.scenario == *laboratory.scenario),
        Some(Err(failure)) => Shown::Refused(failure.clone()),
    };
    (shown, (*stage).clone())
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

/// Hears a scenario, or what is wrong with it.
pub(crate) type HeardScenario = Callback<Result<Rc<Scenario>, Failure>>;

/// Reads a scenario from JSON: the callback gives it, or what is wrong with it.
#[hook]
pub(crate) fn use_scenario_reader() -> Callback<(String, HeardScenario)> {
    let engine = use_engine();
    Callback::from(move |(text, heard): (String, HeardScenario)| {
        let on_reply = super::query::Answering::last(move |reply| match reply {
            Reply::Scenario(scenario) => heard.emit(Ok(Rc::new(*scenario))),
            Reply::Failed(failure) => heard.emit(Err(failure)),
            _ => {}
        });
        engine.ask(&Request::ReadScenario { text }, Vec::new(), on_reply);
    })
}
