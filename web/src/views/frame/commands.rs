//! The command palette: everything one can do, and everywhere one can go.

use super::overlays::Overlay;
use crate::components::{Palette, PaletteItem};
use crate::data::{SAMPLES, Target, parse_target, use_commands, use_entities};
use crate::locale::{Texts, date_time, use_texts};
use crate::state::{
    Cursor, Mode, Orders, PreferencesAction, SelectionAction, TransportAction, View, use_orders, use_preferences,
};
use replay_protocol::EntityRow;
use std::rc::Rc;
use yew::prelude::*;

/// Entities shown at once.
const FOUND: u64 = 8;

/// Whether it is open, and where it leads.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(super) struct CommandsProps {
    /// On the screen now.
    pub open: bool,
    /// Opens another one, or none.
    pub on_overlay: Callback<Option<Overlay>>,
}

#[component]
pub(super) fn Commands(props: &CommandsProps) -> Html {
    let texts = use_texts();
    let commands = use_commands();
    // As it is when it opens, or when something is typed: a closed palette is not drawn with every position.
    let orders = use_orders();
    let Cursor { position, total, .. } = orders.cursor();
    let Orders { transport, selection, .. } = orders;
    let preferences = use_preferences();
    let typed = use_state_eq(AttrValue::default);
    let found = use_state_eq(Found::default);
    let item = |id: String, title: AttrValue, key: &'static str| PaletteItem {
        id: id.into(),
        title,
        note: AttrValue::default(),
        key: key.into(),
    };
    let mut items = vec![
        item("play".into(), texts.t("help-play"), "␣"),
        item("to-start".into(), texts.t("palette-to-start"), "Home"),
        item("to-end".into(), texts.t("palette-to-end"), "End"),
    ];
    let views = View::ALL.into_iter().zip(["1", "2", "3", "4", "5"]);
    items.extend(
        views.map(|(view, key)| item(format!("view:{}", view.code()), texts.t(&format!("tab-{}", view.code())), key)),
    );
    let sample =
        |name: &str| texts.with("palette-sample", &[("name", texts.t(&format!("sample-{name}")).to_string().into())]);
    items.extend(SAMPLES.iter().map(|one| item(format!("sample:{}", one.name), sample(one.name), "")));
    items.extend([
        item("mapping".into(), texts.t("mapping-title"), ""),
        item("save".into(), texts.t("save-log-title"), ""),
        item("mode".into(), texts.t("mode-present"), ""),
        item("language".into(), "English / 中文".into(), ""),
        item("theme".into(), texts.t(&format!("theme-{}", preferences.theme.next().code())), ""),
        item("left".into(), texts.t(if preferences.hides_left { "expand-left" } else { "collapse-left" }), ""),
        item("right".into(), texts.t(if preferences.hides_right { "expand-right" } else { "collapse-right" }), ""),
        item("lanes".into(), texts.t(if preferences.hides_lanes { "expand-lanes" } else { "collapse-lanes" }), ""),
        item(
            "records".into(),
            texts.t(if preferences.hides_records { "expand-records" } else { "collapse-records" }),
            "",
        ),
        item("kafka".into(), texts.t("kafka-open-hint"), ""),
        item("help".into(), texts.t("help"), "?"),
    ]);
    let places = place(&texts, &typed, total).into_iter().collect::<Vec<_>>();
    // Entities that fit what was typed before are no answer to what is typed now.
    let is_looking = found.text != typed.trim();
    let rows = found.rows.iter().filter(|_| !is_looking);
    let entities: Vec<PaletteItem> = rows.map(|row| entity(&texts, row)).collect();
    let on_type = use_callback(typed.setter(), |text: AttrValue, set| set.set(text));
    let on_found = use_callback(found.setter(), |found: Found, set| set.set(found));
    let on_other = {
        let (commands, selection) = (commands.clone(), selection.clone());
        Callback::from(move |text: AttrValue| {
            selection.dispatch(SelectionAction::Show(View::Replay));
            commands.go_to(&text);
        })
    };
    let on_choose = {
        let on_overlay = props.on_overlay.clone();
        Callback::from(move |id: AttrValue| match id.split_once(':') {
            Some(("view", code)) => {
                let view = View::ALL.into_iter().find(|view| view.code() == code).unwrap_or_default();
                selection.dispatch(SelectionAction::Show(view));
            }
            Some(("sample", name)) => commands.load_sample(name),
            Some(("go", target)) => {
                selection.dispatch(SelectionAction::Show(View::Replay));
                commands.go_to(target);
            }
            Some(("entity", entity)) => {
                if let Ok(entity) = entity.parse() {
                    selection.dispatch(SelectionAction::Show(View::Replay));
                    selection.dispatch(SelectionAction::Choose(entity));
                }
            }
            _ => match id.as_str() {
                "play" => transport.dispatch(TransportAction::TogglePlay),
                "to-start" => transport.dispatch(TransportAction::SeekTo(0)),
                "to-end" => transport.dispatch(TransportAction::SeekTo(u64::MAX)),
                "mode" => preferences.dispatch(PreferencesAction::Mode(match preferences.mode {
                    Mode::Inspect => Mode::Present,
                    Mode::Present => Mode::Inspect,
                })),
                "language" => preferences.dispatch(PreferencesAction::Speak(preferences.language.other())),
                "theme" => preferences.dispatch(PreferencesAction::Theme(preferences.theme.next())),
                "save" => on_overlay.emit(Some(Overlay::Save)),
                "mapping" => on_overlay.emit(Some(Overlay::Mapping)),
                "left" => preferences.dispatch(PreferencesAction::ToggleLeft),
                "right" => preferences.dispatch(PreferencesAction::ToggleRight),
                "lanes" => preferences.dispatch(PreferencesAction::ToggleLanes),
                "records" => preferences.dispatch(PreferencesAction::ToggleRecords),
                "kafka" => on_overlay.emit(Some(Overlay::Kafka)),
                _ => on_overlay.emit(Some(Overlay::Help)),
            },
        })
    };
    html! {
        <>
            if props.open {
                <Finder text={(*typed).clone()} {position} {on_found} />
            }
            <Palette open={props.open} title={texts.t("palette")} close_label={texts.t("close")} placeholder={texts.t("palette-placeholder")}
                nothing={texts.t("palette-empty")} {items} {places} found={entities} {is_looking} {on_type} {on_other} {on_choose} on_close={props.on_overlay.reform(|()| None)} />
        </>
    }
}

/// The place that a text names, if it names one.
fn place(texts: &Texts, typed: &str, total: u64) -> Option<PaletteItem> {
    let (title, note) = match parse_target(typed)? {
        Target::Position(position) => {
            let position = position.min(total);
            (texts.with("palette-position", &[("position", position.into())]), texts.t("position"))
        }
        Target::Offset { partition, offset } => {
            let place = format!("P{partition}@{offset}");
            (texts.with("palette-place", &[("place", place.into())]), texts.t("palette-offset"))
        }
        Target::Time(ms) => (texts.with("palette-place", &[("place", date_time(ms).into())]), texts.t("palette-time")),
    };
    Some(PaletteItem { id: format!("go:{}", typed.trim()).into(), title, note, key: AttrValue::default() })
}

fn entity(texts: &Texts, row: &EntityRow) -> PaletteItem {
    let (kind, version) = (texts.t("palette-entity"), format!("v{}", row.version));
    let parts = [kind.as_str(), row.badge.as_str(), &version];
    let note = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ").into();
    PaletteItem {
        id: format!("entity:{}", row.entity).into(),
        title: row.key.clone().into(),
        note,
        key: AttrValue::default(),
    }
}

/// Entities, and the text that their keys hold.
#[derive(Debug, Clone, PartialEq, Default)]
struct Found {
    text: String,
    rows: Rc<Vec<EntityRow>>,
}

/// What to look for, and who wants to know.
#[derive(Debug, Clone, PartialEq, Properties)]
struct FinderProps {
    text: AttrValue,
    position: u64,
    on_found: Callback<Found>,
}

/// Asks for entities whose key holds the text. Shows nothing; it is there only while the palette is open, so that a closed one asks nothing.
#[component]
fn Finder(props: &FinderProps) -> Html {
    let text = AttrValue::from(props.text.trim().to_owned());
    let page = use_entities(&text, 0..FOUND, props.position);
    let on_found = props.on_found.clone();
    use_effect_with((page.filter, page.rows, text), move |(filter, rows, text)| {
        if text.is_empty() {
            on_found.emit(Found::default());
        } else if filter.as_str() == text.as_str() {
            on_found.emit(Found { text: text.to_string(), rows: rows.clone() });
        }
    });
    Html::default()
}
