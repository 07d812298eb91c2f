//! A slider over the positions of a replay. Knows nothing of the store.

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
    pub on_seek: Callback<u64>,
}

#[component]
pub(crate) fn SeekBar(props: &SeekBarProps) -> Html {
    let oninput = props.on_seek.reform(|event: InputEvent| {
        event.target_unchecked_into::<HtmlInputElement>().value_as_number().max(0.0) as u64
    });
    html! {
        <input class="seek-bar" type="range" data-testid="seek" min="0" max={props.total.to_string()} step="1"
            value={props.position.to_string()} aria-label={props.label.clone()} aria-valuetext={props.value_text.clone()} {oninput} />
    }
}
