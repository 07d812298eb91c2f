//! The Simulate view: what Kafka does to the loaded log, and what that does to state.

mod controls;
mod course;
mod diverged;
mod lanes;
mod orders;
mod settings;
mod speedup;
mod verdict;

use crate::data::{READY, Shown, use_scenario_reader, use_simulation};
use crate::locale::use_texts;
use crate::state::{LaboratoryAction, use_laboratory, use_source};
use controls::Controls;
use course::Course;
use diverged::DivergedPanel;
use lanes::LanesBeforeAfter;
use orders::Orders;
use replay_protocol::Scenario;
use speedup::SpeedUp;
use std::rc::Rc;
use verdict::Verdict;
use yew::prelude::*;

#[component]
pub(crate) fn SimulateView() -> Html {
    let texts = use_texts();
    let shown = use_simulation();
    // What was drawn last stays while the next run is under way, so that nothing jumps under the hand that drags.
    let last = use_mut_ref(|| None::<Rc<replay_protocol::SimulationSummary>>);
    if let Shown::Run(run, _) = &shown {
        last.replace(Some(run.clone()));
    }
    let refused = match &shown {
        Shown::Refused(message) => Some(message.clone()),
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
                    if let Some(run) = run {
                        <Verdict run={run.clone()} />
                        <LanesBeforeAfter run={run.clone()} />
                        <DivergedPanel run={run.clone()} />
                        <Course {run} />
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
            let heard = Callback::from(move |answer: Result<Rc<Scenario>, AttrValue>| {
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
    let is_untouched = *laboratory.scenario == Scenario::default();
    html! {
        <header class="sim-head">
            <h2>{ texts.t("sim-title") }</h2>
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
                    None => texts.t("sim-own"),
                } }
            </p>
        </header>
    }
}

/// What is exact, what is simplified, what is not there.
#[component]
fn Fidelity() -> Html {
    let texts = use_texts();
    let list = |kind: &str, keys: &[&str]| {
        html! {
            <section class="sim-fidelity-part">
                <h4>{ texts.t(&format!("fidelity-{kind}")) }</h4>
                <ul>{ for keys.iter().map(|key| html! { <li key={*key}>{ texts.t(&format!("fidelity-{kind}-{key}")) }</li> }) }</ul>
            </section>
        }
    };
    html! {
        <details class="sim-group sim-fidelity" data-testid="fidelity">
            <summary><span>{ texts.t("fidelity-title") }</span></summary>
            <p>{ texts.t("fidelity-lead") }</p>
            <div class="sim-fidelity-parts">
                { list("exact", &["partitioners", "assignors", "retention", "compaction", "order", "snapshots"]) }
                { list("simplified", &["producer", "batches", "rebalance", "time", "sticky", "writers"]) }
                { list("absent", &["replication", "network", "quotas", "transactions"]) }
            </div>
        </details>
    }
}
