//! The Query view: look for records, see what reading one key costs, see when a field changed, and get the hash of all states.

mod cost;
mod fields;
mod hash;
mod results;
mod search;

use crate::views::replay::LanesPanel;
use cost::CostCard;
use fields::FieldChanges;
use hash::HashOfAll;
use results::Results;
use search::SearchCard;
use yew::prelude::*;

#[component]
pub(crate) fn QueryView() -> Html {
    html! {
        <div class="page page-wide" data-testid="query">
            <SearchCard />
            <div class="query-lanes"><LanesPanel /></div>
            <Results />
            <CostCard />
            <FieldChanges />
            <HashOfAll />
        </div>
    }
}
