//! One of a few: all options are seen at once, the arrow keys choose.

use yew::prelude::*;

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChoiceOption {
    /// What `on_change` gives.
    pub value: AttrValue,
    pub label: AttrValue,
    /// One plain sentence, shown while the option is chosen.
    pub hint: AttrValue,
    /// The option as Kafka calls it, for example `read_committed`.
    pub setting: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct ChoiceProps {
    /// Unique on the page; the test names are `<id>` for the group and `<id>-<value>` for an option.
    pub id: AttrValue,
    pub label: AttrValue,
    /// The setting as Kafka calls it, for example `isolation.level`.
    #[prop_or_default]
    pub setting: AttrValue,
    pub options: Vec<ChoiceOption>,
    pub value: AttrValue,
    #[prop_or_default]
    pub disabled: bool,
    pub on_change: Callback<AttrValue>,
}

#[component]
pub(crate) fn Choice(props: &ChoiceProps) -> Html {
    let chosen = props.options.iter().find(|option| option.value == props.value);
    let hint_id = format!("{}-hint", props.id);
    let has_hint = chosen.is_some_and(|option| !option.hint.is_empty());
    let option = |option: &ChoiceOption| {
        let value = option.value.clone();
        let onchange = props.on_change.reform(move |_: Event| value.clone());
        html! {
            <label key={option.value.to_string()} class="choice-option" data-chosen={(option.value == props.value).to_string()}>
                <input class="choice-radio" type="radio" name={props.id.clone()} value={option.value.clone()} checked={option.value == props.value}
                    disabled={props.disabled} data-testid={format!("{}-{}", props.id, option.value)} {onchange} />
                <span>{ &option.label }</span>
                if !option.setting.is_empty() {
                    <code class="setting-name">{ &option.setting }</code>
                }
            </label>
        }
    };
    html! {
        <fieldset class="choice-field" data-testid={props.id.clone()} aria-describedby={has_hint.then(|| hint_id.clone())}>
            <legend>
                { &props.label }
                if !props.setting.is_empty() {
                    { " " }<code class="setting-name">{ &props.setting }</code>
                }
            </legend>
            <div class="choice-options">{ for props.options.iter().map(option) }</div>
            if has_hint {
                <p id={hint_id} class="setting-hint muted">{ chosen.map(|option| option.hint.clone()) }</p>
            }
        </fieldset>
    }
}
