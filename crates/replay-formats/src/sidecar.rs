//! Files that belong together line by line: Kafka Connect's S3 sink writes keys and headers beside the values.
//!
//! Source: Confluent S3 sink connector, `store.kafka.keys` and `store.kafka.headers`.

use crate::format::{Format, Transport};
use crate::loader::{LoadOptions, Loaded, load_vec};
use crate::write::{WriteFormat, Writer};
use replay_log::record::{Header, Payload, Record};
use std::borrow::Cow;

/// What a file beside the values holds.
const PARTS: [&str; 2] = [".keys.json", ".headers.json"];

/// The name of the file with the values, if this is one that lies beside it.
fn values_name(name: &str) -> Option<String> {
    PARTS.iter().find_map(|part| unpacked_name(name).strip_suffix(part)).map(|stem| format!("{stem}.json"))
}

/// A file's name without what says that it is packed.
pub(crate) fn unpacked_name(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
}

/// Puts keys and headers to their values. Files that do not have as many records stay as they are.
pub(crate) fn pair(files: Vec<(String, Loaded)>) -> Vec<(String, Loaded)> {
    if !files.iter().any(|(name, _)| values_name(name).is_some()) {
        return files;
    }
    let (beside, mut rest): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| values_name(name).is_some());
    let mut parts: Vec<(usize, bool, Loaded)> = Vec::new();
    for (name, loaded) in beside {
        let values =
            values_name(&name).and_then(|values| rest.iter().position(|(name, _)| unpacked_name(name) == values));
        match values.filter(|&at| rest[at].1.log.len() == loaded.log.len()) {
            Some(at) => parts.push((at, unpacked_name(&name).ends_with(PARTS[0]), loaded)),
            None => rest.push((name, loaded)),
        }
    }
    for (at, (name, values)) in rest.iter_mut().enumerate() {
        let of = |is_keys: bool| parts.iter().find(|(n, k, _)| *n == at && *k == is_keys).map(|(.., loaded)| loaded);
        let (keys, headers) = (of(true), of(false));
        if keys.is_some() || headers.is_some() {
            *values = together(name, values, keys, headers);
        }
    }
    rest
}

fn together(name: &str, values: &Loaded, keys: Option<&Loaded>, headers: Option<&Loaded>) -> Loaded {
    let mut text = Vec::new();
    let mut writer = Writer::new(WriteFormat::Ndjson);
    for index in 0..values.log.len() as u32 {
        let key = keys.map(|keys| value_of(&keys.log.record(index)));
        let listed = headers.map(|headers| value_of(&headers.log.record(index)).unwrap_or_default());
        writer.record_with(&values.log, index, &mut text, |record| {
            if let Some(key) = key {
                record.key = key.map(plain_text).map(Cow::Owned);
                record.entity = None;
            }
            if let Some(listed) = listed {
                record.headers = header_list(&listed);
            }
        });
    }
    let format = Format { transport: Some(Transport::Records), shape: values.format.shape };
    let options = LoadOptions { format: Some(format), file_name: Some(name.to_owned()), ..LoadOptions::default() };
    let read = load_vec(text, options);
    let mut evidence = values.evidence.clone();
    evidence.extend(read.evidence.iter().skip(1).cloned());
    Loaded {
        format: values.format,
        evidence,
        errors: values.errors.clone(),
        n_errors: values.n_errors,
        error_kinds: values.error_kinds.clone(),
        tool_messages: values.tool_messages,
        guessed_projection: values.guessed_projection,
        ..read
    }
}

/// The JSON of a line; a file of keys may have been read as keys.
fn value_of(record: &Record<'_>) -> Option<Vec<u8>> {
    match (&record.value, &record.key) {
        (Payload::Bytes(bytes), _) => Some(bytes.to_vec()),
        (_, Some(key)) => Some(key.to_vec()),
        _ => None,
    }
}

/// A key that was a JSON string is its content.
fn plain_text(key: Vec<u8>) -> Vec<u8> {
    crate::value::string_content(&key).map(Cow::into_owned).unwrap_or(key)
}

fn header_list(listed: &[u8]) -> Vec<Header<'static>> {
    let own = |header: Header<'_>| Header {
        name: Cow::Owned(header.name.into_owned()),
        value: header.value.map(|value| Cow::Owned(value.into_owned())),
    };
    crate::headers::headers(listed, crate::layout::HeaderShape::Pairs).into_iter().map(own).collect()
}
