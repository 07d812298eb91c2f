//! From the text of one record to the record: envelope, then value, then what the value says.

use crate::cdc;
use crate::connect::{RowSchema, SchemaCache};
use crate::format::{Shape, Transport};
use crate::headers::headers;
use crate::layout::{Encoding, HeaderShape, Layout};
use crate::mapping::{MemberTree, Role, Slots};
use crate::read::debezium;
use crate::read::ticdc_open::is_open;
use crate::registry::{KEY_HEADER, Schemas, VALUE_HEADER};
use crate::time::{TimeUnit, integer, timestamp_ms};
use crate::value::{
    base64_bytes, entity_of_key, hex_bytes, is_json_document, scalar_text, schema_and_payload, string_content,
    tagged_base64, text, unfold, unfold_bytes,
};
use replay_log::log::Decode;
use replay_log::record::{Brief, Header, Payload, Record, RecordKind, RowChange, RowOp, headers_size};
use replay_log::scan::{self, ScanError};
use std::borrow::Cow;
use std::ops::Range;

/// How much of a record is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What an index needs; the value may stay folded.
    Index,
    /// Everything.
    Full,
}

/// Reads the records of one source. Made by detection, or by the user's choice of format and key.
pub(crate) struct JsonDecoder {
    pub(crate) layout: Layout,
    pub(crate) shape: Shape,
    /// What stands in the value rather than in the envelope: key, type, id, version, time.
    pub(crate) in_value: Vec<(String, Role)>,
    pub(crate) value_tree: MemberTree,
    /// What a number in a time field of the value counts.
    pub(crate) value_time: TimeUnit,
    /// The same without what only a full record shows.
    pub(crate) index_tree: MemberTree,
    /// Headers that name the event's type or id, best first.
    pub(crate) type_header: Option<String>,
    pub(crate) id_header: Option<String>,
    /// Headers that name the entity and tell the time, where a record has no key and no timestamp or they were chosen.
    pub(crate) entity_header: Option<String>,
    pub(crate) time_header: Option<String>,
    /// The user chose a member of the value or a header as the key: the record's own key names no entity then.
    pub(crate) is_key_chosen: bool,
    /// A pointer into rows that was chosen as their key.
    pub(crate) row_key: Option<String>,
    /// Columns of rows that somebody has chosen to convert.
    pub(crate) columns: RowSchema,
    /// The member of the value that is meant by it, if the value is an envelope itself.
    pub(crate) payload: Option<String>,
    /// What the file's name tells.
    pub(crate) topic: Option<String>,
    pub(crate) partition: Option<u32>,
    pub(crate) stream: Option<String>,
    pub(crate) schemas: SchemaCache,
    /// Schemas that values name by number.
    pub(crate) registry: Schemas,
}

impl JsonDecoder {
    pub(crate) fn new(layout: Layout, shape: Shape) -> JsonDecoder {
        JsonDecoder {
            layout,
            shape,
            in_value: Vec::new(),
            value_tree: MemberTree::default(),
            value_time: TimeUnit::Guessed,
            index_tree: MemberTree::default(),
            type_header: None,
            id_header: None,
            entity_header: None,
            time_header: None,
            is_key_chosen: false,
            row_key: None,
            columns: RowSchema::default(),
            payload: None,
            topic: None,
            partition: None,
            stream: None,
            schemas: SchemaCache::default(),
            registry: Schemas::default(),
        }
    }

    /// Looks for these in values from now on.
    pub(crate) fn look_in_value(&mut self, pointers: Vec<(String, Role)>) {
        let payload = pointers.iter().find(|(_, role)| *role == Role::Value);
        self.payload = payload.map(|(pointer, _)| pointer.clone());
        if self.payload.is_some() && self.layout.value == Encoding::Json {
            self.layout.value = Encoding::Envelope;
        }
        let tree = |is_index: bool| {
            let wanted = |role: &Role| !(is_index && matches!(role, Role::EventId | Role::Version));
            MemberTree::new(
                pointers.iter().filter(|(_, role)| wanted(role)).map(|(pointer, role)| (pointer.as_str(), *role)),
            )
        };
        self.value_tree = tree(false);
        self.index_tree = tree(true);
        self.in_value = pointers;
    }

    /// The record that starts at `at`, and where it ends. One pass over the text.
    pub(crate) fn decode_at<'a>(
        &'a self,
        source: &'a [u8],
        at: usize,
        depth: Depth,
    ) -> Result<(Record<'a>, usize), ScanError> {
        let mut slots = Slots::default();
        let end = self.layout.tree.read(source, at, &mut slots)?;
        Ok((self.assemble(&slots, depth), end))
    }

    fn assemble<'a>(&'a self, slots: &Slots<'a>, depth: Depth) -> Record<'a> {
        let slot = |role: Role| slots[role as usize];
        let text_of = |role: Role| slot(role).and_then(scalar_text).map(text);
        let integer_of = |role: Role| slot(role).and_then(scalar_text).and_then(|text| integer(&text));
        let number_of_title = || title(slots, Role::NumberOfTitle).map(|(number, _)| number);
        let stream_of_title = || title(slots, Role::StreamOfTitle).map(|(_, stream)| stream);
        let mut record = Record {
            topic: text_of(Role::Topic)
                .or_else(stream_of_title)
                .or(self.topic.as_deref().map(Cow::Borrowed))
                .unwrap_or_default(),
            partition: integer_of(Role::Partition).and_then(|n| u32::try_from(n).ok()).or(self.partition),
            offset: integer_of(Role::Offset).or_else(|| integer_of(Role::OffsetFallback)).or_else(number_of_title),
            timestamp_ms: slot(Role::Timestamp)
                .and_then(scalar_text)
                .and_then(|text| timestamp_ms(&text, self.layout.time)),
            key: match slot(Role::RawKey).and_then(string_content).and_then(|content| base64_bytes(&content)) {
                Some(bytes) => Some(Cow::Owned(bytes)),
                None if is_true(slot(Role::KeyIsNull)) => None,
                None => slot(Role::Key).and_then(|token| self.key(token)),
            },
            event_id: text_of(Role::EventId),
            event_type: slot(Role::EventType).and_then(event_type).or_else(|| {
                // A link's own type says nothing of the event that it leads to.
                text_of(Role::EventTypeFallback).filter(|name| name != "$>")
            }),
            version: integer_of(Role::Version).or_else(number_of_title),
            ..Record::default()
        };
        let stream = text_of(Role::Stream).or_else(|| text_of(Role::StreamFallback));
        if let Some(token) = slot(Role::Headers)
            && (depth == Depth::Full || self.needs_headers())
        {
            record.headers = headers(token, self.layout.headers);
            self.read_headers(&mut record);
        }
        record.entity = stream
            .or_else(|| record.key.as_ref().map(|key| self.entity_of(key, schema_of(&record.headers, KEY_HEADER))))
            .or_else(stream_of_title)
            .or(self.stream.as_deref().map(Cow::Borrowed))
            .filter(|_| !self.is_key_chosen || self.layout.is_bare())
            .or_else(|| header_text(self.entity_header.as_deref(), &record).map(Cow::Owned));
        if self.layout.class_names {
            record.event_type = record.event_type.map(last_part);
        }
        if depth == Depth::Full || self.index_envelope(&mut record, slots).is_none() {
            record.value = self.value(slots, depth, schema_of(&record.headers, VALUE_HEADER));
            self.read_value(&mut record, depth);
        }
        if is_true(slot(Role::Aborted)) {
            record.kind = RecordKind::Aborted;
            record.changes.clear();
        }
        record
    }

    /// Whether an index needs something of the headers.
    fn needs_headers(&self) -> bool {
        let named = [&self.type_header, &self.entity_header, &self.time_header];
        named.into_iter().any(Option::is_some) || !self.registry.is_empty()
    }

    fn key<'a>(&self, token: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        match token.first()? {
            b'n' => None,
            b'"' => {
                let content = string_content(token)?;
                match self.layout.key {
                    Encoding::Base64 => Some(base64_bytes(&content).map_or(content, Cow::Owned)),
                    _ => Some(content),
                }
            }
            _ => Some(tagged_base64(token).map_or(Cow::Borrowed(token), Cow::Owned)),
        }
    }

    fn entity_of<'a>(&self, key: &Cow<'a, [u8]>, schema: Option<&[u8]>) -> Cow<'a, str> {
        if schema.is_none() && !matches!(key.first(), Some(0 | 1)) {
            return entity_of_key(key);
        }
        // A key that names its schema is named after what it says.
        entity_of_key(&Cow::Owned(self.registry.decoded_by(schema, Cow::Borrowed(key)).into_owned()))
    }

    fn value<'a>(&self, slots: &Slots<'a>, depth: Depth, schema: Option<&[u8]>) -> Payload<'a> {
        let slot = |role: Role| slots[role as usize];
        let decoded = |value| self.registry.decoded_by(schema, value);
        if is_true(slot(Role::ValueIsNull)) {
            return Payload::Tombstone;
        }
        if let Some(bytes) = slot(Role::RawValue).and_then(string_content).and_then(|content| base64_bytes(&content)) {
            return Payload::Bytes(unfold_bytes(decoded(Cow::Owned(bytes))));
        }
        let Some(token) = slot(Role::Value) else {
            let is_null = self.layout.missing_is_null && slot(Role::ValueSize).is_none();
            return if is_null { Payload::Tombstone } else { Payload::Absent };
        };
        if token == b"null" && self.layout.value == Encoding::JsonOrNone {
            return Payload::Absent;
        }
        if token == b"null" {
            let failed = slot(Role::ValueError).is_some_and(|error| error != b"null");
            return if failed { Payload::Absent } else { Payload::Tombstone };
        }
        if depth == Depth::Index && self.index_tree.is_empty() && self.shape == Shape::Plain {
            return Payload::Bytes(Cow::Borrowed(token));
        }
        let value = match self.layout.value {
            Encoding::Json | Encoding::JsonOrNone | Encoding::Envelope => match tagged_base64(token) {
                Some(bytes) => decoded(Cow::Owned(bytes)),
                None => decoded(unfold(token)),
            },
            Encoding::Base64 => match string_content(token) {
                Some(content) => unfold_bytes(decoded(base64_bytes(&content).map_or(content, Cow::Owned))),
                None => Cow::Borrowed(token),
            },
            Encoding::Blob => blob(token),
        };
        if self.layout.externally_tagged {
            return Payload::Bytes(without_tag(value));
        }
        Payload::Bytes(value)
    }

    fn read_headers(&self, record: &mut Record<'_>) {
        if record.event_type.is_none() {
            let is_class = self.type_header.as_deref().is_some_and(is_class_header);
            record.event_type = header_text(self.type_header.as_deref(), record)
                .map(|name| if is_class { last_part(name.into()) } else { name.into() });
        }
        if record.event_id.is_none() {
            record.event_id = header_text(self.id_header.as_deref(), record).map(Cow::Owned);
        }
        if record.timestamp_ms.is_none() {
            record.timestamp_ms = header_text(self.time_header.as_deref(), record)
                .and_then(|time| timestamp_ms(time.as_bytes(), TimeUnit::Guessed));
        }
    }

    /// What the value says about the record.
    fn read_value<'a>(&'a self, record: &mut Record<'a>, depth: Depth) {
        let is_open = self.shape == Shape::TiCdcOpen && record.key.as_deref().is_some_and(is_open);
        if is_open {
            // It tells tables and times, and names no row.
            record.entity = None;
        }
        let mut value = match std::mem::replace(&mut record.value, Payload::Absent) {
            Payload::Bytes(value) => value,
            Payload::Tombstone if is_open => Cow::Borrowed(&b"null"[..]),
            other => {
                record.value = other;
                return;
            }
        };
        if self.shape == Shape::Plain {
            value = self.payload_of(value);
            let tree = if depth == Depth::Full { &self.value_tree } else { &self.index_tree };
            if !tree.is_empty() {
                record.value = self.look_into(record, tree, value);
                return;
            }
        } else if let Some(parsed) = cdc::parse(self, record, &value, depth) {
            self.take_changes(record, parsed, &value, depth);
        }
        record.value = Payload::Bytes(value);
    }

    /// What an index needs of the commonest change data, an envelope of Debezium's: it is checked and read in one pass, where `value` and
    /// `read_value` take two. `None`, and nothing done, for everything else.
    fn index_envelope<'a>(&self, record: &mut Record<'a>, slots: &Slots<'a>) -> Option<()> {
        let is_common =
            self.shape == Shape::Debezium && self.layout.value == Encoding::Json && self.registry.is_empty();
        if !is_common || [Role::RawValue, Role::ValueIsNull].into_iter().any(|role| slots[role as usize].is_some()) {
            return None;
        }
        let content = string_content(slots[Role::Value as usize]?)?;
        if content.first() != Some(&b'{') || std::str::from_utf8(&content).is_err() {
            return None;
        }
        let rows = cdc::Rows::of(self, record, &content, Depth::Index);
        let parsed = debezium::unchecked_envelope(&rows, &content, &self.schemas)?;
        self.take_changes(record, parsed, &content, Depth::Index);
        record.value = Payload::Bytes(content);
        Some(())
    }

    /// What a schema of Kafka Connect stands beside, with the columns that say nothing without it converted; else the value itself.
    #[inline(never)]
    fn payload_of<'a>(&self, value: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        let Some((schema, payload)) = schema_and_payload(&value) else { return value };
        if let Some(converted) = self.schemas.row_schema(schema).convert(payload) {
            return Cow::Owned(converted);
        }
        let range = range_in(&value, payload);
        slice(&value, &range)
    }

    /// Takes what the value says about the record, and gives the value, or what is meant by it if it is an envelope itself.
    #[inline(never)]
    fn look_into<'a>(&self, record: &mut Record<'a>, tree: &MemberTree, value: Cow<'a, [u8]>) -> Payload<'a> {
        let inner = match &value {
            Cow::Borrowed(bytes) => fill(record, tree, bytes, self.value_time),
            Cow::Owned(bytes) => {
                // What is found in a copy of our own must outlive it.
                let mut found = empty_like(record);
                let inner = fill(&mut found, tree, bytes, self.value_time).map(Payload::into_owned);
                take_found(record, found);
                inner
            }
        };
        inner.unwrap_or(Payload::Bytes(value))
    }

    /// What change data says about the record, with images that are parts of the value wherever possible. An index needs none.
    #[allow(
        clippy::ptr_arg,
        reason = "a part of a borrowed value stays borrowed, so the reference must say which it is"
    )]
    fn take_changes<'a>(&self, record: &mut Record<'a>, parsed: cdc::Parsed, value: &Cow<'a, [u8]>, depth: Depth) {
        if parsed.is_control {
            record.kind = RecordKind::Control;
        }
        if record.topic.is_empty() {
            record.topic = Cow::Owned(parsed.topic);
        }
        record.timestamp_ms = parsed.timestamp_ms.or(record.timestamp_ms);
        record.event_type = record.event_type.take().or(parsed.event_type.map(Cow::Owned));
        record.event_id = record.event_id.take().or(parsed.event_id.map(Cow::Owned));
        let single = parsed.changes.len() == 1;
        for change in parsed.changes {
            let entity = match &record.entity {
                Some(entity) if single && self.row_key.is_none() => Some(entity.clone()),
                _ => change.entity.map(Cow::Owned),
            };
            let image = |image: Option<cdc::Image>| {
                image.filter(|_| depth == Depth::Full).map(|image| {
                    let row = match image {
                        cdc::Image::Part(range) => slice(value, &range),
                        cdc::Image::Made(bytes) => Cow::Owned(bytes),
                    };
                    self.columns.convert(&row).map_or(row, Cow::Owned)
                })
            };
            let entity = if change.op == RowOp::Truncate { None } else { entity };
            if single && (record.entity.is_none() || self.row_key.is_some()) {
                record.entity.clone_from(&entity);
            }
            record.changes.push(RowChange {
                op: change.op,
                table: Cow::Owned(change.table),
                entity,
                before: image(change.before),
                after: image(change.after),
                is_partial: change.op == RowOp::Update && matches!(self.shape, Shape::Wal2json | Shape::Wal2jsonV2),
            });
        }
    }
}

impl JsonDecoder {
    /// What `decode` gives in brief, for the common case: a plain value that is a JSON object, as it is or inside a string. The value is
    /// checked and looked through in one pass. `None`, and nothing shown, for everything else.
    fn brief_of_plain(&self, raw: &[u8], scratch: &mut Vec<u8>, look: &mut dyn FnMut(&Brief<'_>)) -> Option<()> {
        let layout = &self.layout;
        let is_plain = self.shape == Shape::Plain && layout.value == Encoding::Json && !layout.externally_tagged;
        if !is_plain || !self.registry.is_empty() {
            return None;
        }
        let mut slots = Slots::default();
        layout.tree.read(raw, 0, &mut slots).ok()?;
        let slot = |role: Role| slots[role as usize];
        let odd = [Role::RawKey, Role::RawValue, Role::KeyIsNull, Role::ValueIsNull];
        let is_numbered_by_title = slot(Role::Version).is_none() && slot(Role::NumberOfTitle).is_some();
        if is_numbered_by_title || odd.into_iter().any(|role| slot(role).is_some()) {
            return None;
        }
        let token = slot(Role::Value)?;
        let value = match token.first()? {
            b'{' if tagged_base64(token).is_none() => token,
            b'"' => {
                scratch.clear();
                scan::unescape(token.get(1..token.len() - 1)?, scratch);
                std::str::from_utf8(scratch).ok()?;
                &scratch[..]
            }
            _ => return None,
        };
        let start = scan::skip_ws(value, 0);
        let mut found = Slots::default();
        let is_object = value.get(start) == Some(&b'{');
        let end = self.value_tree.read(value, start, &mut found).ok().filter(|_| is_object)?;
        if scan::skip_ws(value, end) != value.len() || schema_and_payload(value).is_some() {
            return None;
        }
        // Headers may name the event; so may the value, if nothing else does.
        let mut named = Record { event_id: slot(Role::EventId).and_then(scalar_text).map(text), ..Record::default() };
        if let Some(token) = slot(Role::Headers) {
            named.headers = headers(token, layout.headers);
            self.read_headers(&mut named);
        }
        let text_in = |role: Role| found[role as usize].and_then(scalar_text).map(text);
        let version = slot(Role::Version).and_then(scalar_text).and_then(|text| integer(&text));
        look(&Brief {
            key: slot(Role::Key).and_then(|token| self.key(token)),
            value: Some(value),
            headers_size: headers_size(&named.headers),
            event_id: named.event_id.or_else(|| text_in(Role::EventId)),
            version: version.or_else(|| text_in(Role::Version).and_then(|text| integer(text.as_bytes()))),
        });
        Some(())
    }
}

impl Decode for JsonDecoder {
    fn decode<'a>(&'a self, raw: &'a [u8]) -> Record<'a> {
        match self.decode_at(raw, 0, Depth::Full) {
            Ok((record, _)) => record,
            Err(_) => self.assemble(&Slots::default(), Depth::Full),
        }
    }

    fn brief(&self, raw: &[u8], scratch: &mut Vec<u8>, look: &mut dyn FnMut(&Brief<'_>)) {
        if self.brief_of_plain(raw, scratch, look).is_none() {
            look(&Brief::of(&self.decode(raw)));
        }
    }

    fn is_verbatim(&self) -> bool {
        let layout = &self.layout;
        // Blobs may be in hex, and so may headers that are a text.
        let has_plain_headers = match layout.headers {
            HeaderShape::Flat | HeaderShape::Pairs => true,
            HeaderShape::Map => layout.transport == Transport::KafkaUi,
            HeaderShape::PairsBase64 | HeaderShape::Bytes => layout.pointer(Role::Headers).is_none(),
        };
        self.shape == Shape::Plain
            && self.registry.is_empty()
            && layout.key == Encoding::Json
            && layout.value == Encoding::Json
            && has_plain_headers
    }

    fn value_member(&self) -> Option<&str> {
        let pointer = self.layout.pointer(Role::Value)?;
        if pointer.is_empty() {
            return Some("");
        }
        let name = pointer.strip_prefix('/').filter(|name| !name.contains(['/', '~', '"', '\\']))?;
        (!self.layout.externally_tagged && self.payload.is_none()).then_some(name)
    }

    fn value<'a>(&'a self, raw: &'a [u8]) -> Payload<'a> {
        let mut slots = Slots::default();
        if self.layout.tree.read(raw, 0, &mut slots).is_err() {
            slots = Slots::default();
        }
        let token = slots[Role::Headers as usize].filter(|_| !self.registry.is_empty());
        let headers = token.map(|token| headers(token, self.layout.headers)).unwrap_or_default();
        let value = JsonDecoder::value(self, &slots, Depth::Full, schema_of(&headers, VALUE_HEADER));
        let Payload::Bytes(mut bytes) = value else { return value };
        if self.shape == Shape::Plain {
            bytes = self.payload_of(bytes);
            if self.payload.is_some() {
                return self.look_into(&mut Record::default(), &self.value_tree, bytes);
            }
        }
        Payload::Bytes(bytes)
    }
}

/// Whether that header holds the name of a class, of which only the last part is the event's.
pub(crate) fn is_class_header(name: &str) -> bool {
    matches!(name, "__TypeId__" | "NServiceBus.EnclosedMessageTypes")
}

/// The text of the header of that name.
fn header_text(name: Option<&str>, record: &Record<'_>) -> Option<String> {
    let name = name?;
    let header = record.headers.iter().find(|header| header.name == name)?;
    header.value.as_ref().map(|value| text(Cow::Borrowed(value)).into_owned())
}

/// What a header says of the schema of a key or value.
pub(crate) fn schema_of<'a>(headers: &'a [Header<'_>], name: &str) -> Option<&'a [u8]> {
    headers.iter().rev().find(|header| header.name == name)?.value.as_deref()
}

/// Reads the members that say something about the record out of its value; gives what is meant by it, if one of them does.
#[inline(never)]
fn fill<'a>(record: &mut Record<'a>, tree: &MemberTree, value: &'a [u8], unit: TimeUnit) -> Option<Payload<'a>> {
    let mut slots = Slots::default();
    tree.read(value, scan::skip_ws(value, 0), &mut slots).ok()?;
    let text_of = |role: Role| slots[role as usize].and_then(scalar_text).map(text);
    let stated = |role: Role| slots[role as usize].filter(|token| *token != b"null");
    if let Some(token) = stated(Role::Stream).or_else(|| stated(Role::StreamFallback)) {
        record.entity = Some(match scalar_text(token) {
            Some(content) => text(content),
            None => Cow::Owned(crate::value::entity_of_object(token)),
        });
    }
    if let Some(topic) = text_of(Role::Topic) {
        record.topic = topic;
    }
    let number_of = |role: Role| text_of(role).and_then(|n| integer(n.as_bytes()));
    record.partition = number_of(Role::Partition).and_then(|n| u32::try_from(n).ok()).or(record.partition);
    record.offset = number_of(Role::Offset).or(record.offset);
    record.event_type = record.event_type.take().or_else(|| stated(Role::EventType).and_then(event_type));
    record.event_id = record.event_id.take().or_else(|| text_of(Role::EventId));
    record.version = record.version.or_else(|| text_of(Role::Version).and_then(|n| integer(n.as_bytes())));
    record.timestamp_ms =
        record.timestamp_ms.or_else(|| text_of(Role::Timestamp).and_then(|t| timestamp_ms(t.as_bytes(), unit)));
    let bytes = stated(Role::RawValue).and_then(string_content).and_then(|content| base64_bytes(&content));
    match (bytes, slots[Role::Value as usize]) {
        (Some(bytes), _) => Some(Payload::Bytes(unfold_bytes(Cow::Owned(bytes)))),
        (None, Some(token)) => Some(Payload::Bytes(unfold(token))),
        // An envelope without data: its type says that it is one.
        (None, None) if tree.has(Role::Value) && stated(Role::EventType).is_some() => Some(Payload::Absent),
        (None, None) => None,
    }
}

/// The name of an event's type; of a list of them, from the message's own type to those it inherits from, the first one's last part.
#[inline(never)]
fn event_type(token: &[u8]) -> Option<Cow<'_, str>> {
    if token.first() != Some(&b'[') {
        return scalar_text(token).map(text);
    }
    let first = scan::elements(token, 0).next()?.ok()?;
    scalar_text(&token[first]).map(|name| last_part(text(name)))
}

/// Number and stream of `12@stream`.
#[inline(never)]
fn title<'a>(slots: &Slots<'a>, role: Role) -> Option<(i64, Cow<'a, str>)> {
    // Only entries of a feed have a summary, and only their titles say this.
    slots[Role::ValueSize as usize]?;
    let text = slots[role as usize].and_then(scalar_text)?;
    let at = memchr::memchr(b'@', &text)?;
    let number = integer(&text[..at])?;
    Some((number, self::text(slice(&text, &(at + 1..text.len())))))
}

fn empty_like<'b>(record: &Record<'_>) -> Record<'b> {
    Record {
        version: record.version,
        timestamp_ms: record.timestamp_ms,
        partition: record.partition,
        offset: record.offset,
        ..Record::default()
    }
}

fn take_found(record: &mut Record<'_>, found: Record<'_>) {
    let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    if let Some(entity) = found.entity {
        record.entity = Some(own(entity));
    }
    if !found.topic.is_empty() {
        record.topic = own(found.topic);
    }
    (record.partition, record.offset) = (found.partition, found.offset);
    record.event_type = record.event_type.take().or(found.event_type.map(own));
    record.event_id = record.event_id.take().or(found.event_id.map(own));
    record.version = found.version;
    record.timestamp_ms = found.timestamp_ms;
}

fn is_true(token: Option<&[u8]>) -> bool {
    token == Some(b"true")
}

/// Where `part` lies in `whole`, of which it is a slice.
pub(crate) fn range_in(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize).min(whole.len());
    start..(start + part.len()).min(whole.len())
}

fn slice<'a>(bytes: &Cow<'a, [u8]>, range: &Range<usize>) -> Cow<'a, [u8]> {
    match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[range.clone()]),
        Cow::Owned(bytes) => Cow::Owned(bytes[range.clone()].to_vec()),
    }
}

/// `com.factory.SprayRegistered` and `Factory.Events.SprayRegistered, Factory` are both `SprayRegistered`.
pub(crate) fn last_part(name: Cow<'_, str>) -> Cow<'_, str> {
    // NServiceBus lists the types that a message is, by semicolons.
    let class = name.split([',', ';']).next().unwrap_or_default();
    let last = class.rsplit(['.', '$', ':', '+']).next().unwrap_or_default();
    if last.is_empty() || last.len() == name.len() { name } else { Cow::Owned(last.to_owned()) }
}

/// A blob column: JSON, hex or base64 of JSON.
fn blob(token: &[u8]) -> Cow<'_, [u8]> {
    if let Some(content) = string_content(token) {
        let bytes = hex_bytes(&content).or_else(|| {
            let first = content.first()?;
            let is_base64 = first.is_ascii_alphanumeric() && content.len().is_multiple_of(4);
            is_base64.then(|| base64_bytes(&content)).flatten().filter(|bytes| is_json_document(bytes))
        });
        if let Some(bytes) = bytes {
            return unfold_bytes(Cow::Owned(bytes));
        }
    }
    unfold(token)
}

/// `{"Opened":{…}}` without its tag; a bare string is a variant without data.
fn without_tag(value: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let at = scan::skip_ws(&value, 0);
    if value.get(at) != Some(&b'{') {
        return if value.get(at) == Some(&b'"') { Cow::Borrowed(b"{}") } else { value };
    }
    let mut members = scan::members(&value, at);
    let first = members.next();
    let second = members.next();
    match (first, second) {
        (Some(Ok(member)), None) => slice(&value, &member.value),
        _ => value,
    }
}
