//! Snappy as Java writes it: blocks with lengths between them, or one block alone.
//!
//! Sources: xerial snappy-java `SnappyOutputStream` (a header of 16 bytes, then length and block), Hadoop's `BlockCompressorStream`
//! (the unpacked length, then chunks with their lengths, all big endian).

use std::io::{self, Read};

const XERIAL: &[u8] = b"\x82SNAPPY\0";
const XERIAL_HEADER: usize = 16;
/// A copy of 64 bytes takes three, so a block that claims more than this is damaged.
const MAX_RATIO: usize = 64;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Xerial,
    Hadoop,
    Raw,
}

/// A stream of the blocks' contents.
pub(super) struct SnappyBlocks {
    bytes: Vec<u8>,
    at: usize,
    kind: Kind,
    block: Vec<u8>,
    given: usize,
    /// Bytes that a Hadoop block still lacks.
    lacking: usize,
}

impl SnappyBlocks {
    pub(super) fn new(bytes: Vec<u8>) -> SnappyBlocks {
        let kind = if bytes.starts_with(XERIAL) {
            Kind::Xerial
        } else if is_hadoop(&bytes) {
            Kind::Hadoop
        } else {
            Kind::Raw
        };
        SnappyBlocks { kind, ..SnappyBlocks::alone(bytes) }
    }

    /// One block without anything around it.
    pub(super) fn alone(bytes: Vec<u8>) -> SnappyBlocks {
        SnappyBlocks { bytes, at: 0, kind: Kind::Raw, block: Vec::new(), given: 0, lacking: 0 }
    }

    fn length(&mut self) -> io::Result<usize> {
        let bytes = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk);
        let length = u32::from_be_bytes(*bytes.ok_or_else(|| damaged("a length is cut off"))?);
        self.at += 4;
        Ok(length as usize)
    }

    fn next_block(&mut self) -> io::Result<()> {
        let length = match self.kind {
            Kind::Raw => self.bytes.len(),
            Kind::Xerial => {
                while self.bytes[self.at..].starts_with(XERIAL) {
                    self.at = (self.at + XERIAL_HEADER).min(self.bytes.len());
                }
                if self.at == self.bytes.len() {
                    return Ok(());
                }
                self.length()?
            }
            Kind::Hadoop => {
                while self.lacking == 0 && self.at < self.bytes.len() {
                    self.lacking = self.length()?;
                }
                if self.lacking == 0 {
                    return Ok(());
                }
                self.length()?
            }
        };
        let end = self.at.saturating_add(length);
        let block = self.bytes.get(self.at..end).ok_or_else(|| damaged("a block is cut off"))?;
        self.block = unpack_block(block)?;
        self.lacking = self.lacking.saturating_sub(self.block.len());
        self.given = 0;
        self.at = end;
        Ok(())
    }
}

impl Read for SnappyBlocks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.block.len() {
            if self.at >= self.bytes.len() {
                return Ok(0);
            }
            self.next_block()?;
        }
        let n = buffer.len().min(self.block.len() - self.given);
        buffer[..n].copy_from_slice(&self.block[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

fn unpack_block(block: &[u8]) -> io::Result<Vec<u8>> {
    let length = snap::raw::decompress_len(block).map_err(io::Error::other)?;
    if length > block.len().saturating_mul(MAX_RATIO) {
        return Err(damaged("a block claims to be larger than it can be"));
    }
    snap::raw::Decoder::new().decompress_vec(block).map_err(io::Error::other)
}

/// An unpacked length, then a chunk that unpacks to no more than that.
fn is_hadoop(bytes: &[u8]) -> bool {
    let length = |at: usize| bytes.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes) as usize);
    let (Some(unpacked @ 1..0x0400_0000), Some(packed)) = (length(0), length(4)) else { return false };
    let chunk = bytes.get(8..8_usize.saturating_add(packed));
    chunk.is_some_and(|chunk| snap::raw::decompress_len(chunk).is_ok_and(|n| n > 0 && n <= unpacked))
}

fn damaged(detail: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        snap::raw::Encoder::new().compress_vec(text).unwrap()
    }

    #[track_caller]
    fn check(bytes: Vec<u8>, expected: &str) {
        let mut text = String::new();
        SnappyBlocks::new(bytes).read_to_string(&mut text).unwrap();
        assert_eq!(text, expected);
    }

    fn framed(text: &[u8]) -> Vec<u8> {
        let block = packed(text);
        [&(block.len() as u32).to_be_bytes()[..], &block].concat()
    }

    #[test]
    fn blocks_of_xerial_hadoop_and_none_are_read() {
        let header = b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01";
        check([&header[..], &framed(b"one "), &framed(b"two "), header, &framed(b"three")].concat(), "one two three");
        check([&8_u32.to_be_bytes()[..], &framed(b"one "), &framed(b"two ")].concat(), "one two ");
        check(packed(b"alone"), "alone");
    }

    #[test]
    fn claims_of_size_are_not_believed() {
        let claim = [0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, b'x'];
        assert!(SnappyBlocks::new(claim.to_vec()).read(&mut [0; 8]).is_err());
    }
}
