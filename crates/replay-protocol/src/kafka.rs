//! What the page asks of a REST proxy of Kafka, through the worker, and what it hears. The engine itself asks nobody.

use crate::Failure;
use serde::{Deserialize, Serialize};

/// A server and how to get in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct KafkaServer {
    /// Its address, such as `http://localhost:8082`.
    pub url: String,
    /// The bearer token; empty if none is needed.
    pub token: String,
    /// `replayground`, `confluent`, `redpanda`, `karapace` or `strimzi`; empty before it was found out.
    pub kind: String,
}

/// One question to a server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KafkaRequest {
    /// What kind it is and which topics it has. Answered by `Connected`.
    Connect {
        /// Of this server.
        server: KafkaServer,
    },
    /// The partitions of a topic. Answered by `Topic`.
    Topic {
        /// Of this server.
        server: KafkaServer,
        /// Its name.
        topic: String,
    },
    /// What a wish means, by offset. Answered by `Plan`.
    Plan {
        /// Of this server.
        server: KafkaServer,
        /// The topic's name.
        topic: String,
        /// What of it.
        range: KafkaRange,
    },
    /// The first records of a plan, to try a mapping on. Answered by `Sample`.
    Sample {
        /// Of this server.
        server: KafkaServer,
        /// What would be read.
        plan: KafkaPlan,
    },
    /// Schemas of a Schema Registry, by their numbers and GUIDs. Answered by `Schemas`.
    Schemas {
        /// The registry.
        server: KafkaServer,
        /// Which ones.
        ids: Vec<String>,
    },
    /// The lag of consumer groups. Answered by `Lag`.
    Lag {
        /// Of this server.
        server: KafkaServer,
        /// The topic's name.
        topic: String,
        /// One group; empty for all that committed something.
        group: String,
    },
}

/// What of a topic is wanted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct KafkaRange {
    /// The first of it.
    pub from: KafkaFrom,
    /// Its end.
    pub until: KafkaUntil,
    /// These partitions only; all if empty.
    pub partitions: Vec<i32>,
    /// Leave out what transactions aborted.
    pub read_committed: bool,
}

/// Where reading begins.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KafkaFrom {
    /// At the log start offsets.
    #[default]
    Beginning,
    /// Behind what is there: only new records.
    End,
    /// At this offset of every partition.
    Offset {
        /// The broker's.
        offset: i64,
    },
    /// At the first record from then on.
    Time {
        /// Milliseconds since 1970 UTC.
        timestamp_ms: f64,
    },
    /// So many offsets before the end of each partition.
    Last {
        /// How many.
        count: u64,
    },
}

/// Where reading ends.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KafkaUntil {
    /// Where the partitions end now.
    #[default]
    End,
    /// Before this offset of every partition.
    Offset {
        /// The broker's.
        offset: i64,
    },
    /// Before the first record from then on.
    Time {
        /// Milliseconds since 1970 UTC.
        timestamp_ms: f64,
    },
}

/// What is read, by offset.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct KafkaPlan {
    /// The topic.
    pub topic: String,
    /// By partition.
    pub spans: Vec<KafkaSpan>,
    /// Leave out what transactions aborted.
    pub read_committed: bool,
}

/// A piece of a partition.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct KafkaSpan {
    /// The broker's number.
    pub partition: i32,
    /// The first offset; `None` if the server does not tell.
    pub start: Option<i64>,
    /// One past the last; `None` if the server does not tell.
    pub end: Option<i64>,
}

impl KafkaPlan {
    /// Offsets in it: the records, or more where the log has gaps; `None` if it is not known beforehand.
    pub fn offsets(&self) -> Option<u64> {
        self.spans.iter().map(|span| Some(span.end?.saturating_sub(span.start?).max(0) as u64)).sum()
    }

    /// So many offsets of each partition, from its first on.
    #[must_use]
    pub fn beginning(&self, offsets: i64) -> KafkaPlan {
        let clipped = |span: &KafkaSpan| {
            let most = span.start.unwrap_or(0).saturating_add(offsets);
            KafkaSpan { end: Some(span.end.map_or(most, |end| end.min(most))), ..span.clone() }
        };
        KafkaPlan { spans: self.spans.iter().map(clipped).collect(), ..self.clone() }
    }

    /// Where following goes on behind it.
    pub fn ends(&self) -> Vec<KafkaSpan> {
        let end = |span: &KafkaSpan| KafkaSpan { start: span.end.or(span.start), end: None, ..span.clone() };
        self.spans.iter().map(end).collect()
    }
}

/// A plan and where to carry it out: a source of a load.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct KafkaRead {
    /// With its kind.
    pub server: KafkaServer,
    /// What is read, or followed from each span's start on.
    pub plan: KafkaPlan,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KafkaReply {
    /// Answer to `Connect`.
    Connected {
        /// The server, its kind found out.
        server: KafkaServer,
        /// Empty if it does not say.
        version: String,
        /// Of `offsets`, `times`, `timestamps`, `headers`, `isolation`, `stream`, `live`, `lag`.
        abilities: Vec<String>,
        /// Decodes values by a schema registry.
        decodes_schemas: bool,
        /// Sorted.
        topics: Vec<String>,
    },
    /// Answer to `Topic`.
    Topic {
        /// Its name.
        topic: String,
        /// With what the server tells of their offsets.
        partitions: Vec<KafkaSpan>,
        /// Bytes of a record, measured by the latest; `None` if that is not known.
        record_bytes: Option<f64>,
    },
    /// Answer to `Plan`.
    Plan {
        /// What is read.
        plan: KafkaPlan,
    },
    /// Answer to `Sample`.
    Sample {
        /// Lines of JSON.
        text: String,
    },
    /// Answer to `Schemas`.
    Schemas {
        /// Each with the registry's answer, which is JSON.
        schemas: Vec<(String, String)>,
        /// Those that it did not give, and why.
        failed: Vec<(String, Failure)>,
    },
    /// Answer to `Lag`.
    Lag {
        /// Sorted by name.
        groups: Vec<KafkaGroup>,
    },
}

/// A consumer group behind a topic.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct KafkaGroup {
    /// Its name.
    pub group: String,
    /// Partitions of which it committed an offset: number, committed offset, lag.
    pub partitions: Vec<(i32, i64, i64)>,
}

/// How a topic is being followed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FollowState {
    /// New records come as they are written.
    pub is_up: bool,
    /// Why they do not.
    pub failure: Option<Failure>,
    /// Records that came and are not in the log yet, because it is paused.
    pub waiting: u64,
    /// Records that were appended so far.
    pub appended: u64,
    /// The log does not take them.
    pub is_paused: bool,
}
