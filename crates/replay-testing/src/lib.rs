//! Logs for tests, made from a few words or at random.
//!
//! Not part of the product: only `dev-dependencies` and `conformance` name it.

mod disk;

pub use disk::Disk;

use proptest::prelude::*;
use replay_log::builder::{Entry, LogBuilder, SourceSpec};
use replay_log::log::Decode;
use replay_log::{Json, Log, Payload, Record};
use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

/// One record of a test's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its partition.
    pub partition: u32,
    /// Its key.
    pub key: String,
    /// JSON text without line breaks; `None` is a tombstone.
    pub value: Option<String>,
    /// Milliseconds since 1970.
    pub timestamp_ms: i64,
}

/// Reads lines of `partition offset timestamp key value`, an empty value being a tombstone.
struct Lines;

impl Decode for Lines {
    fn decode<'a>(&'a self, raw: &'a [u8]) -> Record<'a> {
        let text = std::str::from_utf8(raw).unwrap_or_default();
        let mut words = text.splitn(5, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (partition, offset, timestamp) = (word().parse().ok(), word().parse().ok(), word().parse().ok());
        let (key, value) = (word(), word());
        Record {
            topic: Cow::Borrowed("t"),
            partition,
            offset,
            timestamp_ms: timestamp,
            key: Some(Cow::Borrowed(key.as_bytes())),
            entity: Some(Cow::Borrowed(key)),
            value: if value.is_empty() { Payload::Tombstone } else { Payload::Bytes(Cow::Borrowed(value.as_bytes())) },
            ..Record::default()
        }
    }
}

/// A log of these records, in this order; offsets are counted in each partition.
pub fn log_of(records: &[Made]) -> Log {
    log_behind(&[], records)
}

/// A log of the second records only, with the offsets that they have behind the first.
pub fn log_behind(before: &[Made], records: &[Made]) -> Log {
    let mut builder = LogBuilder::new(SourceSpec { decoder: Arc::new(Lines), name: String::new() });
    let mut bytes = String::new();
    let mut spans = Vec::new();
    let mut offsets = std::collections::BTreeMap::new();
    for record in before {
        *offsets.entry(record.partition).or_default() += 1_i64;
    }
    for record in records {
        let offset: &mut i64 = offsets.entry(record.partition).or_default();
        let start = bytes.len();
        // Writing to a String cannot fail.
        let _ = write!(
            bytes,
            "{} {offset} {} {} {}",
            record.partition,
            record.timestamp_ms,
            record.key,
            record.value.as_deref().unwrap_or_default()
        );
        *offset += 1;
        spans.push(start..bytes.len());
    }
    for (n, span) in spans.into_iter().enumerate() {
        let record = Lines.decode(&bytes.as_bytes()[span.clone()]);
        // Readers know the forms of most values, not of all.
        let value = record.value.bytes().filter(|_| n % 11 != 10).and_then(|value| Json::parse(value).ok());
        let form = value.map(|value| builder.form(&form_of(&value, &mut 0).to_text()));
        builder.push_entry(span.start as u64, span.len(), &Entry { form, ..Entry::of(&record) });
    }
    builder.finish(bytes.into_bytes()).0
}

/// The form of a value, as [`Log::form_text`] has it.
fn form_of(value: &Json, next: &mut u32) -> Json {
    match value {
        Json::Null => Json::Null,
        Json::Object(members) => {
            Json::Object(members.iter().map(|(name, value)| (name.clone(), form_of(value, next))).collect())
        }
        _ => {
            *next += 1;
            Json::Number((*next - 1).to_string().into())
        }
    }
}

/// A log from words: `key=value` each, `key=` a tombstone; values are JSON without blanks. All in partition 0.
pub fn log(words: &str) -> Log {
    let made = |(n, word): (usize, &str)| {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        let value = (!value.is_empty()).then(|| value.to_owned());
        Made { partition: 0, key: key.to_owned(), value, timestamp_ms: n as i64 }
    };
    log_of(&words.split_whitespace().enumerate().map(made).collect::<Vec<_>>())
}

/// JSON values as events have them: objects with nested objects, nulls, arrays and scalars.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        (-3_i32..30).prop_map(|n| n.to_string()),
        Just("9007199254740993".to_owned()),
        Just("1.50".to_owned()),
        "[a-c]{0,2}".prop_map(|text| format!("\"{text}\"")),
    ];
    let inner = leaf.prop_recursive(2, 10, 3, |inner| {
        prop_oneof![
            prop::collection::btree_map("[a-d]", inner.clone(), 0..4).prop_map(|members| object(&members)),
            prop::collection::vec(inner, 0..3).prop_map(|elements| format!("[{}]", elements.join(","))),
        ]
    });
    prop_oneof![
        8 => prop::collection::btree_map("(a|b|c|d|newA|oldA|new_b)", inner.clone(), 0..5).prop_map(|members| object(&members)),
        1 => inner,
    ]
}

fn object(members: &std::collections::BTreeMap<String, String>) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

/// Records over a few keys and partitions; a key always lies in the same partition, timestamps are in disorder.
pub fn records(max: usize) -> impl Strategy<Value = Vec<Made>> {
    let value = prop_oneof![9 => json().prop_map(Some), 1 => Just(None)];
    let record = (0_u32..6, value, 0_i64..50).prop_map(|(key, value, timestamp_ms)| Made {
        partition: key % 3,
        key: format!("k{key}"),
        value,
        timestamp_ms,
    });
    prop::collection::vec(record, 0..max)
}
