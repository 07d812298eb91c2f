//! Bytes to UTF-8 text: byte order marks and UTF-16; and the lines that tools print between records.

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};

/// Brings text to UTF-8. UTF-8 itself passes untouched, whether valid or not: kcat puts raw bytes into its strings.
pub(crate) enum Charset {
    Undecided(Vec<u8>),
    Utf8,
    Utf16 { decoder: Box<Decoder>, replaced: u64 },
}

impl Charset {
    pub(crate) fn new() -> Charset {
        Charset::Undecided(Vec::new())
    }

    /// Hands the text of the next bytes to `sink`, without a byte order mark.
    pub(crate) fn push(&mut self, bytes: &[u8], last: bool, sink: &mut dyn FnMut(&[u8])) {
        match self {
            Charset::Utf8 => sink(bytes),
            Charset::Utf16 { decoder, replaced } => {
                let mut rest = bytes;
                let mut text = vec![0; 64 * 1024];
                loop {
                    let (result, read, written, had_errors) = decoder.decode_to_utf8(rest, &mut text, last);
                    *replaced += u64::from(had_errors);
                    sink(&text[..written]);
                    rest = &rest[read..];
                    if result == CoderResult::InputEmpty {
                        break;
                    }
                }
            }
            Charset::Undecided(head) => {
                head.extend_from_slice(bytes);
                if head.len() < 4 && !last {
                    return;
                }
                let head = std::mem::take(head);
                let (charset, skip) = match head.as_slice() {
                    [0xef, 0xbb, 0xbf, ..] => (Charset::Utf8, 3),
                    [0xff, 0xfe, ..] => (utf16(UTF_16LE), 2),
                    [0xfe, 0xff, ..] => (utf16(UTF_16BE), 2),
                    // No mark, but every second byte of ASCII text is zero.
                    [a, 0, b, 0, ..] if a.is_ascii() && b.is_ascii() && *a != 0 => (utf16(UTF_16LE), 0),
                    [0, a, 0, b, ..] if a.is_ascii() && b.is_ascii() && *a != 0 && *b != 0 => (utf16(UTF_16BE), 0),
                    _ => (Charset::Utf8, 0),
                };
                *self = charset;
                self.push(&head[skip..], last, sink);
            }
        }
    }

    /// How many places were no valid UTF-16.
    pub(crate) fn replaced(&self) -> u64 {
        if let Charset::Utf16 { replaced, .. } = self { *replaced } else { 0 }
    }
}

/// True if the text needs no decoding: no byte order mark, no UTF-16.
pub(crate) fn is_plain_utf8(text: &[u8]) -> bool {
    !matches!(text, [0xef, 0xbb, 0xbf, ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, _, 0, ..] | [0, _, 0, _, ..])
}

fn utf16(encoding: &'static encoding_rs::Encoding) -> Charset {
    Charset::Utf16 { decoder: Box::new(encoding.new_decoder_without_bom_handling()), replaced: 0 }
}

/// How the lines of tools begin.
const STARTS: [&[u8]; 12] = [
    b"% ",
    b"%%",
    b"Processed a total of ",
    b"WARN",
    b"INFO",
    b"ERROR",
    b"DEBUG",
    b"OpenJDK ",
    b"SLF4J",
    b"log4j:",
    b"Picked up ",
    b"Defaulted container ",
];

/// True for what tools print between records: progress of kcat and rpk, totals, log lines of the JVM.
pub(crate) fn is_tool_message(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    if line.is_empty() || STARTS.iter().any(|start| line.starts_with(start)) {
        return true;
    }
    // `[2025-03-03 10:00:00,123] WARN …` of Kafka's own tools.
    let date = line.strip_prefix(b"[").unwrap_or_default();
    date.len() > 20 && date[..4].iter().all(u8::is_ascii_digit) && date[4] == b'-' && date[7] == b'-'
}

/// The first characters of a line, for a message.
pub(crate) fn excerpt(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(&line[..line.len().min(200)]);
    let text = text.trim_end();
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    text.chars().take(60).chain(['…']).collect()
}
