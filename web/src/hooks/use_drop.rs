//! Dropping files, folders or text anywhere on the page.

use super::files::{NamedFile, dropped_folders, files_of};
use super::use_window_event;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// What was dropped.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Dropped {
    /// Files, one or several.
    Files(Vec<NamedFile>),
    /// Folders, and perhaps files beside them.
    Folders(Vec<web_sys::FileSystemEntry>),
    /// Text dragged from elsewhere.
    Text(String),
}

/// Gives what is dropped to `on_drop`; true while something is dragged over the page.
#[hook]
pub(crate) fn use_drop(on_drop: Callback<Dropped>) -> bool {
    let over = use_state_eq(|| false);
    let set = over.setter();
    use_window_event(
        "dragover",
        Callback::from(move |event: web_sys::Event| {
            event.prevent_default();
            set.set(true);
        }),
    );
    let set = over.setter();
    use_window_event(
        "dragleave",
        Callback::from(move |event: web_sys::Event| {
            // Leaving the window has nothing it goes to; leaving an element for another has.
            if event.dyn_ref::<web_sys::DragEvent>().is_none_or(|event| event.related_target().is_none()) {
                set.set(false);
            }
        }),
    );
    let set = over.setter();
    use_window_event(
        "drop",
        Callback::from(move |event: web_sys::Event| {
            event.prevent_default();
            set.set(false);
            let Some(data) = event.dyn_ref::<web_sys::DragEvent>().and_then(web_sys::DragEvent::data_transfer) else {
                return;
            };
            if let Some(entries) = dropped_folders(&data) {
                on_drop.emit(Dropped::Folders(entries));
                return;
            }
            let files = files_of(data.files());
            if files.is_empty() {
                on_drop.emit(Dropped::Text(data.get_data("text").unwrap_or_default()));
            } else {
                on_drop.emit(Dropped::Files(files));
            }
        }),
    );
    *over
}
