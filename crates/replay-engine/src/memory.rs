//! What a log takes of the host's memory, from the first byte to the screen: a page of 4 GB ends a load early rather than be ended by it.
//!
//! The figures are upper bounds in bytes, a record or an entity each; a test holds them against what is really taken.

use crate::archive::MAX_BYTES as MAX_ARCHIVE_BYTES;
use crate::words::MAX_RECORDS as MAX_INDEXED;
use replay_log::text::Text;
use replay_log::{Footprint, Log, Schedule};
use replay_protocol::{Failure, Request};

/// While records are put in an order of their own: lists by partition, what is due next, the order itself and its inverse.
const ORDERING: u64 = 24;
/// What is kept of that.
const ORDERED: u64 = 8;
/// An entity's last state and its place in the list, in the making.
const ENTITY: u64 = 40;
/// An event of an entity with many: its place in the list of its events, and in the order of all.
const MANY_EVENTS: u64 = 12;
/// An entity's place in the order of all, and its name on its way into the hash.
const HASHED: u64 = 24;
/// What the index tells of a record, while all states are folded.
const TOLD: u64 = 4;

/// Bytes that are taken beside the index to make what was read into a log that can be looked at. `files` are joined where there are several.
pub(crate) fn to_open(log: &Footprint, files: usize, schedule: Schedule) -> u64 {
    // Columns and names are written anew, file after file.
    let joining = if files > 1 { log.index + 8 * log.entities } else { 0 };
    let opening = log.lists() + to_look(log, schedule);
    joining.max(log.to_finish()).max(opening).saturating_add(log.growth)
}

/// Bytes that are taken beside a finished log to make it ready to be looked at.
pub(crate) fn to_look(log: &Footprint, schedule: Schedule) -> u64 {
    let is_in_file_order = schedule == Schedule::File;
    let ordering = if is_in_file_order { 0 } else { ORDERING * log.records };
    let ordered = if is_in_file_order { 0 } else { ORDERED * log.records };
    let folding = MANY_EVENTS * log.postings + TOLD * log.records + ENTITY * log.entities;
    ordering.max(ordered + folding)
}

/// Bytes that the texts of a log may take.
pub(crate) fn of_texts(log: &Log) -> u64 {
    log.texts().map(Text::most_memory).sum()
}

/// Bytes that a request takes beside the log at most; 0 if that is little, or some pieces that pass by.
fn of_request(request: &Request, log: &Log) -> u64 {
    let of = log.footprint();
    match request {
        // Facts of every record, its course through the topic, and the verdict's.
        Request::Simulate { .. } => 160 * of.records + 24 * of.entities,
        // Another index of the same log, another order, and both states of each entity.
        Request::Compare(_) => 64 * of.records,
        // A list of all events and where each goes, doubled while it grows, and the states that come back. What the hands hold is theirs.
        Request::MeasureRebuild { .. } => 40 * of.postings + 256 * of.entities,
        // Whatever order is asked for, and the states folded in it.
        Request::Configure(_) => to_look(&of, Schedule::Timestamp),
        // Where each record that is found stands.
        Request::Search(_) => 4 * of.records,
        Request::Hash { .. } => TOLD * of.records + HASHED * of.entities,
        // The file, doubled while it grows, and a group of rows.
        Request::Archive { position } => 2 * text_of(log, *position).min(MAX_ARCHIVE_BYTES as u64),
        // Every word of every record, with where it stands.
        Request::Words(_) => 2 * text_of(log, MAX_INDEXED),
        _ => 0,
    }
}

/// Bytes of text of so many records, on the average.
#[inline(never)]
fn text_of(log: &Log, records: u64) -> u64 {
    let (bytes, all): (u64, _) = (log.texts().map(Text::len).sum(), log.len() as u64);
    (bytes as f64 / all.max(1) as f64 * records.min(all) as f64) as u64
}

/// Refuses what there is no memory for.
pub(crate) fn check(request: &Request, log: &Log, room: u64) -> Result<(), Failure> {
    // Nothing need be counted where there is no end.
    if room < u64::MAX && of_request(request, log) > room { Err(full(log.len())) } else { Ok(()) }
}

/// Bytes that are taken beside a log while some records are put behind it: its lists are laid out anew now and then.
pub(crate) fn to_append(log: &Footprint) -> u64 {
    log.lists().saturating_mul(2).saturating_add(log.growth)
}

/// What snapshots may take, and then what the final states' fields may: parts of what is left when a log is open.
pub(crate) fn shares(log: &Footprint, schedule: Schedule, room: u64) -> (u64, u64) {
    let left = room.saturating_sub(to_look(log, schedule));
    (left / 4, left / 2)
}

/// The failure of what there is no memory for.
pub(crate) fn full(records: usize) -> Failure {
    Failure::new("memory-full", records.to_string())
}
