//! The entities, sorted by key, as they are at the cursor.

use super::VirtualList;
use replay_protocol::{EntityRow, Life};
use std::ops::Range;
use std::rc::Rc;
use yew::prelude::*;

/// What the list says.
#[derive(Clone, PartialEq)]
pub(crate) struct EntityWords {
    pub label: AttrValue,
    pub deleted: AttrValue,
    pub unborn: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct EntityListProps {
    /// A window of rows.
    pub rows: Rc<Vec<EntityRow>>,
    /// Index of the first of them.
    pub first: u64,
    pub total: u64,
    #[prop_or_default]
    pub selected: Option<u32>,
    pub row_height: f64,
    pub on_range: Callback<Range<u64>>,
    pub on_select: Callback<u32>,
    pub words: EntityWords,
}

#[component]
pub(crate) fn EntityList(props: &EntityListProps) -> Html {
    let onkeydown = {
        let (rows, selected, on_select) = (props.rows.clone(), props.selected, props.on_select.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => -1,
                _ => return,
            };
            let at = rows.iter().position(|row| Some(row.entity) == selected);
            let next = at.map_or(Some(0), |at| at.checked_add_signed(step));
            if let Some(row) = next.and_then(|next| rows.get(next)) {
                on_select.emit(row.entity);
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let at = props.rows.iter().position(|row| Some(row.entity) == props.selected);
    // Only a row that exists can be named.
    let active_id = at.and(props.selected).map(|entity| AttrValue::from(format!("entity-{entity}")));
    let rows: Html = props.rows.iter().map(|row| entity(props, row)).collect();
    html! {
        <VirtualList total={props.total} row_height={props.row_height} first={props.first} on_range={props.on_range.clone()}
            reveal={at.map(|at| props.first + at as u64)} label={props.words.label.clone()} testid="entity-list" role="listbox"
            {active_id} {onkeydown}>
            { rows }
        </VirtualList>
    }
}

fn entity(props: &EntityListProps, row: &EntityRow) -> Html {
    let is_selected = Some(row.entity) == props.selected;
    let onclick = props.on_select.reform({
        let entity = row.entity;
        move |_: MouseEvent| entity
    });
    let life = match row.life {
        Life::Alive => "alive",
        Life::Deleted => "deleted",
        Life::Unborn => "unborn",
    };
    let badge = match row.life {
        Life::Alive => AttrValue::from(row.badge.clone()),
        Life::Deleted => props.words.deleted.clone(),
        Life::Unborn => props.words.unborn.clone(),
    };
    html! {
        <div key={row.entity} id={format!("entity-{}", row.entity)} class="entity" role="option" aria-selected={is_selected.to_string()}
            data-testid="entity-row" data-key={row.key.clone()} data-life={life} title={row.key.clone()} {onclick}>
            <span class="entity-key mono">{ &row.key }</span>
            <span class="entity-badge">{ badge }</span>
            <span class="entity-version mono">{ format!("v{}", row.version) }</span>
        </div>
    }
}
