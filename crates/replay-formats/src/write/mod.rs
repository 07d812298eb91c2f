//! Writing a log out, in formats that the readers of this crate read back as the same records, as far as the format can tell them.

mod console;
mod csv;
mod kcat;
mod ndjson;
mod rest;

use crate::guess::plain_name;
use crate::value::{is_json_document, scalar_text, string_content};
use replay_log::log::Log;
use replay_log::record::{Payload, Record, RecordKind};
use replay_log::scan;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

/// The formats that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFormat {
    /// A JSON object a line: topic, partition, offset, timestamp, headers, key, value. Nothing is lost.
    Ndjson,
    /// What `kcat -J` prints.
    Kcat,
    /// A table with a header line.
    Csv,
    /// What `kafka-console-consumer` prints with all its columns: no topics.
    Console,
    /// What Confluent's REST Proxy v2 gives in its binary format: no timestamps, no headers.
    Rest,
}

impl WriteFormat {
    /// All of them.
    pub const ALL: [WriteFormat; 5] =
        [WriteFormat::Ndjson, WriteFormat::Kcat, WriteFormat::Csv, WriteFormat::Console, WriteFormat::Rest];

    /// How files of this format are named.
    pub fn extension(self) -> &'static str {
        match self {
            WriteFormat::Ndjson | WriteFormat::Kcat => "ndjson",
            WriteFormat::Csv => "csv",
            WriteFormat::Console => "txt",
            WriteFormat::Rest => "json",
        }
    }

    /// The name that people see and type.
    pub fn name(self) -> &'static str {
        match self {
            WriteFormat::Ndjson => "ndjson",
            WriteFormat::Kcat => "kcat",
            WriteFormat::Csv => "csv",
            WriteFormat::Console => "console",
            WriteFormat::Rest => "rest-v2-binary",
        }
    }
}

impl fmt::Display for WriteFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A format that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no format that can be written; there are {names}", names = WriteFormat::ALL.map(WriteFormat::name).join(", "))]
pub struct UnknownWriteFormat(pub String);

impl FromStr for WriteFormat {
    type Err = UnknownWriteFormat;

    fn from_str(text: &str) -> Result<WriteFormat, UnknownWriteFormat> {
        let name = match text.to_ascii_lowercase().as_str() {
            "jsonl" | "records" => "ndjson".to_owned(),
            "kcat-json" => "kcat".to_owned(),
            "console-consumer" => "console".to_owned(),
            "rest" | "rest-v2" => "rest-v2-binary".to_owned(),
            name => name.to_owned(),
        };
        let format = WriteFormat::ALL.into_iter().find(|format| format.name() == name);
        format.ok_or_else(|| UnknownWriteFormat(text.to_owned()))
    }
}

/// Writes all records in the order of the log.
///
/// # Errors
/// What the sink gives.
pub fn write(log: &Log, format: WriteFormat, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::new(format);
    let mut text = Vec::with_capacity(1 << 16);
    for i in 0..log.len() as u32 {
        writer.record(log, i, &mut text);
        if text.len() >= 1 << 16 {
            out.write_all(&text)?;
            text.clear();
        }
    }
    writer.finish(&mut text);
    out.write_all(&text)
}

/// Writes a log record by record.
#[derive(Debug, Clone, Copy)]
pub struct Writer {
    format: WriteFormat,
    has_begun: bool,
    has_records: bool,
}

impl Writer {
    /// Nothing is written yet.
    pub fn new(format: WriteFormat) -> Writer {
        Writer { format, has_begun: false, has_records: false }
    }

    /// Appends one record.
    ///
    /// A record without partition or offset gets those that the log counted for it. A record without a key gets the name of its
    /// entity, so that who reads the file need not guess again. Records of aborted transactions are written only where they can be told
    /// to be such.
    pub fn record(&mut self, log: &Log, index: u32, out: &mut Vec<u8>) {
        self.record_with(log, index, out, |_| {});
    }

    /// The same with a change to the record before it is written.
    pub(crate) fn record_with(
        &mut self,
        log: &Log,
        index: u32,
        out: &mut Vec<u8>,
        change: impl FnOnce(&mut Record<'_>),
    ) {
        self.begin(out);
        let mut record = log.record(index);
        if record.kind == RecordKind::Aborted && self.format != WriteFormat::Ndjson {
            return;
        }
        change(&mut record);
        let partition = &log.partitions()[log.partition(index) as usize];
        record.partition = record.partition.or(Some(partition.partition));
        record.offset = record.offset.or(Some(log.offset(index)));
        if record.key.is_none() && record.changes.is_empty() {
            record.key = record.entity.as_ref().map(|entity| entity.as_bytes().to_vec().into());
        }
        match self.format {
            WriteFormat::Ndjson => ndjson::line(&record, out),
            WriteFormat::Kcat => kcat::line(&record, out),
            WriteFormat::Csv => csv::line(&record, out),
            WriteFormat::Console => console::line(&record, out),
            WriteFormat::Rest => {
                out.extend_from_slice(if self.has_records { b",\n" } else { b"\n" });
                rest::object(&record, out);
            }
        }
        self.has_records = true;
        if self.format != WriteFormat::Rest {
            out.push(b'\n');
        }
    }

    /// Appends what stands behind the last record.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.begin(out);
        if self.format == WriteFormat::Rest {
            out.extend_from_slice(b"\n]\n");
        }
    }

    fn begin(&mut self, out: &mut Vec<u8>) {
        if std::mem::replace(&mut self.has_begun, true) {
            return;
        }
        match self.format {
            WriteFormat::Csv => out.extend_from_slice(csv::HEADER),
            WriteFormat::Rest => out.push(b'['),
            WriteFormat::Ndjson | WriteFormat::Kcat | WriteFormat::Console => {}
        }
    }
}

/// The text that a reader had left a JSON string. Other bytes may begin with a quote as well.
fn plain_text(value: &[u8]) -> Option<Cow<'_, [u8]>> {
    if value.first() == Some(&b'"') && is_json_document(value) { string_content(value.trim_ascii()) } else { None }
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
