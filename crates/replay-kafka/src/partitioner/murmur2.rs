//! The hash of Kafka's Java producer.

use std::num::NonZeroU32;

const SEED: u32 = 0x9747_b28c;
const M: u32 = 0x5bd1_e995;
const R: u32 = 24;

/// `MurmurHash2` as Kafka computes it: 32 bits, little endian words, a fixed seed.
///
/// Source: Apache Kafka, `org.apache.kafka.common.utils.Utils.murmur2`. Pinned by the vectors in `tests/murmur2.rs`.
pub fn murmur2(key: &[u8]) -> u32 {
    // A key of 4 GiB cannot be a record's.
    let mut h = SEED ^ key.len() as u32;
    let mut words = key.chunks_exact(4);
    for word in &mut words {
        let mut k = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
        k = k.wrapping_mul(M);
        k ^= k >> R;
        k = k.wrapping_mul(M);
        h = h.wrapping_mul(M) ^ k;
    }
    let tail = words.remainder();
    if !tail.is_empty() {
        for (n, byte) in tail.iter().enumerate() {
            h ^= u32::from(*byte) << (8 * n);
        }
        h = h.wrapping_mul(M);
    }
    h ^= h >> 13;
    h = h.wrapping_mul(M);
    h ^ (h >> 15)
}

/// The partition that Kafka's Java producer picks for a record that has a key.
///
/// `key` is the serialized key as it lies in the log; `partitions` is the count at the time of the send.
/// Source: Apache Kafka, `BuiltInPartitioner.partitionForKey`, `Utils.toPositive`. Pinned by the vectors in `tests/murmur2.rs`.
pub fn keyed_partition(key: &[u8], partitions: NonZeroU32) -> u32 {
    // Kafka clears the sign bit instead of taking the absolute value: |i32::MIN| is negative.
    (murmur2(key) & 0x7fff_ffff) % partitions
}
