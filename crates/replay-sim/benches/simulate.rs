//! A million records through 12 partitions, 4 consumers, dedupe and compaction; and ten thousand, as a control that is dragged needs them.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use replay_core::Projection;
use replay_log::Log;
use replay_protocol::{Cleanup, CleanupPolicy, Consumers, Idempotency, Producer, Rate, Scenario, Topic};
use replay_sim::{Facts, FactsJob, Simulation};
use replay_testing::{Made, log_of};
use std::hint::black_box;
use std::sync::Arc;

fn log(records: usize) -> Log {
    let made = |n: usize| Made {
        partition: (n % 3) as u32,
        key: format!("key-{}", n * 7919 % (records / 20)),
        value: Some(format!("{{\"status\":{},\"operator\":\"op-{}\",\"pressure\":{}.5}}", n % 7, n % 31, n % 90)),
        timestamp_ms: 1_740_960_000_000 + n as i64 * 50,
    };
    log_of(&(0..records).map(made).collect::<Vec<_>>())
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
