//! Which partition a producer picks: by the key, or without one by a rule that remembers.

pub mod crc32;
pub mod fnv1a;
pub mod murmur2;
mod random;
mod round_robin;
mod sticky;

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

pub use random::RandomPartitions;
pub use round_robin::RoundRobin;
pub use sticky::{StickyKip480, StickyKip794, StickyLibrdkafka};

/// A producer's rule for records that have a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Partitioner {
    /// The Java client's default.
    #[default]
    Murmur2,
    /// librdkafka's default (`consistent_random`): kcat, Python, Go, .NET, Node.
    Crc32,
    /// librdkafka's `fnv1a_random`.
    Fnv1a,
}

/// A partitioner's name that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown partitioner {0:?}; there are murmur2 (also murmur2_random), crc32 (also consistent, consistent_random) and fnv1a (also fnv1a_random)"
)]
pub struct UnknownPartitioner(pub String);

impl FromStr for Partitioner {
    type Err = UnknownPartitioner;

    fn from_str(name: &str) -> Result<Partitioner, UnknownPartitioner> {
        match name {
            "murmur2" | "murmur2_random" => Ok(Partitioner::Murmur2),
            "crc32" | "consistent" | "consistent_random" => Ok(Partitioner::Crc32),
            "fnv1a" | "fnv1a_random" => Ok(Partitioner::Fnv1a),
            _ => Err(UnknownPartitioner(name.to_owned())),
        }
    }
}

impl fmt::Display for Partitioner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Partitioner::Murmur2 => "murmur2",
            Partitioner::Crc32 => "crc32",
            Partitioner::Fnv1a => "fnv1a",
        })
    }
}

impl Partitioner {
    /// The partition for the serialized key, with so many partitions at the time of the send.
    ///
    /// A record without a key is placed by the producer's batching, not by this rule. librdkafka's `consistent_random` also places
    /// *empty* keys at random; the hash of the empty key, where all its other partitioners place them, is given here.
    /// Its `consistent`, `murmur2` and `fnv1a` place null keys like empty ones.
    pub fn keyed_partition(self, key: &[u8], partitions: NonZeroU32) -> u32 {
        match self {
            Partitioner::Murmur2 => murmur2::keyed_partition(key, partitions),
            Partitioner::Crc32 => crc32::crc32(key) % partitions,
            Partitioner::Fnv1a => fnv1a::to_positive(fnv1a::fnv1a(key)) % partitions,
        }
    }
}
