//! What could not be read: where it stands and why.

use crate::fact::{Fact, Facts};
use replay_log::scan::ScanReason;
use std::collections::BTreeMap;

/// How many errors are kept with their place; the rest is only counted.
pub const MAX_ERRORS: usize = 1000;

/// One thing that could not be read. Everything around it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}line {line}, column {column}: {cause}", file_prefix(.file.as_deref()))]
pub struct ReadError {
    /// The file's name, if several were loaded together.
    pub file: Option<String>,
    /// 1-based, in the decompressed text.
    pub line: u64,
    /// 1-based, in bytes from the start of the line.
    pub column: u64,
    /// What is wrong there.
    pub cause: Cause,
    /// What stands there; `None` where there is no text.
    pub around: Option<Around>,
}

/// The text around a place, on its line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Around {
    /// Up to the place, shortened from the left.
    pub before: String,
    /// From the place on, shortened.
    pub after: String,
}

/// Bytes that are shown on each side of a place.
const AROUND: usize = 60;

impl Around {
    /// The text on both sides of the byte at `at`.
    pub(crate) fn new(text: &[u8], at: usize) -> Around {
        let at = at.min(text.len());
        let from = at.saturating_sub(AROUND);
        let before = &text[from..at];
        let line = memchr::memrchr(b'\n', before).map_or(from, |newline| from + newline + 1);
        let after = &text[at..text.len().min(at + AROUND)];
        let after = &after[..memchr::memchr(b'\n', after).unwrap_or(after.len())];
        // Halves of characters where the text was cut.
        let is_rest = |byte: &u8| *byte & 0xc0 == 0x80;
        let skipped =
            if line > 0 && line == from { text[line..at].iter().take(3).take_while(|b| is_rest(b)).count() } else { 0 };
        let cut = match std::str::from_utf8(after) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => after.len(),
        };
        let mut around = Around {
            before: String::from_utf8_lossy(&text[line + skipped..at]).into_owned(),
            after: String::from_utf8_lossy(&after[..cut]).trim_end().to_owned(),
        };
        if line == from && from > 0 && text[from - 1] != b'\n' {
            around.before.insert(0, '…');
        }
        if after.len() == AROUND && text.get(at + AROUND).is_some_and(|next| *next != b'\n') {
            around.after.push('…');
        }
        around
    }
}

fn file_prefix(file: Option<&str>) -> String {
    file.map_or_else(String::new, |file| format!("{file}, "))
}

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The text is no valid JSON at this place.
    #[error("not valid JSON: {0}")]
    Json(ScanReason),
    /// The text ends inside a record.
    #[error("the input ends in the middle of a record")]
    CutOff,
    /// A `[` without its `]`.
    #[error("the input ends before the array is closed")]
    OpenArray,
    /// A line that is no record and no known message of a tool.
    #[error("this line is not a record: {0:?}")]
    NotARecord(String),
    /// What does not fit the format that was given.
    #[error("this does not fit the format, {expected} was expected here: {line:?}")]
    Misfit {
        /// The part of the format.
        expected: String,
        /// The beginning of the line.
        line: String,
    },
    /// A row of a table with another number of columns than its header.
    #[error("{found} columns where the header has {expected}")]
    Columns {
        /// Columns of this row.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A file that is the error answer of a service.
    #[error("this is an error message of a server, not a log: {message} (code {code})")]
    ErrorBody {
        /// The service's own code.
        code: i64,
        /// The service's own words.
        message: String,
    },
    /// Decompression failed.
    #[error("the {format} data is damaged: {detail}")]
    Compression {
        /// `gzip`, `zstd`, `lz4`, `snappy`, `zip` …
        format: &'static str,
        /// The decoder's words.
        detail: String,
    },
    /// The decompressed text is larger than this reader accepts.
    #[error("the decompressed text is larger than {limit} bytes; the rest was left out")]
    TooLarge {
        /// The bound.
        limit: usize,
    },
    /// More records than there is memory for.
    #[error(
        "the memory is full: the first {read} of {total} MB were read, {records} records; open less at a time, or use the command line"
    )]
    MemoryFull {
        /// Records that were read of all files.
        records: u64,
        /// Megabytes of the files that were read.
        read: u64,
        /// Megabytes of all files.
        total: u64,
    },
    /// More layers of compression than anybody means.
    #[error("more than {limit} layers of compression: what is inside was not read")]
    TooManyLayers {
        /// The bound.
        limit: usize,
    },
    /// A part of a binary file that could not be read.
    #[error("{what} at byte {at}: {detail}")]
    Binary {
        /// `record batch`, `Avro block`, `zip entry` …
        what: &'static str,
        /// Where it begins, from 0, in the unpacked file.
        at: u64,
        /// What is wrong with it.
        detail: String,
    },
    /// Bytes that are no valid UTF-16.
    #[error("{count} characters were not valid UTF-16 and became U+FFFD")]
    Utf16 {
        /// How many.
        count: u64,
    },
    /// A format that is recognised, but not read.
    #[error("{format} files are not read{}", instead_of(format))]
    Unsupported {
        /// Its name.
        format: &'static str,
    },
    /// Something else altogether, recognised by how it begins.
    #[error("a {what} holds no log")]
    Foreign {
        /// What it is.
        what: &'static str,
    },
    /// Two records have the same place in the log.
    #[error("offset {offset} of partition {partition} appears twice with different content; the first was kept")]
    DuplicateOffset {
        /// The partition.
        partition: u32,
        /// The offset.
        offset: i64,
    },
    /// A schema without records that use it.
    #[error("this is a schema, not a log: open it together with the records that name it")]
    OnlySchema,
    /// The text is in another character set.
    #[error("the text is not UTF-8 but looks like {name}: convert it first, as iconv does")]
    Charset {
        /// Its name.
        name: &'static str,
    },
    /// There is nothing in the input.
    #[error("the input is empty")]
    Empty,
}

/// What can be done about a file that is not read: a name of it.
fn way_out(format: &str) -> &'static str {
    match format {
        "Parquet" | "ORC" => "save-as",
        packed if packed.contains("bzip2") || packed.contains("xz") => "command-line",
        _ => "unpack",
    }
}

/// What to do with a file that is not read.
fn instead_of(format: &str) -> &'static str {
    match way_out(format) {
        "save-as" => {
            ": save it as Avro, CSV or lines of JSON first, for example with duckdb -c \"COPY (FROM 'x.parquet') TO 'x.csv'\""
        }
        "command-line" => " in the browser: unpack them first, or use the command line, which reads them",
        _ => ": unpack them first",
    }
}

impl Cause {
    /// What goes into a translation's text for [`Cause::code`], by the names of the fields.
    pub fn facts(&self) -> Facts {
        match self {
            Cause::Json(reason) => vec![("reason", reason.code().into())],
            Cause::NotARecord(line) => vec![("line", line.into())],
            Cause::Misfit { expected, line } => vec![("expected", expected.into()), ("line", line.into())],
            Cause::Columns { found, expected } => vec![("found", (*found).into()), ("expected", (*expected).into())],
            Cause::ErrorBody { code, message } => {
                vec![("code", Fact::Text(code.to_string())), ("message", message.into())]
            }
            Cause::Compression { format, detail } => vec![("format", (*format).into()), ("detail", detail.into())],
            Cause::TooLarge { limit } | Cause::TooManyLayers { limit } => vec![("limit", (*limit).into())],
            Cause::MemoryFull { records, read, total } => {
                vec![("records", (*records).into()), ("read", (*read).into()), ("total", (*total).into())]
            }
            Cause::Binary { what, at, detail } => {
                vec![("what", (*what).into()), ("at", (*at).into()), ("detail", detail.into())]
            }
            Cause::Utf16 { count } => vec![("count", (*count).into())],
            Cause::Unsupported { format } => vec![("format", (*format).into()), ("way", way_out(format).into())],
            Cause::Foreign { what } => vec![("what", (*what).into())],
            Cause::DuplicateOffset { partition, offset } => {
                vec![("partition", u64::from(*partition).into()), ("offset", Fact::Text(offset.to_string()))]
            }
            Cause::Charset { name } => vec![("name", (*name).into())],
            Cause::CutOff | Cause::OpenArray | Cause::OnlySchema | Cause::Empty => Vec::new(),
        }
    }

    /// A stable name of the variant, for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Cause::Json(_) => "json",
            Cause::CutOff => "cut-off",
            Cause::OpenArray => "open-array",
            Cause::NotARecord(_) => "not-a-record",
            Cause::Misfit { .. } => "misfit",
            Cause::Columns { .. } => "columns",
            Cause::ErrorBody { .. } => "error-body",
            Cause::Compression { .. } => "compression",
            Cause::TooLarge { .. } => "too-large",
            Cause::MemoryFull { .. } => "memory-full",
            Cause::TooManyLayers { .. } => "too-many-layers",
            Cause::Binary { .. } => "binary",
            Cause::Utf16 { .. } => "utf-16",
            Cause::Unsupported { .. } => "unsupported",
            Cause::Foreign { .. } => "foreign",
            Cause::DuplicateOffset { .. } => "duplicate-offset",
            Cause::OnlySchema => "only-schema",
            Cause::Charset { .. } => "charset",
            Cause::Empty => "empty",
        }
    }
}

/// Errors as they are found: the first [`MAX_ERRORS`] are kept, all are counted.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    pub(crate) kept: Vec<ReadError>,
    pub(crate) count: u64,
    /// How many of each kind, by [`Cause::code`].
    pub(crate) kinds: BTreeMap<&'static str, u64>,
}

impl Errors {
    /// An error in a binary file: its lines are none, so the column counts bytes from its start.
    pub(crate) fn binary(&mut self, what: &'static str, at: u64, detail: &str) {
        self.add(1, at + 1, Cause::Binary { what, at, detail: detail.to_owned() });
    }

    pub(crate) fn add(&mut self, line: u64, column: u64, cause: Cause) {
        self.add_around(line, column, cause, || None);
    }

    /// An error that concerns all that was read: it is listed first.
    pub(crate) fn add_first(&mut self, line: u64, cause: Cause) {
        self.kept.truncate(MAX_ERRORS - 1);
        self.count += 1;
        *self.kinds.entry(cause.code()).or_default() += 1;
        self.kept.insert(0, ReadError { file: None, line, column: 1, cause, around: None });
    }

    /// An error at a byte of this text.
    pub(crate) fn add_at(&mut self, line: u64, column: u64, cause: Cause, text: &[u8], at: usize) {
        self.add_around(line, column, cause, || Some(Around::new(text, at)));
    }

    /// Takes errors of the same text that were found elsewhere: those that were kept, and how many there are of each kind.
    pub(crate) fn append<'a>(
        &mut self,
        kept: impl Iterator<Item = ReadError>,
        count: u64,
        kinds: impl Iterator<Item = (&'a str, u64)>,
    ) {
        let room = MAX_ERRORS - self.kept.len();
        self.kept.extend(kept.take(room));
        self.count += count;
        for (kind, count) in kinds {
            // No other arises while lines are read.
            let known = ["json", "cut-off", "not-a-record", "error-body", "open-array"];
            if let Some(kind) = known.into_iter().find(|known| *known == kind) {
                *self.kinds.entry(kind).or_default() += count;
            }
        }
    }

    fn add_around(&mut self, line: u64, column: u64, cause: Cause, around: impl FnOnce() -> Option<Around>) {
        self.count += 1;
        *self.kinds.entry(cause.code()).or_default() += 1;
        if self.kept.len() < MAX_ERRORS {
            self.kept.push(ReadError { file: None, line, column, cause, around: around() });
        }
    }
}

/// Line and column of ascending places in a text, each newline counted once.
#[derive(Debug, Clone, Default)]
pub(crate) struct LineCounter {
    at: usize,
    lines: u64,
    line_start: usize,
    /// Bytes of the current line that were left away.
    before: usize,
}

impl LineCounter {
    /// The text begins at `start`, after a byte order mark for example.
    pub(crate) fn starting_at(start: usize) -> LineCounter {
        LineCounter { at: start, line_start: start, ..LineCounter::default() }
    }

    /// The text begins behind so many lines.
    pub(crate) fn behind(lines: u64) -> LineCounter {
        LineCounter { lines, ..LineCounter::default() }
    }

    /// The first `length` bytes of the text are left away uncounted, of which the last `line` are of the line that goes on.
    pub(crate) fn skip_in_line(&mut self, line: Option<usize>, length: usize) {
        self.before = line.unwrap_or(self.before + length);
    }

    /// The first `length` bytes of the text are left away; places count from behind them now.
    pub(crate) fn forget(&mut self, text: &[u8], length: usize) {
        self.place(text, length);
        self.at = self.at.saturating_sub(length);
        // A line that goes on has its start before the text from now on.
        self.before += length.saturating_sub(self.line_start);
        self.line_start = self.line_start.saturating_sub(length);
    }

    /// Lines that ended before the places asked for.
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    /// 1-based line and column of the byte at `at`, which must not lie before the places asked for earlier.
    pub(crate) fn place(&mut self, text: &[u8], at: usize) -> (u64, u64) {
        let at = at.min(text.len());
        if at > self.at {
            let new = &text[self.at..at];
            if let Some(last) = memchr::memrchr(b'\n', new) {
                // Counted without looking at where each is.
                self.lines += memchr::memchr_iter(b'\n', new).count() as u64;
                self.line_start = self.at + last + 1;
                self.before = 0;
            }
            self.at = at;
        }
        (self.lines + 1, (self.before + at.saturating_sub(self.line_start)) as u64 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, at: usize, before: &str, after: &str) {
        let around = Around::new(text.as_bytes(), at);
        assert_eq!((around.before.as_str(), around.after.as_str()), (before, after));
    }

    #[test]
    fn what_stands_around_a_place_is_of_its_line() {
        check("one\ntwo three\nfour", 8, "two ", "three");
        check("a", 0, "", "a");
        check("a", 9, "a", "");
        let long = "李".repeat(100);
        check(&long, 150, &format!("…{}", "李".repeat(20)), &format!("{}…", "李".repeat(20)));
        check(&format!("x{long}"), 151, &format!("…{}", "李".repeat(20)), &format!("{}…", "李".repeat(20)));
        check(&format!("{long}\n{long}"), 301, "", &format!("{}…", "李".repeat(20)));
    }
}
