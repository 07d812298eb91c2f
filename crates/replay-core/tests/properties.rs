//! Everything clever equals the plain fold, at every position and under every schedule.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use proptest::prelude::*;
use replay_core::{
    CheckpointJob, EntityState, HashJob, PlainState, PlainStates, Projection, Replay, StateComparer, diff, fold,
    is_same,
};
use replay_log::{EntityId, Json, Log, Order, RecordIndex, Schedule};
use replay_testing::{Made, log, log_behind, log_of, records};
use std::sync::Arc;

fn schedules() -> impl Strategy<Value = Schedule> {
    prop_oneof![
        Just(Schedule::File),
        Just(Schedule::Timestamp),
        Just(Schedule::Partition),
        any::<u64>().prop_map(Schedule::Seeded)
    ]
}

fn projections() -> impl Strategy<Value = Projection> {
    prop::sample::select(Projection::ALL.to_vec())
}

fn programs() -> impl Strategy<Value = Projection> {
    let programs = [
        "if $event == null then null else . + $event end",
        "$event",
        "{n: (.n + 1), last: $event.a, seen: ((.seen // []) + [$event | type] | .[-3:])}",
        "if ($event | type) == \"object\" and ($event | has(\"a\")) then empty else $event * 2 end",
        "if $event == null then error else . + 1 end",
    ];
    prop::sample::select(programs.to_vec()).prop_map(program)
}

/// The state after so many steps, by going through all of them.
fn plain(log: &Log, order: &Order, projection: &Projection, entity: EntityId, position: u64) -> EntityState {
    let records: Vec<RecordIndex> = (1..=position).filter_map(|position| order.record_at(position)).collect();
    let mine: Vec<RecordIndex> =
        records.into_iter().filter(|&record| log.entities_of(record).any(|other| other == entity)).collect();
    fold(log, projection, entity, EntityState::default(), &mine)
}

fn without_blame(state: &EntityState) -> PlainState {
    let EntityState { version, events, is_deleted, last, .. } = *state;
    PlainState { json: state.json(), version, events, is_deleted, last }
}

proptest! {
    #[test]
    fn seeking_gives_what_the_fold_gives(made in records(60), schedule in schedules(), projection in projections()) {
        let log = log_of(&made);
        let order = Arc::new(Order::new(&log, schedule));
        let replay = Replay::prepare(log.clone(), order.clone(), projection.clone()).finish();
        for entity in 0..log.n_entities() as EntityId {
            for position in 0..=order.len() {
                prop_assert_eq!(replay.state_at(entity, position), plain(&log, &order, &projection, entity, position));
            }
        }
    }

    #[test]
    fn a_log_that_grew_is_the_log_of_all(
        made in records(80), cuts in prop::collection::vec(0_usize..80, 2), by_time in any::<bool>(), projection in projections(),
    ) {
        let schedule = if by_time { Schedule::Timestamp } else { Schedule::File };
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(made.len())).collect();
        cuts.sort_unstable();
        cuts.push(made.len());
        let first = log_of(&made[..cuts[0]]);
        let replay = Replay::prepare(first.clone(), Arc::new(Order::new(&first, schedule)), projection.clone()).finish();
        drop(first);
        let mut ends = CheckpointJob::new(replay.clone(), replay.order().len()).finish();
        let mut grown = replay;
        for pair in cuts.windows(2) {
            let (mut log, order, rest) = grown.into_parts();
            let done = log.append(&log_behind(&made[..pair[0]], &made[pair[0]..pair[1]]));
            let order = Arc::new(order.grown(&log, schedule).unwrap_or_else(|| Order::new(&log, schedule)));
            let is_behind = (0..log.len() as u32).all(|record| (record < done.from) == (order.position_of(record) <= u64::from(done.from)));
            if is_behind {
                grown = rest.with(log.clone(), order.clone()).grown(log, order, &done);
                ends = ends.grown(grown.clone(), &done);
            } else {
                grown = Replay::prepare(log, order, projection.clone()).finish();
                ends = CheckpointJob::new(grown.clone(), grown.order().len()).finish();
            }
        }
        let log = log_of(&made);
        let order = Arc::new(Order::new(&log, schedule));
        let whole = Replay::prepare(log.clone(), order.clone(), projection).finish();
        let mut whole_ends = CheckpointJob::new(whole.clone(), order.len()).finish();
        prop_assert_eq!(grown.log().n_entities(), log.n_entities());
        for entity in 0..log.n_entities() as EntityId {
            prop_assert_eq!(ends.state(entity), whole_ends.state(entity));
            for position in 0..=order.len() {
                prop_assert_eq!(grown.state_at(entity, position), whole.state_at(entity, position));
            }
        }
        let position = order.len();
        prop_assert_eq!(HashJob::new(grown, position).finish(), HashJob::new(whole, position).finish());
    }

    #[test]
    fn comparing_lists_of_events_says_what_comparing_their_folds_says(
        made in records(40), projection in projections(),
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..12),
    ) {
        let log = log_of(&made);
        let mut comparer = StateComparer::new(log.clone(), projection.clone());
        for entity in 0..log.n_entities() as EntityId {
            let truth = log.postings(entity);
            let mut reference = comparer.reference(entity, truth);
            let mut events = truth.to_vec();
            for (one, other) in &picks {
                // Events change places, come again, and are lost.
                let (one, other) = (one.index(events.len()), other.index(events.len()));
                match (one + other) % 3 {
                    0 => events.swap(one, other),
                    1 => events.insert(one, events[other]),
                    _ if events.len() > 1 => drop(events.remove(one)),
                    _ => {}
                }
                let folded = |events: &[RecordIndex]| fold(&log, &projection, entity, EntityState::default(), events);
                let (expected, found) = (folded(truth), folded(&events));
                let are_none = expected.root.is_none() && found.root.is_none();
                let comparison = comparer.compare(&mut reference, &events);
                prop_assert_eq!(comparison.is_alike, is_same(&expected, &found) || are_none);
                prop_assert_eq!(comparison.is_same_version, expected.version == found.version);
            }
        }
    }

    #[test]
    fn plain_states_are_those_of_the_fold_with_members_in_the_same_order(
        made in records(80), schedule in schedules(), projection in projections(), at in 0_u64..80,
    ) {
        let log = log_of(&made);
        let order = Arc::new(Order::new(&log, schedule));
        let replay = Replay::prepare(log.clone(), order.clone(), projection.clone()).finish();
        let mut states = PlainStates::new(replay.clone());
        let mut checkpoint = CheckpointJob::new(replay, at).finish();
        for entity in 0..log.n_entities() as EntityId {
            for position in 0..=order.len() {
                let expected = without_blame(&plain(&log, &order, &projection, entity, position));
                prop_assert_eq!(&states.at(entity, position), &expected);
                let mut glances = vec![states.glance(entity, position, &["b", "a"])];
                if position == at.min(order.len()) {
                    glances.push(checkpoint.glance(entity, &["b", "a"]));
                }
                let is_field = |json: &&Json| !matches!(json, Json::Null | Json::Object(_));
                let wanted = ["b", "a"].iter().find_map(|name| expected.json.as_ref()?.get(name).filter(is_field));
                for glance in glances {
                    prop_assert_eq!((glance.is_there, glance.is_deleted), (expected.json.is_some(), expected.is_deleted));
                    prop_assert_eq!(glance.version, expected.version);
                    match (&glance.field, &glance.whole) {
                        (Some(field), None) => prop_assert_eq!(Some(field), wanted),
                        (None, whole) => prop_assert_eq!(whole, &expected.json),
                        (Some(_), Some(_)) => prop_assert!(false, "a glance says one thing"),
                    }
                }
                if position == at.min(order.len()) {
                    prop_assert_eq!(checkpoint.state(entity), expected);
                }
            }
        }
    }

    #[test]
    fn a_schedule_is_an_order_of_all_records_that_keeps_each_partition(made in records(80), schedule in schedules()) {
        let log = log_of(&made);
        let order = Order::new(&log, schedule);
        let mut seen = vec![false; log.len()];
        let mut last = vec![-1; log.partitions().len()];
        for position in 1..=order.len() {
            let record = order.record_at(position).unwrap();
            prop_assert_eq!(order.position_of(record), position);
            prop_assert!(!std::mem::replace(&mut seen[record as usize], true));
            let last = &mut last[log.partition(record) as usize];
            prop_assert!(*last < log.offset(record));
            *last = log.offset(record);
        }
        prop_assert!(seen.into_iter().all(|seen| seen));
    }

    #[test]
    fn the_history_leads_from_nothing_to_the_state(made in records(60), schedule in schedules(), projection in projections()) {
        let log = log_of(&made);
        let order = Arc::new(Order::new(&log, schedule));
        let replay = Replay::new(log.clone(), order, projection);
        for entity in 0..log.n_entities() as EntityId {
            let mut before = None;
            for step in replay.history(entity, 0, usize::MAX) {
                let state = replay.state_at(entity, step.position);
                prop_assert_eq!(step.version, state.version);
                let after = state.json();
                prop_assert_eq!(&step.changes, &diff(before.as_ref(), after.as_ref()));
                before = after;
            }
            prop_assert_eq!(before, replay.state_at(entity, u64::MAX).json());
        }
    }

    #[test]
    fn what_changed_a_field_is_the_record_after_which_it_differs(made in records(40)) {
        let log = log_of(&made);
        let order = Arc::new(Order::new(&log, Schedule::File));
        let replay = Replay::new(log.clone(), order.clone(), Projection::Merge);
        for entity in 0..log.n_entities() as EntityId {
            let Some(root) = replay.state_at(entity, u64::MAX).root else { continue };
            for name in ["a", "b", "c", "d"] {
                let Some(node) = root.get(name) else { continue };
                let at = order.position_of(node.changed_by);
                let value = |position| replay.state_at(entity, position).json().and_then(|json| json.get(name).cloned());
                prop_assert_eq!(value(at), value(u64::MAX));
                prop_assert_ne!(value(at - 1), value(u64::MAX));
                prop_assert!(node.set_by >= node.changed_by);
            }
        }
    }

    #[test]
    fn keys_in_one_partition_have_one_hash_under_every_schedule(made in records(60), schedule in schedules(), projection in projections()) {
        let log = log_of(&made);
        let hash = |schedule| {
            let order = Arc::new(Order::new(&log, schedule));
            HashJob::new(Replay::new(log.clone(), order, projection.clone()), u64::MAX).finish()
        };
        prop_assert_eq!(hash(Schedule::File), hash(schedule));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn seeking_with_a_program_gives_what_the_fold_gives(made in records(40), schedule in schedules(), projection in programs()) {
        let log = log_of(&made);
        let order = Arc::new(Order::new(&log, schedule));
        let replay = Replay::prepare(log.clone(), order.clone(), projection.clone()).finish();
        for entity in 0..log.n_entities() as EntityId {
            for position in (0..=order.len()).step_by(3) {
                prop_assert_eq!(replay.state_at(entity, position), plain(&log, &order, &projection, entity, position));
            }
        }
    }
}

#[test]
fn most_states_are_known_without_reading_values() {
    let log = log(r#"a={"x":1} b={"x":2} a={"y":{"z":1}} b=1 b={"x":null} c={"x":1} a={"x":3}"#);
    let order = Arc::new(Order::new(&log, Schedule::File));
    for (projection, known) in
        [(Projection::Merge, 3), (Projection::Latest, 3), (Projection::Status, 3), (Projection::JsonPatch, 0)]
    {
        let checkpoint = CheckpointJob::new(Replay::new(log.clone(), order.clone(), projection), u64::MAX).finish();
        assert_eq!(checkpoint.n_known(), known);
    }
}

#[test]
fn a_key_with_thousands_of_events_is_found_by_its_snapshots_however_few_there_is_room_for() {
    let made: Vec<Made> = (0..3000)
        .map(|n| Made {
            partition: 0,
            key: "hot".into(),
            value: Some(format!("{{\"n{}\":{n}}}", n % 7)),
            timestamp_ms: n,
        })
        .collect();
    let log = log_of(&made);
    let order = Arc::new(Order::new(&log, Schedule::File));
    for (room, snapshots) in [(u64::MAX, 11), (4000, 5), (1, 0)] {
        let mut preparation = Replay::prepare(log.clone(), order.clone(), Projection::Merge).within(room);
        while !preparation.step(100) {}
        let replay = preparation.finish();
        for position in [0, 1, 255, 256, 257, 511, 512, 513, 2048, 2999, 3000] {
            let expected = plain(&log, &order, &Projection::Merge, 0, position);
            assert_eq!(replay.state_at(0, position), expected, "{position}");
        }
        assert_eq!(replay.snapshot_positions(0).len(), snapshots, "{room}");
        assert!(replay.memory() <= room.saturating_add(3000 * 4));
    }
}

#[test]
fn states_are_the_same_where_there_is_no_room_for_their_fields() {
    let log = log(r#"a={"x":1} b={"x":2} a={"y":{"z":1}} b=1 c={"x":1} c={"y":1} a={"x":3}"#);
    let replay = Replay::new(log.clone(), Arc::new(Order::new(&log, Schedule::File)), Projection::Merge);
    let mut whole = CheckpointJob::new(replay.clone(), u64::MAX).finish();
    for (room, known) in [(u64::MAX, 3), (12, 1), (0, 0)] {
        let mut checkpoint = CheckpointJob::new(replay.clone(), u64::MAX).within(room).finish();
        assert_eq!(checkpoint.n_known(), known, "{room}");
        for entity in 0..3 {
            assert_eq!(checkpoint.state(entity), whole.state(entity));
        }
    }
}

/// `expected` is the state of each entity as `key=state`, by key.
#[track_caller]
fn check(words: &str, projection: Projection, expected: &str) {
    let log = log(words);
    let order = Arc::new(Order::new(&log, Schedule::File));
    let replay = Replay::new(log.clone(), order, projection);
    let show = |entity: EntityId| {
        let state = replay.state_at(entity, u64::MAX);
        let text = state.json().map_or_else(|| "deleted".to_owned(), |json| json.to_text());
        format!("{}={text} v{}", log.entity_name(entity), state.version)
    };
    let found: Vec<String> = replay.sorted_entities().into_iter().map(show).collect();
    assert_eq!(found.join(" "), expected);
}

#[test]
fn the_last_value_wins_and_a_tombstone_deletes_until_the_next_event() {
    check("a=1 b=2 a=3", Projection::Latest, "a=3 v2 b=2 v1");
    check("a=1 a=", Projection::Latest, "a=deleted v2");
    check("a=1 a= a=3", Projection::Latest, "a=3 v3");
}

#[test]
fn merging_keeps_what_an_event_does_not_state() {
    check(r#"a={"x":1,"y":{"z":2}} a={"y":{"w":3},"x":null}"#, Projection::Merge, r#"a={"y":{"z":2,"w":3}} v2"#);
    check(r#"a={"x":1} a= a={"y":2}"#, Projection::Merge, r#"a={"y":2} v3"#);
}

#[test]
fn a_new_value_sets_the_field_and_an_old_one_is_compared() {
    check(
        r#"a={"oldStatus":null,"newStatus":"A"} a={"oldStatus":"A","newStatus":"B"}"#,
        Projection::Status,
        r#"a={"status":"B"} v2"#,
    );
    let log = log(r#"a={"new_status":"A"} a={"old_status":"X","new_status":"B"}"#);
    let order = Arc::new(Order::new(&log, Schedule::File));
    let state = Replay::new(log, order, Projection::Status).state_at(0, u64::MAX);
    assert_eq!(state.problems.len(), 1);
    assert_eq!(state.problems[0].record, 1);
}

#[test]
fn a_patch_that_fails_leaves_the_state_and_is_told() {
    let log = log(r#"a=[{"op":"add","path":"/x","value":1}] a=[{"op":"remove","path":"/y"}]"#);
    let order = Arc::new(Order::new(&log, Schedule::File));
    let state = Replay::new(log, order, Projection::JsonPatch).state_at(0, u64::MAX);
    assert_eq!((state.json().unwrap().to_text().as_str(), state.version, state.events), (r#"{"x":1}"#, 1, 2));
    assert_eq!(state.problems[0].kind.code(), "patch-failed");
}

fn program(text: &str) -> Projection {
    Projection::new("jq", Some(text)).unwrap()
}

#[test]
fn a_program_says_what_an_event_does() {
    check("a=1 b=2 a=3", program(". + $event"), "a=4 v2 b=2 v1");
    check("a=1 a=2", program("if $event == 2 then null else $event end"), "a=deleted v2");
    check("a=1 a= a=5", program("if $event == null then null else . + $event end"), "a=5 v3");
    check("a=1 a=2 a=3", program("if $event == 2 then empty else [.[]?, $event] end"), "a=[1,3] v2");
    check(
        "a=1",
        program("{p: $record.partition, o: $record.offset, k: $record.key, t: $record.timestamp}"),
        r#"a={"p":0,"o":0,"k":"a","t":0} v1"#,
    );
}

#[test]
fn a_program_that_fails_leaves_the_state_and_is_told() {
    let log = log(r#"a=1 a="x" a=2"#);
    let order = Arc::new(Order::new(&log, Schedule::File));
    let replay = Replay::new(log, order, program("(. // 0) - -$event"));
    let state = replay.state_at(0, u64::MAX);
    assert_eq!((state.json().unwrap().to_text().as_str(), state.version, state.events), ("3", 2, 3));
    assert_eq!(state.problems[0].kind.code(), "program-failed");
    assert_eq!(state.problems[0].kind.to_string(), "the program failed: string (\"x\") cannot be negated");
}

#[test]
fn an_entity_with_very_many_events_grows_with_its_snapshots() {
    let made: Vec<Made> = (0..3000)
        .map(|n| Made {
            partition: 0,
            key: if n % 50 == 49 { "b".into() } else { "a".into() },
            value: Some(format!("{{\"n{}\":{n}}}", n % 7)),
            timestamp_ms: n,
        })
        .collect();
    let mut grown: Option<Replay> = None;
    for (n, piece) in made.chunks(200).enumerate() {
        let more = log_behind(&made[..n * 200], piece);
        let Some(before) = grown.take() else {
            let order = Arc::new(Order::new(&more, Schedule::File));
            grown = Some(Replay::prepare(more, order, Projection::Merge).finish());
            continue;
        };
        let (mut log, order, rest) = before.into_parts();
        let done = log.append(&more);
        let order = Arc::new(order.grown(&log, Schedule::File).unwrap());
        grown = Some(rest.with(log.clone(), order.clone()).grown(log, order, &done));
    }
    let (grown, log) = (grown.unwrap(), log_of(&made));
    let order = Arc::new(Order::new(&log, Schedule::File));
    let whole = Replay::prepare(log, order, Projection::Merge).finish();
    for position in [0, 1, 255, 256, 511, 512, 513, 1023, 2047, 2999, 3000] {
        assert_eq!(grown.state_at(0, position), whole.state_at(0, position), "{position}");
        assert_eq!(grown.history(0, position as usize, 3), whole.history(0, position as usize, 3));
    }
}
