//! Following: a source that goes on, whose records are put behind those of the log as they come.

use crate::engine::{Attachment, Read, StreamState};
use crate::job::Wanted;
use crate::loaded::{Loaded, MAX_TYPES, Origin, problem};
use replay_core::Replay;
use replay_log::{EntityId, Log};
use replay_protocol::{EventType, Failure, FollowState, RequestId};
use std::sync::Arc;

/// Bytes taken at once.
const PIECE: usize = 4 << 20;
/// Problems that are told one by one.
const MAX_PROBLEMS: usize = 200;

/// What follows the log.
pub(crate) struct Following {
    pub(crate) id: RequestId,
    pub(crate) source: Attachment,
    /// The topic.
    pub(crate) name: String,
    /// The first records replace the log.
    pub(crate) is_fresh: bool,
    pub(crate) is_paused: bool,
    pub(crate) appended: u64,
    at: u64,
    told: Option<FollowState>,
}

/// What a look at the source brought.
pub(crate) enum Came {
    /// Whole lines.
    Text(Vec<u8>),
    Nothing,
    /// It is over; why, if it was not meant to be.
    End(Option<Failure>),
}

impl Following {
    pub(crate) fn new(id: RequestId, source: Attachment, name: String, is_fresh: bool) -> Following {
        Following { id, source, name, is_fresh, is_paused: false, appended: 0, at: 0, told: None }
    }

    /// Takes what has come.
    pub(crate) fn take(&mut self) -> Came {
        if self.is_paused {
            return Came::Nothing;
        }
        let mut text = Vec::new();
        match self.source.read(self.at, PIECE, &mut text) {
            Ok(Read::Later) => Came::Nothing,
            Ok(Read::Bytes(0)) => Came::End(self.stream().failure),
            Ok(Read::Bytes(n)) => {
                self.at += n as u64;
                Came::Text(text)
            }
            Err(detail) => {
                let failure = Failure::new("unreadable", detail);
                Came::End(self.stream().failure.or(Some(failure)))
            }
        }
    }

    fn stream(&self) -> StreamState {
        self.source.stream().unwrap_or_default()
    }

    /// How it is going, if that is news.
    pub(crate) fn news(&mut self) -> Option<FollowState> {
        let StreamState { waiting, is_up, failure, .. } = self.stream();
        let now = FollowState { is_up, failure, waiting, appended: self.appended, is_paused: self.is_paused };
        if self.told.as_ref() == Some(&now) {
            return None;
        }
        self.told = Some(now.clone());
        Some(now)
    }
}

/// What became of a log that got more records.
pub(crate) enum Grown {
    /// It is ready.
    Ready(Box<Loaded>),
    /// The new records lie among the old ones in the replay order, so order and states are to be made anew.
    Anew { origin: Box<Origin>, wanted: Box<Wanted>, log: Log },
}

impl Loaded {
    /// Puts the records of these lines behind the others. Gives how many there were, too.
    pub(crate) fn append(self, text: Vec<u8>) -> Result<(Grown, u64), Failure> {
        let Loaded { mut origin, configuration, replay, mut states, mut ends, .. } = self;
        let wanted = Wanted::new(&configuration, &origin.guessed)?;
        let Some(continuation) = origin.continuation.clone() else {
            return Err(Failure::new("cannot-follow", origin.format));
        };
        let (mut more, errors, n_errors) = continuation.read(text);
        if configuration.key_by != origin.guessed.key_by {
            more = more.rekey(configuration.key_by.as_deref().unwrap_or_default()).finish();
        }
        origin.error_count += n_errors;
        let room = MAX_PROBLEMS.saturating_sub(origin.errors.len());
        origin.errors.extend(errors.iter().take(room).map(|error| problem(error, &[])));
        // Whoever else holds the log would keep it from growing in place; a simulation was of the log as it was.
        let simulated = self.simulated.dropped();
        states.let_go();
        ends.let_go();
        let (mut log, order, rest) = replay.into_parts();
        let n_entities = log.n_entities();
        let done = log.append(&more);
        let appended = log.len() as u64 - u64::from(done.from);
        let order = match order.grown(&log, wanted.schedule) {
            Some(order) if !done.has_truncates => Arc::new(order),
            _ => return Ok((Grown::Anew { origin: Box::new(origin), wanted: Box::new(wanted), log }, appended)),
        };
        let nothing = Replay::default();
        let replay = rest.with(nothing.log().clone(), Arc::default()).grown(log, order, &done);
        let ends = ends.grown(replay.clone(), &done);
        let states = states.of_grown(replay.clone());
        let mut loaded = Loaded {
            origin,
            configuration,
            replay,
            states,
            ends,
            filtered: None,
            last_tile: None,
            runs: None,
            generation: self.generation,
            sorted: self.sorted,
            types: self.types,
            type_places: self.type_places,
            simulated,
            words: crate::words::Kept::default(),
            filled: self.filled,
        };
        loaded.list_entities(n_entities as EntityId);
        loaded.count_types();
        Ok((Grown::Ready(Box::new(loaded)), appended))
    }

    /// Puts the entities from this one on into their places in the list.
    fn list_entities(&mut self, from: EntityId) {
        let log = self.replay.log();
        let name = |entity: EntityId| (log.entity_topic(entity), log.entity_name(entity));
        let mut new: Vec<EntityId> = (from..log.n_entities() as EntityId).collect();
        if new.is_empty() {
            return;
        }
        new.sort_unstable_by(|&a, &b| name(a).cmp(&name(b)));
        let mut sorted = Vec::with_capacity(log.n_entities());
        let mut old = self.sorted.as_slice();
        for entity in new {
            let (before, after) = old.split_at(old.partition_point(|&other| name(other) < name(entity)));
            sorted.extend_from_slice(before);
            sorted.push(entity);
            old = after;
        }
        sorted.extend_from_slice(old);
        self.sorted = sorted;
    }

    /// Counts types anew. Those of the legend keep their places, so that no colour changes; new ones come behind.
    fn count_types(&mut self) {
        let log = self.replay.log();
        for id in self.type_places.len() as u32..log.n_types() as u32 {
            let place = self.types.len().min(MAX_TYPES - 1);
            self.type_places.push(place as u32);
            if self.types.len() < MAX_TYPES {
                let name = if place == MAX_TYPES - 1 { "…" } else { log.type_name(id) };
                self.types.push(EventType { name: name.to_owned(), records: 0 });
            }
        }
        for event_type in &mut self.types {
            event_type.records = 0;
        }
        for (id, place) in self.type_places.iter().enumerate() {
            if let Some(event_type) = self.types.get_mut(*place as usize) {
                event_type.records += log.type_count(id as u32);
            }
        }
    }
}
