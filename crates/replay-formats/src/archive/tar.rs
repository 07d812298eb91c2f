//! The list of a tar file. Sources: POSIX.1-2017 `pax` (ustar and extended headers), GNU tar manual "Basic Tar Format".

use super::{Entry, Listing, Packing};
use crate::error::Cause;

const BLOCK: usize = 512;

/// The files of a tar.
pub(super) fn list(bytes: &[u8]) -> Listing {
    let mut listing = Listing::default();
    let mut at = 0;
    let mut long_name: Option<String> = None;
    while let Some(header) = bytes.get(at..at + BLOCK) {
        if header.iter().all(|byte| *byte == 0) {
            break;
        }
        let Some(size) = number(&header[124..136]).filter(|_| is_intact(header)) else {
            listing.errors.push(damage(at, "a header is damaged"));
            break;
        };
        let start = at + BLOCK;
        let end = start.saturating_add(size);
        let data = start..end.min(bytes.len());
        if end > bytes.len() {
            listing.errors.push(damage(at, "the last file is cut off"));
        }
        match header[156] {
            // GNU's long names and the headers of pax stand before the file that they are about.
            b'L' => long_name = Some(text(&bytes[data])),
            b'x' => long_name = pax_path(&bytes[data]).or(long_name),
            b'0' | 0 | b'7' => {
                let name = long_name.take().unwrap_or_else(|| name(header));
                listing.entries.push(Entry { name, data, packing: Packing::None, crc: None });
            }
            _ => long_name = None,
        }
        at = end.div_ceil(BLOCK).saturating_mul(BLOCK);
    }
    listing
}

fn damage(at: usize, detail: &str) -> Cause {
    Cause::Binary { what: "tar", at: at as u64, detail: detail.to_owned() }
}

fn text(field: &[u8]) -> String {
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

fn name(header: &[u8]) -> String {
    let (name, prefix) = (text(&header[..100]), text(&header[345..500]));
    // GNU tar has times where POSIX has the prefix.
    let is_posix = &header[257..263] == b"ustar\0";
    if is_posix && !prefix.is_empty() { format!("{prefix}/{name}") } else { name }
}

/// Octal text, or for what is too large a number of bytes with the highest bit set before.
fn number(field: &[u8]) -> Option<usize> {
    if field[0] & 0x80 != 0 {
        let bytes = field[4..].first_chunk()?;
        return usize::try_from(u64::from_be_bytes(*bytes)).ok();
    }
    let digits = field.trim_ascii();
    let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    usize::from_str_radix(std::str::from_utf8(&digits[..end]).ok()?, 8).ok()
}

/// The header's checksum counts its own field as blanks.
fn is_intact(header: &[u8]) -> bool {
    let sum: usize =
        header.iter().enumerate().map(|(i, byte)| if (148..156).contains(&i) { 32 } else { usize::from(*byte) }).sum();
    number(&header[148..156]) == Some(sum)
}

/// The path of an extended header: lines of `LENGTH path=NAME`.
fn pax_path(data: &[u8]) -> Option<String> {
    data.split(|byte| *byte == b'\n').find_map(|line| {
        let at = memchr::memmem::find(line, b" path=")?;
        Some(String::from_utf8_lossy(&line[at + 6..]).into_owned())
    })
}
