//! Bytes to UTF-8 text: byte order marks and UTF-16; and the lines that tools print between records.

/// Brings text to UTF-8. UTF-8 itself passes untouched, whether valid or not: kcat puts raw bytes into its strings.
pub(crate) enum Charset {
    Undecided(Vec<u8>),
    /// The same, of text in which numbers may stand as bytes, so that only a mark says anything.
    Marked(Vec<u8>),
    Utf8,
    Utf16(Utf16),
}

impl Charset {
    pub(crate) fn new() -> Charset {
        Charset::Undecided(Vec::new())
    }

    /// Hands the text of the next bytes to `sink`, without a byte order mark.
    pub(crate) fn push(&mut self, bytes: &[u8], last: bool, sink: &mut dyn FnMut(&[u8])) {
        match self {
            Charset::Utf8 => sink(bytes),
            Charset::Utf16(decoder) => decoder.push(bytes, last, sink),
            Charset::Undecided(head) | Charset::Marked(head) => {
                head.extend_from_slice(bytes);
                if head.len() < 4 && !last {
                    return;
                }
                let head = std::mem::take(head);
                let is_marked = matches!(self, Charset::Marked(_));
                let (charset, skip) = match head.as_slice() {
                    [0xef, 0xbb, 0xbf, ..] => (Charset::Utf8, 3),
                    [0xff, 0xfe, ..] => (utf16(u16::from_le_bytes), 2),
                    [0xfe, 0xff, ..] => (utf16(u16::from_be_bytes), 2),
                    _ if is_marked => (Charset::Utf8, 0),
                    // No mark, but every second byte of ASCII text is zero.
                    [a, 0, b, 0, ..] if a.is_ascii() && b.is_ascii() && *a != 0 => (utf16(u16::from_le_bytes), 0),
                    [0, a, 0, b, ..] if a.is_ascii() && b.is_ascii() && *a != 0 && *b != 0 => {
                        (utf16(u16::from_be_bytes), 0)
                    }
                    _ => (Charset::Utf8, 0),
                };
                *self = charset;
                self.push(&head[skip..], last, sink);
            }
        }
    }

    /// How many places were no valid UTF-16.
    pub(crate) fn replaced(&self) -> u64 {
        if let Charset::Utf16(decoder) = self { decoder.replaced } else { 0 }
    }
}

/// True if the text needs no decoding: no byte order mark, no UTF-16.
pub(crate) fn is_plain_utf8(text: &[u8]) -> bool {
    !matches!(text, [0xef, 0xbb, 0xbf, ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, _, 0, ..] | [0, _, 0, _, ..])
}

fn utf16(unit: fn([u8; 2]) -> u16) -> Charset {
    Charset::Utf16(Utf16 { unit, odd: None, high: None, replaced: 0 })
}

/// Decodes UTF-16 in pieces. A library for it would bring the tables of all the world's character sets to the page.
pub(crate) struct Utf16 {
    unit: fn([u8; 2]) -> u16,
    /// The first byte of a unit whose second has not come yet.
    odd: Option<u8>,
    /// The first half of a pair.
    high: Option<u16>,
    /// Halves without their other half; each became U+FFFD.
    replaced: u64,
}

impl Utf16 {
    fn push(&mut self, bytes: &[u8], last: bool, sink: &mut dyn FnMut(&[u8])) {
        let mut text = String::with_capacity(bytes.len());
        let mut bytes = bytes;
        if let (Some(odd), Some((second, rest))) = (self.odd, bytes.split_first()) {
            self.odd = None;
            self.unit((self.unit)([odd, *second]), &mut text);
            bytes = rest;
        }
        let (units, odd) = bytes.as_chunks::<2>();
        for unit in units {
            self.unit((self.unit)(*unit), &mut text);
        }
        self.odd = odd.first().copied().or(self.odd);
        if last && (self.odd.take().is_some() || self.high.take().is_some()) {
            self.replace(&mut text);
        }
        sink(text.as_bytes());
    }

    fn unit(&mut self, unit: u16, text: &mut String) {
        match (self.high.take(), unit) {
            (Some(high), 0xdc00..=0xdfff) => {
                let code = 0x1_0000 + ((u32::from(high) & 0x3ff) << 10) + (u32::from(unit) & 0x3ff);
                text.extend(char::from_u32(code));
                return;
            }
            (Some(_), _) => self.replace(text),
            (None, _) => {}
        }
        match unit {
            0xd800..=0xdbff => self.high = Some(unit),
            _ => match char::from_u32(u32::from(unit)) {
                Some(character) => text.push(character),
                None => self.replace(text),
            },
        }
    }

    fn replace(&mut self, text: &mut String) {
        text.push(char::REPLACEMENT_CHARACTER);
        self.replaced += 1;
    }
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

/// Where a part first stands in a text. Made once: the search itself is long.
#[inline(never)]
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, part)
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

/// Bytes of a text that are no UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// Where the first one lies.
    pub(crate) first: usize,
    /// How many sequences there are.
    pub(crate) count: u64,
    /// Nearly all non-ASCII text is made like that of GBK.
    pub(crate) is_gbk: bool,
}

/// So much of a text is looked at to tell the character set.
const CHARSET_SAMPLE: usize = 1 << 20;

/// How much of the text is UTF-8, at least `known`, of which that is known.
pub(crate) fn utf8_until(text: &[u8], known: usize) -> usize {
    let fresh = text.get(known..).unwrap_or_default();
    known + simdutf8::compat::from_utf8(fresh).map_or_else(|error| error.valid_up_to(), str::len)
}

/// A stretch of a text that is known to be UTF-8, so that its pieces need no look at each byte.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Valid<'a> {
    text: &'a str,
    start: usize,
}

impl<'a> Valid<'a> {
    /// So much of a text is looked at for a stretch: many records, and little beside what reading them costs.
    const STRETCH: usize = 4 << 20;

    /// From `start` on, of a text that is UTF-8 up to `until`.
    pub(crate) fn new(text: &'a [u8], start: usize, until: usize) -> Valid<'a> {
        let end = until.min(start.saturating_add(Self::STRETCH));
        let stretch = text.get(start..end).unwrap_or_default();
        let text = match simdutf8::compat::from_utf8(stretch) {
            Ok(text) => text,
            // The stretch ends inside a character.
            Err(error) => std::str::from_utf8(&stretch[..error.valid_up_to()]).unwrap_or_default(),
        };
        Valid { text, start }
    }

    /// The bytes of the whole text at `from..to`, as text; `None` if they are none.
    pub(crate) fn piece(&self, whole: &'a [u8], from: usize, to: usize) -> Option<&'a str> {
        let within = from.checked_sub(self.start).and_then(|start| self.text.get(start..to - self.start));
        within.or_else(|| std::str::from_utf8(whole.get(from..to)?).ok())
    }

    /// Where it ends in the whole text.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// What of the text is no UTF-8.
pub(crate) fn invalid_utf8(text: &[u8]) -> Option<Invalid> {
    let first = simdutf8::compat::from_utf8(text).err()?.valid_up_to();
    let (mut at, mut count) = (first, 0);
    while let Err(error) = simdutf8::compat::from_utf8(&text[at..]) {
        count += 1;
        at += error.valid_up_to() + error.error_len().unwrap_or(text.len());
        if at >= text.len() {
            break;
        }
    }
    let sample = &text[first..text.len().min(first + CHARSET_SAMPLE)];
    Some(Invalid { first, count, is_gbk: looks_like_gbk(sample) })
}

/// Pairs of a lead byte from 0x81 and a trail byte from 0x40, of which most are of GB 2312's common characters.
fn looks_like_gbk(text: &[u8]) -> bool {
    let (mut pairs, mut common, mut strays) = (0_usize, 0_usize, 0_usize);
    let mut at = 0;
    while at < text.len() {
        match (text[at], text.get(at + 1)) {
            (0..=0x7f, _) => at += 1,
            (lead @ 0x81..=0xfe, Some(trail @ (0x40..=0x7e | 0x80..=0xfe))) => {
                pairs += 1;
                common += usize::from((0xa1..=0xd7).contains(&lead) && *trail >= 0xa1);
                at += 2;
            }
            _ => {
                strays += 1;
                at += 1;
            }
        }
    }
    pairs >= 4 && common * 10 >= pairs * 7 && strays * 20 <= pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str, replaced: u64) {
        for size in 1..=bytes.len().max(1) {
            let (mut charset, mut text) = (Charset::new(), Vec::new());
            for chunk in bytes.chunks(size) {
                charset.push(chunk, false, &mut |piece| text.extend_from_slice(piece));
            }
            charset.push(&[], true, &mut |piece| text.extend_from_slice(piece));
            assert_eq!((String::from_utf8(text).unwrap().as_str(), charset.replaced()), (expected, replaced), "{size}");
        }
    }

    #[test]
    fn utf16_is_decoded_in_pieces_of_any_size() {
        let of = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        check(&of("\u{feff}李四 😀 a"), "李四 😀 a", 0);
        check(&of("{\"a\":1}"), "{\"a\":1}", 0);
        check(b"\xfe\xff\0a\x67\x4e", "a李", 0);
        // A half pair, and a byte at the end.
        check(b"\xff\xfea\0\x3d\xd8b\0\x00\xdec", "a\u{fffd}b\u{fffd}\u{fffd}", 3);
    }

    #[test]
    fn gbk_is_told_from_stray_bytes() {
        // 李四王芳操作员 in GBK.
        let gbk = b"{\"a\":\"\xc0\xee\xcb\xc4\xcd\xf5\xb7\xbc\xb2\xd9\xd7\xf7\xd4\xb1\"}";
        assert!(invalid_utf8(gbk).unwrap().is_gbk);
        let stray = "{\"a\":\"李四\"}".as_bytes().iter().chain(b"\xff\0\x01\xfe").copied().collect::<Vec<u8>>();
        let found = invalid_utf8(&stray).unwrap();
        assert_eq!((found.is_gbk, found.count, found.first), (false, 2, 14));
        assert_eq!(invalid_utf8("李四".as_bytes()), None);
        assert_eq!(invalid_utf8(b"abc\xe6\x9d").map(|found| found.count), Some(1));
    }
}
