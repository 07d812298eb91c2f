//! Looking for records, found as they come, and what reading one key costs.

mod field;
mod needle;

use crate::loaded::Loaded;
use crate::window::row;
use field::Field;
use memchr::memmem::Finder;
use needle::Needle;
use replay_core::Replay;
use replay_log::{Log, Record, RecordIndex, scan};
use replay_protocol::{CostPoint, Failure, Found, ReadCost, SearchRequest};
use std::sync::Arc;

/// Rows of matches given in all, whatever is asked for.
const MAX_ROWS: u32 = 2000;
/// Matches whose places are told, for the lanes.
const MAX_PLACES: u32 = 20_000;
/// Records whose bytes are counted, to know which are rare.
const SAMPLE: usize = 300;
/// Positions at which a cost is told.
const COST_POINTS: u64 = 64;

/// A search under way.
///
/// The packed columns come first, then what is known of the record's entity and type, then its raw text; a record is decoded only if that
/// leaves a doubt.
pub(crate) struct Searching {
    replay: Replay,
    /// Each type's place in the legend.
    type_places: Arc<[u32]>,
    wanted: SearchRequest,
    fields: Vec<Field>,
    text: Needle,
    key: Needle,
    /// By entity and by type: whether the name holds the text.
    text_in_entity: Vec<bool>,
    text_in_type: Vec<bool>,
    /// By entity: whether the name holds the text that is looked for in keys.
    key_in_entity: Vec<bool>,
    doubts: Doubts,
    next: u64,
    matches: u32,
}

/// What in a raw text may stand for text that is not seen in it: `\u0041` is a letter, and `$base64`, `key_base64` … and Redpanda Console's
/// `rawPayload` are bytes.
struct Doubts([Finder<'static>; 3]);

impl Doubts {
    fn new() -> Doubts {
        Doubts(["\\u", "base64\"", "rawPayload\""].map(|mark| Finder::new(mark).into_owned()))
    }

    fn are_in(&self, raw: &[u8]) -> bool {
        self.0.iter().any(|mark| mark.find(raw).is_some())
    }
}

/// What the raw text of a record says about a text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Holds,
    HoldsNot,
    /// The record must be read.
    Unsure,
}

impl Searching {
    pub(crate) fn new(loaded: &Loaded, mut wanted: SearchRequest) -> Result<Searching, Failure> {
        if let Some(bad) = wanted.conditions.iter().find(|one| !one.pointer.is_empty() && !one.pointer.starts_with('/'))
        {
            return Err(Failure::new("bad-pointer", bad.pointer.clone()));
        }
        wanted.limit = wanted.limit.min(MAX_ROWS);
        let log = loaded.replay.log();
        let mut sample = Vec::new();
        let step = (log.len() / SAMPLE).max(1);
        for record in (0..log.len()).step_by(step).take(SAMPLE) {
            sample.extend_from_slice(&log.raw(record as u32));
        }
        let text = Needle::new(&wanted.text, &sample);
        let key = Needle::new(&wanted.key, &sample);
        let in_entities = |needle: &Needle| {
            // A search that does not look for it asks nobody.
            let n = if needle.is_empty() { 0 } else { log.n_entities() };
            (0..n).map(|entity| needle.is_in(log.entity_name(entity as u32).as_bytes())).collect::<Vec<bool>>()
        };
        Ok(Searching {
            text_in_entity: in_entities(&text),
            text_in_type: (0..log.n_types()).map(|id| text.is_in(log.type_name(id as u32).as_bytes())).collect(),
            key_in_entity: in_entities(&key),
            fields: wanted.conditions.iter().map(Field::new).collect(),
            text,
            key,
            doubts: Doubts::new(),
            replay: loaded.replay.clone(),
            type_places: loaded.type_places.as_slice().into(),
            wanted,
            next: 1,
            matches: 0,
        })
    }

    /// Looks at so many records more.
    #[inline(never)]
    pub(crate) fn step(&mut self, records: usize) -> Found {
        let total = self.replay.order().len();
        let end = self.next.saturating_add(records.max(1) as u64).min(total + 1);
        let mut found = Found { total: total as u32, ..Found::default() };
        let log = self.replay.log().whole();
        for position in self.next..end {
            let Some(index) = self.replay.order().record_at(position) else { continue };
            let event_type = log.event_type(index).and_then(|id| self.type_places.get(id as usize).copied());
            if !self.fits_columns(&log, index, event_type)
                || !self.fits_key(&log, index)
                || !self.fits_text(&log, index)
                || !self.fields.iter_mut().all(|field| field.is_met_by(&log, index))
            {
                continue;
            }
            if self.matches < self.wanted.limit {
                let record = self.replay.log().record(index);
                found.rows.push(row(&self.replay, event_type, position, index, &record));
            }
            if self.matches < MAX_PLACES {
                found.places.push((position as u32, log.partition(index)));
            }
            self.matches += 1;
        }
        self.next = end;
        found.scanned = (end - 1) as u32;
        found.matches = self.matches;
        found.last = end > total;
        found
    }

    /// What the packed columns can tell, without a look at the bytes.
    fn fits_columns(&self, log: &Log, index: RecordIndex, event_type: Option<u32>) -> bool {
        let wanted = &self.wanted;
        let has_time = wanted.time_from.is_some() || wanted.time_to.is_some();
        let time = if has_time { log.timestamp_ms(index).map(|ms| ms as f64) } else { None };
        let has_offset = wanted.offset_from.is_some() || wanted.offset_to.is_some();
        let offset = if has_offset { log.offset(index) } else { 0 };
        wanted.partition.is_none_or(|partition| log.partition(index) == partition)
            && (wanted.event_type.is_none() || wanted.event_type == event_type)
            && wanted.time_from.is_none_or(|from| time.is_some_and(|time| time >= from))
            && wanted.time_to.is_none_or(|to| time.is_some_and(|time| time <= to))
            && wanted.offset_from.is_none_or(|from| offset >= from)
            && wanted.offset_to.is_none_or(|to| offset <= to)
    }

    /// What the raw text of a record shows. It is sure only of text that JSON writes as it is.
    fn verdict(&self, log: &Log, index: RecordIndex, needle: &Needle, is_in_value_too: bool) -> Verdict {
        if !needle.is_plain() || !log.is_verbatim(index) {
            return Verdict::Unsure;
        }
        let raw = log.raw(index);
        let raw: &[u8] = &raw;
        let Some(at) = needle.find(raw) else {
            return if self.doubts.are_in(raw) { Verdict::Unsure } else { Verdict::HoldsNot };
        };
        if !is_in_value_too {
            return Verdict::Unsure;
        }
        match log.value_member(index) {
            // There is nothing around the value.
            Some("") if !self.doubts.are_in(raw) => Verdict::Holds,
            Some(name) if !name.is_empty() && !self.doubts.are_in(raw) => in_member(raw, name, at, needle),
            _ => Verdict::Unsure,
        }
    }

    fn fits_key(&self, log: &Log, index: RecordIndex) -> bool {
        self.key.is_empty()
            || log.entities_of(index).any(|entity| self.key_in_entity[entity as usize])
            || (self.verdict(log, index, &self.key, false) != Verdict::HoldsNot
                && keys(&log.record(index)).any(|key| self.key.is_in(key)))
    }

    fn fits_text(&self, log: &Log, index: RecordIndex) -> bool {
        if self.text.is_empty()
            || log.entities_of(index).any(|entity| self.text_in_entity[entity as usize])
            || log.event_type(index).is_some_and(|id| self.text_in_type[id as usize])
        {
            return true;
        }
        match self.verdict(log, index, &self.text, true) {
            Verdict::Holds => return true,
            Verdict::HoldsNot => return false,
            Verdict::Unsure => {}
        }
        // The value alone is read faster than the record, and has it in most cases.
        log.value(index).bytes().is_some_and(|value| value_holds(value, &self.text)) || {
            let record = log.record(index);
            keys(&record).any(|key| self.text.is_in(key))
                || record.event_type.as_deref().is_some_and(|name| self.text.is_in(name.as_bytes()))
                || record.headers.iter().any(|header| {
                    self.text.is_in(header.name.as_bytes())
                        || header.value.as_deref().is_some_and(|value| self.text.is_in(value))
                })
        }
    }
}

/// Whether the text, which stands at `first` of the record or later, stands in the member that holds the value.
fn in_member(raw: &[u8], name: &str, first: usize, needle: &Needle) -> Verdict {
    // Quotes inside of strings have a backslash before them, so this can only be a name.
    let is_name = |at: &usize| {
        let behind = at + 1 + name.len();
        raw[at + 1..].starts_with(name.as_bytes()) && raw.get(behind..behind + 2) == Some(b"\":")
    };
    let Some(at) = memchr::memchr_iter(b'"', raw).find(is_name) else { return Verdict::Unsure };
    // A member of something else could be called so.
    if memchr::memchr(b'{', raw.get(1..at).unwrap_or_default()).is_some() {
        return Verdict::Unsure;
    }
    let start = at + name.len() + 3;
    let value = &raw[start..];
    let Some(found) = needle.find(&raw[start.max(first).min(raw.len())..]) else { return Verdict::Unsure };
    let found = start.max(first) + found - start;
    match value.first() {
        Some(b'{') if !may_be_wrapped(value, b"\"") => {
            let end = scan::value_end(value, 0).unwrap_or(0);
            if found < end { Verdict::Holds } else { Verdict::Unsure }
        }
        // Up to the text the string has not ended, and the text does not begin in an escape.
        Some(b'"') if !may_be_wrapped(&value[1..], b"\\\"") => {
            let is_escaped = |at: usize| value[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
            let before = &value[1..found.max(1)];
            if memchr::memchr_iter(b'"', before).all(|at| is_escaped(at + 1)) && !is_escaped(found) {
                Verdict::Holds
            } else {
                Verdict::Unsure
            }
        }
        _ => Verdict::Unsure,
    }
}

/// Whether a value may have something around it that is no part of it: a schema beside the payload, or a string around JSON in a string.
fn may_be_wrapped(value: &[u8], quote: &[u8]) -> bool {
    match value.trim_ascii_start() {
        [b'{', members @ ..] => match members.trim_ascii_start().strip_prefix(quote) {
            Some(name) => name.starts_with(b"sc") || name.starts_with(b"pa"),
            None => members.trim_ascii_start().first() != Some(&b'}'),
        },
        [b'\\', ..] => true,
        _ => false,
    }
}

/// What a record can be known by: the entity that it is about, and its key.
fn keys<'r>(record: &'r Record<'_>) -> impl Iterator<Item = &'r [u8]> {
    record.entity.as_deref().map(str::as_bytes).into_iter().chain(record.key.as_deref())
}

/// Whether a value holds a text, also where its JSON writes characters as `\u…` or escapes them.
fn value_holds(value: &[u8], wanted: &Needle) -> bool {
    wanted.is_in(value)
        || (value.contains(&b'\\') && {
            let mut plain = Vec::with_capacity(value.len());
            scan::unescape(value, &mut plain);
            wanted.is_in(&plain)
        })
}

/// Records to read for one entity, at up to 64 positions. One pass over the packed columns.
pub(crate) fn read_cost(loaded: &Loaded, entity: u32, position: u64) -> Option<ReadCost> {
    let (log, order) = (loaded.replay.log(), loaded.replay.order());
    if entity as usize >= log.n_entities() {
        return None;
    }
    let postings = log.postings(entity);
    let mut partitions: Vec<u32> = postings.iter().map(|&record| log.partition(record)).collect();
    partitions.sort_unstable();
    partitions.dedup();
    let is_scanned: Vec<bool> = (0..log.partitions().len() as u32).map(|id| partitions.contains(&id)).collect();
    let mut events: Vec<u64> = postings.iter().map(|&record| order.position_of(record)).collect();
    events.sort_unstable();
    let position = position.min(order.len());
    let mut points = vec![CostPoint::default()];
    let (mut scan, mut at) = (0, 0);
    for number in 1..=COST_POINTS {
        let until = position * number / COST_POINTS;
        if until == at {
            continue;
        }
        let records = (at + 1..=until).filter_map(|position| order.record_at(position));
        scan += records.filter(|&record| is_scanned[log.partition(record) as usize]).count() as u32;
        let index = events.partition_point(|&event| event <= until) as u32;
        points.push(CostPoint { position: until as u32, scan, index });
        at = until;
    }
    Some(ReadCost { partitions, points })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_found_behind_escapes() {
        assert!(value_holds(br#"{"name":"\u674e\u56db"}"#, &Needle::new("李四", &[])));
        assert!(value_holds(br#"{"a":"x\"y"}"#, &Needle::new("x\"y", &[])));
    }
}
