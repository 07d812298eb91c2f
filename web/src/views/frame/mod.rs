//! What stands around every view: header, source bar, tabs, transport and footer, and what lies over the page.

mod announcer;
mod commands;
mod doubt;
mod footer;
mod guide;
mod header;
mod jq_editor;
mod mapping;
mod overlays;
mod save_log;
mod schemas;
mod shortcuts;
mod source_bar;
mod tabs;
mod transport_bar;

pub(crate) use announcer::Announcer;
pub(crate) use doubt::Doubt;
pub(crate) use footer::Footer;
pub(crate) use guide::Guide;
pub(crate) use header::Header;
pub(crate) use overlays::{Overlay, Overlays, keys};
pub(crate) use shortcuts::Shortcuts;
pub(crate) use source_bar::{Choices, SourceBar};
pub(crate) use tabs::Tabs;
pub(crate) use transport_bar::TransportBar;
