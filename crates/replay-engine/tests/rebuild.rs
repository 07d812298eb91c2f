//! A rebuild by shards gives the same bytes as the plain fold, however many shards and hands there are, and tells when a hand breaks down.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use proptest::prelude::*;
use replay_core::{HashJob, Projection, Replay};
use replay_engine::{Alone, Answer, Budget, Crew, Engine, Rebuild, RebuiltStates, Step, Task, Text, Threads, Ticket};
use replay_log::{Log, Order, Position, Schedule};
use replay_protocol::{LoadRequest, Reply, Request, SourceSpec};
use replay_testing::{log, log_of, records};
use std::num::NonZeroU32;
use std::sync::Arc;

const PROGRAM: &str = "(. // {n: 0}) | .n += 1 | .last = $record.offset | .key = $record.key";

fn replay(log: Log, projection: &str, schedule: Schedule) -> Replay {
    let order = Arc::new(Order::new(&log, schedule));
    Replay::new(log, order, Projection::new(projection, Some(PROGRAM)).unwrap())
}

fn rebuilt(replay: &Replay, at: Position, shards: u32, text: Text, crew: &mut dyn Crew) -> RebuiltStates {
    let mut rebuild = Rebuild::new(replay.clone(), at, NonZeroU32::new(shards).unwrap(), text, 2);
    while !rebuild.step(3, crew).unwrap() {
        std::thread::yield_now();
    }
    rebuild.finish().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_number_of_shards_gives_the_states_of_the_fold(
        records in records(80),
        projection in prop::sample::select(vec!["latest", "merge", "status", "cdc", "json-patch", "jq"]),
        shards in 1_u32..9,
        hands in 1_usize..4,
        share in 0.0..1.1_f64,
        seed in 0_u64..3,
    ) {
        let replay = replay(log_of(&records), projection, if seed == 0 { Schedule::File } else { Schedule::Seeded(seed) });
        let at = ((replay.order().len() as f64 * share) as Position).min(replay.order().len());
        let mut crew = Threads::new(hands, || 0.0);
        let states = rebuilt(&replay, at, shards, Text::Canonical, &mut crew);
        prop_assert!(states.is_same && states.hands as usize == hands.min(shards as usize));
        prop_assert_eq!(states.hash(), HashJob::new(replay.clone(), at).finish());
        let plain = rebuilt(&replay, at, shards, Text::Plain, &mut crew);
        prop_assert_eq!(plain.sorted().count(), replay.log().n_entities());
        for (entity, state) in plain.sorted() {
            let expected = replay.state_at(entity, at);
            prop_assert_eq!(state.text.map(str::to_owned), expected.json().map(|json| json.to_text()));
            let folded = (expected.version, expected.events, expected.last, expected.is_deleted);
            prop_assert_eq!((state.version, state.events, state.last, state.is_deleted), folded);
        }
    }
}

#[test]
fn a_host_without_workers_does_it_alone() {
    let replay = replay(log(r#"a={"x":1} b={"x":2} a={"y":3} c= b="#), "merge", Schedule::File);
    let states = rebuilt(&replay, 5, 4, Text::Canonical, &mut Alone::new(|| 0.0));
    assert_eq!((states.shards, states.hands), (4, 1));
    assert_eq!(states.hash(), HashJob::new(replay, 5).finish());
}

/// Its second hand never gives an answer but its end.
struct Broken(Threads, Vec<Ticket>);

impl Crew for Broken {
    fn cores(&self) -> usize {
        self.0.cores()
    }
    fn size(&self) -> usize {
        2
    }
    fn submit(&mut self, hand: usize, ticket: Ticket, task: Task) {
        if hand == 1 { self.1.push(ticket) } else { self.0.submit(hand, ticket, task) }
    }
    fn poll(&mut self) -> Option<Answer> {
        let broken = |ticket| Answer { ticket, outcome: Err("out of memory".into()) };
        self.1.pop().map(broken).or_else(|| self.0.poll())
    }
    fn has_answer(&mut self) -> bool {
        !self.1.is_empty() || self.0.has_answer()
    }
    fn dismiss(&mut self) {
        self.0.dismiss();
    }
    fn now_ms(&self) -> f64 {
        0.0
    }
}

fn measure(crew: Box<dyn Crew>, shards: u32) -> Reply {
    let mut engine = Engine::with_crew(crew);
    let mut last = Reply::Cancelled;
    let lines: Vec<String> = (0..300).map(|n| format!("{{\"id\":\"e{}\",\"n\":{n}}}", n % 17)).collect();
    let source = SourceSpec { name: "a.ndjson".into(), text: Some(lines.join("\n")), size: None };
    engine.accept(1, Request::Load(LoadRequest { sources: vec![source], ..LoadRequest::default() }), Vec::new());
    engine.accept(2, Request::MeasureRebuild { shards }, Vec::new());
    while engine.step(Budget::records(50), &mut |_, reply| last = reply) != Step::Idle {
        std::thread::yield_now();
    }
    last
}

#[test]
fn a_measure_doubles_the_shards_and_every_rebuild_is_the_same() {
    let Reply::Rebuilt(measured) = measure(Box::new(Threads::new(6, || 0.0)), 6) else { panic!() };
    assert_eq!(measured.runs.iter().map(|run| run.shards).collect::<Vec<_>>(), [1, 2, 4]);
    assert!(measured.runs.iter().all(|run| run.is_same));
    assert!((measured.events - 300.0).abs() < 0.5 && measured.entities == 17);
    let Reply::Rebuilt(alone) = measure(Box::new(Alone::new(|| 0.0)), 6) else { panic!() };
    assert_eq!((alone.runs.len(), alone.hash), (1, measured.hash));
}

#[test]
fn a_hand_that_breaks_down_is_a_failure_and_not_a_wait() {
    let Reply::Failed(failure) = measure(Box::new(Broken(Threads::new(2, || 0.0), Vec::new())), 2) else { panic!() };
    assert_eq!((failure.code.as_str(), failure.detail.as_str()), ("worker-gone", "out of memory"));
}
