//! Any entity's state at any position, without replaying the log: its posting list, and snapshots where that is long.

use crate::diff::{FieldChange, diff};
use crate::projection::{EntityState, Problem, Projection};
use replay_log::record::Record;
use replay_log::{Appended, EntityId, Log, Order, Position, RecordIndex};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Entities with more events than this get snapshots.
const HOT: usize = 512;
/// Steps of a program after which a piece of work is over, however few its events: some tenths of a second.
pub(crate) const MAX_STEPS: u64 = 4_000_000;
/// Events between two snapshots, if there is room for so many.
const STRIDE: usize = 256;

/// A log under a schedule and a projection. Cloning shares everything.
#[derive(Clone, Default)]
pub struct Replay {
    log: Log,
    order: Arc<Order>,
    projection: Projection,
    hot: Arc<Snapshots>,
}

/// What is kept of all entities with many events.
#[derive(Clone)]
struct Snapshots {
    of: FxHashMap<EntityId, Arc<Hot>>,
    /// Events between two of them.
    stride: usize,
    /// About what they take, in bytes.
    bytes: u64,
}

impl Default for Snapshots {
    fn default() -> Snapshots {
        Snapshots { of: FxHashMap::default(), stride: STRIDE, bytes: 0 }
    }
}

/// What is kept of an entity with many events.
#[derive(Clone, Default)]
struct Hot {
    /// Its events in replay order.
    events: Vec<RecordIndex>,
    /// State after `stride`, `2 * stride` … events.
    snapshots: Vec<EntityState>,
}

/// A replay without its log and order; see [`Replay::into_parts`].
pub struct ReplayRest {
    projection: Projection,
    hot: Arc<Snapshots>,
}

impl ReplayRest {
    /// The replay again, of the log as it was or as it has grown; see [`Replay::grown`] for the latter.
    pub fn with(self, log: Log, order: Arc<Order>) -> Replay {
        Replay { log, order, projection: self.projection, hot: self.hot }
    }
}

/// One event of an entity and what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryStep {
    /// Position behind the event.
    pub position: Position,
    /// The event.
    pub record: RecordIndex,
    /// The entity's version behind it.
    pub version: u64,
    /// What it changed; empty if nothing.
    pub changes: Vec<FieldChange>,
    /// Whether the entity is deleted behind it.
    pub is_deleted: bool,
    /// What did not fit.
    pub problems: Vec<Problem>,
}

/// Folds `events` onto a state. The plain definition that everything clever equals.
pub fn fold(
    log: &Log,
    projection: &Projection,
    entity: EntityId,
    mut state: EntityState,
    events: &[RecordIndex],
) -> EntityState {
    let name = log.entity_name(entity);
    for &event in events {
        state.apply(projection, name, event, &log.record(event));
    }
    state
}

/// Builds the snapshots of a [`Replay`] in steps: for all entities together, in replay order. A log's text may lie on disk, where neighbours are
/// read in no time, and what is far apart is not.
pub struct Preparation {
    replay: Replay,
    hot: Vec<Growing>,
    /// The events of all hot entities in replay order, each with the place of its entity in `hot`.
    events: Vec<(u32, u32)>,
    done: usize,
    stride: usize,
    /// Bytes that snapshots may take, and about those that they do.
    room: u64,
    taken: u64,
}

/// An entity on its way.
struct Growing {
    entity: EntityId,
    hot: Hot,
    state: EntityState,
    /// Events in it.
    n: usize,
}

impl Preparation {
    /// Snapshots take about so many bytes at most: where that is little, they lie further apart.
    #[must_use]
    pub fn within(mut self, bytes: u64) -> Preparation {
        self.room = bytes;
        self
    }

    /// Keeps every second snapshot.
    fn thin_out(&mut self) {
        self.stride *= 2;
        self.taken = 0;
        for Hot { snapshots, .. } in self.hot.iter_mut().map(|growing| &mut growing.hot) {
            let mut n = 0;
            snapshots.retain(|_| {
                n += 1;
                n % 2 == 0
            });
            snapshots.shrink_to_fit();
            self.taken += snapshots.iter().map(EntityState::memory).sum::<u64>();
        }
    }

    /// Folds so many events more; true when all is ready.
    #[inline(never)]
    pub fn step(&mut self, budget: usize) -> bool {
        if self.taken > self.room && self.stride < self.events.len() {
            self.thin_out();
        }
        let Replay { log, order, projection, .. } = &self.replay;
        let end = self.done.saturating_add(budget.max(1)).min(self.events.len());
        let steps = projection.steps();
        let mut read: Option<(RecordIndex, Record<'_>)> = None;
        for &(position, place) in &self.events[self.done..end] {
            // A program may take long for one event, so its steps count as well.
            if projection.steps() - steps > MAX_STEPS {
                return false;
            }
            self.done += 1;
            let (Some(record), Some(growing)) =
                (order.record_at(u64::from(position)), self.hot.get_mut(place as usize))
            else {
                continue;
            };
            if read.as_ref().is_none_or(|(known, _)| *known != record) {
                read = Some((record, log.record(record)));
            }
            let Some((_, event)) = &read else { continue };
            growing.state.apply(projection, log.entity_name(growing.entity), record, event);
            growing.n += 1;
            if growing.n.is_multiple_of(self.stride) {
                self.taken += growing.state.memory();
                growing.hot.snapshots.push(growing.state.clone());
            }
        }
        self.done == self.events.len()
    }

    /// Events folded so far, and in all.
    pub fn progress(&self) -> (u64, u64) {
        (self.done as u64, self.events.len() as u64)
    }

    /// The replay with its snapshots.
    pub fn finish(mut self) -> Replay {
        while !self.step(usize::MAX) {}
        let listed = (self.events.len() * size_of::<RecordIndex>()) as u64;
        let hot = self.hot.into_iter().map(|growing| (growing.entity, Arc::new(growing.hot)));
        self.replay.hot = Arc::new(Snapshots { of: hot.collect(), stride: self.stride, bytes: self.taken + listed });
        self.replay
    }
}

impl Replay {
    /// Answers at once, but slowly for entities with very many events; [`Replay::prepare`] mends that.
    pub fn new(log: Log, order: Arc<Order>, projection: Projection) -> Replay {
        Replay { log, order, projection, hot: Arc::default() }
    }

    /// Starts to build snapshots.
    pub fn prepare(log: Log, order: Arc<Order>, projection: Projection) -> Preparation {
        let replay = Replay::new(log, order, projection);
        let log = &replay.log;
        let many = (0..log.n_entities() as u32).filter(|&entity| log.postings(entity).len() > HOT);
        let hot: Vec<Growing> = many
            .map(|entity| Growing {
                entity,
                hot: Hot { events: replay.events(entity), snapshots: Vec::new() },
                state: EntityState::default(),
                n: 0,
            })
            .collect();
        // Of the most that there can be, growing on the way would take as much again.
        let mut events: Vec<(u32, u32)> = Vec::with_capacity(hot.iter().map(|growing| growing.hot.events.len()).sum());
        for (place, growing) in (0..).zip(&hot) {
            events.extend(growing.hot.events.iter().map(|&event| (replay.order.position_of(event) as u32, place)));
        }
        events.sort_unstable();
        Preparation { replay, hot, events, done: 0, stride: STRIDE, room: u64::MAX, taken: 0 }
    }

    /// The log, order and snapshots of a log that has grown, for the same projection: `grown` is what its [`Log::append`] gave, `order` has the
    /// new records behind all others. Costs a fold over the new events of entities with many events, and a fold over all events of those
    /// that have become such. Equal to a [`Replay::prepare`] of the log as it is now.
    #[must_use]
    pub fn grown(mut self, log: Log, order: Arc<Order>, grown: &Appended) -> Replay {
        self.log = log;
        self.order = order;
        let is_many = |entity: &&EntityId| self.log.postings(**entity).len() > HOT;
        let many: Vec<EntityId> = grown.entities.iter().filter(is_many).copied().collect();
        if many.is_empty() {
            return self;
        }
        let mut all = std::mem::take(&mut self.hot);
        let Snapshots { of: of_all, stride, bytes } = Arc::make_mut(&mut all);
        let stride = *stride;
        for entity in many {
            let hot = Arc::make_mut(of_all.entry(entity).or_default());
            let from = hot.events.len();
            if from == 0 {
                hot.events = self.events(entity);
            } else {
                let mut new: Vec<RecordIndex> = self.log.postings(entity).to_vec();
                new.drain(..new.partition_point(|&record| record < grown.from));
                new.sort_by_key(|&record| self.order.position_of(record));
                hot.events.extend(new);
            }
            while (hot.snapshots.len() + 1) * stride <= hot.events.len() {
                let start = hot.snapshots.len() * stride;
                let before = hot.snapshots.last().cloned().unwrap_or_default();
                let events = &hot.events[start..start + stride];
                let state = fold(&self.log, &self.projection, entity, before, events);
                *bytes += state.memory() + (stride * size_of::<RecordIndex>()) as u64;
                hot.snapshots.push(state);
            }
        }
        self.hot = all;
        self
    }

    /// About how many bytes the snapshots take.
    pub fn memory(&self) -> u64 {
        self.hot.bytes
    }

    /// The log.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The same of records as they are, where the log gives long ones cut; see [`Log::abridged`]. It has no snapshots then.
    #[must_use]
    pub fn whole(&self) -> Replay {
        if self.log.is_abridged() {
            Replay::new(self.log.whole(), self.order.clone(), self.projection.clone())
        } else {
            self.clone()
        }
    }

    /// Gives the log and the order away, if nothing of them is to be held any longer: then whoever has them may let them grow in place.
    pub fn into_parts(self) -> (Log, Arc<Order>, ReplayRest) {
        (self.log, self.order, ReplayRest { projection: self.projection, hot: self.hot })
    }

    /// The replay order.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The projection.
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// An entity's events in replay order, truncates of tables among them.
    fn events(&self, entity: EntityId) -> Vec<RecordIndex> {
        let mut events = self.log.postings(entity).to_vec();
        if self.projection == Projection::Cdc && !self.log.truncates().is_empty() {
            let topic = self.log.entity_topic(entity);
            let topic_of = |record: RecordIndex| &self.log.partitions()[self.log.partition(record) as usize].topic;
            events.extend(
                self.log.truncates().iter().map(|(record, _)| *record).filter(|&record| topic_of(record) == topic),
            );
            events.sort_unstable();
            events.dedup();
        }
        if !self.order.is_file_order() {
            events.sort_by_key(|&record| self.order.position_of(record));
        }
        events
    }

    fn with_events<T>(&self, entity: EntityId, use_them: impl FnOnce(&[RecordIndex], &[EntityState]) -> T) -> T {
        match self.hot.of.get(&entity) {
            Some(hot) => use_them(&hot.events, &hot.snapshots),
            None if self.order.is_file_order() && self.log.truncates().is_empty() => {
                use_them(self.log.postings(entity), &[])
            }
            None => use_them(&self.events(entity), &[]),
        }
    }

    /// Whether snapshots of this entity are kept.
    pub(crate) fn has_snapshots(&self, entity: EntityId) -> bool {
        self.hot.of.contains_key(&entity)
    }

    /// The positions behind which a snapshot of this entity is kept, ascending; none for an entity of few events.
    pub fn snapshot_positions(&self, entity: EntityId) -> Vec<Position> {
        let Some(hot) = self.hot.of.get(&entity) else { return Vec::new() };
        let last = |number: usize| hot.events.get(number * self.hot.stride - 1);
        (1..=hot.snapshots.len()).filter_map(last).map(|&record| self.order.position_of(record)).collect()
    }

    /// What `use_them` makes of an entity's events up to a position, in replay order.
    pub fn with_events_until<T>(
        &self,
        entity: EntityId,
        position: Position,
        use_them: impl FnOnce(&[RecordIndex]) -> T,
    ) -> T {
        self.with_events(entity, |events, _| use_them(&events[..self.count_at(events, position)]))
    }

    /// State after the first `count` events.
    fn state_after(
        &self,
        entity: EntityId,
        events: &[RecordIndex],
        snapshots: &[EntityState],
        count: usize,
    ) -> EntityState {
        let stride = self.hot.stride;
        let number = (count / stride).min(snapshots.len());
        let (state, from) = match number.checked_sub(1) {
            Some(last) => (snapshots[last].clone(), number * stride),
            None => (EntityState::default(), 0),
        };
        self.log.look_ahead(&events[from..count]);
        fold(&self.log, &self.projection, entity, state, &events[from..count])
    }

    fn count_at(&self, events: &[RecordIndex], position: Position) -> usize {
        events.partition_point(|&record| self.order.position_of(record) <= position)
    }

    /// An entity's state at a position. O(log n) in its events plus at most 512 events to fold.
    pub fn state_at(&self, entity: EntityId, position: Position) -> EntityState {
        self.with_events(entity, |events, snapshots| {
            self.state_after(entity, events, snapshots, self.count_at(events, position))
        })
    }

    /// How many events an entity has up to a position, and in all.
    pub fn count_events(&self, entity: EntityId, position: Position) -> (u64, u64) {
        self.with_events(entity, |events, _| (self.count_at(events, position) as u64, events.len() as u64))
    }

    /// The positions of an entity's last event at or before `position` and of the next one after it.
    pub fn neighbours(&self, entity: EntityId, position: Position) -> (Option<Position>, Option<Position>) {
        self.with_events(entity, |events, _| {
            let count = self.count_at(events, position);
            let at = |n: usize| events.get(n).map(|&record| self.order.position_of(record));
            (count.checked_sub(1).and_then(at), at(count))
        })
    }

    /// The entity's events `start..start + count`, each with what it did. Costs one fold over them.
    pub fn history(&self, entity: EntityId, start: usize, count: usize) -> Vec<HistoryStep> {
        self.with_events(entity, |events, snapshots| {
            let start = start.min(events.len());
            let mut state = self.state_after(entity, events, snapshots, start);
            let mut before = state.json();
            let mut steps = Vec::new();
            self.log.look_ahead(&events[start..events.len().min(start.saturating_add(count))]);
            for &record in events[start..].iter().take(count) {
                let problems = state.problems.len();
                state = fold(&self.log, &self.projection, entity, state, &[record]);
                let after = state.json();
                steps.push(HistoryStep {
                    position: self.order.position_of(record),
                    record,
                    version: state.version,
                    changes: diff(before.as_ref(), after.as_ref()),
                    is_deleted: state.is_deleted,
                    problems: state.problems[problems..].to_vec(),
                });
                before = after;
            }
            steps
        })
    }

    /// All entities, sorted by topic and key: the one order in which they are ever listed.
    pub fn sorted_entities(&self) -> Vec<EntityId> {
        let names = |entity: EntityId| self.log.sort_key(entity);
        let entities = 0..self.log.n_entities() as u32;
        let first = names(0);
        let common = entities.clone().fold(first.len(), |length, entity| {
            first[..length].iter().zip(names(entity)).take_while(|(a, b)| a == b).count()
        });
        // Most names are told apart by the first bytes that they do not have in common, which lie side by side here.
        let mut sorted: Vec<(u64, EntityId)> = entities
            .map(|entity| {
                let mut start = [0; 8];
                names(entity)[common..].iter().zip(&mut start).for_each(|(byte, place)| *place = *byte);
                (u64::from_be_bytes(start), entity)
            })
            .collect();
        sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| names(a.1).cmp(names(b.1))));
        sorted.into_iter().map(|(_, entity)| entity).collect()
    }
}
