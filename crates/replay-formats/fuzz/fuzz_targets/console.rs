//! Lines of kcat, of the console consumer and of Confluent's command line.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| replay_formats_fuzz::read_as(bytes, &["console-consumer", "kcat-text", "confluent-cli"], None));
