//! Schemas that came beside the records: answers of a Schema Registry, Avro schemas, `.proto` files, and descriptor sets.
//!
//! A schema is named by a number or a GUID, before the value or in a header. Protobuf without such a name is read as the message that was
//! chosen, or that fits.
//! Source: confluentinc/schema-registry `SchemaId.java`, `MessageIndexes.java`, `GET /schemas/ids/{id}`.

use crate::avro::{self, Decoder};
use crate::detect::SchemaFate;
use crate::protobuf::{self, Decoded};
use crate::value::{base64_bytes, is_json_document, string_content};
use replay_log::json::Json;
use replay_log::record::Record;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Schemas of more than this are no schemas.
const MAX_SCHEMA_BYTES: usize = 4 << 20;
/// The header in which the schema of a value may be named, if not before the value itself, and that of a key.
pub(crate) const VALUE_HEADER: &str = "__value_schema_id";
pub(crate) const KEY_HEADER: &str = "__key_schema_id";

/// By what a schema is named: before a value, or in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// A value, or a key, and what names its schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Framed<'a> {
    pub(crate) id: SchemaId,
    /// What follows the name in a header: of Protobuf, the path to the message.
    path: Option<&'a [u8]>,
    pub(crate) body: &'a [u8],
}

/// The schemas that values name by number. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Schemas {
    known: Arc<Vec<Known>>,
    /// The message of values that name no schema.
    plain: Option<(Arc<protobuf::Schema>, usize)>,
}

#[derive(Debug, Clone)]
struct Known {
    /// `None` for a schema without a number, which is used for every number that has none of its own.
    id: Option<u32>,
    guid: Option<[u8; 16]>,
    name: String,
    kind: Kind,
    /// What it was made of: others may refer to it.
    source: Source,
    /// The subject and version under which others refer to it.
    place: Option<(String, i64)>,
    /// Under which names it refers to others.
    references: Vec<(String, (String, i64))>,
}

#[derive(Debug, Clone)]
enum Source {
    Nothing,
    Avro(Json),
    Protobuf(Arc<protobuf::File>),
}

#[derive(Debug, Clone)]
enum Kind {
    Avro(avro::Schema),
    Json,
    Protobuf(Arc<protobuf::Schema>),
    /// It could not be understood.
    Broken(String),
}

impl Known {
    /// Somebody gave it, and no registry knows it by a name.
    fn is_loose(&self) -> bool {
        self.id.is_none() && self.guid.is_none() && self.place.is_none()
    }
}

impl Schemas {
    /// The schemas of a file, if that is what it holds. Its name may tell the number: `schema-registry-ids-1.json`.
    pub fn of_file(name: &str, bytes: &[u8]) -> Option<Schemas> {
        if bytes.len() > MAX_SCHEMA_BYTES {
            return None;
        }
        let known = if matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
            of_json(name, bytes)?
        } else {
            of_protobuf(name, bytes)?
        };
        Some(Schemas { known: Arc::new(mended(known)), plain: None })
    }

    /// These and those.
    #[must_use]
    pub fn with(&self, others: &Schemas) -> Schemas {
        if others.known.is_empty() {
            return self.clone();
        }
        let known = self.known.iter().chain(others.known.iter()).cloned().collect();
        Schemas { known: Arc::new(mended(known)), plain: self.plain.clone() }
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

    /// Why each that is no registry's and could not be understood was not: its name, and what is wrong with it.
    pub fn problems(&self) -> impl Iterator<Item = (&str, &str)> {
        self.known.iter().filter(|known| known.is_loose()).filter_map(|known| match &known.kind {
            Kind::Broken(detail) => Some((known.name.as_str(), detail.as_str())),
            _ => None,
        })
    }

    /// The messages of Protobuf that values without a schema's name may be, by their full names.
    pub fn messages(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (schema, _) in self.roots() {
            names.extend(schema.top().map(str::to_owned));
        }
        names.dedup();
        names
    }

    /// The same schemas, where values that name none are the chosen message, by its full name or the last part of it; without a choice the
    /// only one that there is, or the only one that fits all of the sample. `None` as the name of the message if there is none.
    pub(crate) fn for_plain(&self, choice: Option<&str>, sample: &[&[u8]]) -> (Schemas, Option<String>) {
        let mut all: Vec<(&Arc<protobuf::Schema>, usize)> = Vec::new();
        for (schema, _) in self.roots() {
            all.extend(schema.top().filter_map(|name| Some((schema, schema.message(name)?))));
        }
        let is_chosen = |name: &str, choice: &str| name == choice || name.rsplit('.').next() == Some(choice);
        let found = match choice {
            Some(choice) => {
                // Messages inside others can be chosen by their full names.
                let inside = || self.roots().find_map(|(schema, _)| Some((schema, schema.message(choice)?)));
                all.iter().find(|(schema, id)| is_chosen(schema.name(*id), choice)).copied().or_else(inside)
            }
            None if all.len() == 1 => all.first().copied(),
            None => {
                let fits = |(schema, id): &(&Arc<protobuf::Schema>, usize)| {
                    sample.iter().all(|value| plain(schema, *id, value).is_some_and(|read| read.unknown == 0))
                };
                let mut fitting = all.iter().copied().filter(fits);
                fitting.next().filter(|_| !sample.is_empty() && fitting.next().is_none())
            }
        };
        let name = found.map(|(schema, id)| schema.name(id).to_owned());
        let plain = found.map(|(schema, id)| (Arc::clone(schema), id));
        (Schemas { known: Arc::clone(&self.known), plain }, name)
    }

    /// Whether a value that names no schema is read as the message that was found for those.
    pub(crate) fn reads_plain(&self, value: &[u8]) -> bool {
        self.decoded_plain(value).is_some()
    }

    /// Protobuf that came as files, those first that no other of them imports.
    fn roots(&self) -> impl Iterator<Item = (&Arc<protobuf::Schema>, &Known)> {
        let files: Vec<(&Arc<protobuf::Schema>, &Known)> = self
            .known
            .iter()
            .filter(|known| known.is_loose())
            .filter_map(|known| if let Kind::Protobuf(schema) = &known.kind { Some((schema, known)) } else { None })
            .collect();
        let is_imported = |known: &Known| {
            files.iter().any(|(_, other)| match (&other.source, &known.source) {
                (Source::Protobuf(other), Source::Protobuf(file)) => {
                    other.imports.iter().any(|import| is_named(&file.name, import))
                }
                _ => false,
            })
        };
        let (imported, roots): (Vec<_>, Vec<_>) = files.iter().copied().partition(|(_, known)| is_imported(known));
        roots.into_iter().chain(imported)
    }

    fn find(&self, id: SchemaId) -> Option<&Known> {
        self.exact(id).or_else(|| self.known.iter().find(|known| known.id.is_none() && known.guid.is_none()))
    }

    fn exact(&self, id: SchemaId) -> Option<&Known> {
        let is_it = |known: &&Known| match id {
            SchemaId::Number(id) => known.id == Some(id),
            SchemaId::Guid(guid) => known.guid == Some(guid),
        };
        self.known.iter().find(is_it)
    }

    /// Whether there is a schema for this name.
    pub(crate) fn is_known(&self, id: SchemaId) -> bool {
        self.find(id).is_some()
    }

    /// What becomes of a value; it may be JSON, which needs no schema.
    pub(crate) fn fate(&self, framed: &Framed<'_>) -> SchemaFate {
        match self.find(framed.id).map(|known| &known.kind) {
            None if is_json_document(framed.body) => SchemaFate::Json,
            None => SchemaFate::Missing,
            Some(Kind::Avro(schema)) => SchemaFate::Avro(schema.name.clone()),
            Some(Kind::Json) => SchemaFate::Json,
            Some(Kind::Protobuf(_)) => SchemaFate::Protobuf(self.protobuf(framed).0),
            Some(Kind::Broken(detail)) => SchemaFate::Broken(detail.clone()),
        }
    }

    /// Why a value stays bytes though its schema is known: what does not fit it.
    pub(crate) fn misfit(&self, framed: &Framed<'_>) -> Option<String> {
        match &self.find(framed.id)?.kind {
            Kind::Avro(schema) if self.avro(framed).is_none() => Some(schema.name.clone()),
            Kind::Protobuf(_) => self.protobuf(framed).1.err(),
            _ => None,
        }
    }

    /// The value as JSON, if it has a schema's number before it and the schema is known; else as it is.
    pub(crate) fn decoded<'a>(&self, value: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        let Some((id, body)) = framed(&value) else {
            return match self.decoded_plain(&value) {
                Some(decoded) => Cow::Owned(decoded),
                None => value,
            };
        };
        let framed = Framed { id, path: None, body };
        if let Some(decoded) = self.by_schema(&framed) {
            return Cow::Owned(decoded);
        }
        let has_schema = matches!(self.find(id), Some(Known { kind: Kind::Avro(_) | Kind::Protobuf(_), .. }));
        if has_schema || !is_json_document(body) {
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
            Some((id, path)) => {
                let framed = Framed { id, path: Some(path), body: &value };
                self.by_schema(&framed).map_or(value, Cow::Owned)
            }
            None => self.decoded(value),
        }
    }

    /// All of the body as JSON, if its schema is one of Avro or Protobuf and it fits.
    fn by_schema(&self, framed: &Framed<'_>) -> Option<Vec<u8>> {
        match self.find(framed.id)?.kind {
            Kind::Avro(_) => self.avro(framed),
            Kind::Protobuf(_) => self.protobuf(framed).1.ok(),
            _ => None,
        }
    }

    #[inline(never)]
    fn avro(&self, framed: &Framed<'_>) -> Option<Vec<u8>> {
        let Some(Known { kind: Kind::Avro(schema), .. }) = self.find(framed.id) else { return None };
        let mut out = Vec::with_capacity(framed.body.len() * 2);
        let mut decoder = Decoder::new(schema, framed.body);
        decoder.value(&mut out).filter(|()| decoder.is_at_end())?;
        Some(out)
    }

    /// The name of the message, and all of the body as JSON or why it does not fit.
    #[inline(never)]
    fn protobuf(&self, framed: &Framed<'_>) -> (String, Result<Vec<u8>, String>) {
        let exact = self.exact(framed.id).map(|known| &known.kind);
        let candidates: Vec<&Arc<protobuf::Schema>> = match exact {
            Some(Kind::Protobuf(schema)) => vec![schema],
            _ => self.roots().map(|(schema, _)| schema).collect(),
        };
        let first = || candidates.first().and_then(|schema| schema.top().next()).unwrap_or_default().to_owned();
        // A header has the path in it; else it stands before the message. No message begins with a zero.
        let path_and_body = match framed.path {
            Some([]) if framed.body.first() != Some(&0) => Some((vec![0], framed.body)),
            Some([]) | None => protobuf::path(framed.body),
            Some(path) => protobuf::path(path).map(|(path, _)| (path, framed.body)),
        };
        let Some((path, body)) = path_and_body else {
            return (first(), Err("the path to its message is damaged".to_owned()));
        };
        let mut second_best = None;
        for schema in candidates.iter().copied() {
            for message in schema.at(&path).into_iter().flatten() {
                let name = || schema.name(message).to_owned();
                match protobuf::decode(schema, message, body) {
                    Ok(read) if read.unknown == 0 => return (name(), Ok(read.json)),
                    Ok(read) if !matches!(second_best, Some((_, Ok(_)))) => second_best = Some((name(), Ok(read.json))),
                    Err(misfit) if second_best.is_none() => second_best = Some((name(), Err(misfit.to_string()))),
                    _ => {}
                }
            }
        }
        second_best.unwrap_or_else(|| (first(), Err(format!("the schema has no message at {path:?}"))))
    }

    /// A value that names no schema, as the message that was found for those.
    fn decoded_plain(&self, value: &[u8]) -> Option<Vec<u8>> {
        let (schema, message) = self.plain.as_ref()?;
        plain(schema, *message, value).map(|read| read.json)
    }
}

/// Bytes as a message, if they can be one and are nothing else.
#[inline(never)]
fn plain(schema: &protobuf::Schema, message: usize, value: &[u8]) -> Option<Decoded> {
    if value.is_empty() {
        return None;
    }
    if !is_json_document(value) {
        let read = protobuf::decode(schema, message, value).ok()?;
        return Some(read).filter(|read| read.known > 0);
    }
    // Bytes that happen to be text are a JSON string by now, if they are not that from the beginning.
    let content = string_content(value)?;
    let is_odd = content.iter().any(u8::is_ascii_control);
    let read = if is_odd { protobuf::decode(schema, message, &content).ok()? } else { return None };
    Some(read).filter(|read| read.known > 0 && read.unknown == 0)
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
pub(crate) fn named_schema<'a>(header: Option<&'a [u8]>, value: &'a [u8]) -> Option<Framed<'a>> {
    if let Some((id, path)) = header.and_then(framed) {
        return Some(Framed { id, path: Some(path), body: value });
    }
    match framed(value)? {
        // A registry's numbers begin with one.
        (SchemaId::Number(0), _) => None,
        (id, body) => Some(Framed { id, path: None, body }),
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

/// Which schemas records name that they are not decoded by.
#[derive(Debug, Clone, Default)]
pub struct NamedSchemas {
    /// How often, and whether a header said so.
    named: BTreeMap<SchemaId, (u64, bool)>,
}

impl NamedSchemas {
    /// Looks at a record's key and value.
    pub fn look(&mut self, record: &Record<'_>) {
        let header = |name: &str| record.headers.iter().rev().find(|header| header.name == name)?.value.as_deref();
        for (content, name) in [(record.key.as_deref(), KEY_HEADER), (record.value.bytes(), VALUE_HEADER)] {
            let Some(content) = content else { continue };
            if let Some((id, _)) = header(name).and_then(framed) {
                // An object was decoded, or needs no schema; a string may be bytes that happen to be text.
                if content.first() == Some(&b'"') || !is_json_document(content) {
                    self.add(id, true);
                }
                continue;
            }
            match content.first() {
                Some(0 | 1) => {
                    if let Some(Framed { id, .. }) = named_schema(None, content) {
                        self.add(id, false);
                    }
                }
                // Bytes that happen to be text are a JSON string.
                Some(b'"') if content.starts_with(b"\"\\u0000") => {
                    if let Some(content) = string_content(content)
                        && let Some(Framed { id, .. }) = named_schema(None, &content)
                    {
                        self.add(id, false);
                    }
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, id: SchemaId, by_header: bool) {
        let known = self.named.entry(id).or_default();
        *known = (known.0 + 1, known.1 || by_header);
    }

    /// How many were named.
    pub fn len(&self) -> usize {
        self.named.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// As a registry is asked for them: numbers, ascending, then GUIDs, `89791762-2336-186f-9674-299b90a802e2`.
    pub fn ids(&self) -> Vec<String> {
        // A one and sixteen bytes that are nowhere else may be anything.
        let is_one = |id: &SchemaId, (n, by_header): &(u64, bool)| {
            matches!(id, SchemaId::Number(1..)) || matches!(id, SchemaId::Guid(_)) && (*by_header || *n > 1)
        };
        self.named.iter().filter(|(id, told)| is_one(id, told)).map(|(id, _)| id.to_string()).collect()
    }
}

fn text(json: Option<&Json>) -> Option<&str> {
    if let Some(Json::String(text)) = json { Some(text) } else { None }
}

fn integer(json: Option<&Json>) -> Option<i64> {
    if let Some(Json::Number(number)) = json { number.parse().ok() } else { None }
}

fn of_json(name: &str, bytes: &[u8]) -> Option<Vec<Known>> {
    let json = Json::parse(bytes).ok()?;
    match &json {
        Json::Array(answers) if !answers.is_empty() => {
            answers.iter().map(|answer| registered(answer, None)).collect::<Option<Vec<_>>>()
        }
        json => Some(vec![registered(json, id_of(name)).or_else(|| bare(json))?]),
    }
}

/// `.proto` text, or a descriptor set, in base64 or as it is.
fn of_protobuf(name: &str, bytes: &[u8]) -> Option<Vec<Known>> {
    const FIRST_WORDS: [&[u8]; 10] =
        [b"syntax", b"edition", b"package", b"import", b"message", b"enum", b"option", b"extend", b"service", b"//"];
    let start = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    let is_called_so = has_extension(name, "proto");
    let begins_so = start.starts_with(b"/*") || FIRST_WORDS.iter().any(|word| start.starts_with(word));
    let named = |file: protobuf::File| made(Source::Protobuf(Arc::new(file)));
    if is_called_so || begins_so {
        let text = std::str::from_utf8(bytes).ok()?;
        return match protobuf::parse(name, text) {
            Ok(file) => (is_called_so || file.has_types()).then(|| vec![named(file)]),
            Err(detail) if is_called_so || start.starts_with(b"syntax") || start.starts_with(b"edition") => {
                let short = name.rsplit(['/', '\\']).next().unwrap_or_default();
                Some(vec![Known { name: short.to_owned(), kind: Kind::Broken(detail), ..made(Source::Nothing) }])
            }
            Err(_) => None,
        };
    }
    let set = match bytes.first()? {
        b'\n' => protobuf::files_of_set(bytes),
        _ => protobuf::files_of_set(&base64_text(start)?),
    };
    Some(set?.into_iter().map(named).collect())
}

/// The bytes of a text in base64, which may have lines.
fn base64_text(text: &[u8]) -> Option<Vec<u8>> {
    let is_in_it = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte);
    let text: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if text.iter().all(is_in_it) { base64_bytes(&text) } else { None }
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}

/// One that is not compiled yet.
fn made(source: Source) -> Known {
    Known {
        id: None,
        guid: None,
        name: String::new(),
        kind: Kind::Broken(String::new()),
        source,
        place: None,
        references: Vec::new(),
    }
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
    let subject = text(json.get("subject"));
    let known = |kind, source| Known {
        id,
        guid: text(json.get("guid")).and_then(guid),
        name: subject.unwrap_or_default().to_owned(),
        kind,
        source,
        place: subject.zip(integer(json.get("version"))).map(|(subject, version)| (subject.to_owned(), version)),
        references: references(json),
    };
    let to_compile = |source| known(Kind::Broken(String::new()), source);
    Some(match text(json.get("schemaType")).unwrap_or("AVRO") {
        "JSON" => known(Kind::Json, Source::Nothing),
        "PROTOBUF" => {
            // A registry may keep the descriptor instead of the text.
            let descriptor = || protobuf::file_of_descriptor(&base64_text(schema.as_bytes())?);
            match protobuf::parse("", schema).or_else(|detail| descriptor().ok_or(detail)) {
                Ok(file) => to_compile(Source::Protobuf(Arc::new(file))),
                Err(detail) => known(Kind::Broken(detail), Source::Nothing),
            }
        }
        _ => match Json::parse(schema.as_bytes()) {
            Ok(json) => to_compile(Source::Avro(json)),
            Err(error) => known(Kind::Broken(error.reason.to_string()), Source::Nothing),
        },
    })
}

/// Names under which a schema refers to others, with subject and version.
fn references(answer: &Json) -> Vec<(String, (String, i64))> {
    let Some(Json::Array(all)) = answer.get("references") else { return Vec::new() };
    let one = |reference: &Json| {
        let place = (text(reference.get("subject"))?.to_owned(), integer(reference.get("version"))?);
        Some((text(reference.get("name"))?.to_owned(), place))
    };
    all.iter().filter_map(one).collect()
}

/// Those that are not compiled, or refer to others of them, are compiled with these.
fn mended(mut known: Vec<Known>) -> Vec<Known> {
    for at in 0..known.len() {
        if !matches!(known[at].kind, Kind::Broken(_)) {
            continue;
        }
        let (kind, name) = match &known[at].source {
            Source::Nothing => continue,
            Source::Avro(json) => {
                let others: Vec<&Json> = known
                    .iter()
                    .filter_map(|other| if let Source::Avro(json) = &other.source { Some(json) } else { None })
                    .collect();
                match avro::compile(json, &[]).or_else(|_| avro::compile(json, &others)) {
                    Ok(schema) => {
                        let name = schema.name.clone();
                        (Kind::Avro(schema), name)
                    }
                    Err(detail) => (Kind::Broken(detail), known[at].name.clone()),
                }
            }
            Source::Protobuf(file) => match protobuf::link(file, &imported(&known, at)) {
                Ok(schema) => {
                    let name = names_of_messages(&schema).unwrap_or_else(|| file.name.clone());
                    (Kind::Protobuf(Arc::new(schema)), name)
                }
                Err(detail) => (Kind::Broken(detail), file.name.clone()),
            },
        };
        known[at].kind = kind;
        known[at].name = name;
    }
    known
}

/// The first messages of a file, for people.
fn names_of_messages(schema: &protobuf::Schema) -> Option<String> {
    let names: Vec<&str> = schema.top().take(4).collect();
    match names.as_slice() {
        [] => None,
        [a, b, c, _] => Some(format!("{a}, {b}, {c}, …")),
        names => Some(names.join(", ")),
    }
}

/// The files that one of them imports, directly or not, and behind them those that somebody gave without saying for what.
fn imported(known: &[Known], main: usize) -> Vec<&protobuf::File> {
    let file = |at: usize| if let Source::Protobuf(file) = &known[at].source { Some(&**file) } else { None };
    let mut order = vec![main];
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        next += 1;
        let Some(importing) = file(at) else { continue };
        for import in &importing.imports {
            let referred = known[at].references.iter().find(|(name, _)| name == import).map(|(_, place)| place);
            let by_place = || known.iter().position(|other| other.place.is_some() && other.place.as_ref() == referred);
            let by_name = || {
                (0..known.len())
                    .find(|n| known[*n].is_loose() && file(*n).is_some_and(|file| is_named(&file.name, import)))
            };
            order.extend(by_place().or_else(by_name).filter(|found| !order.contains(found)));
        }
    }
    let loose = (0..known.len()).filter(|n| known[*n].is_loose() && !order.contains(n)).collect::<Vec<_>>();
    order.into_iter().skip(1).chain(loose).filter_map(file).collect()
}

/// Whether a file is meant by an import: folders around it may be missing on either side.
fn is_named(file: &str, import: &str) -> bool {
    let ends_with = |whole: &str, end: &str| {
        whole.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\', ':']))
    };
    !file.is_empty() && (ends_with(file, import) || ends_with(import, file))
}

/// An Avro schema as a file.
fn bare(json: &Json) -> Option<Known> {
    let is_record = text(json.get("type")) == Some("record") && text(json.get("name")).is_some();
    let Some(Json::Array(fields)) = json.get("fields") else { return None };
    if !is_record || !fields.iter().all(|field| field.get("name").is_some() && field.get("type").is_some()) {
        return None;
    }
    Some(made(Source::Avro(json.clone())))
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
        let fate = of(order).fate(&framed_of(value)).to_string();
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

    const SPRAY: &str = "syntax = \"proto3\"; package a; import \"unit.proto\"; message Ping {} message Made { string id = 1; Unit unit = 2; message In { int32 n = 1; } }";
    const UNIT: &str = "syntax = \"proto3\"; package a; enum Unit { EUR = 0; USD = 1; }";

    fn answer(id: u32, schema: &str, rest: &str) -> String {
        format!(r#"{{"id":{id},"schemaType":"PROTOBUF","schema":"{}"{rest}}}"#, schema.replace('"', "\\\""))
    }

    fn of(name: &str, text: &str) -> Schemas {
        Schemas::of_file(name, text.as_bytes()).unwrap()
    }

    fn framed_of(value: &[u8]) -> Framed<'_> {
        named_schema(None, value).unwrap()
    }

    #[test]
    fn a_schema_of_json_only_names_what_is_json() {
        let schemas = of("x.json", r#"[{"id":1,"schemaType":"JSON","schema":"{}"}]"#);
        assert_eq!(&*schemas.decoded(Cow::Borrowed(b"\0\0\0\0\x01{\"a\":1}")), b"{\"a\":1}");
        assert_eq!(schemas.fate(&framed_of(b"\0\0\0\0\x01{}")), SchemaFate::Json);
        assert_eq!(schemas.fate(&framed_of(b"\0\0\0\0\x01{}")), SchemaFate::Json);
        let nothing = Schemas::default();
        assert_eq!(nothing.fate(&framed_of(b"\0\0\0\0\x09{}")), SchemaFate::Json);
        assert_eq!(nothing.fate(&framed_of(b"\0\0\0\0\x09\x02")), SchemaFate::Missing);
    }

    #[test]
    fn a_message_of_protobuf_is_found_by_its_path_wherever_its_schema_comes_from() {
        let reference = r#","references":[{"name":"unit.proto","subject":"unit","version":2}]"#;
        let main = answer(3, SPRAY, reference);
        let unit = answer(8, UNIT, r#","subject":"unit","version":2"#);
        let other = answer(9, "package a; enum Unit { OLD = 1; }", r#","subject":"unit","version":1"#);
        let answers = of("x.json", &format!("[{main},{other},{unit}]"));
        let one_by_one = of("x.json", &main).with(&of("x.json", &other)).with(&of("x.json", &unit));
        let files = of("a/unit.proto", UNIT).with(&of("a/spray.proto", SPRAY));
        let mut compiler = protox::Compiler::with_file_resolver({
            let mut files = protox::file::ChainFileResolver::new();
            files.add(crate::protobuf::Sources(vec![("spray.proto", SPRAY), ("unit.proto", UNIT)]));
            files
        });
        compiler.include_imports(true).open_file("spray.proto").unwrap();
        let set = compiler.encode_file_descriptor_set();
        let in_base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &set);
        let set = Schemas::of_file("spray.desc", &set).unwrap();
        for schemas in [answers, one_by_one, files, set, of("pasted.json", &in_base64)] {
            let check = |value: &[u8], expected: &[u8]| {
                let value = [b"\0\0\0\0\x03", value].concat();
                let decoded = schemas.decoded(Cow::Borrowed(&value));
                assert_eq!(String::from_utf8_lossy(&decoded), String::from_utf8_lossy(expected));
            };
            check(b"\x02\x02\x0a\x01x\x10\x01", br#"{"id":"x","unit":"USD"}"#);
            check(b"\x00", b"{}");
            check(b"\x04\x02\x00\x08\x07", br#"{"n":7}"#);
            // What does not fit stays as it is, and why is told.
            check(b"\x02\x02\x0a\x05x", b"\0\0\0\0\x03\x02\x02\x0a\x05x");
            let misfit = schemas.misfit(&framed_of(b"\0\0\0\0\x03\x02\x02\x0a\x05x"));
            assert_eq!(misfit.as_deref(), Some("a.Made, byte 2: it is cut off"));
            let misfit = schemas.misfit(&framed_of(b"\0\0\0\0\x03\x02\x08"));
            assert_eq!(misfit.as_deref(), Some("the schema has no message at [4]"));
            let fate = schemas.fate(&framed_of(b"\0\0\0\0\x03\x02\x02")).to_string();
            assert_eq!(fate, "Protobuf a.Made");
            // A header has the path in it.
            let by_header = schemas.decoded_by(Some(b"\0\0\0\0\x03\x02\x02"), Cow::Borrowed(b"\x0a\x01x"));
            assert_eq!(&*by_header, br#"{"id":"x","unit":"EUR"}"#);
            let by_header = schemas.decoded_by(Some(b"\0\0\0\0\x03"), Cow::Borrowed(b"\x02\x02\x0a\x01x"));
            assert!(matches!(by_header, Cow::Borrowed(b"\x02\x02\x0a\x01x")));
        }
        let fate = of("x.json", &main).fate(&framed_of(b"\0\0\0\0\x03\x00")).to_string();
        assert_eq!(fate, "not understood: the type \"Unit\" of a.Made.unit is not defined");
    }

    #[test]
    fn values_without_a_name_are_the_message_that_was_chosen_or_fits() {
        let schemas = of("unit.proto", UNIT).with(&of("spray.proto", SPRAY));
        let check = |choice: Option<&str>, sample: &[&[u8]], value: &[u8], expected: (Option<&str>, &[u8])| {
            let (schemas, name) = schemas.for_plain(choice, sample);
            let decoded = schemas.decoded(Cow::Borrowed(value));
            assert_eq!((name.as_deref(), &*decoded), expected);
        };
        let made: &[u8] = b"\x0a\x01x\x10\x01";
        let json: &[u8] = br#"{"id":"x","unit":"USD"}"#;
        check(None, &[made], made, (Some("a.Made"), json));
        check(None, &[b"\xff"], made, (None, made));
        check(None, &[], made, (None, made));
        check(Some("a.Made"), &[], made, (Some("a.Made"), json));
        check(Some("Made"), &[], made, (Some("a.Made"), json));
        check(Some("a.Made.In"), &[], b"\x08\x07", (Some("a.Made.In"), br#"{"n":7}"#));
        check(Some("Mode"), &[made], made, (None, made));
        // JSON and text stay what they are, and a text of which some bytes are none is read.
        check(Some("Made"), &[], b"{\"id\":1}", (Some("a.Made"), b"{\"id\":1}"));
        check(Some("Made"), &[], b"\"hello\"", (Some("a.Made"), b"\"hello\""));
        check(Some("Made"), &[], br#""\n\u0001x\u0010\u0001""#, (Some("a.Made"), json));
        assert_eq!(schemas.messages(), ["a.Ping", "a.Made"]);
    }

    #[test]
    fn only_schemas_are_taken_for_schemas() {
        for text in
            ["message from the moon", "// a comment", "option, other\n1,2", "import a from 'b';", "", "Cg==", "\n\n"]
        {
            assert!(Schemas::of_file("x.txt", text.as_bytes()).is_none(), "{text}");
        }
        let broken = of("a/b.proto", "syntax = \"proto3\";\nmessage A {\n  string a 1;\n}");
        let problems: Vec<_> = broken.problems().collect();
        assert_eq!(problems, [("b.proto", "line 3, column 12: \"=\" was expected, not 1")]);
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
                schemas.fate(&framed_of(&value));
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
        let check =
            |header: Option<&'static [u8]>, key: Option<&'static [u8]>, value: &'static [u8], expected: &[&str]| {
                let mut named = NamedSchemas::default();
                let value = replay_log::record::Payload::Bytes(Cow::Borrowed(value));
                let header = header.map(Cow::Borrowed);
                let header =
                    header.map(|value| replay_log::record::Header { name: VALUE_HEADER.into(), value: Some(value) });
                let headers = header.into_iter().collect();
                named.look(&Record { key: key.map(Cow::Borrowed), value, headers, ..Record::default() });
                assert_eq!(named.ids(), expected);
            };
        check(None, Some(b"\0\0\0\x01\x02abc"), b"\0\0\0\0\x07\xff", &["7", "258"]);
        check(None, None, br#""\u0000\u0000\u0000\u0000\u0005\u0004hi""#, &["5"]);
        check(None, Some(b"key"), br#"{"a":1}"#, &[]);
        check(None, None, b"\0\0", &[]);
        let guid = b"\x01abcdefghijklmnop";
        check(Some(guid), None, b"\x04hi", &["61626364-6566-6768-696a-6b6c6d6e6f70"]);
        check(Some(guid), None, b"\"*\"", &["61626364-6566-6768-696a-6b6c6d6e6f70"]);
        check(Some(guid), None, b"{}", &[]);
        // Once it may be anything, twice it is a name.
        check(None, None, guid, &[]);
        check(None, Some(guid), guid, &["61626364-6566-6768-696a-6b6c6d6e6f70"]);
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
