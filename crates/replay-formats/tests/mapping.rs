//! Where the parts of a record are, as a person says, in the place of what was found out.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use replay_formats::{LoadOptions, Loaded, MappingChoice, Part, TimeUnit, load};

/// `key=value:/id offset=/n` …; `unit=s`, `format=lines`, `column=day/date`; `offset=` takes it from nowhere.
fn choice(words: &str) -> MappingChoice {
    let mut choice = MappingChoice::default();
    for word in words.split_whitespace() {
        let (name, place) = word.split_once('=').unwrap();
        match name {
            "unit" => choice.timestamp_unit = TimeUnit::ALL.into_iter().find(|unit| unit.name() == place),
            "column" => {
                let (name, conversion) = place.split_once('/').unwrap();
                choice.columns.push((name.to_owned(), conversion.parse().unwrap()));
            }
            "format" => choice.format = Some(place.parse().unwrap()),
            name => {
                let part = Part::ALL.iter().find(|part| part.name() == name).unwrap();
                let place = (!place.is_empty()).then(|| place.parse().unwrap());
                choice.set(*part, place).unwrap();
            }
        }
    }
    choice
}

fn read(text: &str, words: &str) -> Loaded {
    load(text.as_bytes(), LoadOptions { mapping: choice(words), ..LoadOptions::default() })
}

/// The first record: `topic[partition]@offset time entity type#id v`.
fn told(loaded: &Loaded) -> String {
    let record = loaded.log.record(0);
    format!(
        "{}[{:?}]@{:?} {:?} {:?} {:?}#{:?} {:?}",
        record.topic,
        record.partition,
        record.offset,
        record.timestamp_ms,
        record.entity,
        record.event_type,
        record.event_id,
        record.version
    )
    .replace("Some(", "")
    .replace([')', '"'], "")
}

const BARE: &str = "{\"who\":{\"id\":\"a\"},\"n\":7,\"when\":1740960000,\"what\":\"Made\",\"uid\":\"e1\",\"rev\":3,\"part\":2,\"t\":\"x\"}\n{\"who\":{\"id\":\"a\"},\"n\":8,\"when\":1740960001,\"what\":\"Made\",\"uid\":\"e2\",\"rev\":1,\"part\":2,\"t\":\"x\"}\n";
const KCAT: &str = r#"{"topic":"t","partition":1,"offset":5,"tstype":"create","ts":1740960000137,"broker":1,"headers":["kind","Made","uid","e1"],"key":"k","payload":"{\"id\":\"a\",\"other\":\"b\",\"at\":1740960000,\"nth\":9,\"p\":3,\"o\":11,\"topic\":\"inner\"}"}
{"topic":"t","partition":1,"offset":6,"tstype":"create","ts":1740960000138,"broker":1,"headers":["kind","Gone","uid","e2"],"key":"k","payload":"{\"id\":\"a\",\"other\":\"c\",\"at\":1740960001,\"nth\":10,\"p\":3,\"o\":12,\"topic\":\"inner\"}"}
"#;

#[track_caller]
fn check(text: &str, words: &str, expected: &str) {
    let loaded = read(text, words);
    assert_eq!((told(&loaded).as_str(), loaded.log.len(), loaded.n_errors), (expected, 2, 0), "{:?}", loaded.evidence);
    // What the index says is what the records say, whichever way it was read.
    for i in 0..2 {
        let record = loaded.log.record(i);
        let name = loaded.log.entities_of(i).next().map(|entity| loaded.log.entity_name(entity).to_owned());
        assert_eq!(name.as_deref(), record.entity.as_deref());
        assert_eq!(loaded.log.timestamp_ms(i), record.timestamp_ms);
        assert_eq!(Some(loaded.log.offset(i)), record.offset.or(Some(i64::from(i))));
        let name = loaded.log.event_type(i).map(|id| loaded.log.type_name(id).to_owned());
        assert_eq!(name.as_deref(), record.event_type.as_deref());
    }
}

#[test]
fn members_of_bare_events_can_be_anything() {
    check(BARE, "key=/who/id offset=/n timestamp=/when", "[None]@7 1740960000000 a None#None None");
    check(
        BARE,
        "key=value:/who/id offset=value:/n partition=/part topic=/t timestamp=/when event_type=/what event_id=value:/uid version=/rev",
        "x[2]@7 1740960000000 a Made#e1 3",
    );
    check(BARE, "key= timestamp=/when unit=ms", "[None]@None 1740960000 None None#None None");
}

#[test]
fn an_envelope_is_read_as_one_says() {
    check(KCAT, "", "t[1]@5 1740960000137 k None#None None");
    check(KCAT, "key=value:/other", "t[1]@5 1740960000137 b None#None None");
    check(KCAT, "event_type=header:kind event_id=header:uid version=value:/nth", "t[1]@5 1740960000137 k Made#e1 9");
    check(KCAT, "timestamp=value:/at", "t[1]@5 1740960000000 k None#None None");
    check(KCAT, "timestamp=value:/at unit=ms", "t[1]@5 1740960000 k None#None None");
    check(KCAT, "topic=value:/topic partition=value:/p offset=value:/o", "inner[3]@11 1740960000137 k None#None None");
    check(KCAT, "offset= partition= topic=", "[None]@None 1740960000137 k None#None None");
    check(KCAT, "key=/topic", "t[1]@5 1740960000137 t None#None None");
}

#[test]
fn the_value_may_be_another_member() {
    let text = "{\"meta\":{\"id\":\"a\"},\"stuff\":{\"v\":1}}\n{\"meta\":{\"id\":\"a\"},\"stuff\":{\"v\":2}}\n";
    let loaded = read(text, "value=/stuff key=/meta/id");
    assert_eq!(loaded.log.record(1).value.bytes(), Some(&b"{\"v\":2}"[..]));
    assert_eq!((loaded.log.n_entities(), loaded.log.entity_name(0)), (1, "a"));
}

#[test]
fn rows_of_change_data_can_be_keyed_otherwise() {
    let row = |id: u32, city: &str| {
        format!(
            "{{\"database\":\"d\",\"table\":\"t\",\"type\":\"insert\",\"ts\":1740961860,\"xid\":1,\"commit\":true,\"data\":{{\"id\":{id},\"city\":\"{city}\"}}}}\n"
        )
    };
    let text = [row(1, "x"), row(2, "x"), row(3, "y")].concat();
    assert_eq!(read(&text, "").log.n_entities(), 3);
    assert_eq!(read(&text, "key=value:/city").log.n_entities(), 2);
}

#[test]
fn a_wrong_pointer_costs_the_part_and_no_record() {
    check(KCAT, "offset=/nowhere timestamp=/headers version=value:/id", "t[1]@None None k None#None None");
    check(BARE, "timestamp=/who key=/n", "[None]@None None 7 None#None None");
}

#[test]
fn what_was_chosen_is_remembered_for_files_of_the_same_signature() {
    let plain = read(KCAT, "");
    let chosen = read(KCAT, "key=value:/other");
    assert_eq!(plain.signature, chosen.signature);
    assert_eq!(plain.signature, "kcat-json: broker headers key offset partition payload topic ts tstype");
    assert_eq!(chosen.evidence[0].to_string(), "chosen by hand: key");
    let remembered = LoadOptions {
        remembered: vec![
            ("events: a".to_owned(), choice("format=lines")),
            (plain.signature.clone(), choice("key=value:/other")),
        ]
        .into(),
        ..LoadOptions::default()
    };
    let again = load(KCAT.as_bytes(), remembered.clone());
    assert_eq!((again.log.entity_name(0), again.log.n_entities()), ("b", 2));
    assert_eq!(again.chosen, choice("key=value:/other"));
    assert_eq!(again.evidence[0].code(), "remembered");
    let other = load(b"{\"a\":1}\n{\"a\":1}\n", remembered.clone());
    assert_eq!(other.format.to_string(), "lines");
    // What is said now is more than what was said then.
    let now = load(KCAT.as_bytes(), LoadOptions { mapping: choice("key="), ..remembered });
    assert_eq!((now.log.n_entities(), now.signature), (0, plain.signature));
}

#[test]
fn a_format_that_fits_nothing_still_opens_as_lines() {
    let loaded = read("some words\nand more\n", "");
    assert_eq!((loaded.format.to_string(), loaded.log.len(), loaded.n_errors), ("lines".to_owned(), 2, 0));
    let loaded = read(KCAT, "format=lines");
    assert_eq!((loaded.format.to_string(), loaded.log.len()), ("lines".to_owned(), 2));
}

#[test]
fn columns_of_rows_are_converted_as_a_person_says() {
    let words = "column=day/date column=at/timestamp-us column=price/decimal:3 column=t/time-ms column=gone/date";
    let row = r#"{"id":1,"day":20150,"at":1740961860411007,"price":"GWQ=","t":3661000,"gone":null,"name":"20150"}"#;
    let converted = r#"{"id":1,"day":"2025-03-03","at":"2025-03-03T00:31:00.411007","price":6.500,"t":"01:01:01","gone":null,"name":"20150"}"#;
    let after = |loaded: &Loaded| {
        let record = loaded.log.record(1);
        let row = record.changes.first().and_then(|change| change.after.as_deref());
        row.map(|row| String::from_utf8_lossy(row).into_owned())
    };
    let source = r#""source":{"connector":"mysql","name":"f","db":"p","table":"t","ts_ms":1740960000000}"#;
    let maxwell = r#""database":"p","table":"t","type":"insert","ts":1740961860,"xid":1"#;
    for line in [
        format!(r#"{{"before":null,"after":{row},{source},"op":"c","ts_ms":1740960000001}}"#),
        format!(r#"{{{maxwell},"data":{row}}}"#),
    ] {
        let text = format!("{line}\n{line}\n");
        assert_eq!(after(&read(&text, "")).as_deref(), Some(row));
        let loaded = read(&text, words);
        assert_eq!(after(&loaded).as_deref(), Some(converted));
        assert!(loaded.evidence.iter().any(|note| note.code() == "columns"), "{:?}", loaded.evidence);
    }
    // What is no row stays as it is, and the evidence says so.
    let plain = read(BARE, "column=n/date");
    assert_eq!(told(&plain), told(&read(BARE, "")));
    assert!(plain.evidence.iter().any(|note| note.code() == "unused-columns"));
}
