//! A validating scanner of JSON text: where values begin and end, and nothing kept.
//!
//! It borrows everything and allocates nothing, keeps its own small stack instead of recursing, and says at which byte a text stops
//! being JSON. Bytes from 0x80 up are accepted inside strings as they are: kcat prints payloads that are no UTF-8 (RFC 8259 otherwise).
//!
//! The hard loop is the string: a block of bytes is looked at together for a quote, a backslash or a control character. JSON inside a string
//! has a backslash every few bytes, so which of a block's bytes are escaped is found out for all of them at once. Punctuation is short and goes
//! byte by byte.

use crate::block::{BLOCK, Block};
use std::fmt;
use std::ops::Range;

/// Deepest nesting that is read. Deeper text is refused, since what it becomes is walked by recursive code elsewhere.
pub const MAX_DEPTH: usize = 512;

/// Where and why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at byte {at}")]
pub struct ScanError {
    /// Offset in the scanned text.
    pub at: usize,
    /// What is wrong there.
    pub reason: ScanReason,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanReason {
    /// The text ends inside a value.
    End,
    /// A byte that cannot begin a value.
    Value,
    /// Something else than `,` or the closing bracket after a value.
    CommaOrEnd,
    /// A member without its `:`.
    Colon,
    /// A member whose name is no string.
    Name,
    /// A control character inside a string.
    Control,
    /// An unknown escape or a bad `\u`.
    Escape,
    /// A number that JSON does not allow.
    Number,
    /// A misspelt `true`, `false` or `null`.
    Literal,
    /// More than [`MAX_DEPTH`] levels.
    Depth,
}

impl ScanReason {
    /// All of them.
    pub const ALL: [ScanReason; 10] = [
        ScanReason::End,
        ScanReason::Value,
        ScanReason::CommaOrEnd,
        ScanReason::Colon,
        ScanReason::Name,
        ScanReason::Control,
        ScanReason::Escape,
        ScanReason::Number,
        ScanReason::Literal,
        ScanReason::Depth,
    ];
}

impl ScanReason {
    /// A stable name, for translations.
    pub const fn code(self) -> &'static str {
        match self {
            ScanReason::End => "end",
            ScanReason::Value => "value",
            ScanReason::CommaOrEnd => "comma-or-end",
            ScanReason::Colon => "colon",
            ScanReason::Name => "name",
            ScanReason::Control => "control",
            ScanReason::Escape => "escape",
            ScanReason::Number => "number",
            ScanReason::Literal => "literal",
            ScanReason::Depth => "depth",
        }
    }
}

impl fmt::Display for ScanReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ScanReason::End => "the text ends inside a value",
            ScanReason::Value => "a value was expected",
            ScanReason::CommaOrEnd => "a comma or a closing bracket was expected",
            ScanReason::Colon => "a colon was expected",
            ScanReason::Name => "a member name in quotes was expected",
            ScanReason::Control => "control character inside a string",
            ScanReason::Escape => "unknown escape in a string",
            ScanReason::Number => "malformed number",
            ScanReason::Literal => "unknown word; only true, false and null are allowed",
            ScanReason::Depth => "nested too deeply",
        })
    }
}

const fn fail<T>(at: usize, reason: ScanReason) -> Result<T, ScanError> {
    Err(ScanError { at, reason })
}

/// The first offset at or after `at` that is no JSON white space.
#[inline]
pub fn skip_ws(text: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = text.get(at) {
        at += 1;
    }
    at
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// A word whose high bits mark (at least) the first byte that is `"`, `\` or below 0x20; exact up to and including the first.
#[inline]
const fn special(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let quote = quote.wrapping_sub(ONES) & !quote;
    let backslash = backslash.wrapping_sub(ONES) & !backslash;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (quote | backslash | control) & HIGHS
}

/// The offset of the first byte from `at` on that is a quote, a backslash or a control character; the text's end if there is none.
#[inline]
pub fn plain_end(text: &[u8], mut at: usize) -> usize {
    while let Some(block) = Block::at(text, at) {
        let found = block.special();
        if found != 0 {
            return at + found.trailing_zeros() as usize;
        }
        at += BLOCK;
    }
    while let Some(chunk) = text.get(at..at + 8) {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        let found = special(u64::from_le_bytes(word));
        if found != 0 {
            return at + (found.trailing_zeros() >> 3) as usize;
        }
        at += 8;
    }
    while let Some(byte) = text.get(at)
        && !matches!(byte, b'"' | b'\\' | 0..=0x1f)
    {
        at += 1;
    }
    at
}

/// The offset of the closing quote of a string; `at` is just behind the opening one.
///
/// # Errors
/// Where the string stops being one.
#[inline]
pub fn string_end(text: &[u8], at: usize) -> Result<usize, ScanError> {
    let at = plain_end(text, at);
    if text.get(at) == Some(&b'"') { Ok(at) } else { string_end_behind_escapes(text, at) }
}

/// The same for a string with escapes, from any of its characters on.
#[inline(never)]
fn string_end_behind_escapes(text: &[u8], mut at: usize) -> Result<usize, ScanError> {
    loop {
        let Some(block) = Block::at(text, at) else {
            at = plain_end(text, at);
            match text.get(at) {
                Some(b'"') => return Ok(at),
                Some(b'\\') => at = escape_end(text, at)?,
                Some(_) => return fail(at, ScanReason::Control),
                None => return fail(text.len(), ScanReason::End),
            }
            continue;
        };
        let (quotes, backslashes, controls) = block.string_marks();
        let escaped = escaped(backslashes);
        let ends = quotes & !escaped;
        // Escapes of one letter or of a number are rarer than those of quotes, and looked at one by one.
        let letters = escaped & !(quotes | backslashes) & u32::from(u16::MAX);
        let found = ends | letters | controls;
        if found == 0 {
            // The last byte may be the backslash of an escape.
            at += BLOCK - (escaped >> BLOCK) as usize;
            continue;
        }
        let (bit, n) = (found & found.wrapping_neg(), found.trailing_zeros() as usize);
        if letters & bit != 0 {
            at = escape_end(text, at + n - 1)?;
        } else if ends & bit != 0 {
            return Ok(at + n);
        } else {
            return fail(at + n, ScanReason::Control);
        }
    }
}

/// Of a block whose first byte is not escaped, the bytes that are, and bit 16 if the byte behind it is. Of a run of backslashes each second
/// one is escaped, and the byte behind a run of odd length: adding a run's beginning to it carries a bit to where it ends.
#[inline]
const fn escaped(backslashes: u32) -> u32 {
    const EVEN: u32 = 0x5555_5555;
    let behind = backslashes << 1;
    let odd_starts = backslashes & !EVEN & !behind;
    let ends_of_odd = (odd_starts + backslashes) << 1;
    (EVEN ^ ends_of_odd) & behind
}

/// The offset behind an escape; `at` is its backslash.
#[inline]
fn escape_end(text: &[u8], at: usize) -> Result<usize, ScanError> {
    match text.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            for n in 2..6 {
                match text.get(at + n) {
                    Some(byte) if byte.is_ascii_hexdigit() => {}
                    Some(_) => return fail(at, ScanReason::Escape),
                    None => return fail(text.len(), ScanReason::End),
                }
            }
            Ok(at + 6)
        }
        Some(_) => fail(at, ScanReason::Escape),
        None => fail(text.len(), ScanReason::End),
    }
}

#[inline]
fn digits_end(text: &[u8], mut at: usize) -> Result<usize, ScanError> {
    let start = at;
    while let Some(b'0'..=b'9') = text.get(at) {
        at += 1;
    }
    if at > start { Ok(at) } else { fail(at, if at < text.len() { ScanReason::Number } else { ScanReason::End }) }
}

/// The offset behind the number that starts at `at`.
///
/// # Errors
/// Where it stops being a number.
#[inline]
pub fn number_end(text: &[u8], at: usize) -> Result<usize, ScanError> {
    // Most numbers are whole, positive and not long.
    if let Some(block) = Block::at(text, at) {
        let n_digits = (!block.digits()).trailing_zeros() as usize;
        let has_end = n_digits < BLOCK && !matches!(text[at + n_digits], b'.' | b'e' | b'E');
        if has_end && (n_digits == 1 || n_digits > 1 && text[at] != b'0') {
            return Ok(at + n_digits);
        }
    }
    number_end_by_bytes(text, at)
}

#[cold]
#[inline(never)]
fn number_end_by_bytes(text: &[u8], mut at: usize) -> Result<usize, ScanError> {
    if text.get(at) == Some(&b'-') {
        at += 1;
    }
    at = if text.get(at) == Some(&b'0') { at + 1 } else { digits_end(text, at)? };
    if let Some(b'0'..=b'9') = text.get(at) {
        return fail(at, ScanReason::Number);
    }
    if text.get(at) == Some(&b'.') {
        at = digits_end(text, at + 1)?;
    }
    if let Some(b'e' | b'E') = text.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = text.get(at) {
            at += 1;
        }
        at = digits_end(text, at)?;
    }
    Ok(at)
}

#[inline]
fn literal_end(text: &[u8], at: usize, word: &[u8]) -> Result<usize, ScanError> {
    let rest = &text[at..];
    if rest.starts_with(word) {
        Ok(at + word.len())
    } else if word.starts_with(rest) {
        fail(text.len(), ScanReason::End)
    } else {
        fail(at, ScanReason::Literal)
    }
}

#[inline]
fn scalar_end(text: &[u8], at: usize) -> Result<usize, ScanError> {
    match text.get(at) {
        Some(b'"') => Ok(string_end(text, at + 1)? + 1),
        Some(b'-' | b'0'..=b'9') => number_end(text, at),
        Some(b't') => literal_end(text, at, b"true"),
        Some(b'f') => literal_end(text, at, b"false"),
        Some(b'n') => literal_end(text, at, b"null"),
        Some(_) => fail(at, ScanReason::Value),
        None => fail(text.len(), ScanReason::End),
    }
}

/// The offset behind the value that starts at `at` (its first byte, no white space before it).
///
/// # Errors
/// Where the text stops being JSON.
pub fn value_end(text: &[u8], at: usize) -> Result<usize, ScanError> {
    match text.get(at) {
        Some(b'{' | b'[') => container_end(text, at),
        _ => scalar_end(text, at),
    }
}

/// One bit per open level: set for an object.
#[derive(Clone, Copy)]
struct Levels {
    bits: [u64; MAX_DEPTH / 64],
    depth: usize,
}

impl Levels {
    const fn new() -> Levels {
        Levels { bits: [0; MAX_DEPTH / 64], depth: 0 }
    }

    #[inline]
    fn open(&mut self, is_object: bool, at: usize) -> Result<(), ScanError> {
        let Some(word) = self.bits.get_mut(self.depth / 64) else { return fail(at, ScanReason::Depth) };
        let bit = 1 << (self.depth % 64);
        *word = if is_object { *word | bit } else { *word & !bit };
        self.depth += 1;
        Ok(())
    }

    #[inline]
    fn in_object(&self) -> bool {
        let level = self.depth.wrapping_sub(1);
        self.bits.get(level / 64).is_some_and(|word| word & (1 << (level % 64)) != 0)
    }
}

fn container_end(text: &[u8], mut at: usize) -> Result<usize, ScanError> {
    let mut levels = Levels::new();
    // Each turn reads one value, then closes all levels that end behind it.
    loop {
        let opened = match text.get(at) {
            Some(b'{') => {
                levels.open(true, at)?;
                at = skip_ws(text, at + 1);
                text.get(at) != Some(&b'}')
            }
            Some(b'[') => {
                levels.open(false, at)?;
                at = skip_ws(text, at + 1);
                text.get(at) != Some(&b']')
            }
            _ => {
                at = scalar_end(text, at)?;
                false
            }
        };
        if opened {
            if levels.in_object() {
                at = name_end(text, at)?;
            }
            continue;
        }
        loop {
            at = skip_ws(text, at);
            let in_object = levels.in_object();
            match text.get(at) {
                Some(b',') => {
                    at = skip_ws(text, at + 1);
                    if in_object {
                        at = name_end(text, at)?;
                    }
                    break;
                }
                Some(b'}') if in_object => {}
                Some(b']') if !in_object => {}
                Some(_) => return fail(at, ScanReason::CommaOrEnd),
                None => return fail(text.len(), ScanReason::End),
            }
            at += 1;
            levels.depth -= 1;
            if levels.depth == 0 {
                return Ok(at);
            }
        }
    }
}

/// Skips a member's name and colon; gives the start of its value.
#[inline]
fn name_end(text: &[u8], at: usize) -> Result<usize, ScanError> {
    match text.get(at) {
        Some(b'"') => colon_end(text, string_end(text, at + 1)? + 1),
        Some(_) => fail(at, ScanReason::Name),
        None => fail(text.len(), ScanReason::End),
    }
}

#[inline]
fn colon_end(text: &[u8], at: usize) -> Result<usize, ScanError> {
    let at = skip_ws(text, at);
    match text.get(at) {
        Some(b':') => Ok(skip_ws(text, at + 1)),
        Some(_) => fail(at, ScanReason::Colon),
        None => fail(text.len(), ScanReason::End),
    }
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'a> {
    /// Between the quotes, escapes not undone.
    pub name: &'a [u8],
    /// Where its value lies in the scanned text.
    pub value: Range<usize>,
}

/// The members of an object, validated as they are given. See [`members`].
#[derive(Debug, Clone)]
pub struct Members<'a> {
    text: &'a [u8],
    at: usize,
    state: Cursor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    Start,
    Next,
    Done,
    Failed,
}

/// The members of the object at `at`; after the last, [`Members::end`] tells where the object ends. Ends with the first error.
pub fn members(text: &[u8], at: usize) -> Members<'_> {
    Members { text, at, state: Cursor::Start }
}

impl<'a> Members<'a> {
    /// The offset behind the object, once all its members were given without an error.
    pub fn end(&self) -> Option<usize> {
        (self.state == Cursor::Done).then_some(self.at)
    }

    #[inline]
    fn advance(&mut self) -> Result<Option<Member<'a>>, ScanError> {
        let (mut at, is_close) = next_item(self.text, self.at, &mut self.state, b'{', b'}')?;
        if is_close {
            self.at = at + 1;
            return Ok(None);
        }
        if self.text.get(at) != Some(&b'"') {
            return fail(at, if at < self.text.len() { ScanReason::Name } else { ScanReason::End });
        }
        let name_end = string_end(self.text, at + 1)?;
        let name = &self.text[at + 1..name_end];
        at = colon_end(self.text, name_end + 1)?;
        let end = value_end(self.text, at)?;
        self.at = skip_ws(self.text, end);
        Ok(Some(Member { name, value: at..end }))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<Member<'a>, ScanError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if matches!(self.state, Cursor::Done | Cursor::Failed) {
            return None;
        }
        let at = skip_ws(self.text, self.at);
        self.at = at;
        match self.advance() {
            Ok(None) => {
                self.state = Cursor::Done;
                None
            }
            Ok(Some(member)) => Some(Ok(member)),
            Err(error) => {
                self.state = Cursor::Failed;
                Some(Err(error))
            }
        }
    }
}

/// The elements of an array, validated as they are given. See [`elements`].
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    text: &'a [u8],
    at: usize,
    state: Cursor,
}

/// Where the elements of the array at `at` lie; after the last, [`Elements::end`] tells where the array ends. Ends with the first error.
pub fn elements(text: &[u8], at: usize) -> Elements<'_> {
    Elements { text, at, state: Cursor::Start }
}

impl Elements<'_> {
    /// The offset behind the array, once all its elements were given without an error.
    pub fn end(&self) -> Option<usize> {
        (self.state == Cursor::Done).then_some(self.at)
    }

    fn advance(&mut self) -> Result<Option<Range<usize>>, ScanError> {
        let (at, is_close) = next_item(self.text, self.at, &mut self.state, b'[', b']')?;
        if is_close {
            self.at = at + 1;
            return Ok(None);
        }
        let end = value_end(self.text, at)?;
        self.at = skip_ws(self.text, end);
        Ok(Some(at..end))
    }
}

impl Iterator for Elements<'_> {
    type Item = Result<Range<usize>, ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        if matches!(self.state, Cursor::Done | Cursor::Failed) {
            return None;
        }
        match self.advance() {
            Ok(None) => {
                self.state = Cursor::Done;
                None
            }
            Ok(Some(range)) => Some(Ok(range)),
            Err(error) => {
                self.state = Cursor::Failed;
                Some(Err(error))
            }
        }
    }
}

/// The start of the next item of a container, or its closing bracket and `true`.
#[inline]
fn next_item(text: &[u8], at: usize, state: &mut Cursor, open: u8, close: u8) -> Result<(usize, bool), ScanError> {
    if *state == Cursor::Start {
        match text.get(at) {
            Some(&byte) if byte == open => {}
            Some(_) => return fail(at, ScanReason::Value),
            None => return fail(text.len(), ScanReason::End),
        }
        *state = Cursor::Next;
        let at = skip_ws(text, at + 1);
        return Ok((at, text.get(at) == Some(&close)));
    }
    match text.get(at) {
        Some(b',') => Ok((skip_ws(text, at + 1), false)),
        Some(&byte) if byte == close => Ok((at, true)),
        Some(_) => fail(at, ScanReason::CommaOrEnd),
        None => fail(text.len(), ScanReason::End),
    }
}

fn hex4(raw: &[u8], at: usize) -> Option<u32> {
    let digits = std::str::from_utf8(raw.get(at..at + 4)?).ok()?;
    u32::from_str_radix(digits, 16).ok()
}

/// Appends what a JSON string says. `raw` is the text between its quotes; lone surrogates become U+FFFD, other bytes stay as they are.
/// Room for a block more than the text is used while it is written.
pub fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    // No escape says more than it is long.
    out.resize(start + raw.len() + BLOCK, 0);
    let length = unescape_into(raw, &mut out[start..]);
    out.truncate(start + length);
}

/// Writes what `raw` says; gives its length. Blocks are written whole, and what lies behind their first backslash is written over: pieces
/// between escapes are short, and a copy of just them costs more.
fn unescape_into(raw: &[u8], out: &mut [u8]) -> usize {
    let (mut at, mut to) = (0, 0);
    while let Some(chunk) = raw.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>)
        && let Some(room) = out.get_mut(to..).and_then(<[u8]>::first_chunk_mut::<BLOCK>)
    {
        *room = *chunk;
        let n_plain = (Block::of(chunk).backslashes().trailing_zeros() as usize).min(BLOCK);
        (at, to) = (at + n_plain, to + n_plain);
        if n_plain < BLOCK {
            // JSON inside of a string: its quotes, and the backslashes of its own escapes.
            (at, to) = match raw.get(at + 1) {
                Some(&byte @ (b'"' | b'\\')) => {
                    out[to] = byte;
                    (at + 2, to + 1)
                }
                _ => unescape_one(raw, at, out, to),
            };
        }
    }
    while let Some(&byte) = raw.get(at) {
        if byte == b'\\' {
            (at, to) = unescape_one(raw, at, out, to);
        } else {
            out[to] = byte;
            (at, to) = (at + 1, to + 1);
        }
    }
    to
}

/// Writes what the escape at `at` says; gives the places behind it.
#[inline(never)]
fn unescape_one(raw: &[u8], at: usize, out: &mut [u8], to: usize) -> (usize, usize) {
    out[to] = match raw.get(at + 1) {
        Some(b'n') => b'\n',
        Some(b't') => b'\t',
        Some(b'r') => b'\r',
        Some(b'b') => 0x08,
        Some(b'f') => 0x0c,
        Some(b'u') => return unescape_unicode(raw, at + 2, out, to),
        Some(&other) => other,
        None => return (at + 1, to),
    };
    (at + 2, to + 1)
}

/// Writes the character of `\uXXXX` (and its second half); `at` is behind the `u`.
fn unescape_unicode(raw: &[u8], at: usize, out: &mut [u8], to: usize) -> (usize, usize) {
    let Some(first) = hex4(raw, at) else { return (at, to) };
    let mut end = at + 4;
    let mut code = first;
    if (0xd800..0xdc00).contains(&first)
        && raw.get(at + 4..at + 6) == Some(b"\\u")
        && let Some(second) = hex4(raw, at + 6)
        && (0xdc00..0xe000).contains(&second)
    {
        code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        end = at + 10;
    }
    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    (end, to + character.encode_utf8(&mut out[to..]).len())
}

/// What a JSON pointer (RFC 6901) points to, as text of its own; `None` if there is nothing or the text is not JSON.
pub fn pointer<'a>(text: &'a [u8], pointer: &str) -> Option<&'a [u8]> {
    let mut at = skip_ws(text, 0);
    if !pointer.is_empty() {
        for token in pointer.strip_prefix('/')?.split('/') {
            at = child(text, at, token)?;
        }
    }
    let end = value_end(text, at).ok()?;
    Some(&text[at..end])
}

fn child(text: &[u8], at: usize, token: &str) -> Option<usize> {
    match text.get(at)? {
        b'{' => {
            let token = unescape_token(token);
            // The last of equal names wins, as for most readers.
            let found = members(text, at).map_while(Result::ok).filter(|member| name_is(member.name, token.as_bytes()));
            found.last().map(|member| member.value.start)
        }
        b'[' => {
            let index: usize = if token.len() > 1 && token.starts_with('0') { None } else { token.parse().ok() }?;
            elements(text, at).map_while(Result::ok).nth(index).map(|range| range.start)
        }
        _ => None,
    }
}

/// Undoes `~1` and `~0` of a pointer's token.
pub fn unescape_token(token: &str) -> std::borrow::Cow<'_, str> {
    if token.contains('~') { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() }
}

/// Whether a raw member name says `wanted`.
#[inline]
pub fn name_is(raw: &[u8], wanted: &[u8]) -> bool {
    if raw == wanted {
        return true;
    }
    if memchr::memchr(b'\\', raw).is_none() {
        return false;
    }
    let mut name = Vec::with_capacity(raw.len());
    unescape(raw, &mut name);
    name == wanted
}

/// Whether two texts are equal. For texts of a few bytes, for which a call of the library's comparison costs more than comparing.
#[inline]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    if let (Some(last_a), Some(last_b)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        let (words_a, words_b) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
        return words_a.iter().zip(words_b).all(|(a, b)| a == b) && last_a == last_b;
    }
    if let (Some(last_a), Some(last_b)) = (a.last_chunk::<4>(), b.last_chunk::<4>()) {
        return a.first_chunk::<4>() == b.first_chunk::<4>() && last_a == last_b;
    }
    a.iter().zip(b).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected` is the rest of the text behind the value.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let end = value_end(text.as_bytes(), 0).unwrap();
        assert_eq!(&text[end..], expected);
    }

    #[track_caller]
    fn check_fails(text: &str, at: usize, reason: ScanReason) {
        assert_eq!(value_end(text.as_bytes(), 0), Err(ScanError { at, reason }), "{text}");
    }

    /// All texts of so many of these characters.
    fn each_text(characters: &[u8], length: u32, mut look: impl FnMut(&[u8])) {
        let n = characters.len();
        for mut number in 0..n.pow(length) {
            let mut text = Vec::new();
            for _ in 0..length {
                text.push(characters[number % n]);
                number /= n;
            }
            look(&text);
        }
    }

    /// Where a string ends, found out byte by byte.
    fn string_end_by_bytes(text: &[u8]) -> Result<usize, ScanError> {
        let mut at = 0;
        loop {
            match text.get(at) {
                Some(b'"') => return Ok(at),
                Some(b'\\') => at = escape_end(text, at)?,
                Some(0..=0x1f) => return fail(at, ScanReason::Control),
                Some(_) => at += 1,
                None => return fail(text.len(), ScanReason::End),
            }
        }
    }

    #[test]
    fn a_string_ends_at_its_quote_wherever_blocks_begin() {
        each_text(b"\"\\nua\x1f", 5, |middle| {
            for n in [0, 8, 11, 12, 13, 14, 15, 16] {
                for tail in [&b"\""[..], &[b'z'; 20]] {
                    let text = [&b"0123456789abcdef"[..n], middle, tail].concat();
                    assert_eq!(string_end(&text, 0), string_end_by_bytes(&text), "{}", String::from_utf8_lossy(&text));
                }
            }
        });
    }

    #[test]
    fn escapes_are_undone_wherever_blocks_begin() {
        let pieces = [r#"\""#, r"\\", r"\n", r"\u00e4", r"\ud83d\ude00", r"\ud83d", "a", "bcdefgh"];
        each_text(b"\0\x01\x02\x03\x04\x05\x06\x07", 4, |numbers| {
            for n in [0, 7, 13, 14, 15] {
                let middle: String = numbers.iter().map(|&number| pieces[number as usize]).collect();
                let raw = format!("{}{middle}xyz", &"0123456789abcde"[..n]);
                let mut said = b"before".to_vec();
                unescape(raw.as_bytes(), &mut said);
                // Halves of characters that stand alone are not for the library.
                let whole = raw.replace(r"\ud83d\ude00", "\u{1f600}").replace(r"\ud83d", r"\ufffd");
                let expected: String = serde_json::from_str(&format!("\"{whole}\"")).unwrap();
                assert_eq!(String::from_utf8_lossy(&said), format!("before{expected}"), "{raw}");
            }
        });
        let mut said = Vec::new();
        unescape(br"cut off\", &mut said);
        assert_eq!(said, b"cut off");
    }

    #[test]
    fn a_value_ends_where_its_grammar_ends() {
        check("1,", ",");
        check("-0.5e+10]", "]");
        check("\"a\\\"b\" x", " x");
        check("{ \"a\" : [ 1 , {} , [] ] }x", "x");
        check("\"12345678\\u00e4\"", "");
        check("[[[]],{}]tail", "tail");
    }

    #[test]
    fn what_is_wrong_is_said_at_its_byte() {
        check_fails("", 0, ScanReason::End);
        check_fails("{\"a\":01}", 6, ScanReason::Number);
        check_fails("{\"a\" 1}", 5, ScanReason::Colon);
        check_fails("{\"a\":1,}", 7, ScanReason::Name);
        check_fails("[1 2]", 3, ScanReason::CommaOrEnd);
        check_fails("[1}", 2, ScanReason::CommaOrEnd);
        check_fails("\"abcdefgh\nx\"", 9, ScanReason::Control);
        check_fails("\"\\x\"", 1, ScanReason::Escape);
        check_fails("tru", 3, ScanReason::End);
        check_fails("trux", 0, ScanReason::Literal);
        check_fails(&"[".repeat(513), 512, ScanReason::Depth);
    }

    #[test]
    fn bytes_that_are_no_utf8_may_stand_in_strings() {
        assert_eq!(value_end(b"\"\xff\xfe\x80abcdefghij\"", 0), Ok(15));
    }

    #[test]
    fn members_and_elements_know_their_end() {
        for text in ["{}", "{ }", "{\"a\":1}", "{ \"a\" : 1 , \"b\" : [ 2 ] } "] {
            let mut all = members(text.as_bytes(), 0);
            assert!(all.by_ref().all(|member| member.is_ok()));
            assert_eq!(all.end(), Some(text.trim_end().len()), "{text}");
        }
        for text in ["[]", "[ ]", "[1]", "[ 1 , [2] ] "] {
            let mut all = elements(text.as_bytes(), 0);
            assert!(all.by_ref().all(|element| element.is_ok()));
            assert_eq!(all.end(), Some(text.trim_end().len()), "{text}");
        }
    }

    #[test]
    fn a_pointer_finds_members_elements_and_escaped_names() {
        let text = br#"{"a":[{"b/c":1},{"~":"x"}],"a\u0062":true}"#;
        assert_eq!(pointer(text, "/a/0/b~1c"), Some(&b"1"[..]));
        assert_eq!(pointer(text, "/a/1/~0"), Some(&b"\"x\""[..]));
        assert_eq!(pointer(text, "/ab"), Some(&b"true"[..]));
        assert_eq!(pointer(text, "/a/2"), None);
        assert_eq!(pointer(text, "a"), None);
    }

    #[test]
    fn surrogates_are_paired_or_replaced() {
        let mut out = Vec::new();
        unescape(br"\ud83d\ude00 \ud83d \u00e4\n", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "\u{1f600} \u{fffd} \u{e4}\n");
    }
}
