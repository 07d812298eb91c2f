//! Whatever the bytes are: a result, no panic, no hang; however they are cut into chunks: the same result.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use proptest::prelude::*;
use replay_formats::{Format, LoadOptions, Loaded, Loader, load, load_vec};
use std::fs;
use std::path::{Path, PathBuf};

/// All fixtures, once.
fn fixtures() -> &'static [Vec<u8>] {
    static FIXTURES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    FIXTURES.get_or_init(|| {
        let mut files = Vec::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")];
        while let Some(folder) = folders.pop() {
            let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
            entries.sort();
            for path in entries {
                if path.is_dir() { folders.push(path) } else { files.push(fs::read(path).unwrap()) }
            }
        }
        files
    })
}

/// Looks at everything that a reader of a log can ask for.
fn read_all(loaded: &Loaded) -> Vec<String> {
    let records = (0..loaded.log.len() as u32).map(|i| format!("{:?}", loaded.log.record(i)));
    records.chain(loaded.errors.iter().map(ToString::to_string)).collect()
}

/// Formats of kcat that fit some of the fixtures, or none.
const KCAT_FORMATS: [&str; 8] = [
    r"Topic %t [%p] at offset %o, ts %T, key %k, headers %h: %s\n",
    r"%k|%s\n",
    r"%s\n",
    r"%R%s",
    r"%K%k%S%s",
    r"%k %h %k %h %s %k\n",
    r"{%s,%k:%o\n",
    "kcat -C -t t -Z -K: -D ,",
];

fn load_in_chunks(bytes: &[u8], size: usize) -> Loaded {
    load_in_chunks_with(bytes, size, LoadOptions::default())
}

fn load_in_chunks_with(bytes: &[u8], size: usize, options: LoadOptions) -> Loaded {
    let mut loader = Loader::new(options, None);
    for chunk in bytes.chunks(size) {
        loader.push(chunk);
        loader.step(3);
    }
    loader.finish_input();
    while !loader.is_done() {
        loader.step(7);
    }
    loader.into_loaded()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300)))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        read_all(&load(&bytes, LoadOptions::default()));
    }

    #[test]
    fn arbitrary_text_never_panics(text in r#"([\[\]{}",:0-9a-z \\\t\n|%]|null|true|"key":|"offset":1|CreateTime:1\t|Topic t \[0\] at offset 1: )*"#) {
        read_all(&load(text.as_bytes(), LoadOptions::default()));
    }

    #[test]
    fn damaged_exports_never_panic(
        file in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 0..8),
    ) {
        let mut bytes = file.get(fixtures()).clone();
        for (at, byte, is_removed) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            if is_removed { bytes.remove(at); } else { bytes[at] = byte; }
        }
        bytes.truncate(cut.index(bytes.len().max(1) * 2));
        read_all(&load(&bytes, LoadOptions::default()));
    }

    #[test]
    fn a_wrong_choice_of_format_never_panics(file in any::<prop::sample::Index>(), format in any::<prop::sample::Index>()) {
        let format = format.get(&Format::names()).parse().ok();
        let bytes: &Vec<u8> = file.get(fixtures());
        read_all(&load(bytes, LoadOptions { format, ..LoadOptions::default() }));
    }

    #[test]
    fn a_wrong_kcat_format_never_panics_and_chunks_make_no_difference_to_it(
        file in any::<prop::sample::Index>(),
        format in prop::sample::select(KCAT_FORMATS.to_vec()),
        size in 100..5000_usize,
    ) {
        let bytes: &Vec<u8> = file.get(fixtures());
        let mut options = LoadOptions::default();
        options.mapping.kcat_format = Some(format.parse().unwrap());
        let whole = read_all(&load(bytes, options.clone()));
        prop_assert_eq!(&read_all(&load_in_chunks_with(bytes, size, options)), &whole);
    }

    #[test]
    fn chunks_make_no_difference(file in any::<prop::sample::Index>(), size in 1..5000usize) {
        let bytes = file.get(fixtures());
        let whole = read_all(&load(bytes, LoadOptions::default()));
        prop_assert_eq!(&read_all(&load_in_chunks(bytes, size)), &whole);
        prop_assert_eq!(&read_all(&load_vec(bytes.clone(), LoadOptions::default())), &whole);
    }
}

#[track_caller]
fn check(text: &[u8], records: usize, errors: &[&str]) {
    let loaded = load(text, LoadOptions::default());
    let found: Vec<String> = loaded.errors.iter().map(ToString::to_string).collect();
    assert_eq!((loaded.log.len(), found.iter().map(String::as_str).collect::<Vec<_>>()), (records, errors.to_vec()));
}

#[test]
fn bad_lines_are_told_and_the_rest_is_kept() {
    check(
        b"{\"id\":1,\"v\":1}\n{\"id\":1,\"v\":\n{\"id\":1,\"v\":3}\nwhat is this\n{\"id\":2}\n",
        3,
        &[
            "line 2, column 13: not valid JSON: the text ends inside a value",
            "line 4, column 1: this line is not a record: \"what is this\"",
        ],
    );
}

#[test]
fn a_broken_object_of_a_pretty_list_costs_only_itself() {
    check(
        b"[\n  {\n    \"id\": 1\n  },\n  {\n    \"id\" 2\n  },\n  {\n    \"id\": 3\n  }\n]\n",
        2,
        &["line 6, column 10: not valid JSON: a colon was expected"],
    );
    check(b"[{\"id\":1},{\"id\" 2},{\"id\":3}]", 2, &["line 1, column 17: not valid JSON: a colon was expected"]);
}

#[test]
fn truncated_input_is_told() {
    check(b"{\"id\":1}\n{\"id\":1,\"v", 1, &["line 2, column 11: the input ends in the middle of a record"]);
    check(b"[{\"id\":1},{\"id\":1}", 2, &["line 1, column 19: the input ends before the array is closed"]);
}

#[test]
fn empty_input_is_an_error_of_its_own() {
    check(b"", 0, &["line 1, column 1: the input is empty"]);
    check(b" \r\n\n", 0, &["line 1, column 1: the input is empty"]);
}

#[test]
fn nesting_is_bounded() {
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    assert!(load(&deep, LoadOptions::default()).n_errors > 0);
    let objects = b"{\"a\":".repeat(100_000);
    assert!(load(&objects, LoadOptions::default()).n_errors > 0);
}

#[test]
fn unclosed_objects_on_every_line_do_not_hang() {
    let text = b"{\"a\":[{\"b\":\n".repeat(200_000);
    assert!(load(&text, LoadOptions::default()).n_errors > 0);
}

#[test]
fn arrays_without_lines_do_not_hang() {
    assert_eq!(load(&b"[]".repeat(500_000), LoadOptions::default()).log.len(), 0);
    let nested = [&b"["[..], &b"[1],".repeat(300_000), b"[1]]"].concat();
    assert_eq!(load(&nested, LoadOptions::default()).log.len(), 300_001);
    load(&b"{\"a\":[{\"b\":1},".repeat(300_000), LoadOptions::default());
    load(&b"\"a\n".repeat(300_000), LoadOptions::default());
    load(&b"k\t{\n".repeat(300_000), LoadOptions::default());
    load(&[&b"a,b\n"[..], &b"\"x\ny,1\n".repeat(300_000)].concat(), LoadOptions::default());
}

#[test]
fn text_that_fits_a_kcat_format_nowhere_or_in_many_ways_does_not_hang() {
    for format in KCAT_FORMATS {
        let mut options = LoadOptions::default();
        options.mapping.kcat_format = Some(format.parse().unwrap());
        for text in [&b"a "[..], b"a\n", b"[\n", b"{\"a\":[\n", b"k|[1,\n", b"9", b"0000", b"%", b"\n"] {
            let text = text.repeat(100_000 / text.len());
            load(&text, options.clone());
        }
    }
}

#[test]
fn containers_may_be_larger_than_the_sample() {
    let record = r#"{"topic":"t","partition":0,"offset":N,"timestamp":1740960060137,"timestampType":"CREATE_TIME","key":"aw==","value":"e30="},"#;
    let records: String = (0..20_000).map(|i| record.replace('N', &i.to_string())).collect();
    let event = format!(r#"{{"eventSource":"aws:kafka","records":{{"t-0":[{}]}}}}"#, records.trim_end_matches(','));
    for loaded in [load(event.as_bytes(), LoadOptions::default()), load_in_chunks(event.as_bytes(), 100_000)] {
        assert_eq!((loaded.format.to_string(), loaded.log.len(), loaded.n_errors), ("lambda".to_owned(), 20_000, 0));
        assert_eq!(loaded.log.n_entities(), 1);
    }
    let cut = load(&event.as_bytes()[..event.len() - 100], LoadOptions::default());
    assert_eq!((cut.format.to_string(), cut.log.len()), ("lambda".to_owned(), 19_999));
    assert_eq!(cut.errors[0].cause.code(), "cut-off");
}

#[test]
fn one_giant_line_is_read_in_chunks() {
    let record = format!("{{\"id\":1,\"text\":\"{}\"}}\n", "x".repeat(5_000_000));
    let text = record.repeat(3);
    assert_eq!(load_in_chunks(text.as_bytes(), 10_000).log.len(), 3);
}

#[test]
fn gzip_is_unpacked_and_damage_is_told() {
    use std::io::Write;
    let text = b"{\"id\":1}\n".repeat(1000);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&text).unwrap();
    let mut packed = encoder.finish().unwrap();
    assert_eq!(load(&packed, LoadOptions::default()).log.len(), 1000);
    assert_eq!(load(&[packed.clone(), packed.clone()].concat(), LoadOptions::default()).log.len(), 2000);
    packed.truncate(packed.len() - 9);
    let loaded = load(&packed, LoadOptions::default());
    assert_eq!(loaded.errors[0].cause.code(), "compression");
}

#[test]
fn zstd_is_unpacked() {
    let text = b"{\"id\":1}\n".repeat(1000);
    let packed = ruzstd::encoding::compress_to_vec(&text[..], ruzstd::encoding::CompressionLevel::Fastest);
    assert_eq!(load(&packed, LoadOptions::default()).log.len(), 1000);
    assert_eq!(load(&[packed.clone(), packed.clone()].concat(), LoadOptions::default()).log.len(), 2000);
    let loaded = load(&packed[..packed.len() / 2], LoadOptions::default());
    assert_eq!(loaded.errors[0].cause.code(), "compression");
}

#[test]
fn other_character_sets_are_told() {
    let gbk = b"{\"id\":1,\"name\":\"\xc0\xee\xcb\xc4\xcd\xf5\xb7\xbc\xb2\xd9\xd7\xf7\xd4\xb1\"}\n".repeat(3);
    let loaded = load(&gbk, LoadOptions::default());
    assert_eq!((loaded.log.len(), loaded.errors[0].cause.code()), (3, "charset"));
    assert!(loaded.errors[0].to_string().contains("looks like GBK"));
    let stray = b"{\"id\":1,\"name\":\"a\"}\n{\"id\":1,\"name\":\"\xff\"}\n";
    let loaded = load(stray, LoadOptions::default());
    assert_eq!((loaded.log.len(), loaded.n_errors), (2, 0));
    let told = "1 sequences of bytes are not UTF-8 and were kept as they are, the first in line 2";
    assert!(loaded.evidence.iter().any(|evidence| evidence.to_string() == told), "{:?}", loaded.evidence);
}

#[test]
fn zeros_and_lone_surrogates_are_data() {
    check(b"{\"id\":1,\"v\":\"a\\ud800\"}\n{\"id\":2,\"v\":\"\\udc00\\u0000\"}\n", 2, &[]);
    for text in [&b"\0\0\0\0\0\0\0\0"[..], b"{\"id\":1}\n\0\0\0\n{\"id\":2}\n", b"a\0b\nc\0d\n", b"{\"a\0\":1}\n"] {
        read_all(&load(text, LoadOptions::default()));
        read_all(&load_in_chunks(text, 2));
    }
}

#[test]
fn what_stands_behind_blank_lines_is_found_out_there() {
    let line = "{\"topic\":\"t\",\"partition\":1,\"offset\":7,\"key\":\"a\",\"payload\":\"{}\"}\n";
    for blanks in [0, 100_000, 700_000, 3_000_000] {
        let loaded = load([&"\n".repeat(blanks), line, line].concat().as_bytes(), LoadOptions::default());
        assert_eq!(
            loaded.format.to_string(),
            load(line.as_bytes(), LoadOptions::default()).format.to_string(),
            "{blanks}"
        );
        assert_eq!((loaded.log.n_entities(), loaded.log.partitions()[0].partition), (1, 1), "{blanks}");
    }
}

#[test]
fn empty_lines_cost_next_to_nothing() {
    let lines = b"\n".repeat(10_000_000);
    check(&lines, 0, &["line 1, column 1: the input is empty"]);
    for text in [&b"{\"id\":1}\n"[..], b"CreateTime:1\tPartition:0\tOffset:0\tk\t{}\n", b"id,v\n1,2\n", b"some words\n"]
    {
        for end in [&b"\n"[..], b"\r\n"] {
            let loaded = load(&[text, &end.repeat(300_000), text].concat(), LoadOptions::default());
            assert!((1..=3).contains(&loaded.log.len()), "{:?}: {}", String::from_utf8_lossy(text), loaded.log.len());
        }
    }
}

#[test]
fn one_long_line_is_one_record() {
    for (before, after) in
        [("{\"id\":1,\"text\":\"", "\"}"), ("[{\"id\":1,\"text\":\"", "\"}]"), ("Topic t [0] at offset 1: key k: ", "")]
    {
        let text = [before.as_bytes(), &b"x".repeat(5_000_000), after.as_bytes()].concat();
        assert_eq!(load_in_chunks(&text, 1 << 20).log.len(), 1, "{before}");
    }
}
