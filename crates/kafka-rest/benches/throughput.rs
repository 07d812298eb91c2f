//! Records a second and memory: a plain consumer of librdkafka, and this proxy's NDJSON over a socket, of the same topic in one run.
//!
//! `cargo bench -p kafka-rest`; `REPLAYGROUND_BENCH_RECORDS` is the number of records, a million by default.
#![allow(clippy::unwrap_used, reason = "a benchmark may fail")]

use kafka_harness::{Broker, Options, broker_or_skip};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::{Offset, TopicPartitionList};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
/// What makes the proxy's own consumers wait less for each other; librdkafka's default pauses for a second when its queue is full.
const TUNED: [(&str, &str); 2] = [("fetch.queue.backoff.ms", "5"), ("fetch.wait.max.ms", "100")];

fn main() {
    let Some(broker) = broker_or_skip(&Options::default()) else { return };
    let records: usize = std::env::var("REPLAYGROUND_BENCH_RECORDS").ok().map_or(1_000_000, |n| n.parse().unwrap());
    broker.create_topic("bench", 1, &[]).unwrap();
    let (keys, values): (Vec<String>, Vec<String>) = (0..records)
        .map(|n| {
            (
                format!("order-{}", n % 5000),
                format!("{{\"id\":{n},\"status\":\"PAID\",\"total\":{}.5,\"city\":\"Zürich\"}}", n % 1000),
            )
        })
        .unzip();
    let pairs = keys.iter().zip(&values).map(|(key, value)| (Some(key.as_str()), Some(value.as_str())));
    broker.produce("bench", 0, pairs).unwrap();
    let proxy = Proxy::start(&broker);
    let (mut plain, mut tuned, mut through) = (Vec::new(), Vec::new(), Vec::new());
    // In turns, so that what else the machine does hits both alike.
    for _ in 0..ROUNDS {
        plain.push(rate(records, || plain_consumer(&broker, &[], records)));
        tuned.push(rate(records, || plain_consumer(&broker, &TUNED, records)));
        through.push(rate(records, || proxy.read(records)));
    }
    let (plain, tuned, through) = (median(plain), median(tuned), median(through));
    println!("librdkafka consumer with its defaults  {plain:>10.0} records/s");
    println!("the same with the proxy's settings     {tuned:>10.0} records/s");
    println!(
        "proxy, NDJSON on a socket              {through:>10.0} records/s: {:.2} and {:.2} of these",
        through / plain,
        through / tuned
    );
    println!("the proxy's peak memory                {:>10} MB", proxy.peak_mb());
}

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at the clock")]
fn rate(records: usize, work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    records as f64 / started.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Reads all and looks at each value's length, as the least that any reader does.
fn plain_consumer(broker: &Broker, settings: &[(&str, &str)], records: usize) {
    let mut config = broker.client();
    config.set("group.id", "bench");
    for (name, value) in settings {
        config.set(*name, *value);
    }
    let consumer: BaseConsumer = config.create().unwrap();
    let mut list = TopicPartitionList::new();
    list.add_partition_offset("bench", 0, Offset::Beginning).unwrap();
    consumer.assign(&list).unwrap();
    let (mut n, mut bytes) = (0, 0);
    while n < records {
        if let Some(Ok(message)) = consumer.poll(Duration::from_secs(1)) {
            n += 1;
            bytes += message.payload_len();
        }
    }
    std::hint::black_box(bytes);
}

struct Proxy {
    child: std::process::Child,
    address: String,
}

impl Proxy {
    fn start(broker: &Broker) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let child = Command::new(env!("CARGO_BIN_EXE_replayground-proxy"))
            .args(["--brokers", &broker.address(), "--listen", &address])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(&address).is_err() {
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { child, address }
    }

    /// Reads the body to its end and counts its lines.
    fn read(&self, records: usize) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET /topics/bench/partitions/0/records HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
        let (mut part, mut lines) = (vec![0; 256 * 1024], 0);
        loop {
            let n = stream.read(&mut part).unwrap();
            if n == 0 {
                break;
            }
            lines += memchr::memchr_iter(b'\n', &part[..n]).count();
        }
        assert!(lines >= records, "{lines} lines");
    }

    fn peak_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
        line.trim().trim_end_matches(" kB").parse().unwrap_or(0) / 1024
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
