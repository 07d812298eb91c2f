//! A number between two bounds: a slider, a box for the exact value, Kafka's own name and one plain sentence.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// How the way along the slider becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Scale {
    /// Equal ways are equal differences.
    #[default]
    Linear,
    /// Equal ways are equal ratios, for values from seconds to days. A lower bound of 0 keeps its own place at the left end.
    Log,
}

/// Places on a logarithmic slider.
const PLACES: f64 = 200.0;

#[derive(Properties, PartialEq)]
pub(crate) struct RangeProps {
    /// Unique on the page; the test names are `<id>` for the slider and `<id>-value` for the box.
    pub id: AttrValue,
    pub label: AttrValue,
    /// The setting as Kafka calls it, for example `retention.ms`.
    #[prop_or_default]
    pub setting: AttrValue,
    /// One plain sentence.
    #[prop_or_default]
    pub hint: AttrValue,
    #[prop_or_default]
    pub unit: AttrValue,
    /// The value as people say it, for example `7 d`.
    #[prop_or_default]
    pub reads: AttrValue,
    pub value: f64,
    pub min: f64,
    pub max: f64,
    #[prop_or(1.0)]
    pub step: f64,
    #[prop_or_default]
    pub scale: Scale,
    #[prop_or_default]
    pub disabled: bool,
    /// A value within the bounds, a multiple of `step`; while the slider is dragged, too.
    pub on_change: Callback<f64>,
}

/// The nearest allowed value.
fn settled(value: f64, min: f64, max: f64, step: f64) -> f64 {
    let step = if step > 0.0 { step } else { 1.0 };
    let stepped = min + ((value - min) / step).round() * step;
    // A step like 0.1 leaves dust behind, which the box would show.
    let tidy = (stepped * 1e9).round() / 1e9;
    tidy.clamp(min, max)
}

/// The place of a value on a logarithmic slider, 0 to [`PLACES`].
fn place_of(value: f64, min: f64, max: f64) -> f64 {
    let (low, high) = bounds(min, max);
    if value < low { 0.0 } else { 1.0 + (value / low).ln() / (high / low).ln() * (PLACES - 1.0) }
}

fn value_at(place: f64, min: f64, max: f64) -> f64 {
    let (low, high) = bounds(min, max);
    if place < 1.0 { min } else { low * ((place - 1.0) / (PLACES - 1.0) * (high / low).ln()).exp() }
}

/// A logarithm needs positive bounds that differ.
fn bounds(min: f64, max: f64) -> (f64, f64) {
    let low = if min > 0.0 { min } else { 1.0_f64.min(max / 2.0) };
    (low, max.max(low * 2.0))
}

#[component]
pub(crate) fn Range(props: &RangeProps) -> Html {
    let (min, max, step, scale) = (props.min, props.max, props.step, props.scale);
    let input_of = |event: &web_sys::Event| event.target()?.dyn_into::<HtmlInputElement>().ok();
    let read =
        move |event: &web_sys::Event| Some(input_of(event)?.value_as_number()).filter(|number| number.is_finite());
    let on_slide = {
        let on_change = props.on_change.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(number) = read(&event) {
                let value = if scale == Scale::Log { value_at(number, min, max) } else { number };
                on_change.emit(settled(value, min, max, step));
            }
        })
    };
    let on_type = {
        let on_change = props.on_change.clone();
        let shown = props.value;
        Callback::from(move |event: Event| {
            if let Some(input) = input_of(&event) {
                // What is no number leaves the value as it was.
                let value = read(&event).map_or(shown, |number| settled(number, min, max, step));
                // Also where that is what it was before, so that nothing is drawn anew.
                input.set_value(&value.to_string());
                on_change.emit(value);
            }
        })
    };
    let (low, high, slider_step, at) = match scale {
        Scale::Linear => (min, max, step, props.value),
        Scale::Log => (0.0, PLACES, 1.0, place_of(props.value, min, max).round()),
    };
    let (id, box_id, hint_id) = (props.id.clone(), format!("{}-value", props.id), format!("{}-hint", props.id));
    let described = (!props.hint.is_empty()).then(|| hint_id.clone());
    let spoken =
        if props.reads.is_empty() { format!("{} {}", props.value, props.unit) } else { props.reads.to_string() };
    html! {
        <div class="range" data-disabled={props.disabled.to_string()}>
            <span class="range-head">
                <label class="range-label" for={id.clone()}>{ &props.label }</label>
                if !props.setting.is_empty() {
                    <code class="setting-name">{ &props.setting }</code>
                }
                if !props.reads.is_empty() {
                    <span class="range-reads muted" aria-hidden="true">{ &props.reads }</span>
                }
            </span>
            <input id={id.clone()} class="range-slider" type="range" data-testid={id} min={low.to_string()} max={high.to_string()} step={slider_step.to_string()}
                value={at.to_string()} disabled={props.disabled} aria-valuetext={spoken.trim().to_owned()} aria-describedby={described.clone()} oninput={on_slide} />
            <span class="range-box">
                <input id={box_id.clone()} class="field range-value number" type="number" data-testid={box_id} min={min.to_string()} max={max.to_string()}
                    step={step.to_string()} value={props.value.to_string()} disabled={props.disabled} aria-label={format!("{} {}", props.label, props.unit).trim().to_owned()}
                    aria-describedby={described} onchange={on_type} />
                if !props.unit.is_empty() {
                    <span class="range-unit muted" aria-hidden="true">{ &props.unit }</span>
                }
            </span>
            if !props.hint.is_empty() {
                <p id={hint_id} class="setting-hint muted">{ &props.hint }</p>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_settle_on_a_step_inside_the_bounds() {
        assert!((settled(0.34, 0.0, 1.0, 0.1) - 0.3).abs() < f64::EPSILON);
        assert!((settled(7.0, 0.0, 5.0, 2.0) - 5.0).abs() < f64::EPSILON);
        assert!((settled(-3.0, 1.0, 5.0, 1.0) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_logarithmic_slider_reaches_both_ends_and_comes_back() {
        for (min, max) in [(1.0, 604_800_000.0), (0.0, 1000.0), (10.0, 20.0)] {
            assert!((value_at(0.0, min, max) - min).abs() < 1e-9);
            assert!((value_at(PLACES, min, max) - max).abs() / max < 1e-9);
            let middle = value_at(120.0, min, max);
            assert!((place_of(middle, min, max) - 120.0).abs() < 1e-6);
        }
    }
}
