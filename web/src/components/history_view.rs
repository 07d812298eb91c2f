//! All events of an entity and what each of them changed. Events that are alike may stand together, with what they changed in all.

use super::{ChangeTable, DiffWords, type_class};
use replay_protocol::{EventType, FieldChange, HistoryStep, PartitionInfo};
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Fewer steps are shown one by one.
const SHORTEST_RUN: usize = 3;

/// What the list says.
#[derive(Clone, PartialEq)]
pub(crate) struct HistoryWords {
    pub label: AttrValue,
    pub deleted: AttrValue,
    /// The button that asks for events before those.
    pub earlier: AttrValue,
    /// The button that asks for events behind those.
    pub later: AttrValue,
    /// The button that puts together what is alike.
    pub group: AttrValue,
    pub group_hint: AttrValue,
    /// Says how many events stand together.
    pub run: Callback<u64, AttrValue>,
    /// Says what an event met that did not fit.
    pub problem: Callback<replay_protocol::FoldProblem, AttrValue>,
    pub diff: DiffWords,
}

#[derive(Properties, PartialEq)]
pub(crate) struct HistoryViewProps {
    /// A window of the events. The one that the cursor has come to last is brought into view.
    pub steps: Rc<Vec<HistoryStep>>,
    /// Events before the window; a button asks for them.
    pub before: u64,
    /// Events behind the window; a button asks for them.
    pub behind: u64,
    pub position: u64,
    pub partitions: Rc<Vec<PartitionInfo>>,
    pub event_types: Rc<Vec<EventType>>,
    /// True if events that are alike stand together.
    #[prop_or_default]
    pub is_grouped: bool,
    #[prop_or_default]
    pub on_group: Callback<()>,
    pub time: Callback<f64, AttrValue>,
    pub on_jump: Callback<u64>,
    pub on_earlier: Callback<()>,
    pub on_later: Callback<()>,
    pub words: HistoryWords,
}

#[component]
pub(crate) fn HistoryView(props: &HistoryViewProps) -> Html {
    let opened = use_state_eq(BTreeSet::<u64>::new);
    let groups = runs(&props.steps);
    let has_runs = groups.iter().any(|run| run.len() >= SHORTEST_RUN);
    let toggle = |start: u64| {
        let opened = opened.clone();
        Callback::from(move |_: MouseEvent| {
            let mut next = BTreeSet::clone(&opened);
            if !next.remove(&start) {
                next.insert(start);
            }
            opened.set(next);
        })
    };
    let group = |range: &Range<usize>| -> Html {
        let of = &props.steps[range.clone()];
        let start = of[0].position;
        if !props.is_grouped || of.len() < SHORTEST_RUN {
            return of.iter().map(|one| step(props, one, false)).collect();
        }
        let is_open = opened.contains(&start);
        html! {
            <>
                { run_head(props, of, is_open, toggle(start)) }
                if is_open {
                    { for of.iter().map(|one| step(props, one, true)) }
                }
            </>
        }
    };
    let list = use_node_ref();
    let latest = props.steps.iter().rev().find(|step| step.position <= props.position).map(|step| step.position);
    use_effect_with((latest, props.steps.first().map(|step| step.position), props.is_grouped), {
        let list = list.clone();
        move |(latest, ..)| {
            if latest.is_some() {
                show_latest(&list);
            }
        }
    });
    let more = |n: u64, words: &AttrValue, on_more: &Callback<()>| {
        let onclick = on_more.reform(|_: MouseEvent| ());
        (n > 0).then(|| html! { <button type="button" class="button history-more" {onclick}>{ words }</button> })
    };
    html! {
        <div class="history" data-testid="history">
            if has_runs {
                <p class="history-tools">
                    <button type="button" class="button button-quiet" data-testid="group-history" aria-pressed={props.is_grouped.to_string()} title={props.words.group_hint.clone()}
                        onclick={props.on_group.reform(|_: MouseEvent| ())}>{ &props.words.group }</button>
                </p>
            }
            { for more(props.before, &props.words.earlier, &props.on_earlier) }
            <ol ref={list} aria-label={props.words.label.clone()}>{ for groups.iter().map(group) }</ol>
            { for more(props.behind, &props.words.later, &props.on_later) }
        </div>
    }
}

/// Brings the last step that is not ahead into view, which may be a run that it is in. Only the pane around the list moves, and not the page of
/// a phone, on which the pane has no height of its own.
fn show_latest(list: &NodeRef) {
    let Some(list) = list.cast::<web_sys::Element>() else { return };
    let steps = list.query_selector_all("[data-ahead=false]").ok();
    let last = steps.and_then(|steps| steps.item(steps.length().checked_sub(1)?));
    let last = last.and_then(|last| last.dyn_into::<web_sys::Element>().ok());
    if let (Some(last), Ok(Some(pane))) = (last, list.closest("[role=tabpanel]")) {
        let (inner, outer) = (last.get_bounding_client_rect(), pane.get_bounding_client_rect());
        let (above, below) = (inner.top() - outer.top(), inner.bottom() - outer.bottom());
        // What is taller than the pane is seen from its beginning.
        let down = if above < 0.0 { above } else { below.clamp(0.0, above) };
        pane.set_scroll_top(pane.scroll_top() + down.round() as i32);
    }
}

fn step(props: &HistoryViewProps, step: &HistoryStep, is_member: bool) -> Html {
    let position = step.position;
    let onclick = props.on_jump.reform(move |_: MouseEvent| position);
    let partition = props.partitions.get(step.partition as usize).map_or(0, |info| info.partition);
    let time = step.timestamp_ms.map(|ms| props.time.emit(ms));
    let problem = |problem: &replay_protocol::FoldProblem| {
        html! { <p class="history-problem">{ "⚠ " }{ props.words.problem.emit(problem.clone()) }</p> }
    };
    html! {
        <li key={position} class="history-step" data-position={position.to_string()} data-ahead={(position > props.position).to_string()}
            data-current={(position == props.position).to_string()} data-member={is_member.then_some("true")}>
            <button type="button" class="history-head" {onclick}>
                <span class={classes!("record-dot", type_class(step.event_type))} aria-hidden="true"></span>
                <span class="mono">{ format!("#{position}") }</span>
                <strong>{ type_name(props, step) }</strong>
                <span class="mono muted">{ format!("P{partition}@{}", step.offset) }</span>
                <span class="mono muted">{ time }</span>
                <span class="mono">{ format!("v{}", step.version) }</span>
            </button>
            if step.deleted {
                <p class="history-deleted">{ format!("∅ {}", props.words.deleted) }</p>
            } else {
                <ChangeTable changes={Rc::new(step.changes.clone())} words={props.words.diff.clone()} />
            }
            { for step.problems.iter().map(problem) }
        </li>
    }
}

/// The row that stands for events that are alike: from where to where, how many, and what they changed in all.
fn run_head(props: &HistoryViewProps, of: &[HistoryStep], is_open: bool, onclick: Callback<MouseEvent>) -> Html {
    let (Some(first), Some(last)) = (of.first(), of.last()) else { return Html::default() };
    let is_current = (first.position..=last.position).contains(&props.position);
    let sign = if is_open { "▾" } else { "▸" };
    html! {
        <li key={format!("run-{}", first.position)} class="history-step history-run" data-testid="history-run" data-run={of.len().to_string()}
            data-ahead={(first.position > props.position).to_string()} data-current={(is_current && !is_open).to_string()}>
            <button type="button" class="history-head" aria-expanded={is_open.to_string()} {onclick}>
                <span class={classes!("record-dot", type_class(first.event_type))} aria-hidden="true"></span>
                <span class="record-run mono"><span aria-hidden="true">{ format!("{sign} ×{}", of.len()) }</span><span class="visually-hidden">{ props.words.run.emit(of.len() as u64) }</span></span>
                <strong>{ type_name(props, first) }</strong>
                <span class="mono muted">{ format!("#{}–#{}", first.position, last.position) }</span>
                <span class="mono">{ format!("v{}–v{}", first.version, last.version) }</span>
            </button>
            if !is_open {
                <ChangeTable changes={Rc::new(together(of))} words={props.words.diff.clone()} />
            }
        </li>
    }
}

fn type_name(props: &HistoryViewProps, step: &HistoryStep) -> Option<String> {
    step.event_type.and_then(|n| props.event_types.get(n as usize)).map(|kind| kind.name.clone())
}

/// The steps in pieces: those of one are of one type, change the same fields, and met nothing that did not fit.
fn runs(steps: &[HistoryStep]) -> Vec<Range<usize>> {
    let plain = |step: &HistoryStep| !step.deleted && step.problems.is_empty();
    let fields = |step: &HistoryStep| -> BTreeSet<(String, bool, bool)> {
        step.changes.iter().map(|one| (one.path.clone(), one.before.is_some(), one.after.is_some())).collect()
    };
    let mut found = Vec::new();
    let mut start = 0;
    for n in 1..=steps.len() {
        let goes_on = steps.get(n).is_some_and(|next| {
            let before = &steps[n - 1];
            plain(before) && plain(next) && before.event_type == next.event_type && fields(before) == fields(next)
        });
        if !goes_on {
            found.push(start..n);
            start = n;
        }
    }
    found
}

/// What steps that change the same fields changed in all, in the order of the first.
fn together(of: &[HistoryStep]) -> Vec<FieldChange> {
    let (Some(first), Some(last)) = (of.first(), of.last()) else { return Vec::new() };
    let merged = first.changes.iter().map(|one| {
        let after = last.changes.iter().find(|other| other.path == one.path).and_then(|other| other.after.clone());
        FieldChange { after, ..one.clone() }
    });
    // What came back to what it was is no change.
    merged.filter(|one| one.before != one.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use replay_protocol::ChangeKind;

    /// `type:field=before>after,…` per step, `type:-` for a deletion.
    fn steps(text: &str) -> Vec<HistoryStep> {
        let value = |text: &str| (text != "_").then(|| text.to_owned());
        let step = |(n, word): (usize, &str)| {
            let (kind, changes) = word.split_once(':').unwrap_or_default();
            let change = |change: &str| {
                let (path, values) = change.split_once('=')?;
                let (before, after) = values.split_once('>')?;
                let change = ChangeKind::Replaced;
                Some(FieldChange { path: path.to_owned(), change, before: value(before), after: value(after) })
            };
            HistoryStep {
                position: n as u64 + 1,
                partition: 0,
                offset: n as i64,
                timestamp_ms: None,
                event_type: kind.parse().ok(),
                version: n as u64 + 1,
                changes: changes.split(',').filter_map(change).collect(),
                deleted: changes == "-",
                problems: Vec::new(),
            }
        };
        text.split_whitespace().enumerate().map(step).collect()
    }

    #[track_caller]
    fn check(text: &str, lengths: &[usize]) {
        assert_eq!(runs(&steps(text)).iter().map(Range::len).collect::<Vec<_>>(), lengths);
    }

    #[test]
    fn events_of_one_type_that_change_the_same_fields_are_alike() {
        check("", &[]);
        check("0:a=1>2 0:a=2>3 0:a=3>4 1:a=4>5", &[3, 1]);
        check("0:a=1>2 0:b=2>3 0:a=3>4,b=3>4 0:b=4>5,a=4>5", &[1, 1, 2]);
        check("0:a=1>2 0:- 0:-", &[1, 1, 1]);
        check("0:a=_>1 0:a=1>2 0:a=2>_", &[1, 1, 1]);
    }

    #[test]
    fn what_they_changed_in_all_goes_from_the_first_to_the_last() {
        let merged = together(&steps("0:a=1>2,b=1>2 0:a=2>3,b=2>3 0:a=3>4,b=3>1"));
        let told: Vec<_> =
            merged.iter().map(|one| (one.path.as_str(), one.before.as_deref(), one.after.as_deref())).collect();
        assert_eq!(told, [("a", Some("1"), Some("4"))]);
    }
}
