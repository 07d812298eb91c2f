//! A short word that needs no answer.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ToastProps {
    pub text: AttrValue,
    #[prop_or_default]
    pub is_error: bool,
    pub close_label: AttrValue,
    pub on_close: Callback<()>,
    /// What to do about it, below.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub(crate) fn Toast(props: &ToastProps) -> Html {
    html! {
        <div class="toast" role={if props.is_error { "alert" } else { "status" }} data-error={props.is_error.to_string()}>
            <div class="toast-words"><span>{ &props.text }</span>{ props.children.clone() }</div>
            <button type="button" class="button button-quiet button-icon" aria-label={props.close_label.clone()}
                onclick={props.on_close.reform(|_: MouseEvent| ())}>{ "✕" }</button>
        </div>
    }
}
