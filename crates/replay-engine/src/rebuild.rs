//! Rebuilding all states by shards, side by side in the hands of a crew, and measuring what that saves.
//!
//! A shard has the entities whose keys hash to it (Kafka's murmur2), with all their events: what an entity is depends on its own events
//! alone, so shards need nothing of each other, and the states are the same to the byte however many there are.

use crate::crew::{Crew, Piece, RebuiltState, States, Task, Text, begin, to_fold};
use replay_core::{Replay, StatesHash};
use replay_kafka::partitioner::murmur2::keyed_partition;
use replay_log::{EntityId, Position, RecordIndex};
use replay_protocol::{Failure, RebuildMeasure, RebuildRun};
use std::num::NonZeroU32;

/// Bytes that are handed out at once.
const PIECE: usize = 1 << 20;
/// A rebuild is repeated so often at most, and only while all runs together took less than this: the fastest counts, since what else the
/// machine does can only add.
const MAX_RUNS: usize = 15;
const ENOUGH_MS: f64 = 1_500.0;

/// A rebuild under way: the events are handed out, then all shards are folded at once.
pub struct Rebuild {
    replay: Replay,
    position: Position,
    shards: NonZeroU32,
    text: Text,
    runs: usize,
    sorted: Vec<EntityId>,
    stage: Stage,
    /// Every event with its hand, its entity's number there, and its own number in the entity; in the order of the log.
    events: Vec<(RecordIndex, u32, u32, u32)>,
    /// Events that are on their way.
    handed_out: usize,
    pieces: Vec<Piece>,
    /// By hand: whose events it has, in the order in which they came.
    kept: Vec<Vec<EntityId>>,
    /// Tasks without an answer.
    open: usize,
    started_ms: f64,
    hand_out_ms: f64,
    run_ms: Vec<f64>,
    states: Vec<Option<States>>,
    is_same: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Start,
    HandOut,
    Fold,
    Done,
}

/// All states as shards rebuilt them.
pub struct RebuiltStates {
    /// Shards.
    pub shards: u32,
    /// Hands that worked side by side.
    pub hands: u32,
    /// Handing out the events, before the first rebuild.
    pub hand_out_ms: f64,
    /// The fastest rebuild: from the word to begin until the last shard's states had come.
    pub rebuild_ms: f64,
    /// How often it was repeated.
    pub runs: u32,
    /// Whether all runs gave the same bytes.
    pub is_same: bool,
    replay: Replay,
    sorted: Vec<EntityId>,
    states: Vec<States>,
    /// By entity: its hand, and its number there.
    places: Vec<(u32, u32)>,
}

impl Rebuild {
    /// Of all states at a position. `runs` is how often at most it is repeated for the clock; 1 does for its states.
    pub fn new(replay: Replay, position: Position, shards: NonZeroU32, text: Text, runs: usize) -> Rebuild {
        let sorted = replay.sorted_entities();
        Rebuild {
            replay,
            position,
            shards,
            text,
            runs,
            sorted,
            stage: Stage::Start,
            events: Vec::new(),
            handed_out: 0,
            pieces: Vec::new(),
            kept: Vec::new(),
            open: 0,
            started_ms: 0.0,
            hand_out_ms: 0.0,
            run_ms: Vec::new(),
            states: Vec::new(),
            is_same: true,
        }
    }

    fn submit(&mut self, crew: &mut dyn Crew, hand: usize, bytes: Vec<u8>) {
        self.open += 1;
        // While shards are folded there is one task a hand, so its number tells whose answer it is.
        crew.submit(hand, hand as u32, Task { bytes, sources: Vec::new() });
    }

    /// Hands out the events of so many more records, or takes the answers that have come; true when all is done.
    ///
    /// # Errors
    /// If a hand breaks down.
    #[inline(never)]
    pub fn step(&mut self, records: usize, crew: &mut dyn Crew) -> Result<bool, Failure> {
        while let Some(answer) = crew.poll() {
            if answer.ticket == crate::crew::Ticket::MAX {
                // A hand says that it is ready.
                continue;
            }
            let bytes = answer.outcome.map_err(gone)?;
            self.open = self.open.saturating_sub(1);
            if self.stage == Stage::Fold {
                self.take(answer.ticket as usize, bytes)?;
            }
        }
        match self.stage {
            Stage::Start => {
                let hands = crew.size().min(self.shards.get() as usize).max(1);
                self.kept = vec![Vec::new(); hands];
                self.states = (0..hands).map(|_| None).collect();
                let projection = self.replay.projection();
                self.pieces = (0..hands).map(|_| Piece::new(projection)).collect();
                let counts = self.share_out(hands);
                for (hand, counts) in counts.into_iter().enumerate() {
                    let log = self.replay.log();
                    let names = self.kept[hand].iter().map(|&entity| log.entity_name(entity));
                    let task = begin(names.zip(counts));
                    self.submit(crew, hand, task);
                }
                // Starting a worker is not part of handing out.
                self.stage = Stage::HandOut;
            }
            Stage::HandOut if self.handed_out == 0 && self.open > 0 => {}
            Stage::HandOut => {
                if self.handed_out == 0 {
                    self.started_ms = crew.now_ms();
                }
                self.hand_out(records, crew);
                if self.handed_out == self.events.len() && self.open == 0 {
                    self.hand_out_ms = crew.now_ms() - self.started_ms;
                    self.stage = Stage::Fold;
                    self.fold(crew);
                }
            }
            Stage::Fold if self.open == 0 => {
                self.run_ms.push(crew.now_ms() - self.started_ms);
                let took: f64 = self.run_ms.iter().sum();
                if self.run_ms.len() < self.runs && took < ENOUGH_MS {
                    self.fold(crew);
                } else {
                    self.stage = Stage::Done;
                }
            }
            Stage::Fold | Stage::Done => {}
        }
        Ok(self.stage == Stage::Done)
    }

    /// Finds every entity its hand and every event its place; gives the numbers of events by hand and entity.
    fn share_out(&mut self, hands: usize) -> Vec<Vec<u32>> {
        let log = self.replay.log();
        let mut counts = vec![Vec::new(); hands];
        for &entity in &self.sorted {
            let shard = keyed_partition(log.entity_name(entity).as_bytes(), self.shards) as usize;
            let hand = shard % hands;
            let place = self.kept[hand].len() as u32;
            self.kept[hand].push(entity);
            self.replay.with_events_until(entity, self.position, |events| {
                counts[hand].push(events.len() as u32);
                self.events.extend(events.iter().zip(0..).map(|(&event, n)| (event, hand as u32, place, n)));
            });
        }
        self.events.sort_unstable();
        counts
    }

    fn hand_out(&mut self, records: usize, crew: &mut dyn Crew) {
        let end = self.events.len().min(self.handed_out.saturating_add(records.max(1)));
        for n in self.handed_out..end {
            let (event, hand, entity, number) = self.events[n];
            let piece = &mut self.pieces[hand as usize];
            piece.push(self.replay.log(), entity, number, event);
            if piece.len() >= PIECE {
                self.send(hand as usize, crew);
            }
        }
        self.handed_out = end;
        if end == self.events.len() {
            for hand in 0..self.pieces.len() {
                self.send(hand, crew);
            }
        }
    }

    fn send(&mut self, hand: usize, crew: &mut dyn Crew) {
        if let Some(bytes) = self.pieces[hand].take() {
            self.submit(crew, hand, bytes);
        }
    }

    fn fold(&mut self, crew: &mut dyn Crew) {
        let task = to_fold(self.replay.projection(), self.text);
        self.started_ms = crew.now_ms();
        for hand in 0..self.kept.len() {
            self.submit(crew, hand, task.clone());
        }
    }

    fn take(&mut self, hand: usize, bytes: Vec<u8>) -> Result<(), Failure> {
        let no_answer = || gone("an answer could not be read".to_owned());
        match self.states.get_mut(hand) {
            Some(Some(first)) => self.is_same &= first.bytes() == bytes,
            Some(none) => *none = Some(States::new(bytes, self.kept[hand].len()).ok_or_else(no_answer)?),
            None => return Err(no_answer()),
        }
        Ok(())
    }

    /// Whether another step would find nothing to do before an answer comes.
    pub fn is_waiting(&self) -> bool {
        self.open > 0 && (self.stage != Stage::HandOut || self.handed_out == 0 || self.handed_out == self.events.len())
    }

    /// Events handed out, and in all.
    pub fn progress(&self) -> (u64, u64) {
        (self.handed_out as u64, self.events.len() as u64)
    }

    /// The states; `None` before `step` has said true.
    pub fn finish(self) -> Option<RebuiltStates> {
        let mut places = vec![(0, 0); self.replay.log().n_entities()];
        for (hand, kept) in self.kept.iter().enumerate() {
            for (number, &entity) in kept.iter().enumerate() {
                places[entity as usize] = (hand as u32, number as u32);
            }
        }
        Some(RebuiltStates {
            shards: self.shards.get(),
            hands: self.kept.len() as u32,
            hand_out_ms: self.hand_out_ms,
            rebuild_ms: self.run_ms.iter().copied().reduce(f64::min)?,
            runs: self.run_ms.len() as u32,
            is_same: self.is_same,
            replay: self.replay,
            sorted: self.sorted,
            states: self.states.into_iter().collect::<Option<_>>()?,
            places,
        })
    }
}

impl RebuiltStates {
    /// All entities with their states, sorted by topic and key.
    pub fn sorted(&self) -> impl Iterator<Item = (EntityId, RebuiltState<'_>)> {
        self.sorted.iter().filter_map(|&entity| {
            let (hand, number) = *self.places.get(entity as usize)?;
            Some((entity, self.states.get(hand as usize)?.get(number as usize)?))
        })
    }

    /// The hash over all states, as [`replay_core::HashJob`] gives it; only where the canonical text was asked for.
    pub fn hash(&self) -> String {
        let mut hash = StatesHash::default();
        let log = self.replay.log();
        for (entity, state) in self.sorted() {
            if let Some(text) = state.text {
                hash.push(log.entity_topic(entity), log.entity_name(entity), text);
            }
        }
        hash.finish()
    }
}

/// Rebuilds with 1, 2, 4 … shards, and what each took.
pub(crate) struct Measuring {
    replay: Replay,
    waiting: Vec<NonZeroU32>,
    current: Option<Box<Rebuild>>,
    measured: RebuildMeasure,
}

impl Measuring {
    /// With up to `shards` shards, but no more than there are hands.
    pub(crate) fn new(replay: Replay, shards: u32, crew: &dyn Crew) -> Measuring {
        let most = shards.clamp(1, crew.size() as u32);
        let mut waiting: Vec<NonZeroU32> =
            (0..32).map(|n| 1_u32 << n).take_while(|&n| n <= most).filter_map(NonZeroU32::new).collect();
        waiting.reverse();
        let measured = RebuildMeasure { cores: crew.cores() as u32, ..RebuildMeasure::default() };
        Measuring { replay, waiting, current: None, measured }
    }

    /// True when all is measured.
    #[inline(never)]
    pub(crate) fn step(&mut self, records: usize, crew: &mut dyn Crew) -> Result<bool, Failure> {
        let Some(mut rebuild) = self.current.take() else {
            let Some(shards) = self.waiting.pop() else {
                // Their memory is as large as the log.
                crew.dismiss();
                return Ok(true);
            };
            let position = self.replay.order().len();
            let rebuild = Rebuild::new(self.replay.clone(), position, shards, Text::Canonical, MAX_RUNS);
            self.current = Some(Box::new(rebuild));
            return Ok(false);
        };
        if !rebuild.step(records, crew)? {
            self.current = Some(rebuild);
            return Ok(false);
        }
        let Some(states) = rebuild.finish() else { return Ok(false) };
        let hash = states.hash();
        let measured = &mut self.measured;
        if measured.runs.is_empty() {
            measured.hash.clone_from(&hash);
            measured.entities = states.sorted().count() as u32;
            measured.events = states.sorted().map(|(_, state)| state.events as f64).sum();
        }
        measured.runs.push(RebuildRun {
            shards: states.shards,
            hand_out_ms: states.hand_out_ms,
            rebuild_ms: states.rebuild_ms,
            repeated: states.runs,
            is_same: states.is_same && hash == measured.hash,
        });
        Ok(false)
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.current.as_ref().is_some_and(|rebuild| rebuild.is_waiting())
    }

    /// Events handed out in the rebuild under way, and in all.
    pub(crate) fn progress(&self) -> (u64, u64) {
        self.current.as_ref().map_or((0, 1), |rebuild| rebuild.progress())
    }

    pub(crate) fn finish(self) -> RebuildMeasure {
        self.measured
    }
}

fn gone(detail: String) -> Failure {
    Failure::new("worker-gone", detail)
}
