//! Preferences and mappings between visits, in the browser's local storage. A browser that refuses storage just forgets.

use crate::state::{Preferences, use_preferences};
use replay_protocol::{Mapping, RememberedMapping};
use yew::prelude::*;

const NAME: &str = "replayground.preferences";
const MAPPINGS: &str = "replayground.mappings";
/// More mappings than this are not kept; the oldest go.
const MAX_MAPPINGS: usize = 50;

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was stored, or the defaults in the browser's language.
pub(crate) fn load_preferences() -> Preferences {
    let stored = storage().and_then(|storage| storage.get_item(NAME).ok()?);
    let language = web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_default();
    Preferences::from_stored(stored.as_deref(), &language)
}

/// The mappings that were chosen for exports, the newest first.
pub(crate) fn remembered_mappings() -> Vec<RememberedMapping> {
    let stored = storage().and_then(|storage| storage.get_item(MAPPINGS).ok()?);
    stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Keeps a mapping for exports of this signature; forgets it if it says nothing.
pub(crate) fn remember_mapping(signature: &str, mapping: &Mapping) {
    let kept = with_mapping(remembered_mappings(), signature, mapping);
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&kept)) {
        // A full or forbidden storage costs the memory of mappings, nothing else.
        let _ = storage.set_item(MAPPINGS, &text);
    }
}

fn with_mapping(mut all: Vec<RememberedMapping>, signature: &str, mapping: &Mapping) -> Vec<RememberedMapping> {
    all.retain(|one| one.signature != signature);
    if !mapping.is_empty() {
        all.insert(0, RememberedMapping { signature: signature.to_owned(), mapping: mapping.clone() });
    }
    all.truncate(MAX_MAPPINGS);
    all
}

/// Stores the preferences when they change, and tells the style sheet the theme and the mode.
#[hook]
pub(crate) fn use_stored_preferences() {
    let preferences = use_preferences();
    use_effect_with((*preferences).clone(), |preferences| {
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(preferences)) {
            // A full or forbidden storage costs the memory of sizes, nothing else.
            let _ = storage.set_item(NAME, &text);
        }
        let root = web_sys::window().and_then(|window| window.document()?.document_element());
        if let Some(root) = root {
            // Setting these attributes cannot fail: their names are valid.
            let _ = root.set_attribute("lang", preferences.language.tag());
            let _ = root.set_attribute("data-theme", preferences.theme.code());
            let _ = root.set_attribute("data-mode", preferences.mode.code());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_mapping_of_a_kind_is_kept_and_an_empty_one_forgets_it() {
        let of = |key: &str| Mapping { key: Some(key.into()), ..Mapping::default() };
        let signatures = |all: &[RememberedMapping]| all.iter().map(|one| one.signature.clone()).collect::<Vec<_>>();
        let mut all = with_mapping(Vec::new(), "a", &of("/x"));
        all = with_mapping(all, "b", &of("/y"));
        all = with_mapping(all, "a", &of("/z"));
        assert_eq!((signatures(&all), &all[0].mapping), (vec!["a".to_owned(), "b".to_owned()], &of("/z")));
        all = with_mapping(all, "a", &Mapping::default());
        assert_eq!(signatures(&all), ["b"]);
        for n in 0..100 {
            all = with_mapping(all, &n.to_string(), &of("/x"));
        }
        assert_eq!((all.len(), all[0].signature.as_str()), (MAX_MAPPINGS, "99"));
    }
}
