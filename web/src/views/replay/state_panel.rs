//! The selected entity at the cursor: its state, what changed, who set what, and its history.

use super::entity_sides::{BlameSide, DiffSide, HistorySide};
use super::record_card::RecordCard;
use crate::components::{StateTree, TabItem, TabList};
use crate::data::{use_commands, use_followed};
use crate::locale::{Texts, use_texts};
use crate::state::{EntityTab, SelectionAction, TransportAction, use_orders, use_selection, use_source, use_transport};
use crate::views::icons::{Icon, icon};
use crate::views::words::noticed_line;
use replay_protocol::{EntityView, Life};
use std::rc::Rc;
use yew::prelude::*;

#[component]
pub(crate) fn StatePanel() -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let transport = use_transport();
    let commands = use_commands();
    let on_jump = use_jump();
    let has_entities = use_source().summary.as_ref().is_none_or(|summary| summary.entities > 0);
    let on_open = use_callback(selection.dispatcher(), |code: &'static str, selection| {
        if let Some(tab) = EntityTab::ALL.into_iter().find(|tab| tab.code() == code) {
            selection.dispatch(SelectionAction::Open(tab));
        }
    });
    let Some(view) = use_followed(selection.entity, selection.follows, transport.position) else {
        return html! {
            <section class="panel state" aria-label={texts.t("state")}>
                <div class="panel-head"><h2>{ texts.t("state") }</h2></div>
                <div class="state-side">
                    if has_entities {
                        <p class="muted">{ texts.t("no-entity") }</p>
                    } else {
                        <p class="muted">{ texts.t("no-key-state") }</p>
                    }
                    <RecordCard />
                </div>
            </section>
        };
    };
    let tab = |tab: EntityTab| TabItem { code: tab.code(), label: texts.t(tab.code()) };
    let shown = match selection.tab {
        EntityTab::State => html! { <StateSide view={view.clone()} on_jump={on_jump.clone()} /> },
        EntityTab::Diff => html! { <DiffSide view={view.clone()} on_jump={on_jump.clone()} /> },
        EntityTab::Blame => html! { <BlameSide view={view.clone()} on_jump={on_jump.clone()} /> },
        EntityTab::History => html! { <HistorySide view={view.clone()} on_jump={on_jump.clone()} /> },
    };
    let event_button = |sign: Icon, label: &str, backwards: bool, target: Option<u64>| {
        let (commands, entity, position) = (commands.clone(), view.entity, transport.position);
        let label = texts.t(label);
        html! {
            <button class="button button-icon button-quiet" type="button" aria-label={label.clone()} title={label} disabled={target.is_none()}
                onclick={move |_| commands.go_to_event(entity, position, backwards)}>{ icon(sign) }</button>
        }
    };
    let follow = {
        let (dispatcher, follows) = (selection.dispatcher(), selection.follows);
        Callback::from(move |_: MouseEvent| dispatcher.dispatch(SelectionAction::Follow(!follows)))
    };
    html! {
        <section class="panel state" aria-label={texts.t("state")} data-life={life_code(view.life)}>
            <div class="panel-head state-head">
                <h2 class="state-key mono" data-testid="state-key" title={view.key.clone()}>{ &view.key }</h2>
                <span class="state-version mono" title={texts.t("version")} data-testid="state-version">{ format!("v{}", view.version) }</span>
                <span class="muted state-of">{ texts.with("n-events", &[("n", view.events_total.into())]) }</span>
                <span class="state-steps">
                    { event_button(Icon::Left, "previous-event", true, view.previous_position) }
                    { event_button(Icon::Right, "next-event", false, view.next_position) }
                    <button class="button button-quiet state-follow" type="button" data-testid="follow" aria-pressed={selection.follows.to_string()} title={texts.t("follow-hint")} onclick={follow}>
                        { texts.t("follow") }
                    </button>
                </span>
            </div>
            <TabList label={texts.t("entity-tabs")} tabs={EntityTab::ALL.map(tab).to_vec()} open={selection.tab.code()} id_prefix="side" test_prefix="entity-tab" controls="side"
                class="tabs-small" {on_open} />
            <div id="side" class="state-side" role="tabpanel" aria-labelledby={format!("side-{}", selection.tab.code())} tabindex="0">
                { problems(&texts, &view) }
                { shown }
                <RecordCard />
            </div>
        </section>
    }
}

/// Seeks to a position that a field, a change or a step of the history names.
#[hook]
fn use_jump() -> Callback<u64> {
    let orders = use_orders();
    use_callback(orders.transport, |position: u64, transport| {
        transport.dispatch(TransportAction::Pause);
        transport.dispatch(TransportAction::SeekTo(position));
    })
}

/// A side of an entity.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct SideProps {
    /// The entity at the cursor.
    pub view: Rc<EntityView>,
    /// A position that it names.
    pub on_jump: Callback<u64>,
}

#[component]
fn StateSide(props: &SideProps) -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let commands = use_commands();
    let view = &props.view;
    let tree = use_memo(view.clone(), |view| Rc::new(view.tree.clone()));
    let set_label = {
        let texts = texts.clone();
        Callback::from(move |position: u64| texts.with("set-by", &[("position", position.into())]))
    };
    let toggle = {
        let dispatcher = selection.dispatcher();
        Callback::from(move |_: Event| dispatcher.dispatch(SelectionAction::ToggleDiff))
    };
    let to_first = {
        let (entity, commands) = (view.entity, commands.clone());
        Callback::from(move |_: MouseEvent| commands.go_to_event(entity, 0, false))
    };
    let to_last = {
        let entity = view.entity;
        Callback::from(move |_: MouseEvent| commands.go_to_event(entity, u64::MAX, true))
    };
    html! {
        <>
            if view.life == Life::Unborn {
                <p class="state-note">
                    { texts.t("state-unborn") }
                    <button class="button button-primary" type="button" data-testid="to-first-event" onclick={to_first}>{ texts.t("to-first-event") }</button>
                    <button class="button" type="button" data-testid="to-last-event" onclick={to_last}>{ texts.t("to-last-event") }</button>
                </p>
            } else if view.life == Life::Deleted {
                <p class="state-note state-deleted">{ texts.with("state-deleted", &[("position", view.last_position.into())]) }</p>
            }
            <StateTree tree={(*tree).clone()} text={view.state_text.clone()} position={view.position} show_diff={!selection.hides_diff} {set_label}
                on_jump={props.on_jump.clone()} label={texts.t("state-label")} />
            if view.last_position > 0 {
                <label class="state-mark"><input type="checkbox" data-testid="mark-changes" checked={!selection.hides_diff} onchange={toggle} />{ texts.t("mark-changes") }</label>
                if !selection.hides_diff {
                    <DiffSide view={view.clone()} on_jump={props.on_jump.clone()} />
                }
            }
        </>
    }
}

fn problems(texts: &Texts, view: &EntityView) -> Html {
    if view.problems.is_empty() {
        return Html::default();
    }
    html! {
        <details class="state-problems">
            <summary>{ texts.t("problems") }{ " " }<span class="mono">{ view.problems.len() }</span></summary>
            <ul>
                { for view.problems.iter().take(50).map(|problem| html! {
                    <li><span class="mono">{ format!("#{} ", problem.position) }</span>{ noticed_line(texts, problem) }</li>
                }) }
            </ul>
        </details>
    }
}

fn life_code(life: Life) -> &'static str {
    match life {
        Life::Unborn => "unborn",
        Life::Alive => "alive",
        Life::Deleted => "deleted",
    }
}
