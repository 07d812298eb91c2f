//! What other systems make of a log: windows of time, words, row changes, streams with versions, archives.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use replay_engine::{Budget, Engine, Step};
use replay_protocol::{
    AppendVerdict, Archive, ExpectedRevision, LoadRequest, Reply, Request, RowChanges, RowOperation, SourceSpec,
    StreamRequest, StreamView, Windows, WordsFound, WordsRequest,
};
use std::fmt::Write;

fn ask(engine: &mut Engine, request: Request) -> Reply {
    engine.accept(7, request, Vec::new());
    let mut last = None;
    for _ in 0..100_000 {
        let step = engine.step(Budget::records(3), &mut |_, reply| last = Some(reply));
        if step == Step::Idle {
            return last.unwrap();
        }
    }
    panic!("the engine does not come to an end");
}

/// A log with a record for each `(partition, ms, key, type, value)`; an empty value is a tombstone.
fn loaded(records: &[(u32, u64, &str, &str, &str)]) -> Engine {
    let mut text = String::new();
    let mut offsets = [0; 4];
    for (partition, ms, key, event_type, value) in records {
        let offset = &mut offsets[*partition as usize];
        let payload = if value.is_empty() { "null" } else { value };
        writeln!(text, r#"{{"topic":"t","partition":{partition},"offset":{offset},"tstype":"create","ts":{ms},"broker":1,"headers":["event_type","{event_type}"],"key":"{key}","payload":{payload}}}"#).unwrap();
        *offset += 1;
    }
    let mut engine = Engine::new();
    let source = SourceSpec { name: "a".into(), text: Some(text), size: None };
    let load = LoadRequest { sources: vec![source], ..LoadRequest::default() };
    let Reply::Loaded(_) = ask(&mut engine, Request::Load(load)) else { panic!() };
    engine
}

fn windows(engine: &mut Engine, position: u64) -> Windows {
    let Reply::Windows(windows) = ask(engine, Request::Windows { position, window_ms: Some(1000.0) }) else { panic!() };
    windows
}

#[test]
fn windows_count_up_to_the_position_and_tell_who_came_late() {
    let mut engine = loaded(&[
        (0, 500, "a", "New", r#"{"n":1}"#),
        (0, 900, "a", "Set", r#"{"n":2}"#),
        (0, 2100, "b", "Set", r#"{"n":3}"#),
        (0, 950, "a", "Set", r#"{"n":4}"#),
    ]);
    let sums = |windows: &Windows| -> Vec<(u32, u32)> {
        windows.windows.iter().map(|window| (window.counts.iter().sum(), window.late)).collect()
    };
    let half = windows(&mut engine, 2);
    assert_eq!((half.start_ms, half.window_ms, half.late), (0.0, 1000.0, 0));
    assert_eq!(sums(&half), [(2, 0), (0, 0), (0, 0)]);
    let all = windows(&mut engine, 99);
    assert_eq!(sums(&all), [(3, 1), (0, 0), (1, 0)]);
    // The commonest type comes first, as in the legend.
    assert_eq!(all.windows[0].counts[..2], [2, 1]);
    assert_eq!(all.late, 1);
}

fn words(engine: &mut Engine, text: &str, position: u64) -> WordsFound {
    let asked = WordsRequest { text: text.into(), position, limit: 10 };
    let Reply::Words(found) = ask(engine, Request::Words(asked)) else { panic!() };
    found
}

#[test]
fn words_are_found_where_they_stand_and_only_up_to_the_position() {
    let mut engine = loaded(&[
        (0, 1, "spray-1", "StatusChanged", r#"{"operator":"李四","to":"IN_USE"}"#),
        (0, 2, "spray-2", "StatusChanged", r#"{"operator":"四李","to":"FAULTY"}"#),
        (0, 3, "spray-1", "StatusChanged", r#"{"operator":"李四","to":"FAULTY"}"#),
    ]);
    let mut check = |text: &str, position: u64, expected: &[u64]| {
        let found = words(&mut engine, text, position);
        assert_eq!(found.rows.iter().map(|row| row.position).collect::<Vec<_>>(), expected, "{text}");
        assert_eq!((found.total as usize, u64::from(found.indexed)), (expected.len(), position.min(3)));
        found
    };
    check("faulty", 3, &[2, 3]);
    check("Faulty SPRAY-1", 3, &[3]);
    check("faulty", 2, &[2]);
    // Neighbours in a text without spaces must be neighbours there too.
    check("李四", 3, &[1, 3]);
    check("operator", 3, &[]);
    assert!(check("spray faulty", 3, &[2, 3]).entries_read < 6);
    check("", 3, &[]);
}

fn rows(engine: &mut Engine) -> RowChanges {
    let Reply::RowChanges(changes) = ask(engine, Request::RowChanges { entity: 0, start: 0, count: 10 }) else {
        panic!()
    };
    *changes
}

#[test]
fn an_event_that_changes_no_column_leaves_no_row_change() {
    let mut engine = loaded(&[
        (0, 1, "a", "Registered", r#"{"newStatus":"NEW","by":"x"}"#),
        (0, 2, "a", "StatusChanged", r#"{"oldStatus":"NEW","newStatus":"USED","by":"x"}"#),
        (0, 3, "a", "Inspected", r#"{"oldStatus":"USED","newStatus":"USED","by":"x"}"#),
        (0, 4, "a", "Removed", ""),
        (0, 5, "a", "Removed", ""),
        (0, 6, "a", "Registered", r#"{"newStatus":"NEW","by":"y"}"#),
    ]);
    let changes = rows(&mut engine);
    let ops: Vec<_> = changes.steps.iter().map(|step| step.op).collect();
    let (insert, update, delete) = (Some(RowOperation::Insert), Some(RowOperation::Update), Some(RowOperation::Delete));
    assert_eq!(ops, [insert, update, None, delete, None, insert]);
    assert_eq!((changes.inserts, changes.updates, changes.deletes, changes.silent), (2, 1, 1, 2));
    assert_eq!(changes.event_fields, ["newStatus", "oldStatus"]);
    assert_eq!(changes.steps[1].columns.iter().map(|change| change.path.as_str()).collect::<Vec<_>>(), ["/status"]);
    assert_eq!(changes.event_types.len(), 4);
    assert!(!changes.is_change_data);
}

use AppendVerdict::{Accepted, Conflict, Duplicate, Gap};

fn stream(engine: &mut Engine, position: u64, attempts: Vec<ExpectedRevision>) -> StreamView {
    let asked = StreamRequest { entity: 0, position, snapshot_every: 2, attempts };
    let Reply::Stream(view) = ask(engine, Request::Stream(asked)) else { panic!() };
    *view
}

#[test]
fn a_stream_tells_which_appends_an_event_store_would_have_refused() {
    let mut engine = loaded(&[
        (0, 1, "a", "Opened", r#"{"eventId":"1","version":1}"#),
        (0, 2, "b", "Opened", r#"{"eventId":"9","version":1}"#),
        (0, 3, "a", "Changed", r#"{"eventId":"2","version":2}"#),
        (0, 4, "a", "Changed", r#"{"eventId":"2","version":2}"#),
        (0, 5, "a", "Changed", r#"{"eventId":"3","version":2}"#),
        (0, 6, "a", "Changed", r#"{"eventId":"4","version":5}"#),
    ]);
    let view = stream(&mut engine, 99, Vec::new());
    let verdicts: Vec<_> = view.events.iter().map(|event| event.verdict).collect();
    assert_eq!(verdicts, [Accepted, Accepted, Duplicate, Conflict, Gap]);
    assert_eq!((view.conflicts, view.duplicates, view.gaps, view.unclaimed), (1, 1, 1, 0));
    assert_eq!((view.revision, view.snapshot, view.tail), (Some(4), Some(3), 1));
    let early = stream(&mut engine, 2, vec![ExpectedRevision::NoStream, ExpectedRevision::Exactly { revision: 0 }]);
    assert_eq!((early.revision, early.snapshot, early.tail), (Some(0), None, 1));
    assert_eq!(early.attempts.iter().map(|one| one.is_accepted).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn an_archive_holds_the_records_up_to_the_position() {
    let mut engine =
        loaded(&[(0, 1, "a", "New", r#"{"n":1}"#), (1, 2, "b", "New", r#"{"n":2}"#), (0, 3, "a", "Removed", "")]);
    let mut archive = |position: u64| -> Archive {
        let Reply::Archived(archive) = ask(&mut engine, Request::Archive { position }) else { panic!() };
        *archive
    };
    let all = archive(99);
    assert_eq!((all.records, all.columns.len()), (3, 10));
    assert!(all.file.starts_with(b"PAR1") && all.file.ends_with(b"PAR1"));
    let columns: f64 = all.columns.iter().map(|column| column.bytes).sum();
    assert!(columns < all.file.len() as f64 && all.text_bytes > 0.0);
    assert_eq!(archive(2).records, 2);
    assert_eq!(archive(0).records, 0);
}
