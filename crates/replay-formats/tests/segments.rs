//! Raw segments: what their records say, transactions, and what becomes of damage.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use replay_formats::write::{WriteFormat, write};
use replay_formats::{LoadOptions, Loaded, load, load_many};
use replay_log::record::RecordKind;
use replay_log::record::RecordKind::{Aborted, Event};
use std::fs;
use std::path::Path;

fn bytes(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats").join(name)).unwrap()
}

fn segment(folder: &str) -> (String, Vec<u8>) {
    let file = if folder == "status-events-tx-0" { "00000000000000001000" } else { "00000000000000000000" };
    let name = format!("log-segment/{folder}/{file}.log");
    let content = bytes(&name);
    (name, content)
}

fn read(name: &str, content: &[u8]) -> Loaded {
    load(content, LoadOptions { file_name: Some(name.to_owned()), ..LoadOptions::default() })
}

fn ndjson(loaded: &Loaded) -> Vec<String> {
    let mut text = Vec::new();
    write(&loaded.log, WriteFormat::Ndjson, &mut text).unwrap();
    let mut lines: Vec<String> = String::from_utf8(text).unwrap().lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn segments_say_what_kcat_says() {
    let segments = ["status-events-0", "status-events-1", "status-events-2"].map(segment).to_vec();
    let loaded = load_many(segments, &LoadOptions::default());
    let kcat = read("kcat-json.ndjson", &bytes("kcat-json.ndjson"));
    assert_eq!(ndjson(&loaded), ndjson(&kcat));
    let evidence: Vec<String> = loaded.evidence.iter().map(ToString::to_string).collect();
    assert!(evidence.iter().any(|text| text.contains("compression: none, gzip")), "{evidence:?}");
}

#[test]
fn aborted_records_are_there_but_not_applied() {
    let (name, content) = segment("status-events-tx-0");
    let loaded = read(&name, &content);
    let kinds: Vec<(i64, RecordKind)> =
        (0..loaded.log.len() as u32).map(|i| (loaded.log.offset(i), loaded.log.record(i).kind)).collect();
    let expected =
        [(1000, Event), (1001, Event), (1003, Aborted), (1004, Aborted), (1006, Event), (1009, Event), (1010, Event)];
    assert_eq!(kinds, expected);
    assert!((0..7).all(|i| loaded.log.kind(i) == kinds[i as usize].1));
    let evidence: Vec<String> = loaded.evidence.iter().map(ToString::to_string).collect();
    let told = "2 control records; 1 transactions committed, 1 aborted with 2 records";
    assert!(evidence.iter().any(|text| text.starts_with(told)), "{evidence:?}");
    // Written and read again, they are still aborted.
    let mut text = Vec::new();
    write(&loaded.log, WriteFormat::Ndjson, &mut text).unwrap();
    let again = load(&text, LoadOptions::default());
    assert!((0..7).all(|i| again.log.record(i).kind == kinds[i as usize].1));
}

#[test]
fn damage_costs_no_more_than_it_must() {
    let (name, content) = segment("status-events-2");
    let whole = read(&name, &content);
    assert_eq!((whole.log.len(), whole.n_errors), (13, 0));
    // Zeros at the end are room that the broker had made.
    let padded = read(&name, &[&content[..], &[0; 5000]].concat());
    assert_eq!((padded.log.len(), padded.n_errors), (13, 0));
    assert!(padded.evidence.iter().any(|evidence| evidence.to_string().starts_with("5000 zeros")));
    // A flipped bit in a record: the checksum tells, and the rest is read on.
    let mut flipped = content.clone();
    let last = flipped.len() - 20;
    flipped[last] ^= 1;
    let flipped = read(&name, &flipped);
    assert!(flipped.log.len() >= 12, "{}", flipped.log.len());
    assert!(flipped.errors[0].to_string().contains("checksum is wrong"), "{:?}", flipped.errors);
    // A broken length: the next batch is found again.
    let mut broken = content.clone();
    broken[9] = 0x7f;
    let broken = read(&name, &broken);
    assert!(broken.log.len() > 3 && broken.n_errors == 1, "{} {:?}", broken.log.len(), broken.errors);
    // Cut anywhere, what is whole is there.
    for cut in (0..content.len()).step_by(17) {
        let loaded = read(&name, &content[..cut]);
        assert!(loaded.log.len() <= 13);
    }
}

#[test]
fn files_beside_a_segment_are_no_error() {
    let mut files = vec![segment("status-events-1")];
    for name in [
        "00000000000000000000.index",
        "00000000000000000000.timeindex",
        "leader-epoch-checkpoint",
        "partition.metadata",
    ] {
        files.push((format!("status-events-1/{name}"), b"\0\0\0\x01whatever".to_vec()));
    }
    let loaded = load_many(files, &LoadOptions::default());
    assert_eq!((loaded.log.len(), loaded.n_errors), (4, 0), "{:?}", loaded.errors);
}

/// A message of version 0 or 1, with its checksum.
fn message(offset: i64, magic: u8, attributes: u8, key: Option<&[u8]>, value: Option<&[u8]>) -> Vec<u8> {
    let mut body = vec![magic, attributes];
    if magic == 1 {
        body.extend_from_slice(&1_740_960_000_000_i64.to_be_bytes());
    }
    for part in [key, value] {
        body.extend_from_slice(&part.map_or(-1, |part| part.len() as i32).to_be_bytes());
        body.extend_from_slice(part.unwrap_or_default());
    }
    let mut crc = flate2::Crc::new();
    crc.update(&body);
    let mut message = offset.to_be_bytes().to_vec();
    message.extend_from_slice(&(body.len() as i32 + 4).to_be_bytes());
    message.extend_from_slice(&crc.sum().to_be_bytes());
    message.extend_from_slice(&body);
    message
}

#[test]
fn message_sets_of_old_brokers_are_read() {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for n in 0..3 {
        encoder.write_all(&message(n, 1, 0, Some(b"k"), Some(b"{\"n\":1}"))).unwrap();
    }
    let packed = encoder.finish().unwrap();
    let log = [
        message(5, 0, 0, Some(b"a"), Some(b"{\"n\":0}")),
        message(6, 1, 0, Some(b"a"), None),
        // The last offset of those inside.
        message(9, 1, 1, None, Some(&packed)),
    ];
    let loaded = read("old-3/00000000000000000005.log", &log.concat());
    let offsets: Vec<i64> = (0..loaded.log.len() as u32).map(|i| loaded.log.offset(i)).collect();
    assert_eq!((offsets, loaded.n_errors), (vec![5, 6, 7, 8, 9], 0), "{:?}", loaded.errors);
    assert_eq!((loaded.log.record(0).timestamp_ms, loaded.log.record(1).timestamp_ms), (None, Some(1_740_960_000_000)));
    assert!(loaded.log.is_tombstone(1) && loaded.log.partitions()[0].partition == 3);
}
