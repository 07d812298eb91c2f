//! Reading a plan to its end, from any kind of server. A connection that breaks is made again where it was.

use crate::client::Client;
use crate::failure::Failure;
use crate::lines::Lines;
use crate::plan::{Plan, pairs};
use crate::server::{About, Kind, escaped};
use crate::wire::{Answer, Flow, Method, Sink, Transport};
use std::collections::BTreeMap;

/// Waits between attempts that bring nothing: about fifteen seconds in all.
const PAUSES_MS: [u32; 6] = [200, 500, 1000, 2000, 4000, 8000];

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Records.
    pub records: u64,
    /// The next offset of each partition, from where following goes on.
    pub next: BTreeMap<i32, i64>,
    /// Whether the sink wanted no more before the end.
    pub is_stopped: bool,
}

impl<T: Transport> Client<T> {
    /// Reads a plan into the sink, as lines of JSON; records keep their order in their partition.
    ///
    /// # Errors
    /// What broke it off, after several attempts; what came before that is in the sink.
    pub async fn read_plan(&self, about: &About, plan: &Plan, sink: &mut impl Sink) -> Result<Outcome, Failure> {
        let next = replay_lean::map(plan.spans.iter().map(|span| (span.partition, span.start)));
        let mut lines = Lines::new(&plan.topic, next);
        let stopped = match about.kind {
            Kind::Replayground => self.read_streamed(plan, &mut lines, sink).await?,
            Kind::Redpanda => self.read_stateless(plan, &mut lines, sink).await?,
            Kind::Confluent | Kind::Karapace | Kind::Strimzi => {
                self.read_consumed(about, plan, &mut lines, sink).await?
            }
        } == Flow::Stop;
        let mut next = lines.next;
        if !stopped {
            // The end may lie behind the last record: there are offsets that no record has.
            for span in &plan.spans {
                let next = next.entry(span.partition).or_insert(span.start);
                *next = span.end.unwrap_or(*next);
            }
        }
        Ok(Outcome { records: lines.records, next, is_stopped: stopped })
    }

    /// By this project's own proxy: one stream over all partitions, taken up again if a limit or a break ends it too early.
    async fn read_streamed(&self, plan: &Plan, lines: &mut Lines, sink: &mut impl Sink) -> Result<Flow, Failure> {
        let mut attempt = 0;
        loop {
            let left: Vec<(i32, i64, i64)> = plan
                .spans
                .iter()
                .map(|span| (span.partition, lines.next.get(&span.partition).copied().unwrap_or(span.start), span.end))
                .filter_map(|(partition, next, end)| Some((partition, next, end?)))
                .filter(|(_, next, end)| next < end)
                .collect();
            if left.is_empty() {
                return Ok(Flow::Continue);
            }
            let partitions: Vec<String> = left.iter().map(|(partition, ..)| partition.to_string()).collect();
            let path = format!(
                "/topics/{}/records?partitions={}&offsets={}&until_offsets={}&isolation={}",
                escaped(&plan.topic),
                partitions.join(","),
                pairs(left.iter().map(|(partition, next, _)| (*partition, *next))),
                pairs(left.iter().map(|(partition, _, end)| (*partition, *end))),
                if plan.read_committed { "read_committed" } else { "read_uncommitted" },
            );
            let before = lines.records;
            match self.stream(&path, &plan.topic, lines, sink).await {
                Ok(Flow::Stop) => return Ok(Flow::Stop),
                // Nothing came although offsets are left: no record has them.
                Ok(Flow::Continue) if lines.records == before => return Ok(Flow::Continue),
                Ok(Flow::Continue) => attempt = 0,
                Err(failure) if failure.may_pass() => {
                    lines.forget_rest();
                    attempt = if lines.records > before { 0 } else { attempt + 1 };
                    self.pause(attempt, failure, sink).await?;
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Waits before the next attempt, or fails with what failed if there were enough.
    pub(crate) async fn pause(&self, attempt: usize, failure: Failure, sink: &impl Sink) -> Result<(), Failure> {
        let Some(pause) = PAUSES_MS.get(attempt) else { return Err(failure) };
        self.sleep(*pause).await;
        if sink.wants_more() == Flow::Stop { Err(Failure::Stopped) } else { Ok(()) }
    }

    async fn stream(&self, path: &str, topic: &str, lines: &mut Lines, sink: &mut impl Sink) -> Result<Flow, Failure> {
        let mut answer = self.send(Method::Get, path, "application/x-ndjson", None).await?;
        if answer.status() != 200 {
            let body = self.whole(&mut answer).await?;
            return Err(Failure::answered(self.server(), answer.status(), &body, topic));
        }
        while let Some(piece) = answer.chunk().await.map_err(|why| Failure::unreachable(self.server(), why))? {
            let (text, records) = lines.push(&piece, self.server())?;
            if records > 0 && sink.take(text, records).await == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::Continue)
    }
}
