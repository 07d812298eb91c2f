//! Writes text of a format over into records.

use super::fit::{Fit, Fitting, LONGEST, Plan, is_message};
use super::{KcatFormat, Piece};
use crate::detect::Evidence;
use crate::error::Cause;
use crate::read::console::headers;
use crate::read::transcribe::{Cell, Output, TextRecord, TranscribeBytes};
use crate::text::{excerpt, find, is_tool_message};
use crate::time::integer;

/// So much of a text tells how its lines end.
const HEAD: usize = 64 << 10;

/// Reads text by a format.
pub(crate) struct KcatFormatReader {
    plan: Plan,
    /// How lines end is known.
    has_begun: bool,
    rest: Vec<u8>,
    /// Nothing more is found before so much of it is there.
    wanted: usize,
    /// Lines before the rest.
    lines: u64,
    /// The line before did not fit.
    is_lost: bool,
    /// Values that print as nothing, so that nobody knows whether they are null.
    empty_values: u64,
    /// Values of several lines that end where what follows is a record.
    open_values: u64,
}

impl KcatFormatReader {
    pub(crate) fn new(format: KcatFormat) -> KcatFormatReader {
        KcatFormatReader {
            plan: Plan::new(format),
            has_begun: false,
            rest: Vec::new(),
            wanted: 0,
            lines: 0,
            is_lost: false,
            empty_values: 0,
            open_values: 0,
        }
    }

    fn read(&mut self, is_last: bool, out: &mut Output<'_>) {
        if self.rest.len() < self.wanted && !is_last {
            return;
        }
        self.wanted = 0;
        if !self.has_begun {
            if self.rest.len() < HEAD && !is_last {
                self.wanted = HEAD;
                return;
            }
            self.begin();
        }
        let text = std::mem::take(&mut self.rest);
        let mut at = 0;
        while at < text.len() {
            let Some(end) = self.record(&text, at, is_last, out) else {
                // What is looked at again has doubled by then.
                self.wanted = (text.len() - at) * 2;
                break;
            };
            self.lines += memchr::memchr_iter(b'\n', &text[at..end]).count() as u64;
            at = end;
        }
        self.rest = text;
        self.rest.drain(..at);
    }

    /// Where lines end in a carriage return, so do those of the format.
    fn begin(&mut self) {
        self.has_begun = true;
        let head = &self.rest[..self.rest.len().min(HEAD)];
        let says_so = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains(&b'\r'));
        let mut ends = memchr::memchr_iter(b'\n', head).peekable();
        let are_crlf = ends.peek().is_some() && ends.all(|end| end > 0 && head[end - 1] == b'\r');
        if are_crlf && !self.plan.format.pieces.iter().any(says_so) {
            self.plan = Plan::new(self.plan.format.with_crlf());
        }
    }

    /// Reads what begins at `at`, and says where it ends; `None` if more must be seen.
    fn record(&mut self, text: &[u8], at: usize, is_last: bool, out: &mut Output<'_>) -> Option<usize> {
        let line_end =
            |from: usize| find(&text[from..], self.plan.stop()).map(|end| from + end + self.plan.stop().len());
        if is_message(&text[at..], is_last)? {
            let end = memchr::memchr(b'\n', &text[at..]).map(|end| at + end + 1);
            return end.or(is_last.then_some(text.len()));
        }
        let (found, fitting) = self.plan.fit(text, at, is_last);
        match found {
            Fit::More => None,
            Fit::Ends(end) => {
                let record = record(&self.plan.format, &fitting);
                let is_empty = matches!(&record.value, Cell::Bytes(value) if value.is_empty());
                let is_told =
                    self.plan.format.pieces.iter().any(|p| matches!(p, Piece::ValueSize | Piece::ValueSizeBinary));
                self.empty_values += u64::from(is_empty && !is_told);
                self.open_values += u64::from(fitting.is_open);
                self.is_lost = false;
                record.write(out.store);
                // Progress, whatever the format.
                Some(end.max(at + 1))
            }
            Fit::None => {
                let end = match line_end(at).filter(|_| !(is_last && fitting.is_endless)) {
                    Some(end) => end,
                    None if is_last || text.len() - at > LONGEST => text.len(),
                    None => return None,
                };
                let line = text[at..end].trim_ascii_end();
                // Of a record of several lines, one is told.
                let is_told = self.is_lost && self.plan.lines() > 1;
                if !is_tool_message(line) && !is_told {
                    let (place, piece) = fitting.farthest;
                    let place = place.min(text.len());
                    let above = &text[at..place];
                    let number = self.lines + 1 + memchr::memchr_iter(b'\n', above).count() as u64;
                    let column = place - memchr::memrchr(b'\n', above).map_or(at, |newline| at + newline + 1);
                    let expected = self.plan.format.pieces.get(piece).map(ToString::to_string).unwrap_or_default();
                    let cause = Cause::Misfit { expected, line: excerpt(line) };
                    out.errors.add_at(number, column as u64 + 1, cause, &text[at..], place - at);
                    self.is_lost = true;
                }
                Some(end)
            }
        }
    }
}

/// The record whose parts were found.
fn record(format: &KcatFormat, fitting: &Fitting<'_>) -> TextRecord {
    let mut record = TextRecord {
        topic: format.topic.clone().map(String::into_bytes),
        partition: format.partition.map(i64::from),
        ..TextRecord::default()
    };
    let (mut key_size, mut value_size) = (None, None);
    for (n, piece) in format.pieces.iter().enumerate() {
        let cut = fitting.cut(n);
        match piece {
            Piece::Literal(_) => {}
            Piece::Topic => record.topic = Some(cut.to_vec()),
            Piece::Partition => record.partition = integer(cut),
            Piece::Offset => record.offset = integer(cut),
            Piece::Timestamp => record.timestamp_ms = integer(cut).filter(|ms| *ms != -1),
            Piece::KeySize => key_size = integer(cut),
            Piece::ValueSize => value_size = integer(cut),
            Piece::ValueSizeBinary => value_size = cut.first_chunk().map(|bytes| i64::from(i32::from_be_bytes(*bytes))),
            Piece::Key => record.key = Cell::Bytes(cut.to_vec()),
            Piece::Value => record.value = Cell::Bytes(cut.to_vec()),
            Piece::Headers => record.headers = headers(cut, b'=', b"NULL"),
        }
    }
    let null = |cell: &mut Cell, size: Option<i64>| {
        let Cell::Bytes(bytes) = cell else { return };
        let is_marked = format.prints_null && bytes == b"NULL";
        match size {
            Some(-1) => *cell = Cell::Null,
            Some(0) => bytes.clear(),
            None if is_marked => *cell = Cell::Null,
            _ => {}
        }
    };
    null(&mut record.key, key_size);
    null(&mut record.value, value_size);
    // Nothing was printed: a key that is no key is far more likely than one without a letter.
    if record.key == Cell::Bytes(Vec::new()) && key_size.is_none() {
        record.key = Cell::Null;
    }
    let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    record.is_binary = [&record.key, &record.value]
        .iter()
        .any(|cell| matches!(cell, Cell::Bytes(bytes) if bytes.iter().any(is_control)));
    record
}

impl TranscribeBytes for KcatFormatReader {
    fn push(&mut self, bytes: &[u8], out: &mut Output<'_>) {
        self.rest.extend_from_slice(bytes);
        self.read(false, out);
    }

    fn finish(&mut self, out: &mut Output<'_>) {
        self.read(true, out);
    }

    fn notes(&self) -> Vec<Evidence> {
        let empty = Evidence::EmptyValues { records: self.empty_values };
        let open = Evidence::OpenValues { records: self.open_values };
        let empty = (self.empty_values > 0).then_some(empty);
        empty.into_iter().chain((self.open_values > 0).then_some(open)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Errors;

    /// What is written and told of this text, however it is cut.
    #[track_caller]
    fn check(format: &str, text: &[u8], expected: &[&str], errors: &[&str]) {
        for size in [text.len().max(1), 1, 2, 7] {
            let (mut store, mut found) = (Vec::new(), Errors::default());
            let mut reader = KcatFormatReader::new(format.parse().unwrap());
            let mut out = Output { store: &mut store, errors: &mut found };
            for chunk in text.chunks(size) {
                reader.push(chunk, &mut out);
            }
            reader.finish(&mut out);
            assert_eq!(String::from_utf8(store).unwrap().lines().collect::<Vec<_>>(), expected, "in pieces of {size}");
            assert_eq!(found.kept.iter().map(ToString::to_string).collect::<Vec<_>>(), errors);
        }
    }

    #[test]
    fn parts_lie_where_the_format_says() {
        check(
            r"%t|%p|%o|%T|%h|%k|%s\n",
            b"orders|2|10|1740965700000|a=1,b=NULL|k-1|{\"x\": 1}\norders|0|11|-1|||plain|text\n",
            &[
                r#"{"topic":"orders","partition":2,"offset":10,"timestamp":1740965700000,"headers":["a","1","b",null],"key":"k-1","value":{"x": 1}}"#,
                r#"{"topic":"orders","partition":0,"offset":11,"key":null,"value":"plain|text"}"#,
            ],
            &[],
        );
        // The leftmost places from which the rest fits.
        check(r"%t-%p-%k:%o\n", b"a-b-1-k:2:3\n", &[r#"{"topic":"a-b","partition":1,"offset":3,"key":"k:2"}"#], &[]);
        check(r"%p0%k\n", b"100a\n", &[r#"{"partition":10,"key":"a"}"#], &[]);
        check(r"%%%s;", b"%a;%b;", &[r#"{"value":"a"}"#, r#"{"value":"b"}"#], &[]);
    }

    #[test]
    fn a_length_says_how_far_a_key_or_value_reaches() {
        check(
            r"%K,%k,%S,%s\n",
            b"3,a,b,3,x\ny\n-1,,-1,\n0,,0,\n",
            &[r#"{"key":"a,b","value":"x\ny"}"#, r#"{"key":null,"value":null}"#, r#"{"key":"","value":""}"#],
            &[],
        );
        check(
            r"%R%s",
            b"\0\0\0\x02\0\x01\xff\xff\xff\xff\0\0\0\x01a",
            &[r#"{"value":{"$base64":"AAE="}}"#, r#"{"value":null}"#, r#"{"value":"a"}"#],
            &[],
        );
        // Digits belong to the length as far as the value then fits.
        check(
            r"%S%s\n",
            b"2ab\n1112345678901\n3123\n",
            &[r#"{"value":"ab"}"#, r#"{"value":"12345678901"}"#, r#"{"value":"123"}"#],
            &[],
        );
        check(r"%s (%S)\n", b"a (1)\n (1) (4)\n", &[r#"{"value":"a"}"#, r#"{"value":" (1)"}"#], &[]);
        check(
            r"\nKey (%K bytes): %k\t\nValue (%S bytes): %s\nPartition: %p\tOffset: %o\n--\n",
            b"\nKey (1 bytes): a\t\nValue (3 bytes): 1\n2\nPartition: 0\tOffset: 5\n--\n",
            &[r#"{"partition":0,"offset":5,"key":"a","value":"1\n2"}"#],
            &[],
        );
    }

    #[test]
    fn null_is_printed_as_such_only_if_the_command_says_so() {
        let command = r"kcat -C -t t -p 3 -Z -f '%k %s\n'";
        let read = [
            r#"{"topic":"t","partition":3,"key":"a","value":null}"#,
            r#"{"topic":"t","partition":3,"key":null,"value":"b"}"#,
        ];
        check(command, b"a NULL\nNULL b\n", &read, &[]);
        check(r"%k %s\n", b"a NULL\n", &[r#"{"key":"a","value":"NULL"}"#], &[]);
        check(
            r"kcat -Z -f '%K %k %S %s\n'",
            b"4 NULL 0 NULL\n-1 NULL -1 NULL\n",
            &[r#"{"key":"NULL","value":""}"#, r#"{"key":null,"value":null}"#],
            &[],
        );
        check(
            "kcat -C -t t -K: -D ';'",
            b"a:1;b:2;",
            &[r#"{"topic":"t","key":"a","value":"1"}"#, r#"{"topic":"t","key":"b","value":"2"}"#],
            &[],
        );
    }

    #[test]
    fn values_go_on_until_a_record_begins() {
        check(
            r"%p %k %s\n",
            b"0 a one\ntwo\n\n1 b {\n  \"x\": 1\n}\n2 c end",
            &[
                r#"{"partition":0,"key":"a","value":"one\ntwo\n"}"#,
                "{\"partition\":1,\"key\":\"b\",\"value\":{",
                r#"  "x": 1"#,
                "}}",
                r#"{"partition":2,"key":"c","value":"end"}"#,
            ],
            &[],
        );
        // JSON holds what separates.
        check(r"%s|%k\n", b"{\"a\":\"|\"}|k\n", &[r#"{"key":"k","value":{"a":"|"}}"#], &[]);
        check(
            r"%s\n",
            b"a\n% Reached end of topic t [0] at offset 5\nb",
            &[r#"{"value":"a"}"#, r#"{"value":"b"}"#],
            &[],
        );
        check(r"%k|%s\n", b"a|1\r\nb|x\r\n", &[r#"{"key":"a","value":"1"}"#, r#"{"key":"b","value":"x"}"#], &[]);
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_place_and_the_rest_is_kept() {
        check(
            r"%p|%o|%k|%s\n",
            b"what is this\n0|1|a|{}\n0|x|a|{}\n\n0|3|b\n0|4|c|{}\n",
            &[
                r#"{"partition":0,"offset":1,"key":"a","value":{}}"#,
                r#"{"partition":0,"offset":4,"key":"c","value":{}}"#,
            ],
            &[
                r#"line 1, column 1: this does not fit the format, %p was expected here: "what is this""#,
                r#"line 3, column 3: this does not fit the format, %o was expected here: "0|x|a|{}""#,
                r#"line 5, column 6: this does not fit the format, | was expected here: "0|3|b""#,
            ],
        );
        // Of several lines, one is told.
        check(
            r"<%k\n%s>\n",
            b"a\nb\n<k\n{}>\nc\n",
            &[r#"{"key":"k","value":{}}"#],
            &[
                r#"line 1, column 1: this does not fit the format, < was expected here: "a""#,
                r#"line 5, column 1: this does not fit the format, < was expected here: "c""#,
            ],
        );
    }
}
