//! Records per window of time, as stacked bars in the colours of the event types.

use replay_protocol::Windows;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct WindowBarsProps {
    pub windows: Rc<Windows>,
    /// Says what stands in a window: its number among them.
    pub describe: Callback<usize, AttrValue>,
    pub label: AttrValue,
    /// Called with the start of the window that was clicked, in milliseconds.
    pub on_pick: Callback<f64>,
}

/// A bar is so high where the window holds most.
const HEIGHT: f64 = 100.0;

/// One bar a window. The numbers are in each bar's title, and in whatever text stands beside the picture.
#[component]
pub(crate) fn WindowBars(props: &WindowBarsProps) -> Html {
    let windows = &props.windows.windows;
    let sum = |counts: &[u32]| counts.iter().map(|n| u64::from(*n)).sum::<u64>();
    let most = windows.iter().map(|window| sum(&window.counts)).max().unwrap_or(0).max(1) as f64;
    let bar = |(n, window): (usize, &replay_protocol::Window)| {
        let mut below = 0.0;
        let parts = window.counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(kind, count)| {
            let height = f64::from(*count) / most * HEIGHT;
            below += height;
            html! {
                <rect key={kind} class={format!("window-part window-type-{kind}")} x={(n as f64 + 0.08).to_string()} y={(HEIGHT - below).to_string()} width="0.84" height={height.to_string()} />
            }
        });
        let parts: Vec<Html> = parts.collect();
        let start = props.windows.start_ms + props.windows.window_ms * n as f64;
        let onclick = props.on_pick.reform(move |_: MouseEvent| start);
        html! {
            <g key={n} class="window-bar" {onclick}>
                <rect class="window-ground" x={n.to_string()} y="0" width="1" height={HEIGHT.to_string()} />
                { for parts }
                if window.late > 0 {
                    <rect class="window-late" x={(n as f64 + 0.08).to_string()} y={(HEIGHT - f64::from(window.late) / most * HEIGHT).to_string()} width="0.84" height={(f64::from(window.late) / most * HEIGHT).to_string()} />
                }
                <title>{ props.describe.emit(n) }</title>
            </g>
        }
    };
    html! {
        <svg class="window-bars" role="img" aria-label={props.label.clone()} viewBox={format!("0 0 {} {HEIGHT}", windows.len().max(1))} preserveAspectRatio="none">
            { for windows.iter().enumerate().map(bar) }
        </svg>
    }
}
