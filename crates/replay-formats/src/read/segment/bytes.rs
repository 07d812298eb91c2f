//! Numbers of Kafka's binary format, read one after the other.

/// Bytes or null.
pub(super) type Nullable<'a> = Option<&'a [u8]>;

/// Reads from the front; `None` where the bytes end or a number is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn i16(&mut self) -> Option<i16> {
        self.array().map(i16::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }

    /// A zigzag number of at most ten bytes.
    pub(super) fn varint(&mut self) -> Option<i64> {
        let mut number = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.u8()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some((number >> 1) as i64 ^ -((number & 1) as i64));
            }
        }
        None
    }

    /// Bytes with their length as a zigzag number before them; the inner `None` is null.
    pub(super) fn varint_bytes(&mut self) -> Option<Nullable<'a>> {
        let length = self.varint()?;
        self.sized(length)
    }

    /// Bytes with their length in four bytes before them; the inner `None` is null.
    pub(super) fn i32_bytes(&mut self) -> Option<Nullable<'a>> {
        let length = self.i32()?;
        self.sized(i64::from(length))
    }

    fn sized(&mut self, length: i64) -> Option<Nullable<'a>> {
        if length == -1 {
            return Some(None);
        }
        self.take(usize::try_from(length).ok()?).map(Some)
    }
}

/// CRC-32C (Castagnoli), as record batches have it.
pub(super) fn crc32c(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    !bytes.iter().fold(!0, |crc, byte| TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8))
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = i as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0x82f6_3b78 } else { crc >> 1 };
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_are_zigzag() {
        for (bytes, expected) in [
            (&[0_u8][..], Some(0)),
            (&[1], Some(-1)),
            (&[2], Some(1)),
            (&[0xff, 0xff, 0xff, 0xff, 0x0f], Some(i64::from(i32::MIN))),
            (&[0xff; 10], None),
            (&[0x80], None),
        ] {
            assert_eq!(Bytes(bytes).varint(), expected, "{bytes:?}");
        }
    }

    /// Source: RFC 3720, B.4.
    #[test]
    fn crc32c_has_the_published_values() {
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }
}
