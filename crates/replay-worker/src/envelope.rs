//! What crosses: `{ id, body, files }`. `body` is a plain object by serde-wasm-bindgen; files travel beside it without being copied.

use js_sys::{Array, Object, Reflect};
use replay_protocol::RequestId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

/// An envelope that was opened.
pub(crate) struct Envelope<T> {
    pub(crate) id: RequestId,
    /// The body, or why it could not be read.
    pub(crate) body: Result<T, String>,
    #[cfg_attr(
        not(feature = "engine"),
        allow(dead_code, reason = "only requests carry files, and only the worker reads requests")
    )]
    pub(crate) files: Vec<File>,
}

/// A value as a message. Integers of 64 bits become `BigInt`s, since offsets may exceed 2^53.
///
/// # Errors
/// The serializer's words; does not happen for the types of `replay-protocol`.
pub fn encode<T: Serialize>(value: &T) -> Result<JsValue, String> {
    let serializer = Serializer::new().serialize_large_number_types_as_bigints(true);
    value.serialize(&serializer).map_err(|error| error.to_string())
}

/// The value in a message.
///
/// # Errors
/// What does not fit.
pub fn decode<T: DeserializeOwned>(value: JsValue) -> Result<T, String> {
    serde_wasm_bindgen::from_value(value).map_err(|error| error.to_string())
}

pub(crate) fn seal<T: Serialize>(id: RequestId, body: &T, files: &[File]) -> Result<JsValue, String> {
    let envelope = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&envelope, &name.into(), value).map_err(|_| name.to_owned());
    set("id", &id.into())?;
    set("body", &encode(body)?)?;
    if !files.is_empty() {
        set("files", &files.iter().collect::<Array>())?;
    }
    Ok(envelope.into())
}

/// `None` for a message that is no envelope at all.
pub(crate) fn open<T: DeserializeOwned>(message: &JsValue) -> Option<Envelope<T>> {
    let get = |name: &str| Reflect::get(message, &name.into()).ok();
    let id = get("id")?.as_f64()? as RequestId;
    let body = decode(get("body")?);
    let files = get("files").filter(Array::is_array).map(|files| Array::from(&files));
    let files = files.iter().flat_map(Array::iter).filter_map(|file| file.dyn_into().ok()).collect();
    Some(Envelope { id, body, files })
}
