//! The tabs of the page.

use crate::locale::use_texts;
use crate::state::{SelectionAction, View, use_selection};
use yew::prelude::*;

#[component]
pub(crate) fn Tabs() -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let tab = |view: View| {
        let is_open = selection.view == view;
        let dispatcher = selection.dispatcher();
        let code = view.code();
        html! {
            <button
                key={code}
                class="tab"
                type="button"
                role="tab"
                id={format!("tab-{code}")}
                data-testid={format!("tab-{code}")}
                aria-selected={is_open.to_string()}
                aria-controls="view"
                onclick={move |_| dispatcher.dispatch(SelectionAction::Show(view))}
            >
                { texts.t(&format!("tab-{code}")) }
            </button>
        }
    };
    html! {
        <nav aria-label={texts.t("tabs")}>
            <div class="tabs" role="tablist" aria-label={texts.t("tabs")}>{ for View::ALL.into_iter().map(tab) }</div>
        </nav>
    }
}
