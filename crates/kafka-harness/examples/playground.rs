//! A broker that takes orders on standard input, for tests in other languages: `produce TOPIC FROM COUNT RATE` creates the topic with three
//! partitions if it is not there, and writes records `k0` … `k99` at that rate (0: as fast as it goes); `consume TOPIC COUNT` answers with the seconds
//! that a plain consumer takes for them, with librdkafka's defaults or, as `consume-tuned`, with the proxy's settings. Each order is answered by a line.

use kafka_harness::{Broker, Error, Options};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{Offset, TopicPartitionList};
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

/// Records that are sent together.
const TOGETHER: u64 = 50;
/// The proxy's own settings: librdkafka's default pauses for a second when its queue is full.
const TUNED: [(&str, &str); 2] = [("fetch.queue.backoff.ms", "5"), ("fetch.wait.max.ms", "100")];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let broker = match Broker::start(&Options::default()) {
        Ok(broker) => broker,
        Err(Error::Missing(missing)) => {
            println!("skipped, because {missing}");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let producer: BaseProducer = broker.client().set("linger.ms", "5").create()?;
    println!("ready {}", broker.address());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let answer = order(&broker, &producer, &line).unwrap_or_else(|error| format!("failed: {error}"));
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

fn order(broker: &Broker, producer: &BaseProducer, line: &str) -> Result<String, Box<dyn std::error::Error>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    if let ["consume" | "consume-tuned", topic, count] = words[..] {
        let settings = if words[0] == "consume" { &[][..] } else { &TUNED };
        return consume(broker, settings, topic, count.parse()?).map(|seconds| format!("done {seconds}"));
    }
    let ["produce", topic, from, count, rate] = words[..] else { return Err(format!("not an order: {line}").into()) };
    let (from, count, rate): (u64, u64, u64) = (from.parse()?, count.parse()?, rate.parse()?);
    if from == 0 {
        // It may be there already.
        let _ = broker.create_topic(topic, 3, &[]);
    }
    let started = now();
    let mut n = from;
    while n < from + count {
        let end = (n + if rate == 0 { count } else { TOGETHER }).min(from + count);
        for n in n..end {
            let (key, value) = (format!("k{}", n % 100), format!("{{\"type\":\"T{}\",\"n\":{n}}}", n % 4));
            let mut record = BaseRecord::to(topic).partition((n % 100 % 3) as i32).key(&key).payload(&value);
            while let Err((error, back)) = producer.send(record) {
                if error.rdkafka_error_code() != Some(RDKafkaErrorCode::QueueFull) {
                    return Err(error.into());
                }
                producer.poll(Duration::from_millis(10));
                record = back;
            }
        }
        producer.poll(Duration::ZERO);
        n = end;
        if rate > 0 {
            let due = Duration::from_secs_f64((n - from) as f64 / rate as f64);
            std::thread::sleep(due.saturating_sub(started.elapsed()));
        }
    }
    producer.flush(Duration::from_secs(30))?;
    Ok("done".to_owned())
}

/// Seconds until a plain consumer has seen so many records of all partitions.
fn consume(
    broker: &Broker,
    settings: &[(&str, &str)],
    topic: &str,
    count: u64,
) -> Result<f64, Box<dyn std::error::Error>> {
    let mut config = broker.client();
    config.set("group.id", "plain");
    for (name, value) in settings {
        config.set(*name, *value);
    }
    let consumer: BaseConsumer = config.create()?;
    let mut list = TopicPartitionList::new();
    for partition in 0..3 {
        list.add_partition_offset(topic, partition, Offset::Beginning)?;
    }
    consumer.assign(&list)?;
    let (started, mut n, mut bytes) = (now(), 0, 0);
    while n < count {
        if let Some(message) = consumer.poll(Duration::from_secs(10)) {
            n += 1;
            bytes += message?.payload_len();
        }
    }
    std::hint::black_box(bytes);
    Ok(started.elapsed().as_secs_f64())
}

#[expect(clippy::disallowed_methods, reason = "a producer keeps time")]
fn now() -> Instant {
    Instant::now()
}
