//! Archives of files: zip and tar. Each file in them is loaded by itself, and all become one log.

mod tar;
mod zip;

use crate::compression::{Content, has_extension, is_stray};
use crate::error::{Cause, ReadError};
use crate::loader::{LoadOptions, Loaded, Loader, Progress};
use crate::many::join;
use crate::registry::Schemas;
use flate2::write::DeflateDecoder;
use replay_lean as lean;
use replay_log::Footprint;
use replay_log::text::Text;
use std::collections::VecDeque;
use std::io::Write;
use std::ops::Range;

/// How much of a file is given to its loader at once.
const SLICE_BYTES: usize = 256 << 10;
/// Archives in archives: more than anybody means.
const MAX_NESTING: u32 = 3;
/// More files than this are not looked at.
const MAX_FILES: usize = 100_000;

/// A file in an archive.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    /// Its bytes in the archive.
    data: Range<usize>,
    packing: Packing,
    /// CRC-32 of the unpacked bytes, if the archive has it.
    crc: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    /// Stored, or packed in a way that the loader of the file tells by its first bytes.
    None,
    Deflate,
}

/// What an archive lists.
#[derive(Debug, Default)]
struct Listing {
    entries: Vec<Entry>,
    errors: Vec<Cause>,
}

/// Loads the files of an archive, one after the other.
pub(crate) struct Archive {
    bytes: Vec<u8>,
    waiting: VecDeque<Entry>,
    current: Option<(Entry, Box<Unpacking>)>,
    done: Vec<(String, Loaded)>,
    options: LoadOptions,
    errors: Vec<Cause>,
    records: u64,
    read: u64,
    n_errors: u64,
    nesting: u32,
    /// The most text of all its files.
    limit: u64,
    /// What was loaded takes so much: its text, and the rest.
    text: u64,
    footprint: Footprint,
}

/// A file on its way into its loader.
struct Unpacking {
    loader: Loader,
    at: usize,
    inflater: Option<DeflateDecoder<Vec<u8>>>,
    crc: flate2::Crc,
}

impl Archive {
    pub(crate) fn open(content: Content, bytes: Vec<u8>, mut options: LoadOptions, nesting: u32) -> Archive {
        let mut listing = match content {
            _ if nesting >= MAX_NESTING => {
                Listing { entries: Vec::new(), errors: vec![Cause::TooManyLayers { limit: MAX_NESTING as usize }] }
            }
            Content::Tar => tar::list(&bytes),
            _ => zip::list(&bytes),
        };
        listing.entries.retain(|entry| !is_stray(&entry.name) && !entry.data.is_empty());
        if listing.entries.len() > MAX_FILES {
            listing.entries.truncate(MAX_FILES);
            let detail = format!("there are more than {MAX_FILES} files; the rest was left out");
            listing.errors.push(Cause::Binary { what: "archive", at: 0, detail });
        }
        // By name, as people number them; schemas first, since other files need them.
        lean::sort_by(&mut listing.entries, &mut |a, b| a.name.cmp(&b.name));
        let mut schemas = Schemas::default();
        listing.entries.retain(|entry| {
            let found = small(entry, &bytes).and_then(|content| Schemas::of_file(&entry.name, &content));
            if let Some(found) = &found {
                schemas = schemas.with(found);
            }
            found.is_none()
        });
        options.schemas = options.schemas.with(&schemas);
        let n_errors = listing.errors.len() as u64;
        Archive {
            bytes,
            waiting: listing.entries.into(),
            current: None,
            done: Vec::new(),
            options,
            errors: listing.errors,
            records: 0,
            read: 0,
            n_errors,
            nesting,
            limit: u64::MAX,
            text: 0,
            footprint: Footprint::default(),
        }
    }

    /// The text of all its files may grow to so many bytes from now on.
    pub(crate) fn limit_text(&mut self, bytes: u64) {
        self.limit = bytes;
    }

    /// What the records take of memory that were read so far.
    pub(crate) fn footprint(&self) -> Footprint {
        let current = self.current.as_ref().map(|(_, unpacking)| unpacking.loader.footprint()).unwrap_or_default();
        self.footprint.plus(current)
    }

    /// Bytes of text and of the archive itself that are held.
    pub(crate) fn memory(&self) -> u64 {
        let current = self.current.as_ref().map_or(0, |(_, unpacking)| unpacking.loader.memory());
        self.bytes.capacity() as u64 + self.text + current
    }

    /// Goes on with about so many records. True when all is loaded.
    pub(crate) fn step(&mut self, budget_records: usize) -> bool {
        let Some((entry, mut unpacking)) = self.current.take() else {
            let Some(entry) = self.waiting.pop_front() else { return true };
            let options = LoadOptions { file_name: Some(entry.name.clone()), ..self.options.clone() };
            let unpacking = Unpacking {
                loader: Loader::nested(options, self.nesting + 1),
                at: entry.data.start,
                inflater: (entry.packing == Packing::Deflate).then(|| DeflateDecoder::new(Vec::new())),
                crc: flate2::Crc::new(),
            };
            self.current = Some((entry, Box::new(unpacking)));
            return false;
        };
        unpacking.loader.limit_text(self.limit.saturating_sub(self.text));
        if let Err(detail) = unpacking.feed(&entry, &self.bytes) {
            self.n_errors += 1;
            let detail = format!("{}: {detail}", entry.name);
            self.errors.push(Cause::Binary { what: "archive entry", at: entry.data.start as u64, detail });
        }
        unpacking.loader.step(budget_records);
        if unpacking.loader.is_done() {
            self.close(entry, unpacking.loader);
        } else {
            self.current = Some((entry, unpacking));
        }
        false
    }

    fn close(&mut self, entry: Entry, loader: Loader) {
        let progress = loader.progress();
        self.records += progress.records;
        self.read += progress.bytes_read;
        self.n_errors += progress.errors;
        let loaded = loader.into_loaded();
        if let (None, Some(guess)) = (&self.options.key_by, &loaded.key_guess) {
            self.options.key_by = Some(guess.pointer.clone());
        }
        self.text += loaded.log.texts().map(Text::most_memory).sum::<u64>();
        self.footprint = self.footprint.plus(loaded.log.footprint());
        self.done.push((entry.name, loaded));
    }

    pub(crate) fn progress(&self, bytes_taken: u64) -> Progress {
        let current = self.current.as_ref().map(|(_, unpacking)| unpacking.loader.progress()).unwrap_or_default();
        Progress {
            bytes_taken,
            bytes_read: self.read + current.bytes_read,
            records: self.records + current.records,
            errors: self.n_errors + current.errors,
        }
    }

    /// What was loaded, with the errors that were found before.
    pub(crate) fn into_loaded(mut self, before: Vec<ReadError>) -> Loaded {
        if let Some((entry, unpacking)) = self.current.take() {
            self.close(entry, unpacking.loader);
        }
        let mut loaded = join(self.done);
        // What is wrong with the archive comes first.
        let own =
            self.errors.into_iter().map(|cause| ReadError { file: None, line: 1, column: 1, cause, around: None });
        let own: Vec<ReadError> = before.into_iter().chain(own).collect();
        if loaded.log.is_empty() && !own.is_empty() {
            loaded.errors.retain(|error| error.cause != Cause::Empty);
            loaded.n_errors = loaded.errors.len() as u64;
            loaded.error_kinds.remove("empty");
        }
        for error in &own {
            *loaded.error_kinds.entry(error.cause.code()).or_default() += 1;
        }
        loaded.n_errors += own.len() as u64;
        loaded.errors = own.into_iter().chain(loaded.errors).take(crate::MAX_ERRORS).collect();
        loaded
    }
}

impl Unpacking {
    /// Gives the next slice to the loader. An error ends the file; what came before stays.
    fn feed(&mut self, entry: &Entry, archive: &[u8]) -> Result<(), String> {
        let end = entry.data.end.min(archive.len());
        let to = (self.at + SLICE_BYTES).min(end);
        let mut result = Ok(());
        if self.at < to {
            let slice = &archive[self.at..to];
            self.at = to;
            match &mut self.inflater {
                None => {
                    self.crc.update(slice);
                    self.loader.push(slice);
                }
                // A file may unpack to a thousand times its size: piece by piece it cannot fill the memory.
                Some(inflater) => {
                    for piece in slice.chunks(4 << 10) {
                        let written = inflater.write_all(piece);
                        let text = std::mem::take(inflater.get_mut());
                        self.crc.update(&text);
                        self.loader.push_unpacked(&text, piece.len());
                        if let Err(error) = written {
                            result = Err(error.to_string());
                            self.at = end;
                            break;
                        }
                    }
                }
            }
        }
        if self.at >= end && !self.loader.has_input_ended() {
            if let Some(inflater) = &mut self.inflater
                && result.is_ok()
            {
                result = inflater.try_finish().map_err(|error| error.to_string());
                let text = std::mem::take(inflater.get_mut());
                self.crc.update(&text);
                self.loader.push_unpacked(&text, 0);
            }
            if result.is_ok() && entry.crc.is_some_and(|crc| crc != self.crc.sum()) {
                result = Err("its checksum is wrong".to_owned());
            }
            self.loader.finish_input();
        }
        result
    }
}

/// The content of a file that is small enough to be a schema.
fn small(entry: &Entry, archive: &[u8]) -> Option<Vec<u8>> {
    const SMALL: usize = 1 << 20;
    let data = archive.get(entry.data.clone()).filter(|data| data.len() <= SMALL)?;
    if !has_extension(&entry.name, "json") && !has_extension(&entry.name, "avsc") {
        return None;
    }
    match entry.packing {
        Packing::None => Some(data.to_vec()),
        Packing::Deflate => {
            let (content, result) = crate::compression::unpack(crate::compression::Codec::Deflate, data, SMALL);
            result.is_ok().then_some(content)
        }
    }
}
