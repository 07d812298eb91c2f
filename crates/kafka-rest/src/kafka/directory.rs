//! What there is: topics, partitions, and their offsets. Each call asks Kafka and blocks until it answers.

use super::{Isolation, Kafka};
use crate::error::Error;
use rdkafka::consumer::Consumer;
use rdkafka::metadata::MetadataTopic;
use rdkafka::{Offset, TopicPartitionList};
use std::collections::BTreeMap;

/// A topic with its partitions, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Topic {
    pub(crate) name: String,
    pub(crate) partitions: Vec<Partition>,
}

/// Where a partition lies; brokers are told by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Partition {
    pub(crate) id: i32,
    /// -1 while there is none.
    pub(crate) leader: i32,
    pub(crate) replicas: Vec<i32>,
    pub(crate) in_sync: Vec<i32>,
}

/// The log start offset, and the high watermark or, under read committed, the last stable offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) start: i64,
    pub(crate) end: i64,
}

impl Kafka {
    /// All topics, sorted by name; those that Kafka reports an error for are left out.
    pub(crate) fn topics(&self) -> Result<Vec<Topic>, Error> {
        let client = self.asker(Isolation::ReadUncommitted);
        let metadata = client.fetch_metadata(None, self.patience).map_err(|error| self.error(&error, ""))?;
        let mut topics: Vec<Topic> =
            metadata.topics().iter().filter(|topic| topic.error().is_none()).map(topic_of).collect();
        topics.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(topics)
    }

    /// One topic.
    pub(crate) fn topic(&self, name: &str) -> Result<Topic, Error> {
        let client = self.asker(Isolation::ReadUncommitted);
        let metadata = client.fetch_metadata(Some(name), self.patience).map_err(|error| self.error(&error, name))?;
        let unknown = || Error::UnknownTopic { topic: name.to_owned() };
        let topic = metadata.topics().iter().find(|topic| topic.name() == name).ok_or_else(unknown)?;
        match topic.error() {
            Some(error) => Err(self.code(error.into(), name)),
            None if topic.partitions().is_empty() => Err(unknown()),
            None => Ok(topic_of(topic)),
        }
    }

    /// The ids of the brokers, sorted.
    pub(crate) fn brokers(&self) -> Result<Vec<i32>, Error> {
        let client = self.asker(Isolation::ReadUncommitted);
        let metadata = client.fetch_metadata(None, self.patience).map_err(|error| self.error(&error, ""))?;
        let mut ids: Vec<i32> = metadata.brokers().iter().map(rdkafka::metadata::MetadataBroker::id).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// The bounds of these partitions, which must exist: two requests to each leader, however many partitions it has.
    pub(crate) fn bounds(
        &self,
        topic: &str,
        partitions: &[i32],
        isolation: Isolation,
    ) -> Result<BTreeMap<i32, Bounds>, Error> {
        // ListOffsets takes these two instead of a timestamp.
        let starts = self.offsets(topic, partitions, Offset::Beginning, isolation)?;
        let ends = self.offsets(topic, partitions, Offset::End, isolation)?;
        let bounds = starts.into_iter().filter_map(|(partition, start)| {
            Some((partition, Bounds { start, end: ends.get(&partition).copied()?.max(start) }))
        });
        Ok(bounds.collect())
    }

    /// The first offset whose timestamp is not before `timestamp_ms`, by partition; none where there is no such record.
    pub(crate) fn offsets_at(
        &self,
        topic: &str,
        partitions: &[i32],
        timestamp_ms: i64,
    ) -> Result<BTreeMap<i32, i64>, Error> {
        self.offsets(topic, partitions, Offset::Offset(timestamp_ms.max(0)), Isolation::ReadUncommitted)
    }

    fn offsets(
        &self,
        topic: &str,
        partitions: &[i32],
        query: Offset,
        isolation: Isolation,
    ) -> Result<BTreeMap<i32, i64>, Error> {
        if partitions.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut list = TopicPartitionList::with_capacity(partitions.len());
        for partition in partitions {
            list.add_partition_offset(topic, *partition, query).map_err(|error| self.error(&error, topic))?;
        }
        let answer = self.asker(isolation).offsets_for_times(list, self.patience);
        let answer = answer.map_err(|error| self.error(&error, topic))?;
        let mut offsets = BTreeMap::new();
        for element in answer.elements() {
            element.error().map_err(|error| self.error(&error, topic))?;
            if let Offset::Offset(offset) = element.offset() {
                offsets.insert(element.partition(), offset);
            }
        }
        Ok(offsets)
    }

    /// The offsets that a group committed for a topic's partitions; none where it committed nothing.
    pub(crate) fn committed(&self, group: &str, topic: &str, partitions: &[i32]) -> Result<BTreeMap<i32, i64>, Error> {
        let client = self.in_group(group)?;
        let mut list = TopicPartitionList::with_capacity(partitions.len());
        for partition in partitions {
            list.add_partition(topic, *partition);
        }
        let answer = client.committed_offsets(list, self.patience).map_err(|error| self.error(&error, topic))?;
        let committed = answer.elements().into_iter().filter_map(|element| match element.offset() {
            Offset::Offset(offset) => Some((element.partition(), offset)),
            _ => None,
        });
        Ok(committed.collect())
    }

    /// The names of the consumer groups, sorted.
    pub(crate) fn groups(&self) -> Result<Vec<String>, Error> {
        let client = self.asker(Isolation::ReadUncommitted);
        let list = client.fetch_group_list(None, self.patience).map_err(|error| self.error(&error, ""))?;
        let mut names: Vec<String> = list.groups().iter().map(|group| group.name().to_owned()).collect();
        names.sort_unstable();
        Ok(names)
    }
}

fn topic_of(topic: &MetadataTopic) -> Topic {
    let mut partitions: Vec<Partition> = topic
        .partitions()
        .iter()
        .map(|partition| Partition {
            id: partition.id(),
            leader: partition.leader(),
            replicas: partition.replicas().to_vec(),
            in_sync: partition.isr().to_vec(),
        })
        .collect();
    partitions.sort_by_key(|partition| partition.id);
    Topic { name: topic.name().to_owned(), partitions }
}
