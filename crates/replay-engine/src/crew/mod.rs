//! Further hands: engines that the host runs beside this one, each in a worker or thread of its own, without any memory in common.
//!
//! What goes to a hand and what comes back are bytes, which a browser hands over without copying them once more, and slices of sources,
//! which travel as handles. A [`Crew`] is the end of the engine that has work to give; a [`Hand`] is the other end.

mod shard;
mod slice;
#[cfg(not(target_arch = "wasm32"))]
mod threads;
mod wire;

pub(crate) use shard::{Piece, States, begin, forget, to_fold};
pub use shard::{RebuiltState, Text};
pub(crate) use slice::to_read;
#[cfg(not(target_arch = "wasm32"))]
pub use threads::Threads;

use crate::engine::{Attachment, Budget, Step};
use shard::Shard;
use slice::{Slice, Slices, get_ready};
use std::any::Any;
use std::collections::VecDeque;
use wire::Reader;

/// Chosen by whoever gives a task; its answer carries it.
pub type Ticket = u32;

/// Work for a hand.
#[derive(Default)]
pub struct Task {
    /// What to do; the first byte tells the kind.
    pub bytes: Vec<u8>,
    /// Slices that it may read.
    pub sources: Vec<Shared>,
}

/// A slice of a source on its way to another worker: only the host that made it knows what it is.
pub struct Shared(pub Box<dyn Any>);

/// What became of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The task's.
    pub ticket: Ticket,
    /// What the hand gave, or, in the host's words, why it could not: the task was refused, or the hand is gone.
    pub outcome: Result<Vec<u8>, String>,
}

/// The hands that a host can set to work.
pub trait Crew {
    /// How many processors the machine has for this, as far as the host knows; at least 1.
    fn cores(&self) -> usize;

    /// How many hands there can be; at least 1, which may be the engine's own.
    fn size(&self) -> usize;

    /// Gives a task to the hand of that number, which does its tasks one after the other. It is started if it is not there. Every task
    /// is answered, also when the hand breaks down.
    fn submit(&mut self, hand: usize, ticket: Ticket, task: Task);

    /// An answer that has come. When there is none, the host steps the engine again as soon as one comes.
    fn poll(&mut self) -> Option<Answer>;

    /// Whether [`Crew::poll`] would give one.
    fn has_answer(&mut self) -> bool;

    /// Ends all hands, with their memory; tasks that are under way get no answer. The next task starts new ones.
    fn dismiss(&mut self);

    /// The host's clock in milliseconds, for measuring.
    fn now_ms(&self) -> f64;
}

/// One hand and no more, on the spot: for hosts without workers or threads.
pub struct Alone {
    hand: Hand,
    answers: VecDeque<Answer>,
    now_ms: fn() -> f64,
}

impl Alone {
    /// With the host's clock.
    pub fn new(now_ms: fn() -> f64) -> Alone {
        Alone { hand: Hand::new(), answers: VecDeque::new(), now_ms }
    }
}

impl Crew for Alone {
    fn cores(&self) -> usize {
        1
    }

    fn size(&self) -> usize {
        1
    }

    fn submit(&mut self, _: usize, ticket: Ticket, task: Task) {
        // A slice can be read only where its host has put it.
        self.hand.accept(ticket, task.bytes, Vec::new());
        while self.hand.step(Budget::records(usize::MAX), &mut |answer| self.answers.push_back(answer)) == Step::Busy {}
    }

    fn poll(&mut self) -> Option<Answer> {
        self.answers.pop_front()
    }

    fn has_answer(&mut self) -> bool {
        !self.answers.is_empty()
    }

    fn dismiss(&mut self) {
        *self = Alone::new(self.now_ms);
    }

    fn now_ms(&self) -> f64 {
        (self.now_ms)()
    }
}

/// Kinds of tasks: the first byte.
const KEEP: u8 = 0;
const FOLD: u8 = 1;
const FORGET: u8 = 2;
const BEGIN: u8 = 4;
const READ: u8 = 3;

/// The other end of a crew: does tasks one after the other.
#[derive(Default)]
pub struct Hand {
    waiting: VecDeque<(Ticket, Vec<u8>, Vec<Attachment>)>,
    shard: Shard,
    slices: Slices,
    /// A task that takes many steps.
    reading: Option<(Ticket, Slice)>,
}

impl Hand {
    /// Without a task.
    pub fn new() -> Hand {
        Hand::default()
    }

    /// Takes a task. It is answered by a later [`Hand::step`].
    pub fn accept(&mut self, ticket: Ticket, bytes: Vec<u8>, sources: Vec<Attachment>) {
        self.waiting.push_back((ticket, bytes, sources));
    }

    /// Does a piece of the first task.
    #[inline(never)]
    pub fn step(&mut self, budget: Budget, answer: &mut dyn FnMut(Answer)) -> Step {
        if let Some((ticket, slice)) = &mut self.reading {
            if slice.is_nearly_read()
                && let Some((_, _, sources)) = self.waiting.front_mut()
            {
                get_ready(sources);
            }
            let outcome = match self.slices.step(slice, budget.records) {
                None => return Step::Busy,
                Some(Ok(None)) => return Step::Waiting,
                Some(Ok(Some(part))) => Ok(part),
                Some(Err(detail)) => Err(detail),
            };
            answer(Answer { ticket: *ticket, outcome });
            self.reading = None;
        } else if let Some((ticket, bytes, sources)) = self.waiting.pop_front() {
            let outcome = match bytes.first() {
                Some(&KEEP) => self.shard.keep(bytes).map(|()| Vec::new()),
                Some(&FORGET) => {
                    (self.shard, self.slices) = (Shard::default(), Slices::default());
                    Ok(Vec::new())
                }
                Some(&BEGIN) => Shard::begin(&mut Reader::new(&bytes[1..])).map(|shard| {
                    self.shard = shard;
                    Vec::new()
                }),
                Some(&FOLD) => self.shard.fold(&mut Reader::new(&bytes[1..])),
                Some(&READ) => match self.slices.begin(&bytes[1..], sources) {
                    Ok(slice) => {
                        self.reading = Some((ticket, slice));
                        return Step::Busy;
                    }
                    Err(detail) => Err(detail),
                },
                _ => Err("a task of an unknown kind".to_owned()),
            };
            answer(Answer { ticket, outcome });
        }
        if self.waiting.is_empty() { Step::Idle } else { Step::Busy }
    }
}
