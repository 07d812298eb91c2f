//! Which log is loaded, and how far a load is.

use replay_protocol::{Configuration, KafkaRead, Progress, RequestId, Summary};
use std::rc::Rc;
use yew::{AttrValue, Reducible};

/// Where the log comes from: what a link must say to load it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An embedded sample, by name.
    Sample(AttrValue),
    /// Pasted text.
    Text(AttrValue),
    /// Files of this person, by name; no link can load them.
    Files(AttrValue),
    /// A topic of Kafka, which only this person may be able to read.
    Topic(Rc<KafkaRead>),
}

/// What the engine is doing for the source.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Phase {
    /// The worker has not said yet that it is ready.
    #[default]
    Starting,
    /// Nothing to wait for.
    Ready,
    /// A job runs; the last log, if any, can still be looked at.
    Working { job: RequestId, progress: Option<Progress> },
    /// The worker is gone and says why.
    Crashed(AttrValue),
}

/// The log as the engine last described it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Source {
    /// What is going on.
    pub phase: Phase,
    /// What was read, and how; `None` before the first load.
    pub summary: Option<Rc<Summary>>,
    /// Where `summary` comes from.
    pub origin: Option<Origin>,
    /// Where the log before this one came from.
    pub previous: Option<Origin>,
    /// Where the running load reads from.
    pub pending: Option<Origin>,
    /// Raised with every change of `summary`: an answer about an older generation is stale.
    pub generation: u64,
    /// The person's choices that go beyond the guesses.
    pub chosen: Configuration,
    /// Overrides detection of the format.
    pub format: Option<AttrValue>,
    /// True once the person has loaded something himself.
    pub replaced: bool,
}

/// What may happen to the source.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SourceAction {
    /// The worker is ready.
    Ready,
    /// A load was asked for.
    Load { job: RequestId, origin: Origin, format: Option<AttrValue>, chosen: Configuration, by_person: bool },
    /// Another projection, key or order was asked for.
    Configure { job: RequestId, chosen: Configuration },
    /// A job is so far.
    Progress(RequestId, Progress),
    /// The beginning of what a job reads can be looked at.
    Begun(RequestId, Rc<Summary>),
    /// A job is done.
    Loaded(RequestId, Rc<Summary>),
    /// The log has grown by what follows it. A topic of which nothing was loaded before says where it comes from.
    Grown(Option<Origin>, Rc<Summary>),
    /// A job ended without a new summary.
    Ended(RequestId),
    /// The worker is gone.
    Crashed(AttrValue),
}

impl Source {
    /// The running job, if any.
    pub(crate) fn job(&self) -> Option<RequestId> {
        match self.phase {
            Phase::Working { job, .. } => Some(job),
            _ => None,
        }
    }
}

impl Source {
    /// Shows another log, or more of the same.
    fn show(&mut self, summary: Rc<Summary>) {
        self.summary = Some(summary);
        self.generation += 1;
        if let Some(origin) = self.pending.take() {
            // Reading the same source again is no way forward that one might want back from.
            if self.origin.as_ref() != Some(&origin) {
                self.previous = self.origin.take();
            }
            self.origin = Some(origin);
        }
    }
}

impl Reducible for Source {
    type Action = SourceAction;

    fn reduce(self: Rc<Self>, action: SourceAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            // Whoever has asked for a load before the worker was ready is waiting for it.
            SourceAction::Ready if next.phase == Phase::Starting => next.phase = Phase::Ready,
            SourceAction::Load { job, origin, format, chosen, by_person } => {
                next.phase = Phase::Working { job, progress: None };
                next.pending = Some(origin);
                next.format = format;
                next.chosen = chosen;
                next.replaced = next.replaced || by_person;
            }
            SourceAction::Configure { job, chosen } => {
                next.phase = Phase::Working { job, progress: None };
                next.chosen = chosen;
            }
            // A job that was overtaken by a newer one has nothing to say any more.
            SourceAction::Progress(job, progress) if next.job() == Some(job) => {
                next.phase = Phase::Working { job, progress: Some(progress) };
            }
            SourceAction::Begun(job, summary) if next.job() == Some(job) => next.show(summary),
            SourceAction::Loaded(job, summary) if next.job() == Some(job) => {
                next.phase = Phase::Ready;
                next.show(summary);
            }
            SourceAction::Grown(origin, summary) => {
                next.summary = Some(summary);
                next.generation += 1;
                if let Some(origin) = origin {
                    next.previous = next.origin.replace(origin);
                    next.replaced = true;
                }
            }
            SourceAction::Ended(job) if next.job() == Some(job) => {
                next.phase = Phase::Ready;
                next.pending = None;
            }
            SourceAction::Ready
            | SourceAction::Progress(..)
            | SourceAction::Begun(..)
            | SourceAction::Loaded(..)
            | SourceAction::Ended(_) => {}
            SourceAction::Crashed(reason) => next.phase = Phase::Crashed(reason),
        }
        if next == *self { self } else { Rc::new(next) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(job: RequestId, name: &'static str) -> SourceAction {
        let chosen = Configuration::default();
        SourceAction::Load { job, origin: Origin::Sample(name.into()), format: None, chosen, by_person: false }
    }

    fn reduce(actions: Vec<SourceAction>) -> Rc<Source> {
        actions.into_iter().fold(Rc::new(Source::default()), Source::reduce)
    }

    #[test]
    fn the_answer_of_an_overtaken_load_is_not_heard() {
        let end = reduce(vec![load(1, "a"), load(2, "b"), SourceAction::Loaded(1, Rc::default())]);
        assert_eq!((end.summary.is_some(), end.job()), (false, Some(2)));
    }

    #[test]
    fn a_load_from_before_the_worker_was_ready_goes_on() {
        let end = reduce(vec![load(1, "a"), SourceAction::Ready, SourceAction::Loaded(1, Rc::default())]);
        assert_eq!((end.summary.is_some(), end.job()), (true, None));
    }

    #[test]
    fn a_cancelled_load_keeps_the_log_before() {
        let loaded = SourceAction::Loaded(1, Rc::default());
        let end = reduce(vec![load(1, "a"), loaded, load(2, "b"), SourceAction::Ended(2)]);
        assert_eq!((end.origin.clone(), end.generation), (Some(Origin::Sample("a".into())), 1));
    }

    #[test]
    fn another_load_remembers_what_was_there_before() {
        let actions = vec![
            load(1, "a"),
            SourceAction::Loaded(1, Rc::default()),
            load(2, "b"),
            SourceAction::Loaded(2, Rc::default()),
            load(3, "b"),
            SourceAction::Loaded(3, Rc::default()),
        ];
        assert_eq!(reduce(actions).previous, Some(Origin::Sample("a".into())));
    }

    #[test]
    fn the_beginning_of_a_log_is_shown_while_the_rest_is_read() {
        let begun = reduce(vec![load(1, "a"), SourceAction::Begun(1, Rc::default())]);
        assert_eq!((begun.summary.is_some(), begun.job(), begun.generation), (true, Some(1), 1));
        let end = Rc::new((*begun).clone()).reduce(SourceAction::Loaded(1, Rc::default()));
        assert_eq!((end.job(), end.generation, end.origin.clone()), (None, 2, Some(Origin::Sample("a".into()))));
    }

    #[test]
    fn a_new_configuration_keeps_the_origin() {
        let configure = SourceAction::Configure { job: 2, chosen: Configuration::default() };
        let again = SourceAction::Loaded(2, Rc::default());
        let end = reduce(vec![load(1, "a"), SourceAction::Loaded(1, Rc::default()), configure, again]);
        assert_eq!((end.origin.clone(), end.generation), (Some(Origin::Sample("a".into())), 2));
    }
}
