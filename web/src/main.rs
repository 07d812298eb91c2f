//! The page: shows what the engine answers and sends what the person wants. Decides nothing about logs or states itself.

mod app;
mod components;
mod data;
mod hooks;
mod locale;
mod state;
mod views;

fn main() {
    yew::Renderer::<app::App>::new().render();
}
