//! However a file is read (at once, through a window, or in slices by several readers), the log is the same.

use proptest::prelude::*;
use replay_formats::{LoadOptions, Loaded, Loader, SAMPLE_BYTES, SlicePart, SliceReader, load, load_in_slices};
use replay_log::part::Translation;
use replay_log::text::Fetch;
use replay_testing::Disk;
use std::fmt::Write;
use std::sync::Arc;

/// Everything that is known of a load.
fn told(loaded: &Loaded) -> String {
    let log = &loaded.log;
    let mut told = format!(
        "{} {:?} {:?} {} {:?} {} {:?}\n",
        loaded.format,
        loaded.evidence,
        loaded.errors,
        loaded.n_errors,
        loaded.error_kinds,
        loaded.tool_messages,
        log.partitions()
    );
    for i in 0..log.len() as u32 {
        let entities: Vec<&str> = log.entities_of(i).map(|entity| log.entity_name(entity)).collect();
        let event_type = log.event_type(i).map(|id| log.type_name(id));
        let form = log.form(i).map(|id| log.form_text(id));
        let _ = writeln!(
            told,
            "{} {:?} {entities:?} {event_type:?} {form:?} {:?}",
            log.offset(i),
            log.timestamp_ms(i),
            log.record(i)
        );
    }
    told
}

fn through_a_window(text: &[u8], chunk: usize) -> Loaded {
    let mut loader = Loader::leaving_text(LoadOptions::default(), Arc::new(Disk::new(text)));
    for bytes in text.chunks(chunk) {
        loader.push(bytes);
        loader.step(1000);
    }
    loader.finish_input();
    while !loader.is_done() {
        loader.step(1000);
    }
    loader.into_loaded()
}

/// Pushes the file from a place on until the reader has enough.
fn pump(text: &[u8], mut at: usize, mut push: impl FnMut(&[u8], bool) -> bool) {
    loop {
        let end = (at + 10_000).min(text.len());
        if push(&text[at..end], end == text.len()) {
            return;
        }
        at = end;
    }
}

fn reader(head: &[u8]) -> SliceReader {
    SliceReader::new(LoadOptions::default(), head).expect("the first reader could share the file")
}

/// By a first reader up to `first` and then by two others in turn; false if it had to be read on by the first.
fn in_slices(text: &[u8], first: usize, slice: usize) -> (Loaded, bool) {
    let mut loader = Loader::leaving_text(LoadOptions::default(), Arc::new(Disk::new(text)));
    loader.push(&text[..first]);
    loader.step(1);
    if !loader.can_share() {
        return (through_a_window(text, 100_000), false);
    }
    loader.stop_at(first as u64);
    pump(text, first, |bytes, is_last| {
        while !loader.is_done() {
            let before = loader.progress().records;
            if loader.step(500).records == before {
                break;
            }
        }
        let is_done = loader.is_done();
        if !is_done {
            loader.push(bytes);
            if is_last {
                loader.finish_input();
            }
        }
        is_done
    });
    let mut readers: Vec<(SliceReader, Translation)> =
        (0..2).map(|_| (reader(&text[..SAMPLE_BYTES]), Translation::default())).collect();
    let mut start = first;
    while start < text.len() {
        let end = (start + slice).min(text.len());
        let (reader, translation) = &mut readers[(start / slice) % 2];
        reader.begin(start as u64, end as u64);
        pump(text, reader.first_byte(start as u64) as usize, |bytes, is_last| {
            reader.push(bytes, is_last);
            loop {
                let before = reader.records();
                if reader.step(700) {
                    return true;
                }
                if reader.records() == before {
                    return false;
                }
            }
        });
        let part = SlicePart::from_bytes(&reader.take().to_bytes()).expect("what was written is read back");
        if !loader.append(&part, translation) {
            loader.go_on();
            pump(text, loader.position() as usize, |bytes, is_last| {
                loader.push(bytes);
                if is_last {
                    loader.finish_input();
                }
                while !loader.is_done() {
                    let before = loader.progress().records;
                    if loader.step(500).records == before {
                        break;
                    }
                }
                loader.is_done()
            });
            return (loader.into_loaded(), false);
        }
        start = end;
    }
    loader.finish_shared();
    (loader.into_loaded(), true)
}

/// Lines of kcat, enough for a sample, in which `strange` stands here and there.
fn lines(strange: &[&str]) -> String {
    let mut text = String::new();
    let mut n = 0_u64;
    while text.len() < SAMPLE_BYTES + 300_000 {
        let (partition, key) = (n % 3, n * 7919 % 500);
        let _ = writeln!(
            text,
            r#"{{"topic":"t","partition":{partition},"offset":{},"tstype":"create","ts":{},"broker":1,"key":"k-{key}","payload":"{{\"type\":\"T{}\",\"a\":{n},\"b\":\"李四\"}}"}}"#,
            n / 3,
            1_740_960_000_000 + n,
            n % 5
        );
        n += 1;
        // Only behind the sample, which decides what the file is taken for.
        if text.len() > SAMPLE_BYTES && n.is_multiple_of(97) {
            text.push_str(strange.get(n as usize / 97 % strange.len().max(1)).copied().unwrap_or_default());
        }
    }
    text
}

/// Fails with the first line that differs.
#[track_caller]
fn same(got: &str, expected: &str, what: &str) {
    for (n, (got, expected)) in got.lines().zip(expected.lines()).enumerate() {
        let at = got.bytes().zip(expected.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(200);
        let part = |text: &str| {
            String::from_utf8_lossy(&text.as_bytes()[at.min(text.len())..]).chars().take(500).collect::<String>()
        };
        assert!(got == expected, "{what}, line {n}, byte {at}:\n…{}\n…{}", part(got), part(expected));
    }
    assert_eq!(got.lines().count(), expected.lines().count(), "{what}");
}

#[track_caller]
fn check(text: &[u8], expects_slices: bool) {
    let whole = told(&load(text, LoadOptions::default()));
    for chunk in [100_000, 1_300_001].into_iter().take(if expects_slices { 1 } else { 2 }) {
        same(&told(&through_a_window(text, chunk)), &whole, &format!("a window of {chunk}"));
    }
    let home: Arc<dyn Fetch> = Arc::new(Disk::new(text));
    for (threads, size) in [(1, 1 << 20), (2, 100_000), (3, 7_777)] {
        let loaded = load_in_slices(&home, &LoadOptions::default(), threads, size).expect("the disk works");
        same(&told(&loaded), &whole, &format!("{threads} threads, slices of {size}"));
    }
    let mut was_shared = true;
    for (first, slice) in [(SAMPLE_BYTES + 10, 70_003), (SAMPLE_BYTES + 100_000, 3_000)] {
        let (loaded, is_shared) = in_slices(text, first, slice);
        was_shared &= is_shared;
        same(&told(&loaded), &whole, &format!("slices of {slice}"));
    }
    assert_eq!(was_shared, expects_slices);
}

#[test]
fn lines_are_read_in_slices_with_their_troubles() {
    check(lines(&[]).as_bytes(), true);
    check(
        lines(&["\n\n  \r\n", "% Reached end of topic t [1] at offset 3\n", "{\"broken\":\n", "what?\n", "   "])
            .as_bytes(),
        true,
    );
    check(
        lines(&["{\"topic\":\"u\",\"partition\":7,\"offset\":1,\"key\":\"new\",\"payload\":null}\n"]).as_bytes(),
        true,
    );
    let marked = ["\u{feff}", &lines(&["x\n"])].concat();
    check(marked.as_bytes(), true);
}

#[test]
fn what_is_left_open_and_what_is_longer_than_a_slice_is_read_as_by_one() {
    check(lines(&["[\n"]).as_bytes(), false);
    let long = format!(
        "{{\"topic\":\"t\",\"partition\":0,\"offset\":1000000,\"key\":\"long\",\"payload\":\"{}\"}}\n",
        "x".repeat(300_000)
    );
    let mut text = lines(&["{\"topic\":\n"]);
    text.push_str(&long);
    text.push_str(&lines(&[])[..400_000]);
    check(text.as_bytes(), true);
}

#[test]
fn bytes_that_are_no_utf8_are_counted_once() {
    let mut text = lines(&[]).into_bytes();
    for at in [SAMPLE_BYTES + 60_000, SAMPLE_BYTES + 60_200, SAMPLE_BYTES + 200_000] {
        let at = at + memchr::memmem::find(&text[at..], "李".as_bytes()).unwrap();
        text[at] = 0xff;
    }
    check(&text, true);
}

#[test]
fn what_spans_lines_is_read_on_by_one() {
    let pretty =
        "{\n  \"topic\":\"t\",\n  \"partition\":9,\n  \"offset\":1,\n  \"key\":\"p\",\n  \"payload\":\"1\"\n}\n";
    let mut text = lines(&[]);
    for offset in 0..2_000 {
        text.push_str(&pretty.replace("\"offset\":1", &format!("\"offset\":{offset}")));
    }
    check(text.as_bytes(), false);
    let array = format!("[{}]", lines(&[]).trim_end().replace('\n', ",\n"));
    check(array.as_bytes(), false);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]
    #[test]
    fn any_mixture_gives_the_same_log(strange in prop::collection::vec("[ -~\n李\u{1e}]{0,40}", 1..6), slice in 500..200_000_usize) {
        let strange: Vec<&str> = strange.iter().map(String::as_str).collect();
        let text = lines(&strange);
        let whole = told(&load(text.as_bytes(), LoadOptions::default()));
        same(&told(&in_slices(text.as_bytes(), SAMPLE_BYTES + 100, slice).0), &whole, "slices");
        same(&told(&through_a_window(text.as_bytes(), slice)), &whole, "a window");
    }
}
