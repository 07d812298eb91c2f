//! The Simulate view: what Kafka does to the loaded log, and what that does to state.

mod controls;
mod course;
mod diverged;
mod lanes;
mod orders;
mod settings;
mod speedup;
mod verdict;

use crate::data::{READY, Shown, use_record, use_scenario_reader, use_simulation};
use crate::locale::use_texts;
use crate::state::{LaboratoryAction, use_laboratory, use_open_view, use_source, use_transport};
use crate::views::learn::LESSONS;
use crate::views::words::failure_words;
use controls::Controls;
use course::Course;
use diverged::DivergedPanel;
use lanes::LanesBeforeAfter;
use orders::Orders;
use replay_protocol::{Failure, Scenario, SimulationSummary};
use speedup::SpeedUp;
use std::rc::Rc;
use verdict::Verdict;
use yew::prelude::*;

#[component]
pub(crate) fn SimulateView() -> Html {
    let texts = use_texts();
    let (shown, stage) = use_simulation();
    use_transport_time(last_run(&shown).as_deref());
    // What was drawn last stays while the next run is under way, so that nothing jumps under the hand that drags.
    let last = use_mut_ref(|| None::<Rc<SimulationSummary>>);
    if let Shown::Run(run, _) = &shown {
        last.replace(Some(run.clone()));
    }
    let refused = match &shown {
        Shown::Refused(failure) => Some(failure_words(&texts, failure)),
        _ => None,
    };
    let is_current = matches!(shown, Shown::Run(_, true));
    let run = last.borrow().clone();
    html! {
        <div class="page sim" data-testid="simulate" aria-busy={(!is_current && refused.is_none()).to_string()} data-run={run.as_ref().map(|run| run.run.to_string())}
            data-current={is_current.to_string()}>
            <ReadyScenarios />
            <div class="sim-body">
                <Controls />
                <div class="sim-outcome">
                    if let Some(message) = refused {
                        <p class="sim-refused" role="alert" data-testid="sim-refused">{ texts.t("sim-refused") }{ " " }<code>{ message }</code></p>
                    }
                    if let Some((stage, share)) = stage {
                        <p class="sim-progress" role="status" data-testid="sim-progress">
                            { texts.or(&format!("stage-{stage}"), &stage) }<progress max="1" value={format!("{share:.3}")}></progress>
                        </p>
                    }
                    if let Some(run) = run {
                        <Verdict run={run.clone()} />
                        // Where an alert fired, the lag is the point.
                        if verdict::figure(&run, "alerts") > Some(0.0) {
                            <Course run={run.clone()} />
                            <LanesBeforeAfter run={run.clone()} />
                            <DivergedPanel {run} />
                        } else {
                            <LanesBeforeAfter run={run.clone()} />
                            <DivergedPanel run={run.clone()} />
                            <Course {run} />
                        }
                    } else {
                        <p class="muted" role="status">{ texts.t("sim-waiting") }</p>
                    }
                    <SpeedUp />
                    <Orders />
                    <Fidelity />
                </div>
            </div>
        </div>
    }
}

fn last_run(shown: &Shown) -> Option<Rc<SimulationSummary>> {
    match shown {
        Shown::Run(run, _) => Some(run.clone()),
        Shown::Nothing | Shown::Refused(_) => None,
    }
}

/// Moves the moment with the replay's own transport: it is that of the record at which the transport stands. Another way to move the
/// moment, or a ready scenario, leaves the transport alone.
#[hook]
fn use_transport_time(run: Option<&SimulationSummary>) {
    let laboratory = use_laboratory();
    let transport = use_transport();
    let (position, total) = (transport.position, transport.total);
    // Where it stood when the view was opened says nothing about this view.
    let opened_at = use_memo((), |()| position);
    let has_moved = use_mut_ref(|| false);
    *has_moved.borrow_mut() |= position != *opened_at;
    let is_asked = *has_moved.borrow();
    let record = use_record(if is_asked { position } else { 0 });
    let at_ms = record.filter(|record| record.row.position == position).and_then(|record| record.row.timestamp_ms);
    let span = run.map(|run| (run.start_ms, run.end_ms));
    let share = match (position, span, at_ms) {
        _ if !is_asked => None,
        (0, ..) => Some(0.0),
        (at, ..) if at >= total => Some(1.0),
        (_, Some((start, end)), Some(at)) => Some(((at - start) / (end - start).max(1.0)).clamp(0.0, 1.0)),
        // Without times every record takes as long as the next.
        (at, Some(_), None) if run.is_some_and(|run| run.has_made_up_time) => Some(at as f64 / total.max(1) as f64),
        _ => None,
    };
    use_effect_with(share.map(f64::to_bits), move |share| {
        if let Some(share) = *share {
            laboratory.dispatch(LaboratoryAction::Moment(f64::from_bits(share)));
        }
    });
}

/// One click each, every one with the question that it answers.
#[component]
fn ReadyScenarios() -> Html {
    let texts = use_texts();
    let laboratory = use_laboratory();
    let source = use_source();
    let read = use_scenario_reader();
    let take = |name: &'static str| {
        let (laboratory, source, read) = (laboratory.clone(), source.clone(), read.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(summary) = &source.summary else { return };
            let Some(ready) = READY.iter().find(|ready| ready.name == name) else { return };
            let laboratory = laboratory.clone();
            let heard = Callback::from(move |answer: Result<Rc<Scenario>, Failure>| {
                if let Ok(scenario) = answer {
                    laboratory.dispatch(LaboratoryAction::Take(name.into(), scenario));
                }
            });
            read.emit((ready.document(summary), heard));
        })
    };
    let reset = {
        let laboratory = laboratory.clone();
        Callback::from(move |_: MouseEvent| laboratory.dispatch(LaboratoryAction::Reset))
    };
    let chosen = laboratory.preset.clone();
    let lesson = use_open_view().lesson.and_then(|number| LESSONS.get(number));
    let is_untouched = *laboratory.scenario == Scenario::default();
    html! {
        <header class="sim-head">
            <h2 class="visually-hidden">{ texts.t("sim-title") }</h2>
            <div class="sim-ready" role="group" aria-label={texts.t("sim-ready")}>
                <button class="chip" type="button" data-testid="scenario-none" aria-pressed={is_untouched.to_string()} onclick={reset}>{ texts.t("scenario-none") }</button>
                { for READY.iter().map(|ready| html! {
                    <button key={ready.name} class="chip" type="button" data-testid={format!("scenario-{}", ready.name)} title={texts.t(&format!("scenario-{}-question", ready.name))}
                        aria-pressed={(chosen.as_deref() == Some(ready.name)).to_string()} onclick={take(ready.name)}>{ texts.t(&format!("scenario-{}", ready.name)) }</button>
                }) }
            </div>
            <p class="sim-question" data-testid="sim-question" aria-live="polite">
                { match &chosen {
                    Some(name) => texts.t(&format!("scenario-{name}-question")),
                    None if is_untouched => texts.t("sim-lead"),
                    None => match lesson {
                        Some(lesson) => texts.t(&format!("lesson-{}-why", lesson.id)),
                        None => texts.t("sim-own"),
                    },
                } }
            </p>
        </header>
    }
}

/// A line of the fidelity list, and the tests behind it: those in `conformance` run beside a real Kafka.
type Line = (&'static str, &'static [&'static str]);

const EXACT: [Line; 8] = [
    ("partitioners", &["crates/conformance/src/partitions.rs", "crates/replay-kafka/tests/murmur2.rs"]),
    (
        "assignors",
        &[
            "crates/conformance/src/assignors.rs",
            "crates/conformance/src/groups.rs",
            "crates/replay-kafka/tests/assignor_vectors.rs",
        ],
    ),
    ("segments", &["crates/conformance/src/logs/mod.rs", "crates/replay-kafka/tests/log.rs"]),
    ("retention", &["crates/conformance/src/logs/retention.rs", "crates/replay-kafka/tests/log.rs"]),
    ("compaction", &["crates/conformance/src/logs/compaction.rs", "crates/replay-kafka/tests/log.rs"]),
    ("redelivery", &["crates/conformance/src/redelivery.rs", "crates/replay-sim/tests/scenarios.rs"]),
    ("order", &["crates/replay-sim/tests/properties.rs"]),
    ("snapshots", &["crates/replay-sim/tests/properties.rs", "crates/replay-engine/tests/rebuild.rs"]),
];
const SIMPLIFIED: [Line; 6] = [
    ("producer", &["crates/replay-sim/tests/scenarios.rs"]),
    ("batches", &["crates/conformance/src/logs/mod.rs"]),
    ("rebalance", &["crates/conformance/src/groups.rs"]),
    ("time", &["crates/replay-sim/tests/properties.rs"]),
    ("sticky", &["crates/conformance/src/partitions.rs"]),
    ("writers", &["crates/replay-sim/tests/scenarios.rs"]),
];
const ABSENT: [Line; 4] = [("replication", &[]), ("network", &[]), ("quotas", &[]), ("transactions", &[])];

/// Where the project's files can be looked at, if the build says so.
fn source_of_code() -> Option<String> {
    let document = web_sys::window()?.document()?;
    let meta = document.query_selector("meta[name=source-code]").ok()??;
    meta.get_attribute("content").filter(|base| base.starts_with("https://"))
}

/// What is exact, what is simplified, what is not there.
#[component]
fn Fidelity() -> Html {
    let texts = use_texts();
    let base = use_memo((), |()| source_of_code());
    let list = |kind: &str, keys: &[(&'static str, &'static [&'static str])]| {
        let test = |path: &'static str| match &*base {
            Some(base) => html! { <a href={format!("{base}{path}")} rel="noreferrer"><code>{ path }</code></a> },
            None => html! { <code>{ path }</code> },
        };
        html! {
            <section class="sim-fidelity-part">
                <h4>{ texts.t(&format!("fidelity-{kind}")) }</h4>
                <ul>{ for keys.iter().map(|(key, tests)| html! {
                    <li key={*key} data-testid="fidelity-line" data-tests={tests.len().to_string()}>
                        { texts.t(&format!("fidelity-{kind}-{key}")) }
                        { for tests.iter().map(|path| html! { <span class="sim-fidelity-test" key={*path}>{ test(path) }</span> }) }
                    </li>
                }) }</ul>
            </section>
        }
    };
    html! {
        <details class="sim-group sim-fidelity" data-testid="fidelity">
            <summary><span>{ texts.t("fidelity-title") }</span></summary>
            <p>{ texts.t("fidelity-lead") }</p>
            <div class="sim-fidelity-parts">
                { list("exact", &EXACT) }
                { list("simplified", &SIMPLIFIED) }
                { list("absent", &ABSENT) }
            </div>
        </details>
    }
}
