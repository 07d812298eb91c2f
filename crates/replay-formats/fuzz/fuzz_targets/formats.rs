//! Any bytes load as any format that the user may choose. The first byte chooses.

#![no_main]

use libfuzzer_sys::fuzz_target;
use replay_formats::{Format, LoadOptions, load};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let names = Format::names();
    let format = names[usize::from(*choice) % names.len()].parse().ok();
    let loaded = load(bytes, LoadOptions { format, ..LoadOptions::default() });
    for i in 0..loaded.log.len() as u32 {
        std::hint::black_box(loaded.log.record(i));
    }
});
