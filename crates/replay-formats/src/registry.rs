//! Schemas that came beside the records: answers of a Schema Registry, or Avro schemas as files.
//!
//! A schema is named by a number or a GUID, before the value or in a header.
//! Source: confluentinc/schema-registry `SchemaId.java`, `MessageIndexes.java`, `GET /schemas/ids/{id}`.

use crate::avro::{self, Decoder};
use crate::detect::SchemaFate;
use crate::value::is_json_document;
use replay_log::json::Json;
use replay_log::record::Record;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Schemas of more than this are no schemas.
const MAX_SCHEMA_BYTES: usize = 4 << 20;
/// The header in which the schema of a value may be named, if not before the value itself, and that of a key.
pub(crate) const VALUE_HEADER: &str = "__value_schema_id";
pub(crate) const KEY_HEADER: &str = "__key_schema_id";

/// By what a schema is named: before a value, or in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SchemaId {
    /// A zero, and a registry's number.
    Number(u32),
    /// A one, and what is the same in every registry.
    Guid([u8; 16]),
}

impl fmt::Display for SchemaId {
    /// `7` or `89791762-2336-186f-9674-299b90a802e2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let guid = match self {
            SchemaId::Number(id) => return write!(f, "{id}"),
            SchemaId::Guid(guid) => guid,
        };
        for (n, byte) in guid.iter().enumerate() {
            let hyphen = if matches!(n, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(f, "{hyphen}{byte:02x}")?;
        }
        Ok(())
    }
}

/// The schemas that values name by number. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Schemas {
    known: Arc<Vec<Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    /// `None` for a schema without a number, which is used for every number that has none of its own.
    id: Option<u32>,
    guid: Option<[u8; 16]>,
    name: String,
    kind: Kind,
    /// What it was made of, if it is Avro: others may refer to it.
    json: Option<Json>,
}

#[derive(Debug, Clone)]
enum Kind {
    Avro(avro::Schema),
    Json,
    Protobuf,
    /// It could not be understood.
    Broken(String),
}

impl Schemas {
    /// The schemas of a file, if that is what it holds. Its name may tell the number: `schema-registry-ids-1.json`.
    pub fn of_file(name: &str, bytes: &[u8]) -> Option<Schemas> {
        if bytes.len() > MAX_SCHEMA_BYTES || !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
            return None;
        }
        let json = Json::parse(bytes).ok()?;
        let known = match &json {
            Json::Array(answers) if !answers.is_empty() => {
                answers.iter().map(|answer| registered(answer, None)).collect::<Option<Vec<_>>>()?
            }
            json => vec![registered(json, id_of(name)).or_else(|| bare(json))?],
        };
        Some(Schemas { known: Arc::new(mended(known)) })
    }

    /// These and those.
    #[must_use]
    pub fn with(&self, others: &Schemas) -> Schemas {
        if others.known.is_empty() {
            return self.clone();
        }
        Schemas { known: Arc::new(mended(self.known.iter().chain(others.known.iter()).cloned().collect())) }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The names of all, for people.
    pub fn names(&self) -> Vec<String> {
        let name = |known: &Known| known.id.map_or_else(|| known.name.clone(), |id| format!("{id} ({})", known.name));
        self.known.iter().map(name).collect()
    }

    fn find(&self, id: SchemaId) -> Option<&Known> {
        let is_it = |known: &&Known| match id {
            SchemaId::Number(id) => known.id == Some(id),
            SchemaId::Guid(guid) => known.guid == Some(guid),
        };
        let exact = self.known.iter().find(is_it);
        exact.or_else(|| self.known.iter().find(|known| known.id.is_none() && known.guid.is_none()))
    }

    /// What becomes of values that name this schema; they may be JSON, which needs none.
    pub(crate) fn fate(&self, id: SchemaId, is_json: bool) -> SchemaFate {
        match self.find(id).map(|known| &known.kind) {
            None if is_json => SchemaFate::Json,
            None => SchemaFate::Missing,
            Some(Kind::Avro(schema)) => SchemaFate::Avro(schema.name.clone()),
            Some(Kind::Json) => SchemaFate::Json,
            Some(Kind::Protobuf) => SchemaFate::Protobuf,
            Some(Kind::Broken(detail)) => SchemaFate::Broken(detail.clone()),
        }
    }

    /// The value as JSON, if it has a schema's number before it and the schema is known; else as it is.
    pub(crate) fn decoded<'a>(&self, value: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        let Some((id, body)) = framed(&value) else { return value };
        if let Some(decoded) = self.avro(id, body) {
            return Cow::Owned(decoded);
        }
        let is_avro = matches!(self.find(id), Some(Known { kind: Kind::Avro(_), .. }));
        if is_avro || !is_json_document(body) {
            return value;
        }
        let prefix = value.len() - body.len();
        match value {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[prefix..]),
            Cow::Owned(mut bytes) => {
                bytes.drain(..prefix);
                Cow::Owned(bytes)
            }
        }
    }

    /// The same for a value whose schema a header names, in the form that else stands before a value.
    pub(crate) fn decoded_by<'a>(&self, header: Option<&[u8]>, value: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        match header.and_then(framed) {
            Some((id, _)) => self.avro(id, &value).map_or(value, Cow::Owned),
            None => self.decoded(value),
        }
    }

    /// All of the body as JSON, if it is named after a schema of Avro and fits it.
    #[inline(never)]
    fn avro(&self, id: SchemaId, body: &[u8]) -> Option<Vec<u8>> {
        let Some(Known { kind: Kind::Avro(schema), .. }) = self.find(id) else { return None };
        let mut out = Vec::with_capacity(body.len() * 2);
        let mut decoder = Decoder::new(schema, body);
        decoder.value(&mut out).filter(|()| decoder.is_at_end())?;
        Some(out)
    }
}

/// What names the schema, and what follows it.
fn framed(value: &[u8]) -> Option<(SchemaId, &[u8])> {
    match value.split_first()? {
        (0, rest) => rest.split_first_chunk().map(|(id, body)| (SchemaId::Number(u32::from_be_bytes(*id)), body)),
        (1, rest) => rest.split_first_chunk().map(|(guid, body)| (SchemaId::Guid(*guid), body)),
        _ => None,
    }
}

/// The schema that a value names, or a header for it in the same form, and the rest of the value.
pub(crate) fn named_schema<'a>(header: Option<&[u8]>, value: &'a [u8]) -> Option<(SchemaId, &'a [u8])> {
    if let Some((id, _)) = header.and_then(framed) {
        return Some((id, value));
    }
    match framed(value)? {
        (SchemaId::Number(0), _) => None,
        named => Some(named),
    }
}

/// The schema's number and what follows it.
pub(crate) fn wire_format(value: &[u8]) -> Option<(u32, &[u8])> {
    match framed(value)? {
        // A registry's numbers begin with one.
        (SchemaId::Number(id @ 1..), body) => Some((id, body)),
        _ => None,
    }
}

/// The bytes of `89791762-2336-186f-9674-299b90a802e2`.
fn guid(text: &str) -> Option<[u8; 16]> {
    let (mut guid, mut digits) = (0_u128, 0);
    for digit in text.chars().filter(|c| *c != '-') {
        guid = guid << 4 | u128::from(digit.to_digit(16)?);
        digits += 1;
    }
    (digits == 32).then(|| guid.to_be_bytes())
}

/// The numbers of the schemas that a record's key and value name and that are not decoded.
pub fn schema_ids(record: &Record<'_>) -> impl Iterator<Item = u32> + use<> {
    let id = |bytes: &[u8]| match bytes.first()? {
        0 => wire_format(bytes).map(|(id, _)| id),
        // Bytes that happen to be text are a JSON string.
        b'"' if bytes.starts_with(b"\"\\u0000") => match Json::parse(bytes).ok()? {
            Json::String(text) => wire_format(text.as_bytes()).map(|(id, _)| id),
            _ => None,
        },
        _ => None,
    };
    [record.key.as_deref(), record.value.bytes()].into_iter().flatten().filter_map(id).collect::<Vec<_>>().into_iter()
}

fn text(json: Option<&Json>) -> Option<&str> {
    if let Some(Json::String(text)) = json { Some(text) } else { None }
}

/// An answer of a registry: the schema's text in a member.
fn registered(json: &Json, id: Option<u32>) -> Option<Known> {
    const MEMBERS: [&str; 13] = [
        "schema",
        "schemaType",
        "references",
        "id",
        "subject",
        "version",
        "metadata",
        "ruleSet",
        "maxId",
        "guid",
        "schemaTags",
        "ts",
        "deleted",
    ];
    let Json::Object(members) = json else { return None };
    if !members.iter().all(|(name, _)| MEMBERS.contains(&&**name)) {
        return None;
    }
    let schema = text(json.get("schema"))?;
    let id = match json.get("id") {
        Some(Json::Number(id)) => id.parse().ok(),
        _ => id,
    };
    let name = text(json.get("subject")).unwrap_or_default().to_owned();
    let guid = text(json.get("guid")).and_then(guid);
    let known = |kind| Known { id, guid, name, kind, json: None };
    Some(match text(json.get("schemaType")).unwrap_or("AVRO") {
        "JSON" => known(Kind::Json),
        "PROTOBUF" => known(Kind::Protobuf),
        _ => match Json::parse(schema.as_bytes()) {
            Err(error) => known(Kind::Broken(error.reason.to_string())),
            Ok(json) => {
                let made = known(Kind::Broken(String::new()));
                compiled(Known { json: Some(json), ..made }, &[])
            }
        },
    })
}

/// An Avro schema that may refer to others.
fn compiled(known: Known, others: &[&Json]) -> Known {
    match known.json.as_ref().map(|json| avro::compile(json, others)) {
        Some(Ok(schema)) => Known { name: schema.name.clone(), kind: Kind::Avro(schema), ..known },
        Some(Err(detail)) => Known { kind: Kind::Broken(detail), ..known },
        None => known,
    }
}

/// Those that refer to others of them are compiled with these.
fn mended(known: Vec<Known>) -> Vec<Known> {
    let is_broken = |known: &Known| matches!(known.kind, Kind::Broken(_));
    if !known.iter().any(is_broken) {
        return known;
    }
    let all: Vec<Json> = known.iter().filter_map(|known| known.json.clone()).collect();
    let others: Vec<&Json> = all.iter().collect();
    known.into_iter().map(|known| if is_broken(&known) { compiled(known, &others) } else { known }).collect()
}

/// An Avro schema as a file.
fn bare(json: &Json) -> Option<Known> {
    let is_record = text(json.get("type")) == Some("record") && text(json.get("name")).is_some();
    let Some(Json::Array(fields)) = json.get("fields") else { return None };
    if !is_record || !fields.iter().all(|field| field.get("name").is_some() && field.get("type").is_some()) {
        return None;
    }
    let known = Known {
        id: None,
        guid: None,
        name: String::new(),
        kind: Kind::Broken(String::new()),
        json: Some(json.clone()),
    };
    Some(compiled(known, &[]))
}

/// The number at the end of a file's name.
fn id_of(name: &str) -> Option<u32> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let digits = stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    stem[digits..].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_from_the_answer_or_the_name() {
        let answer = br#"{"schema":"\"string\""}"#;
        assert_eq!(Schemas::of_file("ids/schema-registry-ids-12.json", answer).unwrap().names(), ["12 (string)"]);
        let numbered = br#"{"subject":"s","version":1,"id":7,"schema":"\"long\""}"#;
        assert_eq!(Schemas::of_file("x.json", numbered).unwrap().names(), ["7 (long)"]);
        let bare = br#"{"type":"record","name":"R","namespace":"n","fields":[{"name":"a","type":"int"}]}"#;
        assert_eq!(Schemas::of_file("r.avsc", bare).unwrap().names(), ["n.R"]);
    }

    #[test]
    fn a_schema_may_name_types_of_others_that_came_with_it() {
        let money = r#"{"id":4,"schema":"{\"type\":\"record\",\"name\":\"Money\",\"namespace\":\"n\",\"fields\":[{\"name\":\"cents\",\"type\":\"long\"},{\"name\":\"unit\",\"type\":\"n.Unit\"}]}"}"#;
        let unit = r#"{"id":5,"schema":"{\"type\":\"enum\",\"name\":\"n.Unit\",\"symbols\":[\"EUR\",\"USD\"]}"}"#;
        let order = r#"{"id":3,"references":[{"name":"n.Money","subject":"money","version":1}],"schema":"{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"total\",\"type\":\"n.Money\"},{\"name\":\"paid\",\"type\":[\"null\",\"n.Money\"]}]}"}"#;
        let of = |text: &str| Schemas::of_file("x.json", text.as_bytes()).unwrap();
        let value = b"\0\0\0\0\x03\x54\x02\x00";
        for schemas in [of(&format!("[{order},{money},{unit}]")), of(unit).with(&of(order)).with(&of(money))] {
            let decoded = schemas.decoded(Cow::Borrowed(value));
            assert_eq!(std::str::from_utf8(&decoded), Ok(r#"{"total":{"cents":42,"unit":"USD"},"paid":null}"#));
        }
        let fate = of(order).fate(SchemaId::Number(3), false).to_string();
        assert_eq!(fate, "not understood: the schema's type \"n.Money\" is not defined");
        // Two that only name each other end, too.
        let round = |id, own, other| {
            format!(
                r#"{{"id":{id},"schema":"{{\"type\":\"record\",\"name\":\"{own}\",\"fields\":[{{\"name\":\"x\",\"type\":[\"null\",\"{other}\"]}}]}}"}}"#
            )
        };
        let round = of(&format!("[{},{}]", round(1, "A", "B"), round(2, "B", "A")));
        assert_eq!(&*round.decoded(Cow::Borrowed(b"\0\0\0\0\x01\x02\x02\x00")), br#"{"x":{"x":{"x":null}}}"#);
    }

    #[test]
    fn what_is_no_avro_is_json_behind_its_number_or_stays_bytes() {
        let schemas = Schemas::of_file("x.json", br#"[{"id":1,"schemaType":"JSON","schema":"{}"},{"id":2,"schemaType":"PROTOBUF","schema":"syntax = \"proto3\";"}]"#);
        let schemas = schemas.unwrap();
        assert_eq!(&*schemas.decoded(Cow::Borrowed(b"\0\0\0\0\x01{\"a\":1}")), b"{\"a\":1}");
        assert_eq!(&*schemas.decoded(Cow::Borrowed(b"\0\0\0\0\x02\x00\x0a\x01a")), b"\0\0\0\0\x02\x00\x0a\x01a");
        assert_eq!(schemas.fate(SchemaId::Number(1), true), SchemaFate::Json);
        assert_eq!(schemas.fate(SchemaId::Number(2), false), SchemaFate::Protobuf);
        assert_eq!(
            (schemas.fate(SchemaId::Number(9), true), schemas.fate(SchemaId::Number(9), false)),
            (SchemaFate::Json, SchemaFate::Missing)
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_and_no_schema_break_anything(body: Vec<u8>, name in "[AB]|int|string|null", kind in "record|array|map|enum|fixed|A|B|bytes") {
            use serde_json::json;
            let fields = json!([{"name": "f", "type": [name, "B"]}, {"name": "g", "type": name}]);
            let own = json!({"type": kind, "name": "A", "size": 9, "symbols": ["x"], "items": name, "values": name, "fields": fields});
            let other = json!({"type": "record", "name": "B", "fields": [{"name": "a", "type": ["null", "A"]}]});
            let answers = json!([{"id": 1, "schema": own.to_string()}, {"id": 2, "schema": other.to_string()}]);
            let schemas = Schemas::of_file("x.json", answers.to_string().as_bytes()).unwrap();
            for id in 1..3 {
                let value = [&[0, 0, 0, 0, id], &body[..]].concat();
                schemas.decoded(Cow::Borrowed(&value));
                schemas.fate(SchemaId::Number(u32::from(id)), false);
            }
        }
    }

    #[test]
    fn records_are_no_schemas() {
        for text in [
            r#"{"schema":{"type":"string"},"payload":"a"}"#,
            r#"{"id":1,"schema":"public","table":"t"}"#,
            r#"{"type":"record","name":"a"}"#,
            r#"[{"topic":"t"}]"#,
            "[]",
        ] {
            assert!(Schemas::of_file("x.json", text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn keys_and_values_tell_which_schemas_they_need() {
        let check = |key: Option<&'static [u8]>, value: &'static [u8], expected: &[u32]| {
            let value = replay_log::record::Payload::Bytes(Cow::Borrowed(value));
            let record = Record { key: key.map(Cow::Borrowed), value, ..Record::default() };
            assert_eq!(schema_ids(&record).collect::<Vec<_>>(), expected);
        };
        check(Some(b"\0\0\0\x01\x02abc"), b"\0\0\0\0\x07\xff", &[258, 7]);
        check(None, br#""\u0000\u0000\u0000\u0000\u0005\u0004hi""#, &[5]);
        check(Some(b"key"), br#"{"a":1}"#, &[]);
        check(None, b"\0\0", &[]);
    }

    #[test]
    fn a_schema_may_be_named_by_its_guid_and_in_a_header() {
        let guid = "89791762-2336-186f-9674-299b90a802e2";
        let answer = format!(r#"[{{"id":7,"guid":"{guid}","schema":"\"string\""}},{{"id":8,"schema":"\"long\""}}]"#);
        let schemas = Schemas::of_file("x.json", answer.as_bytes()).unwrap();
        let by_guid = [&[1][..], &super::guid(guid).unwrap()].concat();
        let check = |header: Option<&[u8]>, value: &[u8], expected: &[u8]| {
            assert_eq!(&*schemas.decoded_by(header, Cow::Borrowed(value)), expected);
        };
        check(None, &[&by_guid[..], b"\x04hi"].concat(), b"\"hi\"");
        check(Some(&by_guid), b"\x04hi", b"\"hi\"");
        check(Some(b"\0\0\0\0\x08"), b"\x04", b"2");
        check(Some(b"\0\0\0\0\x09"), b"\x04", b"\x04");
        check(Some(b"?"), b"\0\0\0\0\x08\x04", b"2");
        // Of a GUID that nobody knows; JSON needs none.
        let unknown = [&[1][..], &[7; 16], b"\x04hi"].concat();
        check(None, &unknown, &unknown);
        check(None, &[&by_guid[..], b"{}"].concat(), &[&by_guid[..], b"{}"].concat());
        check(None, &[&[1][..], &[7; 16], b"{}"].concat(), b"{}");
        assert_eq!(super::guid("897917622336186f9674299b90a802e"), None);
        assert_eq!(super::guid(guid).map(|guid| SchemaId::Guid(guid).to_string()).as_deref(), Some(guid));
    }

    #[test]
    fn values_are_decoded_only_as_a_whole() {
        let schemas = Schemas::of_file("1.json", br#"{"schema":"\"string\""}"#).unwrap();
        let check = |value: &[u8], expected: &[u8]| assert_eq!(&*schemas.decoded(Cow::Borrowed(value)), expected);
        check(b"\0\0\0\0\x01\x04hi", b"\"hi\"");
        check(b"\0\0\0\0\x01\x04hi!", b"\0\0\0\0\x01\x04hi!");
        check(b"\0\0\0\0\x02\x04hi", b"\0\0\0\0\x02\x04hi");
        check(b"\0\0\0\0\x02{}", b"{}");
    }
}
