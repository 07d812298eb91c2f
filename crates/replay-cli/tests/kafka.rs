//! A topic as input: the command line against a server of a few canned answers.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Output};

/// A server that answers by the beginning of the path until the process ends. Gives its address.
fn server(answers: &'static [(&'static str, u16, &'static str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let path = lines.next().unwrap().unwrap().split(' ').nth(1).unwrap().to_owned();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let found = answers.iter().find(|(start, ..)| path.starts_with(start));
            let (_, status, body) =
                found.copied().unwrap_or(("", 404, "{\"error_code\":40401,\"message\":\"no such topic\"}"));
            let head = format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        }
    });
    address
}

const ANSWERS: &[(&str, u16, &str)] = &[
    ("/proxy", 200, r#"{"server":"replayground-proxy","version":"0"}"#),
    ("/topics/t/offsets", 200, r#"{"partitions":[{"partition":0,"beginning_offset":3,"end_offset":5}]}"#),
    (
        "/topics/t/records?partitions=0&offsets=0:4&until_offsets=0:5&isolation=read_uncommitted",
        200,
        "{\"topic\":\"t\",\"partition\":0,\"offset\":4,\"timestamp\":2,\"key\":\"b\",\"value\":{\"n\":2},\"headers\":[]}\n",
    ),
    (
        "/topics/t/records?partitions=0&offsets=0:3&until_offsets=0:5&isolation=read_uncommitted",
        200,
        "{\"topic\":\"t\",\"partition\":0,\"offset\":3,\"timestamp\":1,\"key\":\"a\",\"value\":{\"n\":1},\"headers\":[]}\n{\"topic\":\"t\",\"partition\":0,\"offset\":4,\"timestamp\":2,\"key\":\"b\",\"value\":{\"n\":2},\"headers\":[]}\n",
    ),
];

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_replayground")).args(arguments).output().unwrap()
}

/// `expected` is the exit code and a part of what is printed, on stdout if it is 0, else on stderr.
#[track_caller]
fn check(server: &str, topic: &str, expected: (i32, &str)) {
    let output = run(&["fold", &format!("kafka+http://{server}/{topic}")]);
    let told = if expected.0 == 0 { &output.stdout } else { &output.stderr };
    let told = String::from_utf8_lossy(told);
    assert_eq!(output.status.code(), Some(expected.0), "{told}");
    assert!(told.contains(expected.1), "{told}");
}

#[test]
fn a_topic_is_read_where_a_file_would_be() {
    let server = server(ANSWERS);
    check(
        &server,
        "t",
        (0, r#"{"topic":"t","key":"a","state":{"n":1},"version":1,"events":1,"last":{"partition":0,"offset":3}}"#),
    );
    check(&server, "t?from=-1", (0, r#"{"topic":"t","key":"b","state":{"n":2}"#));
    let output = run(&["inspect", &format!("kafka+http://{server}/t")]);
    assert!(String::from_utf8_lossy(&output.stdout).contains(r#""start":3,"end":5,"records":2"#));
}

#[test]
fn what_cannot_be_read_is_told_with_what_to_do() {
    let server = server(ANSWERS);
    check(&server, "other", (1, "there is no topic other"));
    check(&server, "t?from=2", (1, "begins at offset 3, not 2; retention removed"));
    check(&server, "t?from=9", (1, "ends at offset 5"));
    check(&server, "t?from=soon", (2, "from=soon: must be"));
    check("127.0.0.1:9", "t", (1, "start the proxy, or correct the address"));
}

const REGISTRY: &[(&str, u16, &str)] = &[
    (
        "/schemas/ids/1",
        200,
        r#"{"schema":"{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"total\",\"type\":\"Money\"}]}","references":[{"name":"Money","subject":"the money","version":2}]}"#,
    ),
    (
        "/subjects/the%20money/versions/2",
        200,
        r#"{"subject":"the money","version":2,"id":7,"schema":"{\"type\":\"record\",\"name\":\"Money\",\"fields\":[{\"name\":\"cents\",\"type\":\"long\"}]}"}"#,
    ),
    ("/schemas/ids/2", 200, r#"{"schema":"{}","schemaType":"JSON"}"#),
    (
        "/schemas/ids/3",
        200,
        r#"{"schema":"syntax = \"proto3\"; import \"unit.proto\"; message Ping { Unit unit = 1; }","schemaType":"PROTOBUF","references":[{"name":"unit.proto","subject":"unit","version":1}]}"#,
    ),
    (
        "/subjects/unit/versions/1",
        200,
        r#"{"subject":"unit","version":1,"id":9,"schemaType":"PROTOBUF","schema":"syntax = \"proto3\"; enum Unit { EUR = 0; USD = 1; }"}"#,
    ),
    (
        "/schemas/guids/01020304-0506-0708-090a-0b0c0d0e0f10",
        200,
        r#"{"schema":"{\"type\":\"record\",\"name\":\"Made\",\"fields\":[{\"name\":\"n\",\"type\":\"long\"}]}"}"#,
    ),
];

/// Values of schemas 1 (Avro), 2 (JSON), 3 (Protobuf) and 4, which the registry does not know, and of one that a header names by its GUID,
/// as a proxy gives bytes.
const BYTES: &str = "{\"topic\":\"t\",\"partition\":0,\"offset\":0,\"key\":\"avro\",\"value_base64\":\"AAAAAAFU\"}\n{\"topic\":\"t\",\"partition\":0,\"offset\":1,\"key\":\"json\",\"value_base64\":\"AAAAAAJ7Im4iOjF9\"}\n{\"topic\":\"t\",\"partition\":0,\"offset\":2,\"key\":\"proto\",\"value_base64\":\"AAAAAAMACAE=\"}\n{\"topic\":\"t\",\"partition\":0,\"offset\":3,\"key\":\"other\",\"value_base64\":\"AAAAAAQACAE=\"}\n{\"topic\":\"t\",\"partition\":0,\"offset\":4,\"key\":\"guid\",\"headers\":[{\"key\":\"__value_schema_id\",\"value_base64\":\"AQECAwQFBgcICQoLDA0ODxA=\"}],\"value_base64\":\"Kg==\"}\n";
const TOPIC_OF_BYTES: &[(&str, u16, &str)] = &[
    ("/proxy", 200, r#"{"server":"replayground-proxy","version":"0"}"#),
    ("/topics/t/offsets", 200, r#"{"partitions":[{"partition":0,"beginning_offset":0,"end_offset":5}]}"#),
    ("/topics/t/records", 200, BYTES),
];

#[test]
fn schemas_are_asked_for_by_number_with_those_that_they_refer_to() {
    let registry = server(REGISTRY);
    let file = std::env::temp_dir().join(format!("replayground-registry-{}.ndjson", std::process::id()));
    std::fs::write(&file, BYTES).unwrap();
    let topic = format!("kafka+http://{}/t", server(TOPIC_OF_BYTES));
    for input in [file.to_str().unwrap(), &topic] {
        for command in [&["fold"][..], &["convert", "--to", "ndjson"], &["inspect"], &["history", "--key", "avro"]] {
            let url = format!("http://{registry}/");
            let output = run(&[command, &[input, "--schema-registry", &url]].concat());
            let (out, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            let expected: &[&str] = match command[0] {
                "fold" | "convert" => &[r#"{"total":{"cents":42}}"#, r#"{"n":1}"#, r#"{"unit":"USD"}"#, r#"{"n":21}"#],
                "inspect" => &["1 (Avro Order)", "2 (JSON Schema)", "3 (Protobuf Ping)", "4 (not given"],
                _ => &[r#""path":"/total/cents""#],
            };
            assert!(expected.iter().all(|part| out.contains(part)), "{command:?}: {out}");
            assert!(told.contains("schema 4: "), "{told}");
        }
    }
    let check = |url: &str, expected: (i32, &str)| {
        let output = run(&["fold", file.to_str().unwrap(), "--schema-registry", url]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(expected.0), "{told}");
        assert!(told.contains(expected.1), "{told}");
    };
    check("localhost:8081", (2, "it looks like http://localhost:8081"));
    check("http://127.0.0.1:9", (1, "cannot ask the Schema Registry http://127.0.0.1:9"));
    std::fs::remove_file(&file).unwrap();
}

/// A server that tells what credentials it was sent.
fn asked_with(sent: std::sync::mpsc::Sender<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let credentials = head.iter().find_map(|line| line.strip_prefix("authorization: "));
            sent.send(credentials.unwrap_or_default().to_owned()).unwrap();
            stream.write_all(b"HTTP/1.1 404 x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}").unwrap();
        }
    });
    address
}

#[test]
fn a_registry_is_sent_a_token_or_a_name_and_password() {
    let (sender, sent) = std::sync::mpsc::channel();
    let address = asked_with(sender);
    let file = std::env::temp_dir().join(format!("replayground-credentials-{}.ndjson", std::process::id()));
    std::fs::write(&file, BYTES.lines().next().unwrap()).unwrap();
    let check = |url: &str, token: Option<&str>, expected: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_replayground"));
        command.args(["inspect", file.to_str().unwrap(), "--schema-registry", url]);
        command.env_remove("REPLAYGROUND_SCHEMA_REGISTRY_TOKEN");
        command.envs(token.map(|token| ("REPLAYGROUND_SCHEMA_REGISTRY_TOKEN", token)));
        let output = command.output().unwrap();
        let sent = sent.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
        assert_eq!(sent, expected, "{output:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("secret"), "{output:?}");
    };
    check(&format!("http://{address}"), None, "");
    check(&format!("http://{address}"), Some("abc"), "Bearer abc");
    check(&format!("http://{address}"), Some("me:secret"), "Basic bWU6c2VjcmV0");
    check(&format!("http://me:secret@{address}"), None, "Basic bWU6c2VjcmV0");
    std::fs::remove_file(&file).unwrap();
}
