//! A large file is read by all hands of the crew, and the log is the one that a single reader gives.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use replay_engine::{
    Answer, Attachment, Budget, ByteSource, Crew, Engine, Fetch, Read, Shared, Step, Task, Threads, Ticket,
};
use replay_protocol::{LoadRequest, Reply, Request, SourceSpec, Summary};
use replay_testing::Disk;
use std::cell::Cell;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A file as the browser gives one: read in pieces that come later, shared, and read again.
struct File {
    bytes: Arc<[u8]>,
    is_late: bool,
}

fn file(bytes: &Arc<[u8]>) -> File {
    File { bytes: bytes.clone(), is_late: false }
}

impl ByteSource for File {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&mut self, offset: u64, length: usize, into: &mut Vec<u8>) -> Result<Read, String> {
        self.is_late = !self.is_late;
        if self.is_late {
            return Ok(Read::Later);
        }
        let bytes = self.read_now(offset, length)?;
        into.extend_from_slice(&bytes);
        Ok(Read::Bytes(bytes.len()))
    }

    fn read_now(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, String> {
        Ok(Disk::new(self.bytes.clone()).piece(offset, length).to_vec())
    }

    fn home(&self) -> Option<Arc<dyn Fetch>> {
        Some(Arc::new(Disk::new(self.bytes.clone())))
    }

    fn again(&self) -> Option<Attachment> {
        Some(Box::new(file(&self.bytes)))
    }

    fn share(&self, part: Range<u64>) -> Option<Shared> {
        let part: Arc<[u8]> = self.bytes[part.start as usize..part.end as usize].into();
        Some(Shared(Box::new(part)))
    }
}

/// Threads of which each task after the first few fails, and that count what they were given.
struct Failing {
    threads: Threads,
    cores: usize,
    given: Arc<AtomicUsize>,
    fails_after: usize,
    /// What the clock shows, and by how many milliseconds it is further each time.
    clock: Cell<f64>,
    tick: f64,
    failed: Vec<Ticket>,
}

impl Crew for Failing {
    fn cores(&self) -> usize {
        self.cores
    }

    fn size(&self) -> usize {
        2
    }

    fn submit(&mut self, hand: usize, ticket: Ticket, task: Task) {
        if self.given.fetch_add(1, Ordering::Relaxed) >= self.fails_after {
            self.failed.push(ticket);
        } else {
            self.threads.submit(hand, ticket, task);
        }
    }

    fn poll(&mut self) -> Option<Answer> {
        let failed = self.failed.pop().map(|ticket| Answer { ticket, outcome: Err("gone".to_owned()) });
        failed.or_else(|| self.threads.poll())
    }

    fn has_answer(&mut self) -> bool {
        !self.failed.is_empty() || self.threads.has_answer()
    }

    fn dismiss(&mut self) {
        self.failed.clear();
        self.threads.dismiss();
    }

    fn now_ms(&self) -> f64 {
        self.clock.set(self.clock.get() + self.tick);
        self.clock.get()
    }
}

fn run(engine: &mut Engine, request: Request, attachments: Vec<Attachment>) -> Reply {
    engine.accept(7, request, attachments);
    let mut last = None;
    loop {
        match engine.step(Budget::records(20_000), &mut |_, reply| last = Some(reply)) {
            Step::Idle => return last.unwrap(),
            Step::Busy => {}
            Step::Waiting => std::thread::yield_now(),
        }
    }
}

/// The summary without what tells who has read, and the hash over all final states.
fn loaded(mut engine: Engine, bytes: &Arc<[u8]>) -> (Summary, String) {
    let source = SourceSpec { name: "events.ndjson".into(), text: None, size: Some(bytes.len() as f64) };
    let request = Request::Load(LoadRequest { sources: vec![source], ..LoadRequest::default() });
    let Reply::Loaded(summary) = run(&mut engine, request, vec![Box::new(file(bytes))]) else { panic!() };
    let Reply::Hash { hash } = run(&mut engine, Request::Hash { position: u64::MAX }, Vec::new()) else { panic!() };
    (Summary { bytes: 0.0, index_bytes: 0.0, ..*summary }, hash)
}

fn lines(bytes: usize) -> String {
    let mut text = String::new();
    let filler = "x".repeat(700);
    for n in 0_u64.. {
        let key = n * 7919 % 3000;
        let _ = writeln!(
            text,
            r#"{{"type":"Changed","id":"key-{key}","n":{n},"version":{},"filler":"{filler}"}}"#,
            n / 3000
        );
        if n % 5_000 == 4_999 {
            text.push_str("{\"broken\n");
        }
        if text.len() > bytes {
            return text;
        }
    }
    text
}

#[track_caller]
fn check(text: &str) {
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let alone = loaded(Engine::new(), &bytes);
    let all = usize::MAX;
    for (cores, tick, fails_after) in
        [(4, 0.0, all), (4, 0.0, 5), (4, 0.0, 2), (2, 0.01, all), (2, 50.0, all), (2, 50.0, 4), (2, 50.0, 2)]
    {
        let (threads, given) = (Threads::new(2, || 0.0), Arc::default());
        let (clock, failed) = (Cell::new(0.0), Vec::new());
        let crew = Failing { threads, cores, given: Arc::clone(&given), fails_after, clock, tick, failed };
        assert_eq!(loaded(Engine::with_crew(Box::new(crew)), &bytes), alone, "failing after {fails_after} tasks");
        // Two hands are warmed up and then given slices; with two processors only if one reader is slow.
        let given = given.load(Ordering::Relaxed);
        let is_shared = cores > 2 || tick > 1.0;
        assert!(if is_shared { given >= 4 } else { given == 0 }, "{given} tasks, {cores} processors, {tick} ms a step");
    }
}

#[test]
fn a_shared_file_gives_the_log_of_a_single_reader_also_when_hands_fail() {
    check(&lines(34 << 20));
}

#[test]
fn where_records_turn_out_to_span_lines_one_reader_goes_on() {
    let mut text = lines(30 << 20);
    for n in 0..20_000 {
        let _ = write!(text, "{{\n  \"type\": \"Changed\",\n  \"id\": \"key-{}\",\n  \"n\": {n}\n}}\n", n % 50);
    }
    check(&text);
}
