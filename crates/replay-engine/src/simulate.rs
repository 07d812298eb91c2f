//! Simulations: the job, and windows into what it gave.

use crate::entity::field_change;
use crate::loaded::Loaded;
use crate::said::bad_scenario;
use replay_core::{Projection, Replay, diff};
use replay_lean as lean;
use replay_log::{Json, Log, RecordIndex};
use replay_protocol::{
    CauseCount, ComparedStep, DivergedRow, Failure, Figure, HappeningView, LaneName, Progress, RebuildCost, Reply,
    SampleView, Scenario, SimulatedEntity, SimulatedLane, SimulationLanes, SimulationSummary,
};
use replay_sim::{Cause, Facts, FactsJob, Fate, Happening, HappeningKind, Outcome, Simulation};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Lag is told for so many lanes one by one.
const MAX_LANES_SAMPLED: usize = 32;
/// Happenings told at most; a hostile scenario can have millions.
const MAX_HAPPENINGS: usize = 2_000;
/// Records of an entity that are told to be drawn.
const MAX_PLACES: usize = 2_000;
/// Events shown on either side of the first that went wrong.
const WINDOW: usize = 200;

/// The last simulation of a loaded log.
#[derive(Default, Clone)]
pub(crate) struct Simulated {
    /// Read once per log and key; the next run with the same key uses them again.
    pub(crate) facts: Option<Arc<Facts>>,
    pub(crate) outcome: Option<Arc<Outcome>>,
    pub(crate) run: u32,
}

impl Simulated {
    /// Nothing, but the numbers of runs go on.
    pub(crate) fn dropped(self) -> Simulated {
        Simulated { run: self.run, ..Simulated::default() }
    }
}

/// A simulation under way.
pub(crate) struct SimulationJob {
    scenario: Scenario,
    projection: Projection,
    run: u32,
    generation: u32,
    state: State,
}

enum State {
    Facts(Box<FactsJob>),
    Running(Box<Simulation>),
    Nothing,
}

impl SimulationJob {
    pub(crate) fn new(scenario: Scenario, loaded: &Loaded) -> Result<SimulationJob, Failure> {
        scenario.check().map_err(bad_scenario)?;
        let projection = loaded.replay.projection().clone();
        let known = loaded.simulated.facts.as_ref().filter(|facts| facts.serve(&scenario));
        let state = match known {
            Some(facts) => {
                let run = Simulation::new(facts.clone(), scenario.clone(), projection.clone());
                State::Running(Box::new(run.map_err(bad_scenario)?))
            }
            None => State::Facts(Box::new(FactsJob::new(loaded.replay.log().clone(), &scenario))),
        };
        let (run, generation) = (loaded.simulated.run + 1, loaded.generation);
        Ok(SimulationJob { scenario, projection, run, generation, state })
    }

    /// A piece of work; the result when all is done.
    #[inline(never)]
    pub(crate) fn step(
        &mut self,
        records: usize,
        reply: &mut dyn FnMut(Reply),
    ) -> Result<Option<(Simulated, Reply)>, Failure> {
        let mut progress = |stage: &str, (done, total): (u64, u64)| {
            reply(Reply::Progress(Progress {
                stage: stage.to_owned(),
                done: done as f64,
                total: Some(total as f64),
                records: total as f64,
            }));
        };
        match std::mem::replace(&mut self.state, State::Nothing) {
            State::Facts(mut job) => {
                if job.step(records) {
                    let facts = Arc::new(job.finish());
                    let run = Simulation::new(facts, self.scenario.clone(), self.projection.clone());
                    self.state = State::Running(Box::new(run.map_err(bad_scenario)?));
                } else {
                    progress("index", job.progress());
                    self.state = State::Facts(job);
                }
            }
            State::Running(mut run) => {
                if run.step(records) {
                    let outcome = Arc::new(run.finish());
                    let summary = summary(&outcome, &self.scenario, self.run, self.generation);
                    let simulated =
                        Simulated { facts: Some(outcome.shared_facts()), outcome: Some(outcome), run: self.run };
                    return Ok(Some((simulated, Reply::Simulated(Box::new(summary)))));
                }
                progress(run.stage().name(), run.progress());
                self.state = State::Running(run);
            }
            State::Nothing => {}
        }
        Ok(None)
    }
}

fn summary(outcome: &Outcome, scenario: &Scenario, run: u32, generation: u32) -> SimulationSummary {
    let facts = outcome.facts();
    let (first, last) = facts.span_ms();
    let samples = &outcome.timeline.samples;
    let topic = |number: u16| facts.topics()[usize::from(number)].0.clone();
    let lane_name = |lane: u32| format!("P{}", outcome.lanes.get(lane as usize).map_or(0, |lane| lane.partition));
    let members = members(outcome);
    SimulationSummary {
        run,
        generation,
        scenario: scenario.clone(),
        start_ms: samples.first().map_or(first, |sample| sample.at_ms) as f64,
        end_ms: samples.last().map_or(last, |sample| sample.at_ms) as f64,
        has_made_up_time: facts.has_made_up_time(),
        has_counted_versions: facts.has_counted_versions(),
        mean_rate: outcome.metrics.records as f64 / ((last - first).max(1) as f64 / 1000.0),
        lanes_before: facts
            .log()
            .partitions()
            .iter()
            .map(|partition| LaneName { topic: partition.topic.clone(), partition: partition.partition })
            .collect(),
        lanes: outcome
            .lanes
            .iter()
            .zip(&outcome.metrics.lanes)
            .zip(&outcome.timeline.owners)
            .map(|((lane, metrics), owners)| SimulatedLane {
                topic: topic(lane.topic),
                partition: lane.partition,
                appended: metrics.appended as f64,
                kept: metrics.kept as f64,
                log_start_offset: metrics.log_start_offset as f64,
                log_end_offset: metrics.log_end_offset as f64,
                committed_offset: metrics.committed_offset.map(|offset| offset as f64),
                max_lag: metrics.max_lag as f64,
                final_lag: metrics.final_lag as f64,
                owners: owners
                    .iter()
                    .map(|(at, owner)| (*at as f64, owner.as_ref().and_then(|owner| members.get(owner).copied())))
                    .collect(),
            })
            .collect(),
        figures: figures(outcome).into_iter().map(|(name, value)| Figure { name: name.to_owned(), value }).collect(),
        rebuild: outcome
            .metrics
            .rebuild
            .iter()
            .map(|cost| RebuildCost {
                method: cost.method.to_owned(),
                records: cost.records,
                bytes: cost.bytes,
                time_ms: cost.time_ms,
            })
            .collect(),
        causes: causes(outcome),
        happenings: outcome
            .timeline
            .happenings
            .iter()
            .take(MAX_HAPPENINGS)
            .map(|happening| happening_view(happening, &lane_name))
            .collect(),
        samples: samples
            .iter()
            .map(|sample| SampleView {
                at_ms: sample.at_ms as f64,
                lag: sample.lag.iter().sum::<u64>() as f64,
                lag_ms: sample.lag_ms as f64,
                stored_bytes: sample.stored_bytes as f64,
                snapshots: sample.snapshots as f64,
                by_lane: sample.lag.iter().take(MAX_LANES_SAMPLED).map(|lag| *lag as f64).collect(),
            })
            .collect(),
    }
}

/// Members by id, numbered in the order of joining.
fn members(outcome: &Outcome) -> BTreeMap<String, u32> {
    let joins = outcome.timeline.happenings.iter().filter_map(|happening| match &happening.kind {
        HappeningKind::Join { member } => Some(member.clone()),
        _ => None,
    });
    joins.zip(0..).collect()
}

/// The single figures of a run, by name.
pub fn figures(outcome: &Outcome) -> Vec<(&'static str, Option<f64>)> {
    let m = &outcome.metrics;
    let counts = [
        ("records", m.records),
        ("appended", m.appended),
        ("moved", m.moved),
        ("split_keys", m.split_keys),
        ("split_entities", m.split_entities),
        ("duplicates", m.duplicates),
        ("reordered", m.reordered),
        ("lost", m.lost),
        ("broker_deduplicated", m.broker_deduplicated),
        ("conflicts", m.conflicts),
        ("conflict_retries", m.conflict_retries),
        ("refused", m.refused),
        ("blind_appends", m.blind_appends),
        ("delivered", m.delivered),
        ("redelivered", m.redelivered),
        ("rolled_back", m.rolled_back),
        ("skipped", m.skipped),
        ("deduplicated", m.deduplicated),
        ("recorded_twice", m.recorded_twice),
        ("version_gaps", m.version_gaps),
        ("rebalances", m.rebalances),
        ("max_lag", m.max_lag),
        ("final_lag", m.final_lag),
        ("alerts", m.alerts),
        ("appended_bytes", m.appended_bytes),
        ("kept_records", m.kept_records),
        ("kept_bytes", m.kept_bytes),
        ("expired", m.expired),
        ("compacted", m.compacted),
        ("snapshots", m.snapshots),
        ("snapshots_refused", m.snapshots_refused),
        ("entities", m.entities),
        ("diverged", m.diverged),
    ];
    let mut figures: Vec<_> = counts.into_iter().map(|(name, value)| (name, Some(value as f64))).collect();
    figures.push(("max_lag_ms", Some(m.max_lag_ms as f64)));
    figures.push(("catch_up_ms", m.catch_up_ms.map(|ms| ms as f64)));
    figures
}

fn causes(outcome: &Outcome) -> Vec<CauseCount> {
    let mut counts: BTreeMap<Cause, u32> = BTreeMap::new();
    for divergence in &outcome.diverged {
        *counts.entry(divergence.cause).or_default() += 1;
    }
    counts.into_iter().map(|(cause, count)| CauseCount { cause: cause.name().to_owned(), count }).collect()
}

/// A happening as plain data. `lane_name` gives a lane's name for the text of an assignment.
pub fn happening_view(happening: &Happening, lane_name: &dyn Fn(u32) -> String) -> HappeningView {
    let mut view = HappeningView { at_ms: happening.at_ms as f64, ..HappeningView::default() };
    let mut of = |kind: &str, member: Option<&String>, lane: Option<u32>, count: Option<f64>| {
        kind.clone_into(&mut view.kind);
        view.member = member.cloned();
        view.lane = lane;
        view.count = count;
    };
    match &happening.kind {
        HappeningKind::Join { member } => of("join", Some(member), None, None),
        HappeningKind::Leave { member } => of("leave", Some(member), None, None),
        HappeningKind::Crash { member, uncommitted } => of("crash", Some(member), None, Some(*uncommitted as f64)),
        HappeningKind::SessionTimeout { member } => of("session-timeout", Some(member), None, None),
        HappeningKind::Rebalance { assignment } => {
            of("rebalance", None, None, Some(assignment.len() as f64));
            let words = assignment.iter().map(|(member, lanes)| {
                let lanes: Vec<String> = lanes.iter().map(|&lane| lane_name(lane)).collect();
                format!("{member}: {}", if lanes.is_empty() { "–".to_owned() } else { lanes.join(" ") })
            });
            view.text = words.collect::<Vec<_>>().join(" · ");
        }
        HappeningKind::PartitionsAdded { partitions } => {
            of("partitions-added", None, None, Some(f64::from(*partitions)));
        }
        HappeningKind::OffsetReset { lane, to, .. } => of("offset-reset", None, Some(*lane), Some(*to as f64)),
        HappeningKind::Restored { lane, records } => of("restored", None, Some(*lane), Some(*records as f64)),
        HappeningKind::Expired { lane, records, .. } => of("expired", None, Some(*lane), Some(*records as f64)),
        HappeningKind::Compacted { lane, records, .. } => of("compacted", None, Some(*lane), Some(*records as f64)),
        HappeningKind::AlertOn { lag_records } => of("alert-on", None, None, Some(*lag_records as f64)),
        HappeningKind::AlertOff => of("alert-off", None, None, None),
    }
    view
}

fn no_simulation() -> Reply {
    Reply::Failed(Failure::new("no-simulation", ""))
}

/// A window of the diverged entities.
pub(crate) fn diverged(loaded: &Loaded, filter: &str, start: u64, count: u64) -> Reply {
    let Some(outcome) = &loaded.simulated.outcome else { return no_simulation() };
    let log = loaded.replay.log();
    let filter = filter.to_lowercase();
    let mut matching = outcome
        .diverged
        .iter()
        .filter(|divergence| filter.is_empty() || log.entity_name(divergence.entity).to_lowercase().contains(&filter));
    let rows = matching
        .by_ref()
        .skip(usize::try_from(start).unwrap_or(usize::MAX))
        .take(count.min(1_000) as usize)
        .map(|divergence| DivergedRow {
            entity: divergence.entity,
            topic: log.entity_topic(divergence.entity).to_owned(),
            key: log.entity_name(divergence.entity).to_owned(),
            cause: divergence.cause.name().to_owned(),
            first_wrong: loaded.replay.order().position_of(divergence.first_wrong),
        })
        .collect::<Vec<_>>();
    let total = if filter.is_empty() {
        outcome.diverged.len()
    } else {
        outcome.diverged.iter().filter(|d| log.entity_name(d.entity).to_lowercase().contains(&filter)).count()
    };
    Reply::Diverged { total: total as u64, rows }
}

/// Truth and outcome of one entity.
pub(crate) fn compared(loaded: &Loaded, entity: u32) -> Reply {
    let Some(outcome) = &loaded.simulated.outcome else { return no_simulation() };
    let log = loaded.replay.log();
    if entity as usize >= log.n_entities() {
        return Reply::Failed(Failure::new("no-entity", entity.to_string()));
    }
    let truth = outcome.truth_state(entity).json();
    let got = outcome.outcome_state(entity).json();
    let divergence = outcome.diverged.iter().find(|divergence| divergence.entity == entity);
    let (expected, applied) = outcome.sequences_of(entity);
    let first_wrong = divergence.map(|divergence| divergence.first_wrong);
    let facts = outcome.facts();
    let entries = (0_u32..)
        .zip(&outcome.lanes)
        .flat_map(|(number, lane)| lane.entries.iter().map(move |entry| (number, entry.record, entry.at_ms)));
    Reply::SimulatedEntity(Box::new(SimulatedEntity {
        entity,
        key: log.entity_name(entity).to_owned(),
        cause: divergence.map(|divergence| divergence.cause.name().to_owned()),
        changes: diff(truth.as_ref(), got.as_ref()).iter().map(field_change).collect(),
        truth: truth.as_ref().map(Json::to_text),
        outcome: got.as_ref().map(Json::to_text),
        steps: steps(&loaded.replay, expected, applied, first_wrong),
        truth_events: expected.len() as u32,
        outcome_events: applied.len() as u32,
        places_before: places(log, entity, facts.sent().map(|(record, at_ms)| (log.partition(record), record, at_ms))),
        places_after: places(log, entity, entries),
    }))
}

/// Lane and time of an entity's records among all, at most so many that a picture can show.
fn places(log: &Log, entity: u32, all: impl Iterator<Item = (u32, RecordIndex, i64)>) -> Vec<(u32, f64)> {
    let mut is_own = vec![false; log.len()];
    for &record in log.postings(entity) {
        is_own[record as usize] = true;
    }
    let own = all.filter(|(_, record, _)| is_own[*record as usize]);
    own.take(MAX_PLACES).map(|(lane, _, at_ms)| (lane, at_ms as f64)).collect()
}

/// What was applied, with what is missing put where the truth has it.
fn steps(
    replay: &Replay,
    expected: &[RecordIndex],
    applied: &[RecordIndex],
    first_wrong: Option<RecordIndex>,
) -> Vec<ComparedStep> {
    let log = replay.log();
    let place: BTreeMap<RecordIndex, usize> = lean::map(expected.iter().copied().zip(0..));
    let applied_once: std::collections::BTreeSet<RecordIndex> = lean::set(applied.iter().copied());
    let mut missing = expected.iter().copied().filter(|record| !applied_once.contains(record)).peekable();
    let mut seen = std::collections::BTreeSet::new();
    let mut marked: Vec<(RecordIndex, &str)> = Vec::with_capacity(expected.len().max(applied.len()));
    let mut furthest = 0;
    for &record in applied {
        let at = place.get(&record).copied().unwrap_or(furthest);
        if !seen.insert(record) {
            marked.push((record, "extra"));
            continue;
        }
        while let Some(hole) = missing.next_if(|hole| place[hole] < at) {
            marked.push((hole, "missing"));
        }
        marked.push((record, if at < furthest { "moved" } else { "same" }));
        furthest = furthest.max(at);
    }
    marked.extend(missing.map(|hole| (hole, "missing")));
    let is_wrong = |&(record, mark): &(RecordIndex, &str)| Some(record) == first_wrong && mark != "same";
    let centre = marked
        .iter()
        .position(is_wrong)
        .or_else(|| marked.iter().position(|(record, _)| Some(*record) == first_wrong))
        .unwrap_or(0);
    let window = centre.saturating_sub(WINDOW)..(centre + WINDOW).min(marked.len());
    window
        .map(|n| {
            let (record, mark) = marked[n];
            let partition = &log.partitions()[log.partition(record) as usize];
            ComparedStep {
                position: replay.order().position_of(record),
                place: format!("P{}@{}", partition.partition, log.offset(record)),
                event_type: log.event_type(record).map(|event_type| log.type_name(event_type).to_owned()),
                mark: mark.to_owned(),
                is_first_wrong: first_wrong.is_some() && n == centre,
            }
        })
        .collect()
}

/// The lanes between two moments, in buckets.
pub(crate) fn lanes(loaded: &Loaded, start_ms: f64, end_ms: f64, columns: u32) -> Reply {
    let Some(outcome) = &loaded.simulated.outcome else { return no_simulation() };
    let facts = outcome.facts();
    let columns = columns.clamp(1, 4_000);
    let width = ((end_ms - start_ms) / f64::from(columns)).max(f64::MIN_POSITIVE);
    let bucket = |at_ms: i64| {
        let at = at_ms as f64;
        // The last moment belongs to the last bucket.
        (at >= start_ms && at <= end_ms).then(|| (((at - start_ms) / width) as usize).min(columns as usize - 1))
    };
    let mut before = vec![vec![[0_u32; 2]; columns as usize]; facts.log().partitions().len()];
    for (record, at_ms) in facts.sent() {
        if let Some(bucket) = bucket(at_ms) {
            let cell = &mut before[facts.log().partition(record) as usize][bucket];
            cell[0] += 1;
            cell[1] += u32::from(outcome.missing.binary_search(&record).is_ok());
        }
    }
    let mut after = vec![vec![[0_u32; 5]; columns as usize]; outcome.lanes.len()];
    let mut committed = Vec::with_capacity(outcome.lanes.len());
    let last_ms = end_ms as i64;
    for (number, lane) in outcome.lanes.iter().enumerate() {
        for entry in &lane.entries {
            if let Some(bucket) = bucket(entry.at_ms) {
                // What will be removed later is still there at the moment that is looked at.
                let fate = if entry.gone_ms > last_ms && matches!(entry.fate, Fate::Expired | Fate::Compacted) {
                    Fate::Kept
                } else {
                    entry.fate
                };
                let place = Fate::ALL.iter().position(|each| *each == fate).unwrap_or(0);
                after[number][bucket][place] += 1;
            }
        }
        let commits = &outcome.timeline.commits[number];
        let n = commits.partition_point(|(at, _)| *at <= last_ms);
        let offset = n.checked_sub(1).map_or(0, |n| commits[n].1);
        committed.push((offset as f64, (lane.end_at(last_ms) - offset).max(0) as f64));
    }
    let mut snapshots = vec![vec![0_u32; columns as usize]; outcome.lanes.len()];
    for &(at_ms, lane) in &outcome.timeline.snapshots {
        if let (Some(bucket), Some(cells)) = (bucket(at_ms), snapshots.get_mut(lane as usize)) {
            cells[bucket] += 1;
        }
    }
    Reply::SimulationLanes(Box::new(SimulationLanes {
        run: loaded.simulated.run,
        start_ms,
        end_ms,
        columns,
        before,
        after,
        committed,
        snapshots,
    }))
}
