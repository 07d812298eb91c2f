//! The partitions before and after, over the log's time.

use super::verdict::RunProps;
use crate::components::{FateLane, FateLanes};
use crate::data::use_simulation_lanes;
use crate::locale::{date_time, use_texts};
use crate::state::{LaboratoryAction, use_laboratory, use_preferences};
use replay_protocol::SimulatedLane;
use std::rc::Rc;
use yew::prelude::*;

/// Buckets along the time axis.
const COLUMNS: u32 = 240;
/// More lanes than these are not drawn; the figures count them all.
const MOST_LANES: usize = 64;

#[component]
pub(crate) fn LanesBeforeAfter(props: &RunProps) -> Html {
    let texts = use_texts();
    let laboratory = use_laboratory();
    let theme = use_preferences().theme.code();
    let run = &props.run;
    let span = (run.end_ms - run.start_ms).max(1.0);
    let at_ms = run.start_ms + span * laboratory.moment;
    let tile = use_simulation_lanes(Some(run.run), run.start_ms, run.end_ms, COLUMNS);
    let share = |ms: f64| ((ms - run.start_ms) / span).clamp(0.0, 1.0);
    let has_topics = run.lanes.windows(2).any(|pair| pair[0].topic != pair[1].topic);
    let name = |topic: &str, partition: u32| -> AttrValue {
        if has_topics { format!("{topic} P{partition}").into() } else { format!("P{partition}").into() }
    };
    let Some(tile) = tile else { return Html::default() };
    let before: Vec<FateLane> = run
        .lanes_before
        .iter()
        .zip(&tile.before)
        .take(MOST_LANES)
        .map(|(lane, cells)| FateLane {
            name: name(&lane.topic, lane.partition),
            note: AttrValue::from(cells.iter().map(|cell| u64::from(cell[0])).sum::<u64>().to_string()),
            // What never arrives hangs from the ceiling as what is gone does.
            cells: cells.iter().map(|cell| [cell[0] - cell[1].min(cell[0]), 0, 0, cell[1], 0]).collect(),
            owners: Vec::new(),
            committed: None,
        })
        .collect();
    let after: Vec<FateLane> = run
        .lanes
        .iter()
        .zip(&tile.after)
        .take(MOST_LANES)
        .map(|(lane, cells)| FateLane {
            name: name(&lane.topic, lane.partition),
            note: AttrValue::from(format!("{}–{}", lane.log_start_offset, lane.log_end_offset)),
            cells: cells.clone(),
            owners: owners(lane, &share),
            committed: None,
        })
        .collect();
    let crashes =
        run.happenings.iter().filter(|happening| matches!(happening.kind.as_str(), "crash" | "partitions-added"));
    let marks: Rc<Vec<f64>> = Rc::new(crashes.map(|happening| share(happening.at_ms)).collect());
    let on_pick = {
        let laboratory = laboratory.clone();
        Callback::from(move |share: f64| laboratory.dispatch(LaboratoryAction::Moment(share)))
    };
    let on_slide = {
        let laboratory = laboratory.clone();
        Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<web_sys::HtmlInputElement>().value_as_number();
            if value.is_finite() {
                laboratory.dispatch(LaboratoryAction::Moment(value / 1000.0));
            }
        })
    };
    let column = ((laboratory.moment * f64::from(COLUMNS)) as usize).min(COLUMNS as usize);
    let fates = ["kept", "duplicate", "late", "expired", "compacted"];
    let counted = |fate: usize| -> u64 {
        tile.after.iter().map(|cells| cells.iter().take(column).map(|cell| u64::from(cell[fate])).sum::<u64>()).sum()
    };
    let hidden = run.lanes.len().saturating_sub(MOST_LANES);
    html! {
        <section class="sim-lanes card">
            <h3>{ texts.t("sim-before") }</h3>
            <FateLanes lanes={Rc::new(before)} columns={COLUMNS} moment={laboratory.moment} theme={theme} on_pick={on_pick.clone()} label={texts.t("sim-before-label")} testid="sim-lanes-before" />
            <h3>{ texts.t("sim-after") }</h3>
            <FateLanes lanes={Rc::new(after)} columns={COLUMNS} moment={laboratory.moment} {marks} theme={theme} {on_pick} label={texts.t("sim-after-label")} testid="sim-lanes-after" />
            if hidden > 0 { <p class="muted">{ texts.with("sim-lanes-hidden", &[("n", (hidden as u64).into())]) }</p> }
            <div class="sim-moment">
                <input type="range" min="0" max="1000" step="1" value={(laboratory.moment * 1000.0).round().to_string()} oninput={on_slide} data-testid="sim-moment" aria-label={texts.t("sim-moment")} aria-valuetext={date_time(at_ms)} />
                <output class="number">{ date_time(at_ms) }</output>
            </div>
            <ul class="sim-legend">
                { for fates.iter().enumerate().map(|(n, fate)| html! {
                    <li key={*fate} class={format!("sim-fate sim-fate-{fate}")} data-testid={format!("fate-{fate}")}>{ texts.t(&format!("fate-{fate}")) }{ " " }<span class="number">{ counted(n) }</span></li>
                }) }
                <li class="sim-fate sim-fate-owner">{ texts.t("fate-owner") }</li>
            </ul>
            <ul class="sim-owners">
                { for run.lanes.iter().take(MOST_LANES).zip(&tile.committed).map(|(lane, _)| {
                    let owner = lane.owners.iter().rev().find(|(from, _)| *from <= at_ms).and_then(|(_, owner)| *owner);
                    html! { <li key={name(&lane.topic, lane.partition).to_string()} data-testid="sim-owner" data-partition={lane.partition.to_string()}>
                        <span class="mono">{ name(&lane.topic, lane.partition) }</span>{ " " }
                        { match owner { Some(owner) => texts.with("sim-owned", &[("n", u64::from(owner + 1).into())]), None => texts.t("sim-unowned") } }
                        { " · " }{ texts.with("sim-lane-lag", &[("lag", lane.final_lag.into()), ("most", lane.max_lag.into())]) }
                    </li> }
                }) }
            </ul>
        </section>
    }
}

fn owners(lane: &SimulatedLane, share: &dyn Fn(f64) -> f64) -> Vec<(f64, f64, Option<u32>)> {
    let ends = lane.owners.iter().skip(1).map(|(at, _)| share(*at)).chain([1.0]);
    lane.owners.iter().zip(ends).map(|((from, owner), to)| (share(*from), to, *owner)).collect()
}
