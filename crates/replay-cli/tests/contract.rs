//! The command line as tests and scripts rely on it: what is printed where, and the exit code.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write;
use std::process::{Command, Output, Stdio};

fn fixture(name: &str) -> String {
    format!("{}/../replay-formats/tests/fixtures/formats/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_replayground"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A command that fails before it reads closes the pipe.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// What a call prints, a JSON value a line; it must end with `code`.
#[track_caller]
fn lines(arguments: &[&str], input: &[u8], code: i32) -> Vec<Value> {
    let output = run(arguments, input);
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn inspect_says_what_a_log_holds() {
    let summary = &lines(&["inspect", &fixture("kcat-json.ndjson")], b"", 0)[0];
    assert_eq!((&summary["records"], &summary["keys"], &summary["tombstones"]), (&26.into(), &6.into(), &1.into()));
    let partition = &summary["partitions"][1];
    assert_eq!(
        (&partition["topic"], &partition["start"], &partition["end"]),
        (&"status-events".into(), &0.into(), &4.into())
    );
    assert_eq!(summary["errors"], Value::Array(Vec::new()));
    assert_eq!(summary["first_timestamp_ms"], 1_740_960_000_137_i64);
}

#[test]
fn fold_prints_the_states_sorted_by_key() {
    let states = lines(&["fold", &fixture("kcat-json.ndjson")], b"", 0);
    let keys: Vec<&str> = states.iter().map(|state| state["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["spray-0001", "spray-0002", "spray-0003", "spray-0004", "spray-0005", "spray-021222"]);
    assert_eq!((&states[0]["state"]["status"], &states[0]["state"]["version"]), (&"IN_USE".into(), &5.into()));
    assert_eq!(
        (&states[4]["state"], &states[4]["deleted"], &states[4]["last"]["offset"]),
        (&Value::Null, &true.into(), &10.into())
    );
    let one = lines(&["fold", &fixture("kcat-json.ndjson"), "--key", "spray-0001", "--at", "1"], b"", 0);
    assert_eq!((one.len(), &one[0]["version"], &one[0]["events"]), (1, &1.into(), &1.into()));
    assert!(lines(&["fold", &fixture("kcat-json.ndjson"), "--at", "0"], b"", 0).is_empty());
}

#[test]
fn the_hash_is_one_for_all_transports_of_one_log() {
    let hash = |name: &str| String::from_utf8(run(&["fold", "--hash", &fixture(name)], b"").stdout).unwrap();
    let expected = hash("kcat-json.ndjson");
    assert_eq!(expected.trim().len(), 64);
    for name in [
        "kcat-json-array.json",
        "kcat-json-jq-pretty.json",
        "confluent-rest-v2-json.json",
        "confluent-rest-v2-binary.json",
    ] {
        assert_eq!(hash(name), expected, "{name}");
    }
}

/// A file of this size is read where it lies, by all processors; standard input is held in memory and read by one.
#[test]
fn a_large_file_gives_what_the_same_text_gives_through_standard_input() {
    let mut text = String::new();
    for n in 0..70_000_u64 {
        let (partition, offset, key) = (n % 4, n / 4, n * 7919 % 3001);
        let value = format!(r#"{{\"n\":{n},\"who\":\"账户 {key}\"}}"#);
        writeln!(text, r#"{{"topic":"large","partition":{partition},"offset":{offset},"ts":{n},"key":"k{key}","payload":"{value}"}}"#)
            .expect("a text takes all");
        if n % 10_007 == 0 {
            text.push_str("{\"topic\":\n");
        }
    }
    assert!(text.len() > 8 << 20, "{}", text.len());
    let file = std::env::temp_dir().join(format!("replayground-large-{}.ndjson", std::process::id()));
    std::fs::write(&file, &text).expect("there is room for the file");
    let name = file.to_str().expect("a plain path");
    for command in [
        &["fold", "--projection", "merge"][..],
        &["fold", "--projection", "latest", "--schedule", "seeded:3"],
        &["fold", "--at", "40000"],
        &["history", "--key", "k17"],
        &["convert", "--to", "kcat"],
    ] {
        let of = |file, input: &[u8]| run(&[&command[..1], &[file], &command[1..]].concat(), input);
        let (there, piped) = (of(name, b""), of("-", text.as_bytes()));
        assert!(there.status.code() == Some(1) && there.stdout == piped.stdout, "{command:?}");
        assert!(there.stdout.len() > 1000 && there.status == piped.status, "{command:?}");
    }
    std::fs::remove_file(&file).expect("the file is there");
}

#[test]
fn history_says_what_each_event_changed() {
    let steps = lines(&["history", &fixture("kcat-json.ndjson"), "--key", "spray-0001"], b"", 0);
    assert_eq!(steps.len(), 6);
    let change = &steps[1]["changes"][0];
    assert_eq!(
        (&change["path"], &change["before"], &change["after"]),
        (&"/status".into(), &"INVENTORY".into(), &"INSTALLED".into())
    );
    assert_eq!((&steps[1]["event_type"], &steps[1]["offset"]), (&"SprayStatusChanged".into(), &2.into()));
}

#[test]
fn what_was_converted_is_recognised_and_reads_back_the_same() {
    let formats = [
        ("ndjson", "records"),
        ("kcat", "kcat-json"),
        ("rpk", "rpk"),
        ("csv", "csv"),
        ("tsv", "csv"),
        ("avro", "records"),
        ("console", "console-consumer"),
        ("values", "events"),
        ("cloudevents", "cloudevents"),
        ("rest-v2-json", "rest-v2-json"),
        ("rest-v2-binary", "rest-v2-binary"),
        ("redpanda-console", "redpanda-console"),
        ("akhq", "akhq"),
        ("kafka-ui", "kafka-ui"),
        ("confluent-cloud", "confluent-cloud"),
    ];
    for name in ["kcat-json.ndjson", "debezium-postgres-console.txt"] {
        let before = lines(&["inspect", &fixture(name)], b"", 0);
        for (format, read_as) in formats {
            // Keys of change data and tombstones stand beside the values.
            if format == "values" && name != "kcat-json.ndjson" {
                continue;
            }
            let converted = run(&["convert", &fixture(name), "--to", format], b"");
            assert!(converted.status.success());
            let again = lines(&["inspect", "-"], &converted.stdout, 0);
            let told = again[0]["format"].as_str().unwrap();
            assert_eq!(told.split('+').next(), Some(read_as), "{name} as {format}");
            for member in ["records", "keys", "tombstones", "changes"] {
                assert_eq!(again[0][member], before[0][member], "{name} as {format}: {member}");
            }
        }
    }
}

#[test]
fn a_line_that_cannot_be_read_is_told_and_the_rest_is_kept() {
    let input = b"{\"id\":\"a\",\"n\":1}\n{\"id\":\"a\",\"n\":}\n{\"id\":\"a\",\"n\":2}\n";
    let summary = &lines(&["inspect", "-"], input, 1)[0];
    assert_eq!(summary["records"], 2);
    assert_eq!((&summary["errors"][0]["line"], &summary["errors"][0]["column"]), (&2.into(), &15.into()));
}

#[test]
fn partition_tells_where_keys_go() {
    let output = run(&["partition", "--partitions", "12", "21", "foobar"], b"");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "21\t0\nfoobar\t6\n");
    assert_eq!(run(&["partition", "--partitions", "0", "a"], b"").status.code(), Some(2));
    assert_eq!(run(&["partition", "--partitions", "3", "--partitioner", "dice", "a"], b"").status.code(), Some(2));
}

#[test]
fn wrong_usage_ends_with_two() {
    let file = fixture("kcat-json.ndjson");
    for arguments in [
        vec![],
        vec!["fold"],
        vec!["fold", &file, "--projection", "guess"],
        vec!["fold", &file, "--schedule", "never"],
        vec!["fold", &file, "--key-by", "id"],
        vec!["convert", &file, "--to", "xml"],
        vec!["inspect", &file, "--format", "nothing"],
    ] {
        assert_eq!(run(&arguments, b"").status.code(), Some(2), "{arguments:?}");
    }
}

/// A scenario in a file of its own, gone with the test.
fn simulate(fixture_name: &str, scenario: &str, more: &[&str], code: i32) -> Vec<Value> {
    let directory = std::env::temp_dir().join(format!("replayground-{}-{:p}", std::process::id(), scenario));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("scenario.json");
    std::fs::write(&file, scenario).unwrap();
    let log = fixture(fixture_name);
    let mut arguments = vec!["simulate", &log, "--scenario", file.to_str().unwrap()];
    arguments.extend(more);
    let lines = lines(&arguments, b"", code);
    std::fs::remove_dir_all(&directory).unwrap();
    lines
}

#[test]
fn shards_change_nothing_but_the_time() {
    let file = fixture("kcat-json.ndjson");
    for shards in ["1", "2", "7"] {
        for more in [&["--hash"][..], &["--at", "9"], &["--key", "spray-0001"]] {
            let plain = run(&[&["fold", &file], more].concat(), b"");
            let sharded = run(&[&["fold", &file, "--shards", shards], more].concat(), b"");
            assert!(!plain.stdout.is_empty() && plain.stdout == sharded.stdout, "{shards} {more:?}");
            assert!(String::from_utf8_lossy(&sharded.stderr).contains("shards in"));
        }
    }
    assert_eq!(run(&["fold", &file, "--shards", "0"], b"").status.code(), Some(2));
}

#[test]
fn an_empty_scenario_gives_the_states_that_fold_gives() {
    let outcome = &simulate("kcat-json.ndjson", "{}", &[], 0)[0];
    assert_eq!(outcome["truth"], outcome["outcome"]);
    assert_eq!(outcome["diverged"], Value::Array(Vec::new()));
    assert_eq!((&outcome["metrics"]["delivered"], &outcome["metrics"]["final_lag"]), (&26.into(), &0.into()));
    for state in lines(&["fold", &fixture("kcat-json.ndjson")], b"", 0) {
        assert_eq!(outcome["truth"][state["key"].as_str().unwrap()], state["state"]);
    }
}

#[test]
fn retention_leaves_out_what_has_expired_and_says_so() {
    let scenario = r#"{"cleanup":{"policy":"delete","retention.ms":0,"segment.ms":1,"idle_ms":1000}}"#;
    let outcome = &simulate("kcat-json.ndjson", scenario, &[], 0)[0];
    assert_eq!((&outcome["metrics"]["kept_records"], &outcome["metrics"]["expired"]), (&0.into(), &26.into()));
    assert_eq!(outcome["outcome"], serde_json::json!({}));
    let diverged = outcome["diverged"].as_array().unwrap();
    assert!(!diverged.is_empty() && diverged.iter().all(|each| each["cause"] == "expired" && each["got"].is_null()));
    assert!(outcome["timeline"]["events"].as_array().unwrap().iter().any(|event| event["kind"] == "expired"));
}

#[test]
fn the_same_seed_prints_the_same_bytes() {
    let scenario = r#"{"producer":{"duplicate_rate":0.3,"reorder_rate":0.3,"loss_rate":0.3}}"#;
    let of = |seed: &str| simulate("kcat-json.ndjson", scenario, &["--seed", seed], 0);
    assert_eq!(of("7"), of("7"));
    assert_ne!(of("7"), of("8"));
}

#[test]
fn a_scenario_that_cannot_be_is_refused_with_the_path() {
    let directory = std::env::temp_dir().join(format!("replayground-bad-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("s.json");
    std::fs::write(&file, r#"{"consumers":{"crashes":[{"at":"50%","membr":1}]}}"#).unwrap();
    let output = run(&["simulate", &fixture("kcat-json.ndjson"), "--scenario", file.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("consumers.crashes[0].membr"), "{said}");
    std::fs::remove_dir_all(&directory).unwrap();
}

/// The hash that the page would show for a text under a program.
fn hash_in_the_engine(text: String, program: &str) -> String {
    use replay_engine::{Budget, Engine, Step};
    use replay_protocol::{Configuration, LoadRequest, Reply, Request, SourceSpec};
    let mut engine = Engine::new();
    let mut ask = |request: Request| {
        engine.accept(1, request, Vec::new());
        let mut last = None;
        while engine.step(Budget::records(1000), &mut |_, reply| last = Some(reply)) == Step::Busy {}
        last.unwrap()
    };
    let source = SourceSpec { name: "a.ndjson".into(), text: Some(text), size: None };
    let configuration = Configuration { jq: Some(program.to_owned()), ..Configuration::default() };
    let load = LoadRequest { sources: vec![source], configuration, ..LoadRequest::default() };
    let Reply::Loaded(_) = ask(Request::Load(load)) else { panic!("the engine did not load it") };
    match ask(Request::Hash { position: u64::MAX }) {
        Reply::Hash { hash } => hash,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_program_gives_the_same_states_here_and_in_the_engine() {
    let file = fixture("kcat-json.ndjson");
    let text = std::fs::read_to_string(&file).unwrap();
    for program in [
        ". + $event",
        "if $event == null then null else {n: (.n + 1), t: ($record.timestamp / 7 | log10), seen: [.seen[]?, $event.version]} end",
        ".[$event.operator // \"nobody\"] += 1",
        "error(\"never\")",
        "def f: 1 + f; f",
    ] {
        let output = run(&["fold", &file, "--jq", program, "--hash"], b"");
        assert_eq!(output.status.code(), Some(0), "{program}");
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(printed.trim(), hash_in_the_engine(text.clone(), program), "{program}");
    }
}

#[test]
fn fold_runs_a_program_and_tells_what_it_could_not_do() {
    let log = b"{\"id\":\"a\",\"n\":1}\n{\"id\":\"a\",\"n\":\"x\"}\n{\"id\":\"a\",\"n\":9007199254740993}\n";
    let output = run(&["fold", "-", "--key-by", "/id", "--jq", "(. // 0) + $event.n"], log);
    assert_eq!(output.status.code(), Some(0));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["state"].to_string(), "9007199254740994");
    assert_eq!((&line["version"], &line["events"]), (&2.into(), &3.into()));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("a at position 2: the program failed: number (1) and string (\"x\") cannot be added"),
        "{told}"
    );
    let steps =
        lines(&["history", "-", "--key-by", "/id", "--key", "a", "--projection", "jq", "--jq", "$event.n"], log, 0);
    assert_eq!(steps[2]["changes"][0]["before"], "x");
    for arguments in [
        vec!["fold", "-", "--jq", ".a |"],
        vec!["fold", "-", "--jq", "now"],
        vec!["fold", "-", "--projection", "jq"],
        vec!["fold", "-", "--projection", "merge", "--jq", "."],
    ] {
        let output = run(&arguments, log);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_mapping_says_where_the_parts_of_a_record_are() {
    let path = std::env::temp_dir().join(format!("replayground-mapping-{}.json", std::process::id()));
    let inspect = |mapping: &str, code| {
        std::fs::write(&path, mapping).unwrap();
        run(&["inspect", &fixture("kcat-json.ndjson"), "--mapping", path.to_str().unwrap()], b"").status.code()
            == Some(code)
    };
    assert!(inspect("{\"keys\":\"/a\"}", 2) && inspect("{\"key\":\"a\"}", 2) && inspect("{}", 0));
    std::fs::write(&path, "{\"key\":\"value:/operator\",\"event_type\":null}").unwrap();
    let arguments = ["inspect", &fixture("kcat-json.ndjson"), "--mapping", path.to_str().unwrap()];
    let summary = &lines(&arguments, b"", 0)[0];
    assert_eq!(
        (&summary["mapping"]["key"], &summary["mapping"]["timestamp"]),
        (&"value:/operator".into(), &"/ts".into())
    );
    assert_eq!((&summary["records"], &summary["keys"]), (&26.into(), &8.into()));
    std::fs::write(&path, "{\"columns\":{\"updated_at\":\"timestamp-us\"}}").unwrap();
    let rows = fixture("debezium-postgres-console.txt");
    let state = &lines(&["fold", &rows, "--key", "spray-021222", "--mapping", path.to_str().unwrap()], b"", 0)[0];
    assert!(state["state"]["updated_at"].as_str().is_some_and(|time| time.starts_with("2025-03-03T")), "{state}");
    assert!(inspect("{\"columns\":{\"updated_at\":\"days\"}}", 2));
    std::fs::remove_file(&path).unwrap();
}

/// PostgreSQL does not send large columns that an update left alone.
#[test]
fn columns_that_were_not_sent_keep_what_they_had() {
    #[track_caller]
    fn check(changes: &[&str], expected: &serde_json::Value) {
        let states = lines(&["fold", "-"], changes.join("\n").as_bytes(), 0);
        assert_eq!((states.len(), &states[0]["state"]), (1, expected), "{states:?}");
    }
    let source = r#""source":{"connector":"postgresql","name":"f","schema":"s","table":"t","ts_ms":1740960000000,"lsn":1},"op":"#;
    check(
        &[
            &format!(r#"{{"before":null,"after":{{"id":1,"v":"a","big":"long"}},{source}"c"}}"#),
            &format!(
                r#"{{"before":null,"after":{{"id":1,"v":"b","big":"__debezium_unavailable_value"}},{source}"u"}}"#
            ),
        ],
        &serde_json::json!({"id": 1, "v": "b", "big": "long"}),
    );
    let v1 = |kind: &str, names: &str, values: &str| {
        format!(
            r#"{{"change":[{{"kind":"{kind}","schema":"s","table":"t","columnnames":{names},"columntypes":[],"columnvalues":{values}}}]}}"#
        )
    };
    let v2 = |action: &str, columns: &[(&str, &str)]| {
        let columns =
            columns.iter().map(|(name, value)| format!(r#"{{"name":"{name}","type":"text","value":{value}}}"#));
        let columns = columns.collect::<Vec<_>>().join(",");
        format!(r#"{{"action":"{action}","schema":"s","table":"t","columns":[{columns}]}}"#)
    };
    let inserted = [("id", "1"), ("v", r#""a""#), ("big", r#""long""#)];
    let updated = [("id", "1"), ("v", "null")];
    let expected = serde_json::json!({"id": 1, "v": null, "big": "long"});
    let first = v1("insert", r#"["id","v","big"]"#, r#"[1,"a","long"]"#);
    check(&[&first, &v1("update", r#"["id","v"]"#, "[1,null]")], &expected);
    check(&[&v2("I", &inserted), &v2("U", &updated)], &expected);
    // A row that is inserted again is a new one.
    check(&[&v2("I", &inserted), &v2("I", &updated)], &serde_json::json!({"id": 1, "v": null}));
}

#[test]
fn every_encoding_is_read_or_told() {
    /// Records, the codes of the errors, parts of what `inspect` prints and of the states.
    #[track_caller]
    fn check(input: &[u8], records: u64, errors: &[&str], told: &str, states: &[&str]) {
        let code = i32::from(!errors.is_empty());
        let summary = &lines(&["inspect", "-"], input, code)[0];
        let codes: Vec<&str> =
            summary["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect();
        assert_eq!((&summary["records"], &codes[..]), (&records.into(), errors), "{summary}");
        assert!(summary.to_string().contains(told), "{summary}");
        let printed = run(&["fold", "-", "--projection", "latest", "--key-by", "/id"], input).stdout;
        let printed = String::from_utf8(printed).unwrap();
        for state in states {
            assert!(printed.contains(state), "{state}: {printed}");
        }
    }
    let text = "{\"id\":1,\"name\":\"李四\"}\r\n{\"id\":2,\"name\":\"🦀\"}\r\n{\"id\":1,\"name\":\"王芳\"}\r\n";
    let names = &["\"name\":\"王芳\"", "\"name\":\"🦀\""];
    check(&[&b"\xef\xbb\xbf"[..], text.as_bytes()].concat(), 3, &[], "", names);
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let marked = format!("\u{feff}{text}");
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(unit).collect();
        check(&utf16, 3, &[], "", names);
        check(&utf16[2..], 3, &[], "", names);
        // Half of a character before the quote that ends the last name.
        let broken: Vec<u8> =
            marked.encode_utf16().flat_map(|code| unit(if code == 0x82b3 { 0xd800 } else { code })).collect();
        check(&broken, 3, &["utf-16"], "1 characters were not valid UTF-16", &["\"name\":\"王\u{fffd}\""]);
    }
    let gbk = b"{\"id\":1,\"name\":\"\xc0\xee\xcb\xc4\xcd\xf5\xb7\xbc\xb2\xd9\xd7\xf7\xd4\xb1\"}\n".repeat(3);
    check(&gbk, 3, &["charset"], "looks like GBK", &[]);
    check(b"{\"id\":1,\"v\":\"a\"}\n{\"id\":1,\"v\":\"\xff\xfe\"}\n", 2, &[], "are not UTF-8", &[]);
    check(br#"{"id":1,"v":"a\ud800","w":"\udc00b","z":"\u0000"}"#, 1, &[], "", &[r#""z":"\u0000""#]);
    check(b"{\"id\":1}\n\0\0\0\0\n{\"id\":2}\n", 2, &["not-a-record"], "", &[r#""state":{"id":2}"#]);
    let huge = "12345678901234567890123456789012345678901234567890.5e+400";
    let line = format!("{{\"id\":{huge},\"v\":-0.0000000000000000000000001,\"w\":1e999999999999}}\n");
    let number = format!("\"id\":{huge}");
    check(line.as_bytes(), 1, &[], "", &[&number, "\"w\":1e999999999999", "-0.0000000000000000000000001"]);
    let offset = r#"{"topic":"t","partition":0,"offset":99999999999999999999,"key":"a","payload":"{\"id\":\"a\"}"}"#;
    check(offset.as_bytes(), 1, &[], "", &[r#"{"id":"a"}"#]);
}

#[test]
fn the_format_of_kcat_says_how_text_is_read() {
    let text = b"orders/1/7/a/{\"n\":1}\nbroken\norders/1/8/a/{\"n\":2}\n";
    let output = run(&["inspect", "-", "--kcat-format", r"%t/%p/%o/%k/%s\n"], text);
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&summary["records"], &summary["keys"], &summary["partitions"][0]["topic"], &summary["errors"][0]["line"]),
        (&2.into(), &1.into(), &"orders".into(), &2.into())
    );
    let states = run(&["fold", "-", "--kcat-format", "kcat -C -t o -K/ -D ';'"], b"a/{\"n\":1};a/{\"m\":2};");
    assert!(String::from_utf8_lossy(&states.stdout).contains(r#""topic":"o","key":"a""#), "{states:?}");
    let refused = run(&["inspect", "-", "--kcat-format", "%k%s"], b"");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("nothing stands between %k and %s"));
}

#[test]
fn values_of_protobuf_are_read_with_a_schema_that_is_given() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../replay-formats/tests/fixtures/formats/");
    let log = format!("{folder}confluent-wire-protobuf-rest-binary.json");
    let schema = format!("{folder}schema-registry-ids-3.json");
    let broken = std::env::temp_dir().join(format!("replayground-broken-{}.proto", std::process::id()));
    std::fs::write(&broken, "message M { int32 a; }").unwrap();
    let broken = broken.to_str().unwrap();
    let check = |arguments: &[&str], input: &str, expected: (i32, &str)| {
        let output = run(arguments, input.as_bytes());
        let told = if expected.0 == 0 { &output.stdout } else { &output.stderr };
        let told = String::from_utf8_lossy(told);
        assert_eq!(output.status.code(), Some(expected.0), "{told}");
        assert!(told.contains(expected.1), "{told}");
    };
    check(&["fold", &log, "--schema", &schema], "", (0, r#""status":"IN_USE""#));
    check(&["inspect", &log, &schema], "", (0, "3 (Protobuf com.factory.spray.StatusChangedEvent)"));
    check(&["fold", &log, "--schema", broken], "", (2, "broken-"));
    check(&["fold", &log, "--schema", broken], "", (2, "line 1, column 20: \"=\" was expected, not \";\""));
    check(&["fold", &log, "--schema", &log], "", (2, "is no schema of Protobuf or Avro"));
    // Two messages that are alike: one has to be chosen.
    std::fs::write(broken, "syntax = \"proto3\"; package p; message A { string a = 1; } message B { string b = 1; }")
        .unwrap();
    let record = r#"{"topic":"t","partition":0,"offset":0,"key":"k","value_base64":"CgF4"}"#;
    let base = ["fold", "-", "--schema", broken];
    check(&base, record, (0, r#""state":"\n\u0001x""#));
    check(&[&base[..], &["--message", "p.B"]].concat(), record, (0, r#""state":{"b":"x"}"#));
    let inspect = ["inspect", "-", "--schema", broken];
    check(&inspect, record, (0, "which of these messages they are has to be chosen: p.A, p.B"));
    std::fs::remove_file(broken).unwrap();
}
