//! The controls of the laboratory, grouped, and the scenario as a document beside them.

use super::settings::{GROUPS, Group, Kind, Setting};
use crate::components::{Choice, ChoiceOption, JsonEditor, JsonMistake, Range, Scale, Toggle};
use crate::data::use_scenario_reader;
use crate::locale::{Texts, use_texts};
use crate::state::{LaboratoryAction, use_laboratory, use_source};
use replay_protocol::Scenario;
use std::rc::Rc;
use yew::prelude::*;

/// What a control does to the scenario.
type Change = Rc<dyn Fn(&mut Scenario)>;

#[component]
pub(crate) fn Controls() -> Html {
    let texts = use_texts();
    let laboratory = use_laboratory();
    let untouched = Scenario::default();
    let edit = {
        let laboratory = laboratory.clone();
        Callback::from(move |change: Change| {
            let mut scenario = (*laboratory.scenario).clone();
            change(&mut scenario);
            laboratory.dispatch(LaboratoryAction::Edit(Rc::new(scenario)));
        })
    };
    let group = |group: &'static Group| {
        let is_changed = (group.is_changed)(&laboratory.scenario, &untouched);
        html! {
            <details key={group.id} class="sim-group" open={is_changed || group.id == "topic"} data-testid={format!("sim-group-{}", group.id)}>
                <summary><span>{ texts.t(&format!("sim-group-{}", group.id)) }</span>
                    if is_changed { <span class="sim-changed">{ texts.t("sim-changed") }</span> }
                </summary>
                <div class="sim-settings">
                    if group.id == "topic" { <KeyField /> }
                    { for group.settings.iter().map(|setting| control(setting, &laboratory.scenario, &texts, &edit)) }
                </div>
            </details>
        }
    };
    html! {
        <div class="sim-controls">
            { for GROUPS.iter().map(group) }
            <Document />
        </div>
    }
}

fn control(setting: &'static Setting, scenario: &Scenario, texts: &Texts, edit: &Callback<Change>) -> Html {
    let id = AttrValue::from(format!("sim-{}", setting.id));
    let label = texts.t(&id);
    let hint = texts.t(&format!("{id}-hint"));
    match &setting.kind {
        Kind::Number { unit, min, max, step, is_log, get, set } => {
            let set = *set;
            let on_change = edit.reform(move |value: f64| -> Change { Rc::new(move |s: &mut Scenario| set(s, value)) });
            let scale = if *is_log { Scale::Log } else { Scale::Linear };
            html! {
                <Range key={setting.id} {id} {label} {hint} setting={setting.kafka} unit={*unit} min={*min} max={*max} step={*step} {scale} value={get(scenario)} {on_change} />
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
    }
}

/// What the producer takes as key: the record's own, a member that the reader has seen, or any pointer.
#[component]
fn KeyField() -> Html {
    let texts = use_texts();
    let laboratory = use_laboratory();
    let source = use_source();
    let now = laboratory.scenario.topic.key.clone().unwrap_or_default();
    let onchange = {
        let laboratory = laboratory.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
            let mut scenario = (*laboratory.scenario).clone();
            scenario.topic.key = Some(value.trim().to_owned()).filter(|pointer| !pointer.is_empty());
            laboratory.dispatch(LaboratoryAction::Edit(Rc::new(scenario)));
        })
    };
    let candidates = source.summary.as_ref().map(|summary| summary.key_candidates.clone()).unwrap_or_default();
    html! {
        <div class="range sim-key">
            <label class="range-label" for="sim-key">{ texts.t("sim-key") }</label>
            <input id="sim-key" class="field mono" type="text" data-testid="sim-key" list="sim-key-candidates" spellcheck="false" autocomplete="off"
                placeholder={texts.t("sim-key-own")} value={now} {onchange} aria-describedby="sim-key-hint" />
            <datalist id="sim-key-candidates">{ for candidates.iter().map(|candidate| html! { <option value={candidate.pointer.clone()} /> }) }</datalist>
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
        let (laboratory, mistake) = (laboratory.clone(), mistake.setter());
        Callback::from(move |text: AttrValue| {
            let (laboratory, mistake) = (laboratory.clone(), mistake.clone());
            let heard = Callback::from(move |answer: Result<Rc<Scenario>, AttrValue>| match answer {
                Ok(scenario) => {
                    mistake.set(None);
                    laboratory.dispatch(LaboratoryAction::Edit(scenario));
                }
                Err(message) => mistake.set(Some(JsonMistake { line: 0, column: 0, message })),
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
            AttrValue::from(format!("{}: {}", texts.with("sim-document-place", &place), mistake.message))
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
