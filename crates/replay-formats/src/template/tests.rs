use crate::{LoadOptions, load};
use proptest::prelude::*;
use replay_log::{Json, Log, Payload};
use serde_json::{Value, json};

/// The log of the text, and how many of its records were read by a template. What the index says of each record must be what the record
/// itself says, and a form must be that of the record's value.
#[track_caller]
fn check(text: &str) -> (Log, usize) {
    let loaded = load(text.as_bytes(), LoadOptions::default());
    let log = loaded.log;
    let mut n_forms = 0;
    for index in 0..log.len() as u32 {
        let record = log.record(index);
        let line = String::from_utf8_lossy(&log.raw(index)).into_owned();
        let info = &log.partitions()[log.partition(index) as usize];
        assert_eq!(info.topic, record.topic, "{line}");
        assert_eq!(info.partition, record.partition.unwrap_or(0), "{line}");
        if !log.has_estimated_offsets() {
            assert_eq!(Some(log.offset(index)), record.offset, "{line}");
        }
        assert_eq!(log.timestamp_ms(index), record.timestamp_ms, "{line}");
        assert_eq!(log.event_type(index).map(|id| log.type_name(id)), record.event_type.as_deref(), "{line}");
        assert_eq!(log.entities_of(index).next().map(|id| log.entity_name(id)), record.entity.as_deref(), "{line}");
        assert_eq!(log.is_tombstone(index), record.value == Payload::Tombstone, "{line}");
        assert_eq!(log.is_absent(index), record.value == Payload::Absent, "{line}");
        if let Some(form) = log.form(index) {
            n_forms += 1;
            let value = Json::parse(record.value.bytes().unwrap()).unwrap();
            let form = Json::parse(log.form_text(form).as_bytes()).unwrap();
            assert!(has_form(&value, &form), "{line} has not the form {form}");
        }
    }
    (log, n_forms)
}

fn has_form(value: &Json, form: &Json) -> bool {
    match (value, form) {
        (Json::Null, Json::Null) => true,
        (Json::Object(members), Json::Object(forms)) => {
            members.len() == forms.len()
                && members.iter().zip(forms).all(|((a, value), (b, form))| a == b && has_form(value, form))
        }
        (Json::Null | Json::Object(_), _) => false,
        (_, form) => matches!(form, Json::Number(_)),
    }
}

fn kcat(n: usize, key: &Value, payload: &Value, event_type: &str) -> String {
    let line = json!({
        "topic": "t", "partition": n % 3, "offset": n, "tstype": "create", "ts": 1_740_960_000_000_i64 + n as i64, "broker": 1,
        "headers": ["trace", format!("t{n}"), "event_type", event_type], "key": key, "payload": payload,
    });
    format!("{line}\n")
}

#[test]
fn lines_that_have_much_in_common_are_read_by_templates() {
    let value = |n: usize| {
        json!({"id": format!("k{n}"), "n": n, "on": n.is_multiple_of(2), "in": {"x": [1, 2]}, "no": null}).to_string()
    };
    let text: String = (0..50).map(|n| kcat(n, &format!("k{}", n % 7).into(), &value(n).into(), "Changed")).collect();
    let (log, n_forms) = check(&text);
    assert_eq!((log.len(), n_forms, log.n_forms()), (50, 50, 1));
    assert_eq!(log.form_text(0), r#"{"id":0,"in":{"x":1},"n":2,"no":null,"on":3}"#);
}

#[test]
fn what_looks_alike_and_is_not_is_told_apart() {
    let plain: String =
        (0..20).map(|n| kcat(n, &"k".into(), &json!({"a": "x"}).to_string().into(), "Changed")).collect();
    for (key, payload) in [
        (json!("k"), json!("{\"a\":\"x\\\"y\\\\\"}")),
        (json!("k"), json!("{\"a\":\"\\u4e2d\\n\"}")),
        (json!("k"), json!("{\"a\":\"\u{4e2d}\"}")),
        (json!("k"), json!("{\"a\":\"x\"")),
        (json!("k"), json!("{\"a\":1}")),
        (json!("k"), json!("{\"a\":null}")),
        (json!("k"), json!("{\"a\":{}}")),
        (json!("k"), json!("\"{\\\"a\\\":1}\"")),
        (json!("k"), json!(" {\"a\":\"x\"}")),
        (json!("k"), json!("text")),
        (json!("k"), json!("")),
        (json!("k"), json!(null)),
        (json!(null), json!("{\"a\":\"x\"}")),
        (json!("{\"id\":7}"), json!("{\"a\":\"x\"}")),
        (json!("\"q\""), json!("{\"a\":\"x\"}")),
        (json!("a\\b\n"), json!("{\"a\":\"x\"}")),
        (json!("k"), json!("{\"schema\":1,\"payload\":{\"a\":2}}")),
        (json!("k"), json!("{\"a\":1,\"a\":2}")),
    ] {
        let odd: String = (0..3).map(|n| kcat(20 + n, &key, &payload, "Odd\"one")).collect();
        check(&format!("{plain}{odd}{}", kcat(30, &"k".into(), &"{\"a\":\"x\"}".into(), "Changed")));
    }
}

#[test]
fn bytes_that_are_no_utf8_are_left_to_the_general_way() {
    let mut text: Vec<u8> = Vec::new();
    for n in 0..20 {
        text.extend(kcat(n, &"k".into(), &"{\"a\":\"x~\"}".into(), "Changed").bytes());
    }
    let at = text.iter().rposition(|byte| *byte == b'~').unwrap();
    text[at] = 0xff;
    let log = load(&text, LoadOptions::default()).log;
    assert_eq!(log.form(18), Some(0));
    assert_eq!(log.form(19), None);
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-c{\\[\"\\\\\n é中]{0,4}".prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::btree_map("[a-c/\"é]{1,2}", inner.clone(), 0..4).prop_map(|map| json!(map)),
            prop::collection::vec(inner, 0..3).prop_map(Value::from),
        ]
    })
}

proptest! {
    /// Values in strings and as they are, in lines with and without an envelope.
    #[test]
    fn the_index_says_what_the_records_say(
        values in prop::collection::vec((value(), scalar(), "[a-b\"{]{1,2}"), 1..6),
        picks in prop::collection::vec((0_usize..6, 0_usize..3), 1..40),
    ) {
        let mut text = String::new();
        for (n, (pick, way)) in picks.into_iter().enumerate() {
            let (value, key, name) = &values[pick % values.len()];
            text += &match way {
                0 => kcat(n, key, &value.to_string().into(), name),
                1 => kcat(n, key, value, name),
                _ => json!({"topic": "t", "partition": 0, "offset": n, "timestamp": n, "key": key, "value": value})
                    .to_string(),
            };
            text.push('\n');
        }
        check(&text);
    }

    #[test]
    fn bare_events_are_indexed_as_they_are_read(
        values in prop::collection::vec((value(), "[a-b\"{é]{1,2}"), 1..5),
        picks in prop::collection::vec(0_usize..5, 1..40),
    ) {
        let mut text = String::new();
        for (n, pick) in picks.into_iter().enumerate() {
            let (value, name) = &values[pick % values.len()];
            let event = json!({"eventId": format!("e{n}"), "type": name, "orderId": format!("{name}{}", n % 3), "data": value});
            text += &event.to_string();
            text.push('\n');
        }
        check(&text);
    }
}

#[test]
fn lines_of_this_projects_proxy_are_read_by_templates() {
    let line = |n: usize| {
        let (partition, offset, ms) = (n % 3, n / 3, 1_795_633_526_428 + n / 100);
        let value = format!(r#"{{"type":"T{}","n":{n}}}"#, n % 4);
        format!(
            r#"{{"topic":"t","partition":{partition},"offset":{offset},"timestamp":{ms},"key":"k{}","value":{value},"headers":[]}}"#,
            n % 100
        ) + "\n"
    };
    let (log, n_forms) = check(&(0..3000).map(line).collect::<String>());
    assert_eq!((log.len(), n_forms), (3000, 3000));
}
