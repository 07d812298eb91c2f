//! Avro's binary encoding to JSON text. Source: Apache Avro specification 1.11, "Binary Encoding".
//!
//! Unions give the value of their branch alone. Decimals become numbers with all their digits, dates and times ISO text.

use super::schema::{Moment, Node, Schema};
use crate::connect::decimal;
use crate::read::transcribe::push_text_or_bytes;
use crate::time::{date_text, date_time_text, time_text};
use crate::value::push_json_string;
use replay_log::scan::MAX_DEPTH;

/// Reads values from the front of some bytes.
pub(crate) struct Decoder<'a> {
    schema: &'a Schema,
    bytes: &'a [u8],
    /// Values that may still be read: some take no bytes, and a few bytes can claim billions of those.
    budget: usize,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(schema: &'a Schema, bytes: &'a [u8]) -> Decoder<'a> {
        Decoder { schema, bytes, budget: bytes.len().saturating_mul(8) + 10_000 }
    }

    /// What has not been read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Appends the next value; `None` if it is cut off or damaged, with some of it appended.
    pub(crate) fn value(&mut self, out: &mut Vec<u8>) -> Option<()> {
        self.node(self.schema.root, out, 0)
    }

    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(n)?;
        self.bytes = rest;
        Some(taken)
    }

    /// A zigzag number.
    pub(super) fn long(&mut self) -> Option<i64> {
        let mut number = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some((number >> 1) as i64 ^ -((number & 1) as i64));
            }
        }
        None
    }

    pub(super) fn sized(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.long()?).ok()?;
        self.take(length)
    }

    /// The number of items in the next block of an array or map; 0 ends it.
    pub(super) fn block(&mut self) -> Option<i64> {
        let count = self.long()?;
        if count < 0 {
            let _bytes = self.long()?;
        }
        count.checked_abs()
    }

    fn node(&mut self, id: usize, out: &mut Vec<u8>, depth: usize) -> Option<()> {
        self.budget = self.budget.checked_sub(1)?;
        if depth >= MAX_DEPTH {
            return None;
        }
        let schema = self.schema;
        match schema.nodes.get(id)? {
            Node::Null => out.extend_from_slice(b"null"),
            Node::Boolean => out.extend_from_slice(if self.take(1)?[0] == 0 { b"false" } else { b"true" }),
            Node::Integer(moment) => push_moment(*moment, self.long()?, out),
            Node::Float => push_float(f64::from(f32::from_le_bytes(*self.take(4)?.first_chunk()?)), true, out),
            Node::Double => push_float(f64::from_le_bytes(*self.take(8)?.first_chunk()?), false, out),
            Node::Bytes => push_text_or_bytes(out, self.sized()?),
            Node::String => push_json_string(out, self.sized()?),
            Node::Fixed(size) => push_text_or_bytes(out, self.take(*size)?),
            Node::Decimal { size, scale } => {
                let bytes = if let Some(size) = size { self.take(*size)? } else { self.sized()? };
                out.extend_from_slice(&decimal(bytes, *scale)?);
            }
            Node::Duration => {
                let parts: Vec<u32> =
                    self.take(12)?.as_chunks::<4>().0.iter().map(|part| u32::from_le_bytes(*part)).collect();
                let [months, days, millis] = parts.as_slice() else { return None };
                out.extend_from_slice(
                    format!("{{\"months\":{months},\"days\":{days},\"milliseconds\":{millis}}}").as_bytes(),
                );
            }
            Node::Uuid => {
                let hex = format!("{:032x}", u128::from_be_bytes(*self.take(16)?.first_chunk()?));
                let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
                push_json_string(out, parts.join("-").as_bytes());
            }
            Node::Enum(symbols) => {
                let symbol = symbols.get(usize::try_from(self.long()?).ok()?)?;
                push_json_string(out, symbol.as_bytes());
            }
            Node::Union(branches) => {
                let branch = *branches.get(usize::try_from(self.long()?).ok()?)?;
                self.node(branch, out, depth + 1)?;
            }
            Node::Record(fields) => {
                for (i, (name, field)) in fields.iter().enumerate() {
                    out.push(if i == 0 { b'{' } else { b',' });
                    push_json_string(out, name.as_bytes());
                    out.push(b':');
                    self.node(*field, out, depth + 1)?;
                }
                out.extend_from_slice(if fields.is_empty() { b"{}" } else { b"}" });
            }
            Node::Array(items) => self.items(*items, false, out, depth)?,
            Node::Map(values) => self.items(*values, true, out, depth)?,
        }
        Some(())
    }

    fn items(&mut self, item: usize, is_map: bool, out: &mut Vec<u8>, depth: usize) -> Option<()> {
        let start = out.len();
        loop {
            let count = self.block()?;
            if count == 0 {
                break;
            }
            for _ in 0..count {
                out.push(if out.len() > start {
                    b','
                } else if is_map {
                    b'{'
                } else {
                    b'['
                });
                if is_map {
                    push_json_string(out, self.sized()?);
                    out.push(b':');
                }
                self.node(item, out, depth + 1)?;
            }
        }
        if out.len() == start {
            out.push(if is_map { b'{' } else { b'[' });
        }
        out.push(if is_map { b'}' } else { b']' });
        Some(())
    }
}

fn push_moment(moment: Moment, count: i64, out: &mut Vec<u8>) {
    let text = match moment {
        Moment::Date if count.checked_mul(86_400).is_some() => date_text(count),
        Moment::Time { per_second } => time_text(count, per_second),
        Moment::DateTime { per_second, is_local } => {
            let mut text = date_time_text(count, per_second);
            if !is_local {
                text.push('Z');
            }
            text
        }
        Moment::Number | Moment::Date => {
            out.extend_from_slice(count.to_string().as_bytes());
            return;
        }
    };
    push_json_string(out, text.as_bytes());
}

/// JSON has no words for infinity and for what is no number, so they become text.
pub(crate) fn push_float(number: f64, is_single: bool, out: &mut Vec<u8>) {
    if !number.is_finite() {
        push_json_string(out, number.to_string().as_bytes());
    } else if is_single {
        // Only the digits that a single has.
        out.extend_from_slice(format!("{:?}", number as f32).as_bytes());
    } else {
        out.extend_from_slice(format!("{number:?}").as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::compile;
    use super::*;
    use replay_log::json::Json;

    #[track_caller]
    fn check(schema: &str, bytes: &[u8], expected: Option<&str>) {
        let schema = compile(&Json::parse(schema.as_bytes()).unwrap(), &[]).unwrap();
        let mut out = Vec::new();
        let read = Decoder::new(&schema, bytes).value(&mut out).map(|()| String::from_utf8(out).unwrap());
        assert_eq!(read.as_deref(), expected);
    }

    #[test]
    fn types_are_written_as_json() {
        check(r#""long""#, &[0x03], Some("-2"));
        check(r#"["null","string"]"#, &[0x02, 0x04, b'h', b'i'], Some(r#""hi""#));
        check(r#"{"type":"array","items":"int"}"#, &[0x04, 0x02, 0x04, 0x00], Some("[1,2]"));
        check(r#"{"type":"array","items":"int"}"#, &[0x03, 0x04, 0x02, 0x04, 0x00], Some("[1,2]"));
        check(r#"{"type":"map","values":"boolean"}"#, &[0x02, 0x02, b'a', 0x01, 0x00], Some(r#"{"a":true}"#));
        check(r#"{"type":"map","values":"int"}"#, &[0x00], Some("{}"));
        check(r#""double""#, &1.5_f64.to_le_bytes(), Some("1.5"));
        check(r#""float""#, &0.1_f32.to_le_bytes(), Some("0.1"));
        check(r#""bytes""#, &[0x04, 0xff, 0x00], Some(r#"{"$base64":"/wA="}"#));
        check(
            r#"{"type":"bytes","logicalType":"decimal","precision":6,"scale":3}"#,
            &[0x04, 0x19, 0x64],
            Some("6.500"),
        );
        check(r#"{"type":"int","logicalType":"date"}"#, &[0x02], Some(r#""1970-01-02""#));
        check(r#"{"type":"long","logicalType":"timestamp-millis"}"#, &[0x01], Some(r#""1969-12-31T23:59:59.999Z""#));
        check(
            r#"{"type":"record","name":"a.Node","fields":[{"name":"next","type":["null","Node"]}]}"#,
            &[0x02, 0x02, 0x00],
            Some(r#"{"next":{"next":{"next":null}}}"#),
        );
    }

    #[test]
    fn damage_ends_the_reading() {
        check(r#""string""#, &[0x08, b'h'], None);
        check(r#"{"type":"array","items":"null"}"#, &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x00], None);
        check(r#"{"type":"record","name":"N","fields":[{"name":"n","type":"N"}]}"#, &[0; 9], None);
        check(r#"["null"]"#, &[0x08], None);
    }
}
