//! All states rebuilt by shards side by side, measured on this machine.

use crate::components::{Chart, ChartLine, ChartWords, LineSummary};
use crate::data::{Measured, use_rebuild_measure};
use crate::locale::{Texts, grouped, use_texts};
use crate::state::{use_preferences, use_source};
use replay_protocol::{RebuildMeasure, RebuildRun};
use std::rc::Rc;
use yew::prelude::*;

/// Shards that are tried at most: the host has fewer workers on most machines.
const MOST: u32 = 8;

/// How many times as fast a run is as the one with one shard.
fn speed_up(measure: &RebuildMeasure, run: &RebuildRun) -> f64 {
    let one = measure.runs.first().map_or(0.0, |run| run.rebuild_ms);
    one / run.rebuild_ms.max(0.001)
}

fn times(value: f64) -> String {
    format!("× {value:.2}")
}

#[component]
pub(crate) fn SpeedUp() -> Html {
    let texts = use_texts();
    let is_busy = use_source().job().is_some();
    let (measured, measure) = use_rebuild_measure();
    let onclick = measure.reform(|_: MouseEvent| MOST);
    let is_running = matches!(measured, Measured::Running(_));
    html! {
        <section class="sim-speedup card" data-testid="speedup" data-state={match measured { Measured::Nothing => "nothing", Measured::Running(_) => "running", Measured::Ready(_) => "ready", Measured::Failed(_) => "failed" }}>
            <div class="sim-speedup-head">
                <h3>{ texts.t("speedup-title") }</h3>
                <button class="button" type="button" data-testid="speedup-measure" disabled={is_running || is_busy} {onclick}>
                    { texts.t(if is_running { "speedup-running" } else { "speedup-measure" }) }
                </button>
            </div>
            <p class="muted">{ texts.t("speedup-lead") }</p>
            { match &measured {
                Measured::Nothing | Measured::Running(_) => Html::default(),
                Measured::Failed(detail) => html! { <p class="sim-refused" role="alert">{ texts.with("failed-worker-gone", &[("detail", detail.to_string().into())]) }</p> },
                Measured::Ready(measure) => html! { <Measure measure={measure.clone()} texts={texts.clone()} /> },
            } }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct MeasureProps {
    measure: Rc<RebuildMeasure>,
    texts: Texts,
}

#[component]
fn Measure(props: &MeasureProps) -> Html {
    let (measure, texts) = (&props.measure, &props.texts);
    let theme = use_preferences().look();
    let x: Rc<Vec<f64>> = Rc::new(measure.runs.iter().map(|run| f64::from(run.shards)).collect());
    let line = |name: &str, values: Vec<Option<f64>>| ChartLine {
        name: texts.t(name),
        values: Rc::new(values),
        is_stepped: false,
    };
    let lines = Rc::new(vec![
        line("speedup-measured", measure.runs.iter().map(|run| Some(speed_up(measure, run))).collect()),
        line("speedup-ideal", measure.runs.iter().map(|run| Some(f64::from(run.shards))).collect()),
    ]);
    let words = ChartWords {
        title: texts.t("speedup-chart"),
        x: texts.t("speedup-shards"),
        y: texts.t("speedup-times"),
        nothing: texts.t("sim-chart-nothing"),
        show_x: Callback::from(|x: f64| {
            AttrValue::from(if x.fract() == 0.0 { format!("{x:.0}") } else { String::new() })
        }),
        show_y: Callback::from(|y: f64| AttrValue::from(times(y))),
        summary: Callback::from(|line: LineSummary| AttrValue::from(times(line.highest))),
    };
    let is_same = measure.runs.iter().all(|run| run.is_same);
    let facts = [
        ("cores", u64::from(measure.cores).into()),
        ("events", measure.events.into()),
        ("entities", u64::from(measure.entities).into()),
    ];
    let is_short = measure.runs.first().is_some_and(|run| run.rebuild_ms < 20.0);
    let slowest = measure.runs.iter().map(|run| run.rebuild_ms).fold(0.001, f64::max);
    html! {
        <>
            <p data-testid="speedup-facts">{ texts.with("speedup-facts", &facts) }</p>
            <div class="sim-speedup-body">
                <table class="sim-speedup-table">
                    <thead><tr>
                        <th scope="col">{ texts.t("speedup-shards") }</th><th scope="col" class="sim-bar"><span class="visually-hidden">{ texts.t("speedup-rebuild") }</span></th>
                        <th scope="col">{ texts.t("speedup-rebuild") }</th><th scope="col">{ texts.t("speedup-times") }</th><th scope="col">{ texts.t("speedup-hand-out") }</th>
                    </tr></thead>
                    <tbody>{ for measure.runs.iter().map(|run| html! {
                        <tr key={run.shards} data-testid="speedup-row" data-shards={run.shards.to_string()} data-same={run.is_same.to_string()} data-ms={run.rebuild_ms.to_string()} data-hand-out-ms={run.hand_out_ms.to_string()}>
                            <th scope="row" class="number">{ run.shards }</th>
                            <td class="sim-bar"><svg aria-hidden="true"><rect height="100%" width={format!("{:.2}%", (run.rebuild_ms / slowest * 100.0).max(0.5))} /></svg></td>
                            <td class="number">{ duration_ms(texts, run.rebuild_ms) }</td>
                            <td class="number"><strong>{ times(speed_up(measure, run)) }</strong></td>
                            <td class="number muted">{ duration_ms(texts, run.hand_out_ms) }</td>
                        </tr>
                    }) }</tbody>
                </table>
                <Chart {x} {lines} theme={theme.clone()} height={170.0} {words} testid="chart-speedup" />
            </div>
            <p data-testid="speedup-same" data-same={is_same.to_string()}>
                { texts.t(if is_same { "speedup-same" } else { "speedup-differs" }) }{ " " }<code title={measure.hash.clone()}>{ measure.hash.get(..16).unwrap_or_default().to_owned() }</code>
            </p>
            if is_short { <p class="muted">{ texts.with("speedup-short", &[("events", grouped(measure.events as u64).into())]) }</p> }
        </>
    }
}

/// Milliseconds with what can be measured of them.
fn duration_ms(texts: &Texts, ms: f64) -> AttrValue {
    if ms < 100.0 { texts.with("duration-ms", &[("n", format!("{ms:.1}").into())]) } else { texts.duration(ms) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Language;

    #[test]
    fn the_speed_up_is_against_one_shard_and_never_infinite() {
        let run = |shards, rebuild_ms| RebuildRun { shards, hand_out_ms: 1.0, rebuild_ms, repeated: 1, is_same: true };
        let measure = RebuildMeasure { runs: vec![run(1, 300.0), run(2, 150.0)], ..RebuildMeasure::default() };
        assert_eq!(times(speed_up(&measure, &measure.runs[1])), "× 2.00");
        assert!(speed_up(&measure, &run(4, 0.0)).is_finite());
        assert_eq!(duration_ms(&Texts::new(Language::English), 1.25), "1.2 ms");
    }
}
