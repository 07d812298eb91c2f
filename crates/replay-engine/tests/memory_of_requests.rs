//! A job is refused where there is no memory for it, and what it takes where it is not stays within what it was given.
//!
//! One test alone, since it counts the memory of the whole process.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod on_disk;

use on_disk::OnDisk;
use peak_alloc::PeakAlloc;
use replay_engine::{Attachment, Budget, Engine, Fetch, Step};
use replay_protocol::{
    CompareRequest, Configuration, LoadRequest, Reply, Request, Scenario, SearchRequest, SourceSpec, WordsRequest,
};
use replay_testing::Disk;
use std::fmt::Write;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const RECORDS: u64 = 20_000;
/// What is read and answered at once, and what does not grow with the log.
const IN_PASSING: usize = 1 << 20;

fn run(engine: &mut Engine, request: Request, attachments: Vec<Attachment>) -> Reply {
    engine.accept(1, request, attachments);
    let mut last = None;
    while engine.step(Budget::records(2_000), &mut |_, reply| last = Some(reply)) != Step::Idle {}
    last.unwrap()
}

/// Jobs, and what of them is somebody else's: the hands of a crew that works here hold the events.
fn jobs(text: usize) -> Vec<(&'static str, Request, usize)> {
    let configured = |schedule: &str, key_by: &str| Configuration {
        schedule: Some(schedule.to_owned()),
        key_by: Some(key_by.to_owned()),
        ..Configuration::default()
    };
    let compare = |key_by: &str| CompareRequest { other: configured("timestamp", key_by), limit: 10 };
    let search = SearchRequest { text: "1".to_owned(), limit: 10, ..SearchRequest::default() };
    vec![
        ("simulate", Request::Simulate { scenario: Box::<Scenario>::default() }, 0),
        ("compare keys", Request::Compare(compare("/m")), 0),
        ("compare orders", Request::Compare(compare("")), 0),
        ("measure a rebuild", Request::MeasureRebuild { shards: 2 }, text),
        ("another order", Request::Configure(configured("timestamp", "")), 0),
        ("another key", Request::Configure(configured("file", "/m")), 0),
        ("search", Request::Search(Box::new(search)), 0),
        ("hash", Request::Hash { position: RECORDS }, 0),
        ("archive", Request::Archive { position: RECORDS }, 0),
        ("words", Request::Words(WordsRequest { text: "order".into(), position: RECORDS, limit: 10 }), 0),
    ]
}

fn log(keys: u64) -> Disk {
    let mut text = String::new();
    for n in 0..RECORDS {
        let _ = writeln!(
            text,
            r#"{{"topic":"t","partition":{},"offset":{n},"timestamp":{},"key":"key-{}","value":{{"n":{n},"m":{},"text":"order {} of {}"}}}}"#,
            n % 3,
            n * 7 % 1000,
            n % keys,
            n % 7_000,
            n % 77,
            n % 777
        );
    }
    Disk::new(text.into_bytes())
}

/// Whether a job is begun in so much memory; it is not carried out.
fn is_begun(engine: Engine, memory: u64, request: &Request) -> (Engine, bool) {
    let mut engine = engine.within(memory);
    let mut is_refused = false;
    engine.accept(1, request.clone(), Vec::new());
    engine.step(Budget::records(1), &mut |_, reply| {
        is_refused |= matches!(reply, Reply::Failed(failure) if failure.code == "memory-full");
    });
    engine.accept(2, Request::Cancel { job: 1 }, Vec::new());
    while engine.step(Budget::records(1), &mut |_, _| {}) != Step::Idle {}
    (engine, !is_refused)
}

/// The least memory in which a job is begun.
fn least(mut engine: Engine, request: &Request) -> (Engine, usize) {
    let (mut refused, mut begun) = (0, 1_u64 << 30);
    while begun - refused > 1 << 12 {
        let middle = u64::midpoint(refused, begun);
        let (same, is_begun) = is_begun(engine, middle, request);
        engine = same;
        *(if is_begun { &mut begun } else { &mut refused }) = middle;
    }
    (engine, begun as usize)
}

#[test]
fn a_job_takes_no_more_memory_than_it_is_refused_below() {
    for keys in [50, RECORDS] {
        let disk = log(keys);
        for (name, request, elsewhere) in jobs(disk.len() as usize) {
            let name = format!("{name}, {keys} keys");
            let empty = MEMORY.current_usage();
            let source = OnDisk { is_kept: true, ..OnDisk::new(&disk) };
            let load = LoadRequest {
                sources: vec![SourceSpec { name: "a.ndjson".into(), text: None, size: None }],
                ..LoadRequest::default()
            };
            let mut engine = Engine::new();
            let reply = run(&mut engine, Request::Load(load), vec![Box::new(source)]);
            assert!(matches!(reply, Reply::Loaded(_)), "{name}: {reply:?}");

            let held = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            let (engine, is_begun) = is_begun(engine, 0, &request);
            assert!(!is_begun, "{name} needs no memory");
            assert!(MEMORY.peak_usage() - held < IN_PASSING / 4, "{name}: refused when it was begun");

            let (engine, least) = least(engine, &request);
            MEMORY.reset_peak_usage();
            let reply = run(&mut engine.within(least as u64), request, Vec::new());
            let taken = MEMORY.peak_usage() - empty;
            // What is known only on the way may end a job there.
            let is_ended = matches!(&reply, Reply::Failed(failure) if failure.code == "memory-full");
            assert!(is_ended || !matches!(reply, Reply::Failed(_)), "{name}: {reply:?}");
            assert!(taken <= least + elsewhere + IN_PASSING, "{name}: {taken} bytes were taken, {least} wanted");
        }
    }
}
