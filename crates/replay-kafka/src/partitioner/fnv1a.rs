//! The hash of librdkafka's `fnv1a` partitioners, which follow Sarama's.

/// FNV-1a, 32 bits.
///
/// Source: librdkafka, `rdfnv1a.c` (`rd_fnv1a`).
pub fn fnv1a(key: &[u8]) -> u32 {
    key.iter().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// librdkafka takes the absolute value, as Sarama does.
pub(crate) fn to_positive(hash: u32) -> u32 {
    (hash as i32).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published vectors of FNV-1a (Fowler, Noll, Vo).
    #[test]
    fn the_published_vectors_come_out() {
        assert_eq!(fnv1a(b""), 0x811c_9dc5);
        assert_eq!(fnv1a(b"a"), 0xe40c_292c);
        assert_eq!(fnv1a(b"foobar"), 0xbf9c_f968);
    }
}
