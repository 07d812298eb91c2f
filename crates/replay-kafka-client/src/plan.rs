//! Which offsets a wish means: the partitions' bounds, and what of them is to be read.

use crate::client::Client;
use crate::failure::Failure;
use crate::server::{About, Kind, escaped};
use crate::wire::Transport;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Partitions of servers that do not list them are counted up to here.
const MOST_PARTITIONS: i32 = 4096;

/// Where a partition begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The broker's number.
    pub partition: i32,
    /// The log start offset; `None` if the server does not tell.
    pub start: Option<i64>,
    /// The next offset to be written; `None` if the server does not tell.
    pub end: Option<i64>,
}

/// Where reading begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum From {
    /// At each partition's log start offset.
    #[default]
    Beginning,
    /// At each partition's end: what comes from now on.
    End,
    /// At this offset of every partition.
    Offset(i64),
    /// By partition; those that are not named are not read.
    Offsets(BTreeMap<i32, i64>),
    /// At the first record from this time on, in milliseconds since 1970 UTC.
    Timestamp(i64),
    /// So many offsets before each partition's end.
    Last(u64),
}

/// Where reading ends, exclusively.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Until {
    /// At what is each partition's end when reading begins.
    #[default]
    End,
    /// At this offset of every partition.
    Offset(i64),
    /// At the first record from this time on, in milliseconds since 1970 UTC.
    Timestamp(i64),
}

/// What is wanted of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Range {
    /// The first of it.
    pub from: From,
    /// The end of it.
    pub until: Until,
    /// These only; all if empty.
    pub partitions: Vec<i32>,
    /// Leave out what transactions aborted.
    pub read_committed: bool,
}

/// A piece of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The broker's number.
    pub partition: i32,
    /// The first offset.
    pub start: i64,
    /// One past the last; `None` if it is not known beforehand.
    pub end: Option<i64>,
}

/// What is read of a topic, by offset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Its name.
    pub topic: String,
    /// By partition.
    pub spans: Vec<Span>,
    /// Leave out what transactions aborted.
    pub read_committed: bool,
}

impl Plan {
    /// Offsets in it: the records, or more where the log has gaps. `None` if it is not known beforehand.
    pub fn offsets(&self) -> Option<u64> {
        self.spans.iter().map(|span| Some((span.end? - span.start).max(0) as u64)).sum()
    }
}

#[derive(Debug, Deserialize)]
struct Listed {
    partition: i32,
}

#[derive(Debug, Deserialize)]
struct Offsets {
    beginning_offset: i64,
    end_offset: i64,
}

#[derive(Debug, Deserialize)]
struct AllOffsets {
    partitions: Vec<OwnOffsets>,
}

#[derive(Debug, Deserialize)]
struct OwnOffsets {
    partition: i32,
    beginning_offset: i64,
    end_offset: i64,
    timestamp_offset: Option<i64>,
}

impl<T: Transport> Client<T> {
    /// The partitions of a topic and their bounds.
    ///
    /// # Errors
    /// Why they are not told.
    pub async fn bounds(&self, about: &About, topic: &str, read_committed: bool) -> Result<Vec<Bounds>, Failure> {
        if about.kind == Kind::Replayground {
            let all = self.own_offsets(topic, read_committed, None).await?;
            let bounds = |own: OwnOffsets| Bounds {
                partition: own.partition,
                start: Some(own.beginning_offset),
                end: Some(own.end_offset),
            };
            return Ok(all.into_iter().map(bounds).collect());
        }
        let path = format!("/topics/{}/partitions", escaped(topic));
        if about.kind == Kind::Redpanda {
            return self.count_partitions(topic).await;
        }
        let mut listed: Vec<Listed> = self.json(&path, topic).await?;
        listed.sort_by_key(|listed| listed.partition);
        let mut bounds = Vec::with_capacity(listed.len());
        for Listed { partition } in listed {
            let Offsets { beginning_offset, end_offset } =
                self.json(&format!("{path}/{partition}/offsets"), topic).await?;
            bounds.push(Bounds { partition, start: Some(beginning_offset), end: Some(end_offset) });
        }
        Ok(bounds)
    }

    async fn own_offsets(
        &self,
        topic: &str,
        read_committed: bool,
        timestamp_ms: Option<i64>,
    ) -> Result<Vec<OwnOffsets>, Failure> {
        let isolation = if read_committed { "read_committed" } else { "read_uncommitted" };
        let mut path = format!("/topics/{}/offsets?isolation={isolation}", escaped(topic));
        if let Some(timestamp_ms) = timestamp_ms {
            // Writing to a string cannot fail.
            let _ = write!(path, "&timestamp={timestamp_ms}");
        }
        self.json::<AllOffsets>(&path, topic).await.map(|all| all.partitions)
    }

    /// For a server that lists no partitions: reads at each until one is not there.
    async fn count_partitions(&self, topic: &str) -> Result<Vec<Bounds>, Failure> {
        let mut bounds = Vec::new();
        for partition in 0..MOST_PARTITIONS {
            match self.fetch(topic, partition, 0, 1, 0).await {
                Err(Failure::UnknownPartition { .. } | Failure::UnknownTopic { .. }) if partition > 0 => break,
                Err(Failure::UnknownPartition { message }) => {
                    return Err(Failure::UnknownTopic { topic: topic.to_owned(), message });
                }
                Err(Failure::Answered { .. } | Failure::Truncated { .. } | Failure::BeyondEnd { .. }) | Ok(_) => {
                    bounds.push(Bounds { partition, start: None, end: None });
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(bounds)
    }

    /// What a wish means for this topic as it is now.
    ///
    /// # Errors
    /// What of it is not there, or what the server cannot do.
    pub async fn plan(&self, about: &About, topic: &str, range: &Range) -> Result<Plan, Failure> {
        let (abilities, kind) = (about.kind.abilities(), about.kind);
        let asks_time = matches!(range.from, From::Timestamp(_)) || matches!(range.until, Until::Timestamp(_));
        if asks_time && !abilities.times {
            return Err(Failure::Unsupported { kind, what: "look up a time; choose offsets" });
        }
        if matches!(range.from, From::Last(_) | From::End) && !abilities.offsets {
            return Err(Failure::Unsupported { kind, what: "tell where a partition ends; choose offsets" });
        }
        if range.read_committed && !abilities.isolation {
            return Err(Failure::Unsupported { kind, what: "leave out aborted records (read_committed)" });
        }
        let mut bounds = self.bounds(about, topic, range.read_committed).await?;
        let there = |partition: &i32| bounds.iter().any(|bounds| bounds.partition == *partition);
        let named = match &range.from {
            From::Offsets(offsets) => offsets.keys().copied().collect(),
            _ => Vec::new(),
        };
        if let Some(missing) = range.partitions.iter().chain(&named).find(|partition| !there(partition)) {
            let message = format!("topic {topic} has no partition {missing}");
            return Err(Failure::UnknownPartition { message });
        }
        bounds.retain(|bounds| {
            let is_wanted = |list: &[i32]| list.is_empty() || list.contains(&bounds.partition);
            is_wanted(&range.partitions) && is_wanted(&named)
        });
        let at = async |timestamp_ms: i64| -> Result<BTreeMap<i32, i64>, Failure> {
            let all = self.own_offsets(topic, range.read_committed, Some(timestamp_ms)).await?;
            Ok(replay_lean::map(
                all.into_iter().map(|own| (own.partition, own.timestamp_offset.unwrap_or(own.end_offset))),
            ))
        };
        let starts = if let From::Timestamp(ms) = range.from { Some(at(ms).await?) } else { None };
        let ends = if let Until::Timestamp(ms) = range.until { Some(at(ms).await?) } else { None };
        let mut spans = Vec::with_capacity(bounds.len());
        for bounds in bounds {
            let (partition, begin) = (bounds.partition, bounds.start.unwrap_or(0));
            let start = match &range.from {
                From::Beginning => begin,
                From::End => bounds.end.unwrap_or(begin),
                From::Offset(offset) => *offset,
                From::Offsets(offsets) => offsets.get(&partition).copied().unwrap_or(begin),
                From::Timestamp(_) => {
                    starts.as_ref().and_then(|starts| starts.get(&partition)).copied().unwrap_or(begin)
                }
                From::Last(n) => bounds.end.map_or(begin, |end| end.saturating_sub_unsigned(*n).max(begin)),
            };
            if bounds.start.is_some_and(|begin| start < begin) {
                let message = format!("partition {partition} of {topic} begins at offset {begin}, not {start}");
                return Err(Failure::Truncated { message });
            }
            if let Some(end) = bounds.end.filter(|end| start > *end) {
                let message = format!("partition {partition} of {topic} ends at offset {end}: there is no {start}");
                return Err(Failure::BeyondEnd { message });
            }
            let until = match &range.until {
                Until::End => None,
                Until::Offset(offset) => Some(*offset),
                Until::Timestamp(_) => ends.as_ref().and_then(|ends| ends.get(&partition)).copied(),
            };
            let end = match (until, bounds.end) {
                (Some(until), Some(end)) => Some(until.min(end)),
                (until, end) => until.or(end),
            };
            spans.push(Span { partition, start, end: end.map(|end| end.max(start)) });
        }
        Ok(Plan { topic: topic.to_owned(), spans, read_committed: range.read_committed })
    }

    /// Bytes of a record, measured by a few of them, as lines of JSON; `None` where the server cannot tell quickly.
    ///
    /// # Errors
    /// [`Failure::Forbidden`]: the topic may be seen, and not be read. Any other failure only leaves the size unknown.
    pub async fn record_size(&self, about: &About, topic: &str) -> Result<Option<u64>, Failure> {
        if !about.kind.abilities().stream {
            return Ok(None);
        }
        let path = format!("/topics/{}/records?last=20&max_bytes=1000000", escaped(topic));
        let body = match self.ask(crate::wire::Method::Get, &path, "application/x-ndjson", None, topic).await {
            Ok(body) => body,
            Err(failure @ Failure::Forbidden { .. }) => return Err(failure),
            Err(_) => return Ok(None),
        };
        let lines = memchr::memchr_iter(b'\n', &body).count();
        let last = body.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty());
        // What Kafka refuses is told where the records would stand.
        if let Some(line) = last.filter(|line| line.starts_with(b"{\"error_code\"")) {
            return match Failure::answered(self.server(), 200, line, topic) {
                failure @ Failure::Forbidden { .. } => Err(failure),
                _ => Ok(None),
            };
        }
        Ok((lines > 0).then(|| (body.len() / lines) as u64))
    }
}

/// `0:15,1:20`.
pub(crate) fn pairs(offsets: impl Iterator<Item = (i32, i64)>) -> String {
    let mut text = String::new();
    for (n, (partition, offset)) in offsets.enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}{partition}:{offset}", if n == 0 { "" } else { "," });
    }
    text
}
