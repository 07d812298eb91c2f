//! A list of everything one can do, found by typing.

use super::Dialog;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// One thing to do.
#[derive(Clone, PartialEq)]
pub(crate) struct PaletteItem {
    pub id: AttrValue,
    pub title: AttrValue,
    /// What kind of thing it is, or what there is to say of it; shown pale behind the title.
    pub note: AttrValue,
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
    /// Commands: shown while their title holds what is typed.
    pub items: Vec<PaletteItem>,
    /// What was found for the typed text elsewhere, in front of the commands.
    #[prop_or_default]
    pub places: Vec<PaletteItem>,
    /// The same, behind them.
    #[prop_or_default]
    pub found: Vec<PaletteItem>,
    /// Whether it is still being looked for what is typed. Enter waits for that if there is nothing else to choose.
    #[prop_or_default]
    pub is_looking: bool,
    /// What is typed, whenever it changes.
    #[prop_or_default]
    pub on_type: Callback<AttrValue>,
    /// Enter where nothing fits.
    #[prop_or_default]
    pub on_other: Callback<AttrValue>,
    pub on_choose: Callback<AttrValue>,
    pub on_close: Callback<()>,
}

#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let text = use_state(String::new);
    let active = use_state(|| 0_usize);
    let is_entered = use_state_eq(|| false);
    let input = use_node_ref();
    let list = use_node_ref();
    {
        let (text, active, input, on_type) = (text.clone(), active.clone(), input.clone(), props.on_type.clone());
        let is_entered = is_entered.clone();
        use_effect_with(props.open, move |open| {
            is_entered.set(false);
            if *open {
                text.set(String::new());
                active.set(0);
                on_type.emit(AttrValue::default());
                if let Some(input) = input.cast::<HtmlElement>() {
                    // An element that cannot have the focus leaves it where it is.
                    let _ = input.focus();
                }
            }
        });
    }
    let wanted = text.to_lowercase();
    let fits = |item: &&PaletteItem| wanted.split_whitespace().all(|word| item.title.to_lowercase().contains(word));
    let commands = props.items.iter().filter(fits);
    let found: Vec<PaletteItem> = props.places.iter().chain(commands).chain(&props.found).cloned().collect();
    // What was found may have become less since the arrow keys chose.
    let at = (*active).min(found.len().saturating_sub(1));
    {
        let list = list.clone();
        use_effect_with((at, found.len()), move |(at, _)| {
            let chosen = list.cast::<web_sys::Element>().and_then(|list| list.children().item(*at as u32));
            if let Some(chosen) = chosen {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                chosen.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let choose = {
        let (on_choose, on_close) = (props.on_choose.clone(), props.on_close.clone());
        move |id: AttrValue| {
            on_close.emit(());
            on_choose.emit(id);
        }
    };
    let oninput = {
        let (text, active, on_type) = (text.clone(), active.clone(), props.on_type.clone());
        let is_entered = is_entered.clone();
        Callback::from(move |event: InputEvent| {
            is_entered.set(false);
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            active.set(0);
            on_type.emit(typed.clone().into());
            text.set(typed);
        })
    };
    let enter = {
        let (found, choose, typed) = (found.clone(), choose.clone(), text.trim().to_owned());
        let (on_other, on_close) = (props.on_other.clone(), props.on_close.clone());
        move || match found.get(at) {
            Some(item) => choose(item.id.clone()),
            None if typed.is_empty() => {}
            None => {
                on_close.emit(());
                on_other.emit(typed.clone().into());
            }
        }
    };
    let waits = found.is_empty() && props.is_looking;
    {
        // What was entered before the answer came is done once it is there.
        let (is_entered, enter) = (is_entered.clone(), enter.clone());
        use_effect_with((*is_entered, waits), move |(entered, waits)| {
            if *entered && !*waits {
                is_entered.set(false);
                enter();
            }
        });
    }
    let onkeydown = {
        let (active, is_entered) = (active.clone(), is_entered.clone());
        let (input, shown) = (input.clone(), (*text).clone());
        let count = found.len();
        Callback::from(move |event: KeyboardEvent| {
            // Enter may come before what was typed is drawn; then what is found here is still for the text before.
            let is_stale = || input.cast::<HtmlInputElement>().is_some_and(|input| input.value() != shown);
            match event.key().as_str() {
                "ArrowDown" => active.set((at + 1).min(count.saturating_sub(1))),
                "ArrowUp" => active.set(at.saturating_sub(1)),
                "Enter" if waits || is_stale() => is_entered.set(true),
                "Enter" => enter(),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let item = |(n, item): (usize, &PaletteItem)| {
        let (id, choose) = (item.id.clone(), choose.clone());
        let onclick = Callback::from(move |_: MouseEvent| choose(id.clone()));
        html! {
            <li key={item.id.to_string()} id={format!("palette-{n}")} role="option" class="palette-item" aria-selected={(n == at).to_string()} data-testid="palette-item" {onclick}>
                <span class="palette-title">{ &item.title }</span>
                <span class="palette-note muted">{ &item.note }</span>
                if !item.key.is_empty() { <kbd class="key">{ &item.key }</kbd> }
            </li>
        }
    };
    html! {
        <Dialog open={props.open} title={props.title.clone()} close_label={props.close_label.clone()} on_close={props.on_close.clone()} testid="palette">
            <input ref={input} class="field palette-input" data-testid="palette-input" role="combobox" aria-expanded="true" aria-controls="palette-list"
                aria-activedescendant={(!found.is_empty()).then(|| format!("palette-{at}"))} aria-label={props.title.clone()} placeholder={props.placeholder.clone()}
                autocomplete="off" value={(*text).clone()} {oninput} {onkeydown} />
            if found.is_empty() && !props.is_looking { <p class="muted">{ &props.nothing }</p> }
            <ul ref={list} id="palette-list" class="palette-list" role="listbox" aria-label={props.title.clone()}>{ for found.iter().enumerate().map(item) }</ul>
        </Dialog>
    }
}
