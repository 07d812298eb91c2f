//! What can go wrong, each with its status, its `error_code` and words that say what to do.
//!
//! The codes are those of Confluent's REST Proxy v2 where it has one: the status, then two digits.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// An answer that is an error. Causes that a client must not see go to the log, not in here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No route has this path.
    #[error("there is nothing at this path; /openapi.json lists what there is")]
    NoSuchPath,
    /// The path exists, but not for this method.
    #[error("this method is not offered here; the proxy only reads, and /openapi.json lists how")]
    NoSuchMethod,
    /// Something that would change Kafka.
    #[error("{what} would change something in Kafka, and this proxy only reads")]
    ReadOnly {
        /// What was asked.
        what: &'static str,
    },
    /// The broker has no such topic.
    #[error("topic {topic} does not exist")]
    UnknownTopic {
        /// Its name.
        topic: String,
    },
    /// The topic has no such partition.
    #[error("topic {topic} has no partition {partition}")]
    UnknownPartition {
        /// Its name.
        topic: String,
        /// The number that was asked for.
        partition: i64,
    },
    /// The proxy's own list leaves the topic out, whether it exists or not.
    #[error("topic {topic} is not on this proxy's list; its operator can add it with --topics")]
    TopicNotListed {
        /// Its name.
        topic: String,
    },
    /// Kafka's access control refuses.
    #[error("Kafka does not allow the proxy's user to read {what}; grant it READ and DESCRIBE")]
    Forbidden {
        /// A topic or a group.
        what: String,
    },
    /// Retention or a deletion removed what was asked for.
    #[error(
        "partition {partition} of {topic} begins at offset {start} now: {offset} was removed by retention; read from {start}"
    )]
    Truncated {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
        /// What was asked for.
        offset: i64,
        /// The log start offset.
        start: i64,
    },
    /// The offset lies behind the end.
    #[error("partition {partition} of {topic} ends at offset {end}: there is no offset {offset}")]
    BeyondEnd {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
        /// What was asked for.
        offset: i64,
        /// The high watermark, or the last stable offset.
        end: i64,
    },
    /// A parameter, path or body that cannot be understood.
    #[error("{what}")]
    Invalid {
        /// Which one, and what it must be.
        what: String,
    },
    /// A body that is no JSON, or not of this shape.
    #[error("the body is not what this request takes: {what}")]
    InvalidBody {
        /// Where and why.
        what: String,
    },
    /// A body, header or path that is too large.
    #[error("the request is larger than this proxy takes")]
    TooLarge,
    /// None of the media types of `Accept` can be given.
    #[error("none of the accepted media types can be given; there are {offered}")]
    NotAcceptable {
        /// What there is.
        offered: &'static str,
    },
    /// The instance reads in another format than the client accepts.
    #[error("the instance was created for the format {format}; accept its media type, or create another one")]
    WrongFormat {
        /// The format of the instance.
        format: &'static str,
    },
    /// No such consumer instance, or it expired.
    #[error("consumer instance {instance} of group {group} does not exist; idle ones expire, create it again")]
    UnknownInstance {
        /// The group in the path.
        group: String,
        /// The instance in the path.
        instance: String,
    },
    /// A consumer instance of this name is there.
    #[error("consumer instance {instance} exists already in group {group}")]
    InstanceExists {
        /// The group in the path.
        group: String,
        /// The name that was asked for.
        instance: String,
    },
    /// Subscribed and assigned at once.
    #[error("a consumer instance is either subscribed or assigned; delete the subscription first")]
    SubscriptionAndAssignment,
    /// Another request reads with this instance at the moment.
    #[error("consumer instance {instance} is answering another request; send one at a time")]
    InstanceBusy {
        /// The instance.
        instance: String,
    },
    /// A value of a consumer's configuration.
    #[error("the consumer's configuration cannot be used: {what}")]
    InvalidConsumer {
        /// Which one, and what it must be.
        what: String,
    },
    /// The token is missing or wrong.
    #[error("a token is needed: send the header Authorization: Bearer TOKEN")]
    Unauthorized,
    /// A page of another origin asks, and the list of origins does not have it.
    #[error("pages of {origin} may not read here; start the proxy with --cors-origin {origin} to allow it")]
    ForeignOrigin {
        /// The origin.
        origin: String,
    },
    /// The name under which the proxy was reached is not one of its own: what a rebinding attack looks like.
    #[error("this proxy is not known as {host}; start it with --host {host} to allow that name")]
    ForeignHost {
        /// The host header.
        host: String,
    },
    /// The client asks too often.
    #[error("more requests than {per_minute} a minute; wait a few seconds")]
    TooManyRequests {
        /// The limit.
        per_minute: u32,
    },
    /// All places are taken.
    #[error("{what} are taken ({limit}); close some, or try again in a few seconds")]
    Full {
        /// Which places.
        what: &'static str,
        /// How many there are.
        limit: usize,
    },
    /// The proxy is about to end.
    #[error("the proxy is shutting down")]
    ShuttingDown,
    /// No broker answers.
    #[error("Kafka does not answer: {reason}")]
    BrokerDown {
        /// What librdkafka says of it.
        reason: String,
    },
    /// Kafka does not take the proxy's credentials or certificate.
    #[error("Kafka does not let the proxy in: {reason}; its operator should look at the security settings")]
    NotAuthenticated {
        /// What librdkafka says of it.
        reason: String,
    },
    /// Anything else that Kafka answers.
    #[error("Kafka answered: {reason}")]
    Kafka {
        /// What librdkafka says of it.
        reason: String,
    },
    /// A mistake of the proxy; the log has the cause.
    #[error("the proxy failed; its log says why")]
    Internal,
}

impl Error {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchPath
            | Self::UnknownTopic { .. }
            | Self::UnknownPartition { .. }
            | Self::UnknownInstance { .. } => StatusCode::NOT_FOUND,
            Self::NoSuchMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::ReadOnly { .. }
            | Self::TopicNotListed { .. }
            | Self::Forbidden { .. }
            | Self::ForeignOrigin { .. }
            | Self::ForeignHost { .. } => StatusCode::FORBIDDEN,
            Self::Truncated { .. } | Self::BeyondEnd { .. } => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::Invalid { .. } => StatusCode::BAD_REQUEST,
            Self::InvalidBody { .. } | Self::InvalidConsumer { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotAcceptable { .. } | Self::WrongFormat { .. } => StatusCode::NOT_ACCEPTABLE,
            Self::InstanceExists { .. } | Self::SubscriptionAndAssignment | Self::InstanceBusy { .. } => {
                StatusCode::CONFLICT
            }
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Full { .. } | Self::ShuttingDown | Self::BrokerDown { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotAuthenticated { .. } => StatusCode::BAD_GATEWAY,
            Self::Kafka { .. } | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The `error_code` of the body.
    pub fn code(&self) -> u32 {
        let detail = match self {
            Self::NoSuchPath
            | Self::NoSuchMethod
            | Self::TooLarge
            | Self::Unauthorized
            | Self::TooManyRequests { .. } => return u32::from(self.status().as_u16()),
            Self::UnknownTopic { .. }
            | Self::Forbidden { .. }
            | Self::Truncated { .. }
            | Self::Invalid { .. }
            | Self::NotAcceptable { .. }
            | Self::BrokerDown { .. }
            | Self::NotAuthenticated { .. }
            | Self::InvalidBody { .. }
            | Self::Internal => 1,
            Self::UnknownPartition { .. }
            | Self::TopicNotListed { .. }
            | Self::BeyondEnd { .. }
            | Self::InstanceExists { .. }
            | Self::Full { .. }
            | Self::WrongFormat { .. }
            | Self::Kafka { .. } => 2,
            Self::UnknownInstance { .. }
            | Self::SubscriptionAndAssignment
            | Self::ReadOnly { .. }
            | Self::ShuttingDown => 3,
            Self::InvalidConsumer { .. } | Self::ForeignOrigin { .. } | Self::InstanceBusy { .. } => 4,
            Self::ForeignHost { .. } => 5,
        };
        u32::from(self.status().as_u16()) * 100 + detail
    }

    /// The body: `{"error_code":…,"message":…}`.
    pub fn body(&self) -> serde_json::Value {
        serde_json::json!({ "error_code": self.code(), "message": self.to_string() })
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.body())).into_response();
        let headers = response.headers_mut();
        match self {
            Self::Unauthorized => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::TooManyRequests { .. } | Self::Full { .. } | Self::ShuttingDown | Self::BrokerDown { .. } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            _ => {}
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[track_caller]
    fn check(error: &Error, status: u16, code: u32) {
        assert_eq!((error.status().as_u16(), error.code()), (status, code), "{error}");
    }

    #[test]
    fn codes_are_those_of_the_rest_proxy_where_it_has_one() {
        check(&Error::NoSuchPath, 404, 404);
        check(&Error::UnknownTopic { topic: "t".into() }, 404, 40401);
        check(&Error::UnknownPartition { topic: "t".into(), partition: 9 }, 404, 40402);
        check(&Error::UnknownInstance { group: "g".into(), instance: "i".into() }, 404, 40403);
        check(&Error::InstanceExists { group: "g".into(), instance: "i".into() }, 409, 40902);
        check(&Error::SubscriptionAndAssignment, 409, 40903);
        check(&Error::InvalidConsumer { what: "format".into() }, 422, 42204);
        check(&Error::WrongFormat { format: "json" }, 406, 40602);
        check(&Error::Kafka { reason: "?".into() }, 500, 50002);
        check(&Error::Unauthorized, 401, 401);
    }
}
