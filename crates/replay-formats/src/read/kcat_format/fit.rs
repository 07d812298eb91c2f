//! Whether a text begins with a record of a format, and where its parts lie.
//!
//! A part of known length is as long as that. Any other ends where the literal behind it stands: with its JSON if it is a piece of JSON, else
//! at the leftmost place from which all that follows fits. Only a value that ends with its record may be of several lines: it goes on until
//! what follows is the beginning of a record.

use super::{KcatFormat, Piece};
use crate::text::find;
use crate::time::integer;
use replay_log::scan::{self, ScanReason};
use std::ops::Range;

/// Bytes that a record may have.
pub(super) const LONGEST: usize = 256 << 20;
/// Places that are tried for the parts of a record.
const MOST_STEPS: u32 = 20_000;
/// Blanks at the end of a text that belong to no value.
const MOST_BLANKS: usize = 64;
/// Characters of a topic's name.
const LONGEST_TOPIC: usize = 249;
/// What is printed for a null or empty key or value, if that was asked for.
const NULL: &[u8] = b"NULL";

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// The record ends there.
    Ends(usize),
    /// There is none.
    None,
    /// More of the text must be seen.
    More,
}

/// How a format is to be read.
pub(super) struct Plan {
    pub(super) format: KcatFormat,
    sized: Vec<bool>,
    /// The value whose end is known only by what follows it.
    open_value: Option<usize>,
    /// What ends a record: no other part without a length holds it.
    stop: Vec<u8>,
}

/// Lengths that the record tells.
#[derive(Debug, Clone, Copy, Default)]
struct Sizes {
    key: Option<i64>,
    value: Option<i64>,
    /// The open value is a piece of JSON, which is complete.
    is_json: bool,
}

/// A record that is being looked for.
#[allow(clippy::struct_excessive_bools, reason = "two are asked for, two are found, each of its own")]
pub(super) struct Fitting<'a> {
    plan: &'a Plan,
    text: &'a [u8],
    start: usize,
    is_last: bool,
    /// Looks at what follows an open value.
    looks_on: bool,
    steps: u32,
    /// Where the parts lie.
    pub(super) cuts: Vec<Range<usize>>,
    /// The place that was reached, and the piece that does not fit there.
    pub(super) farthest: (usize, usize),
    /// The value is of several lines, of which the end was told by what follows.
    pub(super) is_open: bool,
    /// What ends an open value is nowhere in the text.
    pub(super) is_endless: bool,
}

impl Plan {
    pub(super) fn new(format: KcatFormat) -> Plan {
        let sized: Vec<bool> = (0..format.pieces.len()).map(|n| KcatFormat::is_sized(&format.pieces, n)).collect();
        let last = format.pieces.len().checked_sub(2);
        let open_value = last.filter(|n| format.pieces[*n] == Piece::Value && !sized[*n]);
        let end = format.pieces.iter().rev().find_map(|piece| match piece {
            Piece::Literal(text) => Some(text.clone()),
            _ => None,
        });
        let end = end.unwrap_or_default();
        let stop = if end.contains(&b'\n') || end.is_empty() { b"\n".to_vec() } else { end };
        Plan { format, sized, open_value, stop }
    }

    /// What ends a record, or begins another line of it.
    pub(super) fn stop(&self) -> &[u8] {
        &self.stop
    }

    /// Lines of a record, but for those of its values.
    pub(super) fn lines(&self) -> usize {
        let of =
            |piece: &Piece| if let Piece::Literal(text) = piece { memchr::memchr_iter(b'\n', text).count() } else { 0 };
        self.format.pieces.iter().map(of).sum()
    }

    /// A record at `start`, told apart from what follows it.
    pub(super) fn fit<'a>(&'a self, text: &'a [u8], start: usize, is_last: bool) -> (Fit, Fitting<'a>) {
        self.try_fit(text, start, is_last, true)
    }

    fn try_fit<'a>(&'a self, text: &'a [u8], start: usize, is_last: bool, looks_on: bool) -> (Fit, Fitting<'a>) {
        let mut fitting = Fitting {
            plan: self,
            text,
            start,
            is_last,
            looks_on,
            steps: 0,
            cuts: vec![start..start; self.format.pieces.len()],
            farthest: (start, 0),
            is_open: false,
            is_endless: false,
        };
        let found = fitting.from(0, start, Sizes::default());
        (found, fitting)
    }
}

/// True for what kcat and librdkafka print between records where both go to one file; `None` if more must be seen.
pub(super) fn is_message(text: &[u8], is_last: bool) -> Option<bool> {
    const STARTS: [&[u8]; 4] = [b"% Reached end of topic ", b"% Auto-selecting ", b"% ERROR: ", b"% Group "];
    if STARTS.iter().any(|start| text.starts_with(start)) {
        return Some(true);
    }
    if !is_last && STARTS.iter().any(|start| start.starts_with(text)) {
        return None;
    }
    // `%4|1700000000.123|FAIL|rdkafka#consumer-1| …`
    let [b'%', b'0'..=b'7', rest @ ..] = text else { return Some(false) };
    let digits = rest.iter().skip(1).take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let needed = digits + 2;
    if rest.len() < needed && !is_last && rest.first().is_none_or(|byte| *byte == b'|') {
        return None;
    }
    Some(rest.first() == Some(&b'|') && digits >= 10 && rest.get(digits + 1) == Some(&b'|'))
}

impl<'a> Fitting<'a> {
    /// The part of the text that a piece stands for.
    pub(super) fn cut(&self, n: usize) -> &'a [u8] {
        self.text.get(self.cuts[n].clone()).unwrap_or_default()
    }

    /// What does not fit.
    fn none(&mut self, n: usize, at: usize) -> Fit {
        if at >= self.farthest.0 {
            self.farthest = (at, n);
        }
        Fit::None
    }

    /// There is nothing at `at` where more is wanted.
    fn short(&mut self, n: usize, at: usize) -> Fit {
        if self.is_last { self.none(n, at) } else { Fit::More }
    }

    /// The rest of a record from the piece `n` on, at `at`.
    fn from(&mut self, n: usize, at: usize, sizes: Sizes) -> Fit {
        self.steps += 1;
        if self.steps > MOST_STEPS || at - self.start > LONGEST {
            return self.none(n, at);
        }
        let plan = self.plan;
        let Some(piece) = plan.format.pieces.get(n) else { return self.end(at, sizes) };
        match piece {
            Piece::Literal(literal) => self.literal(n, literal, at, sizes),
            Piece::ValueSizeBinary => match self.text[at..].first_chunk::<4>() {
                None => self.short(n, at),
                Some(bytes) => self.size(n, at, at + 4, i64::from(i32::from_be_bytes(*bytes)), sizes),
            },
            Piece::Topic => self.topic(n, at, sizes),
            piece if piece.is_number() => self.number(n, at, sizes),
            _ if plan.sized[n] => self.sized(n, at, sizes),
            _ => self.free(n, at, sizes),
        }
    }

    fn literal(&mut self, n: usize, literal: &[u8], at: usize, sizes: Sizes) -> Fit {
        let rest = &self.text[at..];
        if rest.starts_with(literal) {
            return self.from(n + 1, at + literal.len(), sizes);
        }
        if literal.starts_with(rest) {
            // Editors and terminals take the last end of line away.
            let is_end = n + 1 == self.plan.format.pieces.len() && at > self.start;
            if self.is_last && is_end {
                return self.from(n + 1, self.text.len(), sizes);
            }
            return self.short(n, at);
        }
        self.none(n, at)
    }

    fn topic(&mut self, n: usize, at: usize, sizes: Sizes) -> Fit {
        let is_legal = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let run = self.text[at..].iter().take(LONGEST_TOPIC + 1).take_while(is_legal).count();
        let mut found = Fit::None;
        for length in 1..=run.min(LONGEST_TOPIC) {
            self.cuts[n] = at..at + length;
            found = self.from(n + 1, at + length, sizes);
            if found != Fit::None {
                return found;
            }
        }
        if run == 0 && at == self.text.len() { self.short(n, at) } else { found }
    }

    fn number(&mut self, n: usize, at: usize, sizes: Sizes) -> Fit {
        let rest = &self.text[at..];
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[sign..].iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
        if sign + digits == rest.len() && !self.is_last {
            return Fit::More;
        }
        if digits == 0 {
            return self.none(n, at);
        }
        // All digits, unless what follows may begin with one.
        let may_share = match self.plan.format.pieces.get(n + 1) {
            Some(Piece::Literal(literal)) => literal.first().is_some_and(u8::is_ascii_digit),
            _ => true,
        };
        let shortest = if may_share { 1 } else { digits };
        // What follows tells sooner whether a short one fits, if its end is told.
        let is_told = matches!(self.plan.format.pieces.get(n + 2), Some(Piece::Literal(_)));
        for length in shortest..=digits {
            let length = if is_told { length } else { shortest + digits - length };
            let end = at + sign + length;
            let Some(number) = integer(&self.text[at..end]) else { continue };
            self.cuts[n] = at..end;
            let found = match self.plan.format.pieces[n] {
                Piece::KeySize | Piece::ValueSize => self.size(n, at, end, number, sizes),
                _ => self.from(n + 1, end, sizes),
            };
            if found != Fit::None {
                return found;
            }
        }
        self.none(n, at)
    }

    /// A length that is told: of what follows, or of what was there before.
    fn size(&mut self, n: usize, at: usize, end: usize, size: i64, sizes: Sizes) -> Fit {
        let is_key = self.plan.format.pieces[n] == Piece::KeySize;
        if size < -1 || usize::try_from(size.max(0)).is_ok_and(|size| size > LONGEST) {
            return self.none(n, at);
        }
        let data = if is_key { Piece::Key } else { Piece::Value };
        if let Some(before) = self.plan.format.pieces[..n].iter().position(|piece| *piece == data) {
            let cut = self.cut(before);
            let is_null = size <= 0 && self.plan.format.prints_null && cut == NULL;
            if !is_null && cut.len() as i64 != size.max(0) {
                return self.none(n, at);
            }
        }
        let sizes = if is_key { Sizes { key: Some(size), ..sizes } } else { Sizes { value: Some(size), ..sizes } };
        self.cuts[n] = at..end;
        self.from(n + 1, end, sizes)
    }

    fn sized(&mut self, n: usize, at: usize, sizes: Sizes) -> Fit {
        let size = if self.plan.format.pieces[n] == Piece::Key { sizes.key } else { sizes.value };
        let size = usize::try_from(size.unwrap_or(0)).unwrap_or(0);
        let is_null = size == 0 && self.plan.format.prints_null;
        let length = if is_null { NULL.len() } else { size };
        let Some(data) = self.text.get(at..at + length) else { return self.short(n, at) };
        if is_null && data != NULL {
            return self.none(n, at);
        }
        self.cuts[n] = if is_null { at..at } else { at..at + length };
        self.from(n + 1, at + length, sizes)
    }

    /// A part that ends where the literal behind it stands.
    fn free(&mut self, n: usize, at: usize, sizes: Sizes) -> Fit {
        let plan = self.plan;
        let Some(Piece::Literal(literal)) = plan.format.pieces.get(n + 1) else { return self.none(n, at) };
        let is_open = plan.open_value == Some(n);
        let text = &self.text[..self.text.len().min(self.start.saturating_add(LONGEST))];
        let is_cut = text.len() == self.text.len() && !self.is_last;
        if plan.format.pieces[n] != Piece::Headers && matches!(text.get(at), Some(b'{' | b'[' | b'"')) {
            match scan::value_end(text, at) {
                Ok(end) if text[end..].starts_with(literal) || (self.is_last && end == text.len()) => {
                    self.cuts[n] = at..end;
                    let found = self.from(n + 1, end, Sizes { is_json: sizes.is_json || is_open, ..sizes });
                    if found != Fit::None {
                        return found;
                    }
                }
                Ok(end) if is_cut && literal.starts_with(&text[end..]) => return Fit::More,
                Err(error) if error.reason == ScanReason::End && is_cut => return Fit::More,
                _ => {}
            }
        }
        // Others end before the record does.
        let bound = if is_open { None } else { find(&text[at..], &plan.stop).map(|stop| at + stop) };
        let mut from = at;
        let steps = self.steps;
        self.is_endless |= is_open && find(&text[from..], literal).is_none();
        let until = bound.map_or(text.len(), |bound| text.len().min(bound + literal.len()));
        while let Some(length) = text.get(from..until).and_then(|text| find(text, literal)) {
            let end = from + length;
            self.cuts[n] = at..end;
            self.is_open = is_open && find(&text[at..end], &plan.stop).is_some();
            let found = self.from(n + 1, end, sizes);
            // Once enough was tried, nothing more is.
            if found != Fit::None || self.steps > MOST_STEPS {
                return found;
            }
            from = end + 1;
            // The places where an open value may end are looked at once each.
            if is_open {
                self.steps = steps;
            }
        }
        if self.is_last && text.len() == self.text.len() && bound.is_none() && n + 2 == plan.format.pieces.len() {
            // The text ends without the record's end.
            let begun = (0..literal.len()).rev().find(|begun| text[at..].ends_with(&literal[..*begun])).unwrap_or(0);
            let end = text.len() - begun;
            self.cuts[n] = at..end;
            self.is_open = is_open && find(&text[at..end], &plan.stop).is_some();
            return self.from(n + 1, end, sizes);
        }
        // A stop that is cut is none yet.
        if is_cut && bound.is_none() { Fit::More } else { self.none(n + 1, bound.unwrap_or(at)) }
    }

    /// All pieces fit. What follows tells whether an open value ends here.
    fn end(&mut self, at: usize, sizes: Sizes) -> Fit {
        let Some(value) = self.plan.open_value.filter(|_| self.looks_on && !sizes.is_json) else {
            return Fit::Ends(at);
        };
        let rest = &self.text[at..];
        if self.is_last && rest.len() < MOST_BLANKS && rest.trim_ascii().is_empty() {
            return Fit::Ends(at);
        }
        match is_message(rest, self.is_last) {
            None => return Fit::More,
            Some(true) => return Fit::Ends(at),
            Some(false) => {}
        }
        match self.plan.try_fit(self.text, at, self.is_last, false) {
            (Fit::None, _) => self.none(value, at),
            (Fit::More, _) => Fit::More,
            (Fit::Ends(_), _) => Fit::Ends(at),
        }
    }
}
