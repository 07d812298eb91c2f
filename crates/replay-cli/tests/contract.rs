//! The command line as tests and scripts rely on it: what is printed where, and the exit code.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use serde_json::Value;
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
fn what_was_converted_reads_back_the_same() {
    for format in ["ndjson", "kcat"] {
        let converted = run(&["convert", &fixture("debezium-postgres-console.txt"), "--to", format], b"");
        assert!(converted.status.success());
        let again = lines(&["inspect", "-"], &converted.stdout, 0);
        let before = lines(&["inspect", &fixture("debezium-postgres-console.txt")], b"", 0);
        for member in ["records", "keys", "tombstones", "changes"] {
            assert_eq!(again[0][member], before[0][member], "{format}: {member}");
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
