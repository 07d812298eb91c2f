//! JSON text: lines, arrays, objects over many lines, with and without an envelope.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| replay_formats_fuzz::read_as(bytes, &["", "events", "records", "kcat-json", "rest-v2-json", "rest-v2-binary", "lambda"], None));
