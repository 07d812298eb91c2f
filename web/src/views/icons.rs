//! The page's few signs, drawn in the colour of the text. Always beside a label for screen readers.

use yew::prelude::*;

/// A sign of 16 by 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    ToStart,
    StepBack,
    Play,
    Pause,
    Step,
    ToEnd,
    Light,
    Dark,
    System,
    Left,
    Right,
    Up,
    Down,
    Pin,
    Close,
    Open,
    Save,
    Share,
    Present,
    Kafka,
}

/// Draws a sign.
pub(crate) fn icon(icon: Icon) -> Html {
    let path = match icon {
        Icon::ToStart => "M3 3h2v10H3zM13 3v10L6 8z",
        Icon::StepBack => "M11 3v10L4 8z",
        Icon::Play => "M4 2.5v11L13.5 8z",
        Icon::Pause => "M4 3h3v10H4zM9 3h3v10H9z",
        Icon::Step => "M4 3v10l6-5zM11 3h2v10h-2z",
        Icon::ToEnd => "M3 3v10l7-5zM11 3h2v10h-2z",
        Icon::Light => {
            "M8 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM7.3 1h1.4v2H7.3zM7.3 13h1.4v2H7.3zM1 7.3h2v1.4H1zM13 7.3h2v1.4h-2zM2.6 3.6l1-1L5 4l-1 1zM11 12l1-1 1.4 1.4-1 1zM2.6 12.4 4 11l1 1-1.4 1.4zM11 4l1.4-1.4 1 1L12 5z"
        }
        Icon::Dark => "M6 1.8A6.4 6.4 0 1 0 14.2 10 5.4 5.4 0 0 1 6 1.8z",
        Icon::System => "M8 1.5a6.5 6.5 0 1 0 0 13zM8 1.5a6.5 6.5 0 0 1 0 13v-1.3a5.2 5.2 0 0 0 0-10.4z",
        Icon::Left => "M10.5 3 5.5 8l5 5 1-1-4-4 4-4z",
        Icon::Right => "M5.5 3l5 5-5 5-1-1 4-4-4-4z",
        Icon::Up => "M3 10.5 8 5.5l5 5-1 1-4-4-4 4z",
        Icon::Down => "M3 5.5l5 5 5-5-1-1-4 4-4-4z",
        Icon::Pin => "M6 2h4v1l-.7.6.4 4.2L12 9.5V11H8.7v3.5h-1.4V11H4V9.500l2.300-1.700.4-4.200L6 3z",
        Icon::Close => "M4 3l4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z",
        Icon::Open => "M2 3h4.500l1.500 2H14v8H2zM3.500 6.500v5h9v-5z",
        Icon::Save => {
            "M7.300 2h1.400v6l2.300-2.300 1 1L8 10.700 4 6.700l1-1L7.300 8zM2.500 10H4v2.500h8V10h1.500v4h-11z"
        }
        Icon::Share => "M9 2l5 4.500L9 11V8.500C5.500 8.500 3.500 9.500 2 12c.5-4 3-6.500 7-7z",
        Icon::Present => "M1.500 2.500h13v8h-6v2h2.500V14h-6v-1.500h2.500v-2h-6zM3 4v5h10V4z",
        Icon::Kafka => {
            "M6 1.500a2 2 0 0 1 .7 3.870v1.030a2.200 2.200 0 0 1 1.100.700l2-1.100a2 2 0 1 1 .650 1.150l-2 1.100a2.200 2.200 0 0 1 0 .500l2 1.100a2 2 0 1 1-.650 1.150l-2-1.100a2.200 2.200 0 0 1-1.100.700v1.030a2 2 0 1 1-1.400 0V10.600a2.200 2.200 0 0 1 0-4.200V5.370A2 2 0 0 1 6 1.500z"
        }
    };
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d={path} fill="currentColor" />
        </svg>
    }
}
