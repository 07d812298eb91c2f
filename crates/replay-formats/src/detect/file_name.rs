//! What a file's name tells.

use crate::format::Transport;

/// What a file's name tells.
#[derive(Debug, Default)]
pub(super) struct FileHints {
    pub(super) topic: Option<String>,
    pub(super) partition: Option<u32>,
    pub(super) stream: Option<String>,
}

/// `…/topic+2+0000000005.json` of Kafka Connect's sinks; the stream of a file of events to be written.
pub(super) fn file_hints(name: Option<&str>, transport: Transport) -> FileHints {
    let Some(name) = name else { return FileHints::default() };
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    if transport == Transport::EventStoreWrite {
        let stem =
            ["eventstore-", "events-"].iter().fold(stem, |stem, prefix| stem.strip_prefix(prefix).unwrap_or(stem));
        return FileHints { stream: Some(stem.to_owned()).filter(|stem| !stem.is_empty()), ..FileHints::default() };
    }
    let parts: Vec<&str> = stem.rsplitn(3, '+').collect();
    if let [offset, partition, topic] = parts.as_slice()
        && offset.len() == 10
        && offset.bytes().all(|b| b.is_ascii_digit())
        && let Ok(partition) = partition.parse()
    {
        return FileHints { topic: Some((*topic).to_owned()), partition: Some(partition), stream: None };
    }
    FileHints::default()
}
