//! The plain data that crosses the boundary between the page and the engine, and nothing else.
//!
//! Depends on serde alone. Types of the layers below are converted by the engine, so that each side can change by itself.
//! Positions, offsets, counts and times are `f64`-safe integers (below 2^53) or, where a log may hold more, text.

mod bytes;
mod compare;
mod kafka;
mod mapping;
mod packed;
mod read_models;
mod reply;
mod request;
mod runs;
mod said;
mod scenario;
mod search;
mod simulation;

pub use compare::*;
pub use kafka::*;
pub use mapping::*;
pub use read_models::*;
pub use reply::*;
pub use request::*;
pub use runs::*;
pub use said::*;
pub use scenario::*;
pub use search::*;
pub use simulation::*;
