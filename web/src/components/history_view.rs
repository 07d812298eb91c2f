//! All events of an entity and what each of them changed.

use super::{ChangeTable, DiffWords, type_class};
use replay_protocol::{EventType, HistoryStep, PartitionInfo};
use std::rc::Rc;
use yew::prelude::*;

/// What the list says.
#[derive(Clone, PartialEq)]
pub(crate) struct HistoryWords {
    pub label: AttrValue,
    pub deleted: AttrValue,
    /// The button that asks for more.
    pub more: AttrValue,
    pub diff: DiffWords,
}

#[derive(Properties, PartialEq)]
pub(crate) struct HistoryViewProps {
    pub steps: Rc<Vec<HistoryStep>>,
    /// Events in all; if there are more than `steps`, a button asks for them.
    pub total: u64,
    pub position: u64,
    pub partitions: Rc<Vec<PartitionInfo>>,
    pub event_types: Rc<Vec<EventType>>,
    pub time: Callback<f64, AttrValue>,
    pub on_jump: Callback<u64>,
    pub on_more: Callback<()>,
    pub words: HistoryWords,
}

#[component]
pub(crate) fn HistoryView(props: &HistoryViewProps) -> Html {
    let step = |step: &HistoryStep| {
        let position = step.position;
        let onclick = props.on_jump.reform(move |_: MouseEvent| position);
        let name = step.event_type.and_then(|n| props.event_types.get(n as usize)).map(|kind| kind.name.clone());
        let partition = props.partitions.get(step.partition as usize).map_or(0, |info| info.partition);
        let time = step.timestamp_ms.map(|ms| props.time.emit(ms));
        let problems =
            step.problems.iter().map(|problem| html! { <p class="history-problem">{ "⚠ " }{ &problem.detail }</p> });
        html! {
            <li key={position} class="history-step" data-position={position.to_string()} data-ahead={(position > props.position).to_string()}
                data-current={(position == props.position).to_string()}>
                <button type="button" class="history-head" {onclick}>
                    <span class={classes!("record-dot", type_class(step.event_type))} aria-hidden="true"></span>
                    <span class="mono">{ format!("#{position}") }</span>
                    <strong>{ name }</strong>
                    <span class="mono muted">{ format!("P{partition}@{}", step.offset) }</span>
                    <span class="mono muted">{ time }</span>
                    <span class="mono">{ format!("v{}", step.version) }</span>
                </button>
                if step.deleted {
                    <p class="history-deleted">{ format!("∅ {}", props.words.deleted) }</p>
                } else {
                    <ChangeTable changes={Rc::new(step.changes.clone())} words={props.words.diff.clone()} />
                }
                { for problems }
            </li>
        }
    };
    let has_more = (props.steps.len() as u64) < props.total;
    html! {
        <div class="history" data-testid="history">
            <ol aria-label={props.words.label.clone()}>{ for props.steps.iter().map(step) }</ol>
            if has_more {
                <button type="button" class="button" onclick={props.on_more.reform(|_: MouseEvent| ())}>{ &props.words.more }</button>
            }
        </div>
    }
}
