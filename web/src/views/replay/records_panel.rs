//! The records in replay order, the one under the cursor lit.

use crate::components::{RecordList, RecordWords};
use crate::data::use_rows;
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
    let time = use_callback((), |ms: f64, ()| AttrValue::from(date_time(ms)));
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
            <RecordList {rows} total={transport.total} position={transport.position} partitions={lists.0.clone()} event_types={lists.1.clone()}
                entity={selection.entity} row_height={ROW_HEIGHT} {on_range} {on_select} {time} {words} />
        </section>
    }
}
