//! A record of many megabytes: it is read once, what a screen gets of it is short, and what is computed of it is right.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use replay_core::state_hash;
mod on_disk;

use on_disk::OnDisk;
use replay_engine::{Attachment, Budget, Engine, Step};
use replay_log::Json;
use replay_protocol::{
    CompareRequest, Configuration, LoadRequest, Place, Reply, Request, SearchRequest, SourceSpec, StreamRequest,
};
use replay_testing::Disk;
use serde_json::json;

fn ask_with(engine: &mut Engine, request: Request, attachments: Vec<Attachment>) -> Vec<Reply> {
    engine.accept(1, request, attachments);
    let mut replies = Vec::new();
    while engine.step(Budget::records(1000), &mut |_, reply| replies.push(reply)) != Step::Idle {}
    replies
}

fn ask(engine: &mut Engine, request: Request) -> Reply {
    let reply = ask_with(engine, request, Vec::new()).pop().unwrap();
    if let Reply::Failed(failure) = &reply {
        panic!("{failure:?}");
    }
    reply
}

fn line(offset: usize, key: &str, value: &serde_json::Value) -> String {
    let payload = value.to_string();
    json!({"topic": "t", "partition": 0, "offset": offset, "tstype": "create", "ts": offset, "broker": 1, "key": key, "payload": payload})
        .to_string()
}

fn loaded(values: &[(&str, serde_json::Value)], configuration: Configuration) -> (Engine, Disk) {
    let lines = values.iter().enumerate().map(|(offset, (key, value))| line(offset, key, value) + "\n");
    let text: String = lines.collect();
    let disk = Disk::new(text.as_bytes());
    let source = SourceSpec { name: "a.ndjson".into(), text: None, size: Some(text.len() as f64) };
    let mut engine = Engine::new();
    let request = LoadRequest { sources: vec![source], configuration, ..LoadRequest::default() };
    let reply = ask_with(&mut engine, Request::Load(request), vec![Box::new(OnDisk::new(&disk))]).pop().unwrap();
    let Reply::Loaded(summary) = reply else { panic!("{reply:?}") };
    assert_eq!((summary.records, summary.error_count), (values.len() as u64, 0));
    (engine, disk)
}

fn merged() -> Configuration {
    Configuration { projection: Some("merge".into()), ..Configuration::default() }
}

/// Some values of more than 4 MB.
fn long(end: &str) -> Vec<serde_json::Value> {
    let elements: Vec<_> = (0..120_000).map(|n| json!({"n": n, "name": format!("{n} {end}")})).collect();
    let members: serde_json::Map<_, _> = (0..180_000).map(|n| (format!("field {n} {end}"), json!(n))).collect();
    vec![
        json!({"status": "OPEN", "memo": "ab\"日".repeat(700_000) + end}),
        json!({"status": "OPEN", "memo": elements}),
        json!({"status": "OPEN", "memo": members}),
    ]
}

#[test]
fn a_long_record_is_read_again_once_and_all_that_is_shown_of_it_is_short() {
    for value in long("x") {
        let whole = value.to_string();
        let size = whole.len() as u64;
        let (mut engine, disk) = loaded(
            &[("small", json!({"status": "OPEN"})), ("huge", value), ("small", json!({"status": "SHIPPED"}))],
            merged(),
        );
        let Reply::Located { entity: Some(entity), .. } =
            ask(&mut engine, Request::Locate(Place::Key { key: "huge".into() }))
        else {
            panic!()
        };
        let before = disk.fetched();
        for request in [
            Request::Rows { start: 1, end: 4 },
            Request::Entities { filter: String::new(), start: 0, count: 10, position: 3 },
            Request::Entities { filter: String::new(), start: 0, count: 10, position: 2 },
            Request::Entity { entity, position: 3 },
            Request::Record { position: 2 },
            Request::History { entity, start: 0, count: 10 },
            Request::RowChanges { entity, start: 0, count: 10 },
            Request::Stream(StreamRequest { entity, ..StreamRequest::default() }),
        ] {
            let reply = ask(&mut engine, request.clone());
            let shown = serde_json::to_string(&reply).unwrap();
            assert!(shown.len() < 2_000_000, "{} bytes for {request:?}", shown.len());
        }
        // Once for looking at it, and packed for what is not looked at again.
        assert!(disk.fetched() - before < 2 * size + 100_000, "{}", disk.fetched());
        let Reply::Entity(view) = ask(&mut engine, Request::Entity { entity, position: 3 }) else {
            panic!("another answer")
        };
        assert!(view.state_text.contains("… +"), "what is left away is told");
        assert_eq!((view.hash.as_str(), view.version), ("", 1));
        let Reply::Hash { hash } = ask(&mut engine, Request::StateHash { entity, position: 3 }) else {
            panic!("another answer")
        };
        assert_eq!(hash, state_hash(Some(&Json::parse(whole.as_bytes()).unwrap())));
        assert!(view.tree.iter().any(|line| line.path == "/status" && line.text == "\"OPEN\""));
    }
}

#[test]
fn hashes_searches_and_exports_are_of_whole_records() {
    for value in long("needle") {
        let whole = Json::parse(value.to_string().as_bytes()).unwrap();
        let (mut engine, _) = loaded(&[("huge", value)], merged());
        let Reply::Hash { hash } = ask(&mut engine, Request::Hash { position: 1 }) else { panic!("another answer") };
        let mut expected = replay_core::StatesHash::default();
        expected.push("t", "huge", &whole.canonical());
        assert_eq!(hash, expected.finish());
        assert_ne!(hash, state_hash(Some(&whole)));
        let search = SearchRequest { text: "needle".into(), limit: 10, ..SearchRequest::default() };
        let Reply::Found(found) = ask(&mut engine, Request::Search(Box::new(search))) else { panic!("another answer") };
        assert_eq!((found.matches, found.rows.len()), (1, 1));
        let export = Request::Export { format: "values".into() };
        let mut text = Vec::new();
        for reply in ask_with(&mut engine, export, Vec::new()) {
            let Reply::Chunk { bytes, .. } = reply else { panic!("another answer") };
            text.extend(bytes);
        }
        assert_eq!(Json::parse(&text).unwrap(), whole);
    }
}

#[test]
fn a_change_far_behind_in_a_long_value_is_a_change() {
    for (one, other) in long("x").into_iter().zip(long("y")) {
        let latest = Configuration { projection: Some("latest".into()), ..Configuration::default() };
        let (mut engine, _) = loaded(&[("huge", one.clone()), ("huge", other), ("huge", one)], latest);
        let Reply::History { steps, .. } = ask(&mut engine, Request::History { entity: 0, start: 0, count: 10 }) else {
            panic!()
        };
        assert!(steps.iter().all(|step| !step.changes.is_empty()), "{} steps", steps.len());
        // The same states, made in another way, are not different.
        let other = Configuration { projection: Some("cdc".into()), ..Configuration::default() };
        let Reply::Compared(compared) = ask(&mut engine, Request::Compare(CompareRequest { other, limit: 10 })) else {
            panic!()
        };
        assert_eq!((compared.same, compared.differing), (1, 0));
    }
}

#[test]
fn programs_and_patches_see_whole_values() {
    let value = json!({"memo": "a".repeat(6_000_000)});
    let program = Configuration {
        projection: Some("jq".into()),
        jq: Some("if $event == null then . else {n: 1} end".into()),
        ..Configuration::default()
    };
    let patch = Configuration { projection: Some("json-patch".into()), ..Configuration::default() };
    let patches = json!([{"op": "add", "path": "", "value": value}]);
    for (configuration, value) in [(program, value), (patch, patches)] {
        let (mut engine, _) = loaded(&[("huge", value)], configuration);
        let Reply::Entity(view) = ask(&mut engine, Request::Entity { entity: 0, position: 1 }) else {
            panic!("another answer")
        };
        assert_ne!(view.hash, "", "nothing was cut");
    }
}
