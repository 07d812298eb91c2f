//! Redpanda's proxy: a read of one partition from an offset on, without any state in the server.

use crate::client::Client;
use crate::failure::Failure;
use crate::line::BinaryRecord;
use crate::lines::Lines;
use crate::plan::Plan;
use crate::server::escaped;
use crate::wire::{Flow, Method, Sink, Transport};

pub(crate) const BINARY: &str = "application/vnd.kafka.binary.v2+json";
/// Of one answer.
const MAX_BYTES: u32 = 1 << 20;
const TIMEOUT_MS: u32 = 1000;
/// An empty answer is not the end: there are control records, and what compaction left out.
const EMPTY_ANSWERS: u32 = 2;

impl<T: Transport> Client<T> {
    /// The records of one partition from an offset on, as many as the server gives at once.
    pub(crate) async fn fetch(
        &self,
        topic: &str,
        partition: i32,
        offset: i64,
        max_bytes: u32,
        timeout_ms: u32,
    ) -> Result<Vec<BinaryRecord>, Failure> {
        let path = format!(
            "/topics/{}/partitions/{partition}/records?offset={offset}&timeout={timeout_ms}&max_bytes={max_bytes}",
            escaped(topic)
        );
        let body = self.ask(Method::Get, &path, BINARY, None, topic).await?;
        Self::read(&body)
    }

    /// Reads partition by partition: to its end if it is known, else until nothing comes any more.
    pub(crate) async fn read_stateless(
        &self,
        plan: &Plan,
        lines: &mut Lines,
        sink: &mut impl Sink,
    ) -> Result<Flow, Failure> {
        for span in &plan.spans {
            let (mut empty, mut attempt) = (0, 0);
            loop {
                let next = lines.next.get(&span.partition).copied().unwrap_or(span.start);
                if span.end.is_some_and(|end| next >= end) || empty >= EMPTY_ANSWERS {
                    break;
                }
                let records = match self.fetch(&plan.topic, span.partition, next, MAX_BYTES, TIMEOUT_MS).await {
                    Ok(records) => records,
                    Err(failure) if failure.may_pass() => {
                        attempt += 1;
                        self.pause(attempt, failure, sink).await?;
                        continue;
                    }
                    // Without bounds the end is found by walking into it.
                    Err(Failure::BeyondEnd { .. }) if span.end.is_none() && next > span.start => break,
                    Err(failure) => return Err(failure),
                };
                attempt = 0;
                if pass_on(&plan.topic, span.end, &records, lines, sink).await == Flow::Stop {
                    return Ok(Flow::Stop);
                }
                let is_new = lines.next.get(&span.partition).is_some_and(|after| *after > next);
                empty = if is_new { 0 } else { empty + 1 };
                if sink.wants_more() == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        Ok(Flow::Continue)
    }
}

/// Gives the sink those of the records that are new and before the end.
pub(crate) async fn pass_on(
    topic: &str,
    end: Option<i64>,
    records: &[BinaryRecord],
    lines: &mut Lines,
    sink: &mut impl Sink,
) -> Flow {
    let (mut text, mut count) = (Vec::new(), 0);
    for record in records {
        let is_inside = end.is_none_or(|end| record.offset < end);
        if is_inside && lines.advance(record.partition, record.offset) {
            record.write(topic, &mut text);
            count += 1;
        }
    }
    lines.records += count;
    if count == 0 { Flow::Continue } else { sink.take(text, count).await }
}
