//! Reading records: a loop that takes them from librdkafka and hands them to a sink until a bound is reached.

use super::{Client, Kafka};
use crate::clock::now;
use crate::error::Error;
use rdkafka::consumer::Consumer;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::{Offset, TopicPartitionList};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long one look for records waits when there are none.
const LOOK: Duration = Duration::from_millis(50);

/// Where records go.
pub(crate) trait Sink {
    /// Takes one record; `taken` counts its bytes.
    fn record(&mut self, message: &BorrowedMessage<'_>) -> Flow;
    /// There is nothing to read at the moment: what is held back should go out.
    fn idle(&mut self) -> Flow;
    /// Whether brokers answer, told when it changes.
    fn connection(&mut self, is_up: bool) -> Flow {
        let _ = is_up;
        Flow::Continue
    }
}

/// Whether the receiver still wants more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Continue,
    Stop,
}

/// One partition's part of a read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) topic: Arc<str>,
    pub(crate) partition: i32,
    /// The next offset to read; kept up to date while reading.
    pub(crate) next: i64,
    /// The first offset that is no longer read, `i64::MAX` for a tail.
    pub(crate) end: i64,
}

/// What bounds a read besides its offsets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) count: u64,
    /// Keys, values and headers together; at least one record is given.
    pub(crate) bytes: u64,
    pub(crate) until: Option<Instant>,
    /// How long a broker may be silent; `None` waits for ever, as a tail does.
    pub(crate) patience: Option<Duration>,
}

/// Why a read ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// Every partition was read up to its end.
    Complete,
    /// A bound was reached before.
    Limit,
    /// The receiver wants no more.
    Receiver,
    /// It cannot go on.
    Failed(Error),
}

/// Reads the assignments, and moves each one's `next` behind the last record that the sink took.
///
/// Several topics can be read together only without ends, since librdkafka tells an end by the partition's number alone.
/// Records of one partition come in order, each once, also over a restart of the broker; partitions are interleaved as Kafka gives them.
pub(crate) fn read(
    kafka: &Kafka,
    client: &Client,
    assignments: &mut [Assignment],
    limit: Limit,
    stop: &AtomicBool,
    sink: &mut dyn Sink,
) -> End {
    let mut reader = Reader { kafka, client, assignments, open: 0, last: 0 };
    let end = match reader.assign() {
        Ok(()) => reader.run(limit, stop, sink),
        Err(error) => End::Failed(error),
    };
    // A client that is kept must not go on to fetch; one that is dropped does it anyway.
    let _ = client.unassign();
    end
}

struct Reader<'a> {
    kafka: &'a Kafka,
    client: &'a Client,
    assignments: &'a mut [Assignment],
    /// How many partitions are not read to their end yet.
    open: usize,
    /// The assignment of the last record: the next one mostly is of the same.
    last: usize,
}

type Found<'a> = Result<BorrowedMessage<'a>, KafkaError>;

impl<'a> Reader<'a> {
    fn assign(&mut self) -> Result<(), Error> {
        let mut list = TopicPartitionList::new();
        for assignment in self.assignments.iter().filter(|assignment| assignment.next < assignment.end) {
            list.add_partition_offset(&assignment.topic, assignment.partition, Offset::Offset(assignment.next))
                .map_err(|error| self.kafka.error(&error, &assignment.topic))?;
        }
        self.open = list.count();
        if self.open == 0 {
            return Ok(());
        }
        self.client.assign(&list).map_err(|error| self.kafka.error(&error, self.topic()))
    }

    fn run(&mut self, limit: Limit, stop: &AtomicBool, sink: &mut dyn Sink) -> End {
        let (mut count, mut bytes) = (0_u64, 0_u64);
        let mut heard = now();
        let mut is_up = true;
        let mut looks = 0_u32;
        while self.open > 0 {
            looks = looks.wrapping_add(1);
            // The clock and the flag are looked at now and then: records come by the million.
            if looks.is_multiple_of(256) {
                if stop.load(Ordering::Relaxed) {
                    return End::Failed(Error::ShuttingDown);
                }
                if limit.until.is_some_and(|until| now() >= until) {
                    return End::Limit;
                }
            }
            let found = match self.look(limit, heard, stop, sink) {
                Ok(Some(found)) => found,
                Ok(None) => continue,
                Err(end) => return end,
            };
            match found {
                Ok(message) => {
                    if looks.is_multiple_of(16) || !is_up {
                        heard = now();
                    }
                    if !is_up {
                        is_up = true;
                        if sink.connection(true) == Flow::Stop {
                            return End::Receiver;
                        }
                    }
                    let Some(size) = self.size(&message) else { continue };
                    if count > 0 && bytes + size > limit.bytes {
                        return End::Limit;
                    }
                    (count, bytes) = (count + 1, bytes + size);
                    if sink.record(&message) == Flow::Stop {
                        return End::Receiver;
                    }
                    let assignment = &mut self.assignments[self.last];
                    assignment.next = message.offset() + 1;
                    if assignment.next >= assignment.end {
                        self.finish(message.partition(), message.offset() + 1);
                    }
                    if count >= limit.count {
                        return if self.open == 0 { End::Complete } else { End::Limit };
                    }
                }
                Err(KafkaError::PartitionEOF(partition)) => {
                    heard = now();
                    if !is_up {
                        is_up = true;
                        if sink.connection(true) == Flow::Stop {
                            return End::Receiver;
                        }
                    }
                    self.at_end(partition);
                }
                Err(error) => match self.judge(&error) {
                    // librdkafka connects again by itself.
                    Judgement::Away => {
                        if is_up {
                            is_up = false;
                            if sink.connection(false) == Flow::Stop {
                                return End::Receiver;
                            }
                        }
                    }
                    Judgement::Harmless => {}
                    Judgement::Fatal(error) => return End::Failed(error),
                },
            }
        }
        match sink.idle() {
            Flow::Continue => End::Complete,
            Flow::Stop => End::Receiver,
        }
    }

    /// What librdkafka has next. If there is nothing, what is held back goes out and a moment is waited; an end says why not longer.
    fn look(
        &self,
        limit: Limit,
        heard: Instant,
        stop: &AtomicBool,
        sink: &mut dyn Sink,
    ) -> Result<Option<Found<'a>>, End> {
        let client = self.client;
        if let Some(found) = client.poll(Duration::ZERO) {
            return Ok(Some(found));
        }
        if sink.idle() == Flow::Stop {
            return Err(End::Receiver);
        }
        if stop.load(Ordering::Relaxed) {
            return Err(End::Failed(Error::ShuttingDown));
        }
        let remaining = limit.until.map_or(LOOK, |until| until.saturating_duration_since(now()));
        if remaining.is_zero() {
            return Err(End::Limit);
        }
        let found = client.poll(LOOK.min(remaining));
        if found.is_none() && limit.patience.is_some_and(|patience| heard.elapsed() > patience) {
            return Err(End::Failed(self.kafka.silent()));
        }
        Ok(found)
    }

    /// The record's size, or `None` if it is not of this read: before what is next (already given), or behind the end.
    fn size(&mut self, message: &BorrowedMessage<'_>) -> Option<u64> {
        let (partition, offset) = (message.partition(), message.offset());
        let is_of = |a: &Assignment| a.partition == partition && *a.topic == *message.topic();
        if !is_of(self.assignments.get(self.last)?) {
            self.last = self.assignments.iter().position(is_of)?;
        }
        let assignment = self.assignments.get(self.last)?;
        if offset < assignment.next {
            return None;
        }
        if offset >= assignment.end {
            self.finish(partition, offset);
            return None;
        }
        Some((message.key_len() + message.payload_len()) as u64)
    }

    /// Counts the partition as read if `next` has reached its end.
    fn finish(&mut self, partition: i32, next: i64) {
        let found = self.assignments.iter_mut().find(|assignment| assignment.partition == partition);
        let Some(assignment) = found.filter(|assignment| assignment.end != i64::MIN && next >= assignment.end) else {
            return;
        };
        assignment.next = assignment.next.max(assignment.end);
        assignment.end = i64::MIN;
        self.open -= 1;
        let mut list = TopicPartitionList::new();
        list.add_partition(&assignment.topic, partition);
        // Only saves fetching what nobody reads.
        let _ = self.client.pause(&list);
    }

    /// Nothing is left in the log: gaps at the end (markers of transactions, compaction) are behind us too.
    fn at_end(&mut self, partition: i32) {
        let found = self.assignments.iter().find(|assignment| assignment.partition == partition);
        if let Some(end) = found.map(|assignment| assignment.end).filter(|end| *end != i64::MAX && *end != i64::MIN) {
            self.finish(partition, end);
        }
    }

    /// For errors that name a topic: all assignments are of one, but for consumer instances.
    fn topic(&self) -> &str {
        self.assignments.first().map_or("", |assignment| &assignment.topic)
    }

    fn judge(&self, error: &KafkaError) -> Judgement {
        use RDKafkaErrorCode as Code;
        let Some(code) = error.rdkafka_error_code() else { return Judgement::Harmless };
        match code {
            Code::BrokerTransportFailure
            | Code::AllBrokersDown
            | Code::Resolve
            | Code::OperationTimedOut
            | Code::RequestTimedOut
            | Code::BrokerNotAvailable
            | Code::LeaderNotAvailable
            | Code::NotLeaderForPartition => Judgement::Away,
            // The group is only a name: that its coordinator is away or closed to us does not matter.
            Code::GroupAuthorizationFailed | Code::CoordinatorNotAvailable | Code::WaitingForCoordinator => {
                Judgement::Harmless
            }
            Code::AutoOffsetReset | Code::OffsetOutOfRange => Judgement::Fatal(self.out_of_range()),
            _ => Judgement::Fatal(self.kafka.code(code, self.topic())),
        }
    }

    /// Which partition it was is not told: the one whose next offset the log no longer has.
    fn out_of_range(&self) -> Error {
        for assignment in self.assignments.iter() {
            let (partition, offset) = (assignment.partition, assignment.next);
            let bounds = match self.kafka.bounds(&assignment.topic, &[partition], super::Isolation::ReadUncommitted) {
                Ok(bounds) => bounds,
                Err(error) => return error,
            };
            let Some(bounds) = bounds.get(&partition) else { continue };
            let topic = assignment.topic.to_string();
            if offset < bounds.start {
                return Error::Truncated { topic, partition, offset, start: bounds.start };
            }
            if offset > bounds.end {
                return Error::BeyondEnd { topic, partition, offset, end: bounds.end };
            }
        }
        Error::Kafka { reason: "an offset is out of range".to_owned() }
    }
}

enum Judgement {
    Away,
    Harmless,
    Fatal(Error),
}
