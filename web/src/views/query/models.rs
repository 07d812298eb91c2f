//! One log feeds several read models at once (CQRS). Each has read up to its own position: whoever is stopped falls behind and catches up.

use super::hash::HashOfAll;
use crate::components::WindowBars;
use crate::data::{save_bytes, use_archive, use_commands, use_entity, use_windows, use_words};
use crate::locale::{Texts, bytes, date_time, grouped, use_texts};
use crate::state::{SelectionAction, TransportAction, View, use_selection, use_source, use_transport};
use crate::views::icons::{Icon, icon};
use crate::views::words::type_name;
use replay_protocol::{Life, Row, Windows};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Event types with a colour of their own.
const TYPES: usize = 8;

#[component]
pub(super) fn ReadModels() -> Html {
    let texts = use_texts();
    html! {
        <>
            <section class="models-lead">
                <h2>{ texts.t("models-title") }</h2>
                <p class="muted">{ texts.t("models-lead") }</p>
            </section>
            <div class="models" data-testid="models">
                <SearchModel />
                <KeyModel />
                <WindowModel />
                <ArchiveModel />
            </div>
            <HashOfAll />
        </>
    }
}

/// How far a read model has read: with the cursor, or not beyond where it was stopped.
#[derive(Clone, PartialEq)]
struct Checkpoint {
    cursor: u64,
    stopped: UseStateHandle<Option<u64>>,
}

impl Checkpoint {
    /// The records up to here are in the read model. Stepping back takes everybody back: a log is read from the front.
    fn position(&self) -> u64 {
        self.stopped.map_or(self.cursor, |stopped| stopped.min(self.cursor))
    }

    fn lag(&self) -> u64 {
        self.cursor - self.position()
    }
}

#[hook]
fn use_checkpoint() -> Checkpoint {
    let cursor = use_transport().position;
    let generation = use_source().generation;
    let stopped = use_state_eq(|| None::<u64>);
    {
        let set = stopped.setter();
        use_effect_with(generation, move |_| set.set(None));
    }
    Checkpoint { cursor, stopped }
}

/// The frame of a read model: what it is for, what people use for it, how far it has read.
fn card(texts: &Texts, id: &'static str, checkpoint: &Checkpoint, body: Html) -> Html {
    let is_stopped = checkpoint.stopped.is_some();
    let toggle = {
        let (stopped, cursor) = (checkpoint.stopped.clone(), checkpoint.cursor);
        Callback::from(move |_: MouseEvent| stopped.set(stopped.is_none().then_some(cursor)))
    };
    let said = if checkpoint.lag() > 0 {
        texts.with("models-behind", &[("n", checkpoint.lag().into()), ("position", checkpoint.position().into())])
    } else {
        texts.with("models-at", &[("position", checkpoint.position().into())])
    };
    html! {
        <section class="card model" data-testid={format!("model-{id}")} aria-label={texts.t(&format!("model-{id}"))} data-behind={(checkpoint.lag() > 0).to_string()}>
            <header class="model-head">
                <h3>{ texts.t(&format!("model-{id}")) }</h3>
                <span class="model-system">{ texts.t(&format!("model-{id}-system")) }</span>
            </header>
            <p class="muted">{ texts.t(&format!("model-{id}-why")) }</p>
            <p class="model-checkpoint">
                <span class="mono" data-testid={format!("model-{id}-at")}>{ said }</span>
                <button class="button button-quiet model-stop" type="button" data-testid={format!("model-{id}-stop")} aria-pressed={is_stopped.to_string()} onclick={toggle}>
                    { icon(if is_stopped { Icon::Play } else { Icon::Pause }) }
                    { texts.t(if is_stopped { "models-catch-up" } else { "models-stop" }) }
                </button>
            </p>
            { body }
        </section>
    }
}

/// Words of every record, for audits.
#[component]
fn SearchModel() -> Html {
    let texts = use_texts();
    let source = use_source();
    let transport = use_transport().dispatcher();
    let selection = use_selection().dispatcher();
    let checkpoint = use_checkpoint();
    let typed = use_state_eq(String::new);
    let found = use_words(&typed, checkpoint.position());
    let oninput = {
        let set = typed.setter();
        Callback::from(move |event: InputEvent| set.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let summary = source.summary.clone().unwrap_or_default();
    let row = |row: &Row| {
        let (position, entity) = (row.position, row.entity);
        let (transport, selection) = (transport.clone(), selection.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            transport.dispatch(TransportAction::SeekTo(position));
            if let Some(entity) = entity {
                selection.dispatch(SelectionAction::Choose(entity));
            }
            selection.dispatch(SelectionAction::Show(View::Replay));
        });
        html! {
            <li key={position}>
                <button class="model-row" type="button" data-testid="model-search-row" data-position={position.to_string()} {onclick}>
                    <span class="mono model-row-at">{ format!("#{position}") }</span>
                    <span class="mono">{ row.key.clone() }</span>
                    <span class="muted">{ type_name(&summary, row.event_type) }</span>
                    <span class="muted mono model-row-value">{ &row.preview }</span>
                </button>
            </li>
        }
    };
    let answer = match found {
        _ if typed.trim().is_empty() => html! { <p class="muted model-note">{ texts.t("model-search-hint") }</p> },
        None => html! { <p class="muted model-note" role="status">{ texts.t("model-search-building") }</p> },
        Some(found) => html! {
            <>
                <p class="model-note" role="status" data-testid="model-search-found">
                    <strong>{ texts.with("search-found", &[("matches", found.total.into()), ("total", found.indexed.into())]) }</strong>
                    <span class="muted">{ texts.with("model-search-cost", &[("entries", found.entries_read.into()), ("records", found.indexed.into()), ("words", found.words.into())]) }</span>
                    if found.is_cut {
                        <span class="source-skipped">{ texts.with("model-search-cut", &[("n", grouped(u64::from(found.indexed)).into())]) }</span>
                    }
                </p>
                if !found.rows.is_empty() {
                    <ul class="model-rows" tabindex="0" aria-label={texts.t("search-results")}>{ for found.rows.iter().map(row) }</ul>
                }
            </>
        },
    };
    let body = html! {
        <>
            <input class="field" type="search" data-testid="model-search-text" autocomplete="off" spellcheck="false" aria-label={texts.t("model-search-text")} placeholder={texts.t("model-search-text")}
                value={(*typed).clone()} {oninput} />
            { answer }
        </>
    };
    card(&texts, "search", &checkpoint, body)
}

/// One row by its key.
#[component]
fn KeyModel() -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let selection = use_selection();
    let checkpoint = use_checkpoint();
    let input = use_node_ref();
    let entity = use_entity(selection.entity, checkpoint.position());
    let look_up = {
        let input = input.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = input.cast::<HtmlInputElement>() {
                commands.look_up(&input.value());
            }
        })
    };
    let found = entity.map(|entity| {
        let columns = entity.tree.iter().filter(|line| line.depth == 0);
        let column = |line: &replay_protocol::TreeLine| {
            let text = if matches!(line.type_name.as_str(), "object" | "array") {
                format!("{} {}", if line.type_name == "object" { "{…}" } else { "[…]" }, line.text)
            } else {
                line.text.clone()
            };
            html! { <tr key={line.path.clone()}><th scope="row" class="mono">{ &line.name }</th><td class="mono">{ text }</td><td class="mono muted">{ format!("#{}", line.set_at) }</td></tr> }
        };
        html! {
            <>
                <p class="model-note"><strong class="mono" data-testid="model-key-row">{ &entity.key }</strong><span class="muted">{ texts.t("model-key-cost") }</span></p>
                if entity.life == Life::Alive {
                    <table class="model-columns"><tbody>{ for columns.map(column) }</tbody></table>
                    if entity.tree.is_empty() {
                        <p class="mono">{ &entity.state_text }</p>
                    }
                } else {
                    <p class="muted" data-testid="model-key-none">{ texts.t("model-key-none") }</p>
                }
            </>
        }
    });
    let body = html! {
        <>
            <form class="query-actions" onsubmit={look_up}>
                <input ref={input} class="field mono model-key" type="text" data-testid="model-key-text" autocomplete="off" spellcheck="false" aria-label={texts.t("cost-key")} placeholder={texts.t("cost-key")} />
                <button class="button" type="submit">{ texts.t("cost-look-up") }</button>
            </form>
            { for found }
        </>
    };
    card(&texts, "key", &checkpoint, body)
}

/// Records per window of event time and type.
#[component]
fn WindowModel() -> Html {
    let texts = use_texts();
    let source = use_source();
    let commands = use_commands();
    let checkpoint = use_checkpoint();
    let windows = use_windows(checkpoint.position(), None);
    let summary = source.summary.clone().unwrap_or_default();
    let body = match windows {
        None => Html::default(),
        Some(windows) if windows.windows.is_empty() => {
            html! { <p class="muted model-note">{ texts.t("model-windows-no-time") }</p> }
        }
        Some(windows) => {
            let describe = {
                let (texts, windows, summary) = (texts.clone(), windows.clone(), summary.clone());
                Callback::from(move |n: usize| described(&texts, &windows, &summary, n))
            };
            let on_pick = Callback::from(move |ms: f64| commands.go_to(&date_time(ms)));
            let end = windows.start_ms + windows.window_ms * windows.windows.len() as f64;
            let total = |kind: usize| -> u64 {
                windows.windows.iter().map(|w| u64::from(w.counts.get(kind).copied().unwrap_or(0))).sum()
            };
            let legend = (0..=TYPES).filter(|kind| total(*kind) > 0).map(|kind| {
                let name = if kind < TYPES { type_name(&summary, Some(kind as u32)) } else { texts.t("other-types") };
                let class = if kind < TYPES { format!("type-{kind}") } else { "type-other".to_owned() };
                html! { <li key={kind} class="legend-item"><span class={classes!("record-dot", class)} aria-hidden="true"></span>{ name }{ " " }<span class="mono muted">{ grouped(total(kind)) }</span></li> }
            });
            html! {
                <>
                    <p class="model-note">
                        <strong data-testid="model-windows-length">{ texts.with("model-windows-length", &[("length", texts.plain_duration(windows.window_ms).to_string().into())]) }</strong>
                        if windows.late > 0 {
                            <span class="source-skipped" data-testid="model-windows-late">{ texts.with("model-windows-late", &[("n", windows.late.into())]) }</span>
                        }
                        if windows.untimed > 0 {
                            <span class="muted">{ texts.with("model-windows-untimed", &[("n", windows.untimed.into())]) }</span>
                        }
                    </p>
                    <WindowBars windows={windows.clone()} {describe} {on_pick} label={texts.t("model-windows-label")} />
                    <p class="window-ends mono muted"><span>{ date_time(windows.start_ms) }</span><span>{ date_time(end) }</span></p>
                    <ul class="legend">{ for legend }</ul>
                </>
            }
        }
    };
    card(&texts, "windows", &checkpoint, body)
}

/// A window in words.
fn described(texts: &Texts, windows: &Windows, summary: &replay_protocol::Summary, n: usize) -> AttrValue {
    let Some(window) = windows.windows.get(n) else { return AttrValue::default() };
    let mut lines = vec![date_time(windows.start_ms + windows.window_ms * n as f64)];
    for (kind, count) in window.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let name = if kind < TYPES { type_name(summary, Some(kind as u32)) } else { texts.t("other-types") };
        lines.push(format!("{name}: {}", grouped(u64::from(*count))));
    }
    if window.late > 0 {
        lines.push(texts.with("model-windows-late", &[("n", window.late.into())]).to_string());
    }
    lines.join("\n").into()
}

/// The log as a columnar file.
#[component]
fn ArchiveModel() -> Html {
    let texts = use_texts();
    let source = use_source();
    let checkpoint = use_checkpoint();
    let (archived, start, stop) = use_archive();
    let position = checkpoint.position();
    let write = start.reform(move |_: MouseEvent| position);
    let written = archived.archive.clone().map(|(until, archive)| {
        let name = source.summary.as_ref().and_then(|summary| summary.partitions.first()).map(|info| info.topic.clone());
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "log".to_owned());
        let save = {
            let archive = archive.clone();
            Callback::from(move |_: MouseEvent| {
                save_bytes(&format!("{name}-{until}.parquet"), "application/vnd.apache.parquet", &archive.file);
            })
        };
        let most = archive.columns.iter().map(|column| column.bytes).fold(1.0, f64::max);
        let column = |column: &replay_protocol::ArchiveColumn| {
            html! {
                <tr key={column.name.clone()}>
                    <th scope="row" class="mono">{ &column.name }</th>
                    <td class="mono model-bytes">{ bytes(column.bytes) }</td>
                    <td class="cost-bar"><meter min="0" max={most.to_string()} value={column.bytes.to_string()} aria-hidden="true"></meter></td>
                </tr>
            }
        };
        html! {
            <>
                <p class="model-note" role="status" data-testid="model-archive-said">
                    <strong>{ texts.with("model-archive-said", &[("records", archive.records.into()), ("bytes", bytes(archive.file.len() as f64).into()), ("text", bytes(archive.text_bytes).into())]) }</strong>
                    <button class="button" type="button" data-testid="model-archive-save" onclick={save}>{ texts.t("model-archive-save") }</button>
                </p>
                <table class="model-columns"><tbody>{ for archive.columns.iter().map(column) }</tbody></table>
                <p class="muted">{ texts.t("model-archive-columns") }</p>
            </>
        }
    });
    let body = html! {
        <>
            if archived.job.is_some() {
                <p class="query-actions" role="status">
                    <progress aria-label={texts.t("progress")} />
                    <button class="button" type="button" onclick={stop.reform(|_: MouseEvent| ())}>{ texts.t("cancel") }</button>
                </p>
            } else {
                <p><button class="button" type="button" data-testid="model-archive-write" onclick={write}>{ texts.with("model-archive-write", &[("position", position.into())]) }</button></p>
            }
            { for written }
        </>
    };
    card(&texts, "archive", &checkpoint, body)
}
