//! The sticky rule for members that subscribe to different topics.
//!
//! What is owned stays; each free partition goes to the subscriber with the fewest; then, as long as it makes the assignment more balanced,
//! partitions move, the new ones first. If all that moving of owned partitions leaves it no more balanced than before, it is undone.

use std::collections::BTreeSet;

use super::Group;
use super::movements::Movements;
use replay_lean as lean;

/// Each member's partitions by member number.
///
/// Source: Apache Kafka, `AbstractStickyAssignor.GeneralAssignmentBuilder.build`.
pub(super) fn assign(group: &Group<'_>) -> Vec<Vec<usize>> {
    let mut builder = Builder::new(group);
    let unassigned = builder.keep_owned();
    builder.balance(unassigned);
    builder.lists
}

struct Builder<'g, 'a> {
    group: &'g Group<'a>,
    /// By topic: how many members subscribe to it.
    n_subscribers: Vec<usize>,
    lists: Vec<Vec<usize>>,
    owner: Vec<Option<usize>>,
    /// Members that may still get or lose something, by (partitions, id, number).
    by_load: BTreeSet<(usize, usize, usize)>,
    /// By partition: the latest owner of an earlier generation.
    previous_owner: Vec<Option<usize>>,
    movements: Movements<'g, 'a>,
    is_revocation_required: bool,
}

impl<'g, 'a> Builder<'g, 'a> {
    fn new(group: &'g Group<'a>) -> Builder<'g, 'a> {
        let mut n_subscribers = vec![0; group.topics.len()];
        for topic in group.subscriptions.iter().flatten() {
            n_subscribers[*topic] += 1;
        }
        Builder {
            group,
            n_subscribers,
            lists: vec![Vec::new(); group.members.len()],
            owner: vec![None; group.n_partitions()],
            by_load: BTreeSet::new(),
            previous_owner: previous_owners(group),
            movements: Movements::new(group),
            is_revocation_required: false,
        }
    }

    /// Leaves each member what it owned and still subscribes to; returns the rest, partitions of topics with few subscribers first.
    ///
    /// Source: `GeneralAssignmentBuilder.assignOwnedPartitions`, `getUnassignedPartitions`.
    fn keep_owned(&mut self) -> Vec<usize> {
        for (member, owned) in self.group.owned.iter().enumerate() {
            for &partition in owned {
                if self.group.subscriptions[member].contains(&self.group.topic_of_partition[partition]) {
                    self.owner[partition] = Some(member);
                    self.lists[member].push(partition);
                } else {
                    self.is_revocation_required = true;
                }
            }
        }
        self.partitions_by_subscribers().into_iter().filter(|&partition| self.owner[partition].is_none()).collect()
    }

    /// Source: `AbstractStickyAssignor.TopicComparator`.
    fn partitions_by_subscribers(&self) -> Vec<usize> {
        let mut topics: Vec<usize> = (0..self.group.topics.len()).collect();
        lean::sort_by_key(&mut topics, |&topic| (self.n_subscribers[topic], topic));
        topics.into_iter().flat_map(|topic| self.group.partitions_of(topic)).collect()
    }

    /// Source: `GeneralAssignmentBuilder.balance`.
    fn balance(&mut self, mut unassigned: Vec<usize>) {
        self.by_load = lean::set((0..self.lists.len()).map(|member| self.load_key(member)));
        let is_initializing = self.lists.iter().all(Vec::is_empty);
        for &partition in &unassigned {
            if let Some(member) = self.least_loaded_subscriber(partition) {
                self.by_load.remove(&self.load_key(member));
                self.lists[member].push(partition);
                self.owner[partition] = Some(member);
                self.by_load.insert(self.load_key(member));
            }
        }
        // Only what has another possible owner can be moved, and only members who can gain or lose take part.
        let can_move = |builder: &Builder<'_, '_>, partition: usize| {
            builder.n_subscribers[builder.group.topic_of_partition[partition]] >= 2
        };
        let mut movable = self.partitions_by_subscribers();
        movable.retain(|&partition| can_move(self, partition));
        unassigned.retain(|&partition| can_move(self, partition));
        for member in 0..self.lists.len() {
            let is_full = self.lists[member].len() >= self.most_possible(member);
            if is_full && !self.lists[member].iter().any(|&partition| can_move(self, partition)) {
                self.by_load.remove(&self.load_key(member));
            }
        }
        let before = (self.lists.clone(), self.score());
        if !self.is_revocation_required {
            self.move_partitions(&unassigned);
        }
        let has_moved = self.move_partitions(&movable);
        if !is_initializing && has_moved && self.score() >= before.1 {
            self.lists = before.0;
        }
    }

    /// Source: `GeneralAssignmentBuilder.performReassignments`.
    fn move_partitions(&mut self, partitions: &[usize]) -> bool {
        let mut has_moved = false;
        // Kafka repeats until nothing changes. Undoing an earlier move can make a load worse, so nothing proves that this ends; groups that
        // occur need two or three rounds.
        for _ in 0..16 + self.group.n_partitions() {
            let mut has_changed = false;
            for &partition in partitions {
                if self.is_balanced() {
                    break;
                }
                let Some(owner) = self.owner[partition] else {
                    continue;
                };
                let load = self.lists[owner].len();
                // The Java client fails with a NullPointerException if the previous owner takes no part any more; here it is passed over.
                let previous = self.previous_owner[partition].filter(|&member| self.takes_part(member));
                if let Some(member) = previous.filter(|&member| load > self.lists[member].len() + 1) {
                    self.move_or_swap(partition, owner, member);
                    has_changed = true;
                    continue;
                }
                let topic = self.group.topic_of_partition[partition];
                let is_too_much = (0..self.lists.len()).any(|other| {
                    self.group.subscriptions[other].contains(&topic) && load > self.lists[other].len() + 1
                });
                if let Some(member) = self.least_loaded_subscriber(partition).filter(|_| is_too_much) {
                    self.move_or_swap(partition, owner, member);
                    has_changed = true;
                }
            }
            has_moved |= has_changed;
            if !has_changed {
                break;
            }
        }
        has_moved
    }

    /// Source: `GeneralAssignmentBuilder.reassignPartition`, `processPartitionMovement`.
    fn move_or_swap(&mut self, partition: usize, owner: usize, new_owner: usize) {
        let partition = self.movements.actual_partition(partition, owner, new_owner);
        let Some(old_owner) = self.owner[partition] else {
            return;
        };
        self.by_load.remove(&self.load_key(old_owner));
        self.by_load.remove(&self.load_key(new_owner));
        self.movements.note(partition, old_owner, new_owner);
        self.lists[old_owner].retain(|&other| other != partition);
        self.lists[new_owner].push(partition);
        self.owner[partition] = Some(new_owner);
        self.by_load.insert(self.load_key(new_owner));
        self.by_load.insert(self.load_key(old_owner));
    }

    /// Whether no member could take a partition from one who has at least two more.
    ///
    /// Source: `GeneralAssignmentBuilder.isBalanced`.
    fn is_balanced(&self) -> bool {
        let (Some(&(least, ..)), Some(&(most, ..))) = (self.by_load.first(), self.by_load.last()) else {
            return true;
        };
        if least + 1 >= most {
            return true;
        }
        self.by_load.iter().all(|&(load, _, member)| {
            load == self.most_possible(member)
                || self.group.subscriptions[member]
                    .iter()
                    .flat_map(|&topic| self.group.partitions_of(topic))
                    .filter_map(|partition| self.owner[partition])
                    .all(|owner| owner == member || load + 1 >= self.lists[owner].len())
        })
    }

    fn least_loaded_subscriber(&self, partition: usize) -> Option<usize> {
        let topic = self.group.topic_of_partition[partition];
        self.by_load
            .iter()
            .map(|&(_, _, member)| member)
            .find(|&member| self.group.subscriptions[member].contains(&topic))
    }

    fn takes_part(&self, member: usize) -> bool {
        self.by_load.contains(&self.load_key(member))
    }

    fn load_key(&self, member: usize) -> (usize, usize, usize) {
        (self.lists[member].len(), self.group.rank[member], member)
    }

    /// Source: `GeneralAssignmentBuilder.getMaxAssignmentSize`.
    fn most_possible(&self, member: usize) -> usize {
        self.group.subscriptions[member].iter().map(|&topic| self.group.partitions_of(topic).len()).sum()
    }

    /// The sum of the differences of all pairs of members that take part: 0 is perfect.
    ///
    /// Source: `GeneralAssignmentBuilder.getBalanceScore`.
    fn score(&self) -> usize {
        // In ascending order, the i-th is the larger one in i pairs and the smaller one in the rest.
        let n = self.by_load.len();
        let above: usize = self.by_load.iter().enumerate().map(|(i, &(load, ..))| load * i).sum();
        let below: usize = self.by_load.iter().enumerate().map(|(i, &(load, ..))| load * (n - 1 - i)).sum();
        above - below
    }
}

/// By partition: who claimed it in the latest generation before the current one. A member that has since given up the topic counts as well,
/// as in Kafka.
///
/// Source: `GeneralAssignmentBuilder.prepopulateCurrentAssignments`, `updatePrevAssignment`.
fn previous_owners(group: &Group<'_>) -> Vec<Option<usize>> {
    let mut previous: Vec<Option<usize>> = vec![None; group.n_partitions()];
    for &member in &group.walk {
        let generation = group.members[member].generation;
        if generation >= group.max_generation {
            continue;
        }
        for partition in group.members[member].owned.iter().filter_map(|claim| group.number(claim)) {
            let is_later = previous[partition].is_none_or(|other| generation > group.members[other].generation);
            if is_later {
                previous[partition] = Some(member);
            }
        }
    }
    previous
}
