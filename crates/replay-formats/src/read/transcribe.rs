//! Records that do not lie in the text as one piece of JSON are written over into lines that do.

use crate::detect::Evidence;
use crate::error::Errors;
use crate::value::{is_json_document, push_json_string, push_tagged_base64};

/// A key or value as a text tells it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// The export does not hold it.
    #[default]
    Absent,
    /// Null.
    Null,
    /// These bytes.
    Bytes(Vec<u8>),
}

/// Names and values, of which some are null.
pub(crate) type TextHeaders = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// A record as a text reader found it.
#[derive(Debug, Default)]
pub(crate) struct TextRecord {
    pub(crate) topic: Option<Vec<u8>>,
    pub(crate) partition: Option<i64>,
    pub(crate) offset: Option<i64>,
    pub(crate) timestamp_ms: Option<i64>,
    pub(crate) key: Cell,
    pub(crate) value: Cell,
    pub(crate) headers: TextHeaders,
    /// The bytes are Kafka's own, so they may be anything; those of a text file pass as they are.
    pub(crate) is_binary: bool,
    /// Its transaction was aborted.
    pub(crate) is_aborted: bool,
}

impl TextRecord {
    /// Appends it as a line.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let member = |out: &mut Vec<u8>, name: &str| {
            out.push(if out.len() == start { b'{' } else { b',' });
            push_json_string(out, name.as_bytes());
            out.push(b':');
        };
        if let Some(topic) = &self.topic {
            member(out, "topic");
            push_json_string(out, topic);
        }
        let numbers = [("partition", self.partition), ("offset", self.offset), ("timestamp", self.timestamp_ms)];
        for (name, number) in numbers {
            if let Some(number) = number {
                member(out, name);
                out.extend_from_slice(number.to_string().as_bytes());
            }
        }
        if self.is_aborted {
            member(out, "aborted");
            out.extend_from_slice(b"true");
        }
        if !self.headers.is_empty() {
            member(out, "headers");
            let text = if self.is_binary { push_text_or_bytes } else { push_json_string };
            push_headers(out, self.headers.iter().map(|(name, value)| (&name[..], value.as_deref())), text);
        }
        match &self.key {
            Cell::Absent => {}
            Cell::Null => {
                member(out, "key");
                out.extend_from_slice(b"null");
            }
            Cell::Bytes(key) => {
                member(out, "key");
                if self.is_binary { push_text_or_bytes(out, key) } else { push_json_string(out, key) }
            }
        }
        match &self.value {
            Cell::Absent => {}
            Cell::Null => {
                member(out, "value");
                out.extend_from_slice(b"null");
            }
            Cell::Bytes(value) => {
                member(out, "value");
                if self.is_binary && !is_json_document(value) {
                    push_text_or_bytes(out, value);
                } else {
                    push_value(out, value);
                }
            }
        }
        if out.len() == start {
            out.push(b'{');
        }
        out.extend_from_slice(b"}\n");
    }
}

/// JSON documents stay what they are, everything else becomes a string.
pub(crate) fn push_value(out: &mut Vec<u8>, value: &[u8]) {
    if is_json_document(value) { out.extend_from_slice(value) } else { push_json_string(out, value) }
}

/// A string if the bytes are readable text, else the bytes in base64.
pub(crate) fn push_text_or_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    let is_text = std::str::from_utf8(bytes).is_ok()
        && !bytes.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace());
    if is_text { push_json_string(out, bytes) } else { push_tagged_base64(out, bytes) }
}

/// Headers as kcat writes them: names and values in turn, so that names may repeat. `text` writes the value.
pub(crate) fn push_headers<'a>(
    out: &mut Vec<u8>,
    headers: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
    text: fn(&mut Vec<u8>, &[u8]),
) {
    out.push(b'[');
    for (i, (name, value)) in headers.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        push_json_string(out, name);
        out.push(b',');
        match value {
            Some(value) => text(out, value),
            None => out.extend_from_slice(b"null"),
        }
    }
    out.push(b']');
}

/// Where transcribed records and the errors on the way go.
pub(crate) struct Output<'a> {
    pub(crate) store: &'a mut Vec<u8>,
    pub(crate) errors: &'a mut Errors,
}

/// Writes text over, piece by piece.
pub(crate) trait Transcribe: Send {
    /// One whole line without its end, `number` counted from 1.
    fn line(&mut self, line: &[u8], number: u64, out: &mut Output<'_>);
    /// No more lines come.
    fn finish(&mut self, out: &mut Output<'_>);
    /// True while the line at hand goes on after its newline: a quoted cell, a payload of known size.
    ///
    /// What lies before `from` was there in the call before.
    fn goes_on(&mut self, _line: &[u8], _from: usize) -> bool {
        false
    }
}

/// Writes a file over that is not made of lines, chunk by chunk.
pub(crate) trait TranscribeBytes: Send {
    /// The next bytes, cut anywhere.
    fn push(&mut self, bytes: &[u8], out: &mut Output<'_>);
    /// No more bytes come.
    fn finish(&mut self, out: &mut Output<'_>);
    /// What was seen of the file beside its records.
    fn notes(&self) -> Vec<Evidence>;
}

/// Writes over what is no JSON text.
pub(crate) enum Transcription {
    Text(LineTranscription),
    Binary(Box<dyn TranscribeBytes>),
}

impl Transcription {
    pub(crate) fn new(reader: Box<dyn Transcribe>) -> Transcription {
        Transcription::Text(LineTranscription { reader, rest: Vec::new(), searched: 0, lines: 0 })
    }

    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut Output<'_>) {
        match self {
            Transcription::Text(lines) => lines.push(bytes, out),
            Transcription::Binary(reader) => reader.push(bytes, out),
        }
    }

    pub(crate) fn finish(&mut self, out: &mut Output<'_>) {
        match self {
            Transcription::Text(lines) => lines.finish(out),
            Transcription::Binary(reader) => reader.finish(out),
        }
    }

    pub(crate) fn notes(&self) -> Vec<Evidence> {
        if let Transcription::Binary(reader) = self { reader.notes() } else { Vec::new() }
    }
}

/// Cuts text into lines for a transcriber, whatever the chunks are.
pub(crate) struct LineTranscription {
    reader: Box<dyn Transcribe>,
    rest: Vec<u8>,
    /// Newlines of `rest` that were found to lie inside of a record.
    searched: usize,
    lines: u64,
}

impl LineTranscription {
    fn push(&mut self, text: &[u8], out: &mut Output<'_>) {
        self.rest.extend_from_slice(text);
        let mut start = 0;
        while let Some(newline) = memchr::memchr(b'\n', &self.rest[self.searched..]) {
            let (from, end) = (self.searched - start, self.searched + newline);
            self.searched = end + 1;
            let line = &self.rest[start..end];
            if self.reader.goes_on(line, from) {
                continue;
            }
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            self.reader.line(line, self.lines + 1, out);
            self.lines += 1 + memchr::memchr_iter(b'\n', line).count() as u64;
            start = end + 1;
        }
        self.rest.drain(..start);
        self.searched -= start;
    }

    fn finish(&mut self, out: &mut Output<'_>) {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            let line = rest.strip_suffix(b"\r").unwrap_or(&rest);
            self.reader.line(line, self.lines + 1, out);
        }
        self.reader.finish(out);
    }
}

/// JSON values a line, where an empty line is a null value: AKHQ's download of selected messages.
pub(crate) struct ValueLines;

impl Transcribe for ValueLines {
    fn line(&mut self, line: &[u8], _number: u64, out: &mut Output<'_>) {
        out.store.extend_from_slice(if line.is_empty() { b"null" } else { line });
        out.store.push(b'\n');
    }

    fn finish(&mut self, _out: &mut Output<'_>) {}
}

/// Whole lines, whatever they say.
pub(crate) struct Lines;

impl Transcribe for Lines {
    fn line(&mut self, line: &[u8], _number: u64, out: &mut Output<'_>) {
        if line.is_empty() {
            return;
        }
        // Kafka Connect's file sink prints a null value so.
        if line == b"null" {
            out.store.extend_from_slice(line);
        } else {
            push_value(out.store, line);
        }
        out.store.push(b'\n');
    }

    fn finish(&mut self, _out: &mut Output<'_>) {}
}
