//! Reading a range from a real broker: what is given, and what is refused.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::time::Duration;
use support::{broker, proxy};

fn offsets(lines: &[serde_json::Value]) -> Vec<i64> {
    lines.iter().map(|line| line["offset"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_partitions_and_offsets_are_told() {
    let Some(broker) = broker() else { return };
    broker.create_topic("told", 2, &[]).unwrap();
    broker.produce("told", 1, [(Some("k"), Some("1")), (Some("k"), Some("2"))]).unwrap();
    let proxy = proxy(broker, |_| {});
    assert!(proxy.get("/topics").await.json().as_array().unwrap().contains(&"told".into()));
    let topic = proxy.get("/topics/told").await.json();
    assert_eq!((topic["name"].as_str(), topic["partitions"].as_array().unwrap().len()), (Some("told"), 2));
    assert_eq!(topic["partitions"][1]["replicas"][0]["in_sync"], true);
    assert_eq!(proxy.get("/topics/told/partitions").await.json(), topic["partitions"]);
    assert_eq!(proxy.get("/topics/told/partitions/1").await.json()["partition"], 1);
    let offsets = proxy.get("/topics/told/partitions/1/offsets").await.json();
    assert_eq!(offsets, serde_json::json!({ "beginning_offset": 0, "end_offset": 2 }));
    let all = proxy.get("/topics/told/offsets?timestamp=4000000000000").await.json();
    assert_eq!(all["partitions"][0]["end_offset"], 0);
    assert_eq!(all["partitions"][1]["timestamp_offset"], 2);
    assert_eq!(proxy.get("/brokers").await.json(), serde_json::json!({ "brokers": [1] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_values_headers_and_timestamps_come_as_they_are() {
    let Some(broker) = broker() else { return };
    broker.create_topic("shapes", 1, &[]).unwrap();
    let producer: BaseProducer = broker.client().create().unwrap();
    let headers = OwnedHeaders::new()
        .insert(Header { key: "trace", value: Some("é") })
        .insert(Header { key: "raw", value: Some(&b"\xff\x00"[..]) })
        .insert(Header::<&[u8]> { key: "none", value: None });
    let record = BaseRecord::to("shapes").partition(0).key("k").payload("{\"n\": 1.10}").timestamp(1_700_000_000_123);
    producer.send(record.headers(headers)).unwrap();
    producer.send(BaseRecord::<[u8], [u8]>::to("shapes").partition(0).key(b"\xfe").payload(b"\xff\xfe")).unwrap();
    producer.send(BaseRecord::<str, str>::to("shapes").partition(0).payload("no key")).unwrap();
    producer.send(BaseRecord::<str, str>::to("shapes").partition(0).key("gone")).unwrap();
    producer.flush(Duration::from_secs(30)).unwrap();

    let proxy = proxy(broker, |_| {});
    let answer = proxy.get("/topics/shapes/partitions/0/records").await;
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert_eq!(answer.header("x-end-offsets"), "0:4");
    assert!(answer.text().lines().next().unwrap().contains("\"value\":{\"n\": 1.10}"), "{}", answer.text());
    let lines = answer.lines();
    assert_eq!(lines[0]["timestamp"], 1_700_000_000_123_i64);
    assert_eq!(
        lines[0]["headers"],
        serde_json::json!([
            { "key": "trace", "value": "é" },
            { "key": "raw", "value_base64": "/wA=" },
            { "key": "none", "value": null }
        ])
    );
    assert_eq!((&lines[1]["key_base64"], &lines[1]["value_base64"]), (&"/g==".into(), &"//4=".into()));
    assert!(lines[2]["key"].is_null() && lines[2]["value"] == "no key");
    assert!(lines[3]["key"] == "gone" && lines[3].get("value").unwrap().is_null());

    let rest = proxy
        .ask(
            "GET",
            "/topics/shapes/partitions/0/records?offset=0&timeout=1000&max_bytes=100000",
            "accept: application/vnd.kafka.binary.v2+json",
            "",
        )
        .await;
    assert_eq!(rest.header("content-type"), "application/vnd.kafka.binary.v2+json");
    assert_eq!(
        rest.json()[1],
        serde_json::json!({ "topic": "shapes", "key": "/g==", "value": "//4=", "partition": 0, "offset": 1 })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_chosen_by_offset_count_bytes_and_time() {
    let Some(broker) = broker() else { return };
    broker.create_topic("range", 2, &[]).unwrap();
    let producer: BaseProducer = broker.client().create().unwrap();
    for n in 0..100 {
        let value = n.to_string();
        let record =
            BaseRecord::<str, str>::to("range").partition(n % 2).payload(&value).timestamp(1000 + i64::from(n));
        producer.send(record).unwrap();
    }
    producer.flush(Duration::from_secs(30)).unwrap();
    let proxy = proxy(broker, |_| {});
    let read =
        async |query: &str| offsets(&proxy.get(&format!("/topics/range/partitions/0/records?{query}")).await.lines());
    assert_eq!(read("").await, (0..50).collect::<Vec<i64>>());
    assert_eq!(read("offset=47").await, [47, 48, 49]);
    assert_eq!(read("offset=10&count=2").await, [10, 11]);
    assert_eq!(read("offset=10&until_offset=13").await, [10, 11, 12]);
    assert_eq!(read("last=2").await, [48, 49]);
    assert_eq!(read("last=18446744073709551615&count=1").await, [0]);
    assert_eq!(read("timestamp=1094").await, [47, 48, 49]);
    assert_eq!(read("timestamp=1090&until_timestamp=1094").await, [45, 46]);
    assert_eq!(read("timestamp=99999999999999").await, [] as [i64; 0]);
    assert_eq!(read("offset=50").await, [] as [i64; 0]);
    assert_eq!(read("offset=end").await, [] as [i64; 0]);
    assert_eq!(read("count=0").await, [] as [i64; 0]);
    assert_eq!(read("offset=20&max_bytes=5").await, [20, 21]);
    assert_eq!(read("offset=20&max_bytes=0").await, [20]);
    assert_eq!(read("count=18446744073709551615&last=1").await, [49]);

    let whole = proxy.get("/topics/range/records").await;
    assert_eq!(whole.lines().len(), 100);
    assert_eq!(whole.header("x-start-offsets"), "0:0,1:0");
    let some = proxy.get("/topics/range/records?offsets=1:48&partitions=1").await.lines();
    assert_eq!(offsets(&some), [48, 49]);
    let bounded = proxy.get("/topics/range/records?offsets=0:49,1:48&until_offsets=1:49").await.lines();
    assert_eq!(bounded.len(), 2);
    assert_eq!(proxy.get("/topics/range/records?last=3").await.lines().len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_million_small_records_come_whole_and_in_order() {
    let Some(broker) = broker() else { return };
    broker.create_topic("million", 1, &[]).unwrap();
    let values: Vec<String> = (0..1_000_000).map(|n| format!("{{\"n\":{n}}}")).collect();
    broker.produce("million", 0, values.iter().map(|value| (Some("k"), Some(value.as_str())))).unwrap();
    let answer = proxy(broker, |_| {}).get("/topics/million/partitions/0/records").await;
    let mut n = 0;
    for (expected, line) in answer.text().lines().enumerate() {
        assert!(line.contains(&format!("\"offset\":{expected},")) && line.contains(&values[expected]), "{line}");
        n += 1;
    }
    assert_eq!(n, 1_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_have_their_status_and_words() {
    let Some(broker) = broker() else { return };
    broker.create_topic("bad", 1, &[]).unwrap();
    broker.produce("bad", 0, [(None, Some("1"))]).unwrap();
    let proxy = proxy(broker, |settings| settings.topics = vec!["ba*".into(), "no-such".into()]);
    let check = async |path: &str, expected: &str, message: &str| proxy.get(path).await.check_error(expected, message);
    check("/topics/no-such", "404 40401", "no-such does not exist").await;
    check("/topics/no-such/partitions/0/records", "404 40401", "").await;
    check("/topics/other/partitions/0/records", "403 40302", "--topics").await;
    check("/topics/ba%2Fd/records", "404 40401", "").await;
    check("/topics/ba%00d/records", "404 40401", "").await;
    check("/topics/%FF/records", "400 40001", "the path").await;
    check(&format!("/topics/{}/records", "a".repeat(5000)), "404 40401", "").await;
    check("/topics/bad/partitions/1/records", "404 40402", "no partition 1").await;
    check("/topics/bad/partitions/-1/records", "404 40402", "").await;
    check("/topics/bad/partitions/99999999999/records", "404 40402", "").await;
    check("/topics/bad/partitions/x/records", "400 40001", "partition").await;
    check("/topics/bad/partitions/0/records?offset=-1", "400 40001", "negative").await;
    check("/topics/bad/partitions/0/records?offset=2", "416 41602", "ends at offset 1").await;
    check("/topics/bad/partitions/0/records?offset=9223372036854775807", "416 41602", "").await;
    check("/topics/bad/partitions/0/records?offset=9223372036854775808", "400 40001", "offset").await;
    check("/topics/bad/partitions/0/records?count=-5", "400 40001", "count").await;
    check("/topics/bad/partitions/0/records?count=1e9", "400 40001", "count").await;
    check("/topics/bad/partitions/0/records?offset=0&last=1", "400 40001", "only one").await;
    check("/topics/bad/partitions/0/records?isolation=serializable", "400 40001", "read_committed").await;
    check("/topics/bad/partitions/0/records?ofset=0", "400 40001", "ofset: unknown").await;
    check("/topics/bad/partitions/0/records?count=1&count=2", "400 40001", "twice").await;
    check("/topics/bad/records?partitions=0,7", "404 40402", "no partition 7").await;
    check("/topics/bad/records?offsets=0:1,1", "400 40001", "PARTITION:OFFSET").await;
    check("/topics/bad/records?offsets=0:-2", "400 40001", "negative").await;
    check("/topics/bad/partitions/0/records/more", "404 404", "/openapi.json").await;
    check("/nothing", "404 404", "").await;
    proxy.ask("POST", "/topics/bad", "", "{\"records\":[]}").await.check_error("403 40303", "only reads");
    proxy.ask("DELETE", "/topics/bad", "", "").await.check_error("405 405", "only reads");
    proxy
        .ask("GET", "/topics/bad/partitions/0/records", "accept: application/vnd.kafka.avro.v2+json", "")
        .await
        .check_error("406 40601", "x-ndjson");
}
