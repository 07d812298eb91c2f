//! Several files together: schemas beside values, keys beside them, overlapping exports. The byte 0xff ends a file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use replay_formats::{LoadOptions, load_many};

/// Names that mean something to the readers.
const NAMES: [&str; 5] = [
    "t-0/00000000000000000000.log",
    "topics/t/partition=0/t+0+0000000000.json",
    "topics/t/partition=0/t+0+0000000000.keys.json",
    "schema-registry-ids-1.json",
    "export.csv",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let files: Vec<(String, Vec<u8>)> = bytes
        .splitn(3, |byte| *byte == 0xff)
        .enumerate()
        .map(|(n, content)| (NAMES[(usize::from(*first) + n) % NAMES.len()].to_owned(), content.to_vec()))
        .collect();
    let loaded = load_many(files, &LoadOptions::default());
    for i in 0..loaded.log.len() as u32 {
        std::hint::black_box(loaded.log.record(i));
    }
});
