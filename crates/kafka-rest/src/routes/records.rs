//! Records without a consumer instance: a range of one partition, or of a whole topic, as a stream.

use super::topics::{find, isolation, partition_of};
use crate::app::App;
use crate::clock::now;
use crate::encode::{Shape, Values, Writing};
use crate::error::Error;
use crate::kafka::{Assignment, Bounds, Isolation, Kafka, Limit};
use crate::query::{InPath, Parameters, number};
use crate::registry::Registry;
use crate::stream::{Job, place, start};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

/// What both routes take.
const COMMON: [&str; 9] =
    ["timestamp", "last", "until_timestamp", "count", "max_bytes", "timeout", "isolation", "values", "decode"];
const NDJSON: &str = "application/x-ndjson";
const REST_JSON: &str = "application/vnd.kafka.json.v2+json";
const REST_BINARY: &str = "application/vnd.kafka.binary.v2+json";
/// Redpanda's defaults for its own form of this request.
const ARRAY_TIMEOUT: Duration = Duration::from_secs(1);
const ARRAY_BYTES: u64 = 1 << 20;
/// More partitions than this are not told in the answer's head, which clients bound.
const TOLD: usize = 256;

/// Where a partition's reading begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum From {
    Beginning,
    End,
    Offset(i64),
    /// By partition; those that are not named from their beginning.
    Offsets(BTreeMap<i32, i64>),
    Timestamp(i64),
    Last(u64),
}

/// Where it ends, exclusively.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Until {
    End,
    Offset(i64),
    Offsets(BTreeMap<i32, i64>),
    Timestamp(i64),
}

/// `GET /topics/{topic}/partitions/{partition}/records`.
pub(crate) async fn partition(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    parameters: Parameters,
    InPath((name, id)): InPath<(String, String)>,
) -> Result<Response, Error> {
    let known: Vec<&str> = COMMON.iter().copied().chain(["offset", "until_offset"]).collect();
    parameters.only(&known)?;
    let from = match parameters.text("offset") {
        Some("beginning" | "earliest") => Some(From::Beginning),
        Some("end" | "latest") => Some(From::End),
        Some(text) => Some(From::Offset(natural("offset", text)?)),
        None => None,
    };
    let until = parameters.text("until_offset").map(|text| natural("until_offset", text).map(Until::Offset));
    let (from, until) = (from, until.transpose()?);
    let asked = Asked::of(&app, &headers, &parameters, from, until)?;
    let topic = find(&app, name).await?;
    let partition = partition_of(&topic, &id)?.id;
    answer(&app, topic.name, vec![partition], asked).await
}

/// `GET /topics/{topic}/records`: all partitions, or those of `partitions`, interleaved as Kafka gives them.
pub(crate) async fn topic(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    parameters: Parameters,
    InPath(name): InPath<String>,
) -> Result<Response, Error> {
    let known: Vec<&str> = COMMON.iter().copied().chain(["partitions", "offsets", "until_offsets"]).collect();
    parameters.only(&known)?;
    let offsets = |name| -> Result<Option<BTreeMap<i32, i64>>, Error> {
        let pairs = parameters.pairs(name)?.map(|pairs| pairs.into_iter().collect::<BTreeMap<i32, i64>>());
        match pairs.iter().flatten().find(|(_, offset)| **offset < 0) {
            Some((_, offset)) => Err(Error::Invalid { what: format!("{name}: {offset} is negative") }),
            None => Ok(pairs),
        }
    };
    let (from, until) = (offsets("offsets")?, offsets("until_offsets")?);
    let named: Vec<i32> = from.iter().chain(&until).flat_map(|pairs| pairs.keys().copied()).collect();
    let asked = Asked::of(&app, &headers, &parameters, from.map(From::Offsets), until.map(Until::Offsets))?;
    let wanted = parameters.numbers::<i32>("partitions")?;
    let topic = find(&app, name).await?;
    let all: Vec<i32> = topic.partitions.iter().map(|partition| partition.id).collect();
    if let Some(unknown) = wanted.iter().flatten().chain(&named).find(|id| !all.contains(id)) {
        return Err(Error::UnknownPartition { topic: topic.name, partition: i64::from(*unknown) });
    }
    let partitions = all.into_iter().filter(|id| wanted.as_ref().is_none_or(|wanted| wanted.contains(id))).collect();
    answer(&app, topic.name, partitions, asked).await
}

/// A read as the client asked for it.
#[derive(Debug)]
struct Asked {
    from: From,
    until: Until,
    isolation: Isolation,
    count: Option<u64>,
    max_bytes: Option<u64>,
    timeout: Option<Duration>,
    shape: Shape,
    values: Values,
    registry: Option<Arc<Registry>>,
}

impl Asked {
    fn of(
        app: &App,
        headers: &HeaderMap,
        parameters: &Parameters,
        from: Option<From>,
        until: Option<Until>,
    ) -> Result<Self, Error> {
        let timestamp = parameters.number("timestamp")?.map(From::Timestamp);
        let last = parameters.number("last")?.map(From::Last);
        let from = one_of("offset, offsets, timestamp, last", [from, timestamp, last])?.unwrap_or(From::Beginning);
        let timestamp = parameters.number("until_timestamp")?.map(Until::Timestamp);
        let until = match (until, timestamp) {
            (Some(_), Some(_)) => {
                return Err(Error::Invalid { what: "until_timestamp: an end was given already".to_owned() });
            }
            (until, timestamp) => until.or(timestamp).unwrap_or(Until::End),
        };
        Ok(Self {
            from,
            until,
            isolation: isolation(parameters)?,
            count: parameters.number("count")?,
            max_bytes: parameters.number("max_bytes")?,
            timeout: parameters.number("timeout")?.map(Duration::from_millis),
            shape: shape(headers)?,
            values: values(parameters)?,
            registry: registry(app, parameters)?,
        })
    }
}

async fn answer(app: &Arc<App>, topic: String, partitions: Vec<i32>, asked: Asked) -> Result<Response, Error> {
    let limits = &app.settings.limits;
    let place = place(&app.reads, limits).await?;
    let (name, from, until, isolation) = (topic.clone(), asked.from, asked.until, asked.isolation);
    let (mut assignments, bounds) =
        app.ask(move |app| resolve(&app.kafka, &name, &partitions, &from, &until, isolation)).await?;
    let mut head = HeaderMap::new();
    tell(&mut head, "x-start-offsets", assignments.iter().map(|a| (a.partition, a.next)));
    tell(&mut head, "x-end-offsets", assignments.iter().map(|a| (a.partition, a.end)));
    tell(&mut head, "x-log-start-offsets", bounds.iter().map(|(id, bounds)| (*id, bounds.start)));
    let is_array = asked.shape != Shape::Line;
    // The other servers' form waits for records where there are none yet.
    let waits = is_array && assignments.iter().all(|a| a.next >= a.end);
    if waits {
        for assignment in &mut assignments {
            assignment.end = i64::MAX;
        }
    }
    let timeout = asked.timeout.or(waits.then_some(ARRAY_TIMEOUT)).unwrap_or(limits.max_read).min(limits.max_read);
    let most = if is_array { ARRAY_BYTES } else { limits.max_bytes };
    let job = Job {
        assignments,
        isolation,
        limit: Limit {
            count: asked.count.unwrap_or(u64::MAX),
            bytes: asked.max_bytes.unwrap_or(most).min(limits.max_bytes),
            until: now().checked_add(timeout),
            patience: Some(limits.patience),
        },
        writing: Writing { shape: asked.shape, values: asked.values, registry: asked.registry },
        is_first_batch: waits,
    };
    let kind = match asked.shape {
        Shape::Line => NDJSON,
        Shape::RestJson => REST_JSON,
        Shape::RestBinary => REST_BINARY,
    };
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if asked.count == Some(0) {
        return Ok((head, if is_array { "[]" } else { "" }).into_response());
    }
    Ok((head, start(app, job, place)).into_response())
}

/// Looks up every offset, so that a range that is not there is told before the answer begins.
pub(super) fn resolve(
    kafka: &Kafka,
    topic: &str,
    partitions: &[i32],
    from: &From,
    until: &Until,
    isolation: Isolation,
) -> Result<(Vec<Assignment>, BTreeMap<i32, Bounds>), Error> {
    let bounds = kafka.bounds(topic, partitions, isolation)?;
    let at = |ms: i64| kafka.offsets_at(topic, partitions, ms);
    let starts = if let From::Timestamp(ms) = from { Some(at(*ms)?) } else { None };
    let ends = if let Until::Timestamp(ms) = until { Some(at(*ms)?) } else { None };
    let shared: Arc<str> = topic.into();
    let mut assignments = Vec::with_capacity(bounds.len());
    for (partition, bounds) in &bounds {
        let (partition, own) = (*partition, topic.to_owned());
        let in_bounds = |offset: i64| {
            if offset < bounds.start {
                return Err(Error::Truncated { topic: own.clone(), partition, offset, start: bounds.start });
            }
            if offset > bounds.end {
                return Err(Error::BeyondEnd { topic: own.clone(), partition, offset, end: bounds.end });
            }
            Ok(offset)
        };
        let next = match from {
            From::Beginning => bounds.start,
            From::End => bounds.end,
            From::Offset(offset) => in_bounds(*offset)?,
            From::Offsets(offsets) => offsets.get(&partition).map_or(Ok(bounds.start), |offset| in_bounds(*offset))?,
            // No record from then on: nothing is read.
            From::Timestamp(_) => {
                starts.as_ref().and_then(|starts| starts.get(&partition)).copied().unwrap_or(bounds.end)
            }
            From::Last(n) => bounds.start.max(bounds.end.saturating_sub_unsigned(*n)),
        };
        // An end behind the log's is no mistake: what is not there yet is not read.
        let end = match until {
            Until::End => bounds.end,
            Until::Offset(offset) => *offset,
            Until::Offsets(offsets) => offsets.get(&partition).copied().unwrap_or(bounds.end),
            Until::Timestamp(_) => ends.as_ref().and_then(|ends| ends.get(&partition)).copied().unwrap_or(bounds.end),
        };
        let next = next.clamp(bounds.start, bounds.end);
        assignments.push(Assignment {
            topic: Arc::clone(&shared),
            partition,
            next,
            end: end.min(bounds.end).max(next),
        });
    }
    Ok((assignments, bounds))
}

/// How values are written.
pub(super) fn values(parameters: &Parameters) -> Result<Values, Error> {
    let words = [("json", Values::Json), ("text", Values::Text), ("base64", Values::Base64)];
    Ok(parameters.word("values", &words)?.unwrap_or_default())
}

/// The registry, if there is one and the client wants its decoding.
pub(super) fn registry(app: &App, parameters: &Parameters) -> Result<Option<Arc<Registry>>, Error> {
    let is_wanted = parameters.word("decode", &[("true", true), ("false", false)])?.unwrap_or(true);
    Ok(app.registry.clone().filter(|_| is_wanted))
}

/// The first form that `Accept` takes and this route gives.
fn shape(headers: &HeaderMap) -> Result<Shape, Error> {
    let Some(accept) = headers.get(header::ACCEPT) else { return Ok(Shape::Line) };
    let accept = accept.to_str().unwrap_or_default();
    let kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    for kind in kinds {
        match kind.as_str() {
            NDJSON | "application/ndjson" | "application/jsonl" | "*/*" | "application/*" | "" => {
                return Ok(Shape::Line);
            }
            REST_JSON => return Ok(Shape::RestJson),
            REST_BINARY => return Ok(Shape::RestBinary),
            _ => {}
        }
    }
    Err(Error::NotAcceptable {
        offered: "application/x-ndjson, application/vnd.kafka.json.v2+json, application/vnd.kafka.binary.v2+json",
    })
}

fn one_of(names: &str, given: [Option<From>; 3]) -> Result<Option<From>, Error> {
    let mut given = given.into_iter().flatten();
    let first = given.next();
    if given.next().is_some() {
        return Err(Error::Invalid { what: format!("{names}: only one of them can say where reading begins") });
    }
    Ok(first)
}

fn natural(name: &str, text: &str) -> Result<i64, Error> {
    let offset: i64 = number(name, text)?;
    if offset < 0 {
        return Err(Error::Invalid {
            what: format!("{name}: {offset} is negative; offsets begin at 0, and `last` counts from the end"),
        });
    }
    Ok(offset)
}

/// `0:15,1:20`.
pub(super) fn tell(head: &mut HeaderMap, name: &'static str, pairs: impl ExactSizeIterator<Item = (i32, i64)>) {
    if pairs.len() > TOLD {
        return;
    }
    let mut text = String::new();
    for (n, (partition, offset)) in pairs.enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}{partition}:{offset}", if n == 0 { "" } else { "," });
    }
    if let Ok(value) = HeaderValue::from_str(&text) {
        head.insert(name, value);
    }
}
