//! Lanes as bytes: the number of lanes, then for each its length and the four numbers of each bucket, all little-endian `u32`s.

use crate::LaneBucket;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

pub(crate) fn serialize<S: Serializer>(lanes: &[Vec<LaneBucket>], serializer: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(4 + lanes.iter().map(|lane| 4 + lane.len() * 16).sum::<usize>());
    let mut push = |number: u32| bytes.extend_from_slice(&number.to_le_bytes());
    push(lanes.len() as u32);
    for lane in lanes {
        push(lane.len() as u32);
        for LaneBucket { n, t, e, d } in lane {
            for number in [n, t, e, d] {
                push(*number);
            }
        }
    }
    serializer.serialize_bytes(&bytes)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<LaneBucket>>, D::Error> {
    deserializer.deserialize_byte_buf(Packed)
}

struct Packed;

impl<'de> Visitor<'de> for Packed {
    type Value = Vec<Vec<LaneBucket>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("packed lanes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        unpack(bytes).ok_or_else(|| E::custom("the lanes are cut off"))
    }

    /// Formats without bytes, such as JSON, write them as numbers.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        self.visit_bytes(&bytes)
    }
}

fn unpack(bytes: &[u8]) -> Option<Vec<Vec<LaneBucket>>> {
    let mut words = bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word));
    let n_lanes = words.next()?;
    let mut lanes = Vec::new();
    for _ in 0..n_lanes {
        let length = words.next()? as usize;
        // A length that lies must not reserve memory.
        let mut lane = Vec::with_capacity(length.min(bytes.len() / 16));
        for _ in 0..length {
            lane.push(LaneBucket { n: words.next()?, t: words.next()?, e: words.next()?, d: words.next()? });
        }
        lanes.push(lane);
    }
    Some(lanes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::IntoDeserializer;
    use serde::de::value::{BytesDeserializer, Error as Wrong, SeqDeserializer};

    fn read(bytes: &[u8]) -> Result<Vec<Vec<LaneBucket>>, Wrong> {
        let deserializer: BytesDeserializer<'_, Wrong> = bytes.into_deserializer();
        deserializer.deserialize_byte_buf(Packed)
    }

    #[test]
    fn what_was_packed_is_unpacked_and_what_is_cut_off_is_refused() {
        let words: [u32; 11] = [2, 2, 1, u32::MAX, 3, 4, 5, 6, 7, 8, 0];
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let expected =
            vec![vec![LaneBucket { n: 1, t: u32::MAX, e: 3, d: 4 }, LaneBucket { n: 5, t: 6, e: 7, d: 8 }], Vec::new()];
        assert_eq!(read(&bytes), Ok(expected.clone()));
        let numbers = SeqDeserializer::<_, Wrong>::new(bytes.iter().copied());
        assert_eq!(deserialize(numbers), Ok(expected));
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_err(), "{length}");
        }
    }
}
