//! The records in replay order, the one under the cursor lit; those that are alike in one row, if that is wanted.

use crate::components::{RecordList, RecordWords};
use crate::data::{RunsShown, use_rows, use_runs};
use crate::hooks::{Calm, use_calm};
use crate::locale::{date_time, grouped_html, use_texts};
use crate::state::{
    Grouping, PreferencesAction, SelectionAction, TransportAction, use_preferences, use_selection, use_source,
    use_transport,
};
use replay_protocol::Run;
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

const ROW_HEIGHT: f64 = 28.0;

/// What stands at the end of the head.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct RecordsProps {
    /// The button that folds the panel away.
    pub fold: Html,
    /// True if only the head is shown.
    #[prop_or_default]
    pub is_folded: bool,
}

#[component]
pub(crate) fn RecordsPanel(props: &RecordsProps) -> Html {
    let texts = use_texts();
    let source = use_source();
    let preferences = use_preferences();
    let types = source.summary.as_ref().map_or(0, |summary| summary.event_types.len());
    let grouping = preferences.grouping;
    let onchange = {
        let dispatcher = preferences.dispatcher();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let chosen = Grouping::ALL.into_iter().find(|grouping| grouping.code() == value).unwrap_or_default();
            dispatcher.dispatch(PreferencesAction::Group(chosen));
        })
    };
    let option = |one: Grouping| {
        let label = texts.t(&format!("group-{}", one.code()));
        html! { <option value={one.code()} selected={one == grouping}>{ label }</option> }
    };
    html! {
        <section class="panel records" aria-label={texts.t("records")} data-folded={props.is_folded.to_string()}>
            <div class="panel-head">
                <h2>{ texts.t("records") }</h2>
                if let Some(summary) = &source.summary {
                    <span class="muted mono">{ grouped_html(summary.records) }</span>
                }
                <span class="panel-end">
                    if !props.is_folded && types > 0 {
                        <select class="select select-quiet" data-testid="group-runs" aria-label={texts.t("group-runs")} title={texts.t("group-runs-hint")} {onchange}>
                            { for Grouping::ALL.into_iter().map(option) }
                        </select>
                    }
                    { props.fold.clone() }
                </span>
            </div>
            if !props.is_folded {
                <Records />
            }
        </section>
    }
}

#[component]
fn Records() -> Html {
    let texts = use_texts();
    let source = use_source();
    let transport = use_transport();
    let selection = use_selection();
    let grouping = use_preferences().grouping;
    let position = use_calm(transport.position, Calm::Records);
    let range = use_state_eq(|| 0..60_u64);
    let opened = use_state_eq(|| Rc::new(BTreeSet::<u64>::new()));
    {
        // Another log, or the same in another order, has other runs.
        let set = opened.setter();
        use_effect_with((source.generation, grouping), move |_| set.set(Rc::default()));
    }
    let alike = grouping.alike();
    let (_, plain) = use_rows(if alike.is_none() { range.start + 1..range.end + 1 } else { 0..0 });
    let runs = use_runs(alike, (*range).clone(), (*opened).clone(), position);
    let single = use_memo(plain, |rows| {
        let single =
            |row: &replay_protocol::Row| Run { start: row.position, row: row.clone(), length: 1, folded: false };
        Rc::new(rows.iter().map(single).collect::<Vec<_>>())
    });
    let RunsShown { total, first, rows, current } = runs.filter(|_| alike.is_some()).unwrap_or_else(|| RunsShown {
        total: transport.total,
        first: single.first().map_or(0, |run| run.start.saturating_sub(1)),
        rows: (*single).clone(),
        current: position.checked_sub(1),
    });
    let on_range = use_callback(range.setter(), |wanted: Range<u64>, set| set.set(wanted));
    let on_select = {
        let dispatchers = (transport.dispatcher(), selection.dispatcher());
        let rows = rows.clone();
        Callback::from(move |position: u64| {
            dispatchers.0.dispatch(TransportAction::Pause);
            dispatchers.0.dispatch(TransportAction::SeekTo(position));
            // Whoever clicks a record wants to see what it did.
            let clicked = rows.iter().find(|run| run.row.position == position);
            if let Some(entity) = clicked.and_then(|run| run.row.entity) {
                dispatchers.1.dispatch(SelectionAction::Touch(entity));
            }
        })
    };
    let on_toggle = use_callback(opened, |start: u64, opened| {
        let mut next = BTreeSet::clone(opened);
        if !next.remove(&start) {
            next.insert(start);
        }
        opened.set(Rc::new(next));
    });
    let span = source.summary.as_ref().and_then(|summary| summary.first_timestamp_ms.zip(summary.last_timestamp_ms));
    let time = use_callback(span, |ms: f64, span| AttrValue::from(short_time(ms, *span)));
    let run = use_callback(texts.clone(), |n: u64, texts| texts.with("run-of", &[("n", n.into())]));
    let lists = use_memo(source.generation, |_| {
        let summary = source.summary.clone().unwrap_or_default();
        (Rc::new(summary.partitions.clone()), Rc::new(summary.event_types.clone()))
    });
    let words = RecordWords {
        label: texts.t("records"),
        tombstone: texts.t("tombstone"),
        control: texts.t("control"),
        no_key: texts.t("no-key"),
        run,
        open_run: texts.t("run-open"),
        fold_run: texts.t("run-fold"),
    };
    html! {
        <RecordList {rows} {first} {total} {position} reveal={current.unwrap_or(0)} partitions={lists.0.clone()} event_types={lists.1.clone()}
            entity={selection.entity} row_height={ROW_HEIGHT} {on_range} {on_select} {on_toggle} {time} {words} />
    }
}

/// A time without what all records of a log have in common: the day, or the year. The record's card has all of it.
fn short_time(ms: f64, span: Option<(f64, f64)>) -> String {
    let text = date_time(ms);
    let Some((first, last)) = span.map(|(first, last)| (date_time(first), date_time(last))) else { return text };
    let is_common = |length: usize| first.get(..length).is_some_and(|part| last.starts_with(part));
    // A log of one day needs its fractions more than one of a year does.
    let shown = if is_common(10) {
        text.get(11..)
    } else if is_common(4) {
        text.get(5..19)
    } else {
        text.get(..19)
    };
    shown.map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(last: f64, expected: &str) {
        assert_eq!(short_time(1000.25e3, Some((0.0, last))), expected);
    }

    #[test]
    fn a_time_leaves_away_what_the_whole_log_has_in_common() {
        check(86_399_999.0, "00:16:40.250");
        check(86_400_000.0, "01-01 00:16:40");
        check(366.0 * 86_400_000.0, "1970-01-01 00:16:40");
        assert_eq!(short_time(0.0, None), "1970-01-01 00:00:00");
    }
}
