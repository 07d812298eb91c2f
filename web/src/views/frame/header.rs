//! Title, what is loaded, and the page's own buttons.

use super::overlays::Overlay;
use super::source_bar::Understood;
use crate::data::{Commands, use_commands};
use crate::hooks::files_of;
use crate::locale::use_texts;
use crate::state::{Language, Mode, PreferencesAction, Theme, use_preferences, use_source};
use crate::views::icons::{Icon, icon};
use crate::views::words::source_name;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Where the buttons lead.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct HeaderProps {
    /// Opens what lies over the page.
    pub on_overlay: Callback<Option<Overlay>>,
}

#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    let texts = use_texts();
    let source = use_source();
    let preferences = use_preferences();
    let commands = use_commands();
    let name = source_name(&texts, &source);
    let presents = preferences.mode == Mode::Present;
    let set = preferences.dispatcher();
    let set_theme = {
        let (set, next) = (set.clone(), preferences.theme.next());
        Callback::from(move |_: MouseEvent| set.dispatch(PreferencesAction::Theme(next)))
    };
    let set_language = {
        let (set, next) = (set.clone(), preferences.language.other());
        Callback::from(move |_: MouseEvent| set.dispatch(PreferencesAction::Speak(next)))
    };
    let set_mode = Callback::from(move |_: MouseEvent| {
        set.dispatch(PreferencesAction::Mode(if presents { Mode::Inspect } else { Mode::Present }));
    });
    let expect_files = {
        let commands = commands.clone();
        Callback::from(move |_: MouseEvent| commands.expect_files())
    };
    let on_files = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        commands.load_files(files_of(input.files()));
        // The same file chosen again is a change again.
        input.set_value("");
    });
    let (other_language, language_tag) = match preferences.language {
        Language::English => ("中文", "zh-CN"),
        Language::Chinese => ("English", "en"),
    };
    let theme_icon = match preferences.theme {
        Theme::System => Icon::System,
        Theme::Light => Icon::Light,
        Theme::Dark => Icon::Dark,
    };
    let theme_label = texts.t(&format!("theme-{}", preferences.theme.code()));
    let open_kafka = props.on_overlay.reform(|_: MouseEvent| Some(Overlay::Kafka));
    let open_help = props.on_overlay.reform(|_: MouseEvent| Some(Overlay::Help));
    let open_save = props.on_overlay.reform(|_: MouseEvent| Some(Overlay::Save));
    html! {
        <header class="header">
            <h1 class="header-title">
                <svg class="header-logo" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
                    <rect width="32" height="32" rx="7" fill="currentColor" />
                    <path class="header-logo-sign" d="M12 8.500v15L24 16zM7 8.500h2.500v15H7z" />
                </svg>
                <span class="header-word">{ "Replayground" }</span>
            </h1>
            <div class="header-source">
                if source.summary.is_some() {
                    <strong class="header-name" title={name.clone()}>{ name }</strong>
                }
                <Understood />
            </div>
            <div class="header-actions">
                <label class="button">
                    { icon(Icon::Open) }
                    <span>{ texts.t("open") }</span>
                    <input class="visually-hidden" type="file" multiple=true data-testid="open-file" aria-label={texts.t("open-label")} onclick={expect_files} onchange={on_files} />
                </label>
                <button class="button" type="button" data-testid="kafka" title={texts.t("kafka-open-hint")} onclick={open_kafka}>
                    { icon(Icon::Kafka) }
                    <span>{ "Kafka" }</span>
                </button>
                <button class="button" type="button" data-testid="save-log" aria-label={texts.t("save-log-title")} title={texts.t("save-log-title")} onclick={open_save}>
                    { icon(Icon::Save) }
                    <span class="header-wide">{ texts.t("save-log") }</span>
                </button>
                <ShareButton />
                <button class="button" type="button" data-testid="mode" aria-pressed={presents.to_string()} title={texts.t("mode-hint")} onclick={set_mode}>
                    { icon(Icon::Present) }
                    <span class="header-wide">{ texts.t("mode-present") }</span>
                </button>
                <button class="button" type="button" data-testid="language" lang={language_tag} onclick={set_language}>{ other_language }</button>
                <button class="button button-icon" type="button" data-testid="theme" aria-label={theme_label.clone()} title={theme_label} onclick={set_theme}>
                    { icon(theme_icon) }
                </button>
                <button class="button button-icon" type="button" data-testid="help" aria-label={texts.t("help")} title={texts.t("help")} onclick={open_help}>{ "?" }</button>
            </div>
        </header>
    }
}

/// Copies a link, or says why there is none.
#[component]
fn ShareButton() -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let onclick = Callback::from(move |_: MouseEvent| {
        let here = commands.clone();
        commands.link(Callback::from(move |link: Option<String>| match link {
            Some(link) => copy(link, here.clone()),
            None => here.fail("notice-no-link", ""),
        }));
    });
    html! {
        <button class="button" type="button" data-testid="share" title={texts.t("share-hint")} {onclick}>
            { icon(Icon::Share) }
            <span>{ texts.t("share") }</span>
        </button>
    }
}

fn copy(link: String, commands: Commands) {
    let Some(window) = web_sys::window() else { return };
    let hash = link.split_once('#').map(|(_, hash)| format!("#{hash}")).unwrap_or_default();
    // The address bar shows the link too, for browsers that refuse the clipboard.
    let shown = window
        .history()
        .and_then(|history| history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&hash)));
    let clipboard = js_sys::Reflect::get(&window.navigator(), &"clipboard".into());
    let has_clipboard = clipboard.is_ok_and(|clipboard| !clipboard.is_undefined());
    spawn_local(async move {
        let copied = has_clipboard && JsFuture::from(window.navigator().clipboard().write_text(&link)).await.is_ok();
        match (copied, shown.is_ok()) {
            (true, _) => commands.tell("notice-link-copied", ""),
            (false, true) => commands.tell("notice-link-in-address", ""),
            (false, false) => commands.fail("notice-no-link", ""),
        }
    });
}
