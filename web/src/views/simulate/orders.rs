//! The same log in other replay orders, and whether the states come out the same.

use crate::data::use_order_comparison;
use crate::locale::use_texts;
use crate::state::use_source;
use yew::prelude::*;

#[component]
pub(crate) fn Orders() -> Html {
    let texts = use_texts();
    let is_busy = use_source().job().is_some();
    let (outcomes, is_running, run) = use_order_comparison();
    let order = |schedule: &str| texts.or(&format!("schedule-{}", schedule.replace(':', "-")), schedule);
    let row = |(index, outcome): (usize, &crate::data::OrderOutcome)| {
        let same = outcomes[..index].iter().find(|other| other.hash == outcome.hash);
        let verdict = match same {
            Some(same) => texts.with("simulate-same", &[("order", order(&same.schedule).to_string().into())]),
            None if index == 0 => texts.t("simulate-reference"),
            None => texts.t("simulate-differs"),
        };
        html! {
            <tr key={outcome.schedule.to_string()} data-same={same.is_some().to_string()} data-testid="simulate-row">
                <th scope="row">{ order(&outcome.schedule) }</th>
                <td class="mono simulate-hash" title={outcome.hash.clone()}>{ outcome.hash.get(..16).unwrap_or_default().to_owned() }</td>
                <td>{ verdict }</td>
            </tr>
        }
    };
    html! {
        <details class="sim-group" data-testid="sim-orders">
            <summary><span>{ texts.t("simulate-title") }</span></summary>
            <p>{ texts.t("simulate-lead") }</p>
            <p>
                <button class="button button-primary" type="button" data-testid="simulate-run" disabled={is_running || is_busy} onclick={run.reform(|_: MouseEvent| ())}>
                    { texts.t(if is_running { "simulate-running" } else { "simulate-run" }) }
                </button>
            </p>
            if !outcomes.is_empty() {
                <table class="simulate-table">
                    <thead><tr><th scope="col">{ texts.t("simulate-order") }</th><th scope="col">{ texts.t("simulate-hash") }</th><th scope="col"></th></tr></thead>
                    <tbody>{ for outcomes.iter().enumerate().map(row) }</tbody>
                </table>
            }
            <p class="muted">{ texts.t("simulate-limits") }{ " " }{ texts.t("simulate-kept") }</p>
        </details>
    }
}
