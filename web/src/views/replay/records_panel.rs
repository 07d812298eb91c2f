//! The records in replay order, the one under the cursor lit.

use crate::components::{RecordList, RecordWords};
use crate::data::use_rows;
use crate::hooks::use_calm;
use crate::locale::{date_time, use_texts};
use crate::state::{SelectionAction, TransportAction, use_selection, use_source, use_transport};
use std::ops::Range;
use std::rc::Rc;
use yew::prelude::*;

const ROW_HEIGHT: f64 = 28.0;

#[component]
pub(crate) fn RecordsPanel() -> Html {
    let texts = use_texts();
    let source = use_source();
    let transport = use_transport();
    let selection = use_selection();
    let position = use_calm(transport.position);
    let range = use_state_eq(|| 0..60_u64);
    let (_, rows) = use_rows(range.start + 1..range.end + 1);
    let on_range = use_callback(range.setter(), |wanted: Range<u64>, set| set.set(wanted));
    let on_select = {
        let dispatchers = (transport.dispatcher(), selection.dispatcher());
        let rows = rows.clone();
        Callback::from(move |position: u64| {
            dispatchers.0.dispatch(TransportAction::Pause);
            dispatchers.0.dispatch(TransportAction::SeekTo(position));
            // Whoever clicks a record wants to see what it did.
            if let Some(entity) = rows.iter().find(|row| row.position == position).and_then(|row| row.entity) {
                dispatchers.1.dispatch(SelectionAction::Touch(entity));
            }
        })
    };
    let span = source.summary.as_ref().and_then(|summary| summary.first_timestamp_ms.zip(summary.last_timestamp_ms));
    let time = use_callback(span, |ms: f64, span| AttrValue::from(short_time(ms, *span)));
    let lists = use_memo(source.generation, |_| {
        let summary = source.summary.clone().unwrap_or_default();
        (Rc::new(summary.partitions.clone()), Rc::new(summary.event_types.clone()))
    });
    let words = RecordWords {
        label: texts.t("records"),
        tombstone: texts.t("tombstone"),
        control: texts.t("control"),
        no_key: texts.t("no-key"),
    };
    html! {
        <section class="panel records" aria-label={texts.t("records")}>
            <RecordList {rows} total={transport.total} {position} partitions={lists.0.clone()} event_types={lists.1.clone()}
                entity={selection.entity} row_height={ROW_HEIGHT} {on_range} {on_select} {time} {words} />
        </section>
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
