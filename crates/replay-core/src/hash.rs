//! Hashes of states: equal states have equal hashes, in the page, on the command line and on every machine.

use crate::projection::hex;
use crate::replay::Replay;
use replay_log::{EntityId, Json, Position};
use sha2::{Digest, Sha256};

/// SHA-256 in hex of a state's canonical JSON; of nothing if there is no state.
pub fn state_hash(state: Option<&Json>) -> String {
    hex(&Sha256::digest(state.map(Json::canonical).unwrap_or_default()))
}

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
    pub fn step(&mut self, budget: usize) -> bool {
        let end = self.next.saturating_add(budget.max(1)).min(self.entities.len());
        for &entity in &self.entities[self.next..end] {
            let Some(state) = self.replay.state_at(entity, self.position).json() else { continue };
            let log = self.replay.log();
            let line = format!("{}\t{}\t{}\n", log.entity_topic(entity), log.entity_name(entity), state.canonical());
            self.hasher.update(line);
        }
        self.next = end;
        end == self.entities.len()
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
