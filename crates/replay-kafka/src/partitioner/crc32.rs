//! The hash of librdkafka's default partitioner.

const POLYNOMIAL: u32 = 0xedb8_8320;

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let mut value = n as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 0 { value >> 1 } else { (value >> 1) ^ POLYNOMIAL };
            bit += 1;
        }
        table[n] = value;
        n += 1;
    }
    table
};

/// CRC-32 as zlib computes it.
///
/// Source: librdkafka, `rd_kafka_msg_partitioner_consistent` (`rd_crc32`).
pub fn crc32(key: &[u8]) -> u32 {
    !key.iter().fold(!0, |crc: u32, byte| (crc >> 8) ^ TABLE[((crc ^ u32::from(*byte)) & 0xff) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of CRC-32 in the catalogue of parametrised CRC algorithms, and zlib's of some texts.
    #[test]
    fn the_published_check_values_come_out() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"a"), 0xe8b7_be43);
    }
}
