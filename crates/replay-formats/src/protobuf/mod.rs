//! Messages of Protobuf, written as all values are here.

#[cfg(test)]
mod tests;

use crate::avro::push_float;
use crate::read::transcribe::push_text_or_bytes;
use crate::time::date_time_text;
use crate::value::push_json_string;
use base64::Engine as _;
pub(crate) use replay_protobuf::{Decoded, File, Schema, file_of_descriptor, files_of_set, link, parse, path};
use replay_protobuf::{Misfit, Writer};

#[cfg(test)]
pub(crate) use tests::Sources;

const WRITER: Writer = Writer {
    string: push_json_string,
    base64: |out, bytes| {
        push_json_string(out, base64::engine::general_purpose::STANDARD.encode(bytes).as_bytes());
    },
    unknown: push_text_or_bytes,
    real: push_float,
    date_time: |seconds| date_time_text(seconds, 1),
};

/// The message of this number in the schema as JSON.
pub(crate) fn decode(schema: &Schema, message: usize, bytes: &[u8]) -> Result<Decoded, Misfit> {
    replay_protobuf::decode(schema, message, bytes, WRITER)
}
