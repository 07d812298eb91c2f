//! A condition on one field of the value, answered without decoding the record wherever that is certain.
//!
//! The reader knows of most records which members their values have: the form. A form without the field is an answer already. If the
//! field's name occurs once in the form and once in the record's text, that place is the field, and a scalar behind it is read where it
//! lies. Everything else is left to the decoder.

use super::needle::Needle;
use memchr::memmem::Finder;
use replay_log::{FormId, Json, Log, RecordIndex, scan};
use replay_protocol::{Comparison, FieldCondition};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

/// A condition, prepared.
pub(super) struct Field {
    pointer: String,
    comparison: Comparison,
    wanted: String,
    wanted_number: Option<f64>,
    contained: Needle,
    /// `"name"` as it stands in a value, and in one that is JSON in a string; `None` if the name would be escaped.
    names: Option<[Finder<'static>; 2]>,
    forms: HashMap<FormId, Presence>,
}

/// What a form says of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Missing,
    /// There, and nothing else in the value is called so.
    Single,
    /// There, or perhaps.
    Unsure,
}

impl Field {
    pub(super) fn new(condition: &FieldCondition) -> Field {
        let wanted = condition.value.trim().to_owned();
        let last = condition.pointer.rsplit('/').next().unwrap_or_default();
        let name = scan::unescape_token(last).into_owned();
        let is_plain = !condition.pointer.is_empty()
            && name
                .bytes()
                .all(|byte| !byte.is_ascii_control() && byte.is_ascii() && !matches!(byte, b'"' | b'\\' | b'/'));
        let finder = |quote: &str| Finder::new(format!("{quote}{name}{quote}").as_bytes()).into_owned();
        Field {
            pointer: condition.pointer.clone(),
            comparison: condition.comparison,
            wanted_number: wanted.parse().ok(),
            contained: Needle::new(&wanted, &[]),
            wanted,
            names: is_plain.then(|| [finder("\""), finder("\\\"")]),
            forms: HashMap::new(),
        }
    }

    /// Whether the record's value meets the condition.
    pub(super) fn is_met_by(&mut self, log: &Log, record: RecordIndex) -> bool {
        match log.form(record).map(|form| self.presence(log, form)) {
            Some(Presence::Missing) => self.comparison == Comparison::Missing,
            Some(Presence::Single) if self.comparison == Comparison::Exists => true,
            Some(Presence::Single) if self.comparison == Comparison::Missing => false,
            Some(Presence::Single) => {
                let raw = log.raw(record);
                match self.scalar(&raw) {
                    Some(text) => self.fits(text),
                    None => self.is_met(log.value(record).bytes().unwrap_or_default()),
                }
            }
            _ => self.is_met(log.value(record).bytes().unwrap_or_default()),
        }
    }

    fn presence(&mut self, log: &Log, form: FormId) -> Presence {
        if let Some(known) = self.forms.get(&form) {
            return *known;
        }
        let text = log.form_text(form);
        let presence = match scan::pointer(text.as_bytes(), &self.pointer) {
            None if self.pointer.bytes().any(|byte| byte.is_ascii_digit()) => Presence::Unsure,
            None => Presence::Missing,
            Some(_) => {
                let times = |name: &Finder<'static>| name.find_iter(text.as_bytes()).count();
                match &self.names {
                    Some([plain, _]) if times(plain) == 1 => Presence::Single,
                    _ => Presence::Unsure,
                }
            }
        };
        self.forms.insert(form, presence);
        presence
    }

    /// The text of the scalar behind the only place in `raw` that has the field's name.
    fn scalar<'r>(&self, raw: &'r [u8]) -> Option<&'r str> {
        let [plain, folded] = self.names.as_ref()?;
        let (at, name, is_folded) = match (plain.find(raw), folded.find(raw)) {
            (Some(at), None) => (at, plain, false),
            (None, Some(at)) => (at, folded, true),
            _ => return None,
        };
        let start = at + name.needle().len();
        if name.find(&raw[start..]).is_some() {
            return None;
        }
        // A text that says the name is followed by something else.
        let rest = raw[start..].trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
        let text = match (rest.first()?, is_folded) {
            (b'"', false) => {
                let end = memchr::memchr2(b'"', b'\\', &rest[1..])?;
                (rest[1 + end] == b'"').then_some(&rest[1..=end])?
            }
            (b'\\', true) => {
                let inner = rest.strip_prefix(b"\\\"")?;
                let end = memchr::memchr(b'\\', inner)?;
                (inner.get(end + 1) == Some(&b'"')).then_some(&inner[..end])?
            }
            (b'-' | b'0'..=b'9' | b't' | b'f' | b'n', _) => {
                let end =
                    rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t'))?;
                &rest[..end]
            }
            _ => return None,
        };
        std::str::from_utf8(text).ok()
    }

    /// The same for any value, by reading it.
    pub(super) fn is_met(&self, value: &[u8]) -> bool {
        let field = scan::pointer(value, &self.pointer).and_then(|text| Json::parse(text).ok());
        let Some(field) = field else { return self.comparison == Comparison::Missing };
        let text: Cow<'_, str> = match &field {
            Json::String(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.to_text()),
        };
        self.fits(&text)
    }

    /// Whether a field that is there, with this text, fits.
    fn fits(&self, text: &str) -> bool {
        match self.comparison {
            Comparison::Contains => return self.contained.is_in(text.as_bytes()),
            Comparison::Exists => return true,
            Comparison::Missing => return false,
            _ => {}
        }
        // A number in quotes is compared as a number too: exports often quote decimals.
        let order = match self.wanted_number {
            _ if text == self.wanted => Some(Ordering::Equal),
            Some(wanted) => match text.parse::<f64>() {
                Ok(number) => number.partial_cmp(&wanted),
                Err(_) => Some(text.cmp(&self.wanted)),
            },
            None => Some(text.cmp(&self.wanted)),
        };
        match self.comparison {
            Comparison::Equals => order.is_some_and(Ordering::is_eq),
            Comparison::Differs => order.is_none_or(Ordering::is_ne),
            Comparison::Less => order.is_some_and(Ordering::is_lt),
            _ => order.is_some_and(Ordering::is_gt),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, pointer: &str, comparison: Comparison, wanted: &str, expected: bool) {
        let condition = FieldCondition { pointer: pointer.into(), comparison, value: wanted.into() };
        let is_met = Field::new(&condition).is_met(value.as_bytes());
        assert_eq!(is_met, expected, "{value} {pointer} {comparison:?} {wanted}");
    }

    #[test]
    fn fields_are_compared_as_numbers_if_both_are() {
        check(r#"{"a":{"n":10}}"#, "/a/n", Comparison::Greater, "9", true);
        check(r#"{"a":"10.0"}"#, "/a", Comparison::Equals, "10", true);
        check(r#"{"a":"x10"}"#, "/a", Comparison::Less, "x9", true);
        check(r#"{"a":12345678901234567890}"#, "/a", Comparison::Equals, "12345678901234567890", true);
    }

    #[test]
    fn what_is_not_there_meets_only_one_condition() {
        check(r#"{"a":null}"#, "/b", Comparison::Missing, "", true);
        check(r#"{"a":null}"#, "/a", Comparison::Exists, "", true);
        check(r#"{"a":null}"#, "/b", Comparison::Differs, "x", false);
        check("no json", "/b", Comparison::Equals, "", false);
    }

    #[test]
    fn a_scalar_is_read_only_where_it_is_certain() {
        let field = |pointer: &str| {
            Field::new(&FieldCondition {
                pointer: pointer.into(),
                comparison: Comparison::Equals,
                value: String::new(),
            })
        };
        let read = |raw: &str| field("/a").scalar(raw.as_bytes()).map(str::to_owned);
        assert_eq!(read(r#"{"k":"A","a":12,"b":1}"#).as_deref(), Some("12"));
        assert_eq!(read(r#"{"v":"{\"a\":\"x y\",\"b\":1}"}"#).as_deref(), Some("x y"));
        assert_eq!(read(r#"{"a" : true}"#).as_deref(), Some("true"));
        for unsure in [
            r#"{"a":1,"b":{"a":2}}"#,
            r#"{"a":"x\"y"}"#,
            r#"{"v":"{\"a\":\"x\\ny\"}"}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"a":1,"k":"a"}"#,
            r#"{"a":1,"v":"{\"a\":2}"}"#,
        ] {
            assert_eq!(read(unsure), None, "{unsure}");
        }
        assert_eq!(field("/x/a~1b").scalar(br#"{"x":{"a/b":1}}"#), None);
    }
}
