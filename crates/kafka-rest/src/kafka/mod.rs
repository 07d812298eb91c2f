//! The way to Kafka: librdkafka's clients, their settings and their errors. There is no producer in this crate.

mod context;
mod directory;
mod reader;

pub(crate) use context::Context;
pub(crate) use directory::{Bounds, Partition, Topic};
pub(crate) use reader::{Assignment, End, Flow, Limit, Sink, read};

use crate::config::Settings;
use crate::error::Error;
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// A consumer of librdkafka.
pub(crate) type Client = BaseConsumer<Context>;

/// Which records of transactions are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Isolation {
    /// All, also those of transactions that are open or were aborted.
    #[default]
    ReadUncommitted,
    /// Those of committed transactions, up to the last stable offset.
    ReadCommitted,
}

/// The clients that answer questions, and the settings for those that read.
#[derive(Debug)]
pub(crate) struct Kafka {
    config: ClientConfig,
    context: Context,
    uncommitted: Arc<Asker>,
    committed: Arc<Asker>,
    /// How long an answer may take.
    patience: Duration,
}

/// A client without an assignment, for metadata and offsets. The wrapper is there since a consumer has no `Debug`.
struct Asker(Client);

impl std::fmt::Debug for Asker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Asker")
    }
}

impl Kafka {
    /// Connects lazily: a Kafka that is down is told by the first request.
    ///
    /// # Errors
    /// A setting that librdkafka does not know or take.
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let mut config = ClientConfig::new();
        let defaults = [
            ("client.id", "replayground-proxy"),
            // Named for the logs of the broker: nothing is committed and no group joined.
            ("group.id", "replayground-proxy"),
            ("socket.keepalive.enable", "true"),
            ("reconnect.backoff.max.ms", "2000"),
            ("fetch.wait.max.ms", "100"),
            ("fetch.error.backoff.ms", "100"),
            // A full queue means that the client is slower than Kafka: the default pause of a second would make it slower still.
            ("fetch.queue.backoff.ms", "5"),
            // What a read holds ahead of its client: with its bookkeeping about three times as much memory.
            ("queued.max.messages.kbytes", "4096"),
            ("queued.min.messages", "50000"),
            ("fetch.max.bytes", "8388608"),
        ];
        let own = settings.kafka.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        // Last, so that no setting turns the proxy into something that changes Kafka.
        let fixed = [
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("allow.auto.create.topics", "false"),
            ("enable.partition.eof", "true"),
            ("auto.offset.reset", "error"),
        ];
        for (name, value) in defaults.into_iter().chain(own).chain(fixed) {
            config.set(name, value);
        }
        let is_encrypted =
            config.get("security.protocol").is_some_and(|text| text.to_ascii_lowercase().contains("ssl"));
        if is_encrypted && config.get("ssl.ca.location").is_none() && config.get("ssl.ca.pem").is_none() {
            // An OpenSSL that was built from source does not know where this system keeps its certificates.
            config.set("ssl.ca.location", "probe");
        }
        let context = Context::new(settings.oauth_token_file.clone());
        let asker = |isolation| Ok(Arc::new(Asker(client(&config, &context, isolation)?)));
        let (uncommitted, committed) = (asker(Isolation::ReadUncommitted)?, asker(Isolation::ReadCommitted)?);
        for asker in [&uncommitted, &committed] {
            serve(Arc::downgrade(asker));
        }
        Ok(Self {
            uncommitted,
            committed,
            config,
            context,
            patience: settings.limits.patience.min(Duration::from_secs(10)),
        })
    }

    /// A client of its own for one read; dropping it closes it.
    pub(crate) fn reader(&self, isolation: Isolation) -> Result<Client, Error> {
        client(&self.config, &self.context, isolation)
    }

    /// A client that bears the name of a group, to ask for its committed offsets. It never joins the group.
    fn in_group(&self, group: &str) -> Result<Client, Error> {
        let mut config = self.config.clone();
        config.set("group.id", group);
        client(&config, &self.context, Isolation::ReadUncommitted)
    }

    fn asker(&self, isolation: Isolation) -> &Client {
        match isolation {
            Isolation::ReadUncommitted => &self.uncommitted.0,
            Isolation::ReadCommitted => &self.committed.0,
        }
    }

    /// What librdkafka's error means for a client. `topic` is what was asked for.
    pub(crate) fn error(&self, error: &KafkaError, topic: &str) -> Error {
        match error.rdkafka_error_code() {
            Some(code) => self.code(code, topic),
            None => Error::Kafka { reason: error.to_string() },
        }
    }

    /// The same for a bare code.
    pub(crate) fn code(&self, code: RDKafkaErrorCode, topic: &str) -> Error {
        use RDKafkaErrorCode as Code;
        match code {
            Code::UnknownTopicOrPartition | Code::UnknownTopic | Code::InvalidTopic => {
                Error::UnknownTopic { topic: topic.to_owned() }
            }
            Code::UnknownPartition => Error::UnknownPartition { topic: topic.to_owned(), partition: -1 },
            Code::TopicAuthorizationFailed => Error::Forbidden { what: format!("topic {topic}") },
            Code::ClusterAuthorizationFailed => Error::Forbidden { what: "the cluster".to_owned() },
            Code::GroupAuthorizationFailed => Error::Forbidden { what: "the group".to_owned() },
            Code::Authentication | Code::SaslAuthenticationFailed | Code::SSL => {
                Error::NotAuthenticated { reason: self.context.last_failure().unwrap_or_else(|| code.to_string()) }
            }
            Code::BrokerTransportFailure
            | Code::AllBrokersDown
            | Code::OperationTimedOut
            | Code::RequestTimedOut
            | Code::TimedOutQueue
            | Code::NodeUpdate
            | Code::WaitingForCoordinator
            | Code::BrokerNotAvailable
            | Code::LeaderNotAvailable
            | Code::Resolve => self.unreachable(code),
            _ => Error::Kafka { reason: code.to_string() },
        }
    }

    /// A broker that stays silent, with what librdkafka last said of it: a refused password shows up as silence too.
    fn unreachable(&self, code: RDKafkaErrorCode) -> Error {
        match self.context.last_failure() {
            Some(reason) if self.context.is_refused() => Error::NotAuthenticated { reason },
            Some(reason) => Error::BrokerDown { reason },
            None => Error::BrokerDown { reason: code.to_string() },
        }
    }

    /// That nothing came for so long.
    pub(crate) fn silent(&self) -> Error {
        self.unreachable(RDKafkaErrorCode::OperationTimedOut)
    }
}

fn client(config: &ClientConfig, context: &Context, isolation: Isolation) -> Result<Client, Error> {
    let mut config = config.clone();
    config.set(
        "isolation.level",
        match isolation {
            Isolation::ReadUncommitted => "read_uncommitted",
            Isolation::ReadCommitted => "read_committed",
        },
    );
    config.create_with_context(context.clone()).map_err(|error| Error::Kafka { reason: error.to_string() })
}

/// Serves the events of a client that only asks: its errors, and the tokens it needs.
fn serve(asker: Weak<Asker>) {
    std::thread::spawn(move || {
        while let Some(asker) = asker.upgrade() {
            // It has no assignment, so no record can come.
            let _ = asker.0.poll(Duration::from_millis(100));
            let _ = asker.0.context();
        }
    });
}
