//! The keys of the page, pasting anywhere and dropping anywhere.

use super::overlays::Overlay;
use crate::data::use_commands;
use crate::hooks::{Dropped, files_of, takes_keys, use_drop, use_window_event};
use crate::locale::use_texts;
use crate::state::{Orders, SelectionAction, TransportAction, View, use_orders};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// What the keys open.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ShortcutsProps {
    /// Opens or closes what lies over the page.
    pub on_overlay: Callback<Option<Overlay>>,
    /// True while something lies over the page: only Escape is heard.
    pub is_covered: bool,
}

#[component]
pub(crate) fn Shortcuts(props: &ShortcutsProps) -> Html {
    let texts = use_texts();
    let Orders { transport, selection, .. } = use_orders();
    let commands = use_commands();
    let keys = {
        let (on_overlay, is_covered) = (props.on_overlay.clone(), props.is_covered);
        Callback::from(move |event: web_sys::Event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
                event.prevent_default();
                on_overlay.emit((!is_covered).then_some(Overlay::Palette));
                return;
            }
            if is_covered || event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            if takes_keys(event.target()) {
                return;
            }
            let ten = if event.shift_key() { 10 } else { 1 };
            match event.key().as_str() {
                // A button that has the focus is pressed by space.
                " " if is_button(event.target()) => return,
                " " => transport.dispatch(TransportAction::TogglePlay),
                "ArrowLeft" => transport.dispatch(TransportAction::StepBy(-ten)),
                "ArrowRight" => transport.dispatch(TransportAction::StepBy(ten)),
                "Home" => transport.dispatch(TransportAction::SeekTo(0)),
                "End" => transport.dispatch(TransportAction::SeekTo(u64::MAX)),
                "/" => {
                    selection.dispatch(SelectionAction::Show(View::Replay));
                    focus("entity-filter");
                }
                "g" => focus("go-to"),
                "?" => on_overlay.emit(Some(Overlay::Help)),
                digit @ ("1" | "2" | "3" | "4" | "5") => {
                    let index = digit.parse::<usize>().unwrap_or(1) - 1;
                    selection.dispatch(SelectionAction::Show(View::ALL[index]));
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    use_window_event("keydown", keys);
    let paste = {
        let commands = commands.clone();
        Callback::from(move |event: web_sys::Event| {
            if takes_keys(event.target()) {
                return;
            }
            let Some(data) =
                event.dyn_ref::<web_sys::ClipboardEvent>().and_then(web_sys::ClipboardEvent::clipboard_data)
            else {
                return;
            };
            let files = files_of(data.files());
            let text = data.get_data("text").unwrap_or_default();
            if !files.is_empty() {
                commands.load_files(files);
            } else if !text.trim().is_empty() {
                commands.load_text(text);
            }
            event.prevent_default();
        })
    };
    use_window_event("paste", paste);
    use_window_event("click", Callback::from(|event: web_sys::Event| release_focus(&event)));
    let expecting = commands.clone();
    let is_over = use_drop(Callback::from(move |dropped| match dropped {
        Dropped::Files(files) => commands.load_files(files),
        Dropped::Folders(entries) => commands.load_folders(entries),
        Dropped::Text(text) if !text.trim().is_empty() => commands.load_text(text),
        Dropped::Text(_) => {}
    }));
    use_effect_with(is_over, move |&is_over| {
        if is_over {
            expecting.expect_files();
        }
    });
    html! {
        if is_over {
            <div class="drop" data-testid="drop-overlay"><p>{ texts.t("drop-here") }</p></div>
        }
    }
}

fn is_button(target: Option<web_sys::EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| matches!(element.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY"))
}

/// A transport button that was clicked with the pointer gives up the focus, so that space plays instead of clicking it again.
fn release_focus(event: &web_sys::Event) {
    let by_pointer = event.dyn_ref::<MouseEvent>().is_some_and(|event| event.detail() > 0);
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let button = target.filter(|_| by_pointer).and_then(|target| target.closest(".transport button").ok()?);
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A button without the focus has nothing to give up.
        let _ = button.blur();
    }
}

/// Moves the focus to an element once what was just dispatched is drawn.
fn focus(id: &'static str) {
    gloo::timers::callback::Timeout::new(0, move || {
        let found = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
        if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            // An element that is not on the screen just does not take the focus.
            let _ = element.focus();
        }
    })
    .forget();
}
