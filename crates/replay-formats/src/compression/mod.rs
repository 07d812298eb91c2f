//! From the bytes of a file to its content: layer after layer of compression is taken off, never beyond a bound.

mod codec;
mod magic;
mod snappy;

pub(crate) use codec::{Codec, unpack};
pub(crate) use magic::{Content, has_extension, is_record_batch, is_stray};

use crate::error::Cause;
use codec::{Pull, open};
use flate2::write::MultiGzDecoder;
use magic::{HEAD_BYTES, Magic, magic};
use std::io::{Read, Write};

/// The most that is unpacked, and the most text that is kept: a bomb ends here instead of in the machine's memory.
#[cfg(target_pointer_width = "64")]
pub const MAX_TEXT_BYTES: usize = 2 << 30;
/// The most that is unpacked, and the most text that is kept. A vector of 32-bit wasm cannot grow beyond 2 GB.
#[cfg(not(target_pointer_width = "64"))]
pub const MAX_TEXT_BYTES: usize = 1 << 30;

/// Logs pack to a tenth or a fiftieth; what unpacks to more than this many times its size is a bomb.
const MAX_RATIO: usize = 300;
/// Small files may unpack to this much whatever their ratio.
const ALWAYS_ALLOWED: usize = 256 << 20;
/// How much is pulled out of a decoder in one step.
const STEP_BYTES: usize = 1 << 20;
/// How much is pushed into a decoder before its output is passed on.
const SLICE_BYTES: usize = 64 << 10;
/// Layers of compression: more than anybody means.
const MAX_LAYERS: usize = 5;

/// Where unpacked bytes go.
pub(crate) type Sink<'a> = dyn FnMut(Content, &[u8]) + 'a;

/// The most that so many packed bytes may unpack to.
pub(crate) fn bound(packed: usize) -> usize {
    packed.saturating_mul(MAX_RATIO).clamp(ALWAYS_ALLOWED, MAX_TEXT_BYTES)
}

/// Appends as much of `bytes` as `limit` allows, and says whether that was all. The vector never takes more than the limit: doubling would
/// at last ask for more than there can be.
pub(crate) fn append_within(limit: usize, into: &mut Vec<u8>, bytes: &[u8]) -> bool {
    let taken = bytes.len().min(limit.saturating_sub(into.len()));
    let needed = into.len() + taken;
    if needed > into.capacity() {
        let wanted = needed.max(into.capacity().saturating_mul(2).min(limit));
        if into.try_reserve_exact(wanted - into.len()).is_err() {
            return false;
        }
    }
    into.extend_from_slice(&bytes[..taken]);
    taken == bytes.len()
}

/// Unpacks chunks in their order.
pub(crate) struct Unpacker {
    layers: Vec<Layer>,
    file_name: Option<String>,
    taken: usize,
    /// The most that may wait in a layer.
    limit: usize,
}

struct Layer {
    stage: Stage,
    given: usize,
}

enum Stage {
    /// Nothing is known yet: fewer bytes than a magic number.
    Undecided(Vec<u8>),
    /// No compression.
    Plain(Content),
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    /// The other decoders are pulled, so they wait until all is there.
    Waiting(Codec, Vec<u8>),
    /// With the size of what it pulls from.
    Pulling(Codec, Box<Pull>, usize),
    /// Failed, finished or unsupported: further chunks are dropped.
    Done,
}

impl Unpacker {
    pub(crate) fn new(file_name: Option<&str>) -> Unpacker {
        Unpacker {
            layers: vec![Layer::new()],
            file_name: file_name.map(str::to_owned),
            taken: 0,
            limit: MAX_TEXT_BYTES,
        }
    }

    /// For bytes that are known to be text.
    pub(crate) fn plain() -> Unpacker {
        Unpacker {
            layers: vec![Layer { stage: Stage::Plain(Content::Text), given: 0 }],
            file_name: None,
            taken: 0,
            limit: MAX_TEXT_BYTES,
        }
    }

    /// True if these first bytes of a file are text, neither packed nor binary.
    pub(crate) fn is_plain(head: &[u8], file_name: Option<&str>) -> bool {
        magic(head, file_name) == Magic::Plain(Content::Text)
    }

    /// No more than this may wait for the end of the input from now on.
    pub(crate) fn limit(&mut self, bytes: usize) {
        self.limit = bytes;
    }

    /// Bytes that wait for the end of the input.
    pub(crate) fn memory(&self) -> usize {
        let waiting = |layer: &Layer| match &layer.stage {
            Stage::Waiting(_, bytes) => bytes.capacity(),
            Stage::Pulling(_, _, packed) => *packed,
            _ => 0,
        };
        self.layers.iter().map(waiting).sum()
    }

    /// True if what is pushed is handed on as it is.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.layers.as_slice(), [Layer { stage: Stage::Plain(Content::Text), .. }])
    }

    /// True while `step` has work to do after the input has ended.
    pub(crate) fn is_busy(&self) -> bool {
        self.layers.iter().any(|layer| matches!(layer.stage, Stage::Pulling(..)))
    }

    /// Hands the content of the next chunk to `sink`.
    pub(crate) fn push(&mut self, chunk: &[u8], sink: &mut Sink<'_>) -> Result<(), Cause> {
        self.taken = self.taken.saturating_add(chunk.len());
        self.feed(0, chunk, sink)
    }

    /// No more chunks come.
    pub(crate) fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Cause> {
        self.close(0, sink)
    }

    /// Unpacks about a megabyte of what had to wait for the end of the input.
    pub(crate) fn step(&mut self, sink: &mut Sink<'_>) -> Result<(), Cause> {
        let Some(at) = self.layers.iter().position(|layer| matches!(layer.stage, Stage::Pulling(..))) else {
            return Ok(());
        };
        let Stage::Pulling(codec, mut pull, packed) = std::mem::replace(&mut self.layers[at].stage, Stage::Done) else {
            return Ok(());
        };
        let mut buffer = vec![0; STEP_BYTES];
        match pull.read(&mut buffer) {
            Ok(0) => self.close(at + 1, sink),
            Ok(n) => {
                self.layers[at].stage = Stage::Pulling(codec, pull, packed);
                self.pass_on(at, &buffer[..n], sink)
            }
            Err(error) => {
                self.close(at + 1, sink)?;
                Err(codec.damage(&error))
            }
        }
    }

    fn feed(&mut self, at: usize, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), Cause> {
        match &mut self.layers[at].stage {
            Stage::Plain(content) => sink(*content, bytes),
            Stage::Done | Stage::Pulling(..) => {}
            Stage::Waiting(_, waiting) => {
                if !append_within(self.limit, waiting, bytes) {
                    return Err(Cause::TooLarge { limit: self.limit });
                }
            }
            Stage::Undecided(head) => {
                head.extend_from_slice(bytes);
                if head.len() >= HEAD_BYTES {
                    return self.decide(at, sink);
                }
            }
            Stage::Gzip(_) => {
                for slice in bytes.chunks(SLICE_BYTES) {
                    let Stage::Gzip(decoder) = &mut self.layers[at].stage else { break };
                    let written = decoder.write_all(slice);
                    let text = std::mem::take(decoder.get_mut());
                    self.pass_on(at, &text, sink)?;
                    if let Err(error) = written {
                        self.layers[at].stage = Stage::Done;
                        self.close(at + 1, sink)?;
                        return Err(Codec::Gzip.damage(&error));
                    }
                }
            }
        }
        Ok(())
    }

    /// Gives what a layer unpacked to the next one.
    fn pass_on(&mut self, at: usize, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), Cause> {
        let limit = bound(self.taken);
        let layer = &mut self.layers[at];
        let left = limit.saturating_sub(layer.given);
        layer.given = layer.given.saturating_add(bytes.len());
        if self.layers.len() == at + 1 {
            self.layers.push(Layer::new());
        }
        self.feed(at + 1, &bytes[..bytes.len().min(left)], sink)?;
        if bytes.len() > left {
            self.layers[at].stage = Stage::Done;
            self.close(at + 1, sink)?;
            return Err(Cause::TooLarge { limit });
        }
        Ok(())
    }

    fn decide(&mut self, at: usize, sink: &mut Sink<'_>) -> Result<(), Cause> {
        let Stage::Undecided(head) = std::mem::replace(&mut self.layers[at].stage, Stage::Done) else { return Ok(()) };
        // What was packed by a name in a folder has that name for its content too.
        let name = if at == 0 { self.file_name.as_deref() } else { None };
        self.layers[at].stage = match magic(&head, name) {
            Magic::Packed(_) if at >= MAX_LAYERS => return Err(Cause::TooManyLayers { limit: MAX_LAYERS }),
            Magic::Plain(content) => Stage::Plain(content),
            Magic::Packed(Codec::Gzip) => Stage::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
            Magic::Packed(codec) => Stage::Waiting(codec, Vec::new()),
            Magic::Unsupported(format) => return Err(Cause::Unsupported { format }),
            Magic::Foreign(what) => return Err(Cause::Foreign { what }),
        };
        self.feed(at, &head, sink)
    }

    /// No more bytes come for this layer.
    fn close(&mut self, at: usize, sink: &mut Sink<'_>) -> Result<(), Cause> {
        let Some(layer) = self.layers.get(at) else { return Ok(()) };
        if matches!(layer.stage, Stage::Undecided(_)) {
            self.decide(at, sink)?;
        }
        match std::mem::replace(&mut self.layers[at].stage, Stage::Done) {
            Stage::Gzip(mut decoder) => {
                let finished = decoder.try_finish();
                let text = std::mem::take(decoder.get_mut());
                self.pass_on(at, &text, sink)?;
                self.close(at + 1, sink)?;
                finished.map_err(|error| Codec::Gzip.damage(&error))
            }
            Stage::Waiting(codec, bytes) => {
                let packed = bytes.capacity();
                self.layers[at].stage = Stage::Pulling(codec, open(codec, bytes), packed);
                Ok(())
            }
            stage => {
                self.layers[at].stage = stage;
                Ok(())
            }
        }
    }
}

impl Layer {
    fn new() -> Layer {
        Layer { stage: Stage::Undecided(Vec::new()), given: 0 }
    }
}
