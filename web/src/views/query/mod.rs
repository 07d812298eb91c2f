//! The Query view: find a place or an entity, see when a field changed, and get the hash of all states.

use super::replay::diff_words;
use crate::components::ChangeTable;
use crate::data::{use_commands, use_entity, use_hash, use_history};
use crate::locale::use_texts;
use crate::state::{SelectionAction, TransportAction, View, use_selection, use_transport};
use replay_protocol::FieldChange;
use std::collections::BTreeSet;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Events of an entity that are searched.
const SEARCHED: u64 = 2000;

#[component]
pub(crate) fn QueryView() -> Html {
    let texts = use_texts();
    html! {
        <div class="page" data-testid="query">
            <h2>{ texts.t("query-title") }</h2>
            <FindPlace />
            <FieldChanges />
            <HashOfAll />
        </div>
    }
}

#[component]
fn FindPlace() -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let selection = use_selection().dispatcher();
    let input = use_node_ref();
    let go = {
        let input = input.clone();
        Callback::from(move |()| {
            let typed = input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            if !typed.trim().is_empty() {
                commands.go_to(&typed);
                selection.dispatch(SelectionAction::Show(View::Replay));
            }
        })
    };
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                go.emit(());
            }
        })
    };
    html! {
        <section class="card query-place">
            <label for="query-place">{ texts.t("query-place") }</label>
            <input ref={input} id="query-place" class="field mono" type="text" data-testid="query-place" autocomplete="off" {onkeydown} />
            <button class="button button-primary" type="button" data-testid="query-go" onclick={go.reform(|_: MouseEvent| ())}>{ texts.t("query-go") }</button>
        </section>
    }
}

#[component]
fn FieldChanges() -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let transport = use_transport();
    let field = use_state_eq(String::new);
    let entity = use_entity(selection.entity, transport.position);
    let history = use_history(selection.entity, 0..SEARCHED);
    let Some(entity) = entity else { return html! { <p class="muted">{ texts.t("no-entity") }</p> } };
    let changes = || history.steps.iter().flat_map(|step| step.changes.iter());
    let fields: BTreeSet<&str> = changes().map(|change| change.path.as_str()).collect();
    let onchange = {
        let set = field.setter();
        Callback::from(move |event: Event| set.set(event.target_unchecked_into::<HtmlSelectElement>().value()))
    };
    let wanted = |change: &&FieldChange| field.is_empty() || change.path == *field;
    let step = |step: &replay_protocol::HistoryStep| {
        let found: Vec<FieldChange> = step.changes.iter().filter(wanted).cloned().collect();
        if found.is_empty() {
            return None;
        }
        let (position, transport, selection) = (step.position, transport.dispatcher(), selection.dispatcher());
        let onclick = Callback::from(move |_: MouseEvent| {
            transport.dispatch(TransportAction::SeekTo(position));
            selection.dispatch(SelectionAction::Show(View::Replay));
        });
        Some(html! {
            <li key={position} class="query-change">
                <button class="blame-jump mono" type="button" title={texts.t("query-open")} {onclick}>{ format!("#{position}") }</button>
                <ChangeTable changes={Rc::new(found)} words={diff_words(&texts)} />
            </li>
        })
    };
    let steps: Vec<Html> = history.steps.iter().filter_map(step).collect();
    html! {
        <section class="card">
            <div class="query-fields">
                <label for="query-field">{ texts.with("query-fields", &[("key", entity.key.clone().into())]) }</label>
                <select id="query-field" class="select mono" data-testid="query-field" {onchange}>
                    <option value="" selected={field.is_empty()}>{ texts.t("query-field-all") }</option>
                    { for fields.iter().map(|path| html! { <option value={(*path).to_owned()} selected={**path == **field}>{ *path }</option> }) }
                </select>
            </div>
            if steps.is_empty() {
                <p class="muted">{ texts.t("query-changes-none") }</p>
            }
            <ol class="query-changes" data-testid="query-changes">{ for steps }</ol>
        </section>
    }
}

#[component]
fn HashOfAll() -> Html {
    let texts = use_texts();
    let position = use_transport().position;
    let asked = use_state_eq(|| None::<u64>);
    let hash = use_hash(asked.filter(|asked| *asked == position));
    let ask = {
        let set = asked.setter();
        Callback::from(move |_: MouseEvent| set.set(Some(position)))
    };
    html! {
        <section class="card query-hash">
            <p>{ texts.with("query-hash", &[("position", position.into())]) }</p>
            if let Some(hash) = hash {
                <code data-testid="hash">{ hash }</code>
            } else {
                <button class="button" type="button" data-testid="query-hash-run" onclick={ask}>{ texts.t("query-hash-run") }</button>
            }
        </section>
    }
}
