//! Kafka's own rules, as pure functions: which partition a key belongs to.
//!
//! Layer 1. It knows bytes and numbers, not events. Sources are Apache Kafka and librdkafka, named at each rule.

pub mod partitioner;

pub use partitioner::{Partitioner, UnknownPartitioner};
