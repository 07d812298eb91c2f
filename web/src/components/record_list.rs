//! The records in replay order; the one under the cursor is lit.

use super::{VirtualList, type_class};
use replay_protocol::{EventType, PartitionInfo, Row};
use std::ops::Range;
use std::rc::Rc;
use yew::prelude::*;

/// What the list says.
#[derive(Clone, PartialEq)]
pub(crate) struct RecordWords {
    pub label: AttrValue,
    pub tombstone: AttrValue,
    pub control: AttrValue,
    pub no_key: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct RecordListProps {
    /// A window of rows, in order.
    pub rows: Rc<Vec<Row>>,
    pub total: u64,
    /// The cursor, 0 before the first.
    pub position: u64,
    pub partitions: Rc<Vec<PartitionInfo>>,
    pub event_types: Rc<Vec<EventType>>,
    /// Whose rows are emphasised.
    #[prop_or_default]
    pub entity: Option<u32>,
    pub row_height: f64,
    /// Rows wanted, counted from 0: position p is row p - 1.
    pub on_range: Callback<Range<u64>>,
    /// A position was chosen.
    pub on_select: Callback<u64>,
    /// Milliseconds as the list shows them.
    pub time: Callback<f64, AttrValue>,
    pub words: RecordWords,
}

#[component]
pub(crate) fn RecordList(props: &RecordListProps) -> Html {
    let first = props.rows.first().map_or(0, |row| row.position.saturating_sub(1));
    let rows: Html = props.rows.iter().map(|row| record(props, row)).collect();
    // Only a row that exists can be named.
    let is_drawn = props.rows.iter().any(|row| row.position == props.position);
    let active_id = is_drawn.then(|| AttrValue::from(format!("record-{}", props.position)));
    html! {
        <VirtualList total={props.total} row_height={props.row_height} {first} on_range={props.on_range.clone()}
            reveal={Some(props.position.saturating_sub(1))} label={props.words.label.clone()} testid="record-list" role="listbox" {active_id}>
            { rows }
        </VirtualList>
    }
}

fn record(props: &RecordListProps, row: &Row) -> Html {
    let is_current = row.position == props.position;
    let is_ahead = row.position > props.position;
    let is_entity = row.entity.is_some() && row.entity == props.entity;
    let onclick = props.on_select.reform({
        let position = row.position;
        move |_: MouseEvent| position
    });
    let partition = props.partitions.get(row.partition as usize).map_or(0, |info| info.partition);
    let name = row.event_type.and_then(|n| props.event_types.get(n as usize)).map(|kind| kind.name.clone());
    let time = row.timestamp_ms.map(|ms| props.time.emit(ms));
    let key = row.key.clone().map_or_else(|| html! { <em>{ &props.words.no_key }</em> }, Html::from);
    let value = if row.tombstone {
        html! { <span class="record-mark">{ format!("∅ {}", props.words.tombstone) }</span> }
    } else if row.control {
        html! { <span class="record-mark">{ format!("◇ {}", props.words.control) }</span> }
    } else {
        html! { <span>{ &row.preview }</span> }
    };
    html! {
        <div key={row.position} id={format!("record-{}", row.position)} class="record" role="option" aria-selected={is_current.to_string()}
            data-testid="record-row" data-position={row.position.to_string()} data-current={is_current.to_string()}
            data-ahead={is_ahead.to_string()} data-entity={is_entity.to_string()} {onclick}>
            <span class="record-position mono">{ row.position }</span>
            <span class={classes!("record-dot", type_class(row.event_type))} aria-hidden="true"></span>
            <span class="record-place mono">{ format!("P{partition}@{}", row.offset) }</span>
            <span class="record-time mono">{ time }</span>
            <span class="record-key mono">{ key }</span>
            <span class="record-type">{ name }</span>
            <span class="record-value mono">{ value }</span>
        </div>
    }
}
