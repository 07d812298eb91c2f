//! Any bytes load without a panic, and every record of the result can be looked at.

#![no_main]

use libfuzzer_sys::fuzz_target;
use replay_formats::{LoadOptions, load};

fuzz_target!(|bytes: &[u8]| {
    let loaded = load(bytes, LoadOptions::default());
    for i in 0..loaded.log.len() as u32 {
        std::hint::black_box(loaded.log.record(i));
    }
});
