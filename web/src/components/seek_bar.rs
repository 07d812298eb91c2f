//! A slider over the positions of a replay, with ticks where something is. Knows nothing of the store.

use std::fmt::Write;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct SeekBarProps {
    pub position: u64,
    pub total: u64,
    pub label: AttrValue,
    /// The position in words.
    #[prop_or_default]
    pub value_text: AttrValue,
    /// Positions that get a tick, ascending.
    #[prop_or_default]
    pub ticks: Rc<Vec<u32>>,
    /// Positions whose tick is larger, ascending.
    #[prop_or_default]
    pub large_ticks: Rc<Vec<u32>>,
    /// What the ticks are.
    #[prop_or_default]
    pub ticks_label: AttrValue,
    pub on_seek: Callback<u64>,
}

/// Units across the drawing of the ticks; it is stretched to the width of the bar.
const WIDTH: f64 = 10_000.0;

/// One path for all ticks, so that a thousand of them are one element.
fn path(ticks: &[u32], total: u64) -> String {
    let mut path = String::with_capacity(ticks.len() * 12);
    for tick in ticks {
        let x = (f64::from(*tick) / total.max(1) as f64 * WIDTH).round();
        // Writing to a string cannot fail.
        let _ = write!(path, "M{x} 0V10");
    }
    path
}

#[component]
pub(crate) fn SeekBar(props: &SeekBarProps) -> Html {
    let oninput = props.on_seek.reform(|event: InputEvent| {
        event.target_unchecked_into::<HtmlInputElement>().value_as_number().max(0.0) as u64
    });
    let ticks = use_memo((props.ticks.clone(), props.total), |(ticks, total)| AttrValue::from(path(ticks, *total)));
    let large =
        use_memo((props.large_ticks.clone(), props.total), |(ticks, total)| AttrValue::from(path(ticks, *total)));
    html! {
        <div class="seek">
            <input class="seek-bar" type="range" data-testid="seek" min="0" max={props.total.to_string()} step="1"
                value={props.position.to_string()} aria-label={props.label.clone()} aria-valuetext={props.value_text.clone()} {oninput} />
            <svg class="seek-ticks" data-testid="seek-ticks" data-ticks={props.ticks.len().to_string()} viewBox={format!("0 0 {WIDTH} 10")} preserveAspectRatio="none" role="img"
                aria-label={props.ticks_label.clone()}>
                <title>{ &props.ticks_label }</title>
                <path d={(*ticks).clone()} vector-effect="non-scaling-stroke" />
                if !props.large_ticks.is_empty() {
                    <path class="seek-ticks-large" data-testid="snapshot-ticks" d={(*large).clone()} vector-effect="non-scaling-stroke" />
                }
            </svg>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_where_their_positions_are() {
        assert_eq!(path(&[0, 5, 10], 10), "M0 0V10M5000 0V10M10000 0V10");
        assert_eq!(path(&[], 0), "");
    }
}
