//! Text of `kcat -f` is read by the format that is given, exactly.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use proptest::prelude::*;
use replay_formats::write::{WriteFormat, write};
use replay_formats::{LoadOptions, Loaded, MappingChoice, load};
use replay_log::record::Record;
use std::fs;
use std::path::Path;

fn read(text: &[u8], format: &str) -> Loaded {
    let mut mapping = MappingChoice::default();
    mapping.kcat_format = Some(format.parse().unwrap());
    load(text, LoadOptions { mapping, ..LoadOptions::default() })
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats").join(name)).unwrap()
}

/// Topic, partition, offset, timestamp, key, value and headers of each record, without the null values of `expected`.
fn told(loaded: &Loaded) -> Vec<String> {
    let one = |record: Record<'_>| {
        let headers: Vec<_> = record.headers.iter().map(|header| (&header.name, &header.value)).collect();
        format!(
            "{:?}",
            (record.topic, record.partition, record.offset, record.timestamp_ms, record.key, record.value, headers)
        )
    };
    (0..loaded.log.len() as u32).map(|index| one(loaded.log.record(index))).collect()
}

#[test]
fn a_command_line_reads_what_it_printed() {
    let text = fixture("kcat-format-full.txt");
    let given =
        read(&text, r"kcat -C -b h -t status-events -f 'Topic %t [%p] at offset %o, ts %T, key %k, headers %h: %s\n'");
    assert_eq!(given.errors, []);
    assert_eq!((given.log.len(), given.n_errors, given.format.to_string()), (26, 0, "kcat-text".to_owned()));
    // What is guessed of a sentence that kcat's own help shows is the same.
    assert_eq!(told(&given), told(&load(&text, LoadOptions::default())));
    let evidence: Vec<String> = given.evidence.iter().map(ToString::to_string).collect();
    assert_eq!(
        evidence[0],
        r"read by the format that was given: Topic %t [%p] at offset %o, ts %T, key %k, headers %h: %s\n"
    );
    assert!(evidence.iter().any(|one| one.starts_with("1 values are printed as nothing")), "{evidence:?}");
    let sized = read(&fixture("kcat-format-tsv.tsv"), r"%t\t%p\t%o\t%T\t%k\t%S\t%h\t%s\n");
    assert_eq!((sized.log.len(), sized.n_errors), (26, 0));
    assert_eq!(told(&sized), told(&load(&fixture("kcat-format-tsv.tsv"), LoadOptions::default())));
}

#[test]
fn it_says_what_a_text_is_whatever_that_looks_like() {
    let read = read(b"{\"id\":1}\n{\"id\":2}\n", r#"{"id":%k}\n"#);
    assert_eq!((read.log.len(), read.n_errors), (2, 0));
    assert_eq!(read.log.record(1).key.as_deref(), Some(&b"2"[..]));
}

#[test]
fn two_bytes_of_a_length_are_no_sign_of_utf_16() {
    let read = read(b"k\0\0\0\x02{}k\0\0\0\x02{}", "%K%k%R%s".replace("%K%k", "k").as_str());
    assert_eq!((read.log.len(), read.n_errors), (2, 0));
}

/// A part of a record as a test prints it.
#[derive(Debug, Clone)]
struct Row {
    topic: String,
    partition: i32,
    offset: i64,
    timestamp: i64,
    key: Option<String>,
    value: Option<String>,
    headers: Vec<(String, Option<String>)>,
}

fn row(is_sized: bool) -> impl Strategy<Value = Row> {
    let plain = "[a-z0-9]{1,6}".prop_map(String::from);
    let anything = "[a-z0-9|;:=,% \t\n\"{}\\[\\]\\\\]{0,12}".prop_map(String::from);
    let object = prop::collection::btree_map("[a-z|;\\n]{1,4}", "[a-z|;\\n0-9]{0,5}", 0..4)
        .prop_map(|map| serde_json::to_string_pretty(&map).unwrap());
    let text = if is_sized {
        prop_oneof![anything.clone(), object.clone()].boxed()
    } else {
        prop_oneof![plain.clone(), object].boxed()
    };
    let key = if is_sized { anything.boxed() } else { plain.boxed() };
    let null = move |strategy: BoxedStrategy<String>| {
        if is_sized { prop::option::of(strategy).boxed() } else { strategy.prop_map(Some).boxed() }
    };
    let headers = prop::collection::vec(("[a-z]{1,4}", prop::option::of("[a-z]{1,3}[.][0-9]")), 0..3);
    (
        "[a-z._-]{1,6}[a-z]",
        0..200_i32,
        0..i64::MAX,
        1_000_000_000_000..4_000_000_000_000_i64,
        null(key),
        null(text),
        headers,
    )
        .prop_map(|(topic, partition, offset, timestamp, key, value, headers)| Row {
            topic,
            partition,
            offset,
            timestamp,
            key,
            value,
            headers,
        })
}

/// As kcat prints it: the parts in this order, by this format.
fn print(row: &Row, format: &str, out: &mut Vec<u8>) {
    let mut rest = format.chars();
    while let Some(next) = rest.next() {
        let size = |text: &Option<String>| text.as_ref().map_or(-1, |text| text.len() as i32);
        match (next, if next == '%' || next == '\\' { rest.next() } else { None }) {
            ('%', Some('t')) => out.extend(row.topic.bytes()),
            ('%', Some('p')) => out.extend(row.partition.to_string().bytes()),
            ('%', Some('o')) => out.extend(row.offset.to_string().bytes()),
            ('%', Some('T')) => out.extend(row.timestamp.to_string().bytes()),
            ('%', Some('k')) => out.extend(row.key.iter().flat_map(|key| key.bytes())),
            ('%', Some('K')) => out.extend(size(&row.key).to_string().bytes()),
            ('%', Some('s')) => out.extend(row.value.iter().flat_map(|value| value.bytes())),
            ('%', Some('S')) => out.extend(size(&row.value).to_string().bytes()),
            ('%', Some('R')) => out.extend(size(&row.value).to_be_bytes()),
            ('%', Some('h')) => {
                let one =
                    |(name, value): &(String, Option<String>)| format!("{name}={}", value.as_deref().unwrap_or("NULL"));
                out.extend(row.headers.iter().map(one).collect::<Vec<_>>().join(",").bytes());
            }
            ('\\', Some('n')) => out.push(b'\n'),
            ('\\', Some('t')) => out.push(b'\t'),
            (plain, _) => out.extend(plain.to_string().bytes()),
        }
    }
}

/// What the project's own format says of the same records, as far as this format prints them.
fn expected(rows: &[Row], format: &str) -> Vec<u8> {
    let mut text = Vec::new();
    for row in rows {
        let mut line = serde_json::Map::new();
        let mut tell = |verb: &str, name: &str, value: serde_json::Value| {
            if format.contains(verb) {
                line.insert(name.to_owned(), value);
            }
        };
        tell("%t", "topic", row.topic.clone().into());
        tell("%p", "partition", row.partition.into());
        tell("%o", "offset", row.offset.into());
        tell("%T", "timestamp", row.timestamp.into());
        tell("%k", "key", row.key.clone().into());
        let value = row.value.clone().map_or(serde_json::Value::Null, |value| {
            let object = serde_json::from_str(&value)
                .ok()
                .filter(|value: &serde_json::Value| value.is_object() || value.is_array());
            object.unwrap_or_else(|| value.into())
        });
        tell("%s", "value", value);
        let headers = row.headers.iter().map(|(name, value)| serde_json::json!({"key": name, "value": value}));
        tell("%h", "headers", headers.collect());
        text.extend(serde_json::to_string(&line).unwrap().bytes());
        text.push(b'\n');
    }
    text
}

/// The records as lines that lose nothing, sorted.
fn lines(loaded: &Loaded) -> Vec<serde_json::Value> {
    let mut text = Vec::new();
    write(&loaded.log, WriteFormat::Ndjson, &mut text).unwrap();
    let lines = String::from_utf8(text).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Formats whose parts have no length, and formats in which all have.
const FREE: [&str; 7] = [
    r"%t|%p|%o|%T|%k|%s\n",
    r"%s\t%k\t%o\n",
    r"%k;%h;%s;%p\n",
    r"Topic %t [%p] at offset %o: key %k, headers %h: %s\n",
    r"%o %s--",
    r"<%k\n%s>\n",
    r"%s\n%k\n",
];
const SIZED: [&str; 6] = [
    r"%t|%p|%K|%k|%S|%s\n",
    r"%K %S %k%s",
    r"%o %K:%k%R%s",
    r"\nKey (%K bytes): %k\t\nValue (%S bytes): %s\nTimestamp: %T\tPartition: %p\tOffset: %o\n--\n",
    r"%R%s%K;%k;",
    r"%S:%K:%s:%k\t%h\n",
];

fn printed(formats: &'static [&'static str], is_sized: bool) -> impl Strategy<Value = (&'static str, Vec<Row>)> {
    (prop::sample::select(formats), prop::collection::vec(row(is_sized), 1..12))
}

fn agrees(format: &str, rows: &[Row]) {
    let mut text = Vec::new();
    for row in rows {
        print(row, format, &mut text);
    }
    let read = read(&text, format);
    let told = String::from_utf8_lossy(&text);
    assert_eq!(read.errors, [], "{format}\n{told}");
    let same = load(&expected(rows, format), LoadOptions { format: "records".parse().ok(), ..LoadOptions::default() });
    assert_eq!(lines(&read), lines(&same), "{format}\n{told}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400)))]

    #[test]
    fn what_a_format_prints_it_reads_back((format, rows) in printed(&FREE, false)) {
        agrees(format, &rows);
    }

    #[test]
    fn with_lengths_keys_and_values_may_be_anything((format, rows) in printed(&SIZED, true)) {
        agrees(format, &rows);
    }
}
