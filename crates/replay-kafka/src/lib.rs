//! Kafka's own rules, as pure functions: which partition a record goes to, what a broker keeps of a partition's log, and which member of a
//! consumer group gets which partitions.
//!
//! Layer 1. It knows bytes and numbers, not events; it reads no clock and draws no unseeded random number: time and seeds are arguments.
//! Sources are Apache Kafka and librdkafka, named at each rule.

pub mod assignor;
pub mod log;
pub mod partitioner;

pub use assignor::{Assignment, Assignor, Member, OwnershipChange, TopicPartition, UnknownAssignor};
pub use log::{
    BATCH_OVERHEAD_BYTES, Batch, CleanStats, Cleanable, CleanedRecord, NewRecord, PartitionLog, RemovalCause, Removed,
    RemovedReason, Segment, StoredRecord, TopicConfig,
};
pub use partitioner::{
    Partitioner, RandomPartitions, RoundRobin, StickyKip480, StickyKip794, StickyLibrdkafka, UnknownPartitioner,
};
