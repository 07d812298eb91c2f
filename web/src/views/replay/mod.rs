//! The Replay view: entities, lanes and records, and the state of one entity, all following one cursor.

mod entities_panel;
mod entity_sides;
mod lanes_panel;
mod record_card;
mod records_panel;
mod state_panel;

pub(crate) use entity_sides::diff_words;
pub(crate) use lanes_panel::LanesPanel;

use crate::components::SplitPane;
use crate::locale::use_texts;
use crate::state::{Mode, PreferencesAction, use_preferences, use_source};
use crate::views::frame::Overlay;
use crate::views::icons::{Icon, icon};
use entities_panel::EntitiesPanel;
use lanes_panel::FoldedLanes;
use records_panel::RecordsPanel;
use state_panel::StatePanel;
use yew::prelude::*;

/// Where the view leads.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ReplayProps {
    /// Opens what lies over the page.
    pub on_overlay: Callback<Option<Overlay>>,
}

#[component]
pub(crate) fn ReplayView(props: &ReplayProps) -> Html {
    let texts = use_texts();
    let preferences = use_preferences();
    let has_log = use_source().summary.is_some();
    let resize = |action: fn(f64) -> PreferencesAction| {
        let dispatcher = preferences.dispatcher();
        Callback::from(move |size: f64| dispatcher.dispatch(action(size)))
    };
    let fold = |action: PreferencesAction, sign: Icon, label: &str, id: &'static str, expanded: bool| {
        let dispatcher = preferences.dispatcher();
        let label = texts.t(label);
        html! {
            <button class="button button-quiet button-icon fold" type="button" data-testid={id} aria-label={label.clone()} title={label} aria-expanded={expanded.to_string()}
                onclick={move |_| dispatcher.dispatch(action.clone())}>{ icon(sign) }</button>
        }
    };
    if !has_log {
        return html! { <div class="replay" data-testid="replay"></div> };
    }
    let upright = |action: PreferencesAction, label: &str, id: &'static str, is_open: bool| {
        let sign = if is_open { Icon::Up } else { Icon::Down };
        let label = texts.t(&format!("{}-{label}", if is_open { "collapse" } else { "expand" }));
        let dispatcher = preferences.dispatcher();
        html! {
            <button class="button button-quiet button-icon fold" type="button" data-testid={id} aria-label={label.clone()} title={label} aria-expanded={is_open.to_string()}
                onclick={move |_| dispatcher.dispatch(action.clone())}>{ icon(sign) }</button>
        }
    };
    let (hides_lanes, hides_records) = (preferences.hides_lanes, preferences.hides_records);
    let fold_lanes = upright(PreferencesAction::ToggleLanes, "lanes", "fold-lanes", !hides_lanes);
    let fold_records = upright(PreferencesAction::ToggleRecords, "records", "fold-records", !hides_records);
    let lanes_and_records = if hides_lanes {
        html! { <div class="stack"><FoldedLanes fold={fold_lanes} /><RecordsPanel fold={fold_records} /></div> }
    } else if hides_records {
        html! { <div class="stack"><LanesPanel fold={fold_lanes} /><RecordsPanel fold={fold_records} is_folded=true /></div> }
    } else {
        html! {
            <SplitPane size={preferences.lanes_height} min={90.0} max={700.0} vertical=true label={texts.t("resize-lanes")} on_resize={resize(PreferencesAction::LanesHeight)}
                first={html! { <LanesPanel fold={fold_lanes} /> }} second={html! { <RecordsPanel fold={fold_records} /> }} />
        }
    };
    if preferences.mode == Mode::Present {
        return html! {
            <div class="replay replay-present" data-testid="replay">
                <LanesPanel />
                <StatePanel />
            </div>
        };
    }
    let middle = if preferences.hides_right {
        html! {
            <div class="folded folded-end">
                { lanes_and_records }
                { fold(PreferencesAction::ToggleRight, Icon::Left, "expand-right", "fold-right", false) }
            </div>
        }
    } else {
        let state = html! {
            <div class="with-fold">
                { fold(PreferencesAction::ToggleRight, Icon::Right, "collapse-right", "fold-right", true) }
                <StatePanel />
            </div>
        };
        html! {
            <SplitPane size={preferences.right_width} min={240.0} max={900.0} fixed_end=true label={texts.t("resize-right")} on_resize={resize(PreferencesAction::RightWidth)}
                first={lanes_and_records} second={state} />
        }
    };
    let all = if preferences.hides_left {
        html! {
            <div class="folded">
                { fold(PreferencesAction::ToggleLeft, Icon::Right, "expand-left", "fold-left", false) }
                { middle }
            </div>
        }
    } else {
        let entities = html! {
            <div class="with-fold">
                { fold(PreferencesAction::ToggleLeft, Icon::Left, "collapse-left", "fold-left", true) }
                <EntitiesPanel on_overlay={props.on_overlay.clone()} />
            </div>
        };
        html! {
            <SplitPane size={preferences.left_width} min={160.0} max={600.0} label={texts.t("resize-left")} on_resize={resize(PreferencesAction::LeftWidth)}
                first={entities} second={middle} />
        }
    };
    html! { <div class="replay" data-testid="replay">{ all }</div> }
}
