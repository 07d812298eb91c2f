//! A button that opens a list of choices.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlElement};
use yew::prelude::*;

/// One choice.
#[derive(Clone, PartialEq)]
pub(crate) struct MenuItem {
    pub id: AttrValue,
    pub testid: AttrValue,
    pub title: AttrValue,
    /// A second line.
    pub detail: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct MenuProps {
    pub label: AttrValue,
    pub items: Vec<MenuItem>,
    pub on_choose: Callback<AttrValue>,
    #[prop_or_default]
    pub testid: AttrValue,
}

#[component]
pub(crate) fn Menu(props: &MenuProps) -> Html {
    let node = use_node_ref();
    let close = {
        let node = node.clone();
        move || {
            if let Some(details) = node.cast::<HtmlDetailsElement>() {
                details.set_open(false);
            }
        }
    };
    let onkeydown = {
        let (node, close) = (node.clone(), close.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close();
                let summary = node.cast::<HtmlElement>().and_then(|node| node.first_element_child());
                if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
                    // An element that cannot have the focus leaves it where it is.
                    let _ = summary.focus();
                }
                event.stop_propagation();
            }
        })
    };
    let item = |item: &MenuItem| {
        let (id, close, on_choose) = (item.id.clone(), close.clone(), props.on_choose.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            close();
            on_choose.emit(id.clone());
        });
        html! {
            <li key={item.id.to_string()}>
                <button type="button" class="menu-item" data-testid={item.testid.clone()} {onclick}>
                    <span>{ &item.title }</span><span class="menu-detail muted">{ &item.detail }</span>
                </button>
            </li>
        }
    };
    html! {
        <details ref={node} class="menu" {onkeydown}>
            <summary class="button" data-testid={props.testid.clone()}>{ &props.label }</summary>
            <ul class="menu-list">{ for props.items.iter().map(item) }</ul>
        </details>
    }
}
