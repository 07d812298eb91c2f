//! The entities at the cursor, filtered by key.

use crate::components::{EntityList, EntityWords};
use crate::data::{shortened, use_commands, use_entities};
use crate::hooks::{Calm, use_calm};
use crate::locale::{grouped_html, use_texts};
use crate::state::{SelectionAction, use_selection, use_source, use_transport};
use crate::views::frame::Overlay;
use replay_protocol::Configuration;
use std::ops::Range;
use web_sys::HtmlInputElement;
use yew::prelude::*;

const ROW_HEIGHT: f64 = 30.0;

/// Where the panel leads.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct EntitiesProps {
    /// Opens what lies over the page.
    pub on_overlay: Callback<Option<Overlay>>,
}

#[component]
pub(crate) fn EntitiesPanel(props: &EntitiesProps) -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let source = use_source();
    let generation = source.generation;
    let commands = use_commands();
    let has_none = source.summary.as_ref().is_some_and(|summary| summary.entities == 0);
    let in_force = source.summary.as_ref().map(|summary| summary.configuration.clone()).unwrap_or_default();
    // A field that somebody named as the key, and that no record has.
    let named = in_force.key_by.clone().filter(|pointer| !pointer.is_empty());
    let own_key = Callback::from(move |_: MouseEvent| {
        commands.configure(Configuration { key_by: Some(String::new()), ..in_force.clone() });
    });
    let transport = use_transport();
    let position = use_calm(transport.position, Calm::Entities);
    let range = use_state_eq(|| 0..40_u64);
    let page = use_entities(&selection.filter, (*range).clone(), position);
    let dispatcher = selection.dispatcher();
    let on_range = use_callback(range.setter(), |wanted: Range<u64>, set| set.set(wanted));
    let on_select = use_callback(dispatcher.clone(), |entity: u32, dispatcher| {
        dispatcher.dispatch(SelectionAction::Choose(entity));
    });
    let on_filter = {
        let dispatcher = dispatcher.clone();
        Callback::from(move |event: InputEvent| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            dispatcher.dispatch(SelectionAction::Filter(typed.into()));
        })
    };
    let on_key = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Escape" {
            // Losing the focus gives the keys back to the page.
            let _ = event.target_unchecked_into::<HtmlInputElement>().blur();
        }
    });
    let clear = Callback::from(move |_: MouseEvent| dispatcher.dispatch(SelectionAction::Filter(AttrValue::default())));
    let words = EntityWords { label: texts.t("entities"), deleted: texts.t("deleted"), unborn: texts.t("unborn") };
    let finds_nothing = page.total == 0 && !selection.filter.is_empty() && page.generation == generation;
    html! {
        <section class="panel entities" aria-label={texts.t("entities")}>
            <div class="panel-head">
                <h2>{ texts.t("entities") }</h2>
                <span class="muted mono" data-testid="entity-total">{ grouped_html(page.total) }</span>
            </div>
            <div class="panel-tools">
                <input id="entity-filter" class="field entities-filter" type="search" data-testid="entity-filter" autocomplete="off" spellcheck="false"
                    aria-label={texts.t("entity-filter")} placeholder={texts.t("entity-filter")} value={selection.filter.clone()} oninput={on_filter} onkeydown={on_key} />
            </div>
            if has_none {
                <div class="panel-empty" data-testid="no-keys">
                    if let Some(pointer) = named {
                        <p>{ texts.with("no-keys-there", &[("pointer", shortened(&pointer).into())]) }</p>
                        <button class="button" type="button" data-testid="own-key" onclick={own_key}>{ texts.t("no-keys-own") }</button>
                    } else {
                        <p>{ texts.t("no-keys") }</p>
                    }
                    <button class="button button-primary" type="button" onclick={props.on_overlay.reform(|_: MouseEvent| Some(Overlay::Mapping))}>{ texts.t("no-keys-choose") }</button>
                </div>
            } else if finds_nothing {
                <div class="panel-empty">
                    <p>{ texts.with("no-entities", &[("filter", selection.filter.to_string().into())]) }</p>
                    <button class="button" type="button" onclick={clear}>{ texts.t("clear-filter") }</button>
                </div>
            } else {
                <EntityList rows={page.rows.clone()} first={page.first} total={page.total} selected={selection.entity} row_height={ROW_HEIGHT} {on_range} {on_select} {words} />
            }
        </section>
    }
}
