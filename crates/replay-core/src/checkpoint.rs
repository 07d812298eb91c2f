//! The states of all entities at one position, each field as a reference to the record that set it.

use crate::fields::{FieldFold, Fields};
use crate::replay::Replay;
use replay_log::log::AllTold;
use replay_log::{Appended, EntityId, Json, Position, RecordIndex};
use std::sync::Arc;

/// What there is to say of an entity at a position, apart from who set what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlainState {
    /// The state; `None` before the first event and after a delete.
    pub json: Option<Json>,
    /// Events that were applied.
    pub version: u64,
    /// Events that were seen, applied or not.
    pub events: u64,
    /// True from a delete to the next event that creates the entity again.
    pub is_deleted: bool,
    /// The last event seen.
    pub last: Option<RecordIndex>,
}

/// What a list shows of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Glance {
    /// Whether there is a state.
    pub is_there: bool,
    /// True from a delete to the next event that creates the entity again.
    pub is_deleted: bool,
    /// Events that were applied.
    pub version: u64,
    /// The field that was asked for, if the state has it at its top and it is no object.
    pub field: Option<Json>,
    /// The whole state, where it was needed to find out.
    pub whole: Option<Json>,
}

/// Gives plain states of a replay. Equal to [`Replay::state_at`] without the blame, and much faster where many are wanted.
pub struct PlainStates {
    replay: Replay,
    fold: Option<FieldFold>,
    /// What the index tells of all records, if many states are wanted.
    told: Option<Arc<AllTold>>,
}

impl PlainStates {
    /// Of this replay.
    pub fn new(replay: Replay) -> PlainStates {
        let fold = FieldFold::new(replay.projection());
        PlainStates { replay, fold, told: None }
    }

    /// The replay.
    pub fn replay(&self) -> &Replay {
        &self.replay
    }

    /// Holds the log no longer, so that it can grow in place; [`PlainStates::of_grown`] gives it back.
    pub fn let_go(&mut self) {
        self.replay = Replay::default();
    }

    /// The same of a replay that has grown; what was found out of forms and shapes stays known.
    #[must_use]
    pub fn of_grown(mut self, replay: Replay) -> PlainStates {
        self.replay = replay;
        self
    }

    /// The fields, and how many events there were.
    fn fields(&mut self, entity: EntityId, position: Position) -> Option<(Fields, usize)> {
        let PlainStates { replay, fold, told: all } = self;
        let (fold, log, all) = (fold.as_mut()?, replay.log(), all.as_deref());
        let told = |record: RecordIndex| all.and_then(|all| all.get(record)).unwrap_or_else(|| log.told(record));
        replay.with_events_until(entity, position, |events| {
            fold.fold_told(Fields::default(), log, events, &told).map(|fields| (fields, events.len()))
        })
    }

    /// An entity's state at a position. O(events) without reading their values, or as [`Replay::state_at`].
    pub fn at(&mut self, entity: EntityId, position: Position) -> PlainState {
        // Where there are snapshots, there are so many events that even a look at each would take longer.
        let found = (!self.replay.has_snapshots(entity)).then(|| self.fields(entity, position)).flatten();
        found.and_then(|(fields, events)| self.plain(&fields, events as u64)).unwrap_or_else(|| {
            let state = self.replay.state_at(entity, position);
            let (json, events) = (state.json(), state.events);
            PlainState { json, version: state.version, events, is_deleted: state.is_deleted, last: state.last }
        })
    }

    /// What there is to say of an entity in a line: like [`PlainStates::at`], but only the first of these fields (in lower case) that the
    /// state has is read, out of the one record that set it.
    pub fn glance(&mut self, entity: EntityId, position: Position, names: &[&str]) -> Glance {
        let found = (!self.replay.has_snapshots(entity)).then(|| self.fields(entity, position)).flatten();
        found.and_then(|(fields, _)| self.glance_of(&fields, names)).unwrap_or_else(|| whole(self.at(entity, position)))
    }

    /// The record that such a glance reads, if it reads just one.
    pub fn glanced_at(&mut self, entity: EntityId, position: Position, names: &[&str]) -> Option<RecordIndex> {
        let fields = (!self.replay.has_snapshots(entity)).then(|| self.fields(entity, position)).flatten();
        fields.and_then(|(fields, _)| self.telling(&fields, names))
    }

    fn telling(&self, fields: &Fields, names: &[&str]) -> Option<RecordIndex> {
        self.fold.as_ref()?.telling(fields, names).map(|(_, record)| record)
    }

    fn glance_of(&mut self, fields: &Fields, names: &[&str]) -> Option<Glance> {
        let Fields { shape, version, is_deleted, .. } = *fields;
        let field =
            if shape == 0 { None } else { Some(self.fold.as_mut()?.named(self.replay.log(), fields, names)?) };
        Some(Glance { is_there: shape != 0, is_deleted, version, field, whole: None })
    }

    fn plain(&mut self, fields: &Fields, events: u64) -> Option<PlainState> {
        let json = match fields.shape {
            0 => None,
            _ => Some(self.fold.as_mut()?.json(self.replay.log(), fields)?),
        };
        let Fields { version, is_deleted, last, .. } = *fields;
        Some(PlainState { json, version, events, is_deleted, last })
    }
}

fn whole(state: PlainState) -> Glance {
    let PlainState { json, version, is_deleted, .. } = state;
    Glance { is_there: json.is_some(), is_deleted, version, field: None, whole: json }
}

/// This part of all entities is worth a look at all records.
const MANY: usize = 8;

/// What `use_it` makes of each entity's state at a position, in the order given. Natively this is spread over the machine's cores.
pub fn map_states<T: Send>(
    replay: &Replay,
    entities: &[EntityId],
    position: Position,
    use_it: impl Fn(EntityId, PlainState) -> T + Sync,
) -> Vec<T> {
    // Of a few, it is looked up one by one.
    let are_many = entities.len() >= replay.log().n_entities() / MANY;
    let told = are_many.then(|| Arc::new(replay.log().all_told()));
    let map = |entities: &[EntityId]| -> Vec<T> {
        let mut states = PlainStates { told: told.clone(), ..PlainStates::new(replay.clone()) };
        entities.iter().map(|&entity| use_it(entity, states.at(entity, position))).collect()
    };
    spread(entities, &map)
}

#[cfg(target_arch = "wasm32")]
fn spread<T>(entities: &[EntityId], map: &impl Fn(&[EntityId]) -> Vec<T>) -> Vec<T> {
    map(entities)
}

#[cfg(not(target_arch = "wasm32"))]
fn spread<T: Send>(entities: &[EntityId], map: &(impl Fn(&[EntityId]) -> Vec<T> + Sync)) -> Vec<T> {
    /// Fewer are not worth a thread.
    const MIN_ENTITIES: usize = 256;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = entities.len().div_ceil(threads).max(MIN_ENTITIES);
    std::thread::scope(|scope| {
        let shares: Vec<_> = entities.chunks(share).map(|share| scope.spawn(move || map(share))).collect();
        // A panic in a thread is one of this function.
        shares
            .into_iter()
            .flat_map(|share| share.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// The shape of an entity that only the fold can tell of.
const UNKNOWN: u32 = u32::MAX;

/// All entities' states at one position. Costs 16 bytes an entity and 4 bytes for each field that another record than the last one set.
pub struct Checkpoint {
    states: PlainStates,
    position: Position,
    rows: Vec<Row>,
    /// The record that set each field, entity after entity.
    set_by: Vec<RecordIndex>,
    /// How many of those belong to no row any more.
    n_unused: usize,
}

#[derive(Clone, Copy)]
struct Row {
    shape: u32,
    version: u32,
    /// Where its fields start in `set_by`; `u32::MAX` if the record `last` set them all.
    start: u32,
    /// `u32::MAX` before the first event.
    last: u32,
}

/// Builds a [`Checkpoint`] in steps.
pub struct CheckpointJob {
    made: Checkpoint,
    total: usize,
    /// References that may be kept.
    room: usize,
}

impl CheckpointJob {
    /// Of all entities at this position.
    pub fn new(replay: Replay, position: Position) -> CheckpointJob {
        let total = replay.log().n_entities();
        let states = PlainStates::new(replay);
        CheckpointJob {
            made: Checkpoint { states, position, rows: Vec::new(), set_by: Vec::new(), n_unused: 0 },
            total,
            room: usize::MAX,
        }
    }

    /// What is kept of the entities' fields takes about so many bytes at most; the states of the others are folded when they are asked for.
    #[must_use]
    pub fn within(mut self, bytes: u64) -> CheckpointJob {
        // The list grows by doubling, and for a moment both are there.
        self.room = usize::try_from(bytes / (3 * size_of::<RecordIndex>() as u64)).unwrap_or(usize::MAX);
        self
    }

    /// Folds about so many events more; true when all is done.
    #[inline(never)]
    pub fn step(&mut self, budget: usize) -> bool {
        let position = self.made.position;
        self.made.rows.reserve(self.total - self.made.rows.len());
        let states = &mut self.made.states;
        states.told.get_or_insert_with(|| Arc::new(states.replay.log().all_told()));
        let mut left = budget.max(1);
        while self.made.rows.len() < self.total && left > 0 {
            let entity = self.made.rows.len() as EntityId;
            left = left.saturating_sub(self.made.states.replay.log().postings(entity).len().max(1));
            let has_room = self.made.set_by.len() < self.room;
            let Some((fields, _)) = has_room.then(|| self.made.states.fields(entity, position)).flatten() else {
                self.made.rows.push(Row { shape: UNKNOWN, version: 0, start: 0, last: 0 });
                continue;
            };
            let row = self.made.row(&fields);
            self.made.rows.push(row);
        }
        self.made.rows.len() == self.total
    }

    /// Entities done, and in all.
    pub fn progress(&self) -> (u64, u64) {
        (self.made.rows.len() as u64, self.total as u64)
    }

    /// The checkpoint.
    pub fn finish(mut self) -> Checkpoint {
        while !self.step(usize::MAX) {}
        self.made.states.told = None;
        self.made.set_by.shrink_to_fit();
        self.made
    }
}

impl Checkpoint {
    /// Holds the log no longer, so that it can grow in place; [`Checkpoint::grown`] gives it back.
    pub fn let_go(&mut self) {
        self.states.let_go();
    }

    /// The states at the end of a replay that has grown, of which these are the states at the end before: `replay` is what
    /// [`Replay::grown`] gave, `grown` what [`replay_log::Log::append`] did. Costs a look-up for each new event, and for each field of an
    /// entity that got one; the room that its fields took before is given back when half of all is such.
    #[must_use]
    pub fn grown(mut self, replay: Replay, grown: &Appended) -> Checkpoint {
        self.states.replay = replay;
        self.position = self.states.replay.order().len();
        let n = self.states.replay.log().n_entities();
        self.rows.resize(n, Row { shape: 0, version: 0, start: u32::MAX, last: u32::MAX });
        for &entity in &grown.entities {
            let row = self.rows[entity as usize];
            let after = self.fields_of(row).and_then(|before| {
                let PlainStates { replay, fold, .. } = &mut self.states;
                let events = replay.log().postings(entity);
                let mut new = events[events.partition_point(|&record| record < grown.from)..].to_vec();
                new.sort_by_key(|&record| replay.order().position_of(record));
                fold.as_mut()?.fold_on(before, replay.log(), &new)
            });
            self.n_unused += if row.start == u32::MAX { 0 } else { self.n_fields(row) };
            self.rows[entity as usize] = match after {
                Some(fields) => self.row(&fields),
                None => Row { shape: UNKNOWN, version: 0, start: 0, last: 0 },
            };
        }
        if self.n_unused > self.set_by.len() / 2 {
            self.give_back();
        }
        self
    }

    fn n_fields(&self, row: Row) -> usize {
        if row.shape == UNKNOWN { 0 } else { self.states.fold.as_ref().map_or(0, |fold| fold.n_fields(row.shape)) }
    }

    /// Takes in an entity's fields.
    fn row(&mut self, fields: &Fields) -> Row {
        let start = if fields.set_by.iter().all(|&record| Some(record) == fields.last) {
            u32::MAX
        } else {
            self.set_by.extend(&fields.set_by);
            (self.set_by.len() - fields.set_by.len()) as u32
        };
        let last = fields.last.unwrap_or(u32::MAX);
        Row { shape: fields.shape, version: fields.version as u32, start, last }
    }

    /// Copies what is in use close together.
    fn give_back(&mut self) {
        let mut set_by = Vec::with_capacity(self.set_by.len() - self.n_unused);
        for n in 0..self.rows.len() {
            let row = self.rows[n];
            if row.shape != UNKNOWN && row.start != u32::MAX {
                let (start, length) = (row.start as usize, self.n_fields(row));
                self.rows[n].start = set_by.len() as u32;
                set_by.extend_from_slice(self.set_by.get(start..start + length).unwrap_or_default());
            }
        }
        self.set_by = set_by;
        self.n_unused = 0;
    }

    /// The position whose states it holds.
    pub fn position(&self) -> Position {
        self.position
    }

    /// How many entities' states it holds; the others' are folded when they are asked for.
    pub fn n_known(&self) -> usize {
        self.rows.iter().filter(|row| row.shape != UNKNOWN).count()
    }

    /// An entity's state.
    pub fn state(&mut self, entity: EntityId) -> PlainState {
        self.known(entity).unwrap_or_else(|| self.states.at(entity, self.position))
    }

    /// What there is to say of an entity in a line; see [`PlainStates::glance`].
    pub fn glance(&mut self, entity: EntityId, names: &[&str]) -> Glance {
        let row = self.rows.get(entity as usize).copied();
        let fields = row.and_then(|row| self.fields_of(row));
        let found = fields.and_then(|fields| self.states.glance_of(&fields, names));
        found.unwrap_or_else(|| whole(self.state(entity)))
    }

    /// The record that such a glance reads, if it reads just one.
    pub fn glanced_at(&self, entity: EntityId, names: &[&str]) -> Option<RecordIndex> {
        let fields = self.rows.get(entity as usize).and_then(|&row| self.fields_of(row));
        fields.and_then(|fields| self.states.telling(&fields, names))
    }

    fn known(&mut self, entity: EntityId) -> Option<PlainState> {
        let fields = self.fields_of(*self.rows.get(entity as usize)?)?;
        let events = self.states.replay.count_events(entity, self.position).0;
        self.states.plain(&fields, events)
    }

    /// What a row stands for; `None` if only the fold can tell.
    fn fields_of(&self, row: Row) -> Option<Fields> {
        if row.shape == UNKNOWN {
            return None;
        }
        let last = (row.last != u32::MAX).then_some(row.last);
        let n_fields = self.states.fold.as_ref()?.n_fields(row.shape);
        let set_by = match row.start {
            u32::MAX => vec![row.last; n_fields],
            start => self.set_by.get(start as usize..start as usize + n_fields)?.to_vec(),
        };
        let version = u64::from(row.version);
        Some(Fields { shape: row.shape, set_by, version, is_deleted: row.shape == 0 && version > 0, last })
    }

    /// Bytes of memory it holds.
    pub fn memory(&self) -> usize {
        self.rows.capacity() * size_of::<Row>() + self.set_by.capacity() * size_of::<RecordIndex>()
    }
}
