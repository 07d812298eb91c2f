//! However the bytes are cut, the result is the same. The first byte is the size of the pieces.

#![no_main]

use libfuzzer_sys::fuzz_target;
use replay_formats::{LoadOptions, Loader, load};

fuzz_target!(|bytes: &[u8]| {
    let Some((size, bytes)) = bytes.split_first() else { return };
    let whole = load(bytes, LoadOptions::default());
    let mut loader = Loader::new(LoadOptions::default(), None);
    for chunk in bytes.chunks(usize::from(*size).max(1)) {
        loader.push(chunk);
        loader.step(5);
    }
    loader.finish_input();
    while !loader.is_done() {
        loader.step(5);
    }
    let pieces = loader.into_loaded();
    assert_eq!(pieces.log.len(), whole.log.len());
    assert_eq!(pieces.errors, whole.errors);
});
