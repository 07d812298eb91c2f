//! The same business change twice: as the event that was written, and as the row change that a connector would have seen.
//!
//! The row is the entity's state under the projection in force. What leaves it as it was leaves no trace in a database's log.

use crate::entity::field_change;
use crate::loaded::Loaded;
use replay_core::{FieldChange, Projection};
use replay_log::{Json, Payload, RecordIndex};
use replay_protocol::{RowChangeStep, RowChanges, RowOperation};
use std::collections::BTreeSet;

/// Events of an entity that are looked at for the counts.
const MAX_EVENTS: usize = 1000;
/// Characters of a value.
const MAX_VALUE: usize = 4000;

/// `None` if there is no such entity. Costs a fold of the entity's events.
pub(crate) fn changes(loaded: &Loaded, entity: u32, start: u64, count: u64) -> Option<RowChanges> {
    let replay = &loaded.replay;
    let log = replay.log();
    if entity as usize >= log.n_entities() {
        return None;
    }
    let (total, _) = replay.count_events(entity, u64::MAX);
    let window = start..start.saturating_add(count);
    let mut result =
        RowChanges { total, is_change_data: matches!(replay.projection(), Projection::Cdc), ..RowChanges::default() };
    let mut columns = BTreeSet::new();
    let mut fields = BTreeSet::new();
    let mut exists = false;
    for (number, step) in replay.history(entity, 0, MAX_EVENTS).into_iter().enumerate() {
        let op = operation(exists, step.is_deleted, &step.changes);
        exists = if step.is_deleted { false } else { exists || !step.changes.is_empty() };
        match op {
            None => result.silent += 1,
            Some(RowOperation::Insert) => result.inserts += 1,
            Some(RowOperation::Update) => result.updates += 1,
            Some(RowOperation::Delete) => result.deletes += 1,
        }
        columns.extend(step.changes.iter().filter_map(|change| column(&change.path)).map(str::to_owned));
        fields.extend(members(loaded, step.record));
        let event_type = loaded.type_of(step.record);
        result.event_types.extend(event_type.filter(|kind| !result.event_types.contains(kind)));
        if window.contains(&(number as u64)) {
            result.steps.push(RowChangeStep {
                position: step.position,
                event_type,
                timestamp_ms: log.timestamp_ms(step.record).map(|ms| ms as f64),
                value: text(loaded, step.record),
                op,
                columns: step.changes.iter().map(field_change).collect(),
            });
        }
    }
    // Names of columns are compared with those of members: a field that any event brought into the row is not lost.
    result.event_fields = fields.difference(&columns).cloned().collect();
    Some(result)
}

fn operation(exists: bool, is_deleted: bool, changes: &[FieldChange]) -> Option<RowOperation> {
    match (exists, is_deleted) {
        (true, true) => Some(RowOperation::Delete),
        (false, true) => None,
        _ if changes.is_empty() => None,
        (true, false) => Some(RowOperation::Update),
        (false, false) => Some(RowOperation::Insert),
    }
}

/// The first name of a JSON pointer.
fn column(path: &str) -> Option<&str> {
    path.strip_prefix('/')?.split('/').next()
}

/// The names of the members of a record's value.
fn members(loaded: &Loaded, record: RecordIndex) -> Vec<String> {
    let Payload::Bytes(value) = loaded.replay.log().value(record) else { return Vec::new() };
    match Json::parse(&value) {
        Ok(Json::Object(members)) => members.into_iter().map(|(name, _)| name.into()).collect(),
        _ => Vec::new(),
    }
}

fn text(loaded: &Loaded, record: RecordIndex) -> Option<String> {
    let Payload::Bytes(value) = loaded.replay.log().value(record) else { return None };
    let text = Json::parse(&value).map_or_else(|_| crate::window::readable(&value), |json| json.pretty());
    let mut short: String = text.chars().take(MAX_VALUE).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    Some(short)
}
