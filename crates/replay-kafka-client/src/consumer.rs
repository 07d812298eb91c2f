//! The v2 consumer API: an instance that is assigned partitions, moved to offsets and polled. It commits nothing and is deleted in the end.

use crate::client::Client;
use crate::failure::Failure;
use crate::line::BinaryRecord;
use crate::lines::Lines;
use crate::plan::{Plan, Span};
use crate::server::{About, Kind, escaped};
use crate::stateless::BINARY;
use crate::wire::{Flow, Method, Sink, Transport};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

const MAX_BYTES: u32 = 8 << 20;
const TIMEOUT_MS: u32 = 1000;
/// Polls without a record until the server is asked whether Kafka still answers. The first ones only make the instance connect.
const EMPTY_POLLS: u32 = 8;
/// Further ones until the rest is taken for offsets that no record has.
const MORE_EMPTY_POLLS: u32 = 2;
/// How long that question may take.
const ANSWER_WITHIN_MS: u32 = 10_000;
/// Attempts to move an instance, and how long it is polled in between.
const MOST_MOVES: u32 = 20;
const MOVE_TIMEOUT_MS: u32 = 200;

/// An instance that was made.
pub(crate) struct Instance {
    path: String,
}

impl<T: Transport> Client<T> {
    /// Makes an instance that stands at `next`.
    pub(crate) async fn instance(
        &self,
        about: &About,
        topic: &str,
        read_committed: bool,
        next: &BTreeMap<i32, i64>,
        number: u32,
    ) -> Result<Instance, Failure> {
        let group = format!("replayground-{}", self.name());
        let name = format!("{}-{number}", self.name());
        let settings = if about.kind == Kind::Strimzi {
            let isolation = if read_committed { "read_committed" } else { "read_uncommitted" };
            json!({ "name": name, "format": "binary", "auto.offset.reset": "earliest", "enable.auto.commit": false, "isolation.level": isolation })
        } else {
            json!({ "name": name, "format": "binary", "auto.offset.reset": "earliest", "auto.commit.enable": "false" })
        };
        let path = format!("/consumers/{}", escaped(&group));
        let made = self.post(&path, &settings, topic).await?;
        let id = made["instance_id"].as_str().unwrap_or(&name).to_owned();
        // Not the answer's `base_uri`: it names an inner host.
        let instance = Instance { path: format!("{path}/instances/{}", escaped(&id)) };
        let placed = self.place(&instance, topic, next).await;
        if placed.is_err() {
            self.delete(&instance).await;
        }
        placed.map(|()| instance)
    }

    async fn place(&self, instance: &Instance, topic: &str, next: &BTreeMap<i32, i64>) -> Result<(), Failure> {
        let partition = |partition: &i32| json!({ "topic": topic, "partition": partition });
        let partitions: Vec<Value> = next.keys().map(partition).collect();
        let place =
            |(partition, offset): (&i32, &i64)| json!({ "topic": topic, "partition": partition, "offset": offset });
        let offsets: Vec<Value> = next.iter().map(place).collect();
        let assignments = json!({ "partitions": partitions });
        self.post(&format!("{}/assignments", instance.path), &assignments, topic).await?;
        let offsets = json!({ "offsets": offsets });
        for _ in 0..MOST_MOVES {
            match self.post(&format!("{}/positions", instance.path), &offsets, topic).await {
                // Karapace's consumer can be moved once it fetches, and fetches once it was polled. What that brings is read again.
                Err(Failure::Answered { status: 409, .. }) => {
                    let path = format!("{}/records?timeout={MOVE_TIMEOUT_MS}&max_bytes=1", instance.path);
                    self.ask(Method::Get, &path, BINARY, None, topic).await?;
                }
                moved => return moved.map(|_| ()),
            }
        }
        let message = "the consumer instance cannot be moved to an offset".to_owned();
        Err(Failure::Answered { status: 409, message })
    }

    async fn post(&self, path: &str, body: &Value, topic: &str) -> Result<Value, Failure> {
        let accept = "application/vnd.kafka.v2+json";
        let body = self.ask(Method::Post, path, accept, Some(body.to_string()), topic).await?;
        Ok(serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    pub(crate) async fn poll(
        &self,
        about: &About,
        instance: &Instance,
        topic: &str,
    ) -> Result<Vec<BinaryRecord>, Failure> {
        let mut path = format!("{}/records?timeout={TIMEOUT_MS}", instance.path);
        // Strimzi's Bridge takes what one poll of its consumer brings, and if that is more, answers 422 and has lost it.
        if about.kind != Kind::Strimzi {
            // Writing to a string cannot fail.
            let _ = write!(path, "&max_bytes={MAX_BYTES}");
        }
        let body = self.ask(Method::Get, &path, BINARY, None, topic).await?;
        Self::read(&body)
    }

    /// A server that is gone, or that let it expire, needs no more.
    pub(crate) async fn delete(&self, instance: &Instance) {
        let _ = self.ask(Method::Delete, &instance.path, "application/vnd.kafka.v2+json", None, "").await;
    }

    /// Reads a plan by polling an instance; one that is lost is made again where it was.
    pub(crate) async fn read_consumed(
        &self,
        about: &About,
        plan: &Plan,
        lines: &mut Lines,
        sink: &mut impl Sink,
    ) -> Result<Flow, Failure> {
        let (mut attempt, mut number) = (0, 0);
        loop {
            let before = lines.records;
            number += 1;
            let failure = match self.instance(about, &plan.topic, plan.read_committed, &lines.next, number).await {
                Ok(instance) => {
                    let read = self.poll_all(about, &instance, plan, lines, sink).await;
                    self.delete(&instance).await;
                    match read {
                        Ok(flow) => return Ok(flow),
                        Err(failure) => failure,
                    }
                }
                Err(failure) => failure,
            };
            if !failure.may_pass() && !is_lost_instance(&failure) {
                return Err(failure);
            }
            attempt = if lines.records > before { 0 } else { attempt + 1 };
            self.pause(attempt, failure, sink).await?;
        }
    }

    async fn poll_all(
        &self,
        about: &About,
        instance: &Instance,
        plan: &Plan,
        lines: &mut Lines,
        sink: &mut impl Sink,
    ) -> Result<Flow, Failure> {
        let mut empty = 0;
        let is_open = |lines: &Lines| {
            let is_open = |span: &Span| {
                let next = lines.next.get(&span.partition).copied().unwrap_or(span.start);
                span.end.is_none_or(|end| next < end)
            };
            plan.spans.iter().any(is_open)
        };
        while is_open(lines) && empty < EMPTY_POLLS + MORE_EMPTY_POLLS {
            let records = self.poll(about, instance, &plan.topic).await?;
            empty = if records.is_empty() { empty + 1 } else { 0 };
            if empty == EMPTY_POLLS {
                self.check_broker(about, &plan.topic).await?;
            }
            self.check_start(about, plan, &records, lines).await?;
            if self.pass_by_span(plan, &records, lines, sink).await == Flow::Stop || sink.wants_more() == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::Continue)
    }

    /// A consumer whose broker is away answers with no records, like one that stands at the end: the partitions' offsets are asked for,
    /// which the server can only tell if Kafka answers.
    pub(crate) async fn check_broker(&self, about: &About, topic: &str) -> Result<(), Failure> {
        let (mut bounds, mut waited) = (pin!(self.bounds(about, topic, false)), pin!(self.sleep(ANSWER_WITHIN_MS)));
        let answer = poll_fn(|context| match bounds.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending => waited.as_mut().poll(context).map(|()| None),
        });
        match answer.await {
            Some(answer) => answer.map(|_| ()),
            None => Err(Failure::BrokerDown { message: "the server does not say where the partitions end".to_owned() }),
        }
    }

    async fn pass_by_span(
        &self,
        plan: &Plan,
        records: &[BinaryRecord],
        lines: &mut Lines,
        sink: &mut impl Sink,
    ) -> Flow {
        let ends = replay_lean::map(plan.spans.iter().map(|span| (span.partition, span.end)));
        let (mut text, mut count) = (Vec::new(), 0);
        for record in records {
            let Some(end) = ends.get(&record.partition) else { continue };
            // One that lies behind the end still tells that everything before it was read.
            let is_new = lines.advance(record.partition, record.offset);
            if is_new && end.is_none_or(|end| record.offset < end) {
                record.write(&plan.topic, &mut text);
                count += 1;
            }
        }
        lines.records += count;
        if count == 0 { Flow::Continue } else { sink.take(text, count).await }
    }

    /// An instance whose offset is gone jumps to the beginning without a word: then the log start offset has moved.
    async fn check_start(
        &self,
        about: &About,
        plan: &Plan,
        records: &[BinaryRecord],
        lines: &Lines,
    ) -> Result<(), Failure> {
        for span in &plan.spans {
            let is_untouched = lines.next.get(&span.partition) == Some(&span.start);
            let first = records.iter().find(|record| record.partition == span.partition);
            let Some(first) = first.filter(|first| is_untouched && first.offset > span.start) else { continue };
            let bounds = self.bounds(about, &plan.topic, plan.read_committed).await?;
            let begin = bounds.iter().find(|bounds| bounds.partition == span.partition).and_then(|bounds| bounds.start);
            if let Some(begin) = begin.filter(|begin| *begin > span.start && *begin <= first.offset) {
                let (partition, topic, start) = (span.partition, &plan.topic, span.start);
                let message = format!("partition {partition} of {topic} begins at offset {begin} now, not {start}");
                return Err(Failure::Truncated { message });
            }
        }
        Ok(())
    }
}

/// The server let the instance expire, or was started anew.
pub(crate) fn is_lost_instance(failure: &Failure) -> bool {
    matches!(failure, Failure::Answered { status: 404, .. } | Failure::UnknownTopic { .. })
}
