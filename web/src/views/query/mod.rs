//! The Query view: look for records; one log feeding several read models; one entity as a stream; what reading one key costs.

mod cost;
mod fields;
mod hash;
mod models;
mod results;
mod search;
mod stream;

use crate::components::{TabItem, TabList};
use crate::locale::use_texts;
use crate::state::{QuerySide, SelectionAction, use_selection};
use crate::views::replay::LanesPanel;
use cost::CostCard;
use fields::FieldChanges;
use hash::HashOfAll;
use models::ReadModels;
use results::Results;
use search::SearchCard;
use stream::StreamSide;
use yew::prelude::*;

#[component]
pub(crate) fn QueryView() -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let side = selection.query;
    let on_open = use_callback(selection.dispatcher(), |code: &'static str, selection| {
        if let Some(side) = QuerySide::ALL.into_iter().find(|side| side.code() == code) {
            selection.dispatch(SelectionAction::Query(side));
        }
    });
    let tab = |one: QuerySide| TabItem { code: one.code(), label: texts.t(&format!("query-side-{}", one.code())) };
    let shown = match side {
        QuerySide::Search => html! { <><SearchCard /><div class="query-lanes"><LanesPanel /></div><Results /></> },
        QuerySide::Models => html! { <ReadModels /> },
        QuerySide::Stream => html! { <StreamSide /> },
        QuerySide::Cost => html! { <><CostCard /><FieldChanges /><HashOfAll /></> },
    };
    html! {
        <div class="page page-wide" data-testid="query">
            <TabList label={texts.t("tab-query")} tabs={QuerySide::ALL.map(tab).to_vec()} open={side.code()} id_prefix="query" controls="query-side" class="tabs-page" {on_open} />
            <div class="page-side" id="query-side" role="tabpanel" aria-labelledby={format!("query-{}", side.code())}>{ shown }</div>
        </div>
    }
}
