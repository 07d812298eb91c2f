//! What the records of the fixtures say, beyond their number.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use replay_formats::write::{WriteFormat, write};
use replay_formats::{LoadOptions, Loaded, MappingChoice, Part, Place, Schemas, load, load_many};
use replay_log::record::{Payload, Record, RecordKind, RowOp};
use std::fs;
use std::path::Path;

fn bytes(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats").join(name)).unwrap()
}

fn read(name: &str) -> Loaded {
    load(&bytes(name), LoadOptions { file_name: Some(name.to_owned()), ..LoadOptions::default() })
}

fn records(loaded: &Loaded) -> Vec<Record<'_>> {
    (0..loaded.log.len() as u32).map(|i| loaded.log.record(i)).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The value as canonical JSON, or what there is instead.
fn value(record: &Record<'_>) -> String {
    match &record.value {
        Payload::Bytes(bytes) => {
            replay_log::Json::parse(bytes).map_or_else(|_| format!("{bytes:?}"), |json| json.canonical())
        }
        other => format!("{other:?}"),
    }
}

/// What the same story says in every export that has whole records: partition, offset, key, value.
fn story(name: &str) -> Vec<(Option<u32>, Option<i64>, String, String)> {
    let loaded = read(name);
    let mut story: Vec<_> = records(&loaded)
        .iter()
        .map(|record| {
            (record.partition, record.offset, record.entity.clone().unwrap_or_default().into_owned(), value(record))
        })
        .collect();
    story.sort();
    story
}

#[test]
fn exports_of_the_same_records_say_the_same() {
    let expected = story("kcat-json.ndjson");
    assert_eq!(expected.len(), 26);
    for name in [
        "akhq-download.json",
        "aws-lambda-kafka-event.json",
        "confluent-cloud-messages.json",
        "confluent-rest-v2-binary.json",
        "confluent-rest-v2-json.json",
        "confluent-rest-v2-pages.ndjson",
        "console-consumer-full-pipe.txt",
        "console-consumer-full.txt",
        "dump-log-segments.txt",
        "generic-envelope.csv",
        "kafka-ui-messages.json",
        "karapace-json.json",
        "kcat-format-tsv.tsv",
        "kcat-json-array.json",
        "kcat-json-jq-pretty.json",
        "kcat-json-with-noise.txt",
        "redpanda-console.json",
        "rpk-consume.json",
        "rpk-consume.ndjson",
        "spring-typed-kcat.ndjson",
        "strimzi-bridge-json.json",
    ] {
        assert_eq!(story(name), expected, "{name}");
    }
}

#[test]
fn bytes_that_are_no_text_survive() {
    let loaded = read("kcat-edge.ndjson");
    let records = records(&loaded);
    assert_eq!((&records[0].key, &records[0].entity), (&None, &None));
    assert_eq!(records[0].value, Payload::Bytes(b"\"no key\"".as_slice().into()));
    assert_eq!(records[1].key.as_deref(), Some(&b""[..]));
    assert_eq!(records[1].value, Payload::Bytes(b"\"\"".as_slice().into()));
    let headers: Vec<_> = records[1].headers.iter().map(|header| (&*header.name, header.value.as_deref())).collect();
    assert_eq!(headers, [("h", None), ("h", Some(&b"second"[..])), ("bin", Some(&b"\xff\x00\x01"[..]))]);
    assert_eq!(records[2].entity.as_deref(), Some(r"k\xff"));
    assert!(records[2].value.bytes().unwrap().starts_with(b"\x00\x00\x00\x00\x01"));
}

#[test]
fn debezium_columns_are_decoded_by_their_schema() {
    let loaded = read("debezium-mysql-schema-kcat.ndjson");
    let first = loaded.log.record(0);
    assert_eq!(first.entity.as_deref(), Some("spray-021222"));
    assert_eq!(first.changes[0].op, RowOp::Read);
    assert_eq!(
        text(first.changes[0].after.as_ref().unwrap()),
        r#"{"spray_id":"spray-021222","status":"INVENTORY","operator":"李四","pressure":6.500,"serial_no":9007199254742215,"installed_on":null,"updated_at":"2025-03-03T00:00:00.137","synced_at":"2025-03-03T00:00:00Z"}"#
    );
}

/// The index reads envelopes in a way of its own.
#[test]
fn the_index_of_an_envelope_says_what_its_record_says() {
    let source = r#""source":{"name":"bank","schema":"public","table":"t","ts_ms":1700000000001,"lsn":7}"#;
    let values = [
        format!(r#"{{"before":null,"after":{{"id":1,"name":"ä"}},{source},"op":"c","ts_ms":5}}"#),
        format!(r#" {{"op":"u","before":{{"id":1}},"after":{{"id":2}},{source}}} "#),
        format!(r#"{{"op":"d","before":{{"id":1}},"after":null,{source}}}"#),
        format!(r#"{{"op":"x","op":"t",{source}}}"#),
        format!(r#"{{"op":"m",{source}}}"#),
        r#"{"op":null,"status":"BEGIN","ts_ms":1700000000005}"#.into(),
        r#"{"op":"c","after":{"id":3},"ts_ms":1700000000006}"#.into(),
        format!(r#"{{"schema":{{"type":"struct"}},"payload":{{"op":"c","after":{{"id":4}},{source}}}}}"#),
        format!(r#"{{"op":"c","after":{{"id":5}},{source}"#),
        format!(r#"{{"op":"c","after":{{"id":6,}},{source}}}"#),
        format!(r#"{{"op":"c","after":{{"id":7}},{source}}} and more"#),
        String::new(),
        "null".into(),
    ];
    let keyed = values.iter().flat_map(|value| [(value, "null"), (value, r#""row""#)]);
    let line = |(n, (value, key)): (usize, (&String, &str))| {
        let payload = serde_json::Value::from(value.as_str());
        format!(
            r#"{{"topic":"t","partition":0,"offset":{n},"tstype":"create","ts":9,"key":{key},"payload":{payload}}}"#
        )
    };
    let text = keyed.enumerate().map(line).collect::<Vec<_>>().join("\n");
    let format = Some("kcat-json+debezium".parse().unwrap());
    let loaded = load(text.as_bytes(), LoadOptions { format, ..LoadOptions::default() });
    let log = &loaded.log;
    let mut deletes = 0;
    for (index, record) in (0u32..).zip(records(&loaded)) {
        let entities: Vec<&str> = log.entities_of(index).map(|entity| log.entity_name(entity)).collect();
        let named = record.changes.first().map_or(record.entity.as_deref(), |change| change.entity.as_deref());
        let event_type = log.event_type(index).map(|id| log.type_name(id));
        assert_eq!(entities, named.into_iter().collect::<Vec<_>>(), "{record:?}");
        assert_eq!(event_type, record.event_type.as_deref(), "{record:?}");
        assert_eq!(log.timestamp_ms(index), record.timestamp_ms, "{record:?}");
        deletes += record.changes.iter().filter(|change| change.op == RowOp::Delete).count() as u64;
    }
    assert_eq!((log.len(), log.n_deletes(), deletes), (values.len() * 2, 2, 2));
}

#[test]
fn control_records_change_no_row() {
    let loaded = read("debezium-postgres-console.txt");
    let records = records(&loaded);
    let message = records.last().unwrap();
    assert_eq!((message.kind, message.entity.as_deref()), (RecordKind::Control, Some("audit")));
    assert!(records.iter().any(|record| record.changes.iter().any(|change| {
        change.after.as_ref().is_some_and(|after| text(after).contains("__debezium_unavailable_value"))
    })));
    let maxwell = read("maxwell.ndjson");
    assert_eq!(self::records(&maxwell).iter().filter(|record| record.kind == RecordKind::Control).count(), 3);
}

#[test]
fn one_message_may_change_many_rows() {
    let loaded = read("canal-flat.ndjson");
    let message = loaded.log.record(1);
    assert_eq!(message.changes.len(), 6);
    assert_eq!(message.changes[1].entity.as_deref(), Some("spray-0001"));
    assert_eq!(
        text(message.changes[1].after.as_ref().unwrap()),
        r#"{"spray_id":"spray-0001","status":"INVENTORY","operator":"李四","pressure":6.125,"serial_no":9007199254740994,"installed_on":null,"updated_at":"2025-03-03 00:01:00.137"}"#
    );
    assert_eq!(loaded.log.entities_of(1).count(), 6);
}

#[test]
fn values_twice_escaped_are_unfolded_and_ids_come_from_headers() {
    let loaded = read("debezium-outbox-kcat.ndjson");
    for record in records(&loaded) {
        assert!(value(&record).starts_with(r#"{"newStatus""#), "{}", value(&record));
        assert_eq!(record.event_type.as_deref(), Some("SprayStatusChanged"));
        assert_eq!(record.event_id.as_ref().map(|id| id.len()), Some(36));
    }
}

#[test]
fn streams_are_entities_and_newest_first_is_turned_round() {
    for name in ["eventstore-atom-body.json", "eventstore-atom-content.json", "eventstore-atom-tryharder-category.json"]
    {
        let loaded = read(name);
        let records = records(&loaded);
        assert!(records.iter().all(|record| record.entity.as_ref().is_some_and(|name| name.starts_with("sprayHead-"))));
        assert!(records.is_sorted_by_key(|record| record.timestamp_ms), "{name}");
        assert_eq!((records[0].version, records[0].event_type.as_deref()), (Some(0), Some("SprayRegistered")));
    }
}

#[test]
fn the_guessed_key_is_shown_and_can_be_changed() {
    let loaded = read("plain-values.ndjson");
    assert_eq!(loaded.mapping.key, Some(Place::Envelope("/sprayId".to_owned())));
    let guess = loaded.key_guess.as_ref().unwrap();
    assert_eq!(guess.pointer, "/sprayId");
    assert!(guess.candidates.iter().any(|candidate| candidate.pointer == "/operator"));
    let options = LoadOptions { key_by: Some("/operator".to_owned()), ..LoadOptions::default() };
    let by_operator = load(&bytes("plain-values.ndjson"), options);
    assert!(by_operator.log.find_entity(None, "Müller").is_some());
    assert!(by_operator.log.find_entity(None, "spray-0001").is_none());
    let options = LoadOptions { key_by: Some("/operator".to_owned()), ..LoadOptions::default() };
    let by_operator = load(&bytes("kcat-json.ndjson"), options);
    assert!(by_operator.log.find_entity(None, "Müller").is_some());
    // The tombstone has a key of its own, but no operator.
    assert!(by_operator.log.find_entity(None, "spray-0005").is_none());
}

/// An event as a program logs it, its message in front.
#[test]
fn events_in_the_log_of_a_program_are_taken_out() {
    let lines = [
        "2025-03-03 10:00:00.120  INFO 7 --- [main] a.Listener : received {\"sprayId\":\"s-1\",\"status\":\"NEW\"}",
        "2025-03-03 10:00:00.500  WARN 7 --- [main] a.Listener : slow",
        "2025-03-03 10:00:01.000  INFO 7 --- [main] a.Listener : received {\"sprayId\":\"s-1\",\"status\":\"USED\"} {}",
        "",
        "2025-03-03 10:00:02.000 DEBUG 7 --- [main] a.Listener : {\"sprayId\":\"s-2\",\"status\":\"NEW\"}",
    ];
    let loaded = load(lines.join("\r\n").as_bytes(), LoadOptions::default());
    assert_eq!(loaded.format.to_string(), "program-log");
    assert_eq!(loaded.key_guess.as_ref().unwrap().pointer, "/sprayId");
    assert_eq!((loaded.log.len(), loaded.log.n_entities()), (3, 2));
    assert_eq!(loaded.log.record(1).timestamp_ms, Some(1_740_996_001_000));
    assert!(matches!(&loaded.log.record(1).value, Payload::Bytes(value) if text(value).contains("USED")));
    assert_eq!(loaded.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2]);
    // Without an event it is text, and with tabs a table or a key with a value.
    let plain = load(b"10:00:00 INFO start\n10:00:01 INFO stop\n", LoadOptions::default());
    assert_eq!(plain.format.to_string(), "lines");
}

#[test]
fn a_chosen_format_is_used() {
    let options = |format: &str| LoadOptions { format: Some(format.parse().unwrap()), ..LoadOptions::default() };
    let lines = load(&bytes("kcat-json.ndjson"), options("lines"));
    assert_eq!((lines.format.to_string(), lines.log.len()), ("lines".to_owned(), 26));
    let events = load(&bytes("kcat-json.ndjson"), options("events"));
    assert_eq!((events.format.to_string(), events.log.len()), ("events".to_owned(), 26));
    let kcat = load(&bytes("kcat-json.ndjson"), options("kcat-json"));
    assert_eq!(kcat.log.n_entities(), 6);
}

#[test]
fn several_files_become_one_log() {
    let files = ["kcat-json.ndjson", "confluent-rest-v2-json.json", "pandaproxy-partition-2.json"];
    let files = files.map(|name| (name.to_owned(), bytes(name))).to_vec();
    let loaded = load_many(files, &LoadOptions::default());
    assert_eq!((loaded.log.len(), loaded.log.n_entities(), loaded.n_errors), (26, 6, 0));
    let sinks = ["0000000000", "0000000005"].map(|offset| {
        let name = format!("s3-sink/topics/status-events/partition=0/status-events+0+{offset}.json");
        let content = bytes(&name);
        (name, content)
    });
    let loaded = load_many(sinks.to_vec(), &LoadOptions::default());
    assert_eq!((loaded.log.len(), loaded.log.partitions()[0].topic.as_str()), (9, "status-events"));
}

/// Everything that must survive writing and reading.
fn essence(loaded: &Loaded) -> Vec<String> {
    (0..loaded.log.len() as u32)
        .map(|i| {
            let record = loaded.log.record(i);
            let value = match &record.value {
                Payload::Bytes(bytes) => text(bytes).replace(['\n', '\r'], " ").trim().to_owned(),
                other => format!("{other:?}"),
            };
            let headers: Vec<_> = record.headers.iter().map(|header| (&header.name, header.value.as_deref())).collect();
            let partition = &loaded.log.partitions()[loaded.log.partition(i) as usize];
            format!(
                "{}[{}]@{} ts={:?} entity={:?} headers={headers:?} id={:?} type={:?} version={:?} value={value}",
                partition.topic,
                partition.partition,
                loaded.log.offset(i),
                record.timestamp_ms,
                record.entity,
                record.event_id,
                record.event_type,
                record.version
            )
        })
        .collect()
}

fn written(loaded: &Loaded, format: WriteFormat) -> Vec<u8> {
    let mut out = Vec::new();
    write(&loaded.log, format, &mut out).unwrap();
    out
}

#[test]
fn what_is_written_as_ndjson_reads_back_as_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let loaded = read(&name);
        if loaded.log.is_empty() {
            continue;
        }
        let text = written(&loaded, WriteFormat::Ndjson);
        let again = load(&text, LoadOptions::default());
        assert_eq!(again.n_errors, 0, "{name}: {:?}", again.errors);
        assert_eq!(essence(&again), essence(&loaded), "{name}");
        assert_eq!(written(&again, WriteFormat::Ndjson), text, "{name}");
    }
}

#[test]
fn what_is_written_as_kcat_reads_back_as_the_same() {
    for name in
        ["kcat-json.ndjson", "kcat-edge.ndjson", "confluent-rest-v2-binary.json", "rpk-consume-meta-only.ndjson"]
    {
        let loaded = read(name);
        let again = load(&written(&loaded, WriteFormat::Kcat), LoadOptions::default());
        assert_eq!(again.format.to_string(), "kcat-json");
        assert_eq!(essence(&again), essence(&loaded), "{name}");
    }
}

#[test]
fn streams_of_a_server_are_read() {
    let text = ":ok\n\nevent: message\nid: 1\ndata: {\"meta\":{\"topic\":\"eqiad.change\",\"partition\":2,\"offset\":7,\"dt\":\"2025-03-03T00:00:00Z\",\"id\":\"e1\"},\"id\":5,\"title\":\"a\"}\n\ndata: {\"meta\":{\"topic\":\"eqiad.change\",\"partition\":2,\"offset\":8,\"dt\":\"2025-03-03T00:00:01Z\",\"id\":\"e2\"},\"id\":5,\"title\":\"b\"}\n\n";
    let loaded = load(text.as_bytes(), LoadOptions::default());
    assert_eq!((loaded.format.to_string(), loaded.log.len(), loaded.n_errors), ("sse".to_owned(), 2, 0));
    let second = loaded.log.record(1);
    assert_eq!((&*second.topic, second.partition, second.offset), ("eqiad.change", Some(2), Some(8)));
    assert_eq!((second.timestamp_ms, second.event_id.as_deref()), (Some(1_740_960_001_000), Some("e2")));
    let kafka_ui = "data:{\"type\":\"PHASE\",\"phase\":{\"name\":\"Polling\"}}\n\ndata:{\"type\":\"MESSAGE\",\"message\":{\"partition\":0,\"offset\":3,\"timestamp\":\"2025-03-03T00:00:00Z\",\"timestampType\":\"CREATE_TIME\",\"key\":\"k\",\"headers\":{\"h\":\"1\"},\"content\":\"{\\\"a\\\":1}\"}}\n\n";
    let loaded = load(kafka_ui.as_bytes(), LoadOptions::default());
    assert_eq!((loaded.log.len(), loaded.n_errors), (1, 0));
    let record = loaded.log.record(0);
    assert_eq!((record.offset, record.entity.as_deref(), value(&record).as_str()), (Some(3), Some("k"), "{\"a\":1}"));
}

#[test]
fn keys_and_headers_beside_values_are_put_to_them() {
    let folder = "s3-sink-keys/topics/status-events/partition=2/status-events+2+0000000000";
    let file = |part: &str| (format!("{folder}{part}"), bytes(&format!("{folder}{part}")));
    let tombstones = "s3-sink-keys/topics/tombstone/status-events+2+0000000010.keys.json".to_owned();
    let tombstone = bytes(&tombstones);
    let loaded = load_many(vec![file(".keys.json"), file(".json"), (tombstones, tombstone)], &LoadOptions::default());
    assert_eq!((loaded.log.len(), loaded.n_errors), (13, 0), "{:?}", loaded.errors);
    assert_eq!((loaded.log.n_entities(), loaded.log.tombstones()), (3, 1));
    assert_eq!(loaded.log.record(0).key.as_deref(), Some(&b"spray-021222"[..]));
}

#[test]
fn both_protocols_of_ticdc_tell_the_same_changes() {
    let status = |row: &Option<std::borrow::Cow<'_, [u8]>>| {
        let row = row.as_ref().map(|row| replay_log::Json::parse(row).unwrap());
        row.and_then(|row| row.pointer("/status").map(replay_log::Json::to_text))
    };
    let changes = |name: &str| -> Vec<_> {
        let loaded = read(name);
        let rows = records(&loaded).into_iter().flat_map(|record| {
            let (time, topic) = (record.timestamp_ms, record.topic.into_owned());
            record.changes.into_iter().map(move |change| (time, topic.clone(), change))
        });
        rows.map(|(time, topic, change)| {
            let entity = change.entity.as_deref().map(str::to_owned);
            (time, topic, change.op, entity, status(&change.before), status(&change.after))
        })
        .collect()
    };
    let simple = changes("ticdc-simple.ndjson");
    assert_eq!(read("ticdc-simple.ndjson").format.to_string(), "ticdc-simple");
    assert!(
        simple.iter().any(|(.., op, _, before, after)| *op == RowOp::Delete && before.is_some() && after.is_none())
    );
    assert_eq!(simple, changes("ticdc-canal-json.ndjson"));
}

#[test]
fn files_of_a_sink_are_put_in_order_by_their_names() {
    let names = ["0000000011", "0000000000", "0000000005"];
    let files = names.map(|offset| {
        let name = format!("s3-sink/topics/status-events/partition=2/status-events+2+{offset}.json");
        let content = bytes(&name);
        (name, content)
    });
    let loaded = load_many(files.to_vec(), &LoadOptions::default());
    let offsets: Vec<i64> = (0..loaded.log.len() as u32).map(|i| loaded.log.offset(i)).collect();
    assert_eq!(offsets, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12]);
    assert!(loaded.log.has_estimated_offsets());
}

#[test]
fn differences_between_overlapping_exports_name_the_file_and_the_record() {
    let changed = String::from_utf8(bytes("confluent-rest-v2-json.json")).unwrap().replacen("INVENTORY", "LOST", 1);
    let files = vec![
        ("kcat-json.ndjson".to_owned(), bytes("kcat-json.ndjson")),
        ("proxy.json".to_owned(), changed.into_bytes()),
    ];
    let loaded = load_many(files, &LoadOptions::default());
    assert_eq!((loaded.log.len(), loaded.n_errors), (26, 1));
    let told = loaded.errors[0].to_string();
    assert!(
        told.starts_with("proxy.json, line 1, column 1: offset 0 of partition 0 appears twice with different"),
        "{told}"
    );
}

/// Each record as `topic/entity type value`.
#[track_caller]
fn check_small(text: &str, format: &str, expected: &[&str]) {
    let loaded = load(text.as_bytes(), LoadOptions::default());
    let told = |record: &Record<'_>| {
        let (entity, event_type) = (record.entity.as_deref().unwrap_or("-"), record.event_type.as_deref());
        format!("{}/{entity} {} {}", record.topic, event_type.unwrap_or("-"), value(record))
    };
    assert_eq!((loaded.format.to_string().as_str(), loaded.n_errors), (format, 0), "{:?}", loaded.errors);
    assert_eq!(records(&loaded).iter().map(told).collect::<Vec<_>>(), expected);
}

#[test]
fn streams_of_event_stores_are_told_apart_by_tenant_and_by_type() {
    let marten = |tenants: [&str; 2]| {
        let row = |id: u32, tenant: &str| {
            format!(
                "1,3556e1a7-0000-0000-0000-00000000000{id},s1,1,\"{{\"\"a\"\": {id}}}\",opened,2025-03-03 00:00:00+00,{tenant},X\n"
            )
        };
        let head = "seq_id,id,stream_id,version,data,type,timestamp,tenant_id,mt_dotnet_type\n";
        [head, &row(1, tenants[0]), &row(2, tenants[1])].concat()
    };
    check_small(&marten(["a", "b"]), "marten", &[r#"a/s1 opened {"a":1}"#, r#"b/s1 opened {"a":2}"#]);
    let one = load(marten(["*DEFAULT*", "*DEFAULT*"]).as_bytes(), LoadOptions::default());
    assert_eq!((one.log.record(0).topic.as_ref(), one.errors[0].cause.code()), ("", "duplicate-offset"));
    let axon5 = r#"{"globalIndex":1,"aggregateType":"Order","aggregateIdentifier":"1","aggregateSequenceNumber":0,"type":"Placed","version":"1","timestamp":"2025-03-03T00:00:00.137Z","payload":"{\"a\":1}","metadata":"{}","identifier":"e1"}"#;
    check_small(axon5, "axon", &[r#"Order/1 Placed {"a":1}"#]);
    let axon4 = |index: u32, kind: &str| {
        format!(
            "{{\"global_index\":{index},\"event_identifier\":\"e{index}\",\"payload\":\"{{}}\",\"payload_type\":\"com.x.Placed\",\"time_stamp\":\"2025-03-03T00:00:00Z\",\"aggregate_identifier\":\"1\",\"sequence_number\":0,\"type\":\"{kind}\"}}\n"
        )
    };
    let both = [axon4(0, "Order"), axon4(1, "Invoice")].concat();
    check_small(&both, "axon", &["Order/1 Placed {}", "Invoice/1 Placed {}"]);
}

#[test]
fn transactions_of_one_row_are_change_data_of_wal2json() {
    let row = r#"{"action":"I","schema":"public","table":"t","columns":[{"name":"id","type":"integer","value":1}],"pk":[{"name":"id","type":"integer"}]}"#;
    let transaction = format!("{{\"action\":\"B\"}}\n{row}\n{{\"action\":\"C\"}}\n");
    let loaded = load(transaction.repeat(3).as_bytes(), LoadOptions::default());
    assert_eq!((loaded.format.to_string().as_str(), loaded.log.n_changes()), ("wal2json-v2", 3));
    let other = load(br#"{"action":"X"}"#, LoadOptions::default());
    assert_eq!(other.format.to_string(), "events");
}

#[test]
fn a_feed_without_its_events_tells_them_by_title_and_summary() {
    let entry = |number: u32, summary: &str| {
        format!(
            r#"{{"title":"{number}@order-a@b","id":"http://h/streams/order-a%40b/{number}","updated":"2025-03-03T00:00:0{number}Z","author":{{"name":"EventStore"}},"summary":"{summary}","links":[]}}"#
        )
    };
    let feed = |entries: &[String]| {
        format!(r#"{{"title":"Event stream","headOfStream":true,"links":[],"entries":[{}]}}"#, entries.join(","))
    };
    let text = feed(&[entry(1, "Paid"), entry(0, "Opened")]);
    let expected = ["order-a@b/order-a@b Opened Absent", "order-a@b/order-a@b Paid Absent"];
    check_small(&text, "eventstore-atom", &expected);
    let loaded = load(text.as_bytes(), LoadOptions::default());
    let second = loaded.log.record(1);
    assert_eq!((second.offset, second.version, second.timestamp_ms), (Some(1), Some(1), Some(1_740_960_001_000)));
    let places = [&loaded.mapping.key, &loaded.mapping.version, &loaded.mapping.event_type];
    let places = places.map(|place| place.as_ref().unwrap().to_string());
    assert_eq!(places, ["/title", "/title", "/summary"]);
    // Of a link only that is told which event it leads to.
    check_small(&feed(&[entry(7, "$>")]), "eventstore-atom", &["order-a@b/order-a@b - Absent"]);
}

#[test]
fn a_message_without_data_is_no_tombstone() {
    let row = |position: u32, data: &str| {
        format!(
            r#"{{"global_position":{position},"position":{position},"time":"2025-03-03 00:00:00","stream_name":"order-1","type":"Opened","data":{data},"metadata":null,"id":"e{position}"}}"#
        )
    };
    let text = [row(1, r#""{\"a\":1}""#), row(2, "null")].join("\n");
    check_small(&text, "message-db", &[r#"/order-1 Opened {"a":1}"#, "/order-1 Opened Absent"]);
    assert_eq!(load(text.as_bytes(), LoadOptions::default()).log.tombstones(), 0);
}

/// Lines of `kcat -J` with these payloads, all of the key `k`.
fn kcat(payloads: &[&str]) -> String {
    let line = |(offset, payload): (usize, &&str)| {
        let payload = serde_json::Value::String((*payload).to_owned());
        format!(
            r#"{{"topic":"t","partition":0,"offset":{offset},"tstype":"create","ts":7,"broker":1,"key":"k","payload":{payload}}}"#
        )
    };
    payloads.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn envelopes_inside_of_records_are_opened() {
    let event = |rest: &str| format!(r#"{{"specversion":"1.0","id":"e1","source":"/s","type":"Opened"{rest}}}"#);
    let events = [
        event(r#","subject":"order-1","data":{"id":5,"a":1}"#),
        event(r#","partitionkey":"order-2","data":"{\"a\":2}""#),
        event(r#","data_base64":"eyJhIjozfQ==""#),
        event(""),
    ];
    let text = kcat(&events.each_ref().map(String::as_str));
    check_small(
        &text,
        "kcat-json",
        &[
            r#"t/order-1 Opened {"a":1,"id":5}"#,
            r#"t/order-2 Opened {"a":2}"#,
            r#"t/k Opened {"a":3}"#,
            "t/k Opened Absent",
        ],
    );
    let loaded = load(text.as_bytes(), LoadOptions::default());
    let first = loaded.log.record(0);
    assert_eq!(
        (first.event_id.as_deref(), first.key.as_deref(), first.timestamp_ms),
        (Some("e1"), Some(&b"k"[..]), Some(7))
    );
    for i in 0..4 {
        assert_eq!(loaded.log.value(i), loaded.log.record(i).value);
    }
    let places = [&loaded.mapping.value, &loaded.mapping.key, &loaded.mapping.event_type];
    let places = places.map(|place| place.as_ref().unwrap().to_string());
    assert_eq!(places, ["value:/data", "value:/subject", "value:/type"]);
    assert!(loaded.evidence.iter().any(|told| told.to_string() == "4 of 4 values have the members of cloudevents"));
    // A key is chosen in what is shown as the value.
    let by_id = LoadOptions { key_by: Some("/id".to_owned()), ..LoadOptions::default() };
    assert_eq!(load(text.as_bytes(), by_id).log.record(0).entity.as_deref(), Some("5"));

    let message = r#"{"messageId":"e1","messageType":["urn:message:Shop.Orders:OrderPlaced","urn:message:Shop:Event"],"sentTime":"2025-03-03T00:00:00Z","message":{"orderId":"o1"}}"#;
    check_small(&kcat(&[message, message]), "kcat-json", &[r#"t/k OrderPlaced {"orderId":"o1"}"#; 2]);
    check_small(&[message, message].join("\n"), "masstransit", &[r#"/o1 OrderPlaced {"orderId":"o1"}"#; 2]);
}

#[test]
fn what_is_meant_by_a_value_can_be_chosen_in_it() {
    let text = kcat(&[r#"{"meta":{"id":"a"},"body":{"v":1}}"#, r#"{"meta":{"id":"b"},"other":2}"#]);
    let read = |places: &[(Part, &str)], text: &str| {
        let mut mapping = MappingChoice::default();
        for (part, place) in places {
            mapping.set(*part, Some(place.parse().unwrap())).unwrap();
        }
        let loaded = load(text.as_bytes(), LoadOptions { mapping, ..LoadOptions::default() });
        records(&loaded)
            .iter()
            .map(|record| format!("{} {}", record.entity.as_deref().unwrap_or("-"), value(record)))
            .collect::<Vec<_>>()
    };
    let chosen = [(Part::Value, "value:/body"), (Part::Key, "value:/meta/id")];
    assert_eq!(read(&chosen, &text), [r#"a {"v":1}"#, r#"b {"meta":{"id":"b"},"other":2}"#]);
    // Where there is nothing around the value, its members are the record's.
    assert_eq!(read(&chosen[..1], "{\"body\":{\"v\":1}}\n{\"body\":{\"v\":2}}\n"), [r#"1 {"v":1}"#, r#"2 {"v":2}"#]);
}

#[test]
fn columns_of_connect_are_decoded_by_the_schema_beside_them() {
    let decimal =
        r#"{"field":"price","type":"bytes","name":"org.apache.kafka.connect.data.Decimal","parameters":{"scale":"2"}}"#;
    let date = r#"{"field":"on","type":"int32","name":"org.apache.kafka.connect.data.Date"}"#;
    let value = format!(
        r#"{{"schema":{{"type":"struct","fields":[{decimal},{date}]}},"payload":{{"id":"a","price":"AfQ=","on":20150}}}}"#
    );
    let nothing = r#"{"schema":{"type":"struct","optional":true},"payload":null}"#;
    let text = kcat(&[&value, &value, nothing]);
    let told = r#"t/k - {"id":"a","on":"2025-03-03","price":5}"#;
    check_small(&text, "kcat-json", &[told, told, "t/k - null"]);
    let loaded = load(text.as_bytes(), LoadOptions::default());
    assert_eq!(loaded.log.value(0), loaded.log.record(0).value);
}

#[test]
fn headers_beside_values_are_a_list_for_each() {
    let name = |part: &str| format!("topics/t/partition=2/t+2+0000000005{part}");
    let file = |part: &str, text: &str| (name(part), text.as_bytes().to_vec());
    let files = vec![
        file(".json", "{\"a\":1}\n{\"a\":2}\n"),
        file(".headers.json", "[{\"key\":\"h\",\"value\":\"1\"},{\"key\":\"h\",\"value\":\"2\"}]\n[]\n"),
        file(".keys.json", "\"k1\"\n\"k2\"\n"),
    ];
    let loaded = load_many(files, &LoadOptions::default());
    let told: Vec<_> = records(&loaded)
        .iter()
        .map(|record| (record.headers.len(), record.entity.clone().unwrap().into_owned()))
        .collect();
    assert_eq!(told, [(2, "k1".to_owned()), (0, "k2".to_owned())]);
}

#[test]
fn dumps_tell_aborted_records_from_the_others() {
    let dump = read("dump-log-segments-tx.txt");
    let segment = load(
        &bytes("log-segment/status-events-tx-0/00000000000000001000.log"),
        LoadOptions { file_name: Some("status-events-tx-0/0.log".to_owned()), ..LoadOptions::default() },
    );
    let told = |loaded: &Loaded| records(loaded).iter().map(|record| (record.offset, record.kind)).collect::<Vec<_>>();
    assert!(told(&dump).contains(&(Some(1003), RecordKind::Aborted)));
    assert_eq!(told(&dump), told(&segment));
    // Older releases print producers beside the records. A leader's change is no record, whatever it says.
    let old = "Dumping /x/t-0/0.log\nStarting offset: 0\noffset: 3 position: 0 CreateTime: 7 isvalid: true keysize: 1 valuesize: 2 magic: 2 compresscodec: NONE producerId: 9 producerEpoch: 0 sequence: 0 isTransactional: true headerKeys: [] key: k payload: {}\noffset: 4 position: 9 CreateTime: 7 isvalid: true keysize: 4 valuesize: 6 magic: 2 compresscodec: NONE producerId: 9 producerEpoch: 0 sequence: -1 isTransactional: true headerKeys: [] endTxnMarker: ABORT coordinatorEpoch: 0\nbaseOffset: 5 lastOffset: 5 producerId: -1 isTransactional: false isControl: true position: 80\n| offset: 5 CreateTime: 7 keySize: 4 valueSize: 19 sequence: -1 headerKeys: [] LeaderChange: {}\n";
    let loaded = load(old.as_bytes(), LoadOptions::default());
    assert_eq!((told(&loaded), loaded.n_errors), (vec![(Some(3), RecordKind::Aborted)], 0));
    // Batches alone hold no records.
    let batches = "Dumping /x/t-0/0.log\nLog starting offset: 0\nbaseOffset: 5 lastOffset: 5 count: 1 position: 0\n";
    let told = load(batches.as_bytes(), LoadOptions::default()).errors[0].to_string();
    assert!(told.starts_with("line 3, column 1") && told.contains("baseOffset: 5"), "{told}");
}

#[test]
fn an_update_of_the_primary_key_takes_the_row_away_and_makes_another() {
    let check = |text: &str| {
        let loaded = load(text.as_bytes(), LoadOptions::default());
        let told: Vec<_> = records(&loaded)
            .iter()
            .flat_map(|record| record.changes.iter())
            .map(|change| format!("{:?} {}", change.op, change.entity.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(told, ["Delete 1", "Insert 2", "Update 3"], "{text}");
    };
    let canal = |rest: &str| {
        format!(
            r#"{{"database":"d","es":7,"id":1,"isDdl":false,"mysqlType":{{"id":"int"}},"pkNames":["id"],"sql":"","table":"t","ts":8,"type":"UPDATE",{rest}}}"#
        )
    };
    check(&canal(r#""data":[{"id":"2","v":"a"},{"id":"3","v":"b"}],"old":[{"id":"1"},{"v":"a"}]"#));
    let maxwell = |rest: &str| {
        format!(
            r#"{{"database":"d","table":"t","type":"update","ts":1740961860,"xid":1,"primary_key_columns":["id"],{rest}}}"#
        )
    };
    check(
        &[maxwell(r#""data":{"id":2,"v":"a"},"old":{"id":1}"#), maxwell(r#""data":{"id":3,"v":"b"},"old":{"v":"a"}"#)]
            .join("\n"),
    );
    let ogg = |rest: &str| {
        format!(
            r#"{{"table":"S.T","op_type":"U","op_ts":"2025-03-03 00:00:00","pos":"1","primary_keys":["ID"],{rest}}}"#
        )
    };
    check(
        &[ogg(r#""before":{"ID":1},"after":{"ID":2}"#), ogg(r#""before":{"ID":3,"V":1},"after":{"ID":3,"V":2}"#)]
            .join("\n"),
    );
    let column = |n: u32| format!(r#"[{{"name":"id","type":"integer","value":{n}}}]"#);
    let v2 = |old: u32, new: u32| {
        format!(
            r#"{{"action":"U","schema":"s","table":"t","columns":{},"identity":{},"pk":[{{"name":"id","type":"integer"}}]}}"#,
            column(new),
            column(old)
        )
    };
    check(&[v2(1, 2), v2(3, 3)].join("\n"));
}

#[test]
fn records_of_the_open_protocol_hold_several_rows() {
    use base64::Engine as _;
    let framed = |version: &[u8], pieces: &[&str]| {
        let pieces = pieces.iter().map(|piece| [&(piece.len() as u64).to_be_bytes(), piece.as_bytes()].concat());
        [version, &pieces.collect::<Vec<_>>().concat()].concat()
    };
    let (version, tso) = (1_u64.to_be_bytes(), (1_740_960_000_137_u64 << 18) + 3);
    let key = |kind: u8| format!(r#"{{"ts":{tso},"scm":"d","tbl":"t","t":{kind}}}"#);
    let columns =
        |id: u32, v: &str| format!(r#"{{"id":{{"t":3,"h":true,"f":11,"v":{id}}},"v":{{"t":15,"f":64,"v":"{v}"}}}}"#);
    let events = [
        format!(r#"{{"u":{}}}"#, columns(1, "a")),
        format!(r#"{{"u":{},"p":{}}}"#, columns(1, "b"), columns(1, "a")),
        format!(r#"{{"u":{},"p":{}}}"#, columns(2, "b"), columns(1, "b")),
        format!(r#"{{"d":{}}}"#, columns(2, "b")),
    ];
    let rows = (framed(&version, &[&*key(1); 4]), framed(b"", &events.each_ref().map(String::as_str)));
    let resolved = (framed(&version, &[&key(3)]), Vec::new());
    let check = |text: &[u8]| {
        let loaded = load(text, LoadOptions::default());
        let shape = loaded.format.shape.unwrap().name();
        assert_eq!((shape, loaded.n_errors, loaded.guessed_projection), ("ticdc-open", 0, "cdc"));
        let record = loaded.log.record(0);
        let told: Vec<_> = record
            .changes
            .iter()
            .map(|change| {
                let image = change.after.as_ref().or(change.before.as_ref()).unwrap();
                format!(
                    "{:?} {} {} {}",
                    change.op,
                    change.table,
                    change.entity.as_deref().unwrap_or("-"),
                    self::text(image)
                )
            })
            .collect();
        let expected = [
            r#"Insert t 1 {"id":1,"v":"a"}"#,
            r#"Update t 1 {"id":1,"v":"b"}"#,
            r#"Delete t 1 {"id":1,"v":"b"}"#,
            r#"Insert t 2 {"id":2,"v":"b"}"#,
            r#"Delete t 2 {"id":2,"v":"b"}"#,
        ];
        assert_eq!(told, expected);
        assert_eq!((record.timestamp_ms, record.entity.as_deref()), (Some(1_740_960_000_137), None));
        assert_eq!(loaded.log.record(1).kind, RecordKind::Control);
        assert_eq!(loaded.log.n_entities(), 2);
        assert!(loaded.evidence.iter().all(|evidence| evidence.code() != "wire-format"), "{:?}", loaded.evidence);
    };
    let base64 = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let line = |offset: u32, (key, value): &(Vec<u8>, Vec<u8>)| {
        format!(
            r#"{{"topic":"t","partition":0,"offset":{offset},"key":"{}","value":"{}"}}"#,
            base64(key),
            base64(value)
        )
    };
    check(format!("[{},{},{}]", line(0, &rows), line(1, &resolved), line(2, &rows)).as_bytes());
    // kcat leaves bytes from 0x80 up as they are.
    let raw = |bytes: &[u8]| {
        let escaped = |byte: &u8| match byte {
            0..0x20 | b'"' | b'\\' => format!("\\u{byte:04x}").into_bytes(),
            byte => vec![*byte],
        };
        bytes.iter().flat_map(escaped).collect::<Vec<u8>>()
    };
    let kcat = |offset: u32, (key, value): &(Vec<u8>, Vec<u8>)| {
        let start =
            format!(r#"{{"topic":"t","partition":0,"offset":{offset},"tstype":"create","ts":7,"broker":1,"key":""#);
        [start.as_bytes(), &raw(key), br#"","payload":""#, &raw(value), b"\"}\n"].concat()
    };
    check(&[kcat(0, &rows), kcat(1, &resolved), kcat(2, &rows)].concat());
    // Rows that were too large, as the key tells.
    for (told_by, code) in [(r#""ohk":true"#, "key-only"), (r#""ohk":true,"ccl":"s3://a/b.json""#, "claim-check")] {
        let key = key(1).replace('}', &format!(",{told_by}}}"));
        let partial = (framed(&version, &[&key]), framed(b"", &[&events[0]]));
        let loaded = load(&[kcat(0, &rows), kcat(1, &partial)].concat(), LoadOptions::default());
        assert!(told(&loaded, code).is_some_and(|told| told.starts_with("1 of 2 messages")), "{:?}", loaded.evidence);
    }
}

#[test]
fn a_guessed_key_of_rows_is_told() {
    let row = |n: u32| format!(r#"{{"data":{{"name":"x","order_id":{n}}},"op":"+I"}}"#);
    let loaded = load([row(1), row(1), row(2)].join("\n").as_bytes(), LoadOptions::default());
    let told: Vec<String> = loaded.evidence.iter().map(ToString::to_string).collect();
    assert!(told.contains(&"/order_id is taken for the key: 2 different values in 3 records".to_owned()), "{told:?}");
}

#[test]
fn events_of_the_cloud_are_told_apart_by_their_source() {
    let event = |source: &str| {
        format!(r#"{{"specversion":"1.0","id":"e1","source":"{source}","type":"A","subject":"s","data":{{}}}}"#)
    };
    check_small(&[event("/a"), event("/b")].join("\n"), "cloudevents", &["/a/s A {}", "/b/s A {}"]);
}

#[test]
fn headers_may_name_the_schemas_of_key_and_value() {
    // The numbers 7 of a string for the key, and a GUID of a record for the value, all in base64.
    let answers = r#"[{"id":7,"schema":"\"string\""},{"guid":"01020304-0506-0708-090a-0b0c0d0e0f10","schema":"{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"type\",\"type\":\"string\"},{\"name\":\"n\",\"type\":\"long\"}]}"}]"#;
    let headers = r#"[{"key":"__key_schema_id","value":"AAAAAAc="},{"key":"__value_schema_id","value":"AQECAwQFBgcICQoLDA0ODxA="}]"#;
    let line = |offset: u32| {
        format!(
            r#"{{"topic":"t","partition":0,"offset":{offset},"timestamp":7,"headers":{headers},"key":"BGsx","value":"CE1hZGUq"}}"#
        )
    };
    let text = format!("[{},{}]", line(0), line(1));
    let schemas = Schemas::of_file("x.json", answers.as_bytes()).unwrap();
    let format = Some("rest-v2-binary".parse().unwrap());
    let loaded = load(text.as_bytes(), LoadOptions { format, schemas, ..LoadOptions::default() });
    let record = loaded.log.record(1);
    assert_eq!((record.entity.as_deref(), value(&record).as_str()), (Some("k1"), r#"{"n":21,"type":"Made"}"#));
    assert_eq!((loaded.log.value(1), loaded.log.entity_name(0)), (record.value.clone(), "k1"));
    assert_eq!(loaded.log.event_type(1).map(|id| loaded.log.type_name(id)), record.event_type.as_deref());
    assert_eq!(record.event_type.as_deref(), Some("Made"));
    let guid = "01020304-0506-0708-090a-0b0c0d0e0f10";
    let expected = format!("2 values name their schema: {guid} (Avro R)");
    assert_eq!(told(&loaded, "wire-format"), Some(expected));
    // The same before the values; without the schema it counts only where it is twice.
    let values = |values: &[&str]| {
        let line = |value: &&str| format!(r#"{{"topic":"t","partition":0,"offset":1,"key":"aw==","value":"{value}"}}"#);
        let text = format!("[{}]", values.iter().map(line).collect::<Vec<_>>().join(","));
        told(&load(text.as_bytes(), LoadOptions { format, ..LoadOptions::default() }), "wire-format")
    };
    let by_guid = "AQECAwQFBgcICQoLDA0ODxAITWFkZSo=";
    let expected = format!("2 values name their schema: {guid} (not given, so its values stay bytes)");
    assert_eq!((values(&[by_guid]), values(&[by_guid, by_guid])), (None, Some(expected)));
}

#[test]
fn names_of_files_tell_what_records_do_not() {
    let of = |name: &str, text: &str| {
        let loaded = load(text.as_bytes(), LoadOptions { file_name: Some(name.to_owned()), ..LoadOptions::default() });
        let partition = &loaded.log.partitions()[0];
        format!("{}[{}]@{} of {}", partition.topic, partition.partition, loaded.log.offset(0), loaded.format)
    };
    assert_eq!(of("my.topic-1-17.csv", "eyJhIjoxfQ==\neyJhIjoyfQ==\n"), "my.topic[1]@17 of csv");
    assert_eq!(of("t-1-17.gz", "aw==,eyJhIjoxfQ==,20,1740960000137\n"), "t[1]@20 of csv");
    assert_eq!(of("t-1-17", "{\"key\":\"k\",\"value\":{\"a\":1}}\n"), "t[1]@17 of records");
    assert_eq!(of("my.topic+1+0000000017.json", "{\"a\":1}\n"), "my.topic[1]@17 of events");
    let akhq = r#"[{"partition":2,"offset":5,"timestamp":1740960000.137,"keySchemaId":null,"valueSchemaId":null,"headers":[],"key":"k","value":"{}"}]"#;
    assert_eq!(of("status-events.json", akhq), "status-events[2]@5 of akhq");
}

#[test]
fn the_mapping_shows_bytes_where_they_are_taken() {
    let place = |text: &str| load(text.as_bytes(), LoadOptions::default()).mapping.value.unwrap().to_string();
    assert_eq!(place(r#"{"topic":"t","partition":0,"offset":1,"key":"k","value_base64":"/wA="}"#), "/value_base64");
    let console = r#"[{"partitionID":0,"offset":1,"timestamp":7,"key":{"payload":"k"},"value":{"payload":"e","rawPayload":"e30=","encoding":"text"}}]"#;
    assert_eq!(place(console), "/value/rawPayload");
    assert_eq!(place(&console.replace(r#""rawPayload":"e30=","#, "")), "/value/payload");
}

#[test]
fn records_whose_values_are_all_bytes_are_read_without_a_timestamp_too() {
    let line = r#"{"topic":"t","partition":0,"offset":1,"key":"k","value_base64":"/wA="}"#;
    check_small(line, "records", &["t/k - [255, 0]"]);
}

/// Evidence of that code, if there is any.
fn told(loaded: &Loaded, code: &str) -> Option<String> {
    loaded.evidence.iter().find(|evidence| evidence.code() == code).map(ToString::to_string)
}

#[test]
fn headers_name_what_records_have_no_better_name_for() {
    let line = |offset: u32, rest: &str, headers: &str| {
        format!(
            r#"{{"topic":"t","partition":0,"offset":{offset},"tstype":"create","broker":1,"headers":[{headers}]{rest},"payload":"{{\"n\":{offset},\"id\":1}}"}}"#
        )
    };
    let cloud = r#""ce_specversion","1.0","ce_id","e1","ce_type","Opened","ce_source","/s","ce_time","2025-03-03T00:00:00.137Z","ce_subject","order-1""#;
    let bus = r#""NServiceBus.MessageId","m1","NServiceBus.EnclosedMessageTypes","Shop.Orders.Placed, Shop, Version=1.0.0.0;Shop.IEvent, Shop","NServiceBus.TimeSent","2025-03-03 00:00:00:137005 Z""#;
    let read = |rest: &str, headers: &str, key: Option<&str>| {
        let text = [line(0, rest, headers), line(1, rest, headers)].join("\n");
        let mut mapping = MappingChoice::default();
        if let Some(key) = key {
            mapping.set(Part::Key, Some(key.parse().unwrap())).unwrap();
        }
        load(text.as_bytes(), LoadOptions { mapping, ..LoadOptions::default() })
    };
    let check = |rest: &str, headers: &str, key: Option<&str>, expected: &str| {
        let loaded = read(rest, headers, key);
        let record = loaded.log.record(1);
        assert_eq!(loaded.log.event_type(1).map(|id| loaded.log.type_name(id)), record.event_type.as_deref());
        assert_eq!(loaded.log.entities_of(1).next().map(|id| loaded.log.entity_name(id)), record.entity.as_deref());
        assert_eq!(loaded.log.timestamp_ms(1), record.timestamp_ms);
        let texts = [&record.entity, &record.event_type, &record.event_id].map(|text| text.as_deref().unwrap_or("-"));
        assert_eq!(format!("{} {}", texts.join(" "), record.timestamp_ms.unwrap_or(-1)), expected);
    };
    check("", cloud, None, "order-1 Opened e1 1740960000137");
    check(r#","ts":7,"key":"k""#, cloud, None, "k Opened e1 7");
    check(r#","ts":7,"key":"k""#, cloud, Some("header:ce_subject"), "order-1 Opened e1 7");
    check("", cloud, Some("value:/n"), "1 Opened e1 1740960000137");
    check(r#","key":"k""#, bus, None, "k Placed m1 1740960000137");
    let mapping = read("", cloud, None).mapping;
    let places = [mapping.key, mapping.timestamp].map(|place| place.unwrap().to_string());
    assert_eq!(places, ["header:ce_subject", "header:ce_time"]);
}

#[test]
fn headers_with_commas_are_told_to_be_a_guess() {
    let read = |header: &str| {
        let text = format!("CreateTime:7\tNO_HEADERS\tk\t{{}}\nCreateTime:8\ta:{header},b:2\tk\t{{}}\n");
        told(&load(text.as_bytes(), LoadOptions::default()), "header-commas")
    };
    let expected = "in 1 of 2 records the value of a header holds commas, as stand between headers: where a header ends is a guess";
    assert_eq!((read("1"), read("1,5").as_deref()), (None, Some(expected)));
}

#[test]
fn rows_of_which_only_the_key_came_are_told() {
    let check = |value: &str, expected: [Option<&str>; 2]| {
        let loaded = load(kcat(&[value, value]).as_bytes(), LoadOptions::default());
        let told = ["key-only", "claim-check"].map(|code| told(&loaded, code).map(|told| told[..26].to_owned()));
        assert_eq!(told, expected.map(|told| told.map(str::to_owned)), "{value}");
    };
    let canal = |tidb: &str| {
        format!(
            r#"{{"id":0,"database":"d","table":"t","pkNames":["id"],"isDdl":false,"type":"INSERT","es":1,"ts":2,"sql":"","data":[{{"id":"1"}}],"old":null,"_tidb":{{"commitTs":1{tidb}}}}}"#
        )
    };
    let simple = |rest: &str| {
        format!(
            r#"{{"version":1,"database":"d","table":"t","type":"INSERT","commitTs":1,"buildTs":2,"data":{{"id":"1"}}{rest}}}"#
        )
    };
    let (keys, claims) = ([Some("2 of 2 messages hold only "), None], [None, Some("2 of 2 messages hold only ")]);
    check(&canal(""), [None; 2]);
    check(&canal(r#","onlyHandleKey":true"#), keys);
    check(&canal(r#","onlyHandleKey":false,"claimCheckLocation":"s3://a/b.json""#), claims);
    check(&simple(""), [None; 2]);
    check(&simple(r#","handleKeyOnly":true"#), keys);
    check(&simple(r#","handleKeyOnly":true,"claimCheckLocation":"s3://a/b.json""#), claims);
}

#[test]
fn values_of_protobuf_are_read_with_a_schema_beside_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    let file = |name: &str| (name.to_owned(), fs::read(folder.join(name)).unwrap());
    let log = file("confluent-wire-protobuf-rest-binary.json");
    let answer = file("schema-registry-ids-3.json");
    let json: serde_json::Value = serde_json::from_slice(&answer.1).unwrap();
    let proto = ("schemas/status.proto".to_owned(), json["schema"].as_str().unwrap().as_bytes().to_vec());
    // The same events as those of Avro.
    let same = [file("confluent-wire-avro-rest-binary.json"), file("schema-registry-ids-1.json")];
    let same = load_many(same.to_vec(), &LoadOptions::default());
    for schema in [answer, proto] {
        let loaded = load_many(vec![log.clone(), schema], &LoadOptions::default());
        assert_eq!((loaded.log.len(), loaded.log.n_entities(), loaded.n_errors), (25, 6, 0));
        let told = told(&loaded, "wire-format");
        assert_eq!(
            told.as_deref(),
            Some("25 values name their schema: 3 (Protobuf com.factory.spray.StatusChangedEvent)")
        );
        for record in records(&loaded) {
            let is_same = |other: &Record<'_>| (other.partition, other.offset) == (record.partition, record.offset);
            let other = records(&same).into_iter().find(is_same).unwrap();
            assert_eq!((&record.entity, &record.event_id), (&other.entity, &other.event_id));
            let members = |record: &Record<'_>| serde_json::from_str::<serde_json::Value>(&value(record)).unwrap();
            let (read, other) = (members(&record), members(&other));
            for name in ["sprayId", "newStatus", "operator", "eventId", "version"] {
                assert_eq!(read[name], other[name], "{name} of {record:?}");
            }
        }
    }
    // Without the five bytes and the path before them.
    let bare: Vec<serde_json::Value> = serde_json::from_slice(&log.1).unwrap();
    let bare: Vec<String> = bare
        .into_iter()
        .map(|mut record| {
            let value = STANDARD.decode(record["value"].as_str().unwrap()).unwrap();
            record["value"] = STANDARD.encode(&value[7..]).into();
            record.to_string()
        })
        .collect();
    let text = format!("[{}]", bare.join(","));
    let plain = |schemas: Schemas| {
        let format = Some("rest-v2-binary".parse().unwrap());
        load(text.as_bytes(), LoadOptions { schemas, format, ..LoadOptions::default() })
    };
    let read = plain(Schemas::of_file("status.proto", json["schema"].as_str().unwrap().as_bytes()).unwrap());
    let expected = "25 of 25 values are read as the Protobuf message com.factory.spray.StatusChangedEvent";
    assert_eq!(told(&read, "message").as_deref(), Some(expected));
    assert!(value(&read.log.record(3)).contains(r#""newStatus":"IN_USE""#), "{}", value(&read.log.record(3)));
    let unread = plain(Schemas::default());
    assert_eq!(told(&unread, "bytes").map(|told| told.starts_with("25 of 25 values are bytes")), Some(true));
}
