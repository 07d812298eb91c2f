//! Consumer instances of the v2 API against a real broker.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::{Offset, TopicPartitionList};
use serde_json::json;
use std::time::Duration;
use support::{Answer, NOBODY, Proxy, broker, proxy};

async fn post(proxy: &Proxy, path: &str, body: &serde_json::Value) -> Answer {
    proxy.ask("POST", path, "content-type: application/vnd.kafka.v2+json", &body.to_string()).await
}

fn offsets(answer: &Answer) -> Vec<i64> {
    answer.json().as_array().unwrap().iter().map(|record| record["offset"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_is_created_assigned_moved_read_and_deleted() {
    let Some(broker) = broker() else { return };
    broker.create_topic("v2", 2, &[]).unwrap();
    broker.produce("v2", 0, [(Some("a"), Some("{\"n\":1}")), (Some("b"), Some("2")), (None, None)]).unwrap();
    broker.produce("v2", 1, [(Some("c"), Some("\"x\""))]).unwrap();
    let proxy = proxy(broker, |_| {});
    let created = proxy
        .ask(
            "POST",
            "/consumers/g1",
            "host: localhost:8082",
            r#"{"name":"one","format":"json","auto.offset.reset":"earliest","auto.commit.enable":"false"}"#,
        )
        .await;
    let uri = "http://localhost:8082/consumers/g1/instances/one";
    assert_eq!(created.json(), json!({ "instance_id": "one", "base_uri": uri }));
    let path = |rest: &str| format!("/consumers/g1/instances/one{rest}");
    post(&proxy, "/consumers/g1", &json!({ "name": "one" })).await.check_error("409 40902", "one exists");

    let both = json!({ "partitions": [{ "topic": "v2", "partition": 0 }, { "topic": "v2", "partition": 1 }] });
    assert_eq!(post(&proxy, &path("/assignments"), &both).await.status, 204);
    assert_eq!(proxy.get(&path("/assignments")).await.json(), both);
    let accept = "accept: application/vnd.kafka.json.v2+json";
    let mut records = Vec::new();
    for _ in 0..5 {
        let answer = proxy.ask("GET", &path("/records?timeout=30000"), accept, "").await;
        assert_eq!(answer.header("content-type"), "application/vnd.kafka.json.v2+json");
        records.extend(answer.json().as_array().unwrap().clone());
        if records.len() == 4 {
            break;
        }
    }
    records.sort_by_key(|record| (record["partition"].as_i64(), record["offset"].as_i64()));
    assert_eq!(
        records,
        [
            json!({ "topic": "v2", "key": "a", "value": { "n": 1 }, "partition": 0, "offset": 0 }),
            json!({ "topic": "v2", "key": "b", "value": 2, "partition": 0, "offset": 1 }),
            json!({ "topic": "v2", "key": null, "value": null, "partition": 0, "offset": 2 }),
            json!({ "topic": "v2", "key": "c", "value": "x", "partition": 1, "offset": 0 }),
        ]
    );
    assert_eq!(proxy.get(&path("/records?timeout=100")).await.json(), json!([]));

    let seek = json!({ "offsets": [{ "topic": "v2", "partition": 0, "offset": 1 }] });
    assert_eq!(post(&proxy, &path("/positions"), &seek).await.status, 204);
    assert_eq!(offsets(&proxy.get(&path("/records?timeout=30000")).await), [1, 2]);
    let first = json!({ "partitions": [{ "topic": "v2", "partition": 0 }] });
    assert_eq!(post(&proxy, &path("/positions/beginning"), &first).await.status, 204);
    // One record at least, however few bytes are allowed; the next request goes on behind it.
    assert_eq!(offsets(&proxy.get(&path("/records?timeout=30000&max_bytes=1")).await), [0]);
    assert_eq!(offsets(&proxy.get(&path("/records?timeout=30000&max_bytes=1")).await), [1]);
    assert_eq!(post(&proxy, &path("/positions/end"), &first).await.status, 204);
    assert_eq!(proxy.get(&path("/records?timeout=100")).await.json(), json!([]));

    assert_eq!(proxy.ask("DELETE", &path(""), "", "").await.status, 204);
    proxy.get(&path("/records")).await.check_error("404 40403", "does not exist");
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_begins_at_what_the_group_committed_and_commits_nothing() {
    let Some(broker) = broker() else { return };
    broker.create_topic("committed", 1, &[]).unwrap();
    broker.produce("committed", 0, ["0", "1", "2", "3"].map(|value| (None, Some(value)))).unwrap();
    let group: BaseConsumer = broker.client().set("group.id", "billing").create().unwrap();
    let mut list = TopicPartitionList::new();
    list.add_partition_offset("committed", 0, Offset::Offset(2)).unwrap();
    group.commit(&list, CommitMode::Sync).unwrap();

    let proxy = proxy(broker, |_| {});
    post(&proxy, "/consumers/billing", &json!({ "name": "i", "format": "binary", "auto.offset.reset": "earliest" }))
        .await;
    let path = |rest: &str| format!("/consumers/billing/instances/i{rest}");
    assert_eq!(post(&proxy, &path("/subscription"), &json!({ "topics": ["committed"] })).await.status, 204);
    assert_eq!(proxy.get(&path("/subscription")).await.json(), json!({ "topics": ["committed"] }));
    assert_eq!(offsets(&proxy.get(&path("/records?timeout=30000")).await), [2, 3]);
    post(&proxy, &path("/offsets"), &json!({})).await.check_error("403 40303", "committing offsets");
    let asked = json!({ "partitions": [{ "topic": "committed", "partition": 0 }] }).to_string();
    let told = proxy.ask("GET", &path("/offsets"), "", &asked).await.json();
    assert_eq!(told["offsets"][0]["offset"], 2);
    assert_eq!(
        group.committed_offsets(list, Duration::from_secs(30)).unwrap().elements()[0].offset(),
        Offset::Offset(2)
    );
    let lag = proxy.get("/topics/committed/lag?group=billing").await.json();
    assert_eq!(lag["groups"][0]["partitions"][0], json!({ "partition": 0, "committed_offset": 2, "lag": 2 }));
    let both = json!({ "partitions": [{ "topic": "committed", "partition": 0 }] });
    post(&proxy, &path("/assignments"), &both).await.check_error("409 40903", "either subscribed or assigned");
    assert_eq!(proxy.ask("DELETE", &path("/subscription"), "", "").await.status, 204);
    assert_eq!(post(&proxy, &path("/assignments"), &both).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_to_instances_have_their_status_and_words() {
    let Some(broker) = broker() else { return };
    broker.create_topic("v2bad", 1, &[]).unwrap();
    let proxy = proxy(broker, |_| {});
    let create = async |body: &str| proxy.ask("POST", "/consumers/g2", "", body).await;
    create("{").await.check_error("422 42201", "EOF");
    create("7").await.check_error("422 42201", "");
    create(r#"{"format":"xml"}"#).await.check_error("422 42204", "binary or json");
    create(r#"{"auto.offset.reset":"middle"}"#).await.check_error("422 42204", "earliest");
    create(r#"{"name":"a/b"}"#).await.check_error("422 42204", "names are");
    create(&format!(r#"{{"name":"{}"}}"#, "x".repeat(300_000))).await.check_error("413 413", "larger");
    let name = create("{}").await.json()["instance_id"].as_str().unwrap().to_owned();
    let path = |rest: &str| format!("/consumers/g2/instances/{name}{rest}");
    let partition = |topic: &str, id: i64| json!({ "partitions": [{ "topic": topic, "partition": id }] });
    post(&proxy, &path("/assignments"), &partition("nope", 0)).await.check_error("404 40401", "nope");
    post(&proxy, &path("/assignments"), &partition("v2bad", 5)).await.check_error("404 40402", "no partition 5");
    post(&proxy, &path("/assignments"), &partition("__consumer_offsets", 0)).await.check_error("403 40302", "");
    let seek = json!({ "offsets": [{ "topic": "v2bad", "partition": 0, "offset": 0 }] });
    post(&proxy, &path("/positions"), &seek).await.check_error("422 42201", "not assigned");
    post(&proxy, &path("/assignments"), &partition("v2bad", 0)).await;
    let negative = json!({ "offsets": [{ "topic": "v2bad", "partition": 0, "offset": -5 }] });
    post(&proxy, &path("/positions"), &negative).await.check_error("422 42201", "negative");
    post(&proxy, &path("/subscription"), &json!({ "topic_pattern": ".*" }))
        .await
        .check_error("422 42201", "topic_pattern");
    let accept = "accept: application/vnd.kafka.json.v2+json";
    proxy.ask("GET", &path("/records"), accept, "").await.check_error("406 40602", "format binary");
    proxy.get(&path("/records?timeout=soon")).await.check_error("400 40001", "timeout");
    proxy.get("/consumers/g2/instances/none/records").await.check_error("404 40403", "none");
}

#[tokio::test]
async fn the_number_of_instances_is_bounded() {
    let proxy = Proxy::new(NOBODY, |settings| settings.limits.max_instances = 2);
    let create = async || post(&proxy, "/consumers/g", &json!({})).await;
    assert_eq!((create().await.status.as_u16(), create().await.status.as_u16()), (200, 200));
    create().await.check_error("503 50302", "(2)");
}

#[tokio::test]
async fn idle_instances_expire_and_leave_their_place_to_others() {
    let proxy = Proxy::new(NOBODY, |settings| {
        settings.limits.max_instances = 1;
        settings.limits.instance_idle = Duration::from_millis(100);
    });
    let create = async || post(&proxy, "/consumers/g", &json!({})).await.status.as_u16();
    assert_eq!(create().await, 200);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(create().await, 200);
}
