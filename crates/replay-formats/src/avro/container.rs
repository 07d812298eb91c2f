//! Avro object container files. Source: Apache Avro specification 1.11, "Object Container Files".

use super::decode::Decoder;
use super::schema::{Schema, compile};
use crate::compression::{Codec, unpack};
use crate::detect::Evidence;
use crate::error::Cause;
use crate::read::transcribe::{Output, TranscribeBytes};
use replay_log::json::Json;

const SYNC: usize = 16;
/// A block is some dozen kilobytes as libraries write it.
const MAX_BLOCK_BYTES: usize = 256 << 20;
/// A header is schema and little else.
const MAX_HEADER_BYTES: usize = 64 << 20;

/// Writes the values over into lines of JSON.
#[derive(Default)]
pub(crate) struct ContainerReader {
    header: Option<Header>,
    rest: Vec<u8>,
    /// Where `rest` begins in the file.
    at: u64,
    /// Do not try again before there is so much.
    wait_for: usize,
    is_over: bool,
}

struct Header {
    schema: Schema,
    codec_name: String,
    codec: Option<Codec>,
    sync: [u8; SYNC],
}

impl ContainerReader {
    fn drain(&mut self, is_last: bool, out: &mut Output<'_>) {
        if self.header.is_none() && !self.is_over && (is_last || self.rest.len() >= self.wait_for) {
            self.read_header(is_last, out);
        }
        let Some(header) = self.header.take() else { return };
        let rest = std::mem::take(&mut self.rest);
        let mut from = 0;
        while !self.is_over && (is_last || rest.len() >= self.wait_for) {
            match block(&rest[from..], &header.sync) {
                Block::Whole { count, data, length } => {
                    let data = &rest[from..][data];
                    if let Err(detail) = values(&header, count, data, out) {
                        out.errors.binary("Avro block", self.at, &detail);
                    }
                    from += length;
                    self.at += length as u64;
                    self.wait_for = 0;
                }
                // A block is waited for as a whole.
                Block::Cut { needed } if !is_last => {
                    self.wait_for = needed;
                    break;
                }
                Block::Cut { .. } if from == rest.len() => break,
                Block::Cut { .. } | Block::Damaged => {
                    // Behind the next mark between blocks, reading may go on.
                    let next = memchr::memmem::find(&rest[from..], &header.sync);
                    if next.is_none() && !is_last {
                        self.wait_for = (rest.len() - from) * 2;
                        break;
                    }
                    out.errors.binary("Avro block", self.at, "it is damaged or cut off");
                    let length = next.map_or(rest.len() - from, |next| next + SYNC);
                    from += length;
                    self.at += length as u64;
                }
            }
        }
        self.rest = rest;
        self.rest.drain(..from.min(self.rest.len()));
        self.header = Some(header);
    }

    fn read_header(&mut self, is_last: bool, out: &mut Output<'_>) {
        match header(&self.rest) {
            Some(Ok((header, length))) => {
                self.header = Some(header);
                self.rest.drain(..length);
                self.at = length as u64;
                self.wait_for = 0;
            }
            Some(Err(cause)) => {
                out.errors.add(1, 1, cause);
                self.is_over = true;
            }
            None if is_last || self.rest.len() > MAX_HEADER_BYTES => {
                out.errors.binary("Avro header", 0, "it is damaged or cut off");
                self.is_over = true;
            }
            None => self.wait_for = self.rest.len() * 2,
        }
    }
}

impl TranscribeBytes for ContainerReader {
    fn push(&mut self, bytes: &[u8], out: &mut Output<'_>) {
        if !self.is_over {
            self.rest.extend_from_slice(bytes);
            self.drain(false, out);
        }
    }

    fn finish(&mut self, out: &mut Output<'_>) {
        self.drain(true, out);
        self.rest = Vec::new();
    }

    fn notes(&self) -> Vec<Evidence> {
        let schema =
            |header: &Header| Evidence::Schema { name: header.schema.name.clone(), codec: header.codec_name.clone() };
        self.header.iter().map(schema).collect()
    }
}

/// The header and its length; `None` if it goes on.
fn header(bytes: &[u8]) -> Option<Result<(Header, usize), Cause>> {
    let nothing = Schema { nodes: Vec::new(), root: 0, name: String::new() };
    let mut decoder = Decoder::new(&nothing, bytes.get(4..)?);
    let (mut schema, mut codec_name) = (None, "null".to_owned());
    loop {
        let count = decoder.block()?;
        if count == 0 {
            break;
        }
        for _ in 0..count {
            let (name, value) = (decoder.sized()?, decoder.sized()?);
            match name {
                b"avro.schema" => schema = Some(value),
                b"avro.codec" => codec_name = String::from_utf8_lossy(value).into_owned(),
                _ => {}
            }
        }
    }
    let sync = *decoder.rest().first_chunk::<SYNC>()?;
    let length = bytes.len() - decoder.rest().len() + SYNC;
    Some(
        schema_and_codec(schema, codec_name)
            .map(|(schema, codec_name, codec)| (Header { schema, codec_name, codec, sync }, length)),
    )
}

fn schema_and_codec(schema: Option<&[u8]>, name: String) -> Result<(Schema, String, Option<Codec>), Cause> {
    let broken = |detail: String| Cause::Binary { what: "Avro schema", at: 0, detail };
    let schema = schema.ok_or_else(|| broken("there is none in the header".to_owned()))?;
    let json = Json::parse(schema).map_err(|error| broken(error.reason.to_string()))?;
    let schema = compile(&json, &[]).map_err(broken)?;
    let codec = match name.as_str() {
        "null" | "" => None,
        "deflate" => Some(Codec::Deflate),
        "snappy" => Some(Codec::SnappyBlock),
        "zstandard" => Some(Codec::Zstd),
        "bzip2" => Some(Codec::BZIP2.ok_or(Cause::Unsupported { format: "Avro with bzip2 compression" })?),
        "xz" => Some(Codec::XZ.ok_or(Cause::Unsupported { format: "Avro with xz compression" })?),
        _ => {
            return Err(Cause::Binary { what: "Avro header", at: 0, detail: format!("its codec {name:?} is unknown") });
        }
    };
    Ok((schema, name, codec))
}

enum Block {
    Whole {
        count: i64,
        data: std::ops::Range<usize>,
        length: usize,
    },
    /// With so many bytes it would be whole.
    Cut {
        needed: usize,
    },
    Damaged,
}

fn block(bytes: &[u8], sync: &[u8]) -> Block {
    let nothing = Schema { nodes: Vec::new(), root: 0, name: String::new() };
    let mut decoder = Decoder::new(&nothing, bytes);
    let (count, size) = (decoder.long(), decoder.long());
    let (Some(count), Some(size)) = (count, size) else {
        return if bytes.len() < 20 { Block::Cut { needed: 0 } } else { Block::Damaged };
    };
    let start = bytes.len() - decoder.rest().len();
    let Some(size) = usize::try_from(size).ok().filter(|size| *size <= MAX_BLOCK_BYTES && count >= 0) else {
        return Block::Damaged;
    };
    let end = start + size;
    match bytes.get(end..end + SYNC) {
        None => Block::Cut { needed: end + SYNC },
        Some(mark) if mark == sync => Block::Whole { count, data: start..end, length: end + SYNC },
        Some(_) => Block::Damaged,
    }
}

/// Writes the values of a block as lines.
fn values(header: &Header, count: i64, data: &[u8], out: &mut Output<'_>) -> Result<(), String> {
    let (unpacked, result) = match header.codec {
        None => (Vec::new(), Ok(())),
        Some(Codec::SnappyBlock) => {
            // The last four bytes are a checksum of what comes out.
            let (packed, stored) = data.split_last_chunk::<4>().ok_or("it is cut off")?;
            let (unpacked, result) = unpack(Codec::SnappyBlock, packed, MAX_BLOCK_BYTES);
            let mut crc = flate2::Crc::new();
            crc.update(&unpacked);
            if result.is_ok() && crc.sum() != u32::from_be_bytes(*stored) {
                return Err("its checksum is wrong".to_owned());
            }
            (unpacked, result)
        }
        Some(codec) => unpack(codec, data, MAX_BLOCK_BYTES),
    };
    let mut decoder = Decoder::new(&header.schema, if header.codec.is_some() { &unpacked } else { data });
    for number in 0..count {
        let start = out.store.len();
        if decoder.value(out.store).is_none() {
            out.store.truncate(start);
            return Err(match result {
                Err(cause) => cause.to_string(),
                Ok(()) => format!("{} of its {count} records do not fit the schema", count - number),
            });
        }
        out.store.push(b'\n');
    }
    if decoder.is_at_end() { Ok(()) } else { Err("there are bytes behind its records".to_owned()) }
}
