//! The log: records as columns over bytes that are kept once, entities with their posting lists, and replay orders.
//!
//! Layer 1. It knows what a record is, but not how any export spells it: a [`log::Decode`] is handed in by the layer above. It does no
//! I/O, reads no clock, knows no wasm, and draws no random number without a seed.

mod abridge;
mod append;
pub mod block;
pub mod builder;
pub mod columns;
mod footprint;
pub mod json;
pub mod keys;
pub mod log;
pub mod part;
pub mod record;
pub mod scan;
pub mod schedule;
pub mod text;

pub use append::Appended;
pub use footprint::Footprint;
pub use json::Json;
pub use log::{EntityId, FormId, Log, PartitionId, PartitionInfo, RecordIndex, TypeId};
pub use record::{Brief, Header, Payload, Record, RecordKind, RowChange, RowOp};
pub use schedule::{Order, Position, Schedule};
