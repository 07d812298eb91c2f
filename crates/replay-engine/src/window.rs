//! Windows of the record list and of the entity list.

use crate::cut::{OF_VALUE, OF_WHOLE, cut};
use crate::loaded::Loaded;
use replay_core::{Replay, hex};
use replay_log::{EntityId, Json, Payload, Record, RecordIndex, scan};
use replay_protocol::{EntityRow, Life, RecordView, Reply, Row};

/// More rows than any screen shows are not given at once.
const MAX_ROWS: u64 = 2000;
/// Characters of a value in the list.
const PREVIEW: usize = 160;
/// Characters of a badge.
const BADGE: usize = 40;

/// Bytes as text if they are text, else in hex.
pub(crate) fn readable(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| format!("0x{}", hex(bytes)), str::to_owned)
}

/// One line: control characters become spaces.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut line: String = text.chars().take(limit).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(limit).is_some() {
        line.pop();
        line.push('…');
    }
    line
}

/// A record as the list shows it.
pub(crate) fn row(
    replay: &Replay,
    event_type: Option<u32>,
    position: u64,
    index: RecordIndex,
    record: &Record<'_>,
) -> Row {
    let log = replay.log();
    let preview = match &record.value {
        Payload::Bytes(bytes) => {
            let entity = log.entities_of(index).next().map(|entity| log.entity_name(entity));
            let told = members(bytes, entity.unwrap_or_default());
            one_line(&told.unwrap_or_else(|| beginning(bytes, PREVIEW * 4)), PREVIEW)
        }
        Payload::Tombstone | Payload::Absent => String::new(),
    };
    Row {
        position,
        partition: log.partition(index),
        offset: log.offset(index),
        timestamp_ms: log.timestamp_ms(index).map(|ms| ms as f64),
        key: record.entity.as_deref().map(str::to_owned).or_else(|| record.key.as_deref().map(readable)),
        entity: log.entities_of(index).next(),
        event_type,
        preview,
        tombstone: log.is_tombstone(index),
        control: log.kind(index) != replay_log::RecordKind::Event,
        changes: record.changes.len() as u32,
    }
}

/// The members of an object as `name value, name value`, as far as a line goes: without those that only say the key again or say null.
/// `None` for anything but an object that tells something.
fn members(bytes: &[u8], key: &str) -> Option<String> {
    let start = scan::skip_ws(bytes, 0);
    if bytes.get(start) != Some(&b'{') {
        return None;
    }
    let mut line = String::new();
    for member in scan::members(bytes, start) {
        let member = member.ok()?;
        let value = &bytes[member.value];
        let text = if value.first() == Some(&b'"') {
            match Json::parse(value).ok()? {
                Json::String(text) => text.into_string(),
                _ => return None,
            }
        } else {
            beginning(value, PREVIEW * 4)
        };
        if text == key || value == b"null" {
            continue;
        }
        line.push_str(if line.is_empty() { "" } else { ", " });
        line.push_str(&String::from_utf8_lossy(member.name));
        line.push(' ');
        line.push_str(&text);
        if line.len() > PREVIEW * 4 {
            break;
        }
    }
    (!line.is_empty()).then_some(line)
}

/// The start of some bytes, as text if they are text: a cut may go through a character, whose first bytes are then left away.
fn beginning(bytes: &[u8], length: usize) -> String {
    let cut = &bytes[..bytes.len().min(length)];
    match std::str::from_utf8(cut) {
        Err(error) if error.error_len().is_none() => readable(&cut[..error.valid_up_to()]),
        _ => readable(cut),
    }
}

/// Positions `start..end`, counted from 1.
pub(crate) fn rows(loaded: &Loaded, start: u64, end: u64) -> Vec<Row> {
    let replay = &loaded.replay;
    let start = start.max(1);
    let positions = start..end.min(start.saturating_add(MAX_ROWS));
    // Behind the last position there are none.
    let records: Vec<RecordIndex> = positions.map_while(|position| replay.order().record_at(position)).collect();
    replay.log().look_ahead(&records);
    (start..)
        .zip(records)
        .map(|(position, index)| row(replay, loaded.type_of(index), position, index, &replay.log().record(index)))
        .collect()
}

/// The record behind a position in full.
pub(crate) fn record(loaded: &Loaded, position: u64) -> Option<RecordView> {
    let replay = &loaded.replay;
    let index = replay.order().record_at(position)?;
    let record = replay.log().record(index);
    let value =
        record.value.bytes().map(|bytes| Json::parse(bytes).map_or_else(|_| readable(bytes), |json| json.pretty()));
    let value = value.map(|value| cut(value, OF_WHOLE));
    let entity = replay.log().entities_of(index).next();
    Some(RecordView {
        after: entity.and_then(|entity| crate::entity::view(loaded, entity, position)).map(Box::new),
        row: row(replay, loaded.type_of(index), position, index, &record),
        headers: record
            .headers
            .iter()
            .map(|header| {
                (header.name.to_string(), header.value.as_deref().map(|value| cut(readable(value), OF_VALUE)))
            })
            .collect(),
        value,
        event_id: record.event_id.as_deref().map(str::to_owned),
        event_version: record.version.map(|version| version as f64),
    })
}

/// A window of the entities whose key has the filter in it.
pub(crate) fn entities(loaded: &mut Loaded, filter: &str, start: u64, count: u64, position: u64) -> Reply {
    let filter = filter.to_lowercase();
    if !filter.is_empty() && loaded.filtered.as_ref().is_none_or(|(cached, _)| *cached != filter) {
        let log = loaded.replay.log();
        let matching = loaded
            .sorted
            .iter()
            .copied()
            .filter(|&entity| log.entity_name(entity).to_lowercase().contains(&filter))
            .collect();
        loaded.filtered = Some((filter.clone(), matching));
    }
    let list: &[EntityId] = match &loaded.filtered {
        Some((cached, list)) if !filter.is_empty() && *cached == filter => list,
        _ => &loaded.sorted,
    };
    let first = (start as usize).min(list.len());
    let last = first.saturating_add(count.min(MAX_ROWS) as usize).min(list.len());
    let (total, window) = (list.len() as u64, list[first..last].to_vec());
    if !loaded.replay.log().is_at_hand() {
        let at_end = position >= loaded.ends.position();
        let mut glanced_at = |entity: EntityId| {
            if at_end {
                loaded.ends.glanced_at(entity, &TELLING)
            } else {
                loaded.states.glanced_at(entity, position, &TELLING)
            }
        };
        let records: Vec<RecordIndex> = window.iter().filter_map(|&entity| glanced_at(entity)).collect();
        loaded.replay.log().look_ahead(&records);
    }
    let rows = window.into_iter().map(|entity| entity_row(loaded, entity, position)).collect();
    Reply::Entities { total, rows }
}

fn entity_row(loaded: &mut Loaded, entity: EntityId, position: u64) -> EntityRow {
    let at_end = position >= loaded.ends.position();
    let mut glance =
        if at_end { loaded.ends.glance(entity, &TELLING) } else { loaded.states.glance(entity, position, &TELLING) };
    if glance.field.as_ref().is_some_and(|field| scalar(field).is_none()) {
        let state = if at_end { loaded.ends.state(entity) } else { loaded.states.at(entity, position) };
        glance.whole = state.json;
    }
    let log = loaded.replay.log();
    let (_, events) = loaded.replay.count_events(entity, position);
    let badge = match (&glance.whole, &glance.field) {
        (Some(state), _) => badge(state, log.entity_name(entity)),
        (None, Some(field)) => scalar(field).map(|text| one_line(&text, BADGE)).unwrap_or_default(),
        (None, None) => String::new(),
    };
    EntityRow {
        entity,
        key: log.entity_name(entity).to_owned(),
        topic: log.entity_topic(entity).to_owned(),
        version: glance.version,
        events,
        life: match (glance.is_there, glance.is_deleted) {
            (true, _) => Life::Alive,
            (false, true) => Life::Deleted,
            (false, false) => Life::Unborn,
        },
        badge,
    }
}

pub(crate) fn life(state: &replay_core::EntityState) -> Life {
    match (&state.root, state.is_deleted) {
        (Some(_), _) => Life::Alive,
        (None, true) => Life::Deleted,
        (None, false) => Life::Unborn,
    }
}

/// Names of fields of which one tells most, in lower case, best first.
const TELLING: [&str; 6] = ["status", "state", "phase", "balance", "stage", "name"];

fn scalar(json: &Json) -> Option<String> {
    match json {
        Json::String(text) | Json::Number(text) => Some(text.to_string()),
        Json::Bool(value) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// The one word that tells most: a field that is named so, else the first short one that is not the key again.
fn badge(state: &Json, key: &str) -> String {
    let Json::Object(members) = state else {
        return scalar(state).map(|text| one_line(&text, BADGE)).unwrap_or_default();
    };
    let by_name = TELLING
        .iter()
        .find_map(|name| members.iter().find(|(n, _)| n.to_lowercase() == *name).and_then(|(_, json)| scalar(json)));
    let any = || {
        members.iter().filter_map(|(_, json)| scalar(json)).find(|text| text != key && text.chars().count() <= BADGE)
    };
    by_name.or_else(any).map(|text| one_line(&text, BADGE)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, expected: Option<&str>) {
        assert_eq!(members(value.as_bytes(), "a-1").as_deref(), expected);
    }

    #[test]
    fn a_line_says_what_the_key_does_not_say_already() {
        check(
            r#"{"id":"a-1","from":null,"to":"IN \u00dcSE","n":1.50,"tags":["x"]}"#,
            Some("to IN ÜSE, n 1.50, tags [\"x\"]"),
        );
        check(r#"{"id":"a-1"}"#, None);
        check("[1]", None);
        check("plain", None);
        check(r#"{"cut":"of"#, None);
    }
}
