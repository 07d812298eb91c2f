//! `@json`, `@csv` and the other ways to write a value as a text.

use super::expr::Format;
use super::fault::Fault;
use super::machine::{Budget, Flow, fail};
use super::operators::brief;
use super::value::Value;
use std::fmt::Write;

/// The value as a string.
pub(crate) fn write(budget: &mut Budget, format: Format, value: &Value) -> Flow<Value> {
    budget.spend_bytes(value.weight())?;
    let text = match format {
        Format::Text => value.to_plain_text(),
        Format::Json => value.to_json().to_text(),
        Format::Csv => row(value, ",", |text| format!("\"{}\"", text.replace('"', "\"\"")))?,
        Format::Tsv => row(value, "\t", |text| {
            text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
        })?,
        Format::Html => value
            .to_plain_text()
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('\'', "&#39;")
            .replace('"', "&quot;"),
        Format::Uri => uri(&value.to_plain_text()),
        Format::Base64 => encode(value.to_plain_text().as_bytes()),
        Format::Base64Decode => match decode(&value.to_plain_text()).map(String::from_utf8) {
            Some(Ok(text)) => text,
            _ => return fail(Fault::NotBase64(brief(value))),
        },
    };
    budget.admit(Value::String(text.into()))
}

fn row(value: &Value, separator: &str, quote: fn(&str) -> String) -> Flow<String> {
    let Value::Array(array) = value else { return fail(Fault::NotRow(brief(value))) };
    let cell = |item: &Value| match item {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(quote(text)),
        Value::Bool(_) | Value::Number(_) => Ok(item.to_plain_text()),
        other => fail(Fault::NotCell(brief(other))),
    };
    Ok(array.items.iter().map(cell).collect::<Flow<Vec<_>>>()?.join(separator))
}

fn uri(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 (RFC 4648) with padding. A few lines, where a library brings several kilobytes into the worker.
fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for part in bytes.chunks(3) {
        let bits = part.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - part.len()));
        for n in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * n) & 63) as usize];
            out.push(if n <= part.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// The bytes of base64, padded or not; `None` if it is none.
fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').as_bytes();
    let mut out = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for part in digits.chunks(4) {
        let mut bits = 0_u32;
        for digit in part {
            bits = bits << 6 | DIGITS.iter().position(|d| d == digit)? as u32;
        }
        bits <<= 6 * (4 - part.len());
        // One digit alone is less than a byte.
        let bytes = part.len().checked_sub(1).filter(|bytes| *bytes > 0)?;
        out.extend_from_slice(&bits.to_be_bytes()[1..=bytes]);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn base64_has_the_vectors_of_the_rfc() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(text.as_bytes()), expected);
            assert_eq!(decode(expected).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!((decode("Z"), decode("Z!=="), decode("Zm9vY")), (None, None, None));
    }
}
