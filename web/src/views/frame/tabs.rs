//! The views.

use crate::components::{TabItem, TabList};
use crate::locale::use_texts;
use crate::state::{SelectionAction, View, use_selection};
use yew::prelude::*;

#[component]
pub(crate) fn Tabs() -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let on_open = use_callback(selection.dispatcher(), |code: &'static str, selection| {
        if let Some(view) = View::ALL.into_iter().find(|view| view.code() == code) {
            selection.dispatch(SelectionAction::Show(view));
        }
    });
    let tab = |view: View| TabItem { code: view.code(), label: texts.t(&format!("tab-{}", view.code())) };
    html! {
        <nav aria-label={texts.t("tabs")}>
            <TabList label={texts.t("tabs")} tabs={View::ALL.map(tab).to_vec()} open={selection.view.code()} id_prefix="tab" controls="view" {on_open} />
        </nav>
    }
}
