//! The Compare view: the same log read in two ways, one entity at two positions, or its events beside row changes.

mod outcome;
mod positions;
mod rows;
mod ways;

use crate::components::{Choice, ChoiceOption};
use crate::locale::use_texts;
use crate::state::{CompareBy, SelectionAction, use_selection};
use positions::Positions;
use rows::Rows;
use ways::Ways;
use yew::prelude::*;

#[component]
pub(crate) fn CompareView() -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let by = selection.compare;
    let on_change = use_callback(selection.dispatcher(), |value: AttrValue, selection| {
        if let Some(by) = CompareBy::ALL.into_iter().find(|by| by.code() == value) {
            selection.dispatch(SelectionAction::Compare(by));
        }
    });
    let option = |by: CompareBy| ChoiceOption {
        value: by.code().into(),
        label: texts.t(&format!("compare-by-{}", by.code())),
        hint: texts.t(&format!("compare-by-{}-hint", by.code())),
        setting: AttrValue::default(),
    };
    let options = CompareBy::ALL.map(option).to_vec();
    let chooser =
        html! { <Choice id="compare-by" label={texts.t("compare-title")} {options} value={by.code()} {on_change} /> };
    html! {
        <div class="page page-wide" data-testid="compare">
            if by == CompareBy::Position {
                <section class="card compare-choices">{ chooser }</section>
                <Positions />
            } else if by == CompareBy::Rows {
                <section class="card compare-choices">{ chooser }</section>
                <Rows />
            } else {
                <Ways key={by.code()} {by} {chooser} />
            }
        </div>
    }
}
