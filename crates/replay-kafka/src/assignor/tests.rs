//! The examples of Kafka's own documentation of the assignors.

use super::*;

/// `C0=t0,t1` per word is a member and its topics; `C0=t0,t1<t0-0,t1-2@4` owned these in generation 4.
fn members(text: &str) -> Vec<Member> {
    text.split_whitespace()
        .map(|word| {
            let (id, rest) = word.split_once('=').unwrap();
            let (topics, owned) = rest.split_once('<').unwrap_or((rest, ""));
            let (owned, generation) = owned.split_once('@').unwrap_or((owned, "-1"));
            Member {
                owned: owned.split(',').filter(|name| !name.is_empty()).map(partition).collect(),
                generation: generation.parse().unwrap(),
                ..Member::new(id, &topics.split(',').filter(|name| !name.is_empty()).collect::<Vec<_>>())
            }
        })
        .collect()
}

fn partition(text: &str) -> TopicPartition {
    let (topic, partition) = text.split_once('-').unwrap();
    TopicPartition::new(topic, partition.parse().unwrap())
}

/// `topics` is `t0:3 t1:2`; `expected` has the partitions of a member per word, sorted.
#[track_caller]
fn check(assignor: Assignor, topics: &str, group: &str, expected: &str) {
    let topics = topics
        .split_whitespace()
        .map(|word| word.split_once(':').unwrap())
        .map(|(name, count)| (name.to_owned(), count.parse().unwrap()))
        .collect();
    let assignment = assignor.assign(&topics, &members(group));
    let got: Vec<String> = assignment
        .into_iter()
        .map(|(id, mut list)| {
            list.sort();
            format!("{id}={}", list.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
        })
        .collect();
    assert_eq!(got.join(" "), expected);
}

#[test]
fn names_are_kafka_s() {
    for assignor in Assignor::ALL {
        assert_eq!(assignor.to_string().parse(), Ok(assignor));
    }
    assert!("uniform".parse::<Assignor>().is_err());
}

#[test]
fn range_gives_the_first_members_one_more_of_every_topic() {
    check(Assignor::Range, "t0:3 t1:3", "C0=t0,t1 C1=t0,t1", "C0=t0-0,t0-1,t1-0,t1-1 C1=t0-2,t1-2");
}

#[test]
fn range_leaves_members_without_a_partition_if_there_are_too_many() {
    check(Assignor::Range, "t:2", "b=t c=t a=t d=x", "a=t-0 b=t-1 c= d=");
}

#[test]
fn round_robin_deals_out_all_partitions_in_turn() {
    check(Assignor::RoundRobin, "t0:3 t1:3", "C0=t0,t1 C1=t0,t1", "C0=t0-0,t0-2,t1-1 C1=t0-1,t1-0,t1-2");
}

#[test]
fn round_robin_passes_over_who_does_not_subscribe() {
    let group = "C0=t0 C1=t0,t1 C2=t0,t1,t2";
    check(Assignor::RoundRobin, "t0:1 t1:2 t2:3", group, "C0=t0-0 C1=t1-0 C2=t1-1,t2-0,t2-1,t2-2");
}

#[test]
fn sticky_begins_like_round_robin() {
    let topics = "t0:2 t1:2 t2:2 t3:2";
    let all = "t0,t1,t2,t3";
    let group = format!("C0={all} C1={all} C2={all}");
    check(Assignor::Sticky, topics, &group, "C0=t0-0,t1-1,t3-0 C1=t0-1,t2-0,t3-1 C2=t1-0,t2-1");
}

#[test]
fn sticky_moves_only_what_a_member_that_left_had() {
    let topics = "t0:2 t1:2 t2:2 t3:2";
    let all = "t0,t1,t2,t3";
    let group = format!("C0={all}<t0-0,t1-1,t3-0@1 C2={all}<t1-0,t2-1@1");
    check(Assignor::Sticky, topics, &group, "C0=t0-0,t0-1,t1-1,t3-0 C2=t1-0,t2-0,t2-1,t3-1");
}

#[test]
fn sticky_fills_those_who_can_take_less_with_less() {
    let group = "C0=t0 C1=t0,t1 C2=t0,t1,t2";
    check(Assignor::Sticky, "t0:1 t1:2 t2:3", group, "C0=t0-0 C1=t1-0,t1-1 C2=t2-0,t2-1,t2-2");
}

#[test]
fn sticky_keeps_more_of_different_subscriptions_when_a_member_leaves() {
    let group = "C1=t0,t1<t1-0,t1-1@1 C2=t0,t1,t2<t2-0,t2-1,t2-2@1";
    check(Assignor::Sticky, "t0:1 t1:2 t2:3", group, "C1=t0-0,t1-0,t1-1 C2=t2-0,t2-1,t2-2");
}

#[test]
fn a_new_member_gets_its_share_from_those_who_have_more() {
    check(Assignor::Sticky, "t:6", "a=t<t-0,t-2,t-4@1 b=t<t-1,t-3,t-5@1 c=t", "a=t-0,t-2 b=t-1,t-3 c=t-4,t-5");
}

#[test]
fn cooperative_sticky_withholds_what_must_be_revoked_first() {
    let first = "a=t<t-0,t-2,t-4@1 b=t<t-1,t-3,t-5@1 c=t";
    check(Assignor::CooperativeSticky, "t:6", first, "a=t-0,t-2 b=t-1,t-3 c=");
    let second = "a=t<t-0,t-2@2 b=t<t-1,t-3@2 c=t<@2";
    check(Assignor::CooperativeSticky, "t:6", second, "a=t-0,t-2 b=t-1,t-3 c=t-4,t-5");
}

#[test]
fn cooperative_sticky_withholds_with_different_subscriptions_too() {
    let first = "a=t,u<t-0,t-1,t-2,t-3,u-0@1 b=t";
    check(Assignor::CooperativeSticky, "t:4 u:1", first, "a=t-2,t-3,u-0 b=");
}

#[test]
fn the_later_generation_is_believed() {
    check(Assignor::Sticky, "t:2", "a=t<t-0,t-1@3 b=t<t-0@2", "a=t-0 b=t-1");
    check(Assignor::Sticky, "t:2", "a=t<t-1@2 b=t<t-0,t-1@3", "a=t-1 b=t-0");
}

#[test]
fn a_partition_claimed_twice_in_a_generation_is_dealt_out_again() {
    check(Assignor::Sticky, "t:3", "a=t<t-0,t-1@2 b=t<t-1@2", "a=t-0,t-2 b=t-1");
    check(Assignor::CooperativeSticky, "t:3", "a=t<t-0,t-1@2 b=t<t-1@2", "a=t-0,t-2 b=");
}

#[test]
fn a_change_says_what_is_revoked_and_added() {
    let change = OwnershipChange::between(&[partition("t-0"), partition("t-1")], &[partition("t-1"), partition("t-2")]);
    assert_eq!((change.revoked, change.added), (vec![partition("t-0")], vec![partition("t-2")]));
}

#[test]
fn nonsense_does_not_panic() {
    for assignor in Assignor::ALL {
        check(assignor, "", "", "");
        check(assignor, "t:0", "a=t b=", "a= b=");
        check(assignor, "t:1", "a=x b=t,t<t-7,x-1,t-0,t-0@9", "a= b=t-0");
    }
}
