//! A JSON value that loses nothing: numbers keep their source text, members their order.

use crate::scan::{self, ScanError, ScanReason};
use rustc_hash::FxHashMap;
use std::fmt::{self, Write as _};

/// An owned JSON value, at most [`scan::MAX_DEPTH`] levels deep if it was parsed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// The source text of a number: every digit of it.
    Number(Box<str>),
    /// A text, escapes undone; what was no UTF-8 became U+FFFD.
    String(Box<str>),
    /// Elements in order.
    Array(Vec<Json>),
    /// Members in order; no name twice (the last of equal names won).
    Object(Vec<(Box<str>, Json)>),
}

impl Json {
    /// Parses a whole text.
    ///
    /// # Errors
    /// Where the text stops being JSON, or goes on behind the value.
    pub fn parse(text: &[u8]) -> Result<Json, ScanError> {
        let start = scan::skip_ws(text, 0);
        let end = scan::value_end(text, start)?;
        let rest = scan::skip_ws(text, end);
        if rest < text.len() {
            return Err(ScanError { at: rest, reason: ScanReason::CommaOrEnd });
        }
        Ok(Json::build(&text[start..end]))
    }

    /// The value of a text that was already validated; anything that is not JSON becomes null.
    fn build(text: &[u8]) -> Json {
        match text.first() {
            Some(b'{') => {
                let mut members = Members::default();
                for member in scan::members(text, 0).map_while(Result::ok) {
                    let name = string(member.name);
                    let value = Json::build(&text[member.value]);
                    match members.position(&name) {
                        Some(at) => members.list[at].1 = value,
                        None => members.push(name, value),
                    }
                }
                Json::Object(members.list)
            }
            Some(b'[') => Json::Array(
                scan::elements(text, 0).map_while(Result::ok).map(|range| Json::build(&text[range])).collect(),
            ),
            Some(b'"') => Json::String(string(text.get(1..text.len() - 1).unwrap_or_default())),
            Some(b't') => Json::Bool(true),
            Some(b'f') => Json::Bool(false),
            Some(b'-' | b'0'..=b'9') => Json::Number(String::from_utf8_lossy(text).into()),
            _ => Json::Null,
        }
    }

    /// The member of that name, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(n, _)| &**n == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// What a JSON pointer (RFC 6901) points to.
    pub fn pointer(&self, pointer: &str) -> Option<&Json> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |value, token| match value {
            Json::Object(_) => value.get(&scan::unescape_token(token)),
            Json::Array(elements) if token == "0" || !token.starts_with('0') => {
                elements.get(token.parse::<usize>().ok()?)
            }
            _ => None,
        })
    }

    /// The text without white space, members in their order.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None, 0);
        out
    }

    /// Puts [`Json::to_text`] behind a text.
    pub fn write_text(&self, out: &mut String) {
        self.write(out, None, 0);
    }

    /// The text with line breaks and two spaces a level.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(2), 0);
        out
    }

    /// The text that is equal for equal values: members sorted by their UTF-8 bytes, numbers in an exact normal form, no white space.
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.write_canonical(&mut out);
        out
    }

    fn write(&self, out: &mut String, indent: Option<usize>, level: usize) {
        let line = |out: &mut String, level: usize| {
            if let Some(width) = indent {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', width * level));
            }
        };
        match self {
            Json::Array(elements) if !elements.is_empty() => {
                out.push('[');
                for (n, element) in elements.iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    line(out, level + 1);
                    element.write(out, indent, level + 1);
                }
                line(out, level);
                out.push(']');
            }
            Json::Object(members) if !members.is_empty() => {
                out.push('{');
                for (n, (name, value)) in members.iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    line(out, level + 1);
                    write_string(name, out);
                    out.push_str(if indent.is_some() { ": " } else { ":" });
                    value.write(out, indent, level + 1);
                }
                line(out, level);
                out.push('}');
            }
            Json::Number(text) => out.push_str(text),
            scalar => scalar.write_canonical(out),
        }
    }

    fn write_canonical(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(text) => canonical_number(text, out),
            Json::String(text) => write_string(text, out),
            Json::Array(elements) => {
                out.push('[');
                for (n, element) in elements.iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    element.write_canonical(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                let mut sorted: Vec<_> = members.iter().collect();
                sorted.sort_by(|a, b| a.0.cmp(&b.0));
                out.push('{');
                for (n, (name, value)) in sorted.into_iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    write_string(name, out);
                    out.push(':');
                    value.write_canonical(out);
                }
                out.push('}');
            }
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

/// Named members in order, found by their names in no more time where they are many.
#[derive(Debug, Clone)]
pub struct Members<T> {
    /// The members.
    pub list: Vec<(Box<str>, T)>,
    /// Where each is, once they are many.
    places: FxHashMap<Box<str>, usize>,
}

/// The same of members that are only looked at.
#[derive(Debug, Clone)]
pub struct Names<'a, T> {
    list: &'a [(Box<str>, T)],
    places: FxHashMap<&'a str, usize>,
}

impl<'a, T> Names<'a, T> {
    /// Of these members.
    pub fn new(list: &'a [(Box<str>, T)]) -> Names<'a, T> {
        let many = if list.len() > FEW { list } else { &[] };
        Names { list, places: many.iter().enumerate().rev().map(|(at, (name, _))| (&**name, at)).collect() }
    }

    /// Where the member of that name is in the list; of several the first.
    pub fn position(&self, name: &str) -> Option<usize> {
        if self.list.len() > FEW {
            self.places.get(name).copied()
        } else {
            self.list.iter().position(|(other, _)| **other == *name)
        }
    }
}

/// So few are looked through.
const FEW: usize = 64;

impl<T> Default for Members<T> {
    fn default() -> Self {
        Members::from(Vec::new())
    }
}

impl<T> From<Vec<(Box<str>, T)>> for Members<T> {
    fn from(list: Vec<(Box<str>, T)>) -> Self {
        let mut members = Members { list, places: FxHashMap::default() };
        if members.list.len() > FEW {
            members.index();
        }
        members
    }
}

impl<T> Members<T> {
    /// Where the member of that name is in the list; of several the first.
    pub fn position(&self, name: &str) -> Option<usize> {
        if self.list.len() > FEW {
            self.places.get(name).copied()
        } else {
            self.list.iter().position(|(other, _)| **other == *name)
        }
    }

    /// Appends a member whose name none has.
    pub fn push(&mut self, name: Box<str>, value: T) {
        if self.list.len() > FEW {
            self.places.insert(name.clone(), self.list.len());
        }
        self.list.push((name, value));
        if self.list.len() == FEW + 1 {
            self.index();
        }
    }

    fn index(&mut self) {
        let places = self.list.iter().enumerate().rev().map(|(at, (name, _))| (name.clone(), at));
        self.places = places.collect();
    }
}

fn string(raw: &[u8]) -> Box<str> {
    if memchr::memchr(b'\\', raw).is_none() {
        return String::from_utf8_lossy(raw).into();
    }
    let mut content = Vec::with_capacity(raw.len());
    scan::unescape(raw, &mut content);
    String::from_utf8_lossy(&content).into()
}

/// Appends a text as a JSON string, escaping only what must be escaped.
pub fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Appends the exact value of a number's text: `0`, or digits without leading or trailing zeros with a point where that needs at
/// most 21 characters before it and 7 zeros behind it (as ECMAScript does), else with an exponent. `1.50` and `15e-1` give `1.5`; `-0` gives `0`.
fn canonical_number(text: &str, out: &mut String) {
    let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    let leading = digits.len() - significant.len();
    let significant = significant.trim_end_matches('0');
    if significant.is_empty() {
        out.push('0');
        return;
    }
    // An exponent too long for an i64 is kept as it is: such a number cannot be brought into another form by anyone.
    let Ok(exponent) = exponent.strip_prefix('+').unwrap_or(exponent).parse::<i64>() else {
        out.push_str(text);
        return;
    };
    if negative {
        out.push('-');
    }
    // The value is 0.significant × 10^point.
    let point = exponent.saturating_add(whole.len() as i64 - leading as i64);
    let n = significant.len() as i64;
    if point > 0 && point <= 21 {
        if n <= point {
            out.push_str(significant);
            out.extend(std::iter::repeat_n('0', (point - n) as usize));
        } else {
            out.push_str(&significant[..point as usize]);
            out.push('.');
            out.push_str(&significant[point as usize..]);
        }
    } else if point <= 0 && point > -6 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', (-point) as usize));
        out.push_str(significant);
    } else {
        out.push_str(&significant[..1]);
        if n > 1 {
            out.push('.');
            out.push_str(&significant[1..]);
        }
        // Writing to a String cannot fail.
        let _ = write!(out, "e{}", point.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_canonical(text: &str, expected: &str) {
        assert_eq!(Json::parse(text.as_bytes()).unwrap().canonical(), expected);
    }

    #[test]
    fn equal_numbers_have_one_canonical_text() {
        for text in ["1.5", "1.50", "15e-1", "0.15E+1", "150e-2"] {
            check_canonical(text, "1.5");
        }
        for text in ["100", "1e2", "100.0", "0.1e3"] {
            check_canonical(text, "100");
        }
        for text in ["0", "-0", "0.0", "0e9"] {
            check_canonical(text, "0");
        }
        check_canonical("-12.30", "-12.3");
        check_canonical("0.00125", "0.00125");
        check_canonical("1e-9", "1e-9");
        check_canonical("123e30", "1.23e32");
    }

    #[test]
    fn no_digit_is_lost() {
        check_canonical("9007199254740993", "9007199254740993");
        check_canonical("12345678901234567.000000000000000000010", "12345678901234567.00000000000000000001");
        assert_eq!(Json::parse(b"1.50").unwrap().to_text(), "1.50");
    }

    #[test]
    fn members_are_sorted_only_in_the_canonical_text() {
        let json = Json::parse(br#"{ "b": 1, "a": {"y":[], "x":"\u0007\"" } }"#).unwrap();
        assert_eq!(json.to_text(), r#"{"b":1,"a":{"y":[],"x":"\u0007\""}}"#);
        assert_eq!(json.canonical(), r#"{"a":{"x":"\u0007\"","y":[]},"b":1}"#);
        assert_eq!(json.pretty(), "{\n  \"b\": 1,\n  \"a\": {\n    \"y\": [],\n    \"x\": \"\\u0007\\\"\"\n  }\n}");
    }

    #[test]
    fn members_are_found_by_their_names_however_many_there_are() {
        let text = |n: usize| (0..n).map(|n| format!("\"m{}\":{n}", n % (FEW + 10))).collect::<Vec<_>>().join(",");
        let json = Json::parse(format!("{{{}}}", text(2 * FEW)).as_bytes()).unwrap();
        let Json::Object(members) = &json else { panic!() };
        assert_eq!(members.len(), FEW + 10);
        assert_eq!(json.get("m3"), Some(&Json::Number((FEW + 13).to_string().into())));
        assert_eq!(json.get(&format!("m{FEW}")), Some(&Json::Number(FEW.to_string().into())));
    }

    #[test]
    fn the_last_of_equal_names_wins() {
        assert_eq!(Json::parse(br#"{"a":1,"b":2,"a":3}"#).unwrap().to_text(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn a_pointer_walks_members_and_elements() {
        let json = Json::parse(br#"{"a":[{"b/c":1}]}"#).unwrap();
        assert_eq!(json.pointer("/a/0/b~1c"), Some(&Json::Number("1".into())));
        assert_eq!(json.pointer("/a/00"), None);
        assert_eq!(json.pointer("/x"), None);
    }

    #[test]
    fn text_behind_the_value_is_an_error() {
        assert_eq!(Json::parse(b"1 2").unwrap_err().at, 2);
    }
}
