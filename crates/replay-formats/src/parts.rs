//! One file, several readers: each reads slices of it, and whoever builds the log appends what they have read in the file's order.
//!
//! Records that are lines can be read from any line on. Where a slice really begins and ends is seen only by reading it, so each part says
//! from where to where it read, and a part that does not begin where the one before ended is refused: then the file is read on from there
//! by one reader alone. So the log is the same whoever read what.

use crate::error::{Around, Cause, Errors, ReadError};
use crate::loader::{LoadOptions, Loader};
use crate::text::Invalid;
use replay_log::part::{Damaged, Part, Reader, Writer};
use replay_log::scan::ScanReason;

/// So much of a file's beginning a reader must have seen before it reads a slice.
pub const SAMPLE_BYTES: usize = crate::loader::SAMPLE_BYTES + 16;

/// What was read of one slice.
pub struct SlicePart {
    pub(crate) part: Part,
    /// Where the first record begins in the file, and where the next one behind the slice does.
    pub(crate) begin: u64,
    pub(crate) end: u64,
    /// With lines and columns that count from `begin`.
    pub(crate) errors: Vec<ReadError>,
    pub(crate) n_errors: u64,
    /// By the code of the cause.
    pub(crate) error_kinds: Vec<(String, u64)>,
    pub(crate) lines: u64,
    pub(crate) tool_messages: u64,
    /// Arrays that were opened in it and not closed.
    pub(crate) depth: u32,
    pub(crate) invalid: Option<(Invalid, u64, u64)>,
}

/// Reads slices of a file, one after the other.
pub struct SliceReader {
    loader: Loader,
    /// A slice that begins inside a line begins behind it.
    is_in_line: bool,
    begin: Option<u64>,
}

impl SliceReader {
    /// `head` is the file's beginning, [`SAMPLE_BYTES`] of it, from which the format is found out as the file's first reader does;
    /// `None` if the file is not one that can be read so.
    #[inline(never)]
    pub fn new(options: LoadOptions, head: &[u8]) -> Option<SliceReader> {
        let mut loader = Loader::new(options, None);
        loader.push(head);
        loader.give_parts().then_some(SliceReader { loader, is_in_line: false, begin: None })
    }

    /// Begins with the slice `start..end` of the file. Push the bytes from [`SliceReader::first_byte`] on.
    pub fn begin(&mut self, start: u64, end: u64) {
        self.is_in_line = start > 0;
        self.begin = None;
        self.loader.restart(self.first_byte(start), Some(end));
    }

    /// The byte before the slice tells whether it begins with a line.
    pub fn first_byte(&self, start: u64) -> u64 {
        start.saturating_sub(1)
    }

    /// Takes the file's next bytes; `is_last` says that the file ends with them.
    pub fn push(&mut self, bytes: &[u8], is_last: bool) {
        let append = |into: &mut Vec<u8>| -> Result<(), std::convert::Infallible> {
            into.extend_from_slice(bytes);
            Ok(())
        };
        let Ok(()) = self.push_with(append, is_last);
    }

    /// Lets `read` append the file's next bytes to where they are read.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn push_with<T, E>(&mut self, read: impl FnOnce(&mut Vec<u8>) -> Result<T, E>, is_last: bool) -> Result<T, E> {
        self.loader.push_window_with(read, is_last)
    }

    /// Reads up to so many records of what has been pushed; true when the slice is read.
    #[inline(never)]
    pub fn step(&mut self, records: usize) -> bool {
        if self.is_in_line {
            if !self.loader.skip_line() {
                return self.loader.is_at_end();
            }
            self.is_in_line = false;
        }
        if self.begin.is_none() {
            let Some(begin) = self.loader.skip_blanks() else { return self.loader.is_at_end() };
            self.begin = Some(begin);
        }
        self.loader.step(records);
        self.loader.is_done()
    }

    /// Records of the slice so far.
    pub fn records(&self) -> u64 {
        self.loader.progress().records
    }

    /// What was read, when `step` has said true.
    pub fn take(&mut self) -> SlicePart {
        self.loader.take_part(self.begin)
    }
}

impl SlicePart {
    /// As bytes, to be sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(self.part.to_bytes());
        let length = out.0.len() as u64;
        let mut rest = Writer(Vec::new());
        for number in [self.begin, self.end, self.n_errors, self.lines, self.tool_messages, u64::from(self.depth)] {
            rest.number(number);
        }
        rest.number(self.errors.len() as u64);
        for error in &self.errors {
            rest.number(error.line);
            rest.number(error.column);
            write_cause(&error.cause, &mut rest);
            let around = error.around.clone().unwrap_or_default();
            rest.text(&around.before);
            rest.text(&around.after);
        }
        rest.number(self.error_kinds.len() as u64);
        for (kind, count) in &self.error_kinds {
            rest.text(kind);
            rest.number(*count);
        }
        rest.number(u64::from(self.invalid.is_some()));
        if let Some((invalid, line, column)) = self.invalid {
            for number in [invalid.first as u64, invalid.count, u64::from(invalid.is_gbk), line, column] {
                rest.number(number);
            }
        }
        out.0.extend_from_slice(&rest.0);
        out.number(length);
        out.0
    }

    /// The part in some bytes.
    ///
    /// # Errors
    /// If they are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<SlicePart, Damaged> {
        let (bytes, length) = bytes.split_at_checked(bytes.len().wrapping_sub(8)).ok_or(Damaged)?;
        let length = usize::try_from(Reader(length).number()?).map_err(|_| Damaged)?;
        let (part, rest) = bytes.split_at_checked(length).ok_or(Damaged)?;
        let mut rest = Reader(rest);
        let mut read = SlicePart {
            part: Part::from_bytes(part)?,
            begin: rest.number()?,
            end: rest.number()?,
            n_errors: rest.number()?,
            lines: rest.number()?,
            tool_messages: rest.number()?,
            depth: rest.number()? as u32,
            errors: Vec::new(),
            error_kinds: Vec::new(),
            invalid: None,
        };
        for _ in 0..rest.count()? {
            let (line, column) = (rest.number()?, rest.number()?);
            let cause = read_cause(&mut rest)?;
            let around = Some(Around { before: rest.text()?, after: rest.text()? });
            read.errors.push(ReadError { file: None, line, column, cause, around });
        }
        for _ in 0..rest.count()? {
            read.error_kinds.push((rest.text()?, rest.number()?));
        }
        if rest.number()? != 0 {
            let (first, count, is_gbk) = (rest.number()? as usize, rest.number()?, rest.number()? != 0);
            read.invalid = Some((Invalid { first, count, is_gbk }, rest.number()?, rest.number()?));
        }
        Ok(read)
    }

    /// Records in it.
    pub fn records(&self) -> u64 {
        self.part.len() as u64
    }
}

/// The errors of reading lines of JSON; no other arises there.
fn write_cause(cause: &Cause, out: &mut Writer) {
    match cause {
        Cause::Json(reason) => {
            out.number(0);
            out.number(ScanReason::ALL.iter().position(|known| known == reason).unwrap_or(0) as u64);
        }
        Cause::CutOff => out.number(1),
        Cause::NotARecord(text) => {
            out.number(2);
            out.text(text);
        }
        Cause::ErrorBody { code, message } => {
            out.number(3);
            out.number(*code as u64);
            out.text(message);
        }
        _ => out.number(4),
    }
}

fn read_cause(bytes: &mut Reader<'_>) -> Result<Cause, Damaged> {
    Ok(match bytes.number()? {
        0 => Cause::Json(*ScanReason::ALL.get(bytes.number()? as usize).ok_or(Damaged)?),
        1 => Cause::CutOff,
        2 => Cause::NotARecord(bytes.text()?),
        3 => Cause::ErrorBody { code: bytes.number()? as i64, message: bytes.text()? },
        _ => Cause::OpenArray,
    })
}

/// Takes the errors of a part over, behind so many lines.
pub(crate) fn take_errors(errors: &mut Errors, part: &SlicePart, lines_before: u64) {
    let moved = part.errors.iter().map(|error| ReadError { line: error.line + lines_before, ..error.clone() });
    errors.append(moved, part.n_errors, part.error_kinds.iter().map(|(kind, count)| (kind.as_str(), *count)));
}
