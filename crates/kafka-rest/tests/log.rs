//! What a log can look like: transactions, gaps, tombstones, codecs, large records, retention, a broker that goes away.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use kafka_harness::{Options, broker_or_skip};
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{Offset, TopicPartitionList};
use std::time::Duration;
use support::{Proxy, broker, markers_are_written, proxy};

const WAIT: Duration = Duration::from_secs(30);

async fn values(proxy: &Proxy, path: &str) -> Vec<String> {
    let lines = proxy.get(path).await.lines();
    lines.iter().map(|line| line["value"].as_str().map_or_else(|| line["value"].to_string(), str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_aborted_and_open_transactions_are_left_out_under_read_committed() {
    let Some(broker) = broker() else { return };
    broker.create_topic("transactions", 1, &[]).unwrap();
    let producer = |id: &str| -> BaseProducer {
        let producer: BaseProducer = broker.client().set("transactional.id", id).create().unwrap();
        producer.init_transactions(WAIT).unwrap();
        producer
    };
    let send = |producer: &BaseProducer, value: &str| {
        producer.send(BaseRecord::<str, str>::to("transactions").partition(0).payload(value)).unwrap();
        producer.flush(WAIT).unwrap();
    };
    let (first, second) = (producer("first"), producer("second"));
    first.begin_transaction().unwrap();
    send(&first, "committed");
    first.commit_transaction(WAIT).unwrap();
    first.begin_transaction().unwrap();
    send(&first, "aborted");
    first.abort_transaction(WAIT).unwrap();
    let proxy = proxy(broker, |_| {});
    let path = |query: &str| format!("/topics/transactions/partitions/0/records?{query}");
    markers_are_written(&proxy, "transactions", 4).await;
    // The last offset is a marker, which no reader is given: the end is found all the same.
    assert_eq!(values(&proxy, &path("")).await, ["committed", "aborted"]);
    assert_eq!(values(&proxy, &path("isolation=read_committed")).await, ["committed"]);
    second.begin_transaction().unwrap();
    send(&second, "open");
    assert_eq!(values(&proxy, &path("")).await, ["committed", "aborted", "open"]);
    let committed = proxy.get(&path("isolation=read_committed")).await;
    assert_eq!((committed.lines().len(), committed.header("x-end-offsets")), (1, "0:4"));
    let offsets = proxy.get("/topics/transactions/partitions/0/offsets?isolation=read_committed").await.json();
    assert_eq!(offsets["end_offset"], 4);
    second.commit_transaction(WAIT).unwrap();
    markers_are_written(&proxy, "transactions", 6).await;
    assert_eq!(values(&proxy, &path("isolation=read_committed")).await, ["committed", "open"]);
    assert_eq!(values(&proxy, &path("isolation=read_committed&last=1")).await, [] as [&str; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn gaps_of_a_compacted_topic_are_no_holes_for_the_reader() {
    let options = Options::default().with("log.cleaner.backoff.ms", "100").with("log.initial.task.delay.ms", "100");
    let Some(broker) = broker_or_skip(&options) else { return };
    let settings = [("cleanup.policy", "compact"), ("segment.ms", "100"), ("min.cleanable.dirty.ratio", "0.01")];
    broker.create_topic("compacted", 1, &settings).unwrap();
    let proxy = proxy(&broker, |_| {});
    let pairs = [("a", Some("1")), ("b", Some("2")), ("a", Some("3")), ("b", None), ("c", Some("4"))];
    broker.produce("compacted", 0, pairs.map(|(key, value)| (Some(key), value))).unwrap();
    for attempt in 0.. {
        assert!(attempt < 100, "nothing was compacted: {}", broker.log_tail());
        // A segment ends with the next record after its time.
        tokio::time::sleep(Duration::from_millis(300)).await;
        broker.produce("compacted", 0, [(Some("roll"), Some("x"))]).unwrap();
        let lines = proxy.get("/topics/compacted/partitions/0/records").await.lines();
        let offsets: Vec<i64> = lines.iter().map(|line| line["offset"].as_i64().unwrap()).collect();
        assert!(offsets.is_sorted(), "{offsets:?}");
        // What was produced may lie in several segments, which are compacted one after the other.
        if !offsets.contains(&0) && !offsets.contains(&1) {
            assert!(offsets.starts_with(&[2, 3, 4]), "{offsets:?}");
            assert!(lines[1]["key"] == "b" && lines[1].get("value").unwrap().is_null(), "{}", lines[1]);
            break;
        }
    }
    // An offset in a gap is answered by what follows it.
    let from_gap = proxy.get("/topics/compacted/partitions/0/records?offset=1&count=1").await.lines();
    assert_eq!(from_gap[0]["offset"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_codec_and_records_of_a_megabyte_are_read() {
    let Some(broker) = broker() else { return };
    broker.create_topic("codecs", 1, &[("max.message.bytes", "4000000")]).unwrap();
    let large: String = (0..1_100_000).map(|n: u32| char::from(b'a' + (n % 23) as u8)).collect();
    let codecs = ["none", "gzip", "snappy", "lz4", "zstd"];
    for codec in codecs {
        let producer: BaseProducer = broker
            .client()
            .set("compression.type", codec)
            .set("message.max.bytes", "4000000")
            .set("linger.ms", "50")
            .create()
            .unwrap();
        for value in [codec, &large, codec] {
            producer.send(BaseRecord::<str, str>::to("codecs").partition(0).payload(value)).unwrap();
        }
        producer.flush(WAIT).unwrap();
    }
    let read = values(&proxy(broker, |_| {}), "/topics/codecs/partitions/0/records").await;
    let expected: Vec<&str> = codecs.iter().flat_map(|codec| [*codec, large.as_str(), *codec]).collect();
    assert!(read == expected, "{} values", read.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_retention_removed_is_told_with_where_to_go_on() {
    let Some(broker) = broker() else { return };
    broker.create_topic("retention", 1, &[]).unwrap();
    broker.produce("retention", 0, ["0", "1", "2", "3"].map(|value| (None, Some(value)))).unwrap();
    let admin: AdminClient<DefaultClientContext> = broker.client().create().unwrap();
    let mut list = TopicPartitionList::new();
    list.add_partition_offset("retention", 0, Offset::Offset(3)).unwrap();
    admin.delete_records(&list, &AdminOptions::new()).await.unwrap();
    let proxy = proxy(broker, |_| {});
    let records = proxy.get("/topics/retention/partitions/0/records?offset=1").await;
    records.check_error("416 41601", "begins at offset 3 now: 1 was removed by retention; read from 3");
    assert_eq!(values(&proxy, "/topics/retention/partitions/0/records").await, ["3"]);
    assert_eq!(values(&proxy, "/topics/retention/partitions/0/records?last=10").await, ["3"]);
    let resumed = proxy.ask("GET", "/topics/retention/live", "last-event-id: 0:2", "").await;
    resumed.check_error("416 41601", "read from 3");
}

#[tokio::test(flavor = "multi_thread")]
async fn retention_that_overtakes_a_read_is_told_behind_what_came_before_it() {
    let Some(broker) = broker() else { return };
    broker.create_topic("overtaken", 1, &[("segment.bytes", "1048576")]).unwrap();
    let filler = "x".repeat(300);
    broker.produce("overtaken", 0, (0..200_000).map(|_| (None, Some(filler.as_str())))).unwrap();
    let proxy = proxy(broker, |_| {});
    let request = Request::get("/topics/overtaken/partitions/0/records").body(Body::empty()).unwrap();
    let mut body = proxy.send(request).await.into_body();
    let mut text = body.frame().await.unwrap().unwrap().into_data().unwrap().to_vec();
    let admin: AdminClient<DefaultClientContext> = broker.client().create().unwrap();
    let mut list = TopicPartitionList::new();
    list.add_partition_offset("overtaken", 0, Offset::Offset(199_000)).unwrap();
    admin.delete_records(&list, &AdminOptions::new()).await.unwrap();
    while let Some(frame) = body.frame().await {
        text.extend_from_slice(&frame.unwrap().into_data().unwrap());
    }
    let lines: Vec<&str> = std::str::from_utf8(&text).unwrap().lines().collect();
    let (last, records) = lines.split_last().unwrap();
    assert!(last.contains("\"error_code\":41601") && last.contains("read from 199000"), "{last:.300}");
    for (n, line) in records.iter().enumerate() {
        assert!(line.contains(&format!("\"offset\":{n},")), "{n}: {line:.100}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_broker_in_mid_read_loses_and_repeats_none() {
    let Some(mut broker) = broker_or_skip(&Options::default()) else { return };
    broker.create_topic("midread", 1, &[]).unwrap();
    let filler = "x".repeat(300);
    let all: Vec<String> = (0..200_000).map(|n| format!("{n} {filler}")).collect();
    broker.produce("midread", 0, all.iter().map(|value| (None, Some(value.as_str())))).unwrap();
    let proxy = proxy(&broker, |settings| settings.limits.patience = Duration::from_mins(2));
    let request = Request::get("/topics/midread/partitions/0/records").body(Body::empty()).unwrap();
    let mut body = proxy.send(request).await.into_body();
    // Sixty megabytes cannot wait in between: the rest is still in Kafka when the broker goes.
    let mut text = body.frame().await.unwrap().unwrap().into_data().unwrap().to_vec();
    broker.kill();
    broker.start_again().unwrap();
    while let Some(frame) = body.frame().await {
        text.extend_from_slice(&frame.unwrap().into_data().unwrap());
    }
    let mut lines = 0;
    for (n, line) in std::str::from_utf8(&text).unwrap().lines().enumerate() {
        assert!(line.contains(&format!("\"offset\":{n},")) && line.contains(&format!("\"{n} x")), "{n}: {line:.200}");
        lines += 1;
    }
    assert_eq!(lines, all.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_stays_away_ends_the_read_with_a_line_that_says_so() {
    let Some(mut broker) = broker_or_skip(&Options::default()) else { return };
    broker.create_topic("gone", 1, &[]).unwrap();
    let filler = "x".repeat(500);
    broker.produce("gone", 0, (0..60_000).map(|_| (None, Some(filler.as_str())))).unwrap();
    let proxy = proxy(&broker, |settings| settings.limits.patience = Duration::from_secs(3));
    let request = Request::get("/topics/gone/partitions/0/records").body(Body::empty()).unwrap();
    let mut body = proxy.send(request).await.into_body();
    let mut text = body.frame().await.unwrap().unwrap().into_data().unwrap().to_vec();
    broker.kill();
    while let Some(frame) = body.frame().await {
        text.extend_from_slice(&frame.unwrap().into_data().unwrap());
    }
    let last = std::str::from_utf8(&text).unwrap().lines().last().unwrap();
    assert!(last.contains("\"error_code\":50301") && last.contains("Kafka does not answer"), "{last:.300}");
}
