//! The program itself, over sockets: clients that are slow, many, silent or broken. It stays up, and its memory bounded.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::{NOBODY, broker};

/// `replayground-proxy` as it is installed, on a free port.
struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn start(brokers: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_replayground-proxy"))
            .args(["--brokers", brokers, "--listen", "127.0.0.1:0"])
            .args(arguments)
            .env("RUST_LOG", "info")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("\"listening\"") {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended");
        }
        let told: serde_json::Value = serde_json::from_str(&line).unwrap();
        // The log goes on into nothing, so that its pipe does not fill.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, address: told["address"].as_str().unwrap().to_owned() }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        stream
    }

    /// Sends these bytes and gives all that comes back.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // It may hang up before it has taken everything.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Status and body, by HTTP/1.0, so that the body is not in chunks.
    fn get(&self, path: &str) -> (u16, String) {
        let answer = self.raw(format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{path}: {answer:.500}"));
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn metric(&self, name: &str) -> i64 {
        let (_, text) = self.get("/metrics");
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("replayground_proxy_{name} ")));
        line.unwrap_or_else(|| panic!("{text}")).parse().unwrap()
    }

    /// The most memory that it ever had, in MB.
    fn peak_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    #[track_caller]
    fn wait_for(&self, what: &str, within: Duration, is_so: impl Fn(&Self) -> bool) {
        let started = now();
        while !is_so(self) {
            assert!(started.elapsed() < within, "{what}: not within {within:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "a test waits for a program")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn broken_requests_are_answered_or_hung_up_on() {
    let program = Program::start(NOBODY, &[]);
    let mut many_headers = "GET /health HTTP/1.1\r\nHost: localhost\r\n".to_owned();
    for n in 0..500 {
        write!(many_headers, "x-{n}: y\r\n").unwrap();
    }
    let requests: [&[u8]; 9] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 not TLS either\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /health HTTP/9.9\r\n\r\n",
        b"GET /health\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /consumers/g HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /consumers/g HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /consumers/g HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        &format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1 << 20)).into_bytes(),
        format!("{many_headers}\r\n").leak().as_bytes(),
    ];
    for request in requests {
        let mut stream = program.connect();
        let _ = stream.write_all(request);
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer:.200}");
    }
    assert_eq!(program.get("/health").0, 200);
}

#[test]
fn paths_that_climb_out_of_the_site_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("site")).unwrap();
    std::fs::write(folder.path().join("site/index.html"), "page").unwrap();
    std::fs::write(folder.path().join("secret"), "secret").unwrap();
    let program = Program::start(NOBODY, &["--site", folder.path().join("site").to_str().unwrap()]);
    assert_eq!(program.get("/index.html"), (200, "page".to_owned()));
    for path in ["/../secret", "/a/../../secret", "/..%2fsecret", "/%2e%2e/secret", "/./../secret", "//../secret"] {
        let (status, body) = program.get(path);
        assert!((400..500).contains(&status) && !body.contains("secret"), "{path}: {status} {body}");
    }
}

#[test]
fn it_ends_when_told_and_lets_a_tail_know() {
    let Some(broker) = broker() else { return };
    broker.create_topic("ending", 1, &[]).unwrap();
    let mut program = Program::start(&broker.address(), &[]);
    let mut tail = program.connect();
    tail.write_all(b"GET /topics/ending/live HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
    let mut head = [0; 64];
    tail.read_exact(&mut head).unwrap();
    Command::new("kill").args(["-TERM", &program.child.id().to_string()]).status().unwrap();
    let mut rest = String::new();
    tail.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("event: failure") && rest.contains("shutting down"), "{rest}");
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn slow_and_many_clients_leave_it_up_and_its_memory_bounded() {
    let Some(broker) = broker() else { return };
    broker.create_topic("crowd", 1, &[]).unwrap();
    let filler = "x".repeat(400);
    // Eighty megabytes in Kafka.
    broker.produce("crowd", 0, (0..200_000).map(|_| (Some("k"), Some(filler.as_str())))).unwrap();
    // Patience is longer than it takes to see all places taken at once, however busy the machine is.
    let often = ["--requests-per-minute", "100000"];
    let limits = ["--max-reads", "16", "--patience-s", "12", often[0], often[1]];
    let program = Program::start(&broker.address(), &limits);

    // Sixteen clients that ask for everything and take nothing: their places are free again once patience is at its end.
    let request = b"GET /topics/crowd/partitions/0/records HTTP/1.0\r\nHost: localhost\r\n\r\n";
    let idle: Vec<TcpStream> = (0..16)
        .map(|_| {
            let mut stream = program.connect();
            stream.write_all(request).unwrap();
            stream
        })
        .collect();
    program.wait_for("all places are taken", Duration::from_mins(1), |program| program.metric("reads") == 16);
    program.wait_for("all places are free", Duration::from_mins(1), |program| program.metric("reads") == 0);
    drop(idle);

    // Two hundred at once, each for a hundredth: they are served in turn, all of it or a clear no.
    let program = Program::start(&broker.address(), &["--max-reads", "16", "--patience-s", "60", often[0], often[1]]);
    let path = "/topics/crowd/partitions/0/records?count=2000";
    let answers: Vec<(u16, usize)> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..200)
            .map(|_| {
                scope.spawn(|| {
                    let (status, body) = program.get(path);
                    if status == 503 {
                        assert!(body.contains("50302"), "{body:.300}");
                    }
                    (status, body.lines().count())
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| matches!(answer, (200, 2000) | (503, _))), "{answers:?}");
    let served = answers.iter().filter(|(status, _)| *status == 200).count();
    assert!(served >= 100, "only {served} were served");
    assert_eq!(program.get("/health").0, 200);
    program.wait_for("all connections are closed", Duration::from_mins(1), |program| {
        program.metric("connections") <= 1 && program.metric("reads") == 0
    });
    let peak_mb = program.peak_mb();
    eprintln!("{served} of 200 clients were served, peak memory {peak_mb} MB");
    assert!(peak_mb < 600, "{peak_mb} MB");
}
