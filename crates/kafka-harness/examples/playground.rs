//! A broker that takes orders on standard input, for tests in other languages. Each order is answered by a line that begins with `done` or
//! `failed`.
//!
//! `produce TOPIC FROM COUNT RATE` creates the topic with three partitions if it is not there, and writes records `k0` … `k99` at that rate
//! (0: as fast as it goes); a further number is how many keys there are. `consume TOPIC COUNT` answers with the seconds that a plain consumer takes for them, with librdkafka's defaults or,
//! as `consume-tuned`, with the proxy's settings. `delete TOPIC`; `truncate TOPIC PARTITION OFFSET` removes what is before, as retention does;
//! `deny TOPIC` lets nobody read it (with the argument `acl`; needs a JDK); `stop` and `start` the broker; `bridge` starts Strimzi's Kafka
//! Bridge and answers with its address and process, if it is to be had.

use kafka_harness::{Bridge, Broker, Error, Options};
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
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

/// Lets everybody see the topic `args[1]`, and nobody read it; ends when the broker goes by that.
const DENY: &str = r#"
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.common.acl.*;
import org.apache.kafka.common.resource.*;
public class Deny {
    static AclBinding rule(String topic, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
            new AccessControlEntry("User:*", "*", operation, permission));
    }
    public static void main(String[] args) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            admin.createAcls(List.of(rule(args[1], AclOperation.DESCRIBE, AclPermissionType.ALLOW),
                rule(args[1], AclOperation.READ, AclPermissionType.DENY))).all().get();
            AclBindingFilter own = new AclBindingFilter(
                new ResourcePatternFilter(ResourceType.TOPIC, args[1], PatternType.LITERAL), AccessControlEntryFilter.ANY);
            while (admin.describeAcls(own).values().get().size() < 2) {
                Thread.sleep(20);
            }
        }
    }
}
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options = Options::default();
    if std::env::args().any(|argument| argument == "acl") {
        options = options
            .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .with("allow.everyone.if.no.acl.found", "true");
    }
    let mut broker = match Broker::start(&options) {
        Ok(broker) => broker,
        Err(Error::Missing(missing)) => {
            println!("skipped, because {missing}");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let producer: BaseProducer = broker.client().set("linger.ms", "5").create()?;
    println!("ready {}", broker.address());
    let mut bridge = None;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let answer =
            order(&mut broker, &mut bridge, &producer, &line).unwrap_or_else(|error| format!("failed: {error}"));
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

fn order(
    broker: &mut Broker,
    bridge: &mut Option<Bridge>,
    producer: &BaseProducer,
    line: &str,
) -> Result<String, Box<dyn std::error::Error>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let admin = || broker.client().create::<AdminClient<DefaultClientContext>>();
    let options = AdminOptions::new();
    let done = || Ok("done".to_owned());
    match words[..] {
        ["delete", topic] => {
            futures_executor::block_on(admin()?.delete_topics(&[topic], &options))?;
            broker.wait_for_topics(&[(topic, 0)])?;
            return done();
        }
        ["truncate", topic, partition, offset] => {
            let mut list = TopicPartitionList::new();
            list.add_partition_offset(topic, partition.parse()?, Offset::Offset(offset.parse()?))?;
            futures_executor::block_on(admin()?.delete_records(&list, &options))?;
            return done();
        }
        ["deny", topic] => {
            let program = broker.folder().join("Deny.java");
            std::fs::write(&program, DENY)?;
            let output = broker.jars().command().arg(&program).arg(broker.address()).arg(topic).output()?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().into());
            }
            return done();
        }
        ["stop"] => {
            broker.kill();
            return done();
        }
        ["start"] => {
            broker.start_again()?;
            return done();
        }
        ["bridge"] => {
            let cors = [
                ("http.cors.enabled", "true"),
                ("http.cors.allowedOrigins", ".*"),
                ("http.cors.allowedMethods", "GET,POST,DELETE,OPTIONS"),
            ];
            let started = Bridge::start(&broker.address(), &cors)?;
            let told = format!("done {} {}", started.address(), started.pid());
            *bridge = Some(started);
            return Ok(told);
        }
        _ => {}
    }
    if let ["consume" | "consume-tuned", topic, count] = words[..] {
        let settings = if words[0] == "consume" { &[][..] } else { &TUNED };
        return consume(broker, settings, topic, count.parse()?).map(|seconds| format!("done {seconds}"));
    }
    let ["produce", topic, from, count, rate, ref keys @ ..] = words[..] else {
        return Err(format!("not an order: {line}").into());
    };
    let (from, count, rate): (u64, u64, u64) = (from.parse()?, count.parse()?, rate.parse()?);
    let keys: u64 = keys.first().map_or(Ok(100), |keys| keys.parse())?.max(1);
    if from == 0 {
        // It may be there already.
        let _ = broker.create_topic(topic, 3, &[]);
    }
    let started = now();
    let mut n = from;
    while n < from + count {
        let end = (n + if rate == 0 { count } else { TOGETHER }).min(from + count);
        for n in n..end {
            let (key, value) = (format!("k{}", n % keys), format!("{{\"type\":\"T{}\",\"n\":{n}}}", n % 4));
            let mut record = BaseRecord::to(topic).partition((n % keys % 3) as i32).key(&key).payload(&value);
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
