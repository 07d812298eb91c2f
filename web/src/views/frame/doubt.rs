//! Says of a log that is probably none what it reads like, what became of it, and what to do.

use super::overlays::Overlay;
use crate::data::use_commands;
use crate::locale::use_texts;
use crate::state::use_source;
use crate::views::icons::{Icon, icon};
use crate::views::words::{evidence_line, format_name};
use yew::prelude::*;

/// Two events as an application writes them.
const EXAMPLE: &str = r#"{"orderId":"order-17","type":"OrderPlaced","at":"2026-01-31T10:00:00Z","status":"NEW"}
{"orderId":"order-17","type":"OrderPaid","at":"2026-01-31T10:04:12Z","status":"PAID"}
"#;

/// Where the buttons lead.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct DoubtProps {
    /// Opens what lies over the page.
    pub on_overlay: Callback<Option<Overlay>>,
}

#[component]
pub(crate) fn Doubt(props: &DoubtProps) -> Html {
    let texts = use_texts();
    let source = use_source();
    let commands = use_commands();
    let (is_closed, shows_more) = (use_state_eq(|| false), use_state_eq(|| false));
    {
        let (closed, more) = (is_closed.setter(), shows_more.setter());
        use_effect_with(source.generation, move |_| {
            closed.set(false);
            more.set(false);
        });
    }
    let Some(summary) = source.summary.as_ref().filter(|_| !*is_closed) else { return Html::default() };
    let Some(like) = summary.evidence.iter().find(|said| said.code == "like") else { return Html::default() };
    let close = Callback::from(move |_: MouseEvent| is_closed.set(true));
    let map = props.on_overlay.reform(|_: MouseEvent| Some(Overlay::Mapping));
    let shown = *shows_more;
    let toggle = Callback::from(move |_: MouseEvent| shows_more.set(!*shows_more));
    let load = Callback::from(move |_: MouseEvent| commands.load_text(EXAMPLE.to_owned()));
    let formats: Vec<_> = summary.formats.iter().map(|name| format_name(&texts, name).to_string()).collect();
    html! {
        <section class="doubt" data-testid="doubt" role="status">
            <p class="doubt-text"><strong>{ evidence_line(&texts, like) }</strong>{ " " }{ texts.with("doubt-became", &[("n", summary.records.into())]) }</p>
            <span class="guide-buttons">
                <button class="button" type="button" data-testid="doubt-mapping" title={texts.t("mapping-hint")} onclick={map}>{ texts.t("mapping-open") }</button>
                <button class="button" type="button" data-testid="doubt-more" aria-expanded={shown.to_string()} onclick={toggle}>{ texts.t("doubt-more") }</button>
                <button class="button button-quiet button-icon" type="button" data-testid="doubt-close" aria-label={texts.t("close")} title={texts.t("close")} onclick={close}>{ icon(Icon::Close) }</button>
            </span>
            if shown {
                <div class="doubt-more">
                    <p>{ texts.t("doubt-example") }</p>
                    <pre class="doubt-example" tabindex="0">{ EXAMPLE.trim_end() }</pre>
                    <p><button class="button" type="button" data-testid="doubt-try" onclick={load}>{ texts.t("doubt-try") }</button></p>
                    <p class="muted">{ texts.with("doubt-formats", &[("formats", formats.join(texts.t("list-comma").as_str()).into())]) }</p>
                </div>
            }
        </section>
    }
}
