//! Searching, what reading a key costs, and comparing two ways of reading.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use replay_engine::{Budget, Engine, Step};
use replay_protocol::{
    CompareRequest, Compared, Comparison, Configuration, FieldCondition, LoadRequest, Reply, Request, SearchRequest,
    SourceSpec,
};
use std::fmt::Write;

/// Runs until idle; gives all replies in order.
fn ask(engine: &mut Engine, request: Request, records: usize) -> Vec<Reply> {
    engine.accept(7, request, Vec::new());
    let mut replies = Vec::new();
    while engine.step(Budget::records(records), &mut |_, reply| replies.push(reply)) == Step::Busy {}
    replies
}

/// `key=value` a word, `key=` a tombstone; alternating partitions.
fn loaded(words: &str) -> Engine {
    let mut text = String::new();
    for (n, word) in words.split_whitespace().enumerate() {
        let (key, value) = word.split_once('=').unwrap();
        let payload = if value.is_empty() { "null".to_owned() } else { format!(r#"{{"v":"{value}","n":{n}}}"#) };
        let (partition, offset, ts) = (n % 2, n / 2, 1000 + n);
        writeln!(text, r#"{{"topic":"t","partition":{partition},"offset":{offset},"tstype":"create","ts":{ts},"broker":1,"key":"{key}","payload":{payload}}}"#).unwrap();
    }
    let source = SourceSpec { name: String::new(), text: Some(text), size: None };
    let configuration = Configuration { projection: Some("merge".into()), ..Configuration::default() };
    let mut engine = Engine::new();
    let load = LoadRequest { sources: vec![source], configuration, ..LoadRequest::default() };
    assert!(matches!(ask(&mut engine, Request::Load(load), 1000).pop(), Some(Reply::Loaded(_))));
    engine
}

/// The positions that are found, and how many pieces they came in.
fn search(wanted: SearchRequest, records: usize) -> (Vec<u64>, usize) {
    let mut engine = loaded("a=red b=green a=Red c=blue a= b=redder");
    let replies = ask(&mut engine, Request::Search(Box::new(SearchRequest { limit: 100, ..wanted })), records);
    let pieces: Vec<_> = replies
        .into_iter()
        .map(|reply| match reply {
            Reply::Found(found) => found,
            other => panic!("{other:?}"),
        })
        .collect();
    let last = pieces.last().unwrap();
    assert!(last.last && last.scanned == last.total);
    let rows: Vec<u64> = pieces.iter().flat_map(|piece| piece.rows.iter().map(|row| row.position)).collect();
    let places: Vec<u64> =
        pieces.iter().flat_map(|piece| piece.places.iter().map(|place| u64::from(place.0))).collect();
    assert_eq!(rows, places);
    (rows, pieces.len())
}

#[track_caller]
fn check(wanted: SearchRequest, expected: &[u64]) {
    assert_eq!(search(wanted, 1000).0, expected);
}

#[test]
fn every_condition_narrows() {
    check(SearchRequest::default(), &[1, 2, 3, 4, 5, 6]);
    check(SearchRequest { text: "RED".into(), ..SearchRequest::default() }, &[1, 3, 6]);
    check(SearchRequest { key: "a".into(), ..SearchRequest::default() }, &[1, 3, 5]);
    check(SearchRequest { partition: Some(1), ..SearchRequest::default() }, &[2, 4, 6]);
    check(SearchRequest { time_from: Some(1001.0), time_to: Some(1003.0), ..SearchRequest::default() }, &[2, 3, 4]);
    check(SearchRequest { offset_from: Some(2), ..SearchRequest::default() }, &[5, 6]);
    let condition = FieldCondition { pointer: "/n".into(), comparison: Comparison::Greater, value: "2".into() };
    check(SearchRequest { text: "red".into(), conditions: vec![condition], ..SearchRequest::default() }, &[6]);
}

#[test]
fn matches_come_while_the_search_goes_on() {
    let (found, pieces) = search(SearchRequest { text: "red".into(), ..SearchRequest::default() }, 2);
    assert_eq!((found, pieces), (vec![1, 3, 6], 3));
}

#[test]
fn a_newer_search_ends_the_older_one() {
    let mut engine = loaded("a=1 b=2 c=3 d=4");
    let search = || Request::Search(Box::new(SearchRequest { limit: 10, ..SearchRequest::default() }));
    let mut heard = Vec::new();
    engine.accept(1, search(), Vec::new());
    engine.step(Budget::records(1), &mut |id, reply| heard.push((id, matches!(reply, Reply::Cancelled))));
    engine.accept(2, search(), Vec::new());
    while engine.step(Budget::records(10), &mut |id, reply| heard.push((id, matches!(reply, Reply::Cancelled))))
        == Step::Busy
    {}
    assert_eq!(heard, [(1, false), (1, true), (2, false)]);
}

#[test]
fn a_pointer_that_is_none_is_refused() {
    let condition = FieldCondition { pointer: "n".into(), comparison: Comparison::Exists, value: String::new() };
    let wanted = SearchRequest { conditions: vec![condition], ..SearchRequest::default() };
    let replies = ask(&mut loaded("a=1"), Request::Search(Box::new(wanted)), 10);
    assert!(matches!(&replies[..], [Reply::Failed(failure)] if failure.code == "bad-pointer"));
}

#[test]
fn reading_a_key_costs_its_partition_without_an_index() {
    // Key a is in both partitions (positions 1, 3, 5 and 6), b in one (2 and 4).
    let mut engine = loaded("a=1 b=1 a=2 b=2 a=3 a=4");
    let mut cost = |entity| match ask(&mut engine, Request::ReadCost { entity, position: 6 }, 10).pop() {
        Some(Reply::ReadCost(cost)) => cost,
        other => panic!("{other:?}"),
    };
    let (a, b) = (cost(0), cost(1));
    let last =
        |cost: &replay_protocol::ReadCost| cost.points.last().map(|point| (point.position, point.scan, point.index));
    assert_eq!((last(&a), a.partitions.len()), (Some((6, 6, 4)), 2));
    assert_eq!((last(&b), b.partitions.len()), (Some((6, 3, 2)), 1));
    assert!(matches!(ask(&mut engine, Request::ReadCost { entity: 9, position: 6 }, 10).pop(), Some(Reply::Failed(_))));
}

fn compare(words: &str, other: Configuration) -> Compared {
    let mut engine = loaded(words);
    let request = Request::Compare(CompareRequest { other, limit: 100 });
    match ask(&mut engine, request, 3).pop() {
        Some(Reply::Compared(compared)) => *compared,
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_projection_shows_what_came_out_differently() {
    let other = Configuration { projection: Some("latest".into()), ..Configuration::default() };
    let compared = compare("a=1 b=1 c=1 c=", other);
    // With one event each, merging and taking the last value agree.
    assert_eq!((compared.same, compared.differing, compared.rows.len()), (2, 0, 0));
    // The third was deleted.
    assert_eq!(compared.without_state, 1);
    assert_eq!(compared.right.projection.as_deref(), Some("latest"));
}

#[test]
fn another_order_differs_where_a_key_is_in_two_partitions() {
    let other = Configuration { schedule: Some("partition".into()), ..Configuration::default() };
    // a: partition 0, 0, 1; as in the file the last is 3, partition by partition it is 3 too. d: 1 then 0.
    let compared = compare("a=1 d=1 d=2 x=1 a=2 a=3", other);
    assert_eq!((compared.same, compared.differing, compared.only_left, compared.only_right), (2, 1, 0, 0));
    let row = &compared.rows[0];
    assert_eq!(row.key, "d");
    assert!(row.left.as_deref().unwrap().contains("\"2\"") && row.right.as_deref().unwrap().contains("\"1\""));
}

#[test]
fn another_key_gives_other_entities() {
    let other = Configuration { key_by: Some("/v".into()), ..Configuration::default() };
    let compared = compare("a=x b=y", other);
    assert_eq!((compared.same, compared.only_left, compared.only_right), (0, 2, 2));
    assert_eq!(compared.rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["a", "b", "x", "y"]);
}

#[test]
fn the_places_of_an_entity_are_thinned_to_pixels() {
    let mut engine = loaded("a=1 a=2 b=1 a=3 a=4 b=2");
    let mut marks = |entity, columns| match ask(&mut engine, Request::Marks { entity, columns }, 10).pop() {
        Some(Reply::Marks { positions, .. }) => positions,
        other => panic!("{other:?}"),
    };
    assert_eq!(marks(0, 100), [1, 2, 4, 5]);
    assert_eq!(marks(0, 2), [1, 4]);
    assert_eq!(marks(9, 100), [0; 0]);
}
