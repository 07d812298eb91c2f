//! Change data in values.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| replay_formats_fuzz::read_as(bytes, &["debezium", "debezium-unwrapped", "aws-dms", "maxwell", "canal", "ticdc", "ticdc-simple", "ticdc-open", "ogg", "wal2json", "wal2json-v2", "flink-changelog"], None));
