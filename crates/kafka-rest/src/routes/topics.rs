//! Topics, partitions and offsets: the REST Proxy's v2 answers, and two of this proxy's own for whole topics.

use crate::app::App;
use crate::error::Error;
use crate::kafka::{Isolation, Partition, Topic};
use crate::query::{InPath, Parameters, number};
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use std::sync::Arc;

/// `{"brokers":[1,2,3]}`.
pub(crate) async fn brokers(State(app): State<Arc<App>>) -> Result<Json<Value>, Error> {
    let brokers = app.ask(|app| app.kafka.brokers()).await?;
    Ok(Json(json!({ "brokers": brokers })))
}

/// The names of the topics that may be read.
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Json<Value>, Error> {
    let topics = app.ask(|app| app.kafka.topics()).await?;
    let names: Vec<String> =
        topics.into_iter().map(|topic| topic.name).filter(|name| app.allowed.is_allowed(name)).collect();
    Ok(Json(json!(names)))
}

/// A topic with its partitions. Its configuration is not read, which would need more rights.
pub(crate) async fn topic(State(app): State<Arc<App>>, InPath(name): InPath<String>) -> Result<Json<Value>, Error> {
    let topic = find(&app, name).await?;
    let partitions: Vec<Value> = topic.partitions.iter().map(describe).collect();
    Ok(Json(json!({ "name": topic.name, "configs": {}, "partitions": partitions })))
}

/// The partitions of a topic.
pub(crate) async fn partitions(
    State(app): State<Arc<App>>,
    InPath(name): InPath<String>,
) -> Result<Json<Value>, Error> {
    let topic = find(&app, name).await?;
    Ok(Json(topic.partitions.iter().map(describe).collect()))
}

/// One of them.
pub(crate) async fn partition(
    State(app): State<Arc<App>>,
    InPath((name, id)): InPath<(String, String)>,
) -> Result<Json<Value>, Error> {
    let topic = find(&app, name).await?;
    Ok(Json(describe(partition_of(&topic, &id)?)))
}

/// `{"beginning_offset","end_offset"}` of a partition.
pub(crate) async fn offsets(
    State(app): State<Arc<App>>,
    parameters: Parameters,
    InPath((name, id)): InPath<(String, String)>,
) -> Result<Json<Value>, Error> {
    let isolation = isolation(&parameters)?;
    let topic = find(&app, name).await?;
    let partition = partition_of(&topic, &id)?.id;
    let name = topic.name.clone();
    let bounds = app.ask(move |app| app.kafka.bounds(&name, &[partition], isolation)).await?;
    let unknown = || Error::UnknownPartition { topic: topic.name.clone(), partition: i64::from(partition) };
    let bounds = bounds.get(&partition).ok_or_else(unknown)?;
    Ok(Json(json!({ "beginning_offset": bounds.start, "end_offset": bounds.end })))
}

/// The offsets of all partitions at once; with `timestamp`, also the first offset from that time on.
pub(crate) async fn all_offsets(
    State(app): State<Arc<App>>,
    parameters: Parameters,
    InPath(name): InPath<String>,
) -> Result<Json<Value>, Error> {
    parameters.only(&["isolation", "timestamp"])?;
    let (isolation, timestamp_ms) = (isolation(&parameters)?, parameters.number::<i64>("timestamp")?);
    let topic = find(&app, name).await?;
    let partitions = app
        .ask(move |app| {
            let ids: Vec<i32> = topic.partitions.iter().map(|partition| partition.id).collect();
            let bounds = app.kafka.bounds(&topic.name, &ids, isolation)?;
            let at = timestamp_ms.map(|ms| app.kafka.offsets_at(&topic.name, &ids, ms)).transpose()?;
            let entry = |(id, bounds): (&i32, &crate::kafka::Bounds)| {
                let mut entry = json!({ "partition": id, "beginning_offset": bounds.start, "end_offset": bounds.end });
                if let Some(at) = &at {
                    // Without a record from then on, the end is where such a one would come.
                    entry["timestamp_offset"] = json!(at.get(id).copied().unwrap_or(bounds.end));
                }
                entry
            };
            Ok(bounds.iter().map(entry).collect::<Vec<Value>>())
        })
        .await?;
    Ok(Json(json!({ "partitions": partitions })))
}

/// The lag of the groups that committed offsets of this topic; `group` asks for one only.
pub(crate) async fn lag(
    State(app): State<Arc<App>>,
    parameters: Parameters,
    InPath(name): InPath<String>,
) -> Result<Json<Value>, Error> {
    parameters.only(&["group"])?;
    let group = parameters.text("group").map(str::to_owned);
    let topic = find(&app, name).await?;
    let groups = app
        .ask(move |app| {
            let ids: Vec<i32> = topic.partitions.iter().map(|partition| partition.id).collect();
            let bounds = app.kafka.bounds(&topic.name, &ids, Isolation::ReadUncommitted)?;
            let names = match group {
                Some(group) => vec![group],
                None => app.kafka.groups()?,
            };
            let mut groups = Vec::new();
            // Each takes a connection of its own: a cluster with thousands of groups must be asked by name.
            for name in names.into_iter().take(50) {
                let committed = app.kafka.committed(&name, &topic.name, &ids)?;
                if committed.is_empty() {
                    continue;
                }
                let entry = |(id, offset): (&i32, &i64)| {
                    let end = bounds.get(id).map_or(*offset, |bounds| bounds.end);
                    json!({ "partition": id, "committed_offset": offset, "lag": (end - offset).max(0) })
                };
                groups.push(json!({ "group": name, "partitions": committed.iter().map(entry).collect::<Vec<_>>() }));
            }
            Ok(groups)
        })
        .await?;
    Ok(Json(json!({ "groups": groups })))
}

/// The topic if it may be read and exists.
pub(crate) async fn find(app: &Arc<App>, name: String) -> Result<Topic, Error> {
    app.check_topic(&name)?;
    app.ask(move |app| app.kafka.topic(&name)).await
}

/// The partition that the path names.
pub(crate) fn partition_of<'a>(topic: &'a Topic, id: &str) -> Result<&'a Partition, Error> {
    let id: i64 = number("partition", id)?;
    let found = topic.partitions.iter().find(|partition| i64::from(partition.id) == id);
    found.ok_or_else(|| Error::UnknownPartition { topic: topic.name.clone(), partition: id })
}

/// `isolation=read_committed`; else everything is read.
pub(crate) fn isolation(parameters: &Parameters) -> Result<Isolation, Error> {
    let words = [("read_uncommitted", Isolation::ReadUncommitted), ("read_committed", Isolation::ReadCommitted)];
    Ok(parameters.word("isolation", &words)?.unwrap_or_default())
}

fn describe(partition: &Partition) -> Value {
    let replica = |id: &i32| json!({ "broker": id, "leader": *id == partition.leader, "in_sync": partition.in_sync.contains(id) });
    json!({
        "partition": partition.id,
        "leader": partition.leader,
        "replicas": partition.replicas.iter().map(replica).collect::<Vec<_>>(),
    })
}
