//! Long work in steps: load, configure, hash, export.

use crate::archive::Archiving;
use crate::compare::Comparing;
use crate::crew::Crew;
use crate::engine::{Attachment, no_log};
use crate::export::Export;
use crate::load::Reading;
use crate::loaded::{Loaded, Origin, looked_at};
use crate::memory;
use crate::preview::preview;
use crate::rebuild::Measuring;
use crate::schemas::SchemaIdsJob;
use crate::search::Searching;
use crate::simulate::{Simulated, SimulationJob};
use crate::words::WordsJob;
use replay_core::{CheckpointJob, HashJob, Preparation, Projection, ProjectionError, Replay};
use replay_log::log::Rekey;
use replay_log::{Log, Order, Schedule};
use replay_protocol::{Configuration, Failure, Progress, Reply, Request, Said};
use std::sync::Arc;

/// A job under way.
pub(crate) enum Job {
    Load(Box<Reading>),
    Preview(Box<Reading>),
    Rekey {
        origin: Origin,
        wanted: Wanted,
        rekey: Box<Rekey>,
        is_configure: bool,
    },
    Order {
        origin: Origin,
        wanted: Wanted,
        log: Log,
        is_configure: bool,
    },
    Prepare {
        origin: Origin,
        wanted: Wanted,
        preparation: Box<Preparation>,
        is_configure: bool,
    },
    Fold {
        origin: Origin,
        wanted: Wanted,
        replay: Replay,
        states: Box<CheckpointJob>,
        is_configure: bool,
    },
    Hash(Box<HashJob>),
    Export(Box<Export>),
    Search(Box<Searching>),
    Compare(Box<Comparing>),
    Words(Box<WordsJob>),
    SchemaIds(Box<SchemaIdsJob>),
    Archive(Box<Archiving>),
    Simulate(Box<SimulationJob>),
    Measure(Box<Measuring>),
    /// Between two stages.
    Nothing,
}

/// What a finished job gives: a log to hold from now on, or just an answer.
pub(crate) struct Done {
    pub(crate) loaded: Option<Box<Loaded>>,
    pub(crate) simulated: Option<Simulated>,
    pub(crate) reply: Reply,
}

/// A configuration that was checked.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) projection: Projection,
    pub(crate) schedule: Schedule,
    pub(crate) configuration: Configuration,
}

impl Wanted {
    /// What is asked for, with the guesses where nothing is.
    pub(crate) fn new(asked: &Configuration, guessed: &Configuration) -> Result<Wanted, Failure> {
        let choose = |asked: &Option<String>, guessed: &Option<String>| {
            asked.clone().or_else(|| guessed.clone()).unwrap_or_default()
        };
        let program = asked.jq.clone().or_else(|| guessed.jq.clone());
        let projection = match (&asked.projection, &asked.jq) {
            // A program alone means that it is to be run.
            (None, Some(_)) => "jq".to_owned(),
            _ => choose(&asked.projection, &guessed.projection),
        };
        let schedule = choose(&asked.schedule, &guessed.schedule);
        let key_by = choose(&asked.key_by, &guessed.key_by);
        if !key_by.is_empty() && !key_by.starts_with('/') {
            return Err(Failure::new("bad-pointer", key_by));
        }
        Ok(Wanted {
            projection: Projection::new(&projection, program.as_deref()).map_err(|error| match error {
                ProjectionError::Unknown(name) => Failure::new("bad-projection", name),
                ProjectionError::NoProgram => Failure::saying("bad-jq", Said::new("jq-none", &[], error.to_string())),
                ProjectionError::Program(error) => crate::said::bad_program(&error),
            })?,
            schedule: schedule.parse().map_err(|_| Failure::new("bad-schedule", schedule.clone()))?,
            configuration: Configuration {
                projection: Some(projection),
                // Kept under another projection too, so that whoever goes back to jq finds it.
                jq: program,
                key_by: Some(key_by),
                schedule: Some(schedule),
            },
        })
    }
}

impl Job {
    #[inline(never)]
    pub(crate) fn new(
        request: Request,
        attachments: Vec<Attachment>,
        loaded: Option<&Loaded>,
        room: u64,
        crew: &dyn Crew,
    ) -> Result<Job, Failure> {
        if let Request::Load(load) = request {
            // A mistake in what is asked for is told before a long file is read.
            Wanted::new(
                &load.configuration,
                &Configuration {
                    projection: Some("latest".into()),
                    schedule: Some("file".into()),
                    ..Configuration::default()
                },
            )?;
            return Ok(Job::Load(Box::new(Reading::new(load, attachments)?)));
        }
        if let Request::Preview(load) = request {
            return Ok(Job::Preview(Box::new(Reading::new(load, attachments)?)));
        }
        let loaded = loaded.ok_or_else(no_log)?;
        memory::check(&request, loaded.replay.log(), room)?;
        match request {
            Request::Configure(asked) => {
                let wanted = Wanted::new(&asked, &loaded.origin.guessed)?;
                let log = loaded.replay.log();
                let origin = loaded.origin.clone();
                if wanted.configuration.key_by == loaded.configuration.key_by {
                    return Ok(Job::Order { origin, wanted, log: log.clone(), is_configure: true });
                }
                let guessed = loaded.origin.guessed.key_by.as_deref().unwrap_or_default();
                let pointer = wanted.configuration.key_by.clone().unwrap_or_default();
                // The reader's guess is built into how it decodes; going back to it means the records' own entity.
                let pointer = if pointer == guessed { String::new() } else { pointer };
                Ok(Job::Rekey { origin, wanted, rekey: Box::new(log.rekey(&pointer)), is_configure: true })
            }
            Request::Simulate { scenario } => Ok(Job::Simulate(Box::new(SimulationJob::new(*scenario, loaded)?))),
            Request::MeasureRebuild { shards } => {
                Ok(Job::Measure(Box::new(Measuring::new(loaded.replay.whole(), shards, crew))))
            }
            Request::Hash { position } => Ok(Job::Hash(Box::new(HashJob::new(loaded.replay.whole(), position)))),
            Request::Search(wanted) => Ok(Job::Search(Box::new(Searching::new(loaded, *wanted)?))),
            Request::SchemaIds => Ok(Job::SchemaIds(Box::new(SchemaIdsJob::new(loaded)))),
            Request::Words(wanted) => Ok(Job::Words(Box::new(WordsJob::new(loaded, wanted)))),
            Request::Archive { position } => {
                Ok(Job::Archive(Box::new(Archiving::new(loaded.replay.whole(), position))))
            }
            Request::Compare(asked) => Ok(Job::Compare(Box::new(Comparing::new(loaded, &asked)?))),
            Request::Export { format } => Ok(Job::Export(Box::new(Export::new(loaded.replay.log().whole(), &format)?))),
            _ => Err(no_log()),
        }
    }

    /// Order and states of a log that has grown in the middle of its order.
    pub(crate) fn made_anew(origin: Origin, wanted: Wanted, log: Log) -> Job {
        // Nothing may overtake it: the new records are in no other log.
        Job::Order { origin, wanted, log, is_configure: false }
    }

    /// Whether its end is another log.
    pub(crate) fn makes_log(&self) -> bool {
        matches!(self, Job::Load(_) | Job::Rekey { .. } | Job::Order { .. } | Job::Prepare { .. } | Job::Fold { .. })
    }

    pub(crate) fn is_configure(&self) -> bool {
        match self {
            Job::Rekey { is_configure, .. }
            | Job::Order { is_configure, .. }
            | Job::Prepare { is_configure, .. }
            | Job::Fold { is_configure, .. } => *is_configure,
            _ => false,
        }
    }

    /// Whether nobody waits for this job any more once `request` is there.
    pub(crate) fn is_overtaken_by(&self, request: &Request) -> bool {
        match request {
            Request::Configure(_) => {
                self.is_configure() || matches!(self, Job::Search(_) | Job::Compare(_) | Job::Measure(_))
            }
            Request::Search(_) => matches!(self, Job::Search(_)),
            Request::Archive { .. } => matches!(self, Job::Archive(_)),
            Request::Compare(_) => matches!(self, Job::Compare(_)),
            Request::Simulate { .. } => matches!(self, Job::Simulate(_)),
            Request::MeasureRebuild { .. } => matches!(self, Job::Measure(_)),
            _ => false,
        }
    }

    /// Keeps what a load has read so far; false if this job has nothing to keep.
    pub(crate) fn stop_reading(&mut self) -> bool {
        match self {
            Job::Load(reading) => {
                reading.stop();
                true
            }
            _ => false,
        }
    }

    /// Whether it can go on only when more bytes or the answers of others have come.
    pub(crate) fn is_waiting(&self) -> bool {
        match self {
            Job::Load(reading) => reading.is_waiting(),
            Job::Measure(measuring) => measuring.is_waiting(),
            _ => false,
        }
    }

    /// The beginning of a long log that is being read, once it can be looked at.
    #[inline(never)]
    pub(crate) fn take_beginning(&mut self) -> Option<Loaded> {
        let Job::Load(reading) = self else { return None };
        let (log, origin, asked) = reading.take_beginning()?;
        let wanted = Wanted::new(&asked, &origin.guessed).ok()?;
        // A program may take its time.
        if log.is_empty() || matches!(wanted.projection, Projection::Jq(_)) {
            return None;
        }
        let order = Arc::new(Order::new(&log, wanted.schedule));
        let log = looked_at(log, &wanted.projection);
        let replay = Replay::prepare(log, order, wanted.projection.clone()).finish();
        let ends = CheckpointJob::new(replay.clone(), replay.order().len()).finish();
        Some(Loaded::new(origin, wanted.configuration, replay, ends))
    }

    /// Whether others work for it.
    pub(crate) fn uses_crew(&self) -> bool {
        match self {
            Job::Load(reading) => reading.is_shared(),
            Job::Measure(_) => true,
            _ => false,
        }
    }

    /// A piece of work, which may take `room` bytes of memory beside the log that is held. `Ok(Some)` when all is done.
    #[inline(never)]
    pub(crate) fn step(
        &mut self,
        records: usize,
        room: u64,
        crew: &mut dyn Crew,
        reply: &mut dyn FnMut(Reply),
    ) -> Result<Option<Done>, Failure> {
        // What is called for each slice of a file is small, so that a browser has little to compile while it loads.
        if let Job::Load(reading) = self
            && !reading.step(records, room, crew)?
        {
            reply(Reply::Progress(reading.progress()));
            return Ok(None);
        }
        self.go_on(records, room, crew, reply)
    }

    #[inline(never)]
    fn go_on(
        &mut self,
        records: usize,
        room: u64,
        crew: &mut dyn Crew,
        reply: &mut dyn FnMut(Reply),
    ) -> Result<Option<Done>, Failure> {
        let stage = |stage: &str, done: u64, total: u64| {
            Reply::Progress(Progress {
                stage: stage.to_owned(),
                done: done as f64,
                total: Some(total as f64),
                records: total as f64,
            })
        };
        match std::mem::replace(self, Job::Nothing) {
            Job::Load(reading) => {
                let (log, origin, asked) = reading.finish(reply)?;
                let wanted = Wanted::new(&asked, &origin.guessed)?;
                *self = Job::Order { origin, wanted, log, is_configure: false };
            }
            Job::Preview(mut reading) => {
                let preview = Reply::Preview(Box::new(preview(reading.head()?)));
                return Ok(Some(Done { loaded: None, simulated: None, reply: preview }));
            }
            Job::Rekey { origin, wanted, mut rekey, is_configure } => {
                if rekey.step(records) {
                    *self = Job::Order { origin, wanted, log: rekey.finish(), is_configure };
                } else {
                    let new = rekey.footprint();
                    if new.index.saturating_add(memory::to_open(&new, 1, wanted.schedule)) > room {
                        return Err(memory::full(rekey.total()));
                    }
                    reply(stage("index", rekey.done() as u64, rekey.total() as u64));
                    *self = Job::Rekey { origin, wanted, rekey, is_configure };
                }
            }
            Job::Order { origin, wanted, log, is_configure } => {
                let order = Arc::new(Order::new(&log, wanted.schedule));
                let log = looked_at(log, &wanted.projection);
                let (snapshots, _) = memory::shares(&log.footprint(), wanted.schedule, left(room, &log, is_configure));
                let preparation = Box::new(Replay::prepare(log, order, wanted.projection.clone()).within(snapshots));
                *self = Job::Prepare { origin, wanted, preparation, is_configure };
            }
            Job::Prepare { origin, wanted, mut preparation, is_configure } => {
                if preparation.step(records) {
                    let replay = preparation.finish();
                    let log = replay.log();
                    let left = left(room, log, is_configure).saturating_sub(replay.memory());
                    let (_, fields) = memory::shares(&log.footprint(), wanted.schedule, left);
                    let states = Box::new(CheckpointJob::new(replay.clone(), replay.order().len()).within(fields));
                    *self = Job::Fold { origin, wanted, replay, states, is_configure };
                    return Ok(None);
                }
                let (done, total) = preparation.progress();
                reply(stage("fold", done, total));
                *self = Job::Prepare { origin, wanted, preparation, is_configure };
            }
            Job::Fold { origin, wanted, replay, mut states, is_configure } => {
                // An event costs a look-up here, no reading.
                if states.step(records.saturating_mul(20)) {
                    let loaded = Loaded::new(origin, wanted.configuration, replay, states.finish());
                    return Ok(Some(Done { loaded: Some(Box::new(loaded)), simulated: None, reply: Reply::Cancelled }));
                }
                let (done, total) = states.progress();
                reply(stage("fold", done, total));
                *self = Job::Fold { origin, wanted, replay, states, is_configure };
            }
            Job::Hash(mut job) => {
                if job.step(records / 8 + 1) {
                    return Ok(Some(Done { loaded: None, simulated: None, reply: Reply::Hash { hash: job.finish() } }));
                }
                let (done, total) = job.progress();
                reply(stage("hash", done, total));
                *self = Job::Hash(job);
            }
            Job::Simulate(mut job) => {
                if let Some((simulated, answer)) = job.step(records, reply)? {
                    return Ok(Some(Done { loaded: None, simulated: Some(simulated), reply: answer }));
                }
                *self = Job::Simulate(job);
            }
            Job::Measure(mut measuring) => {
                if measuring.step(records, crew)? {
                    let rebuilt = Reply::Rebuilt(measuring.finish());
                    return Ok(Some(Done { loaded: None, simulated: None, reply: rebuilt }));
                }
                let (done, total) = measuring.progress();
                reply(stage("rebuild", done, total));
                *self = Job::Measure(measuring);
            }
            Job::Export(mut export) => {
                let (bytes, last) = export.step(records);
                let chunk = Reply::Chunk { bytes, last };
                if last {
                    return Ok(Some(Done { loaded: None, simulated: None, reply: chunk }));
                }
                reply(chunk);
                *self = Job::Export(export);
            }
            Job::Search(mut search) => {
                let found = search.step(records);
                if found.last {
                    return Ok(Some(Done { loaded: None, simulated: None, reply: Reply::Found(found) }));
                }
                reply(Reply::Found(found));
                *self = Job::Search(search);
            }
            Job::Words(mut words) => {
                // Taking a record apart costs several times what a look at it does.
                if let Some(found) = words.step(records / 4 + 1) {
                    return Ok(Some(Done { loaded: None, simulated: None, reply: Reply::Words(found) }));
                }
                let (done, total) = words.progress();
                reply(stage("words", done, total));
                *self = Job::Words(words);
            }
            Job::SchemaIds(mut job) => {
                if let Some(ids) = job.step(records) {
                    return Ok(Some(Done { loaded: None, simulated: None, reply: Reply::SchemaIds { ids } }));
                }
                let (done, total) = job.progress();
                reply(stage("schemas", done, total));
                *self = Job::SchemaIds(job);
            }
            Job::Archive(mut archive) => {
                if archive.step(records / 2 + 1)? {
                    let archive = Reply::Archived(Box::new(archive.finish()));
                    return Ok(Some(Done { loaded: None, simulated: None, reply: archive }));
                }
                let (done, total) = archive.progress();
                reply(stage("archive", done, total));
                *self = Job::Archive(archive);
            }
            Job::Compare(mut comparing) => {
                if comparing.step(records) {
                    let compared = Reply::Compared(Box::new(comparing.finish()));
                    return Ok(Some(Done { loaded: None, simulated: None, reply: compared }));
                }
                let (name, done, total) = comparing.progress();
                reply(stage(name, done, total));
                *self = Job::Compare(comparing);
            }
            Job::Nothing => return Err(no_log()),
        }
        Ok(None)
    }
}

/// What is left of `room` beside a new log; one that is only configured is held already.
fn left(room: u64, log: &Log, is_configure: bool) -> u64 {
    let held = if is_configure { 0 } else { memory::of_texts(log) + log.memory().index as u64 };
    room.saturating_sub(held)
}
