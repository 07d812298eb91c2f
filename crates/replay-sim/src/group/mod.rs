//! A consumer group reading the lanes: polls, commits, crashes, rebalances.
//!
//! An event-driven simulation in virtual microseconds. What each member does between two *control* events (join, leave, crash, timeout,
//! rebalance, new metadata) depends on that member alone, so members are simply taken in the order in which they are ready to poll.
//!
//! Sources: Apache Kafka, `ConsumerCoordinator` (eager and cooperative protocols, commit on revocation), `GroupMetadataManager` (a member
//! that is silent for `session.timeout.ms` is removed; a rebalance waits for those not yet removed), `Fetcher`/`FetchCollector`
//! (`max.poll.records`, partitions taken in turn), KIP-429.

mod member;
mod rebalance;

use crate::facts::Facts;
use crate::outcome::Lane;
use crate::timeline::{Happening, HappeningKind};
use crate::topic::Placement;
use member::Member;
use replay_log::RecordIndex;
use replay_protocol::{At, Commit, OffsetReset, Rate, Scenario, Store};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// What the group did.
#[derive(Default)]
pub(crate) struct GroupRun {
    /// Lane and offset of each record in the order in which they changed the store.
    pub(crate) applied: Vec<(u32, u32)>,
    /// When each of them did, in milliseconds; empty if no snapshots are taken.
    pub(crate) applied_ms: Vec<i64>,
    /// Records behind a commit that nobody processed.
    pub(crate) skipped: Vec<RecordIndex>,
    pub(crate) delivered: u64,
    pub(crate) redelivered: u64,
    pub(crate) rolled_back: u64,
    pub(crate) rebalances: u64,
    pub(crate) happenings: Vec<Happening>,
    pub(crate) commits: Vec<Vec<(i64, i64)>>,
    pub(crate) owners: Vec<Vec<(i64, Option<String>)>>,
    /// When the last record was processed, in milliseconds.
    pub(crate) finished_ms: Option<i64>,
    /// Whether everything was read in the end.
    pub(crate) is_caught_up: bool,
}

/// A record that was handed to a member.
#[derive(Clone, Copy)]
struct Delivery {
    at_us: i64,
    lane: u32,
    offset: u32,
    /// Of the lane's state; [`ROLLED_BACK`] if its transaction was aborted.
    epoch: u32,
}

const ROLLED_BACK: u32 = u32::MAX;

/// What a group knows of a lane.
#[derive(Clone, Default)]
struct LaneState {
    /// The next offset to be read.
    position: i64,
    committed: Option<i64>,
    owner: Option<usize>,
    /// Highest offset that was handed out, plus one.
    handed_out: i64,
    /// Counts how often the state of this lane was thrown away and rebuilt.
    epoch: u32,
}

/// Something that changes the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Control {
    Join,
    Leave(usize),
    Crash(usize, Option<i64>),
    Expire(usize),
    Metadata(usize),
    Complete(u32),
}

pub(crate) struct Group<'a> {
    facts: &'a Facts,
    scenario: &'a Scenario,
    lanes: &'a [Lane],
    placement: &'a Placement,
    state: Vec<LaneState>,
    members: Vec<Member>,
    /// Members by when they can poll next, with the stamp that makes an entry valid.
    ready: BinaryHeap<Reverse<(i64, u64, usize, u32)>>,
    /// Counts entries: of members that are ready at the same time, who has waited longest comes first.
    n_ready: u64,
    controls: BinaryHeap<Reverse<(i64, u32, Control)>>,
    n_controls: u32,
    /// Number of the placement's partition counts that the members know of.
    known_counts: usize,
    rebalance: u32,
    /// Nanoseconds that a member needs for a record.
    cost_ns: i64,
    deliveries: Vec<Delivery>,
    run: GroupRun,
}

fn us(ms: i64) -> i64 {
    ms.saturating_mul(1000)
}

fn ms(us: i64) -> i64 {
    us.div_euclid(1000)
}

/// A moment of a scenario in milliseconds since 1970.
pub(crate) fn moment(facts: &Facts, at: At) -> i64 {
    let (first, last) = facts.span_ms();
    match at {
        At::AfterMs(after) => first.saturating_add(after.min(1e15) as i64),
        At::Share(share) => first.saturating_add(((last - first) as f64 * share.min(1e3)) as i64),
    }
}

/// Records a second that a member processes; `None` for as fast as they come. An empty log has no mean rate to take a share of.
pub(crate) fn rate(facts: &Facts, scenario: &Scenario) -> Option<f64> {
    let (first, last) = facts.span_ms();
    match scenario.consumers.rate? {
        Rate::PerSecond(rate) => Some(rate),
        Rate::Share(_) if facts.sent.is_empty() => None,
        Rate::Share(share) => {
            let seconds = ((last - first) as f64 / 1000.0).max(0.001);
            Some(share * facts.sent.len() as f64 / seconds)
        }
    }
}

impl<'a> Group<'a> {
    pub(crate) fn new(
        facts: &'a Facts,
        scenario: &'a Scenario,
        lanes: &'a [Lane],
        placement: &'a Placement,
    ) -> Group<'a> {
        let consumers = &scenario.consumers;
        let cost_ns = rate(facts, scenario).map_or(0, |rate| (1e9 / rate).min(1e17) as i64);
        let mut group = Group {
            facts,
            scenario,
            lanes,
            placement,
            state: vec![LaneState::default(); lanes.len()],
            members: Vec::new(),
            ready: BinaryHeap::new(),
            n_ready: 0,
            controls: BinaryHeap::new(),
            n_controls: 0,
            known_counts: 0,
            rebalance: 0,
            cost_ns,
            deliveries: Vec::new(),
            run: GroupRun {
                commits: vec![Vec::new(); lanes.len()],
                owners: vec![Vec::new(); lanes.len()],
                ..GroupRun::default()
            },
        };
        let start_ms = consumers.start.map_or(facts.span_ms().0, |at| moment(facts, at));
        for _ in 0..consumers.count {
            group.add_member(us(start_ms));
        }
        group.known_counts = placement.counts_at(start_ms);
        for number in group.known_counts + 1..placement.counts.len() {
            // Members look for new partitions every `metadata.max.age.ms`.
            let found = placement.counts[number].0.saturating_add(i64::from(consumers.metadata_max_age_ms));
            group.control(us(found), Control::Metadata(number));
        }
        for at in &consumers.joins {
            group.control(us(moment(facts, *at)), Control::Join);
        }
        for leave in &consumers.leaves {
            group.control(us(moment(facts, leave.at)), Control::Leave(leave.member as usize));
        }
        for crash in &consumers.crashes {
            let restart = crash.restart_after_ms.map(|after| us(after.min(1e15) as i64));
            group.control(us(moment(facts, crash.at)), Control::Crash(crash.member as usize, restart));
        }
        if consumers.count > 0 {
            group.complete(us(start_ms));
        }
        group
    }

    fn control(&mut self, at_us: i64, control: Control) {
        self.n_controls += 1;
        self.controls.push(Reverse((at_us, self.n_controls, control)));
    }

    fn happen(&mut self, at_us: i64, kind: HappeningKind) {
        self.run.happenings.push(Happening { at_ms: ms(at_us), kind });
    }

    /// Runs until nothing is left to read or nobody is left to read it.
    pub(crate) fn run(mut self) -> GroupRun {
        loop {
            let control_at = self.controls.peek().map_or(i64::MAX, |Reverse((at, ..))| *at);
            match self.next_poll() {
                Some((at, member)) if at < control_at => self.poll(member, at, control_at),
                _ => match self.controls.pop() {
                    Some(Reverse((at, _, control))) => self.handle(at, control),
                    None => break,
                },
            }
        }
        self.finish()
    }

    /// The member that is ready first, taken off the heap.
    fn next_poll(&mut self) -> Option<(i64, usize)> {
        while let Some(Reverse((at, _, member, stamp))) = self.ready.peek().copied() {
            if self.members[member].stamp == stamp {
                return Some((at, member));
            }
            self.ready.pop();
        }
        None
    }

    /// Works out when a member can poll next.
    fn schedule(&mut self, number: usize) {
        let member = &mut self.members[number];
        member.stamp += 1;
        if !member.is_alive {
            return;
        }
        let (lanes, state) = (self.lanes, &self.state);
        let available = member.lanes.iter().filter_map(|&lane| {
            lanes[lane as usize].entries.get(state[lane as usize].position as usize).map(|entry| us(entry.at_ms))
        });
        let available = if member.batch.is_empty() { available.min() } else { Some(member.free_us) };
        if let Some(available) = available {
            self.n_ready += 1;
            self.ready.push(Reverse((available.max(member.free_us), self.n_ready, number, member.stamp)));
        }
    }

    /// One poll of a member and the processing of what it brought, cut at the next control event.
    fn poll(&mut self, number: usize, at_us: i64, limit_us: i64) {
        let member = &mut self.members[number];
        let at_us = member.begun_us.take().unwrap_or(at_us).max(member.free_us);
        // Of a batch that a control event interrupted, the rest comes before anything else is fetched.
        if member.batch.is_empty() {
            self.fetch(number, at_us);
        }
        let polled_ms = self.members[number].polled_ms;
        let mut done = 0_i64;
        let mut is_cut = false;
        while let Some((lane, to)) = self.members[number].batch.pop_front() {
            for offset in self.state[lane as usize].position..to {
                if self.lanes[lane as usize].entries[offset as usize].gone_ms > polled_ms {
                    let finished = at_us.saturating_add((done + 1).saturating_mul(self.cost_ns) / 1000);
                    if finished > limit_us {
                        is_cut = true;
                        break;
                    }
                    done += 1;
                    self.deliver(number, lane, offset, finished);
                } else {
                    self.state[lane as usize].position = offset + 1;
                }
            }
            if is_cut {
                self.members[number].batch.push_front((lane, to));
                break;
            }
        }
        let member = &mut self.members[number];
        member.free_us = at_us.saturating_add(done.saturating_mul(self.cost_ns) / 1000);
        if is_cut && done == 0 {
            // The control event may not concern this member: it then goes on with the record that it had begun.
            member.begun_us = Some(at_us);
            member.stamp += 1;
            self.n_ready += 1;
            self.ready.push(Reverse((limit_us, self.n_ready, number, member.stamp)));
        } else {
            self.schedule(number);
        }
    }

    /// What a poll brings: at most `max.poll.records`, from partitions in turn. Who commits before processing commits all of it now.
    fn fetch(&mut self, number: usize, at_us: i64) {
        let now_ms = ms(at_us);
        self.members[number].polled_ms = now_ms;
        let mut left = i64::from(self.scenario.consumers.max_poll_records);
        let n_lanes = self.members[number].lanes.len();
        let first = self.members[number].turn;
        for turn in 0..n_lanes {
            let which = (first + turn) % n_lanes;
            let lane = self.members[number].lanes[which];
            self.reset_if_gone(lane, at_us);
            let entries = &self.lanes[lane as usize].entries;
            let from = self.state[lane as usize].position;
            let mut to = from;
            while left > 0 && entries.get(to as usize).is_some_and(|entry| entry.at_ms <= now_ms) {
                left -= i64::from(entries[to as usize].gone_ms > now_ms);
                to += 1;
            }
            if to == from {
                continue;
            }
            let member = &mut self.members[number];
            member.turn = (which + 1) % n_lanes;
            member.batch.push_back((lane, to));
            if self.scenario.consumers.commit == Commit::Before {
                self.commit(lane, at_us, to);
            }
            if left == 0 {
                break;
            }
        }
    }

    /// Processes at once what a member's last poll brought of the lanes that `goes` says it is about to lose.
    ///
    /// A member leaves and gives up partitions only between two polls. It matters only to who has committed already: everybody else's
    /// successor reads the rest again.
    fn finish_batch(&mut self, number: usize, at_us: i64, goes: impl Fn(u32) -> bool) {
        let (going, staying) =
            std::mem::take(&mut self.members[number].batch).into_iter().partition(|&(lane, _)| goes(lane));
        self.members[number].batch = staying;
        let going: VecDeque<(u32, i64)> = going;
        if self.scenario.consumers.commit != Commit::Before {
            return;
        }
        for (lane, to) in going {
            for offset in self.state[lane as usize].position..to {
                if self.lanes[lane as usize].entries[offset as usize].gone_ms > self.members[number].polled_ms {
                    self.deliver(number, lane, offset, at_us);
                }
            }
        }
    }

    fn deliver(&mut self, number: usize, lane: u32, offset: i64, at_us: i64) {
        let state = &mut self.state[lane as usize];
        self.run.delivered += 1;
        self.run.redelivered += u64::from(offset < state.handed_out);
        state.handed_out = state.handed_out.max(offset + 1);
        state.position = offset + 1;
        let consumers = &self.scenario.consumers;
        let member = &mut self.members[number];
        if consumers.store == Store::Transactional || consumers.commit == Commit::Atomic {
            member.open.push(self.deliveries.len());
        }
        self.deliveries.push(Delivery { at_us, lane, offset: offset as u32, epoch: state.epoch });
        self.run.finished_ms = self.run.finished_ms.max(Some(ms(at_us)));
        member.uncommitted += 1;
        if consumers.commit != Commit::Before && member.uncommitted >= u64::from(consumers.commit_every) {
            self.commit_all(number, at_us);
        }
    }

    fn commit(&mut self, lane: u32, at_us: i64, offset: i64) {
        let state = &mut self.state[lane as usize];
        if state.committed == Some(offset) {
            return;
        }
        state.committed = Some(offset);
        let at_ms = ms(at_us);
        let commits = &mut self.run.commits[lane as usize];
        match commits.last_mut() {
            Some(last) if last.0 == at_ms => last.1 = offset,
            _ => commits.push((at_ms, offset)),
        }
    }

    /// Commits what a member has processed, and with it its open transaction.
    fn commit_all(&mut self, number: usize, at_us: i64) {
        self.members[number].uncommitted = 0;
        self.members[number].open.clear();
        if self.scenario.consumers.commit == Commit::Before {
            return;
        }
        for n in 0..self.members[number].lanes.len() {
            let lane = self.members[number].lanes[n];
            // A member that has read nothing of a partition commits its position all the same.
            let position = self.state[lane as usize].position;
            self.commit(lane, at_us, position);
        }
    }

    /// `auto.offset.reset`, if the next offset is no longer there.
    fn reset_if_gone(&mut self, lane: u32, at_us: i64) {
        let start = self.lanes[lane as usize].start_at(ms(at_us));
        let position = self.state[lane as usize].position;
        if position >= start {
            return;
        }
        let to = self.reset_offset(lane, at_us);
        self.state[lane as usize].position = to;
        self.happen(at_us, HappeningKind::OffsetReset { lane, from: Some(position), to });
    }

    fn reset_offset(&self, lane: u32, at_us: i64) -> i64 {
        let lane = &self.lanes[lane as usize];
        match self.scenario.consumers.auto_offset_reset {
            OffsetReset::Earliest => lane.start_at(ms(at_us)),
            OffsetReset::Latest => lane.end_at(ms(at_us)),
        }
    }

    fn finish(mut self) -> GroupRun {
        let end_us = self.run.finished_ms.map_or(i64::MIN, us);
        for number in 0..self.members.len() {
            // Those still there close in order, which commits.
            if self.members[number].is_alive {
                self.commit_all(number, end_us.max(us(self.facts.span_ms().1)));
            }
        }
        self.run.is_caught_up =
            self.lanes.iter().zip(&self.state).all(|(lane, state)| state.position >= lane.entries.len() as i64);
        let state = &self.state;
        let mut deliveries = self.deliveries;
        deliveries.retain(|delivery| delivery.epoch == state[delivery.lane as usize].epoch);
        // Members work side by side; what they did is put in the order of time, each lane staying in its own.
        if !deliveries.is_sorted_by_key(|delivery| delivery.at_us) {
            deliveries.sort_by_key(|delivery| delivery.at_us);
        }
        if self.scenario.snapshots.every > 0 {
            self.run.applied_ms = deliveries.iter().map(|delivery| ms(delivery.at_us)).collect();
        }
        self.run.applied = deliveries.into_iter().map(|delivery| (delivery.lane, delivery.offset)).collect();
        self.run
    }
}
