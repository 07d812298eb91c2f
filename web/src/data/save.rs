//! Gives a text or bytes to the person as a file.

use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Starts a download that needs no server. A browser that refuses just does not download.
pub(crate) fn save_text(name: &str, media_type: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&text.into());
    if let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) {
        save(name, &blob);
    }
}

/// The same for bytes.
pub(crate) fn save_bytes(name: &str, media_type: &str, bytes: &[u8]) {
    let pieces = Pieces::default();
    pieces.push(bytes);
    pieces.save(name, media_type);
}

/// The pieces of a file as they come, outside of this module's memory.
#[derive(Clone, Default)]
pub(crate) struct Pieces(js_sys::Array);

impl Pieces {
    /// Takes the next bytes.
    pub(crate) fn push(&self, bytes: &[u8]) {
        self.0.push(&js_sys::Uint8Array::from(bytes));
    }

    /// Starts the download.
    pub(crate) fn save(&self, name: &str, media_type: &str) {
        let options = BlobPropertyBag::new();
        options.set_type(media_type);
        if let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&self.0, &options) {
            save(name, &blob);
        }
    }
}

fn save(name: &str, blob: &Blob) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else { return };
    let anchor = web_sys::window()
        .and_then(|window| window.document()?.create_element("a").ok())
        .and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(anchor) = anchor {
        anchor.set_href(&address);
        anchor.set_download(name);
        anchor.click();
    }
    // The download has its own hold on the bytes by now.
    let _ = Url::revoke_object_url(&address);
}
