//! Small scenarios with outcomes that can be worked out by hand.

use replay_core::Projection;
use replay_log::Log;
use replay_protocol::{
    At, Commit, Consumers, Crash, Damage, Idempotency, MemberAt, Producer, Rate, Scenario, Snapshots, Store, Topic,
    Writers,
};
use replay_sim::{Cause, FactsJob, HappeningKind, Outcome, Simulation};
use replay_testing::{Made, log_of};
use std::sync::Arc;

fn simulate(log: &Log, scenario: Scenario) -> Outcome {
    let facts = FactsJob::new(log.clone(), &scenario).finish();
    Simulation::new(Arc::new(facts), scenario, Projection::Merge).expect("a valid scenario").finish()
}

/// A record a second, each key's events numbered in `n`.
fn counting(keys: usize, events: usize) -> Log {
    let made: Vec<Made> = (0..keys * events)
        .map(|n| Made {
            partition: (n % keys) as u32 % 2,
            key: format!("k{}", n % keys),
            value: Some(format!("{{\"n\":{}}}", n / keys)),
            timestamp_ms: n as i64 * 1000,
        })
        .collect();
    log_of(&made)
}

#[test]
fn a_crash_after_processing_applies_the_uncommitted_records_twice() {
    let log = counting(4, 10);
    let consumers = Consumers {
        commit_every: 8,
        crashes: vec![Crash { at: At::AfterMs(20_500.0), member: 0, restart_after_ms: Some(0.0) }],
        session_timeout_ms: 3_000,
        ..Consumers::default()
    };
    let outcome =
        simulate(&log, Scenario { consumers: consumers.clone(), count_versions: true, ..Scenario::default() });
    // 21 records were processed by then, 16 committed: 5 come again.
    assert_eq!(outcome.metrics.redelivered, 5);
    assert!(outcome.diverged.iter().all(|divergence| divergence.cause == Cause::DuplicateApplied));
    assert_eq!(outcome.diverged.len(), 4);
    let deduplicated = simulate(
        &log,
        Scenario { consumers, count_versions: true, idempotency: Idempotency::EventId, ..Scenario::default() },
    );
    assert_eq!(deduplicated.diverged, []);
    assert_eq!(deduplicated.metrics.deduplicated, 5);
}

#[test]
fn a_group_notices_a_crash_after_the_session_timeout() {
    let log = counting(4, 10);
    let consumers = Consumers {
        count: 2,
        crashes: vec![Crash { at: At::AfterMs(10_000.0), member: 0, restart_after_ms: None }],
        session_timeout_ms: 6_000,
        rebalance_ms: 0,
        ..Consumers::default()
    };
    let outcome = simulate(&log, Scenario { consumers, ..Scenario::default() });
    let at = |wanted: fn(&HappeningKind) -> bool| {
        outcome.timeline.happenings.iter().filter(|h| wanted(&h.kind)).map(|h| h.at_ms).collect::<Vec<_>>()
    };
    assert_eq!(at(|kind| matches!(kind, HappeningKind::Crash { .. })), [10_000]);
    assert_eq!(at(|kind| matches!(kind, HappeningKind::SessionTimeout { .. })), [16_000]);
    assert_eq!(at(|kind| matches!(kind, HappeningKind::Rebalance { .. })), [0, 16_000]);
    assert!(outcome.metrics.catch_up_ms.is_some() && outcome.diverged.is_empty());
}

#[test]
fn commit_before_processing_skips_what_a_crash_leaves() {
    let log = counting(4, 20);
    let consumers = Consumers {
        commit: Commit::Before,
        start: Some(At::Share(1.0)),
        rate: Some(Rate::PerSecond(10.0)),
        max_poll_records: 40,
        crashes: vec![Crash { at: At::AfterMs(80_000.0), member: 0, restart_after_ms: Some(1_000.0) }],
        session_timeout_ms: 1_000,
        ..Consumers::default()
    };
    let outcome = simulate(&log, Scenario { consumers, ..Scenario::default() });
    // The backlog was fetched at 79 s, ten records were done by the crash, thirty of that poll's forty never will be.
    assert_eq!(outcome.metrics.skipped, 30);
    assert_eq!(outcome.metrics.redelivered, 0);
    assert!(outcome.diverged.iter().all(|divergence| divergence.cause == Cause::SkippedAfterCommit));
}

#[test]
fn a_batch_is_processed_to_its_end_before_the_next_is_fetched() {
    let log = counting(2, 30);
    let consumers = Consumers {
        commit: Commit::Before,
        start: Some(At::Share(1.0)),
        rate: Some(Rate::PerSecond(1.0)),
        max_poll_records: 20,
        // Between two records: there is time for a poll, but not in the middle of a batch.
        crashes: vec![Crash { at: At::AfterMs(59_000.0 + 26_500.0), member: 0, restart_after_ms: Some(0.0) }],
        ..Consumers::default()
    };
    let outcome = simulate(&log, Scenario { consumers, ..Scenario::default() });
    // 26 were processed, 40 had been polled and committed.
    assert_eq!((outcome.metrics.skipped, outcome.metrics.redelivered), (14, 0));
}

#[test]
fn a_member_that_leaves_first_processes_what_it_has_committed() {
    let log = counting(2, 30);
    let consumers = Consumers {
        count: 2,
        commit: Commit::Before,
        start: Some(At::Share(1.0)),
        rate: Some(Rate::PerSecond(1.0)),
        max_poll_records: 20,
        leaves: vec![MemberAt { at: At::AfterMs(59_000.0 + 5_500.0), member: 0 }],
        ..Consumers::default()
    };
    let outcome = simulate(&log, Scenario { consumers, ..Scenario::default() });
    assert_eq!((outcome.metrics.skipped, outcome.metrics.redelivered, outcome.metrics.delivered), (0, 0, 60));
    assert_eq!(outcome.diverged, []);
}

#[test]
fn a_memory_store_is_rebuilt_and_ends_in_the_truth() {
    let log = counting(4, 10);
    let consumers = Consumers {
        count: 2,
        store: Store::Memory,
        commit_every: 7,
        crashes: vec![Crash { at: At::Share(0.6), member: 1, restart_after_ms: None }],
        session_timeout_ms: 2_000,
        ..Consumers::default()
    };
    let outcome = simulate(&log, Scenario { consumers, count_versions: true, ..Scenario::default() });
    assert_eq!(outcome.diverged, []);
    assert!(
        outcome
            .timeline
            .happenings
            .iter()
            .any(|h| matches!(h.kind, HappeningKind::Restored { records, .. } if records > 0))
    );
}

#[test]
fn a_backlog_keyed_by_another_field_is_read_out_of_order() {
    // The `n` of an event is what it is keyed by: an entity's events lie in many partitions.
    let log = counting(3, 12);
    let scenario = Scenario {
        topic: Topic { partitions: Some(4), key: Some("/n".into()), ..Topic::default() },
        consumers: Consumers { start: Some(At::Share(1.0)), max_poll_records: 5, ..Consumers::default() },
        ..Scenario::default()
    };
    let outcome = simulate(&log, scenario);
    assert_eq!(outcome.metrics.split_entities, 3);
    assert!(!outcome.diverged.is_empty());
    assert!(outcome.diverged.iter().all(|divergence| divergence.cause == Cause::Reordered));
}

#[test]
fn an_idempotent_producer_takes_away_duplicates_and_disorder_but_not_loss() {
    let log = counting(4, 50);
    let producer = Producer { duplicate_rate: 0.3, reorder_rate: 0.3, loss_rate: 0.1, ..Producer::default() };
    let plain = simulate(&log, Scenario { producer: producer.clone(), ..Scenario::default() });
    assert!(plain.metrics.duplicates > 0 && plain.metrics.reordered > 0 && plain.metrics.lost > 0);
    let idempotent = Producer { idempotent: true, ..producer };
    let outcome = simulate(&log, Scenario { producer: idempotent, ..Scenario::default() });
    assert_eq!((outcome.metrics.duplicates, outcome.metrics.reordered), (0, 0));
    assert_eq!(outcome.metrics.lost, plain.metrics.lost);
    // A late record draws its copy as well, which the late retry hides: the broker sees at least as many.
    assert!(outcome.metrics.broker_deduplicated >= plain.metrics.duplicates);
}

#[test]
fn a_poison_snapshot_is_trusted_only_unchecked() {
    let log = counting(3, 10);
    let trusted = Snapshots { every: 4, damage: Damage::Corrupt, verify: false, ..Snapshots::default() };
    let outcome = simulate(&log, Scenario { snapshots: trusted.clone(), ..Scenario::default() });
    // Events 9 and 10 overwrite the only field, so that nothing is left of the damage.
    assert_eq!(outcome.diverged, []);
    let log = counting(3, 8);
    let outcome = simulate(&log, Scenario { snapshots: trusted.clone(), ..Scenario::default() });
    assert_eq!(outcome.diverged.len(), 3);
    assert!(outcome.diverged.iter().all(|divergence| divergence.cause == Cause::CorruptSnapshot));
    let checked = simulate(&log, Scenario { snapshots: Snapshots { verify: true, ..trusted }, ..Scenario::default() });
    assert_eq!(checked.diverged, []);
    assert_eq!(checked.metrics.snapshots_refused, 3);
}

/// What becomes of three keys' eight events each if every fourth is followed by a snapshot that is damaged like this and trusted.
#[track_caller]
fn check_trusted(damage: Damage, expected: Cause) {
    let snapshots = Snapshots { every: 4, damage, verify: false, ..Snapshots::default() };
    let outcome = simulate(&counting(3, 8), Scenario { snapshots, ..Scenario::default() });
    let causes: Vec<Cause> = outcome.diverged.iter().map(|divergence| divergence.cause).collect();
    assert_eq!(causes, [expected; 3]);
}

#[test]
fn what_a_trusted_snapshot_lacks_is_told_by_its_name() {
    check_trusted(Damage::Stale, Cause::StaleSnapshot);
    check_trusted(Damage::OldSchema, Cause::OldSnapshotSchema);
    check_trusted(Damage::Corrupt, Cause::CorruptSnapshot);
}

#[test]
fn snapshots_are_told_with_their_time_and_partition() {
    let snapshots = Snapshots { every: 4, ..Snapshots::default() };
    let outcome = simulate(&counting(3, 8), Scenario { snapshots, ..Scenario::default() });
    // The events 4 and 8 of each key; key 1 lies in partition 1.
    let expected = [(9_000, 0), (10_000, 1), (11_000, 0), (21_000, 0), (22_000, 1), (23_000, 0)];
    assert_eq!(outcome.timeline.snapshots, expected);
}

#[test]
fn without_keys_entities_are_spread_and_their_order_is_lost() {
    let log = counting(6, 30);
    let scenario = |null_keys| Scenario {
        topic: Topic { partitions: Some(4), null_keys, batch_size: Some(200), ..Topic::default() },
        consumers: Consumers { start: Some(At::Share(1.0)), max_poll_records: 5, ..Consumers::default() },
        ..Scenario::default()
    };
    let keyed = simulate(&log, scenario(false));
    assert_eq!((keyed.metrics.split_entities, keyed.diverged.len()), (0, 0));
    let keyless = simulate(&log, scenario(true));
    assert_eq!((keyless.metrics.split_entities, keyless.metrics.split_keys), (6, 0));
    assert!(!keyless.diverged.is_empty() && keyless.diverged.iter().all(|d| d.cause == Cause::Reordered));
    // Partitions that the log has are no reason to keep its keys.
    let recorded = Scenario { topic: Topic { partitions: None, ..scenario(true).topic }, ..scenario(true) };
    assert_eq!(simulate(&log, recorded).metrics.split_entities, 6);
}

#[test]
fn a_writer_who_expects_an_older_version_is_refused() {
    let log = counting(1, 20);
    let writers = Writers { count: 2, latency_ms: 1_500, expected_version: true, retries: 0 };
    let outcome = simulate(&log, Scenario { writers: writers.clone(), ..Scenario::default() });
    // An event a second, each decided on what was there 1.5 s before: every second one has been overtaken.
    assert_eq!(outcome.metrics.conflicts, 10);
    assert_eq!(outcome.metrics.refused, 10);
    let blind = simulate(
        &log,
        Scenario { writers: Writers { expected_version: false, ..writers.clone() }, ..Scenario::default() },
    );
    assert_eq!((blind.metrics.conflicts, blind.metrics.blind_appends), (0, 19));
    let alone = simulate(&log, Scenario { writers: Writers { count: 1, ..writers }, ..Scenario::default() });
    assert_eq!(alone.metrics.conflicts, 0);
}

#[test]
fn a_slow_consumer_falls_behind_and_the_alert_fires() {
    let log = counting(4, 50);
    let scenario = Scenario {
        consumers: Consumers { rate: Some(Rate::PerSecond(0.5)), ..Consumers::default() },
        alert: replay_protocol::Alert { lag_records: 50, lag_seconds: 0.0 },
        ..Scenario::default()
    };
    let outcome = simulate(&log, scenario);
    // Half as fast as the log: half of the 200 records are behind when it ends.
    assert!((95..=105).contains(&outcome.metrics.max_lag), "{}", outcome.metrics.max_lag);
    assert_eq!(outcome.metrics.alerts, 1);
    let caught_up = outcome.metrics.catch_up_ms.expect("it reads on until it is done");
    assert!((195_000..=205_000).contains(&caught_up), "{caught_up}");
    assert_eq!(outcome.diverged, []);
}

#[test]
fn an_empty_log_costs_no_time() {
    let consumers = Consumers { rate: Some(Rate::Share(0.8)), ..Consumers::default() };
    let outcome = simulate(&log_of(&[]), Scenario { consumers, ..Scenario::default() });
    assert!(outcome.metrics.rebuild.iter().all(|cost| cost.time_ms.is_none_or(|time| time == 0.0)));
}
