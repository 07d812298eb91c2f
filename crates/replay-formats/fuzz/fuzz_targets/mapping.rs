//! Any mapping of any export: the first bytes choose where the parts of a record are taken from.

#![no_main]

use libfuzzer_sys::fuzz_target;
use replay_formats::{LoadOptions, MappingChoice, Part, load};
use replay_formats_fuzz::look;

/// Places that occur in the corpus, and some that do not.
const PLACES: [&str; 10] = [
    "/key", "/payload", "/offset", ".", "/nowhere", "value:/sprayId", "value:/version", "value:.", "header:event_type", "/headers",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((choices, bytes)) = bytes.split_first_chunk::<4>() else { return };
    let mut mapping = MappingChoice::default();
    for choice in choices.chunks(2) {
        let part = Part::ALL[usize::from(choice[0]) % Part::ALL.len()];
        let place = PLACES.get(usize::from(choice[1]) % (PLACES.len() + 1)).and_then(|place| place.parse().ok());
        // A place in which a part cannot be is refused, and that is all.
        let _ = mapping.set(part, place);
    }
    let plain = load(bytes, LoadOptions::default());
    let chosen = load(bytes, LoadOptions { mapping, ..LoadOptions::default() });
    assert_eq!(plain.signature, chosen.signature);
    look(&chosen);
});
