//! The records in replay order; the one under the cursor is lit. Records that are alike may stand in one row, which opens.

use super::{VirtualList, type_class};
use replay_protocol::{EventType, PartitionInfo, Run};
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
    /// Says of a row how many records it stands for.
    pub run: Callback<u64, AttrValue>,
    /// Tells how a row of several is opened.
    pub open_run: AttrValue,
    /// Tells how they become one row again.
    pub fold_run: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct RecordListProps {
    /// A window of rows, in order.
    pub rows: Rc<Vec<Run>>,
    /// Place of the first of them, from 0.
    pub first: u64,
    /// Rows in all.
    pub total: u64,
    /// The cursor, 0 before the first.
    pub position: u64,
    /// The row that holds the cursor, from 0.
    pub reveal: u64,
    pub partitions: Rc<Vec<PartitionInfo>>,
    pub event_types: Rc<Vec<EventType>>,
    /// Whose rows are emphasised.
    #[prop_or_default]
    pub entity: Option<u32>,
    pub row_height: f64,
    /// Rows wanted, counted from 0.
    pub on_range: Callback<Range<u64>>,
    /// A position was chosen.
    pub on_select: Callback<u64>,
    /// A run is to be opened or folded, named by its first position.
    pub on_toggle: Callback<u64>,
    /// Milliseconds as the list shows them.
    pub time: Callback<f64, AttrValue>,
    pub words: RecordWords,
}

#[component]
pub(crate) fn RecordList(props: &RecordListProps) -> Html {
    let keys = props.rows.iter().map(|run| run.row.key.as_deref().unwrap_or(&props.words.no_key));
    let columns = Columns { key: width(keys), kind: width(props.event_types.iter().map(|kind| kind.name.as_str())) };
    // A row that leaves on one side gives its elements to one that comes on the other: a jump makes no row anew.
    let slot = |n: usize| (props.first as usize + n) % props.rows.len().max(1);
    let rows: Html = props.rows.iter().enumerate().map(|(n, run)| record(props, run, slot(n), columns)).collect();
    let current = props.rows.iter().find(|run| holds(run, props.position));
    // Only a row that exists can be named.
    let active_id = current.map(|run| AttrValue::from(format!("record-{}", run.row.position)));
    let onkeydown = {
        let (on_toggle, run) = (props.on_toggle.clone(), current.filter(|run| run.length > 1).map(|run| run.start));
        Callback::from(move |event: KeyboardEvent| {
            if let ("Enter", Some(start)) = (event.key().as_str(), run) {
                event.prevent_default();
                on_toggle.emit(start);
            }
        })
    };
    html! {
        <VirtualList total={props.total} row_height={props.row_height} first={props.first} on_range={props.on_range.clone()}
            reveal={Some(props.reveal)} label={props.words.label.clone()} testid="record-list" role="listbox" {active_id} {onkeydown}>
            { rows }
        </VirtualList>
    }
}

/// Whether the row stands for the record at the cursor.
fn holds(run: &Run, position: u64) -> bool {
    if run.folded { (run.start..run.start + run.length).contains(&position) } else { run.row.position == position }
}

/// Widths of a column in characters, of which the style sheet knows each.
const WIDTHS: [usize; 7] = [6, 9, 12, 16, 20, 26, 36];

/// The narrowest of the widths into which all texts fit, or the widest: so the columns of all rows stand below each other.
fn width<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    // A character of Chinese, Japanese or Korean takes the room of two.
    let room = |text: &str| text.chars().map(|c| if c > '\u{2e80}' { 2 } else { 1 }).sum();
    let longest: usize = texts.map(room).max().unwrap_or_default();
    WIDTHS.into_iter().find(|width| *width >= longest).unwrap_or(WIDTHS[WIDTHS.len() - 1])
}

/// The widths of the columns of keys and of types.
#[derive(Clone, Copy)]
struct Columns {
    key: usize,
    kind: usize,
}

fn record(props: &RecordListProps, run: &Run, slot: usize, columns: Columns) -> Html {
    let row = &run.row;
    let is_current = holds(run, props.position);
    let is_ahead = if run.folded { run.start > props.position } else { row.position > props.position };
    let is_entity = row.entity.is_some() && row.entity == props.entity;
    let is_member = run.length > 1 && !run.folded;
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
    // How many there are; while the cursor is among them, which one it is at.
    let mark = (run.folded || (is_member && row.position == run.start)).then(|| {
        let (on_toggle, start) = (props.on_toggle.clone(), run.start);
        let onclick = Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            on_toggle.emit(start);
        });
        let (sign, title) = if run.folded { ("▸", &props.words.open_run) } else { ("▾", &props.words.fold_run) };
        let count = if run.folded && is_current {
            format!(" {}/{}", props.position + 1 - run.start, run.length)
        } else {
            format!(" ×{}", run.length)
        };
        html! {
            <span class="record-run mono" data-testid="record-run" title={title.clone()} {onclick}>
                <span aria-hidden="true">{ sign }</span>
                <span aria-hidden="true">{ count }</span>
                <span class="visually-hidden">{ props.words.run.emit(run.length) }</span>
            </span>
        }
    });
    html! {
        <div key={slot} id={format!("record-{}", row.position)} class="record" role="option" aria-selected={is_current.to_string()}
            data-testid="record-row" data-position={row.position.to_string()} data-current={is_current.to_string()}
            data-ahead={is_ahead.to_string()} data-entity={is_entity.to_string()} data-run={run.folded.then(|| run.length.to_string())}
            data-member={is_member.then_some("true")} {onclick}>
            <span class="record-position mono">{ row.position }</span>
            <span class={classes!("record-dot", type_class(row.event_type))} aria-hidden="true"></span>
            if run.folded {
                <span class="record-place">{ for mark.clone() }</span>
            } else {
                <span class="record-place mono">{ format!("P{partition}@{}", row.offset) }</span>
            }
            <span class="record-time mono">{ time }</span>
            <span class="record-key mono" data-width={columns.key.to_string()}>{ key }</span>
            <span class="record-type" data-width={columns.kind.to_string()}>{ name }</span>
            <span class="record-value mono">{ value }</span>
            if !run.folded {
                { for mark }
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_as_wide_as_its_longest_text_needs() {
        assert_eq!(width([].into_iter()), 6);
        assert_eq!(width(["a", "spray-0001"].into_iter()), 12);
        assert_eq!(width(["状态变更"].into_iter()), 9);
        assert_eq!(width([&*"k".repeat(99)].into_iter()), 36);
    }
}
