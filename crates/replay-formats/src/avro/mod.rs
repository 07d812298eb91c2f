//! Avro: schemas, their binary values as JSON, and the files that hold both.

mod container;
mod decode;
mod schema;

pub(crate) use container::ContainerReader;
pub(crate) use decode::{Decoder, push_float};
pub(crate) use schema::{Schema, compile};
