//! Exports of Kafka and of event stores: bytes to records and back.
//!
//! A [`Loader`] takes the bytes of a file in chunks, unpacks them, finds out which of many formats it is, and gives
//! a [`Log`](replay_log::log::Log) together with a list of what could not be read. The text is kept once: a record is a span of it and
//! is decoded when somebody looks. Text whose records are not pieces of JSON is written over into lines that are.
//!
//! This crate reads no files and knows no network. It never panics on any input, and loading never fails as a whole.

mod archive;
mod avro;
mod cdc;
mod compression;
mod connect;
mod continuation;
mod decode;
mod detect;
mod error;
mod fact;
mod format;
mod guess;
mod headers;
mod layout;
mod loader;
mod many;
mod mapping;
mod parts;
mod protobuf;
mod read;
mod reading;
mod registry;
mod side_by_side;
mod sidecar;
mod template;
mod text;
mod time;
mod value;
pub mod write;

pub use compression::MAX_TEXT_BYTES;
pub use connect::{BadConversion, Conversion};
pub use continuation::Continuation;
pub use detect::{Evidence, SchemaFate};
pub use error::{Cause, MAX_ERRORS, ReadError};
pub use fact::{Fact, Facts};
pub use format::{Format, Shape, Transport, UnknownFormat};
pub use guess::{KeyCandidate, KeyGuess};
pub use loader::{LoadOptions, Loaded, Loader, Progress, load, load_vec};

pub use many::{Source, join, load_many, load_sources};
pub use mapping::{BadMapping, Mapping, MappingChoice, Part, Place};
pub use parts::{SAMPLE_BYTES, SlicePart, SliceReader};
pub use read::kcat_format::{BadKcatFormat, KcatFormat};
pub use registry::{NamedSchemas, Schemas};
pub use side_by_side::{load_elsewhere, load_in_slices};
pub use time::TimeUnit;
