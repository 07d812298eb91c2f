//! Pieces of the page that only show: values go in, events come out, and all words are handed in.
//!
//! Fields for settings, each with a label, the setting as Kafka calls it and one plain sentence:
//!
//! | component | props |
//! | --- | --- |
//! | [`Range`] | `id label setting hint unit value min max step scale disabled on_change(f64)`; `scale` is [`Scale::Linear`] or [`Scale::Log`] |
//! | [`Choice`] | `id label setting options: Vec<ChoiceOption> value disabled on_change(AttrValue)`; an option has `value label hint setting` |
//! | [`RowList`] | `id label setting hint rows: Vec<Vec<RowField>> add remove on_change(RowChange) on_add on_remove(usize)`; numbers in rows that come and go |
//! | [`Toggle`] | `id label setting hint checked disabled on_change(bool)` |
//! | [`JsonEditor`] | `id label text rows mistake says on_input(AttrValue) on_commit(AttrValue)`; finds mistakes in the JSON itself |
//!
//! Pictures of results:
//!
//! | component | props |
//! | --- | --- |
//! | [`Chart`] | `x lines thresholds marks cursor theme height on_pick(f64) words testid`; lines have a value or none for each `x` |
//! | [`SideBySide`] | `left right` (JSON texts) `words testid` |
#![allow(dead_code, unused_imports, reason = "a kit: a piece may be there before the view that needs it")]

mod blame_view;
mod chart;
mod choice;
mod dialog;
mod diff_view;
mod entity_list;
mod fate_lanes;
mod history_view;
mod json_editor;
mod lane_canvas;
mod lanes;
mod legend;
mod palette;
mod range;
mod record_list;
mod row_list;
mod seek_bar;
mod side_by_side;
mod split_pane;
mod state_tree;
mod tab_list;
mod toast;
mod toggle;
mod uplot;
mod virtual_list;
mod window_bars;

pub(crate) use blame_view::BlameView;
pub(crate) use chart::{Chart, ChartLine, ChartMark, ChartThreshold, ChartWords, LineSummary};
pub(crate) use choice::{Choice, ChoiceOption};
pub(crate) use dialog::Dialog;
pub(crate) use diff_view::{ChangeTable, DiffView, DiffWords};
pub(crate) use entity_list::{EntityList, EntityWords};
pub(crate) use fate_lanes::{FateLane, FateLanes, FateMark, MarkKind};
pub(crate) use history_view::{HistoryView, HistoryWords};
pub(crate) use json_editor::{JsonEditor, JsonMistake, json_mistake};
pub(crate) use lanes::{Lanes, LanesWords};
pub(crate) use legend::Legend;
pub(crate) use palette::{Palette, PaletteItem};
pub(crate) use range::{Range, Scale};
pub(crate) use record_list::{RecordList, RecordWords};
pub(crate) use row_list::{RowChange, RowField, RowList};
pub(crate) use seek_bar::SeekBar;
pub(crate) use side_by_side::{SideBySide, SideWords};
pub(crate) use split_pane::SplitPane;
pub(crate) use state_tree::StateTree;
pub(crate) use tab_list::{TabItem, TabList};
pub(crate) use toast::Toast;
pub(crate) use toggle::Toggle;
pub(crate) use virtual_list::VirtualList;
pub(crate) use window_bars::WindowBars;

/// The class of an event type's colour; beyond eight types, and for none, there is one more.
pub(crate) fn type_class(event_type: Option<u32>) -> String {
    match event_type {
        Some(n) if n < 8 => format!("type-{n}"),
        _ => "type-other".to_owned(),
    }
}
