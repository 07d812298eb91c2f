//! Slices of one file, read side by side: the task, and the hand that reads.

use super::wire::{Reader, Writer};
use super::{READ, Task};
use crate::engine::{Attachment, Read};
use replay_formats::{LoadOptions, SAMPLE_BYTES, SliceReader};
use std::ops::Range;

/// Bytes behind a slice that its last record may reach into. What reaches further is read by the engine itself.
const BEYOND: u64 = 1 << 20;
/// When so many bytes of a slice are left, those of the next one are asked for.
const NEAR: u64 = 8 << 20;
/// Bytes read at once.
const PIECE: usize = 4 << 20;

/// A task to read a slice of a source, which must be able to share its parts.
pub(crate) fn to_read(source: &Attachment, options: &LoadOptions, slice: Range<u64>) -> Option<Task> {
    let end = slice.end.saturating_add(BEYOND).min(source.len());
    let mut out = Writer(vec![READ]);
    let option = |out: &mut Writer, text: Option<&str>| out.option(text, |out, text| out.bytes(text.as_bytes()));
    option(&mut out, options.format.map(|format| format.to_string()).as_deref());
    option(&mut out, options.key_by.as_deref());
    option(&mut out, options.file_name.as_deref());
    out.number(slice.start);
    out.number(slice.end);
    out.byte(u8::from(end == source.len()));
    let head = source.share(0..(SAMPLE_BYTES as u64).min(source.len()))?;
    let body = source.share(slice.start.saturating_sub(1)..end)?;
    Some(Task { bytes: out.0, sources: vec![head, body] })
}

/// A slice that a hand is reading.
pub(super) struct Slice {
    body: Attachment,
    at: u64,
    /// The file ends with the body.
    is_last: bool,
}

impl Slice {
    /// Whether so much of it has come that the browser has little more to read.
    pub(super) fn is_nearly_read(&self) -> bool {
        self.at + NEAR >= self.body.len()
    }
}

/// A task's slice will be read soon.
pub(super) fn get_ready(sources: &mut [Attachment]) {
    // The first one is the file's beginning, which is read at once.
    sources.iter_mut().skip(1).for_each(|body| body.get_ready());
}

/// What a hand has of a file: its reader stays for the next slice of the same file.
#[derive(Default)]
pub(super) struct Slices {
    reader: Option<(Vec<u8>, SliceReader)>,
}

impl Slices {
    /// Begins with a task.
    pub(super) fn begin(&mut self, task: &[u8], sources: Vec<Attachment>) -> Result<Slice, String> {
        let cut_off = || "the task is cut off".to_owned();
        let mut reader = Reader::new(task);
        let mut option = || -> Option<Option<String>> { Some(reader.option(Reader::text)?.map(str::to_owned)) };
        let format = option().ok_or_else(cut_off)?;
        let key_by = option().ok_or_else(cut_off)?;
        let file_name = option().ok_or_else(cut_off)?;
        // What stands before the slice itself is the same for all slices of a file.
        let of_file = &task[..reader.at()];
        let (start, end) = (reader.number().ok_or_else(cut_off)?, reader.number().ok_or_else(cut_off)?);
        let is_last = reader.byte().ok_or_else(cut_off)? != 0;
        let mut sources = sources.into_iter();
        let (mut head, mut body) = (sources.next().ok_or_else(cut_off)?, sources.next().ok_or_else(cut_off)?);
        body.get_ready();
        if self.reader.as_ref().is_none_or(|(known, _)| known != of_file) {
            let format = format.map(|name| name.parse().map_err(|_| name.clone())).transpose()?;
            let options = LoadOptions { format, key_by, file_name, ..LoadOptions::default() };
            let head = head.read_now(0, SAMPLE_BYTES)?;
            let reader = SliceReader::new(options, &head).ok_or("this file cannot be read in slices")?;
            self.reader = Some((of_file.to_vec(), reader));
        }
        let (_, reader) = self.reader.as_mut().ok_or_else(cut_off)?;
        reader.begin(start, end);
        Ok(Slice { body, at: 0, is_last })
    }

    /// Reads so many records more. `None` while there is more to do; `Some(Ok(None))` if more bytes must come first.
    pub(super) fn step(&mut self, slice: &mut Slice, records: usize) -> Option<Result<Option<Vec<u8>>, String>> {
        let Some((_, reader)) = &mut self.reader else { return Some(Err("the slice was not begun".to_owned())) };
        let before = reader.records();
        if reader.step(records) {
            return Some(Ok(Some(reader.take().to_bytes())));
        }
        if reader.records() > before {
            return None;
        }
        let is_at_end = slice.at >= slice.body.len();
        if is_at_end && !slice.is_last {
            return Some(Err("a record reaches too far beyond the slice".to_owned()));
        }
        if is_at_end {
            reader.push_with(|_| Ok::<_, String>(()), true).err();
            return None;
        }
        let (at, body) = (slice.at, &mut slice.body);
        match reader.push_with(|into| body.read(at, PIECE, into), false) {
            Ok(Read::Bytes(0)) => slice.at = slice.body.len(),
            Ok(Read::Bytes(n)) => slice.at += n as u64,
            Ok(Read::Later) => return Some(Ok(None)),
            Err(detail) => return Some(Err(detail)),
        }
        None
    }
}
