//! Descriptor sets, as `protoc --descriptor_set_out` writes them. Source: google/protobuf/descriptor.proto.

use crate::file::{Enum, Extension, Field, File, MapEntry, Message, Scalar, Type};
use crate::wire::{Fields, MAX_DEPTH, Wire};

/// `EDITION_2023`; earlier files have a syntax.
const FIRST_EDITION: u64 = 1000;
/// `FeatureSet.IMPLICIT`.
const IMPLICIT: u64 = 2;

/// The files of a set, each after those that it imports; `None` if it is none.
pub fn files_of_set(bytes: &[u8]) -> Option<Vec<File>> {
    let mut files = Vec::new();
    each(bytes, |number, wire| {
        if let (1, Wire::Bytes(bytes)) = (number, wire) {
            files.push(file(bytes)?);
        }
        Some(())
    })?;
    // Any bytes that are fields could be a set without files.
    let is_one = !files.is_empty() && files.iter().all(|file: &File| file.name.strip_suffix(".proto").is_some());
    is_one.then_some(files)
}

/// Shows all fields; `None` if there is damage, or something is not what it must be.
fn each<'a>(bytes: &'a [u8], mut see: impl FnMut(u32, Wire<'a>) -> Option<()>) -> Option<()> {
    let mut fields = Fields { rest: bytes };
    while let Some((number, wire)) = fields.next().ok()? {
        see(number, wire)?;
    }
    Some(())
}

fn text(wire: Wire<'_>) -> Option<String> {
    if let Wire::Bytes(bytes) = wire { String::from_utf8(bytes.to_vec()).ok() } else { None }
}

fn bytes(wire: Wire<'_>) -> Option<&[u8]> {
    if let Wire::Bytes(bytes) = wire { Some(bytes) } else { None }
}

fn number(wire: Wire<'_>) -> Option<u64> {
    if let Wire::Varint(number) = wire { Some(number) } else { None }
}

/// The file of a descriptor that stands alone.
pub fn file_of_descriptor(bytes: &[u8]) -> Option<File> {
    file(bytes).filter(File::has_types)
}

fn file(all: &[u8]) -> Option<File> {
    let mut file = File::default();
    let (mut is_explicit, mut edition) = (true, 0);
    let mut options: &[u8] = &[];
    let (mut messages, mut extensions) = (Vec::new(), Vec::new());
    each(all, |field, wire| {
        match field {
            1 => file.name = text(wire)?,
            2 => file.package = text(wire)?,
            3 => file.imports.push(text(wire)?),
            4 => messages.push(bytes(wire)?),
            5 => file.enums.push(enumeration(bytes(wire)?)?),
            7 => extensions.push(bytes(wire)?),
            8 => options = bytes(wire)?,
            12 => is_explicit = text(wire)? != "proto3",
            14 => edition = number(wire)?,
            _ => {}
        }
        Some(())
    })?;
    if edition >= FIRST_EDITION {
        is_explicit = presence(options, 50, true)?;
    }
    for bytes in messages {
        file.messages.push(message(bytes, is_explicit, 0)?);
    }
    for bytes in extensions {
        extension(bytes, is_explicit, &mut file.extensions)?;
    }
    Some(file)
}

/// What options say of the presence of fields, in the features with this number; else what is so anyway.
fn presence(options: &[u8], features: u32, otherwise: bool) -> Option<bool> {
    let mut told = otherwise;
    each(options, |field, wire| {
        if field == features {
            each(bytes(wire)?, |field, wire| {
                if field == 1 {
                    told = number(wire)? != IMPLICIT;
                }
                Some(())
            })?;
        }
        Some(())
    })?;
    Some(told)
}

fn message(all: &[u8], is_explicit: bool, depth: usize) -> Option<Message> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut message = Message::default();
    let mut options: &[u8] = &[];
    let (mut fields, mut nested, mut extensions) = (Vec::new(), Vec::new(), Vec::new());
    each(all, |field, wire| {
        match field {
            1 => message.name = text(wire)?,
            2 => fields.push(bytes(wire)?),
            3 => nested.push(bytes(wire)?),
            4 => message.enums.push(enumeration(bytes(wire)?)?),
            6 => extensions.push(bytes(wire)?),
            7 => options = bytes(wire)?,
            _ => {}
        }
        Some(())
    })?;
    each(options, |field, wire| {
        if field == 7 && number(wire)? != 0 {
            message.map = MapEntry::Declared;
        }
        Some(())
    })?;
    let is_explicit = presence(options, 12, is_explicit)?;
    for bytes in fields {
        message.fields.push(self::field(bytes, is_explicit)?.1);
    }
    for bytes in nested {
        message.messages.push(self::message(bytes, is_explicit, depth + 1)?);
    }
    for bytes in extensions {
        extension(bytes, is_explicit, &mut message.extensions)?;
    }
    Some(message)
}

fn extension(bytes: &[u8], is_explicit: bool, extensions: &mut Vec<Extension>) -> Option<()> {
    let (of, field) = field(bytes, is_explicit)?;
    extensions.extend(of.map(|of| Extension { of, field }));
    Some(())
}

/// A field, and the message that it extends.
fn field(all: &[u8], is_explicit: bool) -> Option<(Option<String>, Field)> {
    let mut field = Field {
        name: String::new(),
        number: 0,
        type_of: Type::Scalar(Scalar::Bytes),
        is_repeated: false,
        is_explicit,
        oneof: None,
    };
    let (mut of, mut scalar, mut named, mut is_optional) = (None, 0, None, false);
    let mut options: &[u8] = &[];
    each(all, |number, wire| {
        match number {
            1 => field.name = text(wire)?,
            2 => of = Some(text(wire)?),
            3 => field.number = u32::try_from(self::number(wire)?).ok()?,
            4 => field.is_repeated = self::number(wire)? == 3,
            5 => scalar = self::number(wire)?,
            6 => named = Some(text(wire)?),
            8 => options = bytes(wire)?,
            9 => field.oneof = Some(u32::try_from(self::number(wire)?).ok()?),
            17 => is_optional = self::number(wire)? != 0,
            _ => {}
        }
        Some(())
    })?;
    field.is_explicit = presence(options, 21, is_explicit)?;
    if is_optional {
        // Its `oneof` was made for it alone.
        (field.is_explicit, field.oneof) = (true, None);
    }
    field.type_of = match (named, scalar) {
        (Some(name), _) => Type::Named(name),
        (None, 1) => Type::Scalar(Scalar::Double),
        (None, 2) => Type::Scalar(Scalar::Float),
        (None, 3) => Type::Scalar(Scalar::Int64),
        (None, 4) => Type::Scalar(Scalar::Uint64),
        (None, 5) => Type::Scalar(Scalar::Int32),
        (None, 6) => Type::Scalar(Scalar::Fixed64),
        (None, 7) => Type::Scalar(Scalar::Fixed32),
        (None, 8) => Type::Scalar(Scalar::Bool),
        (None, 9) => Type::Scalar(Scalar::String),
        (None, 12) => Type::Scalar(Scalar::Bytes),
        (None, 13) => Type::Scalar(Scalar::Uint32),
        (None, 15) => Type::Scalar(Scalar::Sfixed32),
        (None, 16) => Type::Scalar(Scalar::Sfixed64),
        (None, 17) => Type::Scalar(Scalar::Sint32),
        (None, 18) => Type::Scalar(Scalar::Sint64),
        _ => return None,
    };
    Some((of, field))
}

fn enumeration(all: &[u8]) -> Option<Enum> {
    let mut found = Enum::default();
    each(all, |field, wire| {
        match field {
            1 => found.name = text(wire)?,
            2 => {
                let (mut name, mut value) = (String::new(), 0);
                each(bytes(wire)?, |field, wire| {
                    match field {
                        1 => name = text(wire)?,
                        2 => value = number(wire)? as i32,
                        _ => {}
                    }
                    Some(())
                })?;
                found.values.push((name, value));
            }
            _ => {}
        }
        Some(())
    })?;
    Some(found)
}
