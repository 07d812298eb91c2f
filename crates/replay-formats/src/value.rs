//! Keys and values as they lie in JSON text: unfolding strings that hold JSON, peeling wrappers, naming entities.

use base64::Engine as _;
use replay_log::scan;
use std::borrow::Cow;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// The content of a JSON string token, without its quotes. Borrowed if nothing is escaped.
pub(crate) fn string_content(token: &[u8]) -> Option<Cow<'_, [u8]>> {
    let inner = token.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    Some(unescaped(inner))
}

/// Undoes JSON's escapes, if there are any.
pub(crate) fn unescaped(inner: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', inner).is_none() {
        return Cow::Borrowed(inner);
    }
    let mut content = Vec::new();
    scan::unescape(inner, &mut content);
    Cow::Owned(content)
}

/// Text of a scalar token: a string's content, a number or a boolean as written. `None` for null and for anything else.
pub(crate) fn scalar_text(token: &[u8]) -> Option<Cow<'_, [u8]>> {
    match token.first()? {
        b'"' => string_content(token),
        b'{' | b'[' | b'n' => None,
        _ => Some(Cow::Borrowed(token)),
    }
}

/// Bytes as text: what is no UTF-8 is written as `\xff`, so that different bytes stay different.
pub(crate) fn text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(escaped_text(bytes)),
        },
        Cow::Owned(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Cow::Owned(text),
            Err(error) => Cow::Owned(escaped_text(error.as_bytes())),
        },
    }
}

fn escaped_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str("\\x");
            text.push(char::from(HEX[usize::from(byte >> 4)]));
            text.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    text
}

/// True if these bytes are one JSON object, array or string, blanks around it allowed.
pub(crate) fn is_json_document(bytes: &[u8]) -> bool {
    let at = scan::skip_ws(bytes, 0);
    matches!(bytes.get(at), Some(b'{' | b'[' | b'"'))
        && scan::value_end(bytes, at).is_ok_and(|end| scan::skip_ws(bytes, end) == bytes.len())
        && std::str::from_utf8(bytes).is_ok()
}

/// The value that stands in a JSON token: strings that hold JSON are unfolded, once more if twice escaped.
/// Other strings stay strings, with their quotes, so that `"007"` and `"true"` become no other type.
pub(crate) fn unfold(token: &[u8]) -> Cow<'_, [u8]> {
    if token.first() != Some(&b'"') {
        return Cow::Borrowed(token);
    }
    match string_content(token) {
        Some(content) if may_be_json(&content) && is_json_document(&content) => unfold_again(content),
        // Bytes that are no text cannot stay a JSON string.
        Some(content) if std::str::from_utf8(&content).is_err() => content,
        _ => Cow::Borrowed(token),
    }
}

/// The value of bytes as they lay in Kafka: JSON documents stay, text becomes a JSON string, the rest stays bytes.
pub(crate) fn unfold_bytes(bytes: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    if may_be_json(&bytes) && is_json_document(&bytes) {
        return unfold_again(bytes);
    }
    // Confluent's wire format with a JSON Schema: five bytes before the JSON text.
    if bytes.len() > 5 && bytes[0] == 0 && is_json_document(&bytes[5..]) {
        return Cow::Owned(bytes[5..].to_vec());
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) if !text.contains('\0') => Cow::Owned(json_string(text.as_bytes())),
        _ => bytes,
    }
}

fn may_be_json(bytes: &[u8]) -> bool {
    matches!(bytes.get(scan::skip_ws(bytes, 0)), Some(b'{' | b'[' | b'"'))
}

/// `content` is a JSON document; if it is a string that holds an object or array, that one is meant.
fn unfold_again(content: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let trimmed = content.trim_ascii();
    if trimmed.first() == Some(&b'"')
        && let Some(inner) = string_content(trimmed)
        && matches!(inner.trim_ascii().first(), Some(b'{' | b'['))
        && is_json_document(&inner)
    {
        return Cow::Owned(inner.into_owned());
    }
    content
}

/// A JSON string token of these bytes. Bytes that are no UTF-8 pass as they are.
pub(crate) fn json_string(bytes: &[u8]) -> Vec<u8> {
    let mut token = Vec::with_capacity(bytes.len() + 2);
    push_json_string(&mut token, bytes);
    token
}

/// Appends a JSON string token of these bytes.
pub(crate) fn push_json_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    for byte in bytes {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
}

/// Bytes of a base64 string, padded or not, of the standard or the URL alphabet.
pub(crate) fn base64_bytes(text: &[u8]) -> Option<Vec<u8>> {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
    STANDARD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)).or_else(|_| URL_SAFE.decode(text)).ok()
}

/// Bytes of PostgreSQL's `\x7b22…`.
pub(crate) fn hex_bytes(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_prefix(b"\\x")?;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits.as_chunks::<2>().0.iter().map(|[high, low]| Some((digit(*high)? * 16 + digit(*low)?) as u8)).collect()
}

/// Bytes that are no text, as this project writes them: `{"$base64":"…"}`.
pub(crate) fn tagged_base64(token: &[u8]) -> Option<Vec<u8>> {
    let content = token.strip_prefix(b"{\"$base64\":\"")?.strip_suffix(b"\"}")?;
    base64_bytes(content)
}

/// Appends bytes in that form.
pub(crate) fn push_tagged_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(b"{\"$base64\":\"");
    out.extend_from_slice(base64::engine::general_purpose::STANDARD.encode(bytes).as_bytes());
    out.extend_from_slice(b"\"}");
}

/// Schema and payload, if the object has just these two members.
pub(crate) fn schema_and_payload(object: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = scan::skip_ws(object, 0);
    let first = scan::skip_ws(object, at + 1);
    if object.get(at) != Some(&b'{') || !matches!(object.get(first..first + 3), Some(b"\"sc" | b"\"pa")) {
        return None;
    }
    let (mut schema, mut payload, mut others) = (None, None, false);
    for member in scan::members(object, at) {
        let member = member.ok()?;
        match member.name {
            b"schema" => schema = Some(&object[member.value]),
            b"payload" => payload = Some(&object[member.value]),
            _ => others = true,
        }
    }
    if others { None } else { Some((schema?, payload?)) }
}

/// The entity that a record's key names: text, the single field of an object, or all its fields as compact JSON.
pub(crate) fn entity_of_key<'a>(key: &Cow<'a, [u8]>) -> Cow<'a, str> {
    match key.first() {
        Some(b'{') if is_json_document(key) => {
            let payload = schema_and_payload(key).map_or(&key[..], |(_, payload)| payload);
            Cow::Owned(entity_of_object(payload))
        }
        Some(b'"') if is_json_document(key) => {
            Cow::Owned(string_content(key.trim_ascii()).map_or_else(String::new, |content| text(content).into_owned()))
        }
        _ => match key {
            Cow::Borrowed(bytes) => text(Cow::Borrowed(bytes)),
            Cow::Owned(bytes) => text(Cow::Owned(bytes.clone())),
        },
    }
}

/// The entity that a JSON value names.
pub(crate) fn entity_of_object(token: &[u8]) -> String {
    if token.first() != Some(&b'{') {
        return scalar_text(token).map_or_else(|| compact(token), |content| text(content).into_owned());
    }
    let mut fields = Vec::new();
    for member in scan::members(token, 0).flatten() {
        fields.push((member.name, &token[member.value]));
    }
    // Maxwell: {"database":…,"table":…,"pk.id":1}.
    if fields.iter().any(|(name, _)| name.starts_with(b"pk.")) {
        fields.retain(|(name, _)| name.starts_with(b"pk."));
    }
    match fields.as_slice() {
        [(_, single)] => scalar_text(single).map_or_else(|| compact(single), |content| text(content).into_owned()),
        _ => compact(token),
    }
}

/// JSON text without blanks between its tokens.
pub(crate) fn compact(token: &[u8]) -> String {
    let mut out = Vec::with_capacity(token.len());
    let mut in_string = false;
    let mut escaped = false;
    for byte in token {
        if in_string {
            out.push(*byte);
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
        } else if !byte.is_ascii_whitespace() {
            in_string = *byte == b'"';
            out.push(*byte);
        }
    }
    text(Cow::Owned(out)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(token: &str, expected: &str) {
        assert_eq!(String::from_utf8_lossy(&unfold(token.as_bytes())), expected);
    }

    #[test]
    fn json_in_strings_is_unfolded_also_when_twice_escaped() {
        check(r#""{\"a\":1}""#, r#"{"a":1}"#);
        check(r#""\"{\\\"a\\\":1}\"""#, r#"{"a":1}"#);
        check(r#""[1,2]""#, "[1,2]");
    }

    #[test]
    fn bare_strings_stay_strings() {
        for text in [r#""007""#, r#""1e5""#, r#""null""#, r#""true""#, r#""{broken""#, r#""""#] {
            check(text, text);
        }
    }

    #[test]
    fn entities_are_named_after_the_payload_of_the_key() {
        let check = |key: &str, expected: &str| {
            assert_eq!(entity_of_key(&Cow::Borrowed(key.as_bytes())), expected, "{key}");
        };
        check("spray-1", "spray-1");
        check("", "");
        check(r#""a b""#, "a b");
        check(r#"{"id": 7}"#, "7");
        check(r#"{"a": 7, "b": "x y"}"#, r#"{"a":7,"b":"x y"}"#);
        check(r#"{"schema":{"type":"struct"},"payload":{"id":"k"}}"#, "k");
        check(r#"{"database":"d","table":"t","pk.id":1}"#, "1");
    }

    #[test]
    fn hex_and_base64_give_bytes() {
        assert_eq!(hex_bytes(br"\x7b7d").unwrap(), b"{}");
        assert_eq!(base64_bytes(b"e30=").unwrap(), b"{}");
        assert_eq!(base64_bytes(b"e30").unwrap(), b"{}");
    }
}
