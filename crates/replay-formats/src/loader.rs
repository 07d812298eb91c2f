//! Loading: chunks in, records into the log, in steps of bounded work.

use crate::archive::Archive;
use crate::avro::ContainerReader;
use crate::compression::{Content, MAX_TEXT_BYTES, Unpacker, append_within, bound, is_stray};
use crate::continuation::Continuation;
use crate::detect::{Evidence, Hints, TextKind, detect, file_hints, text_kind};
use crate::error::{Cause, Errors, ReadError};
use crate::format::{Format, Transport};
use crate::guess::{KeyCandidate, KeyGuess};
use crate::mapping::{Mapping, MappingChoice};
use crate::parts::{SlicePart, take_errors};
use crate::read::segment::SegmentReader;
use crate::read::transcribe::{Output, Transcription};
use crate::reading::Reading;
use crate::registry::Schemas;
use crate::text::{Charset, is_plain_utf8};
use replay_lean as lean;
use replay_log::Footprint;
use replay_log::builder::Conflict;
use replay_log::log::{Log, PartitionInfo};
use replay_log::part::{Part, Translation};
use replay_log::scan::{self, ScanReason};
use replay_log::text::{Fetch, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

/// So much text is looked at before the format is decided.
pub(crate) const SAMPLE_BYTES: usize = 1 << 20;
/// Sources give no more than this in one piece, or little more.
const MOST_AT_ONCE: usize = 4 << 20;
/// And so much, if the first record is as long.
const LONGEST_SAMPLE: usize = 256 << 20;

/// What the user says beforehand; everything is found out if nothing is said.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// The format, or one of its two layers.
    pub format: Option<Format>,
    /// JSON pointer to the key, in the value or in the rows of change data.
    pub key_by: Option<String>,
    /// The file's name, perhaps with folders: some exports say topic, partition or stream only there.
    pub file_name: Option<String>,
    /// Schemas for values that name theirs by number.
    pub schemas: Schemas,
    /// Where the parts of a record are, as far as the user says so.
    pub mapping: MappingChoice,
    /// What the user said about files of a [`Loaded::signature`]; used for a file of that signature if `mapping` says nothing.
    pub remembered: Arc<[(String, MappingChoice)]>,
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
    /// What the user had said about that.
    pub chosen: MappingChoice,
    /// The same for all exports of one kind: what is found out of the format, and the members that all records have.
    pub signature: String,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// The schemas that the file holds, if it holds those and no records.
    pub schemas: Schemas,
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
    /// How many there are of each kind, by [`Cause::code`].
    pub error_kinds: BTreeMap<&'static str, u64>,
    /// Lines that tools had printed between the records.
    pub tool_messages: u64,
    /// How further lines are read like these; none where the text was no JSON.
    pub continuation: Option<Continuation>,
}

/// Reads one file. The host pushes its bytes in order, says when they end, and calls `step` until all is done.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own; most combinations occur")]
pub struct Loader {
    options: LoadOptions,
    unpacker: Unpacker,
    /// What is left when all compression is off.
    content: Content,
    /// Takes over when all bytes of an archive are there.
    archive: Option<Archive>,
    /// How many archives this file lies in.
    nesting: u32,
    charset: Charset,
    /// The text before it is decided what it is, then the text that the log keeps.
    store: Vec<u8>,
    transcription: Option<Transcription>,
    errors: Errors,
    reading: Option<Reading>,
    has_input_ended: bool,
    has_text_ended: bool,
    is_done: bool,
    /// The most text that is kept.
    limit: usize,
    /// The text has reached it.
    is_full: bool,
    /// A file that lies beside records and holds none.
    is_stray: bool,
    schemas: Schemas,
    bytes_taken: u64,
    /// Of those, what they took in an archive.
    packed: usize,
    /// Where the bytes of the input can be read again.
    home: Option<Arc<dyn Fetch>>,
    /// The text is left there.
    is_left: bool,
    /// Blanks at the start of the text: what the file is, is found out behind them.
    blanks: usize,
    /// So much text is looked at: more than [`SAMPLE_BYTES`] where these hold no whole record.
    sample_bytes: usize,
}

impl Loader {
    /// `total_bytes_hint` is the size of the input if it is known; it saves copying while the text grows.
    pub fn new(options: LoadOptions, total_bytes_hint: Option<u64>) -> Loader {
        let capacity = total_bytes_hint.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0);
        let mut store = Vec::new();
        // A hint is only a hint: a wrong one must not end the program.
        let _ = store.try_reserve_exact(capacity.min(MAX_TEXT_BYTES));
        let is_stray = options.file_name.as_deref().is_some_and(is_stray);
        let has_format = options.mapping.kcat_format.is_some();
        let charset = if has_format { Charset::Marked(Vec::new()) } else { Charset::new() };
        Loader {
            unpacker: Unpacker::new(options.file_name.as_deref()),
            options,
            content: Content::Text,
            archive: None,
            nesting: 0,
            charset,
            store,
            transcription: None,
            errors: Errors::default(),
            reading: None,
            has_input_ended: false,
            has_text_ended: false,
            is_done: false,
            limit: MAX_TEXT_BYTES,
            is_full: false,
            is_stray,
            schemas: Schemas::default(),
            bytes_taken: 0,
            packed: 0,
            home: None,
            is_left: false,
            blanks: 0,
            sample_bytes: SAMPLE_BYTES,
        }
    }

    /// For an input that can be read again at `home`: its text is left there if its records are pieces of it as it is, so that nothing
    /// of it is kept in memory.
    pub fn leaving_text(options: LoadOptions, home: Arc<dyn Fetch>) -> Loader {
        Loader { home: Some(home), ..Loader::new(options, None) }
    }

    /// Takes the next bytes of the input: unpacks them and keeps the text.
    pub fn push(&mut self, chunk: &[u8]) {
        if self.has_input_ended || self.is_stray {
            return;
        }
        self.bytes_taken += chunk.len() as u64;
        self.unpack(|unpacker, sink| unpacker.push(chunk, sink));
        self.end_if_full();
    }

    /// The text may grow to so many bytes from now on, and what waits to be unpacked likewise.
    pub fn limit_text(&mut self, bytes: u64) {
        self.limit = usize::try_from(bytes).unwrap_or(usize::MAX).min(MAX_TEXT_BYTES);
        self.unpacker.limit(self.limit);
        if let Some(archive) = &mut self.archive {
            archive.limit_text(bytes);
        }
    }

    /// What the records take of memory that were read so far.
    pub fn footprint(&self) -> Footprint {
        let own = self.reading.as_ref().map(|reading| reading.builder.footprint()).unwrap_or_default();
        self.archive.as_ref().map_or(own, Archive::footprint)
    }

    /// Bytes of text and of what waits to be unpacked that are held.
    pub fn memory(&self) -> u64 {
        let own = (self.store.capacity() + self.unpacker.memory()) as u64;
        own + self.archive.as_ref().map_or(0, Archive::memory)
    }

    /// Bytes that wait to be read, of a text that is left where it is.
    pub fn unread(&self) -> usize {
        let read = self.reading.as_ref().map_or(0, |reading| reading.frames.at);
        if self.is_left { self.store.len().saturating_sub(read) } else { 0 }
    }

    /// Whether it has read records of one of these partitions.
    pub fn shares(&self, partitions: &[PartitionInfo]) -> bool {
        self.reading.as_ref().is_some_and(|reading| reading.builder.shares(partitions))
    }

    /// Reads no further, for this reason, which concerns all that is loaded. What was read stays.
    pub fn end_early(&mut self, cause: Cause) {
        let line = self.reading.as_mut().map_or(1, |reading| reading.lines_before(&self.store) + 1);
        self.errors.add_first(line, cause);
    }

    /// Nothing more is taken once the text is full.
    fn end_if_full(&mut self) {
        if self.is_full && !self.has_input_ended {
            self.has_input_ended = true;
            self.unpacker = Unpacker::plain();
            self.end_text();
        }
    }

    /// For files in archives.
    pub(crate) fn nested(options: LoadOptions, nesting: u32) -> Loader {
        Loader { nesting, ..Loader::new(options, None) }
    }

    /// Like [`Loader::push`] for bytes that came out of `packed` bytes of an archive.
    pub(crate) fn push_unpacked(&mut self, chunk: &[u8], packed: usize) {
        self.push(chunk);
        self.packed += packed;
        let limit = bound(self.packed);
        if self.bytes_taken > limit as u64 && !self.has_input_ended {
            self.errors.add(1, 1, Cause::TooLarge { limit });
            self.finish_input();
        }
    }

    pub(crate) fn has_input_ended(&self) -> bool {
        self.has_input_ended
    }

    /// Lets the unpacker work, with its output going where it belongs.
    fn unpack(&mut self, work: impl FnOnce(&mut Unpacker, &mut crate::compression::Sink<'_>) -> Result<(), Cause>) {
        let mut sink = TextSink {
            options: &self.options,
            content: &mut self.content,
            charset: &mut self.charset,
            store: &mut self.store,
            transcription: &mut self.transcription,
            errors: &mut self.errors,
            limit: self.limit,
            is_full: &mut self.is_full,
        };
        if let Err(cause) = work(&mut self.unpacker, &mut |content, bytes| sink.take(content, bytes, false)) {
            self.errors.add(1, 1, cause);
        }
    }

    /// Like [`Loader::push`] for who has the bytes to give away: if they are plain text and the first, they are kept without a copy.
    pub fn push_vec(&mut self, chunk: Vec<u8>) {
        let is_first = self.bytes_taken == 0 && !self.has_input_ended && !self.is_stray;
        if is_first
            && chunk.len() >= 512
            && is_plain_utf8(&chunk)
            && Unpacker::is_plain(&chunk, self.options.file_name.as_deref())
        {
            self.bytes_taken = chunk.len() as u64;
            self.unpacker = Unpacker::plain();
            self.charset = Charset::Utf8;
            self.store = chunk;
        } else {
            self.push(&chunk);
        }
    }

    /// Lets `read` append the next bytes of the input, and gives what it says. Where the text is kept as it comes, which is the case for most
    /// files, they are appended to where they will stay; otherwise this is [`Loader::push`].
    ///
    /// # Errors
    /// Those of `read`.
    pub fn push_with<T, E>(&mut self, read: impl FnOnce(&mut Vec<u8>) -> Result<T, E>) -> Result<T, E> {
        let is_kept = self.reading.is_some()
            && self.transcription.is_none()
            && !self.is_full
            && self.unpacker.is_passing()
            && matches!(self.charset, Charset::Utf8);
        if is_kept && !self.has_input_ended {
            let before = self.store.len();
            // Of what passes through, only a record that is longer than any text may be has to end.
            let limit = if self.is_left { MAX_TEXT_BYTES } else { self.limit };
            // Growing takes twice what there is; near the limit that would be too much.
            let is_near = self.store.capacity() > limit / 2 && before + MOST_AT_ONCE > self.store.capacity();
            let told = if is_near {
                let mut chunk = Vec::new();
                let told = read(&mut chunk)?;
                self.is_full = !append_within(limit, &mut self.store, &chunk);
                told
            } else {
                let told = read(&mut self.store)?;
                self.is_full = self.store.len() > limit;
                told
            };
            self.bytes_taken += (self.store.len() - before) as u64;
            if self.is_full {
                self.errors.add(1, 1, Cause::TooLarge { limit });
                self.end_if_full();
            }
            return Ok(told);
        }
        let mut chunk = Vec::new();
        let told = read(&mut chunk)?;
        self.push(&chunk);
        Ok(told)
    }

    /// No more bytes come.
    pub fn finish_input(&mut self) {
        if self.has_input_ended {
            return;
        }
        self.has_input_ended = true;
        self.unpack(Unpacker::finish);
        if !self.unpacker.is_busy() {
            self.end_text();
        }
    }

    fn end_text(&mut self) {
        self.has_text_ended = true;
        if matches!(self.content, Content::Zip | Content::Tar) {
            let bytes = std::mem::take(&mut self.store);
            let mut archive = Archive::open(self.content, bytes, self.options.clone(), self.nesting);
            archive.limit_text(self.limit as u64);
            self.archive = Some(archive);
            return;
        }
        if self.content == Content::Text {
            let mut sink = TextSink {
                options: &self.options,
                content: &mut self.content,
                charset: &mut self.charset,
                store: &mut self.store,
                transcription: &mut self.transcription,
                errors: &mut self.errors,
                limit: self.limit,
                is_full: &mut self.is_full,
            };
            sink.take(Content::Text, &[], true);
        }
        if let Some(transcription) = &mut self.transcription {
            let write = &mut |out: &mut Output<'_>| transcription.finish(out);
            self.is_full |= !write_within(self.limit, &mut self.store, &mut self.errors, write);
        }
        if self.charset.replaced() > 0 {
            self.errors.add(1, 1, Cause::Utf16 { count: self.charset.replaced() });
        }
    }

    /// Reads up to so many records of what has been pushed.
    #[inline(never)]
    pub fn step(&mut self, budget_records: usize) -> Progress {
        if self.has_input_ended && !self.has_text_ended {
            self.unpack_more();
        }
        if let Some(archive) = &mut self.archive {
            self.is_done = archive.step(budget_records);
            return self.progress();
        }
        let may_start = !matches!(self.content, Content::Zip | Content::Tar);
        if may_start && self.reading.is_none() && (self.has_sample() || self.has_text_ended) {
            self.start();
        }
        if let Some(reading) = &mut self.reading {
            self.is_done = reading.step(&self.store, self.has_text_ended, budget_records, &mut self.errors);
            if self.is_left {
                reading.forget(&mut self.store);
            }
        }
        self.progress()
    }

    /// Whether enough of the text is there to find out what it is.
    fn has_sample(&mut self) -> bool {
        loop {
            let wanted = self.sample_bytes;
            let sample = self.sample();
            if sample.len() < wanted {
                return false;
            }
            if wanted >= LONGEST_SAMPLE || !is_cut(sample) {
                return true;
            }
            self.sample_bytes *= 2;
        }
    }

    /// The beginning of the text, by which it is found out what it is. Where that is blank, it begins behind the blank lines.
    fn sample(&mut self) -> &[u8] {
        let rest = self.store.get(self.blanks..).unwrap_or_default();
        self.blanks += rest.iter().take_while(|byte| is_blank(**byte)).count();
        self.seen()
    }

    /// The same, of what was looked at.
    fn seen(&self) -> &[u8] {
        let text = self.store.get(self.blank_lines()..).unwrap_or_default();
        &text[..text.len().min(self.sample_bytes)]
    }

    /// Bytes of blank lines before the sample.
    fn blank_lines(&self) -> usize {
        let blanks = self.store.get(..self.blanks).unwrap_or_default();
        if blanks.len() < SAMPLE_BYTES / 2 {
            return 0;
        }
        memchr::memrchr(b'\n', blanks).map_or(0, |newline| newline + 1)
    }

    fn unpack_more(&mut self) {
        self.unpack(Unpacker::step);
        if self.is_full {
            self.unpacker = Unpacker::plain();
        }
        if !self.unpacker.is_busy() {
            self.end_text();
        }
    }

    /// Decides what the text is.
    #[inline(never)]
    fn start(&mut self) {
        let probed = self.probe();
        let wish = self.options.format.or(self.options.mapping.format);
        let kcat_format = self.options.mapping.kcat_format.as_ref().filter(|_| self.content == Content::Text);
        // How the text is put together is said by the format alone.
        let wish = if kcat_format.is_none() {
            wish
        } else {
            wish.and_then(|wish| Some(Format { transport: None, shape: Some(wish.shape?) }))
        };
        if self.has_text_ended && self.transcription.is_none() && wish.is_none() {
            let name = self.options.file_name.as_deref().unwrap_or_default();
            if let Some(schemas) = Schemas::of_file(name, &self.store) {
                self.schemas = schemas;
                self.store = Vec::new();
            }
        }
        let sample = self.seen();
        let kind = match self.content {
            Content::Segment => TextKind { reader: None, transport: Some(Transport::LogSegment) },
            Content::Avro => TextKind { reader: None, transport: Some(Transport::Avro) },
            Content::Text if let Some(format) = kcat_format => TextKind::of_kcat_format(format),
            _ => text_kind(sample, wish.and_then(|wish| wish.transport), self.options.file_name.as_deref()),
        };
        let is_as_it_came =
            kind.reader.is_none() && self.unpacker.is_passing() && matches!(self.charset, Charset::Utf8);
        if let Some(reader) = kind.reader {
            let text = std::mem::take(&mut self.store);
            let mut transcription = reader;
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
            schemas: self.options.schemas.clone(),
            mapping: self.options.mapping.clone(),
        };
        let sample = self.seen();
        let is_last = self.has_text_ended && self.blank_lines() + sample.len() == self.store.len();
        let mut detected = detect(sample, is_last, &hints);
        if let Some((signature, is_remembered)) = probed {
            detected.signature = signature;
            if is_remembered {
                detected.evidence.insert(0, Evidence::Remembered);
            }
        }
        let mut reading = Reading::new(detected, self.options.file_name.clone());
        reading.are_records_lines = self.content == Content::Text && is_as_it_came && reading.are_lines(sample);
        // All that came is here yet, but for a byte order mark.
        if self.home.is_some() && self.content == Content::Text && is_as_it_came && !self.store.is_empty() {
            self.is_left = true;
            reading.base = self.bytes_taken - self.store.len() as u64;
        }
        self.reading = Some(reading);
    }

    /// What the file would be taken for if nobody had said anything: its signature, and whether something was said about such files.
    /// `None` if nobody has said anything.
    fn probe(&mut self) -> Option<(String, bool)> {
        let LoadOptions { format, mapping, remembered, .. } = &self.options;
        if format.is_none() && mapping.is_empty() && remembered.is_empty() {
            return None;
        }
        let sample = self.seen();
        let file_name = self.options.file_name.clone();
        let is_last = self.has_text_ended && self.blank_lines() + sample.len() == self.store.len();
        let kind = match self.content {
            Content::Segment => TextKind { reader: None, transport: Some(Transport::LogSegment) },
            Content::Avro => TextKind { reader: None, transport: Some(Transport::Avro) },
            _ => text_kind(sample, None, file_name.as_deref()),
        };
        let mut written = Vec::new();
        let sample = if let Some(reader) = kind.reader {
            let mut transcription = reader;
            let mut out = Output { store: &mut written, errors: &mut Errors::default() };
            transcription.push(sample, &mut out);
            if is_last {
                transcription.finish(&mut out);
            }
            &written[..]
        } else {
            sample
        };
        let hints = Hints { transport: kind.transport, file_name, ..Hints::default() };
        let signature = detect(sample, is_last, &hints).signature;
        let found = remembered.iter().find(|(known, _)| *known == signature).map(|(_, choice)| choice.clone());
        let found = found.filter(|_| format.is_none() && mapping.is_empty());
        let is_remembered = found.is_some();
        if let Some(found) = found {
            self.options.mapping = found;
        }
        Some((signature, is_remembered))
    }

    /// Whether it is decided what the file is, and records are read.
    pub fn has_begun(&self) -> bool {
        self.reading.is_some()
    }

    /// Whether slices of the rest of the file can be read by others, see [`crate::SliceReader`]: its records are lines, and its text is left
    /// where it is. Asked when reading has begun.
    pub fn can_share(&self) -> bool {
        // What a person said about the file is known here alone.
        self.is_left
            && !self.is_full
            && self.options.mapping.is_empty()
            && self.reading.as_ref().is_some_and(|reading| reading.are_records_lines)
    }

    /// Reads no record that begins at `position` of the file or behind it; [`Loader::is_done`] says when all before are read.
    pub fn stop_at(&mut self, position: u64) {
        if let Some(reading) = &mut self.reading {
            reading.stop_at(Some(position));
        }
    }

    /// Where the next record begins in the file, or will when more of it has come.
    pub fn position(&self) -> u64 {
        self.reading.as_ref().map_or(0, Reading::position)
    }

    /// Takes the next slice, as another has read it, with the translation of that reader. False if it does not begin where reading has
    /// come to: then nothing was taken, and [`Loader::go_on`] reads the rest of the file here.
    #[inline(never)]
    pub fn append(&mut self, slice: &SlicePart, translation: &mut Translation) -> bool {
        let Some(reading) = &mut self.reading else { return false };
        // Inside of an array, what is no record means something else.
        if slice.begin != reading.position() || !reading.frames.is_top_level() {
            return false;
        }
        reading.settle(&self.store);
        let lines_before = reading.lines_before(&self.store);
        take_errors(&mut self.errors, slice, lines_before);
        reading.append(slice, translation, lines_before);
        self.store.clear();
        self.bytes_taken = slice.end;
        true
    }

    /// Reads on from [`Loader::position`], whose bytes are to be pushed next.
    pub fn go_on(&mut self) {
        if let Some(reading) = &mut self.reading {
            reading.settle(&self.store);
        }
        self.store.clear();
        self.is_done = false;
        (self.has_input_ended, self.has_text_ended) = (false, false);
        if let Some(reading) = &mut self.reading {
            reading.stop_at(None);
            self.bytes_taken = reading.position();
            reading.go_on();
        }
    }

    /// All slices were appended: nothing more comes.
    pub fn finish_shared(&mut self) {
        (self.has_input_ended, self.has_text_ended, self.is_done) = (true, true, true);
    }

    /// The log of what was read so far, while reading goes on; only of a text that is left where it is.
    pub fn peek(&self) -> Option<Loaded> {
        let (reading, home) = (self.reading.as_ref()?, self.home.clone().filter(|_| self.is_left)?);
        Some(Loaded {
            log: reading.builder.peek(Text::elsewhere(home)),
            format: reading.format,
            mapping: reading.mapping.clone(),
            evidence: reading.evidence.clone(),
            schemas: Schemas::default(),
            key_guess: reading.key_guess.clone(),
            key_candidates: reading.key_candidates.clone(),
            guessed_projection: reading.projection,
            errors: self.errors.kept.clone(),
            n_errors: self.errors.count,
            error_kinds: self.errors.kinds.clone(),
            chosen: self.options.mapping.clone(),
            signature: reading.signature.clone(),
            continuation: None,
            tool_messages: reading.frames.tool_messages,
        })
    }

    /// Makes it a reader of slices, if what was pushed is the beginning of a file that can be read so.
    pub(crate) fn give_parts(&mut self) -> bool {
        if self.store.len() < SAMPLE_BYTES || !matches!(self.charset, Charset::Utf8) || !self.unpacker.is_passing() {
            return false;
        }
        if self.sample().len() < SAMPLE_BYTES || self.blank_lines() > 0 {
            return false;
        }
        self.start();
        let Some(reading) = self.reading.as_mut().filter(|reading| reading.are_records_lines) else { return false };
        reading.give_parts();
        self.is_left = true;
        true
    }

    /// Goes to another place of the file.
    pub(crate) fn restart(&mut self, position: u64, stop: Option<u64>) {
        self.store.clear();
        (self.is_done, self.has_text_ended) = (false, false);
        if let Some(reading) = &mut self.reading {
            reading.move_to(position);
            reading.stop_at(stop);
        }
    }

    pub(crate) fn push_window_with<T, E>(
        &mut self,
        read: impl FnOnce(&mut Vec<u8>) -> Result<T, E>,
        is_last: bool,
    ) -> Result<T, E> {
        self.has_text_ended |= is_last;
        read(&mut self.store)
    }

    /// Goes behind the line; false if its end has not come.
    pub(crate) fn skip_line(&mut self) -> bool {
        let newline = memchr::memchr(b'\n', &self.store);
        let length = newline.map_or(self.store.len(), |newline| newline + 1);
        self.store.drain(..length);
        if let Some(reading) = &mut self.reading {
            reading.skip(length as u64);
        }
        newline.is_some()
    }

    /// Goes to the next byte that is no blank, and says where that is; `None` if it has not come.
    pub(crate) fn skip_blanks(&mut self) -> Option<u64> {
        let blanks = self.store.iter().take_while(|byte| is_blank(**byte)).count();
        let line = memchr::memrchr(b'\n', &self.store[..blanks]).map(|newline| blanks - newline - 1);
        let reading = self.reading.as_mut()?;
        reading.skip_in_line(blanks as u64, line);
        self.store.drain(..blanks);
        (!self.store.is_empty()).then(|| reading.position())
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.has_text_ended && self.store.is_empty()
    }

    /// What was read since the last part.
    pub(crate) fn take_part(&mut self, begin: Option<u64>) -> SlicePart {
        let errors = std::mem::take(&mut self.errors);
        let mut slice = SlicePart {
            part: Part::default(),
            begin: 0,
            end: 0,
            errors: errors.kept,
            n_errors: errors.count,
            error_kinds: errors.kinds.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect(),
            lines: 0,
            tool_messages: 0,
            depth: 0,
            invalid: None,
        };
        if let Some(reading) = &mut self.reading {
            let skipped = reading.frames.at;
            slice.invalid = reading.invalid(&self.store[..skipped.min(self.store.len())]);
            slice.lines = reading.lines_before(&self.store);
            slice.end = reading.position();
            slice.begin = begin.unwrap_or(slice.end);
            slice.tool_messages = std::mem::take(&mut reading.frames.tool_messages);
            slice.depth = reading.frames.depth;
            slice.part = reading.builder.take_part();
            reading.records = 0;
        }
        slice
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        if let Some(archive) = &self.archive {
            return archive.progress(self.bytes_taken);
        }
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
    #[inline(never)]
    pub fn into_loaded(mut self) -> Loaded {
        if let Some(archive) = self.archive {
            return archive.into_loaded(self.errors.kept);
        }
        if self.reading.is_none() {
            self.start();
        }
        let hints = Hints::default();
        let mut reading = self.reading.take().unwrap_or_else(|| Reading::new(detect(&[], true, &hints), None));
        let mut errors = self.errors;
        let mut invalid_at = None;
        // Text that is written over has gone through the readers; that of other files is as it came.
        let invalid = if self.content == Content::Text { reading.invalid(&self.store) } else { None };
        if let Some((invalid, line, column)) = invalid {
            if invalid.is_gbk {
                errors.add(line, column, Cause::Charset { name: "GBK" });
            } else {
                invalid_at = Some(Evidence::NotUtf8 { count: invalid.count, line });
            }
        }
        let mut evidence = reading.evidence;
        evidence.extend(invalid_at);
        evidence.extend(self.transcription.iter().flat_map(Transcription::notes));
        evidence.extend(self.schemas.names().into_iter().map(|name| Evidence::SchemaFile { name }));
        if self.is_stray {
            evidence = vec![Evidence::Stray];
        }
        if !self.schemas.is_empty() {
            errors.add(1, 1, Cause::OnlySchema);
        }
        let is_expected = self.is_stray || !self.schemas.is_empty() || self.content != Content::Text;
        if reading.records == 0 && errors.count == 0 && !is_expected && self.store.trim_ascii().is_empty() {
            errors.add(1, 1, Cause::Empty);
        }
        let is_lines = self.transcription.is_none() && self.content == Content::Text;
        let name = self.options.file_name.clone().unwrap_or_default();
        let continuation = is_lines.then(|| Continuation { decoder: Arc::clone(&reading.decoder), name });
        self.store.shrink_to_fit();
        let text = match self.home.filter(|_| self.is_left) {
            Some(home) => Text::elsewhere(home),
            None => Text::Held(self.store),
        };
        let (log, conflicts) = reading.builder.finish(text);
        let conflict_lines = lines_of(&log, &conflicts);
        for (conflict, line) in conflicts.into_iter().zip(conflict_lines) {
            let cause = Cause::DuplicateOffset { partition: conflict.partition, offset: conflict.offset };
            let piece = log.texts().next().map(|text| text.piece(conflict.start, 64));
            errors.add_at(line, 1, cause, piece.as_deref().unwrap_or_default(), 0);
        }
        Loaded {
            log,
            format: reading.format,
            mapping: reading.mapping,
            chosen: self.options.mapping,
            signature: reading.signature,
            evidence,
            schemas: self.schemas,
            key_guess: reading.key_guess,
            key_candidates: reading.key_candidates,
            guessed_projection: reading.projection,
            errors: errors.kept,
            n_errors: errors.count,
            error_kinds: errors.kinds,
            tool_messages: reading.frames.tool_messages,
            continuation,
        }
    }
}

/// Whether a text is JSON that ends inside its first record.
fn is_cut(text: &[u8]) -> bool {
    let ends_inside = |at: usize| matches!(scan::value_end(text, at), Err(error) if error.reason == ScanReason::End);
    let start = scan::skip_ws(text, 0);
    match text.get(start) {
        Some(b'{') => ends_inside(start),
        Some(b'[') => ends_inside(scan::skip_ws(text, start + 1)),
        _ => false,
    }
}

/// What may stand between records that are lines.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1e)
}

/// The line of each conflict, in the log's only source. Found only now, so that no load without conflicts pays for it.
fn lines_of(log: &Log, conflicts: &[Conflict]) -> Vec<u64> {
    /// Bytes that are looked at at once.
    const STRIDE: usize = 1 << 20;
    let mut by_place: Vec<usize> = (0..conflicts.len()).collect();
    lean::sort_by_key(&mut by_place, |&n| conflicts[n].start);
    let Some(text) = log.texts().next() else { return vec![1; conflicts.len()] };
    let (mut at, mut line) = (0, 1);
    let mut lines = vec![1; conflicts.len()];
    for n in by_place {
        while at < conflicts[n].start {
            let length = usize::try_from(conflicts[n].start - at).map_or(STRIDE, |length| length.min(STRIDE));
            let piece = text.piece(at, length);
            if piece.is_empty() {
                break;
            }
            line += memchr::memchr_iter(b'\n', &piece).count() as u64;
            at += piece.len() as u64;
        }
        lines[n] = line;
    }
    lines
}

/// Where unpacked bytes go: through the character set into the store or the transcription.
struct TextSink<'a> {
    options: &'a LoadOptions,
    content: &'a mut Content,
    limit: usize,
    is_full: &'a mut bool,
    charset: &'a mut Charset,
    store: &'a mut Vec<u8>,
    transcription: &'a mut Option<Transcription>,
    errors: &'a mut Errors,
}

impl TextSink<'_> {
    fn take(&mut self, content: Content, bytes: &[u8], is_last: bool) {
        let TextSink { options, content: known, charset, store, transcription, errors, limit, is_full } = self;
        let limit = *limit;
        // What a person says was printed as text is no binary file, whatever its first bytes are.
        let is_text = options.mapping.kcat_format.is_some() && matches!(content, Content::Segment | Content::Avro);
        let content = if is_text { Content::Text } else { content };
        **known = content;
        if **is_full {
            return;
        }
        match content {
            Content::Text => charset.push(bytes, is_last, &mut |text| match transcription {
                Some(transcription) => {
                    let write = &mut |out: &mut Output<'_>| transcription.push(text, out);
                    **is_full |= !write_within(limit, store, errors, write);
                }
                None => **is_full |= !append_within(limit, store, text),
            }),
            Content::Zip | Content::Tar => **is_full |= !append_within(limit, store, bytes),
            Content::Segment | Content::Avro => {
                let reader = transcription.get_or_insert_with(|| {
                    Transcription::Binary(if content == Content::Avro {
                        Box::<ContainerReader>::default()
                    } else {
                        let names = file_hints(options.file_name.as_deref(), Transport::LogSegment);
                        Box::new(SegmentReader::new(names.topic, names.partition))
                    })
                });
                let write = &mut |out: &mut Output<'_>| reader.push(bytes, out);
                **is_full |= !write_within(limit, store, errors, write);
            }
        }
        **is_full |= store.len() > limit;
        if **is_full {
            errors.add(1, 1, Cause::TooLarge { limit });
        }
    }
}

/// Lets a reader write into the text, within its limit; see [`append_within`].
fn write_within(
    limit: usize,
    store: &mut Vec<u8>,
    errors: &mut Errors,
    write: &mut dyn FnMut(&mut Output<'_>),
) -> bool {
    if store.capacity() <= limit / 2 {
        write(&mut Output { store, errors });
        return true;
    }
    let mut piece = Vec::new();
    write(&mut Output { store: &mut piece, errors });
    append_within(limit, store, &piece)
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
