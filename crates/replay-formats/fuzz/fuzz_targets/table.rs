//! Tables: CSV and its kin, psql, Redpanda Console, the S3 sinks.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| replay_formats_fuzz::read_as(bytes, &["", "csv"], Some("topics/t/partition=2/t+2+0000000005.csv")));
