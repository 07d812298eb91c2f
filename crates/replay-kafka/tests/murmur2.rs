//! Kafka's and librdkafka's published vectors, and partitions for several counts.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use replay_kafka::Partitioner;
use replay_kafka::partitioner::murmur2::murmur2;
use serde_json::Value;
use std::num::NonZeroU32;

fn key_of(vector: &Value) -> Vec<u8> {
    let hex = vector["key_hex"].as_str().unwrap();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn every_published_vector_comes_out() {
    let vectors: Value = serde_json::from_str(include_str!("vectors/murmur2.json")).unwrap();
    let mut compared = 0;
    for list in vectors.as_object().unwrap().values().filter_map(Value::as_array) {
        for vector in list {
            let key = key_of(vector);
            if let Some(expected) = vector["murmur2"].as_i64() {
                assert_eq!(i64::from(murmur2(&key).cast_signed()), expected, "{vector}");
            }
            for (count, partition) in vector["partition"].as_object().unwrap() {
                let count: NonZeroU32 = count.parse().unwrap();
                let found = Partitioner::Murmur2.keyed_partition(&key, count);
                assert_eq!(u64::from(found), partition.as_u64().unwrap(), "{vector} with {count} partitions");
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "only {compared} partitions were compared");
}
