//! Change data: from a message's value to the rows that it changed. A module per family under `read`.

use crate::decode::{Depth, JsonDecoder, range_in};
use crate::format::Shape;
use crate::read::{canal, debezium, dms, flink, maxwell, ogg, ticdc_open, ticdc_simple, wal2json};
use crate::value::{compact, scalar_text, text};
use replay_log::record::{Record, RowOp};
use replay_log::scan;
use std::ops::Range;

/// What a message of change data says.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// Holds no row: DDL, heartbeats, bounds of transactions.
    pub(crate) is_control: bool,
    /// A name for the topic if the export has none: usually database and table.
    pub(crate) topic: String,
    pub(crate) timestamp_ms: Option<i64>,
    pub(crate) event_id: Option<String>,
    pub(crate) event_type: Option<String>,
    pub(crate) changes: Vec<Change>,
}

/// One changed row.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) op: RowOp,
    pub(crate) table: String,
    pub(crate) entity: Option<String>,
    pub(crate) before: Option<Image>,
    pub(crate) after: Option<Image>,
}

/// The text of a row.
#[derive(Debug)]
pub(crate) enum Image {
    /// It stands in the value.
    Part(Range<usize>),
    /// It had to be put together.
    Made(Vec<u8>),
}

impl Parsed {
    pub(crate) fn control(event_type: &str) -> Parsed {
        Parsed { is_control: true, event_type: Some(event_type.to_owned()), ..Parsed::default() }
    }
}

/// Reads a record's value of that shape; `None` if it is not even an object.
pub(crate) fn parse(decoder: &JsonDecoder, record: &Record<'_>, value: &[u8], depth: Depth) -> Option<Parsed> {
    let rows = Rows::of(decoder, record, value, depth);
    if decoder.shape == Shape::TiCdcOpen {
        return ticdc_open::record(&rows, record.key.as_deref()?, value);
    }
    let at = scan::skip_ws(value, 0);
    if value.get(at) != Some(&b'{') {
        return None;
    }
    let object = &value[at..];
    Some(match decoder.shape {
        Shape::Plain | Shape::TiCdcOpen => return None,
        Shape::Debezium => debezium::envelope(&rows, object, &decoder.schemas),
        Shape::DebeziumUnwrapped => debezium::unwrapped(&rows, object, &decoder.schemas),
        Shape::Dms => dms::message(&rows, object),
        Shape::Maxwell => maxwell::message(&rows, object),
        Shape::Canal | Shape::TiCdc => canal::message(&rows, object),
        Shape::TiCdcSimple => ticdc_simple::message(&rows, object),
        Shape::Ogg => ogg::message(&rows, object),
        Shape::Wal2json => wal2json::transaction(&rows, object),
        Shape::Wal2jsonV2 => wal2json::line(&rows, object),
        Shape::Flink => flink::line(&rows, object),
    })
}

/// What the readers of change data need to know beside the object.
pub(crate) struct Rows<'a> {
    value: &'a [u8],
    key: Option<&'a str>,
    /// The record names the entity, so that a message of one row need not.
    pub(crate) is_named: bool,
    pub(crate) depth: Depth,
}

impl<'a> Rows<'a> {
    /// Of this record's value.
    pub(crate) fn of(decoder: &'a JsonDecoder, record: &Record<'_>, value: &'a [u8], depth: Depth) -> Rows<'a> {
        let key = decoder.row_key.as_deref();
        Rows { value, key, is_named: record.entity.is_some() && key.is_none(), depth }
    }

    /// An image that is a part of the value; `None` for a null or missing row.
    pub(crate) fn image(&self, row: Option<&[u8]>) -> Option<Image> {
        let row = row.filter(|row| row.first() == Some(&b'{'))?;
        Some(Image::Part(range_in(self.value, row)))
    }

    /// The entity of a row: by the chosen pointer, by the primary key that the message names, or by a guess.
    pub(crate) fn entity(&self, row: Option<&[u8]>, primary_key: &[String]) -> Option<String> {
        let row = row.filter(|row| row.first() == Some(&b'{'))?;
        self.named(row, primary_key).or_else(|| guessed(row).map(|(_, name)| name))
    }

    /// The same without a guess.
    fn named(&self, row: &[u8], primary_key: &[String]) -> Option<String> {
        if let Some(token) = self.key.and_then(|pointer| scan::pointer(row, pointer)) {
            return name(token);
        }
        if !primary_key.is_empty() {
            let columns: Vec<&[u8]> =
                primary_key.iter().filter_map(|column| scan::pointer(row, &pointer_of(column))).collect();
            if columns.len() == primary_key.len() {
                return match columns.as_slice() {
                    [single] => name(single),
                    several => Some(joined(primary_key, several)),
                };
            }
        }
        None
    }

    /// An update that changes the primary key takes a row away and makes another: two changes. `before` is the row as it was.
    pub(crate) fn moves(&self, change: Change, before: Option<&[u8]>, primary_key: &[String]) -> Vec<Change> {
        let old = before.filter(|row| change.op == RowOp::Update && row.first() == Some(&b'{'));
        match old.and_then(|row| self.named(row, primary_key)) {
            Some(old) if change.entity.as_ref().is_some_and(|entity| *entity != old) => vec![
                Change {
                    op: RowOp::Delete,
                    table: change.table.clone(),
                    entity: Some(old),
                    before: change.before,
                    after: None,
                },
                Change { op: RowOp::Insert, before: None, ..change },
            ],
            _ => vec![change],
        }
    }
}

fn pointer_of(column: &str) -> String {
    format!("/{}", column.replace('~', "~0").replace('/', "~1"))
}

fn name(token: &[u8]) -> Option<String> {
    match token.first()? {
        b'n' => None,
        b'{' | b'[' => Some(compact(token)),
        _ => scalar_text(token).map(|content| text(content).into_owned()),
    }
}

/// Several key columns as one JSON object.
fn joined(names: &[String], tokens: &[&[u8]]) -> String {
    let mut out = vec![b'{'];
    for (name, token) in names.iter().zip(tokens) {
        if out.len() > 1 {
            out.push(b',');
        }
        crate::value::push_json_string(&mut out, name.as_bytes());
        out.push(b':');
        out.extend_from_slice(token);
    }
    out.push(b'}');
    text(out.into()).into_owned()
}

/// The column that is most likely the primary key, and what it names: `id`, else the first whose name ends in `id` or `key`, else the first.
pub(crate) fn guessed(row: &[u8]) -> Option<(&[u8], String)> {
    let (mut first, mut suffix, mut exact) = (None, None, None);
    for member in scan::members(row, 0).flatten() {
        let name = member.name;
        let ends_in = |end: &[u8]| name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end);
        if name.eq_ignore_ascii_case(b"id") || name.eq_ignore_ascii_case(b"_id") {
            exact = Some(member);
            break;
        }
        if suffix.is_none() && (ends_in(b"_id") || name.ends_with(b"Id") || ends_in(b"key")) {
            suffix = Some(member);
        } else if first.is_none() {
            first = Some(member);
        }
    }
    let member = exact.or(suffix).or(first)?;
    Some((member.name, name(&row[member.value])?))
}

/// The members of an object by name, each once.
pub(crate) struct Object<'a>(Vec<(&'a [u8], &'a [u8])>);

impl<'a> Object<'a> {
    pub(crate) fn new(object: &'a [u8]) -> Object<'a> {
        if object.first() != Some(&b'{') {
            return Object(Vec::new());
        }
        // As many as most rows have, so that few grow.
        let mut members = Vec::with_capacity(16);
        members.extend(scan::members(object, 0).flatten().map(|member| (member.name, &object[member.value])));
        Object(members)
    }

    /// The member's text, the last one if the name is there twice.
    pub(crate) fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().rev().find(|(n, _)| *n == name.as_bytes()).map(|(_, value)| *value)
    }

    /// All members in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        self.0.iter().copied()
    }

    /// A member's text if it is a string, number or boolean.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(scalar_text).map(|content| text(content).into_owned())
    }

    /// A member that is a time.
    pub(crate) fn time(&self, name: &str, unit: crate::time::TimeUnit) -> Option<i64> {
        self.get(name).and_then(scalar_text).and_then(|content| crate::time::timestamp_ms(&content, unit))
    }

    /// A member that is an array of texts.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let Some(array) = self.get(name).filter(|array| array.first() == Some(&b'[')) else { return Vec::new() };
        scan::elements(array, 0)
            .flatten()
            .filter_map(|element| scalar_text(&array[element]).map(|content| text(content).into_owned()))
            .collect()
    }

    /// The elements of a member that is an array.
    pub(crate) fn array(&self, name: &str) -> Vec<&'a [u8]> {
        let Some(array) = self.get(name).filter(|array| array.first() == Some(&b'[')) else { return Vec::new() };
        scan::elements(array, 0).flatten().map(|element| &array[element]).collect()
    }
}

/// Names with dots between them, without empty ones.
pub(crate) fn dotted(names: &[Option<String>]) -> String {
    let names: Vec<&str> = names.iter().flatten().map(String::as_str).filter(|name| !name.is_empty()).collect();
    names.join(".")
}

/// The usual word for a change.
pub(crate) fn op_name(op: RowOp) -> &'static str {
    match op {
        RowOp::Insert => "insert",
        RowOp::Read => "read",
        RowOp::Update => "update",
        RowOp::Delete => "delete",
        RowOp::Truncate => "truncate",
    }
}

/// An object put together from members; a later member replaces an earlier one of the same name.
pub(crate) fn merged<'a>(base: &Object<'a>, over: &Object<'a>) -> Vec<u8> {
    let mut out = vec![b'{'];
    let members = base.iter().map(|(name, value)| {
        let replaced = over.iter().find(|(n, _)| *n == name);
        (name, replaced.map_or(value, |(_, value)| value))
    });
    let added = over.iter().filter(|(name, _)| base.iter().all(|(n, _)| n != *name));
    for (name, value) in members.chain(added) {
        push_member(&mut out, name, value);
    }
    out.push(b'}');
    out
}

/// Appends `"name":value` with a comma where one is needed. `name` is escaped already.
pub(crate) fn push_member(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    if out.len() > 1 {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(name);
    out.extend_from_slice(b"\":");
    out.extend_from_slice(value);
}
