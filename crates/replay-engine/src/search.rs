//! Looking for records, found as they come, and what reading one key costs.

use crate::loaded::Loaded;
use crate::window::row;
use replay_core::Replay;
use replay_log::{Json, Record, RecordIndex, scan};
use replay_protocol::{Comparison, CostPoint, Failure, FieldCondition, Found, ReadCost, SearchRequest};
use std::sync::Arc;

/// Rows of matches given in all, whatever is asked for.
const MAX_ROWS: u32 = 2000;
/// Matches whose places are told, for the lanes.
const MAX_PLACES: u32 = 20_000;
/// Positions at which a cost is told.
const COST_POINTS: u64 = 64;

/// A search under way.
pub(crate) struct Searching {
    replay: Replay,
    /// Each type's place in the legend.
    type_places: Arc<[u32]>,
    wanted: SearchRequest,
    next: u64,
    matches: u32,
}

impl Searching {
    pub(crate) fn new(loaded: &Loaded, mut wanted: SearchRequest) -> Result<Searching, Failure> {
        if let Some(bad) = wanted.conditions.iter().find(|one| !one.pointer.is_empty() && !one.pointer.starts_with('/'))
        {
            return Err(Failure { code: "bad-pointer".into(), detail: bad.pointer.clone() });
        }
        wanted.limit = wanted.limit.min(MAX_ROWS);
        let type_places = loaded.type_places.as_slice().into();
        Ok(Searching { replay: loaded.replay.clone(), type_places, wanted, next: 1, matches: 0 })
    }

    /// Looks at so many records more.
    pub(crate) fn step(&mut self, records: usize) -> Found {
        let total = self.replay.order().len();
        let end = self.next.saturating_add(records.max(1) as u64).min(total + 1);
        let mut found = Found { total: total as u32, ..Found::default() };
        for position in self.next..end {
            let Some(index) = self.replay.order().record_at(position) else { continue };
            let log = self.replay.log();
            let event_type = log.event_type(index).and_then(|id| self.type_places.get(id as usize).copied());
            if !self.fits_columns(index, event_type) {
                continue;
            }
            let record = log.record(index);
            if !self.fits_content(&record) {
                continue;
            }
            if self.matches < self.wanted.limit {
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
    fn fits_columns(&self, index: RecordIndex, event_type: Option<u32>) -> bool {
        let (log, wanted) = (self.replay.log(), &self.wanted);
        let time = log.timestamp_ms(index).map(|ms| ms as f64);
        let offset = log.offset(index);
        wanted.partition.is_none_or(|partition| log.partition(index) == partition)
            && (wanted.event_type.is_none() || wanted.event_type == event_type)
            && wanted.time_from.is_none_or(|from| time.is_some_and(|time| time >= from))
            && wanted.time_to.is_none_or(|to| time.is_some_and(|time| time <= to))
            && wanted.offset_from.is_none_or(|from| offset >= from)
            && wanted.offset_to.is_none_or(|to| offset <= to)
    }

    fn fits_content(&self, record: &Record<'_>) -> bool {
        let wanted = &self.wanted;
        let value = record.value.bytes();
        let key = || {
            let shown = record.entity.as_deref().map(str::as_bytes);
            shown.or(record.key.as_deref()).into_iter().chain(record.key.as_deref())
        };
        let key_fits = || wanted.key.is_empty() || key().any(|key| holds(key, wanted.key.as_bytes()));
        let text_fits = || {
            let text = wanted.text.as_bytes();
            text.is_empty()
                || key().any(|key| holds(key, text))
                || value.is_some_and(|value| value_holds(value, text))
                || record.event_type.as_deref().is_some_and(|name| holds(name.as_bytes(), text))
                || record.headers.iter().any(|header| {
                    holds(header.name.as_bytes(), text)
                        || header.value.as_deref().is_some_and(|value| holds(value, text))
                })
        };
        key_fits()
            && wanted.conditions.iter().all(|condition| is_met(value.unwrap_or_default(), condition))
            && text_fits()
    }
}

/// Whether a text holds another; letters of ASCII in either case.
fn holds(text: &[u8], wanted: &[u8]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return true };
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let last = text.len().saturating_sub(rest.len());
    (0..last).any(|at| {
        (text[at] == lower || text[at] == upper) && text[at + 1..at + 1 + rest.len()].eq_ignore_ascii_case(rest)
    })
}

/// Whether a value holds a text, also where its JSON writes characters as `\u…` or escapes them.
fn value_holds(value: &[u8], wanted: &[u8]) -> bool {
    holds(value, wanted)
        || (value.contains(&b'\\') && {
            let mut plain = Vec::with_capacity(value.len());
            scan::unescape(value, &mut plain);
            holds(&plain, wanted)
        })
}

fn is_met(value: &[u8], condition: &FieldCondition) -> bool {
    let field = scan::pointer(value, &condition.pointer).and_then(|text| Json::parse(text).ok());
    let Some(field) = field else { return condition.comparison == Comparison::Missing };
    let text = match &field {
        Json::String(text) => text.to_string(),
        other => other.to_text(),
    };
    let wanted = condition.value.trim();
    // A number in quotes is compared as a number too: exports often quote decimals.
    let order = match (text.parse::<f64>(), wanted.parse::<f64>()) {
        _ if text == wanted => Some(std::cmp::Ordering::Equal),
        (Ok(field), Ok(wanted)) => field.partial_cmp(&wanted),
        _ => Some(text.as_str().cmp(wanted)),
    };
    match condition.comparison {
        Comparison::Equals => order.is_some_and(std::cmp::Ordering::is_eq),
        Comparison::Differs => order.is_none_or(std::cmp::Ordering::is_ne),
        Comparison::Less => order.is_some_and(std::cmp::Ordering::is_lt),
        Comparison::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
        Comparison::Contains => holds(text.as_bytes(), wanted.as_bytes()),
        Comparison::Exists => true,
        Comparison::Missing => false,
    }
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

    #[track_caller]
    fn check(value: &str, pointer: &str, comparison: Comparison, wanted: &str, expected: bool) {
        let condition = FieldCondition { pointer: pointer.into(), comparison, value: wanted.into() };
        assert_eq!(is_met(value.as_bytes(), &condition), expected, "{value} {pointer} {comparison:?} {wanted}");
    }

    #[test]
    fn text_is_found_in_either_case_and_at_both_ends() {
        assert!(holds(b"abc", b"C") && holds(b"abc", b"A") && holds(b"abc", b"aBc") && holds(b"", b""));
        assert!(!holds(b"ab", b"abc") && !holds(b"", b"a"));
        assert!(holds("李四".as_bytes(), "四".as_bytes()));
    }

    #[test]
    fn text_is_found_behind_escapes() {
        assert!(value_holds(br#"{"name":"\u674e\u56db"}"#, "李四".as_bytes()));
        assert!(value_holds(br#"{"a":"x\"y"}"#, b"x\"y"));
    }

    #[test]
    fn fields_are_compared_as_numbers_if_both_are() {
        check(r#"{"a":{"n":10}}"#, "/a/n", Comparison::Greater, "9", true);
        check(r#"{"a":"10.0"}"#, "/a", Comparison::Equals, "10", true);
        check(r#"{"a":"x10"}"#, "/a", Comparison::Less, "x9", true);
        check(r#"{"a":12345678901234567890}"#, "/a", Comparison::Equals, "12345678901234567890", true);
    }

    #[test]
    fn what_is_not_there_meets_only_one_condition() {
        check(r#"{"a":null}"#, "/b", Comparison::Missing, "", true);
        check(r#"{"a":null}"#, "/a", Comparison::Exists, "", true);
        check(r#"{"a":null}"#, "/b", Comparison::Differs, "x", false);
        check("no json", "/b", Comparison::Equals, "", false);
    }
}
