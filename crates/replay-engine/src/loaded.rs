//! A log that is ready to be looked at, and what there is to say of it as a whole.

use crate::export::writers;
use crate::mapping::{chosen, in_force};
use crate::memory;
use crate::simulate::Simulated;
use replay_core::{Checkpoint, PlainStates, Projection, Replay};
use replay_formats::{Continuation, Loaded as Read};
use replay_lean as lean;
use replay_log::{EntityId, Log};
use replay_protocol::{
    Configuration, EventType, Failure, KeyCandidate, LaneTile, Mapping, PartitionInfo, ReadProblem, Said, Summary,
};

/// Event types beyond these are one: "other".
pub(crate) const MAX_TYPES: usize = 64;

/// What was read, apart from the log itself.
#[derive(Clone, Default)]
pub(crate) struct Origin {
    pub(crate) sources: Vec<String>,
    pub(crate) format: String,
    pub(crate) evidence: Vec<Said>,
    pub(crate) key_candidates: Vec<KeyCandidate>,
    pub(crate) errors: Vec<ReadProblem>,
    pub(crate) error_count: u64,
    pub(crate) error_kinds: Vec<(String, u64)>,
    pub(crate) signature: String,
    pub(crate) mapping: Mapping,
    pub(crate) chosen: Mapping,
    pub(crate) guessed: Configuration,
    pub(crate) is_partial: bool,
    /// How what follows the log is read.
    pub(crate) continuation: Option<Continuation>,
}

impl Origin {
    pub(crate) fn new(read: &Read, sources: Vec<String>, is_partial: bool) -> Origin {
        let guess = read.key_guess.as_ref();
        let n = read.log.len().clamp(1, 2000) as f64;
        let mut error_kinds: Vec<(String, u64)> =
            read.error_kinds.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect();
        lean::sort_by_key(&mut error_kinds, |(_, n)| std::cmp::Reverse(*n));
        Origin {
            format: read.format.to_string(),
            evidence: crate::said::evidence(&read.evidence),
            key_candidates: read
                .key_candidates
                .iter()
                .map(|candidate| KeyCandidate {
                    pointer: candidate.pointer.clone(),
                    distinct: candidate.distinct as u64,
                    share: (candidate.present as f64 / n).min(1.0),
                })
                .collect(),
            errors: read.errors.iter().map(|error| problem(error, &sources)).collect(),
            error_count: read.n_errors,
            error_kinds,
            signature: read.signature.clone(),
            mapping: in_force(&read.mapping),
            chosen: chosen(&read.chosen),
            guessed: Configuration {
                projection: Some(read.guessed_projection.to_owned()),
                jq: None,
                key_by: Some(guess.map(|guess| guess.pointer.clone()).unwrap_or_default()),
                schedule: Some("file".to_owned()),
            },
            sources,
            is_partial,
            continuation: read.continuation.clone(),
        }
    }
}

/// An error of reading, as the page shows it.
pub(crate) fn problem(error: &replay_formats::ReadError, sources: &[String]) -> ReadProblem {
    let source = error.file.as_ref().and_then(|file| sources.iter().position(|name| name == file));
    ReadProblem {
        source: source.unwrap_or(0) as u32,
        line: error.line,
        column: error.column,
        code: error.cause.code().to_owned(),
        arguments: crate::said::arguments(error.cause.facts()),
        message: error.cause.to_string(),
        around: error.around.as_ref().map(|around| (around.before.clone(), around.after.clone())),
    }
}

/// The log as it is looked at under this projection: with long values cut, unless the states would not be the right ones then.
pub(crate) fn looked_at(log: Log, projection: &Projection) -> Log {
    if projection.allows_cuts() { log.abridged() } else { log.whole() }
}

/// A log under a configuration.
pub(crate) struct Loaded {
    pub(crate) generation: u32,
    pub(crate) origin: Origin,
    pub(crate) configuration: Configuration,
    pub(crate) replay: Replay,
    /// Any entity's state at any position, for the list.
    pub(crate) states: PlainStates,
    /// All entities' states at the end.
    pub(crate) ends: Checkpoint,
    /// All entities in the order in which they are listed.
    pub(crate) sorted: Vec<EntityId>,
    /// The entities that the last filter left.
    pub(crate) filtered: Option<(String, Vec<EntityId>)>,
    /// The lanes that were asked for last, and what they were asked by, without any entity's marks.
    pub(crate) last_tile: Option<((u64, u64, u32), LaneTile)>,
    /// Where the runs begin that were asked for last.
    pub(crate) runs: Option<crate::runs::Runs>,
    /// Types in the order of the legend, and each type's place there.
    pub(crate) types: Vec<EventType>,
    pub(crate) type_places: Vec<u32>,
    /// Every word of the log, once somebody looked for one.
    pub(crate) words: crate::words::Kept,
    /// The last simulation.
    pub(crate) simulated: Simulated,
    /// Texts of which nothing more is brought into memory.
    pub(crate) filled: usize,
}

/// A text up to so large is brought into memory, packed, when all states are known: then every look at it is a matter of microseconds.
const PACKED_BYTES: u64 = 1 << 30;

impl Loaded {
    #[inline(never)]
    pub(crate) fn new(origin: Origin, configuration: Configuration, replay: Replay, ends: Checkpoint) -> Loaded {
        let sorted = replay.sorted_entities();
        let log = replay.log();
        let mut ids: Vec<u32> = (0..log.n_types() as u32).collect();
        // The commonest first; equal ones in the order of their first appearance.
        lean::sort_by_key(&mut ids, |&id| (std::cmp::Reverse(log.type_count(id)), id));
        let mut types: Vec<EventType> = ids
            .iter()
            .take(MAX_TYPES)
            .map(|&id| EventType { name: log.type_name(id).to_owned(), records: log.type_count(id) })
            .collect();
        if ids.len() > MAX_TYPES {
            types[MAX_TYPES - 1] = EventType {
                name: "…".to_owned(),
                records: ids[MAX_TYPES - 1..].iter().map(|&id| log.type_count(id)).sum(),
            };
        }
        let mut type_places = vec![0; ids.len()];
        for (place, &id) in ids.iter().enumerate() {
            type_places[id as usize] = place.min(MAX_TYPES - 1) as u32;
        }
        Loaded {
            generation: 0,
            origin,
            configuration,
            states: PlainStates::new(replay.clone()),
            replay,
            ends,
            sorted,
            filtered: None,
            last_tile: None,
            runs: None,
            types,
            type_places,
            words: crate::words::Kept::default(),
            simulated: Simulated::default(),
            filled: 0,
        }
    }

    /// What kept a text from being read since this was last asked.
    pub(crate) fn trouble(&self) -> Option<Failure> {
        let detail = self.replay.log().take_trouble()?;
        Some(Failure::new("unreadable", detail))
    }

    /// Bytes of memory that it takes.
    pub(crate) fn memory(&self) -> u64 {
        let log = self.replay.log();
        let made = self.replay.order().memory() + self.ends.memory() + self.sorted.capacity() * size_of::<EntityId>();
        let words = self.words.get().map_or(0, |index| index.memory);
        memory::of_texts(log) + (log.memory().index + made) as u64 + self.replay.memory() + words
    }

    /// Brings a piece of a text into memory that was left elsewhere, if it fits into so many bytes. True when there is nothing more to bring.
    pub(crate) fn fill(&mut self, room: u64) -> bool {
        let Some(text) = self.replay.log().texts().nth(self.filled) else { return true };
        if text.len() > PACKED_BYTES.min(room) || text.fill() {
            self.filled += 1;
        }
        false
    }

    #[inline(never)]
    pub(crate) fn summary(&self) -> Summary {
        let log = self.replay.log();
        let memory = log.memory();
        Summary {
            generation: self.generation,
            sources: self.origin.sources.clone(),
            format: self.origin.format.clone(),
            evidence: self.origin.evidence.clone(),
            signature: self.origin.signature.clone(),
            mapping: self.origin.mapping.clone(),
            chosen_mapping: self.origin.chosen.clone(),
            formats: replay_formats::Format::names().into_iter().map(str::to_owned).collect(),
            writers: writers(),
            records: log.len() as u64,
            entities: log.n_entities() as u64,
            tombstones: log.tombstones(),
            changes: log.n_changes(),
            without_key: log.without_entity(),
            partitions: log
                .partitions()
                .iter()
                .map(|partition| PartitionInfo {
                    topic: partition.topic.clone(),
                    partition: partition.partition,
                    start: partition.start,
                    end: partition.end,
                    records: partition.records,
                })
                .collect(),
            event_types: self.types.clone(),
            first_timestamp_ms: log.first_timestamp_ms().map(|ms| ms as f64),
            last_timestamp_ms: log.last_timestamp_ms().map(|ms| ms as f64),
            offsets_estimated: log.has_estimated_offsets(),
            configuration: self.configuration.clone(),
            guessed: self.origin.guessed.clone(),
            key_candidates: self.origin.key_candidates.clone(),
            errors: self.origin.errors.clone(),
            error_count: self.origin.error_count,
            error_kinds: self.origin.error_kinds.clone(),
            partial: self.origin.is_partial,
            bytes: memory.bytes as f64,
            index_bytes: (memory.index + self.replay.order().memory() + self.ends.memory()) as f64,
        }
    }

    /// The place of a record's type in the legend.
    pub(crate) fn type_of(&self, record: u32) -> Option<u32> {
        self.replay.log().event_type(record).and_then(|id| self.type_places.get(id as usize).copied())
    }
}
