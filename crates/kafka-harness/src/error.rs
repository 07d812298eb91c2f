//! Why there is no broker: what the machine lacks is told apart from what went wrong.

use std::path::PathBuf;

/// What the machine lacks. A test that meets it is skipped, unless `REPLAYGROUND_REQUIRE_KAFKA` is set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// No `java` in `PATH` nor in `JAVA_HOME`.
    #[error("no Java was found; install a runtime of version 17 or newer (Debian: default-jdk-headless)")]
    Java,
    /// The jars are not there yet, and no `mvn` in `PATH` can fetch them.
    #[error("Kafka's jars are not there and Maven was not found; install it (Debian: maven)")]
    Maven,
    /// Maven ran and could not resolve the jars.
    #[error("Maven could not fetch Kafka's jars: {reason}")]
    Jars {
        /// What Maven said last.
        reason: String,
    },
    /// Strimzi's Kafka Bridge is not to be had. Tests that read through it are skipped, whatever is required.
    #[error("Strimzi's Kafka Bridge is not to be had: {reason}")]
    Bridge {
        /// Why, and what would help.
        reason: String,
    },
}

/// Why a broker could not be started or asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The machine lacks something.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// A file or folder of the broker.
    #[error("{path}: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A program could not be started.
    #[error("{program} could not be started: {source}")]
    Program {
        /// Which one.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The broker or the bridge ended or did not come up in time; `log` is the end of what it wrote.
    #[error("it {happened}; the end of its log:\n{log}")]
    Broker {
        /// "ended", "was not ready after 60 s" …
        happened: String,
        /// Its last lines.
        log: String,
    },
    /// The broker answered a request with an error.
    #[error("{request}: {answer}")]
    Refused {
        /// What was asked.
        request: String,
        /// What came back.
        answer: String,
    },
}
