//! Schemas of values: pasted, from files, or from a Schema Registry.

use crate::data::{Registry, use_commands, use_registry, without_password};
use crate::locale::use_texts;
use replay_protocol::{Failure, SCHEMA_FILE};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Where registries listen, if nobody says otherwise.
const ADDRESS: &str = "http://localhost:8081";

#[derive(Debug, Clone, PartialEq, Properties)]
pub(super) struct SchemasFormProps {
    /// The log is read again with a schema.
    pub on_done: Callback<()>,
}

#[component]
pub(super) fn SchemasForm(props: &SchemasFormProps) -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let address = use_state_eq(|| AttrValue::from(ADDRESS));
    let (token, pasted) = (use_node_ref(), use_node_ref());
    let moved = use_state_eq(|| false);
    // Nothing was pasted when it should be used.
    let is_missing = use_state_eq(|| false);
    let (state, ask) = use_registry(props.on_done.clone());
    let value = |node: &NodeRef| node.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
    let onsubmit = {
        let (address, token, moved) = (address.clone(), token.clone(), moved.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (clean, own) = without_password(&address);
            moved.set(own.is_some());
            // Who typed a token means that one.
            let used = own.filter(|_| value(&token).is_empty()).unwrap_or_else(|| value(&token));
            if let Some(input) = token.cast::<HtmlInputElement>() {
                input.set_value(&used);
            }
            address.set(clean.clone().into());
            ask.emit((clean, used));
        })
    };
    let on_address = {
        let set = address.setter();
        Callback::from(move |event: InputEvent| {
            set.set(event.target_unchecked_into::<HtmlInputElement>().value().into());
        })
    };
    let commands_for_files = commands.clone();
    let on_paste = {
        let (pasted, on_done, set) = (pasted.clone(), props.on_done.clone(), is_missing.setter());
        Callback::from(move |_: MouseEvent| {
            let text = pasted.cast::<HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default();
            set.set(text.trim().is_empty());
            if !text.trim().is_empty() {
                commands.read_with_schemas(&[(format!("{SCHEMA_FILE}pasted.json"), text)]);
                on_done.emit(());
            }
        })
    };
    let on_files = {
        let (commands, on_done) = (commands_for_files, props.on_done.clone());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let files = input.files().map(|files| (0..files.length()).filter_map(|n| files.get(n)).collect::<Vec<_>>());
            let (commands, on_done) = (commands.clone(), on_done.clone());
            spawn_local(async move {
                let mut schemas = Vec::new();
                for file in files.unwrap_or_default() {
                    if let Some(text) = text_of(&file).await {
                        // Others import it by its own name.
                        schemas.push((format!("{SCHEMA_FILE}/{}", file.name()), text));
                    }
                }
                input.set_value("");
                if !schemas.is_empty() {
                    commands.read_with_schemas(&schemas);
                    on_done.emit(());
                }
            });
        })
    };
    let why = |failure: &Failure| {
        texts.with_or(
            &format!("failed-{}", failure.code),
            &[("detail", failure.detail.clone().into())],
            &failure.detail,
        )
    };
    let told = match &state {
        Registry::Quiet => html! {},
        Registry::Asking => html! { <p role="status">{ texts.t("registry-asking") }</p> },
        Registry::NothingNeeded => {
            html! { <p role="status" data-testid="registry-told">{ texts.t("registry-nothing") }</p> }
        }
        Registry::Failed(failure) => {
            html! { <p class="source-failed" role="alert" data-testid="registry-told">{ why(failure) }</p> }
        }
        Registry::Missing(missing) => html! {
            <ul class="source-failed" role="alert" data-testid="registry-told">
                { for missing.iter().map(|(id, failure)| html! { <li>{ texts.with("registry-missing", &[("id", id.clone().into()), ("why", why(failure).to_string().into())]) }</li> }) }
            </ul>
        },
    };
    html! {
        <details class="mapping-schemas" open=true data-testid="schemas">
            <summary>{ texts.t("schemas") }</summary>
            <p class="muted">{ texts.t("schemas-lead") }</p>
            <form class="mapping-actions" {onsubmit}>
                <label class="choice">
                    <span>{ texts.t("registry-address") }</span>
                    <input class="field mono" type="text" inputmode="url" autocomplete="off" spellcheck="false" data-testid="registry-address" aria-label={texts.t("registry-address")} value={(*address).clone()} oninput={on_address} />
                </label>
                <label class="choice">
                    <span>{ texts.t("registry-token") }</span>
                    <input ref={token} class="field mono" type="password" aria-label={texts.t("registry-token")} autocomplete="off" placeholder={texts.t("kafka-token-none")} data-testid="registry-token" />
                </label>
                <button class="button" type="submit" data-testid="registry-ask" disabled={state == Registry::Asking}>{ texts.t("registry-ask") }</button>
            </form>
            if *moved {
                <p class="muted" role="status" data-testid="registry-password-moved">{ texts.t("password-moved") }</p>
            }
            { told }
            <div class="mapping-actions">
                <textarea ref={pasted} class="field mono schema-text" rows="2" spellcheck="false" autocomplete="off" data-testid="schema-paste" aria-label={texts.t("schema-paste")} placeholder={texts.t("schema-paste")} />
                <button class="button" type="button" data-testid="schema-use" onclick={on_paste}>{ texts.t("schema-use") }</button>
                <label class="button">
                    <span>{ texts.t("schema-files") }</span>
                    <input class="visually-hidden" type="file" multiple=true accept=".proto,.avsc,.json,.desc,.pb,.binpb,.protoset,.fds,.txt" data-testid="schema-files" aria-label={texts.t("schema-files")} onchange={on_files} />
                </label>
                if *is_missing {
                    <span class="field-wrong" role="alert" data-testid="schema-wrong">{ texts.t("failed-bad-schema") }</span>
                }
            </div>
        </details>
    }
}

/// What a file holds, in base64 if it is no text: a schema crosses as text.
async fn text_of(file: &web_sys::File) -> Option<String> {
    let buffer = JsFuture::from(file.unchecked_ref::<web_sys::Blob>().array_buffer()).await.ok()?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    String::from_utf8(bytes)
        .or_else(|error| {
            let characters: String = error.as_bytes().iter().copied().map(char::from).collect();
            web_sys::window().ok_or(())?.btoa(&characters).map_err(drop)
        })
        .ok()
}
