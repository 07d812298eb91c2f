//! The log as a file: a button for each format, with what the format cannot tell.

use crate::data::use_commands;
use crate::locale::use_texts;
use crate::state::use_source;
use crate::views::words::format_name;
use replay_protocol::Writer;
use yew::prelude::*;

#[component]
pub(super) fn SaveLog() -> Html {
    let texts = use_texts();
    let source = use_source();
    let commands = use_commands();
    let writers = source.summary.as_ref().map(|summary| summary.writers.clone()).unwrap_or_default();
    let entry = |writer: &Writer| {
        let (commands, chosen) = (commands.clone(), writer.clone());
        let onclick = Callback::from(move |_: MouseEvent| commands.save_log(&chosen));
        html! {
            <li key={writer.name.clone()}>
                <button class="button" type="button" data-testid={format!("export-{}", writer.name)} {onclick}>{ format_name(&texts, &writer.name) }</button>
                <span class="muted">{ format!(".{}", writer.extension) }</span>
                <span class="muted">{ texts.or(&format!("save-note-{}", writer.name), "") }</span>
            </li>
        }
    };
    html! {
        <>
            <p class="muted">{ texts.t("save-log-lead") }</p>
            <ul class="save-formats" data-testid="export">{ for writers.iter().map(entry) }</ul>
        </>
    }
}
