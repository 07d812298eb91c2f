//! The client that the page and the command line use, reading through another project's proxy in front of a real broker: Strimzi's Kafka
//! Bridge. Skipped, with the reason, where that is not to be had.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use kafka_harness::{Bridge, Broker, Options, bridge_or_skip, broker_or_skip};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use replay_kafka_client::{
    About, Answer, Client, Failure, Flow, Follow, From, Kind, Link, Method, Range, Request, Sink, Transport,
    Unreachable, Until,
};
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use support::{broker, markers_are_written, proxy};

const WAIT: Duration = Duration::from_secs(30);

/// The Bridge in front of the broker of all tests; nobody lets pages of other origins read there.
fn both() -> Option<(&'static Broker, &'static Bridge)> {
    static BRIDGE: OnceLock<Option<Bridge>> = OnceLock::new();
    let broker = broker()?;
    Some((broker, BRIDGE.get_or_init(|| bridge_or_skip(&broker.address(), &[])).as_ref()?))
}

/// Each request blocks until it is answered.
#[derive(Clone)]
struct Http(ureq::Agent);

struct HttpAnswer(u16, ureq::http::HeaderMap, ureq::BodyReader<'static>);

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

impl Transport for Http {
    type Answer = HttpAnswer;

    async fn send(&self, request: Request) -> Result<HttpAnswer, Unreachable> {
        let mut built = ureq::http::Request::builder().method(request.method.name()).uri(&request.url);
        for (name, value) in &request.headers {
            built = built.header(*name, value);
        }
        let sent = match (request.method, request.body) {
            (Method::Post, body) => self.0.run(built.body(body.unwrap_or_default()).unwrap()),
            _ => self.0.run(built.body(()).unwrap()),
        };
        let (head, body) = sent.map_err(|error| Unreachable::Refused(error.to_string()))?.into_parts();
        Ok(HttpAnswer(head.status.as_u16(), head.headers, body.into_reader()))
    }

    async fn sleep(&self, ms: u32) {
        std::thread::sleep(Duration::from_millis(u64::from(ms)));
    }
}

impl Answer for HttpAnswer {
    fn status(&self) -> u16 {
        self.0
    }

    fn header(&self, name: &str) -> Option<String> {
        Some(self.1.get(name)?.to_str().ok()?.to_owned())
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Unreachable> {
        let mut piece = vec![0; 1 << 16];
        let length = self.2.read(&mut piece).map_err(|error| Unreachable::Broken(error.to_string()))?;
        piece.truncate(length);
        Ok((length > 0).then_some(piece))
    }
}

/// Keeps the records by partition and offset; one that comes twice or in the wrong order fails. Wants no more when it has so many.
#[derive(Default)]
struct Records<'a> {
    all: BTreeMap<(i64, i64), Value>,
    most: Option<usize>,
    /// Hears how many there are.
    on_take: Option<Box<dyn FnMut(usize) + 'a>>,
}

impl Sink for Records<'_> {
    async fn take(&mut self, lines: Vec<u8>, _: u64) -> Flow {
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let record: Value = serde_json::from_slice(line).unwrap();
            let place = (record["partition"].as_i64().unwrap(), record["offset"].as_i64().unwrap());
            let is_last = self.all.range(place..=(place.0, i64::MAX)).next().is_none();
            assert!(is_last, "{place:?} came again, or too late");
            self.all.insert(place, record);
        }
        if let Some(hear) = &mut self.on_take {
            hear(self.all.len());
        }
        self.wants_more()
    }

    fn wants_more(&self) -> Flow {
        if self.most.is_some_and(|most| self.all.len() >= most) { Flow::Stop } else { Flow::Continue }
    }
}

fn client(bridge: &Bridge, name: &str) -> Client<Http> {
    Client::new(Http(agent()), &bridge.address(), None, name)
}

fn strimzi() -> About {
    About { kind: Kind::Strimzi, ..About::default() }
}

async fn read(bridge: &Bridge, topic: &str, range: &Range) -> Result<BTreeMap<(i64, i64), Value>, Failure> {
    let client = client(bridge, topic);
    let plan = client.plan(&strimzi(), topic, range).await?;
    let mut records = Records::default();
    client.read_plan(&strimzi(), &plan, &mut records).await?;
    Ok(records.all)
}

fn numbers(range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|n| format!("{{\"n\":{n}}}")).collect()
}

fn keyed(values: &[String]) -> impl Iterator<Item = (Option<&str>, Option<&str>)> {
    values.iter().map(|value| (Some("k"), Some(value.as_str())))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bridge_is_known_by_its_answers_and_tells_its_topics_and_errors() {
    let Some((broker, bridge)) = both() else { return };
    broker.create_topic("bridged", 3, &[]).unwrap();
    broker.produce("bridged", 1, keyed(&numbers(0..7))).unwrap();
    let client = client(bridge, "about");
    let about = client.about().await.unwrap();
    eprintln!("Strimzi's Kafka Bridge {}", about.version);
    assert!(about.kind == Kind::Strimzi && !about.version.is_empty(), "{about:?}");
    assert!(client.topics().await.unwrap().contains(&"bridged".to_owned()));
    let bounds = client.bounds(&about, "bridged", false).await.unwrap();
    let told: Vec<_> = bounds.iter().map(|bounds| (bounds.partition, bounds.start, bounds.end)).collect();
    assert_eq!(told, [(0, Some(0), Some(0)), (1, Some(0), Some(7)), (2, Some(0), Some(0))]);
    let code = async |topic: &str, range: Range| client.plan(&about, topic, &range).await.unwrap_err().code();
    assert_eq!(code("unknown", Range::default()).await, "kafka-unknown-topic");
    assert_eq!(code("no topic at all", Range::default()).await, "kafka-unknown-topic");
    assert_eq!(code("bridged", Range { from: From::Offset(8), ..Range::default() }).await, "kafka-beyond-end");
    assert_eq!(code("bridged", Range { partitions: vec![3], ..Range::default() }).await, "kafka-unknown-partition");
    assert_eq!(code("bridged", Range { from: From::Timestamp(5), ..Range::default() }).await, "kafka-unsupported");
    assert_eq!(client.lag(&about, "bridged", None).await.unwrap_err().code(), "kafka-unsupported");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bridge_gives_the_same_records_as_the_proxy_of_this_project() {
    let Some((broker, bridge)) = both() else { return };
    broker.create_topic("mixed", 2, &[]).unwrap();
    let producer: BaseProducer = broker.client().create().unwrap();
    for n in 0..1500_i64 {
        let key = [&b"k"[..], &[0xff, 0], b""][(n % 3) as usize];
        let value = [&b"{\"a\": 1.10}"[..], b"plain", &[0xfe, 0, 1], b""][(n % 4) as usize];
        let headers = OwnedHeaders::new()
            .insert(Header { key: "text", value: Some("v") })
            .insert(Header { key: "bytes", value: Some(&[0xff_u8][..]) })
            .insert(Header::<&[u8]> { key: "null", value: None });
        let mut record = BaseRecord::<[u8], [u8]>::to("mixed").partition((n % 2) as i32).timestamp(1_000_000 + n);
        record.key = (n % 5 > 0).then_some(key);
        record.payload = (n % 7 > 0).then_some(value);
        record.headers = (n % 6 == 0).then_some(headers);
        producer.send(record).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(WAIT).unwrap();
    let own = proxy(broker, |_| {}).get("/topics/mixed/records").await.lines();
    let place = |record: &Value| (record["partition"].as_i64().unwrap(), record["offset"].as_i64().unwrap());
    let own: BTreeMap<(i64, i64), Value> = own.into_iter().map(|record| (place(&record), record)).collect();
    let bridged = read(bridge, "mixed", &Range::default()).await.unwrap();
    assert_eq!((own.len(), bridged.len()), (1500, 1500));
    for (place, record) in &own {
        assert_eq!(&bridged[place], record);
    }
    let range = Range { from: From::Last(20), until: Until::Offset(740), partitions: vec![1], ..Range::default() };
    let some = read(bridge, "mixed", &range).await.unwrap();
    assert_eq!(some.into_keys().collect::<Vec<_>>(), (730..740).map(|offset| (1, offset)).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_a_megabyte_come_through_the_bridge_however_many_it_takes_at_once() {
    let Some((broker, bridge)) = both() else { return };
    broker.create_topic("large-bridged", 12, &[("max.message.bytes", "4000000")]).unwrap();
    let large = "x".repeat(1_000_000);
    let producer: BaseProducer = broker.client().set("message.max.bytes", "4000000").create().unwrap();
    for n in 0..24 {
        producer.send(BaseRecord::<str, str>::to("large-bridged").partition(n % 12).payload(&large)).unwrap();
    }
    producer.flush(WAIT).unwrap();
    let records = read(bridge, "large-bridged", &Range::default()).await.unwrap();
    assert_eq!(records.len(), 24);
    assert!(records.values().all(|record| record["value"] == large.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn aborted_records_are_left_out_by_the_bridge_if_that_is_wanted() {
    let Some((broker, bridge)) = both() else { return };
    broker.create_topic("aborted-bridged", 1, &[]).unwrap();
    let producer: BaseProducer = broker.client().set("transactional.id", "bridged").create().unwrap();
    producer.init_transactions(WAIT).unwrap();
    for (value, is_kept) in [("1", true), ("2", false), ("3", true), ("4", false)] {
        producer.begin_transaction().unwrap();
        producer.send(BaseRecord::<str, str>::to("aborted-bridged").partition(0).payload(value)).unwrap();
        producer.flush(WAIT).unwrap();
        if is_kept { producer.commit_transaction(WAIT).unwrap() } else { producer.abort_transaction(WAIT).unwrap() }
    }
    markers_are_written(&proxy(broker, |_| {}), "aborted-bridged", 8).await;
    let values = async |read_committed| {
        let range = Range { read_committed, ..Range::default() };
        let records = read(bridge, "aborted-bridged", &range).await.unwrap();
        records.into_values().map(|record| record["value"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(values(false).await, [1, 2, 3, 4]);
    // Behind the last record stand offsets that no reader is given: the end is found all the same.
    assert_eq!(values(true).await, [1, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_is_followed_through_the_bridge_and_the_instance_is_deleted_afterwards() {
    let Some((broker, bridge)) = both() else { return };
    broker.create_topic("followed-bridged", 2, &[]).unwrap();
    broker.produce("followed-bridged", 0, keyed(&numbers(0..50))).unwrap();
    let client = client(bridge, "followed");
    let next = BTreeMap::from([(0, 50), (1, 0)]);
    let follow = Follow { topic: "followed-bridged".into(), next, read_committed: false };
    let instance = format!("{}/consumers/replayground-followed/instances/followed-1000001", bridge.address());
    let is_there = || {
        let records = agent().get(format!("{instance}/records")).header("accept", "application/json").call().unwrap();
        records.status() != 404
    };
    let (produced, was_there) = (Cell::new(false), Cell::new(false));
    let mut on_link = |link: Link| {
        assert_eq!(link, Link::Up);
        if !produced.replace(true) {
            was_there.set(is_there());
            broker.produce("followed-bridged", 0, keyed(&numbers(50..150))).unwrap();
            broker.produce("followed-bridged", 1, keyed(&numbers(0..100))).unwrap();
        }
    };
    let mut records = Records { most: Some(200), ..Records::default() };
    client.follow(&strimzi(), &follow, &mut records, &mut on_link).await.unwrap();
    assert_eq!((records.all.keys().next(), records.all.len()), (Some(&(0, 50)), 200));
    assert!(was_there.get() && !is_there(), "the instance is there while it is polled and gone afterwards");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_read_the_bridge_with_the_settings_that_the_page_names_and_not_without() {
    let Some((broker, bridge)) = both() else { return };
    let origin = "http://127.0.0.1:8000";
    let allowed = |bridge: &Bridge, method: &str| {
        let request = ureq::http::Request::builder()
            .method("OPTIONS")
            .uri(format!("{}/consumers/g", bridge.address()))
            .header("origin", origin)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", "content-type");
        let answer = agent().run(request.body(()).unwrap()).unwrap();
        let told = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        told("access-control-allow-origin").map(|origin| {
            let names = |list: &str, name: &str| told(list).is_some_and(|list| list.split(',').any(|own| own == name));
            (
                origin,
                names("access-control-allow-methods", method),
                names("access-control-allow-headers", "content-type"),
            )
        })
    };
    assert_eq!(allowed(bridge, "POST"), None);
    let settings = [
        ("http.cors.enabled", "true"),
        ("http.cors.allowedOrigins", origin),
        ("http.cors.allowedMethods", "GET,POST,DELETE,OPTIONS"),
    ];
    let Some(open) = bridge_or_skip(&broker.address(), &settings) else { return };
    for method in ["POST", "DELETE"] {
        assert_eq!(allowed(&open, method), Some((origin.to_owned(), true, true)), "{method}");
    }
}

/// A Bridge whose broker is away answers with no records, as at the end of a topic: for longer than a client waits for more at an end.
#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_goes_away_and_comes_back_behind_the_bridge_loses_and_repeats_none() {
    if both().is_none() {
        return;
    }
    let Some(broker) = broker_or_skip(&Options::default()) else { return };
    let Some(bridge) = bridge_or_skip(&broker.address(), &[]) else { return };
    broker.create_topic("away", 1, &[]).unwrap();
    let filler = "x".repeat(10_000);
    let many: Vec<String> = (0..3000).map(|n| format!("{n} {filler}")).collect();
    broker.produce("away", 0, keyed(&many)).unwrap();
    let broker = Arc::new(Mutex::new(broker));
    // The client's requests block, so the broker comes back by another thread.
    let restart = || {
        broker.lock().unwrap().kill();
        let broker = broker.clone();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(14));
            let mut broker = broker.lock().unwrap();
            broker.start_again().unwrap();
            broker.produce("away", 0, keyed(&numbers(0..100))).unwrap();
        });
    };
    let client = client(&bridge, "away");
    let once = |most: usize| {
        let mut is_done = false;
        Box::new(move |records: usize| {
            if records >= most && !std::mem::replace(&mut is_done, true) {
                restart();
            }
        })
    };
    let plan = client.plan(&strimzi(), "away", &Range::default()).await.unwrap();
    let mut records = Records { on_take: Some(once(1)), ..Records::default() };
    client.read_plan(&strimzi(), &plan, &mut records).await.unwrap();
    assert_eq!(records.all.len(), 3000);

    let follow = Follow { topic: "away".into(), next: BTreeMap::from([(0, 3000)]), read_committed: false };
    let mut records = Records { most: Some(200), on_take: Some(once(100)), ..Records::default() };
    client.follow(&strimzi(), &follow, &mut records, &mut |_| {}).await.unwrap();
    assert_eq!((records.all.keys().next(), records.all.keys().last()), (Some(&(0, 3000)), Some(&(0, 3199))));
}
