//! Scalars where they lie, and the comparison of pieces.

use replay_log::scan;

/// What stands between two pieces. Quotes belong to the pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The content of a string.
    Text,
    /// The content of a string in whose place JSON in a string would mean something else: it may not begin like JSON.
    Plain,
    /// The content of a string inside a string, whose quotes are `\"`.
    Folded,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// Nothing: the record ends with the piece.
    End,
}

impl Kind {
    /// Where the scalar at `at` ends, and whether it has an escape in it. `None` if it is none of this kind, or one for the general way.
    #[inline]
    pub(super) fn end(self, text: &[u8], at: usize) -> Option<(usize, bool)> {
        match self {
            Kind::Plain if begins_like_json(text, at) => None,
            Kind::Text | Kind::Plain => {
                let end = scan::plain_end(text, at);
                if text.get(end) == Some(&b'"') {
                    return Some((end, false));
                }
                Some((escaped_end(text, end)?, true))
            }
            Kind::Folded => {
                let end = scan::plain_end(text, at);
                if text.get(end..end + 2)? == b"\\\"" {
                    return Some((end, false));
                }
                Some((folded_end(text, end)?, true))
            }
            Kind::Number => Some((scan::number_end(text, at).ok()?, false)),
            Kind::Bool => {
                let rest = text.get(at..)?;
                let length = if rest.starts_with(b"true") { 4 } else { 5 };
                (length == 4 || rest.starts_with(b"false")).then_some((at + length, false))
            }
            Kind::Null => text.get(at..)?.starts_with(b"null").then_some((at + 4, false)),
            Kind::End => Some((at, false)),
        }
    }
}

/// Whether the string at `at` may hold JSON.
#[inline]
pub(super) fn begins_like_json(text: &[u8], at: usize) -> bool {
    matches!(text.get(at), None | Some(b'{' | b'[' | b'\\' | b' '))
}

/// The end of a string from an escape on.
#[cold]
#[inline(never)]
fn escaped_end(text: &[u8], at: usize) -> Option<usize> {
    scan::string_end(text, at).ok()
}

/// The end of a string inside a string, from a byte on that is no plain text. Escapes of the inner string are written with two backslashes
/// (`\\n`), its quotes and backslashes with three or four (`\\\"`, `\\\\`). Escapes of the outer string stand for characters of the inner
/// one, of which only those are let through that need no escape there.
#[cold]
#[inline(never)]
fn folded_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at = scan::plain_end(text, at);
        match text.get(at..at + 2)? {
            b"\\\"" => return Some(at),
            b"\\/" => at += 2,
            b"\\u" => {
                let digits = std::str::from_utf8(text.get(at + 2..at + 6)?).ok()?;
                if !digits.bytes().all(|digit| digit.is_ascii_hexdigit())
                    || u32::from_str_radix(digits, 16).ok()? < 0x80
                {
                    return None;
                }
                at += 6;
            }
            b"\\\\" => match text.get(at + 2)? {
                b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 3,
                b'u' => {
                    let digits = text.get(at + 3..at + 7)?;
                    if !digits.iter().all(u8::is_ascii_hexdigit) {
                        return None;
                    }
                    at += 7;
                }
                b'\\' if matches!(text.get(at + 3), Some(b'"' | b'\\')) => at += 4,
                _ => return None,
            },
            _ => return None,
        }
    }
}
