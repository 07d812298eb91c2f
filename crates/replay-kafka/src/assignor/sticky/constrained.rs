//! The sticky rule for members that all subscribe to the same topics.
//!
//! Each member is due `n / members` partitions, some of them one more. A member keeps what it owned up to that, the rest goes
//! in order to those who have too few. Who may have one more: the first members of the walk that own so many already; if they are too
//! few, members in the order of ids.

use std::collections::{BTreeMap, VecDeque};

use super::Group;
use replay_lean as lean;

/// Each member's partitions by member number, and those that change hands with their new owner.
///
/// Source: Apache Kafka, `AbstractStickyAssignor.ConstrainedAssignmentBuilder`.
pub(super) fn assign(group: &Group<'_>) -> (Vec<Vec<usize>>, BTreeMap<usize, usize>) {
    let mut builder = Builder::new(group);
    builder.keep_owned();
    builder.deal_out_rest();
    (builder.lists, builder.transferring)
}

struct Builder<'g, 'a> {
    group: &'g Group<'a>,
    min_quota: usize,
    max_quota: usize,
    /// How many members may have more than `min_quota`; 0 if it comes out even.
    n_over_min_expected: usize,
    n_over_min: usize,
    below_min: Vec<usize>,
    at_min: Vec<usize>,
    lists: Vec<Vec<usize>>,
    is_assigned: Vec<bool>,
    /// What a member had to give up because it owned too many.
    given_up_by: BTreeMap<usize, usize>,
    transferring: BTreeMap<usize, usize>,
}

impl<'g, 'a> Builder<'g, 'a> {
    fn new(group: &'g Group<'a>) -> Builder<'g, 'a> {
        let n_members = group.members.len();
        Builder {
            group,
            min_quota: group.n_partitions() / n_members,
            max_quota: group.n_partitions().div_ceil(n_members),
            n_over_min_expected: group.n_partitions() % n_members,
            n_over_min: 0,
            below_min: Vec::new(),
            at_min: Vec::new(),
            lists: vec![Vec::new(); n_members],
            is_assigned: vec![false; group.n_partitions()],
            given_up_by: BTreeMap::new(),
            transferring: BTreeMap::new(),
        }
    }

    /// Source: `ConstrainedAssignmentBuilder.assignOwnedPartitions`.
    fn keep_owned(&mut self) {
        for &member in &self.group.walk {
            let mut owned = self.group.owned[member].clone();
            // By partition number before topic, so that what is given up is the same stretch of every topic.
            lean::sort_by_key(&mut owned, |&partition| (self.group.partition_of(partition), partition));
            owned.retain(|partition| !self.group.contested.contains(partition));
            let kept = if owned.len() < self.min_quota {
                self.below_min.push(member);
                owned.len()
            } else if owned.len() >= self.max_quota && self.n_over_min < self.n_over_min_expected {
                self.n_over_min += 1;
                if self.n_over_min == self.n_over_min_expected {
                    self.at_min.clear();
                }
                self.max_quota
            } else {
                if self.n_over_min < self.n_over_min_expected {
                    self.at_min.push(member);
                }
                self.min_quota
            };
            for partition in owned.split_off(kept) {
                self.given_up_by.insert(partition, member);
            }
            for &partition in &owned {
                self.is_assigned[partition] = true;
            }
            self.lists[member] = owned;
        }
    }

    /// Those below the minimum in turn until each has it, then one more each, first to those who had exactly the minimum.
    ///
    /// Source: `ConstrainedAssignmentBuilder.assignRoundRobin`.
    fn deal_out_rest(&mut self) {
        let rank = &self.group.rank;
        lean::sort_by_key(&mut self.below_min, |&member| rank[member]);
        lean::sort_by_key(&mut self.at_min, |&member| rank[member]);
        let mut at_min: VecDeque<usize> = self.at_min.drain(..).collect();
        let mut turn = 0;
        for partition in 0..self.group.n_partitions() {
            if self.is_assigned[partition] {
                continue;
            }
            // Past the end of the turn begins the next round, among those who are still below.
            if turn >= self.below_min.len() {
                turn = 0;
            }
            let from_below = self.below_min.get(turn).copied();
            let Some(member) = from_below.or_else(|| at_min.pop_front()) else {
                break; // The quotas add up to the number of partitions, so this is not reached.
            };
            self.give(partition, member);
            if from_below.is_some() {
                if self.lists[member].len() >= self.min_quota {
                    self.below_min.remove(turn);
                    at_min.push_back(member);
                } else {
                    turn += 1;
                }
            }
        }
    }

    /// Source: `ConstrainedAssignmentBuilder.assignNewPartition`.
    fn give(&mut self, partition: usize, member: usize) {
        self.lists[member].push(partition);
        let was_another_s = self.given_up_by.get(&partition).is_some_and(|&owner| owner != member);
        if was_another_s || self.group.contested.contains(&partition) {
            self.transferring.insert(partition, member);
        }
    }
}
