//! Long work in steps: load, configure, hash, export.

use crate::engine::{Attachment, no_log};
use crate::export::Export;
use crate::load::Reading;
use crate::loaded::{Loaded, Origin};
use replay_core::{HashJob, Preparation, Projection, Replay};
use replay_log::log::Rekey;
use replay_log::{Log, Order, Schedule};
use replay_protocol::{Configuration, Failure, Progress, Reply, Request};
use std::sync::Arc;

/// A job under way.
pub(crate) enum Job {
    Load(Box<Reading>),
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
    Hash(Box<HashJob>),
    Export(Box<Export>),
    /// Between two stages.
    Nothing,
}

/// What a finished job gives: a log to hold from now on, or just an answer.
pub(crate) struct Done {
    pub(crate) loaded: Option<Box<Loaded>>,
    pub(crate) reply: Reply,
}

/// A configuration that was checked.
#[derive(Clone)]
pub(crate) struct Wanted {
    projection: Projection,
    schedule: Schedule,
    configuration: Configuration,
}

impl Wanted {
    /// What is asked for, with the guesses where nothing is.
    fn new(asked: &Configuration, guessed: &Configuration) -> Result<Wanted, Failure> {
        let choose = |asked: &Option<String>, guessed: &Option<String>| {
            asked.clone().or_else(|| guessed.clone()).unwrap_or_default()
        };
        let projection = choose(&asked.projection, &guessed.projection);
        let schedule = choose(&asked.schedule, &guessed.schedule);
        let key_by = choose(&asked.key_by, &guessed.key_by);
        if !key_by.is_empty() && !key_by.starts_with('/') {
            return Err(Failure { code: "bad-pointer".into(), detail: key_by });
        }
        let configuration = Configuration {
            projection: Some(projection.clone()),
            jq: None,
            key_by: Some(key_by),
            schedule: Some(schedule.clone()),
        };
        Ok(Wanted {
            projection: projection
                .parse()
                .map_err(|_| Failure { code: "bad-projection".into(), detail: projection })?,
            schedule: schedule.parse().map_err(|_| Failure { code: "bad-schedule".into(), detail: schedule })?,
            configuration,
        })
    }
}

impl Job {
    pub(crate) fn new(request: Request, attachments: Vec<Attachment>, loaded: Option<&Loaded>) -> Result<Job, Failure> {
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
        let loaded = loaded.ok_or_else(no_log)?;
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
            Request::Hash { position } => Ok(Job::Hash(Box::new(HashJob::new(loaded.replay.clone(), position)))),
            Request::Export { format } => Ok(Job::Export(Box::new(Export::new(loaded.replay.log().clone(), &format)?))),
            _ => Err(no_log()),
        }
    }

    pub(crate) fn is_configure(&self) -> bool {
        match self {
            Job::Rekey { is_configure, .. } | Job::Order { is_configure, .. } | Job::Prepare { is_configure, .. } => {
                *is_configure
            }
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

    /// A piece of work. `Ok(Some)` when all is done.
    pub(crate) fn step(&mut self, records: usize, reply: &mut dyn FnMut(Reply)) -> Result<Option<Done>, Failure> {
        let stage = |stage: &str, done: u64, total: u64| {
            Reply::Progress(Progress {
                stage: stage.to_owned(),
                done: done as f64,
                total: Some(total as f64),
                records: total as f64,
            })
        };
        match std::mem::replace(self, Job::Nothing) {
            Job::Load(mut reading) => {
                if reading.step(records)? {
                    let (log, origin, asked) = reading.finish()?;
                    let wanted = Wanted::new(&asked, &origin.guessed)?;
                    *self = Job::Order { origin, wanted, log, is_configure: false };
                } else {
                    reply(Reply::Progress(reading.progress()));
                    *self = Job::Load(reading);
                }
            }
            Job::Rekey { origin, wanted, mut rekey, is_configure } => {
                if rekey.step(records) {
                    *self = Job::Order { origin, wanted, log: rekey.finish(), is_configure };
                } else {
                    reply(stage("index", rekey.done() as u64, rekey.total() as u64));
                    *self = Job::Rekey { origin, wanted, rekey, is_configure };
                }
            }
            Job::Order { origin, wanted, log, is_configure } => {
                let order = Arc::new(Order::new(&log, wanted.schedule));
                let preparation = Box::new(Replay::prepare(log, order, wanted.projection));
                *self = Job::Prepare { origin, wanted, preparation, is_configure };
            }
            Job::Prepare { origin, wanted, mut preparation, is_configure } => {
                if preparation.step(records) {
                    let loaded = Loaded::new(origin, wanted.configuration, preparation.finish());
                    return Ok(Some(Done { loaded: Some(Box::new(loaded)), reply: Reply::Cancelled }));
                }
                let (done, total) = preparation.progress();
                reply(stage("fold", done, total));
                *self = Job::Prepare { origin, wanted, preparation, is_configure };
            }
            Job::Hash(mut job) => {
                if job.step(records / 8 + 1) {
                    return Ok(Some(Done { loaded: None, reply: Reply::Hash { hash: job.finish() } }));
                }
                let (done, total) = job.progress();
                reply(stage("hash", done, total));
                *self = Job::Hash(job);
            }
            Job::Export(mut export) => {
                let (text, last) = export.step(records);
                let chunk = Reply::Chunk { text, last };
                if last {
                    return Ok(Some(Done { loaded: None, reply: chunk }));
                }
                reply(chunk);
                *self = Job::Export(export);
            }
            Job::Nothing => return Err(no_log()),
        }
        Ok(None)
    }
}
