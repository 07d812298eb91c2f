//! `cooperative-sticky`: the sticky assignment, reached in two rebalances.

use std::collections::{BTreeMap, BTreeSet};

use replay_lean as lean;

use super::{Assignment, Member, TopicPartition, sticky};

/// What a member does when a cooperative rebalance gives it `assigned`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnershipChange {
    /// What it owned and must give up, sorted. If there is any, the member asks for another rebalance when it has done so.
    pub revoked: Vec<TopicPartition>,
    /// What it did not own, sorted.
    pub added: Vec<TopicPartition>,
}

impl OwnershipChange {
    /// From what a member owned to what it is assigned now.
    ///
    /// Source: Apache Kafka, `ConsumerCoordinator.onJoinComplete` under the cooperative protocol.
    pub fn between(owned: &[TopicPartition], assigned: &[TopicPartition]) -> OwnershipChange {
        let owned: BTreeSet<&TopicPartition> = lean::set(owned);
        let assigned: BTreeSet<&TopicPartition> = lean::set(assigned);
        OwnershipChange {
            revoked: owned.difference(&assigned).map(|&partition| partition.clone()).collect(),
            added: assigned.difference(&owned).map(|&partition| partition.clone()).collect(),
        }
    }
}

/// The sticky assignment without what another member must revoke first.
///
/// Source: Apache Kafka, `CooperativeStickyAssignor.assignPartitions`, `adjustAssignment`, `computePartitionsTransferringOwnership`.
pub(super) fn assign(topics: &BTreeMap<&str, u32>, members: &[&Member]) -> Assignment {
    let outcome = sticky::assign(topics, members);
    let transferring = outcome.transferring.clone();
    let mut assignment = outcome.into_assignment(members);
    let transferring = transferring.unwrap_or_else(|| transferring_ownership(members, &assignment));
    for (partition, new_owner) in &transferring {
        if let Some(list) = assignment.get_mut(new_owner) {
            list.retain(|assigned| assigned != partition);
        }
    }
    assignment
}

/// What somebody gains that somebody loses, with who gains it.
fn transferring_ownership(members: &[&Member], assignment: &Assignment) -> BTreeMap<TopicPartition, String> {
    let mut added = BTreeMap::new();
    let mut revoked = BTreeSet::new();
    for member in members {
        let change = OwnershipChange::between(&member.owned, assignment.get(&member.id).map_or(&[], Vec::as_slice));
        added.extend(change.added.into_iter().map(|partition| (partition, member.id.clone())));
        revoked.extend(change.revoked);
    }
    added.retain(|partition, _| revoked.contains(partition));
    added
}
