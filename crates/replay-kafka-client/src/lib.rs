//! Reading Kafka over HTTP: what to ask of a REST proxy, and what its answers mean.
//!
//! Layer 2. The same logic serves the command line and the page; how bytes travel is a [`Transport`] that its host brings along. It
//! speaks to this project's own proxy, Confluent's REST Proxy v2, Redpanda's HTTP proxy, Karapace and Strimzi's Kafka Bridge, and gives
//! records as lines of JSON of one shape, whatever the server: those of this project's own proxy. It opens no socket, reads no clock and
//! draws no random number, and it never writes to Kafka: consumer instances are created without commits and deleted afterwards.

mod address;
mod client;
mod consumer;
mod events;
mod failure;
mod follow;
mod line;
mod lines;
mod plan;
mod read;
mod schemas;
mod server;
mod stateless;
mod wire;

pub use address::{Address, TOKEN_VARIABLE, unescaped};
pub use client::Client;
pub use failure::Failure;
pub use follow::{Follow, Link};
pub use line::{failure_line, is_json, one_line};
pub use plan::{Bounds, From, Plan, Range, Span, Until};
pub use read::Outcome;
pub use server::{Abilities, About, GroupLag, Kind, PartitionLag};
pub use wire::{Answer, Flow, Method, Request, Sink, Transport, Unreachable};
