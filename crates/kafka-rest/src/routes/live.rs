//! Following a topic: server-sent events from given offsets, which a client that was cut off takes up again where it stood.

use super::records::{From, Until, registry, resolve, values};
use super::topics::{find, isolation};
use crate::app::App;
use crate::body::{Writer, streamed};
use crate::clock::now;
use crate::encode::Writing;
use crate::error::Error;
use crate::kafka::{Assignment, Client, End, Flow, Limit, Sink, read};
use crate::metrics::Counted;
use crate::query::{InPath, Parameters, pairs};
use crate::stream::account;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use rdkafka::message::BorrowedMessage;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// After so long without an event a comment is sent, so that proxies in between keep the connection and a lost one is noticed.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Records that come within this time go out as one event.
const TOGETHER: Duration = Duration::from_millis(20);
const EVENT: usize = 32 * 1024;

/// `GET /topics/{topic}/live?offsets=0:15,1:20`: from the end where no offset is given. A `Last-Event-ID` wins over `offsets`.
pub(crate) async fn live(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    parameters: Parameters,
    InPath(name): InPath<String>,
) -> Result<Response, Error> {
    parameters.only(&["offsets", "partitions", "isolation", "values", "decode"])?;
    let resumed = headers.get("last-event-id").map(|id| pairs("Last-Event-ID", id.to_str().unwrap_or("?")));
    let given: Option<BTreeMap<i32, i64>> = match resumed.transpose()? {
        Some(pairs) => Some(pairs.into_iter().collect()),
        None => parameters.pairs("offsets")?.map(|pairs| pairs.into_iter().collect()),
    };
    if let Some((_, offset)) = given.iter().flatten().find(|(_, offset)| **offset < 0) {
        return Err(Error::Invalid { what: format!("offsets: {offset} is negative") });
    }
    let isolation = isolation(&parameters)?;
    let values = values(&parameters)?;
    let writing = Writing { values, registry: registry(&app, &parameters)?, ..Writing::default() };
    let wanted = parameters.numbers::<i32>("partitions")?;
    let limit = app.settings.limits.max_tails;
    let full = |_| Error::Full { what: "all places for live tails", limit };
    let place = Arc::clone(&app.tails).try_acquire_owned().map_err(full)?;
    let topic = find(&app, name).await?;
    let all: Vec<i32> = topic.partitions.iter().map(|partition| partition.id).collect();
    let named = given.iter().flat_map(BTreeMap::keys);
    if let Some(unknown) = wanted.iter().flatten().chain(named).find(|id| !all.contains(id)) {
        return Err(Error::UnknownPartition { topic: topic.name, partition: i64::from(*unknown) });
    }
    let partitions: Vec<i32> =
        all.into_iter().filter(|id| wanted.as_ref().is_none_or(|wanted| wanted.contains(id))).collect();
    let given = given.unwrap_or_default();
    let assignments = app
        .ask(move |app| {
            let resolve = |ids: &[i32], from| resolve(&app.kafka, &topic.name, ids, &from, &Until::End, isolation);
            let (old, new): (Vec<i32>, Vec<i32>) = partitions.iter().partition(|id| given.contains_key(id));
            let mut assignments = resolve(&old, From::Offsets(given))?.0;
            assignments.extend(resolve(&new, From::End)?.0);
            for assignment in &mut assignments {
                assignment.end = i64::MAX;
            }
            assignments.sort_by_key(|assignment| assignment.partition);
            Ok(assignments)
        })
        .await?;
    let (writer, body) = streamed(app.settings.limits.patience);
    let shared = Arc::clone(&app);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        let client = shared.kafka.reader(isolation);
        follow(&shared, client.as_ref(), assignments, writing, writer);
    });
    let head = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // nginx would collect events otherwise.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((head, body).into_response())
}

fn follow(
    app: &App,
    client: Result<&Client, &Error>,
    mut assignments: Vec<Assignment>,
    writing: Writing,
    writer: Writer,
) {
    let _counted = Counted::new(Arc::clone(&app.metrics), |metrics| &metrics.tails);
    let started = now();
    let next = assignments.iter().map(|assignment| (assignment.partition, assignment.next)).collect();
    let mut sink = Events { writer, data: Vec::new(), next, first: None, sent: started, writing, records: 0, bytes: 0 };
    let end = if sink.start() == Flow::Stop {
        End::Receiver
    } else {
        let limit = Limit { count: u64::MAX, bytes: u64::MAX, until: None, patience: None };
        match client {
            Ok(client) => read(&app.kafka, client, &mut assignments, limit, &app.is_ending, &mut sink),
            Err(error) => End::Failed(error.clone()),
        }
    };
    account(app, "live tail", &assignments, &end, sink.records, sink.bytes, started);
    if let End::Failed(error) = end {
        sink.flush();
        sink.event("failure", error.body().to_string().as_bytes());
    }
}

struct Events {
    writer: Writer,
    /// Lines of `data: …` that wait.
    data: Vec<u8>,
    /// Where a client that saw all that was sent goes on.
    next: BTreeMap<i32, i64>,
    /// When the first of them came.
    first: Option<Instant>,
    /// When something was sent last.
    sent: Instant,
    writing: Writing,
    records: u64,
    bytes: u64,
}

impl Events {
    /// Says where it begins, so that a client that is cut off before the first record can resume as well.
    fn start(&mut self) -> Flow {
        let data = serde_json::json!({ "offsets": self.id() });
        self.event("start", data.to_string().as_bytes())
    }

    fn id(&self) -> String {
        let mut id = String::new();
        for (n, (partition, next)) in self.next.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(id, "{}{partition}:{next}", if n == 0 { "" } else { "," });
        }
        id
    }

    /// `data` is one line.
    fn event(&mut self, kind: &str, data: &[u8]) -> Flow {
        let head = format!("event: {kind}\nid: {}\ndata: ", self.id());
        self.send([head.as_bytes(), data, b"\n\n"].concat())
    }

    fn flush(&mut self) -> Flow {
        if self.data.is_empty() {
            return Flow::Continue;
        }
        self.first = None;
        let mut event = format!("event: records\nid: {}\n", self.id()).into_bytes();
        event.append(&mut self.data);
        event.push(b'\n');
        self.send(event)
    }

    fn send(&mut self, part: Vec<u8>) -> Flow {
        self.sent = now();
        self.bytes += part.len() as u64;
        if self.writer.send(part) { Flow::Continue } else { Flow::Stop }
    }
}

impl Sink for Events {
    fn record(&mut self, message: &BorrowedMessage<'_>) -> Flow {
        use rdkafka::Message as _;
        self.records += 1;
        self.data.extend_from_slice(b"data: ");
        self.writing.record(&mut self.data, message);
        self.data.push(b'\n');
        self.next.insert(message.partition(), message.offset() + 1);
        let first = *self.first.get_or_insert_with(now);
        // The clock is looked at per event, not per record, while they come in crowds.
        let is_due = self.data.len() >= EVENT || (self.records.is_multiple_of(64) && first.elapsed() >= TOGETHER);
        if is_due { self.flush() } else { Flow::Continue }
    }

    fn idle(&mut self) -> Flow {
        if self.writer.is_closed() {
            return Flow::Stop;
        }
        if self.first.is_some_and(|first| first.elapsed() >= TOGETHER) {
            return self.flush();
        }
        if self.sent.elapsed() >= HEARTBEAT {
            return self.send(b": heartbeat\n\n".to_vec());
        }
        Flow::Continue
    }

    fn connection(&mut self, is_up: bool) -> Flow {
        match self.flush() {
            Flow::Stop => Flow::Stop,
            Flow::Continue => self.event("connection", format!("{{\"is_up\":{is_up}}}").as_bytes()),
        }
    }
}
