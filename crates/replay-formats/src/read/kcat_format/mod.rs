//! Text as `kcat -f` prints it, read by the format string that a person gives, or by the command line with it.
//!
//! Source: kcat `format.c` (the verbs and escapes), `kcat.c` (what is printed without `-f`).

mod command;
mod fit;
mod reader;

pub(crate) use reader::KcatFormatReader;

use std::fmt;
use std::str::FromStr;

/// More pieces than kcat itself takes.
const MOST_PIECES: usize = 128;

/// How records are printed: a format string, and what a command line says beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KcatFormat {
    /// As it was given.
    text: String,
    /// The format string of it.
    format: String,
    pieces: Vec<Piece>,
    /// `-Z`: a null or empty key or value is printed as `NULL`.
    prints_null: bool,
    /// `-t`, for records that do not tell theirs.
    topic: Option<String>,
    /// `-p`, likewise.
    partition: Option<u32>,
}

/// A piece of what is printed for a record.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(Vec<u8>),
    Topic,
    Partition,
    Offset,
    Timestamp,
    Key,
    KeySize,
    Value,
    ValueSize,
    /// In four bytes.
    ValueSizeBinary,
    Headers,
}

impl Piece {
    fn of_verb(verb: char) -> Option<Piece> {
        Some(match verb {
            't' => Piece::Topic,
            'p' => Piece::Partition,
            'o' => Piece::Offset,
            'T' => Piece::Timestamp,
            'k' => Piece::Key,
            'K' => Piece::KeySize,
            's' => Piece::Value,
            'S' => Piece::ValueSize,
            'R' => Piece::ValueSizeBinary,
            'h' => Piece::Headers,
            _ => return None,
        })
    }

    fn is_number(&self) -> bool {
        matches!(self, Piece::Partition | Piece::Offset | Piece::Timestamp | Piece::KeySize | Piece::ValueSize)
    }
}

impl fmt::Display for Piece {
    /// As it stands in a format string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self {
            Piece::Literal(text) => return write!(f, "{}", text.escape_ascii()),
            Piece::Topic => "%t",
            Piece::Partition => "%p",
            Piece::Offset => "%o",
            Piece::Timestamp => "%T",
            Piece::Key => "%k",
            Piece::KeySize => "%K",
            Piece::Value => "%s",
            Piece::ValueSize => "%S",
            Piece::ValueSizeBinary => "%R",
            Piece::Headers => "%h",
        };
        f.write_str(verb)
    }
}

/// A format by which nothing can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKcatFormat {
    /// kcat has no such verb.
    #[error("{0} is nothing that kcat prints: there are %t %p %o %T %k %K %s %S %R %h and %%")]
    Verb(String),
    /// It prints nothing of a record.
    #[error("nothing of a record is printed by {0:?}: %k is the key, %s the value")]
    NoVerb(String),
    /// Where one ends and the other begins cannot be told.
    #[error("nothing stands between {first} and {second}, so nobody can tell where {first} ends")]
    Joined {
        /// The verb that has no end.
        first: String,
        /// What follows it.
        second: String,
    },
    /// Where a record ends cannot be told.
    #[error(
        "nothing stands behind {0}, so nobody can tell where a record ends: kcat prints no end of line by itself; add \\n if each record is a line"
    )]
    OpenEnd(String),
    /// The command prints JSON.
    #[error("this command prints JSON (-J), which is read without a format")]
    Json,
    /// A quote in a command line is not closed.
    #[error("a quote is not closed in this command line")]
    Quote,
    /// It is longer than any that kcat takes.
    #[error("the format has more than {limit} parts")]
    TooLong {
        /// The bound.
        limit: usize,
    },
}

impl BadKcatFormat {
    /// A stable name of the variant, for translations.
    pub fn code(&self) -> &'static str {
        match self {
            BadKcatFormat::Verb(_) => "kcat-format-verb",
            BadKcatFormat::NoVerb(_) => "kcat-format-no-verb",
            BadKcatFormat::Joined { .. } => "kcat-format-joined",
            BadKcatFormat::OpenEnd(_) => "kcat-format-open-end",
            BadKcatFormat::Json => "kcat-format-json",
            BadKcatFormat::Quote => "kcat-format-quote",
            BadKcatFormat::TooLong { .. } => "kcat-format-too-long",
        }
    }

    /// What goes into a translation's text.
    pub fn detail(&self) -> String {
        match self {
            BadKcatFormat::Verb(what) | BadKcatFormat::NoVerb(what) | BadKcatFormat::OpenEnd(what) => what.clone(),
            BadKcatFormat::Joined { first, second } => format!("{first}{second}"),
            BadKcatFormat::Json | BadKcatFormat::Quote => String::new(),
            BadKcatFormat::TooLong { limit } => limit.to_string(),
        }
    }
}

impl fmt::Display for KcatFormat {
    /// As it was given.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for KcatFormat {
    type Err = BadKcatFormat;

    /// A format string, or a command line of kcat: its `-f`, or else what it prints by `-K` and `-D`; with `-Z`, `-t` and `-p`.
    fn from_str(text: &str) -> Result<KcatFormat, BadKcatFormat> {
        let command::Command { format, prints_null, topic, partition } = command::read(text)?;
        let pieces = pieces(&format)?;
        check(&pieces, &format)?;
        Ok(KcatFormat { text: text.to_owned(), format, pieces, prints_null, topic, partition })
    }
}

impl KcatFormat {
    /// The format string.
    pub fn format(&self) -> &str {
        &self.format
    }

    /// The same with another end of lines.
    fn with_crlf(&self) -> KcatFormat {
        let mut other = self.clone();
        for piece in &mut other.pieces {
            if let Piece::Literal(text) = piece {
                *text = text
                    .iter()
                    .flat_map(|b| if *b == b'\n' { b"\r\n" } else { std::slice::from_ref(b) })
                    .copied()
                    .collect();
            }
        }
        other
    }

    /// Whether the piece's length is told before it.
    fn is_sized(pieces: &[Piece], n: usize) -> bool {
        let before = &pieces[..n];
        match pieces[n] {
            Piece::Key => before.contains(&Piece::KeySize),
            Piece::Value => before.contains(&Piece::ValueSize) || before.contains(&Piece::ValueSizeBinary),
            _ => false,
        }
    }
}

/// Cuts a format string as kcat does.
fn pieces(format: &str) -> Result<Vec<Piece>, BadKcatFormat> {
    let mut pieces: Vec<Piece> = Vec::new();
    let add = |piece: Piece, pieces: &mut Vec<Piece>| match (piece, pieces.last_mut()) {
        (Piece::Literal(text), _) if text.is_empty() => {}
        (Piece::Literal(text), Some(Piece::Literal(last))) => last.extend(text),
        (piece, _) => pieces.push(piece),
    };
    let mut rest = format;
    while let Some(percent) = rest.find('%') {
        add(Piece::Literal(unescaped(&rest[..percent])), &mut pieces);
        let after = &rest[percent + 1..];
        let verb = after.chars().next();
        let piece = match verb {
            Some('%') => Some(Piece::Literal(b"%".to_vec())),
            verb => verb.and_then(Piece::of_verb),
        };
        add(
            piece.ok_or_else(|| BadKcatFormat::Verb(verb.map_or("%".to_owned(), |verb| format!("%{verb}"))))?,
            &mut pieces,
        );
        rest = &after[verb.map_or(0, char::len_utf8)..];
    }
    add(Piece::Literal(unescaped(rest)), &mut pieces);
    if pieces.len() > MOST_PIECES {
        return Err(BadKcatFormat::TooLong { limit: MOST_PIECES });
    }
    Ok(pieces)
}

/// The text between two verbs, with kcat's escapes: `\n`, `\r`, `\t`, the number of a byte as C reads it, and anything else as it is. A zero
/// ends it, as it ends a text in C.
fn unescaped(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let Some(&escape) = bytes.get(at).filter(|_| byte == b'\\') else {
            out.push(byte);
            continue;
        };
        at += 1;
        match escape {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            // kcat takes `\xAB` for `AB`: only a digit begins a number.
            b'x' if !bytes.get(at).is_some_and(u8::is_ascii_digit) => {}
            b'x' | b'0'..=b'9' => {
                let (digits, radix) = match escape {
                    b'x' => (at, 16),
                    b'0' if bytes.get(at).is_some_and(|x| x.eq_ignore_ascii_case(&b'x')) => (at + 1, 16),
                    b'0' => (at - 1, 8),
                    _ => (at - 1, 10),
                };
                let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
                let length = bytes[digits..].iter().take_while(|byte| is_digit(byte)).count();
                let number = bytes[digits..digits + length].iter().fold(0_u32, |number, byte| {
                    number.wrapping_mul(radix).wrapping_add(char::from(*byte).to_digit(radix).unwrap_or(0))
                });
                at = digits + length;
                if length > 0 {
                    out.push(number as u8);
                }
            }
            other => out.push(other),
        }
    }
    if let Some(zero) = memchr::memchr(0, &out) {
        out.truncate(zero);
    }
    out
}

/// Whether the pieces of a record can be told apart.
fn check(pieces: &[Piece], format: &str) -> Result<(), BadKcatFormat> {
    if pieces.iter().all(|piece| matches!(piece, Piece::Literal(_))) {
        return Err(BadKcatFormat::NoVerb(format.to_owned()));
    }
    for (n, piece) in pieces.iter().enumerate() {
        let next = pieces.get(n + 1);
        let has_end = match piece {
            Piece::Literal(_) | Piece::ValueSizeBinary => true,
            // What is printed behind a number and has a known length begins where the rest then fits.
            piece if piece.is_number() => match next {
                None => false,
                Some(Piece::Literal(_) | Piece::ValueSizeBinary) => true,
                Some(_) => KcatFormat::is_sized(pieces, n + 1),
            },
            _ => KcatFormat::is_sized(pieces, n) || matches!(next, Some(Piece::Literal(_))),
        };
        if !has_end {
            return Err(match next {
                Some(next) => BadKcatFormat::Joined { first: piece.to_string(), second: next.to_string() },
                None => BadKcatFormat::OpenEnd(piece.to_string()),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let format: KcatFormat = text.parse().unwrap();
        assert_eq!(format.pieces.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let told = text.parse::<KcatFormat>().unwrap_err().to_string();
        assert!(told.contains(expected), "{text}: {told}");
    }

    #[test]
    fn verbs_and_escapes_are_those_of_kcat() {
        check(r"%t|%p|%o|%T|%k|%s\n", &["%t", "|", "%p", "|", "%o", "|", "%T", "|", "%k", "|", "%s", r"\n"]);
        check(r"100%% %K\t%k\x2c\44\054\0x41\\%h\r\n", &[r"100% ", "%K", r"\t", "%k", r",,,A\\", "%h", r"\r\n"]);
        check(r"\xAB%s\n", &["AB", "%s", r"\n"]);
        check(r"kcat -C -K '\xfe' -D '\x1e\n'", &["%k", r"\xfe", "%s", r"\x1e\n"]);
        check(r"%R%s%S%s", &["%R", "%s", "%S", "%s"]);
        // In C, a zero ends a text.
        check(r"%s\n\x00;abc", &["%s", r"\n"]);
    }

    #[test]
    fn a_format_that_cannot_be_read_back_is_refused_with_what_to_do() {
        refused("%x", "%x is nothing that kcat prints");
        refused("100%", "% is nothing that kcat prints");
        refused(r"key\n", "nothing of a record is printed");
        refused(r"%k%s\n", "nothing stands between %k and %s");
        refused(r"%p%o\n", "nothing stands between %p and %o");
        refused(r"%t%R%s", "nothing stands between %t and %R");
        refused("%k|%s", r"nothing stands behind %s, so nobody can tell where a record ends");
        refused(r"%s\x00", "nothing stands behind %s");
        refused("kcat -C -t t -J", "prints JSON");
        refused("kcat -C -f '%s", "a quote is not closed");
        refused(&r"%s\n".repeat(100), "more than 128 parts");
    }
}
