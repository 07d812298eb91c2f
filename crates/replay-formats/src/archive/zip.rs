//! The list of a zip file. Source: PKWARE `APPNOTE.TXT` 6.3.10, sections 4.3.7 to 4.3.16 and 4.5.3.
//!
//! Only the list is read here; the files in it are unpacked by the codecs of this crate.

use super::{Entry, Listing, Packing};
use crate::error::Cause;

const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const CENTRAL: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL_SIZE: usize = 46;
const LOCAL_SIZE: usize = 30;

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|bytes| usize::from(u16::from_le_bytes(*bytes)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The files of a zip, from its central directory.
pub(super) fn list(bytes: &[u8]) -> Listing {
    let mut listing = Listing::default();
    let Some((mut at, count)) = directory(bytes) else {
        listing.errors.push(damage(0, "it has no list of its files; it may be cut off"));
        return listing;
    };
    for _ in 0..count {
        if bytes.get(at..at.saturating_add(4)) != Some(CENTRAL) {
            listing.errors.push(damage(at, "its list of files is damaged"));
            break;
        }
        let Some((entry, length)) = entry(bytes, at) else {
            listing.errors.push(damage(at, "its list of files is cut off"));
            break;
        };
        match entry {
            Ok(Some(entry)) => listing.entries.push(entry),
            Ok(None) => {}
            Err(cause) => listing.errors.push(cause),
        }
        at += length;
    }
    listing
}

fn damage(at: usize, detail: &str) -> Cause {
    Cause::Binary { what: "zip", at: at as u64, detail: detail.to_owned() }
}

/// Where the list begins and how many files it has.
fn directory(bytes: &[u8]) -> Option<(usize, u64)> {
    // A comment of up to 64 KB may stand behind it.
    let from = bytes.len().saturating_sub(22 + (1 << 16));
    let end = from + memchr::memmem::rfind(&bytes[from..], END)?;
    let (count, start) = (u16_at(bytes, end + 10)?, u32_at(bytes, end + 16)?);
    if count < 0xffff && start < u32::MAX {
        return Some((start as usize, count as u64));
    }
    let locator = end.checked_sub(20)?;
    let end = usize::try_from(u64_at(bytes, locator + 8)?).ok()?;
    if bytes.get(end..end.checked_add(4)?) != Some(END_64) {
        return None;
    }
    Some((usize::try_from(u64_at(bytes, end + 48)?).ok()?, u64_at(bytes, end + 32)?))
}

/// A file of the list, `Ok(None)` for a folder, and the length of its line in the list.
#[allow(clippy::type_complexity, reason = "used once")]
fn entry(bytes: &[u8], at: usize) -> Option<(Result<Option<Entry>, Cause>, usize)> {
    let flags = u16_at(bytes, at + 8)?;
    let method = u16_at(bytes, at + 10)?;
    let crc = u32_at(bytes, at + 16)?;
    let (mut packed, unpacked) = (u64::from(u32_at(bytes, at + 20)?), u32_at(bytes, at + 24)?);
    let (name_size, extra_size, comment_size) =
        (u16_at(bytes, at + 28)?, u16_at(bytes, at + 30)?, u16_at(bytes, at + 32)?);
    let mut local = u64::from(u32_at(bytes, at + 42)?);
    let name = bytes.get(at + CENTRAL_SIZE..at + CENTRAL_SIZE + name_size)?;
    let name = String::from_utf8_lossy(name).replace('\\', "/");
    let extra = bytes.get(at + CENTRAL_SIZE + name_size..at + CENTRAL_SIZE + name_size + extra_size)?;
    let length = CENTRAL_SIZE + name_size + extra_size + comment_size;
    // Sizes that do not fit stand in an extra field, in this order and only those that do not fit.
    if let Some(mut wide) = wide_sizes(extra) {
        let mut next = || {
            let (number, rest) = wide.split_first_chunk()?;
            wide = rest;
            Some(u64::from_le_bytes(*number))
        };
        if unpacked == u32::MAX {
            next();
        }
        if packed == u64::from(u32::MAX) {
            packed = next().unwrap_or(packed);
        }
        if local == u64::from(u32::MAX) {
            local = next().unwrap_or(local);
        }
    }
    if name.ends_with('/') {
        return Some((Ok(None), length));
    }
    let refuse = |detail: &str| Some((Err(damage(at, &format!("{name}: {detail}"))), length));
    if flags & 1 != 0 {
        return refuse("it is encrypted");
    }
    let packing = match method {
        // 93 is zstd, which begins with a magic number of its own.
        0 | 93 => Packing::None,
        8 => Packing::Deflate,
        _ => return refuse(&format!("its compression method {method} is not supported")),
    };
    let (Ok(local), Ok(packed)) = (usize::try_from(local), usize::try_from(packed)) else {
        return refuse("it is larger than this machine's memory");
    };
    if bytes.get(local..local.saturating_add(4)) != Some(LOCAL) {
        return refuse("it is not where the list says");
    }
    let (Some(name_size), Some(extra_size)) = (u16_at(bytes, local + 26), u16_at(bytes, local + 28)) else {
        return refuse("it is cut off");
    };
    let start = local + LOCAL_SIZE + name_size + extra_size;
    let data = start..start.saturating_add(packed);
    if data.end > bytes.len() {
        return refuse("it is cut off");
    }
    // The checksum is of the unpacked bytes, which the codec of method 93 checks by itself.
    let crc = (method != 93).then_some(crc);
    Some((Ok(Some(Entry { name, data, packing, crc })), length))
}

/// The field of the extra ones that holds sizes of eight bytes.
fn wide_sizes(mut extra: &[u8]) -> Option<&[u8]> {
    while let (Some(id), Some(size)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let field = extra.get(4..4 + size)?;
        if id == 1 {
            return Some(field);
        }
        extra = &extra[4 + size..];
    }
    None
}
