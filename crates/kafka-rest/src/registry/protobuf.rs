//! Protobuf by descriptors that are compiled from the registry's text.

use prost_reflect::{DynamicMessage, MessageDescriptor, SerializeOptions};
use protox::Compiler;
use protox::Error;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};
use serde_json::Serializer;
use std::collections::BTreeMap;

/// The name under which the schema itself is compiled; its imports have their own.
const MAIN: &str = "replayground-main.proto";

/// The messages of one schema's file.
#[derive(Debug)]
pub(super) struct Reader {
    messages: Vec<MessageDescriptor>,
}

struct Sources(BTreeMap<String, String>);

impl FileResolver for Sources {
    fn open_file(&self, name: &str) -> Result<File, Error> {
        let source = self.0.get(name).ok_or_else(|| Error::file_not_found(name))?;
        File::from_source(name, source)
    }
}

impl Reader {
    /// `references` are the files that this one imports, by the name that it imports them under.
    pub(super) fn new(schema: &str, references: Vec<(String, String)>) -> Result<Self, String> {
        let mut sources: BTreeMap<String, String> = references.into_iter().collect();
        sources.insert(MAIN.to_owned(), schema.to_owned());
        let mut resolver = ChainFileResolver::new();
        resolver.add(Sources(sources));
        resolver.add(GoogleFileResolver::new());
        let mut compiler = Compiler::with_file_resolver(resolver);
        compiler.open_file(MAIN).map_err(|error| error.to_string())?;
        let file = compiler.descriptor_pool().get_file_by_name(MAIN).ok_or("the file has no descriptor")?;
        Ok(Self { messages: file.messages().collect() })
    }

    /// The bytes behind magic and id: the path to the message in its file, then the message.
    pub(super) fn json(&self, bytes: &[u8]) -> Result<String, String> {
        let mut rest = bytes;
        let count = varint(&mut rest)?;
        // Zero stands for the path to the first message, by far the most frequent.
        let path: Vec<i64> = match count {
            0 => vec![0],
            1..=32 => (0..count).map(|_| varint(&mut rest)).collect::<Result<_, _>>()?,
            _ => return Err(format!("a path of {count} messages")),
        };
        let unknown = || format!("the schema has no message {path:?}");
        let mut message: Option<MessageDescriptor> = None;
        for index in &path {
            let index = usize::try_from(*index).map_err(|_| unknown())?;
            message = match message {
                None => self.messages.get(index).cloned(),
                Some(outer) => outer.child_messages().nth(index),
            };
            if message.is_none() {
                return Err(unknown());
            }
        }
        let message = DynamicMessage::decode(message.ok_or_else(unknown)?, rest).map_err(|error| error.to_string())?;
        let mut out = Vec::new();
        // Fields by their names in the schema; those without presence are shown with their default, as a reader would see them.
        let options = SerializeOptions::new()
            .use_proto_field_name(true)
            .skip_default_fields(false)
            .stringify_64_bit_integers(false);
        message.serialize_with_options(&mut Serializer::new(&mut out), &options).map_err(|error| error.to_string())?;
        String::from_utf8(out).map_err(|error| error.to_string())
    }
}

/// A zig-zag number, as the path is written.
fn varint(rest: &mut &[u8]) -> Result<i64, String> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, tail) = rest.split_first().ok_or("it ends too early")?;
        *rest = tail;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok((number >> 1) as i64 ^ -((number & 1) as i64));
        }
    }
    Err("a number is longer than ten bytes".to_owned())
}

#[cfg(test)]
mod tests {
    use super::Reader;

    const SCHEMA: &str = r#"syntax = "proto3"; package shop; import "common.proto"; import "google/protobuf/timestamp.proto";
        message Order { string id = 1; int64 cents = 2; Kind kind = 3; google.protobuf.Timestamp at = 4; message Line { int32 n = 1; } }
        message Other { string name = 1; }"#;
    const COMMON: &str = r#"syntax = "proto3"; package shop; enum Kind { NEW = 0; PAID = 1; }"#;

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<&str, &str>) {
        let reader = Reader::new(SCHEMA, vec![("common.proto".into(), COMMON.into())]).unwrap();
        match (reader.json(bytes), expected) {
            (Ok(json), Ok(expected)) => assert_eq!(json, expected),
            (Err(error), Err(expected)) => assert!(error.contains(expected), "{error}"),
            (got, _) => panic!("{bytes:?} gives {got:?}"),
        }
    }

    #[test]
    fn messages_are_found_by_their_path() {
        check(b"\x00\x0a\x01a\x10\x05\x18\x01", Ok(r#"{"id":"a","cents":5,"kind":"PAID"}"#));
        check(b"\x02\x02\x0a\x01x", Ok(r#"{"name":"x"}"#));
        check(b"\x04\x00\x00\x08\x07", Ok(r#"{"n":7}"#));
        check(b"\x02\x08", Err("no message"));
        check(b"\x02\x01", Err("no message"));
        check(b"\xfe\xff\xff\x7f", Err("a path of"));
        check(b"\x00\x0a\x7f", Err(""));
        check(b"", Err("too early"));
    }

    #[test]
    fn a_schema_that_is_none_is_an_error() {
        assert!(Reader::new("message {", Vec::new()).is_err());
        assert!(Reader::new(SCHEMA, Vec::new()).unwrap_err().contains("common.proto"));
    }
}
