//! Where the records stand in JSON text: lines, arrays, several arrays, objects one after the other, over many lines or one,
//! elements of a container, with messages of tools in between.

use crate::error::Cause;
use crate::text::{excerpt, is_tool_message};
use replay_log::scan::{self, ScanError, ScanReason};
use std::collections::VecDeque;
use std::ops::Range;

/// Arrays inside of arrays of records: pages collected into one.
const MAX_ARRAYS: u32 = 8;

/// What comes next in the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A JSON value starts here and is to be read as a record.
    Value(usize),
    /// The text is not complete and more of it will come.
    More,
    /// Something that is no record. Reading goes on behind it.
    Error(usize, Cause),
    /// The end.
    End,
}

/// Walks through the text from value to value.
#[derive(Debug)]
pub(crate) struct Frames {
    /// Where reading goes on.
    pub(crate) at: usize,
    /// What begins here or behind is somebody else's.
    pub(crate) stop: usize,
    /// An array is a list of records and not one record's value.
    pub(crate) arrays_hold_records: bool,
    /// The member of an outer object that holds the records.
    pub(crate) container: Option<String>,
    /// Lines that tools had printed.
    pub(crate) tool_messages: u64,
    /// Arrays that are open.
    pub(crate) depth: u32,
    queue: VecDeque<Range<usize>>,
    /// Do not try again before the text is so long.
    wait_for: usize,
    /// Bytes read in vain: beyond a bound a broken record may no longer reach over lines.
    wasted: u64,
    /// Bytes that were left away.
    forgotten: u64,
}

/// A line that goes on is kept from its start, since its indentation tells its like; unless it is longer than this.
const LINE: usize = 64 << 10;

impl Frames {
    /// Starts at `at` of the text.
    pub(crate) fn new(at: usize) -> Frames {
        Frames {
            at,
            stop: usize::MAX,
            arrays_hold_records: false,
            container: None,
            tool_messages: 0,
            depth: 0,
            queue: VecDeque::new(),
            wait_for: 0,
            wasted: 0,
            forgotten: 0,
        }
    }

    /// Bytes at the start of the text that nothing will ask for again.
    pub(crate) fn behind(&self, text: &[u8]) -> usize {
        if !self.queue.is_empty() {
            return 0;
        }
        let from = self.at.saturating_sub(LINE);
        let newline = text.get(from..self.at).and_then(|line| memchr::memrchr(b'\n', line));
        newline.map_or(self.at, |newline| from + newline + 1)
    }

    /// Reads on from the start of another text.
    pub(crate) fn restart(&mut self) {
        (self.at, self.wait_for, self.wasted, self.depth) = (0, 0, 0, 0);
        self.queue.clear();
    }

    /// The first `length` bytes of the text are left away.
    pub(crate) fn forget(&mut self, length: usize) {
        self.at -= length.min(self.at);
        self.forgotten += length as u64;
        self.wait_for = self.wait_for.saturating_sub(length);
        if self.stop != usize::MAX {
            self.stop = self.stop.saturating_sub(length);
        }
    }

    /// True outside of every array.
    pub(crate) fn is_top_level(&self) -> bool {
        self.depth == 0 && self.queue.is_empty()
    }

    /// The next value. `is_last` says that no more text will come.
    pub(crate) fn next(&mut self, text: &[u8], is_last: bool) -> Next {
        if let Some(element) = self.queue.front() {
            return Next::Value(element.start);
        }
        if !is_last && text.len() < self.wait_for {
            return Next::More;
        }
        loop {
            let Some(byte) = text.get(self.at) else { return self.end(text, is_last) };
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | 0x1e => self.at += 1,
                _ if self.at >= self.stop => return Next::End,
                b',' if self.depth > 0 => self.at += 1,
                b'{' if self.container.is_none() => return Next::Value(self.at),
                b'{' => {
                    if let Some(next) = self.open_container(text, is_last) {
                        return next;
                    }
                }
                b'[' if self.arrays_hold_records && self.depth < MAX_ARRAYS => {
                    // The start of the line is enough to tell a tool's `[2025-03-03 …] WARN` from an array.
                    let head = &text[self.at..text.len().min(self.at + 64)];
                    if self.depth == 0 && is_tool_message(head) {
                        let Some(line) = line_at(text, self.at, is_last) else { return Next::More };
                        self.at = line.end;
                        self.tool_messages += 1;
                    } else {
                        self.depth += 1;
                        self.at += 1;
                    }
                }
                b'[' => return Next::Value(self.at),
                b']' if self.depth > 0 => {
                    self.depth -= 1;
                    self.at += 1;
                }
                _ => {
                    if matches!(byte, b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') {
                        match self.is_scalar(text, is_last) {
                            Some(true) => return Next::Value(self.at),
                            Some(false) => {}
                            None => return Next::More,
                        }
                    }
                    let Some(line) = line_at(text, self.at, is_last) else { return Next::More };
                    let start = self.at;
                    self.at = line.end;
                    let line = &text[line];
                    if is_tool_message(line) {
                        self.tool_messages += 1;
                    } else {
                        return Next::Error(start, Cause::NotARecord(excerpt(line)));
                    }
                }
            }
        }
    }

    fn end(&mut self, text: &[u8], is_last: bool) -> Next {
        if !is_last {
            return Next::More;
        }
        if self.depth > 0 {
            self.depth = 0;
            return Next::Error(text.len(), Cause::OpenArray);
        }
        Next::End
    }

    /// A scalar stands alone in its line or between commas; `2025-03-03 10:00 INFO` is none.
    /// `None` if that shows only in text that will come.
    fn is_scalar(&self, text: &[u8], is_last: bool) -> Option<bool> {
        let Ok(end) = scan::value_end(text, self.at) else { return Some(false) };
        let blanks = text[end..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        match text.get(end + blanks) {
            None if !is_last => None,
            None | Some(b'\n') => Some(true),
            Some(_) => Some(self.depth > 0),
        }
    }

    /// Lists the elements of a container object, or gives the object itself if it holds none.
    fn open_container(&mut self, text: &[u8], is_last: bool) -> Option<Next> {
        let name = self.container.as_deref().unwrap_or_default();
        let mut found = Vec::new();
        let mut members = scan::members(text, self.at);
        loop {
            match members.next() {
                None => break,
                Some(Ok(member)) if member.name == name.as_bytes() => list_elements(text, &member.value, &mut found),
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    // What is there of a container that was cut off is still worth reading.
                    if !is_last && is_cut(text, &error) {
                        self.wait(text);
                        return Some(Next::More);
                    }
                    return Some(self.enter_broken_container(text, &error));
                }
            }
        }
        let end = members.end().unwrap_or(text.len());
        if found.is_empty() && scan::pointer(&text[self.at..end], &format!("/{name}")).is_none() {
            return Some(Next::Value(self.at));
        }
        self.at = end;
        self.queue = found.into();
        self.queue.front().map(|element| Next::Value(element.start))
    }

    /// Goes on behind the `[` of the container's list, so that its whole elements are read one by one.
    fn enter_broken_container(&mut self, text: &[u8], error: &ScanError) -> Next {
        let name = format!("\"{}\"", self.container.take().unwrap_or_default());
        let start = self.at;
        let list = memchr::memmem::find(&text[start..], name.as_bytes())
            .and_then(|at| memchr::memchr(b'[', &text[start + at..]).map(|bracket| start + at + bracket));
        match list {
            Some(list) => {
                self.at = list + 1;
                self.depth = 1;
                self.arrays_hold_records = true;
            }
            None => self.at = text.len(),
        }
        Next::Error(error.at, cause_of(text, error))
    }

    /// The value that was offered has been read up to `end`.
    pub(crate) fn accept(&mut self, end: usize) {
        match self.queue.pop_front() {
            Some(_) => {}
            None => self.at = end,
        }
    }

    /// The value at `start` could not be read. Says whether to wait for more text, or where reading goes on.
    pub(crate) fn reject(&mut self, text: &[u8], start: usize, error: &ScanError, is_last: bool) -> Next {
        if self.queue.pop_front().is_some() {
            return Next::Error(error.at, cause_of(text, error));
        }
        if !is_last && is_cut(text, error) {
            self.wait(text);
            return Next::More;
        }
        let resume = self.resume_at(text, start, error.at);
        if !is_last && resume >= text.len() {
            // Where the broken record ends is not to be seen yet.
            self.wait(text);
            return Next::More;
        }
        self.wasted += error.at.saturating_sub(start) as u64;
        self.at = resume;
        if self.at <= error.at && self.at < text.len() {
            // It runs on into the next record: what it lacks, it lacks where that one begins.
            return Next::Error(self.at - 1, Cause::Json(ScanReason::End));
        }
        Next::Error(error.at, cause_of(text, error))
    }

    fn wait(&mut self, text: &[u8]) {
        // Twice the rest: a giant value is not scanned again for every chunk.
        self.wait_for = text.len() + (text.len() - self.at);
    }

    /// The end of what a broken record may reach to.
    pub(crate) fn limit(&self, text: &[u8]) -> usize {
        if self.wasted > (self.forgotten + text.len() as u64).saturating_mul(4) + (1 << 20) {
            let newline = memchr::memchr(b'\n', &text[self.at..]);
            return newline.map_or(text.len(), |newline| self.at + newline);
        }
        text.len()
    }

    /// Behind a broken record: the next line that opens an object or array with the same indentation, or the next `},{` in a text
    /// without lines.
    fn resume_at(&self, text: &[u8], start: usize, error_at: usize) -> usize {
        let line_start = memchr::memrchr(b'\n', &text[..start]).map_or(0, |newline| newline + 1);
        let indent = &text[line_start..start];
        let is_alone = indent.iter().all(u8::is_ascii_whitespace) || self.depth == 0;
        if is_alone {
            let indent = if indent.iter().all(u8::is_ascii_whitespace) { indent } else { b"" };
            let mut at = start;
            while let Some(newline) = memchr::memchr(b'\n', &text[at..]) {
                at += newline + 1;
                let line = &text[at..];
                if line.strip_prefix(indent).is_some_and(|rest| {
                    matches!(rest.first(), Some(b'{' | b'[' | b'%' | b'"'))
                        || (rest.first() == Some(&b']') && self.depth > 0)
                }) || (indent.is_empty()
                    && self.depth == 0
                    && !line.is_empty()
                    && !matches!(line[0], b' ' | b'\t' | b'}'))
                {
                    return at;
                }
            }
            return text.len();
        }
        let mut at = error_at.min(text.len());
        while let Some(brace) = memchr::memchr(b'{', &text[at..]) {
            let before = text[..at + brace].trim_ascii_end();
            if before.strip_suffix(b",").is_some_and(|before| before.trim_ascii_end().ends_with(b"}")) {
                return at + brace;
            }
            at += brace + 1;
        }
        text.len()
    }
}

/// The elements of an array, or of all arrays that are members of an object.
fn list_elements(text: &[u8], value: &Range<usize>, found: &mut Vec<Range<usize>>) {
    match text[value.start] {
        b'[' => found.extend(scan::elements(text, value.start).flatten()),
        b'{' => {
            for member in scan::members(text, value.start).flatten() {
                if text[member.value.start] == b'[' {
                    found.extend(scan::elements(text, member.value.start).flatten());
                }
            }
        }
        _ => {}
    }
}

/// The error may only mean that the text goes on; or there is too little of it to show what stands there.
fn is_cut(text: &[u8], error: &ScanError) -> bool {
    error.at + 64 >= text.len()
}

fn cause_of(text: &[u8], error: &ScanError) -> Cause {
    if error.at >= text.len() { Cause::CutOff } else { Cause::Json(error.reason) }
}

/// The rest of the line with its newline; `None` if it may go on.
fn line_at(text: &[u8], at: usize, is_last: bool) -> Option<Range<usize>> {
    match memchr::memchr(b'\n', &text[at..]) {
        Some(newline) => Some(at..at + newline + 1),
        None if is_last => Some(at..text.len()),
        None => None,
    }
}
