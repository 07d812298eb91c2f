//! Filtering a million records of 300 bytes, as the page does it: `cargo bench -p replay-engine --bench search`.

use criterion::{Criterion, criterion_group, criterion_main};
use replay_engine::{Budget, Engine, Step};
use replay_protocol::{Comparison, FieldCondition, LoadRequest, Reply, Request, SearchRequest, SourceSpec};
use std::fmt::Write;

const RECORDS: u32 = 1_000_000;

/// Lines as kcat prints them, with the fields of a bank's events.
fn log() -> String {
    let mut text = String::new();
    for n in 0..RECORDS {
        let account = n.wrapping_mul(2_654_435_761) % 50_000;
        let kind = ["Opened", "Deposited", "Withdrawn", "Frozen", "Released"][(n % 5) as usize];
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
        let (partition, offset, ts) = (account % 12, n, 1_740_960_000_000_u64 + u64::from(n) * 37);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            r#"{{"topic":"account-events","partition":{partition},"offset":{offset},"tstype":"create","ts":{ts},"broker":1,"headers":["event_type","{kind}"],"key":"account-{account:07}","payload":"{{\"accountId\":\"account-{account:07}\",\"eventId\":\"{n:08x}-{n}\",\"version\":{},{more}}}"}}"#,
            n % 20
        );
    }
    text
}

fn ask(engine: &mut Engine, request: Request) -> Reply {
    engine.accept(1, request, Vec::new());
    let mut last = Reply::Cancelled;
    while engine.step(Budget::records(20_000), &mut |_, reply| last = reply) == Step::Busy {}
    last
}

fn search(criterion: &mut Criterion) {
    let mut engine = Engine::new();
    let source = SourceSpec { name: String::new(), text: Some(log()), size: None };
    ask(&mut engine, Request::Load(LoadRequest { sources: vec![source], ..LoadRequest::default() }));
    let field = |pointer: &str, comparison, value: &str| SearchRequest {
        conditions: vec![FieldCondition { pointer: pointer.into(), comparison, value: value.into() }],
        ..SearchRequest::default()
    };
    let text = |text: &str| SearchRequest { text: text.into(), ..SearchRequest::default() };
    let cases = [
        ("a text that is rare", text("transfer 77777")),
        ("a text that is nowhere", text("nothing of the kind")),
        ("a text of another alphabet", text("李四")),
        ("a text that every tenth record has", text("owner")),
        ("a text that every record has", text("accountId")),
        ("a part of a key", SearchRequest { key: "00123".into(), ..SearchRequest::default() }),
        ("a field that is a word", field("/status", Comparison::Equals, "FROZEN")),
        ("a field that is a number", field("/balance", Comparison::Greater, "900000")),
        ("a field that is missing", field("/owner", Comparison::Missing, "")),
        ("a field inside of another", field("/address/city", Comparison::Contains, "raz")),
        (
            "a type and a time",
            SearchRequest { event_type: Some(1), time_from: Some(1_740_970_000_000.0), ..SearchRequest::default() },
        ),
    ];
    let mut group = criterion.benchmark_group("a million records");
    group.sample_size(10);
    for (name, request) in cases {
        let request = SearchRequest { limit: 500, ..request };
        let Reply::Found(found) = ask(&mut engine, Request::Search(Box::new(request.clone()))) else { continue };
        group.bench_function(format!("{name} ({} matches)", found.matches), |bencher| {
            bencher.iter(|| ask(&mut engine, Request::Search(Box::new(request.clone()))));
        });
    }
    group.finish();
}

criterion_group!(benches, search);
criterion_main!(benches);
