//! One record as JSON: this project's line, or an entry of the REST Proxy's arrays.

use crate::registry::Registry;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rdkafka::message::{BorrowedMessage, Headers, Message};
pub(crate) use replay_kafka_client::{is_json, one_line};
use std::io::Write;
use std::sync::Arc;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Shape {
    /// `{"topic","partition","offset","timestamp","key","value","headers"}`: bytes that are no text in `key_base64`, `value_base64`.
    #[default]
    Line,
    /// `{"topic","key","value","partition","offset"}`, key and value as JSON, or as a string if they are none.
    RestJson,
    /// The same with both in base64.
    RestBinary,
}

/// How a value of text is written in a [`Shape::Line`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Values {
    /// JSON documents as such, other text as a string.
    #[default]
    Json,
    /// Always as a string, so that nothing is interpreted.
    Text,
    /// Always as base64.
    Base64,
}

/// Everything that decides how records are written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Writing {
    pub(crate) shape: Shape,
    pub(crate) values: Values,
    /// Decodes keys and values in the wire format of a schema registry.
    pub(crate) registry: Option<Arc<Registry>>,
}

impl Writing {
    /// Appends one record without a line end.
    pub(crate) fn record(&self, out: &mut Vec<u8>, message: &BorrowedMessage<'_>) {
        let parts = Parts::of(message);
        let decode = |bytes: Option<&[u8]>| self.registry.as_ref()?.decode(bytes?);
        let (key, value) = (decode(parts.key), decode(parts.value));
        record(out, &parts, self.shape, self.values, key.as_ref(), value.as_ref());
    }
}

/// The parts of a record, so that tests need no Kafka.
struct Parts<'a> {
    topic: &'a str,
    partition: i32,
    offset: i64,
    timestamp_ms: Option<i64>,
    key: Option<&'a [u8]>,
    value: Option<&'a [u8]>,
    headers: Vec<(&'a str, Option<&'a [u8]>)>,
}

impl<'a> Parts<'a> {
    /// Borrows from librdkafka's memory.
    fn of(message: &'a BorrowedMessage<'_>) -> Self {
        let headers =
            message.headers().map(|headers| headers.iter().map(|header| (header.key, header.value)).collect());
        Self {
            topic: message.topic(),
            partition: message.partition(),
            offset: message.offset(),
            timestamp_ms: message.timestamp().to_millis(),
            key: message.key(),
            value: message.payload(),
            headers: headers.unwrap_or_default(),
        }
    }
}

/// What a schema made of the bytes, or why it could not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) schema_id: u32,
    /// One line of JSON.
    pub(crate) json: Result<String, String>,
}

/// Appends one record without a line end. `key` and `value` are what the registry made of them, if they were of its format.
fn record(
    out: &mut Vec<u8>,
    parts: &Parts<'_>,
    shape: Shape,
    values: Values,
    key: Option<&Decoded>,
    value: Option<&Decoded>,
) {
    match shape {
        Shape::Line => line(out, parts, values, key, value),
        Shape::RestJson | Shape::RestBinary => rest(out, parts, shape, key, value),
    }
}

fn line(out: &mut Vec<u8>, parts: &Parts<'_>, values: Values, key: Option<&Decoded>, value: Option<&Decoded>) {
    out.extend_from_slice(b"{\"topic\":");
    string(out, parts.topic);
    print(out, format_args!(",\"partition\":{},\"offset\":{},\"timestamp\":", parts.partition, parts.offset));
    match parts.timestamp_ms {
        Some(timestamp_ms) => print(out, format_args!("{timestamp_ms}")),
        None => out.extend_from_slice(b"null"),
    }
    // A key is text even where it looks like a number: keys are compared, and 1 is not 1.0.
    member(out, "key", parts.key, Values::Text, key);
    member(out, "value", parts.value, values, value);
    out.extend_from_slice(b",\"headers\":[");
    for (n, (name, content)) in parts.headers.iter().enumerate() {
        out.extend_from_slice(if n == 0 { b"{\"key\":" } else { b",{\"key\":" });
        string(out, name);
        member(out, "value", *content, Values::Text, None);
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
}

/// `,"name":…`, or `,"name_base64":"…"` for bytes that are no text.
fn member(out: &mut Vec<u8>, name: &str, bytes: Option<&[u8]>, values: Values, decoded: Option<&Decoded>) {
    let Some(bytes) = bytes else { return print(out, format_args!(",\"{name}\":null")) };
    if let Some(decoded) = decoded {
        match &decoded.json {
            Ok(json) => print(out, format_args!(",\"{name}\":{json}")),
            Err(why) => {
                base64_member(out, name, bytes);
                print(out, format_args!(",\"{name}_error\":"));
                string(out, why);
            }
        }
        return print(out, format_args!(",\"{name}_schema_id\":{}", decoded.schema_id));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if values != Values::Base64 => {
            print(out, format_args!(",\"{name}\":"));
            if values == Values::Json && is_json(text) { one_line(out, text) } else { string(out, text) }
        }
        _ => base64_member(out, name, bytes),
    }
}

fn base64_member(out: &mut Vec<u8>, name: &str, bytes: &[u8]) {
    print(out, format_args!(",\"{name}_base64\":"));
    base64(out, bytes);
}

fn rest(out: &mut Vec<u8>, parts: &Parts<'_>, shape: Shape, key: Option<&Decoded>, value: Option<&Decoded>) {
    let content = |out: &mut Vec<u8>, bytes: Option<&[u8]>, decoded: Option<&Decoded>| {
        let Some(bytes) = bytes else { return out.extend_from_slice(b"null") };
        if shape == Shape::RestBinary {
            return base64(out, bytes);
        }
        match (decoded.map(|decoded| &decoded.json), std::str::from_utf8(bytes)) {
            (Some(Ok(json)), _) => out.extend_from_slice(json.as_bytes()),
            (_, Ok(text)) if is_json(text) => one_line(out, text),
            (_, Ok(text)) => string(out, text),
            // The format has no place for bytes; base64 is what its binary form would give.
            (_, Err(_)) => base64(out, bytes),
        }
    };
    out.extend_from_slice(b"{\"topic\":");
    string(out, parts.topic);
    out.extend_from_slice(b",\"key\":");
    content(out, parts.key, key);
    out.extend_from_slice(b",\"value\":");
    content(out, parts.value, value);
    print(out, format_args!(",\"partition\":{},\"offset\":{}}}", parts.partition, parts.offset));
}

fn string(out: &mut Vec<u8>, text: &str) {
    // Writing text into memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}

fn base64(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    let from = out.len();
    out.resize(from + bytes.len().div_ceil(3) * 4, 0);
    // The room is exactly what base64 takes.
    let written = STANDARD.encode_slice(bytes, &mut out[from..]).unwrap_or(0);
    out.truncate(from + written);
    out.push(b'"');
}

fn print(out: &mut Vec<u8>, arguments: std::fmt::Arguments<'_>) {
    // Writing into memory cannot fail.
    let _ = out.write_fmt(arguments);
}

#[cfg(test)]
mod tests {
    use super::{Decoded, Parts, Shape, Values, record};

    fn written(
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        shape: Shape,
        values: Values,
        decoded: Option<&Decoded>,
    ) -> String {
        let headers = vec![("h\"", Some(&b"v"[..])), ("b", Some(&b"\xff"[..])), ("n", None)];
        let parts = Parts { topic: "t", partition: 1, offset: 2, timestamp_ms: Some(3), key, value, headers };
        let mut out = Vec::new();
        record(&mut out, &parts, shape, values, None, decoded);
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains('\n'));
        serde_json::from_str::<serde_json::Value>(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        text
    }

    /// `expected` is what stands between the timestamp and the headers.
    #[track_caller]
    fn check(key: Option<&[u8]>, value: Option<&[u8]>, values: Values, expected: &str) {
        let text = written(key, value, Shape::Line, values, None);
        let headers =
            r#""headers":[{"key":"h\"","value":"v"},{"key":"b","value_base64":"/w=="},{"key":"n","value":null}]}"#;
        assert_eq!(text, format!(r#"{{"topic":"t","partition":1,"offset":2,"timestamp":3,{expected},{headers}"#));
    }

    #[test]
    fn text_json_bytes_and_null_are_told_apart() {
        check(Some(b"k"), Some(b"{\"a\":\n1.10}"), Values::Json, r#""key":"k","value":{"a": 1.10}"#);
        check(None, None, Values::Json, r#""key":null,"value":null"#);
        check(Some(b"17"), Some(b"17"), Values::Json, r#""key":"17","value":17"#);
        check(Some(b""), Some(b""), Values::Json, r#""key":"","value":"""#);
        check(Some(b"\xff\x00"), Some(b"\xfe"), Values::Json, r#""key_base64":"/wA=","value_base64":"/g==""#);
        check(Some(b"k"), Some(b"{\"a\":1}"), Values::Text, r#""key":"k","value":"{\"a\":1}""#);
        check(Some(b"k"), Some(b"hi"), Values::Base64, r#""key":"k","value_base64":"aGk=""#);
        check(Some(b"k"), Some(b"{\"a\":"), Values::Json, r#""key":"k","value":"{\"a\":""#);
        let wide = format!("[{}1]", "[\"\\\\\"],".repeat(500));
        check(None, Some(wide.as_bytes()), Values::Json, &format!("\"key\":null,\"value\":{wide}"));
        let deep = "[".repeat(5000) + &"]".repeat(5000);
        check(None, Some(deep.as_bytes()), Values::Json, &format!("\"key\":null,\"value\":\"{deep}\""));
    }

    #[test]
    fn the_rest_proxys_shapes_have_five_members() {
        let json = written(Some(b"k"), Some(b"{\"a\":1}"), Shape::RestJson, Values::Json, None);
        assert_eq!(json, r#"{"topic":"t","key":"k","value":{"a":1},"partition":1,"offset":2}"#);
        let binary = written(Some(b"k"), None, Shape::RestBinary, Values::Json, None);
        assert_eq!(binary, r#"{"topic":"t","key":"aw==","value":null,"partition":1,"offset":2}"#);
    }

    #[test]
    fn a_decoded_value_bears_its_schema_and_a_failed_one_its_bytes() {
        let good = Decoded { schema_id: 7, json: Ok("{\"a\":1}".into()) };
        let text = written(None, Some(b"\0\0\0\0\x07x"), Shape::Line, Values::Json, Some(&good));
        assert!(text.contains(r#""value":{"a":1},"value_schema_id":7,"#), "{text}");
        let bad = Decoded { schema_id: 8, json: Err("unknown".into()) };
        let text = written(None, Some(b"\0\0\0\0\x08x"), Shape::Line, Values::Json, Some(&bad));
        assert!(text.contains(r#""value_base64":"AAAAAAh4","value_error":"unknown","value_schema_id":8"#), "{text}");
    }
}
