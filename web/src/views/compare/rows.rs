//! The same business change twice: as the event that was written, and as the row change that a connector would have seen; and what each can answer.

use crate::components::ChangeTable;
use crate::data::{use_commands, use_entity, use_row_changes};
use crate::locale::{Texts, use_texts};
use crate::state::{SelectionAction, TransportAction, View, use_selection, use_source, use_transport};
use crate::views::replay::diff_words;
use crate::views::words::type_name;
use replay_protocol::{RowChangeStep, RowChanges, RowOperation, Summary};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Events that are shown side by side.
const SHOWN: u64 = 100;

#[component]
pub(super) fn Rows() -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let transport = use_transport();
    let source = use_source();
    let changes = use_row_changes(selection.entity, SHOWN);
    let entity = use_entity(selection.entity, transport.position);
    let Some(((changes, entity), summary)) = changes.zip(entity).zip(source.summary.clone()) else {
        return html! { <section class="card"><p class="muted">{ texts.t("no-entity") }</p></section> };
    };
    let step = |step: &RowChangeStep| {
        let position = step.position;
        let (transport, selection) = (transport.dispatcher(), selection.dispatcher());
        let go = Callback::from(move |_: MouseEvent| {
            transport.dispatch(TransportAction::SeekTo(position));
            selection.dispatch(SelectionAction::Show(View::Replay));
        });
        html! {
            <tr key={position} data-testid="rows-step" data-op={step.op.map_or("none", code)}>
                <td class="rows-event">
                    <p><button class="blame-jump mono" type="button" onclick={go}>{ format!("#{position}") }</button>{ " " }<strong>{ type_name(&summary, step.event_type) }</strong></p>
                    if let Some(value) = &step.value {
                        <pre>{ value }</pre>
                    } else {
                        <p class="muted">{ format!("∅ {}", texts.t("tombstone")) }</p>
                    }
                </td>
                <td class="rows-row">
                    if let Some(op) = step.op {
                        <p><span class="rows-op mono" data-op={code(op)}>{ texts.t(&format!("rows-{}", code(op))) }</span></p>
                        <ChangeTable changes={Rc::new(step.columns.clone())} words={diff_words(&texts)} />
                    } else {
                        <p class="muted">{ texts.t("rows-none") }</p>
                    }
                </td>
            </tr>
        }
    };
    let hidden = changes.total.saturating_sub(changes.steps.len() as u64);
    html! {
        <>
            <section class="card rows-answers" data-testid="rows-answers">
                <div class="query-head">
                    <h2>{ texts.with("rows-title", &[("key", entity.key.clone().into())]) }</h2>
                    <KeyBox />
                </div>
                <p class="muted">{ texts.t(if changes.is_change_data { "rows-lead-cdc" } else { "rows-lead" }) }</p>
                { answers(&texts, &changes, &summary) }
            </section>
            <section class="card rows" data-testid="rows">
                <table>
                    <thead><tr><th scope="col">{ texts.t("rows-events") }</th><th scope="col">{ texts.t("rows-rows") }</th></tr></thead>
                    <tbody>{ for changes.steps.iter().map(step) }</tbody>
                </table>
                if hidden > 0 {
                    <p class="muted">{ texts.with("n-more-errors", &[("n", hidden.into())]) }</p>
                }
            </section>
        </>
    }
}

/// What either side can say, in numbers of this entity.
fn answers(texts: &Texts, changes: &RowChanges, summary: &Summary) -> Html {
    let n_rows = changes.inserts + changes.updates + changes.deletes;
    let ops = [
        (RowOperation::Insert, changes.inserts),
        (RowOperation::Update, changes.updates),
        (RowOperation::Delete, changes.deletes),
    ];
    let ops: Vec<String> = ops
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(op, n)| format!("{n} × {}", texts.t(&format!("rows-{}", code(*op)))))
        .collect();
    let names: Vec<_> = changes.event_types.iter().map(|kind| type_name(summary, Some(*kind)).to_string()).collect();
    let comma = texts.t("list-comma").to_string();
    let list = |items: Vec<String>| AttrValue::from(items.join(&comma));
    let yes = |text: AttrValue| html! { <td class="rows-yes"><span aria-hidden="true">{ "✓ " }</span>{ text }</td> };
    let no = |text: AttrValue| html! { <td class="rows-no"><span aria-hidden="true">{ "✗ " }</span>{ text }</td> };
    let n_events = u64::from(n_rows + changes.silent);
    let row = |id: &str, events: Html, rows: Html| {
        html! { <tr><th scope="row">{ texts.t(id) }</th>{ events }{ rows }</tr> }
    };
    let kept = |text: AttrValue| if changes.is_change_data { no(texts.t("rows-not-kept")) } else { yes(text) };
    let is_silent = changes.silent > 0 && !changes.is_change_data;
    let why = if names.is_empty() { texts.t("rows-no-type") } else { list(names) };
    html! {
        <table class="rows-table">
            <thead><tr><td></td><th scope="col">{ texts.t("rows-events") }</th><th scope="col">{ texts.t("rows-rows") }</th></tr></thead>
            <tbody>
                { row("rows-q-now", yes(texts.with("rows-a-fold", &[("n", n_events.into())])), yes(texts.t("rows-a-image"))) }
                { row("rows-q-happened", kept(why), no(list(ops))) }
                { row("rows-q-how-often",
                    yes(texts.with("n-events", &[("n", n_events.into())])),
                    if is_silent { no(texts.with("rows-a-silent", &[("rows", n_rows.into()), ("silent", changes.silent.into())])) } else { yes(texts.with("rows-a-changes", &[("n", n_rows.into())])) }) }
                if !changes.event_fields.is_empty() && !changes.is_change_data {
                    { row("rows-q-more", yes(list(changes.event_fields.clone())), no(texts.t("rows-a-no-column"))) }
                }
                { row("rows-q-other", kept(texts.t("rows-a-any-model")), no(texts.t("rows-a-columns-only"))) }
                { row("rows-q-copy", no(texts.t("rows-a-needs-rule")), yes(texts.t("rows-a-copy"))) }
                { row("rows-q-change", no(texts.t("rows-a-own-code")), yes(texts.t("rows-a-no-code"))) }
            </tbody>
        </table>
    }
}

/// Another entity, by its key.
#[component]
fn KeyBox() -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let input = use_node_ref();
    let look_up = {
        let input = input.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = input.cast::<HtmlInputElement>() {
                commands.look_up(&input.value());
            }
        })
    };
    html! {
        <form class="query-actions" onsubmit={look_up}>
            <input ref={input} class="field mono" type="text" data-testid="rows-key" autocomplete="off" spellcheck="false" aria-label={texts.t("cost-key")} placeholder={texts.t("cost-key")} />
            <button class="button" type="submit">{ texts.t("cost-look-up") }</button>
        </form>
    }
}

fn code(op: RowOperation) -> &'static str {
    match op {
        RowOperation::Insert => "insert",
        RowOperation::Update => "update",
        RowOperation::Delete => "delete",
    }
}
