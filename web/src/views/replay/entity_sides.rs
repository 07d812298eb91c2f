//! Diff, blame and history of the selected entity.

use super::state_panel::SideProps;
use crate::components::{BlameView, DiffView, DiffWords, HistoryView, HistoryWords};
use crate::data::use_history;
use crate::locale::{Texts, date_time, use_texts};
use crate::state::{PreferencesAction, use_preferences, use_source, use_transport};
use crate::views::words::noticed_line;
use replay_protocol::FoldProblem;
use std::ops::Range;
use std::rc::Rc;
use yew::prelude::*;

/// Events that the history shows at first, and more at a time.
const PAGE: u64 = 100;

/// Events of which some are shown first: a page with the last one up to the cursor, which stays the same for half a page.
fn around(events: u64, total: u64) -> Range<u64> {
    let half = PAGE / 2;
    let block = events.saturating_sub(1) / half * half;
    let start = block.saturating_sub(half).min(total.saturating_sub(PAGE));
    start..start + PAGE
}

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

/// All events of the entity.
#[component]
pub(crate) fn HistorySide(props: &SideProps) -> Html {
    let texts = use_texts();
    let source = use_source();
    let position = use_transport().position;
    let (entity, events) = (props.view.entity, props.view.events);
    // As long as the cursor is among the events that were asked for, they stay.
    let widened = use_state_eq(|| (entity, 0..0));
    let is_inside = widened.0 == entity && widened.1.contains(&events.saturating_sub(1));
    let range = if is_inside { widened.1.clone() } else { around(events, props.view.events_total) };
    let page = use_history(Some(entity), range.clone());
    let lists = use_memo(source.generation, |_| {
        let summary = source.summary.clone().unwrap_or_default();
        (Rc::new(summary.partitions.clone()), Rc::new(summary.event_types.clone()))
    });
    let time = use_callback((), |ms: f64, ()| AttrValue::from(date_time(ms)));
    let widen = |range: Range<u64>| {
        let set = widened.setter();
        Callback::from(move |()| set.set((entity, range.clone())))
    };
    let on_earlier = widen(range.start.saturating_sub(PAGE)..range.end);
    let on_later = widen(range.start..range.end + PAGE);
    let before = page.first;
    let behind = page.total.saturating_sub(page.first + page.steps.len() as u64);
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
        earlier: texts.with("history-earlier", &[("n", before.into())]),
        later: texts.with("history-later", &[("n", behind.into())]),
        diff: diff_words(&texts),
    };
    html! {
        <HistoryView steps={page.steps.clone()} {before} {behind} {position} partitions={lists.0.clone()} event_types={lists.1.clone()} {time}
            is_grouped={preferences.groups_history} {on_group} on_jump={props.on_jump.clone()} {on_earlier} {on_later} {words} />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_holds_the_event_at_the_cursor_and_the_whole_of_a_short_history() {
        assert_eq!((around(0, 0), around(13, 13), around(1, 5000)), (0..100, 0..100, 0..100));
        assert_eq!((around(100, 5000), around(101, 5000)), (0..100, 50..150));
        assert_eq!(around(5000, 5000), 4900..5000);
        assert!((1..=333).all(|events| around(events, 333).contains(&(events - 1))));
    }
}
