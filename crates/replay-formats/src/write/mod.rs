//! Writing a log out, in formats that the readers of this crate read back as the same records.

mod kcat;
mod ndjson;

use crate::guess::plain_name;
use crate::value::scalar_text;
use replay_log::log::Log;
use replay_log::record::{Payload, Record};
use replay_log::scan;
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

/// The formats that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFormat {
    /// A JSON object a line: topic, partition, offset, timestamp, headers, key, value.
    Ndjson,
    /// What `kcat -J` prints.
    Kcat,
}

impl WriteFormat {
    /// All of them.
    pub const ALL: [WriteFormat; 2] = [WriteFormat::Ndjson, WriteFormat::Kcat];
}

impl fmt::Display for WriteFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WriteFormat::Ndjson => "ndjson",
            WriteFormat::Kcat => "kcat",
        })
    }
}

/// A format that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no format that can be written; there are ndjson and kcat")]
pub struct UnknownWriteFormat(pub String);

impl FromStr for WriteFormat {
    type Err = UnknownWriteFormat;

    fn from_str(text: &str) -> Result<WriteFormat, UnknownWriteFormat> {
        match text.to_ascii_lowercase().as_str() {
            "ndjson" | "jsonl" | "records" => Ok(WriteFormat::Ndjson),
            "kcat" | "kcat-json" => Ok(WriteFormat::Kcat),
            _ => Err(UnknownWriteFormat(text.to_owned())),
        }
    }
}

/// Writes all records in the order of the log.
///
/// # Errors
/// What the sink gives.
pub fn write(log: &Log, format: WriteFormat, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::with_capacity(1 << 16);
    for i in 0..log.len() as u32 {
        write_record(log, i, format, &mut lines);
        if lines.len() >= 1 << 16 {
            out.write_all(&lines)?;
            lines.clear();
        }
    }
    out.write_all(&lines)
}

/// Appends the line of one record.
///
/// A record without partition or offset gets those that the log counted for it. A record without a key gets the name
/// of its entity, so that who reads the file need not guess again.
pub fn write_record(log: &Log, index: u32, format: WriteFormat, out: &mut Vec<u8>) {
    let mut record = log.record(index);
    let partition = &log.partitions()[log.partition(index) as usize];
    record.partition = record.partition.or(Some(partition.partition));
    record.offset = record.offset.or(Some(log.offset(index)));
    if record.key.is_none() && record.changes.is_empty() {
        record.key = record.entity.as_ref().map(|entity| entity.as_bytes().to_vec().into());
    }
    match format {
        WriteFormat::Ndjson => ndjson::line(&record, out),
        WriteFormat::Kcat => kcat::line(&record, out),
    }
    out.push(b'\n');
}

/// True if a reader finds this again in a header or in a member of the value that it looks at.
fn is_told_inside(record: &Record<'_>, text: &str, headers: &[&str], names: &[&str]) -> bool {
    let in_header = record
        .headers
        .iter()
        .any(|header| headers.contains(&&*header.name) && header.value.as_deref() == Some(text.as_bytes()));
    let Payload::Bytes(value) = &record.value else { return in_header };
    let at = scan::skip_ws(value, 0);
    in_header
        || (value.get(at) == Some(&b'{')
            && scan::members(value, at).flatten().any(|member| {
                std::str::from_utf8(member.name).is_ok_and(|name| names.contains(&plain_name(name).as_str()))
                    && scalar_text(&value[member.value]).as_deref() == Some(text.as_bytes())
            }))
}
