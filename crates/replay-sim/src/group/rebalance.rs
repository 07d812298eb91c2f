//! Joins, leaves, crashes, and who owns what behind them.

use super::{Control, Delivery, Group, Member, ROLLED_BACK, ms, us};
use crate::timeline::HappeningKind;
use replay_kafka::assignor::{Assignor, Member as Subscriber, TopicPartition};
use replay_lean as lean;
use replay_protocol::{AssignorName, Commit, Store};
use std::collections::BTreeMap;

impl Group<'_> {
    pub(super) fn add_member(&mut self, at_us: i64) {
        let member = Member::new(self.members.len(), at_us);
        let id = member.id.clone();
        self.members.push(member);
        self.happen(at_us, HappeningKind::Join { member: id });
    }

    pub(super) fn handle(&mut self, at_us: i64, control: Control) {
        match control {
            Control::Join => {
                self.add_member(at_us);
                self.trigger(at_us);
            }
            Control::Leave(number) => {
                if !self.members.get(number).is_some_and(|member| member.is_alive) {
                    return;
                }
                self.finish_batch(number, at_us, |_| true);
                self.commit_all(number, at_us);
                let id = self.bury(number, at_us);
                self.happen(at_us, HappeningKind::Leave { member: id });
                self.trigger(at_us);
            }
            Control::Crash(number, restart) => self.crash(number, at_us, restart),
            Control::Expire(number) => {
                let id = self.bury(number, at_us);
                self.happen(at_us, HappeningKind::SessionTimeout { member: id });
                self.trigger(at_us);
            }
            Control::Metadata(number) => {
                self.known_counts = number;
                self.trigger(at_us);
            }
            Control::Complete(rebalance) => {
                if rebalance == self.rebalance {
                    self.complete(at_us);
                }
            }
        }
    }

    /// Takes a member out of the group; its lanes belong to nobody until the rebalance.
    fn bury(&mut self, number: usize, at_us: i64) -> String {
        let member = &mut self.members[number];
        member.is_alive = false;
        member.expires_us = None;
        member.stamp += 1;
        let id = member.id.clone();
        for lane in std::mem::take(&mut member.lanes) {
            self.state[lane as usize].owner = None;
            self.own(lane, at_us, None);
        }
        id
    }

    fn own(&mut self, lane: u32, at_us: i64, owner: Option<String>) {
        let owners = &mut self.run.owners[lane as usize];
        let at_ms = ms(at_us);
        match owners.last_mut() {
            Some(last) if last.1 == owner => {}
            Some(last) if last.0 == at_ms => last.1 = owner,
            _ => owners.push((at_ms, owner)),
        }
    }

    /// A member dies: what it had not committed is forgotten (or its transaction aborted), and nobody knows until the session times out.
    fn crash(&mut self, number: usize, at_us: i64, restart: Option<i64>) {
        if !self.members.get(number).is_some_and(|member| member.is_alive) {
            return;
        }
        let expires_us = at_us.saturating_add(us(i64::from(self.scenario.consumers.session_timeout_ms)));
        let member = &mut self.members[number];
        member.is_alive = false;
        member.expires_us = Some(expires_us);
        member.stamp += 1;
        let uncommitted = std::mem::take(&mut member.uncommitted);
        member.batch.clear();
        let id = member.id.clone();
        let open = std::mem::take(&mut member.open);
        self.run.rolled_back += open.len() as u64;
        for delivery in open {
            self.deliveries[delivery].epoch = ROLLED_BACK;
        }
        let is_before = self.scenario.consumers.commit == Commit::Before;
        if is_before {
            for n in 0..self.members[number].lanes.len() {
                let lane = self.members[number].lanes[n] as usize;
                let state = &self.state[lane];
                let (from, to) = (state.position, state.committed.unwrap_or(state.position));
                let entries = &self.lanes[lane].entries;
                self.run.skipped.extend((from..to).filter_map(|offset| entries.get(offset as usize)).map(|e| e.record));
            }
        }
        let uncommitted = if is_before { 0 } else { uncommitted };
        self.happen(at_us, HappeningKind::Crash { member: id, uncommitted });
        self.control(expires_us, Control::Expire(number));
        if let Some(after) = restart {
            self.control(at_us.saturating_add(after), Control::Join);
        }
    }

    fn is_cooperative(&self) -> bool {
        self.scenario.consumers.assignor == AssignorName::CooperativeSticky
    }

    /// Starts a rebalance. With the eager protocol everybody stops, commits and gives all partitions back.
    fn trigger(&mut self, at_us: i64) {
        // It cannot be completed while the coordinator waits for a member that is dead without its knowing.
        let waits_for = self.members.iter().filter_map(|member| member.expires_us).max().unwrap_or(at_us);
        let complete_us = at_us.saturating_add(us(i64::from(self.scenario.consumers.rebalance_ms))).max(waits_for);
        if !self.is_cooperative() {
            for number in 0..self.members.len() {
                if self.members[number].is_alive {
                    self.commit_all(number, at_us);
                    let member = &mut self.members[number];
                    member.free_us = member.free_us.max(complete_us);
                    self.schedule(number);
                }
            }
        }
        self.rebalance += 1;
        self.control(complete_us, Control::Complete(self.rebalance));
    }

    /// The assignment is there: partitions change hands.
    pub(super) fn complete(&mut self, at_us: i64) {
        let counts = &self.placement.counts[self.known_counts].1;
        let topics: BTreeMap<String, u32> =
            lean::map(self.facts.topics.iter().zip(counts).map(|((name, _), count)| (name.clone(), *count)));
        let names: Vec<String> = topics.keys().cloned().collect();
        let subscribers: Vec<Subscriber> = self
            .members
            .iter()
            .filter(|member| member.is_known())
            .map(|member| Subscriber {
                id: member.id.clone(),
                topics: names.clone(),
                owned: member.lanes.iter().map(|&lane| self.topic_partition(lane)).collect(),
                generation: member.generation,
            })
            .collect();
        let assignor = match self.scenario.consumers.assignor {
            AssignorName::Range => Assignor::Range,
            AssignorName::RoundRobin => Assignor::RoundRobin,
            AssignorName::Sticky => Assignor::Sticky,
            AssignorName::CooperativeSticky => Assignor::CooperativeSticky,
        };
        let assignment = assignor.assign(&topics, &subscribers);
        self.run.rebalances += 1;
        let generation = self.run.rebalances as i32;
        let mut wanted: Vec<Vec<u32>> = vec![Vec::new(); self.members.len()];
        for (number, member) in self.members.iter().enumerate() {
            if let Some(partitions) = assignment.get(&member.id) {
                wanted[number] = partitions.iter().filter_map(|partition| self.lane_of(partition)).collect();
                wanted[number].sort_unstable();
            }
        }
        let mut has_revoked = false;
        for (number, wanted) in wanted.iter().enumerate() {
            let given_up: Vec<u32> =
                self.members[number].lanes.iter().copied().filter(|lane| !wanted.contains(lane)).collect();
            if given_up.is_empty() {
                continue;
            }
            has_revoked = true;
            if self.members[number].is_alive {
                self.finish_batch(number, at_us, |lane| given_up.contains(&lane));
                self.commit_all(number, at_us);
            }
            for lane in given_up {
                self.state[lane as usize].owner = None;
                self.own(lane, at_us, None);
            }
        }
        let mut shown = Vec::new();
        for (number, lanes) in wanted.into_iter().enumerate() {
            if !self.members[number].is_known() {
                continue;
            }
            let had = std::mem::take(&mut self.members[number].lanes);
            self.members[number].lanes.clone_from(&lanes);
            self.members[number].generation = generation;
            self.members[number].turn = 0;
            for &lane in lanes.iter().filter(|lane| !had.contains(lane)) {
                self.take_over(number, lane, at_us);
            }
            shown.push((self.members[number].id.clone(), lanes));
            self.schedule(number);
        }
        self.happen(at_us, HappeningKind::Rebalance { assignment: shown });
        if has_revoked && self.is_cooperative() {
            // What was given up is handed on in a second rebalance, which those who gave up start at once (KIP-429).
            self.trigger(at_us);
        }
    }

    fn topic_partition(&self, lane: u32) -> TopicPartition {
        let lane = &self.lanes[lane as usize];
        TopicPartition { topic: self.facts.topics[usize::from(lane.topic)].0.clone(), partition: lane.partition }
    }

    fn lane_of(&self, partition: &TopicPartition) -> Option<u32> {
        let topic = self.facts.topics.iter().position(|(name, _)| *name == partition.topic)?;
        self.placement.lane(topic, partition.partition)
    }

    /// A member gets a partition: it reads on from the committed offset, and rebuilds what it holds in memory.
    fn take_over(&mut self, number: usize, lane: u32, at_us: i64) {
        let id = self.members[number].id.clone();
        self.own(lane, at_us, Some(id));
        let start = self.lanes[lane as usize].start_at(ms(at_us));
        let committed = self.state[lane as usize].committed;
        let position = match committed {
            Some(offset) if offset >= start => offset,
            gone => {
                let to = self.reset_offset(lane, at_us);
                if gone.is_some() || to > 0 {
                    self.happen(at_us, HappeningKind::OffsetReset { lane, from: gone, to });
                }
                to
            }
        };
        let state = &mut self.state[lane as usize];
        state.owner = Some(number);
        state.position = position;
        let member = &mut self.members[number];
        member.free_us = member.free_us.max(at_us);
        if self.scenario.consumers.store == Store::Memory && state.handed_out > 0 {
            self.restore(number, lane, start, at_us);
        }
    }

    /// Replays a partition from its start to where the member goes on.
    fn restore(&mut self, number: usize, lane: u32, start: i64, at_us: i64) {
        let state = &mut self.state[lane as usize];
        state.epoch += 1;
        let now_ms = ms(at_us);
        let entries = &self.lanes[lane as usize].entries;
        let mut records = 0;
        for offset in start..state.position {
            let Some(entry) = entries.get(offset as usize) else { break };
            if entry.gone_ms > now_ms {
                records += 1;
                self.deliveries.push(Delivery { at_us, lane, offset: offset as u32, epoch: state.epoch });
            }
        }
        let snapshots = &self.scenario.snapshots;
        let read = match snapshots.every {
            0 => records,
            // A snapshot of the partition leaves only the tail behind it to be read.
            every => records % i64::from(every),
        };
        let member = &mut self.members[number];
        member.free_us = member.free_us.saturating_add(read.saturating_mul(self.cost_ns) / 1000);
        self.happen(at_us, HappeningKind::Restored { lane, records: read as u64 });
    }
}
