//! The first records of an export as they would be read.

use crate::load::Head;
use crate::loaded::problem;
use crate::mapping::in_force;
use crate::window::{one_line, readable};
use replay_formats::{Loaded, MappingChoice, load_vec};
use replay_log::scan;
use replay_protocol::{ColumnCandidate, PlaceCandidate, Preview, PreviewRow};

/// Records that are shown.
const ROWS: u32 = 12;
/// Records whose members are offered as places.
const SAMPLE: u32 = 60;
/// More places than this are not offered.
const MAX_PLACES: usize = 300;
/// Levels of members that are offered.
const MAX_DEPTH: usize = 3;
/// Characters of a value.
const VALUE: usize = 120;
/// Characters of an example.
const EXAMPLE: usize = 40;

/// Reads the beginning of a source, as it is asked for and as it would be read if nothing were asked.
pub(crate) fn preview(head: Head) -> Preview {
    let Head { bytes, is_whole, name, options } = head;
    let mut plain = options.clone();
    (plain.format, plain.mapping, plain.remembered) = (None, MappingChoice::default(), [].into());
    let messages = options.schemas.messages();
    let detected = load_vec(bytes.clone(), plain);
    // What is converted is read once more, as it is written.
    let written = (!options.mapping.columns.is_empty()).then(|| {
        let mut as_written = options.clone();
        as_written.mapping.columns = Vec::new();
        columns(&load_vec(bytes.clone(), as_written))
    });
    let read = load_vec(bytes, options);
    let shown = columns(&read);
    // A source that was cut here is not damaged.
    let of_the_cut = ["cut-off", "open-array", "compression", "binary"];
    let is_told = |error: &&replay_formats::ReadError| is_whole || !of_the_cut.contains(&error.cause.code());
    let sources = [name];
    Preview {
        format: read.format.to_string(),
        signature: read.signature.clone(),
        evidence: crate::said::evidence(&read.evidence),
        detected: in_force(&detected.mapping),
        in_force: in_force(&read.mapping),
        places: places(&read),
        columns: written
            .unwrap_or_else(|| shown.clone())
            .into_iter()
            .zip(shown)
            .map(|((name, example), (_, shown))| ColumnCandidate { name, example, shown })
            .collect(),
        messages,
        rows: (0..(read.log.len() as u32).min(ROWS)).map(|index| row(&read, index)).collect(),
        problems: read.errors.iter().filter(is_told).take(20).map(|error| problem(error, &sources)).collect(),
    }
}

fn row(read: &Loaded, index: u32) -> PreviewRow {
    let record = read.log.record(index);
    let header = |header: &replay_log::Header<'_>| {
        format!("{}={}", header.name, header.value.as_deref().map_or_else(|| "null".to_owned(), readable))
    };
    let headers: Vec<String> = record.headers.iter().map(header).collect();
    PreviewRow {
        topic: record.topic.to_string(),
        partition: record.partition,
        offset: record.offset,
        timestamp_ms: record.timestamp_ms.map(|ms| ms as f64),
        key: record.entity.as_deref().map(str::to_owned).or_else(|| record.key.as_deref().map(readable)),
        event_type: record.event_type.as_deref().map(str::to_owned),
        event_id: record.event_id.as_deref().map(str::to_owned),
        version: record.version,
        value: record.value.bytes().map(|bytes| one_line(&readable(bytes), VALUE)).unwrap_or_default(),
        headers: one_line(&headers.join(", "), VALUE),
        tombstone: read.log.is_tombstone(index),
    }
}

/// The columns of the first rows, with what the first of them holds that is not null there.
fn columns(read: &Loaded) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for index in 0..(read.log.len() as u32).min(SAMPLE) {
        let record = read.log.record(index);
        for row in record.changes.iter().filter_map(|change| change.after.as_deref().or(change.before.as_deref())) {
            for member in scan::members(row, scan::skip_ws(row, 0)).flatten() {
                let Some(name) = plain_name(member.name) else { continue };
                let token = &row[member.value];
                let example = if token == b"null" { String::new() } else { one_line(&readable(token), EXAMPLE) };
                if let Some((_, known)) = found.iter_mut().find(|(known, _)| known == name) {
                    if known.is_empty() {
                        *known = example;
                    }
                } else if found.len() < MAX_PLACES {
                    found.push((name.to_owned(), example));
                }
            }
        }
    }
    found
}

/// The members of the first records, of their values, and their headers.
fn places(read: &Loaded) -> Vec<PlaceCandidate> {
    let mut found = Places::default();
    let n = (read.log.len() as u32).min(SAMPLE);
    for index in 0..n {
        let raw = read.log.raw(index);
        found.members(&raw, scan::skip_ws(&raw, 0), "", 0);
    }
    for index in 0..n {
        let record = read.log.record(index);
        if let Some(value) = record.value.bytes().filter(|value| **value != *read.log.raw(index)) {
            found.members(value, scan::skip_ws(value, 0), "value:", 0);
        }
        for header in &record.headers {
            found.add(format!("header:{}", header.name), &header.value.as_deref().map(readable).unwrap_or_default());
        }
    }
    found.0
}

/// A member's name, unless it has escapes: then it cannot be written as it is.
fn plain_name(raw: &[u8]) -> Option<&str> {
    std::str::from_utf8(raw).ok().filter(|name| !name.contains('\\'))
}

#[derive(Default)]
struct Places(Vec<PlaceCandidate>);

impl Places {
    fn members(&mut self, text: &[u8], at: usize, prefix: &str, depth: usize) {
        if text.get(at) != Some(&b'{') || depth >= MAX_DEPTH {
            return;
        }
        for member in scan::members(text, at).flatten() {
            let Some(name) = plain_name(member.name) else { continue };
            let place = format!("{prefix}/{}", name.replace('~', "~0").replace('/', "~1"));
            let token = &text[member.value.clone()];
            if token.first() == Some(&b'{') {
                self.add(place.clone(), "{…}");
                self.members(text, member.value.start, &place, depth + 1);
            } else if token.first() == Some(&b'[') {
                self.add(place, "[…]");
            } else if token != b"null" {
                self.add(place, &readable(token));
            }
        }
    }

    fn add(&mut self, place: String, example: &str) {
        if self.0.len() < MAX_PLACES && self.0.iter().all(|known| known.place != place) {
            self.0.push(PlaceCandidate { place, example: one_line(example, EXAMPLE) });
        }
    }
}
