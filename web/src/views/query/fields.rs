//! When a field of the selected entity changed.

use crate::components::ChangeTable;
use crate::data::{use_entity, use_history};
use crate::locale::use_texts;
use crate::state::{SelectionAction, TransportAction, View, use_selection, use_transport};
use crate::views::replay::diff_words;
use replay_protocol::FieldChange;
use std::collections::BTreeSet;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Events of an entity that are searched.
const SEARCHED: u64 = 1000;

#[component]
pub(super) fn FieldChanges() -> Html {
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
            <div class="query-head">
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
