//! Taking requests, answering the quick ones at once and the long ones step by step.

use crate::crew::{Alone, Crew, Shared};
use crate::follow::{Came, Following, Grown};
use crate::job::Job;
use crate::loaded::Loaded;
use crate::scenario::read_scenario;
use crate::sharing::get_ready;
use crate::{entity, lanes, locate, memory, rows, runs, search, simulate, stream, window, windows};
use replay_log::text::Fetch;
use replay_protocol::{Failure, Reply, Request, RequestId};
use replay_protocol::{LoadRequest, SourceSpec};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// Bytes that the host can give: a file in the browser, memory in a test.
pub trait ByteSource {
    /// Bytes in all.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends to `into` the bytes from `offset` on: `length` of them, or fewer if fewer are there by now. A source that needs its time
    /// says [`Read::Later`] and makes its host step the engine again once it has some.
    ///
    /// # Errors
    /// The host's own words, for people.
    fn read(&mut self, offset: u64, length: usize, into: &mut Vec<u8>) -> Result<Read, String>;

    /// The bytes from `offset` on, `length` of them or as many as there are, while the host waits: for a small piece.
    ///
    /// # Errors
    /// The host's own words, for people.
    fn read_now(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, String>;

    /// Says that [`ByteSource::read`] will be called soon, from the source's start on: one that needs its time may begin.
    fn get_ready(&mut self) {}

    /// What a source says of itself whose end is not known beforehand; `None` for all others. Its `len` is then the most there can be.
    fn stream(&self) -> Option<StreamState> {
        None
    }

    /// Where its bytes can be read again as long as the log is there; `None` if they are to be kept in memory.
    fn home(&self) -> Option<Arc<dyn Fetch>> {
        None
    }

    /// The same source, to be read from its start once more; `None` if the host cannot do that.
    fn again(&self) -> Option<Attachment> {
        None
    }

    /// A part of it for a hand of the crew, which reads it as a source of its own; `None` if the host cannot share it.
    fn share(&self, part: Range<u64>) -> Option<Shared> {
        let _ = part;
        None
    }
}

/// How a source is that goes on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StreamState {
    /// Bytes that may be expected in all; 0 if unknown.
    pub hint: u64,
    /// Records that wait in it.
    pub waiting: u64,
    /// New ones come as they are written.
    pub is_up: bool,
    /// Why they do not, or why it ended.
    pub failure: Option<Failure>,
}

/// What a source answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// So many bytes were appended; none at the end.
    Bytes(usize),
    /// None have come yet.
    Later,
}

/// What travels beside a request.
pub type Attachment = Box<dyn ByteSource>;

impl ByteSource for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }

    fn read(&mut self, offset: u64, length: usize, into: &mut Vec<u8>) -> Result<Read, String> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.as_slice().len());
        let end = start.saturating_add(length).min(self.as_slice().len());
        into.extend_from_slice(&self[start..end]);
        Ok(Read::Bytes(end - start))
    }

    fn read_now(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        self.read(offset, length, &mut bytes).map(|_| bytes)
    }
}

/// How much a step may do.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// About so many records.
    pub records: usize,
}

impl Budget {
    /// A budget of so many records.
    pub const fn records(records: usize) -> Budget {
        Budget { records }
    }
}

/// Whether there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Call again.
    Busy,
    /// Nothing until a source has more bytes or a request comes.
    Waiting,
    /// Nothing until the next request.
    Idle,
}

/// The loaded log and what is being done with it.
pub struct Engine {
    crew: Box<dyn Crew>,
    loaded: Option<Loaded>,
    quick: VecDeque<(RequestId, Request)>,
    waiting: VecDeque<(RequestId, Request, Vec<Attachment>)>,
    job: Option<(RequestId, Job)>,
    /// Jobs that were dropped and whose requests still want an answer.
    cancelled: Vec<RequestId>,
    generation: u32,
    following: Option<Following>,
    /// Bytes of memory that all this may take.
    memory: u64,
}

impl Default for Engine {
    fn default() -> Engine {
        Engine::new()
    }
}

impl Engine {
    /// Nothing loaded, no further hands and no clock.
    pub fn new() -> Engine {
        Engine::with_crew(Box::new(Alone::new(|| 0.0)))
    }

    /// Nothing loaded; what can be split is done by this crew.
    pub fn with_crew(crew: Box<dyn Crew>) -> Engine {
        Engine {
            crew,
            loaded: None,
            quick: VecDeque::new(),
            waiting: VecDeque::new(),
            job: None,
            cancelled: Vec::new(),
            generation: 0,
            following: None,
            memory: u64::MAX,
        }
    }

    /// Logs and jobs may take about so many bytes of memory: a load ends early there and says so, other jobs are refused.
    #[must_use]
    pub fn within(mut self, bytes: u64) -> Engine {
        self.memory = bytes;
        self
    }

    /// What is left beside the log that is held.
    fn room(&self) -> u64 {
        left_beside(self.memory, self.loaded.as_ref())
    }

    /// Holds a log that somebody else has made ready.
    pub(crate) fn hold(&mut self, loaded: Loaded) {
        self.loaded = Some(loaded);
    }

    /// Takes a request. It is answered by a later [`Engine::step`].
    #[inline(never)]
    pub fn accept(&mut self, id: RequestId, request: Request, attachments: Vec<Attachment>) {
        match request {
            Request::Cancel { job } => self.cancel(job),
            Request::GetReady => {
                if self.job.as_ref().is_none_or(|(_, job)| !job.uses_crew()) {
                    get_ready(self.crew.as_mut());
                }
            }
            Request::Load(_) => {
                // What replaces everything makes all that was under way pointless.
                self.waiting.retain(|(waiting, ..)| {
                    self.cancelled.push(*waiting);
                    false
                });
                self.drop_job();
                self.end_following();
                self.waiting.push_back((id, request, attachments));
            }
            Request::Follow { read, fresh } => {
                self.end_following();
                match attachments.into_iter().next() {
                    Some(source) => {
                        self.following = Some(Following::new(id, source, format!("{}.ndjson", read.plan.topic), fresh));
                    }
                    None => self.cancelled.push(id),
                }
            }
            Request::PauseFollow { paused } => {
                if let Some(following) = &mut self.following {
                    following.is_paused = paused;
                }
                self.cancelled.push(id);
            }
            Request::Configure(_)
            | Request::Hash { .. }
            | Request::Export { .. }
            | Request::Search(_)
            | Request::Preview(_)
            | Request::Words(_)
            | Request::SchemaIds
            | Request::Archive { .. }
            | Request::Simulate { .. }
            | Request::MeasureRebuild { .. }
            | Request::Compare(_) => {
                if matches!(request, Request::Simulate { .. } | Request::Preview(_)) {
                    // Of a control that is dragged only the latest position is worth a run.
                    self.waiting.retain(|(waiting, older, _)| {
                        let is_older = std::mem::discriminant(older) == std::mem::discriminant(&request);
                        if is_older {
                            self.cancelled.push(*waiting);
                        }
                        !is_older
                    });
                }
                if self.job.as_ref().is_some_and(|(_, job)| job.is_overtaken_by(&request)) {
                    self.drop_job();
                }
                self.waiting.push_back((id, request, attachments));
            }
            quick => self.quick.push_back((id, quick)),
        }
    }

    fn end_following(&mut self) {
        self.cancelled.extend(self.following.take().map(|following| following.id));
    }

    fn cancel(&mut self, wanted: RequestId) {
        if self.following.as_ref().is_some_and(|following| following.id == wanted) {
            // A job that makes the log anew for it goes on: its records are in no other log.
            self.end_following();
            return;
        }
        self.waiting.retain(|(id, ..)| {
            let is_wanted = *id == wanted;
            if is_wanted {
                self.cancelled.push(*id);
            }
            !is_wanted
        });
        if let Some((id, job)) = &mut self.job
            && *id == wanted
            && !job.stop_reading()
        {
            self.drop_job();
        }
    }

    /// Ends the job under way, and the work that others do for it.
    fn drop_job(&mut self) {
        if let Some((running, job)) = self.job.take() {
            self.cancelled.push(running);
            if job.uses_crew() {
                self.crew.dismiss();
            }
        }
    }

    /// The next quick request to answer: what follows the cursor first, since somebody looks at it; lists and lanes may come a moment later.
    fn next_quick(&mut self) -> Option<(RequestId, Request)> {
        let follows = |request: &Request| matches!(request, Request::Entity { .. } | Request::Record { .. });
        let at = self.quick.iter().position(|(_, request)| follows(request)).unwrap_or(0);
        self.quick.remove(at)
    }

    /// Answers one quick request, so that a more urgent one may come in before the next; when none is left, does a bounded piece of the
    /// current job.
    #[inline(never)]
    pub fn step(&mut self, budget: Budget, reply: &mut dyn FnMut(RequestId, Reply)) -> Step {
        for id in self.cancelled.drain(..) {
            reply(id, Reply::Cancelled);
        }
        if let Some((id, request)) = self.next_quick() {
            let answer = self.answer(&request);
            reply(id, self.loaded.as_ref().and_then(Loaded::trouble).map_or(answer, Reply::Failed));
            if !self.quick.is_empty() {
                return Step::Busy;
            }
        }
        if self.job.is_none()
            && let Some((id, request, attachments)) = self.waiting.pop_front()
        {
            match Job::new(request, attachments, self.loaded.as_ref(), self.room(), self.crew.as_ref()) {
                Ok(job) => self.job = Some((id, job)),
                Err(failure) => reply(id, Reply::Failed(failure)),
            }
        }
        if let Some((id, mut job)) = self.job.take() {
            match job.step(budget.records, self.room(), self.crew.as_mut(), &mut |answer| reply(id, answer)) {
                Ok(None) => {
                    if let Some(mut loaded) = job.take_beginning() {
                        self.generation += 1;
                        loaded.generation = self.generation;
                        reply(id, Reply::Begun(Box::new(loaded.summary())));
                        self.loaded = Some(loaded);
                    }
                    self.job = Some((id, job));
                }
                Ok(Some(done)) => {
                    if let Some(mut loaded) = done.loaded {
                        self.generation += 1;
                        loaded.generation = self.generation;
                        let summary = Box::new(loaded.summary());
                        let has_grown = self.following.as_mut().is_some_and(|following| {
                            following.id == id && !std::mem::replace(&mut following.is_fresh, false)
                        });
                        reply(id, if has_grown { Reply::Grown(summary) } else { Reply::Loaded(summary) });
                        self.loaded = Some(*loaded);
                    } else {
                        if let (Some(simulated), Some(loaded)) = (done.simulated, &mut self.loaded) {
                            loaded.simulated = simulated;
                        }
                        reply(id, done.reply);
                    }
                }
                Err(failure) => {
                    if failure.code == "worker-gone" {
                        self.crew.dismiss();
                    }
                    // Its asker hears that it failed, and nothing after that.
                    self.following.take_if(|following| following.id == id);
                    reply(id, Reply::Failed(failure));
                }
            }
        }
        let has_more = self.follow(reply);
        match &self.job {
            _ if has_more || !self.cancelled.is_empty() => Step::Busy,
            Some((_, job)) if job.is_waiting() && !(job.uses_crew() && self.crew.has_answer()) => Step::Waiting,
            // Nobody waits for this, so it is done where nothing else is to do.
            None if self.waiting.is_empty() => {
                let room = self.room();
                if self.loaded.as_mut().is_none_or(|loaded| loaded.fill(room)) { Step::Idle } else { Step::Busy }
            }
            _ => Step::Busy,
        }
    }

    /// Puts behind the log what has come to follow it; true if there may be more at once.
    #[inline(never)]
    fn follow(&mut self, reply: &mut dyn FnMut(RequestId, Reply)) -> bool {
        let Some(following) = &mut self.following else { return false };
        let id = following.id;
        if let Some(news) = following.news() {
            reply(id, Reply::Following(news));
        }
        // Not while another log is being made: what comes waits for that one.
        let makes_log = |request: &Request| matches!(request, Request::Load(_) | Request::Configure(_));
        if self.job.as_ref().is_some_and(|(_, job)| job.makes_log())
            || self.waiting.iter().any(|(_, request, _)| makes_log(request))
        {
            return false;
        }
        let text = match following.take() {
            Came::Text(text) => text,
            Came::Nothing => return false,
            Came::End(failure) => {
                self.following = None;
                reply(id, failure.map_or(Reply::Cancelled, Reply::Failed));
                return false;
            }
        };
        if following.is_fresh || self.loaded.is_none() {
            following.is_fresh = true;
            let size = Some(text.len() as f64);
            let source = SourceSpec { name: following.name.clone(), text: None, size };
            let load = LoadRequest { sources: vec![source], ..LoadRequest::default() };
            match Job::new(Request::Load(load), vec![Box::new(text)], None, u64::MAX, self.crew.as_ref()) {
                Ok(job) => {
                    self.drop_job();
                    self.job = Some((id, job));
                }
                Err(failure) => {
                    self.following = None;
                    reply(id, Reply::Failed(failure));
                }
            }
            return true;
        }
        let room = left_beside(self.memory, self.loaded.as_ref());
        let log = self.loaded.as_ref().map(|loaded| loaded.replay.log().footprint()).unwrap_or_default();
        if memory::to_append(&log) > room {
            self.following = None;
            reply(id, Reply::Failed(memory::full(log.records as usize)));
            return false;
        }
        let Some(loaded) = self.loaded.take_if(|loaded| loaded.origin.continuation.is_some()) else {
            self.following = None;
            reply(id, Reply::Failed(Failure::new("cannot-follow", "")));
            return false;
        };
        match loaded.append(text) {
            Ok((Grown::Ready(mut loaded), appended)) => {
                self.generation += 1;
                loaded.generation = self.generation;
                following.appended += appended;
                if appended > 0 {
                    reply(id, Reply::Grown(Box::new(loaded.summary())));
                }
                self.loaded = Some(*loaded);
            }
            Ok((Grown::Anew { origin, wanted, log }, appended)) => {
                following.appended += appended;
                self.drop_job();
                self.job = Some((id, Job::made_anew(*origin, *wanted, log)));
            }
            Err(failure) => {
                self.following = None;
                reply(id, Reply::Failed(failure));
            }
        }
        true
    }

    #[inline(never)]
    fn answer(&mut self, request: &Request) -> Reply {
        if let Request::ReadScenario { text } = request {
            return match read_scenario(text) {
                Ok(scenario) => Reply::Scenario(Box::new(scenario)),
                Err(error) => Reply::Failed(crate::said::bad_scenario(error)),
            };
        }
        let Some(loaded) = &mut self.loaded else { return Reply::Failed(no_log()) };
        match request {
            Request::Rows { start, end } => Reply::Rows { rows: window::rows(loaded, *start, *end) },
            Request::Runs(asked) => Reply::Runs(runs::page(loaded, asked)),
            Request::Entities { filter, start, count, position } => {
                window::entities(loaded, filter, *start, *count, *position)
            }
            Request::Entity { entity, position } => entity::view(loaded, *entity, *position)
                .map_or_else(|| Reply::Failed(no_entity(*entity)), |view| Reply::Entity(Box::new(view))),
            Request::History { entity, start, count } => entity::history(loaded, *entity, *start, *count),
            Request::Lanes { start, end, columns, entity } => {
                Reply::Lanes(lanes::tile(loaded, *start, *end, *columns, *entity))
            }
            Request::Record { position } => window::record(loaded, *position).map_or_else(
                || Reply::Failed(Failure::new("no-record", position.to_string())),
                |record| Reply::Record(Box::new(record)),
            ),
            Request::Locate(place) => locate::locate(loaded, place),
            Request::Marks { entity, columns } => lanes::marks(loaded, *entity, *columns),
            Request::StateHash { entity, position } => entity::hash(loaded, *entity, *position)
                .map_or_else(|| Reply::Failed(no_entity(*entity)), |hash| Reply::Hash { hash }),
            Request::ReadCost { entity, position } => search::read_cost(loaded, *entity, *position)
                .map_or_else(|| Reply::Failed(no_entity(*entity)), Reply::ReadCost),
            Request::Windows { position, window_ms } => Reply::Windows(windows::count(loaded, *position, *window_ms)),
            Request::RowChanges { entity, start, count } => rows::changes(loaded, *entity, *start, *count)
                .map_or_else(|| Reply::Failed(no_entity(*entity)), |changes| Reply::RowChanges(Box::new(changes))),
            Request::Stream(asked) => stream::view(loaded, asked)
                .map_or_else(|| Reply::Failed(no_entity(asked.entity)), |view| Reply::Stream(Box::new(view))),
            Request::Diverged { filter, start, count, .. } => simulate::diverged(loaded, filter, *start, *count),
            Request::SimulatedEntity { entity, .. } => simulate::compared(loaded, *entity),
            Request::SimulationLanes { start_ms, end_ms, columns, .. } => {
                simulate::lanes(loaded, *start_ms, *end_ms, *columns)
            }
            Request::Load(_)
            | Request::Preview(_)
            | Request::Simulate { .. }
            | Request::MeasureRebuild { .. }
            | Request::ReadScenario { .. }
            // The host asks servers itself; a load of topics comes here as a load.
            | Request::Kafka(_)
            | Request::LoadKafka { .. }
            | Request::Follow { .. }
            | Request::PauseFollow { .. }
            | Request::Cancel { .. }
            | Request::GetReady
            | Request::Configure(_)
            | Request::Hash { .. }
            | Request::Export { .. }
            | Request::Search(_)
            | Request::SchemaIds
            | Request::Words(_)
            | Request::Archive { .. }
            | Request::Compare(_) => {
                Reply::Failed(Failure::new("unreadable", "not a quick request"))
            }
        }
    }
}

/// What is left of so many bytes beside a log that is held.
fn left_beside(memory: u64, held: Option<&Loaded>) -> u64 {
    // Nothing need be counted where there is no end.
    if memory == u64::MAX { memory } else { memory.saturating_sub(held.map_or(0, Loaded::memory)) }
}

/// The failure of asking before anything is loaded.
pub(crate) fn no_log() -> Failure {
    Failure::new("no-log", "")
}

fn no_entity(entity: u32) -> Failure {
    Failure::new("no-entity", entity.to_string())
}
