//! The partitions before and after, over the log's time.

use super::verdict::RunProps;
use crate::components::{FateLane, FateLanes, FateMark, MarkKind};
use crate::data::{use_diverged, use_simulated_entity, use_simulation_lanes};
use crate::locale::{date_time, use_texts};
use crate::state::{LaboratoryAction, use_laboratory, use_preferences};
use replay_protocol::{SimulatedLane, SimulationLanes, SimulationSummary};
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
    let theme = use_preferences().look();
    let run = &props.run;
    let span = (run.end_ms - run.start_ms).max(1.0);
    let at_ms = run.start_ms + span * laboratory.moment;
    let tile = use_simulation_lanes(Some(run.run), run.start_ms, run.end_ms, COLUMNS);
    // The entity that is compared with the truth is pointed out: where its events were, and where they are now.
    let (_, first) = use_diverged(Some(run.run), &AttrValue::default(), 1);
    let opened = laboratory.entity.or_else(|| first.first().map(|row| row.entity));
    let pointed_out = use_simulated_entity(Some(run.run), opened);
    let share = |ms: f64| ((ms - run.start_ms) / span).clamp(0.0, 1.0);
    let has_topics = run.lanes.windows(2).any(|pair| pair[0].topic != pair[1].topic);
    let name = |topic: &str, partition: u32| -> AttrValue {
        if has_topics { format!("{topic} P{partition}").into() } else { format!("P{partition}").into() }
    };
    let Some(tile) = tile else { return Html::default() };
    let mut before: Vec<FateLane> = run
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
            snapshots: Vec::new(),
            dots: Vec::new(),
        })
        .collect();
    let readings: Vec<Option<Reading>> =
        (0..run.lanes.len().min(MOST_LANES)).map(|n| Reading::of(run, &tile, n, laboratory.moment)).collect();
    let mut after: Vec<FateLane> = run
        .lanes
        .iter()
        .zip(&tile.after)
        .zip(&tile.snapshots)
        .zip(&readings)
        .map(|(((lane, cells), snapshots), reading)| FateLane {
            name: name(&lane.topic, lane.partition),
            note: AttrValue::from(format!("{}–{}", lane.log_start_offset, lane.log_end_offset)),
            cells: cells.clone(),
            owners: owners(lane, &share),
            committed: reading.as_ref().map(|reading| reading.share),
            snapshots: snapshots.clone(),
            dots: Vec::new(),
        })
        .collect();
    if let Some(entity) = &pointed_out {
        for (lanes, places) in [(&mut before, &entity.places_before), (&mut after, &entity.places_after)] {
            for (lane, at_ms) in places {
                if let Some(lane) = lanes.get_mut(*lane as usize) {
                    lane.dots.push(share(*at_ms));
                }
            }
        }
    }
    let marks: Rc<Vec<FateMark>> = Rc::new(
        run.happenings
            .iter()
            .filter_map(|happening| {
                let kind = mark(&happening.kind)?;
                // The broker cleans up each partition by itself.
                let lane = happening.lane.filter(|_| kind == MarkKind::CleanUp).map(|lane| lane as usize);
                Some(FateMark { at: share(happening.at_ms), kind, lane })
            })
            .filter(|mark| mark.lane.is_none_or(|lane| lane < MOST_LANES))
            .collect(),
    );
    let seen: Vec<MarkKind> = MarkKind::ALL.into_iter().filter(|kind| marks.iter().any(|m| m.kind == *kind)).collect();
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
    // What happens to no record at all needs no entry in the legend.
    let happened = |fate: usize| tile.after.iter().flatten().any(|cell| cell[fate] > 0);
    let n_snapshots: u64 =
        tile.snapshots.iter().flat_map(|cells| cells.iter().take(column)).map(|n| u64::from(*n)).sum();
    let hidden = run.lanes.len().saturating_sub(MOST_LANES);
    html! {
        <section class="sim-lanes card">
            <h3>{ texts.t("sim-before") }</h3>
            <FateLanes lanes={Rc::new(before)} columns={COLUMNS} moment={laboratory.moment} theme={theme.clone()} on_pick={on_pick.clone()} label={texts.t("sim-before-label")} testid="sim-lanes-before" />
            <h3>{ texts.t("sim-after") }</h3>
            <FateLanes lanes={Rc::new(after)} columns={COLUMNS} moment={laboratory.moment} {marks} theme={theme.clone()} {on_pick} label={texts.t("sim-after-label")} testid="sim-lanes-after" />
            if hidden > 0 { <p class="muted">{ texts.with("sim-lanes-hidden", &[("n", (hidden as u64).into())]) }</p> }
            <div class="sim-moment">
                <input type="range" min="0" max="1000" step="1" value={(laboratory.moment * 1000.0).round().to_string()} oninput={on_slide} data-testid="sim-moment" aria-label={texts.t("sim-moment")} aria-valuetext={date_time(at_ms)} />
                <output class="number">{ date_time(at_ms) }</output>
            </div>
            <ul class="sim-legend">
                { for fates.iter().enumerate().filter(|(n, _)| *n == 0 || happened(*n)).map(|(n, fate)| html! {
                    <li key={*fate} class={format!("sim-fate sim-fate-{fate}")} data-testid={format!("fate-{fate}")}>{ texts.t(&format!("fate-{fate}")) }{ " " }<span class="number">{ counted(n) }</span></li>
                }) }
                if let Some(entity) = pointed_out {
                    <li class="sim-mark" data-testid="sim-mark" data-kind="entity"><span aria-hidden="true" class="sim-mark-sign">{ "●" }</span><span class="mono">{ &entity.key }</span></li>
                }
                <li class="sim-fate sim-fate-owner">{ texts.t("fate-owner") }</li>
                <li class="sim-fate sim-fate-committed">{ texts.t("fate-committed") }</li>
                if run.scenario.snapshots.every > 0 {
                    <li class="sim-mark" data-testid="sim-mark" data-kind="snapshot"><span aria-hidden="true" class="sim-mark-sign">{ "◆" }</span>{ texts.t("mark-snapshot") }{ " " }<span class="number">{ n_snapshots }</span></li>
                }
                { for seen.iter().map(|kind| html! {
                    <li key={kind.code()} class="sim-mark" data-testid="sim-mark" data-kind={kind.code()}><span aria-hidden="true" class="sim-mark-sign">{ kind.sign() }</span>{ texts.t(&format!("mark-{}", kind.code())) }</li>
                }) }
            </ul>
            <ul class="sim-owners">
                { for run.lanes.iter().zip(&readings).map(|(lane, reading)| {
                    let owner = lane.owners.iter().rev().find(|(from, _)| *from <= at_ms).and_then(|(_, owner)| *owner);
                    let lag = reading.as_ref().map_or(lane.final_lag, |reading| reading.lag);
                    html! { <li key={name(&lane.topic, lane.partition).to_string()} class="sim-owner" data-testid="sim-owner" data-partition={lane.partition.to_string()} data-lag={lag.to_string()}>
                        <span class="mono">{ name(&lane.topic, lane.partition) }</span>
                        <span class="sim-owner-chip" data-owner={owner.map_or_else(|| "none".to_owned(), |owner| (owner % 8).to_string())}>
                            { match owner { Some(owner) => texts.with("sim-owned", &[("n", u64::from(owner + 1).into())]), None => texts.t("sim-unowned") } }
                        </span>
                        <span>
                            if let Some(reading) = reading { { texts.with("sim-lane-committed", &[("committed", reading.committed.into())]) }{ " · " } }
                            { texts.with("sim-lane-lag", &[("lag", lag.into()), ("most", lane.max_lag.into())]) }
                        </span>
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

/// How far the group has read a lane at a moment.
struct Reading {
    /// Committed offset.
    committed: f64,
    /// Records behind.
    lag: f64,
    /// When the record at the committed offset was appended, as a share of the time drawn.
    share: f64,
}

impl Reading {
    /// `None` for a lane whose lag is not told one by one.
    fn of(run: &SimulationSummary, tile: &SimulationLanes, lane: usize, moment: f64) -> Option<Reading> {
        let last = run.samples.len().checked_sub(1)?;
        let sample = run.samples.get(((moment * last as f64) as usize).min(last))?;
        let lag = *sample.by_lane.get(lane)?;
        let cells = tile.after.get(lane)?;
        let column = ((moment * f64::from(tile.columns)) as usize).min(cells.len());
        let in_column = |cell: &[u32; 5]| cell.iter().map(|n| u64::from(*n)).sum::<u64>() as f64;
        let appended: f64 = cells.iter().take(column).map(in_column).sum();
        let committed = (appended - lag).max(0.0);
        let mut so_far = 0.0;
        let reached = cells.iter().take(column).position(|cell| {
            so_far += in_column(cell);
            so_far > committed
        });
        let share = reached.map_or(moment, |at| at as f64 / f64::from(tile.columns.max(1)));
        Some(Reading { committed, lag, share })
    }
}

fn mark(kind: &str) -> Option<MarkKind> {
    Some(match kind {
        "crash" => MarkKind::Crash,
        "join" => MarkKind::Join,
        "leave" | "session-timeout" => MarkKind::Leave,
        "rebalance" => MarkKind::Rebalance,
        "partitions-added" => MarkKind::Partitions,
        "expired" | "compacted" => MarkKind::CleanUp,
        "alert-on" => MarkKind::Alert,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use replay_protocol::SampleView;

    #[test]
    fn what_is_read_is_told_at_any_moment() {
        let sample =
            |lag| SampleView { at_ms: 0.0, lag, lag_ms: 0.0, stored_bytes: 0.0, snapshots: 0.0, by_lane: vec![lag] };
        let run = SimulationSummary { samples: vec![sample(0.0), sample(3.0), sample(1.0)], ..Default::default() };
        let cells = vec![[2, 0, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 2, 0], [0; 5]];
        let tile = SimulationLanes {
            run: 1,
            start_ms: 0.0,
            end_ms: 4.0,
            columns: 4,
            before: Vec::new(),
            after: vec![cells],
            committed: Vec::new(),
            snapshots: Vec::new(),
        };
        let at = |moment| Reading::of(&run, &tile, 0, moment).map(|r| (r.committed, r.lag, r.share));
        assert_eq!(at(0.0), Some((0.0, 0.0, 0.0)));
        assert_eq!(at(0.5), Some((1.0, 3.0, 0.0)));
        assert_eq!(at(1.0), Some((5.0, 1.0, 0.5)));
        assert!(Reading::of(&run, &tile, 1, 0.5).is_none());
    }
}
