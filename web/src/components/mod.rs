//! Pieces of the page that only show: values go in, events come out, and all words are handed in.

mod blame_view;
mod dialog;
mod diff_view;
mod entity_list;
mod history_view;
mod lanes;
mod legend;
mod palette;
mod record_list;
mod seek_bar;
mod split_pane;
mod state_tree;
mod toast;
mod virtual_list;

pub(crate) use blame_view::BlameView;
pub(crate) use dialog::Dialog;
pub(crate) use diff_view::{ChangeTable, DiffView, DiffWords};
pub(crate) use entity_list::{EntityList, EntityWords};
pub(crate) use history_view::{HistoryView, HistoryWords};
pub(crate) use lanes::{Lanes, LanesWords};
pub(crate) use legend::Legend;
pub(crate) use palette::{Palette, PaletteItem};
pub(crate) use record_list::{RecordList, RecordWords};
pub(crate) use seek_bar::SeekBar;
pub(crate) use split_pane::SplitPane;
pub(crate) use state_tree::StateTree;
pub(crate) use toast::Toast;
pub(crate) use virtual_list::VirtualList;

/// The class of an event type's colour; beyond eight types, and for none, there is one more.
pub(crate) fn type_class(event_type: Option<u32>) -> String {
    match event_type {
        Some(n) if n < 8 => format!("type-{n}"),
        _ => "type-other".to_owned(),
    }
}
