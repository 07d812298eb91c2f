//! Which server answers is found out by its answers; these are the forms that each of them documents or has in its source.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use futures_executor::block_on;
use replay_kafka_client::{
    About, Answer, Client, Failure, Flow, From, Kind, Plan, Range, Request, Sink, Span, Transport, Unreachable,
};
use std::cell::{Cell, RefCell};

/// Answers by path: status and body. What is not listed is a 404 of the server's own kind.
struct Canned {
    answers: Vec<(&'static str, u16, &'static str)>,
    missing: &'static str,
    asked: RefCell<Vec<Request>>,
}

struct Body(u16, Option<Vec<u8>>);

impl Transport for &Canned {
    type Answer = Body;

    async fn send(&self, request: Request) -> Result<Body, Unreachable> {
        let path = request.url.strip_prefix("http://h").unwrap().to_owned();
        self.asked.borrow_mut().push(request);
        let found = self.answers.iter().find(|(own, ..)| *own == path);
        let (status, text) = found.map_or((404, self.missing), |(_, status, text)| (*status, *text));
        if text == HIDDEN {
            return Err(Unreachable::Cors);
        }
        Ok(Body(status, Some(text.as_bytes().to_vec())))
    }

    async fn sleep(&self, _: u32) {}
}

impl Answer for Body {
    fn status(&self) -> u16 {
        self.0
    }

    fn header(&self, _: &str) -> Option<String> {
        None
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Unreachable> {
        Ok(self.1.take())
    }
}

/// An answer that a browser keeps from the page.
const HIDDEN: &str = "hidden";
const CONFLUENT_404: &str = r#"{"error_code":404,"message":"HTTP 404 Not Found"}"#;

fn canned(answers: &[(&'static str, u16, &'static str)], missing: &'static str) -> Canned {
    Canned { answers: answers.to_vec(), missing, asked: RefCell::default() }
}

/// What is found out, as `kind version`, or the code of the failure.
#[track_caller]
fn check(answers: &[(&'static str, u16, &'static str)], missing: &'static str, expected: &str) {
    let server = canned(answers, missing);
    let found = block_on(Client::new(&server, "http://h/", None, "t").about());
    let told = found.map_or_else(
        |failure| failure.code().to_owned(),
        |about| format!("{} {}", about.kind.code(), about.version).trim().to_owned(),
    );
    assert_eq!(told, expected);
}

#[test]
fn every_server_is_known_by_its_answers() {
    let topics = ("/topics", 200, r#"["orders"]"#);
    check(&[("/proxy", 200, r#"{"server":"replayground-proxy","version":"1.2"}"#)], "", "replayground 1.2");
    check(&[("/", 200, r#"{"bridge_version":"0.33.1"}"#), topics], CONFLUENT_404, "strimzi 0.33.1");
    check(&[("/", 200, "{}"), ("/_health", 200, r#"{"process_uptime_sec":5}"#), topics], "", "karapace");
    check(&[("/", 200, "{}"), topics], CONFLUENT_404, "confluent");
    check(&[("/status/ready", 200, ""), topics], r#"{"message":"Not found","code":404}"#, "redpanda");
    check(&[("/", 200, "{}"), topics], HIDDEN, "karapace");
    check(&[], HIDDEN, "kafka-cors");
    check(&[], "<html>nginx</html>", "kafka-unknown-server");
    check(&[("/proxy", 401, r#"{"error_code":401,"message":"a token"}"#)], "", "kafka-unauthorized");
    check(&[("/topics", 503, r#"{"error_code":50301,"message":"down"}"#)], CONFLUENT_404, "kafka-broker-down");
}

#[test]
fn confluents_v3_api_tells_the_lag_of_groups() {
    let lags = r#"{"kind":"KafkaConsumerLagList","data":[
        {"topic_name":"orders","partition_id":1,"current_offset":5,"log_end_offset":9,"lag":4},
        {"topic_name":"other","partition_id":0,"current_offset":0,"log_end_offset":9,"lag":9}]}"#;
    let answers = [
        ("/topics", 200, r#"["orders"]"#),
        ("/v3/clusters", 200, r#"{"kind":"KafkaClusterList","data":[{"cluster_id":"c 1"}]}"#),
        (
            "/v3/clusters/c%201/consumer-groups",
            200,
            r#"{"data":[{"consumer_group_id":"gone"},{"consumer_group_id":"billing"}]}"#,
        ),
        ("/v3/clusters/c%201/consumer-groups/billing/lags", 200, lags),
    ];
    let server = canned(&answers, CONFLUENT_404);
    let client = Client::new(&server, "http://h", None, "t");
    let about = block_on(client.about()).unwrap();
    assert_eq!((about.kind, about.abilities().lag), (Kind::Confluent, true));
    let lag = block_on(client.lag(&about, "orders", None)).unwrap();
    let told =
        lag.iter().map(|group| (group.group.as_str(), group.partitions[0].committed_offset, group.partitions[0].lag));
    assert_eq!(told.collect::<Vec<_>>(), [("billing", 5, 4)]);
    let server = canned(&[("/topics", 200, "[]")], CONFLUENT_404);
    let client = Client::new(&server, "http://h", None, "t");
    let about = block_on(client.about()).unwrap();
    assert!(!about.abilities().lag);
    assert!(matches!(block_on(client.lag(&about, "orders", None)), Err(Failure::Unsupported { .. })));
}

/// A server whose consumer instances can be moved only after they were polled, as Karapace's.
#[derive(Default)]
struct Unready {
    polls: Cell<u32>,
    is_moved: Cell<bool>,
}

impl Transport for &Unready {
    type Answer = Body;

    async fn send(&self, request: Request) -> Result<Body, Unreachable> {
        let (status, text) = match request.url.rsplit('/').next().unwrap() {
            "positions" if self.polls.get() < 2 => (409, r#"{"error_code":40903,"message":"Partition is unassigned"}"#),
            "positions" => {
                self.is_moved.set(true);
                (204, "")
            }
            path if path.starts_with("records") => {
                self.polls.set(self.polls.get() + 1);
                let before = r#"[{"topic":"t","partition":0,"offset":0,"key":null,"value":"MA=="}]"#;
                let behind = r#"[{"topic":"t","partition":0,"offset":5,"key":null,"value":"NQ=="}]"#;
                (200, if self.is_moved.get() { behind } else { before })
            }
            _ => (200, r#"{"instance_id":"i"}"#),
        };
        Ok(Body(status, Some(text.as_bytes().to_vec())))
    }

    async fn sleep(&self, _: u32) {}
}

#[derive(Default)]
struct Kept(Vec<u8>);

impl Sink for Kept {
    async fn take(&mut self, mut lines: Vec<u8>, _: u64) -> Flow {
        self.0.append(&mut lines);
        Flow::Continue
    }
}

#[test]
fn an_instance_that_cannot_be_moved_yet_is_polled_and_what_that_brings_is_not_taken() {
    let server = Unready::default();
    let span = Span { partition: 0, start: 5, end: Some(6) };
    let plan = Plan { topic: "t".into(), spans: vec![span], read_committed: false };
    let (about, mut kept) = (About { kind: Kind::Karapace, ..About::default() }, Kept::default());
    let outcome = block_on(Client::new(&server, "http://h", None, "t").read_plan(&about, &plan, &mut kept)).unwrap();
    let text = String::from_utf8(kept.0).unwrap();
    assert!(outcome.records == 1 && text.contains("\"offset\":5,"), "{outcome:?} {text}");
}

#[test]
fn the_token_goes_with_every_request_and_none_goes_without() {
    let server = canned(&[("/topics", 200, "[]")], "");
    block_on(Client::new(&server, "http://h", Some("secret".into()), "t").topics()).unwrap();
    block_on(Client::new(&server, "http://h", Some(String::new()), "t").topics()).unwrap();
    let tokens: Vec<bool> = server
        .asked
        .borrow()
        .iter()
        .map(|asked| asked.headers.iter().any(|(name, _)| *name == "authorization"))
        .collect();
    assert_eq!(tokens, [true, false]);
}

#[test]
fn what_a_server_cannot_do_is_said_before_it_is_asked() {
    let server = canned(&[], "");
    let client = Client::new(&server, "http://h", None, "t");
    let plan = |kind, from| {
        let about = replay_kafka_client::About { kind, ..Default::default() };
        block_on(client.plan(&about, "t", &Range { from, ..Range::default() })).unwrap_err()
    };
    assert!(matches!(plan(Kind::Strimzi, From::Timestamp(5)), Failure::Unsupported { kind: Kind::Strimzi, .. }));
    assert!(matches!(plan(Kind::Redpanda, From::Last(5)), Failure::Unsupported { kind: Kind::Redpanda, .. }));
    assert!(server.asked.borrow().is_empty());
}
