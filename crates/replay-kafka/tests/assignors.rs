//! What every assignor promises for any group, and the sticky ones over a life of joins, leaves and crashes.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use replay_kafka::{Assignment, Assignor, Member, OwnershipChange, TopicPartition};

type Topics = BTreeMap<String, u32>;

const NAMES: [&str; 4] = ["orders", "payments", "shipments", "audit"];

fn topics() -> impl Strategy<Value = Topics> {
    prop::collection::vec(0u32..9, 4).prop_map(|counts| NAMES.iter().map(|&name| name.to_owned()).zip(counts).collect())
}

fn subscription() -> impl Strategy<Value = Vec<String>> {
    prop::sample::subsequence(NAMES.to_vec(), 1..=4).prop_map(|names| names.into_iter().map(str::to_owned).collect())
}

/// Members with ids of the form that the coordinator makes: the client's name and something random.
fn group(equal: bool) -> impl Strategy<Value = Vec<Member>> {
    let ids = prop::collection::btree_set("consumer-[0-9]-[0-9a-f]{6}", 1..9);
    (ids, prop::collection::vec(subscription(), 9)).prop_map(move |(ids, subscriptions)| {
        ids.into_iter()
            .zip(subscriptions.iter().cycle().take(9))
            .map(|(id, own)| Member {
                topics: if equal { subscriptions[0].clone() } else { own.clone() },
                ..Member::new(id, &[])
            })
            .collect()
    })
}

/// Each partition of a subscribed topic belongs to exactly one of its subscribers.
fn check_complete(topics: &Topics, members: &[Member], assignment: &Assignment) {
    let mut given = BTreeSet::new();
    for member in members {
        for partition in &assignment[&member.id] {
            assert!(member.topics.contains(&partition.topic));
            assert!(given.insert(partition.clone()), "{partition} is given twice");
        }
    }
    assert_eq!(assignment.len(), members.len());
    let expected: BTreeSet<TopicPartition> = topics
        .iter()
        .filter(|(topic, _)| members.iter().any(|member| member.topics.contains(topic)))
        .flat_map(|(topic, &count)| (0..count).map(|partition| TopicPartition::new(topic.clone(), partition)))
        .collect();
    assert_eq!(given, expected);
}

fn spread(assignment: &Assignment) -> usize {
    let counts = assignment.values().map(Vec::len);
    counts.clone().max().unwrap_or(0) - counts.min().unwrap_or(0)
}

/// What the members say when they join the next time.
fn rejoin(members: &[Member], assignment: &Assignment, generation: i32) -> Vec<Member> {
    members
        .iter()
        .map(|member| Member { owned: assignment[&member.id].clone(), generation, ..member.clone() })
        .collect()
}

fn kept(before: &Assignment, after: &Assignment) -> usize {
    before
        .iter()
        .filter_map(|(id, list)| {
            after.get(id).map(|now| list.iter().filter(|partition| now.contains(partition)).count())
        })
        .sum()
}

/// Rebalances until nobody asks for another, as the cooperative protocol does; no partition ever has two owners.
fn settle(assignor: Assignor, topics: &Topics, members: &[Member]) -> (Assignment, usize) {
    let mut members = members.to_vec();
    for round in 1..=4 {
        let assignment = assignor.assign(topics, &members);
        let mut held = BTreeSet::new();
        let mut needs_another = false;
        for member in &members {
            let change = OwnershipChange::between(&member.owned, &assignment[&member.id]);
            needs_another |= !change.revoked.is_empty();
            for partition in member.owned.iter().chain(&change.added) {
                held.insert((partition.clone(), member.id.clone()));
            }
        }
        if assignor.is_cooperative() {
            let partitions: BTreeSet<&TopicPartition> = held.iter().map(|(partition, _)| partition).collect();
            assert_eq!(partitions.len(), held.len(), "a partition is given before its owner revoked it");
        }
        members = rejoin(&members, &assignment, 10 + round);
        if !assignor.is_cooperative() || !needs_another {
            return (assignment, round as usize);
        }
    }
    panic!("the group never settles");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_partition_goes_to_exactly_one_subscriber(topics in topics(), members in group(false)) {
        for assignor in Assignor::ALL {
            check_complete(&topics, &members, &assignor.assign(&topics, &members));
        }
    }

    #[test]
    fn the_order_in_which_members_are_listed_does_not_matter(topics in topics(), members in group(false)) {
        // Five or fewer members rarely share a bucket of the hash map; where they do, the order is a fact of the real group too.
        let reversed: Vec<Member> = members.iter().rev().cloned().collect();
        for assignor in [Assignor::Range, Assignor::RoundRobin] {
            prop_assert_eq!(assignor.assign(&topics, &members), assignor.assign(&topics, &reversed));
        }
    }

    #[test]
    fn equal_subscriptions_are_balanced_to_one_partition(topics in topics(), members in group(true)) {
        for assignor in [Assignor::RoundRobin, Assignor::Sticky, Assignor::CooperativeSticky] {
            prop_assert!(spread(&assignor.assign(&topics, &members)) <= 1);
        }
        let single: Topics = topics.into_iter().take(1).collect();
        prop_assert!(spread(&Assignor::Range.assign(&single, &members)) <= 1);
    }

    #[test]
    fn sticky_changes_nothing_without_a_reason(topics in topics(), members in group(false)) {
        let first = Assignor::Sticky.assign(&topics, &members);
        let second = Assignor::Sticky.assign(&topics, &rejoin(&members, &first, 1));
        prop_assert_eq!(kept(&first, &second), first.values().map(Vec::len).sum::<usize>());
    }

    #[test]
    fn sticky_keeps_all_that_the_rest_had_when_one_of_equal_members_leaves(topics in topics(), members in group(true)) {
        let first = Assignor::Sticky.assign(&topics, &members);
        let rest = rejoin(&members[1..], &first, 1);
        let second = Assignor::Sticky.assign(&topics, &rest);
        let held: usize = rest.iter().map(|member| member.owned.len()).sum();
        prop_assert_eq!(kept(&first, &second), held);
        prop_assert!(spread(&second) <= 1);
    }

    #[test]
    fn sticky_moves_no_more_than_the_newcomer_gets(topics in topics(), members in group(true)) {
        let (newcomer, old) = members.split_last().unwrap();
        let first = Assignor::Sticky.assign(&topics, old);
        let mut all = rejoin(old, &first, 1);
        all.push(newcomer.clone());
        let second = Assignor::Sticky.assign(&topics, &all);
        check_complete(&topics, &all, &second);
        let total: usize = second.values().map(Vec::len).sum();
        prop_assert_eq!(kept(&first, &second) + second[&newcomer.id].len(), total);
    }

    #[test]
    fn cooperative_ends_in_two_rounds_where_sticky_ends_in_one(topics in topics(), members in group(true), leaves in 0usize..3) {
        let (newcomer, old) = members.split_last().unwrap();
        let first = Assignor::Sticky.assign(&topics, old);
        let mut all: Vec<Member> = rejoin(old, &first, 1).into_iter().skip(leaves.min(old.len().saturating_sub(1))).collect();
        all.push(newcomer.clone());
        let (eager, _) = settle(Assignor::Sticky, &topics, &all);
        let (cooperative, rounds) = settle(Assignor::CooperativeSticky, &topics, &all);
        check_complete(&topics, &all, &cooperative);
        prop_assert!(rounds <= 2);
        prop_assert_eq!(spread(&eager), spread(&cooperative));
    }

    #[test]
    fn different_subscriptions_settle_whatever_was_owned(topics in topics(), before in group(false), after in group(false)) {
        // The second group's members claim what the first one's had, in one generation or another.
        let first = Assignor::Sticky.assign(&topics, &before);
        let members: Vec<Member> = after
            .iter()
            .zip(first.values().cycle())
            .enumerate()
            .map(|(index, (member, list))| Member {
                owned: list.iter().filter(|partition| member.topics.contains(&partition.topic)).cloned().collect(),
                generation: index as i32 % 3,
                ..member.clone()
            })
            .collect();
        check_complete(&topics, &members, &Assignor::Sticky.assign(&topics, &members));
    }

    #[test]
    fn cooperative_settles_with_different_subscriptions(topics in topics(), members in group(false)) {
        let (newcomer, old) = members.split_last().unwrap();
        let first = Assignor::Sticky.assign(&topics, old);
        let mut all = rejoin(old, &first, 1);
        all.push(newcomer.clone());
        let (settled, _) = settle(Assignor::CooperativeSticky, &topics, &all);
        check_complete(&topics, &all, &settled);
    }
}
