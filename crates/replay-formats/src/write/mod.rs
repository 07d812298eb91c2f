//! Writing a log out, in formats that the readers of this crate read back as the same records, as far as the format can tell them.

mod akhq;
mod avro;
mod cloud_events;
mod confluent_cloud;
mod console;
mod csv;
mod json;
mod kafka_ui;
mod kcat;
mod ndjson;
mod parquet;
mod redpanda_console;
mod rest;
mod rpk;
mod values;

pub use parquet::ParquetWriter;

use crate::format::names;
use crate::guess::plain_name;
use crate::value::{is_json_document, scalar_text, string_content};
use replay_log::log::Log;
use replay_log::record::{Payload, Record, RecordKind};
use replay_log::scan;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

names! {
    /// The formats that can be written.
    WriteFormat {
        /// A JSON object a line: topic, partition, offset, timestamp, headers, key, value. Nothing is lost.
        Ndjson = "ndjson",
        /// What `kcat -J` prints.
        Kcat = "kcat",
        /// What `rpk topic consume` prints, an object a line.
        Rpk = "rpk",
        /// A table with a header line.
        Csv = "csv",
        /// The same with tabs.
        Tsv = "tsv",
        /// An Avro object container file.
        Avro = "avro",
        /// What `kafka-console-consumer` prints with all its columns: no topics.
        Console = "console",
        /// The values alone.
        Values = "values",
        /// Structured `CloudEvents`: no partitions and offsets.
        CloudEvents = "cloudevents",
        /// What Confluent's REST Proxy v2 gives in its JSON format: no timestamps, no headers.
        RestJson = "rest-v2-json",
        /// The same in its binary format.
        RestBinary = "rest-v2-binary",
        /// Redpanda Console's `messages.json`: no topics.
        RedpandaConsole = "redpanda-console",
        /// AKHQ's download: no topics, no headers.
        Akhq = "akhq",
        /// Messages saved from kafka-ui: no topics, headers as a map.
        KafkaUi = "kafka-ui",
        /// Confluent Cloud's and Control Center's message browser: no topics.
        ConfluentCloud = "confluent-cloud",
    }
}

impl WriteFormat {
    /// How files of this format are named.
    pub fn extension(self) -> &'static str {
        use WriteFormat as F;
        match self {
            F::Ndjson | F::Kcat | F::Rpk | F::CloudEvents | F::Values => "ndjson",
            F::RestJson | F::RestBinary | F::RedpandaConsole | F::Akhq | F::ConfluentCloud | F::KafkaUi => "json",
            F::Csv => "csv",
            F::Tsv => "tsv",
            F::Avro => "avro",
            F::Console => "txt",
        }
    }

    /// All names, for a list of choices.
    pub fn names() -> String {
        WriteFormat::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ")
    }

    /// The records are the elements of one array.
    fn is_array(self) -> bool {
        use WriteFormat as F;
        matches!(self, F::RestJson | F::RestBinary | F::RedpandaConsole | F::Akhq | F::ConfluentCloud)
    }
}

impl fmt::Display for WriteFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A format that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no format that can be written; there are {names}", names = WriteFormat::names())]
pub struct UnknownWriteFormat(pub String);

impl FromStr for WriteFormat {
    type Err = UnknownWriteFormat;

    fn from_str(text: &str) -> Result<WriteFormat, UnknownWriteFormat> {
        let name = match text.to_ascii_lowercase().as_str() {
            "jsonl" | "records" => "ndjson".to_owned(),
            "kcat-json" => "kcat".to_owned(),
            "console-consumer" => "console".to_owned(),
            "rest" | "rest-v2" => "rest-v2-binary".to_owned(),
            "events" => "values".to_owned(),
            name => name.to_owned(),
        };
        let format = WriteFormat::ALL.iter().copied().find(|format| format.name() == name);
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
#[derive(Debug, Clone)]
pub struct Writer {
    format: WriteFormat,
    has_begun: bool,
    has_records: bool,
    block: avro::Block,
}

impl Writer {
    /// Nothing is written yet.
    pub fn new(format: WriteFormat) -> Writer {
        Writer { format, has_begun: false, has_records: false, block: avro::Block::default() }
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
        if self.format.is_array() {
            out.extend_from_slice(if self.has_records { b",\n" } else { b"\n" });
        }
        self.has_records = true;
        match self.format {
            WriteFormat::Ndjson => ndjson::line(&record, out),
            WriteFormat::Kcat => kcat::line(&record, out),
            WriteFormat::Rpk => rpk::object(&record, out),
            WriteFormat::Csv => csv::line(&record, ',', out),
            WriteFormat::Tsv => csv::line(&record, '\t', out),
            WriteFormat::Avro => return self.block.record(&record, out),
            WriteFormat::Console => console::line(&record, out),
            WriteFormat::Values => values::line(&record, out),
            WriteFormat::CloudEvents => cloud_events::object(&record, out),
            WriteFormat::RestJson => rest::json_object(&record, out),
            WriteFormat::RestBinary => rest::binary_object(&record, out),
            WriteFormat::RedpandaConsole => redpanda_console::object(&record, out),
            WriteFormat::Akhq => akhq::object(&record, out),
            WriteFormat::KafkaUi => kafka_ui::object(&record, out),
            WriteFormat::ConfluentCloud => confluent_cloud::object(&record, out),
        }
        if !self.format.is_array() {
            out.push(b'\n');
        }
    }

    /// Appends what stands behind the last record.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.begin(out);
        self.block.close(out);
        if self.format.is_array() {
            out.extend_from_slice(b"\n]\n");
        }
    }

    fn begin(&mut self, out: &mut Vec<u8>) {
        if std::mem::replace(&mut self.has_begun, true) {
            return;
        }
        match self.format {
            WriteFormat::Csv => csv::header(',', out),
            WriteFormat::Tsv => csv::header('\t', out),
            WriteFormat::Avro => avro::header(out),
            format if format.is_array() => out.push(b'['),
            _ => {}
        }
        if matches!(self.format, WriteFormat::Csv | WriteFormat::Tsv) {
            out.push(b'\n');
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
