//! What a file's name tells.

use crate::format::Transport;

/// What a file's name tells.
#[derive(Debug, Default)]
pub(crate) struct FileHints {
    pub(crate) topic: Option<String>,
    pub(crate) partition: Option<u32>,
    pub(crate) stream: Option<String>,
    /// The offset of the first record.
    pub(crate) offset: Option<i64>,
}

/// `…/topic+2+0000000005.json` of Kafka Connect's sinks; the stream of a file of events to be written.
pub(crate) fn file_hints(name: Option<&str>, transport: Transport) -> FileHints {
    let Some(name) = name else { return FileHints::default() };
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    if transport == Transport::EventStoreWrite {
        let stem =
            ["eventstore-", "events-"].iter().fold(stem, |stem, prefix| stem.strip_prefix(prefix).unwrap_or(stem));
        return FileHints { stream: Some(stem.to_owned()).filter(|stem| !stem.is_empty()), ..FileHints::default() };
    }
    if transport == Transport::LogSegment {
        return folder_hints(name);
    }
    let parts: Vec<&str> = stem.rsplitn(3, '+').collect();
    if let [offset, partition, topic] = parts.as_slice()
        && offset.len() == 10
        && offset.bytes().all(|b| b.is_ascii_digit())
        && let Ok(partition) = partition.parse()
    {
        return FileHints {
            topic: Some((*topic).to_owned()),
            partition: Some(partition),
            stream: None,
            offset: offset.parse().ok(),
        };
    }
    FileHints::default()
}

/// `topic-2/00000000000000000000.log`: a topic's name may hold dashes, so the last one counts.
fn folder_hints(name: &str) -> FileHints {
    let folder = name.rsplit(['/', '\\']).nth(1).unwrap_or_default();
    // A replica that is being deleted or moved: `topic-0.3f2a…-delete`, `topic-0-future`.
    let folder = folder.split_once('.').filter(|(_, rest)| rest.ends_with("-delete") || rest.ends_with("-future"));
    let folder = folder.map_or_else(|| name.rsplit(['/', '\\']).nth(1).unwrap_or_default(), |(folder, _)| folder);
    match folder.rsplit_once('-').map(|(topic, partition)| (topic, partition.parse())) {
        Some((topic, Ok(partition))) if !topic.is_empty() => {
            FileHints { topic: Some(topic.to_owned()), partition: Some(partition), ..FileHints::default() }
        }
        _ => FileHints::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, transport: Transport, topic: Option<&str>, partition: Option<u32>) {
        let hints = file_hints(Some(name), transport);
        assert_eq!((hints.topic.as_deref(), hints.partition), (topic, partition), "{name}");
    }

    #[test]
    fn names_tell_topic_and_partition() {
        check("data/my-topic-12/00000000000000000000.log", Transport::LogSegment, Some("my-topic"), Some(12));
        check("t-0.0a1b-delete/00000000000000000000.log", Transport::LogSegment, Some("t"), Some(0));
        check("00000000000000000000.log", Transport::LogSegment, None, None);
        check("topics/t/partition=2/t+2+0000000005.json", Transport::Bare, Some("t"), Some(2));
        check("a+b.json", Transport::Bare, None, None);
    }
}
