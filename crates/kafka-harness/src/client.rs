//! What tests do with the broker: topics, and the settings of producers and consumers.

use crate::broker::{Broker, now};
use crate::error::Error;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(30);

impl Broker {
    /// The settings of a client of this broker, and nothing else; a test adds its own.
    pub fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.address());
        config
    }

    /// Creates a topic, and waits until the broker knows it; `config` are Kafka's topic settings such as `("cleanup.policy", "compact")`.
    ///
    /// # Errors
    /// [`Error::Refused`] with the broker's answer.
    pub fn create_topic(&self, name: &str, partitions: i32, config: &[(&str, &str)]) -> Result<(), Error> {
        let refused = |answer: String| Error::Refused { request: format!("create topic {name}"), answer };
        let admin: AdminClient<DefaultClientContext> =
            self.client().create().map_err(|error| refused(error.to_string()))?;
        let mut topic = NewTopic::new(name, partitions, TopicReplication::Fixed(1));
        topic.config.extend_from_slice(config);
        let options = AdminOptions::new().operation_timeout(Some(TIMEOUT));
        let results = futures_executor::block_on(admin.create_topics([&topic], &options))
            .map_err(|error| refused(error.to_string()))?;
        match results.into_iter().next() {
            Some(Err((_, code))) => Err(refused(code.to_string())),
            _ => self.wait_for_topics(&[(name, partitions)]),
        }
    }

    /// Waits until the broker tells its clients of these topics with so many partitions, each with a leader; 0 waits until there is no such topic.
    ///
    /// The controller answers once it has written a change down; the broker learns of it from that log afterwards
    /// (`BrokerMetadataPublisher` of Kafka 4.1), so that who asks at once may still be told what was before.
    ///
    /// # Errors
    /// [`Error::Refused`] with what the broker knows after half a minute.
    pub fn wait_for_topics(&self, topics: &[(&str, i32)]) -> Result<(), Error> {
        let client: BaseProducer = self
            .client()
            .create()
            .map_err(|error| Error::Refused { request: "wait for topics".to_owned(), answer: error.to_string() })?;
        let until = now() + TIMEOUT;
        for (name, partitions) in topics {
            loop {
                let known = client.client().fetch_metadata(Some(name), TIMEOUT).map(|metadata| {
                    let topic = metadata.topics().iter().find(|topic| topic.error().is_none() && topic.name() == *name);
                    topic.map_or(0, |topic| {
                        topic.partitions().iter().filter(|p| p.error().is_none() && p.leader() >= 0).count()
                    })
                });
                if matches!(known, Ok(known) if known as i32 == *partitions) {
                    break;
                }
                if now() > until {
                    let (request, answer) =
                        (format!("wait for topic {name}"), format!("{known:?} partitions are known"));
                    return Err(Error::Refused { request, answer });
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(())
    }

    /// Writes the records in order and waits until the broker has them: `None` as a key or value is null.
    ///
    /// # Errors
    /// [`Error::Refused`] with the broker's answer to the first record that failed.
    pub fn produce<'a>(
        &self,
        topic: &str,
        partition: i32,
        records: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>)>,
    ) -> Result<(), Error> {
        let refused = |answer: String| Error::Refused { request: format!("produce to {topic}"), answer };
        let producer: BaseProducer = self
            .client()
            .set("linger.ms", "5")
            .set("enable.idempotence", "true")
            .create()
            .map_err(|error| refused(error.to_string()))?;
        for (key, value) in records {
            let mut record = BaseRecord::<str, str>::to(topic).partition(partition);
            record.key = key;
            record.payload = value;
            // The local queue is full at times: serve it and try again.
            while let Err((error, again)) = producer.send(record) {
                if error.rdkafka_error_code() != Some(rdkafka::types::RDKafkaErrorCode::QueueFull) {
                    return Err(refused(error.to_string()));
                }
                producer.poll(Duration::from_millis(50));
                record = again;
            }
        }
        producer.flush(TIMEOUT).map_err(|error| refused(error.to_string()))
    }
}
