//! One record as a line of JSON: the shape that this project's proxy writes, made of what other servers give.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// A record of the binary format of the REST Proxy's v2 API. Strimzi's Bridge and Karapace add a timestamp, the Bridge headers as well.
#[derive(Debug, Deserialize)]
pub(crate) struct BinaryRecord {
    pub(crate) topic: Option<String>,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
    key: Option<String>,
    value: Option<String>,
    timestamp: Option<i64>,
    #[serde(default)]
    headers: Vec<BinaryHeader>,
}

#[derive(Debug, Deserialize)]
struct BinaryHeader {
    key: String,
    value: Option<String>,
}

impl BinaryRecord {
    /// Appends the record as a line with its line end.
    pub(crate) fn write(&self, topic: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"topic\":");
        string(out, self.topic.as_deref().unwrap_or(topic));
        out.extend_from_slice(format!(",\"partition\":{},\"offset\":{}", self.partition, self.offset).as_bytes());
        if let Some(timestamp_ms) = self.timestamp {
            out.extend_from_slice(format!(",\"timestamp\":{timestamp_ms}").as_bytes());
        }
        // A key is text even where it looks like a number.
        member(out, "key", self.key.as_deref(), false);
        member(out, "value", self.value.as_deref(), true);
        out.extend_from_slice(b",\"headers\":[");
        for (n, header) in self.headers.iter().enumerate() {
            out.extend_from_slice(if n == 0 { b"{\"key\":" } else { b",{\"key\":" });
            string(out, &header.key);
            member(out, "value", header.value.as_deref(), false);
            out.push(b'}');
        }
        out.extend_from_slice(b"]}\n");
    }
}

/// `,"name":…` of bytes in base64; what is no text stays in base64, as `name_base64`.
fn member(out: &mut Vec<u8>, name: &str, base64: Option<&str>, may_be_json: bool) {
    let Some(base64) = base64 else { return out.extend_from_slice(format!(",\"{name}\":null").as_bytes()) };
    let bytes = STANDARD.decode(base64).ok();
    match bytes.as_deref().map(std::str::from_utf8) {
        Some(Ok(text)) => {
            out.extend_from_slice(format!(",\"{name}\":").as_bytes());
            if may_be_json && is_json(text) { one_line(out, text) } else { string(out, text) }
        }
        Some(Err(_)) => {
            out.extend_from_slice(format!(",\"{name}_base64\":").as_bytes());
            string(out, base64);
        }
        // A server that was asked for base64 and gives something else: kept as it is.
        None => {
            out.extend_from_slice(format!(",\"{name}\":").as_bytes());
            string(out, base64);
        }
    }
}

/// A failure as the line of JSON with which this project's proxy ends a stream that breaks off: readers tell it as what could not be read.
pub fn failure_line(message: &str) -> Vec<u8> {
    let mut line = b"{\"error_code\":50001,\"message\":".to_vec();
    string(&mut line, message);
    line.extend_from_slice(b"}\n");
    line
}

/// How deep parsers of JSON go without being told to; what is nested deeper is given as text.
const DEPTH: usize = 100;

/// Whether the text is one JSON document that every client can parse. Nothing is built.
pub fn is_json(text: &str) -> bool {
    let is_open = |byte: &u8| matches!(byte, b'{' | b'[');
    let may_be_deep = text.len() > DEPTH && text.bytes().filter(is_open).count() > DEPTH;
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() && !(may_be_deep && depth(text) > DEPTH)
}

/// Of a valid document.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut is_escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// JSON as it stands, but on one line: inside strings a line end cannot stand unescaped, so each is a space between tokens.
pub fn one_line(out: &mut Vec<u8>, text: &str) {
    let from = out.len();
    out.extend_from_slice(text.trim_ascii().as_bytes());
    for byte in &mut out[from..] {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

fn string(out: &mut Vec<u8>, text: &str) {
    // Writing text into memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}

#[cfg(test)]
mod tests {
    use super::BinaryRecord;

    /// `members` follow partition and offset in the record; `expected` stands between these and the headers in the line.
    #[track_caller]
    fn check(members: &str, expected: &str) {
        let record = format!(r#"{{"topic":"t","partition":1,"offset":2,{members}}}"#);
        let record: BinaryRecord = serde_json::from_str(&record).unwrap();
        let mut line = Vec::new();
        record.write("other", &mut line);
        let line = String::from_utf8(line).unwrap();
        assert_eq!(line, format!("{{\"topic\":\"t\",\"partition\":1,\"offset\":2,{expected}]}}\n"));
    }

    #[test]
    fn base64_becomes_json_text_or_stays() {
        check(r#""key":"aw==","value":"eyJhIjoKMS4xMH0=""#, r#""key":"k","value":{"a": 1.10},"headers":["#);
        check(r#""key":"MTc=","value":"MTc=""#, r#""key":"17","value":17,"headers":["#);
        check(r#""key":null,"value":null"#, r#""key":null,"value":null,"headers":["#);
        check(r#""key":"/wA=","value":"/g==""#, r#""key_base64":"/wA=","value_base64":"/g==","headers":["#);
        check(r#""key":"","value":"aGk=""#, r#""key":"","value":"hi","headers":["#);
    }

    #[test]
    fn the_bridges_timestamp_and_headers_are_kept() {
        check(
            r#""key":null,"value":"MQ==","timestamp":5,"headers":[{"key":"h","value":"dmFsdWU="},{"key":"n","value":null}]"#,
            r#""timestamp":5,"key":null,"value":1,"headers":[{"key":"h","value":"value"},{"key":"n","value":null}"#,
        );
    }
}
