//! Records as a body: one read, on a thread of its own, written as it goes.

use crate::app::App;
use crate::body::{Writer, streamed};
use crate::clock::now;
use crate::config::Limits;
use crate::encode::{Shape, Writing};
use crate::error::Error;
use crate::kafka::{Assignment, Client, End, Flow, Isolation, Limit, Sink, read};
use crate::metrics::Counted;
use axum::body::Body;
use rdkafka::message::BorrowedMessage;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A part of a body is sent when it is this long, or when nothing more is there.
const PART: usize = 64 * 1024;

/// A read, resolved: every offset is known.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) isolation: Isolation,
    pub(crate) limit: Limit,
    pub(crate) writing: Writing,
    /// Ends with the first records that came, instead of reading to the end.
    pub(crate) is_first_batch: bool,
}

/// A place for a read, or [`Error::Full`] if none is free in time.
pub(crate) async fn place(places: &Arc<Semaphore>, limits: &Limits) -> Result<OwnedSemaphorePermit, Error> {
    match tokio::time::timeout(limits.patience, Arc::clone(places).acquire_owned()).await {
        Ok(Ok(place)) => Ok(place),
        _ => Err(Error::Full { what: "all places for reads", limit: limits.max_reads }),
    }
}

/// Starts the read with a client of its own; the body fills as the receiver takes it.
pub(crate) fn start(app: &Arc<App>, mut job: Job, place: OwnedSemaphorePermit) -> Body {
    let (writer, body) = streamed(app.settings.limits.patience);
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        let client = app.kafka.reader(job.isolation);
        run(&app, client.as_ref(), &mut job, writer);
    });
    body
}

/// Reads on this thread, which may block, until the job is done; its assignments tell how far it came.
pub(crate) fn run(app: &App, client: Result<&Client, &Error>, job: &mut Job, writer: Writer) {
    let _counted = Counted::new(Arc::clone(&app.metrics), |metrics| &metrics.reads);
    let started = now();
    let mut sink = Lines {
        writer,
        buffer: Vec::with_capacity(PART + 4096),
        writing: job.writing.clone(),
        is_first_batch: job.is_first_batch,
        records: 0,
        bytes: 0,
    };
    if job.writing.shape != Shape::Line {
        sink.buffer.push(b'[');
    }
    let end = match client {
        Ok(client) => read(&app.kafka, client, &mut job.assignments, job.limit, &app.is_ending, &mut sink),
        Err(error) => End::Failed(error.clone()),
    };
    account(app, "read", &job.assignments, &end, sink.records, sink.bytes + sink.buffer.len() as u64, started);
    sink.finish(end);
}

/// Counts and logs what a read gave. Never what was in it.
pub(crate) fn account(
    app: &App,
    what: &str,
    assignments: &[Assignment],
    end: &End,
    records: u64,
    bytes: u64,
    started: Instant,
) {
    app.metrics.records.fetch_add(records, Ordering::Relaxed);
    app.metrics.record_bytes.fetch_add(bytes, Ordering::Relaxed);
    let took_ms = started.elapsed().as_millis() as u64;
    let (topic, partitions) = (assignments.first().map(|assignment| &*assignment.topic), assignments.len());
    if let End::Failed(error) = end {
        app.metrics.read_errors.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(topic, partitions, records, bytes, took_ms, %error, "{what} failed");
    } else {
        tracing::info!(topic, partitions, records, bytes, took_ms, ?end, "{what}");
    }
}

struct Lines {
    writer: Writer,
    buffer: Vec<u8>,
    writing: Writing,
    is_first_batch: bool,
    records: u64,
    /// Already sent.
    bytes: u64,
}

impl Lines {
    fn flush(&mut self) -> Flow {
        if self.buffer.is_empty() {
            return Flow::Continue;
        }
        self.bytes += self.buffer.len() as u64;
        let part = std::mem::replace(&mut self.buffer, Vec::with_capacity(PART + 4096));
        if self.writer.send(part) { Flow::Continue } else { Flow::Stop }
    }

    fn finish(mut self, end: End) {
        match (end, self.writing.shape) {
            (End::Receiver, Shape::Line) => {}
            // A last line that is no record: whoever reads lines sees that records are missing, and why.
            (End::Failed(error), Shape::Line) => {
                let _ = serde_json::to_writer(&mut self.buffer, &error.body());
                self.buffer.push(b'\n');
                self.flush();
            }
            (End::Complete | End::Limit, Shape::Line) => {
                self.flush();
            }
            // An array cannot say it, so it is not closed.
            (End::Failed(error), _) => {
                self.flush();
                self.writer.abort(&error.to_string());
            }
            (_, _) => {
                self.buffer.push(b']');
                self.flush();
            }
        }
    }
}

impl Sink for Lines {
    fn record(&mut self, message: &BorrowedMessage<'_>) -> Flow {
        if self.writing.shape != Shape::Line && self.records > 0 {
            self.buffer.push(b',');
        }
        self.records += 1;
        self.writing.record(&mut self.buffer, message);
        if self.writing.shape == Shape::Line {
            self.buffer.push(b'\n');
        }
        if self.buffer.len() >= PART { self.flush() } else { Flow::Continue }
    }

    fn idle(&mut self) -> Flow {
        if self.is_first_batch && self.records > 0 {
            return Flow::Stop;
        }
        if self.writer.is_closed() {
            return Flow::Stop;
        }
        // The opening bracket alone can wait.
        if self.records > 0 { self.flush() } else { Flow::Continue }
    }
}
