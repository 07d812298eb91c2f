//! Following a topic: events that the server pushes, or polling where it cannot. A break loses and repeats no record.

use crate::client::Client;
use crate::consumer::is_lost_instance;
use crate::events::Events;
use crate::failure::Failure;
use crate::lines::Lines;
use crate::plan::pairs;
use crate::server::{About, Kind, escaped};
use crate::stateless::pass_on;
use crate::wire::{Answer, Flow, Method, Sink, Transport};
use std::collections::BTreeMap;

/// Waits between attempts while the server or Kafka is away; the last is repeated.
const PAUSES_MS: [u32; 5] = [200, 500, 1000, 2000, 5000];
/// Polls while nothing comes.
const IDLE_MS: u32 = 500;
/// Polls of a consumer instance without a record until the server is asked whether Kafka still answers: about ten seconds.
const IDLE_POLLS: u32 = 10;

/// What is followed, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Follow {
    /// Its name.
    pub topic: String,
    /// The next offset of each partition. Others are not followed.
    pub next: BTreeMap<i32, i64>,
    /// Leave out what transactions aborted.
    pub read_committed: bool,
}

/// What a follower hears of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// New records come as they are written.
    Up,
    /// They do not, for this reason; it is tried again.
    Down(Failure),
}

impl<T: Transport> Client<T> {
    /// Follows until the sink wants no more. `on_link` hears when the connection comes and goes.
    ///
    /// # Errors
    /// What trying again would not mend.
    pub async fn follow(
        &self,
        about: &About,
        follow: &Follow,
        sink: &mut impl Sink,
        on_link: &mut dyn FnMut(Link),
    ) -> Result<(), Failure> {
        let mut lines = Lines::new(&follow.topic, follow.next.clone());
        let (mut attempt, mut number) = (0_usize, 0);
        loop {
            let before = lines.records;
            number += 1;
            let ended = match about.kind {
                Kind::Replayground => self.listen(follow, &mut lines, sink, on_link).await,
                Kind::Redpanda => self.fetch_on(follow, &mut lines, sink, on_link).await,
                _ => self.poll_on(about, follow, &mut lines, sink, on_link, number).await,
            };
            let failure = match ended {
                Ok(Flow::Stop) | Err(Failure::Stopped) => return Ok(()),
                Ok(Flow::Continue) => {
                    Failure::Broken { server: self.server().to_owned(), detail: "the stream ended".to_owned() }
                }
                Err(failure) if failure.may_pass() || is_lost_instance(&failure) => failure,
                Err(failure) => return Err(failure),
            };
            if matches!(failure, Failure::UnknownTopic { .. }) && about.kind == Kind::Replayground {
                return Err(failure);
            }
            lines.forget_rest();
            attempt = if lines.records > before { 0 } else { attempt + 1 };
            on_link(Link::Down(failure));
            self.sleep(PAUSES_MS[attempt.min(PAUSES_MS.len() - 1)]).await;
            if sink.wants_more() == Flow::Stop {
                return Ok(());
            }
        }
    }

    async fn listen(
        &self,
        follow: &Follow,
        lines: &mut Lines,
        sink: &mut impl Sink,
        on_link: &mut dyn FnMut(Link),
    ) -> Result<Flow, Failure> {
        let partitions: Vec<String> = lines.next.keys().map(ToString::to_string).collect();
        let path = format!(
            "/topics/{}/live?partitions={}&offsets={}&isolation={}",
            escaped(&follow.topic),
            partitions.join(","),
            pairs(lines.next.iter().map(|(partition, next)| (*partition, *next))),
            if follow.read_committed { "read_committed" } else { "read_uncommitted" },
        );
        let mut answer = self.send(Method::Get, &path, "text/event-stream", None).await?;
        if answer.status() != 200 {
            let body = self.whole(&mut answer).await?;
            return Err(Failure::answered(self.server(), answer.status(), &body, &follow.topic));
        }
        let mut events = Events::default();
        while let Some(piece) = answer.chunk().await.map_err(|why| Failure::unreachable(self.server(), why))? {
            for event in events.push(&piece) {
                match event.name.as_str() {
                    "start" => on_link(Link::Up),
                    "records" => {
                        let (text, records) = lines.push(&event.data, self.server())?;
                        if records > 0 && sink.take(text, records).await == Flow::Stop {
                            return Ok(Flow::Stop);
                        }
                    }
                    "connection" if event.data.starts_with(b"{\"is_up\":true") => on_link(Link::Up),
                    "connection" => {
                        let message = "the broker cannot be reached at the moment".to_owned();
                        on_link(Link::Down(Failure::BrokerDown { message }));
                    }
                    "failure" => return Err(Failure::answered(self.server(), 200, &event.data, &follow.topic)),
                    _ => {}
                }
            }
            if sink.wants_more() == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::Continue)
    }

    async fn fetch_on(
        &self,
        follow: &Follow,
        lines: &mut Lines,
        sink: &mut impl Sink,
        on_link: &mut dyn FnMut(Link),
    ) -> Result<Flow, Failure> {
        let mut is_up = false;
        loop {
            let before = lines.records;
            for (partition, next) in lines.next.clone() {
                let records = match self.fetch(&follow.topic, partition, next, 1 << 20, 100).await {
                    // Nothing is behind the end yet.
                    Err(Failure::BeyondEnd { .. }) => Vec::new(),
                    fetched => fetched?,
                };
                if !is_up {
                    on_link(Link::Up);
                    is_up = true;
                }
                if pass_on(&follow.topic, None, &records, lines, sink).await == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
            if sink.wants_more() == Flow::Stop {
                return Ok(Flow::Stop);
            }
            if lines.records == before {
                self.sleep(IDLE_MS).await;
            }
        }
    }

    async fn poll_on(
        &self,
        about: &About,
        follow: &Follow,
        lines: &mut Lines,
        sink: &mut impl Sink,
        on_link: &mut dyn FnMut(Link),
        number: u32,
    ) -> Result<Flow, Failure> {
        let instance =
            self.instance(about, &follow.topic, follow.read_committed, &lines.next, 1_000_000 + number).await?;
        on_link(Link::Up);
        let (mut empty, mut is_up) = (0, true);
        let ended = loop {
            match self.poll(about, &instance, &follow.topic).await {
                Ok(records) => {
                    empty = if records.is_empty() { empty + 1 } else { 0 };
                    let failure = if empty == IDLE_POLLS {
                        empty = 0;
                        self.check_broker(about, &follow.topic).await.err()
                    } else {
                        None
                    };
                    // The instance finds its way back by itself: it goes on being polled.
                    match failure {
                        Some(failure) if failure.may_pass() => {
                            is_up = false;
                            on_link(Link::Down(failure));
                        }
                        Some(failure) => break Err(failure),
                        None if !is_up && empty == 0 => {
                            is_up = true;
                            on_link(Link::Up);
                        }
                        None => {}
                    }
                    if pass_on(&follow.topic, None, &records, lines, sink).await == Flow::Stop
                        || sink.wants_more() == Flow::Stop
                    {
                        break Ok(Flow::Stop);
                    }
                }
                Err(failure) => break Err(failure),
            }
        };
        self.delete(&instance).await;
        ended
    }
}
