//! Raw segments of a Kafka log.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| replay_formats_fuzz::read_as(bytes, &[""], Some("topic-3/00000000000000000000.log")));
