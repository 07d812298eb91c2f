//! Hooks on the browser alone.

mod files;
mod use_animation_frame;
mod use_calm;
mod use_drop;
mod use_size;
mod use_window_event;

pub(crate) use files::{FolderError, MAX_FILES, NamedFile, files_in, files_of};
pub(crate) use use_animation_frame::use_animation_frame;
pub(crate) use use_calm::{Calm, use_calm};
pub(crate) use use_drop::{Dropped, use_drop};
pub(crate) use use_size::use_size;
pub(crate) use use_window_event::use_window_event;

use wasm_bindgen::JsCast;

/// True if what has the focus takes keys itself: the page's shortcuts leave it alone.
pub(crate) fn takes_keys(target: Option<web_sys::EventTarget>) -> bool {
    let Some(element) = target.and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) else { return false };
    if element.is_content_editable() {
        return true;
    }
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        // The seek bar is an input, but the page's keys mean the same as its own and more.
        "INPUT" => !element.class_list().contains("seek-bar"),
        _ => false,
    }
}
