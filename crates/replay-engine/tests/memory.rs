//! A load ends before its memory does, says so, and keeps what it has read; what is really taken stays within what was given.
//!
//! One test alone, since it counts the memory of the whole process.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod on_disk;

use on_disk::OnDisk;
use peak_alloc::PeakAlloc;
use replay_engine::{Attachment, Budget, Engine, Step};
use replay_protocol::{Configuration, LoadRequest, Reply, Request, Scenario, SourceSpec, Summary};
use replay_testing::Disk;
use std::fmt::Write;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MB: usize = 1 << 20;
/// What an engine may take in most of these cases.
const ROOM: usize = 20 * MB;
/// What is read at once, in the hands of the source and of the reader.
const IN_PASSING: usize = 5 * MB;

/// Read in small pieces, so that little is in passing beside what is held.
fn source(disk: &Disk, is_kept: bool) -> Attachment {
    Box::new(OnDisk { at_once: 256 << 10, is_kept, ..OnDisk::new(disk) })
}

fn run(engine: &mut Engine, request: Request, attachments: Vec<Attachment>) -> Reply {
    engine.accept(1, request, attachments);
    let mut last = None;
    while engine.step(Budget::records(10_000), &mut |_, reply| last = Some(reply)) != Step::Idle {}
    last.unwrap()
}

fn lines(range: std::ops::Range<u64>, line: impl Fn(u64) -> String) -> Disk {
    let mut text = String::new();
    for n in range {
        let _ = writeln!(text, "{}", line(n));
    }
    Disk::new(text.into_bytes())
}

fn record(partition: u64, offset: u64, key: u64, value: u64) -> String {
    format!(
        r#"{{"topic":"t","partition":{partition},"offset":{offset},"timestamp":{offset},"key":"key-{key}","value":{{"n":{value}}}}}"#
    )
}

/// Loads the files into little memory; the engine, and what it says of the log.
fn loaded(room: usize, files: Vec<Attachment>, schedule: Option<&str>) -> (Engine, Summary, usize) {
    let source = |n: usize| SourceSpec { name: format!("{n}.ndjson"), text: None, size: None };
    let request = LoadRequest {
        sources: (0..files.len()).map(source).collect(),
        configuration: Configuration { schedule: schedule.map(str::to_owned), ..Configuration::default() },
        ..LoadRequest::default()
    };
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let mut engine = Engine::new().within(room as u64);
    let reply = run(&mut engine, Request::Load(request), files);
    let taken = MEMORY.peak_usage() - before;
    let Reply::Loaded(summary) = reply else { panic!("{reply:?}") };
    (engine, *summary, taken)
}

/// Files of which a part fits: between a tenth of the records and nearly all.
#[track_caller]
fn check(what: &str, room: usize, files: Vec<Attachment>, schedule: Option<&str>, total: u64) {
    let (mut engine, summary, taken) = loaded(room, files, schedule);
    assert!(taken <= room + IN_PASSING, "{what}: {} MB were taken", taken / MB);
    let first = summary.errors.first().unwrap_or_else(|| panic!("{what}: all of it was read, in {} MB", taken / MB));
    assert!(summary.partial && ["memory-full", "too-large"].contains(&first.code.as_str()), "{what}: {first:?}");
    assert!((total / 10..total).contains(&summary.records), "{what}: {} of {total} records", summary.records);
    let entities = Request::Entities { filter: String::new(), start: 0, count: 1, position: summary.records };
    let Reply::Entities { rows, .. } = run(&mut engine, entities, Vec::new()) else { panic!("{what}") };
    assert_eq!(rows.len(), 1, "{what}");
}

#[test]
fn a_load_ends_before_its_memory_does_and_keeps_what_it_has_read() {
    let disk = |text: &Disk| source(text, false);
    let n = 750_000;
    let short = lines(0..n, |n| format!(r#"{{"key":"k{}","value":{{"n":{}}}}}"#, n % 100, n % 10));
    check("few keys", ROOM, vec![disk(&short)], None, n);
    check("text that is kept", ROOM, vec![source(&short, true)], None, n);
    drop(short);

    let n = 350_000;
    let own = lines(0..n, |n| record(0, n, n, n));
    check("a key for each record", ROOM, vec![disk(&own)], None, n);
    check("by timestamp", ROOM, vec![disk(&own)], Some("timestamp"), n);
    drop(own);
    let n = 650_000;
    let backwards = lines(0..n, |i| record(i % 2, n - i, i % 500, i));
    check("newest first", ROOM, vec![disk(&backwards)], None, n);
    drop(backwards);
    let n = 350_000;
    let file = |from: u64| lines(from..from + n / 2, |n| record(n / 150_000, n, n % 25_000, n));
    let files = [0, n / 2, n, n * 3 / 2].map(file);
    check("four files", 2 * ROOM, files.iter().map(disk).collect(), None, n * 2);
    drop(files);
    let same = lines(0..50_000, |n| record(0, n, n % 25_000, n));
    check("the same file again and again", ROOM, (0..5).map(|_| disk(&same)).collect(), None, 250_000);

    // A log that fits, and what does not fit beside it.
    let small = lines(0..100_000, |n| record(0, n, n % 500, n));
    let (mut engine, summary, _) = loaded(ROOM, vec![disk(&small)], None);
    assert_eq!((summary.partial, summary.records, summary.error_count), (false, 100_000, 0));
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let Reply::Failed(failure) =
        run(&mut engine, Request::Simulate { scenario: Box::<Scenario>::default() }, Vec::new())
    else {
        panic!();
    };
    assert_eq!(failure.code, "memory-full");
    assert!(MEMORY.peak_usage() - before < MB);
    let configured = Configuration { schedule: Some("timestamp".into()), ..summary.configuration };
    let Reply::Loaded(_) = run(&mut engine, Request::Configure(configured), Vec::new()) else { panic!() };
}
