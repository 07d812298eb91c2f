//! Paste box and samples; and, for the header and the bar of the tabs, what was understood of the log and how it is folded.

use super::jq_editor::{FIRST_PROGRAM, JqEditor};
use super::overlays::{Overlay, text_around};
use crate::data::{SAMPLES, now_ms, save_text, use_commands};
use crate::hooks::files_of;
use crate::locale::use_texts;
use crate::state::{
    Origin, Phase, PreferencesAction, View, problem_place, use_kafka, use_notices, use_open_view, use_preferences,
    use_source,
};
use crate::views::icons::{Icon, icon};
use crate::views::words::{evidence_line, format_name, origin_name, problem_line, problem_words, understood};
use replay_protocol::{Configuration, ReadProblem};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

const PROJECTIONS: [&str; 6] = ["latest", "merge", "status", "cdc", "json-patch", "jq"];
const SCHEDULES: [&str; 4] = ["file", "timestamp", "partition", "seeded:1"];
/// Problems that are listed; the saved list has more.
const SHOWN_PROBLEMS: usize = 200;
/// The id of the first of them.
const FIRST_PROBLEM: &str = "first-problem";
/// The value of the option that opens the field for a pointer.
const OTHER_POINTER: &str = "…";

#[component]
pub(crate) fn SourceBar() -> Html {
    let texts = use_texts();
    let source = use_source();
    let edits = use_notices().edit.is_some();
    html! {
        <section class="source" aria-label={texts.t("source")} data-first={(!source.replaced).to_string()} data-edits={edits.to_string()}>
            <PasteBox />
        </section>
    }
}

#[component]
fn PasteBox() -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let source = use_source();
    let preferences = use_preferences();
    let open = use_open_view();
    // What to look at is in the Replay view; a lesson has its own words.
    let is_taught = open.lesson.is_some() || open.view != View::Replay;
    let input = use_node_ref();
    let load = {
        let (input, commands) = (input.clone(), commands.clone());
        Callback::from(move |()| {
            let Some(area) = input.cast::<HtmlTextAreaElement>() else { return };
            if area.value().trim().is_empty() {
                let has_blanks = !area.value().is_empty();
                commands.fail(if has_blanks { "notice-only-blanks" } else { "notice-nothing-pasted" }, "");
                let _ = area.focus();
                return;
            }
            commands.load_text(area.value());
            area.set_value("");
            // Else a narrow box shows the hint from where the text ended.
            area.set_scroll_left(0);
        })
    };
    {
        // What could not be read is mended where it was pasted.
        let (input, notices) = (input.clone(), use_notices());
        use_effect_with(notices.edit.clone(), move |edit| {
            let (Some(edit), Some(area)) = (edit, input.cast::<HtmlTextAreaElement>()) else { return };
            area.set_value(&edit.text);
            let _ = area.focus();
            if let Some(place) = edit.place.and_then(|place| utf16_place(&edit.text, place)) {
                // The character there is marked; behind the last one stands the caret alone.
                let _ = area.set_selection_range(place, place + 1);
            }
        });
    }
    let onkeydown = {
        let load = load.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                load.emit(());
            }
        })
    };
    let onclick = load.reform(|_: MouseEvent| ());
    let on_folder = {
        let commands = commands.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            commands.load_files(files_of(input.files()));
            // The same folder chosen again is a change again.
            input.set_value("");
        })
    };
    // What is pasted into the empty box is loaded at once: there is nothing to add it to, and a long log would only make the box slow.
    let onpaste = {
        let (input, commands) = (input.clone(), commands.clone());
        Callback::from(move |event: Event| {
            let is_empty = input.cast::<HtmlTextAreaElement>().is_some_and(|area| area.value().trim().is_empty());
            let data = event.dyn_ref::<web_sys::ClipboardEvent>().and_then(web_sys::ClipboardEvent::clipboard_data);
            let Some(data) = data.filter(|_| is_empty) else { return };
            let (files, text) = (files_of(data.files()), data.get_data("text").unwrap_or_default());
            if !files.is_empty() {
                commands.load_files(files);
            } else if !text.trim().is_empty() {
                commands.load_text(text);
            } else {
                return;
            }
            event.prevent_default();
        })
    };
    let loaded = match &source.origin {
        Some(Origin::Sample(name)) => Some(name.clone()),
        _ => None,
    };
    let sample = |sample: &crate::data::Sample| {
        let (name, commands) = (sample.name, commands.clone());
        let is_loaded = loaded.as_deref() == Some(name);
        html! {
            <button
                key={name}
                class="button source-sample"
                type="button"
                data-testid={format!("sample-{name}")}
                aria-pressed={is_loaded.to_string()}
                title={texts.t(&format!("sample-{name}-look"))}
                onclick={move |_| commands.load_sample(name)}
            >
                { texts.t(&format!("sample-{name}")) }
            </button>
        }
    };
    let look = loaded.as_ref().map(|name| texts.t(&format!("sample-{name}-look")));
    let hide_hint = {
        let dispatcher = preferences.dispatcher();
        Callback::from(move |_: MouseEvent| dispatcher.dispatch(PreferencesAction::HideHint))
    };
    html! {
        <>
            <div class="source-inputs">
                <div class="source-paste">
                    <textarea
                        ref={input}
                        class="field source-text"
                        rows="1"
                        data-testid="paste-input"
                        spellcheck="false"
                        autocomplete="off"
                        aria-label={texts.t("paste-label")}
                        placeholder={texts.t("paste-placeholder")}
                        {onkeydown}
                        {onpaste}
                    />
                    <button class="button button-primary" type="button" data-testid="paste-load" {onclick}>{ texts.t("paste-load") }</button>
                    <label class="button" title={texts.t("open-folder-hint")}>
                        <span>{ texts.t("open-folder") }</span>
                        <input class="visually-hidden" type="file" multiple=true webkitdirectory=true data-testid="open-folder" aria-label={texts.t("open-folder-hint")} onchange={on_folder} />
                    </label>
                </div>
                <div class="source-samples" role="group" aria-label={texts.t("samples")}>
                    <span class="muted source-samples-name">{ texts.t("samples") }</span>
                    // A phone shows them in one row that is moved sideways, so it says how many there are.
                    <span class="muted source-samples-count">{ texts.with("n-samples", &[("n", SAMPLES.len().into())]) }</span>
                    { for SAMPLES.iter().map(sample) }
                </div>
            </div>
            if !preferences.hides_hint && !is_taught && let Some(look) = look {
                <p class="hint" data-testid="hint">
                    <span class="hint-mark" aria-hidden="true">{ "→" }</span>
                    <span>
                        if !source.replaced {
                            <strong>{ texts.t("tagline") }{ texts.t("hint-gap") }</strong>
                        }
                        { look }
                    </span>
                    <button class="button button-quiet hint-close" type="button" onclick={hide_hint}>
                        <span class="hint-close-word">{ texts.t("hide-hint") }</span>
                        <span class="hint-close-sign" aria-hidden="true">{ "✕" }</span>
                    </button>
                </p>
            }
        </>
    }
}

/// Where a line and a column, 1-based and in bytes, are in a text, counted as the browser counts.
fn utf16_place(text: &str, (line, column): (u64, u64)) -> Option<u32> {
    let before: usize = text.split_inclusive('\n').take(usize::try_from(line - 1).ok()?).map(str::len).sum();
    let at = before + usize::try_from(column - 1).ok()?;
    // A place inside a character is that character's.
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    u32::try_from(text[..at].encode_utf16().count()).ok()
}

/// Records a second, and seconds left if the end is known, of a load that began at a time and expects so many records.
fn pace((began_ms, expected): (f64, Option<u64>), records: f64, now_ms: f64) -> Option<(u64, Option<u64>)> {
    let elapsed = now_ms - began_ms;
    if elapsed < 500.0 || records < 1.0 {
        return None;
    }
    let rate = records * 1000.0 / elapsed;
    let left = expected.map(|expected| ((expected as f64 - records).max(0.0) / rate).ceil() as u64);
    Some((rate.round() as u64, left))
}

/// One line on what was read, or how far it is.
#[component]
pub(super) fn Understood() -> Html {
    let texts = use_texts();
    let source = use_source();
    let kafka = use_kafka();
    let commands = use_commands();
    let shows_errors = use_state_eq(|| false);
    {
        let set = shows_errors.setter();
        use_effect_with(source.generation, move |_| set.set(false));
    }
    match &source.phase {
        Phase::Crashed(reason) => {
            let reload = Callback::from(|_: MouseEvent| {
                if let Some(window) = web_sys::window() {
                    // Nothing is left to do if the browser refuses to reload.
                    let _ = window.location().reload();
                }
            });
            return html! {
                <p class="source-summary source-failed" role="alert">
                    { texts.with("engine-crashed", &[("reason", reason.to_string().into())]) }
                    <button class="button" type="button" onclick={reload}>{ texts.t("reload") }</button>
                </p>
            };
        }
        Phase::Starting => return html! { <p class="source-summary muted" role="status">{ texts.t("starting") }</p> },
        Phase::Working { progress, .. } => {
            let share = progress.as_ref().and_then(|progress| Some((progress.done / progress.total?).clamp(0.0, 1.0)));
            let stage = progress.as_ref().map_or("read", |progress| progress.stage.as_str());
            let records = progress.as_ref().map_or(0.0, |progress| progress.records);
            let pace = kafka.loading.filter(|_| stage == "read").and_then(|loading| pace(loading, records, now_ms()));
            let cancel = Callback::from(move |_: MouseEvent| commands.cancel());
            return html! {
                <div class="source-summary source-progress" role="status">
                    <span>{ texts.or(&format!("stage-{stage}"), stage) }</span>
                    <progress data-testid="progress" aria-label={texts.t("progress")} max="1" value={share.map(|share| share.to_string())} />
                    <span class="mono">{ texts.with("n-records", &[("n", (records as u64).into())]) }</span>
                    if let Some((rate, left)) = pace {
                        <span class="mono" data-testid="progress-rate">{ texts.with("kafka-rate", &[("n", rate.into())]) }</span>
                        if let Some(left) = left {
                            <span class="mono" data-testid="progress-left">{ texts.with("kafka-time-left", &[("n", left.into())]) }</span>
                        }
                    }
                    <button class="button" type="button" data-testid="cancel" onclick={cancel}>{ texts.t("cancel") }</button>
                </div>
            };
        }
        Phase::Ready => {}
    }
    let Some(summary) = &source.summary else {
        return html! { <p class="source-summary muted">{ texts.t("no-log") }</p> };
    };
    let toggle = {
        let shows_errors = shows_errors.clone();
        Callback::from(move |_: MouseEvent| shows_errors.set(!*shows_errors))
    };
    let first_place = summary.errors.first().and_then(problem_place);
    let to_first = {
        let shows_errors = shows_errors.clone();
        Callback::from(move |_: MouseEvent| {
            shows_errors.set(true);
            // Once the list is there.
            gloo::timers::callback::Timeout::new(0, || {
                let document = web_sys::window().and_then(|window| window.document());
                let item = document.and_then(|document| document.get_element_by_id(FIRST_PROBLEM));
                if let Some(item) = item.and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok()) {
                    let _ = item.focus();
                }
            })
            .forget();
        })
    };
    html! {
        <div class="source-understood">
            <p class="source-summary" data-testid="source-summary" role="status" data-format={summary.format.clone()} data-records={summary.records.to_string()} data-entities={summary.entities.to_string()}
                data-tombstones={summary.tombstones.to_string()} data-changes={summary.changes.to_string()} data-errors={summary.error_count.to_string()} data-generation={summary.generation.to_string()}>
                <span>{ for understood(&texts, summary) }</span>
                if summary.error_count > 0 {
                    <span class="source-skipped">{ texts.with("n-skipped", &[("n", summary.error_count.into())]) }</span>
                    { for first_place.map(|(line, column)| html! {
                        <button class="button button-quiet source-show source-place" type="button" data-testid="error-place" title={texts.t("error-place-hint")} onclick={to_first}>
                            { texts.with("error-place", &[("n", summary.error_count.into()), ("line", line.into()), ("column", column.into())]) }
                        </button>
                    }) }
                }
                <button class="button button-quiet source-show" type="button" data-testid="errors-show" aria-expanded={shows_errors.to_string()} onclick={toggle}>
                    { texts.t(if *shows_errors { "hide" } else if summary.error_count > 0 { "show" } else { "how-read" }) }
                </button>
            </p>
            if summary.partial {
                <Partial />
            }
            if *shows_errors {
                <Problems summary={summary.clone()} />
            }
        </div>
    }
}

/// After a load that was cancelled or had no room for more: what is there is only a part, and the ways on from it.
#[component]
fn Partial() -> Html {
    let texts = use_texts();
    let source = use_source();
    let commands = use_commands();
    let again = {
        let (commands, format) = (commands.clone(), source.format.clone().unwrap_or_default());
        Callback::from(move |_: MouseEvent| commands.read_as(&format))
    };
    // What ended by itself would end there again.
    let ended = source.summary.as_ref().and_then(|summary| {
        let is_end = |problem: &&ReadProblem| ["memory-full", "too-large"].contains(&problem.code.as_str());
        summary.errors.iter().find(is_end).map(|problem| problem_words(&texts, problem))
    });
    let back = source.previous.clone().filter(|origin| !matches!(origin, Origin::Files(_))).map(|origin| {
        let name = origin_name(&texts, &origin);
        let onclick = Callback::from(move |_: MouseEvent| commands.load_origin(&origin));
        html! { <button class="button" type="button" data-testid="back-to-previous" {onclick}>{ texts.with("back-to", &[("name", name.to_string().into())]) }</button> }
    });
    html! {
        <p class="source-summary" data-testid="partial">
            if let Some(why) = ended {
                <span class="source-skipped">{ why }</span>
            } else {
                <span class="source-skipped">{ texts.t("partial") }</span>
                <button class="button" type="button" data-testid="load-all" onclick={again}>{ texts.t("load-all") }</button>
            }
            { for back }
        </p>
    }
}

/// What could not be read.
#[derive(Debug, Clone, PartialEq, Properties)]
struct ProblemsProps {
    summary: std::rc::Rc<replay_protocol::Summary>,
}

#[component]
fn Problems(props: &ProblemsProps) -> Html {
    let texts = use_texts();
    let summary = &props.summary;
    // The kind that alone is listed.
    let only = use_state_eq(|| None::<String>);
    let is_wanted = |problem: &&ReadProblem| only.as_ref().is_none_or(|code| *code == problem.code);
    let wanted = only.as_ref().map_or(summary.error_count, |only| {
        summary.error_kinds.iter().filter(|(code, _)| code == only).map(|(_, n)| *n).sum()
    });
    let listed: Vec<&ReadProblem> = summary.errors.iter().filter(is_wanted).take(SHOWN_PROBLEMS).collect();
    let hidden = wanted.saturating_sub(listed.len() as u64);
    let many = summary.sources.len() > 1;
    let save = {
        let (texts, summary) = (texts.clone(), summary.clone());
        Callback::from(move |_: MouseEvent| {
            let lines = summary.errors.iter().map(|problem| {
                let source = summary.sources.get(problem.source as usize).map_or("", String::as_str);
                let around =
                    problem.around.as_ref().map(|(before, after)| format!("{before}▸{after}")).unwrap_or_default();
                let cells = [
                    source,
                    &problem.line.to_string(),
                    &problem.column.to_string(),
                    &problem.code,
                    &problem.message,
                    &around,
                ];
                cells.map(|cell| cell.replace(['\t', '\n', '\r'], " ")).join("\t") + "\n"
            });
            let mut table = String::from("source\tline\tcolumn\tcode\tmessage\taround\n");
            table.extend(lines);
            let hidden = summary.error_count.saturating_sub(summary.errors.len() as u64);
            if hidden > 0 {
                table.extend([texts.with("n-more-errors", &[("n", hidden.into())]).as_str(), "\n"]);
            }
            table.extend(summary.error_kinds.iter().map(|(code, n)| format!("# {code}: {n}\n")));
            table.extend(summary.evidence.iter().map(|note| format!("# {}\n", note.text)));
            save_text("problems.tsv", "text/tab-separated-values", &table);
        })
    };
    let item = |(n, problem): (usize, &ReadProblem)| {
        let is_first = n == 0;
        let file = many.then(|| summary.sources.get(problem.source as usize).cloned()).flatten();
        html! {
            <li id={is_first.then_some(FIRST_PROBLEM)} tabindex={is_first.then_some("-1")}>
                if let Some(file) = file { <span class="muted">{ format!("{file}: ") }</span> }
                { problem_line(&texts, problem) }
                if let Some(around) = &problem.around {
                    { text_around(&texts, around) }
                }
            </li>
        }
    };
    let kind = |(code, n): &(String, u64)| {
        let what = texts.or(&format!("problem-{code}"), code);
        let is_only = only.as_ref() == Some(code);
        let onclick = {
            let (set, code) = (only.setter(), code.clone());
            Callback::from(move |_: MouseEvent| set.set((!is_only).then(|| code.clone())))
        };
        html! {
            <li><button class="chip source-kind" type="button" data-testid={format!("error-kind-{code}")} title={texts.t("error-kind-hint")} aria-pressed={is_only.to_string()} {onclick}>
                { texts.with("n-of-kind", &[("n", (*n).into()), ("what", what.trim_end_matches([':', '：']).to_owned().into())]) }
            </button></li>
        }
    };
    html! {
        <>
            if summary.error_kinds.len() > 1 || summary.error_count > 1 {
                <ul class="source-kinds" data-testid="error-kinds" aria-label={texts.t("error-kinds")}>{ for summary.error_kinds.iter().map(kind) }</ul>
            }
            <ul class="source-errors" data-testid="error-list" tabindex="0" aria-label={texts.t("errors")}>
                { for listed.into_iter().enumerate().map(item) }
                if hidden > 0 {
                    <li class="muted">{ texts.with("n-more-errors", &[("n", hidden.into())]) }</li>
                }
                { for summary.evidence.iter().map(|note| html! { <li class="muted">{ evidence_line(&texts, note) }</li> }) }
                if summary.offsets_estimated {
                    <li class="muted">{ texts.t("offsets-estimated") }</li>
                }
            </ul>
            if summary.error_count > 0 {
                <p class="source-problem-tools"><button class="button" type="button" data-testid="errors-save" onclick={save}>{ texts.t("save-errors") }</button></p>
            }
        </>
    }
}

/// Where the choices lead.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ChoicesProps {
    /// Opens what lies over the page.
    pub on_overlay: Callback<Option<Overlay>>,
}

/// Format, projection, key and order, with what was guessed.
#[component]
pub(crate) fn Choices(props: &ChoicesProps) -> Html {
    let texts = use_texts();
    let source = use_source();
    let commands = use_commands();
    let writes_pointer = use_state_eq(|| false);
    let is_open = use_state_eq(|| false);
    // The event's own current target is that of the whole page, where Yew listens.
    let group = use_node_ref();
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let on_leave = {
        let (set, group) = (is_open.setter(), group.clone());
        Callback::from(move |event: FocusEvent| {
            let group = group.cast::<web_sys::Node>();
            let next = event.related_target().and_then(|next| next.dyn_into::<web_sys::Node>().ok());
            if !group.is_some_and(|group| group.contains(next.as_ref())) {
                set.set(false);
            }
        })
    };
    let on_key_down = {
        let set = is_open.setter();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                set.set(false);
            }
        })
    };
    let Some(summary) = &source.summary else { return Html::default() };
    let (in_force, guessed) = (&summary.configuration, &summary.guessed);
    let option = |value: &str, label: AttrValue, selected: bool| {
        html! { <option value={value.to_owned()} {selected}>{ label }</option> }
    };
    let guess = |value: &str, guessed: &Option<String>, label: AttrValue| {
        if guessed.as_deref() == Some(value) {
            texts.with("guessed", &[("what", label.to_string().into())])
        } else {
            label
        }
    };
    let change = |apply: fn(&mut Configuration, String)| {
        let (commands, in_force) = (commands.clone(), in_force.clone());
        Callback::from(move |event: Event| {
            let mut chosen = in_force.clone();
            apply(&mut chosen, event.target_unchecked_into::<HtmlSelectElement>().value());
            commands.configure(chosen);
        })
    };
    let formats = {
        let chosen = source.format.clone().unwrap_or_default();
        let commands = commands.clone();
        let onchange = Callback::from(move |event: Event| {
            commands.read_as(&event.target_unchecked_into::<HtmlSelectElement>().value());
        });
        let detected =
            texts.with("format-detected", &[("what", format_name(&texts, &summary.format).to_string().into())]);
        html! {
            <label class="choice">
                <span>{ texts.t("format") }</span>
                <select class="select" data-testid="format" {onchange}>
                    { option("", detected, chosen.is_empty()) }
                    { for summary.formats.iter().map(|name| option(name, format_name(&texts, name), chosen == **name)) }
                    if !chosen.is_empty() && summary.formats.iter().all(|name| chosen != **name) {
                        { option(&chosen, format_name(&texts, &chosen), true) }
                    }
                </select>
            </label>
        }
    };
    let projection = in_force.projection.clone().unwrap_or_default();
    let projections = html! {
        <label class="choice">
            <span>{ texts.t("projection") }</span>
            <select class="select" data-testid="projection" title={texts.or(&format!("projection-{projection}-hint"), "")} onchange={change(choose_projection)}>
                { for PROJECTIONS.iter().map(|name| option(name, guess(name, &guessed.projection, texts.t(&format!("projection-{name}"))), projection == *name)) }
            </select>
        </label>
    };
    let key_by = in_force.key_by.clone().unwrap_or_default();
    let is_candidate = key_by.is_empty() || summary.key_candidates.iter().any(|candidate| candidate.pointer == key_by);
    let on_key = {
        let (commands, in_force, writes_pointer) = (commands.clone(), in_force.clone(), writes_pointer.clone());
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            writes_pointer.set(value == OTHER_POINTER);
            if value != OTHER_POINTER {
                commands.configure(Configuration { key_by: Some(value), ..in_force.clone() });
            }
        })
    };
    let on_pointer = {
        let (commands, in_force) = (commands.clone(), in_force.clone());
        Callback::from(move |event: Event| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            let typed = typed.trim();
            let pointer =
                if typed.is_empty() || typed.starts_with('/') { typed.to_owned() } else { format!("/{typed}") };
            commands.configure(Configuration { key_by: Some(pointer), ..in_force.clone() });
        })
    };
    let keys = html! {
        <label class="choice">
            <span>{ texts.t("key-by") }</span>
            <select class="select" data-testid="key-by" onchange={on_key}>
                { option("", guess("", &guessed.key_by, texts.t("record-key")), key_by.is_empty() && !*writes_pointer) }
                { for summary.key_candidates.iter().filter(|candidate| !candidate.pointer.is_empty()).map(|candidate| {
                    let label = texts.with("key-candidate", &[("pointer", candidate.pointer.clone().into()), ("n", candidate.distinct.into())]);
                    option(&candidate.pointer, guess(&candidate.pointer, &guessed.key_by, label), candidate.pointer == key_by && !*writes_pointer)
                }) }
                if !is_candidate {
                    { option(&key_by, key_by.clone().into(), !*writes_pointer) }
                }
                { option(OTHER_POINTER, texts.t("other-pointer"), *writes_pointer) }
            </select>
        </label>
    };
    let schedule = in_force.schedule.clone().unwrap_or_default();
    let is_listed = SCHEDULES.contains(&schedule.as_str());
    let schedules = html! {
        <label class="choice">
            <span>{ texts.t("schedule") }</span>
            <select class="select" data-testid="schedule" title={texts.t("schedule-hint")} onchange={change(|chosen, value| chosen.schedule = Some(value))}>
                { for SCHEDULES.iter().map(|name| option(name, texts.t(&format!("schedule-{}", name.replace(':', "-"))), schedule == *name)) }
                if !is_listed {
                    { option(&schedule, schedule.clone().into(), true) }
                }
            </select>
        </label>
    };
    let key_name = if key_by.is_empty() { texts.t("record-key") } else { key_by.clone().into() };
    let order_name = texts.or(&format!("schedule-{}", schedule.replace(':', "-")), &schedule);
    let now = [format_name(&texts, &summary.format), projection.clone().into(), key_name, order_name];
    let now = now.iter().map(AttrValue::as_str).collect::<Vec<_>>().join(" · ");
    html! {
        // In a small window the choices are behind the button; elsewhere the style sheet leaves the button away.
        <div ref={group} class="choices" role="group" aria-label={texts.t("choices")} data-open={is_open.to_string()} onfocusout={on_leave} onkeydown={on_key_down}>
            <button class="button button-quiet choices-show" type="button" data-testid="choices-show" title={texts.t("choices")} aria-expanded={is_open.to_string()} aria-controls="choices" onclick={toggle}>
                <span>{ texts.t("choices-short") }</span>
                <span class="choices-now">{ now }</span>
                { icon(if *is_open { Icon::Up } else { Icon::Down }) }
            </button>
            <div id="choices" class="choices-all" tabindex="-1">
                { formats }
                { projections }
                { keys }
                if *writes_pointer {
                    <input class="field choice-pointer mono" type="text" data-testid="key-by-pointer" aria-label={texts.t("other-pointer")} placeholder="/order/id" onchange={on_pointer} />
                }
                { schedules }
                <button class="button" type="button" data-testid="mapping-open" title={texts.t("mapping-hint")} data-said={(!summary.chosen_mapping.is_empty()).to_string()} onclick={props.on_overlay.reform(|_: MouseEvent| Some(Overlay::Mapping))}>
                    { texts.t(if summary.chosen_mapping.is_empty() { "mapping-open" } else { "mapping-open-said" }) }
                </button>
                if projection == "jq" {
                    <JqEditor in_force={in_force.clone()} />
                }
            </div>
        </div>
    }
}

fn choose_projection(chosen: &mut Configuration, name: String) {
    if name == "jq" {
        chosen.jq.get_or_insert_with(|| FIRST_PROGRAM.to_owned());
    }
    chosen.projection = Some(name);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_bytes_is_found_in_the_text_as_the_browser_counts() {
        let check = |text, place, expected| assert_eq!(utf16_place(text, place), expected, "{place:?}");
        check("ab\ncd", (1, 2), Some(1));
        check("ab\ncd", (2, 1), Some(3));
        check("日本\nx😀y", (1, 4), Some(1));
        check("日本\nx😀y", (1, 5), Some(1));
        check("日本\nx😀y", (2, 6), Some(6));
        check("ab", (9, 9), Some(2));
    }
}
