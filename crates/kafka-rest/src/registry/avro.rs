//! Avro's binary encoding straight to JSON, without a value in between.
//!
//! The library parses and checks the schema. Reading is done here, so that bytes of any kind end in an error and never in endless
//! recursion or memory: depth and output are bounded.
//! Unions give the value alone, bytes a string of code points 0 to 255 as Avro's own JSON does, decimals their digits as a string.

use apache_avro::Schema;
use apache_avro::schema::{InnerDecimalSchema, Name, UuidSchema};
use std::collections::HashMap;
use std::fmt::Write;

const DEPTH: usize = 64;
/// More JSON than this is not made of one record.
const OUTPUT: usize = 64 << 20;

/// A schema, ready for reading: types refer to each other by their place in the list.
#[derive(Debug)]
pub(super) struct Reader {
    types: Vec<Type>,
    root: usize,
}

#[derive(Debug)]
enum Type {
    Null,
    Boolean,
    /// Also the logical types over int and long: their numbers are given.
    Whole,
    Float,
    Double,
    Bytes,
    Text,
    Fixed(usize),
    Decimal {
        scale: usize,
        size: Option<usize>,
    },
    Enum(Vec<String>),
    Array(usize),
    Map(usize),
    Union(Vec<usize>),
    Record(Vec<(String, usize)>),
    /// A name that is defined elsewhere, until all are known; then the place of its definition.
    Named(Name),
    Same(usize),
}

impl Reader {
    /// `references` are the schemas that this one names.
    pub(super) fn new(schema: &str, references: &[String]) -> Result<Self, String> {
        let parsed = Schema::parse_str_with_list(schema, references).map_err(|error| error.to_string())?;
        let (main, others) = parsed;
        let mut lowering = Lowering::default();
        for other in &others {
            lowering.lower(other, None);
        }
        let root = lowering.lower(&main, None);
        let Lowering { mut types, names } = lowering;
        for ty in &mut types {
            if let Type::Named(name) = ty {
                let target = names.get(name).ok_or_else(|| format!("{name} is not defined"))?;
                *ty = Type::Same(*target);
            }
        }
        Ok(Self { types, root })
    }

    /// Appends the value as one line of JSON. All bytes must be used.
    pub(super) fn json(&self, bytes: &[u8]) -> Result<String, String> {
        let mut reading = Reading { types: &self.types, rest: bytes, out: String::with_capacity(bytes.len() * 4) };
        reading.value(self.root, 0)?;
        if reading.rest.is_empty() {
            return Ok(reading.out);
        }
        Err(format!("{} bytes are left over: the value was written with another schema", reading.rest.len()))
    }
}

#[derive(Default)]
struct Lowering {
    types: Vec<Type>,
    names: HashMap<Name, usize>,
}

impl Lowering {
    fn push(&mut self, ty: Type) -> usize {
        self.types.push(ty);
        self.types.len() - 1
    }

    fn define(&mut self, name: &Name, namespace: Option<&str>, ty: Type) -> usize {
        let at = self.push(ty);
        self.names.insert(name.fully_qualified_name(namespace).into_owned(), at);
        at
    }

    /// The place of the type. `namespace` is the enclosing one, which names without any of their own belong to.
    fn lower(&mut self, schema: &Schema, namespace: Option<&str>) -> usize {
        let ty = match schema {
            Schema::Null => Type::Null,
            Schema::Boolean => Type::Boolean,
            Schema::Float => Type::Float,
            Schema::Double => Type::Double,
            Schema::Bytes | Schema::BigDecimal | Schema::Uuid(UuidSchema::Bytes) => Type::Bytes,
            Schema::String | Schema::Uuid(UuidSchema::String) => Type::Text,
            Schema::Decimal(decimal) => match &decimal.inner {
                InnerDecimalSchema::Bytes => Type::Decimal { scale: decimal.scale, size: None },
                InnerDecimalSchema::Fixed(fixed) => {
                    let ty = Type::Decimal { scale: decimal.scale, size: Some(fixed.size) };
                    return self.define(&fixed.name, namespace, ty);
                }
            },
            Schema::Fixed(fixed) | Schema::Duration(fixed) | Schema::Uuid(UuidSchema::Fixed(fixed)) => {
                return self.define(&fixed.name, namespace, Type::Fixed(fixed.size));
            }
            Schema::Enum(own) => return self.define(&own.name, namespace, Type::Enum(own.symbols.clone())),
            Schema::Array(array) => Type::Array(self.lower(&array.items, namespace)),
            Schema::Map(map) => Type::Map(self.lower(&map.types, namespace)),
            Schema::Union(union) => {
                Type::Union(union.variants().iter().map(|variant| self.lower(variant, namespace)).collect())
            }
            Schema::Record(record) => {
                // Defined before its fields, which may name it.
                let name = record.name.fully_qualified_name(namespace).into_owned();
                let at = self.define(&name, None, Type::Null);
                let fields = record.fields.iter();
                let fields = fields.map(|field| (field.name.clone(), self.lower(&field.schema, name.namespace())));
                let fields = fields.collect();
                self.types[at] = Type::Record(fields);
                return at;
            }
            Schema::Ref { name } => Type::Named(name.fully_qualified_name(namespace).into_owned()),
            _ => Type::Whole,
        };
        self.push(ty)
    }
}

struct Reading<'a> {
    types: &'a [Type],
    rest: &'a [u8],
    out: String,
}

impl<'a> Reading<'a> {
    fn value(&mut self, ty: usize, depth: usize) -> Result<(), String> {
        if depth > DEPTH {
            return Err(format!("it is nested deeper than {DEPTH}"));
        }
        if self.out.len() > OUTPUT {
            return Err("its JSON is too large".to_owned());
        }
        let types = self.types;
        match types.get(ty).ok_or("the schema is broken")? {
            Type::Null => self.out.push_str("null"),
            Type::Boolean => {
                let text = if self.take(1)? == [0] { "false" } else { "true" };
                self.out.push_str(text);
            }
            Type::Whole => {
                let number = self.long()?;
                self.print(format_args!("{number}"));
            }
            Type::Float => {
                let number = f32::from_le_bytes(self.array()?);
                self.number(&number, f64::from(number));
            }
            Type::Double => {
                let number = f64::from_le_bytes(self.array()?);
                self.number(&number, number);
            }
            Type::Bytes => {
                let bytes = self.sized()?;
                self.latin1(bytes);
            }
            Type::Text => {
                let bytes = self.sized()?;
                self.string(&String::from_utf8_lossy(bytes));
            }
            Type::Fixed(size) => {
                let bytes = self.take(*size)?;
                self.latin1(bytes);
            }
            Type::Decimal { scale, size } => {
                let bytes = match size {
                    Some(size) => self.take(*size)?,
                    None => self.sized()?,
                };
                match decimal(bytes, *scale) {
                    Some(digits) => self.print(format_args!("\"{digits}\"")),
                    None => self.latin1(bytes),
                }
            }
            Type::Enum(symbols) => {
                let index = self.long()?;
                let symbol = usize::try_from(index).ok().and_then(|index| symbols.get(index));
                self.string(symbol.ok_or_else(|| format!("there is no symbol {index}"))?);
            }
            Type::Union(variants) => {
                let index = self.long()?;
                let variant = usize::try_from(index).ok().and_then(|index| variants.get(index));
                self.value(*variant.ok_or_else(|| format!("there is no branch {index} of the union"))?, depth + 1)?;
            }
            Type::Array(items) => {
                self.out.push('[');
                self.blocks(|reading, n| {
                    reading.comma(n);
                    reading.value(*items, depth + 1)
                })?;
                self.out.push(']');
            }
            Type::Map(values) => {
                self.out.push('{');
                self.blocks(|reading, n| {
                    reading.comma(n);
                    let name = reading.sized()?;
                    reading.string(&String::from_utf8_lossy(name));
                    reading.out.push(':');
                    reading.value(*values, depth + 1)
                })?;
                self.out.push('}');
            }
            Type::Record(fields) => {
                self.out.push('{');
                for (n, (name, ty)) in fields.iter().enumerate() {
                    self.comma(n as u64);
                    self.string(name);
                    self.out.push(':');
                    self.value(*ty, depth + 1)?;
                }
                self.out.push('}');
            }
            Type::Same(ty) => self.value(*ty, depth + 1)?,
            Type::Named(name) => return Err(format!("{name} is not defined")),
        }
        Ok(())
    }

    /// Blocks of items until an empty one; a negative count is followed by the block's size, which is of no use here.
    fn blocks(&mut self, mut item: impl FnMut(&mut Self, u64) -> Result<(), String>) -> Result<(), String> {
        let mut n = 0;
        loop {
            let count = self.long()?;
            if count == 0 {
                return Ok(());
            }
            if count < 0 {
                self.long()?;
            }
            for _ in 0..count.unsigned_abs() {
                item(self, n)?;
                n += 1;
            }
        }
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or("it ends too early")?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        self.take(N)?.try_into().map_err(|_| "it ends too early".to_owned())
    }

    /// Length and bytes.
    fn sized(&mut self) -> Result<&'a [u8], String> {
        let length = self.long()?;
        self.take(usize::try_from(length).map_err(|_| format!("a length of {length}"))?)
    }

    /// A zig-zag number of up to ten bytes.
    fn long(&mut self) -> Result<i64, String> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok((number >> 1) as i64 ^ -((number & 1) as i64));
            }
        }
        Err("a number is longer than ten bytes".to_owned())
    }

    fn comma(&mut self, n: u64) {
        if n > 0 {
            self.out.push(',');
        }
    }

    fn string(&mut self, text: &str) {
        // A string can always be written.
        self.out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }

    fn latin1(&mut self, bytes: &[u8]) {
        let text: String = bytes.iter().copied().map(char::from).collect();
        self.string(&text);
    }

    /// In the shortest form that reads back the same; JSON has no words for what is no number.
    fn number(&mut self, number: &impl std::fmt::Debug, value: f64) {
        if value.is_finite() {
            self.print(format_args!("{number:?}"));
        } else if value.is_nan() {
            self.string("NaN");
        } else {
            self.string(if value > 0.0 { "Infinity" } else { "-Infinity" });
        }
    }

    fn print(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(arguments);
    }
}

/// The digits of a two's complement number of up to 16 bytes, with the point where `scale` puts it.
fn decimal(bytes: &[u8], scale: usize) -> Option<String> {
    if bytes.is_empty() || bytes.len() > 16 || scale > 60 {
        return None;
    }
    let start = if bytes[0] & 0x80 == 0 { 0 } else { -1_i128 };
    let number = bytes.iter().fold(start, |number, byte| number << 8 | i128::from(*byte));
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if number < 0 { "-" } else { "" };
    Some(if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::Reader;
    use apache_avro::types::Value;

    /// What Avro's own library writes is read as `expected`.
    #[track_caller]
    fn check(schema: &str, value: Value, expected: &str) {
        let parsed = apache_avro::Schema::parse_str(schema).unwrap();
        let writer = apache_avro::writer::datum::GenericDatumWriter::builder(&parsed).build().unwrap();
        let bytes = writer.write_value_to_vec(value).unwrap();
        let reader = Reader::new(schema, &[]).unwrap();
        let json = reader.json(&bytes).unwrap();
        assert_eq!(json, expected);
        serde_json::from_str::<serde_json::Value>(&json).unwrap();
        for n in 0..bytes.len() {
            assert!(reader.json(&bytes[..n]).is_err(), "{n} of {} bytes are no value", bytes.len());
        }
        assert!(reader.json(&[&bytes[..], b"x"].concat()).is_err());
    }

    #[test]
    fn values_of_every_kind_are_read() {
        check("\"long\"", Value::Long(i64::MIN), "-9223372036854775808");
        check("\"double\"", Value::Double(0.1), "0.1");
        check("\"double\"", Value::Double(f64::NAN), "\"NaN\"");
        check("\"float\"", Value::Float(1.0), "1.0");
        check("\"bytes\"", Value::Bytes(vec![0xff, b'a', 0]), "\"\u{ff}a\\u0000\"");
        check("[\"null\",\"string\"]", Value::Union(1, Box::new(Value::String("\"q\"".into()))), r#""\"q\"""#);
        check("[\"null\",\"string\"]", Value::Union(0, Box::new(Value::Null)), "null");
        check(
            r#"{"type":"record","name":"r","namespace":"n","fields":[
                {"name":"e","type":{"type":"enum","name":"e","symbols":["A","B"]}},
                {"name":"again","type":"e"},
                {"name":"list","type":{"type":"array","items":"int"}},
                {"name":"map","type":{"type":"map","values":"boolean"}},
                {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]}"#,
            Value::Record(vec![
                ("e".into(), Value::Enum(1, "B".into())),
                ("again".into(), Value::Enum(0, "A".into())),
                ("list".into(), Value::Array(vec![Value::Int(1), Value::Int(-2)])),
                ("map".into(), Value::Map([("k".to_owned(), Value::Boolean(true))].into())),
                ("at".into(), Value::TimestampMillis(5)),
            ]),
            r#"{"e":"B","again":"A","list":[1,-2],"map":{"k":true},"at":5}"#,
        );
    }

    #[test]
    fn decimals_keep_their_digits() {
        let schema = r#"{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}"#;
        let check = |bytes: &[u8], expected: &str| {
            let sized = [&[bytes.len() as u8 * 2], bytes].concat();
            assert_eq!(Reader::new(schema, &[]).unwrap().json(&sized).unwrap(), expected);
        };
        check(&[0x30, 0x39], "\"123.45\"");
        check(&[0xff], "\"-0.01\"");
        check(&[5], "\"0.05\"");
    }

    #[test]
    fn schemas_may_refer_to_others() {
        let other = r#"{"type":"record","name":"org.B","fields":[{"name":"n","type":"int"}]}"#;
        let main = r#"{"type":"record","name":"org.A","fields":[{"name":"b","type":"B"},{"name":"c","type":"org.B"}]}"#;
        let reader = Reader::new(main, &[other.to_owned()]).unwrap();
        assert_eq!(reader.json(&[2, 4]).unwrap(), r#"{"b":{"n":1},"c":{"n":2}}"#);
        assert!(Reader::new(main, &[]).is_err());
    }

    #[test]
    fn hostile_bytes_end_in_an_error() {
        let list = r#"{"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]}"#;
        assert!(Reader::new(list, &[]).unwrap().json(&[2; 10_000]).unwrap_err().contains("deeper"));
        assert_eq!(Reader::new(list, &[]).unwrap().json(&[2, 2, 0]).unwrap(), r#"{"next":{"next":{"next":null}}}"#);
        let nulls = Reader::new(r#"{"type":"array","items":"null"}"#, &[]).unwrap();
        assert!(nulls.json(&[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]).unwrap_err().contains("too large"));
        assert!(nulls.json(&[0xff; 20]).unwrap_err().contains("ten bytes"));
        assert!(Reader::new("{", &[]).is_err());
    }
}
