//! Messages as JSON text. Source: protobuf.dev, "`ProtoJSON` Format", with fields by their names in the schema and integers as numbers with all
//! their digits.
//!
//! Fields that cannot tell whether they were set are shown with their default, as every reader of the message sees them. What the schema does
//! not know is kept under its number.

use crate::file::Scalar;
use crate::schema::{Enum, Field, Kind, Message, Schema, Special};
use crate::text::camel;
use crate::wire::{Damage, Fields, MAX_DEPTH, Wire, unzigzag};
use replay_lean as lean;
use std::fmt;

/// Fields and items of one value: more would take memory out of proportion.
const MAX_VALUES: usize = 2_000_000;
/// So much longer than its bytes may JSON be, and so long anyway: a few bytes can stand for thousands of defaults.
const MAX_GROWTH: usize = 16;
const MAX_SHORT: usize = 4 << 20;

/// How the parts of JSON are written, which is decided for all values by who reads them.
#[derive(Debug, Clone, Copy)]
pub struct Writer {
    /// A string of these bytes, which are UTF-8.
    pub string: fn(&mut Vec<u8>, &[u8]),
    /// Bytes in base64, as a string.
    pub base64: fn(&mut Vec<u8>, &[u8]),
    /// Bytes of which nothing is known.
    pub unknown: fn(&mut Vec<u8>, &[u8]),
    /// A number, or what stands for none; whether it has only the digits of a `float`.
    pub real: fn(f64, bool, &mut Vec<u8>),
    /// `2025-03-03T00:31:00` of seconds since 1970.
    pub date_time: fn(i64) -> String,
}

/// A message as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Its text.
    pub json: Vec<u8>,
    /// Fields that the schema knows.
    pub known: usize,
    /// Fields that it does not.
    pub unknown: usize,
}

/// Why bytes are no such message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Bytes before the place.
    at: usize,
    what: &'static str,
    /// The full name of the message, with the field's name if it is about a field.
    field: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, byte {}: {}", self.field, self.at, self.what)
    }
}

/// The message of this number in the schema.
///
/// # Errors
/// The first that is damaged, or no text, or too much.
pub fn decode(schema: &Schema, message: usize, bytes: &[u8], writer: Writer) -> Result<Decoded, Misfit> {
    let most = bytes.len().saturating_mul(MAX_GROWTH).max(MAX_SHORT);
    let mut decoder = Decoder { schema, writer, bytes, values: MAX_VALUES, most, known: 0, unknown: 0 };
    let mut json = Vec::with_capacity(bytes.len() * 2);
    decoder.message(message, &[bytes], &mut json, 0)?;
    Ok(Decoded { json, known: decoder.known, unknown: decoder.unknown })
}

struct Decoder<'a> {
    schema: &'a Schema,
    writer: Writer,
    /// All of them, to tell places.
    bytes: &'a [u8],
    /// So many more may be read.
    values: usize,
    /// So long may the text become.
    most: usize,
    known: usize,
    unknown: usize,
}

/// The fields of a message as they were read.
#[derive(Default)]
struct Read<'a> {
    /// The field's place among the fields, and when it came.
    fields: Vec<(usize, usize, Wire<'a>)>,
    unknown: Vec<(u32, Wire<'a>)>,
    /// For each `oneof` the field that was set last, and since when.
    oneofs: Vec<Option<(usize, usize)>>,
}

impl<'a> Read<'a> {
    /// What was read for this field, in order.
    fn of(&self, slot: usize) -> &[(usize, usize, Wire<'a>)] {
        let start = self.fields.partition_point(|(other, ..)| *other < slot);
        let end = self.fields.partition_point(|(other, ..)| *other <= slot);
        &self.fields[start..end]
    }
}

/// A comma before all members but the first.
struct Members {
    has_begun: bool,
}

impl Members {
    fn next(&mut self, writer: Writer, out: &mut Vec<u8>, name: &[u8]) {
        if self.has_begun {
            out.push(b',');
        }
        self.has_begun = true;
        (writer.string)(out, name);
        out.push(b':');
    }
}

impl<'a> Decoder<'a> {
    fn misfit(&self, message: &Message, slot: Option<usize>, rest: &[u8], what: &'static str) -> Misfit {
        // What is being read is always a part of all bytes, up to some end.
        let at = (rest.as_ptr() as usize).saturating_sub(self.bytes.as_ptr() as usize).min(self.bytes.len());
        let field = slot.and_then(|slot| message.fields.get(slot));
        let field = field.map_or_else(|| message.name.to_string(), |field| format!("{}.{}", message.name, field.name));
        Misfit { at, what, field }
    }

    fn count(&mut self, message: &Message, rest: &[u8], out: &[u8]) -> Result<(), Misfit> {
        self.values = self.values.saturating_sub(1);
        if self.values == 0 || out.len() > self.most {
            return Err(self.misfit(message, None, rest, "it holds too much"));
        }
        Ok(())
    }

    /// Reads a message that lies in several parts, as one whose field is set several times does.
    fn read(&mut self, message: &Message, parts: &[&'a [u8]]) -> Result<Read<'a>, Misfit> {
        let mut read = Read::default();
        for part in parts {
            let mut fields = Fields { rest: part };
            loop {
                let before = fields.rest;
                let next = fields.next();
                let Some((number, wire)) =
                    next.map_err(|Damage { rest, what }| self.misfit(message, None, rest, what))?
                else {
                    break;
                };
                self.count(message, before, &[])?;
                let slot = message.slot(number).filter(|slot| fits(&message.fields[*slot], wire));
                let Some(slot) = slot else {
                    self.unknown += 1;
                    read.unknown.push((number, wire));
                    continue;
                };
                self.known += 1;
                let came = read.fields.len();
                if let Some(oneof) = message.fields[slot].oneof {
                    if read.oneofs.len() <= oneof {
                        read.oneofs.resize(oneof + 1, None);
                    }
                    if read.oneofs[oneof].is_none_or(|(set, _)| set != slot) {
                        read.oneofs[oneof] = Some((slot, came));
                    }
                }
                read.fields.push((slot, came, wire));
            }
        }
        let is_sorted = read.fields.is_sorted_by_key(|(slot, ..)| *slot);
        if !is_sorted {
            lean::sort_by_key(&mut read.fields, |(slot, came, _)| (*slot, *came));
        }
        Ok(read)
    }

    fn message(&mut self, id: usize, parts: &[&'a [u8]], out: &mut Vec<u8>, depth: usize) -> Result<(), Misfit> {
        let schema = self.schema;
        let Some(message) = schema.messages.get(id) else { return Ok(()) };
        let first = parts.first().copied().unwrap_or_default();
        if depth >= MAX_DEPTH {
            return Err(self.misfit(message, None, first, "it is nested too deeply"));
        }
        let read = self.read(message, parts)?;
        match message.special {
            Special::No => {
                out.push(b'{');
                self.members(message, &read, &mut Members { has_begun: false }, out, depth)?;
                out.push(b'}');
            }
            Special::Timestamp | Special::Duration => {
                let number = |slot| match read.of(slot).last() {
                    Some((.., Wire::Varint(number))) => *number as i64,
                    _ => 0,
                };
                let (seconds, nanos) = (number(0), i64::from(number(1) as i32));
                let text = if message.special == Special::Timestamp {
                    timestamp(self.writer, seconds, nanos)
                } else {
                    duration(seconds, nanos)
                };
                match text {
                    Some(text) => (self.writer.string)(out, text.as_bytes()),
                    // Out of its bounds it is shown as it is.
                    None => out.extend_from_slice(format!("{{\"seconds\":{seconds},\"nanos\":{nanos}}}").as_bytes()),
                }
            }
            Special::FieldMask => {
                let mut paths = Vec::new();
                for (.., wire) in read.of(0) {
                    if let Wire::Bytes(path) = wire {
                        paths.push(camel(&self.text(message, 0, path)?, false));
                    }
                }
                (self.writer.string)(out, paths.join(",").as_bytes());
            }
            Special::Struct | Special::List | Special::Wrapper if !message.fields.is_empty() => {
                self.field(message, 0, read.of(0), out, depth)?;
            }
            Special::Value => {
                let set = read.oneofs.first().copied().flatten();
                match set {
                    Some((slot, since)) => {
                        let from = read.of(slot).partition_point(|(_, came, _)| *came < since);
                        self.field(message, slot, &read.of(slot)[from..], out, depth)?;
                    }
                    None => out.extend_from_slice(b"null"),
                }
            }
            Special::Any => self.any(message, &read, out, depth)?,
            Special::Struct | Special::List | Special::Wrapper => out.extend_from_slice(b"null"),
        }
        Ok(())
    }

    /// The members of an object without its braces.
    fn members(
        &mut self,
        message: &Message,
        read: &Read<'a>,
        members: &mut Members,
        out: &mut Vec<u8>,
        depth: usize,
    ) -> Result<(), Misfit> {
        for (slot, field) in message.fields.iter().enumerate() {
            let mut found = read.of(slot);
            if let Some(oneof) = field.oneof {
                // What was set before another field of the same `oneof` is gone.
                found = match read.oneofs.get(oneof) {
                    Some(Some((set, since))) if *set == slot => {
                        &found[found.partition_point(|(_, came, _)| came < since)..]
                    }
                    _ => &[],
                };
            }
            if found.is_empty() && field.has_presence {
                continue;
            }
            members.next(self.writer, out, field.name.as_bytes());
            self.field(message, slot, found, out, depth)?;
        }
        if !read.unknown.is_empty() {
            let mut unknown: Vec<(u32, usize, Wire<'a>)> =
                read.unknown.iter().enumerate().map(|(came, (number, wire))| (*number, came, *wire)).collect();
            lean::sort_by_key(&mut unknown, |(number, came, _)| (*number, *came));
            for same in unknown.chunk_by(|a, b| a.0 == b.0) {
                members.next(self.writer, out, same[0].0.to_string().as_bytes());
                let is_list = same.len() > 1;
                for (n, (.., wire)) in same.iter().enumerate() {
                    if is_list {
                        out.push(if n == 0 { b'[' } else { b',' });
                    }
                    self.unnamed(message, *wire, out, depth)?;
                }
                if is_list {
                    out.push(b']');
                }
            }
        }
        Ok(())
    }

    /// A field that the schema does not name.
    fn unnamed(&mut self, message: &Message, wire: Wire<'a>, out: &mut Vec<u8>, depth: usize) -> Result<(), Misfit> {
        match wire {
            Wire::Varint(number) | Wire::Fixed64(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Wire::Fixed32(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Wire::Bytes(bytes) => (self.writer.unknown)(out, bytes),
            Wire::Group(bytes) => {
                if depth >= MAX_DEPTH {
                    return Err(self.misfit(message, None, bytes, "it is nested too deeply"));
                }
                let nothing = Message::nameless(&message.name);
                let read = self.read(&nothing, &[bytes])?;
                out.push(b'{');
                self.members(&nothing, &read, &mut Members { has_begun: false }, out, depth + 1)?;
                out.push(b'}');
            }
        }
        Ok(())
    }

    /// What was found for a field, which may be nothing, as a value.
    fn field(
        &mut self,
        message: &Message,
        slot: usize,
        found: &[(usize, usize, Wire<'a>)],
        out: &mut Vec<u8>,
        depth: usize,
    ) -> Result<(), Misfit> {
        let field = &message.fields[slot];
        self.count(message, self.bytes, out)?;
        match field.kind {
            Kind::Map(entry) => self.map(entry, found, out, depth),
            Kind::Message(id) if field.is_repeated => {
                out.push(b'[');
                for (n, (.., wire)) in found.iter().enumerate() {
                    if n > 0 {
                        out.push(b',');
                    }
                    self.count(message, self.bytes, out)?;
                    self.message(id, &[inside(*wire)], out, depth + 1)?;
                }
                out.push(b']');
                Ok(())
            }
            Kind::Message(id) => {
                let parts: Vec<&[u8]> = found.iter().map(|(.., wire)| inside(*wire)).collect();
                self.message(id, &parts, out, depth + 1)
            }
            Kind::Scalar(_) | Kind::Enum(_) if field.is_repeated => {
                out.push(b'[');
                let mut has_begun = false;
                for (.., wire) in found {
                    self.items(message, slot, *wire, &mut has_begun, out)?;
                }
                out.push(b']');
                Ok(())
            }
            Kind::Scalar(_) | Kind::Enum(_) => {
                let wire = found.last().map(|(.., wire)| *wire);
                // One that should be alone may come packed all the same.
                self.scalar(message, slot, wire.unwrap_or_else(|| default(field)), out)
            }
        }
    }

    /// One item, or many that are packed.
    fn items(
        &mut self,
        message: &Message,
        slot: usize,
        wire: Wire<'a>,
        has_begun: &mut bool,
        out: &mut Vec<u8>,
    ) -> Result<(), Misfit> {
        let packed = packed(message.fields[slot].kind);
        let (Wire::Bytes(bytes), Some(read)) = (wire, packed) else {
            out.extend_from_slice(if std::mem::replace(has_begun, true) { b"," } else { b"" });
            return self.scalar(message, slot, wire, out);
        };
        let mut fields = Fields { rest: bytes };
        while !fields.rest.is_empty() {
            self.count(message, fields.rest, out)?;
            let item =
                read(&mut fields).map_err(|damage| self.misfit(message, Some(slot), damage.rest, damage.what))?;
            out.extend_from_slice(if std::mem::replace(has_begun, true) { b"," } else { b"" });
            self.scalar(message, slot, item, out)?;
        }
        Ok(())
    }

    fn map(
        &mut self,
        entry: usize,
        found: &[(usize, usize, Wire<'a>)],
        out: &mut Vec<u8>,
        depth: usize,
    ) -> Result<(), Misfit> {
        let schema = self.schema;
        let Some(message) = schema.messages.get(entry) else { return Ok(()) };
        let (Some(key), Some(value)) = (message.slot(1), message.slot(2)) else {
            out.extend_from_slice(b"{}");
            return Ok(());
        };
        let mut entries: Vec<(Vec<u8>, usize, Read<'a>)> = Vec::new();
        for (came, (.., wire)) in found.iter().enumerate() {
            let read = self.read(message, &[inside(*wire)])?;
            let mut name = Vec::new();
            self.field(message, key, read.of(key), &mut name, depth)?;
            if name.first() != Some(&b'"') {
                // Numbers and booleans are names, too.
                name = [b"\"", &name[..], b"\""].concat();
            }
            entries.push((name, came, read));
        }
        // Of those with the same name the last one wins.
        lean::sort_by(&mut entries, &mut |a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        entries.dedup_by(|later, first| later.0 == first.0);
        lean::sort_by(&mut entries, &mut |a, b| a.1.cmp(&b.1));
        out.push(b'{');
        for (n, (name, _, read)) in entries.into_iter().enumerate() {
            if n > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&name);
            out.push(b':');
            self.field(message, value, read.of(value), out, depth)?;
        }
        out.push(b'}');
        Ok(())
    }

    fn scalar(&mut self, message: &Message, slot: usize, wire: Wire<'a>, out: &mut Vec<u8>) -> Result<(), Misfit> {
        let scalar = match message.fields[slot].kind {
            Kind::Scalar(scalar) => scalar,
            Kind::Enum(id) => {
                let number = if let Wire::Varint(number) = wire { number as i32 } else { 0 };
                push_enum(self.writer, &self.schema.enums[id], number, out);
                return Ok(());
            }
            Kind::Message(_) | Kind::Map(_) => return Ok(()),
        };
        match (scalar, wire) {
            (Scalar::Double, Wire::Fixed64(bits)) => push_real(self.writer, f64::from_bits(bits), false, out),
            (Scalar::Float, Wire::Fixed32(bits)) => push_real(self.writer, f64::from(f32::from_bits(bits)), true, out),
            (Scalar::Bool, Wire::Varint(number)) => {
                out.extend_from_slice(if number == 0 { b"false" } else { b"true" });
            }
            (Scalar::String, Wire::Bytes(bytes)) => {
                let text = self.text(message, slot, bytes)?;
                (self.writer.string)(out, text.as_bytes());
            }
            (Scalar::Bytes, Wire::Bytes(bytes)) => (self.writer.base64)(out, bytes),
            (_, wire) => out.extend_from_slice(integer(scalar, wire).to_string().as_bytes()),
        }
        Ok(())
    }

    fn text(&self, message: &Message, slot: usize, bytes: &'a [u8]) -> Result<String, Misfit> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => {
                let rest = &bytes[error.valid_up_to()..];
                Err(self.misfit(message, Some(slot), rest, "the text is not UTF-8"))
            }
        }
    }

    /// A message that says itself which one it is.
    fn any(&mut self, message: &Message, read: &Read<'a>, out: &mut Vec<u8>, depth: usize) -> Result<(), Misfit> {
        let bytes = |slot| match read.of(slot).last() {
            Some((.., Wire::Bytes(bytes))) => *bytes,
            _ => &[],
        };
        let (url, value) = (bytes(0), bytes(1));
        if url.is_empty() && value.is_empty() {
            out.extend_from_slice(b"{}");
            return Ok(());
        }
        let url = self.text(message, 0, url)?;
        out.extend_from_slice(b"{\"@type\":");
        (self.writer.string)(out, url.as_bytes());
        let schema = self.schema;
        let found = schema.message(url.rsplit('/').next().unwrap_or_default());
        let start = out.len();
        if let Some((id, inner)) = found.and_then(|id| Some((id, schema.messages.get(id)?))) {
            let written = if inner.special == Special::No {
                self.read(inner, &[value])
                    .and_then(|read| self.members(inner, &read, &mut Members { has_begun: true }, out, depth + 1))
            } else {
                out.extend_from_slice(b",\"value\":");
                self.message(id, &[value], out, depth + 1)
            };
            if written.is_ok() {
                out.push(b'}');
                return Ok(());
            }
        }
        // Of a message that is not known, the bytes.
        out.truncate(start);
        out.extend_from_slice(b",\"value\":");
        (self.writer.base64)(out, value);
        out.push(b'}');
        Ok(())
    }
}

/// The bytes of a message in a field.
fn inside(wire: Wire<'_>) -> &[u8] {
    match wire {
        Wire::Bytes(bytes) | Wire::Group(bytes) => bytes,
        _ => &[],
    }
}

type Packed = for<'a> fn(&mut Fields<'a>) -> Result<Wire<'a>, Damage<'a>>;

/// How an item is read among others of its type; `None` for what cannot be packed.
fn packed(kind: Kind) -> Option<Packed> {
    Some(match kind {
        Kind::Message(_) | Kind::Map(_) | Kind::Scalar(Scalar::String | Scalar::Bytes) => return None,
        Kind::Scalar(Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64) => {
            |fields| fields.fixed64().map(Wire::Fixed64)
        }
        Kind::Scalar(Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32) => {
            |fields| fields.fixed32().map(Wire::Fixed32)
        }
        _ => |fields| fields.varint().map(Wire::Varint),
    })
}

/// Whether what was read can be of that field; else it counts as unknown.
fn fits(field: &Field, wire: Wire<'_>) -> bool {
    match (field.kind, wire) {
        (Kind::Message(_), Wire::Bytes(_) | Wire::Group(_))
        | (Kind::Map(_) | Kind::Scalar(Scalar::String | Scalar::Bytes), Wire::Bytes(_)) => true,
        (Kind::Message(_) | Kind::Map(_) | Kind::Scalar(Scalar::String | Scalar::Bytes), _) => false,
        (_, Wire::Bytes(_)) => field.is_repeated,
        (kind, wire) => matches!(
            (default_of(kind), wire),
            (Wire::Varint(_), Wire::Varint(_))
                | (Wire::Fixed64(_), Wire::Fixed64(_))
                | (Wire::Fixed32(_), Wire::Fixed32(_))
        ),
    }
}

/// What a field says that was not set.
fn default(field: &Field) -> Wire<'static> {
    default_of(field.kind)
}

fn default_of(kind: Kind) -> Wire<'static> {
    match kind {
        Kind::Message(_) | Kind::Map(_) | Kind::Scalar(Scalar::String | Scalar::Bytes) => Wire::Bytes(&[]),
        Kind::Scalar(Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64) => Wire::Fixed64(0),
        Kind::Scalar(Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32) => Wire::Fixed32(0),
        _ => Wire::Varint(0),
    }
}

fn integer(scalar: Scalar, wire: Wire<'_>) -> i128 {
    let number = match wire {
        Wire::Varint(number) | Wire::Fixed64(number) => number,
        Wire::Fixed32(number) => u64::from(number),
        _ => 0,
    };
    match scalar {
        Scalar::Int32 | Scalar::Sfixed32 => i128::from(number as i32),
        Scalar::Uint32 | Scalar::Fixed32 => i128::from(number as u32),
        Scalar::Sint32 => i128::from(unzigzag(u64::from(number as u32)) as i32),
        Scalar::Int64 | Scalar::Sfixed64 => i128::from(number as i64),
        Scalar::Sint64 => i128::from(unzigzag(number)),
        _ => i128::from(number),
    }
}

/// By name; a number that has none stays a number.
fn push_enum(writer: Writer, of: &Enum, number: i32, out: &mut Vec<u8>) {
    match of.values.iter().find(|(_, value)| *value == number) {
        _ if of.is_null => out.extend_from_slice(b"null"),
        Some((name, _)) => (writer.string)(out, name.as_bytes()),
        None => out.extend_from_slice(number.to_string().as_bytes()),
    }
}

fn push_real(writer: Writer, number: f64, is_single: bool, out: &mut Vec<u8>) {
    if number.is_infinite() {
        out.extend_from_slice(if number > 0.0 { b"\"Infinity\"" } else { b"\"-Infinity\"" });
    } else {
        (writer.real)(number, is_single, out);
    }
}

/// As many decimals as are needed, in threes.
fn decimals(nanos: i64) -> String {
    if nanos == 0 {
        return String::new();
    }
    let digits = format!("{nanos:09}");
    let keep = digits.trim_end_matches('0').len().div_ceil(3) * 3;
    format!(".{}", &digits[..keep])
}

/// `2025-03-03T00:31:00.411Z`, from the year 1 to the year 9999.
fn timestamp(writer: Writer, seconds: i64, nanos: i64) -> Option<String> {
    let is_one = (-62_135_596_800..=253_402_300_799).contains(&seconds) && (0..1_000_000_000).contains(&nanos);
    is_one.then(|| format!("{}{}Z", (writer.date_time)(seconds), decimals(nanos)))
}

/// `-1.500s`, up to ten thousand years.
fn duration(seconds: i64, nanos: i64) -> Option<String> {
    let is_one = seconds.abs_diff(0) <= 315_576_000_000
        && nanos.abs_diff(0) < 1_000_000_000
        && (seconds.signum() * nanos.signum() >= 0);
    let sign = if seconds < 0 || nanos < 0 { "-" } else { "" };
    is_one.then(|| format!("{sign}{}{}s", seconds.abs_diff(0), decimals(nanos.abs())))
}
