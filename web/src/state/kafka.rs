//! The Kafka panel: which server, which topic, what of it; and the topic that is being followed.

use replay_protocol::{
    Failure, FollowState, KafkaFrom, KafkaGroup, KafkaPlan, KafkaRange, KafkaRead, KafkaReply, KafkaServer, KafkaSpan,
    KafkaUntil, RequestId,
};
use std::rc::Rc;
use yew::{AttrValue, Reducible};

/// More records than this are worth a question before they are loaded.
const MANY_RECORDS: u64 = 1_000_000;
/// More bytes than this, too.
const MANY_BYTES: f64 = 300e6;

/// A server that answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct KnownServer {
    /// With its kind.
    pub server: KafkaServer,
    /// Empty if it does not say.
    pub version: String,
    /// Short names.
    pub abilities: Vec<String>,
    /// Decodes values by a schema registry.
    pub decodes_schemas: bool,
    /// Sorted.
    pub topics: Vec<String>,
}

impl KnownServer {
    /// Whether it has an ability.
    pub(crate) fn can(&self, ability: &str) -> bool {
        self.abilities.iter().any(|own| own == ability)
    }
}

/// A topic that was chosen.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct KnownTopic {
    /// Its name.
    pub name: String,
    /// With what is known of their offsets.
    pub partitions: Vec<KafkaSpan>,
    /// Of a record, measured by the latest.
    pub record_bytes: Option<f64>,
}

impl KnownTopic {
    /// Offsets in all partitions together; `None` if the server does not tell.
    pub(crate) fn offsets(&self) -> Option<u64> {
        self.partitions.iter().map(|span| Some(span.end?.saturating_sub(span.start?).max(0) as u64)).sum()
    }
}

/// What the person typed and chose.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RangeForm {
    /// `beginning`, `last`, `offset`, `time` or `end`.
    pub from: AttrValue,
    /// The number or time that goes with it.
    pub from_value: AttrValue,
    /// `end`, `offset` or `time`.
    pub until: AttrValue,
    /// The number or time that goes with it.
    pub until_value: AttrValue,
    /// Numbers, separated by commas; empty for all.
    pub partitions: AttrValue,
    /// Leave out what transactions aborted.
    pub read_committed: bool,
    /// Go on with what comes afterwards.
    pub follows: bool,
}

impl Default for RangeForm {
    fn default() -> Self {
        Self {
            from: "beginning".into(),
            from_value: AttrValue::default(),
            until: "end".into(),
            until_value: AttrValue::default(),
            partitions: AttrValue::default(),
            read_committed: false,
            follows: false,
        }
    }
}

impl RangeForm {
    /// The wish, or the name of the field that cannot be read. `time` reads a time as a person writes it.
    pub(crate) fn range(&self, time: impl Fn(&str) -> Option<f64>) -> Result<KafkaRange, &'static str> {
        let natural = |text: &str| text.trim().replace([' ', '\u{202f}'], "").parse::<u64>().ok();
        let offset = |text: &str| text.trim().parse::<i64>().ok().filter(|offset| *offset >= 0);
        let from = match self.from.as_str() {
            "last" => natural(&self.from_value).map(|count| KafkaFrom::Last { count }).ok_or("kafka-from")?,
            "offset" => offset(&self.from_value).map(|offset| KafkaFrom::Offset { offset }).ok_or("kafka-from")?,
            "time" => {
                time(&self.from_value).map(|timestamp_ms| KafkaFrom::Time { timestamp_ms }).ok_or("kafka-from")?
            }
            "end" => KafkaFrom::End,
            _ => KafkaFrom::Beginning,
        };
        let until = match self.until.as_str() {
            _ if from == KafkaFrom::End => KafkaUntil::End,
            "offset" => offset(&self.until_value).map(|offset| KafkaUntil::Offset { offset }).ok_or("kafka-until")?,
            "time" => {
                time(&self.until_value).map(|timestamp_ms| KafkaUntil::Time { timestamp_ms }).ok_or("kafka-until")?
            }
            _ => KafkaUntil::End,
        };
        let numbers = self.partitions.split([',', ' ', '，']).filter(|part| !part.is_empty());
        let partitions =
            numbers.map(|part| part.parse().ok()).collect::<Option<Vec<i32>>>().ok_or("kafka-partitions")?;
        Ok(KafkaRange { from, until, partitions, read_committed: self.read_committed })
    }
}

/// A topic that is being followed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LiveTopic {
    /// The request that follows.
    pub job: RequestId,
    /// What is followed.
    pub read: Rc<KafkaRead>,
    /// How it goes.
    pub state: FollowState,
    /// The person wants it to wait.
    pub is_paused: bool,
    /// Records a second.
    pub rate: f64,
    /// What the rate is measured from: when, and how many there were.
    since: Option<(f64, u64)>,
}

/// All that the panel knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Kafka {
    /// The question that is under way.
    pub asking: Option<RequestId>,
    /// Why the latest question failed.
    pub failure: Option<Failure>,
    /// The server.
    pub server: Option<Rc<KnownServer>>,
    /// The topic.
    pub topic: Option<Rc<KnownTopic>>,
    /// What of it.
    pub form: RangeForm,
    /// What would be loaded, and is so much that the person is asked first.
    pub large: Option<Rc<KafkaPlan>>,
    /// The load under way: when it began, and offsets that are expected.
    pub loading: Option<(f64, Option<u64>)>,
    /// What is followed.
    pub live: Option<LiveTopic>,
    /// Groups behind the topic that is followed.
    pub groups: Rc<Vec<KafkaGroup>>,
    /// Why following ended.
    pub ended: Option<Failure>,
}

/// What may happen to it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum KafkaAction {
    /// A question was asked.
    Ask(RequestId),
    /// It was answered.
    Answer(RequestId, Rc<KafkaReply>),
    /// It failed.
    Fail(RequestId, Failure),
    /// Something of the form itself is wrong.
    Refuse(Failure),
    /// The person chose something.
    Edit(RangeForm),
    /// So much would be loaded that it is asked first; none takes it back.
    Question(Option<Rc<KafkaPlan>>),
    /// A load begins, at this time.
    Load { now_ms: f64, expected: Option<u64> },
    /// It is over.
    LoadEnded,
    /// A topic is followed from now on.
    Follow(RequestId, Rc<KafkaRead>),
    /// How it goes.
    Followed { job: RequestId, state: FollowState },
    /// A moment at which the rate is measured.
    Tick(f64),
    /// The person wants it to wait, or not any more.
    Pause(bool),
    /// It is over; why, if nobody wanted that.
    Ended(RequestId, Option<Failure>),
    /// Why it ended was read.
    Dismiss,
    /// Consumer groups behind it.
    Lag(Rc<Vec<KafkaGroup>>),
}

impl Kafka {
    /// Bytes that a plan would bring; `None` if that is not known.
    pub(crate) fn bytes(&self, plan: &KafkaPlan) -> Option<f64> {
        let topic = self.topic.as_ref().filter(|topic| topic.name == plan.topic)?;
        Some(plan.offsets()? as f64 * topic.record_bytes?)
    }

    /// Whether a plan is so large that the person is asked first.
    pub(crate) fn is_large(&self, plan: &KafkaPlan) -> bool {
        plan.offsets().is_some_and(|offsets| offsets > MANY_RECORDS)
            || self.bytes(plan).is_some_and(|bytes| bytes > MANY_BYTES)
    }
}

impl Reducible for Kafka {
    type Action = KafkaAction;

    fn reduce(self: Rc<Self>, action: KafkaAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            KafkaAction::Ask(job) => {
                next.asking = Some(job);
                next.failure = None;
                next.large = None;
            }
            KafkaAction::Answer(job, reply) if next.asking == Some(job) => {
                next.asking = None;
                match &*reply {
                    KafkaReply::Connected { server, version, abilities, decodes_schemas, topics } => {
                        next.server = Some(Rc::new(KnownServer {
                            server: server.clone(),
                            version: version.clone(),
                            abilities: abilities.clone(),
                            decodes_schemas: *decodes_schemas,
                            topics: topics.clone(),
                        }));
                        next.topic = None;
                    }
                    KafkaReply::Topic { topic, partitions, record_bytes } => {
                        next.topic = Some(Rc::new(KnownTopic {
                            name: topic.clone(),
                            partitions: partitions.clone(),
                            record_bytes: *record_bytes,
                        }));
                    }
                    KafkaReply::Plan { .. }
                    | KafkaReply::Sample { .. }
                    | KafkaReply::Schemas { .. }
                    | KafkaReply::Lag { .. } => {}
                }
            }
            KafkaAction::Fail(job, failure) if next.asking == Some(job) => {
                next.asking = None;
                next.failure = Some(failure);
            }
            KafkaAction::Answer(..) | KafkaAction::Fail(..) => {}
            KafkaAction::Refuse(failure) => next.failure = Some(failure),
            KafkaAction::Edit(form) => {
                next.form = form;
                next.large = None;
            }
            KafkaAction::Question(plan) => next.large = plan,
            KafkaAction::Load { now_ms, expected } => {
                next.loading = Some((now_ms, expected));
                next.large = None;
            }
            KafkaAction::LoadEnded => next.loading = None,
            KafkaAction::Follow(job, read) => {
                let state = FollowState::default();
                next.live = Some(LiveTopic { job, read, state, is_paused: false, rate: 0.0, since: None });
                next.groups = Rc::default();
                next.ended = None;
            }
            KafkaAction::Followed { job, state } => {
                if let Some(live) = next.live.as_mut().filter(|live| live.job == job) {
                    live.state = state;
                }
            }
            KafkaAction::Tick(now_ms) => {
                if let Some(live) = &mut next.live {
                    let appended = live.state.appended;
                    if let Some((since, before)) = live.since.replace((now_ms, appended))
                        && now_ms > since
                    {
                        live.rate = appended.saturating_sub(before) as f64 * 1000.0 / (now_ms - since);
                    }
                }
            }
            KafkaAction::Pause(paused) => {
                if let Some(live) = &mut next.live {
                    live.is_paused = paused;
                }
            }
            KafkaAction::Ended(job, failure) => {
                if next.live.as_ref().is_some_and(|live| live.job == job) {
                    next.live = None;
                    next.ended = failure;
                }
            }
            KafkaAction::Dismiss => next.ended = None,
            KafkaAction::Lag(groups) => next.groups = groups,
        }
        if next == *self { self } else { Rc::new(next) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduce(actions: Vec<KafkaAction>) -> Rc<Kafka> {
        actions.into_iter().fold(Rc::new(Kafka::default()), Kafka::reduce)
    }

    #[track_caller]
    fn check(from: &str, value: &str, expected: &Result<KafkaFrom, &'static str>) {
        let form =
            RangeForm { from: from.to_owned().into(), from_value: value.to_owned().into(), ..RangeForm::default() };
        let time = |text: &str| (text == "noon").then_some(5.0);
        assert_eq!(&form.range(time).map(|range| range.from), expected);
    }

    #[test]
    fn the_form_is_read_or_says_which_field_cannot_be() {
        check("beginning", "", &Ok(KafkaFrom::Beginning));
        check("last", " 1 000", &Ok(KafkaFrom::Last { count: 1000 }));
        check("last", "18446744073709551615", &Ok(KafkaFrom::Last { count: u64::MAX }));
        check("last", "-1", &Err("kafka-from"));
        check("offset", "17", &Ok(KafkaFrom::Offset { offset: 17 }));
        check("offset", "-17", &Err("kafka-from"));
        check("time", "noon", &Ok(KafkaFrom::Time { timestamp_ms: 5.0 }));
        check("time", "soon", &Err("kafka-from"));
        let partitions = |text: &str| RangeForm { partitions: text.to_owned().into(), ..RangeForm::default() };
        assert_eq!(partitions("0, 2，3").range(|_| None).map(|range| range.partitions), Ok(vec![0, 2, 3]));
        assert_eq!(partitions("a").range(|_| None), Err("kafka-partitions"));
    }

    #[test]
    fn the_answer_of_an_older_question_is_not_heard() {
        let failure = Failure::new("kafka-refused", "h");
        let end = reduce(vec![KafkaAction::Ask(1), KafkaAction::Ask(2), KafkaAction::Fail(1, failure.clone())]);
        assert_eq!((end.asking, end.failure.clone()), (Some(2), None));
        let end = reduce(vec![KafkaAction::Ask(1), KafkaAction::Fail(1, failure.clone())]);
        assert_eq!((end.asking, end.failure.clone()), (None, Some(failure)));
    }

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let followed =
            |appended| KafkaAction::Followed { job: 1, state: FollowState { appended, ..FollowState::default() } };
        let start = KafkaAction::Follow(1, Rc::default());
        let tick = KafkaAction::Tick;
        let end = reduce(vec![start, tick(0.0), followed(900), tick(1000.0), followed(3900), tick(3000.0)]);
        assert_eq!(end.live.as_ref().map(|live| live.rate), Some(1500.0));
    }

    #[test]
    fn large_is_what_is_many_records_or_many_bytes() {
        let topic = KnownTopic { name: "t".into(), record_bytes: Some(1000.0), ..KnownTopic::default() };
        let kafka = Kafka { topic: Some(Rc::new(topic)), ..Kafka::default() };
        let plan = |end| {
            let span = KafkaSpan { partition: 0, start: Some(0), end: Some(end) };
            KafkaPlan { topic: "t".into(), spans: vec![span], read_committed: false }
        };
        assert_eq!([100_000, 400_000, 2_000_000].map(|end| kafka.is_large(&plan(end))), [false, true, true]);
    }
}
