//! Several files as one log: what is known of their records is used, and their texts are read again only where they may differ.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use replay_formats::{LoadOptions, Loaded, Loader, join, load_many};
use replay_log::record::RowOp;
use replay_testing::Disk;
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn lines(offsets: std::ops::Range<usize>, partition: u32) -> String {
    let line = |n: usize| {
        format!(
            "{{\"topic\":\"t\",\"partition\":{partition},\"offset\":{n},\"key\":\"k{}\",\"value\":{{\"n\":{n}}}}}\n",
            n % 7
        )
    };
    offsets.map(line).collect()
}

/// The joined log, and how much of the files was read again for it.
fn joined(texts: &[String]) -> (Loaded, u64) {
    let mut disks = Vec::new();
    let files = texts.iter().enumerate().map(|(n, text)| {
        let disk = Disk::new(text.as_bytes());
        disks.push(disk.clone());
        let mut loader = Loader::leaving_text(LoadOptions::default(), Arc::new(disk));
        loader.push(text.as_bytes());
        loader.finish_input();
        while !loader.is_done() {
            loader.step(1000);
        }
        (format!("{n}.ndjson"), loader.into_loaded())
    });
    let loaded = join(files.collect());
    (loaded, disks.iter().map(Disk::fetched).sum())
}

#[test]
fn files_that_do_not_overlap_are_not_read_again() {
    let (loaded, read_again) = joined(&[lines(0..30_000, 0), lines(30_000..60_000, 0), lines(0..30_000, 1)]);
    assert_eq!((loaded.log.len(), loaded.log.n_entities(), loaded.n_errors), (90_000, 7, 0));
    assert_eq!(read_again, 0);
}

#[test]
fn of_files_that_overlap_what_is_twice_there_is_compared() {
    let second = lines(29_900..60_000, 0).replace("\"n\":29950}", "\"n\":-1}");
    let all = second.len();
    let (loaded, read_again) = joined(&[lines(0..30_000, 0), second]);
    assert_eq!((loaded.log.len(), loaded.n_errors), (60_000, 1));
    assert_eq!(
        loaded.errors[0].to_string().split(" appears").next(),
        Some("1.ndjson, line 51, column 1: offset 29950 of partition 0")
    );
    assert!(read_again > 0 && read_again < all as u64 / 20, "{read_again}");
}

/// All that the index of a joined log says is what its records say.
#[test]
fn the_index_of_joined_fixtures_is_that_of_their_records() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap()).filter(|entry| entry.path().is_file()))
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() > 40, "{}", names.len());
    for pair in names.windows(2) {
        let file = |name: &String| (name.clone(), fs::read(folder.join(name)).unwrap());
        let log = load_many(pair.iter().map(file).collect(), &LoadOptions::default()).log;
        let mut deletes = 0;
        for index in 0..log.len() as u32 {
            let record = log.record(index);
            let mut expected: Vec<&str> = record.changes.iter().filter_map(|change| change.entity.as_deref()).collect();
            if record.changes.is_empty() {
                expected.extend(record.entity.as_deref());
            }
            let mut found: Vec<&str> = log.entities_of(index).map(|entity| log.entity_name(entity)).collect();
            for names in [&mut expected, &mut found] {
                names.sort_unstable();
                names.dedup();
            }
            assert_eq!(found, expected, "{pair:?}, record {index}");
            assert_eq!(
                log.event_type(index).map(|id| log.type_name(id)),
                record.event_type.as_deref(),
                "{pair:?}, record {index}"
            );
            deletes += record.changes.iter().filter(|change| change.op == RowOp::Delete).count() as u64;
        }
        assert!(log.n_deletes() >= deletes, "{pair:?}");
        let listed: usize = (0..log.n_entities() as u32).map(|entity| log.postings(entity).len()).sum();
        assert!(listed + log.without_entity() as usize >= log.len(), "{pair:?}");
    }
}
