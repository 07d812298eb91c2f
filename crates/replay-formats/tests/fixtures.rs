//! Every fixture gives the counts of `fixtures/expected.json`.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use replay_formats::{Format, LoadOptions, Loaded, load};
use replay_log::record::{Brief, RowOp};
use std::fs;
use std::path::{Path, PathBuf};

/// Fixtures that are damaged on purpose, with what is told about it.
const DAMAGED: &[(&str, &str)] =
    &[("log-segment/status-events-truncated-1/00000000000000000000.log", "record batch at byte 481: it is cut off")];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn read(name: &str) -> Loaded {
    let bytes = fs::read(folder().join("formats").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    load(&bytes, LoadOptions { file_name: Some(name.to_owned()), ..LoadOptions::default() })
}

/// The counts that differ from those expected, as text.
fn differences(name: &str, expected: &serde_json::Value) -> Vec<String> {
    let loaded = read(name);
    let deletes = (0..loaded.log.len() as u32)
        .map(|i| loaded.log.record(i).changes.iter().filter(|change| change.op == RowOp::Delete).count() as u64)
        .sum::<u64>();
    let counts = [
        ("records", loaded.log.len() as u64),
        ("tombstones", loaded.log.tombstones()),
        ("keys", loaded.log.n_entities() as u64),
        ("changes", loaded.log.n_changes()),
        ("deletes", deletes),
    ];
    let mut differences: Vec<String> = counts
        .into_iter()
        .filter_map(|(count, found)| {
            let expected = expected.get(count)?.as_u64()?;
            (found != expected).then(|| format!("{count}: {found}, not {expected}"))
        })
        .collect();
    let is_refused = expected["records"] == 0;
    let damage = DAMAGED.iter().find(|(damaged, _)| *damaged == name);
    if let Some((_, message)) = damage {
        let told = loaded.errors.first().map(|error| error.cause.to_string()).unwrap_or_default();
        if told != *message {
            differences.push(format!("told {told:?}, not {message:?}"));
        }
    } else if !is_refused && loaded.n_errors > 0 {
        differences.push(format!("{} errors: {}", loaded.n_errors, loaded.errors[0]));
    }
    if !differences.is_empty() {
        differences.insert(0, format!("{name} read as {}", loaded.format));
    }
    differences
}

#[test]
fn every_fixture_gives_its_counts() {
    let text = fs::read_to_string(folder().join("expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for (name, expected) in expected["files"].as_object().unwrap() {
        let differences = differences(name, expected);
        if !differences.is_empty() {
            wrong.push(differences.join("\n    "));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_record_in_brief_is_the_record() {
    let text = fs::read_to_string(folder().join("expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut scratch = Vec::new();
    for (name, _) in expected["files"].as_object().unwrap() {
        let log = read(name).log;
        for i in 0..log.len() as u32 {
            let record = log.record(i);
            let mut shown = 0;
            log.brief(i, &mut scratch, &mut |brief| {
                shown += 1;
                assert_eq!(*brief, Brief::of(&record), "record {i} of {name}");
            });
            assert_eq!(shown, 1, "record {i} of {name}");
        }
    }
}

#[track_caller]
fn check_format(name: &str, expected: &str, projection: &str) {
    let loaded = read(name);
    assert_eq!(loaded.format.to_string(), expected, "{name}: {:?}", loaded.evidence);
    assert_eq!(loaded.guessed_projection, projection, "{name}");
    let named: Format = expected.parse().unwrap();
    assert_eq!(named.to_string(), expected);
}

#[test]
fn formats_are_told_by_their_content() {
    check_format("plain-values.ndjson", "events", "status");
    check_format("plain-values-utf16.ndjson", "events", "status");
    check_format("kcat-json.ndjson", "kcat-json", "status");
    check_format("kcat-json-with-noise.txt", "kcat-json", "status");
    check_format("console-consumer-full-pipe.txt", "console-consumer", "status");
    check_format("confluent-rest-v2-json.json", "rest-v2-json", "status");
    check_format("confluent-rest-v2-binary.json", "rest-v2-binary", "status");
    check_format("strimzi-bridge-json.json", "rest-v2-json", "status");
    check_format("debezium-mysql-schema-kcat.ndjson", "kcat-json+debezium", "cdc");
    check_format("debezium-postgres-console.txt", "console-consumer+debezium", "cdc");
    check_format("debezium-unwrapped-kcat.ndjson", "kcat-json+debezium-unwrapped", "cdc");
    check_format("debezium-transactions.ndjson", "debezium", "cdc");
    check_format("eventstore-atom-body.json", "eventstore-atom", "status");
    check_format("eventstore-events-sprayHead-0001.json", "eventstore-events", "status");
    check_format("eventstore-grpc-node.ndjson", "eventstore-grpc", "status");
    check_format("maxwell.ndjson", "maxwell", "cdc");
    check_format("cloudevents-batch.json", "cloudevents", "status");
    check_format("rpk-consume.json", "rpk", "status");
}

#[test]
fn an_error_body_is_refused_with_its_message() {
    let loaded = read("rest-error.json");
    assert_eq!(loaded.log.len(), 0);
    let message = loaded.errors[0].to_string();
    assert!(message.contains("Consumer instance not found.") && message.contains("40403"), "{message}");
}
