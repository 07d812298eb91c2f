//! What crosses the boundary arrives as it was sent, in a real browser.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use replay_protocol::*;
use replay_worker::{decode, encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    let there = encode(&value).unwrap();
    assert_eq!(decode::<T>(there).unwrap(), value);
}

fn configuration() -> Configuration {
    Configuration {
        projection: Some("merge".into()),
        jq: None,
        key_by: Some(String::new()),
        schedule: Some("seeded:18446744073709551615".into()),
    }
}

#[wasm_bindgen_test]
fn every_request_crosses_unchanged() {
    let source = SourceSpec { name: "日志.ndjson".into(), text: Some("{}\n".into()), size: Some(5e9) };
    check(Request::Load(LoadRequest {
        sources: vec![source],
        format: None,
        configuration: configuration(),
        ..LoadRequest::default()
    }));
    check(Request::Cancel { job: u32::MAX });
    let server = KafkaServer { url: "http://localhost:8082".into(), token: "t".into(), kind: "strimzi".into() };
    let span = KafkaSpan { partition: 3, start: Some(1 << 60), end: None };
    let plan = KafkaPlan { topic: "orders".into(), spans: vec![span], read_committed: true };
    let read = KafkaRead { server: server.clone(), plan };
    check(Request::LoadKafka { reads: vec![read.clone()], load: LoadRequest::default() });
    check(Request::Follow { read: Box::new(read), fresh: true });
    check(Request::PauseFollow { paused: true });
    check(Request::Kafka(Box::new(KafkaRequest::Connect { server: server.clone() })));
    check(Request::Kafka(Box::new(KafkaRequest::Topic { server: server.clone(), topic: "t".into() })));
    let range = KafkaRange {
        from: KafkaFrom::Time { timestamp_ms: 1.5e12 },
        until: KafkaUntil::Offset { offset: i64::MAX },
        partitions: vec![0, 7],
        read_committed: false,
    };
    check(Request::Kafka(Box::new(KafkaRequest::Plan { server: server.clone(), topic: "t".into(), range })));
    check(Request::Kafka(Box::new(KafkaRequest::Lag { server, topic: "t".into(), group: "g".into() })));
    check(Request::Configure(configuration()));
    check(Request::Rows { start: 0, end: 1 << 53 });
    check(Request::Entities { filter: "a\0b".into(), start: 0, count: 40, position: 7 });
    check(Request::Entity { entity: 0, position: u64::MAX });
    check(Request::History { entity: 3, start: 0, count: 10 });
    check(Request::Lanes { start: 0, end: 10, columns: 1000, entity: None });
    check(Request::Record { position: 1 });
    check(Request::Locate(Place::Offset { partition: 1, offset: i64::MIN }));
    check(Request::Locate(Place::Time { timestamp_ms: -1.5 }));
    check(Request::Locate(Place::Event { entity: 1, position: 2, backwards: true }));
    check(Request::Locate(Place::Key { key: String::new() }));
    check(Request::Hash { position: 0 });
    check(Request::Export { format: "kcat".into() });
    check(Request::Marks { entity: 3, columns: 1000 });
    check(Request::StateHash { entity: 3, position: 1 << 40 });
    check(Request::ReadCost { entity: 3, position: 1 << 40 });
    let other = Configuration { projection: None, ..configuration() };
    check(Request::Compare(CompareRequest { other, limit: 300 }));
    let condition = FieldCondition { pointer: "/a~1b".into(), comparison: Comparison::Missing, value: "李".into() };
    check(Request::Search(Box::new(SearchRequest {
        text: "x".into(),
        partition: Some(0),
        time_from: Some(-1.5),
        offset_to: Some(i64::MAX),
        conditions: vec![condition],
        ..SearchRequest::default()
    })));
}

#[wasm_bindgen_test]
fn replies_cross_with_offsets_beyond_two_to_the_53() {
    let row = Row {
        position: 1,
        partition: 0,
        offset: i64::MAX - 1,
        timestamp_ms: None,
        key: None,
        entity: Some(0),
        event_type: None,
        preview: "\u{1f600}".into(),
        tombstone: true,
        control: false,
        changes: 2,
    };
    check(Reply::Rows { rows: vec![row.clone()] });
    check(Reply::Record(Box::new(RecordView {
        row,
        headers: vec![("a".into(), None), ("a".into(), Some(String::new()))],
        value: None,
        event_id: None,
        event_version: Some(3.0),
        after: None,
    })));
    let partition =
        PartitionInfo { topic: "t".into(), partition: 4, start: 9_007_199_254_740_993, end: i64::MAX, records: 2 };
    check(Reply::Loaded(Box::new(Summary {
        partitions: vec![partition],
        configuration: configuration(),
        ..Summary::default()
    })));
    let bucket = LaneBucket { n: 1, t: u32::MAX, e: 0, d: 1 };
    check(Reply::Lanes(LaneTile { start: 0, end: 1, columns: 1, lanes: vec![vec![bucket]] }));
    check(Reply::Entity(Box::new(EntityView { tree: vec![TreeLine::default()], ..EntityView::default() })));
    check(Reply::Located { position: None, entity: Some(0) });
    check(Reply::Begun(Box::default()));
    check(Reply::Cancelled);
    check(Reply::Failed(Failure::new("x", "y")));
}

#[wasm_bindgen_test]
fn what_is_no_message_is_refused_and_not_a_crash() {
    for value in [JsValue::NULL, JsValue::UNDEFINED, JsValue::from(7), JsValue::from("load")] {
        assert!(decode::<Request>(value).is_err());
    }
}

#[wasm_bindgen_test]
fn what_a_search_and_a_comparison_give_crosses_unchanged() {
    check(Reply::Marks { positions: vec![1, u32::MAX], snapshots: vec![7] });
    let found = Found { scanned: 5, total: 9, matches: 2, places: vec![(1, 0), (4, 3)], ..Found::default() };
    check(Reply::Found(found));
    let point = CostPoint { position: 9, scan: 4, index: 1 };
    check(Reply::ReadCost(ReadCost { partitions: vec![0, 2], points: vec![point] }));
    let row = ComparedEntity { key: "a".into(), left: None, right: Some("{}".into()), ..ComparedEntity::default() };
    check(Reply::Compared(Box::new(Compared { only_right: 1, rows: vec![row], ..Compared::default() })));
}
