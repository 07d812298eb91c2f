//! The codecs, as streams that are pulled.

use super::snappy::SnappyBlocks;
use crate::error::Cause;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use std::io::{self, Cursor, Read};

/// A way of packing bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    Gzip,
    Zstd,
    /// Frames, as files and Kafka have them.
    Lz4,
    /// Google's framing format.
    SnappyFramed,
    /// The blocks of xerial's Java library, which Kafka uses, of Hadoop, or one block alone.
    Snappy,
    /// One block alone, as Avro has it.
    SnappyBlock,
    /// Without any header, as zip and Avro have it.
    Deflate,
    #[cfg(feature = "bzip2")]
    Bzip2,
    #[cfg(feature = "xz")]
    Xz,
}

/// `xz -9` needs 65 MB to unpack; what claims more is meant to do harm.
#[cfg(feature = "xz")]
const XZ_MEMORY_KB: u32 = 80 << 10;

/// A stream of unpacked bytes.
pub(super) type Pull = dyn Read + Send;

impl Codec {
    /// bzip2, if this build has it.
    pub(crate) const BZIP2: Option<Codec> = {
        #[cfg(feature = "bzip2")]
        let codec = Some(Codec::Bzip2);
        #[cfg(not(feature = "bzip2"))]
        let codec = None;
        codec
    };
    /// xz, if this build has it.
    pub(crate) const XZ: Option<Codec> = {
        #[cfg(feature = "xz")]
        let codec = Some(Codec::Xz);
        #[cfg(not(feature = "xz"))]
        let codec = None;
        codec
    };

    pub(crate) fn name(self) -> &'static str {
        match self {
            Codec::Gzip => "gzip",
            Codec::Zstd => "zstd",
            Codec::Lz4 => "lz4",
            Codec::SnappyFramed | Codec::Snappy | Codec::SnappyBlock => "snappy",
            Codec::Deflate => "deflate",
            #[cfg(feature = "bzip2")]
            Codec::Bzip2 => "bzip2",
            #[cfg(feature = "xz")]
            Codec::Xz => "xz",
        }
    }

    pub(super) fn damage(self, error: &io::Error) -> Cause {
        Cause::Compression { format: self.name(), detail: error.to_string() }
    }
}

/// The stream of what `bytes` unpack to.
pub(super) fn open(codec: Codec, bytes: Vec<u8>) -> Box<Pull> {
    match codec {
        Codec::Gzip => Box::new(flate2::read::MultiGzDecoder::new(Cursor::new(bytes))),
        Codec::Deflate => Box::new(flate2::read::DeflateDecoder::new(Cursor::new(bytes))),
        #[cfg(feature = "bzip2")]
        Codec::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(Cursor::new(bytes))),
        #[cfg(feature = "xz")]
        Codec::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(Cursor::new(bytes), true, XZ_MEMORY_KB)),
        Codec::Zstd => Box::new(ZstdFrames { rest: Some(Cursor::new(bytes)), frame: None }),
        Codec::Lz4 => Box::new(Lz4Frames { decoder: lz4_flex::frame::FrameDecoder::new(Cursor::new(bytes)) }),
        Codec::SnappyFramed => Box::new(snap::read::FrameDecoder::new(Cursor::new(bytes))),
        Codec::Snappy => Box::new(SnappyBlocks::new(bytes)),
        Codec::SnappyBlock => Box::new(SnappyBlocks::alone(bytes)),
    }
}

/// Unpacks a block that is in memory, up to `limit` bytes.
///
/// # Errors
/// What is wrong with it, beside what could be unpacked before.
pub(crate) fn unpack(codec: Codec, bytes: &[u8], limit: usize) -> (Vec<u8>, Result<(), Cause>) {
    let mut unpacked = Vec::new();
    let mut stream = open(codec, bytes.to_vec()).take(limit as u64 + 1);
    let result = stream.read_to_end(&mut unpacked).map(|_| ()).map_err(|error| codec.damage(&error));
    if unpacked.len() > limit {
        unpacked.truncate(limit);
        return (unpacked, Err(Cause::TooLarge { limit }));
    }
    (unpacked, result)
}

/// zstd frames one after the other.
struct ZstdFrames {
    rest: Option<Cursor<Vec<u8>>>,
    frame: Option<Box<StreamingDecoder<Cursor<Vec<u8>>, FrameDecoder>>>,
}

impl Read for ZstdFrames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let n = frame.read(buffer)?;
                if n > 0 {
                    return Ok(n);
                }
                self.rest = self.frame.take().map(|frame| frame.into_inner());
            }
            let Some(rest) = self.rest.take() else { return Ok(0) };
            let left = rest.get_ref().get(rest.position() as usize..).unwrap_or_default();
            // What stands behind the first frame and is none is padding.
            if left.is_empty() || (rest.position() > 0 && !left.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])) {
                return Ok(0);
            }
            let frame = StreamingDecoder::new(rest).map_err(io::Error::other)?;
            self.frame = Some(Box::new(frame));
        }
    }
}

/// lz4 frames one after the other.
struct Lz4Frames {
    decoder: lz4_flex::frame::FrameDecoder<Cursor<Vec<u8>>>,
}

impl Read for Lz4Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let before = self.decoder.get_ref().position();
            let n = self.decoder.read(buffer)?;
            let at = self.decoder.get_ref();
            let left = at.get_ref().get(at.position() as usize..).unwrap_or_default();
            // The decoder says 0 at the end of each frame.
            if n > 0 || at.position() == before || left.len() < 7 {
                return Ok(n);
            }
        }
    }
}
