//! Long records, cut to what somebody can look at.
//!
//! A record of hundreds of megabytes has a state of the same size, and whoever shows one makes several copies of it: of its text, of the
//! value in it, of each tree that is built of that. So a log that is looked at gives such a record with its long texts, arrays and objects
//! cut. What was left away is told where it stood, by its size and a digest, so that two values that differ are still different. The
//! record as it lies in the log is read for this once, and what came of it is kept.

use crate::record::{Header, Payload, Record, RowChange};
use crate::scan;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

/// Records whose text is longer are cut.
pub(crate) const LONG: usize = 4 << 20;
/// Bytes of a text that stay, as long as all texts of the record stay below [`TEXTS`].
const TEXT: usize = 64 << 10;
const TEXTS: usize = 1 << 20;
/// Bytes of a text that stay from then on.
const SHORT_TEXT: usize = 256;
/// Members and elements of a record that stay. What is inside of another takes at most half of those that are left, so that something is
/// left for what stands behind it.
const VALUES: usize = 5000;
/// So many stay in any case: more than there are in a line that a reader knows by its form, whose members must stay.
const FIRST: usize = 2500;
/// Records that are kept, the last ones that were looked at.
const KEPT: usize = 64;

/// The member that stands for those that were left away, and the mark before what is told of it.
const MARK: &str = "…";

/// Where a record's text begins: the number of its source, and the byte.
pub(crate) type Place = (i64, i64);

/// The records that were cut.
#[derive(Default)]
pub(crate) struct Abridged {
    kept: Mutex<VecDeque<(Place, Arc<Record<'static>>)>>,
}

impl Abridged {
    /// The record at this place, which `make` cuts if that was not done lately.
    pub(crate) fn record(
        &self,
        place: Place,
        make: impl FnOnce() -> Option<Record<'static>>,
    ) -> Option<Arc<Record<'static>>> {
        // What is kept is whole or not there, so a panic of another thread has left nothing half done.
        let lock = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().iter().find(|(known, _)| *known == place).map(|(_, record)| record.clone());
        if known.is_some() {
            return known;
        }
        let record = Arc::new(make()?);
        let mut kept = lock();
        kept.truncate(KEPT - 1);
        kept.push_front((place, record.clone()));
        Some(record)
    }
}

/// The record with all that is long in it cut.
pub(crate) fn abridged(mut record: Record<'_>) -> Record<'static> {
    if let Payload::Bytes(value) = &record.value {
        record.value = Payload::Bytes(Cow::Owned(value_of(value)));
    }
    let image = |image: Option<Cow<'_, [u8]>>| image.map(|image| Cow::Owned(value_of(&image)));
    let changes = std::mem::take(&mut record.changes).into_iter().map(|change| RowChange {
        before: image(change.before),
        after: image(change.after),
        table: Cow::Owned(change.table.into_owned()),
        entity: change.entity.map(|entity| Cow::Owned(entity.into_owned())),
        op: change.op,
        is_partial: change.is_partial,
    });
    let headers = std::mem::take(&mut record.headers).into_iter().map(|header| Header {
        name: Cow::Owned(header.name.into_owned()),
        value: header
            .value
            .map(|value| Cow::Owned(if value.len() > TEXT { plain(&value) } else { value.into_owned() })),
    });
    let (changes, headers) = (changes.collect(), headers.collect());
    Record { headers, changes, ..record }.into_owned()
}

/// A value with all that is long in it cut; JSON stays JSON.
fn value_of(value: &[u8]) -> Vec<u8> {
    if value.len() <= TEXT {
        return value.to_vec();
    }
    let start = scan::skip_ws(value, 0);
    match scan::value_end(value, start) {
        Ok(end) if scan::skip_ws(value, end) == value.len() => {
            let mut cut = Cut { out: Vec::new(), values: 0, texts: 0 };
            cut.value(value, start, end, VALUES);
            cut.out
        }
        _ => plain(value),
    }
}

/// Text that is no JSON, cut; other bytes as an object that holds their beginning.
fn plain(bytes: &[u8]) -> Vec<u8> {
    let length = boundary(bytes, TEXT);
    let mut out = bytes[..length].to_vec();
    if std::str::from_utf8(&out).is_ok() {
        tell(&mut out, &bytes[length..], "B");
        return out;
    }
    let mut text = String::from("{\"$hex\":\"");
    for byte in &bytes[..length] {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    let mut out = text.into_bytes();
    tell(&mut out, &bytes[length..], "B");
    out.extend_from_slice(b"\"}");
    out
}

/// Says what was left away: how much of it, and its digest.
fn tell(out: &mut Vec<u8>, rest: &[u8], unit: &str) {
    tell_number(out, rest.len(), rest, unit);
}

fn tell_number(out: &mut Vec<u8>, n: usize, rest: &[u8], unit: &str) {
    out.extend_from_slice(format!("{MARK} +{n} {unit} #{:016x}", digest(rest)).as_bytes());
}

/// The largest length of at most `longest` that splits no character.
fn boundary(bytes: &[u8], longest: usize) -> usize {
    let longest = longest.min(bytes.len());
    let is_inside = |end: &usize| bytes.get(*end).is_some_and(|byte| byte & 0xc0 == 0x80);
    // Bytes that are no UTF-8 are cut anywhere.
    (longest.saturating_sub(3)..=longest).rev().find(|end| !is_inside(end)).unwrap_or(longest)
}

/// Tells texts apart; equal ones have equal digests, on every machine.
fn digest(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain(std::iter::once(&last));
    let mixed = words.fold(bytes.len() as u64, |digest, word| {
        (digest.rotate_left(29) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR)
    });
    (mixed ^ (mixed >> 32)).wrapping_mul(FACTOR)
}

/// A JSON text on its way.
struct Cut {
    out: Vec<u8>,
    /// Members and elements so far.
    values: usize,
    /// Bytes of texts so far.
    texts: usize,
}

impl Cut {
    /// Writes the value at `start..end` of a text that was checked, as long as there are no more than `limit` values.
    fn value(&mut self, text: &[u8], start: usize, end: usize, limit: usize) {
        let limit = limit.max(FIRST);
        let inside = |values: usize| values + limit.saturating_sub(values) / 2;
        match text.get(start) {
            Some(b'{') => {
                self.out.push(b'{');
                let (mut n, mut from) = (0, start);
                for member in scan::members(text, start).map_while(Result::ok) {
                    if self.values >= limit {
                        // Counted to the end, with the member that is at hand.
                        n += 1;
                        from = if n == 1 { member.value.start } else { from };
                        continue;
                    }
                    self.next();
                    self.text(member.name);
                    self.out.push(b':');
                    self.value(text, member.value.start, member.value.end, inside(self.values));
                }
                if n > 0 {
                    self.next();
                    self.out.extend_from_slice(format!("\"{MARK}\":").as_bytes());
                    self.rest(n, text, from, end);
                }
                self.out.push(b'}');
            }
            Some(b'[') => {
                self.out.push(b'[');
                let (mut n, mut from) = (0, start);
                for element in scan::elements(text, start).map_while(Result::ok) {
                    if self.values >= limit {
                        n += 1;
                        from = if n == 1 { element.start } else { from };
                        continue;
                    }
                    self.next();
                    self.value(text, element.start, element.end, inside(self.values));
                }
                if n > 0 {
                    self.next();
                    self.rest(n, text, from, end);
                }
                self.out.push(b']');
            }
            Some(b'"') => self.text(text.get(start + 1..end.saturating_sub(1)).unwrap_or_default()),
            // A number of a million digits is a text from then on.
            _ if end - start > TEXT => self.text(&text[start..end]),
            _ => self.out.extend_from_slice(&text[start..end]),
        }
    }

    /// Another member or element.
    fn next(&mut self) {
        self.values += 1;
        if !matches!(self.out.last(), Some(b'{' | b'[')) {
            self.out.push(b',');
        }
    }

    /// What stands for so many members or elements, which begin at `from` and end before the bracket at `end`.
    fn rest(&mut self, n: usize, text: &[u8], from: usize, end: usize) {
        self.out.push(b'"');
        tell_number(&mut self.out, n, text.get(from..end).unwrap_or_default(), "×");
        self.out.push(b'"');
    }

    /// A string, by its content as it stands in the text.
    fn text(&mut self, content: &[u8]) {
        let longest = if self.texts < TEXTS { TEXT } else { SHORT_TEXT };
        self.out.push(b'"');
        if content.len() <= longest {
            self.out.extend_from_slice(content);
            self.texts += content.len();
        } else {
            let length = between_escapes(content, longest);
            self.out.extend_from_slice(&content[..length]);
            self.texts += length;
            tell(&mut self.out, &content[length..], "B");
        }
        self.out.push(b'"');
    }
}

/// The largest length of at most `longest`, or little less, that splits neither a character nor an escape, nor two escapes for one character.
fn between_escapes(content: &[u8], longest: usize) -> usize {
    let mut at = 0;
    while let Some(plain) = content.get(at..longest).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let start = at + plain;
        let is_unicode = |at: usize| content.get(at..at + 2) == Some(b"\\u");
        let length = match content.get(start + 2..start + 4) {
            Some([b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B'])
                if is_unicode(start) && is_unicode(start + 6) =>
            {
                12
            }
            _ if is_unicode(start) => 6,
            _ => 2,
        };
        if start + length > longest {
            return start;
        }
        at = start + length;
    }
    boundary(content, longest).max(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Json;

    fn cut(value: &str) -> Json {
        let cut = value_of(value.as_bytes());
        assert!(cut.len() < TEXTS + VALUES * SHORT_TEXT + 2 * TEXT, "{} bytes", cut.len());
        Json::parse(&cut).unwrap()
    }

    #[test]
    fn a_long_text_keeps_its_beginning_and_differs_from_another_one() {
        let text = |end: &str| format!(r#"{{"status":"OPEN","memo":"{}{end}"}}"#, "ab".repeat(3_000_000));
        let (one, other) = (cut(&text("x")), cut(&text("y")));
        assert_eq!(one.get("status"), Some(&Json::String("OPEN".into())));
        let Some(Json::String(memo)) = one.get("memo") else { panic!() };
        assert!(memo.starts_with("abab") && memo.contains("… +5934465 B #"), "{}", &memo[TEXT..]);
        assert_ne!(one, other);
        assert_eq!(one, cut(&text("x")));
    }

    #[test]
    fn long_arrays_and_objects_keep_their_first_members_and_say_how_many_there_were() {
        let all: Vec<String> = (0..100_000).map(|n| format!("[{n}]")).collect();
        let array = cut(&format!(r#"{{"a":[{}],"b":1}}"#, all.join(",")));
        let Some(Json::Array(elements)) = array.get("a") else { panic!() };
        assert_eq!(elements[7].to_text(), "[7]");
        assert!(elements.last().unwrap().to_text().starts_with("\"… +98750 × #"), "{:?}", elements.last());
        assert_eq!(array.get("b"), Some(&Json::Number("1".into())), "what stands behind it stays");

        let all: Vec<String> = (0..100_000).map(|n| format!("\"m{n}\":{n}")).collect();
        let object = cut(&format!("{{{}}}", all.join(",")));
        assert_eq!(object.get("m4999").map(Json::to_text).as_deref(), Some("4999"));
        assert_eq!(object.get("m5000"), None);
        assert!(object.get(MARK).unwrap().to_text().starts_with("\"… +95000 × #"));
    }

    #[test]
    fn many_long_texts_are_cut_shorter_and_no_member_of_a_small_object_goes() {
        let all: Vec<String> = (0..128).map(|n| format!("\"m{n}\":\"{}\"", "x".repeat(100_000))).collect();
        let object = cut(&format!("{}{{{}}}{}", "{\"in\":".repeat(12), all.join(","), "}".repeat(12)));
        let object = object.pointer(&"/in".repeat(12)).unwrap();
        assert!((0..128).all(|n| object.get(&format!("m{n}")).is_some()));
    }

    #[test]
    fn texts_are_cut_between_characters_and_escapes() {
        let check = |content: &str, longest: usize, expected: usize| {
            assert_eq!(between_escapes(content.as_bytes(), longest), expected, "{content}");
        };
        check("日志日志", 7, 6);
        check(r"ab\n\ncd", 5, 4);
        check(r"ab\u00e4cd", 7, 2);
        check(r"ab\u00e4cd", 8, 8);
        check(r"\ud83d\ude00x", 11, 0);
        check(r"\ud83d\ude00x", 12, 12);
        check(r"\\\\\\", 3, 2);
        check(r"\ud83d\ude0", 11, 0);
    }

    #[test]
    fn what_is_no_json_stays_text_or_bytes() {
        let text = plain("日".repeat(100_000).as_bytes());
        assert!(
            String::from_utf8(text)
                .unwrap()
                .ends_with(&format!("#{:016x}", digest("日".repeat(100_000).as_bytes().get(65535..).unwrap())))
        );
        let bytes = Json::parse(&value_of(&vec![0xff; 100_000])).unwrap();
        assert!(bytes.get("$hex").unwrap().to_text().starts_with("\"ffff"));
    }
}
