//! A log that is followed answers as if all its records had been loaded at once.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use replay_engine::{Budget, ByteSource, Engine, Read, Step, StreamState};
use replay_protocol::*;
use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

/// What a test's stream holds; it goes on until it is over.
#[derive(Default)]
struct Pipe {
    text: Vec<u8>,
    waiting: u64,
    is_over: bool,
    failure: Option<Failure>,
}

struct Stream(Rc<RefCell<Pipe>>);

impl ByteSource for Stream {
    fn len(&self) -> u64 {
        u64::MAX
    }

    fn read(&mut self, _: u64, _: usize, into: &mut Vec<u8>) -> Result<Read, String> {
        let mut pipe = self.0.borrow_mut();
        let length = pipe.text.len();
        into.append(&mut pipe.text);
        pipe.waiting = 0;
        Ok(if length > 0 || pipe.is_over { Read::Bytes(length) } else { Read::Later })
    }

    fn read_now(&mut self, _: u64, _: usize) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }

    fn stream(&self) -> Option<StreamState> {
        let pipe = self.0.borrow();
        Some(StreamState { hint: 0, waiting: pipe.waiting, is_up: true, failure: pipe.failure.clone() })
    }
}

/// An engine with what it has answered.
struct Asked {
    engine: Engine,
    replies: Vec<(RequestId, Reply)>,
    next: RequestId,
}

impl Asked {
    fn new() -> Asked {
        Asked { engine: Engine::new(), replies: Vec::new(), next: 1 }
    }

    fn run(&mut self) {
        let Asked { engine, replies, .. } = self;
        while engine.step(Budget::records(7), &mut |id, reply| replies.push((id, reply))) == Step::Busy {}
    }

    fn ask(&mut self, request: Request, sources: Vec<Box<dyn ByteSource>>) -> RequestId {
        let id = self.next;
        self.next += 1;
        self.engine.accept(id, request, sources);
        self.run();
        id
    }

    fn last(&self, id: RequestId) -> Reply {
        let of = |(other, reply): &&(RequestId, Reply)| *other == id && !matches!(reply, Reply::Progress(_));
        self.replies.iter().rev().find(of).map(|(_, reply)| reply.clone()).unwrap()
    }

    fn state(&self, id: RequestId) -> FollowState {
        let of = |(other, reply): &(RequestId, Reply)| match reply {
            Reply::Following(state) if *other == id => Some(state.clone()),
            _ => None,
        };
        self.replies.iter().rev().find_map(of).unwrap()
    }

    fn answer(&mut self, request: Request) -> Reply {
        let id = self.ask(request, Vec::new());
        self.last(id)
    }

    fn load(&mut self, text: &str, configuration: &Configuration) {
        let source = SourceSpec { name: "t.ndjson".into(), text: Some(text.into()), size: None };
        let load =
            LoadRequest { sources: vec![source], configuration: configuration.clone(), ..LoadRequest::default() };
        let answer = self.answer(Request::Load(load));
        assert!(matches!(answer, Reply::Loaded(_)), "{answer:?}");
    }

    fn follow(&mut self, fresh: bool) -> (RequestId, Rc<RefCell<Pipe>>) {
        let pipe = Rc::new(RefCell::new(Pipe::default()));
        let plan = KafkaPlan { topic: "t".into(), ..KafkaPlan::default() };
        let read = Box::new(KafkaRead { plan, ..KafkaRead::default() });
        let id = self.ask(Request::Follow { read, fresh }, vec![Box::new(Stream(pipe.clone()))]);
        (id, pipe)
    }

    fn come(&mut self, pipe: &Rc<RefCell<Pipe>>, lines: &[String]) {
        pipe.borrow_mut().text.extend_from_slice(lines.concat().as_bytes());
        pipe.borrow_mut().waiting += lines.len() as u64;
        self.run();
    }

    /// Everything that the page would show of it. The legend's order may differ, since its colours stay.
    fn told(&mut self) -> String {
        let mut told = String::new();
        let Reply::Entities { total, rows } =
            self.answer(Request::Entities { filter: String::new(), start: 0, count: 1000, position: u64::MAX })
        else {
            panic!("no entities")
        };
        for mut row in rows {
            let entity = row.entity;
            row.entity = 0;
            writeln!(told, "{total} {row:?}").unwrap();
            let Reply::Entity(view) = self.answer(Request::Entity { entity, position: u64::MAX }) else { panic!() };
            writeln!(told, "{} {:?} {} {}", view.state_text, view.tree, view.hash, view.events_total).unwrap();
        }
        let Reply::Rows { rows } = self.answer(Request::Rows { start: 1, end: 1000 }) else { panic!("no rows") };
        for row in rows {
            writeln!(told, "{} {} {} {}", row.position, row.partition, row.offset, row.preview).unwrap();
        }
        let Reply::Hash { hash } = self.answer(Request::Hash { position: u64::MAX }) else { panic!("no hash") };
        let lanes = Request::Lanes { start: 0, end: 10_000, columns: 50, entity: None };
        let Reply::Lanes(tile) = self.answer(lanes) else { panic!("no lanes") };
        let counts: Vec<Vec<(u32, u32)>> =
            tile.lanes.iter().map(|lane| lane.iter().map(|bucket| (bucket.n, bucket.d)).collect()).collect();
        writeln!(told, "{hash} {counts:?}").unwrap();
        told
    }
}

fn lines() -> Vec<String> {
    let line = |n: u64| {
        let value = match n % 13 {
            12 => "null".to_owned(),
            5 => format!("{{\"type\":\"Moved\",\"to\":{{\"x\":{n}}},\"id\":\"c{}\"}}", n % 5),
            _ => format!("{{\"type\":\"Set\",\"n\":{n},\"f{}\":\"{n}\",\"id\":\"c{}\"}}", n % 3, n % 5),
        };
        let (partition, offset) = (n % 3, n / 3 + 7);
        format!(
            "{{\"topic\":\"t\",\"partition\":{partition},\"offset\":{offset},\"timestamp\":{},\"key\":\"k{}\",\"value\":{value},\"headers\":[]}}\n",
            1_740_960_000_000_u64 + n * 10 + (n % 4) * 7,
            n % (3 + n / 10),
        )
    };
    (0..120).map(line).collect()
}

#[track_caller]
fn check(configuration: &Configuration) {
    let lines = lines();
    let mut whole = Asked::new();
    whole.load(&lines.concat(), configuration);
    let expected = whole.told();
    let mut grown = Asked::new();
    grown.load(&lines[..40].concat(), configuration);
    let (id, pipe) = grown.follow(false);
    for piece in [&lines[40..41], &lines[41..90], &lines[60..90], &lines[90..]] {
        grown.come(&pipe, piece);
    }
    let state = grown.state(id);
    assert_eq!((state.appended, state.is_up, state.waiting), (80, true, 0));
    equal(&grown.told(), &expected);
}

/// The first line in which they differ says enough.
#[track_caller]
fn equal(got: &str, expected: &str) {
    assert_eq!(got.lines().count(), expected.lines().count());
    for (got, expected) in got.lines().zip(expected.lines()) {
        assert_eq!(got, expected);
    }
}

fn configured(projection: &str, key_by: &str, schedule: &str) -> Configuration {
    let some = |text: &str| Some(text.to_owned());
    Configuration { projection: some(projection), key_by: some(key_by), schedule: some(schedule), jq: some("$event") }
}

#[test]
fn under_every_configuration_the_followed_log_is_the_loaded_one() {
    for schedule in ["file", "timestamp", "partition", "seeded:3"] {
        check(&configured("merge", "", schedule));
    }
    check(&configured("latest", "/id", "file"));
    check(&configured("jq", "", "timestamp"));
}

#[test]
fn a_pause_keeps_what_comes_and_another_key_loses_none() {
    let (lines, configuration) = (lines(), configured("merge", "", "file"));
    let mut asked = Asked::new();
    asked.load(&lines[..40].concat(), &configuration);
    let (id, pipe) = asked.follow(false);
    asked.ask(Request::PauseFollow { paused: true }, Vec::new());
    asked.come(&pipe, &lines[40..100]);
    let state = asked.state(id);
    assert_eq!((state.is_paused, state.waiting, state.appended), (true, 60, 0));
    asked.ask(Request::PauseFollow { paused: false }, Vec::new());
    // Asked while records come.
    pipe.borrow_mut().text.extend_from_slice(lines[100..].concat().as_bytes());
    let by_id = configured("merge", "/id", "file");
    asked.ask(Request::Configure(by_id.clone()), Vec::new());
    let mut whole = Asked::new();
    whole.load(&lines.concat(), &by_id);
    equal(&asked.told(), &whole.told());
}

#[test]
fn with_nothing_there_the_first_records_are_loaded() {
    let lines = lines();
    let mut asked = Asked::new();
    let (id, pipe) = asked.follow(true);
    assert!(matches!(asked.last(id), Reply::Following(_)));
    asked.come(&pipe, &lines[..70]);
    assert!(asked.replies.iter().any(|(other, reply)| *other == id && matches!(reply, Reply::Loaded(_))));
    asked.come(&pipe, &lines[70..]);
    assert!(asked.replies.iter().any(|(other, reply)| *other == id && matches!(reply, Reply::Grown(_))));
    let mut whole = Asked::new();
    whole.load(&lines.concat(), &Configuration::default());
    equal(&asked.told(), &whole.told());
}

#[test]
fn what_is_no_record_ends_a_fresh_one() {
    let mut asked = Asked::new();
    let (id, pipe) = asked.follow(true);
    asked.come(&pipe, &[" \n".to_owned()]);
    assert!(matches!(asked.last(id), Reply::Failed(_)), "{:?}", asked.last(id));
    assert_eq!(Rc::strong_count(&pipe), 1);
}

#[test]
fn it_ends_by_itself_when_cancelled_and_with_another_load() {
    let lines = lines();
    let failure = Failure::new("kafka-forbidden", "no");
    let mut asked = Asked::new();
    asked.load(&lines[..40].concat(), &Configuration::default());
    let (id, pipe) = asked.follow(false);
    pipe.borrow_mut().failure = Some(failure.clone());
    pipe.borrow_mut().is_over = true;
    asked.run();
    assert_eq!(asked.last(id), Reply::Failed(failure));
    let (id, pipe) = asked.follow(false);
    asked.ask(Request::Cancel { job: id }, Vec::new());
    assert_eq!((asked.last(id), Rc::strong_count(&pipe)), (Reply::Cancelled, 1));
    let (id, _) = asked.follow(false);
    asked.load(&lines[..10].concat(), &Configuration::default());
    assert_eq!(asked.last(id), Reply::Cancelled);
}

#[test]
fn a_load_that_stands_still_tells_what_has_come() {
    let mut asked = Asked::new();
    let pipe = Rc::new(RefCell::new(Pipe::default()));
    let source = SourceSpec { name: "t.ndjson".into(), text: None, size: None };
    let load = LoadRequest { sources: vec![source], ..LoadRequest::default() };
    let id = asked.ask(Request::Load(load.clone()), vec![Box::new(Stream(pipe.clone()))]);
    let records = |asked: &Asked| {
        let told = asked.replies.iter().rev().find_map(|(of, reply)| match reply {
            Reply::Progress(progress) if *of == id => Some(progress.records),
            _ => None,
        });
        told.unwrap_or_default() as u64
    };
    // Far too little to find out what it is.
    let long = "x".repeat(500);
    let line = |n: usize| format!("{{\"key\":\"k{n}\",\"value\":{{\"a\":\"{long}\"}},\"offset\":{n}}}\n");
    asked.come(&pipe, &[line(0), line(1), line(2)]);
    assert_eq!(records(&asked), 3);
    // Whoever waits no longer keeps them.
    let mut impatient = Asked::new();
    let few = Rc::new(RefCell::new(Pipe { text: line(0).into_bytes(), ..Pipe::default() }));
    let again = impatient.ask(Request::Load(load.clone()), vec![Box::new(Stream(few))]);
    impatient.ask(Request::Cancel { job: again }, Vec::new());
    assert!(matches!(impatient.last(again), Reply::Loaded(summary) if summary.records == 1 && summary.partial));
    // More than enough.
    let many: Vec<String> = (3..3000).map(line).collect();
    asked.come(&pipe, &many);
    assert_eq!(records(&asked), 3000);
    pipe.borrow_mut().is_over = true;
    asked.run();
    assert!(matches!(asked.last(id), Reply::Loaded(summary) if summary.records == 3000));
}
