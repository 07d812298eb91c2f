//! What went wrong, and what to do about it.

use crate::locale::Texts;
use replay_protocol::Failure;
use yew::prelude::*;

/// Kinds of servers and the setting by which each lets pages of other origins read; these are no words of a language.
const CORS: [(&str, &str); 5] = [
    ("replayground", "replayground-proxy --cors-origin ORIGIN"),
    (
        "confluent",
        "access.control.allow.origin=ORIGIN\naccess.control.allow.methods=GET,POST,DELETE,OPTIONS\naccess.control.allow.headers=accept,authorization,content-type",
    ),
    (
        "strimzi",
        "http.cors.enabled=true\nhttp.cors.allowedOrigins=ORIGIN\nhttp.cors.allowedMethods=GET,POST,DELETE,OPTIONS",
    ),
    ("karapace", "Access-Control-Allow-Origin: *"),
    ("redpanda", "Access-Control-Allow-Origin: ORIGIN"),
];

/// The page's own origin, as settings of servers name it.
pub(super) fn own_origin() -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    origin.filter(|origin| origin != "null").unwrap_or_else(|| "https://example.org".to_owned())
}

/// The failure in the person's language, with what helps.
pub(crate) fn failure(texts: &Texts, failure: &Failure) -> Html {
    let id = format!("failed-{}", failure.code);
    let own = own_origin();
    let variables = [("detail", failure.detail.clone().into()), ("origin", own.clone().into())];
    let known = texts.with(&id, &variables);
    let text = if known == id.as_str() { texts.with("failed-other", &variables) } else { known };
    let setting = |(kind, setting): &(&str, &str)| {
        html! {
            <>
                <dt>{ texts.t(&format!("kafka-kind-{kind}")) }</dt>
                <dd>
                    <pre class="kafka-setting mono">{ setting.replace("ORIGIN", &own) }</pre>
                    if matches!(*kind, "karapace" | "redpanda") {
                        <span class="muted">{ texts.t(&format!("kafka-cors-{kind}")) }</span>
                    }
                </dd>
            </>
        }
    };
    html! {
        <div class="kafka-failure" role="alert" data-testid="kafka-failure" data-code={failure.code.clone()}>
            <p>{ text }</p>
            if failure.code == "kafka-cors" {
                <dl class="kafka-settings">{ for CORS.iter().map(setting) }</dl>
            }
        </div>
    }
}
