//! The page: shows what the engine answers and sends what the person wants. Decides nothing about logs or states itself.

mod app;
mod components;
mod data;
mod hooks;
mod locale;
mod state;
mod views;

fn main() {
    mark_frame();
    yew::Renderer::<app::App>::new().render();
}

/// Tells the style sheet whether the page stands in a frame of another page.
fn mark_frame() {
    let Some(window) = web_sys::window() else { return };
    let is_framed = window.parent().ok().flatten().is_some_and(|parent| parent != window);
    if let Some(root) = window.document().and_then(|document| document.document_element()) {
        // A browser that refuses shows the page as it is outside of a frame.
        let _ = root.set_attribute("data-framed", if is_framed { "true" } else { "false" });
    }
}
