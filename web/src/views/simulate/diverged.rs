//! The entities that came out wrong, and one of them beside the truth.

use super::verdict::RunProps;
use crate::components::{SideBySide, SideWords};
use crate::data::{use_diverged, use_simulated_entity};
use crate::locale::use_texts;
use crate::state::{
    LaboratoryAction, SelectionAction, TransportAction, View, use_laboratory, use_selection, use_transport,
};
use replay_protocol::{ComparedStep, DivergedRow};
use yew::prelude::*;

/// Rows shown; the filter finds the rest.
const MOST_ROWS: u64 = 200;

#[component]
pub(crate) fn DivergedPanel(props: &RunProps) -> Html {
    let texts = use_texts();
    let laboratory = use_laboratory();
    let filter = use_state_eq(AttrValue::default);
    let (total, rows) = use_diverged(Some(props.run.run), &filter, MOST_ROWS);
    // The first of them is opened by itself: what went wrong is seen without another click.
    let opened = laboratory.entity.or_else(|| rows.first().map(|row| row.entity));
    let view = use_simulated_entity(Some(props.run.run), opened);
    if props.run.causes.is_empty() {
        return Html::default();
    }
    let on_filter = {
        let filter = filter.setter();
        Callback::from(move |event: InputEvent| {
            filter.set(event.target_unchecked_into::<web_sys::HtmlInputElement>().value().into());
        })
    };
    let row = |row: &DivergedRow| {
        let (laboratory, entity) = (laboratory.clone(), row.entity);
        let onclick = Callback::from(move |_: MouseEvent| laboratory.dispatch(LaboratoryAction::Open(Some(entity))));
        html! {
            <li key={row.entity}>
                <button class="sim-diverged-row" type="button" data-testid="diverged-row" data-key={row.key.clone()} aria-pressed={(opened == Some(row.entity)).to_string()} {onclick}>
                    <span class="mono">{ &row.key }</span>
                    <span class="muted">{ texts.or(&format!("cause-{}", row.cause.replace(' ', "-")), &row.cause) }</span>
                </button>
            </li>
        }
    };
    let side = |name: &str, events: Option<u32>| match events {
        Some(n) => texts.with(&format!("{name}-events"), &[("n", u64::from(n).into())]),
        None => texts.t(name),
    };
    // States that say the same can still have been made by more or fewer events.
    let is_same_state = view.as_ref().is_some_and(|view| view.changes.is_empty() && view.cause.is_some());
    let words = SideWords {
        left: side("sim-truth", view.as_ref().map(|view| view.truth_events)),
        right: side("sim-got", view.as_ref().map(|view| view.outcome_events)),
        only_left: texts.t("sim-only-truth"),
        only_right: texts.t("sim-only-got"),
        differs: texts.t("changed"),
        nothing: texts.t("sim-no-state"),
    };
    html! {
        <section class="sim-diverged card" data-testid="diverged">
            <div class="sim-diverged-list">
                <h3>{ texts.t("sim-diverged") }</h3>
                <input class="field" type="search" data-testid="diverged-filter" aria-label={texts.t("sim-diverged-filter")} placeholder={texts.t("sim-diverged-filter")} value={(*filter).clone()} oninput={on_filter} />
                <ul>{ for rows.iter().map(row) }</ul>
                if total > rows.len() as u64 { <p class="muted">{ texts.with("sim-diverged-more", &[("n", (total - rows.len() as u64).into())]) }</p> }
            </div>
            if let Some(view) = view {
                <div class="sim-compared">
                    <h3><span class="mono">{ &view.key }</span>{ " " }
                        if let Some(cause) = &view.cause { <span class="sim-cause">{ texts.or(&format!("cause-{}", cause.replace(' ', "-")), cause) }</span> }
                    </h3>
                    <SideBySide left={view.truth.clone().map(AttrValue::from)} right={view.outcome.clone().map(AttrValue::from)} {words} testid="sim-sides" />
                    if is_same_state && view.truth_events != view.outcome_events {
                        <p class="sim-same-state" data-testid="sim-same-state">{ texts.with("sim-same-state", &[("truth", u64::from(view.truth_events).into()), ("got", u64::from(view.outcome_events).into())]) }</p>
                    }
                    <Steps steps={view.steps.clone()} truth={view.truth_events} got={view.outcome_events} />
                </div>
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct StepsProps {
    steps: Vec<ComparedStep>,
    truth: u32,
    got: u32,
}

/// The events that made the outcome, with the first that went wrong marked; each leads to its place in the replay.
#[component]
fn Steps(props: &StepsProps) -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let transport = use_transport();
    let step = |(n, step): (usize, &ComparedStep)| {
        let (selection, transport, position) = (selection.clone(), transport.clone(), step.position);
        let onclick = Callback::from(move |_: MouseEvent| {
            transport.dispatch(TransportAction::SeekTo(position));
            selection.dispatch(SelectionAction::Show(View::Replay));
        });
        html! {
            <li key={n} class="sim-step" data-mark={step.mark.clone()} data-first-wrong={step.is_first_wrong.to_string()} data-testid={if step.is_first_wrong { "first-wrong" } else { "sim-step" }}>
                <span class="sim-step-mark">{ texts.t(&format!("sim-mark-{}", step.mark)) }</span>
                <button class="button button-quiet mono" type="button" title={texts.t("sim-step-go")} {onclick}>{ format!("#{} {}", step.position, step.place) }</button>
                <span>{ step.event_type.clone().unwrap_or_default() }</span>
                if step.is_first_wrong { <strong class="sim-first-wrong">{ texts.t("sim-first-wrong") }</strong> }
            </li>
        }
    };
    html! {
        <>
            <p class="muted">{ texts.with("sim-steps", &[("truth", u64::from(props.truth).into()), ("got", u64::from(props.got).into())]) }</p>
            <ol class="sim-steps">{ for props.steps.iter().enumerate().map(step) }</ol>
        </>
    }
}
