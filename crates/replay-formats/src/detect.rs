//! Which format this is: decided by the members of several records, with the evidence, a layer at a time.

use crate::decode::{Depth, JsonDecoder};
use crate::error::Cause;
use crate::format::{Format, Shape, Transport};
use crate::guess::{KeyCandidate, KeyGuess, ValueStats, is_patch, plain_name};
use crate::layout::{Encoding, HeaderShape, Layout, layout_of};
use crate::mapping::{Mapping, Place, Role};
use crate::read::console::{ConsoleReader, LineShape, line_shape};
use crate::read::dump_log::{DumpReader, is_dump};
use crate::read::json_text::{Frames, Next};
use crate::read::table::{TableReader, table_shape};
use crate::read::transcribe::{Lines, Transcribe, ValueLines};
use crate::text::is_tool_message;
use crate::value::{base64_bytes, is_json_document, scalar_text, schema_and_payload, string_content};
use replay_log::record::Payload;
use replay_log::scan;
use std::ops::Range;

/// How many records are looked at.
const SAMPLE: usize = 2000;

/// Why a format was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are named in the message")]
pub enum Evidence {
    /// The user said so.
    Chosen { format: String },
    /// Records have the members of an envelope.
    Members { format: &'static str, records: usize, of: usize },
    /// Values have the members of change data.
    Values { format: &'static str, records: usize, of: usize },
    /// Lines are put together like this.
    Lines { format: &'static str },
    /// All keys and values are base64.
    Base64,
    /// The records are elements of a member of an outer object.
    Container { name: String },
    /// The key was guessed.
    Key { pointer: String, distinct: usize, of: usize },
    /// Nothing fits better.
    Nothing,
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Evidence::Chosen { format } => write!(f, "{format} was chosen"),
            Evidence::Members { format, records, of } => {
                write!(f, "{records} of {of} records have the members of {format}")
            }
            Evidence::Values { format, records, of } => {
                write!(f, "{records} of {of} values have the members of {format}")
            }
            Evidence::Lines { format } => write!(f, "the lines are put together like those of {format}"),
            Evidence::Base64 => f.write_str("all keys and values are base64"),
            Evidence::Container { name } => write!(f, "the records are listed in the member {name:?}"),
            Evidence::Key { pointer, distinct, of } => {
                write!(f, "{pointer} is taken for the key: {distinct} different values in {of} records")
            }
            Evidence::Nothing => f.write_str("no known format fits, so each value is a record"),
        }
    }
}

impl Evidence {
    /// A stable name of the variant, for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Evidence::Chosen { .. } => "chosen",
            Evidence::Members { .. } => "members",
            Evidence::Values { .. } => "values",
            Evidence::Lines { .. } => "lines",
            Evidence::Base64 => "base64",
            Evidence::Container { .. } => "container",
            Evidence::Key { .. } => "key",
            Evidence::Nothing => "nothing",
        }
    }
}

/// How the text is to be read before there are records.
pub(crate) struct TextKind {
    /// `None`: it is JSON text already.
    pub(crate) reader: Option<Box<dyn Transcribe>>,
    /// What the text says about the transport.
    pub(crate) transport: Option<Transport>,
}

/// Looks at the first lines.
pub(crate) fn text_kind(text: &[u8], wish: Option<Transport>, file_name: Option<&str>) -> TextKind {
    let json = TextKind { reader: None, transport: None };
    let head = &text[..text.len().min(1 << 16)];
    let mut lines: Vec<&[u8]> =
        head.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    // The last line may be cut.
    if head.len() < text.len() && lines.len() > 1 {
        lines.pop();
    }
    let records: Vec<&[u8]> = lines.iter().copied().filter(|line| !is_tool_message(line)).take(200).collect();
    let of = |reader: Box<dyn Transcribe>, transport| TextKind { reader: Some(reader), transport: Some(transport) };
    match wish {
        Some(Transport::Lines) => return of(Box::new(Lines), Transport::Lines),
        Some(Transport::DumpLog) => return of(Box::<DumpReader>::default(), Transport::DumpLog),
        Some(Transport::ConsoleConsumer | Transport::KcatText | Transport::ConfluentCli) => {
            let shape = line_shape(&records).unwrap_or(LineShape::KeyValue { separator: b"\t".to_vec() });
            return of(Box::new(ConsoleReader::new(shape)), wish.unwrap_or(Transport::ConsoleConsumer));
        }
        _ => {}
    }
    let Some(first) = records.first() else { return json };
    if is_dump(&records) {
        return of(Box::<DumpReader>::default(), Transport::DumpLog);
    }
    if let Some(shape) = line_shape(&records) {
        let transport = match &shape {
            LineShape::Console { .. } => Transport::ConsoleConsumer,
            LineShape::KeyValue { separator } if separator == b"\t" => Transport::ConsoleConsumer,
            LineShape::ConfluentCli => Transport::ConfluentCli,
            _ => Transport::KcatText,
        };
        return of(Box::new(ConsoleReader::new(shape)), transport);
    }
    let json_lines =
        records.iter().filter(|line| is_json_document(line) || matches!(line.trim_ascii(), b"null")).count();
    let is_csv_name = file_name.is_some_and(|name| name.to_ascii_lowercase().ends_with(".csv"));
    if is_csv_name && json_lines == records.len() && lines[..lines.len() - 1].contains(&&b""[..]) {
        return TextKind { reader: Some(Box::new(ValueLines)), transport: None };
    }
    if matches!(first.trim_ascii_start().first(), Some(b'{' | b'[')) || json_lines * 2 > records.len() {
        return json;
    }
    let all: Vec<&[u8]> = lines.iter().copied().filter(|line| !line.is_empty()).take(200).collect();
    if let Some(shape) = table_shape(&all) {
        return of(Box::new(TableReader::new(shape)), Transport::Csv);
    }
    // Records in between much that is none: an application's log with events in it, for example.
    if records.iter().any(|line| matches!(line.first(), Some(b'{' | b'[')) && is_json_document(line)) {
        return json;
    }
    let is_value = first.trim_ascii();
    if scan::value_end(is_value, 0) == Ok(is_value.len())
        && records.iter().all(|line| scan::value_end(line.trim_ascii(), 0) == Ok(line.trim_ascii().len()))
    {
        return json;
    }
    of(Box::new(Lines), Transport::Lines)
}

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
    pub(crate) may_have_error_bodies: bool,
}

/// What the user and the text's kind say beforehand.
#[derive(Debug, Default, Clone)]
pub(crate) struct Hints {
    pub(crate) wish: Option<Format>,
    pub(crate) transport: Option<Transport>,
    pub(crate) key_by: Option<String>,
    pub(crate) file_name: Option<String>,
}

/// Headers that name an event's type, best first.
pub(crate) const TYPE_HEADERS: &[&str] =
    &["ce_type", "eventType", "event_type", "event-type", "__TypeId__", "type", "messageType"];
/// Headers that identify an event, best first.
pub(crate) const ID_HEADERS: &[&str] = &["ce_id", "eventId", "event_id", "event-id", "messageId", "message_id", "id"];

/// Decides from the records at the start of the text.
pub(crate) fn detect(text: &[u8], is_last: bool, hints: &Hints) -> Detected {
    let mut evidence = Vec::new();
    let mut frames = Frames::new(0);
    frames.arrays_hold_records = arrays_hold_records(text);
    frames.container = container(text);
    if let Some(name) = &frames.container {
        evidence.push(Evidence::Container { name: name.clone() });
    }
    let sample = sample(text, is_last, &frames);
    let objects: Vec<&[u8]> =
        sample.iter().map(|range| &text[range.clone()]).filter(|record| record.first() == Some(&b'{')).collect();
    let may_have_error_bodies = objects.iter().any(|object| error_body(object).is_some());
    let objects: Vec<&[u8]> = objects.into_iter().filter(|object| error_body(object).is_none()).collect();
    let wish = hints.wish.unwrap_or(Format { transport: None, shape: None });
    if hints.wish.is_some() {
        evidence.push(Evidence::Chosen { format: wish.to_string() });
    }

    let in_array = frames.arrays_hold_records && text.get(scan::skip_ws(text, 0)) == Some(&b'[');
    let transport = wish.transport.or_else(|| hints.transport.filter(|transport| *transport != Transport::Csv));
    let mut layout = match transport {
        Some(transport) => {
            if wish.transport.is_none() && transport != Transport::Lines {
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
    let name = hints.file_name.as_deref().unwrap_or_default();
    if layout.is_bare() && name.ends_with(".keys.json") && name.contains("tombstone") {
        layout = Layout { missing_is_null: true, ..Layout::new(Transport::Bare, &[("", Role::Key)]) };
    }
    refine(&mut layout, &objects, wish.transport.is_some(), &mut evidence);
    let names = file_hints(hints.file_name.as_deref(), layout.transport);

    // The values, as the layout gives them.
    let mut decoder = JsonDecoder::new(layout, Shape::Plain);
    decoder.topic = names.topic;
    decoder.partition = names.partition;
    decoder.stream = names.stream;
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
    let (mut type_header, mut id_header) = (None, None);
    let mut stats = ValueStats::default();
    let mut keyless = 0;
    for range in &sample {
        if may_have_error_bodies && error_body(&text[range.clone()]).is_some() {
            continue;
        }
        let Ok((record, _)) = decoder.decode_at(text, range.start, Depth::Full) else { continue };
        keyless += usize::from(record.entity.is_none());
        if let Payload::Bytes(value) = &record.value {
            stats.add(value);
        }
        // A header that never has a value, as in dumps of a log, tells nothing.
        let has = |names: &[&'static str]| {
            let told = |name: &str| record.headers.iter().any(|header| header.name == name && header.value.is_some());
            names.iter().find(|name| told(name)).copied()
        };
        type_header = type_header.or_else(|| has(TYPE_HEADERS));
        id_header = id_header.or_else(|| has(ID_HEADERS));
    }
    decoder.shape = shape;
    decoder.type_header = type_header.map(str::to_owned);
    decoder.id_header = id_header.map(str::to_owned);

    decoder.is_key_chosen = shape == Shape::Plain && hints.key_by.is_some();
    let mut key_guess = None;
    let mut key_candidates = Vec::new();
    let mut in_value = Vec::new();
    if shape == Shape::Plain {
        key_candidates = stats.key_candidates();
        let mut key = hints.key_by.clone();
        if key.is_none()
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
            Role::Timestamp => present.pointer(Role::Timestamp).is_none(),
            _ => true,
        });
    } else {
        decoder.row_key.clone_from(&hints.key_by);
    }
    let projection = if shape == Shape::Plain { stats.projection() } else { "cdc" };
    if stats.is_patches() && decoder.layout.is_bare() {
        frames.arrays_hold_records = false;
    }
    let mapping = mapping(&decoder, &in_value, &objects);
    let is_wrapped = objects.first().is_some_and(|object| schema_and_payload(object).is_some());
    if decoder.layout.is_bare() && !is_wrapped {
        // Envelope and value are one: everything is found in the same pass.
        decoder.layout = decoder.layout.clone().with(in_value);
    } else {
        decoder.look_in_value(in_value);
    }
    if evidence.is_empty() {
        evidence.push(Evidence::Nothing);
    }
    let format = Format { transport: Some(decoder.layout.transport), shape: Some(shape) };
    Detected {
        format,
        decoder,
        frames,
        mapping,
        evidence,
        key_guess,
        key_candidates,
        projection,
        may_have_error_bodies,
    }
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

/// A layout lists what could be there; this is what is there.
fn present(layout: &Layout, objects: &[&[u8]]) -> Layout {
    let mut present = layout.clone();
    present
        .pointers
        .retain(|(pointer, _)| objects.iter().take(200).any(|object| scan::pointer(object, pointer).is_some()));
    present
}

fn mapping(decoder: &JsonDecoder, in_value: &[(String, Role)], objects: &[&[u8]]) -> Mapping {
    let mut mapping = present(&decoder.layout, objects).mapping();
    let header = |name: &Option<String>| name.clone().map(Place::Header);
    mapping.event_type = mapping.event_type.or_else(|| header(&decoder.type_header));
    mapping.event_id = mapping.event_id.or_else(|| header(&decoder.id_header));
    for (pointer, role) in in_value {
        let place = Some(Place::Value(pointer.clone()));
        match role {
            Role::Stream => mapping.key = place,
            Role::EventType => mapping.event_type = mapping.event_type.take().or(place),
            Role::EventId => mapping.event_id = mapping.event_id.take().or(place),
            Role::Version => mapping.version = mapping.version.take().or(place),
            Role::Timestamp => mapping.timestamp = mapping.timestamp.take().or(place),
            _ => {}
        }
    }
    mapping
}

/// An array at the start lists records, unless it is a JSON Patch or a list of anything but objects.
fn arrays_hold_records(text: &[u8]) -> bool {
    let at = scan::skip_ws(text, 0);
    if text.get(at) != Some(&b'[') {
        return true;
    }
    let first = scan::skip_ws(text, at + 1);
    let first = if text.get(first) == Some(&b'[') { scan::skip_ws(text, first + 1) } else { first };
    match text.get(first) {
        Some(b'{') => !is_patch(text, at),
        _ => true,
    }
}

/// Members that list records.
const LISTS: [&str; 8] = ["entries", "records", "Records", "messages", "events", "items", "hits", "value"];
/// Members that only a record has.
const OF_RECORDS: [&[u8]; 8] = [b"offset", b"Offset", b"payload", b"key", b"before", b"after", b"specversion", b"op"];

/// The member that lists the records, if the first value is an object around them.
fn container(text: &[u8]) -> Option<String> {
    let at = scan::skip_ws(text, 0);
    if text.get(at) != Some(&b'{') {
        return None;
    }
    let mut found = None;
    for member in scan::members(text, at) {
        // A container may be longer than the sample: what is there decides.
        let Ok(member) = member else { break };
        if OF_RECORDS.contains(&member.name) {
            return None;
        }
        let is_list = |at: usize| text.get(at) == Some(&b'[') && text.get(scan::skip_ws(text, at + 1)) == Some(&b'{');
        let value = &text[member.value.clone()];
        let holds_records = is_list(member.value.start)
            || (value.first() == Some(&b'{')
                && member.name == b"records"
                && scan::members(text, member.value.start).flatten().any(|inner| is_list(inner.value.start)));
        let name = LISTS.iter().find(|name| name.as_bytes() == member.name);
        if let (true, Some(name)) = (holds_records, name) {
            found = found.or(Some((*name).to_owned()));
        }
    }
    found.or_else(|| cut_container(text, at))
}

/// The container of a text that is cut or longer than the sample.
fn cut_container(text: &[u8], at: usize) -> Option<String> {
    if scan::value_end(text, at).is_ok() {
        return None;
    }
    let head = &text[at..text.len().min(at + (1 << 16))];
    let marks: [(&[u8], &str, &str); 2] =
        [(b"\"headOfStream\"", "\"entries\"", "entries"), (b"\"eventSource\"", "\"records\"", "records")];
    marks.iter().find_map(|(mark, list, name)| {
        let both = memchr::memmem::find(head, mark).is_some() && memchr::memmem::find(head, list.as_bytes()).is_some();
        both.then(|| (*name).to_owned())
    })
}

/// The first records, found like the loader will find them.
fn sample(text: &[u8], is_last: bool, like: &Frames) -> Vec<Range<usize>> {
    let mut frames = Frames::new(like.at);
    frames.arrays_hold_records = like.arrays_hold_records;
    frames.container.clone_from(&like.container);
    // A container may go on behind the sample; its whole elements are read all the same.
    let is_last = is_last || frames.container.is_some();
    let mut found = Vec::new();
    while found.len() < SAMPLE {
        match frames.next(text, is_last) {
            Next::Value(at) => match scan::value_end(&text[..frames.limit(text)], at) {
                Ok(end) => {
                    found.push(at..end);
                    frames.accept(end);
                }
                Err(error) => {
                    if frames.reject(text, at, &error, is_last) == Next::More {
                        break;
                    }
                }
            },
            Next::Error(..) => {}
            Next::More | Next::End => break,
        }
    }
    found
}

/// Code and message of a service's error answer.
pub(crate) fn error_body(object: &[u8]) -> Option<Cause> {
    // Cheap for everything else: an error body is short and names its code.
    if object.len() > 4096 || memchr::memmem::find(object, b"\"error_code\"").is_none() {
        return None;
    }
    let (mut code, mut message) = (None, None);
    for member in scan::members(object, 0).flatten() {
        match member.name {
            b"error_code" => code = crate::time::integer(&object[member.value]),
            b"message" => message = string_content(&object[member.value]),
            b"validation_errors" => {}
            _ => return None,
        }
    }
    Some(Cause::ErrorBody { code: code?, message: String::from_utf8_lossy(&message?).into_owned() })
}

/// The names of an object's members, for questions about them.
struct Names<'a> {
    object: &'a [u8],
    names: Vec<&'a [u8]>,
}

impl<'a> Names<'a> {
    fn new(object: &'a [u8]) -> Names<'a> {
        Names {
            object,
            names: scan::members(object, scan::skip_ws(object, 0)).flatten().map(|member| member.name).collect(),
        }
    }

    fn all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.names.contains(&name.as_bytes()))
    }

    fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.names.contains(&name.as_bytes()))
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| *n == name.as_bytes())
    }

    fn at(&self, pointer: &str) -> Option<&'a [u8]> {
        scan::pointer(self.object, pointer)
    }
}

/// The transport that one record's members tell.
fn transport_of(names: &Names<'_>, in_array: bool, container: Option<&str>) -> Option<Transport> {
    let all = |wanted: &[&str]| names.all(wanted);
    let any = |wanted: &[&str]| names.any(wanted);
    if all(&["topic", "partition", "offset"]) {
        if any(&["payload", "tstype", "payload_error"]) {
            return Some(Transport::KcatJson);
        }
        if container == Some("records") && any(&["timestampType"]) {
            return Some(Transport::Lambda);
        }
        if all(&["timestamp"]) && !in_array {
            // rpk writes its numbers last, time first.
            let order = [names.place("timestamp"), names.place("partition"), names.place("offset")];
            return Some(if order.is_sorted() { Transport::Rpk } else { Transport::Records });
        }
        return all(&["key", "value"]).then_some(if in_array { Transport::RestJson } else { Transport::Records });
    }
    Some(if all(&["specversion", "id", "source", "type"]) {
        Transport::CloudEvents
    } else if all(&["partitionID", "offset"])
        && names.at("/value/payload").or_else(|| names.at("/value/isPayloadNull")).is_some()
    {
        Transport::RedpandaConsole
    } else if all(&["keySchemaId", "valueSchemaId", "offset"]) {
        Transport::Akhq
    } else if all(&["Offset", "Partition", "Timestamp"]) && any(&["Value", "Key"]) {
        Transport::KafkaUi
    } else if all(&["timestampType", "partition", "offset"]) {
        Transport::ConfluentCloud
    } else if names.at("/event/streamId").is_some() || names.at("/Event/EventStreamId").is_some() {
        Transport::EventStoreGrpc
    } else if any(&["positionStreamId", "positionEventNumber"])
        || names.at("/content/eventStreamId").is_some()
        || (container == Some("entries") && all(&["title", "updated", "summary"]))
    {
        Transport::EventStoreAtom
    } else if all(&["mt_dotnet_type"]) || all(&["seq_id", "stream_id"]) {
        Transport::Marten
    } else if all(&["global_index", "aggregate_identifier"])
        || all(&["aggregateIdentifier", "payload"])
        || all(&["event_identifier", "payload_type"])
    {
        Transport::Axon
    } else if all(&["stream_name", "global_position"]) {
        Transport::MessageDb
    } else if all(&["stream_id", "stream_position"]) && any(&["message_data", "message_type"]) {
        Transport::Emmett
    } else if all(&["aggregate_type", "aggregate_id", "sequence", "payload"]) {
        Transport::CqrsEs
    } else if all(&["eventId", "eventType", "data"])
        && names.names.iter().all(|name| {
            matches!(*name, b"eventId" | b"eventType" | b"data" | b"metadata" | b"eventStreamId" | b"eventNumber")
        })
    {
        Transport::EventStoreWrite
    } else {
        return None;
    })
}

/// The layout of most records.
fn envelope(
    objects: &[&[u8]],
    in_array: bool,
    container: Option<&str>,
    hints: &Hints,
    evidence: &mut Vec<Evidence>,
) -> Layout {
    let mut votes: Vec<(Transport, usize)> = Vec::new();
    for object in objects {
        if let Some(transport) = transport_of(&Names::new(object), in_array, container) {
            match votes.iter_mut().find(|(t, _)| *t == transport) {
                Some((_, n)) => *n += 1,
                None => votes.push((transport, 1)),
            }
        }
    }
    let is_csv = hints.transport == Some(Transport::Csv);
    let best = votes.iter().max_by_key(|(_, n)| *n).copied();
    // Tables of records have no layout of their own.
    let is_table = |transport| is_csv && matches!(transport, Transport::Records | Transport::Rpk | Transport::RestJson);
    if let Some((transport, records)) =
        best.filter(|(transport, _)| !is_table(*transport)).filter(|(_, n)| n * 2 > objects.len())
    {
        evidence.push(Evidence::Members { format: transport.name(), records, of: objects.len() });
        return layout_of(transport);
    }
    let generic = if is_csv { Transport::Csv } else { Transport::Records };
    if is_csv {
        evidence.push(Evidence::Lines { format: generic.name() });
    }
    if let Some(layout) = generic_layout(generic, objects) {
        if !is_csv {
            evidence.push(Evidence::Members { format: generic.name(), records: objects.len(), of: objects.len() });
        }
        return layout;
    }
    let mut layout = layout_of(Transport::Bare);
    if is_csv {
        // A row is the value itself, and what it says is looked for in it.
        layout.transport = Transport::Csv;
    }
    layout
}

/// Names of record parts that tools use, without case and separators.
const ALIASES: [(Role, &[&str]); 10] = [
    (Role::Topic, &["topic", "topicname"]),
    (Role::Partition, &["partition", "partitionid"]),
    (Role::Offset, &["offset", "messageoffset"]),
    (Role::Timestamp, &["timestamp", "time", "ts", "date", "created", "timestampms"]),
    (Role::Key, &["key", "messagekey"]),
    (Role::Value, &["value", "message", "payload", "content", "data", "body", "msg"]),
    (Role::Headers, &["headers"]),
    (Role::EventId, &["eventid"]),
    (Role::EventType, &["eventtype"]),
    (Role::Version, &["eventversion"]),
];

/// A layout by the names of members, if there is a value and something of Kafka's beside it.
fn generic_layout(transport: Transport, objects: &[&[u8]]) -> Option<Layout> {
    let mut found: Vec<(Role, String)> = Vec::new();
    let mut records = 0;
    for object in objects.iter().take(200) {
        let names = Names::new(object);
        let mut here = Vec::new();
        for (role, aliases) in ALIASES {
            let name = aliases.iter().find_map(|alias| {
                names
                    .names
                    .iter()
                    .filter_map(|name| std::str::from_utf8(name).ok())
                    .find(|name| plain_name(name) == *alias)
            });
            if let Some(name) = name {
                here.push((role, format!("/{}", name.replace('~', "~0").replace('/', "~1"))));
            }
        }
        let has = |role: Role| here.iter().any(|(r, _)| *r == role);
        let has_value = has(Role::Value) || has(Role::Key);
        let names_all = here.len() == names.names.len();
        let is_kafka = has(Role::Partition) || has(Role::Topic) || has(Role::Headers) || names_all;
        let is_record = has_value && (has(Role::Offset) || (has(Role::Key) && has(Role::Value) && is_kafka));
        records += usize::from(is_record);
        for part in here {
            if !found.contains(&part) && found.iter().all(|(role, _)| *role != part.0) {
                found.push(part);
            }
        }
    }
    if records == 0 || records * 10 < objects.len().min(200) * 9 {
        return None;
    }
    let pointers: Vec<(&str, Role)> = found.iter().map(|(role, pointer)| (pointer.as_str(), *role)).collect();
    Some(Layout::new(transport, &pointers))
}

/// What the members' names do not tell: base64 or not, how headers are written.
fn refine(layout: &mut Layout, objects: &[&[u8]], is_chosen: bool, evidence: &mut Vec<Evidence>) {
    let generic = matches!(
        layout.transport,
        Transport::RestJson
            | Transport::RestBinary
            | Transport::Records
            | Transport::Csv
            | Transport::Akhq
            | Transport::ConfluentCloud
    );
    let rest_like = generic && layout.transport != Transport::Csv;
    let pointers: Vec<(String, Role)> = layout.pointers.clone();
    let tokens = |role: Role| {
        let pointer = pointers.iter().find(|(_, r)| *r == role).map(|(pointer, _)| pointer.clone());
        objects
            .iter()
            .filter_map(move |object| scan::pointer(object, pointer.as_deref()?))
            .filter(|token| *token != b"null")
    };
    if layout.transport == Transport::RestJson && !is_chosen {
        let values: Vec<&[u8]> = tokens(Role::Value).collect();
        let keys: Vec<&[u8]> = tokens(Role::Key).collect();
        if !values.is_empty()
            && values.iter().chain(&keys).all(|token| is_base64(token))
            && keys.iter().chain(&values).all(|token| looks_decoded(token))
        {
            layout.transport = Transport::RestBinary;
            layout.key = Encoding::Base64;
            layout.value = Encoding::Base64;
            evidence.push(Evidence::Base64);
        }
    }
    if generic {
        let headers: Vec<&[u8]> = tokens(Role::Headers).collect();
        let is_map = headers.iter().any(|token| matches!(token.first(), Some(b'{' | b'"')));
        let elements: Vec<&[u8]> = headers
            .iter()
            .filter(|token| token.first() == Some(&b'['))
            .flat_map(|list| scan::elements(list, 0).flatten().map(|element| &list[element]))
            .collect();
        let is_flat = elements.first().is_some_and(|first| first.first() == Some(&b'"'));
        let values: Vec<&[u8]> = elements
            .iter()
            .filter(|element| element.first() == Some(&b'{'))
            .filter_map(|pair| scan::pointer(pair, "/value"))
            .filter(|token| *token != b"null")
            .collect();
        layout.headers = if is_map {
            HeaderShape::Map
        } else if is_flat {
            HeaderShape::Flat
        } else if rest_like && !values.is_empty() && values.iter().all(|token| is_base64(token) && looks_decoded(token))
        {
            HeaderShape::PairsBase64
        } else {
            HeaderShape::Pairs
        };
    }
    if matches!(
        layout.transport,
        Transport::ConsoleConsumer | Transport::ConfluentCli | Transport::KcatText | Transport::DumpLog
    ) {
        layout.headers = HeaderShape::Flat;
    }
}

/// A padded base64 string.
fn is_base64(token: &[u8]) -> bool {
    string_content(token).is_some_and(|content| {
        !content.is_empty() && content.len().is_multiple_of(4) && base64_bytes(&content).is_some()
    })
}

/// True if what comes out of base64 is text, JSON or Confluent's wire format.
fn looks_decoded(token: &[u8]) -> bool {
    let Some(bytes) = string_content(token).and_then(|content| base64_bytes(&content)) else { return false };
    bytes.first() == Some(&0)
        || std::str::from_utf8(&bytes).is_ok_and(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace()))
}

/// The shape that one value's members tell.
fn shape_of(value: &[u8]) -> Option<Shape> {
    let value = crate::value::schema_and_payload(value).map_or(value, |(_, payload)| payload);
    if value.get(scan::skip_ws(value, 0)) != Some(&b'{') {
        return None;
    }
    let names = Names::new(value);
    let all = |wanted: &[&str]| names.all(wanted);
    let any = |wanted: &[&str]| names.any(wanted);
    let text = |pointer: &str| names.at(pointer).and_then(scalar_text).unwrap_or_default();
    let is_row = all(&["op", "source"]) && names.at("/source").is_some_and(|source| source.first() == Some(&b'{'));
    let is_bound = all(&["status", "id", "event_count", "data_collections"]);
    Some(if is_row || is_bound || (all(&["ddl", "source"]) && any(&["databaseName"])) {
        Shape::Debezium
    } else if any(&["__op", "__deleted"]) {
        Shape::DebeziumUnwrapped
    } else if names.at("/metadata/record-type").is_some() {
        Shape::Dms
    } else if all(&["_tidb", "pkNames"]) || all(&["_tidb", "isDdl"]) {
        Shape::TiCdc
    } else if all(&["pkNames", "isDdl"]) || all(&["mysqlType", "isDdl"]) {
        Shape::Canal
    } else if all(&["database", "table", "type", "ts"]) && any(&["data", "def", "sql"]) {
        Shape::Maxwell
    } else if all(&["table", "op_type", "op_ts"]) {
        Shape::Ogg
    } else if all(&["change"])
        && names.names.iter().all(|name| matches!(*name, b"change" | b"xid" | b"nextlsn" | b"timestamp" | b"origin"))
    {
        Shape::Wal2json
    } else if all(&["action"]) && any(&["columns", "identity", "xid", "lsn", "schema"]) && text("/action").len() == 1 {
        Shape::Wal2jsonV2
    } else if all(&["data", "op"]) && matches!(&text("/op")[..], b"+I" | b"-U" | b"+U" | b"-D") {
        Shape::Flink
    } else {
        return None;
    })
}

/// The shape of most values.
fn shape_of_values(decoder: &JsonDecoder, objects: &[&[u8]], evidence: &mut Vec<Evidence>) -> Shape {
    let mut votes: Vec<(Shape, usize)> = Vec::new();
    let mut values = 0;
    for object in objects {
        let Ok((record, _)) = decoder.decode_at(object, 0, Depth::Full) else { continue };
        let Payload::Bytes(value) = &record.value else { continue };
        values += 1;
        if let Some(shape) = shape_of(value) {
            match votes.iter_mut().find(|(s, _)| *s == shape) {
                Some((_, n)) => *n += 1,
                None => votes.push((shape, 1)),
            }
        }
    }
    match votes.iter().max_by_key(|(_, n)| *n).copied().filter(|(_, n)| n * 2 > values) {
        Some((shape, records)) => {
            evidence.push(Evidence::Values { format: shape.name(), records, of: values });
            shape
        }
        None => Shape::Plain,
    }
}

/// What a file's name tells.
#[derive(Debug, Default)]
struct FileHints {
    topic: Option<String>,
    partition: Option<u32>,
    stream: Option<String>,
}

/// `…/topic+2+0000000005.json` of Kafka Connect's sinks; the stream of a file of events to be written.
fn file_hints(name: Option<&str>, transport: Transport) -> FileHints {
    let Some(name) = name else { return FileHints::default() };
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    if transport == Transport::EventStoreWrite {
        let stem =
            ["eventstore-", "events-"].iter().fold(stem, |stem, prefix| stem.strip_prefix(prefix).unwrap_or(stem));
        return FileHints { stream: Some(stem.to_owned()).filter(|stem| !stem.is_empty()), ..FileHints::default() };
    }
    let parts: Vec<&str> = stem.rsplitn(3, '+').collect();
    if let [offset, partition, topic] = parts.as_slice()
        && offset.len() == 10
        && offset.bytes().all(|b| b.is_ascii_digit())
        && let Ok(partition) = partition.parse()
    {
        return FileHints { topic: Some((*topic).to_owned()), partition: Some(partition), stream: None };
    }
    FileHints::default()
}
