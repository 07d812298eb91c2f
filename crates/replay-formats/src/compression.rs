//! gzip and zstd, told by their first bytes, unpacked as the chunks come and never beyond a bound.

use crate::error::Cause;
use std::io::{Read, Write};

/// The most that is unpacked: a bomb ends here instead of in the machine's memory.
pub const MAX_TEXT_BYTES: usize = 2 << 30;

/// How much zstd text is unpacked in one step.
const STEP_BYTES: usize = 1 << 20;

/// Compression and containers that the first bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Magic {
    Gzip,
    Zstd,
    /// Recognised, so that the message can name it.
    Other(&'static str),
}

/// What the first bytes say. Four bytes are enough for an answer.
pub(crate) fn magic(head: &[u8]) -> Option<Magic> {
    Some(match head {
        [0x1f, 0x8b, ..] => Magic::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Magic::Zstd,
        [0x04, 0x22, 0x4d, 0x18, ..] => Magic::Other("lz4"),
        [0x82, b'S', b'N', b'A', ..] => Magic::Other("snappy"),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Magic::Other("zip"),
        [b'O', b'b', b'j', 1, ..] => Magic::Other("Avro"),
        [b'P', b'A', b'R', b'1', ..] => Magic::Other("Parquet"),
        _ if is_log_segment(head) => Magic::Other("Kafka log segment"),
        _ => return None,
    })
}

/// A record batch: magic byte 2 at its place, a plausible length before it.
fn is_log_segment(head: &[u8]) -> bool {
    head.len() >= 17 && head[16] == 2 && head[0] == 0 && head[8] == 0 && !head[..17].is_ascii_graphic_text()
}

trait GraphicText {
    fn is_ascii_graphic_text(&self) -> bool;
}

impl GraphicText for [u8] {
    fn is_ascii_graphic_text(&self) -> bool {
        self.iter().all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace())
    }
}

/// Unpacks chunks in their order.
pub(crate) enum Unpacker {
    /// Nothing is known yet: fewer bytes than a magic number.
    Undecided(Vec<u8>),
    Plain,
    Gzip(Box<flate2::write::MultiGzDecoder<Bounded>>),
    /// zstd is pulled, so it waits until all is there.
    ZstdWaiting(Vec<u8>),
    Zstd(Box<ZstdStream>),
    /// Failed, finished or unsupported: further chunks are dropped.
    Done,
}

/// A sink that refuses to grow beyond the bound.
#[derive(Default)]
pub(crate) struct Bounded {
    bytes: Vec<u8>,
    taken: usize,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.taken + self.bytes.len() + bytes.len() > MAX_TEXT_BYTES {
            return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "too large"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Bounded {
    fn take(&mut self) -> Vec<u8> {
        self.taken += self.bytes.len();
        std::mem::take(&mut self.bytes)
    }
}

/// zstd frames one after the other.
pub(crate) struct ZstdStream {
    frame: Option<ruzstd::decoding::StreamingDecoder<std::io::Cursor<Vec<u8>>, ruzstd::decoding::FrameDecoder>>,
    taken: usize,
}

impl Unpacker {
    pub(crate) fn new() -> Unpacker {
        Unpacker::Undecided(Vec::new())
    }

    /// True while `step` has work to do after the input has ended.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self, Unpacker::Zstd(_))
    }

    /// Hands the text of the next chunk to `sink`.
    pub(crate) fn push(&mut self, chunk: &[u8], sink: &mut dyn FnMut(&[u8])) -> Result<(), Cause> {
        match self {
            Unpacker::Plain => sink(chunk),
            Unpacker::Done | Unpacker::Zstd(_) => {}
            Unpacker::ZstdWaiting(waiting) => waiting.extend_from_slice(chunk),
            Unpacker::Gzip(decoder) => {
                let written = decoder.write_all(chunk);
                sink(&decoder.get_mut().take());
                if let Err(error) = written {
                    *self = Unpacker::Done;
                    return Err(gzip_cause(&error));
                }
            }
            Unpacker::Undecided(head) => {
                head.extend_from_slice(chunk);
                if head.len() >= 17 {
                    return self.decide(sink);
                }
            }
        }
        Ok(())
    }

    fn decide(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<(), Cause> {
        let Unpacker::Undecided(head) = self else { return Ok(()) };
        let head = std::mem::take(head);
        match magic(&head) {
            None => *self = Unpacker::Plain,
            Some(Magic::Gzip) => {
                *self = Unpacker::Gzip(Box::new(flate2::write::MultiGzDecoder::new(Bounded::default())));
            }
            Some(Magic::Zstd) => *self = Unpacker::ZstdWaiting(Vec::new()),
            Some(Magic::Other(format)) => {
                *self = Unpacker::Done;
                return Err(Cause::Unsupported { format });
            }
        }
        self.push(&head, sink)
    }

    /// No more chunks come.
    pub(crate) fn finish(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<(), Cause> {
        if matches!(self, Unpacker::Undecided(_)) {
            self.decide(sink)?;
        }
        match std::mem::replace(self, Unpacker::Done) {
            Unpacker::Gzip(mut decoder) => {
                let finished = decoder.try_finish();
                sink(&decoder.get_mut().take());
                finished.map_err(|error| gzip_cause(&error))
            }
            Unpacker::ZstdWaiting(bytes) => {
                let frame = open_frame(std::io::Cursor::new(bytes))?;
                *self = Unpacker::Zstd(Box::new(ZstdStream { frame: Some(frame), taken: 0 }));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Unpacks about a megabyte of zstd.
    pub(crate) fn step(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<(), Cause> {
        let Unpacker::Zstd(stream) = self else { return Ok(()) };
        let Some(mut frame) = stream.frame.take() else {
            *self = Unpacker::Done;
            return Ok(());
        };
        let mut buffer = vec![0; STEP_BYTES];
        match frame.read(&mut buffer) {
            Ok(0) => {
                // The next frame, if there is one; other trailing bytes are padding.
                let rest = frame.into_inner();
                let left = rest.get_ref().len() as u64 - rest.position();
                let next = rest.get_ref().get(rest.position() as usize..).and_then(magic);
                if left < 4 || next != Some(Magic::Zstd) {
                    *self = Unpacker::Done;
                    return Ok(());
                }
                stream.frame = Some(open_frame(rest)?);
                Ok(())
            }
            Ok(n) => {
                stream.taken += n;
                if stream.taken > MAX_TEXT_BYTES {
                    *self = Unpacker::Done;
                    return Err(Cause::TooLarge { limit: MAX_TEXT_BYTES });
                }
                stream.frame = Some(frame);
                sink(&buffer[..n]);
                Ok(())
            }
            Err(error) => {
                *self = Unpacker::Done;
                Err(Cause::Compression { format: "zstd", detail: error.to_string() })
            }
        }
    }
}

fn open_frame(
    bytes: std::io::Cursor<Vec<u8>>,
) -> Result<ruzstd::decoding::StreamingDecoder<std::io::Cursor<Vec<u8>>, ruzstd::decoding::FrameDecoder>, Cause> {
    ruzstd::decoding::StreamingDecoder::new(bytes)
        .map_err(|error| Cause::Compression { format: "zstd", detail: error.to_string() })
}

fn gzip_cause(error: &std::io::Error) -> Cause {
    if error.kind() == std::io::ErrorKind::FileTooLarge {
        return Cause::TooLarge { limit: MAX_TEXT_BYTES };
    }
    Cause::Compression { format: "gzip", detail: error.to_string() }
}
