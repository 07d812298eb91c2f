//! On or off, with Kafka's own name and one plain sentence.

use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ToggleProps {
    /// Unique on the page, and the test name.
    pub id: AttrValue,
    pub label: AttrValue,
    /// The setting as Kafka calls it, for example `enable.idempotence`.
    #[prop_or_default]
    pub setting: AttrValue,
    /// One plain sentence.
    #[prop_or_default]
    pub hint: AttrValue,
    pub checked: bool,
    #[prop_or_default]
    pub disabled: bool,
    pub on_change: Callback<bool>,
}

#[component]
pub(crate) fn Toggle(props: &ToggleProps) -> Html {
    let onchange = props.on_change.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    let hint_id = format!("{}-hint", props.id);
    let has_hint = !props.hint.is_empty();
    html! {
        <div class="toggle" data-disabled={props.disabled.to_string()}>
            <label class="toggle-label">
                <input id={props.id.clone()} class="toggle-switch" type="checkbox" role="switch" data-testid={props.id.clone()} checked={props.checked}
                    disabled={props.disabled} aria-describedby={has_hint.then(|| hint_id.clone())} {onchange} />
                <span>{ &props.label }</span>
            </label>
            if !props.setting.is_empty() {
                <code class="setting-name">{ &props.setting }</code>
            }
            if has_hint {
                <p id={hint_id} class="setting-hint muted">{ &props.hint }</p>
            }
        </div>
    }
}
