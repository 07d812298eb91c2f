//! Hashes of states: equal states have equal hashes, in the page, on the command line and on every machine.

use crate::checkpoint::{PlainState, map_states};
use crate::projection::{Projection, hex};
use crate::replay::{MAX_STEPS, Replay};
use replay_log::{EntityId, Json, Position};
use sha2::{Digest, Sha256};

/// SHA-256 in hex of a state's canonical JSON; of nothing if there is no state.
pub fn state_hash(state: Option<&Json>) -> String {
    hex(&Sha256::digest(state.map(Json::canonical).unwrap_or_default()))
}

/// The hash over all states, put together line by line: what [`HashJob`] gives if the entities come sorted by topic and key.
#[derive(Default)]
pub struct StatesHash(Sha256);

impl StatesHash {
    /// An entity that has a state, by the state's canonical text.
    pub fn push(&mut self, topic: &str, name: &str, canonical: &str) {
        for part in [topic, "\t", name, "\t", canonical, "\n"] {
            self.0.update(part);
        }
    }

    /// The hash in hex.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Entities whose lines are made together.
const PIECE: usize = 1 << 14;
const PIECE_OF_PROGRAM: usize = 512;

/// Hashes all states at a position, in steps: SHA-256 over a line `topic TAB key TAB canonical state LF` for each entity that has a
/// state, sorted by topic and key.
pub struct HashJob {
    replay: Replay,
    position: Position,
    entities: Vec<EntityId>,
    next: usize,
    hasher: Sha256,
}

impl HashJob {
    /// Starts with the first entity.
    pub fn new(replay: Replay, position: Position) -> HashJob {
        let entities = replay.sorted_entities();
        HashJob { replay, position, entities, next: 0, hasher: Sha256::new() }
    }

    /// Does so many entities more; true when all are done.
    #[inline(never)]
    pub fn step(&mut self, budget: usize) -> bool {
        let end = self.next.saturating_add(budget.max(1)).min(self.entities.len());
        let log = self.replay.log();
        let line = |entity: EntityId, state: PlainState| {
            let (topic, name) = (log.entity_topic(entity), log.entity_name(entity));
            Some(format!(
                "{topic}	{name}	{}
",
                state.json?.canonical()
            ))
        };
        let projection = self.replay.projection();
        let steps = projection.steps();
        // Bounded pieces: the lines of all states together could be as large as the log, and a program may take long for each.
        let piece = if matches!(projection, Projection::Jq(_)) { PIECE_OF_PROGRAM } else { PIECE };
        while self.next < end && projection.steps() - steps <= MAX_STEPS {
            let upto = end.min(self.next + piece);
            for line in
                map_states(&self.replay, &self.entities[self.next..upto], self.position, line).into_iter().flatten()
            {
                self.hasher.update(line);
            }
            self.next = upto;
        }
        self.next == self.entities.len()
    }

    /// Entities done, and in all.
    pub fn progress(&self) -> (u64, u64) {
        (self.next as u64, self.entities.len() as u64)
    }

    /// The hash in hex.
    pub fn finish(mut self) -> String {
        while !self.step(usize::MAX) {}
        hex(&self.hasher.finalize())
    }
}
