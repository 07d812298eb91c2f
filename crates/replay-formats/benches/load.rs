//! How fast text becomes a log, index included: `cargo bench -p replay-formats`.

#![allow(missing_docs, reason = "criterion's macro makes the main function")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use replay_formats::{LoadOptions, load_vec};
use std::hint::black_box;

const RECORDS: u64 = 100_000;

/// Lines of `kcat -J`, about 300 bytes each.
fn kcat() -> Vec<u8> {
    let line = |i: u64| {
        let key = i * 7919 % 5000;
        let (partition, offset, timestamp_ms, version) = (i % 6, i / 6, 1_740_960_000_000 + i, i % 9);
        format!(
            r#"{{"topic":"status-events","partition":{partition},"offset":{offset},"tstype":"create","ts":{timestamp_ms},"broker":1,"headers":["event_type","SprayStatusChanged"],"key":"spray-{key:06}","payload":"{{\"sprayId\":\"spray-{key:06}\",\"newStatus\":\"IN_USE\",\"operator\":\"李四\",\"version\":{version},\"pressure\":6.5}}"}}"#
        ) + "\n"
    };
    (0..RECORDS).map(line).collect::<String>().into_bytes()
}

/// Bare events, about 150 bytes each.
fn events() -> Vec<u8> {
    let line = |i: u64| {
        let (key, version) = (i * 7919 % 5000, i % 9);
        format!(
            r#"{{"eventId":"e-{i:08}","type":"SprayStatusChanged","sprayId":"spray-{key:06}","newStatus":"IN_USE","operator":"李四","version":{version},"pressure":6.5}}"#
        ) + "\n"
    };
    (0..RECORDS).map(line).collect::<String>().into_bytes()
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    group.sample_size(20);
    for (name, text) in [("kcat-json", kcat()), ("events", events())] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || text.clone(),
                |text| black_box(load_vec(text, LoadOptions::default()).log.len()),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
