//! The outcome in one line, its causes, and the figures that have something to say.

use crate::locale::{grouped, use_texts};
use crate::state::use_laboratory;
use replay_protocol::SimulationSummary;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct RunProps {
    pub run: Rc<SimulationSummary>,
}

/// Figures that are shown even if they are zero.
const ALWAYS: [&str; 3] = ["records", "delivered", "max_lag"];
/// Figures that the headline or the charts tell.
const ELSEWHERE: [&str; 4] = ["entities", "diverged", "appended_bytes", "max_lag_ms"];

/// Whether a figure has something to say in this run.
fn tells(run: &SimulationSummary, name: &str, value: Option<f64>) -> bool {
    // Never is worth telling.
    let Some(value) = value else { return true };
    match name {
        "appended" => figure(run, "records") != Some(value),
        // Of a log that is kept whole all is left.
        "kept_records" | "kept_bytes" => run.scenario.cleans_up(),
        // The first gives out the partitions.
        "rebalances" => value > 1.0,
        _ => value > 0.0 || ALWAYS.contains(&name),
    }
}

/// A figure by name.
pub(super) fn figure(run: &SimulationSummary, name: &str) -> Option<f64> {
    run.figures.iter().find(|figure| figure.name == name)?.value
}

#[component]
pub(crate) fn Verdict(props: &RunProps) -> Html {
    let texts = use_texts();
    let run = &props.run;
    let (entities, diverged) = (figure(run, "entities").unwrap_or(0.0), figure(run, "diverged").unwrap_or(0.0));
    let (fired, split) = (figure(run, "alerts").unwrap_or(0.0), figure(run, "split_entities").unwrap_or(0.0));
    let records = figure(run, "max_lag").unwrap_or(0.0);
    let most = [
        ("n", fired.into()),
        ("records", records.into()),
        ("time", texts.duration(figure(run, "max_lag_ms").unwrap_or(0.0)).to_string().into()),
    ];
    let right = texts.with("sim-verdict-right", &[("total", entities.into())]);
    // What there is to see comes first; that nothing came out wrong is said behind it.
    let (sign, headline) = if diverged > 0.0 {
        ("≠", texts.with("sim-verdict-wrong", &[("n", diverged.into()), ("total", entities.into())]))
    } else if fired > 0.0 {
        ("!", texts.with("sim-verdict-alert", &most))
    } else if split > 0.0 {
        ("↔", texts.with("sim-verdict-split", &[("n", split.into()), ("total", entities.into())]))
    } else {
        ("=", right.clone())
    };
    let is_right_besides = diverged <= 0.0 && sign != "=";
    let cause = |count: &replay_protocol::CauseCount| {
        html! {
            <li key={count.cause.clone()} class="sim-cause" data-testid="sim-cause" data-cause={count.cause.clone()}>
                <strong class="number">{ count.count }</strong>{ " " }{ texts.or(&format!("cause-{}", count.cause.replace(' ', "-")), &count.cause) }
            </li>
        }
    };
    let shown = run.figures.iter().filter(|figure| {
        let name = figure.name.as_str();
        !ELSEWHERE.contains(&name) && tells(run, name, figure.value)
    });
    let value = |figure: &replay_protocol::Figure| match (figure.name.as_str(), figure.value) {
        (_, None) => texts.t("sim-never"),
        ("catch_up_ms", Some(ms)) => texts.duration(ms),
        ("kept_bytes", Some(bytes)) => super::course::bytes(bytes).into(),
        (_, Some(value)) => grouped(value.max(0.0) as u64).into(),
    };
    // A ready scenario asks a question; its answer is told in this log's own figures.
    let laboratory = use_laboratory();
    let is_current = run.scenario == *laboratory.scenario;
    let answer = laboratory.preset.as_ref().filter(|_| is_current).map(|name| {
        let figures: Vec<_> = run.figures.iter().map(|f| (f.name.as_str(), f.value.unwrap_or(0.0).into())).collect();
        texts.with(&format!("scenario-{name}-answer"), &figures)
    });
    html! {
        <section class="sim-verdict" data-wrong={(diverged > 0.0).to_string()} data-point={match sign { "!" => "alert", "↔" => "split", _ => "states" }} aria-live="polite">
            <h3 data-testid="sim-verdict" data-diverged={(diverged as u64).to_string()}>
                <span class="sim-sign" aria-hidden="true">{ sign }</span>
                if sign == "!" { <span data-testid="sim-alert">{ headline }</span> } else { { headline } }
            </h3>
            if let Some(answer) = answer {
                <p class="sim-answer" data-testid="sim-answer">{ answer }</p>
            }
            if is_right_besides {
                <p class="sim-besides" data-testid="sim-besides"><span class="sim-sign" aria-hidden="true">{ "=" }</span>{ right }</p>
            }
            if !run.causes.is_empty() {
                <ul class="sim-causes">{ for run.causes.iter().map(cause) }</ul>
            }
            if fired > 0.0 && sign != "!" {
                <p class="sim-alert" role="status" data-testid="sim-alert"><span aria-hidden="true">{ "⚠ " }</span>{ texts.with("sim-alert-fired", &most) }</p>
            }
            if run.has_made_up_time { <p class="muted">{ texts.t("sim-made-up-time") }</p> }
            if run.has_counted_versions && run.scenario.idempotency == replay_protocol::Idempotency::Version { <p class="muted">{ texts.t("sim-counted-versions") }</p> }
            <dl class="sim-figures">
                { for shown.map(|figure| html! {
                    <div key={figure.name.clone()} class="sim-figure" data-testid={format!("figure-{}", figure.name)}>
                        <dt>{ texts.or(&format!("figure-{}", figure.name.replace('_', "-")), &figure.name) }</dt>
                        <dd class="number">{ value(figure) }</dd>
                    </div>
                }) }
            </dl>
        </section>
    }
}
