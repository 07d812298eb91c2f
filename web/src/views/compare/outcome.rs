//! What a comparison came to: how many entities, which of them, and the two states of one.

use crate::components::{SideBySide, SideWords};
use crate::data::use_commands;
use crate::locale::use_texts;
use crate::state::{CompareBy, SelectionAction, View, use_selection};
use replay_protocol::{Compared, ComparedEntity};
use std::rc::Rc;
use yew::prelude::*;

/// What came out, and what the two ways are called.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(super) struct OutcomeProps {
    pub by: CompareBy,
    pub compared: Rc<Compared>,
    pub left: AttrValue,
    pub right: AttrValue,
}

#[component]
pub(super) fn Outcome(props: &OutcomeProps) -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let selection = use_selection().dispatcher();
    let chosen = use_state_eq(|| 0_usize);
    {
        let set = chosen.setter();
        use_effect_with(props.compared.clone(), move |_| set.set(0));
    }
    let compared = &props.compared;
    let n_different = compared.differing + compared.only_left + compared.only_right;
    let said = texts.with("compare-said", &[("same", compared.same.into()), ("different", n_different.into())]);
    let detail = |id: &str, n: u32, name: &AttrValue| {
        (n > 0).then(|| html! { <li>{ texts.with(id, &[("n", n.into()), ("name", name.to_string().into())]) }</li> })
    };
    let entity = |(n, row): (usize, &ComparedEntity)| {
        let set = chosen.setter();
        let sign = match (&row.left, &row.right) {
            (Some(_), Some(_)) => "≠",
            (Some(_), None) => "−",
            _ => "+",
        };
        html! {
            <li key={n}>
                <button class="compare-entity mono" type="button" data-testid="compare-entity" data-key={row.key.clone()} aria-pressed={(n == *chosen).to_string()}
                    onclick={move |_| set.set(n)}><span class="compare-sign" aria-hidden="true">{ sign }</span>{ &row.key }</button>
            </li>
        }
    };
    let words = SideWords {
        left: props.left.clone(),
        right: props.right.clone(),
        only_left: texts.t("removed"),
        only_right: texts.t("added"),
        differs: texts.t("changed"),
        nothing: texts.t("compare-no-state"),
    };
    let shown = compared.rows.get(*chosen).map(|row| {
        let (key, commands, selection) = (row.key.clone(), commands.clone(), selection.clone());
        let open = Callback::from(move |_: MouseEvent| {
            commands.choose_key(key.clone());
            selection.dispatch(SelectionAction::Show(View::Replay));
        });
        html! {
            <section class="card compare-states" aria-label={row.key.clone()}>
                <div class="query-head">
                    <h3 class="mono">{ &row.key }</h3>
                    if row.left.is_some() {
                        <button class="button" type="button" data-testid="compare-open" onclick={open}>{ texts.t("query-open") }</button>
                    }
                </div>
                <SideBySide left={row.left.clone().map(AttrValue::from)} right={row.right.clone().map(AttrValue::from)} {words} testid="compare-sides" />
            </section>
        }
    });
    let unlisted = u64::from(n_different).saturating_sub(compared.rows.len() as u64);
    html! {
        <>
            <section class="card" role="status" data-testid="compare-outcome" data-different={n_different.to_string()}>
                <h2>{ said }</h2>
                if compared.without_state > 0 {
                    <p data-testid="compare-without-state">{ texts.with("compare-without-state", &[("n", compared.without_state.into())]) }</p>
                }
                if n_different == 0 {
                    <p class="muted">{ texts.t(&format!("compare-same-{}", props.by.code())) }</p>
                } else if compared.only_left + compared.only_right > 0 {
                    <ul class="compare-counts">
                        { for detail("compare-n-differ", compared.differing, &props.left) }
                        { for detail("compare-n-only", compared.only_left, &props.left) }
                        { for detail("compare-n-only", compared.only_right, &props.right) }
                    </ul>
                }
            </section>
            if n_different > 0 {
                <div class="compare-list-and-states">
                    <section class="card compare-list" aria-label={texts.t("compare-list")}>
                        <ul>{ for compared.rows.iter().enumerate().map(entity) }</ul>
                        if unlisted > 0 {
                            <p class="muted">{ texts.with("n-more-errors", &[("n", unlisted.into())]) }</p>
                        }
                    </section>
                    { for shown }
                </div>
            }
        </>
    }
}
