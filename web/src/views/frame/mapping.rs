//! Where the parts of a record are taken from: what was found out and why, what can be said instead, and the first records as they then
//! look.

use super::schemas::SchemasForm;
use crate::data::{remember_mapping, save_text, use_commands, use_preview};
use crate::locale::{Texts, date_time, use_texts};
use crate::state::use_source;
use crate::views::words::{evidence_line, format_name, problem_line};
use replay_protocol::{ColumnCandidate, Failure, Mapping, PARTS, Preview, PreviewRow};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What a typed text does to the mapping.
type Change = Rc<dyn Fn(&mut Mapping, String)>;

/// How the codes of failures begin that are about the format of kcat.
const KCAT_FORMAT: &str = "kcat-format";

/// What a column of change data may stand for; a decimal has its scale behind a colon.
const CONVERSIONS: [&str; 9] =
    ["date", DECIMAL, "timestamp-s", "timestamp-ms", "timestamp-us", "timestamp-ns", "time-ms", "time-us", "time-ns"];
const DECIMAL: &str = "decimal";

/// What a number in a time field may count.
const UNITS: [&str; 5] = ["guessed", "s", "ms", "us", "ns"];

#[derive(Debug, Clone, PartialEq, Properties)]
pub(super) struct MappingPanelProps {
    /// The mapping is in use now.
    pub on_done: Callback<()>,
}

/// Why a mapping is refused, in the person's language.
fn refusal(texts: &Texts, failure: &Failure) -> AttrValue {
    texts.with_or(&format!("failed-{}", failure.code), &[("detail", failure.detail.clone().into())], &failure.detail)
}

#[component]
pub(super) fn MappingPanel(props: &MappingPanelProps) -> Html {
    let texts = use_texts();
    let source = use_source();
    let commands = use_commands();
    let draft = use_state_eq(|| {
        let said = source.summary.as_ref().map(|summary| summary.chosen_mapping.clone()).unwrap_or_default();
        Rc::new(Mapping { format: source.format.as_ref().map(ToString::to_string).or(said.format.clone()), ..said })
    });
    let remembers = use_state_eq(|| true);
    let failed = use_state_eq(AttrValue::default);
    let answer = use_preview(&draft);
    // A part that cannot be taken from where somebody said is named in front of why.
    let wrong_part = answer.as_ref().and_then(|answer| {
        let failure = answer.as_ref().err().filter(|failure| !failure.code.starts_with(KCAT_FORMAT))?;
        PARTS.iter().copied().find(|part| failure.detail.split(':').next() == Some(*part))
    });
    let is_kcat_refused = answer
        .as_ref()
        .is_some_and(|answer| answer.as_ref().is_err_and(|failure| failure.code.starts_with(KCAT_FORMAT)));
    let answer = answer.map(|answer| answer.map_err(|failure| refusal(&texts, &failure)));
    let is_refused = answer.as_ref().is_some_and(Result::is_err);
    let last = use_mut_ref(|| None::<Rc<Preview>>);
    if let Some(Ok(preview)) = &answer {
        last.replace(Some(preview.clone()));
    }
    let Some(preview) = last.borrow().clone() else {
        let why = answer.and_then(Result::err);
        return html! { <p role="status">{ why.unwrap_or_else(|| texts.t("mapping-reading")) }</p> };
    };
    let refused = answer.and_then(Result::err).or_else(|| Some((*failed).clone()).filter(|text| !text.is_empty()));
    let set = draft.setter();
    let change = |apply: Change| {
        let (set, draft, failed) = (set.clone(), draft.clone(), failed.setter());
        Callback::from(move |text: String| {
            let mut next = (**draft).clone();
            apply(&mut next, text);
            failed.set(AttrValue::default());
            set.set(Rc::new(next));
        })
    };
    let chosen = |event: Event| event.target_unchecked_into::<HtmlSelectElement>().value();
    let on_format =
        change(Rc::new(|next, text| next.format = Some(text).filter(|text| !text.is_empty()))).reform(chosen);
    let on_kcat_format = change(Rc::new(|next, text| next.kcat_format = Some(text).filter(|text| !text.is_empty())))
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    // Text that may have been printed so.
    let may_be_kcat = draft.kcat_format.is_some()
        || ["kcat-text", "console-consumer", "lines", "csv"].iter().any(|name| preview.format.starts_with(name));
    let on_unit = change(Rc::new(|next, text| next.timestamp_unit = Some(text))).reform(chosen);
    let formats = source.summary.as_ref().map(|summary| summary.formats.clone()).unwrap_or_default();
    let format = draft.format.clone().unwrap_or_default();
    let is_listed = format.is_empty() || formats.contains(&format);
    let unit = preview.in_force.timestamp_unit.clone().unwrap_or_default();
    let rows = PARTS.iter().map(|part| {
        let say = change(Rc::new(move |next: &mut Mapping, text| next.set_part(part, Some(text))));
        let forget = change(Rc::new(move |next: &mut Mapping, _| next.set_part(part, None)));
        let wrong = refused.clone().filter(|_| wrong_part == Some(*part));
        part_row(&texts, part, &draft, &preview, (&say, &forget), wrong)
    });
    let columns = preview.columns.iter().map(|column| {
        let name = column.name.clone();
        let say = change(Rc::new(move |next: &mut Mapping, text| {
            if text.is_empty() {
                next.columns.remove(&name);
            } else {
                next.columns.insert(name.clone(), text);
            }
        }));
        column_row(&texts, column, &draft, &say)
    });
    let apply = {
        let (commands, draft, remembers) = (commands.clone(), draft.clone(), *remembers);
        let (signature, on_done) = (preview.signature.clone(), props.on_done.clone());
        Callback::from(move |_: MouseEvent| {
            if remembers {
                remember_mapping(&signature, &draft);
            }
            commands.read_with((**draft).clone());
            on_done.emit(());
        })
    };
    let detect = change(Rc::new(|next, _| *next = Mapping::default())).reform(|_: MouseEvent| String::new());
    let export = {
        // What is in force, so that the file says the same on another computer.
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| {
            if let Ok(text) = serde_json::to_string_pretty(&**draft) {
                save_text("mapping.json", "application/json", &format!("{text}\n"));
            }
        })
    };
    let import = {
        let (set, failed, texts) = (set.clone(), failed.setter(), texts.clone());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let file = input.files().and_then(|files| files.get(0));
            let (set, failed, texts) = (set.clone(), failed.clone(), texts.clone());
            spawn_local(async move {
                let Some(file) = file else { return };
                let text = JsFuture::from(file.unchecked_ref::<web_sys::Blob>().text()).await;
                let text = text.ok().and_then(|text| text.as_string()).unwrap_or_default();
                match serde_json::from_str::<Mapping>(&text) {
                    Ok(read) => {
                        failed.set(AttrValue::default());
                        set.set(Rc::new(read));
                    }
                    Err(error) => {
                        failed.set(texts.with("failed-bad-mapping", &[("detail", error.to_string().into())]));
                    }
                }
                input.set_value("");
            });
        })
    };
    let on_remember = {
        let set = remembers.setter();
        Callback::from(move |event: Event| set.set(event.target_unchecked_into::<HtmlInputElement>().checked()))
    };
    let may_need_schemas = preview
        .evidence
        .iter()
        .any(|note| matches!(note.code.as_str(), "wire-format" | "misfit" | "message" | "messages" | "bytes"));
    let on_message =
        change(Rc::new(|next, text| next.message = Some(text).filter(|text| !text.is_empty()))).reform(chosen);
    let message = draft.message.clone().unwrap_or_default();
    let mut messages = preview.messages.clone();
    if !message.is_empty() && !messages.contains(&message) {
        messages.push(message.clone());
    }
    html! {
        <div class="mapping" data-testid="mapping">
            <p class="muted">{ texts.t("mapping-lead") }</p>
            <details class="mapping-why" open=true>
                <summary>{ texts.with("mapping-why", &[("format", format_name(&texts, &preview.format).to_string().into())]) }</summary>
                <ul data-testid="mapping-evidence">{ for preview.evidence.iter().map(|note| html! { <li>{ evidence_line(&texts, note) }</li> }) }</ul>
            </details>
            if may_need_schemas {
                <SchemasForm on_done={props.on_done.clone()} />
            }
            <div class="mapping-selects">
                <label class="choice">
                    <span>{ texts.t("format") }</span>
                    <select class="select" data-testid="mapping-format" onchange={on_format}>
                        <option value="" selected={format.is_empty()}>{ texts.t("mapping-detect") }</option>
                        { for formats.iter().map(|name| html! { <option value={name.clone()} selected={*name == format}>{ format_name(&texts, name) }</option> }) }
                        if !is_listed { <option value={format.clone()} selected=true>{ format_name(&texts, &format) }</option> }
                    </select>
                </label>
                <label class="choice">
                    <span>{ texts.t("mapping-unit") }</span>
                    <select class="select" data-testid="mapping-unit" onchange={on_unit}>
                        { for UNITS.iter().map(|name| html! { <option value={*name} selected={*name == unit}>{ texts.t(&format!("mapping-unit-{name}")) }</option> }) }
                    </select>
                </label>
                if !messages.is_empty() {
                    <label class="choice">
                        <span>{ texts.t("mapping-message") }</span>
                        <select class="select" data-testid="mapping-message" onchange={on_message}>
                            <option value="" selected={message.is_empty()}>{ texts.t("mapping-message-found") }</option>
                            { for messages.iter().map(|name| html! { <option value={name.clone()} selected={*name == message}>{ name }</option> }) }
                        </select>
                    </label>
                }
            </div>
            <details class="mapping-why mapping-kcat" open={may_be_kcat}>
                <summary>{ texts.t("mapping-kcat") }</summary>
                <input class="field mono" type="text" data-testid="mapping-kcat-format" aria-label={texts.t("mapping-kcat-format")} placeholder={texts.t("mapping-kcat-format")} aria-describedby="mapping-kcat-hint"
                    autocomplete="off" autocapitalize="off" spellcheck="false" aria-invalid={is_kcat_refused.to_string()} value={draft.kcat_format.clone().unwrap_or_default()} oninput={on_kcat_format} />
                if let Some(why) = refused.clone().filter(|_| is_kcat_refused) {
                    <p class="field-wrong" role="alert" data-testid="mapping-refused">{ why }</p>
                }
                <p class="muted" id="mapping-kcat-hint">{ texts.t("mapping-kcat-hint") }</p>
            </details>
            if !preview.columns.is_empty() {
                <details class="mapping-why" open={!draft.columns.is_empty()}>
                    <summary data-testid="mapping-columns">{ texts.t("mapping-columns") }</summary>
                    <p class="muted">{ texts.t("mapping-columns-hint") }</p>
                    <div class="mapping-preview" tabindex="0" role="region" aria-label={texts.t("mapping-columns")}>
                        <table class="mapping-columns">
                            <thead><tr>{ for ["mapping-column", "mapping-column-kind", "mapping-column-example", "mapping-column-shown"].iter().map(|key| html! { <th scope="col">{ texts.t(key) }</th> }) }</tr></thead>
                            <tbody>{ for columns }</tbody>
                        </table>
                    </div>
                </details>
            }
            <datalist id="mapping-places">
                <option value=".">{ texts.t("mapping-whole") }</option>
                { for preview.places.iter().map(|place| html! { <option value={place.place.clone()}>{ &place.example }</option> }) }
            </datalist>
            <table class="mapping-parts">
                <thead><tr><th scope="col">{ texts.t("mapping-part") }</th><th scope="col">{ texts.t("mapping-place") }</th><th scope="col">{ texts.t("mapping-detected") }</th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
            <p class="muted">{ texts.t("mapping-syntax") }</p>
            if let Some(why) = refused.clone().filter(|_| wrong_part.is_none() && !is_kcat_refused) {
                <p class="source-failed" role="alert" data-testid="mapping-refused">{ why }</p>
            }
            <h3>{ texts.t("mapping-preview") }</h3>
            { preview_table(&texts, &preview) }
            <div class="mapping-actions mapping-foot">
                <button class="button button-primary" type="button" data-testid="mapping-apply" disabled={is_refused} onclick={apply}>{ texts.t("mapping-apply") }</button>
                <label class="mapping-remember"><input type="checkbox" data-testid="mapping-remember" checked={*remembers} onchange={on_remember} />{ texts.t("mapping-remember") }</label>
                <button class="button" type="button" data-testid="mapping-detect" disabled={draft.is_empty()} onclick={detect}>{ texts.t("mapping-reset") }</button>
                <button class="button" type="button" data-testid="mapping-export" disabled={draft.is_empty()} onclick={export}>{ texts.t("mapping-export") }</button>
                <label class="button">
                    <span>{ texts.t("mapping-import") }</span>
                    <input class="visually-hidden" type="file" accept=".json,application/json" data-testid="mapping-import" aria-label={texts.t("mapping-import")} onchange={import} />
                </label>
            </div>
        </div>
    }
}

/// One part: where it is taken from, and a way back to what was found out.
fn part_row(
    texts: &Texts,
    part: &'static str,
    draft: &Mapping,
    preview: &Preview,
    (say, forget): (&Callback<String>, &Callback<String>),
    wrong: Option<AttrValue>,
) -> Html {
    let said = draft.part(part);
    let place = said.or(preview.in_force.part(part)).unwrap_or_default().to_owned();
    let detected = preview.detected.part(part).unwrap_or_default().to_owned();
    let name = texts.t(&format!("mapping-{}", part.replace('_', "-")));
    let oninput =
        say.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value().trim().to_owned());
    let back = forget.reform(|_: MouseEvent| String::new());
    let shown = if detected.is_empty() { texts.t("mapping-nowhere") } else { detected.clone().into() };
    html! {
        <tr key={part} data-said={said.is_some().to_string()}>
            <th scope="row">{ name.clone() }</th>
            <td>
                <input class="field mono" type="text" list="mapping-places" data-testid={format!("mapping-{part}")} aria-label={name.clone()} placeholder={texts.t("mapping-nowhere")}
                    autocomplete="off" spellcheck="false" aria-invalid={wrong.is_some().to_string()} value={place} {oninput} />
                if let Some(why) = wrong {
                    <p class="field-wrong" role="alert" data-testid="mapping-refused">{ why }</p>
                }
            </td>
            <td class="mono muted">
                if said.is_some() {
                    <button class="button button-quiet" type="button" data-testid={format!("mapping-{part}-detect")}
                        aria-label={texts.with("mapping-part-detect", &[("part", name.to_string().into()), ("place", shown.to_string().into())])} onclick={back}>{ format!("↺ {shown}") }</button>
                } else {
                    { shown }
                }
            </td>
        </tr>
    }
}

/// One column of rows: what it stands for, and what that makes of it.
fn column_row(texts: &Texts, column: &ColumnCandidate, draft: &Mapping, say: &Callback<String>) -> Html {
    let name = column.name.clone();
    let said = draft.columns.get(&name).map(String::as_str).unwrap_or_default();
    let (kind, scale) = said.split_once(':').unwrap_or((said, ""));
    let with_name = |key: &str| texts.with(key, &[("column", name.clone().into())]);
    let onchange = say.reform(|event: Event| match event.target_unchecked_into::<HtmlSelectElement>().value() {
        // Of money, which is what most decimals are.
        kind if kind == DECIMAL => format!("{DECIMAL}:2"),
        kind => kind,
    });
    let onscale = say.reform(|event: InputEvent| {
        let scale: i32 = event.target_unchecked_into::<HtmlInputElement>().value().trim().parse().unwrap_or(0);
        format!("{DECIMAL}:{scale}")
    });
    html! {
        <tr key={name.clone()} data-said={(!said.is_empty()).to_string()}>
            <th scope="row" class="mono">{ &name }</th>
            <td class="mapping-conversion">
                <select class="select" data-testid={format!("mapping-column-{name}")} aria-label={with_name("mapping-conversion")} {onchange}>
                    <option value="" selected={said.is_empty()}>{ texts.t("mapping-conversion-none") }</option>
                    { for CONVERSIONS.iter().map(|known| html! { <option value={*known} selected={*known == kind}>{ texts.t(&format!("mapping-conversion-{known}")) }</option> }) }
                </select>
                if kind == DECIMAL {
                    <input class="field mono" type="number" min="-20" max="40" data-testid={format!("mapping-scale-{name}")} aria-label={with_name("mapping-scale")} value={scale.to_owned()} oninput={onscale} />
                }
            </td>
            <td class="mono muted mapping-cell">{ &column.example }</td>
            <td class="mono mapping-cell" data-testid={format!("mapping-shown-{name}")}>{ &column.shown }</td>
        </tr>
    }
}

/// The first records, with a column for each part that is told.
fn preview_table(texts: &Texts, preview: &Preview) -> Html {
    let number = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    let cell = |part: &str, row: &PreviewRow| match part {
        "topic" => row.topic.clone(),
        "partition" => number(row.partition.map(i64::from)),
        "offset" => number(row.offset),
        "timestamp" => row.timestamp_ms.map(date_time).unwrap_or_default(),
        "key" => row.key.clone().unwrap_or_default(),
        "headers" => row.headers.clone(),
        "event_id" => row.event_id.clone().unwrap_or_default(),
        "event_type" => row.event_type.clone().unwrap_or_default(),
        "version" => number(row.version),
        _ if row.tombstone => format!("∅ {}", texts.t("tombstone")),
        _ => row.value.clone(),
    };
    let is_told = |part: &&&str| **part == "value" || preview.rows.iter().any(|row| !cell(part, row).is_empty());
    // Values are the longest, so they come last.
    let parts: Vec<&str> =
        PARTS.iter().filter(|part| **part != "value").filter(is_told).copied().chain(["value"]).collect();
    let row = |(n, row): (usize, &PreviewRow)| {
        html! {
            <tr key={n} data-testid="mapping-preview-row">
                { for parts.iter().map(|part| html! { <td class="mono mapping-cell" data-part={(*part).to_owned()}>{ cell(part, row) }</td> }) }
            </tr>
        }
    };
    html! {
        <>
            if preview.rows.is_empty() {
                <p class="source-failed" role="alert">{ texts.t("mapping-no-rows") }</p>
            } else {
                <div class="mapping-preview" data-testid="mapping-preview" tabindex="0" role="region" aria-label={texts.t("mapping-preview")}>
                    <table>
                        <thead><tr>{ for parts.iter().map(|part| html! { <th scope="col">{ texts.t(&format!("mapping-{}", part.replace('_', "-"))) }</th> }) }</tr></thead>
                        <tbody>{ for preview.rows.iter().enumerate().map(row) }</tbody>
                    </table>
                </div>
            }
            if !preview.problems.is_empty() {
                <ul class="source-errors">{ for preview.problems.iter().map(|problem| html! { <li>{ problem_line(texts, problem) }</li> }) }</ul>
            }
        </>
    }
}
