//! A list of everything one can do, found by typing.

use super::Dialog;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// One thing to do.
#[derive(Clone, PartialEq)]
pub(crate) struct PaletteItem {
    pub id: AttrValue,
    pub title: AttrValue,
    /// The key that does the same, if there is one.
    pub key: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct PaletteProps {
    pub open: bool,
    pub title: AttrValue,
    pub close_label: AttrValue,
    pub placeholder: AttrValue,
    pub nothing: AttrValue,
    pub items: Vec<PaletteItem>,
    pub on_choose: Callback<AttrValue>,
    pub on_close: Callback<()>,
}

#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let text = use_state(String::new);
    let active = use_state(|| 0_usize);
    let input = use_node_ref();
    {
        let (text, active, input) = (text.clone(), active.clone(), input.clone());
        use_effect_with(props.open, move |open| {
            if *open {
                text.set(String::new());
                active.set(0);
                if let Some(input) = input.cast::<HtmlElement>() {
                    // An element that cannot have the focus leaves it where it is.
                    let _ = input.focus();
                }
            }
        });
    }
    let wanted = text.to_lowercase();
    let found: Vec<PaletteItem> = props
        .items
        .iter()
        .filter(|item| wanted.split_whitespace().all(|word| item.title.to_lowercase().contains(word)))
        .cloned()
        .collect();
    let choose = {
        let (on_choose, on_close) = (props.on_choose.clone(), props.on_close.clone());
        move |id: AttrValue| {
            on_close.emit(());
            on_choose.emit(id);
        }
    };
    let oninput = {
        let (text, active) = (text.clone(), active.clone());
        Callback::from(move |event: InputEvent| {
            active.set(0);
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onkeydown = {
        let (active, found, choose) = (active.clone(), found.clone(), choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => active.set((*active + 1).min(found.len().saturating_sub(1))),
                "ArrowUp" => active.set(active.saturating_sub(1)),
                "Enter" => found.get(*active).iter().for_each(|item| choose(item.id.clone())),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let item = |(n, item): (usize, &PaletteItem)| {
        let (id, choose) = (item.id.clone(), choose.clone());
        let onclick = Callback::from(move |_: MouseEvent| choose(id.clone()));
        html! {
            <li key={item.id.to_string()} id={format!("palette-{n}")} role="option" class="palette-item" aria-selected={(n == *active).to_string()} {onclick}>
                <span>{ &item.title }</span>
                if !item.key.is_empty() { <kbd class="key">{ &item.key }</kbd> }
            </li>
        }
    };
    html! {
        <Dialog open={props.open} title={props.title.clone()} close_label={props.close_label.clone()} on_close={props.on_close.clone()} testid="palette">
            <input ref={input} class="field palette-input" data-testid="palette-input" role="combobox" aria-expanded="true" aria-controls="palette-list"
                aria-activedescendant={format!("palette-{}", *active)} aria-label={props.title.clone()} placeholder={props.placeholder.clone()}
                autocomplete="off" value={(*text).clone()} {oninput} {onkeydown} />
            if found.is_empty() { <p class="muted">{ &props.nothing }</p> }
            <ul id="palette-list" class="palette-list" role="listbox" aria-label={props.title.clone()}>{ for found.iter().enumerate().map(item) }</ul>
        </Dialog>
    }
}
