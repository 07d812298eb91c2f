//! The Query view: look for records; one log feeding several read models; one entity as a stream; what reading one key costs.

mod cost;
mod fields;
mod hash;
mod models;
mod results;
mod search;
mod stream;

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
    let tab = |one: QuerySide| {
        let dispatcher = selection.dispatcher();
        html! {
            <button key={one.code()} class="tab" type="button" role="tab" id={format!("query-{}", one.code())} data-testid={format!("query-{}", one.code())}
                aria-selected={(one == side).to_string()} aria-controls="query-side" onclick={move |_| dispatcher.dispatch(SelectionAction::Query(one))}>
                { texts.t(&format!("query-side-{}", one.code())) }
            </button>
        }
    };
    let shown = match side {
        QuerySide::Search => html! { <><SearchCard /><div class="query-lanes"><LanesPanel /></div><Results /></> },
        QuerySide::Models => html! { <ReadModels /> },
        QuerySide::Stream => html! { <StreamSide /> },
        QuerySide::Cost => html! { <><CostCard /><FieldChanges /><HashOfAll /></> },
    };
    html! {
        <div class="page page-wide" data-testid="query">
            <div class="tabs tabs-page" role="tablist" aria-label={texts.t("tab-query")}>{ for QuerySide::ALL.into_iter().map(tab) }</div>
            <div class="page-side" id="query-side" role="tabpanel" aria-labelledby={format!("query-{}", side.code())}>{ shown }</div>
        </div>
    }
}
