//! Protobuf: `.proto` text and descriptor sets as schemas, and messages in the wire format as JSON.
//!
//! What a message says is decided by its fields' numbers, names and types alone, so of a `.proto` file only these are understood; services
//! and most options are passed over. That is a small part of a compiler, which is why there is none here. Never reads a file; how
//! a string or a time is written is its user's.

mod descriptor;
mod file;
mod json;
mod known;
mod schema;
mod text;
mod wire;

pub use descriptor::{file_of_descriptor, files_of_set};
pub use file::File;
pub use json::{Decoded, Misfit, Writer, decode};
pub use schema::{Schema, link};
pub use text::parse;
pub use wire::path;
