//! A broker that takes orders on standard input, for tests in other languages: `produce TOPIC FROM COUNT RATE` creates the topic with three
//! partitions if it is not there, and writes records `k0` … `k99` at that rate (0: as fast as it goes). Each order is answered by a line.

use kafka_harness::{Broker, Error, Options};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

/// Records that are sent together.
const TOGETHER: u64 = 50;

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
        let answer =
            order(&broker, &producer, &line).map_or_else(|error| format!("failed: {error}"), |()| "done".to_owned());
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

fn order(broker: &Broker, producer: &BaseProducer, line: &str) -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<&str> = line.split_whitespace().collect();
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
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a producer keeps time")]
fn now() -> Instant {
    Instant::now()
}
