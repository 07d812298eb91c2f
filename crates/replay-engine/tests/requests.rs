//! What the engine promises its host: every request has an answer, long ones report progress and can be cancelled, nothing panics.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use replay_engine::{Attachment, Budget, ByteSource, Engine, Read, Step};
use replay_protocol::{
    Alike, Configuration, Life, LoadRequest, Mapping, Place, Preview, RememberedMapping, Reply, Request, RunsRequest,
    SourceSpec, Summary,
};
use std::fmt::Write;

/// Runs until idle; gives all replies to the request.
fn ask_with(engine: &mut Engine, request: Request, attachments: Vec<Attachment>, records: usize) -> Vec<Reply> {
    engine.accept(7, request, attachments);
    let mut replies = Vec::new();
    for _ in 0..100_000 {
        let step = engine.step(Budget::records(records), &mut |id, reply| {
            assert_eq!(id, 7);
            replies.push(reply);
        });
        if step == Step::Idle {
            return replies;
        }
    }
    panic!("the engine does not come to an end");
}

fn ask(engine: &mut Engine, request: Request) -> Reply {
    ask_with(engine, request, Vec::new(), 1000).pop().unwrap()
}

fn load_request(text: &str) -> Request {
    let source = SourceSpec { name: "a.ndjson".into(), text: Some(text.into()), size: None };
    Request::Load(LoadRequest { sources: vec![source], ..LoadRequest::default() })
}

fn loaded(text: &str) -> (Engine, Summary) {
    let mut engine = Engine::new();
    match ask(&mut engine, load_request(text)) {
        Reply::Loaded(summary) => (engine, *summary),
        other => panic!("{other:?}"),
    }
}

/// `key=value` a word, `key=` a tombstone; alternating partitions.
fn kcat(words: &str) -> String {
    let mut text = String::new();
    for (n, word) in words.split_whitespace().enumerate() {
        let (key, value) = word.split_once('=').unwrap();
        let payload =
            if value.is_empty() { "null".to_owned() } else { format!("{{\"status\":\"{value}\",\"n\":{n}}}") };
        let (partition, offset) = (n % 2, n / 2);
        writeln!(text, r#"{{"topic":"t","partition":{partition},"offset":{offset},"tstype":"create","ts":{},"broker":1,"key":"{key}","payload":{payload}}}"#, 1000 + n).unwrap();
    }
    text
}

#[test]
fn what_follows_the_cursor_is_answered_before_lists_one_request_a_step() {
    let (mut engine, _) = loaded(&kcat("a=x b=y a=z"));
    let entities = Request::Entities { filter: String::new(), start: 0, count: 9, position: 3 };
    for (id, request) in [entities, Request::Rows { start: 1, end: 3 }, Request::Entity { entity: 0, position: 3 }]
        .into_iter()
        .enumerate()
    {
        engine.accept(id as u32, request, Vec::new());
    }
    let mut answered = Vec::new();
    while engine.step(Budget::records(1), &mut |id, _| answered.push(id)) != Step::Idle {
        // Comes while the lists are waited for, and overtakes them.
        if answered.len() == 2 {
            engine.accept(3, Request::Record { position: 1 }, Vec::new());
        }
        assert!(answered.len() < 9, "{answered:?}");
    }
    assert_eq!(answered, [2, 0, 3, 1]);
}

#[test]
fn a_log_is_summed_up() {
    let (_, summary) = loaded(&kcat("a=x b=y a=z b="));
    assert_eq!((summary.records, summary.entities, summary.tombstones), (4, 2, 1));
    assert_eq!(summary.partitions.len(), 2);
    assert_eq!(summary.format, "kcat-json");
    assert_eq!((summary.generation, summary.error_count), (1, 0));
    assert_eq!(summary.first_timestamp_ms, Some(1000.0));
    assert!(summary.configuration.projection.is_some());
}

#[test]
fn an_entity_is_shown_at_any_position() {
    let (mut engine, _) = loaded(&kcat("a=x b=y a=z b="));
    let mut seen = Vec::new();
    for position in 0..=4 {
        let Reply::Entity(view) = ask(&mut engine, Request::Entity { entity: 0, position }) else { panic!() };
        seen.push((view.version, view.life, view.last_position, view.next_position));
    }
    assert_eq!(
        seen,
        [
            (0, Life::Unborn, 0, Some(1)),
            (1, Life::Alive, 1, Some(3)),
            (1, Life::Alive, 1, Some(3)),
            (2, Life::Alive, 3, None),
            (2, Life::Alive, 3, None)
        ]
    );
    let Reply::Entity(view) = ask(&mut engine, Request::Entity { entity: 0, position: 4 }) else { panic!() };
    assert_eq!(view.state_text, "{\n  \"status\": \"z\",\n  \"n\": 2\n}");
    let lines: Vec<_> =
        view.tree.iter().map(|line| (line.path.as_str(), line.text.as_str(), line.set_at, line.changed)).collect();
    assert_eq!(lines, [("/status", "\"z\"", 3, true), ("/n", "2", 3, true)]);
    assert_eq!(view.changes.len(), 2);
    let Reply::Entity(view) = ask(&mut engine, Request::Entity { entity: 1, position: 4 }) else { panic!() };
    assert_eq!((view.life, view.state_text.as_str()), (Life::Deleted, "null"));
}

fn program(text: &str) -> Configuration {
    Configuration { jq: Some(text.to_owned()), ..Configuration::default() }
}

#[test]
fn a_program_is_a_projection_and_a_wrong_one_leaves_the_log_as_it_was() {
    let (mut engine, _) = loaded(&kcat("a=x b=y a=z b="));
    let asked = program("if $event == null then null else {last: $event.status, before: .last} end");
    let Reply::Loaded(summary) = ask(&mut engine, Request::Configure(asked.clone())) else { panic!() };
    assert_eq!(summary.configuration.projection.as_deref(), Some("jq"));
    assert_eq!(summary.configuration.jq, asked.jq);
    let state = |engine: &mut Engine, entity| {
        let Reply::Entity(view) = ask(engine, Request::Entity { entity, position: 4 }) else { panic!() };
        (view.state_text.replace([' ', '\n'], ""), view.life, view.problems)
    };
    assert_eq!(state(&mut engine, 0), (r#"{"last":"z","before":"x"}"#.to_owned(), Life::Alive, Vec::new()));
    assert_eq!(state(&mut engine, 1), ("null".to_owned(), Life::Deleted, Vec::new()));
    for (text, place) in [(".a |", "line 1, column 5"), ("\n  foo", "line 2, column 3"), ("", "needs a program")] {
        let Reply::Failed(failure) = ask(&mut engine, Request::Configure(program(text))) else { panic!() };
        assert_eq!(failure.code, "bad-jq");
        assert!(failure.detail.contains(place), "{}", failure.detail);
    }
    assert_eq!(state(&mut engine, 0).0, r#"{"last":"z","before":"x"}"#);
    ask(&mut engine, Request::Configure(program("if $event.status == \"z\" then repeat(.) | empty else $event.n end")));
    let (text, _, problems) = state(&mut engine, 0);
    assert_eq!((text.as_str(), problems[0].position, problems[0].code.as_str()), ("0", 3, "program-failed"));
    // The program is kept for whoever comes back to it.
    let other = Configuration { projection: Some("latest".into()), ..program("$event.n") };
    let Reply::Loaded(summary) = ask(&mut engine, Request::Configure(other)) else { panic!() };
    assert_eq!(summary.configuration.jq.as_deref(), Some("$event.n"));
    assert!(state(&mut engine, 0).0.contains("status"));
}

#[test]
fn windows_give_what_is_asked_for_and_no_more() {
    let (mut engine, _) = loaded(&kcat("a=x b=y a=z b="));
    let Reply::Rows { rows } = ask(&mut engine, Request::Rows { start: 2, end: 4 }) else { panic!() };
    let places: Vec<_> =
        rows.iter().map(|row| (row.position, row.partition, row.offset, row.key.clone().unwrap())).collect();
    assert_eq!(places, [(2, 1, 0, "b".to_owned()), (3, 0, 1, "a".to_owned())]);
    let request = Request::Entities { filter: "B".into(), start: 0, count: 10, position: 4 };
    let Reply::Entities { total, rows } = ask(&mut engine, request) else { panic!() };
    assert_eq!((total, rows[0].key.as_str(), rows[0].life, rows[0].events), (1, "b", Life::Deleted, 2));
    let Reply::Rows { rows } = ask(&mut engine, Request::Rows { start: 90, end: u64::MAX }) else { panic!() };
    assert!(rows.is_empty());
}

#[test]
fn records_that_are_alike_are_one_row_until_it_is_opened() {
    let (mut engine, _) = loaded(&kcat("a=1 b=1 a=2 a=3 a=4 b= a=5 a=6"));
    let mut page = |alike, opened: &[u64], position| {
        let asked = RunsRequest { alike, start: 1, count: 3, opened: opened.to_vec(), position };
        let Reply::Runs(page) = ask(&mut engine, Request::Runs(asked)) else { panic!() };
        let rows: Vec<_> = page.rows.iter().map(|run| (run.row.position, run.start, run.length, run.folded)).collect();
        (page.total, page.first, page.current, rows)
    };
    // A tombstone is like no event, and what follows it begins anew.
    assert_eq!(page(Alike::Type, &[], 3), (4, 1, Some(0), vec![(6, 6, 1, false), (7, 7, 1, false), (8, 8, 1, false)]));
    let rows = vec![(2, 2, 1, false), (4, 3, 3, true), (6, 6, 1, false)];
    assert_eq!(page(Alike::Entity, &[], 4), (6, 1, Some(2), rows));
    let rows = vec![(2, 2, 1, false), (3, 3, 3, false), (4, 3, 3, false)];
    assert_eq!(page(Alike::Entity, &[5], 5), (8, 1, Some(4), rows));
}

#[test]
fn lanes_count_every_record_once() {
    let (mut engine, _) = loaded(&kcat("a=x b=y a=z b= c=1 d=2 a=3"));
    for columns in 1..12 {
        let Reply::Lanes(tile) = ask(&mut engine, Request::Lanes { start: 0, end: 7, columns, entity: Some(0) }) else {
            panic!()
        };
        let sum = |of: fn(&replay_protocol::LaneBucket) -> u32| tile.lanes.iter().flatten().map(of).sum::<u32>();
        assert_eq!((sum(|b| b.n), sum(|b| b.e), sum(|b| b.d)), (7, 3, 1), "{columns} columns");
    }
}

#[test]
fn places_become_positions() {
    let (mut engine, _) = loaded(&kcat("a=x b=y a=z b="));
    let mut locate = |place| match ask(&mut engine, Request::Locate(place)) {
        Reply::Located { position, .. } => position,
        other => panic!("{other:?}"),
    };
    assert_eq!(locate(Place::Offset { partition: 1, offset: 1 }), Some(4));
    assert_eq!(locate(Place::Time { timestamp_ms: 1002.0 }), Some(3));
    assert_eq!(locate(Place::Event { entity: 0, position: 1, backwards: false }), Some(3));
    assert_eq!(locate(Place::Event { entity: 0, position: 3, backwards: true }), Some(1));
    assert_eq!(locate(Place::Key { key: "b".into() }), Some(4));
    assert_eq!(locate(Place::Key { key: "zz".into() }), None);
}

#[test]
fn another_key_and_schedule_give_other_entities_and_orders() {
    let (mut engine, _) = loaded(&kcat("a=x b=y a=z b=x"));
    let configure = |key_by: &str, schedule: &str| {
        let configuration =
            Configuration { key_by: Some(key_by.into()), schedule: Some(schedule.into()), ..Configuration::default() };
        Request::Configure(configuration)
    };
    let Reply::Loaded(summary) = ask(&mut engine, configure("/status", "partition")) else { panic!() };
    assert_eq!((summary.entities, summary.generation), (3, 2));
    let Reply::Rows { rows } = ask(&mut engine, Request::Rows { start: 1, end: 5 }) else { panic!() };
    assert_eq!(rows.iter().map(|row| row.partition).collect::<Vec<_>>(), [0, 0, 1, 1]);
    let Reply::Failed(failure) = ask(&mut engine, configure("status", "file")) else { panic!() };
    assert_eq!(failure.code, "bad-pointer");
    let Reply::Failed(failure) = ask(&mut engine, configure("", "sideways")) else { panic!() };
    assert_eq!(failure.code, "bad-schedule");
    let Reply::Loaded(summary) = ask(&mut engine, configure("", "file")) else { panic!() };
    assert_eq!(summary.entities, 2);
}

#[test]
fn a_failed_load_keeps_the_log_that_was_there() {
    let (mut engine, _) = loaded(&kcat("a=x"));
    for (text, code) in [("", "no-records"), ("\0\u{1}", "no-records")] {
        if let Reply::Failed(failure) = ask(&mut engine, load_request(text)) {
            assert_eq!(failure.code, code);
            assert!(
                matches!(ask(&mut engine, Request::Rows { start: 1, end: 2 }), Reply::Rows { rows } if rows.len() == 1)
            );
        }
    }
}

#[test]
fn before_a_load_every_question_is_refused() {
    let mut engine = Engine::new();
    for request in
        [Request::Rows { start: 1, end: 2 }, Request::Hash { position: 0 }, Request::Export { format: "kcat".into() }]
    {
        assert!(matches!(ask(&mut engine, request), Reply::Failed(failure) if failure.code == "no-log"));
    }
}

#[test]
fn a_load_reports_progress_and_what_was_read_before_a_cancel_is_kept() {
    let words: Vec<String> = (0..120_000).map(|n| format!("k{}=v{n}", n % 100)).collect();
    let bytes = kcat(&words.join(" ")).into_bytes();
    let size = bytes.len() as f64;
    let source = SourceSpec { name: "big.ndjson".into(), text: None, size: Some(size) };
    let request = Request::Load(LoadRequest { sources: vec![source], ..LoadRequest::default() });
    let mut engine = Engine::new();
    engine.accept(1, request, vec![Box::new(bytes)]);
    let (mut progress, mut summary) = (0, None);
    for n in 0..100_000 {
        if n == 3 {
            engine.accept(2, Request::Cancel { job: 1 }, Vec::new());
        }
        let step = engine.step(Budget::records(5000), &mut |_, reply| match reply {
            Reply::Progress(now) => {
                assert!(now.done <= size && now.total.is_some());
                progress += 1;
            }
            Reply::Loaded(loaded) => summary = Some(loaded),
            other => panic!("{other:?}"),
        });
        if step == Step::Idle {
            break;
        }
    }
    let summary = summary.unwrap();
    assert!(progress > 0 && summary.partial, "{progress} reports");
    assert!((1..120_000).contains(&summary.records), "{} records", summary.records);
}

#[test]
fn the_hash_is_the_same_for_the_same_states_in_any_order() {
    let (mut engine, _) = loaded(&kcat("a=x b=y a=z b="));
    let Reply::Hash { hash } = ask(&mut engine, Request::Hash { position: 4 }) else { panic!() };
    let configuration = Configuration { schedule: Some("seeded:3".into()), ..Configuration::default() };
    ask(&mut engine, Request::Configure(configuration));
    // Each key lies in one partition, so no order across partitions can change its state.
    let Reply::Hash { hash: other } = ask(&mut engine, Request::Hash { position: 4 }) else { panic!() };
    assert_eq!(hash, other);
    let Reply::Hash { hash: earlier } = ask(&mut engine, Request::Hash { position: 1 }) else { panic!() };
    assert_ne!(hash, earlier);
}

#[test]
fn an_export_reads_back_as_the_same_log() {
    let (mut engine, before) = loaded(&kcat("a=x b=y a=z b="));
    for format in ["kcat", "ndjson"] {
        let replies = ask_with(&mut engine, Request::Export { format: format.into() }, Vec::new(), 1);
        let text: String =
            replies
                .iter()
                .map(|reply| {
                    if let Reply::Chunk { bytes, .. } = reply { std::str::from_utf8(bytes).unwrap() } else { panic!() }
                })
                .collect();
        let (_, after) = loaded(&text);
        assert_eq!(
            (before.records, before.entities, &before.partitions),
            (after.records, after.entities, &after.partitions),
            "{format}"
        );
    }
}

/// A host that has nothing ready at every other look, and then a few bytes.
struct Slow {
    bytes: Vec<u8>,
    is_ready: bool,
}

impl ByteSource for Slow {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&mut self, offset: u64, length: usize, into: &mut Vec<u8>) -> Result<Read, String> {
        self.is_ready = !self.is_ready;
        if self.is_ready { Ok(Read::Later) } else { self.bytes.read(offset, length.min(1000), into) }
    }

    fn read_now(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, String> {
        self.bytes.read_now(offset, length)
    }
}

#[test]
fn a_source_that_needs_its_time_is_waited_for() {
    let words: Vec<String> = (0..5000).map(|n| format!("k{}=v{n}", n % 10)).collect();
    let bytes = kcat(&words.join(" ")).into_bytes();
    let mut engine = Engine::new();
    let request = LoadRequest {
        sources: vec![SourceSpec { name: "a.ndjson".into(), text: None, size: None }],
        ..LoadRequest::default()
    };
    engine.accept(1, Request::Load(request), vec![Box::new(Slow { bytes, is_ready: false })]);
    let (mut waits, mut last) = (0, None);
    loop {
        match engine.step(Budget::records(1000), &mut |_, reply| last = Some(reply)) {
            Step::Waiting => waits += 1,
            Step::Busy => {}
            Step::Idle => break,
        }
    }
    assert!(waits > 100, "{waits}");
    assert!(matches!(last, Some(Reply::Loaded(summary)) if summary.records == 5000 && summary.entities == 10));
}

#[test]
fn an_index_costs_at_most_forty_bytes_a_record_and_the_whole_little_more_than_the_file() {
    let mut text = String::new();
    for n in 0_u64..200_000 {
        let (key, memo) = (n * 7919 % 10_000, n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        writeln!(
            text,
            r#"{{"topic":"account-events","partition":{},"offset":{},"tstype":"create","ts":{},"broker":1,"headers":["event_type","Deposited"],"key":"account-{key:07}","payload":"{{\"accountId\":\"account-{key:07}\",\"eventId\":\"{memo:016x}\",\"version\":{},\"amount\":{},\"balance\":{},\"currency\":\"EUR\",\"memo\":\"transfer {memo}\"}}"}}"#,
            key % 12,
            n,
            1_740_960_000_000 + n * 37 + memo % 1000,
            n / 10_000,
            memo % 10_000,
            memo % 1_000_000,
        )
        .unwrap();
    }
    let size = text.len() as f64;
    // As the page gives a file: slice by slice.
    let request = LoadRequest {
        sources: vec![SourceSpec { name: "a.ndjson".into(), text: None, size: None }],
        ..LoadRequest::default()
    };
    let mut engine = Engine::new();
    let bytes: Attachment = Box::new(text.into_bytes());
    let Some(Reply::Loaded(summary)) = ask_with(&mut engine, Request::Load(request), vec![bytes], 20_000).pop() else {
        panic!("not loaded");
    };
    assert_eq!((summary.records, summary.entities), (200_000, 10_000));
    // Columns, keys, posting lists and all final states.
    let per_record = summary.index_bytes / 200_000.0;
    assert!(per_record <= 40.0, "{per_record}");
    let whole = (summary.bytes + summary.index_bytes) / size;
    assert!(whole <= 1.35, "{whole}");
}

fn asked_as(text: &str, mapping: Mapping) -> LoadRequest {
    let source = SourceSpec { name: "a.ndjson".into(), text: Some(text.into()), size: None };
    LoadRequest { sources: vec![source], mapping, ..LoadRequest::default() }
}

fn previewed(request: LoadRequest) -> Preview {
    match ask(&mut Engine::new(), Request::Preview(request)) {
        Reply::Preview(preview) => *preview,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_preview_shows_the_first_records_and_what_they_could_be_made_of() {
    let text = kcat("a=x b=y a=z b=");
    let plain = previewed(asked_as(&text, Mapping::default()));
    assert_eq!((plain.format.as_str(), plain.rows.len(), &plain.detected), ("kcat-json", 4, &plain.in_force));
    assert_eq!((plain.in_force.key.as_deref(), plain.in_force.timestamp.as_deref()), (Some("/key"), Some("/ts")));
    assert_eq!((plain.rows[3].key.as_deref(), plain.rows[3].tombstone), (Some("b"), true));
    let example = |place: &str| plain.places.iter().find(|one| one.place == place).map(|one| one.example.as_str());
    assert_eq!((example("/offset"), example("value:/status"), example("/nothing")), (Some("0"), Some("\"x\""), None));
    let chosen = Mapping { key: Some("value:/status".into()), offset: Some(String::new()), ..Mapping::default() };
    let changed = previewed(asked_as(&text, chosen.clone()));
    assert_eq!((changed.detected, changed.signature), (plain.detected, plain.signature.clone()));
    assert_eq!((changed.rows[0].key.as_deref(), changed.rows[0].offset), (Some("x"), None));
    // What the preview shows is what a load gives; a load of the same kind remembers it.
    let mut engine = Engine::new();
    let Reply::Loaded(loaded) = ask(&mut engine, Request::Load(asked_as(&text, chosen.clone()))) else { panic!() };
    assert_eq!(
        (loaded.mapping, &loaded.chosen_mapping, &loaded.signature),
        (changed.in_force, &chosen, &plain.signature)
    );
    assert_eq!((loaded.entities, loaded.offsets_estimated), (3, true));
    let remembered = RememberedMapping { signature: plain.signature, mapping: chosen.clone() };
    let again = LoadRequest { remembered: vec![remembered], ..asked_as(&kcat("c=q d=q"), Mapping::default()) };
    let Reply::Loaded(loaded) = ask(&mut engine, Request::Load(again)) else { panic!() };
    assert_eq!((loaded.entities, loaded.chosen_mapping), (1, chosen));
}

#[test]
fn a_mapping_that_makes_no_sense_is_refused_before_anything_is_read() {
    let bad = Mapping { value: Some("header:x".into()), ..Mapping::default() };
    for request in [Request::Load(asked_as("{}", bad.clone())), Request::Preview(asked_as("{}", bad.clone()))] {
        let Reply::Failed(failure) = ask(&mut Engine::new(), request) else { panic!() };
        assert_eq!((failure.code.as_str(), failure.detail.as_str()), ("bad-mapping-part", "value: header:x"));
    }
}

#[test]
fn a_preview_of_a_long_file_is_not_troubled_by_its_cut() {
    let text = kcat(&"a=x b=y ".repeat(20_000));
    let preview = previewed(asked_as(&text, Mapping::default()));
    assert_eq!((preview.problems.len(), preview.rows.len()), (0, 12));
}

#[test]
fn trouble_is_counted_by_kind_with_the_text_around_it() {
    let (_, summary) = loaded("{\"id\":1}\nno record\n{\"id\":2}\nnone either\n{\"id\" 3}\n");
    assert_eq!(summary.error_kinds, [("not-a-record".to_owned(), 2), ("json".to_owned(), 1)]);
    let around = summary.errors[2].around.as_ref().unwrap();
    assert_eq!((around.0.as_str(), around.1.as_str()), ("{\"id\" ", "3}"));
}
