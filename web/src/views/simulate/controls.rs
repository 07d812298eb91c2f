//! The controls of the laboratory, grouped, and the scenario as a document beside them.

use super::settings::{Column, GROUPS, Group, Kind, Row, Setting, members};
use crate::components::{
    Choice, ChoiceOption, JsonEditor, JsonMistake, Range, RowChange, RowField, RowList, Scale, Toggle,
};
use crate::data::{READY, span_ms, use_scenario_reader};
use crate::locale::{Texts, bytes, use_texts};
use crate::state::{LaboratoryAction, use_laboratory, use_open_view, use_source};
use crate::views::learn::LESSONS;
use crate::views::words::{failure_words, json_words};
use replay_protocol::{At, Failure, MAX_PARTITIONS, Scenario};
use std::rc::Rc;
use yew::prelude::*;

/// What a control does to the scenario.
type Change = Rc<dyn Fn(&mut Scenario)>;

#[component]
pub(crate) fn Controls() -> Html {
    let texts = use_texts();
    let laboratory = use_laboratory();
    let source = use_source();
    let span = source.summary.as_ref().map_or(0.0, |summary| span_ms(summary) as f64);
    let untouched = Scenario::default();
    let edit = {
        let laboratory = laboratory.clone();
        Callback::from(move |change: Change| {
            let mut scenario = (*laboratory.scenario).clone();
            change(&mut scenario);
            laboratory.dispatch(LaboratoryAction::Edit(Rc::new(scenario)));
        })
    };
    // A group in which something was changed stays open when the change is taken back; only another ready scenario shuts it.
    let opened = use_mut_ref(|| (None::<AttrValue>, vec!["topic"]));
    {
        let (of_preset, groups) = &mut *opened.borrow_mut();
        if laboratory.preset.is_some() && *of_preset != laboratory.preset {
            *groups = vec!["topic"];
        }
        of_preset.clone_from(&laboratory.preset);
        let changed = GROUPS.iter().filter(|group| (group.is_changed)(&laboratory.scenario, &untouched));
        groups.extend(changed.map(|group| group.id).filter(|id| !groups.contains(id)).collect::<Vec<_>>());
    }
    // What a ready scenario or a lesson is about is what one wants to see of the controls.
    let pane = use_node_ref();
    let lesson = use_open_view().lesson.and_then(|number| LESSONS.get(number)?.about);
    {
        let pane = pane.clone();
        // The scenario of a lesson comes later, and opens the group.
        let is_open = lesson.is_some_and(|about| opened.borrow().1.contains(&about));
        use_effect_with((laboratory.preset.clone(), lesson, is_open), move |(preset, lesson, _)| {
            let Some(pane) = pane.cast::<web_sys::HtmlElement>() else { return };
            let ready = preset.as_ref().and_then(|name| READY.iter().find(|ready| ready.name == name.as_str()));
            let about = ready.map(|ready| ready.about).or(*lesson);
            let group =
                about.and_then(|about| pane.query_selector(&format!("[data-testid=sim-group-{about}]")).ok().flatten());
            let top = |element: &web_sys::Element| element.get_bounding_client_rect().top();
            let down = group.map_or(0.0, |group| top(&group) - top(&pane) + f64::from(pane.scroll_top()));
            pane.set_scroll_top(down as i32);
        });
    }
    let group = |group: &'static Group| {
        let is_changed = (group.is_changed)(&laboratory.scenario, &untouched);
        let is_open = opened.borrow().1.contains(&group.id);
        html! {
            <details key={group.id} class="sim-group" open={is_open} data-testid={format!("sim-group-{}", group.id)}>
                <summary><span>{ texts.t(&format!("sim-group-{}", group.id)) }</span>
                    if is_changed { <span class="sim-changed">{ texts.t("sim-changed") }</span> }
                </summary>
                <div class="sim-settings">
                    if group.id == "topic" { <KeyField /> }
                    { for group.settings.iter().map(|setting| control(setting, &laboratory.scenario, span, &texts, &edit)) }
                </div>
            </details>
        }
    };
    html! {
        <div ref={pane} class="sim-controls">
            { for GROUPS.iter().map(group) }
            <Document />
        </div>
    }
}

/// `span` is the log's time in milliseconds.
fn control(setting: &'static Setting, scenario: &Scenario, span: f64, texts: &Texts, edit: &Callback<Change>) -> Html {
    let id = AttrValue::from(format!("sim-{}", setting.id));
    let label = texts.t(&id);
    let hint = texts.t(&format!("{id}-hint"));
    match &setting.kind {
        Kind::Number { unit, min, max, step, is_log, get, set } => {
            let set = *set;
            let on_change = edit.reform(move |value: f64| -> Change { Rc::new(move |s: &mut Scenario| set(s, value)) });
            let scale = if *is_log { Scale::Log } else { Scale::Linear };
            let value = get(scenario);
            // Nobody counts the digits of seven days in milliseconds.
            let reads = match *unit {
                "ms" if value >= 1000.0 => texts.plain_duration(value),
                "B" if value >= 1000.0 => bytes(value).into(),
                _ => AttrValue::default(),
            };
            html! {
                <Range key={setting.id} {id} {label} {hint} {reads} setting={setting.kafka} unit={*unit} min={*min} max={*max} step={*step} {scale} {value} {on_change} />
            }
        }
        Kind::Choice { options, get, set } => {
            let set = *set;
            let on_change =
                edit.reform(move |value: AttrValue| -> Change { Rc::new(move |s: &mut Scenario| set(s, &value)) });
            let options = options
                .iter()
                .map(|option| {
                    let key = format!("{id}-{}", option.replace(',', "-"));
                    ChoiceOption {
                        value: AttrValue::from(*option),
                        label: texts.or(&key, option),
                        hint: texts.or(&format!("{key}-hint"), &hint),
                        setting: AttrValue::default(),
                    }
                })
                .collect::<Vec<_>>();
            html! { <Choice key={setting.id} {id} {label} setting={setting.kafka} {options} value={get(scenario)} {on_change} /> }
        }
        Kind::Switch { get, set } => {
            let set = *set;
            let on_change = edit.reform(move |on: bool| -> Change { Rc::new(move |s: &mut Scenario| set(s, on)) });
            html! { <Toggle key={setting.id} {id} {label} {hint} setting={setting.kafka} checked={get(scenario)} {on_change} /> }
        }
        Kind::List { columns, get, set, fresh } => {
            let (columns, get, set, fresh) = (*columns, *get, *set, *fresh);
            let n_members = members(scenario);
            let mut least = scenario.topic.partitions.unwrap_or(1);
            let cells = |row: &Row| {
                let bounds = (n_members, std::mem::replace(&mut least, row.partitions));
                columns.iter().map(|column| field(*column, row, bounds, texts)).collect()
            };
            let rows: Vec<Vec<RowField>> = get(scenario).iter().map(cells).collect();
            let on_change = edit.reform(move |change: RowChange| -> Change {
                Rc::new(move |s: &mut Scenario| {
                    let mut rows = get(s);
                    if let (Some(row), Some(column)) = (rows.get_mut(change.row), columns.get(change.field)) {
                        write(*column, row, change, span);
                    }
                    set(s, &rows);
                })
            });
            let on_add = edit.reform(move |()| -> Change {
                Rc::new(move |s: &mut Scenario| {
                    let mut rows = get(s);
                    rows.push(fresh(s, &rows));
                    set(s, &rows);
                })
            });
            let on_remove = edit.reform(move |n: usize| -> Change {
                Rc::new(move |s: &mut Scenario| {
                    let mut rows = get(s);
                    if n < rows.len() {
                        rows.remove(n);
                    }
                    set(s, &rows);
                })
            });
            let (add, remove) = (texts.t(&format!("{id}-add")), texts.t(&format!("{id}-remove")));
            html! { <RowList key={setting.id} {id} {label} {hint} setting={setting.kafka} {rows} {add} {remove} {on_change} {on_add} {on_remove} /> }
        }
    }
}

/// Moments: a share of the log's time, or milliseconds behind its first record.
const MOMENT_UNITS: [&str; 2] = ["%", "ms"];

/// A cell of a list as a field; members there are, and partitions before, bound it.
fn field(column: Column, row: &Row, (n_members, least): (u32, u32), texts: &Texts) -> RowField {
    let (id, value, max) = match (column, row.at) {
        (Column::At, At::Share(share)) => ("at", Some((share * 1e3).round() / 10.0), 300.0),
        (Column::At, At::AfterMs(ms)) => ("at", Some(ms), 1e15),
        // As the lanes number them.
        (Column::Member, _) => ("member", Some(f64::from(row.member + 1)), f64::from(n_members.max(1))),
        (Column::Restart, _) => ("restart", row.restart_after_ms.map(|ms| ms / 1000.0), 1e9),
        (Column::Partitions, _) => ("partitions", Some(f64::from(row.partitions)), f64::from(MAX_PARTITIONS)),
    };
    let is_after_ms = matches!(row.at, At::AfterMs(_));
    RowField {
        id,
        label: texts.t(&format!("sim-row-{id}")),
        empty: if column == Column::Restart { texts.t("sim-never") } else { AttrValue::default() },
        value,
        may_be_empty: column == Column::Restart,
        min: match column {
            Column::At | Column::Restart => 0.0,
            Column::Member => 1.0,
            Column::Partitions => f64::from(least),
        },
        max,
        step: 1.0,
        units: match column {
            Column::At => &MOMENT_UNITS,
            Column::Restart => &["s"],
            Column::Member | Column::Partitions => &[],
        },
        unit: usize::from(column == Column::At && is_after_ms),
        // A share of the log's time can be dragged along it.
        slides_to: (column == Column::At && !is_after_ms).then_some(100.0),
    }
}

/// Puts a changed field into its row. A moment whose unit changes stays where it is on a log of so many milliseconds.
fn write(column: Column, row: &mut Row, change: RowChange, span: f64) {
    let value = change.value.unwrap_or(0.0);
    match column {
        Column::At => {
            row.at = match (row.at, change.unit) {
                (At::Share(share), 1) => At::AfterMs((share * span).round()),
                (At::AfterMs(ms), 0) => At::Share(if span > 0.0 { (ms / span * 1e3).round() / 1e3 } else { 0.0 }),
                (At::AfterMs(_), _) => At::AfterMs(value),
                (At::Share(_), _) => At::Share(value / 100.0),
            }
        }
        Column::Member => row.member = (value as u32).saturating_sub(1),
        Column::Restart => row.restart_after_ms = change.value.map(|seconds| seconds * 1000.0),
        Column::Partitions => row.partitions = value as u32,
    }
}

/// Members that are offered as key with a click; the field's own list has them all.
const MOST_CANDIDATES: usize = 6;

/// What the producer takes as key: the record's own, a member that the reader has seen, or any pointer.
#[component]
fn KeyField() -> Html {
    let texts = use_texts();
    let laboratory = use_laboratory();
    let source = use_source();
    let now = laboratory.scenario.topic.key.clone().unwrap_or_default();
    let take = {
        let laboratory = laboratory.clone();
        Callback::from(move |pointer: String| {
            let mut scenario = (*laboratory.scenario).clone();
            scenario.topic.key = Some(pointer.trim().to_owned()).filter(|pointer| !pointer.is_empty());
            laboratory.dispatch(LaboratoryAction::Edit(Rc::new(scenario)));
        })
    };
    let onchange = take.reform(|event: Event| event.target_unchecked_into::<web_sys::HtmlInputElement>().value());
    // One click each; the one that is in use goes back to the record's own key.
    let candidate = |candidate: &replay_protocol::KeyCandidate| {
        let is_taken = candidate.pointer == now;
        let pointer = if is_taken { String::new() } else { candidate.pointer.clone() };
        let onclick = take.reform(move |_: MouseEvent| pointer.clone());
        html! {
            <button key={candidate.pointer.clone()} class="chip mono" type="button" data-testid="sim-key-candidate" aria-pressed={is_taken.to_string()} {onclick}>{ &candidate.pointer }</button>
        }
    };
    let candidates = source.summary.as_ref().map(|summary| summary.key_candidates.clone()).unwrap_or_default();
    html! {
        <div class="range sim-key">
            <label class="range-label" for="sim-key">{ texts.t("sim-key") }</label>
            <input id="sim-key" class="field mono" type="text" data-testid="sim-key" list="sim-key-candidates" spellcheck="false" autocomplete="off"
                placeholder={texts.t("sim-key-own")} value={now.clone()} {onchange} aria-describedby="sim-key-hint" />
            <datalist id="sim-key-candidates">{ for candidates.iter().map(|candidate| html! { <option value={candidate.pointer.clone()} /> }) }</datalist>
            <span class="sim-key-candidates" role="group" aria-label={texts.t("sim-key-candidates")}>{ for candidates.iter().take(MOST_CANDIDATES).map(candidate) }</span>
            <p id="sim-key-hint" class="setting-hint muted">{ texts.t("sim-key-hint") }</p>
        </div>
    }
}

/// The scenario as JSON: read, changed, copied, put back.
#[component]
fn Document() -> Html {
    let texts = use_texts();
    let laboratory = use_laboratory();
    let read = use_scenario_reader();
    let written = use_memo(laboratory.scenario.clone(), |scenario| {
        // Plain data always has a JSON text.
        AttrValue::from(serde_json::to_string_pretty(&**scenario).unwrap_or_default())
    });
    let draft = use_state_eq(|| None::<AttrValue>);
    let mistake = use_state_eq(|| None::<JsonMistake>);
    {
        let (draft, mistake) = (draft.setter(), mistake.setter());
        use_effect_with(written.clone(), move |_| {
            draft.set(None);
            mistake.set(None);
        });
    }
    let on_input = {
        let draft = draft.setter();
        Callback::from(move |text: AttrValue| draft.set(Some(text)))
    };
    let on_commit = {
        let (laboratory, mistake, texts) = (laboratory.clone(), mistake.setter(), texts.clone());
        Callback::from(move |text: AttrValue| {
            let (laboratory, mistake, texts) = (laboratory.clone(), mistake.clone(), texts.clone());
            let heard = Callback::from(move |answer: Result<Rc<Scenario>, Failure>| match answer {
                Ok(scenario) => {
                    mistake.set(None);
                    laboratory.dispatch(LaboratoryAction::Edit(scenario));
                }
                Err(failure) => {
                    let message = failure_words(&texts, &failure);
                    mistake.set(Some(JsonMistake { line: 0, column: 0, message }));
                }
            });
            read.emit((text.to_string(), heard));
        })
    };
    let says = {
        let texts = texts.clone();
        Callback::from(move |mistake: JsonMistake| {
            if mistake.line == 0 {
                return mistake.message;
            }
            let place = [("line", (mistake.line as u64).into()), ("column", (mistake.column as u64).into())];
            AttrValue::from(format!(
                "{}: {}",
                texts.with("sim-document-place", &place),
                json_words(&texts, &mistake.message)
            ))
        })
    };
    let copy = {
        let text = (*draft).clone().unwrap_or_else(|| (*written).clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(window) = web_sys::window() {
                // The browser says no only if the person has forbidden it; the text stands there to be copied by hand.
                let _ = window.navigator().clipboard().write_text(&text);
            }
        })
    };
    let text = (*draft).clone().unwrap_or_else(|| (*written).clone());
    html! {
        <details class="sim-group" data-testid="sim-group-document">
            <summary><span>{ texts.t("sim-group-document") }</span></summary>
            <div class="sim-settings">
                <JsonEditor id="sim-document" label={texts.t("sim-document")} {text} rows={16} mistake={(*mistake).clone()} {says} {on_input} {on_commit} />
                <p><button class="button" type="button" data-testid="sim-copy" onclick={copy}>{ texts.t("sim-copy") }</button></p>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A moment after a change of the value or the unit, on a log of ten seconds.
    #[track_caller]
    fn check(at: At, value: f64, unit: usize, expected: At) {
        let mut row = Row { at, member: 0, restart_after_ms: None, partitions: 1 };
        write(Column::At, &mut row, RowChange { row: 0, field: 0, value: Some(value), unit }, 10_000.0);
        assert_eq!(row.at, expected);
    }

    #[test]
    fn a_moment_keeps_its_place_when_its_unit_changes() {
        check(At::Share(0.5), 70.0, 0, At::Share(0.7));
        check(At::Share(0.5), 50.0, 1, At::AfterMs(5_000.0));
        check(At::AfterMs(2_500.0), 2_500.0, 0, At::Share(0.25));
        check(At::AfterMs(2_500.0), 900.0, 1, At::AfterMs(900.0));
    }
}
