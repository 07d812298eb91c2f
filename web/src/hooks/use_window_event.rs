//! Events that are heard on the whole window.

use gloo::events::{EventListener, EventListenerOptions};
use yew::prelude::*;

/// Calls the latest `on_event` for each event called `name` anywhere on the page. The callback may prevent the default.
#[hook]
pub(crate) fn use_window_event(name: &'static str, on_event: Callback<web_sys::Event>) {
    let latest = use_mut_ref(|| on_event.clone());
    *latest.borrow_mut() = on_event;
    use_effect_with(name, move |name| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = web_sys::window().map(|window| {
            EventListener::new_with_options(&window, *name, options, move |event| {
                let callback = latest.borrow().clone();
                callback.emit(event.clone());
            })
        });
        move || drop(listener)
    });
}
