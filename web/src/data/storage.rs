//! Preferences between visits, in the browser's local storage. A browser that refuses storage just forgets.

use crate::state::{Preferences, use_preferences};
use yew::prelude::*;

const NAME: &str = "replayground.preferences";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was stored, or the defaults in the browser's language.
pub(crate) fn load_preferences() -> Preferences {
    let stored = storage().and_then(|storage| storage.get_item(NAME).ok()?);
    let language = web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_default();
    Preferences::from_stored(stored.as_deref(), &language)
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
