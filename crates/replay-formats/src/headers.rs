//! Headers as the different exports write them.

use crate::layout::HeaderShape;
use crate::time::integer;
use crate::value::{
    base64_bytes, hex_bytes, is_json_document, scalar_text, string_content, tagged_base64, text, unescaped,
};
use replay_log::record::Header;
use replay_log::scan;
use std::borrow::Cow;

/// Headers in their order. Repeated names stay.
pub(crate) fn headers(token: &[u8], shape: HeaderShape) -> Vec<Header<'_>> {
    match (shape, token.first()) {
        (HeaderShape::Flat, Some(b'[')) => flat_headers(token),
        (HeaderShape::Map, Some(b'"')) => string_content(token)
            .map(|content| hex_bytes(&content).map_or(content, Cow::Owned))
            .filter(|content| is_json_document(content))
            .map_or_else(Vec::new, |content| map_headers(&content).into_iter().map(own_header).collect()),
        (_, Some(b'{')) => map_headers(token),
        (_, Some(b'[')) => list_headers(token, shape),
        _ => Vec::new(),
    }
}

fn own_header<'b>(header: Header<'_>) -> Header<'b> {
    Header {
        name: Cow::Owned(header.name.into_owned()),
        value: header.value.map(|value| Cow::Owned(value.into_owned())),
    }
}

fn flat_headers(token: &[u8]) -> Vec<Header<'_>> {
    let mut headers = Vec::new();
    let mut elements = scan::elements(token, 0).flatten();
    while let Some(name) = elements.next() {
        let Some(name) = scalar_text(&token[name]) else { break };
        let value = elements.next().and_then(|value| header_value(&token[value]));
        headers.push(Header { name: text(name), value });
    }
    headers
}

fn map_headers(object: &[u8]) -> Vec<Header<'_>> {
    scan::members(object, scan::skip_ws(object, 0))
        .flatten()
        .map(|member| Header { name: text(unescaped(member.name)), value: header_value(&object[member.value]) })
        .collect()
}

fn header_value(token: &[u8]) -> Option<Cow<'_, [u8]>> {
    match token.first()? {
        b'n' => None,
        b'{' | b'[' => Some(tagged_base64(token).map_or(Cow::Borrowed(token), Cow::Owned)),
        _ => scalar_text(token),
    }
}

fn list_headers(token: &[u8], shape: HeaderShape) -> Vec<Header<'_>> {
    let mut headers = Vec::new();
    for element in scan::elements(token, 0).flatten() {
        let object = &token[element];
        if object.first() != Some(&b'{') {
            continue;
        }
        if shape == HeaderShape::Bytes {
            for member in scan::members(object, 0).flatten() {
                let bytes = byte_array(&object[member.value]);
                headers.push(Header { name: text(unescaped(member.name)), value: bytes.map(Cow::Owned) });
            }
            continue;
        }
        let (mut name, mut value) = (None, None);
        for member in scan::members(object, 0).flatten() {
            match member.name {
                b"key" | b"name" => name = scalar_text(&object[member.value]).map(text),
                b"value" => value = pair_value(&object[member.value], shape),
                b"value_base64" => {
                    let content = string_content(&object[member.value]);
                    value = content.and_then(|content| base64_bytes(&content)).map(Cow::Owned);
                }
                _ => {}
            }
        }
        if let Some(name) = name {
            headers.push(Header { name, value });
        }
    }
    headers
}

fn pair_value(token: &[u8], shape: HeaderShape) -> Option<Cow<'_, [u8]>> {
    // Redpanda Console: {"payload":"\"text\""}.
    if token.first() == Some(&b'{')
        && let Some(payload) = scan::pointer(token, "/payload")
    {
        let content = header_value(payload)?;
        // Only text is quoted a second time: quotes around other bytes are theirs.
        let is_text = std::str::from_utf8(&content).is_ok();
        return match string_content(&content).filter(|_| is_text) {
            Some(inner) => Some(Cow::Owned(inner.into_owned())),
            None => Some(content),
        };
    }
    let value = header_value(token)?;
    if shape == HeaderShape::PairsBase64 {
        return Some(base64_bytes(&value).map_or(value, Cow::Owned));
    }
    Some(value)
}

/// `[83,112,-128]`: bytes as numbers, signed in Java's exports.
fn byte_array(token: &[u8]) -> Option<Vec<u8>> {
    if token.first() != Some(&b'[') {
        return header_value(token).map(Cow::into_owned);
    }
    scan::elements(token, 0)
        .map(|element| {
            let number = integer(&token[element.ok()?])?;
            if (-128..256).contains(&number) { Some(number as u8) } else { None }
        })
        .collect()
}
