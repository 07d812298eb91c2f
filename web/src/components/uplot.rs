//! uPlot, the chart library in `web/vendor/uplot`, as far as [`super::Chart`] uses it.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/vendor/uplot/uPlot.js")]
extern "C" {
    /// A chart in an element.
    #[wasm_bindgen(js_name = default)]
    pub(crate) type UPlot;

    #[wasm_bindgen(constructor, js_class = "default")]
    pub(crate) fn new(options: &Object, data: &Array, target: &web_sys::Element) -> UPlot;

    #[wasm_bindgen(method, js_name = setData)]
    pub(crate) fn set_data(this: &UPlot, data: &Array);

    #[wasm_bindgen(method, js_name = setSize)]
    pub(crate) fn set_size(this: &UPlot, size: &Object);

    #[wasm_bindgen(method)]
    pub(crate) fn destroy(this: &UPlot);

    /// Where a value lies on a scale, in CSS pixels or, with `on_canvas`, in the canvas's own.
    #[wasm_bindgen(method, js_name = valToPos)]
    pub(crate) fn position_of(this: &UPlot, value: f64, scale: &str, on_canvas: bool) -> f64;

    /// The value of a scale at CSS pixels from the plot's left or upper edge.
    #[wasm_bindgen(method, js_name = posToVal)]
    pub(crate) fn value_at(this: &UPlot, position: f64, scale: &str) -> f64;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn ctx(this: &UPlot) -> web_sys::CanvasRenderingContext2d;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn bbox(this: &UPlot) -> Object;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn cursor(this: &UPlot) -> Object;

    /// The class itself, which holds the ways of drawing a line as `paths`.
    #[wasm_bindgen(thread_local_v2, js_name = default)]
    static CLASS: JsValue;
}

/// The class itself.
pub(crate) fn class() -> JsValue {
    CLASS.with(Clone::clone)
}

/// An object with these members.
pub(crate) fn object(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // Setting a member of a plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// A number in an object, if it is there.
pub(crate) fn number(object: &Object, name: &str) -> Option<f64> {
    Reflect::get(object, &name.into()).ok()?.as_f64()
}
