//! Compressed files and archives give what their content gives.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use replay_formats::write::{WriteFormat, write};
use replay_formats::{LoadOptions, Loaded, Loader, load, load_many};
use std::fs;
use std::io::Write;
use std::path::Path;

fn bytes(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn named(name: &str) -> LoadOptions {
    LoadOptions { file_name: Some(name.to_owned()), ..LoadOptions::default() }
}

/// The log as text, without what only names a file.
fn essence(loaded: &Loaded) -> String {
    let mut text = Vec::new();
    write(&loaded.log, WriteFormat::Ndjson, &mut text).unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

/// A name for a way of packing, and the way.
type Packer = (&'static str, fn(&[u8]) -> Vec<u8>);

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}

fn lz4(text: &[u8]) -> Vec<u8> {
    // Kafka's block size. A block can be read only as a whole.
    let info = lz4_flex::frame::FrameInfo::new().block_size(lz4_flex::frame::BlockSize::Max64KB);
    let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn snappy_framed(text: &[u8]) -> Vec<u8> {
    let mut encoder = snap::write::FrameEncoder::new(Vec::new());
    encoder.write_all(text).unwrap();
    encoder.into_inner().unwrap()
}

fn snappy_xerial(text: &[u8]) -> Vec<u8> {
    let mut packed = b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01".to_vec();
    for block in text.chunks(32 << 10) {
        let block = snap::raw::Encoder::new().compress_vec(block).unwrap();
        packed.extend_from_slice(&(block.len() as u32).to_be_bytes());
        packed.extend_from_slice(&block);
    }
    packed
}

const PACKERS: [Packer; 5] =
    [("gz", gzip), ("zst", zstd), ("lz4", lz4), ("sz", snappy_framed), ("snappy", snappy_xerial)];

#[test]
fn every_packing_of_every_kind_of_file_gives_the_same() {
    for name in [
        "kcat-json.ndjson",
        "plain-values-utf16.ndjson",
        "plain-values-crlf-bom.ndjson",
        "redpanda-console.csv",
        "console-consumer-full.txt",
        "avro-ocf-deflate.avro",
        "log-segment/status-events-2/00000000000000000000.log",
    ] {
        let content = bytes(&format!("formats/{name}"));
        let expected = load(&content, named(name));
        assert!(expected.log.len() > 10, "{name}");
        for (extension, pack) in PACKERS {
            let packed = pack(&content);
            let file = format!("{name}.{extension}");
            for (packed, what) in [(packed.clone(), "once"), (gzip(&packed), "and gzipped"), (pack(&packed), "twice")] {
                let loaded = load(&packed, named(&file));
                assert_eq!(loaded.errors, expected.errors, "{file} {what}");
                assert_eq!(essence(&loaded), essence(&expected), "{file} {what}");
                assert_eq!(loaded.format.to_string(), expected.format.to_string(), "{file} {what}");
            }
        }
    }
}

#[test]
fn members_one_after_the_other_are_one_text() {
    let content = bytes("formats/kcat-json.ndjson");
    let half = content[..content.len() / 2].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for (extension, pack) in PACKERS {
        let packed = [pack(&content[..half]), pack(&content[half..])].concat();
        let loaded = load(&packed, LoadOptions::default());
        assert_eq!((loaded.log.len(), loaded.n_errors), (26, 0), "{extension}: {:?}", loaded.errors);
    }
}

#[test]
fn damage_is_told_and_what_was_unpacked_is_kept() {
    let text = b"{\"id\":1,\"text\":\"some words that make it longer\"}\n".repeat(40_000);
    for (extension, pack) in PACKERS {
        let packed = pack(&text);
        let loaded = load(&packed[..packed.len() - packed.len() / 8], LoadOptions::default());
        assert_eq!(loaded.errors[0].cause.code(), "compression", "{extension}");
        assert!(loaded.log.len() > 1000, "{extension}: {}", loaded.log.len());
    }
}

#[test]
fn a_picture_is_called_one_and_not_read_as_lines() {
    for head in [
        &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"%PDF-1.7\n%\xe2",
        b"GIF89a\x01\0",
        b"\n<!DOCTYPE html>\n<html>",
        b"<html lang=en>",
    ] {
        let loaded = load(head, LoadOptions::default());
        assert_eq!((loaded.log.len(), loaded.errors[0].cause.code()), (0, "foreign"), "{head:?}");
    }
    // A text that only speaks of one is a text.
    assert_eq!(load(b"GIF is a format\nRIFF, too\n", LoadOptions::default()).n_errors, 0);
}

#[test]
fn bombs_are_stopped() {
    // Three hundred million blanks, packed to a thousandth.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(b"{\"id\":1}\n").unwrap();
    for _ in 0..300 {
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let loaded = load(&bomb, LoadOptions::default());
    assert_eq!((loaded.log.len(), loaded.errors[0].cause.code()), (1, "too-large"));
    // Layer in layer.
    let mut layers = b"{\"id\":1}\n".to_vec();
    for _ in 0..20 {
        layers = gzip(&layers);
    }
    assert_eq!(load(&layers, LoadOptions::default()).errors[0].cause.code(), "too-many-layers");
}

#[track_caller]
fn check(name: &str, records: usize, entities: usize, errors: &[&str]) -> Loaded {
    let content = bytes(&format!("packed/{name}"));
    let loaded = load(&content, named(name));
    let found: Vec<String> = loaded.errors.iter().map(ToString::to_string).collect();
    assert_eq!(found, errors, "{name}");
    assert_eq!((loaded.log.len(), loaded.log.n_entities()), (records, entities), "{name}");
    // However it comes.
    let mut loader = Loader::new(named(name), None);
    for chunk in content.chunks(700) {
        loader.push(chunk);
        loader.step(3);
    }
    loader.finish_input();
    while !loader.is_done() {
        loader.step(5);
    }
    assert_eq!(essence(&loader.into_loaded()), essence(&loaded), "{name}");
    loaded
}

#[test]
fn files_in_archives_become_one_log() {
    // Overlapping exports of the same topic: kcat, a proxy, a segment, and a zip in the zip. The console's lines name no topic.
    let mixed = check("mixed.zip", 26 + 26, 6 + 6, &[]);
    assert_eq!(mixed.log.partitions().len(), 6);
    for name in ["streamed.zip", "zip64.zip", "gnu.tar.gz", "pax.tar", "ustar.tar"] {
        check(name, 26, 6, &[]);
    }
}

#[test]
fn damaged_archives_give_what_is_there() {
    let zip = bytes("packed/mixed.zip");
    let cut = load(&zip[..zip.len() / 2], named("mixed.zip"));
    assert_eq!((cut.log.len(), cut.errors[0].cause.code()), (0, "binary"));
    let tar = bytes("packed/pax.tar");
    let cut = load(&tar[..tar.len() / 2], named("pax.tar"));
    assert!(cut.log.len() >= 9 && cut.n_errors > 0, "{}", cut.log.len());
    let mut flipped = bytes("packed/streamed.zip");
    flipped[300] ^= 0x55;
    let loaded = load(&flipped, named("streamed.zip"));
    assert!(loaded.errors.iter().any(|error| error.cause.code() == "binary"), "{:?}", loaded.errors);
}

#[test]
fn schemas_are_found_beside_the_values() {
    let files: Vec<(String, Vec<u8>)> = ["confluent-wire-avro-rest-binary.json", "schema-registry-ids-1.json"]
        .map(|name| (name.to_owned(), bytes(&format!("formats/{name}"))))
        .to_vec();
    let beside = load_many(files, &LoadOptions::default());
    let zipped = check("avro-with-schema.zip", 26, 6, &[]);
    let text = essence(&beside);
    assert_eq!(text, essence(&zipped));
    let first = text.lines().next().unwrap();
    assert!(
        first.contains(r#""value":{"sprayId":"spray-0001","oldStatus":null,"newStatus":"INVENTORY","operator":"李四""#),
        "{first}"
    );
    assert!(first.contains(r#""pressure":6.500"#), "{first}");
    // Without the schema, the bytes are kept.
    let alone = load(&bytes("formats/confluent-wire-avro-rest-binary.json"), LoadOptions::default());
    assert_eq!((alone.log.len(), alone.n_errors), (26, 0));
    assert!(essence(&alone).contains(r#""value":{"$base64":"AAAAAAE"#));
    assert!(
        alone.evidence.iter().any(|evidence| evidence.to_string().contains("1 (not given")),
        "{:?}",
        alone.evidence
    );
}

#[test]
fn rare_codecs_are_read_or_named() {
    let is_there = cfg!(all(feature = "bzip2", feature = "xz"));
    for (name, records) in
        [("kcat.ndjson.bz2", 26), ("kcat.ndjson.xz", 26), ("avro-bzip2.avro", 25), ("avro-xz.avro", 25)]
    {
        let loaded = load(&bytes(&format!("packed/{name}")), named(name));
        if is_there {
            assert_eq!((loaded.log.len(), loaded.n_errors), (records, 0), "{name}: {:?}", loaded.errors);
        } else if loaded.n_errors > 0 {
            assert_eq!(loaded.errors[0].cause.code(), "unsupported", "{name}");
        }
    }
}

#[test]
fn columnar_files_are_told_what_to_do_instead() {
    let loaded = load(b"PAR1\x15\x04\x15\x10\x15\x14\x4c\x15", named("part-0.snappy.parquet"));
    assert_eq!((loaded.log.len(), loaded.errors[0].cause.code()), (0, "unsupported"));
    let told = loaded.errors[0].to_string();
    assert!(told.contains("Parquet files are not read: save it as Avro, CSV or lines of JSON"), "{told}");
}
