//! Server, topic and range, one after the other.

use super::advice::{failure, own_origin};
use super::range::RangeFields;
use super::topic::TopicFields;
use crate::components::Dialog;
use crate::data::{remembered_address, use_kafka_commands, without_password};
use crate::locale::use_texts;
use crate::state::use_kafka;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Whether it is seen.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct KafkaPanelProps {
    /// It is.
    pub open: bool,
    /// Closes it.
    pub on_close: Callback<()>,
}

#[component]
pub(crate) fn KafkaPanel(props: &KafkaPanelProps) -> Html {
    let texts = use_texts();
    html! {
        <Dialog open={props.open} title={texts.t("kafka-title")} close_label={texts.t("close")} on_close={props.on_close.clone()} testid="kafka-dialog">
            <div class="kafka">
                <ServerFields />
                <TopicFields />
                <RangeFields on_done={props.on_close.clone()} />
                <Failed />
            </div>
        </Dialog>
    }
}

#[component]
fn Failed() -> Html {
    let texts = use_texts();
    // What is wrong with a field stands below it.
    let why = use_kafka().failure.clone().filter(|why| why.code != "kafka-bad-field");
    let place = use_node_ref();
    // The dialog may be longer than the window: whoever pressed a button sees what became of it.
    use_effect_with((place.clone(), why.clone()), |(place, why)| {
        if let (Some(_), Some(element)) = (why, place.cast::<web_sys::Element>()) {
            element.scroll_into_view_with_bool(false);
        }
    });
    why.map(|why| html! { <div ref={place}>{ failure(&texts, &why) }</div> }).unwrap_or_default()
}

#[component]
fn ServerFields() -> Html {
    let texts = use_texts();
    let kafka = use_kafka();
    let commands = use_kafka_commands();
    let known = kafka.server.clone();
    let address = use_state_eq(|| known.map_or_else(remembered_address, |known| known.server.url.clone()));
    let token = use_state_eq(|| kafka.server.as_ref().map(|known| known.server.token.clone()).unwrap_or_default());
    let moved = use_state_eq(|| false);
    let typed = |field: &UseStateHandle<String>| {
        let field = field.clone();
        Callback::from(move |event: InputEvent| field.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let (on_address, on_token) = (typed(&address), typed(&token));
    let onsubmit = {
        let (address, token, moved) = (address.clone(), token.clone(), moved.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (clean, own) = without_password(&address);
            moved.set(own.is_some());
            // Who typed a token means that one.
            let used = own.filter(|_| token.is_empty()).unwrap_or_else(|| token.to_string());
            commands.connect(&clean, &used);
            address.set(clean);
            token.set(used);
        })
    };
    let known = kafka.server.as_ref().map(|known| {
        let name = texts.t(&format!("kafka-kind-{}", known.server.kind));
        let version = if known.version.is_empty() { String::new() } else { format!(" {}", known.version) };
        let ability =
            |ability: &String| html! { <li class="kafka-ability">{ texts.t(&format!("kafka-can-{ability}")) }</li> };
        let decodes =
            known.decodes_schemas.then(|| html! { <li class="kafka-ability">{ texts.t("kafka-can-schemas") }</li> });
        html! {
            <div class="kafka-known" data-testid="kafka-server" data-kind={known.server.kind.clone()} role="status">
                <strong>{ name }{ version }</strong>
                <ul class="kafka-abilities" aria-label={texts.t("kafka-abilities")}>
                    { for known.abilities.iter().map(ability) }
                    { for decodes }
                </ul>
                if !known.can("live") {
                    <p class="muted">{ texts.t("kafka-polled") }</p>
                }
            </div>
        }
    });
    html! {
        <form class="kafka-server" {onsubmit}>
            <label class="kafka-label" for="kafka-url">{ texts.t("kafka-address") }</label>
            <input id="kafka-url" class="field mono" type="text" inputmode="url" autocomplete="off" spellcheck="false" data-testid="kafka-url" value={(*address).clone()} oninput={on_address} />
            <button class="button button-primary" type="submit" data-testid="kafka-connect" disabled={kafka.asking.is_some()}>
                { texts.t(if kafka.asking.is_some() { "kafka-asking" } else { "kafka-connect" }) }
            </button>
            <label class="kafka-label" for="kafka-token">{ texts.t("kafka-token") }</label>
            <input id="kafka-token" class="field mono" type="password" autocomplete="off" data-testid="kafka-token" placeholder={texts.t("kafka-token-none")} value={(*token).clone()} oninput={on_token} />
            if *moved {
                <p class="kafka-hint" role="status" data-testid="kafka-password-moved">{ texts.t("password-moved") }</p>
            }
            if kafka.server.is_none() {
                <div class="kafka-hint muted">
                    <p>{ texts.t("kafka-hint") }</p>
                    <pre class="kafka-setting mono">{ format!("replayground-proxy --brokers localhost:9092 --cors-origin {}", own_origin()) }</pre>
                    <p>{ texts.t("kafka-hint-others") }</p>
                </div>
            }
            { for known }
        </form>
    }
}
