//! Which format this is: decided by the members of several records, with the evidence, a layer at a time.

mod envelope;
mod evidence;
mod file_name;
mod inner;
mod likeness;
mod names;
mod sample;
mod shape;
mod text_kind;

pub use evidence::{Evidence, SchemaFate};
pub(crate) use file_name::file_hints;
pub(crate) use sample::error_body;
pub(crate) use text_kind::{TextKind, text_kind};

use crate::cdc::guessed;
use crate::connect::RowSchema;
use crate::decode::{Depth, JsonDecoder, schema_of};
use crate::format::{Format, Shape, Transport};
use crate::guess::{KeyCandidate, KeyGuess, ValueStats};
use crate::headers::headers;
use crate::layout::{Layout, layout_of};
use crate::mapping::{Mapping, MappingChoice, Part, Place, Role};
use crate::read::json_text::Frames;
use crate::registry::{Framed, SchemaId, Schemas, VALUE_HEADER, named_schema};
use crate::sidecar::unpacked_name;
use crate::value::{base64_bytes, schema_and_payload, string_content, tagged_base64};
use envelope::{envelope, generic_layout, refine};
use inner::{Inner, inner_of_values};
use replay_log::record::{Header, Payload};
use replay_log::scan;
use rustc_hash::{FxHashSet, FxHasher};
use sample::{arrays_hold_records, container, sample};
use shape::{Partial, partial_row, shape_of_values};
use std::hash::{Hash, Hasher};
use std::ops::Range;

/// What was found.
pub(crate) struct Detected {
    pub(crate) format: Format,
    pub(crate) decoder: JsonDecoder,
    pub(crate) frames: Frames,
    pub(crate) mapping: Mapping,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) key_guess: Option<KeyGuess>,
    pub(crate) key_candidates: Vec<KeyCandidate>,
    pub(crate) projection: &'static str,
    /// See [`crate::Loaded::signature`].
    pub(crate) signature: String,
    pub(crate) may_have_error_bodies: bool,
}

/// What the user and the text's kind say beforehand.
#[derive(Debug, Default, Clone)]
pub(crate) struct Hints {
    pub(crate) wish: Option<Format>,
    pub(crate) transport: Option<Transport>,
    pub(crate) key_by: Option<String>,
    pub(crate) file_name: Option<String>,
    pub(crate) schemas: Schemas,
    pub(crate) mapping: MappingChoice,
}

/// So many records of the sample are decoded, from all of it: an export often begins with the one kind of event that begins everything.
const DECODED: usize = 500;
/// Members that a signature names.
const SIGNATURE_MEMBERS: usize = 60;
/// Records that a signature is made from.
const SIGNATURE_RECORDS: usize = 200;

/// Headers that name an event's type, best first.
pub(crate) const TYPE_HEADERS: &[&str] = &[
    "ce_type",
    "eventType",
    "event_type",
    "event-type",
    "__TypeId__",
    "NServiceBus.EnclosedMessageTypes",
    "type",
    "messageType",
];
/// Headers that identify an event, best first.
pub(crate) const ID_HEADERS: &[&str] =
    &["ce_id", "eventId", "event_id", "event-id", "messageId", "message_id", "NServiceBus.MessageId", "id"];
/// Headers that name the entity of a record without a key: attributes of `CloudEvents` in their binary form.
const ENTITY_HEADERS: &[&str] = &["ce_subject", "ce_partitionkey"];
/// Headers that tell the time of a record without a timestamp.
const TIME_HEADERS: &[&str] = &["ce_time", "NServiceBus.TimeSent"];

/// Decides from the records at the start of the text.
pub(crate) fn detect(text: &[u8], is_last: bool, hints: &Hints) -> Detected {
    let mut evidence = Vec::new();
    let mut frames = Frames::new(0);
    // Headers beside the values of a sink are a list for each of them.
    let name = hints.file_name.as_deref().map(unpacked_name).unwrap_or_default();
    frames.arrays_hold_records = !name.ends_with(".headers.json") && arrays_hold_records(text);
    frames.container = container(text);
    if let Some(name) = &frames.container {
        evidence.push(Evidence::Container { name: name.clone() });
    }
    let mut sample = sample(text, is_last, &frames);
    let n_found = sample.len();
    sample.retain(|range| error_body(&text[range.clone()]).is_none());
    let may_have_error_bodies = sample.len() < n_found;
    let every = sample.len().div_ceil(DECODED).max(1);
    let sample: Vec<Range<usize>> = sample.into_iter().step_by(every).collect();
    let objects: Vec<&[u8]> =
        sample.iter().map(|range| &text[range.clone()]).filter(|record| record.first() == Some(&b'{')).collect();
    let wish = hints.wish.unwrap_or(Format { transport: None, shape: None });
    let chosen = &hints.mapping;
    if hints.wish.is_some() {
        evidence.push(Evidence::Chosen { format: wish.to_string() });
    }
    let parts: Vec<&str> = chosen.parts().map(Part::name).collect();
    if !parts.is_empty() {
        evidence.push(Evidence::Mapped { parts: parts.join(", ") });
    }

    let in_array = frames.arrays_hold_records && text.get(scan::skip_ws(text, 0)) == Some(&b'[');
    // What is in a table or a file of Avro is found out like that of JSON.
    let is_open = |transport: &Transport| matches!(transport, Transport::Csv | Transport::Avro | Transport::Sse);
    let is_found_out = |wish: &Transport| *wish != Transport::Csv && is_open(wish) && hints.transport == Some(*wish);
    let transport = wish.transport.filter(|wish| !is_found_out(wish));
    let transport = transport.or_else(|| hints.transport.filter(|transport| !is_open(transport)));
    let mut layout = match transport {
        Some(transport) => {
            if let Some(format) = &chosen.kcat_format
                && transport == Transport::KcatText
            {
                evidence.push(Evidence::KcatFormat { format: format.format().to_owned() });
            } else if wish.transport.is_none() && transport == Transport::LogSegment {
                evidence.push(Evidence::Magic { format: transport.name() });
            } else if wish.transport.is_none() && transport != Transport::Lines {
                evidence.push(Evidence::Lines { format: transport.name() });
            }
            let generic = matches!(transport, Transport::Records | Transport::Csv);
            if generic {
                generic_layout(transport, &objects).unwrap_or_else(|| layout_of(transport))
            } else {
                layout_of(transport)
            }
        }
        None => envelope(&objects, in_array, frames.container.as_deref(), hints, &mut evidence),
    };
    // Kafka Connect's S3 sink writes tombstones to a folder of their own, as keys alone.
    if layout.is_bare() && name.ends_with(".keys.json") && name.contains("tombstone") {
        layout = Layout { missing_is_null: true, ..Layout::new(Transport::Bare, &[("", Role::Key)]) };
    }
    refine(&mut layout, &objects, wish.transport.is_some(), &mut evidence);
    let value_in_value = chosen.in_value(Part::Value).filter(|_| !layout.is_bare());
    take_choices(&mut layout, chosen);
    let names = file_hints(hints.file_name.as_deref(), layout.transport);

    // The values, as the layout gives them.
    let mut decoder = JsonDecoder::new(layout, Shape::Plain);
    decoder.topic = names.topic;
    decoder.partition = names.partition;
    decoder.stream = names.stream;
    decoder.registry = hints.schemas.clone();
    evidence.extend(schemas_of_values(&mut decoder, &objects, chosen.message.as_deref()));
    let shape = wish.shape.unwrap_or_else(|| {
        let is_bare_wish = matches!(wish.transport, Some(Transport::Bare | Transport::Lines));
        if is_bare_wish { Shape::Plain } else { shape_of_values(&decoder, &objects, &mut evidence) }
    });
    decoder.shape = shape;
    let names_topic = decoder
        .layout
        .pointer(Role::Topic)
        .is_some_and(|pointer| objects.iter().any(|object| scan::pointer(object, pointer).is_some()));
    if shape != Shape::Plain && decoder.topic.is_none() && !names_topic {
        decoder.topic = single_table(&decoder, text, &sample);
    }
    decoder.shape = Shape::Plain;
    let is_chosen = |role: Role| chosen.parts().any(|part| part != Part::Key && part.roles().contains(&role));
    let mut outer = Inner::default();
    if let Some(pointer) = value_in_value {
        outer.pointers.push((pointer.to_owned(), Role::Value));
    } else if shape == Shape::Plain && !decoder.layout.is_bare() && chosen.get(Part::Value).is_none() {
        outer = inner_of_values(&decoder, &objects, &mut evidence);
        let names_entity = |role: &Role| matches!(role, Role::Stream | Role::StreamFallback);
        let has_key = hints.key_by.is_some() || chosen.get(Part::Key).is_some();
        outer.pointers.retain(|(_, role)| !(is_chosen(*role) || has_key && names_entity(role)));
    }
    decoder.look_in_value(outer.pointers.clone());
    let (mut type_header, mut id_header, mut entity_header, mut time_header) = (None, None, None, None);
    let mut stats = ValueStats::new(decoder.payload.clone().unwrap_or_default());
    let (mut keyless, mut timeless, mut with_commas) = (0, 0, 0);
    let mut looked_at = Vec::new();
    for range in &sample {
        let Ok((record, _)) = decoder.decode_at(text, range.start, Depth::Full) else { continue };
        keyless += usize::from(record.entity.is_none());
        timeless += usize::from(record.timestamp_ms.is_none());
        let holds_comma = |header: &Header<'_>| header.value.as_ref().is_some_and(|value| value.contains(&b','));
        with_commas += usize::from(record.headers.iter().any(holds_comma));
        if let Payload::Bytes(value) = &record.value {
            stats.add(value);
            if looked_at.len() < likeness::LOOKED_AT {
                // A line is a JSON string by now.
                looked_at.push(string_content(value).map_or_else(|| value.to_vec(), |line| line.to_vec()));
            }
        }
        // A header that never has a value, as in dumps of a log, tells nothing.
        let has = |names: &[&'static str]| {
            let told = |name: &str| record.headers.iter().any(|header| header.name == name && header.value.is_some());
            names.iter().find(|name| told(name)).copied()
        };
        type_header = type_header.or_else(|| has(TYPE_HEADERS));
        id_header = id_header.or_else(|| has(ID_HEADERS));
        entity_header = entity_header.or_else(|| has(ENTITY_HEADERS));
        time_header = time_header.or_else(|| has(TIME_HEADERS));
    }
    if with_commas > 0 && matches!(decoder.layout.transport, Transport::ConsoleConsumer | Transport::KcatText) {
        evidence.push(Evidence::HeaderCommas { records: with_commas, of: sample.len() });
    }
    decoder.shape = shape;
    let header = |part: Part, found: Option<&str>| match chosen.get(part) {
        None => found.map(str::to_owned),
        Some(Some(Place::Header(name))) => Some(name.clone()),
        Some(_) => None,
    };
    decoder.type_header = header(Part::EventType, type_header);
    decoder.id_header = header(Part::EventId, id_header);
    let may_name = keyless * 2 > sample.len() && hints.key_by.is_none() && shape == Shape::Plain;
    decoder.entity_header = header(Part::Key, entity_header.filter(|_| may_name));
    let may_tell = timeless * 2 > sample.len() && shape == Shape::Plain;
    decoder.time_header = header(Part::Timestamp, time_header.filter(|_| may_tell));
    decoder.value_time = chosen.timestamp_unit.unwrap_or_default();

    // What a person sees as the value is what a pointer is meant for.
    let key_by = hints
        .key_by
        .as_ref()
        .map(|pointer| stats.place(pointer))
        .or_else(|| chosen.in_value(Part::Key).map(str::to_owned));
    let is_header_chosen = matches!(chosen.get(Part::Key), Some(Some(Place::Header(_))));
    decoder.is_key_chosen = shape == Shape::Plain && (key_by.is_some() || is_header_chosen);
    let mut key_guess = None;
    let mut key_candidates = Vec::new();
    let mut in_value = Vec::new();
    if shape == Shape::Plain {
        key_candidates = stats.key_candidates();
        let mut key = key_by.clone();
        if hints.key_by.is_none()
            && let Some(pointer) = &key
        {
            key_guess = Some(KeyGuess { pointer: pointer.clone(), candidates: key_candidates.clone() });
        }
        if key.is_none()
            && decoder.entity_header.is_none()
            && chosen.get(Part::Key).is_none()
            && keyless * 2 > sample.len()
            && decoder.layout.pointer(Role::Stream).is_none_or(|_| keyless == sample.len())
        {
            key = stats.key();
            if let Some(pointer) = &key {
                if let Some(best) = key_candidates.iter().find(|candidate| candidate.pointer == *pointer) {
                    evidence.push(Evidence::Key {
                        pointer: pointer.clone(),
                        distinct: best.distinct,
                        of: best.present,
                    });
                }
                key_guess = Some(KeyGuess { pointer: pointer.clone(), candidates: key_candidates.clone() });
            }
        }
        in_value = stats.roles(key.as_deref());
        in_value.retain(|(_, role)| outer.pointers.iter().all(|(_, told)| told != role));
        if let Some(pointer) = key {
            in_value.insert(0, (pointer, Role::Stream));
        }
        let present = present(&decoder.layout, &objects);
        // Records written by this crate say in the envelope only what the value does not.
        let is_own = decoder.layout.transport == Transport::Records;
        let has = |role| !is_own && present.pointer(role).is_some();
        in_value.retain(|(_, role)| match role {
            Role::EventType => decoder.type_header.is_none() && !has(Role::EventType),
            Role::EventId => decoder.id_header.is_none() && !has(Role::EventId),
            Role::Version => !has(Role::Version),
            Role::Timestamp => decoder.time_header.is_none() && present.pointer(Role::Timestamp).is_none(),
            _ => true,
        });
        in_value.retain(|(_, role)| !is_chosen(*role));
        let places = Part::ALL.iter().filter(|part| !matches!(part, Part::Key | Part::Value));
        in_value.extend(places.filter_map(|part| Some((chosen.in_value(*part)?.to_owned(), part.roles()[0]))));
    } else {
        decoder.row_key = key_by;
        decoder.columns = RowSchema::of(&chosen.columns);
        evidence.extend(guessed_row_key(&decoder, text, &sample));
        partial_rows(&decoder, &objects, &mut evidence);
    }
    if !chosen.columns.is_empty() {
        let columns = chosen.columns.iter().map(|(name, conversion)| format!("{name} ({conversion})"));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let is_rows = shape != Shape::Plain;
        evidence.push(if is_rows { Evidence::Columns { columns } } else { Evidence::UnusedColumns { columns } });
    }
    let projection = if shape == Shape::Plain { stats.projection() } else { "cdc" };
    if stats.is_patches() && decoder.layout.is_bare() {
        frames.arrays_hold_records = false;
    }
    let is_wrapped = objects.first().is_some_and(|object| schema_and_payload(object).is_some());
    let is_one = decoder.layout.is_bare() && !is_wrapped;
    let found = outer.pointers.iter().filter(|(pointer, _)| outer.present.contains(pointer));
    let told: Vec<(String, Role)> = found.chain(&in_value).cloned().collect();
    let mut mapping = mapping(&decoder, &told, &objects, is_one);
    for part in chosen.parts() {
        *mapping.place_mut(part) = chosen.get(part).flatten().cloned();
    }
    if is_one {
        // Envelope and value are one: everything is found in the same pass.
        decoder.layout = decoder.layout.clone().with(in_value);
    } else {
        in_value.splice(0..0, outer.pointers);
        decoder.look_in_value(in_value);
    }
    let is_found_out = hints.wish.is_none() && chosen.is_empty();
    let is_one_object = sample.len() == 1 && objects.len() == 1 && decoder.layout.is_bare();
    let members = is_one_object.then(|| names::Names::new(objects[0]).names);
    let is_told = evidence.iter().all(|known| matches!(known, Evidence::Key { .. }));
    let like = likeness::likeness(decoder.layout.transport, &looked_at, members.as_deref());
    if evidence.is_empty() {
        evidence.push(Evidence::Nothing);
    }
    evidence.extend(like.filter(|_| is_found_out && is_told).map(|what| Evidence::Like { what }));
    let format = Format { transport: Some(decoder.layout.transport), shape: Some(shape) };
    let signature = signature(format, &objects);
    Detected {
        format,
        decoder,
        frames,
        mapping,
        evidence,
        key_guess,
        key_candidates,
        projection,
        signature,
        may_have_error_bodies,
    }
}

/// What two exports of one kind have in common: the format, and the members that all their records have.
fn signature(format: Format, objects: &[&[u8]]) -> String {
    let mut common: Option<Vec<&[u8]>> = None;
    for object in objects.iter().take(SIGNATURE_RECORDS) {
        let names = names::Names::new(object).names;
        match &mut common {
            Some(common) => common.retain(|name| names.contains(name)),
            None => common = Some(names),
        }
    }
    let mut names = common.unwrap_or_default();
    names.sort_unstable();
    names.dedup();
    names.truncate(SIGNATURE_MEMBERS);
    let names: Vec<_> = names.into_iter().map(String::from_utf8_lossy).collect();
    format!("{format}: {}", names.join(" "))
}

/// Puts what a person chose in the place of what was found.
fn take_choices(layout: &mut Layout, chosen: &MappingChoice) {
    if let Some(unit) = chosen.timestamp_unit {
        layout.time = unit;
    }
    let mut added = Vec::new();
    let was_bare = layout.is_bare();
    for part in chosen.parts() {
        // A key in the value leaves the record's own where it is: that one still decides the partition. So does a value in the value, for
        // that is how it is reached.
        let is_header = matches!(chosen.get(part), Some(Some(Place::Header(_))));
        let is_inside = chosen.in_value(part).is_some() || (part == Part::Key && is_header);
        if !(is_inside && (part == Part::Key || (part == Part::Value && !was_bare))) {
            layout.pointers.retain(|(_, role)| !part.roles().contains(role));
        }
        match chosen.get(part) {
            Some(Some(Place::Envelope(pointer))) => added.push((part, pointer.clone())),
            Some(Some(Place::Value(pointer))) if part == Part::Value && was_bare => added.push((part, pointer.clone())),
            _ => {}
        }
    }
    let value = added.iter().find(|(part, _)| *part == Part::Value).map(|(_, pointer)| pointer.as_str());
    let is_bare = value.or(layout.pointer(Role::Value)) == Some("");
    // Where there is nothing around the value, a key is what names the entity.
    let role = |part: Part| if part == Part::Key && is_bare { Role::Stream } else { part.roles()[0] };
    *layout = layout.clone().with(added.into_iter().map(|(part, pointer)| (pointer, role(part))));
}

/// Tells of the rows of which `TiCDC` gives the key alone.
fn partial_rows(decoder: &JsonDecoder, objects: &[&[u8]], evidence: &mut Vec<Evidence>) {
    let (mut keys, mut claims) = (0, 0);
    for object in objects {
        let Ok((record, _)) = decoder.decode_at(object, 0, Depth::Full) else { continue };
        let Payload::Bytes(value) = &record.value else { continue };
        match partial_row(decoder.shape, record.key.as_deref(), value) {
            Some(Partial::KeyOnly) => keys += 1,
            Some(Partial::ClaimCheck) => claims += 1,
            None => {}
        }
    }
    let of = objects.len();
    evidence.extend((keys > 0).then_some(Evidence::KeyOnly { records: keys, of }));
    evidence.extend((claims > 0).then_some(Evidence::ClaimCheck { records: claims, of }));
}

/// The values of the sample as bytes, each with what a header says of its schema.
fn contents(decoder: &JsonDecoder, objects: &[&[u8]]) -> Vec<(Option<Vec<u8>>, Vec<u8>)> {
    if decoder.layout.is_bare() {
        return Vec::new();
    }
    let at = |object, role| scan::pointer(object, decoder.layout.pointer(role)?);
    let raw = |object| base64_bytes(&string_content(at(object, Role::RawValue)?)?);
    let plain = |object| {
        let token = at(object, Role::Value)?;
        tagged_base64(token).or_else(|| match decoder.layout.value {
            crate::layout::Encoding::Base64 => base64_bytes(&string_content(token)?),
            _ => Some(string_content(token)?.into_owned()),
        })
    };
    let mut contents = Vec::new();
    for object in objects {
        let Some(content) = raw(object).or_else(|| plain(object)) else { continue };
        let headers = at(object, Role::Headers).map(|token| headers(token, decoder.layout.headers)).unwrap_or_default();
        contents.push((schema_of(&headers, VALUE_HEADER).map(<[u8]>::to_vec), content));
    }
    contents
}

/// Which schemas the values name, and what becomes of those that name none.
#[inline(never)]
fn schemas_of_values(decoder: &mut JsonDecoder, objects: &[&[u8]], choice: Option<&str>) -> Vec<Evidence> {
    let contents = contents(decoder, objects);
    let mut evidence: Vec<Evidence> = wire_formats(&decoder.registry, &contents).into_iter().collect();
    // No message begins with one of these.
    let names_none = |(header, content): &&(Option<Vec<u8>>, Vec<u8>)| {
        header.is_none() && !matches!(content.first(), None | Some(0 | 1))
    };
    // A text has no such characters, but a number before each part of a message is often one.
    let is_bytes = |content: &&[u8]| {
        let is_odd = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
        std::str::from_utf8(content).is_err() || content.iter().any(is_odd)
    };
    let plain = contents.iter().filter(names_none).map(|(_, content)| &content[..]).filter(is_bytes);
    let plain: Vec<&[u8]> = plain.collect();
    let (bytes, of) = (plain.len(), objects.len());
    let (schemas, message) = decoder.registry.for_plain(choice, &plain);
    decoder.registry = schemas;
    match message {
        Some(message) => {
            let read = plain.into_iter().filter(|content| decoder.registry.reads_plain(content)).count();
            evidence.extend((bytes > 0).then_some(Evidence::Message { message, values: read, of }));
        }
        None if bytes == 0 => {}
        None => {
            let names = decoder.registry.messages();
            let messages = names.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
            evidence.push(match messages.as_str() {
                "" => Evidence::Bytes { values: bytes, of },
                _ => Evidence::Messages { values: bytes, of, messages },
            });
        }
    }
    evidence
}

/// Which schemas the values name.
fn wire_formats(schemas: &Schemas, contents: &[(Option<Vec<u8>>, Vec<u8>)]) -> Vec<Evidence> {
    let mut named: Vec<(Framed<'_>, u64)> = Vec::new();
    let (mut misfits, mut why) = (0, None);
    for (header, content) in contents {
        let Some(framed) = named_schema(header.as_deref(), content) else { continue };
        if let Some(detail) = schemas.misfit(&framed) {
            misfits += 1;
            why = why.or(Some(detail));
        }
        match named.iter_mut().find(|(known, _)| known.id == framed.id) {
            Some((_, values)) => *values += 1,
            None => named.push((framed, 1)),
        }
    }
    // A one and sixteen bytes that nobody knows and that are nowhere else may be anything.
    named.retain(|(framed, values)| {
        matches!(framed.id, SchemaId::Number(_)) || *values > 1 || schemas.is_known(framed.id)
    });
    let values = named.iter().map(|(_, values)| values).sum();
    if values == 0 {
        return Vec::new();
    }
    let told = named.iter().take(5).map(|(framed, _)| (framed.id.to_string(), schemas.fate(framed))).collect();
    let misfit = why.map(|detail| Evidence::Misfit { values: misfits, of: values, detail });
    [Evidence::WireFormat { values, schemas: told }].into_iter().chain(misfit).collect()
}

/// The table that all change data of the sample is about. Tombstones do not name it, so it is theirs too.
fn single_table(decoder: &JsonDecoder, text: &[u8], sample: &[Range<usize>]) -> Option<String> {
    let mut table = None;
    for range in sample {
        let Ok((record, _)) = decoder.decode_at(text, range.start, Depth::Index) else { continue };
        if record.changes.is_empty() || record.topic.is_empty() {
            continue;
        }
        match &table {
            None => table = Some(record.topic.into_owned()),
            Some(table) if *table == record.topic => {}
            Some(_) => return None,
        }
    }
    table
}

/// The column that rows without a key are named after, if that was guessed.
fn guessed_row_key(decoder: &JsonDecoder, text: &[u8], sample: &[Range<usize>]) -> Option<Evidence> {
    let mut pointer = None;
    let (mut entities, mut of) = (FxHashSet::default(), 0);
    for range in sample.iter().filter(|_| decoder.row_key.is_none()) {
        let Ok((record, _)) = decoder.decode_at(text, range.start, Depth::Full) else { continue };
        for change in record.changes.iter().filter(|_| record.key.is_none()) {
            let row = change.after.as_deref().or(change.before.as_deref()).unwrap_or_default();
            if let Some((column, entity)) = guessed(row)
                && change.entity.as_deref() == Some(&*entity)
            {
                pointer = pointer.or_else(|| Some(format!("/{}", String::from_utf8_lossy(column))));
                let mut hasher = FxHasher::default();
                entity.hash(&mut hasher);
                entities.insert(hasher.finish());
                of += 1;
            }
        }
    }
    Some(Evidence::Key { pointer: pointer?, distinct: entities.len(), of })
}

/// A layout lists what could be there; this is what is there.
fn present(layout: &Layout, objects: &[&[u8]]) -> Layout {
    let mut present = layout.clone();
    present
        .pointers
        .retain(|(pointer, _)| objects.iter().take(200).any(|object| scan::pointer(object, pointer).is_some()));
    present
}

/// `is_one`: there is nothing around the value.
fn mapping(decoder: &JsonDecoder, in_value: &[(String, Role)], objects: &[&[u8]], is_one: bool) -> Mapping {
    let present = present(&decoder.layout, objects);
    let mut mapping = present.mapping();
    // Where both are there, the bytes are better than what a tool made of them.
    for (part, plain, raw) in [(Part::Key, Role::Key, Role::RawKey), (Part::Value, Role::Value, Role::RawValue)] {
        if let (Some(plain), Some(raw)) = (present.pointer(plain), present.pointer(raw))
            && objects.iter().any(|object| {
                scan::pointer(object, plain).is_some() && scan::pointer(object, raw).is_some_and(|raw| raw != b"null")
            })
        {
            *mapping.place_mut(part) = Some(Place::Envelope(raw.to_owned()));
        }
    }
    let header = |name: &Option<String>| name.clone().map(Place::Header);
    mapping.event_type = mapping.event_type.or_else(|| header(&decoder.type_header));
    mapping.event_id = mapping.event_id.or_else(|| header(&decoder.id_header));
    mapping.timestamp = mapping.timestamp.or_else(|| header(&decoder.time_header));
    mapping.key = header(&decoder.entity_header).or(mapping.key);
    for (pointer, role) in in_value {
        let place = Some(if is_one { Place::Envelope(pointer.clone()) } else { Place::Value(pointer.clone()) });
        match role {
            Role::Stream => mapping.key = place,
            Role::StreamFallback if !matches!(mapping.key, Some(Place::Value(_))) => mapping.key = place,
            Role::Value => mapping.value = place,
            Role::RawValue if !matches!(mapping.value, Some(Place::Value(_))) => mapping.value = place,
            Role::EventType => mapping.event_type = mapping.event_type.take().or(place),
            Role::EventId => mapping.event_id = mapping.event_id.take().or(place),
            Role::Version => mapping.version = mapping.version.take().or(place),
            Role::Timestamp => mapping.timestamp = mapping.timestamp.take().or(place),
            _ => {}
        }
    }
    mapping
}
