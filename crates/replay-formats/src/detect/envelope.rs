//! The transport: which members surround the values, by the votes of the records.

use super::Hints;
use super::evidence::Evidence;
use super::names::Names;
use crate::format::Transport;
use crate::guess::plain_name;
use crate::layout::{Encoding, HeaderShape, Layout, layout_of};
use crate::mapping::Role;
use crate::value::{base64_bytes, string_content};
use replay_log::scan;

/// The transport that one record's members tell.
pub(super) fn transport_of(names: &Names<'_>, in_array: bool, container: Option<&str>) -> Option<Transport> {
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
        let is_record = all(&["key", "value"]) || any(&["value_base64"]);
        return is_record.then_some(if in_array { Transport::RestJson } else { Transport::Records });
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
    } else if all(&["timestampType", "partition", "offset"]) && any(&["value"]) {
        Transport::ConfluentCloud
    } else if names.at("/messageType").is_some_and(|types| types.first() == Some(&b'['))
        && names.at("/message").is_some_and(|message| message.first() == Some(&b'{'))
    {
        Transport::MassTransit
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
pub(super) fn envelope(
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
    if hints.transport == Some(Transport::Sse) {
        evidence.push(Evidence::Lines { format: Transport::Sse.name() });
    }
    if hints.transport == Some(Transport::Avro) {
        evidence.push(Evidence::Magic { format: Transport::Avro.name() });
    }
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
    match hints.transport {
        // A row is the value itself, and what it says is looked for in it.
        Some(transport @ (Transport::Csv | Transport::Avro)) => layout.transport = transport,
        Some(Transport::Sse) => layout = layout_of(Transport::Sse),
        _ => {}
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
pub(super) fn generic_layout(transport: Transport, objects: &[&[u8]]) -> Option<Layout> {
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
pub(super) fn refine(layout: &mut Layout, objects: &[&[u8]], is_chosen: bool, evidence: &mut Vec<Evidence>) {
    let generic = matches!(
        layout.transport,
        Transport::RestJson
            | Transport::RestBinary
            | Transport::Records
            | Transport::Csv
            | Transport::Akhq
            | Transport::ConfluentCloud
    );
    let has = |pointer: &str| objects.iter().any(|object| scan::pointer(object, pointer).is_some());
    let stands_for_topic = |pointer: &str| (pointer.to_owned(), Role::Topic);
    match layout.transport {
        // The entity is type and id together: the type stands for a topic, as that of cqrs-es does.
        Transport::Axon if has("/aggregateType") => {
            let own = [stands_for_topic("/aggregateType"), ("/type".to_owned(), Role::EventType)];
            *layout = layout.clone().with(own);
        }
        Transport::Axon => *layout = layout.clone().with([stands_for_topic("/type")]),
        // Tenants may have streams of the same name, and count their events each for themselves.
        Transport::Marten => {
            let mut tenants = objects.iter().filter_map(|object| scan::pointer(object, "/tenant_id"));
            let first = tenants.next();
            if tenants.any(|tenant| Some(tenant) != first) {
                *layout = layout.clone().with([stands_for_topic("/tenant_id")]);
            }
        }
        _ => {}
    }
    // Of these it is known that headers are text.
    let is_text = matches!(layout.transport, Transport::Csv | Transport::Akhq | Transport::ConfluentCloud);
    let rest_like = generic && !is_text;
    let pointers: Vec<(String, Role)> = layout.pointers.clone();
    let tokens = |role: Role| {
        let pointer = pointers.iter().find(|(_, r)| *r == role).map(|(pointer, _)| pointer.clone());
        objects
            .iter()
            .filter_map(move |object| scan::pointer(object, pointer.as_deref()?))
            .filter(|token| *token != b"null")
    };
    if layout.transport == Transport::RestJson && !is_chosen {
        // What is empty is the same either way.
        let filled = |role| tokens(role).filter(|token| *token != b"\"\"");
        let values: Vec<&[u8]> = filled(Role::Value).collect();
        let keys: Vec<&[u8]> = filled(Role::Key).collect();
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
        || (bytes.first() == Some(&1) && bytes.len() > 16)
        || std::str::from_utf8(&bytes).is_ok_and(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace()))
}
