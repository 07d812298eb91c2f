//! Consumer instances as in the REST Proxy's v2 API, as far as they read.
//!
//! An instance joins no group and commits nothing: a subscription is all partitions of its topics, and positions live here. So it takes
//! nothing away from the group whose name it bears; where that group committed offsets, reading begins there.

use super::topics::find;
use crate::app::App;
use crate::body::streamed;
use crate::clock::now;
use crate::encode::{Shape, Writing};
use crate::error::Error;
use crate::instances::{Instance, Kind, Reset, State};
use crate::kafka::{Assignment, Isolation, Limit};
use crate::query::{InBody, InPath, Parameters};
use crate::stream::{Job, place, run};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;

/// What one request for records gives if it does not say.
const BYTES: u64 = 64 << 20;

/// The body of a creation. Settings that only writing or groups need are taken and have no effect.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Creation {
    name: Option<String>,
    format: Option<String>,
    #[serde(rename = "auto.offset.reset")]
    reset: Option<String>,
    #[serde(rename = "isolation.level")]
    isolation: Option<String>,
    #[serde(rename = "consumer.request.timeout.ms")]
    timeout_ms: Option<Value>,
}

/// `{"topic","partition"}`, and an `offset` where one is asked for.
#[derive(Debug, Clone, Deserialize)]
struct Place {
    topic: String,
    partition: i32,
    offset: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Places {
    #[serde(alias = "offsets")]
    partitions: Vec<Place>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Subscription {
    topics: Option<Vec<String>>,
    topic_pattern: Option<String>,
}

type InstancePath = InPath<(String, String)>;

/// `POST /consumers/{group}`.
pub(crate) async fn create(
    Shared(app): Shared<Arc<App>>,
    headers: HeaderMap,
    InPath(group): InPath<String>,
    InBody(creation): InBody<Creation>,
) -> Result<Json<Value>, Error> {
    static COUNTER: AtomicU64 = AtomicU64::new(1);
    let kind = creation.kind()?;
    let name = match creation.name {
        Some(name) => name,
        None => format!("replayground-{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed)),
    };
    for name in [&group, &name] {
        check_name(name)?;
    }
    app.instances.create(&group, &name, kind)?;
    app.metrics.instances.store(app.instances.count() as i64, Ordering::Relaxed);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.map_or_else(|| app.settings.listen.to_string(), str::to_owned);
    let uri = format!("http://{host}/consumers/{group}/instances/{name}");
    Ok(Json(json!({ "instance_id": name, "base_uri": uri })))
}

/// `DELETE …/instances/{instance}`.
pub(crate) async fn remove(
    Shared(app): Shared<Arc<App>>,
    InPath((group, name)): InstancePath,
) -> Result<StatusCode, Error> {
    let removed = app.instances.remove(&group, &name)?;
    app.metrics.instances.store(app.instances.count() as i64, Ordering::Relaxed);
    // Closing its client blocks.
    app.ask(move |_| {
        drop(removed);
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/subscription`.
pub(crate) async fn subscribe(
    Shared(app): Shared<Arc<App>>,
    InPath((group, name)): InstancePath,
    InBody(subscription): InBody<Subscription>,
) -> Result<StatusCode, Error> {
    if subscription.topic_pattern.is_some() {
        return Err(Error::InvalidBody { what: "topic_pattern is not offered; name the topics".to_owned() });
    }
    let topics = subscription.topics.unwrap_or_default();
    if topics.is_empty() {
        return Err(Error::InvalidBody { what: "topics: name at least one".to_owned() });
    }
    let (_, mut state) = open(&app, &group, &name).await?;
    if !state.is_subscribed && !state.positions.is_empty() {
        return Err(Error::SubscriptionAndAssignment);
    }
    let mut positions = BTreeMap::new();
    for topic in topics {
        let topic = find(&app, topic).await?;
        positions.extend(topic.partitions.iter().map(|partition| ((topic.name.clone(), partition.id), None)));
    }
    // Topics that stay keep their positions.
    for (key, position) in &mut positions {
        *position = state.positions.get(key).copied().flatten();
    }
    (state.positions, state.is_subscribed) = (positions, true);
    Ok(StatusCode::NO_CONTENT)
}

/// `GET …/subscription`.
pub(crate) async fn subscription(
    Shared(app): Shared<Arc<App>>,
    InPath((group, name)): InstancePath,
) -> Result<Json<Value>, Error> {
    let (_, state) = open(&app, &group, &name).await?;
    let topics: BTreeSet<&String> =
        state.positions.keys().filter(|_| state.is_subscribed).map(|(topic, _)| topic).collect();
    Ok(Json(json!({ "topics": topics })))
}

/// `DELETE …/subscription`.
pub(crate) async fn unsubscribe(
    Shared(app): Shared<Arc<App>>,
    InPath((group, name)): InstancePath,
) -> Result<StatusCode, Error> {
    let (_, mut state) = open(&app, &group, &name).await?;
    if state.is_subscribed {
        state.positions.clear();
        state.is_subscribed = false;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/assignments`: replaces what was assigned.
pub(crate) async fn assign(
    Shared(app): Shared<Arc<App>>,
    InPath((group, name)): InstancePath,
    InBody(Places { partitions }): InBody<Places>,
) -> Result<StatusCode, Error> {
    let (_, mut state) = open(&app, &group, &name).await?;
    if state.is_subscribed {
        return Err(Error::SubscriptionAndAssignment);
    }
    let mut known = BTreeMap::new();
    let mut positions = BTreeMap::new();
    for Place { topic, partition, .. } in partitions {
        if !known.contains_key(&topic) {
            let found = find(&app, topic.clone()).await?;
            known.insert(topic.clone(), found.partitions);
        }
        if !known[&topic].iter().any(|known| known.id == partition) {
            return Err(Error::UnknownPartition { topic, partition: i64::from(partition) });
        }
        let position = state.positions.get(&(topic.clone(), partition)).copied().flatten();
        positions.insert((topic, partition), position);
    }
    state.positions = positions;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET …/assignments`.
pub(crate) async fn assignments(
    Shared(app): Shared<Arc<App>>,
    InPath((group, name)): InstancePath,
) -> Result<Json<Value>, Error> {
    let (_, state) = open(&app, &group, &name).await?;
    let entry = |(topic, partition): &(String, i32)| json!({ "topic": topic, "partition": partition });
    Ok(Json(json!({ "partitions": state.positions.keys().map(entry).collect::<Vec<_>>() })))
}

/// `POST …/positions`.
pub(crate) async fn seek(
    Shared(app): Shared<Arc<App>>,
    InPath((group, name)): InstancePath,
    InBody(Places { partitions }): InBody<Places>,
) -> Result<StatusCode, Error> {
    let (_, mut state) = open(&app, &group, &name).await?;
    // All are looked at before the first is set.
    for place in &partitions {
        let offset = place.offset.ok_or_else(|| Error::InvalidBody { what: "offset: missing".to_owned() })?;
        if offset < 0 {
            return Err(Error::InvalidBody { what: format!("offset: {offset} is negative") });
        }
        assigned(&mut state, place)?;
    }
    for place in &partitions {
        *assigned(&mut state, place)? = place.offset;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/positions/beginning`.
pub(crate) async fn seek_beginning(
    Shared(app): Shared<Arc<App>>,
    InPath((group, name)): InstancePath,
    InBody(places): InBody<Places>,
) -> Result<StatusCode, Error> {
    seek_to(&app, &group, &name, places, Reset::Earliest).await
}

/// `POST …/positions/end`.
pub(crate) async fn seek_end(
    Shared(app): Shared<Arc<App>>,
    InPath((group, name)): InstancePath,
    InBody(places): InBody<Places>,
) -> Result<StatusCode, Error> {
    seek_to(&app, &group, &name, places, Reset::Latest).await
}

/// `GET …/offsets`, with the partitions in its body: what the group committed, by whichever means.
pub(crate) async fn offsets(
    Shared(app): Shared<Arc<App>>,
    InPath((group, name)): InstancePath,
    InBody(Places { partitions }): InBody<Places>,
) -> Result<Json<Value>, Error> {
    app.instances.get(&group, &name)?;
    for place in &partitions {
        app.check_topic(&place.topic)?;
    }
    let offsets = app
        .ask(move |app| {
            let mut offsets = Vec::new();
            for (topic, ids) in by_topic(partitions.iter().map(|place| (&place.topic, place.partition))) {
                let committed = app.kafka.committed(&group, &topic, &ids)?;
                offsets.extend(committed.into_iter().map(|(partition, offset)| {
                    json!({ "topic": topic, "partition": partition, "offset": offset, "metadata": "" })
                }));
            }
            Ok(offsets)
        })
        .await?;
    Ok(Json(json!({ "offsets": offsets })))
}

/// `POST …/offsets`.
pub(crate) async fn commit() -> Error {
    Error::ReadOnly { what: "committing offsets" }
}

/// `GET …/records`.
pub(crate) async fn records(
    Shared(app): Shared<Arc<App>>,
    headers: HeaderMap,
    parameters: Parameters,
    InPath((group, name)): InstancePath,
) -> Result<Response, Error> {
    let (instance, state) = open(&app, &group, &name).await?;
    let kind = instance.kind;
    let content_type = format!("application/vnd.kafka.{}.v2+json", kind.format);
    check_accept(&headers, kind, &content_type)?;
    let limits = &app.settings.limits;
    let timeout = parameters.number("timeout")?.map_or(kind.timeout, Duration::from_millis).min(limits.max_read);
    let max_bytes = parameters.number("max_bytes")?.unwrap_or(BYTES).min(limits.max_bytes);
    let place = place(&app.reads, limits).await?;
    let (mut state, assignments) = app.ask(move |app| resolve(app, &group, kind, state)).await?;
    let mut job = Job {
        assignments,
        isolation: kind.isolation,
        limit: Limit {
            count: u64::MAX,
            bytes: max_bytes,
            until: now().checked_add(timeout),
            // A broker that is away is a poll without records, as Kafka's own consumer has it.
            patience: None,
        },
        writing: Writing {
            shape: kind.shape,
            // The binary form is for clients that decode themselves.
            registry: app.registry.clone().filter(|_| kind.shape == Shape::RestJson),
            ..Writing::default()
        },
        is_first_batch: true,
    };
    let (writer, body) = streamed(limits.patience);
    let shared = Arc::clone(&app);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        if state.client.is_none() {
            state.client = shared.kafka.reader(kind.isolation).ok();
        }
        run(&shared, state.client.as_ref().ok_or(&Error::Internal), &mut job, writer);
        for assignment in job.assignments {
            let key = (assignment.topic.to_string(), assignment.partition);
            if let Some(position) = state.positions.get_mut(&key) {
                *position = Some(assignment.next);
            }
        }
        instance.touch();
    });
    let content_type = HeaderValue::from_str(&content_type).map_err(|_| Error::Internal)?;
    Ok(([(header::CONTENT_TYPE, content_type)], body).into_response())
}

impl Creation {
    fn kind(&self) -> Result<Kind, Error> {
        let invalid = |what: &str| Error::InvalidConsumer { what: what.to_owned() };
        let (format, shape) = match self.format.as_deref() {
            None | Some("binary") => ("binary", Shape::RestBinary),
            Some("json") => ("json", Shape::RestJson),
            Some(_) => return Err(invalid("format: must be binary or json")),
        };
        let reset = match self.reset.as_deref() {
            Some("earliest" | "smallest") => Reset::Earliest,
            None | Some("latest" | "largest") => Reset::Latest,
            Some("none") => Reset::None,
            Some(_) => return Err(invalid("auto.offset.reset: must be earliest, latest or none")),
        };
        let isolation = match self.isolation.as_deref() {
            None | Some("read_uncommitted") => Isolation::ReadUncommitted,
            Some("read_committed") => Isolation::ReadCommitted,
            Some(_) => return Err(invalid("isolation.level: must be read_uncommitted or read_committed")),
        };
        let timeout_ms = match &self.timeout_ms {
            None | Some(Value::Null) => 1000,
            // Clients give numbers in either form.
            Some(Value::String(text)) => {
                text.parse().map_err(|_| invalid("consumer.request.timeout.ms: must be a number"))?
            }
            Some(value) => value.as_u64().ok_or_else(|| invalid("consumer.request.timeout.ms: must be a number"))?,
        };
        Ok(Kind { format, shape, reset, isolation, timeout: Duration::from_millis(timeout_ms) })
    }
}

/// How long a request waits for the one before it. A client has the last byte of a read a moment before the reading thread gives the
/// state back, and its next request must not be refused for that.
const HANDOVER: Duration = Duration::from_millis(500);

/// The instance, and its state unless another request keeps it for longer than [`HANDOVER`].
async fn open(app: &App, group: &str, name: &str) -> Result<(Arc<Instance>, OwnedMutexGuard<State>), Error> {
    let instance = app.instances.get(group, name)?;
    let state = tokio::time::timeout(HANDOVER, Arc::clone(&instance.state).lock_owned()).await;
    let state = state.map_err(|_| Error::InstanceBusy { instance: name.to_owned() })?;
    Ok((instance, state))
}

fn assigned<'a>(state: &'a mut State, place: &Place) -> Result<&'a mut Option<i64>, Error> {
    let what = || format!("partition {} of {} is not assigned to this instance", place.partition, place.topic);
    state.positions.get_mut(&(place.topic.clone(), place.partition)).ok_or_else(|| Error::InvalidBody { what: what() })
}

async fn seek_to(app: &Arc<App>, group: &str, name: &str, places: Places, to: Reset) -> Result<StatusCode, Error> {
    let (instance, mut state) = open(app, group, name).await?;
    for place in &places.partitions {
        assigned(&mut state, place)?;
    }
    let isolation = instance.kind.isolation;
    app.ask(move |app| {
        for (topic, ids) in by_topic(places.partitions.iter().map(|place| (&place.topic, place.partition))) {
            for (partition, bounds) in app.kafka.bounds(&topic, &ids, isolation)? {
                let position = if to == Reset::Earliest { bounds.start } else { bounds.end };
                state.positions.insert((topic.clone(), partition), Some(position));
            }
        }
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives every partition a position that is in the log: its own, else the committed one, else where `auto.offset.reset` says.
fn resolve(
    app: &App,
    group: &str,
    kind: Kind,
    mut state: OwnedMutexGuard<State>,
) -> Result<(OwnedMutexGuard<State>, Vec<Assignment>), Error> {
    let mut assignments = Vec::new();
    for (topic, ids) in by_topic(state.positions.keys().map(|(topic, partition)| (topic, *partition))) {
        let bounds = app.kafka.bounds(&topic, &ids, kind.isolation)?;
        let fresh: Vec<i32> =
            ids.iter().copied().filter(|id| state.positions[&(topic.clone(), *id)].is_none()).collect();
        let committed = if fresh.is_empty() { BTreeMap::new() } else { app.kafka.committed(group, &topic, &fresh)? };
        let shared: Arc<str> = topic.as_str().into();
        for (partition, bounds) in bounds {
            let position = state.positions.entry((topic.clone(), partition)).or_default();
            let wanted = position.or(committed.get(&partition).copied());
            let next = match (wanted, kind.reset) {
                (Some(offset), _) if (bounds.start..=bounds.end).contains(&offset) => offset,
                (_, Reset::Earliest) => bounds.start,
                (_, Reset::Latest) => bounds.end,
                (Some(offset), Reset::None) if offset > bounds.end => {
                    return Err(Error::BeyondEnd { topic, partition, offset, end: bounds.end });
                }
                (wanted, Reset::None) => {
                    return Err(Error::Truncated {
                        topic,
                        partition,
                        offset: wanted.unwrap_or(-1),
                        start: bounds.start,
                    });
                }
            };
            *position = Some(next);
            assignments.push(Assignment { topic: Arc::clone(&shared), partition, next, end: i64::MAX });
        }
    }
    Ok((state, assignments))
}

fn by_topic<'a>(places: impl Iterator<Item = (&'a String, i32)>) -> BTreeMap<String, Vec<i32>> {
    let mut topics: BTreeMap<String, Vec<i32>> = BTreeMap::new();
    for (topic, partition) in places {
        topics.entry(topic.clone()).or_default().push(partition);
    }
    topics
}

fn check_accept(headers: &HeaderMap, kind: Kind, content_type: &str) -> Result<(), Error> {
    let Some(accept) = headers.get(header::ACCEPT) else { return Ok(()) };
    let accept = accept.to_str().unwrap_or_default();
    let own = [content_type, "application/vnd.kafka.v2+json", "application/json", "application/*", "*/*"];
    let is_own = |part: &str| own.contains(&part.split(';').next().unwrap_or_default().trim());
    if accept.split(',').any(is_own) { Ok(()) } else { Err(Error::WrongFormat { format: kind.format }) }
}

/// Names stand in paths and logs.
fn check_name(name: &str) -> Result<(), Error> {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if (1..=200).contains(&name.len()) && name.chars().all(is_fine) {
        return Ok(());
    }
    Err(Error::InvalidConsumer { what: "names are up to 200 letters, digits, `.`, `_` and `-`".to_owned() })
}
