//! The course of time: lag, storage, what a rebuild costs, and everything that happened.

use super::verdict::RunProps;
use crate::components::{Chart, ChartLine, ChartMark, ChartThreshold, ChartWords};
use crate::locale::{Texts, date_time, grouped, use_texts};
use crate::state::{LaboratoryAction, use_laboratory, use_preferences};
use replay_protocol::{HappeningView, SimulationSummary};
use std::rc::Rc;
use yew::prelude::*;

/// Happenings listed; the rest is counted.
const MOST_LISTED: usize = 200;

pub(super) use crate::locale::bytes;

fn words(texts: &Texts, title: &str, y: &str, show_y: fn(&Texts, f64) -> AttrValue, has_line: bool) -> ChartWords {
    let (own, of_axis) = (texts.clone(), texts.clone());
    let key = if has_line { "sim-chart-summary" } else { "sim-chart-summary-plain" };
    ChartWords {
        title: texts.t(title),
        x: texts.t("sim-chart-time"),
        y: texts.t(y),
        nothing: texts.t("sim-chart-nothing"),
        show_x: Callback::from(|x: f64| AttrValue::from(date_time(x))),
        show_y: Callback::from(move |y: f64| show_y(&of_axis, y)),
        summary: Callback::from(move |line: crate::components::LineSummary| {
            own.with(
                key,
                &[
                    ("last", show_y(&own, line.last).to_string().into()),
                    ("highest", show_y(&own, line.highest).to_string().into()),
                    ("at", date_time(line.highest_at).into()),
                    ("above", (line.n_above as u64).into()),
                ],
            )
        }),
    }
}

fn count(_: &Texts, value: f64) -> AttrValue {
    grouped(value.max(0.0) as u64).into()
}

#[component]
pub(crate) fn Course(props: &RunProps) -> Html {
    let texts = use_texts();
    let preferences = use_preferences();
    let (theme, height) = (preferences.look(), preferences.chart_height());
    let laboratory = use_laboratory();
    let run = &props.run;
    let x: Rc<Vec<f64>> = Rc::new(run.samples.iter().map(|sample| sample.at_ms).collect());
    let line = |name: &str, values: Vec<Option<f64>>| {
        Rc::new(vec![ChartLine { name: texts.t(name), values: Rc::new(values), is_stepped: true }])
    };
    let lag = line("sim-lag-records", run.samples.iter().map(|sample| Some(sample.lag)).collect());
    let lag_time = line("sim-lag-time", run.samples.iter().map(|sample| Some(sample.lag_ms)).collect());
    let stored = line("sim-stored", run.samples.iter().map(|sample| Some(sample.stored_bytes)).collect());
    let marks: Rc<Vec<ChartMark>> = Rc::new(
        run.happenings
            .iter()
            .filter(|h| {
                matches!(h.kind.as_str(), "crash" | "join" | "alert-on" | "session-timeout" | "partitions-added")
            })
            .take(30)
            .map(|h| ChartMark { name: texts.t(&format!("happening-{}", h.kind)), at: h.at_ms })
            .collect(),
    );
    let clean_ups: Rc<Vec<ChartMark>> = Rc::new(
        run.happenings
            .iter()
            .filter(|h| matches!(h.kind.as_str(), "expired" | "compacted"))
            .take(30)
            .map(|h| ChartMark { name: texts.t(&format!("happening-{}", h.kind)), at: h.at_ms })
            .collect(),
    );
    let snapshots = line("sim-snapshots-taken", run.samples.iter().map(|sample| Some(sample.snapshots)).collect());
    let alert = run.scenario.alert;
    let threshold = |is_set: bool, value: f64| -> Rc<Vec<ChartThreshold>> {
        Rc::new(if is_set { vec![ChartThreshold { name: texts.t("sim-alert-line"), value }] } else { Vec::new() })
    };
    let by_records = threshold(alert.lag_records > 0, f64::from(alert.lag_records));
    let by_time = threshold(alert.lag_seconds > 0.0, alert.lag_seconds * 1000.0);
    let (start, span) = (run.start_ms, (run.end_ms - run.start_ms).max(1.0));
    let on_pick = {
        let laboratory = laboratory.clone();
        Callback::from(move |at: f64| laboratory.dispatch(LaboratoryAction::Moment((at - start) / span)))
    };
    let cursor = Some(start + span * laboratory.moment);
    html! {
        <section class="sim-course">
            <div class="sim-charts">
                <Chart x={x.clone()} lines={lag} thresholds={by_records} marks={marks.clone()} {cursor} theme={theme.clone()} {height} on_pick={on_pick.clone()}
                    words={words(&texts, "sim-chart-lag", "sim-lag-records", count, alert.lag_records > 0)} testid="chart-lag" />
                <Chart x={x.clone()} lines={lag_time} thresholds={by_time} marks={marks} {cursor} theme={theme.clone()} {height} on_pick={on_pick.clone()}
                    words={words(&texts, "sim-chart-lag-time", "sim-chart-lag-time", Texts::duration, alert.lag_seconds > 0.0)} testid="chart-lag-time" />
                <Chart x={x.clone()} lines={stored} marks={clean_ups} {cursor} theme={theme.clone()} {height} on_pick={on_pick.clone()}
                    words={words(&texts, "sim-chart-stored", "sim-stored", |_, y| bytes(y).into(), false)} testid="chart-stored" />
                if run.scenario.snapshots.every > 0 {
                    <Chart {x} lines={snapshots} {cursor} theme={theme.clone()} {height} {on_pick}
                        words={words(&texts, "sim-chart-snapshots", "sim-snapshots-taken", count, false)} testid="chart-snapshots" />
                }
                { rebuild(run, &texts) }
            </div>
            { happenings(run, &texts) }
        </section>
    }
}

/// What a rebuild costs by each method, as bars.
fn rebuild(run: &SimulationSummary, texts: &Texts) -> Html {
    let most = run.rebuild.iter().map(|cost| cost.records).fold(1.0, f64::max);
    html! {
        <figure class="sim-rebuild" data-testid="rebuild-cost">
            <figcaption>{ texts.t("sim-chart-rebuild") }</figcaption>
            <table>
                <tbody>{ for run.rebuild.iter().map(|cost| html! {
                    <tr key={cost.method.clone()} data-testid={format!("rebuild-{}", cost.method)}>
                        <th scope="row">{ texts.or(&format!("rebuild-{}", cost.method), &cost.method) }</th>
                        <td class="sim-bar"><svg aria-hidden="true"><rect height="100%" width={format!("{:.2}%", (cost.records / most * 100.0).max(0.5))} /></svg></td>
                        <td class="number">{ texts.with("sim-records", &[("n", ((cost.records * 10.0).round() / 10.0).into())]) }</td>
                        <td class="number muted">{ bytes(cost.bytes) }</td>
                        <td class="number muted">{ cost.time_ms.map(|ms| texts.duration(ms)).unwrap_or_default() }</td>
                    </tr>
                }) }</tbody>
            </table>
        </figure>
    }
}

fn happenings(run: &SimulationSummary, texts: &Texts) -> Html {
    let lane = |happening: &HappeningView| {
        happening
            .lane
            .and_then(|lane| run.lanes.get(lane as usize))
            .map(|lane| format!("P{}", lane.partition))
            .unwrap_or_default()
    };
    let row = |(n, happening): (usize, &HappeningView)| {
        let text = texts.with(
            &format!("happening-{}-text", happening.kind),
            &[
                ("member", happening.member.clone().unwrap_or_default().into()),
                ("lane", lane(happening).into()),
                ("n", happening.count.unwrap_or(0.0).into()),
                ("text", happening.text.clone().into()),
            ],
        );
        html! {
            <li key={n} data-testid="happening" data-kind={happening.kind.clone()}>
                <time class="number muted">{ date_time(happening.at_ms) }</time><strong>{ texts.t(&format!("happening-{}", happening.kind)) }</strong><span>{ text }</span>
            </li>
        }
    };
    let hidden = run.happenings.len().saturating_sub(MOST_LISTED);
    html! {
        <details class="sim-group" open=true data-testid="happenings">
            <summary><span>{ texts.t("sim-happenings") }</span><span class="muted number">{ run.happenings.len() }</span></summary>
            <ol class="sim-happenings">{ for run.happenings.iter().take(MOST_LISTED).enumerate().map(row) }</ol>
            if hidden > 0 { <p class="muted">{ texts.with("sim-happenings-hidden", &[("n", (hidden as u64).into())]) }</p> }
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_in_a_unit_that_can_be_read() {
        assert_eq!(bytes(999.0), "999 B");
        assert_eq!(bytes(1_500_000.0), "1.5 MB");
    }
}
