//! The views.

use crate::components::{TabItem, TabList};
use crate::locale::use_texts;
use crate::state::{SelectionAction, View, use_open_view, use_orders};
use yew::prelude::*;

#[component]
pub(crate) fn Tabs() -> Html {
    let texts = use_texts();
    let open = use_open_view().view;
    let orders = use_orders();
    let on_open = use_callback(orders.selection, |code: &'static str, selection| {
        if let Some(view) = View::ALL.into_iter().find(|view| view.code() == code) {
            selection.dispatch(SelectionAction::Show(view));
        }
    });
    let tab = |view: View| TabItem { code: view.code(), label: texts.t(&format!("tab-{}", view.code())) };
    html! {
        <nav aria-label={texts.t("tabs")}>
            <TabList label={texts.t("tabs")} tabs={View::ALL.map(tab).to_vec()} open={open.code()} id_prefix="tab" controls="view" {on_open} />
        </nav>
    }
}
