//! What kind of server answers, found out by asking, and what it can do.

use crate::client::Client;
use crate::failure::Failure;
use crate::wire::Transport;
use serde_json::Value;
use std::fmt;

/// No server answers with it.
const HIDDEN: u16 = 0;
/// Groups whose lag is asked for one by one.
const MOST_GROUPS: usize = 20;

/// The servers that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// This project's own proxy.
    #[default]
    Replayground,
    /// Confluent's REST Proxy.
    Confluent,
    /// Redpanda's HTTP proxy.
    Redpanda,
    /// Aiven's Karapace.
    Karapace,
    /// Strimzi's Kafka Bridge.
    Strimzi,
}

impl Kind {
    /// A short name.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Replayground => "replayground",
            Kind::Confluent => "confluent",
            Kind::Redpanda => "redpanda",
            Kind::Karapace => "karapace",
            Kind::Strimzi => "strimzi",
        }
    }

    /// The kind of that short name.
    pub fn from_code(code: &str) -> Option<Kind> {
        [Kind::Replayground, Kind::Confluent, Kind::Redpanda, Kind::Karapace, Kind::Strimzi]
            .into_iter()
            .find(|kind| kind.code() == code)
    }

    /// What it can do.
    pub fn abilities(self) -> Abilities {
        let is_own = self == Kind::Replayground;
        Abilities {
            offsets: self != Kind::Redpanda,
            times: is_own,
            timestamps: matches!(self, Kind::Replayground | Kind::Karapace | Kind::Strimzi),
            headers: matches!(self, Kind::Replayground | Kind::Strimzi),
            isolation: matches!(self, Kind::Replayground | Kind::Strimzi),
            stream: is_own,
            live: is_own,
            lag: is_own,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Replayground => "Replayground's proxy",
            Kind::Confluent => "Confluent's REST Proxy",
            Kind::Redpanda => "Redpanda's HTTP proxy",
            Kind::Karapace => "Karapace",
            Kind::Strimzi => "Strimzi's Kafka Bridge",
        })
    }
}

/// What a server can do, beyond giving records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is an ability of its own")]
pub struct Abilities {
    /// Tells where partitions begin and end.
    pub offsets: bool,
    /// Starts and ends at a time.
    pub times: bool,
    /// Gives records' timestamps.
    pub timestamps: bool,
    /// Gives records' headers.
    pub headers: bool,
    /// Leaves out what was aborted.
    pub isolation: bool,
    /// Streams, instead of answering piece by piece.
    pub stream: bool,
    /// Pushes new records; the others are polled.
    pub live: bool,
    /// Tells the lag of consumer groups.
    pub lag: bool,
}

impl Abilities {
    /// The short names of those it has.
    pub fn names(self) -> Vec<&'static str> {
        let all = [
            (self.offsets, "offsets"),
            (self.times, "times"),
            (self.timestamps, "timestamps"),
            (self.headers, "headers"),
            (self.isolation, "isolation"),
            (self.stream, "stream"),
            (self.live, "live"),
            (self.lag, "lag"),
        ];
        all.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect()
    }
}

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// Which.
    pub kind: Kind,
    /// Empty if it does not say.
    pub version: String,
    /// Decodes values by a schema registry.
    pub decodes_schemas: bool,
    /// Confluent's: it has the v3 API as well, which tells the lag of consumer groups.
    pub has_v3: bool,
}

impl About {
    /// What it can do.
    pub fn abilities(&self) -> Abilities {
        let of_kind = self.kind.abilities();
        Abilities { lag: of_kind.lag || self.has_v3, ..of_kind }
    }
}

/// A consumer group's lag behind a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLag {
    /// Its name.
    pub group: String,
    /// Those of which it committed an offset.
    pub partitions: Vec<PartitionLag>,
}

/// A group's lag in one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartitionLag {
    /// The broker's number.
    pub partition: i32,
    /// The next offset that the group reads.
    pub committed_offset: i64,
    /// Offsets from there to the end.
    pub lag: i64,
}

impl<T: Transport> Client<T> {
    /// Finds out which server it is.
    ///
    /// # Errors
    /// Why nothing can be read there.
    pub async fn about(&self) -> Result<About, Failure> {
        let text = |json: &Value, name: &str| json[name].as_str().unwrap_or_default().to_owned();
        let (status, own) = self.glance("/proxy").await?;
        if own["server"] == "replayground-proxy" {
            let decodes_schemas = own["decodes_schemas"] == true;
            let version = text(&own, "version");
            return Ok(About { kind: Kind::Replayground, version, decodes_schemas, has_v3: false });
        }
        if status == 401 {
            return Err(Failure::Unauthorized { server: self.server().to_owned(), message: text(&own, "message") });
        }
        let known = |kind, version| Ok(About { kind, version, ..About::default() });
        let (_, root) = self.glance("/").await?;
        if root["bridge_version"].is_string() {
            return known(Kind::Strimzi, text(&root, "bridge_version"));
        }
        let (health_status, health) = self.glance("/_health").await?;
        if health_status == 200 && (health["process_uptime_sec"].is_number() || health["karapace_version"].is_string())
        {
            return known(Kind::Karapace, text(&health, "karapace_version"));
        }
        let (ready, _) = self.glance("/status/ready").await?;
        let (status, topics) = self.probe("/topics").await?;
        if !topics.is_array() && status != 403 {
            return match status {
                200 | 400 | 404..=406 => Err(Failure::Unknown { server: self.server().to_owned(), status }),
                status => Err(Failure::answered(self.server(), status, topics.to_string().as_bytes(), "")),
            };
        }
        // Karapace lets pages read its API, but neither what it has no route for nor this.
        if health_status == HIDDEN {
            return known(Kind::Karapace, String::new());
        }
        if ready == 200 {
            return known(Kind::Redpanda, String::new());
        }
        let has_v3 = self.cluster().await?.is_some();
        Ok(About { kind: Kind::Confluent, has_v3, ..About::default() })
    }

    /// Asks without caring for success; an answer that a browser keeps from the page has the status [`HIDDEN`].
    async fn glance(&self, path: &str) -> Result<(u16, Value), Failure> {
        match self.probe(path).await {
            Err(Failure::Cors { .. }) => Ok((HIDDEN, Value::Null)),
            told => told,
        }
    }

    /// The cluster's name in Confluent's v3 API; `None` where there is no such API.
    async fn cluster(&self) -> Result<Option<String>, Failure> {
        let (status, clusters) = self.glance("/v3/clusters").await?;
        Ok(clusters["data"][0]["cluster_id"].as_str().filter(|_| status == 200).map(str::to_owned))
    }

    /// Names of the topics that may be read, sorted.
    ///
    /// # Errors
    /// Why they are not told.
    pub async fn topics(&self) -> Result<Vec<String>, Failure> {
        let mut names: Vec<String> = self.json("/topics", "").await?;
        names.sort();
        Ok(names)
    }

    /// The lag of the consumer groups that committed offsets of this topic; of one group only, if it is named.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] by servers that do not tell.
    pub async fn lag(&self, about: &About, topic: &str, group: Option<&str>) -> Result<Vec<GroupLag>, Failure> {
        if about.kind == Kind::Confluent
            && let Some(cluster) = self.cluster().await?
        {
            return self.lag_of_v3(&cluster, topic, group).await;
        }
        if !about.kind.abilities().lag {
            return Err(Failure::Unsupported { kind: about.kind, what: "tell the lag of consumer groups" });
        }
        let query = group.map(|group| format!("?group={}", escaped(group))).unwrap_or_default();
        let lag: Value = self.json(&format!("/topics/{}/lag{query}", escaped(topic)), topic).await?;
        let number = |json: &Value, name: &str| json[name].as_i64().unwrap_or(0);
        let partition = |json: &Value| PartitionLag {
            partition: number(json, "partition") as i32,
            committed_offset: number(json, "committed_offset"),
            lag: number(json, "lag"),
        };
        let list = |json: &Value| json.as_array().cloned().unwrap_or_default();
        let group = |json: &Value| GroupLag {
            group: json["group"].as_str().unwrap_or_default().to_owned(),
            partitions: list(&json["partitions"]).iter().map(partition).collect(),
        };
        Ok(list(&lag["groups"]).iter().map(group).collect())
    }

    /// By Confluent's v3 API, which is asked group by group.
    async fn lag_of_v3(&self, cluster: &str, topic: &str, group: Option<&str>) -> Result<Vec<GroupLag>, Failure> {
        let groups = format!("/v3/clusters/{}/consumer-groups", escaped(cluster));
        let data = async |path: &str| -> Result<Vec<Value>, Failure> {
            let answer: Value = self.json(path, "").await?;
            Ok(answer["data"].as_array().cloned().unwrap_or_default())
        };
        let named = |group: &Value| group["consumer_group_id"].as_str().map(str::to_owned);
        let names = match group {
            Some(group) => vec![group.to_owned()],
            None => data(&groups).await?.iter().filter_map(named).take(MOST_GROUPS).collect(),
        };
        let mut all = Vec::new();
        for group in names {
            let lags = match data(&format!("{groups}/{}/lags", escaped(&group))).await {
                Ok(lags) => lags,
                // It ended in the meantime, or this user may not look at it.
                Err(Failure::Answered { status: 404, .. } | Failure::Forbidden { .. }) => continue,
                Err(failure) => return Err(failure),
            };
            let partition = |lag: &Value| {
                Some(PartitionLag {
                    partition: i32::try_from(lag["partition_id"].as_i64()?).ok()?,
                    committed_offset: lag["current_offset"].as_i64()?,
                    lag: lag["lag"].as_i64()?,
                })
            };
            let of_topic = lags.iter().filter(|lag| lag["topic_name"] == topic);
            let partitions: Vec<PartitionLag> = of_topic.filter_map(partition).collect();
            if !partitions.is_empty() {
                all.push(GroupLag { group, partitions });
            }
        }
        Ok(all)
    }
}

/// A part of a path, or of a query.
pub(crate) fn escaped(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
