//! Pieces of JSON that several formats write alike.

use super::plain_text;
use crate::value::{is_json_document, push_json_string, push_tagged_base64};

/// An object under way: members in the order in which they are written.
pub(super) struct Object<'o> {
    out: &'o mut Vec<u8>,
    has_members: bool,
}

impl<'o> Object<'o> {
    pub(super) fn begin(out: &'o mut Vec<u8>) -> Object<'o> {
        out.push(b'{');
        Object { out, has_members: false }
    }

    /// The place where the value of a member is to be written.
    pub(super) fn member(&mut self, name: &str) -> &mut Vec<u8> {
        if std::mem::replace(&mut self.has_members, true) {
            self.out.push(b',');
        }
        push_json_string(self.out, name.as_bytes());
        self.out.push(b':');
        self.out
    }

    /// A member whose value is JSON text.
    pub(super) fn raw(&mut self, name: &str, value: &[u8]) {
        self.member(name).extend_from_slice(value);
    }

    pub(super) fn string(&mut self, name: &str, value: &[u8]) {
        push_json_string(self.member(name), value);
    }

    pub(super) fn number(&mut self, name: &str, value: i64) {
        self.raw(name, value.to_string().as_bytes());
    }

    pub(super) fn end(self) {
        self.out.push(b'}');
    }
}

/// Bytes as a string, or as null. What is no text is in base64, in this project's own form: the tool would lose it.
pub(super) fn push_text(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        None => out.extend_from_slice(b"null"),
        Some(bytes) if std::str::from_utf8(bytes).is_ok() => push_json_string(out, bytes),
        Some(bytes) => push_tagged_base64(out, bytes),
    }
}

/// A value as the string that tools make of it.
pub(super) fn push_value_text(out: &mut Vec<u8>, value: &[u8]) {
    match plain_text(value) {
        Some(_) => out.extend_from_slice(value.trim_ascii()),
        None => push_text(out, Some(value)),
    }
}

/// A value as JSON, if that is what it is, on one line; else as the string that tools make of it.
pub(super) fn push_json_value(out: &mut Vec<u8>, value: &[u8]) {
    if is_json_document(value) {
        // A newline in JSON can only stand between tokens.
        out.extend(value.trim_ascii().iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
    } else {
        push_text(out, Some(value));
    }
}

/// A key as JSON, if it is an object or array; else as a string.
pub(super) fn push_json_key(out: &mut Vec<u8>, key: Option<&[u8]>) {
    match key {
        Some(key) if matches!(key.first(), Some(b'{' | b'[')) && is_json_document(key) && !key.contains(&b'\n') => {
            out.extend_from_slice(key);
        }
        key => push_text(out, key),
    }
}

/// Headers as `[{"key":…,"value":…}]`.
pub(super) fn push_header_list(out: &mut Vec<u8>, headers: &[replay_log::record::Header<'_>]) {
    out.push(b'[');
    for (i, header) in headers.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let mut object = Object::begin(out);
        object.string("key", header.name.as_bytes());
        push_text(object.member("value"), header.value.as_deref());
        object.end();
    }
    out.push(b']');
}
