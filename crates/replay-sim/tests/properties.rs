//! What a simulation promises, over random logs and scenarios.

use proptest::prelude::*;
use replay_core::Projection;
use replay_log::Log;
use replay_protocol::{
    At, Cleanup, CleanupPolicy, Commit, Consumers, Crash, Idempotency, Producer, Rate, Scenario, SnapshotScope,
    Snapshots, Store, Topic,
};
use replay_sim::{FactsJob, Outcome, Simulation};
use replay_testing::{log_of, records};
use std::collections::BTreeMap;
use std::sync::Arc;

fn simulate(log: &Log, scenario: &Scenario, projection: Projection) -> Outcome {
    let facts = FactsJob::new(log.clone(), scenario).finish();
    Simulation::new(Arc::new(facts), scenario.clone(), projection).expect("a valid scenario").finish()
}

fn partitions() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(1_u32..6)
}

fn consumers() -> impl Strategy<Value = Consumers> {
    let commit = prop_oneof![Just(Commit::Before), Just(Commit::After), Just(Commit::Atomic)];
    let store = prop_oneof![Just(Store::External), Just(Store::Memory), Just(Store::Transactional)];
    let crash = (0.0_f64..1.0, 0_u32..2, prop::option::of(0.0_f64..20.0))
        .prop_map(|(at, member, restart_after_ms)| Crash { at: At::Share(at), member, restart_after_ms });
    (
        1_u32..4,
        prop::option::of(0.2_f64..3.0),
        commit,
        store,
        prop::collection::vec(crash, 0..2),
        1_u32..8,
        1_u32..6,
        0_usize..4,
    )
        .prop_map(|(count, rate, commit, store, crashes, commit_every, max_poll_records, assignor)| Consumers {
            count: count.max(2),
            rate: rate.map(Rate::Share),
            commit: if store == Store::Transactional && commit == Commit::Before { Commit::After } else { commit },
            store,
            crashes,
            commit_every,
            max_poll_records,
            session_timeout_ms: 5,
            rebalance_ms: 1,
            assignor: [
                replay_protocol::AssignorName::Range,
                replay_protocol::AssignorName::RoundRobin,
                replay_protocol::AssignorName::Sticky,
                replay_protocol::AssignorName::CooperativeSticky,
            ][assignor],
            ..Consumers::default()
        })
}

fn projection() -> impl Strategy<Value = Projection> {
    prop_oneof![Just(Projection::Latest), Just(Projection::Merge), Just(Projection::Status)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    /// A scenario in which nothing goes wrong gives the truth.
    #[test]
    fn the_log_as_it_is_gives_the_truth(made in records(60), partitions in partitions(), projection in projection()) {
        let log = log_of(&made);
        let scenario = Scenario { topic: Topic { partitions, ..Topic::default() }, ..Scenario::default() };
        let outcome = simulate(&log, &scenario, projection);
        prop_assert!(outcome.diverged.is_empty(), "{:?}", outcome.diverged);
        prop_assert_eq!(outcome.metrics.appended, log.len() as u64);
        prop_assert_eq!(outcome.metrics.final_lag, 0);
    }

    /// Order inside a partition never breaks unless the producer breaks it.
    #[test]
    fn order_inside_a_partition_survives(made in records(60), partitions in partitions(), loss in 0.0_f64..0.5) {
        let log = log_of(&made);
        let producer = Producer { loss_rate: loss, duplicate_rate: 0.5, reorder_rate: 0.5, idempotent: true, ..Producer::default() };
        let scenario = Scenario { topic: Topic { partitions, ..Topic::default() }, producer, ..Scenario::default() };
        let outcome = simulate(&log, &scenario, Projection::Merge);
        let mut place = BTreeMap::new();
        for (n, (record, _)) in outcome.facts().sent().enumerate() {
            place.insert(record, n);
        }
        for lane in &outcome.lanes {
            prop_assert!(lane.entries.windows(2).all(|pair| place[&pair[0].record] < place[&pair[1].record]));
            prop_assert!(lane.entries.windows(2).all(|pair| pair[0].at_ms <= pair[1].at_ms));
        }
    }

    /// With versions and without loss, no duplication or redelivery changes a state.
    #[test]
    fn versions_make_duplicates_harmless(made in records(60), consumers in consumers(), rate in 0.0_f64..1.0, seed in 0_u64..50) {
        let log = log_of(&made);
        let consumers = Consumers { commit: Commit::After, ..consumers };
        let producer = Producer { duplicate_rate: rate, ..Producer::default() };
        let scenario = Scenario { seed, producer, consumers, idempotency: Idempotency::Version, ..Scenario::default() };
        let outcome = simulate(&log, &scenario, Projection::Merge);
        // Two crashes may leave nobody to read.
        prop_assume!(outcome.metrics.final_lag == 0 || outcome.metrics.catch_up_ms.is_some());
        prop_assert!(outcome.diverged.is_empty(), "{:?}", outcome.diverged);
    }

    /// Exactly once is exactly once, whoever crashes.
    #[test]
    fn a_transactional_store_applies_everything_once(made in records(60), consumers in consumers()) {
        let log = log_of(&made);
        let consumers = Consumers { store: Store::Transactional, commit: Commit::Atomic, ..consumers };
        let scenario = Scenario { consumers, count_versions: true, ..Scenario::default() };
        let outcome = simulate(&log, &scenario, Projection::Merge);
        prop_assume!(outcome.metrics.catch_up_ms.is_some());
        prop_assert!(outcome.diverged.is_empty(), "{:?}", outcome.diverged);
    }

    /// At least once loses nothing; at most once applies nothing twice.
    #[test]
    fn delivery_is_what_the_commit_promises(made in records(60), consumers in consumers()) {
        let log = log_of(&made);
        let external = Consumers { store: Store::External, ..consumers };
        for commit in [Commit::Before, Commit::After] {
            let scenario = Scenario { consumers: Consumers { commit, ..external.clone() }, ..Scenario::default() };
            let outcome = simulate(&log, &scenario, Projection::Merge);
            prop_assume!(outcome.metrics.catch_up_ms.is_some());
            for entity in 0..log.n_entities() as u32 {
                let (truth, got) = outcome.sequences_of(entity);
                let mut once = got.to_vec();
                once.sort_unstable();
                once.dedup();
                let promised = if commit == Commit::Before { got.len() } else { truth.len() };
                prop_assert_eq!(once.len(), promised);
            }
        }
    }

    /// Compaction keeps the last value of each key, so the last value survives it.
    #[test]
    fn compaction_keeps_the_last_value(made in records(80), segment_bytes in 80_u32..2000, check in 1_i64..20, idle in 0_i64..1000) {
        let log = log_of(&made);
        let cleanup = Cleanup {
            policy: CleanupPolicy::Compact, segment_bytes, check_interval_ms: check, idle_ms: idle,
            min_cleanable_dirty_ratio: 0.0, delete_retention_ms: 10, ..Cleanup::default()
        };
        let outcome = simulate(&log, &Scenario { cleanup, ..Scenario::default() }, Projection::Latest);
        prop_assert!(outcome.diverged.is_empty(), "{:?}", outcome.diverged);
        prop_assert!(outcome.metrics.kept_records + outcome.metrics.compacted == outcome.metrics.appended);
    }

    /// Retention removes a prefix of every partition.
    #[test]
    fn retention_removes_a_prefix(made in records(80), segment_bytes in 80_u32..2000, retention in 0_i64..60) {
        let log = log_of(&made);
        let cleanup = Cleanup {
            policy: CleanupPolicy::Delete, segment_bytes, check_interval_ms: 5, retention_ms: retention, ..Cleanup::default()
        };
        let outcome = simulate(&log, &Scenario { cleanup, ..Scenario::default() }, Projection::Latest);
        for lane in &outcome.lanes {
            let gone = lane.entries.iter().take_while(|entry| entry.gone_ms < i64::MAX).count();
            prop_assert!(lane.entries[gone..].iter().all(|entry| entry.gone_ms == i64::MAX));
            prop_assert_eq!(lane.starts.last().map_or(0, |(_, start)| *start), gone as i64);
        }
    }

    /// A snapshot and the tail give what the whole log gives, at any interval; and a bad one that is checked does no harm.
    #[test]
    fn snapshots_and_the_tail_give_the_truth(
        made in records(80), every in 1_u32..10, keep in 1_u32..4, per_partition in any::<bool>(), damage in 0_usize..4, consumers in consumers()
    ) {
        use replay_protocol::Damage;
        let log = log_of(&made);
        let snapshots = Snapshots {
            every, keep, verify: true,
            per: if per_partition { SnapshotScope::Partition } else { SnapshotScope::Entity },
            damage: [Damage::None, Damage::Stale, Damage::OldSchema, Damage::Corrupt][damage],
        };
        let consumers = Consumers { store: Store::Transactional, commit: Commit::Atomic, crashes: Vec::new(), ..consumers };
        let outcome = simulate(&log, &Scenario { snapshots, consumers, ..Scenario::default() }, Projection::Merge);
        prop_assert!(outcome.diverged.is_empty(), "{:?}", outcome.diverged);
    }

    /// The same log, scenario and seed give the same outcome, and no scenario panics.
    #[test]
    fn the_same_seed_gives_the_same_outcome(made in records(40), consumers in consumers(), seed in any::<u64>(), rates in (0.0_f64..1.0, 0.0_f64..1.0, 0.0_f64..1.0)) {
        let log = log_of(&made);
        let producer = Producer { duplicate_rate: rates.0, reorder_rate: rates.1, loss_rate: rates.2, ..Producer::default() };
        let topic = Topic { key: Some("/a".into()), partitions: Some(3), ..Topic::default() };
        let scenario = Scenario { seed, producer, consumers, topic, ..Scenario::default() };
        let (one, two) = (simulate(&log, &scenario, Projection::Merge), simulate(&log, &scenario, Projection::Merge));
        prop_assert_eq!(&one.metrics, &two.metrics);
        prop_assert_eq!(&one.timeline, &two.timeline);
        prop_assert_eq!(&one.diverged, &two.diverged);
    }
}
