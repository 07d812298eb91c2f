//! What web pages and command lines for Kafka export as JSON.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| replay_formats_fuzz::read_as(bytes, &["rpk", "redpanda-console", "akhq", "kafka-ui", "confluent-cloud", "cloudevents"], None));
