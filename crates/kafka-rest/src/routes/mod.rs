//! The routes, a file per family. A handler checks what was asked, asks Kafka, and translates.

pub(crate) mod consumers;
pub(crate) mod health;
pub(crate) mod live;
pub(crate) mod records;
pub(crate) mod topics;

use crate::error::Error;

/// The families of the API's paths; with `--site`, all others are files.
const FAMILIES: [&str; 7] = ["topics", "consumers", "brokers", "groups", "health", "metrics", "proxy"];

/// Whether a path is one of the API's rather than a file's.
pub(crate) fn is_api(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    // Percent-encoded, it matches no route but may decode to one: then it is the API's as well.
    FAMILIES.contains(&first) || first == "openapi.json" || first.contains('%')
}

/// What is not there.
pub(crate) async fn no_such_path() -> Error {
    Error::NoSuchPath
}

/// What cannot be done there.
pub(crate) async fn no_such_method() -> Error {
    Error::NoSuchMethod
}

/// What the REST Proxy would write to Kafka.
pub(crate) async fn read_only() -> Error {
    Error::ReadOnly { what: "producing records" }
}
