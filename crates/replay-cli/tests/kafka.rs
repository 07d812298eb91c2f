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
