//! Kafka Connect's schemas inside messages: columns whose JSON form says nothing without them.
//!
//! Sources: Kafka Connect `JsonConverter`, Debezium's documentation of its `io.debezium.time` and `io.debezium.data` types.

use crate::time::{TimeUnit, date_text, date_time_text, integer, time_text};
use crate::value::{base64_bytes, json_string, string_content};
use replay_log::json::Json;
use replay_log::scan;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

/// How many schemas are kept: a topic has few.
const KEPT: usize = 64;

/// Schemas by their text. Messages of one table repeat the same text, so it is parsed once.
#[derive(Default)]
pub(crate) struct SchemaCache {
    known: Mutex<Vec<KnownSchema>>,
}

/// A schema's text and what it says.
type KnownSchema = (Box<[u8]>, Arc<RowSchema>);

/// The columns of a table that need a conversion.
#[derive(Debug, Default)]
pub(crate) struct RowSchema {
    columns: Vec<(Box<[u8]>, Conversion)>,
}

/// What a column's JSON form stands for. As text: `decimal:3`, `decimal` (its scale is beside it), `date`, `time-us`, `timestamp-ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// Base64 of an integer, of which so many digits are behind the point.
    Decimal {
        /// Negative for zeros before it.
        scale: i32,
    },
    /// `{"scale","value"}`.
    VariableScaleDecimal,
    /// Days since 1970.
    Date,
    /// The time of a day.
    Time {
        /// What it is counted in.
        per_second: i64,
    },
    /// Since 1970.
    DateTime {
        /// What it is counted in.
        per_second: i64,
    },
}

/// Units that may stand behind `time-` and `timestamp-`.
const PER_SECOND: [(TimeUnit, i64); 4] =
    [(TimeUnit::Seconds, 1), (TimeUnit::Millis, 1000), (TimeUnit::Micros, 1_000_000), (TimeUnit::Nanos, 1_000_000_000)];

/// A text that names no [`Conversion`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is none of decimal:SCALE, decimal, date, time-s, time-ms, time-us, time-ns, timestamp-s, timestamp-ms, timestamp-us, timestamp-ns"
)]
pub struct BadConversion(String);

impl fmt::Display for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = |per_second| PER_SECOND.iter().find(|(_, n)| *n == per_second).map_or("", |(unit, _)| unit.name());
        match *self {
            Conversion::Decimal { scale } => write!(f, "decimal:{scale}"),
            Conversion::VariableScaleDecimal => f.write_str("decimal"),
            Conversion::Date => f.write_str("date"),
            Conversion::Time { per_second } => write!(f, "time-{}", unit(per_second)),
            Conversion::DateTime { per_second } => write!(f, "timestamp-{}", unit(per_second)),
        }
    }
}

impl FromStr for Conversion {
    type Err = BadConversion;

    fn from_str(text: &str) -> Result<Conversion, BadConversion> {
        let bad = || BadConversion(text.to_owned());
        let per_second =
            |unit: &str| PER_SECOND.iter().find(|(known, _)| known.name() == unit).map(|(_, n)| *n).ok_or_else(bad);
        if let Some(scale) = text.strip_prefix("decimal:") {
            return scale.parse().map(|scale| Conversion::Decimal { scale }).map_err(|_| bad());
        }
        match text {
            "decimal" => return Ok(Conversion::VariableScaleDecimal),
            "date" => return Ok(Conversion::Date),
            _ => {}
        }
        match text.split_once('-') {
            Some(("time", unit)) => per_second(unit).map(|per_second| Conversion::Time { per_second }),
            Some(("timestamp", unit)) => per_second(unit).map(|per_second| Conversion::DateTime { per_second }),
            _ => Err(bad()),
        }
    }
}

impl SchemaCache {
    /// The conversions of the rows in an envelope with this schema.
    pub(crate) fn row_schema(&self, schema: &[u8]) -> Arc<RowSchema> {
        if let Ok(known) = self.known.lock()
            && let Some((_, row)) = known.iter().find(|(text, _)| **text == *schema)
        {
            return Arc::clone(row);
        }
        let row = Arc::new(Json::parse(schema).map(|schema| row_schema(&schema)).unwrap_or_default());
        if let Ok(mut known) = self.known.lock() {
            if known.len() >= KEPT {
                known.remove(0);
            }
            known.push((schema.into(), Arc::clone(&row)));
        }
        row
    }
}

fn items(json: Option<&Json>) -> &[Json] {
    if let Some(Json::Array(items)) = json { items } else { &[] }
}

fn string(json: Option<&Json>) -> Option<&str> {
    if let Some(Json::String(text)) = json { Some(text) } else { None }
}

/// The fields of `after` or `before`, or of the schema itself for a bare row.
fn row_schema(schema: &Json) -> RowSchema {
    let fields = items(schema.get("fields"));
    // Other messages may have a field of that name.
    let is_envelope = fields.iter().any(|field| string(field.get("field")) == Some("op"));
    let is_image = |field: &&Json| matches!(string(field.get("field")), Some("after" | "before"));
    let row = fields.iter().find(|field| is_envelope && is_image(field));
    let fields = row.map_or(fields, |row| items(row.get("fields")));
    let columns = fields.iter().filter_map(|field| {
        let name = string(field.get("field"))?;
        Some((name.as_bytes().into(), conversion(field)?))
    });
    RowSchema { columns: columns.collect() }
}

fn conversion(field: &Json) -> Option<Conversion> {
    Some(match string(field.get("name"))? {
        "org.apache.kafka.connect.data.Decimal" => Conversion::Decimal {
            scale: string(field.pointer("/parameters/scale")).and_then(|scale| scale.parse().ok()).unwrap_or(0),
        },
        "io.debezium.data.VariableScaleDecimal" => Conversion::VariableScaleDecimal,
        "io.debezium.time.Date" | "org.apache.kafka.connect.data.Date" => Conversion::Date,
        "io.debezium.time.Time" | "org.apache.kafka.connect.data.Time" => Conversion::Time { per_second: 1000 },
        "io.debezium.time.MicroTime" => Conversion::Time { per_second: 1_000_000 },
        "io.debezium.time.NanoTime" => Conversion::Time { per_second: 1_000_000_000 },
        "io.debezium.time.Timestamp" | "org.apache.kafka.connect.data.Timestamp" => {
            Conversion::DateTime { per_second: 1000 }
        }
        "io.debezium.time.MicroTimestamp" => Conversion::DateTime { per_second: 1_000_000 },
        "io.debezium.time.NanoTimestamp" => Conversion::DateTime { per_second: 1_000_000_000 },
        _ => return None,
    })
}

impl RowSchema {
    /// Of columns that somebody has chosen.
    pub(crate) fn of(columns: &[(String, Conversion)]) -> RowSchema {
        // As a name stands in JSON text.
        let raw = |name: &str| {
            let quoted = json_string(name.as_bytes());
            quoted[1..quoted.len() - 1].into()
        };
        RowSchema { columns: columns.iter().map(|(name, conversion)| (raw(name), *conversion)).collect() }
    }

    /// The row with its columns converted; `None` if nothing needs it.
    pub(crate) fn convert(&self, row: &[u8]) -> Option<Vec<u8>> {
        if self.columns.is_empty() || row.first() != Some(&b'{') {
            return None;
        }
        let mut out = vec![b'{'];
        for member in scan::members(row, 0) {
            let member = member.ok()?;
            if out.len() > 1 {
                out.push(b',');
            }
            out.push(b'"');
            out.extend_from_slice(member.name);
            out.extend_from_slice(b"\":");
            let token = &row[member.value];
            let column = self.columns.iter().find(|(name, _)| **name == *member.name);
            match column.and_then(|(_, conversion)| converted(*conversion, token)) {
                Some(text) => out.extend_from_slice(&text),
                None => out.extend_from_slice(token),
            }
        }
        out.push(b'}');
        Some(out)
    }
}

/// The JSON text of a converted column; `None` leaves it as it is.
fn converted(conversion: Conversion, token: &[u8]) -> Option<Vec<u8>> {
    match conversion {
        Conversion::Decimal { scale } => decimal(&base64_bytes(&string_content(token)?)?, scale),
        Conversion::VariableScaleDecimal => {
            let scale = integer(scan::pointer(token, "/scale")?)?;
            let value = string_content(scan::pointer(token, "/value")?)?;
            decimal(&base64_bytes(&value)?, i32::try_from(scale).ok()?)
        }
        Conversion::Date => Some(json_string(date_text(bounded(token, 86_400)?).as_bytes())),
        Conversion::Time { per_second } => Some(json_string(time_text(integer(token)?, per_second).as_bytes())),
        Conversion::DateTime { per_second } => {
            Some(json_string(date_time_text(integer(token)?, per_second).as_bytes()))
        }
    }
}

/// An integer whose product with `factor` stays an `i64`.
fn bounded(token: &[u8], factor: i64) -> Option<i64> {
    integer(token).filter(|n| n.checked_mul(factor).is_some())
}

/// The decimal number of a big-endian two's complement integer with `scale` digits after the point.
pub(crate) fn decimal(bytes: &[u8], scale: i32) -> Option<Vec<u8>> {
    // No database has numbers of that many digits; the bound keeps damaged data cheap.
    if bytes.len() > 1024 || scale.abs() > 4096 {
        return None;
    }
    let is_negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let mut magnitude: Vec<u8> = bytes.to_vec();
    if is_negative {
        let mut carry = true;
        for byte in magnitude.iter_mut().rev() {
            let (value, overflow) = (!*byte).overflowing_add(u8::from(carry));
            *byte = value;
            carry = overflow;
        }
    }
    let mut digits = Vec::new();
    while magnitude.iter().any(|byte| *byte != 0) {
        let mut remainder = 0u32;
        for byte in &mut magnitude {
            let value = remainder << 8 | u32::from(*byte);
            *byte = (value / 10) as u8;
            remainder = value % 10;
        }
        digits.push(b'0' + remainder as u8);
    }
    if scale < 0 {
        let zeros = if digits.is_empty() { 0 } else { scale.unsigned_abs() as usize };
        digits.splice(0..0, std::iter::repeat_n(b'0', zeros));
    }
    let scale = scale.max(0) as usize;
    while digits.len() <= scale {
        digits.push(b'0');
    }
    let mut text = Vec::with_capacity(digits.len() + 2);
    if is_negative {
        text.push(b'-');
    }
    let whole = digits.len() - scale;
    text.extend(digits.iter().rev().take(whole));
    if scale > 0 {
        text.push(b'.');
        text.extend(digits.iter().rev().skip(whole));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base64: &str, scale: i32, expected: &str) {
        let bytes = base64_bytes(base64.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(decimal(&bytes, scale).unwrap()).unwrap(), expected);
    }

    #[test]
    fn conversions_read_back_as_they_were_written() {
        for text in ["decimal:3", "decimal:-2", "decimal", "date", "time-ms", "time-ns", "timestamp-s", "timestamp-us"]
        {
            assert_eq!(text.parse::<Conversion>().unwrap().to_string(), text);
        }
        for text in ["", "decimal:", "decimal:x", "time", "timestamp-days", "Date"] {
            assert!(text.parse::<Conversion>().is_err(), "{text}");
        }
    }

    #[test]
    fn decimals_keep_every_digit_and_their_sign() {
        check("GWQ=", 3, "6.500");
        check("F+0=", 3, "6.125");
        check("/w==", 2, "-0.01");
        check("9jw=", 3, "-2.500");
        check("AA==", 3, "0.000");
        check("AQ==", -2, "100");
        check("AIrHIwSJ6AAA", 0, "10000000000000000000");
    }
}
