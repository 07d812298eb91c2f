//! What `replayground-proxy` streams: lines whose bytes that are no text stand in members of their own.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use replay_formats::{LoadOptions, load};
use replay_log::record::Payload;

const LINES: &str = r#"{"topic":"t","partition":0,"offset":0,"timestamp":1700000000123,"key":"17","value":{"n": 1.10},"headers":[{"key":"raw","value_base64":"/wA="},{"key":"none","value":null}]}
{"topic":"t","partition":0,"offset":1,"timestamp":1700000000124,"key_base64":"/g==","value_base64":"//4=","headers":[]}
{"topic":"t","partition":0,"offset":2,"timestamp":1700000000125,"key":null,"value":"no key","headers":[]}
{"topic":"t","partition":1,"offset":7,"timestamp":1700000000126,"key":"gone","value":null,"headers":[]}
{"topic":"t","partition":1,"offset":8,"timestamp":1700000000126,"key":"18","value_base64":"AAAAAAh4","value_error":"unknown","value_schema_id":8,"headers":[]}
"#;

#[test]
fn keys_values_and_headers_of_any_bytes_are_read() {
    let loaded = load(LINES.as_bytes(), LoadOptions::default());
    let record = |n| loaded.log.record(n);
    let bytes = |n| match record(n).value {
        Payload::Bytes(bytes) => bytes.into_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(loaded.log.len(), 5);
    assert_eq!((record(0).key.unwrap().as_ref(), bytes(0)), (&b"17"[..], b"{\"n\": 1.10}".to_vec()));
    let headers = record(0).headers;
    assert_eq!(headers[0].value.as_deref(), Some(&b"\xff\x00"[..]));
    assert_eq!((headers[1].name.as_ref(), headers[1].value.as_deref()), ("none", None));
    assert_eq!(record(1).key.unwrap().as_ref(), b"\xfe");
    assert_eq!(bytes(4), b"\0\0\0\0\x08x");
    assert!(record(2).key.is_none());
    assert!(matches!(record(3).value, Payload::Tombstone));
    assert_eq!(
        (record(3).partition, record(3).offset, record(3).timestamp_ms),
        (Some(1), Some(7), Some(1_700_000_000_126))
    );
}
