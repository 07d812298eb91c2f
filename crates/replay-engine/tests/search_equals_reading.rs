//! The shortcuts of a search (columns, forms, raw text) find exactly what reading every record finds.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use proptest::prelude::*;
use proptest::sample::select;
use replay_engine::{Budget, Engine, Step};
use replay_formats::{LoadOptions, load};
use replay_log::{Json, Log, scan};
use replay_protocol::{Comparison, FieldCondition, LoadRequest, Reply, Request, SearchRequest, SourceSpec};
use std::cmp::Ordering;

/// Values as exports have them, with all that could mislead who looks at the raw text.
const VALUES: [&str; 20] = [
    r#"{"status":"OPEN","n":1}"#,
    r#"{"status":"open","n":10,"memo":"say \"status\": no"}"#,
    r#"{"n":2,"inner":{"status":"OPEN"}}"#,
    r#"{"n":2,"status":"outer","inner":{"status":"OPEN"}}"#,
    r#"{"status" : "FROZEN","n":-3.5}"#,
    r#"{"name":"\u674e\u56db","status":null}"#,
    r#"{"name":"李四","tags":["status",1]}"#,
    r#"{"note":"{\"status\":\"X\"}","n":"10"}"#,
    r#"{"note":"{\"status\":\"X\"}","status" :"Y"}"#,
    r#"{"kind":"status","status":"a/b"}"#,
    r#"{"a/b":1,"status":"x\ty"}"#,
    r#"{"topic":"t2","key":"k9","status":true}"#,
    r#"{"status":{"n":1}}"#,
    r#"{"memo":"ends with \\","status":"n\nopen"}"#,
    r#"{"schema":"open","payload":{"n":1}}"#,
    r#" { "payload":{"status":"OPEN"}, "schema":"nopen"}"#,
    r#""{\"status\":\"n\\nopen\"}""#,
    r#""plain text status""#,
    "{}",
    "null",
];
const TEXTS: [&str; 20] = [
    "",
    "open",
    "OPEN",
    "李",
    "四",
    "say \"status",
    "a/b",
    "t2",
    "status",
    "zzz",
    "10",
    "Ab",
    "Made",
    "trace",
    "k9",
    "e",
    "-3.5",
    "nopen",
    "payload",
    "trac",
];
const POINTERS: [&str; 10] =
    ["/status", "/n", "/inner/status", "/inner", "/name", "/tags/0", "/topic", "/note", "/a~1b", ""];
const COMPARISONS: [Comparison; 7] = [
    Comparison::Equals,
    Comparison::Differs,
    Comparison::Less,
    Comparison::Greater,
    Comparison::Contains,
    Comparison::Exists,
    Comparison::Missing,
];

/// A line as kcat prints it; `is_folded` values are strings that hold JSON.
fn line(n: usize, (value, key, kind, is_folded): (&str, &str, &str, bool)) -> String {
    let payload = if is_folded && value != "null" { serde_json::to_string(value).unwrap() } else { value.to_owned() };
    format!(
        r#"{{"topic":"t","partition":0,"offset":{n},"tstype":"create","ts":{},"broker":1,"headers":["event_type","{kind}","trace","ab{n}"],"key":"{key}","payload":{payload}}}"#,
        1000 + n
    )
}

fn lines() -> impl Strategy<Value = String> {
    let record = (
        select(VALUES.to_vec()),
        select(vec!["a", "Ab", "x/y", "李四", "open-1"]),
        select(vec!["Made", "Gone"]),
        any::<bool>(),
    );
    prop::collection::vec(record, 1..25).prop_map(|records| {
        let lines: Vec<String> = records.into_iter().enumerate().map(|(n, record)| line(n, record)).collect();
        lines.join("\n")
    })
}

fn request() -> impl Strategy<Value = SearchRequest> {
    let condition = (select(POINTERS.to_vec()), select(COMPARISONS.to_vec()), select(TEXTS.to_vec())).prop_map(
        |(pointer, comparison, value)| FieldCondition {
            pointer: pointer.to_owned(),
            comparison,
            value: value.to_owned(),
        },
    );
    let conditions = prop::collection::vec(condition, 0..2);
    (select(TEXTS.to_vec()), prop_oneof![3 => Just(""), 1 => select(TEXTS.to_vec())], conditions).prop_map(
        |(text, key, conditions)| SearchRequest {
            text: text.to_owned(),
            key: key.to_owned(),
            conditions,
            limit: 1000,
            ..SearchRequest::default()
        },
    )
}

fn holds(text: &[u8], wanted: &str) -> bool {
    wanted.is_empty() || text.windows(wanted.len()).any(|there| there.eq_ignore_ascii_case(wanted.as_bytes()))
}

fn meets(value: &[u8], condition: &FieldCondition) -> bool {
    let field = scan::pointer(value, &condition.pointer).and_then(|text| Json::parse(text).ok());
    let Some(field) = field else { return condition.comparison == Comparison::Missing };
    let text = if let Json::String(text) = &field { text.to_string() } else { field.to_text() };
    let wanted = condition.value.trim();
    let order = match (text.parse::<f64>(), wanted.parse::<f64>()) {
        _ if text == wanted => Some(Ordering::Equal),
        (Ok(field), Ok(wanted)) => field.partial_cmp(&wanted),
        _ => Some(text.as_str().cmp(wanted)),
    };
    match condition.comparison {
        Comparison::Equals => order == Some(Ordering::Equal),
        Comparison::Differs => order != Some(Ordering::Equal),
        Comparison::Less => order == Some(Ordering::Less),
        Comparison::Greater => order == Some(Ordering::Greater),
        Comparison::Contains => holds(text.as_bytes(), wanted),
        Comparison::Exists => true,
        Comparison::Missing => false,
    }
}

/// What reading every record finds.
fn slowly(log: &Log, wanted: &SearchRequest) -> Vec<u64> {
    let fits = |index: &u32| {
        let record = log.record(*index);
        let value = record.value.bytes().unwrap_or_default();
        let mut plain = Vec::new();
        scan::unescape(value, &mut plain);
        let in_key = |text: &str| {
            record.entity.as_deref().is_some_and(|name| holds(name.as_bytes(), text))
                || record.key.as_deref().is_some_and(|key| holds(key, text))
        };
        let in_headers = record.headers.iter().any(|header| {
            holds(header.name.as_bytes(), &wanted.text)
                || header.value.as_deref().is_some_and(|value| holds(value, &wanted.text))
        });
        let in_type = record.event_type.as_deref().is_some_and(|name| holds(name.as_bytes(), &wanted.text));
        let in_value = holds(value, &wanted.text) || holds(&plain, &wanted.text);
        (wanted.text.is_empty() || in_key(&wanted.text) || in_value || in_headers || in_type)
            && (wanted.key.is_empty() || in_key(&wanted.key))
            && wanted.conditions.iter().all(|condition| meets(value, condition))
    };
    (0..log.len() as u32).filter(fits).map(|index| u64::from(index) + 1).collect()
}

fn searched(engine: &mut Engine, wanted: &SearchRequest) -> Vec<u64> {
    engine.accept(2, Request::Search(Box::new(wanted.clone())), Vec::new());
    let mut positions = Vec::new();
    while engine.step(Budget::records(5), &mut |_, reply| match reply {
        Reply::Found(found) => positions.extend(found.rows.iter().map(|row| row.position)),
        other => panic!("{other:?}"),
    }) == Step::Busy
    {}
    positions
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn a_search_finds_what_reading_every_record_finds(text in lines(), requests in prop::collection::vec(request(), 6)) {
        let format = Some("kcat-json+plain".to_owned());
        let source = SourceSpec { name: String::new(), text: Some(text.clone()), size: None };
        let mut engine = Engine::new();
        engine.accept(1, Request::Load(LoadRequest { sources: vec![source], format, ..LoadRequest::default() }), Vec::new());
        while engine.step(Budget::records(1000), &mut |_, _| {}) == Step::Busy {}
        let options = LoadOptions { format: Some("kcat-json+plain".parse().unwrap()), ..LoadOptions::default() };
        let log = load(text.as_bytes(), options).log;
        for wanted in requests {
            prop_assert_eq!(searched(&mut engine, &wanted), slowly(&log, &wanted), "{:?} in\n{}", wanted, text);
        }
    }
}
