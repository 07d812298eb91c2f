//! The harness against itself: what is produced is consumed, also after the broker was stopped or crashed.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use kafka_harness::{Broker, Options, broker_or_skip};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::{Message, Offset, TopicPartitionList};
use std::time::Duration;

/// The values of partition 0 as text, from the start to the high watermark.
fn values(broker: &Broker, topic: &str) -> Vec<String> {
    let consumer: BaseConsumer = broker.client().set("group.id", "unused").create().unwrap();
    let (_, end) = consumer.fetch_watermarks(topic, 0, Duration::from_secs(30)).unwrap();
    let mut assignment = TopicPartitionList::new();
    assignment.add_partition_offset(topic, 0, Offset::Beginning).unwrap();
    consumer.assign(&assignment).unwrap();
    let mut values = Vec::new();
    while (values.len() as i64) < end {
        let Some(message) = consumer.poll(Duration::from_secs(30)) else { panic!("nothing came, got {values:?}") };
        // A broker that was away is reported as an error first; the client goes on by itself.
        let Ok(message) = message else { continue };
        values.push(message.payload_view::<str>().transpose().unwrap().unwrap_or("null").to_owned());
    }
    values
}

#[test]
fn what_is_produced_is_consumed_also_after_a_stop_and_a_crash() {
    let Some(mut broker) = broker_or_skip(&Options::default()) else { return };
    broker.create_topic("orders", 1, &[]).unwrap();
    broker.produce("orders", 0, [(Some("a"), Some("1")), (None, Some("2")), (Some("a"), None)]).unwrap();
    assert_eq!(values(&broker, "orders"), ["1", "2", "null"]);

    broker.stop().unwrap();
    broker.start_again().unwrap();
    assert_eq!(values(&broker, "orders"), ["1", "2", "null"]);

    broker.kill();
    broker.start_again().unwrap();
    broker.produce("orders", 0, [(None, Some("3"))]).unwrap();
    assert_eq!(values(&broker, "orders"), ["1", "2", "null", "3"]);
}

#[test]
fn a_topic_that_exists_is_refused() {
    let Some(broker) = broker_or_skip(&Options::default()) else { return };
    broker.create_topic("twice", 1, &[]).unwrap();
    let error = broker.create_topic("twice", 1, &[]).unwrap_err();
    assert!(error.to_string().contains("create topic twice"), "{error}");
}
