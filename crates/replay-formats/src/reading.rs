//! Records out of text: the state after detection. The text may be a window that moves along a file, of which nothing is kept.

use crate::continuation::Continuation;
use crate::decode::{Depth, JsonDecoder};
use crate::detect::{Detected, Evidence, error_body, file_hints};
use crate::error::{Cause, Errors, LineCounter};
use crate::format::{Format, Transport};
use crate::guess::{KeyCandidate, KeyGuess};
use crate::mapping::Mapping;
use crate::parts::SlicePart;
use crate::read::json_text::{Frames, Next};
use crate::template::Templates;
use crate::text::{Invalid, Valid, invalid_utf8, is_tool_message, utf8_until};
use replay_log::builder::{LogBuilder, SourceSpec};
use replay_log::log::Log;
use replay_log::part::Translation;
use std::sync::Arc;

/// Bytes of a window that are read before they are left away.
const WINDOW: usize = 1 << 20;

/// The state after detection.
pub(crate) struct Reading {
    pub(crate) builder: LogBuilder,
    pub(crate) decoder: Arc<JsonDecoder>,
    pub(crate) frames: Frames,
    pub(crate) places: LineCounter,
    pub(crate) format: Format,
    pub(crate) mapping: Mapping,
    pub(crate) signature: String,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) key_guess: Option<KeyGuess>,
    pub(crate) key_candidates: Vec<KeyCandidate>,
    pub(crate) projection: &'static str,
    pub(crate) may_have_error_bodies: bool,
    pub(crate) templates: Templates,
    /// So much of the text is UTF-8.
    utf8_until: usize,
    /// There is something else behind it.
    is_utf8_over: bool,
    /// Where the text that is at hand begins in the whole.
    pub(crate) base: u64,
    /// Each record is a line, as far as is known.
    pub(crate) are_records_lines: bool,
    /// What was no UTF-8 in the text that was left away, and its line and column.
    invalid: Option<(Invalid, u64, u64)>,
    pub(crate) records: u64,
}

impl Reading {
    pub(crate) fn new(detected: Detected, name: Option<String>) -> Reading {
        // Only records that tell no offset are counted.
        let first_offset = file_hints(name.as_deref(), detected.decoder.layout.transport).offset.unwrap_or(0);
        let blank = Reading::blank(Arc::new(detected.decoder), name.unwrap_or_default());
        Reading {
            builder: blank.builder.counting_from(first_offset),
            frames: detected.frames,
            format: detected.format,
            mapping: detected.mapping,
            signature: detected.signature,
            evidence: detected.evidence,
            key_guess: detected.key_guess,
            key_candidates: detected.key_candidates,
            projection: detected.projection,
            may_have_error_bodies: detected.may_have_error_bodies,
            ..blank
        }
    }

    /// For text that comes behind what `before` was read from: lines, of which an error is told as such.
    pub(crate) fn behind(before: &Continuation) -> Reading {
        Reading::blank(Arc::clone(&before.decoder), before.name.clone())
    }

    /// Nothing is read yet, and nothing known but how to read.
    fn blank(decoder: Arc<JsonDecoder>, name: String) -> Reading {
        let source = SourceSpec { decoder: decoder.clone(), name };
        Reading {
            builder: LogBuilder::new(source),
            templates: Templates::new(&decoder),
            decoder,
            frames: Frames::new(0),
            places: LineCounter::starting_at(0),
            format: Format { transport: None, shape: None },
            mapping: Mapping::default(),
            evidence: Vec::new(),
            key_guess: None,
            key_candidates: Vec::new(),
            projection: "",
            may_have_error_bodies: false,
            signature: String::new(),
            utf8_until: 0,
            is_utf8_over: false,
            base: 0,
            are_records_lines: false,
            invalid: None,
            records: 0,
        }
    }

    /// The log of what was read of this text.
    pub(crate) fn into_log(self, text: Vec<u8>) -> Log {
        self.builder.finish(text).0
    }

    /// Reads up to `budget` records; true at the end of the text.
    #[inline(never)]
    pub(crate) fn step(&mut self, text: &[u8], is_last: bool, budget: usize, errors: &mut Errors) -> bool {
        // Looked at while it is still in the cache, and so that templates need not look at each record.
        if !self.is_utf8_over && self.utf8_until < text.len() {
            self.utf8_until = utf8_until(text, self.utf8_until);
            self.is_utf8_over = self.utf8_until + 4 <= text.len();
        }
        let decoder = Arc::clone(&self.decoder);
        let mut valid = Valid::new(text, self.frames.at, self.utf8_until);
        let mut left = budget.max(1);
        while left > 0 {
            left -= 1;
            if self.frames.at >= valid.end() && self.utf8_until > valid.end() {
                valid = Valid::new(text, self.frames.at, self.utf8_until);
            }
            match self.frames.next(text, is_last) {
                Next::More => return false,
                Next::End => return true,
                Next::Error(at, cause) => self.error(text, at, at, cause, errors),
                Next::Value(at) => {
                    let limit = self.frames.limit(text).max(at);
                    if !self.may_have_error_bodies
                        && let Some((entry, end)) = self.templates.read(&decoder, &text[..limit], at, valid)
                    {
                        self.builder.push_entry(self.base + at as u64, end - at, &entry);
                        self.records += 1;
                        self.frames.accept(end);
                        continue;
                    }
                    match decoder.decode_at(&text[..limit], at, Depth::Index) {
                        Ok((record, end)) => {
                            if (self.may_have_error_bodies || self.is_stray_object(text, at))
                                && let Some(cause) = error_body(&text[at..end])
                            {
                                self.error(text, at, at, cause, errors);
                            } else {
                                let start = self.base + at as u64;
                                let learned = !self.may_have_error_bodies
                                    && self.templates.learn(&decoder, text, at, end, &mut self.builder);
                                match self.templates.read(&decoder, &text[..limit], at, valid).filter(|_| learned) {
                                    Some((entry, _)) => self.builder.push_entry(start, end - at, &entry),
                                    None => self.builder.push_span(start, end - at, &record),
                                }
                                self.records += 1;
                            }
                            self.frames.accept(end);
                        }
                        Err(error) => match self.frames.reject(text, at, &error, is_last) {
                            Next::Error(place, cause) => self.error(text, at, place, cause, errors),
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

    /// An error at `at`, in what begins at `start`: what stands before that may be gone by now.
    fn error(&mut self, text: &[u8], start: usize, at: usize, cause: Cause, errors: &mut Errors) {
        let (line, column) = self.places.place(text, at);
        let start = start.min(at);
        errors.add_at(line, column, cause, &text[start.min(text.len())..], at - start);
    }

    /// Where reading goes on, in the whole text.
    pub(crate) fn position(&self) -> u64 {
        self.base + self.frames.at as u64
    }

    /// Nothing that begins at `position` of the whole text or behind it is read from now on.
    pub(crate) fn stop_at(&mut self, position: Option<u64>) {
        let within = |position: u64| usize::try_from(position.saturating_sub(self.base)).unwrap_or(usize::MAX);
        self.frames.stop = position.map_or(usize::MAX, within);
    }

    /// Goes on at another place of the whole text.
    pub(crate) fn move_to(&mut self, position: u64) {
        self.frames.at = 0;
        self.base = position;
        (self.utf8_until, self.is_utf8_over) = (0, false);
        self.places = LineCounter::starting_at(0);
        self.invalid = None;
        self.frames.restart();
    }

    /// Gives what it reads in parts from now on.
    pub(crate) fn give_parts(&mut self) {
        let source = SourceSpec { decoder: self.decoder.clone(), name: String::new() };
        self.builder = LogBuilder::new(source).giving_parts();
        self.records = 0;
    }

    /// Whether the lines of the sample, but for those of tools, are objects: then records can be found from any line on.
    pub(crate) fn are_lines(&self, sample: &[u8]) -> bool {
        if self.frames.container.is_some() || !self.frames.is_top_level() {
            return false;
        }
        // The last line may be cut.
        let Some(last) = memchr::memrchr(b'\n', sample) else { return false };
        let mut lines = sample[..last].split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        lines.all(|line| line.is_empty() || is_tool_message(line) || (line.starts_with(b"{") && line.ends_with(b"}")))
    }

    /// Lines before the next record.
    pub(crate) fn lines_before(&mut self, text: &[u8]) -> u64 {
        self.places.place(text, self.frames.at);
        self.places.lines()
    }

    /// The first bytes of the text, with the end of a line, are left away unread.
    pub(crate) fn skip(&mut self, length: u64) {
        self.base += length;
        self.frames.forget(length as usize);
    }

    /// The first bytes of the text are left away unread; `line` bytes of them are of the line that goes on, or all if none ended.
    pub(crate) fn skip_in_line(&mut self, length: u64, line: Option<usize>) {
        self.skip(length);
        self.places.skip_in_line(line, length as usize);
    }

    /// What was read of the text is done with.
    pub(crate) fn settle(&mut self, text: &[u8]) {
        self.look_at(&text[..self.frames.at.min(text.len())]);
        self.places.place(text, self.frames.at);
        self.utf8_until = text.len();
    }

    /// Takes a slice that begins where reading has come to.
    pub(crate) fn append(&mut self, slice: &SlicePart, translation: &mut Translation, lines_before: u64) {
        self.builder.append(&slice.part, translation);
        self.records += slice.records();
        self.frames.tool_messages += slice.tool_messages;
        if let Some((invalid, line, column)) = slice.invalid {
            match &mut self.invalid {
                Some((known, ..)) => known.count += invalid.count,
                none => *none = Some((invalid, line + lines_before, column)),
            }
        }
        self.frames.at = 0;
        self.frames.depth = slice.depth;
        self.base = slice.end;
        (self.utf8_until, self.is_utf8_over) = (0, false);
        self.places = LineCounter::behind(lines_before + slice.lines);
    }

    /// Reads on where it has come to, with nothing of the text at hand.
    pub(crate) fn go_on(&mut self) {
        let (lines, invalid, depth) = (self.places.lines(), self.invalid, self.frames.depth);
        self.move_to(self.position());
        self.frames.depth = depth;
        (self.places, self.invalid) = (LineCounter::behind(lines), invalid);
    }

    /// Leaves away what has been read of the text, unless it is little.
    pub(crate) fn forget(&mut self, text: &mut Vec<u8>) {
        let length = self.frames.behind(text);
        if length >= WINDOW || (length > 0 && length == text.len()) {
            self.look_at(&text[..length]);
            self.places.forget(text, length);
            self.frames.forget(length);
            self.base += length as u64;
            if self.is_utf8_over && self.utf8_until < length {
                // What follows may be UTF-8 again.
                self.is_utf8_over = false;
            }
            self.utf8_until = self.utf8_until.saturating_sub(length);
            text.drain(..length);
        }
    }

    /// Looks for what is no UTF-8 in text that nobody will look at again.
    fn look_at(&mut self, text: &[u8]) {
        let rest = text.get(self.utf8_until..).unwrap_or_default();
        let Some(found) = invalid_utf8(rest) else { return };
        if let Some((known, ..)) = &mut self.invalid {
            known.count += found.count;
            return;
        }
        let (line, column) = self.places.clone().place(text, self.utf8_until + found.first);
        self.invalid = Some((found, line, column));
    }

    /// All that is no UTF-8, with the line and column of the first of it; `text` is what is left.
    pub(crate) fn invalid(&mut self, text: &[u8]) -> Option<(Invalid, u64, u64)> {
        self.look_at(text);
        self.invalid
    }
}
