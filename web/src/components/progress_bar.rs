//! How far something is, and the button that stops it.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ProgressBarProps {
    /// 0 to 1, if known.
    pub share: Option<f64>,
    /// What is going on.
    pub text: AttrValue,
    pub cancel_label: AttrValue,
    pub on_cancel: Callback<()>,
}

#[component]
pub(crate) fn ProgressBar(props: &ProgressBarProps) -> Html {
    html! {
        <div class="progress" data-testid="progress" role="status">
            <span class="progress-text">{ &props.text }</span>
            <progress max="1" value={props.share.map(|share| format!("{share:.3}"))} aria-label={props.text.clone()}></progress>
            <button type="button" class="button" data-testid="cancel" onclick={props.on_cancel.reform(|_: MouseEvent| ())}>{ &props.cancel_label }</button>
        </div>
    }
}
