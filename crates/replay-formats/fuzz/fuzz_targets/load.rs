//! Any bytes load without a panic, and every record of the result can be looked at.

#![no_main]

use libfuzzer_sys::fuzz_target;
use replay_formats::{LoadOptions, load};
use replay_formats_fuzz::{lines, look};

fuzz_target!(|bytes: &[u8]| {
    let loaded = load(bytes, LoadOptions::default());
    look(&loaded);
    assert!(loaded.errors.len() as u64 <= loaded.n_errors);
    assert_eq!(loaded.error_kinds.values().sum::<u64>(), loaded.n_errors);
    std::hint::black_box(lines(&loaded));
});
