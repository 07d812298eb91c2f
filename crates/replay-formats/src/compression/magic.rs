//! What the first bytes of a file tell.

use super::codec::Codec;

/// So many bytes are enough for an answer: a header of tar.
pub(super) const HEAD_BYTES: usize = 512;

/// What the bytes are when all compression is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Text,
    /// Record batches of a Kafka log.
    Segment,
    /// An Avro object container file.
    Avro,
    /// Archives of files.
    Zip,
    Tar,
}

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Magic {
    Plain(Content),
    Packed(Codec),
    /// Recognised, so that the message can name it.
    Unsupported(&'static str),
    /// Something that nobody keeps a log in.
    Foreign(&'static str),
}

/// What the first bytes say, and for what has no magic number, the file's name.
pub(super) fn magic(head: &[u8], file_name: Option<&str>) -> Magic {
    match head {
        [0x1f, 0x8b, ..] => Magic::Packed(Codec::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Magic::Packed(Codec::Zstd),
        [0x04, 0x22, 0x4d, 0x18, ..] | [0x02, 0x21, 0x4c, 0x18, ..] => Magic::Packed(Codec::Lz4),
        [0xff, 0x06, 0, 0, b's', b'N', b'a', b'P', b'p', b'Y', ..] => Magic::Packed(Codec::SnappyFramed),
        [0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0, ..] => Magic::Packed(Codec::Snappy),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..] => {
            Codec::BZIP2.map_or(Magic::Unsupported("bzip2"), Magic::Packed)
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Codec::XZ.map_or(Magic::Unsupported("xz"), Magic::Packed),
        [b'7', b'z', 0xbc, 0xaf, ..] => Magic::Unsupported("7z"),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Magic::Plain(Content::Zip),
        [b'O', b'b', b'j', 1, ..] => Magic::Plain(Content::Avro),
        [b'P', b'A', b'R', b'1', ..] => Magic::Unsupported("Parquet"),
        [b'O', b'R', b'C', ..] if !head.is_ascii() => Magic::Unsupported("ORC"),
        [0x89, b'P', b'N', b'G', ..] => Magic::Foreign("PNG picture"),
        [0xff, 0xd8, 0xff, ..] => Magic::Foreign("JPEG picture"),
        [b'G', b'I', b'F', b'8', ..] => Magic::Foreign("GIF picture"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Magic::Foreign("WebP picture"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Magic::Foreign("PDF document"),
        [0x7f, b'E', b'L', b'F', ..] => Magic::Foreign("program"),
        _ if is_html(head) => Magic::Foreign("HTML page"),
        _ if head.get(257..262) == Some(b"ustar") => Magic::Plain(Content::Tar),
        _ if is_record_batch(head) => Magic::Plain(Content::Segment),
        _ => by_name(head, file_name.unwrap_or_default()),
    }
}

/// A page that shows a log instead of the log: saved from a tool's web page, or a server's error.
fn is_html(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    [&b"<!doctype html"[..], b"<html"]
        .iter()
        .any(|start| text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)))
}

fn by_name(head: &[u8], name: &str) -> Magic {
    // Hadoop and raw snappy begin with a length.
    let is_text = matches!(head.first(), Some(b'{' | b'[' | 0xef | 0xfe));
    if !is_text && (has_extension(name, "snappy") || has_extension(name, "sz")) {
        return Magic::Packed(Codec::Snappy);
    }
    // A segment that was made long enough for what it was to hold, and holds nothing yet.
    if has_extension(name, "log") && !head.is_empty() && head.iter().all(|byte| *byte == 0) {
        return Magic::Plain(Content::Segment);
    }
    Magic::Plain(Content::Text)
}

/// Whether a file's name ends so, in letters of either case.
pub(crate) fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}

/// The start of a record batch or of an older message set: a plausible offset and length before the magic byte.
pub(crate) fn is_record_batch(head: &[u8]) -> bool {
    let [0, 0, _, _, _, _, _, _, size @ ..] = head else { return false };
    let Some(length) = size.first_chunk().map(|bytes| i32::from_be_bytes(*bytes)) else { return false };
    let attributes = |at: usize| head.get(at).copied().unwrap_or(0);
    match head.get(16) {
        // Attributes have two bytes, of which seven bits are in use.
        Some(2) => length >= 49 && attributes(21) == 0 && attributes(22) & 7 <= 4,
        Some(0 | 1) => length >= 14 && attributes(17) <= 0x0f && attributes(17) & 7 <= 3,
        _ => false,
    }
}

/// Files that lie beside a segment and hold no records, and what file systems leave in archives.
pub(crate) fn is_stray(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let is_numbered = stem.len() == 20 && stem.bytes().all(|byte| byte.is_ascii_digit());
    (is_numbered && matches!(extension, "index" | "timeindex" | "txnindex" | "snapshot"))
        || matches!(file, "leader-epoch-checkpoint" | "partition.metadata" | ".DS_Store" | "Thumbs.db" | "_SUCCESS")
        || file.starts_with("._")
        || name.split('/').any(|folder| folder == "__MACOSX")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_record_batch() {
        for text in ["{\"a\":1,\"b\":2,\"c\":3}", "0000000000000000002", "\0{\0\"\0a\0\"\0:\0t\0}\0\n\0{"] {
            assert!(!is_record_batch(text.as_bytes()), "{text:?}");
        }
        assert!(!is_record_batch(&[0; 600]));
        assert_eq!(magic(&[0; 512], Some("t-0/00000000000000000000.log")), Magic::Plain(Content::Segment));
    }

    #[test]
    fn companions_of_segments_are_told_by_their_names() {
        assert!(is_stray("t-0/00000000000000000000.index") && is_stray("a/__MACOSX/x.json"));
        assert!(!is_stray("t-0/00000000000000000000.log") && !is_stray("orders.snapshot"));
    }
}
