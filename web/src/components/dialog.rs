//! A modal dialogue: the browser's own, which traps the focus and closes on Escape.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    pub open: bool,
    pub title: AttrValue,
    pub close_label: AttrValue,
    pub on_close: Callback<()>,
    /// For tables.
    #[prop_or_default]
    pub is_wide: bool,
    #[prop_or_default]
    pub testid: AttrValue,
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.open, move |open| {
            let Some(dialog) = node.cast::<HtmlDialogElement>() else { return };
            if *open && !dialog.open() {
                // It can only fail if the dialogue is open or not in the page, and it is neither.
                let _ = dialog.show_modal();
            } else if !*open && dialog.open() {
                dialog.close();
            }
        });
    }
    let onclose = props.on_close.reform(|_: Event| ());
    let onclick = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={node} class={classes!("dialog", props.is_wide.then_some("dialog-wide"))} aria-label={props.title.clone()} data-testid={props.testid.clone()} {onclose}>
            <header class="dialog-head">
                <h2>{ &props.title }</h2>
                <button type="button" class="button button-quiet button-icon" aria-label={props.close_label.clone()} {onclick}>{ "✕" }</button>
            </header>
            <div class="dialog-body">{ if props.open { props.children.clone() } else { Html::default() } }</div>
        </dialog>
    }
}
