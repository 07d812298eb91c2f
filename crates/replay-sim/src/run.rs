//! One run, stage after stage, in steps.

use crate::broker;
use crate::facts::Facts;
use crate::group::{self, Group, GroupRun};
use crate::metrics::{LaneMetrics, Metrics, Rebuild};
use crate::outcome::{Entry, Fate, Lane, Outcome};
use crate::producer::Line;
use crate::sequences::Sequences;
use crate::snapshots::{self, Rebuilt, in_read_order};
use crate::timeline::{Happening, HappeningKind, Sample, Timeline};
use crate::topic::{Placement, Placer};
use crate::verdict::{Case, Cause, Divergence, Judge, Missing};
use crate::writers;
use replay_core::Projection;
use replay_lean as lean;
use replay_log::{EntityId, RecordIndex};
use replay_protocol::{Scenario, ScenarioError};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Records go into partitions.
    Produce,
    /// The broker cleans up.
    CleanUp,
    /// The group reads.
    Consume,
    /// States are rebuilt.
    Rebuild,
    /// States are compared.
    Compare,
    /// Ready.
    Done,
}

impl Stage {
    /// A name for localisation.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Produce => "produce",
            Stage::CleanUp => "clean-up",
            Stage::Consume => "consume",
            Stage::Rebuild => "rebuild",
            Stage::Compare => "compare",
            Stage::Done => "done",
        }
    }
}

/// A run under way.
pub struct Simulation {
    facts: Arc<Facts>,
    scenario: Scenario,
    projection: Projection,
    stage: Stage,
    placement: Placement,
    lanes: Vec<Lane>,
    missing_records: Vec<RecordIndex>,
    missing: Missing,
    metrics: Metrics,
    happenings: Vec<Happening>,
    group: GroupRun,
    truth: Sequences,
    outcome: Sequences,
    rebuilt: Rebuilt,
    judge: Option<Judge>,
    compared: EntityId,
    diverged: Vec<Divergence>,
}

/// Points of the lag chart.
const SAMPLES: i64 = 240;
/// Bytes of a batch's header, and about what a record's own lengths and deltas take (record batch format v2).
pub(crate) const BATCH_OVERHEAD: u64 = 61;
pub(crate) const RECORD_OVERHEAD: u64 = 7;

impl Simulation {
    /// Gets a run ready.
    ///
    /// # Errors
    /// The first value of the scenario that is out of range.
    pub fn new(facts: Arc<Facts>, scenario: Scenario, projection: Projection) -> Result<Simulation, ScenarioError> {
        scenario.check()?;
        let placement = Placement::new(&facts, &scenario);
        Ok(Simulation {
            lanes: placement
                .lanes()
                .map(|(topic, partition)| Lane { topic, partition, entries: Vec::new(), starts: Vec::new() })
                .collect(),
            placement,
            facts,
            scenario,
            projection,
            stage: Stage::Produce,
            missing_records: Vec::new(),
            missing: Missing::default(),
            metrics: Metrics::default(),
            happenings: Vec::new(),
            group: GroupRun::default(),
            truth: Sequences::default(),
            outcome: Sequences::default(),
            rebuilt: Rebuilt::default(),
            judge: None,
            compared: 0,
            diverged: Vec::new(),
        })
    }

    /// What comes next.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Entities compared so far, and in all.
    pub fn progress(&self) -> (u64, u64) {
        (u64::from(self.compared), self.facts.log.n_entities() as u64)
    }

    /// Does a stage, or compares about so many entities; true when all is done.
    #[inline(never)]
    pub fn step(&mut self, budget: usize) -> bool {
        match self.stage {
            Stage::Produce => {
                self.produce();
                self.stage = Stage::CleanUp;
            }
            Stage::CleanUp => {
                self.clean_up();
                self.stage = Stage::Consume;
            }
            Stage::Consume => {
                let group = Group::new(&self.facts, &self.scenario, &self.lanes, &self.placement);
                self.group = group.run();
                for &record in &self.group.skipped {
                    self.missing.add(record, Cause::SkippedAfterCommit);
                }
                self.stage = Stage::Rebuild;
            }
            Stage::Rebuild => {
                self.rebuild();
                self.stage = Stage::Compare;
            }
            Stage::Compare => {
                if self.compare(budget) {
                    self.stage = Stage::Done;
                }
            }
            Stage::Done => {}
        }
        self.stage == Stage::Done
    }

    fn produce(&mut self) {
        let (facts, scenario) = (&self.facts, &self.scenario);
        let written = writers::write(facts, &scenario.writers);
        for &record in &written.refused {
            self.missing.add(record, Cause::ConflictRefused);
        }
        let mut line = Line::new(&scenario.producer, scenario.seed, self.lanes.len());
        let mut placer = Placer::new(facts, scenario, &self.placement);
        let lanes = &mut self.lanes;
        let mut arrive = |lane: u32, send: crate::producer::Send| {
            let fate = match (send.is_copy, send.is_late) {
                (true, _) => Fate::Duplicate,
                (_, true) => Fate::Late,
                _ => Fate::Kept,
            };
            let entry = Entry { record: send.record, at_ms: send.at_ms, gone_ms: i64::MAX, fate };
            lanes[lane as usize].entries.push(entry);
        };
        for &(record, at_ms) in &written.appends {
            let lane = placer.place(record, at_ms);
            line.send(lane, record, at_ms, &mut arrive);
        }
        line.finish(&mut arrive);
        for &record in &line.lost {
            self.missing.add(record, Cause::Lost);
        }
        let metrics = &mut self.metrics;
        metrics.records = facts.sent.len() as u64;
        metrics.duplicates = line.duplicates;
        metrics.reordered = line.reordered;
        metrics.lost = line.lost.len() as u64;
        metrics.broker_deduplicated = line.deduplicated;
        metrics.conflicts = written.conflicts;
        metrics.conflict_retries = written.retries;
        metrics.blind_appends = written.blind;
        metrics.refused = written.refused.len() as u64;
        metrics.appended = lanes.iter().map(|lane| lane.entries.len() as u64).sum();
        self.missing_records.extend(&line.lost);
        self.missing_records.extend(&written.refused);
        self.missing_records.sort_unstable();
        for change in &self.placement.counts[1..] {
            let partitions = change.1.iter().copied().max().unwrap_or(0);
            self.happenings.push(Happening { at_ms: change.0, kind: HappeningKind::PartitionsAdded { partitions } });
        }
        self.count_splits();
    }

    /// How many records moved against the loaded log, and how many keys and entities lie in several partitions.
    fn count_splits(&mut self) {
        const NOWHERE: u32 = u32::MAX;
        const SEVERAL: u32 = u32::MAX - 1;
        let facts = &self.facts;
        // Without keys there are none that could be split.
        let mut of_key = vec![NOWHERE; if self.scenario.topic.null_keys { 0 } else { facts.keys.len() }];
        let mut of_entity = vec![NOWHERE; facts.log.n_entities()];
        let note = |place: &mut u32, lane: u32| {
            *place = if *place == NOWHERE || *place == lane { lane } else { SEVERAL };
        };
        for (number, lane) in self.lanes.iter().enumerate() {
            for entry in &lane.entries {
                let recorded = &facts.log.partitions()[facts.log.partition(entry.record) as usize];
                self.metrics.moved += u64::from(recorded.partition != lane.partition);
                if let Some(place) = of_key.get_mut(facts.key[entry.record as usize] as usize) {
                    note(place, number as u32);
                }
                facts.entities_of(entry.record, |entity| note(&mut of_entity[entity as usize], number as u32));
            }
        }
        let several = |places: &[u32]| places.iter().filter(|place| **place == SEVERAL).count() as u64;
        self.metrics.split_keys = several(&of_key);
        self.metrics.split_entities = several(&of_entity);
    }

    fn clean_up(&mut self) {
        self.metrics.appended_bytes = self.lanes.iter().flat_map(|lane| &lane.entries).map(|e| self.bytes(e)).sum();
        if !self.scenario.cleans_up() {
            return;
        }
        let end_ms = self.lanes.iter().filter_map(|lane| lane.entries.last()).map(|entry| entry.at_ms).max();
        let end_ms = end_ms.unwrap_or(0).saturating_add(self.scenario.cleanup.idle_ms);
        for number in 0..self.lanes.len() {
            broker::clean_up(
                &self.facts,
                &self.scenario,
                &mut self.lanes[number],
                number as u32,
                end_ms,
                &mut self.happenings,
            );
            for entry in &self.lanes[number].entries {
                let cause = match entry.fate {
                    Fate::Expired => Cause::Expired,
                    Fate::Compacted => Cause::CompactedAway,
                    Fate::Kept | Fate::Duplicate | Fate::Late => continue,
                };
                self.missing.add(entry.record, cause);
            }
        }
    }

    fn bytes(&self, entry: &Entry) -> u64 {
        BATCH_OVERHEAD + RECORD_OVERHEAD + u64::from(self.facts.size[entry.record as usize])
    }

    fn rebuild(&mut self) {
        let (facts, scenario) = (&self.facts, &self.scenario);
        let idempotency = scenario.idempotency;
        let lanes = &self.lanes;
        let record_of = |&(lane, offset): &(u32, u32)| lanes[lane as usize].entries[offset as usize].record;
        let (truth, ignored) = Sequences::new(facts, facts.sent.iter().copied()).deduplicate(facts, idempotency);
        self.truth = truth;
        self.metrics.recorded_twice = ignored.deduplicated;
        let (outcome, ignored) = if scenario.compares_rebuild() {
            if scenario.snapshots.every > 0 {
                self.rebuilt = snapshots::rebuild(facts, lanes, &self.group.applied, &self.group.applied_ms, scenario);
                for &record in &self.rebuilt.left_out {
                    self.missing.left_out(record);
                }
                std::mem::take(&mut self.rebuilt.sequences)
            } else {
                Sequences::new(facts, in_read_order(lanes, scenario.consumers.max_poll_records).iter().map(record_of))
            }
        } else {
            Sequences::new(facts, self.group.applied.iter().map(record_of))
        }
        .deduplicate(facts, idempotency);
        self.outcome = outcome;
        self.metrics.deduplicated = ignored.deduplicated;
        self.metrics.version_gaps = ignored.gaps;
        self.metrics.entities = facts.log.n_entities() as u64;
    }

    /// Compares about `budget` records' worth of entities.
    fn compare(&mut self, budget: usize) -> bool {
        let mut left = budget.max(1) as i64;
        let n = self.facts.log.n_entities() as u32;
        let judge = self.judge.get_or_insert_with(|| Judge::new(&self.facts, &self.projection));
        let case = Case {
            facts: &self.facts,
            projection: &self.projection,
            truth: &self.truth,
            outcome: &self.outcome,
            missing: &self.missing,
            counts_versions: self.scenario.count_versions,
        };
        while self.compared < n && left > 0 {
            let entity = self.compared;
            self.compared += 1;
            left -= 1;
            let tamper = self.rebuilt.tampered.get(&entity);
            // Each cause that is tried folds the entity once, by look-ups mostly.
            left -= self.truth.of(entity).len() as i64 / 4;
            self.diverged.extend(judge.judge(&case, entity, tamper));
        }
        if self.compared == n {
            self.judge = None;
        }
        self.compared == n
    }

    /// The outcome; call it when `step` has said true.
    pub fn finish(mut self) -> Outcome {
        while !self.step(usize::MAX / 16) {}
        let log = &self.facts.log;
        lean::sort_by_key(&mut self.diverged, |d| (log.entity_topic(d.entity), log.entity_name(d.entity)));
        self.measure();
        let timeline = self.timeline();
        let tampered: FxHashMap<_, _> = std::mem::take(&mut self.rebuilt.tampered);
        Outcome {
            facts: self.facts,
            projection: self.projection,
            truth: self.truth,
            got: self.outcome,
            tampered,
            lanes: self.lanes,
            missing: self.missing_records,
            diverged: self.diverged,
            metrics: self.metrics,
            timeline,
        }
    }

    fn measure(&mut self) {
        let mut kept_bytes = 0;
        let (mut kept, mut expired, mut compacted) = (0, 0, 0);
        for lane in &self.lanes {
            for entry in &lane.entries {
                match entry.fate {
                    Fate::Expired => expired += 1,
                    Fate::Compacted => compacted += 1,
                    Fate::Kept | Fate::Duplicate | Fate::Late => {
                        kept += 1;
                        kept_bytes += self.bytes(entry);
                    }
                }
            }
        }
        let last_ms = self.facts.span_ms().1;
        let metrics = &mut self.metrics;
        (metrics.kept_records, metrics.kept_bytes) = (kept, kept_bytes);
        (metrics.expired, metrics.compacted) = (expired, compacted);
        metrics.delivered = self.group.delivered;
        metrics.redelivered = self.group.redelivered;
        metrics.rolled_back = self.group.rolled_back;
        metrics.skipped = self.group.skipped.len() as u64;
        metrics.rebalances = self.group.rebalances;
        metrics.diverged = self.diverged.len() as u64;
        metrics.snapshots = self.rebuilt.n_snapshots;
        metrics.snapshots_refused = self.rebuilt.n_refused;
        metrics.catch_up_ms =
            self.group.finished_ms.filter(|_| self.group.is_caught_up).map(|finished| (finished - last_ms).max(0));
        self.metrics.rebuild = self.rebuild_costs();
        self.metrics.lanes = self
            .lanes
            .iter()
            .zip(&self.group.commits)
            .map(|(lane, commits)| {
                let end = lane.entries.len() as i64;
                let committed = commits.last().map(|(_, offset)| *offset);
                LaneMetrics {
                    appended: end as u64,
                    kept: lane.entries.iter().filter(|entry| entry.gone_ms == i64::MAX).count() as u64,
                    log_start_offset: lane.starts.last().map_or(0, |(_, offset)| *offset),
                    log_end_offset: end,
                    committed_offset: committed,
                    max_lag: 0,
                    final_lag: (end - committed.unwrap_or(0)).max(0) as u64,
                }
            })
            .collect();
        self.metrics.final_lag = self.metrics.lanes.iter().map(|lane| lane.final_lag).sum();
    }

    /// What rebuilding costs by each method.
    fn rebuild_costs(&self) -> Vec<Rebuild> {
        let facts = &self.facts;
        let rate = group::rate(facts, &self.scenario);
        let n_entities = facts.log.n_entities().max(1) as f64;
        let (records, bytes) = (self.metrics.kept_records as f64, self.metrics.kept_bytes as f64);
        let mean_bytes = if records > 0.0 { bytes / records } else { 0.0 };
        let cost = |method, records: f64| Rebuild {
            method,
            records,
            bytes: records * mean_bytes,
            time_ms: rate.map(|rate| records / rate * 1000.0),
        };
        let mut costs = vec![cost("scan", records)];
        let mut of_lane = vec![0_u64; self.lanes.len()];
        let mut tail = 0_u64;
        let mut own = 0_u64;
        let mut lane_of_entity = vec![usize::MAX; facts.log.n_entities()];
        let shards = self.scenario.shards.max(1);
        let mut of_shard = vec![0_u64; shards as usize];
        for (number, lane) in self.lanes.iter().enumerate() {
            let from = self.rebuilt.read_from.get(number).copied().unwrap_or(0);
            for (offset, entry) in lane.entries.iter().enumerate().filter(|(_, entry)| entry.gone_ms == i64::MAX) {
                of_lane[number] += 1;
                tail += u64::from(offset as i64 >= from);
                facts.entities_of(entry.record, |entity| {
                    own += 1;
                    lane_of_entity[entity as usize] = number;
                    of_shard[(entity % shards) as usize] += 1;
                });
            }
        }
        let has_snapshots = self.scenario.snapshots.every > 0;
        if has_snapshots {
            costs.push(cost("snapshot", tail as f64));
        }
        if shards > 1 {
            costs.push(cost("shards", of_shard.iter().copied().max().unwrap_or(0) as f64));
        }
        let scanned: u64 = lane_of_entity.iter().filter_map(|&lane| of_lane.get(lane)).sum();
        costs.push(cost("entity-scan", scanned as f64 / n_entities));
        costs.push(cost("entity-index", own as f64 / n_entities));
        if has_snapshots {
            costs.push(cost("entity-snapshot", self.rebuilt.tail_records as f64 / n_entities));
        }
        costs
    }

    /// Samples the lag, finds the alerts, and puts everything in the order of time.
    fn timeline(&mut self) -> Timeline {
        let (first, last) = self.facts.span_ms();
        let idle = if self.scenario.cleans_up() { self.scenario.cleanup.idle_ms } else { 0 };
        let end = last.saturating_add(idle).max(self.group.finished_ms.unwrap_or(last));
        let mut samples = Vec::with_capacity(SAMPLES as usize + 1);
        let (mut appended, mut commit) = (vec![0_usize; self.lanes.len()], vec![0_usize; self.lanes.len()]);
        let mut bytes = 0_u64;
        let mut gone: Vec<(i64, u64)> = self
            .lanes
            .iter()
            .flat_map(|lane| &lane.entries)
            .filter(|entry| entry.gone_ms < i64::MAX)
            .map(|entry| (entry.gone_ms, self.bytes(entry)))
            .collect();
        gone.sort_unstable();
        let mut gone = gone.into_iter().peekable();
        let mut is_alert = false;
        let alert = self.scenario.alert;
        for n in 0..=SAMPLES {
            let at_ms = first + ((end - first) as f64 / SAMPLES as f64 * n as f64) as i64;
            let mut lag = Vec::with_capacity(self.lanes.len());
            let mut committed_now = Vec::with_capacity(self.lanes.len());
            let mut oldest = at_ms;
            for (number, lane) in self.lanes.iter().enumerate() {
                while lane.entries.get(appended[number]).is_some_and(|entry| entry.at_ms <= at_ms) {
                    bytes += self.bytes(&lane.entries[appended[number]]);
                    appended[number] += 1;
                }
                let commits = &self.group.commits[number];
                while commits.get(commit[number]).is_some_and(|(at, _)| *at <= at_ms) {
                    commit[number] += 1;
                }
                let committed = commit[number].checked_sub(1).map_or(0, |n| commits[n].1);
                let behind = (appended[number] as i64 - committed).max(0) as u64;
                if behind > 0 {
                    oldest = oldest.min(lane.entries[committed as usize].at_ms);
                }
                let most = &mut self.metrics.lanes[number].max_lag;
                *most = (*most).max(behind);
                lag.push(behind);
                committed_now.push(committed);
            }
            while let Some((_, size)) = gone.next_if(|(at, _)| *at <= at_ms) {
                bytes -= size.min(bytes);
            }
            let total: u64 = lag.iter().sum();
            let lag_ms = at_ms - oldest;
            self.metrics.max_lag = self.metrics.max_lag.max(total);
            self.metrics.max_lag_ms = self.metrics.max_lag_ms.max(lag_ms);
            let fires = (alert.lag_records > 0 && total > u64::from(alert.lag_records))
                || (alert.lag_seconds > 0.0 && lag_ms as f64 > alert.lag_seconds * 1000.0);
            if fires != is_alert {
                is_alert = fires;
                self.metrics.alerts += u64::from(fires);
                let kind = if fires { HappeningKind::AlertOn { lag_records: total } } else { HappeningKind::AlertOff };
                self.happenings.push(Happening { at_ms, kind });
            }
            let snapshots = self.rebuilt.taken.partition_point(|(taken, _)| *taken <= at_ms) as u64;
            samples.push(Sample { at_ms, lag, committed: committed_now, snapshots, lag_ms, stored_bytes: bytes });
        }
        let mut happenings = std::mem::take(&mut self.happenings);
        happenings.append(&mut self.group.happenings);
        lean::sort_by_key(&mut happenings, |happening| happening.at_ms);
        Timeline {
            happenings,
            samples,
            commits: std::mem::take(&mut self.group.commits),
            owners: std::mem::take(&mut self.group.owners),
            snapshots: std::mem::take(&mut self.rebuilt.taken),
        }
    }
}
