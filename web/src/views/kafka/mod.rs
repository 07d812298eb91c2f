//! The Kafka panel, which loads topics through a REST proxy, and the bar of a topic that is followed.

mod advice;
mod live_bar;
mod panel;
mod range;
mod topic;

pub(crate) use live_bar::LiveBar;
pub(crate) use panel::KafkaPanel;
