//! Loading: chunks in, records into the log, in steps of bounded work.

use crate::compression::{Unpacker, magic};
use crate::decode::{Depth, JsonDecoder};
use crate::detect::{Detected, Evidence, Hints, detect, error_body, text_kind};
use crate::error::{Cause, Errors, LineCounter, ReadError};
use crate::format::{Format, Transport};
use crate::guess::{KeyCandidate, KeyGuess};
use crate::mapping::Mapping;
use crate::read::json_text::{Frames, Next};
use crate::read::transcribe::{Output, Transcription};
use crate::text::{Charset, is_plain_utf8};
use replay_log::builder::{LogBuilder, SourceSpec};
use replay_log::columns::PackedColumn;
use replay_log::log::Log;
use std::sync::Arc;

/// So much text is looked at before the format is decided.
const SAMPLE_BYTES: usize = 1 << 20;

/// What the user says beforehand; everything is found out if nothing is said.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// The format, or one of its two layers.
    pub format: Option<Format>,
    /// JSON pointer to the key, in the value or in the rows of change data.
    pub key_by: Option<String>,
    /// The file's name, perhaps with folders: some exports say topic, partition or stream only there.
    pub file_name: Option<String>,
}

/// How far a load is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes of the input that were taken in, compressed if it is.
    pub bytes_taken: u64,
    /// Bytes of text whose records are in the log.
    pub bytes_read: u64,
    /// Records so far.
    pub records: u64,
    /// Errors so far.
    pub errors: u64,
}

/// What a load gives: all that could be read, and a list of what could not.
pub struct Loaded {
    /// The records.
    pub log: Log,
    /// What the text was taken for.
    pub format: Format,
    /// What each part of a record was taken from.
    pub mapping: Mapping,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// The key of bare events, if it was guessed.
    pub key_guess: Option<KeyGuess>,
    /// Members of the values that could be the key, best first.
    pub key_candidates: Vec<KeyCandidate>,
    /// Name of the projection that suits: `latest`, `merge`, `status`, `cdc` or `json-patch`.
    pub guessed_projection: &'static str,
    /// What could not be read, at most [`crate::MAX_ERRORS`].
    pub errors: Vec<ReadError>,
    /// How many there are in all.
    pub n_errors: u64,
    /// Lines that tools had printed between the records.
    pub tool_messages: u64,
}

/// Reads one file. The host pushes its bytes in order, says when they end, and calls `step` until all is done.
pub struct Loader {
    options: LoadOptions,
    unpacker: Unpacker,
    charset: Charset,
    /// The text before it is decided what it is, then the text that the log keeps.
    store: Vec<u8>,
    transcription: Option<Transcription>,
    errors: Errors,
    reading: Option<Reading>,
    has_input_ended: bool,
    has_text_ended: bool,
    is_done: bool,
    bytes_taken: u64,
}

/// The state after detection.
struct Reading {
    builder: LogBuilder,
    decoder: Arc<JsonDecoder>,
    frames: Frames,
    places: LineCounter,
    format: Format,
    mapping: Mapping,
    evidence: Vec<Evidence>,
    key_guess: Option<KeyGuess>,
    key_candidates: Vec<KeyCandidate>,
    projection: &'static str,
    may_have_error_bodies: bool,
    records: u64,
    /// The line of each record, for conflicts that are found only at the end. About a byte a record.
    lines: PackedColumn,
}

impl Loader {
    /// `total_bytes_hint` is the size of the input if it is known; it saves copying while the text grows.
    pub fn new(options: LoadOptions, total_bytes_hint: Option<u64>) -> Loader {
        let capacity = total_bytes_hint.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0);
        let mut store = Vec::new();
        // A hint is only a hint: a wrong one must not end the program.
        let _ = store.try_reserve_exact(capacity.min(crate::compression::MAX_TEXT_BYTES));
        Loader {
            options,
            unpacker: Unpacker::new(),
            charset: Charset::new(),
            store,
            transcription: None,
            errors: Errors::default(),
            reading: None,
            has_input_ended: false,
            has_text_ended: false,
            is_done: false,
            bytes_taken: 0,
        }
    }

    /// Takes the next bytes of the input: unpacks them and keeps the text.
    pub fn push(&mut self, chunk: &[u8]) {
        if self.has_input_ended {
            return;
        }
        self.bytes_taken += chunk.len() as u64;
        let mut sink = TextSink {
            charset: &mut self.charset,
            store: &mut self.store,
            transcription: &mut self.transcription,
            errors: &mut self.errors,
        };
        if let Err(cause) = self.unpacker.push(chunk, &mut |text| sink.take(text, false)) {
            self.errors.add(1, 1, cause);
        }
    }

    /// Like [`Loader::push`] for who has the bytes to give away: if they are plain text and the first, they are kept without a copy.
    pub fn push_vec(&mut self, chunk: Vec<u8>) {
        let is_first = self.bytes_taken == 0 && !self.has_input_ended;
        if is_first && chunk.len() >= 17 && magic(&chunk).is_none() && is_plain_utf8(&chunk) {
            self.bytes_taken = chunk.len() as u64;
            self.unpacker = Unpacker::Plain;
            self.charset = Charset::Utf8;
            self.store = chunk;
        } else {
            self.push(&chunk);
        }
    }

    /// No more bytes come.
    pub fn finish_input(&mut self) {
        if self.has_input_ended {
            return;
        }
        self.has_input_ended = true;
        let mut sink = TextSink {
            charset: &mut self.charset,
            store: &mut self.store,
            transcription: &mut self.transcription,
            errors: &mut self.errors,
        };
        if let Err(cause) = self.unpacker.finish(&mut |text| sink.take(text, false)) {
            self.errors.add(1, 1, cause);
        }
        if !self.unpacker.is_busy() {
            self.end_text();
        }
    }

    fn end_text(&mut self) {
        self.has_text_ended = true;
        let mut sink = TextSink {
            charset: &mut self.charset,
            store: &mut self.store,
            transcription: &mut self.transcription,
            errors: &mut self.errors,
        };
        sink.take(&[], true);
        if let Some(transcription) = &mut self.transcription {
            transcription.finish(&mut Output { store: &mut self.store, errors: &mut self.errors });
        }
        if self.charset.replaced() > 0 {
            self.errors.add(1, 1, Cause::Utf16 { count: self.charset.replaced() });
        }
    }

    /// Reads up to so many records of what has been pushed.
    pub fn step(&mut self, budget_records: usize) -> Progress {
        if self.has_input_ended && !self.has_text_ended {
            self.unpack_more();
        }
        if self.reading.is_none() && (self.has_text_ended || self.store.len() >= SAMPLE_BYTES) {
            self.start();
        }
        if let Some(reading) = &mut self.reading {
            self.is_done = reading.step(&self.store, self.has_text_ended, budget_records, &mut self.errors);
        }
        self.progress()
    }

    fn unpack_more(&mut self) {
        let mut sink = TextSink {
            charset: &mut self.charset,
            store: &mut self.store,
            transcription: &mut self.transcription,
            errors: &mut self.errors,
        };
        if let Err(cause) = self.unpacker.step(&mut |text| sink.take(text, false)) {
            self.errors.add(1, 1, cause);
        }
        if !self.unpacker.is_busy() {
            self.end_text();
        }
    }

    /// Decides what the text is.
    fn start(&mut self) {
        let wish = self.options.format;
        let sample = &self.store[..self.store.len().min(SAMPLE_BYTES)];
        let kind = text_kind(sample, wish.and_then(|wish| wish.transport), self.options.file_name.as_deref());
        if let Some(reader) = kind.reader {
            let text = std::mem::take(&mut self.store);
            let mut transcription = Transcription::new(reader);
            let mut out = Output { store: &mut self.store, errors: &mut self.errors };
            transcription.push(&text, &mut out);
            if self.has_text_ended {
                transcription.finish(&mut out);
            }
            self.transcription = Some(transcription);
        }
        let hints = Hints {
            wish,
            transport: kind.transport,
            key_by: self.options.key_by.clone(),
            file_name: self.options.file_name.clone(),
        };
        let sample = &self.store[..self.store.len().min(SAMPLE_BYTES)];
        let is_last = self.has_text_ended && sample.len() == self.store.len();
        self.reading = Some(Reading::new(detect(sample, is_last, &hints), self.options.file_name.clone()));
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress {
            bytes_taken: self.bytes_taken,
            bytes_read: self.reading.as_ref().map_or(0, |reading| reading.frames.at as u64),
            records: self.reading.as_ref().map_or(0, |reading| reading.records),
            errors: self.errors.count,
        }
    }

    /// True when everything that was pushed and finished is in the log.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// The log of what has been read so far; of everything, once `is_done`.
    pub fn into_loaded(mut self) -> Loaded {
        if self.reading.is_none() {
            self.start();
        }
        let hints = Hints::default();
        let reading = self.reading.take().unwrap_or_else(|| Reading::new(detect(&[], true, &hints), None));
        let mut errors = self.errors;
        if reading.records == 0 && errors.count == 0 && self.store.trim_ascii().is_empty() {
            errors.add(1, 1, Cause::Empty);
        }
        self.store.shrink_to_fit();
        let (log, conflicts) = reading.builder.finish(self.store);
        for conflict in conflicts {
            let cause = Cause::DuplicateOffset { partition: conflict.partition, offset: conflict.offset };
            let line = reading.lines.get(conflict.record as usize).unwrap_or(1);
            errors.add(line as u64, 1, cause);
        }
        Loaded {
            log,
            format: reading.format,
            mapping: reading.mapping,
            evidence: reading.evidence,
            key_guess: reading.key_guess,
            key_candidates: reading.key_candidates,
            guessed_projection: reading.projection,
            errors: errors.kept,
            n_errors: errors.count,
            tool_messages: reading.frames.tool_messages,
        }
    }
}

/// Where unpacked bytes go: through the character set into the store or the transcription.
struct TextSink<'a> {
    charset: &'a mut Charset,
    store: &'a mut Vec<u8>,
    transcription: &'a mut Option<Transcription>,
    errors: &'a mut Errors,
}

impl TextSink<'_> {
    fn take(&mut self, bytes: &[u8], is_last: bool) {
        let TextSink { charset, store, transcription, errors } = self;
        charset.push(bytes, is_last, &mut |text| match transcription {
            Some(transcription) => transcription.push(text, &mut Output { store, errors }),
            None => store.extend_from_slice(text),
        });
    }
}

impl Reading {
    fn new(detected: Detected, name: Option<String>) -> Reading {
        let decoder = Arc::new(detected.decoder);
        let source = SourceSpec { decoder: decoder.clone(), name: name.unwrap_or_default() };
        Reading {
            builder: LogBuilder::new(source),
            decoder,
            frames: detected.frames,
            places: LineCounter::starting_at(0),
            format: detected.format,
            mapping: detected.mapping,
            evidence: detected.evidence,
            key_guess: detected.key_guess,
            key_candidates: detected.key_candidates,
            projection: detected.projection,
            may_have_error_bodies: detected.may_have_error_bodies,
            records: 0,
            lines: PackedColumn::new(),
        }
    }

    /// Reads up to `budget` records; true at the end of the text.
    fn step(&mut self, text: &[u8], is_last: bool, budget: usize, errors: &mut Errors) -> bool {
        let decoder = Arc::clone(&self.decoder);
        let mut left = budget.max(1);
        while left > 0 {
            left -= 1;
            match self.frames.next(text, is_last) {
                Next::More => return false,
                Next::End => return true,
                Next::Error(at, cause) => self.error(text, at, cause, errors),
                Next::Value(at) => {
                    let limit = self.frames.limit(text).max(at);
                    match decoder.decode_at(&text[..limit], at, Depth::Index) {
                        Ok((record, end)) => {
                            if (self.may_have_error_bodies || self.is_stray_object(text, at))
                                && let Some(cause) = error_body(&text[at..end])
                            {
                                self.error(text, at, cause, errors);
                            } else {
                                self.builder.push_span(at, end - at, &record);
                                self.lines.push(Some(self.places.place(text, at).0 as i64));
                                self.records += 1;
                            }
                            self.frames.accept(end);
                        }
                        Err(error) => match self.frames.reject(text, at, &error, is_last) {
                            Next::Error(at, cause) => self.error(text, at, cause, errors),
                            _ => return false,
                        },
                    }
                }
            }
        }
        false
    }

    /// An object between the arrays of a REST proxy may be an error answer.
    fn is_stray_object(&self, text: &[u8], at: usize) -> bool {
        matches!(self.format.transport, Some(Transport::RestJson | Transport::RestBinary))
            && self.frames.is_top_level()
            && text[at] == b'{'
    }

    fn error(&mut self, text: &[u8], at: usize, cause: Cause, errors: &mut Errors) {
        let (line, column) = self.places.place(text, at);
        errors.add(line, column, cause);
    }
}

/// Loads a file that is in memory.
pub fn load(bytes: &[u8], options: LoadOptions) -> Loaded {
    let mut loader = Loader::new(options, Some(bytes.len() as u64));
    loader.push(bytes);
    finish(loader)
}

/// Loads a file that is in memory, without a copy of it if it is plain text.
pub fn load_vec(bytes: Vec<u8>, options: LoadOptions) -> Loaded {
    let mut loader = Loader::new(options, None);
    loader.push_vec(bytes);
    finish(loader)
}

fn finish(mut loader: Loader) -> Loaded {
    loader.finish_input();
    while !loader.is_done() {
        loader.step(usize::MAX);
    }
    loader.into_loaded()
}
