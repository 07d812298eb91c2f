//! Diff, blame and history of the selected entity.

use super::state_panel::SideProps;
use crate::components::{BlameView, DiffView, DiffWords, HistoryView, HistoryWords};
use crate::data::use_history;
use crate::locale::{Texts, date_time, use_texts};
use crate::state::{PreferencesAction, use_preferences, use_source, use_transport};
use crate::views::words::noticed_line;
use replay_protocol::FoldProblem;
use std::rc::Rc;
use yew::prelude::*;

/// Events that the history shows at first, and more at a time.
const PAGE: u64 = 100;

/// What a table of changes says.
pub(crate) fn diff_words(texts: &Texts) -> DiffWords {
    DiffWords {
        label: texts.t("last-change"),
        added: texts.t("added"),
        removed: texts.t("removed"),
        replaced: texts.t("changed"),
        nothing: texts.t("no-change"),
    }
}

/// What the entity's last event changed.
#[component]
pub(crate) fn DiffSide(props: &SideProps) -> Html {
    let texts = use_texts();
    let view = &props.view;
    let changes = use_memo(view.clone(), |view| Rc::new(view.changes.clone()));
    let position = view.last_position;
    let jump = props.on_jump.reform(move |_: MouseEvent| position);
    html! {
        <section class="last-change">
            <h3>
                { texts.t("last-change") }
                if position > 0 {
                    { " " }<button class="blame-jump mono" type="button" onclick={jump}>{ format!("#{position}") }</button>
                }
            </h3>
            <DiffView changes={(*changes).clone()} words={diff_words(&texts)} />
        </section>
    }
}

/// Which event set each field.
#[component]
pub(crate) fn BlameSide(props: &SideProps) -> Html {
    let texts = use_texts();
    let tree = use_memo(props.view.clone(), |view| Rc::new(view.tree.clone()));
    html! {
        <BlameView tree={(*tree).clone()} field={texts.t("field")} value={texts.t("value")} set_by={texts.t("set-at")} since={texts.t("changed-at")}
            nothing={texts.t("state-unborn")} on_jump={props.on_jump.clone()} />
    }
}

/// Whose history.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct HistoryProps {
    /// The engine's number of the entity.
    pub entity: u32,
    /// A position that it names.
    pub on_jump: Callback<u64>,
}

/// All events of the entity.
#[component]
pub(crate) fn HistorySide(props: &HistoryProps) -> Html {
    let texts = use_texts();
    let source = use_source();
    let position = use_transport().position;
    let count = use_state_eq(|| PAGE);
    {
        let set = count.setter();
        use_effect_with(props.entity, move |_| set.set(PAGE));
    }
    let page = use_history(Some(props.entity), 0..*count);
    let lists = use_memo(source.generation, |_| {
        let summary = source.summary.clone().unwrap_or_default();
        (Rc::new(summary.partitions.clone()), Rc::new(summary.event_types.clone()))
    });
    let time = use_callback((), |ms: f64, ()| AttrValue::from(date_time(ms)));
    let on_more = {
        let (set, next) = (count.setter(), *count + PAGE);
        Callback::from(move |()| set.set(next))
    };
    let left = page.total.saturating_sub(page.steps.len() as u64);
    let run = use_callback(texts.clone(), |n: u64, texts| texts.with("history-run", &[("n", n.into())]));
    let problem = use_callback(texts.clone(), |problem: FoldProblem, texts| noticed_line(texts, &problem));
    let preferences = use_preferences();
    let on_group = use_callback(preferences.dispatcher(), |(), preferences| {
        preferences.dispatch(PreferencesAction::ToggleHistoryGroups);
    });
    let words = HistoryWords {
        label: texts.t("history"),
        deleted: texts.t("deleted"),
        group: texts.t("group-history"),
        group_hint: texts.t("group-history-hint"),
        run,
        problem,
        more: texts.with("n-more-errors", &[("n", left.into())]),
        diff: diff_words(&texts),
    };
    html! {
        <HistoryView steps={page.steps.clone()} total={page.total} {position} partitions={lists.0.clone()} event_types={lists.1.clone()} {time}
            is_grouped={preferences.groups_history} {on_group} on_jump={props.on_jump.clone()} {on_more} {words} />
    }
}
