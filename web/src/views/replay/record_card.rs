//! The record under the cursor in full.

use crate::data::use_record;
use crate::locale::{date_time, use_texts};
use crate::state::{use_source, use_transport};
use crate::views::words::{place, type_name};
use yew::prelude::*;

#[component]
pub(crate) fn RecordCard() -> Html {
    let texts = use_texts();
    let source = use_source();
    let position = use_transport().position;
    let record = use_record(position);
    let Some((record, summary)) = record.zip(source.summary.clone()) else { return Html::default() };
    let row = &record.row;
    let event_type = type_name(&summary, row.event_type);
    let time = row.timestamp_ms.map(date_time);
    html! {
        <article class="record-card" data-testid="record">
            <header class="record-card-head">
                <h3>{ texts.with("record-at", &[("position", row.position.into())]) }</h3>
                <span class="mono muted">{ place(&summary, row) }</span>
                if let Some(time) = time {
                    <span class="mono muted">{ time }</span>
                }
                <strong>{ event_type }</strong>
            </header>
            if let Some(value) = &record.value {
                <pre class="record-card-value">{ value }</pre>
            } else {
                <p class="muted">{ format!("∅ {}", texts.t("tombstone")) }</p>
            }
            if !record.headers.is_empty() {
                <dl class="record-card-headers">
                    { for record.headers.iter().map(|(name, value)| html! { <><dt>{ name }</dt><dd class="mono">{ value.clone().unwrap_or_else(|| "null".to_owned()) }</dd></> }) }
                </dl>
            }
        </article>
    }
}
