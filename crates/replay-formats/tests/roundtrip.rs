//! Any records, written and read, are the same records.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use proptest::prelude::*;
use replay_formats::write::{WriteFormat, write};
use replay_formats::{LoadOptions, Loaded, load};
use replay_log::builder::{LogBuilder, SourceSpec};
use replay_log::log::{Decode, Log};
use replay_log::record::{Header, Payload, Record};
use std::sync::Arc;

/// Hands out records that were made up, by number.
struct MadeUp(Vec<Record<'static>>);

impl Decode for MadeUp {
    fn decode<'a>(&'a self, raw: &'a [u8]) -> Record<'a> {
        let number: Option<usize> = std::str::from_utf8(raw).ok().and_then(|text| text.parse().ok());
        number.and_then(|number| self.0.get(number)).cloned().unwrap_or_default()
    }
}

fn log_of(records: &[Record<'static>]) -> Log {
    let mut builder = LogBuilder::new(SourceSpec { decoder: Arc::new(MadeUp(records.to_vec())), name: String::new() });
    let mut text = Vec::new();
    for (i, record) in records.iter().enumerate() {
        let number = i.to_string();
        builder.push_span(text.len() as u64, number.len(), record);
        text.extend_from_slice(number.as_bytes());
    }
    builder.finish(text).0
}

/// What a library's value cannot hold: numbers of many digits, and halves of characters.
const STAND_INS: [(&str, &str); 5] = [
    ("@digits", "123456789012345678901234567890.0123456789012345678901234567890"),
    ("@exponent", "-1.0E+4000"),
    ("@high", r#""\ud800""#),
    ("@low", r#""a\udfffb""#),
    ("@zero", r#""\u0000""#),
];

/// The text of a value, with what the stand-ins stand for.
fn text_of(value: &serde_json::Value) -> String {
    STAND_INS.iter().fold(value.to_string(), |text, (name, what)| text.replace(&format!("\"{name}\""), what))
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        "\\PC{0,8}".prop_map(serde_json::Value::from),
        prop::sample::select(STAND_INS.map(|(name, _)| name).to_vec()).prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[a-z]{1,5}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

fn payload() -> impl Strategy<Value = Payload<'static>> {
    prop_oneof![
        1 => Just(Payload::Tombstone),
        1 => Just(Payload::Absent),
        6 => prop::collection::btree_map("[a-z]{1,5}", json(), 0..4).prop_map(|map| {
            let object = serde_json::Value::Object(map.into_iter().collect());
            Payload::Bytes(text_of(&object).into_bytes().into())
        }),
        // Text that looks like nothing else stays text.
        2 => "[a-z0-9 \u{4e00}-\u{4e10}]{0,12}"
            .prop_map(|text| Payload::Bytes(serde_json::Value::from(text).to_string().into_bytes().into())),
        // Bytes that are no UTF-8.
        1 => prop::collection::vec(any::<u8>(), 0..12).prop_map(|mut bytes| {
            bytes.insert(0, 0xff);
            if bytes.len() > 6 {
                bytes.insert(0, b'"');
            }
            Payload::Bytes(bytes.into())
        }),
    ]
}

fn record(offset: i64) -> impl Strategy<Value = Record<'static>> {
    let bytes = || {
        prop_oneof![
            "[a-zA-Z0-9 :,\"\\\\\t\n]{0,10}".prop_map(String::into_bytes),
            prop::collection::vec(any::<u8>(), 0..6),
            // Quotes that are no JSON string's.
            prop::collection::vec(any::<u8>(), 0..3).prop_map(|inner| [b"\"", &inner[..], b"\""].concat()),
        ]
    };
    let headers = prop::collection::vec(("[a-z]{1,6}", prop::option::of(bytes())), 0..3);
    (0..4u32, prop::option::of(1_500_000_000_000..1_800_000_000_000i64), prop::option::of(bytes()), payload(), headers)
        .prop_map(move |(partition, timestamp_ms, key, value, headers)| Record {
            topic: "topic".into(),
            partition: Some(partition),
            offset: Some(offset),
            timestamp_ms,
            key: key.map(Into::into),
            value,
            headers: headers
                .into_iter()
                .map(|(name, value)| Header { name: name.into(), value: value.map(Into::into) })
                .collect(),
            ..Record::default()
        })
}

fn records() -> impl Strategy<Value = Vec<Record<'static>>> {
    (1..20usize).prop_flat_map(|n| (0..n as i64).map(record).collect::<Vec<_>>())
}

/// What a record is to Kafka, as far as the format tells it.
fn essence(record: &Record<'_>, format: WriteFormat) -> String {
    use WriteFormat as F;
    let has_place = !matches!(format, F::CloudEvents | F::Values);
    let has_topic =
        has_place && !matches!(format, F::Console | F::RedpandaConsole | F::Akhq | F::KafkaUi | F::ConfluentCloud);
    let has_headers = has_place && !matches!(format, F::RestJson | F::RestBinary | F::Akhq);
    let has_time = !matches!(format, F::RestJson | F::RestBinary | F::Values);
    // Some formats have no word for a value that the export did not hold.
    let value = match &record.value {
        Payload::Absent if matches!(format, F::Csv | F::Tsv | F::Console | F::Avro | F::KafkaUi | F::Values) => {
            &Payload::Tombstone
        }
        value => value,
    };
    let mut headers: Vec<_> = record.headers.iter().filter(|_| has_headers).collect();
    if format == F::KafkaUi {
        let last = |header: &&Header<'_>| headers.iter().rfind(|other| other.name == header.name).map(|one| &one.value);
        headers = headers
            .iter()
            .copied()
            .filter(|header| std::ptr::eq(last(header).unwrap(), &raw const header.value))
            .collect();
    }
    let key = match format {
        F::Values => None,
        // An entity is text.
        F::CloudEvents => record.entity.as_deref().map(str::as_bytes).or(record.key.as_deref()).map(|key| {
            let escaped = key.utf8_chunks().map(|chunk| {
                let invalid: Vec<String> = chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")).collect();
                format!("{}{}", chunk.valid(), invalid.concat())
            });
            escaped.collect::<String>().into_bytes()
        }),
        F::Rpk => record.key.as_deref().filter(|key| !key.is_empty()).map(<[u8]>::to_vec),
        _ => record.key.as_deref().map(<[u8]>::to_vec),
    };
    format!(
        "{:?}[{:?}]@{:?} {:?} {key:?} {headers:?} {value:?}",
        has_topic.then_some(&record.topic),
        record.partition.filter(|_| has_place),
        record.offset.filter(|_| has_place),
        record.timestamp_ms.filter(|_| has_time),
    )
}

fn read_back(records: &[Record<'static>], format: WriteFormat) -> Loaded {
    let mut text = Vec::new();
    write(&log_of(records), format, &mut text).unwrap();
    let name = match format {
        WriteFormat::Ndjson => "records",
        WriteFormat::Kcat => "kcat-json",
        WriteFormat::Tsv => "csv",
        WriteFormat::Console => "console-consumer",
        WriteFormat::Values => "events",
        same => same.name(),
    };
    let format = Some(format!("{name}+plain").parse().unwrap());
    load(&text, LoadOptions { format, ..LoadOptions::default() })
}

#[track_caller]
fn check(records: &[Record<'static>], format: WriteFormat) {
    let loaded = read_back(records, format);
    let read: Vec<String> = (0..loaded.log.len() as u32).map(|i| essence(&loaded.log.record(i), format)).collect();
    let expected: Vec<String> = records.iter().map(|record| essence(record, format)).collect();
    assert_eq!(loaded.errors, [], "{format}");
    assert_eq!(read, expected, "{format}");
}

/// What the console's columns can tell: no tabs, newlines and empty values, headers of simple text.
fn console_record(offset: i64) -> impl Strategy<Value = Record<'static>> {
    let text = "[a-zA-Z0-9\u{4e00}-\u{4e10}][a-zA-Z0-9 \u{4e00}-\u{4e10}]{0,9}[a-z]";
    let headers = prop::collection::vec(("[a-z]{1,6}", "[a-zA-Z0-9]{1,8}"), 0..3);
    let value = prop_oneof![
        1 => Just(Payload::Tombstone),
        6 => prop::collection::btree_map("[a-z]{1,5}", json(), 0..4).prop_map(|map| {
            let object = serde_json::Value::Object(map.into_iter().collect());
            Payload::Bytes(text_of(&object).into_bytes().into())
        }),
    ];
    (0..4u32, 1_500_000_000_000..1_800_000_000_000i64, text, value, headers).prop_map(
        move |(partition, timestamp_ms, key, value, headers)| Record {
            topic: "topic".into(),
            partition: Some(partition),
            offset: Some(offset),
            timestamp_ms: Some(timestamp_ms),
            key: Some(key.into_bytes().into()),
            value,
            headers: headers
                .into_iter()
                .map(|(name, value)| Header { name: name.into(), value: Some(value.into_bytes().into()) })
                .collect(),
            ..Record::default()
        },
    )
}

proptest! {
    #[test]
    fn written_records_read_back_as_the_same(records in records()) {
        for format in WriteFormat::ALL.iter().filter(|format| **format != WriteFormat::Console) {
            check(&records, *format);
        }
    }

    #[test]
    fn what_the_console_can_tell_reads_back_as_the_same(
        records in (1..20usize).prop_flat_map(|n| (0..n as i64).map(console_record).collect::<Vec<_>>())
    ) {
        check(&records, WriteFormat::Console);
    }
}
