//! A list of things of one kind, a row each: numbers side by side, rows that can be added and removed.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// A number in a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowField {
    /// Part of the test name.
    pub id: &'static str,
    pub label: AttrValue,
    /// What stands in the box if `value` is `None`.
    pub empty: AttrValue,
    /// `None` for an empty box, if `may_be_empty`.
    pub value: Option<f64>,
    pub may_be_empty: bool,
    pub min: f64,
    pub max: f64,
    pub step: f64,
    /// Units to choose from; of one there is nothing to choose.
    pub units: &'static [&'static str],
    /// Which of them the value is in.
    pub unit: usize,
    /// Whether there is a slider, from `min` to here, beside the box.
    pub slides_to: Option<f64>,
}

/// A number that was changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RowChange {
    pub row: usize,
    pub field: usize,
    /// Within the field's bounds; `None` for an empty box.
    pub value: Option<f64>,
    /// Place in the field's units.
    pub unit: usize,
}

#[derive(Properties, PartialEq)]
pub(crate) struct RowListProps {
    /// Unique on the page; the test names are `<id>` for the list, `<id>-add`, and `<id>-<row>-<field>` (with `-slider` for its slider),
    /// `<id>-<row>-unit` and `<id>-<row>-remove` in rows, counted from 0.
    pub id: AttrValue,
    pub label: AttrValue,
    /// As Kafka calls it.
    #[prop_or_default]
    pub setting: AttrValue,
    /// One plain sentence.
    #[prop_or_default]
    pub hint: AttrValue,
    pub rows: Vec<Vec<RowField>>,
    /// On the button that adds a row.
    pub add: AttrValue,
    /// What the button that removes a row is called.
    pub remove: AttrValue,
    pub on_change: Callback<RowChange>,
    pub on_add: Callback<()>,
    pub on_remove: Callback<usize>,
}

#[component]
pub(crate) fn RowList(props: &RowListProps) -> Html {
    let hint_id = format!("{}-hint", props.id);
    let has_hint = !props.hint.is_empty();
    let field = |row: usize, number: usize, field: &RowField| {
        let name = format!("{}-{row}-{}", props.id, field.id);
        let (min, max, may_be_empty, unit) = (field.min, field.max, field.may_be_empty, field.unit);
        let onchange = props.on_change.reform(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let typed = Some(input.value_as_number()).filter(|typed| typed.is_finite());
            let value = typed.map(|typed| typed.clamp(min, max)).or((!may_be_empty).then_some(min));
            // Also where that is what it was before, so that nothing is drawn anew.
            input.set_value(&value.map(|value| value.to_string()).unwrap_or_default());
            RowChange { row, field: number, value, unit }
        });
        let value = field.value;
        let on_unit = props.on_change.reform(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            RowChange { row, field: number, value, unit: usize::try_from(chosen).unwrap_or(0) }
        });
        let on_slide = props.on_change.reform(move |event: InputEvent| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
            RowChange { row, field: number, value: Some(value).filter(|value| value.is_finite()).or(Some(min)), unit }
        });
        html! {
            <span key={field.id} class="row-field" data-slides={field.slides_to.is_some().to_string()}>
                <label class="row-label" for={name.clone()}>{ &field.label }</label>
                if let Some(most) = field.slides_to {
                    <input class="range-slider" type="range" data-testid={format!("{name}-slider")} min={min.to_string()} max={most.to_string()} step={field.step.to_string()}
                        value={value.unwrap_or(min).to_string()} aria-label={format!("{} {}", field.label, row + 1)} oninput={on_slide} />
                }
                <input id={name.clone()} class="field number" type="number" data-testid={name} min={min.to_string()} max={max.to_string()} step={field.step.to_string()}
                    value={value.map(|value| value.to_string()).unwrap_or_default()} placeholder={field.empty.clone()} {onchange} />
                if field.units.len() > 1 {
                    <select class="field" data-testid={format!("{}-{row}-unit", props.id)} aria-label={format!("{} {}", field.label, row + 1)} onchange={on_unit}>
                        { for field.units.iter().enumerate().map(|(n, each)| html! { <option key={*each} selected={n == unit}>{ *each }</option> }) }
                    </select>
                } else if let Some(only) = field.units.first() {
                    <span class="range-unit muted" aria-hidden="true">{ *only }</span>
                }
            </span>
        }
    };
    let row = |(number, fields): (usize, &Vec<RowField>)| {
        let on_remove = props.on_remove.reform(move |_: MouseEvent| number);
        html! {
            <li key={number} class="row-list-row">
                { for fields.iter().enumerate().map(|(n, each)| field(number, n, each)) }
                <button class="button button-quiet row-remove" type="button" data-testid={format!("{}-{number}-remove", props.id)}
                    aria-label={format!("{} {}", props.remove, number + 1)} title={props.remove.clone()} onclick={on_remove}>{ "✕" }</button>
            </li>
        }
    };
    html! {
        <fieldset class="row-list" data-testid={props.id.clone()} data-rows={props.rows.len().to_string()} aria-describedby={has_hint.then(|| hint_id.clone())}>
            <legend>
                { &props.label }
                if !props.setting.is_empty() {
                    { " " }<code class="setting-name">{ &props.setting }</code>
                }
            </legend>
            if has_hint {
                <p id={hint_id} class="setting-hint muted">{ &props.hint }</p>
            }
            if !props.rows.is_empty() {
                <ol class="row-list-rows">{ for props.rows.iter().enumerate().map(row) }</ol>
            }
            <button class="button" type="button" data-testid={format!("{}-add", props.id)} onclick={props.on_add.reform(|_: MouseEvent| ())}>{ &props.add }</button>
        </fieldset>
    }
}
