//! The program of the projection `jq`.

use crate::data::use_commands;
use crate::locale::use_texts;
use replay_protocol::Configuration;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// What runs until somebody writes something else: it does what `merge` does at the first level.
pub(super) const FIRST_PROGRAM: &str = "if $event == null then null else . + $event end";

#[derive(Properties, PartialEq)]
pub(super) struct JqEditorProps {
    pub(super) in_force: Configuration,
}

/// A text field whose program runs when it is left or Ctrl+Enter is pressed.
#[component]
pub(super) fn JqEditor(props: &JqEditorProps) -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let program = props.in_force.jq.clone().unwrap_or_default();
    // A program that is refused stays in the field, so that it can be mended; one that runs, by whatever way it came, is shown.
    let text = use_state_eq(|| program.clone());
    {
        let text = text.clone();
        use_effect_with(program.clone(), move |program| text.set(program.clone()));
    }
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    let run = {
        let (commands, in_force, text) = (commands, props.in_force.clone(), text.clone());
        Callback::from(move |()| {
            if in_force.jq.as_deref() != Some(text.as_str()) {
                commands.configure(Configuration { jq: Some((*text).clone()), ..in_force.clone() });
            }
        })
    };
    let onchange = run.reform(|_: Event| ());
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            run.emit(());
        }
    });
    let rows = text.lines().count().clamp(2, 8).to_string();
    html! {
        <label class="choice choice-program">
            <span>{ texts.t("jq-program") }</span>
            <textarea class="field mono" data-testid="jq-input" title={texts.t("jq-program-hint")} spellcheck="false" autocapitalize="off" {rows}
                value={(*text).clone()} {oninput} {onchange} {onkeydown} />
        </label>
    }
}
