//! What is remembered between visits. Everything has a sensible default, and an unknown stored value is ignored.

use replay_protocol::Alike;
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use yew::{AttrValue, Reducible};

/// The language on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// 简体中文.
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Language {
    /// Its BCP 47 tag.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language for what a browser prefers, e.g. `zh-Hans-CN`.
    pub(crate) fn from_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("zh") { Self::Chinese } else { Self::English }
    }

    /// The other one.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::English => Self::Chinese,
            Self::Chinese => Self::English,
        }
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// In keys of the locale and as `data-theme`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The next one round.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// How much is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// All panels.
    #[default]
    Inspect,
    /// For a workshop: large type, few panels.
    Present,
}

impl Mode {
    /// In keys of the locale and as `data-mode`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Inspect => "inspect",
            Self::Present => "present",
        }
    }
}

/// Which records stand in one row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Grouping {
    /// Each has its own.
    #[default]
    Off,
    /// Those of one event type that follow each other.
    Type,
    /// Those of one event type and one entity that follow each other.
    Entity,
}

impl Grouping {
    /// In the order of the select.
    pub(crate) const ALL: [Self; 3] = [Self::Off, Self::Type, Self::Entity];

    /// In keys of the locale.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Type => "type",
            Self::Entity => "entity",
        }
    }

    /// As the engine is asked; none if nothing is to be put together.
    pub(crate) fn alike(self) -> Option<Alike> {
        match self {
            Self::Off => None,
            Self::Type => Some(Alike::Type),
            Self::Entity => Some(Alike::Entity),
        }
    }
}

/// Widths are in pixels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Preferences {
    /// On the screen.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Inspect or Present.
    pub mode: Mode,
    /// Of the entities panel.
    pub left_width: f64,
    /// Of the state panel.
    pub right_width: f64,
    /// Of the lanes.
    pub lanes_height: f64,
    /// True if the entities panel is folded away.
    pub hides_left: bool,
    /// True if the state panel is folded away.
    pub hides_right: bool,
    /// True if of the lanes only the head is shown. Never together with `hides_records`.
    pub hides_lanes: bool,
    /// True if of the record list only the head is shown.
    pub hides_records: bool,
    /// Which records stand in one row.
    pub grouping: Grouping,
    /// True if steps of a history that are alike stand in one.
    pub groups_history: bool,
    /// True if the hint of the first visit was closed.
    pub hides_hint: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: Language::default(),
            theme: Theme::default(),
            mode: Mode::default(),
            left_width: 260.0,
            right_width: 400.0,
            lanes_height: 210.0,
            hides_left: false,
            hides_right: false,
            hides_lanes: false,
            hides_records: false,
            grouping: Grouping::default(),
            groups_history: false,
            hides_hint: false,
        }
    }
}

impl Preferences {
    /// What was stored, or the defaults in the browser's language.
    pub(crate) fn from_stored(stored: Option<&str>, browser_language: &str) -> Self {
        let defaults = Self { language: Language::from_tag(browser_language), ..Self::default() };
        let read = stored.and_then(|text| serde_json::from_str::<Self>(text).ok());
        read.map_or(defaults, Preferences::reduce_sizes)
    }

    /// What drawings read from the style sheet depends on this: the colours on the theme, the size of their words on the mode.
    pub(crate) fn look(&self) -> AttrValue {
        format!("{} {}", self.theme.code(), self.mode.code()).into()
    }

    /// Of a chart, in CSS pixels.
    pub(crate) fn chart_height(&self) -> f64 {
        match self.mode {
            Mode::Inspect => 180.0,
            Mode::Present => 250.0,
        }
    }

    fn reduce_sizes(mut self) -> Self {
        self.left_width = self.left_width.clamp(160.0, 600.0);
        self.right_width = self.right_width.clamp(240.0, 900.0);
        self.lanes_height = self.lanes_height.clamp(90.0, 700.0);
        self.hides_records &= !self.hides_lanes;
        self
    }
}

/// What may happen to the preferences.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PreferencesAction {
    /// Another language.
    Speak(Language),
    /// Light or dark.
    Theme(Theme),
    /// Inspect or Present.
    Mode(Mode),
    /// The entities panel's width.
    LeftWidth(f64),
    /// The state panel's width.
    RightWidth(f64),
    /// The lanes' height.
    LanesHeight(f64),
    /// Folds or unfolds the entities panel.
    ToggleLeft,
    /// Folds or unfolds the state panel.
    ToggleRight,
    /// Folds or unfolds the lanes. The record list is there whenever they are not.
    ToggleLanes,
    /// Folds or unfolds the record list. The lanes are there whenever it is not.
    ToggleRecords,
    /// Which records stand in one row.
    Group(Grouping),
    /// Whether steps of a history that are alike stand in one.
    ToggleHistoryGroups,
    /// The hint was read.
    HideHint,
}

impl Reducible for Preferences {
    type Action = PreferencesAction;

    fn reduce(self: Rc<Self>, action: PreferencesAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            PreferencesAction::Speak(language) => next.language = language,
            PreferencesAction::Theme(theme) => next.theme = theme,
            PreferencesAction::Mode(mode) => next.mode = mode,
            PreferencesAction::LeftWidth(width) => next.left_width = width,
            PreferencesAction::RightWidth(width) => next.right_width = width,
            PreferencesAction::LanesHeight(height) => next.lanes_height = height,
            PreferencesAction::ToggleLeft => next.hides_left = !next.hides_left,
            PreferencesAction::ToggleRight => next.hides_right = !next.hides_right,
            PreferencesAction::ToggleLanes => {
                next.hides_lanes = !next.hides_lanes;
                next.hides_records = false;
            }
            PreferencesAction::ToggleRecords => {
                next.hides_records = !next.hides_records;
                next.hides_lanes = false;
            }
            PreferencesAction::Group(grouping) => next.grouping = grouping,
            PreferencesAction::ToggleHistoryGroups => next.groups_history = !next.groups_history,
            PreferencesAction::HideHint => next.hides_hint = true,
        }
        next = next.reduce_sizes();
        if next == *self { self } else { Rc::new(next) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_visit_speaks_the_browsers_language() {
        assert_eq!(Preferences::from_stored(None, "zh-Hans-CN").language, Language::Chinese);
        assert_eq!(Preferences::from_stored(None, "de").language, Language::English);
    }

    #[test]
    fn broken_storage_gives_the_defaults() {
        assert_eq!(Preferences::from_stored(Some("{\"left_width\":\"wide\"}"), "en"), Preferences::default());
    }

    #[test]
    fn stored_preferences_come_back() {
        let kept = Preferences { theme: Theme::Dark, language: Language::Chinese, ..Preferences::default() };
        let text = serde_json::to_string(&kept).expect("plain data");
        assert_eq!(Preferences::from_stored(Some(&text), "en"), kept);
    }

    #[test]
    fn lanes_and_records_are_never_both_folded_away() {
        let mut now = Rc::new(Preferences::default());
        for action in [PreferencesAction::ToggleLanes, PreferencesAction::ToggleRecords, PreferencesAction::ToggleLanes]
        {
            now = now.reduce(action);
            assert!(now.hides_lanes != now.hides_records);
        }
        let stored = "{\"hides_lanes\":true,\"hides_records\":true}";
        assert!(!Preferences::from_stored(Some(stored), "en").hides_records);
    }

    #[test]
    fn a_panel_cannot_be_dragged_out_of_sight() {
        let next = Rc::new(Preferences::default()).reduce(PreferencesAction::LeftWidth(-5.0));
        assert!(next.left_width >= 160.0);
    }
}
