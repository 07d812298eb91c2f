//! Topics and their settings.

use anyhow::{Context, bail};
use kafka_harness::Broker;
use rdkafka::admin::{AdminClient, AdminOptions, AlterConfig, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::{Offset, TopicPartitionList};
use std::time::Duration;

/// A topic's settings by their Kafka names.
pub(crate) type Settings = Vec<(&'static str, String)>;

const TIMEOUT: Duration = Duration::from_mins(1);

/// What an administrator does.
pub(crate) struct Admin<'a> {
    broker: &'a Broker,
    client: AdminClient<DefaultClientContext>,
    options: AdminOptions,
}

impl<'a> Admin<'a> {
    /// Connects at the first request.
    pub(crate) fn new(broker: &'a Broker) -> anyhow::Result<Self> {
        let options = AdminOptions::new().operation_timeout(Some(TIMEOUT)).request_timeout(Some(TIMEOUT));
        Ok(Self { broker, client: broker.client().create()?, options })
    }

    /// Creates topics, and waits until the broker knows them: name, partitions, settings.
    pub(crate) fn create_topics(&self, topics: &[(String, u32, Settings)]) -> anyhow::Result<()> {
        let new: Vec<NewTopic> = topics
            .iter()
            .map(|(name, partitions, settings)| {
                let mut topic = NewTopic::new(name, *partitions as i32, TopicReplication::Fixed(1));
                topic.config.extend(settings.iter().map(|(name, value)| (*name, value.as_str())));
                topic
            })
            .collect();
        for result in futures_executor::block_on(self.client.create_topics(&new, &self.options))? {
            if let Err((topic, code)) = result {
                bail!("topic {topic} could not be created: {code}");
            }
        }
        // Whoever subscribes to a topic that is not known yet is first given none of its partitions.
        let names: Vec<(&str, i32)> =
            topics.iter().map(|(name, partitions, _)| (name.as_str(), *partitions as i32)).collect();
        self.broker.wait_for_topics(&names)?;
        Ok(())
    }

    /// Gives topics these settings and no others.
    pub(crate) fn replace_settings(&self, topics: &[(String, Settings)]) -> anyhow::Result<()> {
        let changes: Vec<AlterConfig> = topics
            .iter()
            .map(|(topic, settings)| {
                let change = AlterConfig::new(ResourceSpecifier::Topic(topic));
                settings.iter().fold(change, |change, (name, value)| change.set(name, value))
            })
            .collect();
        for result in futures_executor::block_on(self.client.alter_configs(&changes, &self.options))? {
            if let Err((resource, code)) = result {
                bail!("the settings of {resource:?} could not be changed: {code}");
            }
        }
        Ok(())
    }

    /// `DeleteRecords`: topic, partition, and the first offset that stays.
    pub(crate) fn delete_records(&self, before: &[(String, u32, i64)]) -> anyhow::Result<()> {
        if before.is_empty() {
            return Ok(());
        }
        let mut list = TopicPartitionList::new();
        for (topic, partition, offset) in before {
            list.add_partition_offset(topic, *partition as i32, Offset::Offset(*offset))?;
        }
        let deleted = futures_executor::block_on(self.client.delete_records(&list, &self.options))?;
        for element in deleted.elements() {
            element.error().with_context(|| format!("records of {} could not be deleted", element.topic()))?;
        }
        Ok(())
    }
}
