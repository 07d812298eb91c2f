//! What is on the screen: a folder per tab of the page, and the frame around them.

pub(crate) mod compare;
pub(crate) mod frame;
mod icons;
pub(crate) mod kafka;
pub(crate) mod learn;
pub(crate) mod query;
pub(crate) mod replay;
pub(crate) mod simulate;
mod words;
