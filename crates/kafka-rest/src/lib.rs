//! `replayground-proxy`: Kafka over HTTP for the page and for tools. It only reads: there is no producer in here, nothing is
//! committed, no group is joined and no topic created.
//!
//! [`App::new`] builds the state and [`router`] the routes, so that tests call them without a socket; [`serve`] adds the socket.
//! Record contents are never logged.

mod allow;
mod app;
mod body;
mod clock;
mod config;
mod encode;
mod error;
mod guard;
mod instances;
mod kafka;
mod metrics;
mod query;
mod registry;
mod routes;
mod server;
mod stream;

pub use app::{App, router};
pub use config::{Arguments, Limits, Settings};
pub use error::Error;
pub use server::serve;
