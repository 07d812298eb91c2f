//! A million records through 12 partitions, 4 consumers, dedupe and compaction; and ten thousand, as a control that is dragged needs them.
//! The log lies as it does in the page: lines of 300 bytes as kcat prints them, packed in memory.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use replay_core::Projection;
use replay_formats::{LoadOptions, Loader};
use replay_log::Log;
use replay_protocol::{Cleanup, CleanupPolicy, Consumers, Idempotency, Producer, Rate, Scenario, Topic};
use replay_sim::{Facts, FactsJob, Simulation};
use replay_testing::Disk;
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

fn log(records: usize) -> Log {
    let mut text = String::new();
    for n in 0..records {
        let account = n * 7919 % (records / 20);
        let more = match n % 5 {
            0 => format!(
                r#"\"owner\":\"owner {account}\",\"balance\":0,\"status\":\"OPEN\",\"address\":{{\"city\":\"Graz\"}}"#
            ),
            3 => r#"\"status\":\"FROZEN\""#.to_owned(),
            4 => r#"\"status\":\"OPEN\""#.to_owned(),
            _ => format!(
                r#"\"amount\":{},\"balance\":{},\"currency\":\"EUR\",\"memo\":\"transfer {n}\""#,
                n % 10_000,
                n % 999_983
            ),
        };
        let (partition, ts, version) = (account % 12, 1_740_960_000_000 + n * 50, n / (records / 20) + 1);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            r#"{{"topic":"account-events","partition":{partition},"offset":{n},"tstype":"create","ts":{ts},"broker":1,"headers":["event_type","Changed"],"key":"account-{account:07}","payload":"{{\"accountId\":\"account-{account:07}\",\"eventId\":\"{n:08x}-{n}\",\"version\":{version},{more}}}"}}"#
        );
    }
    // As the page has it: a file on disk.
    let mut loader = Loader::leaving_text(LoadOptions::default(), Arc::new(Disk::new(text.as_bytes())));
    loader.push(text.as_bytes());
    loader.finish_input();
    while !loader.is_done() {
        loader.step(100_000);
    }
    let log = loader.into_loaded().log;
    for text in log.texts() {
        while !text.fill() {}
    }
    log
}

fn scenario() -> Scenario {
    Scenario {
        topic: Topic { partitions: Some(12), ..Topic::default() },
        producer: Producer { duplicate_rate: 0.01, ..Producer::default() },
        consumers: Consumers { count: 4, rate: Some(Rate::Share(0.5)), commit_every: 100, ..Consumers::default() },
        idempotency: Idempotency::EventId,
        cleanup: Cleanup { policy: CleanupPolicy::Compact, segment_bytes: 1_000_000, ..Cleanup::default() },
        ..Scenario::default()
    }
}

fn simulate(criterion: &mut Criterion) {
    for records in [10_000, 1_000_000] {
        let log = log(records);
        let mut group = criterion.benchmark_group(format!("{records} records"));
        group.sample_size(10);
        group.bench_function("facts", |bencher| {
            bencher.iter(|| black_box(FactsJob::new(log.clone(), &scenario()).finish()));
        });
        let facts: Arc<Facts> = Arc::new(FactsJob::new(log.clone(), &scenario()).finish());
        group.bench_function("simulate", |bencher| {
            bencher.iter_batched(
                || Simulation::new(facts.clone(), scenario(), Projection::Merge).expect("a valid scenario"),
                |simulation| black_box(simulation.finish()),
                BatchSize::PerIteration,
            );
        });
        group.finish();
    }
}

criterion_group!(benches, simulate);
criterion_main!(benches);
