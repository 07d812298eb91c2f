//! What a file's name tells.

use crate::format::Transport;

/// What a file's name tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct FileHints {
    pub(crate) topic: Option<String>,
    pub(crate) partition: Option<u32>,
    pub(crate) stream: Option<String>,
    /// The offset of the first record.
    pub(crate) offset: Option<i64>,
}

/// What the name tells of a file of this transport: names of sinks everywhere, those of downloads only where a tool gives them.
pub(crate) fn file_hints(name: Option<&str>, transport: Transport) -> FileHints {
    let Some(name) = name else { return FileHints::default() };
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    match transport {
        Transport::EventStoreWrite => {
            let stem = file.split('.').next().unwrap_or_default();
            let stem =
                ["eventstore-", "events-"].iter().fold(stem, |stem, prefix| stem.strip_prefix(prefix).unwrap_or(stem));
            FileHints { stream: Some(stem.to_owned()).filter(|stem| !stem.is_empty()), ..FileHints::default() }
        }
        Transport::LogSegment => folder_hints(name),
        // The download is named after the topic, which its records do not tell.
        Transport::Akhq => FileHints { topic: topic_of_download(file), ..FileHints::default() },
        // Aiven's sinks, whose records may tell the offset, and never topic and partition.
        Transport::Records | Transport::Csv => plus_hints(file).or_else(|| dash_hints(file)).unwrap_or_default(),
        _ => plus_hints(file).unwrap_or_default(),
    }
}

/// What stands before and behind the last of these bytes, which are of ASCII.
#[inline(never)]
fn around_last(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = memchr::memrchr(byte, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// `topic+2+0000000005.json` of Confluent's sinks; that for HDFS adds the last offset.
fn plus_hints(file: &str) -> Option<FileHints> {
    let is_offset = |text: &str| text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    // A topic's name may hold dots.
    let (before, last) = around_last(file, b'+')?;
    let last = last.split('.').next().unwrap_or_default();
    let (before, offset) = match around_last(before, b'+') {
        Some((before, first)) if is_offset(first) && before.contains('+') => (before, first),
        _ => (before, last),
    };
    let (topic, partition) = around_last(before, b'+')?;
    if !is_offset(offset) || !is_offset(last) || topic.is_empty() {
        return None;
    }
    Some(FileHints {
        topic: Some(topic.to_owned()),
        partition: Some(partition.parse().ok()?),
        stream: None,
        offset: offset.parse().ok(),
    })
}

/// `topic-2-17.gz` of Aiven's sinks.
fn dash_hints(file: &str) -> Option<FileHints> {
    let (before, last) = around_last(file, b'-')?;
    let (topic, partition) = around_last(before, b'-')?;
    let offset = last.split('.').next().unwrap_or_default();
    // Zeros in front are a date's, unless there are as many as an offset is filled up with.
    let is_plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if !is_plain(partition) || !(is_plain(offset) || offset.len() == 20) || topic.is_empty() {
        return None;
    }
    let (partition, offset) = (partition.parse().ok()?, offset.parse().ok()?);
    let year = topic.rsplit('-').next().unwrap_or_default();
    let is_date = year.len() == 4 && year.starts_with(['1', '2']) && partition <= 12 && offset <= 31;
    // Nor is a year with its month the place of a record.
    let is_month = (1900..2100).contains(&partition) && offset <= 12;
    (!is_date && !is_month).then(|| FileHints {
        topic: Some(topic.to_owned()),
        partition: Some(partition),
        stream: None,
        offset: Some(offset),
    })
}

/// `topic.json`, or what a browser makes of the name when there is such a file: `topic (1).json`.
fn topic_of_download(file: &str) -> Option<String> {
    let mut stem = file;
    for extension in [".gz", ".zst", ".json"] {
        stem = stem.strip_suffix(extension).unwrap_or(stem);
    }
    if let Some((before, number)) = around_last(stem, b'(')
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b')')
    {
        stem = before.trim_end();
    }
    let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (!stem.is_empty() && stem.chars().all(is_legal)).then(|| stem.to_owned())
}

/// `topic-2/00000000000000000000.log`: a topic's name may hold dashes, so the last one counts.
fn folder_hints(name: &str) -> FileHints {
    let folder = name.rsplit(['/', '\\']).nth(1).unwrap_or_default();
    // A replica that is being deleted or moved: `topic-0.3f2a…-delete`, `topic-0.3f2a…-future`.
    let folder = match around_last(folder, b'.') {
        Some((before, rest)) if ["-delete", "-future", "-stray"].iter().any(|end| rest.ends_with(end)) => before,
        _ => folder,
    };
    match around_last(folder, b'-').map(|(topic, partition)| (topic, partition.parse())) {
        Some((topic, Ok(partition))) if !topic.is_empty() => {
            FileHints { topic: Some(topic.to_owned()), partition: Some(partition), ..FileHints::default() }
        }
        _ => FileHints::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected` is `topic[partition]@offset`, with `-` for what the name does not tell.
    #[track_caller]
    fn check(name: &str, transport: Transport, expected: &str) {
        let FileHints { topic, partition, offset, .. } = file_hints(Some(name), transport);
        let number = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
        let told =
            format!("{}[{}]@{}", topic.as_deref().unwrap_or("-"), number(partition.map(i64::from)), number(offset));
        assert_eq!(told, expected, "{name}");
    }

    #[test]
    fn folders_of_a_broker_tell_topic_and_partition() {
        check("data/my-topic-12/00000000000000000000.log", Transport::LogSegment, "my-topic[12]@-");
        check("t-0.0a1b-delete/00000000000000000000.log", Transport::LogSegment, "t[0]@-");
        check("my.topic-0/00000000000000000000.log", Transport::LogSegment, "my.topic[0]@-");
        check("my.topic-0.0a1b-future/00000000000000000000.log", Transport::LogSegment, "my.topic[0]@-");
        check("00000000000000000000.log", Transport::LogSegment, "-[-]@-");
    }

    #[test]
    fn names_of_sinks_tell_topic_partition_and_offset() {
        check("topics/t/partition=2/t+2+0000000005.json", Transport::Bare, "t[2]@5");
        check("topics/my.topic/year=2025/my.topic+2+0000000005.snappy.parquet", Transport::Bare, "my.topic[2]@5");
        check("t+2+12345678901.json.gz", Transport::Bare, "t[2]@12345678901");
        check("t+2+0000000005+0000000009.avro", Transport::Avro, "t[2]@5");
        check("a+b+2+0000000005.json", Transport::Bare, "a+b[2]@5");
        check("a+b.json", Transport::Bare, "-[-]@-");
        check("a+1+2.json", Transport::Bare, "-[-]@-");
        check("prefix/my-t.x-1-17.csv", Transport::Csv, "my-t.x[1]@17");
        check("t-1-17", Transport::Records, "t[1]@17");
        check("t-1-00000000000000000017.gz", Transport::Records, "t[1]@17");
    }

    #[test]
    fn dates_are_no_places() {
        for name in [
            "orders-2025-03.csv",
            "orders-2025-3.csv",
            "orders-2025-3-13.csv",
            "orders-2025-03-13.csv",
            "t-a-1.csv",
            "-1-2.csv",
        ] {
            check(name, Transport::Csv, "-[-]@-");
        }
        check("t-1-17.json", Transport::Bare, "-[-]@-");
    }

    #[test]
    fn a_download_of_akhq_is_named_after_its_topic() {
        check("downloads/my.topic-1.json", Transport::Akhq, "my.topic-1[-]@-");
        check("status-events (2).json", Transport::Akhq, "status-events[-]@-");
        check("what I saved.json", Transport::Akhq, "-[-]@-");
    }
}
