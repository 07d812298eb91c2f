//! Event types with their colours.

use super::type_class;
use replay_protocol::EventType;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct LegendProps {
    pub event_types: Rc<Vec<EventType>>,
    pub label: AttrValue,
}

#[component]
pub(crate) fn Legend(props: &LegendProps) -> Html {
    let item = |(n, kind): (usize, &EventType)| {
        html! {
            <li key={n} class="legend-item">
                <span class={classes!("record-dot", type_class(Some(n as u32)))} aria-hidden="true"></span>
                { &kind.name } <span class="muted mono">{ kind.records }</span>
            </li>
        }
    };
    html! { <ul class="legend" tabindex="0" aria-label={props.label.clone()}>{ for props.event_types.iter().take(9).enumerate().map(item) }</ul> }
}
