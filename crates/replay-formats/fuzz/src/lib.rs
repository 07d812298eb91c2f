//! What all targets do with bytes: read them in some way, and look at everything that came out.
//!
//! There is no unsafe code in what is fuzzed, so the targets look for panics, endless loops and memory without bounds. What a record is in
//! brief must be what it is in full.

use replay_formats::write::{WriteFormat, write};
use replay_formats::{LoadOptions, Loaded, load};
use replay_log::Brief;

/// Looks at all that a reader of a log can ask for.
pub fn look(loaded: &Loaded) {
    let mut scratch = Vec::new();
    for i in 0..loaded.log.len() as u32 {
        let record = loaded.log.record(i);
        loaded.log.brief(i, &mut scratch, &mut |brief| assert_eq!(*brief, Brief::of(&record)));
        std::hint::black_box((record, loaded.log.value(i)));
    }
    for error in &loaded.errors {
        std::hint::black_box(error.to_string());
    }
    for evidence in &loaded.evidence {
        std::hint::black_box(evidence.to_string());
    }
}

/// Reads the bytes as each of these formats; an empty name finds out.
pub fn read_as(bytes: &[u8], formats: &[&str], file_name: Option<&str>) {
    for name in formats {
        let format = if name.is_empty() { None } else { Some(name.parse().expect("a format's name")) };
        look(&load(bytes, LoadOptions { format, file_name: file_name.map(str::to_owned), ..LoadOptions::default() }));
    }
}

/// The log as lines that lose nothing.
pub fn lines(loaded: &Loaded) -> Vec<u8> {
    let mut text = Vec::new();
    write(&loaded.log, WriteFormat::Ndjson, &mut text).expect("writing to memory does not fail");
    text
}
