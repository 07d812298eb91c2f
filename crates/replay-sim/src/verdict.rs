//! Which entities are not in their true state, why, and since which record.

use crate::facts::Facts;
use crate::sequences::Sequences;
use replay_core::{EntityState, Projection, StateComparer, fold};
use replay_log::{EntityId, RecordIndex};
use replay_protocol::Damage;
use rustc_hash::FxHashMap;

/// Why a state is not the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The same event was applied more than once.
    DuplicateApplied,
    /// Events were applied in another order.
    Reordered,
    /// An event never arrived.
    Lost,
    /// The store refused an event that expected another version.
    ConflictRefused,
    /// An event was committed before it was processed, and then nobody processed it.
    SkippedAfterCommit,
    /// Retention removed an event.
    Expired,
    /// Compaction removed an event.
    CompactedAway,
    /// A snapshot was trusted that lacks events.
    StaleSnapshot,
    /// A snapshot was trusted whose bytes are damaged.
    CorruptSnapshot,
    /// A snapshot was trusted that an older program had written.
    OldSnapshotSchema,
    /// An event was never read: nobody was there, or reading began behind it.
    NotRead,
    /// The fold took an event for one that it had seen.
    IgnoredAsDuplicate,
    /// Several of these at once.
    Several,
}

impl Cause {
    /// The words that the command line prints.
    pub const fn name(self) -> &'static str {
        match self {
            Cause::DuplicateApplied => "duplicate applied",
            Cause::Reordered => "reordered",
            Cause::Lost => "lost",
            Cause::ConflictRefused => "conflict refused",
            Cause::SkippedAfterCommit => "skipped after commit",
            Cause::Expired => "expired",
            Cause::CompactedAway => "compacted away",
            Cause::StaleSnapshot => "stale snapshot",
            Cause::CorruptSnapshot => "corrupt snapshot",
            Cause::OldSnapshotSchema => "old snapshot schema",
            Cause::NotRead => "not read",
            Cause::IgnoredAsDuplicate => "ignored as duplicate",
            Cause::Several => "several",
        }
    }
}

/// An entity whose state is not the truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divergence {
    /// Which entity.
    pub entity: EntityId,
    /// Why.
    pub cause: Cause,
    /// The first record that was missing, too much or out of place.
    pub first_wrong: RecordIndex,
    /// At which of the entity's events (0-based, in the truth's order) that was.
    pub first_wrong_event: u32,
}

/// A snapshot that was trusted although it is damaged: behind so many events, the state is not what they made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tamper {
    /// Events inside the snapshot.
    pub(crate) events: u32,
    pub(crate) damage: Damage,
}

/// Records that are gone for a known reason.
#[derive(Default)]
pub(crate) struct Missing {
    causes: FxHashMap<RecordIndex, Cause>,
}

impl Missing {
    /// The first reason given for a record counts: what never arrived cannot expire.
    pub(crate) fn add(&mut self, record: RecordIndex, cause: Cause) {
        self.causes.entry(record).or_insert(cause);
    }

    /// What a snapshot claims to hold nobody reads, whatever became of it in the log.
    pub(crate) fn left_out(&mut self, record: RecordIndex) {
        self.causes.insert(record, Cause::StaleSnapshot);
    }

    fn cause(&self, record: RecordIndex) -> Cause {
        self.causes.get(&record).copied().unwrap_or(Cause::NotRead)
    }
}

/// The state that a list of records makes, with what a damaged snapshot does to it.
pub(crate) fn state(
    facts: &Facts,
    projection: &Projection,
    entity: EntityId,
    records: &[RecordIndex],
    tamper: Option<&Tamper>,
) -> EntityState {
    let log = &facts.log;
    let Some(tamper) = tamper else {
        return fold(log, projection, entity, EntityState::default(), records);
    };
    let (inside, tail) = records.split_at((tamper.events as usize).min(records.len()));
    let mut snapshot = fold(log, projection, entity, EntityState::default(), inside);
    crate::snapshots::damage(&mut snapshot, tamper.damage);
    fold(log, projection, entity, snapshot, tail)
}

/// What entities are judged by.
pub(crate) struct Case<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) projection: &'a Projection,
    pub(crate) truth: &'a Sequences,
    pub(crate) outcome: &'a Sequences,
    pub(crate) missing: &'a Missing,
    /// Whether a state with another version is wrong, too.
    pub(crate) counts_versions: bool,
}

/// Judges entities one after the other. Its tables over all records are used again for each.
pub(crate) struct Judge {
    comparer: StateComparer,
    /// By record: which of the entity's events it is; what stands there of other entities is told by the event itself.
    place: Vec<u32>,
    seen: Marks,
}

/// A set of records that is emptied at once.
struct Marks {
    number: u32,
    marks: Vec<u32>,
}

impl Marks {
    fn clear(&mut self) {
        self.number += 1;
    }

    /// Whether it was not in it.
    fn insert(&mut self, record: RecordIndex) -> bool {
        let mark = &mut self.marks[record as usize];
        std::mem::replace(mark, self.number) != self.number
    }

    fn contains(&self, record: RecordIndex) -> bool {
        self.marks[record as usize] == self.number
    }
}

impl Judge {
    pub(crate) fn new(facts: &Facts, projection: &Projection) -> Judge {
        let n = facts.log.len();
        Judge {
            comparer: StateComparer::new(facts.log.clone(), projection.clone()),
            place: vec![0; n],
            seen: Marks { number: 0, marks: vec![0; n] },
        }
    }

    /// Compares one entity; `None` if its state is the truth.
    pub(crate) fn judge(&mut self, case: &Case<'_>, entity: EntityId, tamper: Option<&Tamper>) -> Option<Divergence> {
        let Case { facts, projection, missing, counts_versions, .. } = *case;
        let Judge { comparer, place, seen } = self;
        let (truth, got) = (case.truth.of(entity), case.outcome.of(entity));
        if truth == got && tamper.is_none() {
            return None;
        }
        let mut reference = comparer.reference(entity, truth);
        let mut is_true = |records: &[RecordIndex], tamper: Option<&Tamper>| {
            // An entity that was deleted and one that nobody ever heard of are both not there.
            let found = if tamper.is_none() {
                comparer.compare(&mut reference, records)
            } else {
                let other = state(facts, projection, entity, records, tamper);
                comparer.compare_state(&mut reference, &other)
            };
            found.is_alike && (!counts_versions || found.is_same_version)
        };
        if is_true(got, tamper) {
            return None;
        }
        for (n, &record) in truth.iter().enumerate() {
            place[record as usize] = n as u32;
        }
        let event_of = |record: RecordIndex| {
            let n = place[record as usize];
            if truth.get(n as usize) == Some(&record) { n } else { 0 }
        };
        let found = |cause, record| {
            Some(Divergence { entity, cause, first_wrong: record, first_wrong_event: event_of(record) })
        };
        if let Some(tamper) = tamper
            && is_true(got, None)
        {
            let cause = match tamper.damage {
                Damage::Corrupt => Cause::CorruptSnapshot,
                Damage::OldSchema => Cause::OldSnapshotSchema,
                Damage::Stale | Damage::None => Cause::StaleSnapshot,
            };
            let last = (tamper.events as usize).min(got.len()).saturating_sub(1);
            return found(cause, got.get(last).or(truth.first()).copied()?);
        }
        // What is wrong with the list: copies, disorder, holes. Each is mended alone; the one that gives the truth is the cause.
        seen.clear();
        let mut once: Vec<RecordIndex> = Vec::with_capacity(got.len());
        let mut first_copy = None;
        for &record in got {
            if seen.insert(record) {
                once.push(record);
            } else {
                first_copy.get_or_insert(record);
            }
        }
        if let Some(copy) = first_copy
            && is_true(&once, tamper)
        {
            return found(Cause::DuplicateApplied, copy);
        }
        let first_late = once.windows(2).find(|pair| event_of(pair[0]) > event_of(pair[1])).map(|pair| pair[1]);
        if let Some(late) = first_late {
            let mut sorted = once;
            sorted.sort_by_key(|&record| event_of(record));
            if is_true(&sorted, tamper) {
                return found(Cause::Reordered, late);
            }
        }
        let holes: Vec<RecordIndex> = truth.iter().copied().filter(|&record| !seen.contains(record)).collect();
        let mut causes: Vec<Cause> = holes.iter().map(|&record| missing.cause(record)).collect();
        causes.sort_unstable();
        causes.dedup();
        if first_copy.is_none() && first_late.is_none() {
            for &cause in &causes {
                let of_cause = holes.iter().copied().filter(|&record| missing.cause(record) == cause);
                let mut filled: Vec<RecordIndex> = got.iter().copied().chain(of_cause.clone()).collect();
                // Holes are filled where the truth has them; what is there keeps its order.
                filled.sort_by_key(|&record| event_of(record));
                if is_true(&filled, tamper) {
                    return found(cause, of_cause.into_iter().next()?);
                }
            }
        }
        let first_hole = holes.first().copied();
        let candidates = [first_copy, first_late, first_hole].into_iter().flatten();
        let first = candidates.min_by_key(|&record| event_of(record)).or(truth.first().copied())?;
        let kinds = usize::from(first_copy.is_some()) + usize::from(first_late.is_some()) + causes.len();
        match (kinds, causes.first(), first_copy, first_late) {
            (1, Some(&cause), ..) => found(cause, first),
            (1, None, Some(_), _) => found(Cause::DuplicateApplied, first),
            (1, None, None, Some(_)) => found(Cause::Reordered, first),
            _ => found(Cause::Several, first),
        }
    }
}
