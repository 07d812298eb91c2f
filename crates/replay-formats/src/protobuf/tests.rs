//! What is read here, beside prost-reflect, which reads the same by descriptors that protox compiles.

use super::*;
use proptest::prelude::*;
use prost_reflect::prost::Message as _;
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, SerializeOptions, Value,
};
use protox::Error;
use protox::file::{ChainFileResolver, File as Compiled, FileResolver, GoogleFileResolver};
use std::collections::HashMap;

/// Everything that a field can be.
const RICH: &str = r#"
syntax = "proto3"; /* of all
kinds */ package shop.v1;
import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto"; import "google/protobuf/struct.proto";
import "google/protobuf/wrappers.proto"; import "google/protobuf/any.proto"; import "google/protobuf/field_mask.proto";
import public "google/protobuf/empty.proto";
option java_package = "a" "b;";
service Shop { rpc Buy(Order) returns (stream Order) { option deprecated = true; } rpc Get(Order) returns (Order); }
message Order {
  reserved 100 to max; reserved "gone";
  double a = 1; float b = 2; int32 c = 3; int64 d = 4; uint32 e = 5; uint64 f = 6; sint32 g = 7; sint64 h = 8;
  fixed32 i = 9; fixed64 j = 10; sfixed32 k = 11; sfixed64 l = 12; bool m = 13; string n = 14 [deprecated = true, json_name = "N"]; bytes o = 15;
  Kind kind = 16; Order.Line line = 17; repeated Line lines = 18; repeated sint32 packed = 19; repeated double loose = 20 [packed = false];
  repeated string texts = 21; repeated Kind kinds = 22; map<string, Line> by_name = 23; map<int64, string> by_number = 24;
  map<bool, Kind> by_flag = 25; oneof choice { string left = 26; int32 right = 27; Line middle = 28; google.protobuf.Empty nothing = 29; }
  optional int32 maybe = 0x1e; optional string perhaps = 31; .shop.v1.Order again = 32;
  google.protobuf.Timestamp at = 33; google.protobuf.Duration lasts = 34; google.protobuf.Struct free = 35; google.protobuf.Value value = 36;
  google.protobuf.ListValue list = 37; google.protobuf.Int64Value wrapped = 38; google.protobuf.StringValue text = 39; google.protobuf.BytesValue raw = 40;
  google.protobuf.BoolValue flag = 41; google.protobuf.FloatValue real = 42; google.protobuf.NullValue null = 43; repeated google.protobuf.Timestamp times = 44;
  google.protobuf.FieldMask mask = 45; map<string, google.protobuf.Value> values = 46;
  message Line { int32 n = 1; string unit = 2; Inner.Deep deep = 3; message Inner { message Deep { Kind kind = 1; } } enum Kind { ZERO = 0; ONE = 1; } }
  enum Kind { option allow_alias = true; NEW = 0; PAID = 1 [deprecated = true]; BOUGHT = 1; LOST = -3; reserved 7, 9 to 11; }
}
"#;

/// The same of an older Protobuf, with what is only there.
const OLD: &str = r#"
syntax = "proto2"; package old;
message Order {
  required string id = 1; optional int32 n = 2 [default = -7]; repeated int32 many = 3; repeated int64 packed = 4 [packed=true];
  optional group Result = 5 { optional string url = 1; repeated group Part = 2 { optional int32 n = 1; } } optional Kind kind = 6 [default = B];
  extensions 100 to 199; map<string, int32> counts = 7; optional bytes raw = 8 [default = "\"x;"];
  enum Kind { A = 1; B = 2; }
}
extend Order { optional string note = 100; repeated int32 more = 101; }
message Scope { extend Order { optional int32 inner = 102; } }
"#;

/// Files for protox by their names.
pub(crate) struct Sources(pub(crate) Vec<(&'static str, &'static str)>);

impl FileResolver for Sources {
    fn open_file(&self, name: &str) -> Result<Compiled, Error> {
        let (name, source) = self.0.iter().find(|(own, _)| *own == name).ok_or_else(|| Error::file_not_found(name))?;
        Compiled::from_source(name, source)
    }
}

/// The same text read here, read here from the descriptors that protox makes, and those.
struct Readers {
    ours: Vec<Schema>,
    theirs: DescriptorPool,
}

fn readers(text: &'static str) -> Readers {
    let mut resolver = ChainFileResolver::new();
    resolver.add(Sources(vec![("main.proto", text)]));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).open_file("main.proto").unwrap();
    let files = files_of_set(&compiler.encode_file_descriptor_set()).unwrap();
    let (main, others) = files.split_last().unwrap();
    let others: Vec<&File> = others.iter().collect();
    let own = parse("main.proto", text).unwrap();
    Readers { ours: vec![link(&own, &[]).unwrap(), link(main, &others).unwrap()], theirs: compiler.descriptor_pool() }
}

/// Takes choices from the front of some bytes, zeros when they are gone.
struct Dice<'a>(&'a [u8]);

impl Dice<'_> {
    fn next(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn number(&mut self) -> u64 {
        let bytes: Vec<u8> = (0..self.next() % 9).map(|_| self.next()).collect();
        bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    fn text(&mut self) -> String {
        (0..self.next() % 5)
            .map(|_| ['a', '"', '\\', 'é', '\n', '\0', '李', '_'][usize::from(self.next() % 8)])
            .collect()
    }

    fn message(&mut self, of: &MessageDescriptor, depth: usize) -> DynamicMessage {
        let mut message = DynamicMessage::new(of.clone());
        match of.full_name() {
            "google.protobuf.Timestamp" => {
                message.set_field_by_name("seconds", Value::I64(self.number() as i64 % 60_000_000_000));
                message.set_field_by_name("nanos", Value::I32((self.number() % 1_000_000_000) as i32));
                return message;
            }
            "google.protobuf.Duration" => {
                // Both parts have one sign, also of two that become one.
                let sign = if depth.is_multiple_of(2) { 1 } else { -1 };
                message.set_field_by_name("seconds", Value::I64(sign * (self.number() % 300_000_000_000) as i64));
                message.set_field_by_name("nanos", Value::I32(sign as i32 * (self.number() % 1_000_000_000) as i32));
                return message;
            }
            "google.protobuf.FieldMask" => {
                let paths = ["a", "user_name", "b.c_d"].map(|path| Value::String(path.to_owned()));
                message.set_field_by_name("paths", Value::List(paths[..usize::from(self.next() % 4)].to_vec()));
                return message;
            }
            "google.protobuf.Value" => {
                let kinds = ["number_value", "string_value", "bool_value", "struct_value", "list_value"];
                let name = if depth > 3 { "bool_value" } else { kinds[usize::from(self.next() % 5)] };
                let field = of.get_field_by_name(name).unwrap();
                let value = match name {
                    // It must be finite.
                    "number_value" => Value::F64(self.number() as f64),
                    _ => self.value(&field, depth),
                };
                message.set_field(&field, value);
                return message;
            }
            _ => {}
        }
        for field in of.fields() {
            if self.next().is_multiple_of(3) || depth > 3 && matches!(field.kind(), Kind::Message(_)) {
                continue;
            }
            let value = self.field(&field, depth);
            message.set_field(&field, value);
        }
        message
    }

    fn field(&mut self, field: &FieldDescriptor, depth: usize) -> Value {
        let n = self.next() % 4;
        if field.is_map() {
            let Kind::Message(entry) = field.kind() else { panic!("a map has entries") };
            let value = entry.map_entry_value_field();
            let key = |value| match value {
                Value::String(text) => MapKey::String(text),
                Value::I64(number) => MapKey::I64(number),
                Value::Bool(flag) => MapKey::Bool(flag),
                other => panic!("{other} is no key"),
            };
            let entries: HashMap<MapKey, Value> = (0..n)
                .map(|_| (key(self.value(&entry.map_entry_key_field(), depth)), self.value(&value, depth)))
                .collect();
            return Value::Map(entries);
        }
        if field.is_list() {
            return Value::List((0..n).map(|_| self.value(field, depth)).collect());
        }
        self.value(field, depth)
    }

    fn value(&mut self, field: &FieldDescriptor, depth: usize) -> Value {
        match field.kind() {
            Kind::Double => Value::F64(f64::from_bits(self.number())),
            // Of those whose shortest digits are sure: where two are as near, one is as good as the other.
            Kind::Float => Value::F32(f32::from(self.number() as u16) / 8.0),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(self.number() as i32),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(self.number() as i64),
            Kind::Uint32 | Kind::Fixed32 => Value::U32(self.number() as u32),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(self.number()),
            Kind::Bool => Value::Bool(self.next().is_multiple_of(2)),
            Kind::String => Value::String(self.text()),
            Kind::Bytes => Value::Bytes(self.text().into_bytes().into()),
            Kind::Enum(of) if of.full_name() == "google.protobuf.NullValue" => Value::EnumNumber(0),
            Kind::Enum(of) => {
                let n = usize::from(self.next()) % of.values().count();
                Value::EnumNumber(of.values().nth(n).unwrap().number())
            }
            Kind::Message(of) => Value::Message(self.message(&of, depth + 1)),
        }
    }
}

/// What both make of these bytes.
fn compare(readers: &Readers, name: &str, bytes: &[u8]) {
    let of = readers.theirs.get_message_by_name(name).unwrap();
    let theirs = DynamicMessage::decode(of, bytes);
    let options =
        SerializeOptions::new().use_proto_field_name(true).skip_default_fields(false).stringify_64_bit_integers(false);
    for ours in &readers.ours {
        let read = decode(ours, ours.message(name).unwrap(), bytes);
        let Ok(theirs) = &theirs else { continue };
        let mut text = Vec::new();
        if theirs.serialize_with_options(&mut serde_json::Serializer::new(&mut text), &options).is_err() {
            continue;
        }
        let theirs: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let read = read.unwrap_or_else(|misfit| panic!("{misfit}, but it is {theirs}"));
        let json: serde_json::Value = serde_json::from_slice(&read.json).unwrap();
        assert_eq!(json, theirs, "{}", String::from_utf8_lossy(&read.json));
    }
}

proptest! {
    #[test]
    fn messages_are_read_as_others_read_them(dice in proptest::collection::vec(any::<u8>(), 0..600)) {
        for (text, name) in [(RICH, "shop.v1.Order"), (OLD, "old.Order")] {
            let readers = readers(text);
            let of = readers.theirs.get_message_by_name(name).unwrap();
            let mut dice = Dice(&dice);
            let first = dice.message(&of, 0).encode_to_vec();
            compare(&readers, name, &first);
            // One behind the other is one in which the second says more.
            let second = dice.message(&of, 0).encode_to_vec();
            compare(&readers, name, &[first, second].concat());
        }
    }

    #[test]
    fn no_bytes_and_no_text_break_anything(bytes: Vec<u8>, text in "(message|enum|[{};=<>,]|[ABa]|map|int32|1|oneof|group|repeated|\"| )*") {
        let readers = readers(RICH);
        for schema in &readers.ours {
            let _ = decode(schema, 0, &bytes);
        }
        files_of_set(&bytes);
        if let Ok(file) = parse("", &text) {
            let _ = link(&file, &[&file]);
        }
    }
}

#[track_caller]
fn check(text: &str, bytes: &[u8], expected: Result<&str, &str>) {
    let schema = link(&parse("", text).unwrap(), &[]).unwrap();
    let read = decode(&schema, 0, bytes);
    let json = read.as_ref().map(|read| str::from_utf8(&read.json).unwrap()).map_err(ToString::to_string);
    assert_eq!(json.as_deref().map_err(String::as_str), expected);
}

#[test]
fn what_a_schema_does_not_know_is_kept_under_its_number() {
    let text = r#"syntax = "proto3"; message M { int32 a = 1; }"#;
    check(text, b"\x08\x02\x10\x07\x22\x02hi\x2d\x01\x00\x00\x00\x10\x08", Ok(r#"{"a":2,"2":[7,8],"4":"hi","5":1}"#));
    check(text, b"\x1b\x08\x05\x13\x14\x1c", Ok(r#"{"a":0,"3":{"1":5,"2":{}}}"#));
    check(text, b"\x12\x02\xff\x00", Ok(r#"{"a":0,"2":{"$base64":"/wA="}}"#));
    // Of another type than the schema says it is unknown, too.
    check(text, b"\x0a\x01x", Ok(r#"{"a":0,"1":"x"}"#));
}

#[test]
fn damage_is_told_with_its_place() {
    let text = r#"syntax = "proto3"; package p; message M { string a = 1; M m = 2; repeated fixed32 f = 3; }"#;
    check(text, b"\x0a\x05ab", Err("p.M, byte 2: it is cut off"));
    check(text, b"\x12\x03\x0a\x01\xff", Err("p.M.a, byte 4: the text is not UTF-8"));
    check(text, b"\x12\x02\x0a\x05", Err("p.M, byte 4: it is cut off"));
    check(text, b"\x1a\x05\x01\x00\x00\x00\x01", Err("p.M.f, byte 6: it is cut off"));
    check(text, b"\x00", Err("p.M, byte 0: no field has such a number"));
    check(text, b"\x0f", Err("p.M, byte 0: no field has such a type"));
    check(text, b"\x0c", Err("p.M, byte 1: a group ends that has not begun"));
    check(text, b"\x13\x1c", Err("p.M, byte 1: another group ends than has begun"));
    check(text, &[0xff; 11], Err("p.M, byte 0: a number has more than ten bytes"));
    let mut deep = Vec::new();
    for _ in 0..120 {
        deep = [&[0x12][..], &varint(deep.len()), &deep].concat();
    }
    let schema = link(&parse("", text).unwrap(), &[]).unwrap();
    assert!(decode(&schema, 0, &deep).unwrap_err().to_string().ends_with("it is nested too deeply"));
    let mut groups = vec![0x13; 150];
    groups.extend([0x14; 150]);
    assert!(decode(&schema, 0, &groups).unwrap_err().to_string().ends_with("it is nested too deeply"));
}

fn varint(mut n: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while n > 0x7f {
        bytes.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes
}

#[test]
fn a_few_bytes_do_not_become_too_much_text() {
    let fields: Vec<String> = (2..2000).map(|n| format!("int32 a_field_with_a_name_{n} = {n};")).collect();
    let fields = fields.concat();
    let text = format!("syntax = \"proto3\"; message M {{ repeated M m = 1; {fields} }}");
    let schema = link(&parse("", &text).unwrap(), &[]).unwrap();
    let misfit = decode(&schema, 0, &b"\x0a\x00".repeat(10_000)).unwrap_err();
    assert!(misfit.to_string().ends_with("it holds too much"), "{misfit}");
}

#[test]
fn the_last_of_a_choice_is_the_one_that_counts() {
    let text = r#"syntax = "proto3"; message M { oneof c { int32 a = 1; M m = 2; } repeated int32 r = 3; }"#;
    check(text, b"\x08\x01\x12\x02\x08\x05", Ok(r#"{"m":{"a":5,"r":[]},"r":[]}"#));
    check(text, b"\x12\x02\x18\x05\x08\x00", Ok(r#"{"a":0,"r":[]}"#));
    // What a message held before the other was set is gone; what it held after that is merged.
    check(text, b"\x12\x02\x18\x01\x08\x00\x12\x02\x18\x02\x12\x02\x18\x03", Ok(r#"{"m":{"r":[2,3]},"r":[]}"#));
    // Packed and not packed, in parts.
    check(text, b"\x18\x01\x1a\x02\x02\x03\x18\x04", Ok(r#"{"r":[1,2,3,4]}"#));
}

#[test]
fn any_message_says_which_it_is() {
    let text = r#"syntax = "proto3"; package p; import "google/protobuf/any.proto"; import "google/protobuf/duration.proto";
        message M { google.protobuf.Any any = 1; } message N { int32 n = 1; google.protobuf.Duration d = 2; }"#;
    check(text, b"\x0a\x09\x0a\x03x/y\x12\x02hi", Ok(r#"{"any":{"@type":"x/y","value":"aGk="}}"#));
    check(text, b"\x0a\x0b\x0a\x05x/p.N\x12\x02\x08\x07", Ok(r#"{"any":{"@type":"x/p.N","n":7}}"#));
    check(text, b"\x0a\x0b\x0a\x05x/p.N\x12\x02\x0f\x07", Ok(r#"{"any":{"@type":"x/p.N","value":"Dwc="}}"#));
    let duration = b"\x0a\x23\x0a\x1d/google.protobuf.Duration\x12\x02\x08\x03";
    let mut duration = duration.to_vec();
    (duration[1], duration[3]) = (0x1f, 0x19);
    check(text, &duration, Ok(r#"{"any":{"@type":"/google.protobuf.Duration","value":"3s"}}"#));
    check(text, b"\x0a\x00", Ok(r#"{"any":{}}"#));
}

#[test]
fn times_out_of_their_bounds_are_shown_as_they_are() {
    let text = r#"syntax = "proto3"; import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto";
        message M { google.protobuf.Timestamp at = 1; google.protobuf.Duration lasts = 2; }"#;
    check(text, b"\x0a\x05\x10\xff\xff\xff\x7f", Ok(r#"{"at":"1970-01-01T00:00:00.268435455Z"}"#));
    check(text, b"\x0a\x06\x10\xff\xff\xff\xff\x7f", Ok(r#"{"at":{"seconds":0,"nanos":-1}}"#));
    check(
        text,
        b"\x12\x0d\x08\x01\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        Ok(r#"{"lasts":{"seconds":1,"nanos":-1}}"#),
    );
}

#[test]
fn fields_from_elsewhere_have_their_full_names() {
    check(
        OLD,
        b"\xa2\x06\x01x\xa8\x06\x01\xaa\x06\x01\x02\xb0\x06\x05\x2b\x0a\x01u\x2c",
        Ok(
            r#"{"many":[],"packed":[],"result":{"url":"u","part":[]},"counts":{},"[old.note]":"x","[old.more]":[1,2],"[old.Scope.inner]":5}"#,
        ),
    );
}

#[test]
fn editions_say_what_is_set_by_features() {
    let text = r#"edition = "2023"; message M { int32 a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; M m = 3 [features.message_encoding = DELIMITED]; }"#;
    check(text, b"\x1b\x08\x01\x1c", Ok(r#"{"b":0,"m":{"a":1,"b":0}}"#));
    let text = r#"edition = "2023"; option features = { field_presence: IMPLICIT }; message M { int32 a = 1; int32 b = 2 [features.field_presence = EXPLICIT]; }"#;
    check(text, b"", Ok(r#"{"a":0}"#));
}

#[test]
fn what_is_wrong_with_a_text_is_told_with_its_place() {
    let check = |text: &str, expected: &str| {
        let told = parse("", text).and_then(|file| link(&file, &[]).map(drop));
        assert_eq!(told, Err(expected.to_owned()), "{text}");
    };
    check("message M {\n  int32 a = ;\n}", "line 2, column 13: a field's number was expected, not \";\"");
    check("message M { int32 a = 0; }", "line 1, column 23: no field has the number 0");
    check("message M { int32 a = 1 }", "line 1, column 25: \";\" was expected, not \"}\"");
    check("message M { int32 a = 1;", "line 1, column 25: a field was expected, not the end");
    check("massage M {}", "line 1, column 9: \"massage\" is no declaration");
    check("import \"a", "line 1, column 8: a text in quotes does not end");
    check("/* a", "line 1, column 1: a comment does not end");
    check("enum E { A = 99999999999; }", "line 1, column 14: no value of an enum is 99999999999");
    check("message M { N n = 1; }", "the type \"N\" of M.n is not defined");
    let deep = "message M {".repeat(100);
    assert!(parse("", &deep).unwrap_err().ends_with("messages are nested too deeply"));
}
