//! The client that the page and the command line use, by each of its ways of reading, on the proxy in front of a real broker: the proxy answers
//! like the other servers where they are alike.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, Request as HttpRequest};
use kafka_harness::{Broker, Options, broker_or_skip};
use replay_kafka_client::{
    About, Answer, Client, Flow, Follow, From, Kind, Link, Range, Request, Sink, Transport, Unreachable, Until,
};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use support::{Proxy, broker, proxy};

const KINDS: [Kind; 4] = [Kind::Replayground, Kind::Confluent, Kind::Strimzi, Kind::Redpanda];

/// Requests to the proxy without a socket. The connection breaks after so many pieces of an answer, if that is wanted.
#[derive(Clone)]
struct Direct {
    proxy: Rc<Proxy>,
    breaks_after: Option<usize>,
    breaks: Rc<Cell<usize>>,
}

struct Given {
    status: u16,
    headers: HeaderMap,
    body: BodyDataStream,
    left: Option<usize>,
    breaks: Rc<Cell<usize>>,
}

impl Transport for Direct {
    type Answer = Given;

    async fn send(&self, request: Request) -> Result<Given, Unreachable> {
        let path = request.url.strip_prefix("http://proxy").unwrap();
        let mut built = HttpRequest::builder().method(request.method.name()).uri(path);
        for (name, value) in &request.headers {
            built = built.header(*name, value);
        }
        let body = request.body.map_or_else(Body::empty, Body::from);
        let (head, body) = self.proxy.send(built.body(body).unwrap()).await.into_parts();
        let (left, breaks) = (self.breaks_after, self.breaks.clone());
        Ok(Given { status: head.status.as_u16(), headers: head.headers, body: body.into_data_stream(), left, breaks })
    }

    async fn sleep(&self, ms: u32) {
        tokio::time::sleep(Duration::from_millis(u64::from(ms))).await;
    }
}

impl Answer for Given {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().ok()?.to_owned())
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Unreachable> {
        use futures_core::Stream;
        if self.left == Some(0) {
            self.breaks.set(self.breaks.get() + 1);
            return Err(Unreachable::Broken("cut by the test".into()));
        }
        self.left = self.left.map(|left| left - 1);
        match poll_fn(|context| Pin::new(&mut self.body).poll_next(context)).await {
            Some(Ok(piece)) => Ok(Some(piece.to_vec())),
            Some(Err(error)) => Err(Unreachable::Broken(error.to_string())),
            None => Ok(None),
        }
    }
}

/// Keeps the lines; wants no more when it has so many records.
#[derive(Default)]
struct Lines {
    text: Vec<u8>,
    records: u64,
    most: Option<u64>,
}

impl Sink for Lines {
    async fn take(&mut self, mut lines: Vec<u8>, records: u64) -> Flow {
        self.text.append(&mut lines);
        self.records += records;
        self.wants_more()
    }

    fn wants_more(&self) -> Flow {
        if self.most.is_some_and(|most| self.records >= most) { Flow::Stop } else { Flow::Continue }
    }
}

impl Lines {
    /// Key and value by partition and offset; a record that came twice, or in the wrong order, fails.
    #[track_caller]
    fn records(&self) -> BTreeMap<(i64, i64), String> {
        let mut records = BTreeMap::new();
        let mut last: BTreeMap<i64, i64> = BTreeMap::new();
        for line in self.text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let record: serde_json::Value = serde_json::from_slice(line).unwrap();
            let (partition, offset) = (record["partition"].as_i64().unwrap(), record["offset"].as_i64().unwrap());
            let before = last.insert(partition, offset);
            assert!(before.is_none_or(|before| before < offset), "{partition}@{offset} came after {before:?}");
            let part = |name: &str| record.get(name).map(ToString::to_string);
            let told = format!("{:?} {:?} {:?}", part("key"), part("value"), part("value_base64"));
            records.insert((partition, offset), told);
        }
        records
    }
}

fn client(broker: &Broker, breaks_after: Option<usize>) -> (Client<Direct>, Rc<Cell<usize>>) {
    let breaks = Rc::new(Cell::new(0));
    let proxy = Rc::new(proxy(broker, |settings| settings.limits.requests_per_minute = 1_000_000));
    let direct = Direct { proxy, breaks_after, breaks: breaks.clone() };
    (Client::new(direct, "http://proxy", None, "test"), breaks)
}

fn about(kind: Kind) -> About {
    About { kind, ..About::default() }
}

fn numbers(range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|n| format!("{{\"n\":{n}}}")).collect()
}

fn records(numbers: &[String]) -> impl Iterator<Item = (Option<&str>, Option<&str>)> {
    numbers.iter().enumerate().map(|(n, number)| {
        let key = (n % 7 > 0).then_some("k");
        // A tombstone, text that is no JSON, and JSON.
        let value = match n % 11 {
            0 => None,
            1 => Some("plain text"),
            _ => Some(number.as_str()),
        };
        (key, value)
    })
}

/// Lets others go on until it is so; the test's own time limit ends it if it never is.
async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_finds_out_that_it_is_this_proxy() {
    let Some(broker) = broker() else { return };
    broker.create_topic("known", 2, &[]).unwrap();
    let (client, _) = client(broker, None);
    assert_eq!(client.about().await.unwrap().kind, Kind::Replayground);
    assert!(client.topics().await.unwrap().contains(&"known".to_owned()));
    let error = client.plan(&about(Kind::Replayground), "unknown", &Range::default()).await.unwrap_err();
    assert_eq!(error.code(), "kafka-unknown-topic");
    let beyond = Range { from: From::Offset(5), ..Range::default() };
    assert_eq!(client.plan(&about(Kind::Confluent), "known", &beyond).await.unwrap_err().code(), "kafka-beyond-end");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_of_reading_gives_the_same_records() {
    let Some(broker) = broker() else { return };
    broker.create_topic("ways", 2, &[]).unwrap();
    let (first, second) = (numbers(0..300), numbers(300..500));
    broker.produce("ways", 0, records(&first)).unwrap();
    broker.produce("ways", 1, records(&second)).unwrap();
    let (client, _) = client(broker, None);
    let mut expected: Option<BTreeMap<(i64, i64), String>> = None;
    for kind in KINDS {
        let plan = client.plan(&about(kind), "ways", &Range::default()).await.unwrap();
        let mut lines = Lines::default();
        let outcome = client.read_plan(&about(kind), &plan, &mut lines).await.unwrap();
        let records = lines.records();
        assert_eq!((outcome.records, records.len()), (500, 500), "{kind}");
        assert_eq!(outcome.next, BTreeMap::from([(0, 300), (1, 200)]), "{kind}");
        assert_eq!(&records, expected.get_or_insert_with(|| records.clone()), "{kind}");
        if kind != Kind::Redpanda {
            let range =
                Range { from: From::Last(20), until: Until::Offset(290), partitions: vec![0], ..Range::default() };
            let plan = client.plan(&about(kind), "ways", &range).await.unwrap();
            let mut lines = Lines::default();
            client.read_plan(&about(kind), &plan, &mut lines).await.unwrap();
            let offsets: Vec<i64> = lines.records().into_keys().map(|(_, offset)| offset).collect();
            assert_eq!(offsets, (280..290).collect::<Vec<i64>>(), "{kind}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_again_and_again_loses_and_repeats_none() {
    let Some(broker) = broker() else { return };
    broker.create_topic("breaking", 3, &[]).unwrap();
    let many = numbers(0..20_000);
    for partition in 0..3 {
        broker.produce("breaking", partition, records(&many)).unwrap();
    }
    let (client, breaks) = client(broker, Some(2));
    let plan = client.plan(&about(Kind::Replayground), "breaking", &Range::default()).await;
    // Small answers fit into two pieces.
    let plan = plan.unwrap();
    let mut lines = Lines::default();
    let outcome = client.read_plan(&about(Kind::Replayground), &plan, &mut lines).await.unwrap();
    assert_eq!((outcome.records, lines.records().len()), (60_000, 60_000));
    assert!(breaks.get() > 3, "it broke only {} times", breaks.get());
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_keeps_what_came() {
    let Some(broker) = broker() else { return };
    broker.create_topic("stopped", 1, &[]).unwrap();
    broker.produce("stopped", 0, records(&numbers(0..50_000))).unwrap();
    let (client, _) = client(broker, None);
    let plan = client.plan(&about(Kind::Replayground), "stopped", &Range::default()).await.unwrap();
    let mut lines = Lines { most: Some(1000), ..Lines::default() };
    let outcome = client.read_plan(&about(Kind::Replayground), &plan, &mut lines).await.unwrap();
    assert!(outcome.is_stopped && (1000..50_000).contains(&outcome.records), "{outcome:?}");
    assert_eq!(outcome.next[&0], lines.records().len() as i64);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_of_following_gives_what_comes() {
    let Some(broker) = broker() else { return };
    for kind in KINDS {
        let topic = format!("followed-{}", kind.code());
        broker.create_topic(&topic, 2, &[]).unwrap();
        broker.produce(&topic, 0, records(&numbers(0..50))).unwrap();
        let (client, _) = client(broker, None);
        let follow = Follow { topic: topic.clone(), next: BTreeMap::from([(0, 50), (1, 0)]), read_committed: false };
        let mut lines = Lines { most: Some(200), ..Lines::default() };
        let produced = Cell::new(false);
        let links = RefCell::new(Vec::new());
        let mut on_link = |link: Link| {
            // Nothing is written before it listens.
            if link == Link::Up && !produced.replace(true) {
                broker.produce(&topic, 0, records(&numbers(0..100))).unwrap();
                broker.produce(&topic, 1, records(&numbers(0..100))).unwrap();
            }
            links.borrow_mut().push(link);
        };
        let about = about(kind);
        let following = client.follow(&about, &follow, &mut lines, &mut on_link);
        tokio::time::timeout(Duration::from_mins(1), following).await.unwrap().unwrap();
        let got = lines.records();
        assert_eq!((got.len(), got.keys().next(), got.keys().last()), (200, Some(&(0, 50)), Some(&(1, 99))), "{kind}");
        assert_eq!(*links.borrow(), [Link::Up], "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_broker_while_it_is_followed_loses_and_repeats_none() {
    let Some(mut broker) = broker_or_skip(&Options::default()) else { return };
    broker.create_topic("restarted", 1, &[]).unwrap();
    let (client, _) = client(&broker, None);
    let follow = Follow { topic: "restarted".into(), next: BTreeMap::from([(0, 0)]), read_committed: false };
    broker.produce("restarted", 0, records(&numbers(0..300))).unwrap();
    let mut lines = Lines { most: Some(600), ..Lines::default() };
    let links = RefCell::new(Vec::new());
    let mut on_link = |link: Link| links.borrow_mut().push(link);
    let about = about(Kind::Replayground);
    let following = client.follow(&about, &follow, &mut lines, &mut on_link);
    let restarting = async {
        until(|| links.borrow().contains(&Link::Up)).await;
        broker.kill();
        until(|| links.borrow().iter().any(|link| matches!(link, Link::Down(_)))).await;
        broker.start_again().unwrap();
        broker.produce("restarted", 0, records(&numbers(300..600))).unwrap();
    };
    let both = async { tokio::join!(following, restarting).0 };
    tokio::time::timeout(Duration::from_mins(2), both).await.unwrap().unwrap();
    assert_eq!(lines.records().len(), 600);
    let links = links.borrow();
    assert!(
        links.iter().any(|link| matches!(link, Link::Down(failure) if failure.code() == "kafka-broker-down")),
        "{links:?}"
    );
}
