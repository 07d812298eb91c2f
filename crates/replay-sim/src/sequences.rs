//! Which records made each entity's state, in order.

use crate::facts::Facts;
use replay_log::{EntityId, RecordIndex};
use replay_protocol::Idempotency;

/// For every entity a list of records, in one allocation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequences {
    starts: Vec<u32>,
    records: Vec<RecordIndex>,
}

/// What the fold's idempotency did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ignored {
    pub(crate) deduplicated: u64,
    pub(crate) gaps: u64,
}

impl Sequences {
    /// An entity's records.
    pub fn of(&self, entity: EntityId) -> &[RecordIndex] {
        match (self.starts.get(entity as usize), self.starts.get(entity as usize + 1)) {
            (Some(start), Some(end)) => &self.records[*start as usize..*end as usize],
            _ => &[],
        }
    }

    /// How many entities it covers.
    pub(crate) fn n_entities(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Sorts deliveries to their entities; each entity sees them in the order of `deliveries`.
    pub(crate) fn new(facts: &Facts, deliveries: impl Iterator<Item = RecordIndex> + Clone) -> Sequences {
        let mut starts = vec![0_u32; facts.log.n_entities() + 1];
        for record in deliveries.clone() {
            facts.entities_of(record, |entity| starts[entity as usize + 1] += 1);
        }
        for n in 1..starts.len() {
            starts[n] += starts[n - 1];
        }
        let mut next = starts.clone();
        let mut records = vec![0; starts.last().copied().unwrap_or(0) as usize];
        for record in deliveries {
            facts.entities_of(record, |entity| {
                let place = &mut next[entity as usize];
                records[*place as usize] = record;
                *place += 1;
            });
        }
        Sequences { starts, records }
    }

    /// Sequences from one list per entity.
    pub(crate) fn from_lists(lists: impl Iterator<Item = Vec<RecordIndex>>) -> Sequences {
        let mut sequences = Sequences { starts: vec![0], records: Vec::new() };
        for list in lists {
            sequences.records.extend(list);
            sequences.starts.push(sequences.records.len() as u32);
        }
        sequences
    }

    /// Drops what an idempotent fold ignores: events whose id it has seen, or whose version is not newer than the entity's.
    pub(crate) fn deduplicate(self, facts: &Facts, idempotency: Idempotency) -> (Sequences, Ignored) {
        let mut ignored = Ignored::default();
        if idempotency == Idempotency::None {
            return (self, ignored);
        }
        let mut kept = Sequences {
            starts: Vec::with_capacity(self.starts.len()),
            records: Vec::with_capacity(self.records.len()),
        };
        kept.starts.push(0);
        // By event: the entity that has seen it last, plus one.
        let mut seen = vec![0_u32; if idempotency == Idempotency::EventId { facts.log.len() } else { 0 }];
        for entity in 0..self.n_entities() as u32 {
            let mut version = None;
            for &record in self.of(entity) {
                let is_new = match idempotency {
                    Idempotency::None => true,
                    Idempotency::EventId => {
                        // Without ids, a record is the same event as itself.
                        let event = facts.event.get(record as usize).copied().unwrap_or(record);
                        std::mem::replace(&mut seen[event as usize], entity + 1) != entity + 1
                    }
                    Idempotency::Version => newer(facts.version[record as usize], &mut version, &mut ignored.gaps),
                };
                if is_new {
                    kept.records.push(record);
                } else {
                    ignored.deduplicated += 1;
                }
            }
            kept.starts.push(kept.records.len() as u32);
        }
        (kept, ignored)
    }
}

/// Whether an event with that version is applied, and counts a gap before it. Events without a version always are.
fn newer(claimed: i64, version: &mut Option<i64>, gaps: &mut u64) -> bool {
    if claimed == i64::MIN {
        return true;
    }
    if version.is_some_and(|version| claimed <= version) {
        return false;
    }
    *gaps += u64::from(version.is_some_and(|version| claimed > version.saturating_add(1)));
    *version = Some(claimed);
    true
}
