//! Following a topic of a real broker by server-sent events.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use axum::body::{Body, BodyDataStream};
use axum::http::Request;
use kafka_harness::{Options, broker_or_skip};
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use support::{Proxy, broker, proxy};

/// A client of server-sent events.
struct Tail {
    stream: BodyDataStream,
    text: String,
    last_id: String,
}

#[derive(Debug)]
struct Event {
    kind: String,
    data: Vec<String>,
}

impl Tail {
    async fn open(proxy: &Proxy, path: &str, last_id: Option<&str>) -> Self {
        let mut request = Request::get(path);
        if let Some(id) = last_id {
            request = request.header("last-event-id", id);
        }
        let response = proxy.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { stream: response.into_body().into_data_stream(), text: String::new(), last_id: String::new() }
    }

    /// The next event that is no comment, or `None` at the end.
    async fn event(&mut self) -> Option<Event> {
        use futures_core::Stream;
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let mut event = Event { kind: String::new(), data: Vec::new() };
                for line in block.lines().filter(|line| !line.starts_with(':')) {
                    let (field, value) = line.split_once(": ").unwrap();
                    match field {
                        "event" => value.clone_into(&mut event.kind),
                        "id" => value.clone_into(&mut self.last_id),
                        _ => event.data.push(value.to_owned()),
                    }
                }
                if !event.kind.is_empty() {
                    return Some(event);
                }
            }
            let next = poll_fn(|context| Pin::new(&mut self.stream).poll_next(context));
            let part = tokio::time::timeout(Duration::from_mins(1), next).await.expect("nothing came for a minute")?;
            self.text.push_str(std::str::from_utf8(&part.unwrap()).unwrap());
        }
    }

    /// Values until there are `n`.
    async fn values(&mut self, n: usize) -> Vec<i64> {
        let mut values = Vec::new();
        while values.len() < n {
            let event = self.event().await.unwrap();
            if event.kind == "records" {
                let value = |line: &String| serde_json::from_str::<serde_json::Value>(line).unwrap()["value"].as_i64();
                values.extend(event.data.iter().filter_map(value));
            }
        }
        values
    }
}

fn numbers(range: std::ops::Range<i64>) -> Vec<String> {
    range.map(|n| n.to_string()).collect()
}

fn records(numbers: &[String]) -> impl Iterator<Item = (Option<&str>, Option<&str>)> {
    numbers.iter().map(|number| (Some("k"), Some(number.as_str())))
}

#[tokio::test(flavor = "multi_thread")]
async fn new_records_arrive_and_a_break_loses_and_repeats_none() {
    let Some(broker) = broker() else { return };
    broker.create_topic("tail", 2, &[]).unwrap();
    broker.produce("tail", 0, records(&numbers(0..3))).unwrap();
    let proxy = proxy(broker, |_| {});
    let mut tail = Tail::open(&proxy, "/topics/tail/live", None).await;
    let start = tail.event().await.unwrap();
    assert_eq!((start.kind.as_str(), tail.last_id.as_str()), ("start", "0:3,1:0"));
    broker.produce("tail", 0, records(&numbers(3..10))).unwrap();
    assert_eq!(tail.values(7).await, (3..10).collect::<Vec<i64>>());
    assert_eq!(tail.last_id, "0:10,1:0");
    let last_id = tail.last_id.clone();
    drop(tail);
    broker.produce("tail", 1, records(&numbers(10..12))).unwrap();
    let mut tail = Tail::open(&proxy, "/topics/tail/live?offsets=0:0", Some(&last_id)).await;
    assert_eq!(tail.values(2).await, [10, 11]);
    assert_eq!(tail.last_id, "0:10,1:2");
    let mut old = Tail::open(&proxy, "/topics/tail/live?offsets=0:8&partitions=0", None).await;
    assert_eq!(old.values(2).await, [8, 9]);
    proxy.app.end();
    let mut last = tail.event().await;
    while let Some(next) = tail.event().await {
        last = Some(next);
    }
    let last = last.unwrap();
    assert!(last.kind == "failure" && last.data[0].contains("50303"), "{last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_broker_in_mid_tail_loses_and_repeats_none() {
    let Some(mut broker) = broker_or_skip(&Options::default()) else { return };
    broker.create_topic("restart", 1, &[]).unwrap();
    let proxy = proxy(&broker, |_| {});
    let mut tail = Tail::open(&proxy, "/topics/restart/live", None).await;
    tail.event().await.unwrap();
    broker.produce("restart", 0, records(&numbers(0..500))).unwrap();
    assert_eq!(tail.values(500).await, (0..500).collect::<Vec<i64>>());
    broker.kill();
    let down = tail.event().await.unwrap();
    assert_eq!((down.kind.as_str(), down.data[0].as_str()), ("connection", "{\"is_up\":false}"));
    broker.start_again().unwrap();
    broker.produce("restart", 0, records(&numbers(500..1000))).unwrap();
    assert_eq!(tail.values(500).await, (500..1000).collect::<Vec<i64>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn places_for_tails_are_bounded_and_given_back() {
    let Some(broker) = broker() else { return };
    broker.create_topic("places", 1, &[]).unwrap();
    let proxy = proxy(broker, |settings| settings.limits.max_tails = 1);
    let tail = Tail::open(&proxy, "/topics/places/live", None).await;
    proxy.get("/topics/places/live").await.check_error("503 50302", "live tails");
    proxy.get("/topics/places/live?offsets=0:9").await.check_error("503 50302", "live tails");
    drop(tail);
    // The place is free once the tail's client is closed.
    let mut answer = proxy.get("/topics/places/live?offsets=0:9").await;
    for _ in 0..1200 {
        if answer.status != 503 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        answer = proxy.get("/topics/places/live?offsets=0:9").await;
    }
    answer.check_error("416 41602", "ends at offset 0");
    proxy.get("/topics/places/live?offsets=7:0").await.check_error("404 40402", "no partition 7");
    let bad = proxy.ask("GET", "/topics/places/live", "last-event-id: x", "").await;
    bad.check_error("400 40001", "Last-Event-ID");
}
