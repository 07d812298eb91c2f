//! One broker for all tests of a file, and requests to the router without a socket.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub, reason = "a test may fail; not every file uses all of it")]

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use kafka_harness::{Broker, Options, broker_or_skip};
use kafka_rest::{App, Settings, router};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tower::ServiceExt;

/// The broker of this test process, started by the first test that asks; `None` where there can be none.
pub fn broker() -> Option<&'static Broker> {
    static BROKER: OnceLock<Option<Broker>> = OnceLock::new();
    BROKER.get_or_init(|| broker_or_skip(&Options::default())).as_ref()
}

/// The proxy in front of it, with these changes to its settings.
pub fn proxy(broker: &Broker, change: impl FnOnce(&mut Settings)) -> Proxy {
    Proxy::new(&broker.address(), change)
}

/// An address where nobody listens.
pub const NOBODY: &str = "127.0.0.1:1";

/// Waits until a reader of committed records may read up to `end`.
///
/// A transaction's end is answered once the coordinator has written it down; the markers reach the partitions afterwards
/// (`TransactionMarkerChannelManager` of Kafka 4.1), so a read that follows at once may still find the transaction open.
pub async fn markers_are_written(proxy: &Proxy, topic: &str, end: i64) {
    let path = format!("/topics/{topic}/partitions/0/offsets?isolation=read_committed");
    let mut offsets = Value::Null;
    // A minute at least.
    for _ in 0..3000 {
        offsets = proxy.get(&path).await.json();
        if offsets["end_offset"] == end {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no marker before offset {end}: {offsets}");
}

pub struct Proxy {
    pub app: Arc<App>,
    router: Router,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Proxy {
    pub fn new(brokers: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::new(brokers);
        change(&mut settings);
        let app = App::new(settings).unwrap();
        Self { router: router(&app), app }
    }

    pub async fn send(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// `headers` is `name: value` a line.
    pub async fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for line in headers.lines().filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        let response = self.send(request.body(Body::from(body.to_owned())).unwrap()).await;
        let (head, body) = response.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes().to_vec(),
            Err(error) => format!("the body was cut: {error}").into_bytes(),
        };
        Answer { status: head.status, headers: head.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", "").await
    }
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}", self.text()))
    }

    /// A line each.
    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// `status error_code`, and the body has a message.
    #[track_caller]
    pub fn check_error(&self, expected: &str, message: &str) {
        let body = self.json();
        let status = self.status.as_u16();
        assert_eq!(format!("{status} {}", body["error_code"]), expected, "{body}");
        assert!(body["message"].as_str().unwrap().contains(message), "{body} does not say {message:?}");
    }
}
