//! What can go wrong, each with what to do about it.

use crate::server::Kind;
use crate::wire::Unreachable;
use serde_json::Value;

/// Why a server could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nobody listens.
    #[error("nothing answers at {server} ({detail}); start the proxy, or correct the address")]
    Refused {
        /// The address.
        server: String,
        /// The host's own words.
        detail: String,
    },
    /// A browser only: the server does not let this page read.
    #[error(
        "{server} answers, but does not let pages of this origin read; its CORS setting must name this page's origin"
    )]
    Cors {
        /// The address.
        server: String,
    },
    /// A browser only: the page's own policy.
    #[error("this page may not ask {server}: its Content-Security-Policy names no such origin")]
    Policy {
        /// The address.
        server: String,
    },
    /// It broke, and trying again did not help.
    #[error("the connection to {server} broke: {detail}")]
    Broken {
        /// The address.
        server: String,
        /// The host's own words.
        detail: String,
    },
    /// What answers is no REST proxy.
    #[error("what answers at {server} is no REST proxy of Kafka that is known here (status {status})")]
    Unknown {
        /// The address.
        server: String,
        /// Of the last answer.
        status: u16,
    },
    /// A token is missing or wrong.
    #[error("{server} wants a token, or another one: {message}")]
    Unauthorized {
        /// The address.
        server: String,
        /// The server's words.
        message: String,
    },
    /// The server or Kafka does not allow it.
    #[error("not allowed: {message}")]
    Forbidden {
        /// The server's words.
        message: String,
    },
    /// There is no such topic.
    #[error("there is no topic {topic}: the server says {message:?}")]
    UnknownTopic {
        /// Its name.
        topic: String,
        /// The server's words.
        message: String,
    },
    /// There is no such partition.
    #[error("{message}")]
    UnknownPartition {
        /// The server's words, or our own.
        message: String,
    },
    /// The log begins later than what was asked for.
    #[error("{message}; retention removed what was before: read from the beginning or from the offset named")]
    Truncated {
        /// Which partition, and where it begins.
        message: String,
    },
    /// The log ends before what was asked for.
    #[error("{message}")]
    BeyondEnd {
        /// Which partition, and where it ends.
        message: String,
    },
    /// The server cannot reach Kafka.
    #[error("the proxy answers, but Kafka behind it does not: {message}")]
    BrokerDown {
        /// The server's words.
        message: String,
    },
    /// All places are taken, or it was asked too often.
    #[error("the server is busy: {message}")]
    Busy {
        /// The server's words.
        message: String,
    },
    /// This kind of server cannot do it.
    #[error("{kind} cannot {what}")]
    Unsupported {
        /// The kind.
        kind: Kind,
        /// For example `start at a time`.
        what: &'static str,
    },
    /// Any other answer.
    #[error("the server answered {status}: {message}")]
    Answered {
        /// Of the answer.
        status: u16,
        /// The server's words.
        message: String,
    },
    /// Something about the wish itself.
    #[error("{what}")]
    Wish {
        /// What, and how it should be.
        what: String,
    },
    /// The host wanted no more.
    #[error("stopped")]
    Stopped,
}

impl Failure {
    /// A short name by which a page finds its words.
    pub fn code(&self) -> &'static str {
        match self {
            Failure::Refused { .. } => "kafka-refused",
            Failure::Cors { .. } => "kafka-cors",
            Failure::Policy { .. } => "kafka-policy",
            Failure::Broken { .. } => "kafka-broken",
            Failure::Unknown { .. } => "kafka-unknown-server",
            Failure::Unauthorized { .. } => "kafka-unauthorized",
            Failure::Forbidden { .. } => "kafka-forbidden",
            Failure::UnknownTopic { .. } => "kafka-unknown-topic",
            Failure::UnknownPartition { .. } => "kafka-unknown-partition",
            Failure::Truncated { .. } => "kafka-truncated",
            Failure::BeyondEnd { .. } => "kafka-beyond-end",
            Failure::BrokerDown { .. } => "kafka-broker-down",
            Failure::Busy { .. } => "kafka-busy",
            Failure::Unsupported { .. } => "kafka-unsupported",
            Failure::Answered { .. } => "kafka-answered",
            Failure::Wish { .. } => "kafka-wish",
            Failure::Stopped => "kafka-stopped",
        }
    }

    /// The one thing that changes from case to case: an address, a topic or the server's words.
    pub fn detail(&self) -> String {
        match self {
            Failure::Refused { server, .. }
            | Failure::Cors { server }
            | Failure::Policy { server }
            | Failure::Unknown { server, .. } => server.clone(),
            Failure::Broken { detail, .. } => detail.clone(),
            Failure::UnknownTopic { topic, .. } => topic.clone(),
            Failure::Unauthorized { message, .. }
            | Failure::Forbidden { message }
            | Failure::UnknownPartition { message }
            | Failure::Truncated { message }
            | Failure::BeyondEnd { message }
            | Failure::BrokerDown { message }
            | Failure::Busy { message } => message.clone(),
            Failure::Answered { status, message } => format!("{status}: {message}"),
            Failure::Unsupported { kind, what } => format!("{kind}: {what}"),
            Failure::Wish { what } => what.clone(),
            Failure::Stopped => String::new(),
        }
    }

    /// Whether the same request may succeed in a moment.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(
            self,
            Failure::Refused { .. } | Failure::Broken { .. } | Failure::BrokerDown { .. } | Failure::Busy { .. }
        )
    }

    pub(crate) fn unreachable(server: &str, why: Unreachable) -> Failure {
        let server = server.to_owned();
        match why {
            Unreachable::Refused(detail) => Failure::Refused { server, detail },
            Unreachable::Cors => Failure::Cors { server },
            Unreachable::Policy => Failure::Policy { server },
            Unreachable::Broken(detail) => Failure::Broken { server, detail },
            Unreachable::Stopped => Failure::Stopped,
        }
    }

    /// What an answer that is no success says. `topic` is what was asked about.
    pub(crate) fn answered(server: &str, status: u16, body: &[u8], topic: &str) -> Failure {
        let json: Option<Value> = serde_json::from_slice(body).ok();
        let code = json.as_ref().and_then(|json| json["error_code"].as_u64()).unwrap_or(0);
        // An error in the middle of a stream comes under a status that was sent before.
        let status = if status == 200 { u16::try_from(code / 100).unwrap_or(500) } else { status };
        let message = json.as_ref().and_then(|json| json["message"].as_str()).map_or_else(
            || String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned(),
            |message| message.chars().take(500).collect(),
        );
        let server = server.to_owned();
        let says = |words: &[&str]| words.iter().any(|word| message.to_lowercase().contains(word));
        match (status, code) {
            (401, _) => Failure::Unauthorized { server, message },
            (403, 40304) => Failure::Cors { server },
            (403, _) => Failure::Forbidden { message },
            (_, 40402) => Failure::UnknownPartition { message },
            // Strimzi's Bridge answers 404 without a finer code for both, and 500 for a name that no topic can have.
            (404, 404) if says(&["does not have partition"]) => Failure::UnknownPartition { message },
            (500, _) if says(&["invalidtopicexception"]) && !topic.is_empty() => {
                Failure::UnknownTopic { topic: topic.to_owned(), message }
            }
            (404, 40401 | 404) if !topic.is_empty() => Failure::UnknownTopic { topic: topic.to_owned(), message },
            (416, 41602) => Failure::BeyondEnd { message },
            (416, _) => Failure::Truncated { message },
            (429, _) | (503, 50302 | 50303) => Failure::Busy { message },
            (502..=504, _) => Failure::BrokerDown { message },
            (408 | 500, _) if says(&["timed out", "timeout", "not available", "disconnect", "no resolvable"]) => {
                Failure::BrokerDown { message }
            }
            (500, _) if says(&["not authorized", "authorization"]) => Failure::Forbidden { message },
            _ => Failure::Answered { status, message },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[track_caller]
    fn check(status: u16, body: &str, expected: &str) {
        assert_eq!(Failure::answered("http://h", status, body.as_bytes(), "orders").code(), expected, "{body}");
    }

    #[test]
    fn errors_of_all_servers_are_told_apart() {
        check(404, r#"{"error_code":40401,"message":"Topic not found."}"#, "kafka-unknown-topic");
        check(404, r#"{"error_code":404,"message":"Topic not found"}"#, "kafka-unknown-topic");
        check(404, r#"{"error_code":40402,"message":"Partition not found."}"#, "kafka-unknown-partition");
        let bridge = r#"{"error_code":404,"message":"Topic 'orders' does not have partition with id 9"}"#;
        check(404, bridge, "kafka-unknown-partition");
        let bridge =
            r#"{"error_code":500,"message":"org.apache.kafka.common.errors.InvalidTopicException: The request …"}"#;
        check(500, bridge, "kafka-unknown-topic");
        check(403, r#"{"error_code":40301,"message":"READ"}"#, "kafka-forbidden");
        check(416, r#"{"error_code":41601,"message":"begins at offset 7"}"#, "kafka-truncated");
        check(416, r#"{"error_code":41602,"message":"ends at offset 7"}"#, "kafka-beyond-end");
        check(503, r#"{"error_code":50301,"message":"Kafka does not answer"}"#, "kafka-broker-down");
        check(503, r#"{"error_code":50302,"message":"all places"}"#, "kafka-busy");
        check(500, r#"{"error_code":500,"message":"Timed out waiting for a node assignment."}"#, "kafka-broker-down");
        check(401, "no JSON at all", "kafka-unauthorized");
        check(418, "no JSON at all", "kafka-answered");
    }
}
