//! Any text by any format of kcat: the first line is the format.

#![no_main]

use libfuzzer_sys::fuzz_target;
use replay_formats::{LoadOptions, Loader, MappingChoice, load};
use replay_formats_fuzz::{lines, look};

fuzz_target!(|bytes: &[u8]| {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return };
    let (format, text) = (String::from_utf8_lossy(&bytes[..end]), &bytes[end + 1..]);
    let Ok(format) = format.parse() else { return };
    let mut mapping = MappingChoice::default();
    mapping.kcat_format = Some(format);
    let options = LoadOptions { mapping, ..LoadOptions::default() };
    let whole = load(text, options.clone());
    look(&whole);
    let mut loader = Loader::new(options, None);
    for chunk in text.chunks(1 + text.len() / 3) {
        loader.push(chunk);
        loader.step(3);
    }
    loader.finish_input();
    while !loader.is_done() {
        loader.step(7);
    }
    let cut = loader.into_loaded();
    assert_eq!((lines(&cut), cut.errors), (lines(&whole), whole.errors));
});
