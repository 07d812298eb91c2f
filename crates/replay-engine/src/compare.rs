//! The same log read in two ways: which entities come out differently.

use crate::job::Wanted;
use crate::loaded::Loaded;
use replay_core::{Preparation, Projection, Replay};
use replay_log::log::Rekey;
use replay_log::{EntityId, Json, Log, Order, Schedule};
use replay_protocol::{CompareRequest, Compared, ComparedEntity, Configuration, Failure};
use std::cmp::Ordering;
use std::sync::Arc;

/// Differing entities given in all, whatever is asked for.
const MAX_ROWS: u32 = 500;

/// A comparison under way.
pub(crate) struct Comparing {
    left: Side,
    right: Option<Side>,
    stage: Stage,
    projection: Projection,
    /// Long values are cut on both sides.
    allows_cuts: bool,
    schedule: Schedule,
    limit: u32,
    result: Compared,
}

enum Stage {
    Rekey(Box<Rekey>),
    Order(Log),
    Prepare(Box<Preparation>),
    Merge,
}

/// One way of reading, walked through in the order of topic and key.
struct Side {
    replay: Replay,
    sorted: Vec<EntityId>,
    next: usize,
}

impl Side {
    fn new(replay: Replay) -> Side {
        Side { sorted: replay.sorted_entities(), replay, next: 0 }
    }

    fn name(&self) -> Option<(&str, &str)> {
        let entity = *self.sorted.get(self.next)?;
        Some((self.replay.log().entity_topic(entity), self.replay.log().entity_name(entity)))
    }

    /// The final state of the entity that is next, and on to the one behind it.
    fn take(&mut self) -> Option<Json> {
        let entity = *self.sorted.get(self.next)?;
        self.next += 1;
        self.replay.state_at(entity, self.replay.order().len()).json()
    }
}

impl Comparing {
    pub(crate) fn new(loaded: &Loaded, asked: &CompareRequest) -> Result<Comparing, Failure> {
        let in_force = &loaded.configuration;
        let wanted = Wanted::new(&asked.other, in_force)?;
        let log = loaded.replay.log();
        let stage = if wanted.configuration.key_by == in_force.key_by {
            Stage::Order(log.clone())
        } else {
            // The reader's guess is built into how it decodes; going back to it means the records' own entity.
            let guessed = loaded.origin.guessed.key_by.as_deref().unwrap_or_default();
            let pointer = wanted.configuration.key_by.as_deref().unwrap_or_default();
            Stage::Rekey(Box::new(log.rekey(if pointer == guessed { "" } else { pointer })))
        };
        let (left, right): (Configuration, Configuration) = (in_force.clone(), wanted.configuration);
        Ok(Comparing {
            // What is cut on one side must be cut on the other, too.
            left: Side::new(if wanted.projection.allows_cuts() {
                loaded.replay.clone()
            } else {
                loaded.replay.whole()
            }),
            allows_cuts: wanted.projection.allows_cuts() && loaded.replay.projection().allows_cuts(),
            right: None,
            stage,
            projection: wanted.projection,
            schedule: wanted.schedule,
            limit: asked.limit.min(MAX_ROWS),
            result: Compared { left, right, ..Compared::default() },
        })
    }

    /// A piece of work; true when all is compared.
    #[inline(never)]
    pub(crate) fn step(&mut self, budget: usize) -> bool {
        match &mut self.stage {
            Stage::Rekey(rekey) => {
                if rekey.step(budget)
                    && let Stage::Rekey(rekey) = std::mem::replace(&mut self.stage, Stage::Merge)
                {
                    self.stage = Stage::Order(rekey.finish());
                }
            }
            Stage::Order(log) => {
                let order = Arc::new(Order::new(log, self.schedule));
                let log = if self.allows_cuts { log.clone().abridged() } else { log.whole() };
                let preparation = Replay::prepare(log, order, self.projection.clone());
                self.stage = Stage::Prepare(Box::new(preparation));
            }
            Stage::Prepare(preparation) => {
                if preparation.step(budget)
                    && let Stage::Prepare(preparation) = std::mem::replace(&mut self.stage, Stage::Merge)
                {
                    self.right = Some(Side::new(preparation.finish()));
                }
            }
            Stage::Merge => return self.merge(budget / 8 + 1),
        }
        false
    }

    /// Compares so many entities more.
    fn merge(&mut self, entities: usize) -> bool {
        let Some(right) = &mut self.right else { return true };
        let left = &mut self.left;
        for _ in 0..entities {
            let order = match (left.name(), right.name()) {
                (None, None) => return true,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(left), Some(right)) => left.cmp(&right),
            };
            let name = if order == Ordering::Greater { right.name() } else { left.name() };
            let (topic, key) = name.map(|(topic, key)| (topic.to_owned(), key.to_owned())).unwrap_or_default();
            let before = if order == Ordering::Greater { None } else { left.take() };
            let after = if order == Ordering::Less { None } else { right.take() };
            let count = match (&before, &after) {
                // Neither has a state: deleted in both ways, or not there in one and deleted in the other.
                (None, None) => {
                    self.result.without_state += 1;
                    continue;
                }
                (Some(_), None) => &mut self.result.only_left,
                (None, Some(_)) => &mut self.result.only_right,
                (Some(before), Some(after)) if before.canonical() == after.canonical() => {
                    self.result.same += 1;
                    continue;
                }
                (Some(_), Some(_)) => &mut self.result.differing,
            };
            *count += 1;
            if (self.result.rows.len() as u32) < self.limit {
                let text = |state: Option<Json>| state.map(|state| state.pretty());
                self.result.rows.push(ComparedEntity { topic, key, left: text(before), right: text(after) });
            }
        }
        false
    }

    /// The stage's name in the locale, what is done and how much there is.
    pub(crate) fn progress(&self) -> (&'static str, u64, u64) {
        match &self.stage {
            Stage::Rekey(rekey) => ("index", rekey.done() as u64, rekey.total() as u64),
            Stage::Order(log) => ("order", 0, log.len() as u64),
            Stage::Prepare(preparation) => {
                let (done, total) = preparation.progress();
                ("fold", done, total)
            }
            Stage::Merge => ("compare", self.left.next as u64, self.left.sorted.len() as u64),
        }
    }

    pub(crate) fn finish(self) -> Compared {
        self.result
    }
}
