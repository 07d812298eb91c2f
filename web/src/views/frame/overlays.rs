//! What lies over the page: the palette, the help and the one message.

use super::commands::Commands;
use super::mapping::MappingPanel;
use super::save_log::SaveLog;
use crate::components::{Dialog, Toast};
use crate::locale::{Texts, use_texts};
use crate::state::{NoticeAction, problem_place, use_notices};
use crate::views::kafka::KafkaPanel;
use crate::views::words::{failure_words, problem_within, problem_words};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Longer texts, in bytes, are not put back into the box: it would only become slow.
const MAX_EDITED: usize = 1 << 18;

/// What may lie over the page, one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overlay {
    /// Everything one can do.
    Palette,
    /// The keys.
    Help,
    /// Where the parts of a record are.
    Mapping,
    /// The log as a file.
    Save,
    /// Topics of Kafka.
    Kafka,
}

/// Which one.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct OverlaysProps {
    /// On the screen now.
    pub shown: Option<Overlay>,
    /// Another, or none.
    pub on_overlay: Callback<Option<Overlay>>,
}

#[component]
pub(crate) fn Overlays(props: &OverlaysProps) -> Html {
    let texts = use_texts();
    let on_close = props.on_overlay.reform(|()| None);
    let on_done = on_close.clone();
    html! {
        <>
            <Message shown={props.shown} />
            <Dialog open={props.shown == Some(Overlay::Mapping)} is_wide=true title={texts.t("mapping-title")} close_label={texts.t("close")} on_close={on_close.clone()} testid="mapping-dialog">
                <MappingPanel {on_done} />
            </Dialog>
            <Dialog open={props.shown == Some(Overlay::Save)} title={texts.t("save-log-title")} close_label={texts.t("close")} on_close={on_close.clone()} testid="save-dialog">
                <SaveLog />
            </Dialog>
            <Commands open={props.shown == Some(Overlay::Palette)} on_overlay={props.on_overlay.clone()} />
            <Dialog open={props.shown == Some(Overlay::Help)} title={texts.t("help-title")} close_label={texts.t("close")} {on_close} testid="help-dialog">
                { keys(&texts) }
                <p class="muted">{ texts.t("help-privacy") }</p>
                <p class="muted mono">{ concat!("Replayground ", env!("CARGO_PKG_VERSION")) }</p>
            </Dialog>
            <KafkaPanel open={props.shown == Some(Overlay::Kafka)} on_close={props.on_overlay.reform(|()| None)} />
        </>
    }
}

/// The keys as a list, for the help and for the Learn view.
pub(crate) fn keys(texts: &Texts) -> Html {
    let rows: [(&[&'static str], &str); 12] = [
        (&["␣"], "help-play"),
        (&["←", "→"], "help-step"),
        (&["⇧ ←", "⇧ →"], "help-ten"),
        (&["Home", "End"], "help-ends"),
        (&["/"], "help-search"),
        (&["g"], "help-go-to"),
        (&["1", "2", "3", "4", "5"], "help-tabs"),
        (&["W", "S", "A", "D"], "help-lanes"),
        (&["Enter"], "help-run"),
        (&["Ctrl K", "⌘ K"], "help-palette"),
        (&["Ctrl V"], "help-paste"),
        (&["?"], "help-help"),
    ];
    let row = |(keys, id): (&[&'static str], &str)| {
        html! { <><dt>{ for keys.iter().map(|key| html! { <kbd class="key">{ *key }</kbd> }) }</dt><dd>{ texts.t(id) }</dd></> }
    };
    html! { <dl class="keys">{ for rows.into_iter().map(row) }</dl> }
}

/// What it lies over.
#[derive(Debug, Clone, PartialEq, Properties)]
struct MessageProps {
    shown: Option<Overlay>,
}

/// The element that holds the message: it is in the dialogue that is open, since everything outside of it is inert, or else in the body.
fn bring_to_reach(host: &Element) {
    let Some(document) = host.owner_document() else { return };
    let dialog = document.query_selector("dialog[open]").ok().flatten();
    let Some(reachable) = dialog.or_else(|| document.body().map(Into::into)) else { return };
    if host.parent_element().as_ref() != Some(&reachable) {
        // An element that is no ancestor of another can always be put into it.
        let _ = reachable.append_child(host);
    }
}

#[component]
fn Message(props: &MessageProps) -> Html {
    let texts = use_texts();
    let notices = use_notices();
    {
        let dispatcher = notices.dispatcher();
        // What went wrong stays until it was read; a slip of the person's own needs less.
        let wait_ms = match &notices.current {
            Some(notice) if notice.id.starts_with("failed-") => None,
            Some(notice) if notice.is_error => Some(10_000),
            _ => Some(4000),
        };
        use_effect_with((notices.count, wait_ms), move |(_, wait_ms)| {
            let timeout = wait_ms.map(|wait_ms| {
                gloo::timers::callback::Timeout::new(wait_ms, move || dispatcher.dispatch(NoticeAction::Dismiss))
            });
            move || drop(timeout)
        });
    }
    let host = use_memo((), |()| web_sys::window()?.document()?.create_element("div").ok());
    let place = use_node_ref();
    {
        let (place, host) = (place.clone(), host.clone());
        // A message about what was done in a dialogue must not lie below it. Browsers without popovers show it as any other element.
        use_effect_with((notices.count, props.shown), move |_| {
            // Once the dialogue is open or closed, which is an effect of its own.
            let timeout = gloo::timers::callback::Timeout::new(0, move || {
                if let Some(host) = &*host {
                    bring_to_reach(host);
                }
                if let Some(place) = place.cast::<HtmlElement>() {
                    let _ = place.hide_popover();
                    let _ = place.show_popover();
                }
            });
            move || drop(timeout)
        });
    }
    let (Some(notice), Some(host)) = (&notices.current, &*host) else { return Html::default() };
    let is_unread = notice.id == "failed-no-records";
    let detail = match (&notice.problem, &notice.failure) {
        (Some(problem), _) if problem_place(problem).is_some() => problem_within(&texts, problem),
        (Some(problem), _) => problem_words(&texts, problem),
        (None, Some(failure)) => failure_words(&texts, failure),
        (None, None) if is_unread => texts.t("failed-no-records-empty"),
        (None, None) => notice.detail.clone(),
    };
    let detail = [("detail", detail.to_string().into())];
    let known = texts.with(&notice.id, &detail);
    let text = if known == notice.id { texts.with("failed-other", &detail) } else { known };
    let dispatcher = notices.dispatcher();
    let on_close = Callback::from(move |()| dispatcher.dispatch(NoticeAction::Dismiss));
    let dispatcher = notices.dispatcher();
    let edit = Callback::from(move |_: MouseEvent| dispatcher.dispatch(NoticeAction::Edit));
    let around = notice.problem.as_ref().and_then(|problem| problem.around.as_ref());
    let message = html! {
        <div ref={place} class="messages" popover="manual" data-testid="notice">
            <Toast {text} is_error={notice.is_error} close_label={texts.t("close")} {on_close}>
                if let Some(around) = around {
                    { text_around(&texts, around) }
                }
                if is_unread {
                    <span class="muted">{ texts.t("failed-no-records-do") }</span>
                }
                if notice.text.as_ref().is_some_and(|text| text.len() <= MAX_EDITED) {
                    <button class="button toast-action" type="button" data-testid="notice-edit" onclick={edit}>{ texts.t("notice-edit") }</button>
                }
            </Toast>
        </div>
    };
    create_portal(message, host.clone())
}

/// The text on both sides of a place where something could not be read.
pub(super) fn text_around(texts: &Texts, (before, after): &(String, String)) -> Html {
    let mark = after.chars().next().map_or_else(|| "⏎".to_owned(), String::from);
    html! {
        <code class="source-around" data-testid="error-around">{ before }<mark aria-label={texts.t("problem-here")}>{ mark }</mark>{ after.chars().skip(1).collect::<String>() }</code>
    }
}
