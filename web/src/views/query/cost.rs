//! What it costs to know one key's state: by reading everything, the key's partition, an index, or a snapshot and the rest.

use crate::components::{Chart, ChartLine, ChartWords, LineSummary, Range, Scale};
use crate::data::{use_commands, use_entity, use_read_cost};
use crate::locale::{Texts, grouped, use_texts};
use crate::state::{TransportAction, use_preferences, use_selection, use_source, use_transport};
use replay_protocol::ReadCost;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// A way of reading and how many records it reads.
struct Way {
    id: &'static str,
    records: u64,
}

#[component]
pub(super) fn CostCard() -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let transport = use_transport();
    let source = use_source();
    let preferences = use_preferences();
    let every = use_state_eq(|| 10.0_f64);
    let entity = use_entity(selection.entity, transport.position);
    let cost = use_read_cost(selection.entity, transport.position);
    let lines = use_memo((cost.clone(), *every as u64, preferences.language), |(cost, every, _)| {
        let (x, lines) = lines(cost.as_ref(), *every, &texts);
        (Rc::new(x), Rc::new(lines))
    });
    let Some((entity, cost)) = entity.zip(cost) else {
        return html! { <section class="card"><h2>{ texts.t("cost-title") }</h2><p class="muted">{ texts.t("no-entity") }</p></section> };
    };
    let last = cost.points.last().copied().unwrap_or_default();
    let names: Vec<String> = cost
        .partitions
        .iter()
        .filter_map(|index| {
            source.summary.as_ref()?.partitions.get(*index as usize).map(|info| format!("P{}", info.partition))
        })
        .collect();
    let ways = [
        Way { id: "all", records: u64::from(last.position) },
        Way { id: "scan", records: u64::from(last.scan) },
        Way { id: "index", records: u64::from(last.index) },
        Way { id: "snapshot", records: tail(u64::from(last.index), *every as u64) },
    ];
    let most = ways[0].records.max(1);
    let way = |way: &Way| {
        html! {
            <tr key={way.id} data-testid={format!("cost-{}", way.id)}>
                <th scope="row">{ texts.with(&format!("cost-{}", way.id), &[("partitions", names.join(", ").into()), ("every", (*every).into())]) }</th>
                <td class="mono cost-records">{ grouped(way.records) }</td>
                <td class="cost-bar"><meter min="0" max={most.to_string()} value={way.records.to_string()} aria-hidden="true"></meter></td>
            </tr>
        }
    };
    let words = ChartWords {
        title: texts.with("cost-chart", &[("key", entity.key.clone().into())]),
        x: texts.t("position"),
        y: texts.t("cost-records"),
        nothing: texts.t("cost-nothing"),
        show_x: Callback::from(|x: f64| grouped(x.max(0.0) as u64).into()),
        show_y: Callback::from(|y: f64| grouped(y.max(0.0) as u64).into()),
        summary: {
            let texts = texts.clone();
            Callback::from(move |line: LineSummary| texts.with("cost-line", &[("n", line.last.into())]))
        },
    };
    let on_pick = {
        let dispatcher = transport.dispatcher();
        Callback::from(move |x: f64| dispatcher.dispatch(TransportAction::SeekTo(x.round().max(0.0) as u64)))
    };
    html! {
        <section id="cost" class="card cost" data-testid="cost">
            <h2>{ texts.with("cost-of", &[("key", entity.key.clone().into()), ("position", transport.position.into())]) }</h2>
            <p class="muted">{ texts.t("cost-lead") }</p>
            <KeyBox />
            <table class="cost-table"><tbody>{ for ways.iter().map(way) }</tbody></table>
            <Range id="cost-every" label={texts.t("cost-every")} hint={texts.t("cost-every-hint")} unit={texts.t("cost-events")} value={*every} min={1.0} max={1000.0} scale={Scale::Log}
                on_change={let every = every.setter(); Callback::from(move |value: f64| every.set(value))} />
            <Chart x={lines.0.clone()} lines={lines.1.clone()} cursor={Some(transport.position as f64)} theme={preferences.look()} height={preferences.chart_height()} {on_pick} {words} testid="cost-chart" />
        </section>
    }
}

/// Events behind the last snapshot, and the snapshot itself.
fn tail(events: u64, every: u64) -> u64 {
    let every = every.max(1);
    events % every + u64::from(events >= every)
}

fn lines(cost: Option<&Rc<ReadCost>>, every: u64, texts: &Texts) -> (Vec<f64>, Vec<ChartLine>) {
    let points = cost.map(|cost| cost.points.as_slice()).unwrap_or_default();
    let line = |name: &str, value: &dyn Fn(&replay_protocol::CostPoint) -> u64| ChartLine {
        name: texts.t(name),
        values: Rc::new(points.iter().map(|point| Some(value(point) as f64)).collect()),
        is_stepped: false,
    };
    let lines = vec![
        line("cost-short-all", &|point| u64::from(point.position)),
        line("cost-short-scan", &|point| u64::from(point.scan)),
        line("cost-short-index", &|point| u64::from(point.index)),
        line("cost-short-snapshot", &|point| tail(u64::from(point.index), every)),
    ];
    (points.iter().map(|point| f64::from(point.position)).collect(), lines)
}

/// Looks another key up.
#[component]
fn KeyBox() -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let input = use_node_ref();
    let look_up = {
        let input = input.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = input.cast::<HtmlInputElement>() {
                commands.look_up(&input.value());
            }
        })
    };
    html! {
        <form class="query-actions" onsubmit={look_up}>
            <input ref={input} class="field mono" type="text" data-testid="lookup-key" autocomplete="off" spellcheck="false" aria-label={texts.t("cost-key")} placeholder={texts.t("cost-key")} />
            <button class="button" type="submit" data-testid="lookup-run">{ texts.t("cost-look-up") }</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_counts_as_one_read_once_there_is_one() {
        assert_eq!([0, 9, 10, 11, 25].map(|events| tail(events, 10)), [0, 9, 1, 2, 6]);
        assert_eq!(tail(5, 0), 1);
    }
}
