//! Two panes with a bar between them that the pointer or the arrow keys move.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct SplitPaneProps {
    /// Size of the fixed pane in CSS pixels.
    pub size: f64,
    pub min: f64,
    pub max: f64,
    /// The fixed pane is the second one.
    #[prop_or_default]
    pub fixed_end: bool,
    /// The panes lie above each other.
    #[prop_or_default]
    pub vertical: bool,
    pub label: AttrValue,
    pub on_resize: Callback<f64>,
    pub first: Html,
    pub second: Html,
}

#[component]
pub(crate) fn SplitPane(props: &SplitPaneProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.size.to_bits(), move |size| {
            if let Some(node) = node.cast::<HtmlElement>() {
                // A refused size leaves the default of the style sheet.
                let _ = node.style().set_property("--split", &format!("{}px", f64::from_bits(*size)));
            }
        });
    }
    let (min, max, fixed_end, vertical) = (props.min, props.max, props.fixed_end, props.vertical);
    let onpointermove = {
        let (node, on_resize) = (node.clone(), props.on_resize.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(node) = node.cast::<HtmlElement>() else { return };
            if event.buttons() & 1 == 0 {
                return;
            }
            let frame = node.get_bounding_client_rect();
            let (at, start, length) = if vertical {
                (f64::from(event.client_y()), frame.top(), frame.height())
            } else {
                (f64::from(event.client_x()), frame.left(), frame.width())
            };
            let size = if fixed_end { start + length - at } else { at - start };
            on_resize.emit(size.clamp(min, max.min(length - min)));
        })
    };
    let onpointerdown = Callback::from(|event: PointerEvent| {
        if let Some(bar) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            // Without the capture the bar still follows while the pointer is on it.
            let _ = bar.set_pointer_capture(event.pointer_id());
        }
        event.prevent_default();
    });
    let onkeydown = {
        let (on_resize, size) = (props.on_resize.clone(), props.size);
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowLeft" | "ArrowUp" => -16.0,
                "ArrowRight" | "ArrowDown" => 16.0,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            on_resize.emit((size + if fixed_end { -step } else { step }).clamp(min, max));
        })
    };
    html! {
        <div ref={node} class="split" data-fixed={if fixed_end { "end" } else { "start" }} data-vertical={vertical.to_string()}>
            <div class="split-first">{ props.first.clone() }</div>
            <div class="split-bar" role="separator" tabindex="0" aria-label={props.label.clone()}
                aria-orientation={if vertical { "horizontal" } else { "vertical" }} aria-valuenow={(props.size as i64).to_string()}
                aria-valuemin={(min as i64).to_string()} aria-valuemax={(max as i64).to_string()} {onpointerdown} {onpointermove} {onkeydown}></div>
            <div class="split-second">{ props.second.clone() }</div>
        </div>
    }
}
