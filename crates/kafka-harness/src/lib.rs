//! A real Apache Kafka for tests: one node in KRaft mode on free ports of 127.0.0.1, with its data in a temporary folder.
//!
//! Maven fetches the jars once into `~/.cache/replayground/kafka` (`REPLAYGROUND_TOOLS` names another parent); a Java runtime of
//! version 17 or newer runs them. `cargo xtask setup` installs both where `apt-get` can. Where they cannot be had, [`broker_or_skip`]
//! says "skipped, because …" and the test ends; with `REPLAYGROUND_REQUIRE_KAFKA` set it fails instead.
//!
//! [`Bridge`] is another project's REST proxy in front of it, Strimzi's Kafka Bridge, where that can be had.
//!
//! A broker dies with the process that started it, however that one ends. This crate is for tests: the product never depends on it.

mod bridge;
mod broker;
#[cfg(feature = "client")]
mod client;
mod error;
mod jars;
mod watchdog;

pub use bridge::{BRIDGE_VARIABLE, Bridge, bridge_or_skip};
pub use broker::{Broker, Options, broker_or_skip};
pub use error::{Error, Missing};
pub use jars::{Jars, KAFKA_VERSION, jars};
