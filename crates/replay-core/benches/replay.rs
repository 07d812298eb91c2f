//! How fast a loaded log is folded and looked into: `cargo bench -p replay-core`. Loading itself is measured in `replay-formats`.

#![allow(missing_docs, reason = "criterion's macro makes the main function")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use replay_core::{CheckpointJob, HashJob, Projection, Replay};
use replay_log::{Log, Order, Schedule};
use replay_testing::{Made, log_of};
use std::hint::black_box;
use std::sync::Arc;

const RECORDS: u64 = 1_000_000;
const KEYS: u64 = 50_000;

/// A million account events over 50 000 keys, each stating some of its fields.
fn accounts() -> Log {
    let made = |n: u64| {
        let key = n * 7919 % KEYS;
        let value = match n / KEYS % 3 {
            0 => format!(
                r#"{{"owner":"owner {key}","balance":0,"limit":1000,"address":{{"city":"Graz","street":"S {n}"}}}}"#
            ),
            1 => format!(r#"{{"balance":{n},"amount":{},"currency":"EUR"}}"#, n % 997),
            _ => format!(r#"{{"status":"FROZEN","address":{{"city":"Porto"}},"note":null,"n":{n}}}"#),
        };
        Made {
            partition: (key % 12) as u32,
            key: format!("account-{key:06}"),
            value: Some(value),
            timestamp_ms: 1_740_960_000_000 + n as i64,
        }
    };
    log_of(&(0..RECORDS).map(made).collect::<Vec<_>>())
}

fn bench(criterion: &mut Criterion) {
    let log = accounts();
    let order = Arc::new(Order::new(&log, Schedule::File));
    let replay = Replay::prepare(log, order, Projection::Merge).finish();
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10);
    group.throughput(Throughput::Elements(RECORDS));
    group.bench_function("fold all keys to references", |bencher| {
        bencher.iter(|| black_box(CheckpointJob::new(replay.clone(), RECORDS).finish().n_known()));
    });
    group.bench_function("fold all keys to JSON and hash it", |bencher| {
        bencher.iter(|| black_box(HashJob::new(replay.clone(), RECORDS).finish()));
    });
    group.finish();

    let mut group = criterion.benchmark_group("seek");
    let mut next = 7_u64;
    group.bench_function("one entity at a random position, with blame", |bencher| {
        bencher.iter(|| {
            next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (entity, position) = ((next >> 33) % KEYS, (next >> 17) % RECORDS);
            black_box(replay.state_at(entity as u32, position))
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
