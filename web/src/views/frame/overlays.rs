//! What lies over the page: the palette, the help and the one message.

use crate::components::{Dialog, Palette, PaletteItem, Toast};
use crate::data::{SAMPLES, use_commands};
use crate::locale::{Texts, use_texts};
use crate::state::{
    Mode, NoticeAction, PreferencesAction, SelectionAction, TransportAction, View, use_notices, use_preferences,
    use_selection, use_transport,
};
use yew::prelude::*;

/// What may lie over the page, one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overlay {
    /// Everything one can do.
    Palette,
    /// The keys.
    Help,
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
    html! {
        <>
            <Commands open={props.shown == Some(Overlay::Palette)} on_overlay={props.on_overlay.clone()} />
            <Dialog open={props.shown == Some(Overlay::Help)} title={texts.t("help-title")} close_label={texts.t("close")} {on_close} testid="help-dialog">
                { keys(&texts) }
                <p class="muted">{ texts.t("help-privacy") }</p>
            </Dialog>
            <Message />
        </>
    }
}

/// The keys as a list, for the help and for the Learn view.
pub(crate) fn keys(texts: &Texts) -> Html {
    let rows: [(&[&'static str], &str); 10] = [
        (&["␣"], "help-play"),
        (&["←", "→"], "help-step"),
        (&["⇧ ←", "⇧ →"], "help-ten"),
        (&["Home", "End"], "help-ends"),
        (&["/"], "help-search"),
        (&["g"], "help-go-to"),
        (&["1", "2", "3", "4", "5"], "help-tabs"),
        (&["Ctrl K", "⌘ K"], "help-palette"),
        (&["Ctrl V"], "help-paste"),
        (&["?"], "help-help"),
    ];
    let row = |(keys, id): (&[&'static str], &str)| {
        html! { <><dt>{ for keys.iter().map(|key| html! { <kbd class="key">{ *key }</kbd> }) }</dt><dd>{ texts.t(id) }</dd></> }
    };
    html! { <dl class="keys">{ for rows.into_iter().map(row) }</dl> }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct CommandsProps {
    open: bool,
    on_overlay: Callback<Option<Overlay>>,
}

#[component]
fn Commands(props: &CommandsProps) -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let selection = use_selection();
    let transport = use_transport();
    let preferences = use_preferences();
    let item = |id: String, title: AttrValue, key: &'static str| PaletteItem { id: id.into(), title, key: key.into() };
    let mut items = vec![
        item("play".into(), texts.t("help-play"), "␣"),
        item("to-start".into(), texts.t("to-start"), ""),
        item("to-end".into(), texts.t("to-end"), ""),
    ];
    let views = View::ALL.into_iter().zip(["1", "2", "3", "4", "5"]);
    items.extend(
        views.map(|(view, key)| item(format!("view:{}", view.code()), texts.t(&format!("tab-{}", view.code())), key)),
    );
    let sample = |name: &str| format!("{}: {}", texts.t("samples"), texts.t(&format!("sample-{name}"))).into();
    items.extend(SAMPLES.iter().map(|one| item(format!("sample:{}", one.name), sample(one.name), "")));
    items.extend([
        item("mode".into(), texts.t("mode-present"), ""),
        item("language".into(), "English / 中文".into(), ""),
        item("theme".into(), texts.t(&format!("theme-{}", preferences.theme.next().code())), ""),
        item("left".into(), texts.t(if preferences.hides_left { "expand-left" } else { "collapse-left" }), ""),
        item("right".into(), texts.t(if preferences.hides_right { "expand-right" } else { "collapse-right" }), ""),
        item("help".into(), texts.t("help"), "?"),
    ]);
    let on_choose = {
        let on_overlay = props.on_overlay.clone();
        Callback::from(move |id: AttrValue| match id.split_once(':') {
            Some(("view", code)) => {
                let view = View::ALL.into_iter().find(|view| view.code() == code).unwrap_or_default();
                selection.dispatch(SelectionAction::Show(view));
            }
            Some(("sample", name)) => commands.load_sample(name),
            _ => match id.as_str() {
                "play" => transport.dispatch(TransportAction::TogglePlay),
                "to-start" => transport.dispatch(TransportAction::SeekTo(0)),
                "to-end" => transport.dispatch(TransportAction::SeekTo(transport.total)),
                "mode" => preferences.dispatch(PreferencesAction::Mode(match preferences.mode {
                    Mode::Inspect => Mode::Present,
                    Mode::Present => Mode::Inspect,
                })),
                "language" => preferences.dispatch(PreferencesAction::Speak(preferences.language.other())),
                "theme" => preferences.dispatch(PreferencesAction::Theme(preferences.theme.next())),
                "left" => preferences.dispatch(PreferencesAction::ToggleLeft),
                "right" => preferences.dispatch(PreferencesAction::ToggleRight),
                _ => on_overlay.emit(Some(Overlay::Help)),
            },
        })
    };
    html! {
        <Palette open={props.open} title={texts.t("palette")} close_label={texts.t("close")} placeholder={texts.t("palette-placeholder")}
            nothing={texts.t("palette-empty")} {items} {on_choose} on_close={props.on_overlay.reform(|()| None)} />
    }
}

#[component]
fn Message() -> Html {
    let texts = use_texts();
    let notices = use_notices();
    {
        let dispatcher = notices.dispatcher();
        let is_error = notices.current.as_ref().is_some_and(|notice| notice.is_error);
        use_effect_with((notices.count, is_error), move |(_, is_error)| {
            // What went wrong stays until it was read.
            let timeout = (!is_error).then(|| {
                gloo::timers::callback::Timeout::new(4000, move || dispatcher.dispatch(NoticeAction::Dismiss))
            });
            move || drop(timeout)
        });
    }
    let Some(notice) = &notices.current else { return Html::default() };
    let detail = [("detail", notice.detail.to_string().into())];
    let known = texts.with(&notice.id, &detail);
    let text = if known == notice.id { texts.with("failed-other", &detail) } else { known };
    let dispatcher = notices.dispatcher();
    let on_close = Callback::from(move |()| dispatcher.dispatch(NoticeAction::Dismiss));
    html! {
        <div class="messages" data-testid="notice"><Toast {text} is_error={notice.is_error} close_label={texts.t("close")} {on_close} /></div>
    }
}
