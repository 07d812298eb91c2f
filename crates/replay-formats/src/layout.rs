//! The layouts of envelopes: a table of what each transport calls the parts of a record.

use crate::format::Transport;
use crate::mapping::{Mapping, MemberTree, Place, Role};
use crate::time::TimeUnit;

/// How keys and values stand in the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// JSON values, or strings that may hold JSON.
    Json,
    /// Strings of base64.
    Base64,
    /// Base64 or hex with `\x`, if they decode to JSON; else as `Json`.
    Blob,
    /// As `Json`, but null says that there is no value, and not that the value is null.
    JsonOrNone,
    /// As `Json`, but the value is an envelope itself, of which one member is meant: see [`crate::decode::JsonDecoder::payload`].
    Envelope,
}

/// How headers stand in the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderShape {
    /// kcat: `[name, value, name, value]`.
    Flat,
    /// `[{"key":…,"value":…}]`.
    Pairs,
    /// The same with values in base64.
    PairsBase64,
    /// `{"name":"value"}`, as an object or as a string that holds one.
    Map,
    /// `[{"name":[1,2,3]}]`: the bytes as numbers.
    Bytes,
}

/// How an envelope is read.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) transport: Transport,
    pub(crate) pointers: Vec<(String, Role)>,
    pub(crate) tree: MemberTree,
    pub(crate) key: Encoding,
    pub(crate) value: Encoding,
    pub(crate) headers: HeaderShape,
    pub(crate) time: TimeUnit,
    /// A record without a value member: true if that means null, false if the export does not hold it.
    pub(crate) missing_is_null: bool,
    /// The event type is a class name, of which the last part is meant.
    pub(crate) class_names: bool,
    /// The value is `{"TheType":{…}}`.
    pub(crate) externally_tagged: bool,
}

impl Layout {
    /// A layout of these pointers with the usual encodings.
    pub(crate) fn new(transport: Transport, pointers: &[(&str, Role)]) -> Layout {
        let mut layout = Layout {
            transport,
            pointers: pointers.iter().map(|(pointer, role)| ((*pointer).to_owned(), *role)).collect(),
            tree: MemberTree::default(),
            key: Encoding::Json,
            value: Encoding::Json,
            headers: HeaderShape::Pairs,
            time: TimeUnit::Guessed,
            missing_is_null: false,
            class_names: false,
            externally_tagged: false,
        };
        layout.compile();
        layout
    }

    fn compile(&mut self) {
        self.tree = MemberTree::new(self.pointers.iter().map(|(pointer, role)| (pointer.as_str(), *role)));
    }

    /// The same with more to look for.
    pub(crate) fn with(mut self, pointers: impl IntoIterator<Item = (String, Role)>) -> Layout {
        self.pointers.extend(pointers);
        self.compile();
        self
    }

    /// True if there is nothing around the value.
    pub(crate) fn is_bare(&self) -> bool {
        self.pointer(Role::Value) == Some("")
    }

    /// The first pointer with that role.
    pub(crate) fn pointer(&self, role: Role) -> Option<&str> {
        self.pointers.iter().find(|(_, r)| *r == role).map(|(pointer, _)| pointer.as_str())
    }

    /// What the user sees of it.
    pub(crate) fn mapping(&self) -> Mapping {
        let place = |role| self.pointer(role).map(|pointer| Place::Envelope(pointer.to_owned()));
        Mapping {
            topic: place(Role::Topic).or_else(|| place(Role::StreamOfTitle)),
            partition: place(Role::Partition),
            offset: place(Role::Offset).or_else(|| place(Role::OffsetFallback)).or_else(|| place(Role::NumberOfTitle)),
            timestamp: place(Role::Timestamp),
            timestamp_unit: self.time,
            key: place(Role::Stream)
                .or_else(|| place(Role::Key))
                .or_else(|| place(Role::RawKey))
                .or_else(|| place(Role::StreamOfTitle)),
            value: place(Role::Value).or_else(|| place(Role::RawValue)),
            headers: place(Role::Headers),
            event_id: place(Role::EventId),
            event_type: place(Role::EventType).or_else(|| place(Role::EventTypeFallback)),
            version: place(Role::Version).or_else(|| place(Role::NumberOfTitle)),
        }
    }
}

/// The layout of a transport whose names are fixed.
///
/// Sources: for each format its own documentation or source code, as named in the module that detects it.
pub(crate) fn layout_of(transport: Transport) -> Layout {
    use Role::{
        Aborted, EventId, EventType, EventTypeFallback, Headers, Key, KeyIsNull, NumberOfTitle, Offset, OffsetFallback,
        Partition, RawKey, RawValue, Stream, StreamFallback, StreamOfTitle, Timestamp, Topic, Value, ValueError,
        ValueIsNull, ValueSize, Version,
    };
    let record = [
        ("/topic", Topic),
        ("/partition", Partition),
        ("/offset", Offset),
        ("/timestamp", Timestamp),
        ("/headers", Headers),
        ("/key", Key),
        ("/value", Value),
    ];
    match transport {
        Transport::KcatJson => Layout {
            headers: HeaderShape::Flat,
            time: TimeUnit::Millis,
            ..Layout::new(
                transport,
                &[
                    ("/topic", Topic),
                    ("/partition", Partition),
                    ("/offset", Offset),
                    ("/ts", Timestamp),
                    ("/headers", Headers),
                    ("/key", Key),
                    ("/payload", Value),
                    ("/payload_error", ValueError),
                ],
            )
        },
        Transport::RestJson => Layout { headers: HeaderShape::PairsBase64, ..Layout::new(transport, &record) },
        Transport::RestBinary => Layout {
            key: Encoding::Base64,
            value: Encoding::Base64,
            headers: HeaderShape::PairsBase64,
            ..Layout::new(transport, &record)
        },
        Transport::Rpk => Layout { missing_is_null: true, ..Layout::new(transport, &record) }
            .with([("/value_size".to_owned(), ValueSize)]),
        Transport::RedpandaConsole => Layout::new(
            transport,
            &[
                ("/partitionID", Partition),
                ("/offset", Offset),
                ("/timestamp", Timestamp),
                ("/headers", Headers),
                ("/key/payload", Key),
                ("/key/isPayloadNull", KeyIsNull),
                ("/value/payload", Value),
                ("/value/rawPayload", RawValue),
                ("/value/isPayloadNull", ValueIsNull),
            ],
        ),
        Transport::KafkaUi => Layout {
            headers: HeaderShape::Map,
            missing_is_null: true,
            ..Layout::new(
                transport,
                &[
                    ("/Value", Value),
                    ("/Offset", Offset),
                    ("/Key", Key),
                    ("/Partition", Partition),
                    ("/Headers", Headers),
                    ("/Timestamp", Timestamp),
                ],
            )
        },
        Transport::Lambda => Layout {
            key: Encoding::Base64,
            value: Encoding::Base64,
            headers: HeaderShape::Bytes,
            missing_is_null: true,
            ..Layout::new(transport, &record)
        },
        Transport::EventStoreAtom => Layout {
            headers: HeaderShape::Map,
            ..Layout::new(
                transport,
                &[
                    ("/eventId", EventId),
                    ("/eventType", EventType),
                    ("/eventNumber", Version),
                    ("/data", Value),
                    ("/metaData", Headers),
                    ("/streamId", Stream),
                    ("/positionEventNumber", Offset),
                    ("/positionStreamId", Topic),
                    ("/updated", Timestamp),
                    ("/content/eventStreamId", Stream),
                    ("/content/eventStreamId", Topic),
                    ("/content/eventNumber", Version),
                    ("/content/eventNumber", OffsetFallback),
                    ("/content/eventType", EventType),
                    ("/content/eventId", EventId),
                    ("/content/data", Value),
                    ("/content/metadata", Headers),
                    ("/summary", ValueSize),
                    // What there is without `embed`: the title `12@stream`, and the type as a summary.
                    ("/summary", EventTypeFallback),
                    ("/title", StreamOfTitle),
                    ("/title", NumberOfTitle),
                ],
            )
        },
        Transport::EventStoreWrite => Layout {
            headers: HeaderShape::Map,
            ..Layout::new(
                transport,
                &[
                    ("/eventId", EventId),
                    ("/eventType", EventType),
                    ("/data", Value),
                    ("/metadata", Headers),
                    ("/eventStreamId", Stream),
                    ("/eventNumber", Version),
                    ("/eventNumber", OffsetFallback),
                ],
            )
        },
        Transport::EventStoreGrpc => Layout {
            headers: HeaderShape::Map,
            value: Encoding::Blob,
            ..Layout::new(
                transport,
                &[
                    ("/event/streamId", Stream),
                    ("/event/id", EventId),
                    ("/event/revision", Version),
                    ("/event/type", EventType),
                    ("/event/created", Timestamp),
                    ("/event/data", Value),
                    ("/event/metadata", Headers),
                    ("/event/position/commit", Offset),
                    ("/Event/EventStreamId", Stream),
                    ("/Event/EventType", EventType),
                    ("/Event/Created", Timestamp),
                    ("/Event/Data", Value),
                    ("/Event/Position/CommitPosition", Offset),
                ],
            )
        },
        Transport::Marten => Layout {
            headers: HeaderShape::Map,
            ..Layout::new(
                transport,
                &[
                    ("/seq_id", Offset),
                    ("/id", EventId),
                    ("/stream_id", Stream),
                    ("/version", Version),
                    ("/data", Value),
                    ("/type", EventType),
                    ("/timestamp", Timestamp),
                    ("/headers", Headers),
                ],
            )
        },
        Transport::Axon => Layout {
            headers: HeaderShape::Map,
            value: Encoding::Blob,
            class_names: true,
            ..Layout::new(
                transport,
                &[
                    ("/global_index", Offset),
                    ("/event_identifier", EventId),
                    ("/meta_data", Headers),
                    ("/payload", Value),
                    ("/payload_type", EventType),
                    ("/time_stamp", Timestamp),
                    ("/aggregate_identifier", Stream),
                    ("/sequence_number", Version),
                    ("/globalIndex", Offset),
                    ("/eventIdentifier", EventId),
                    ("/metaData", Headers),
                    ("/payloadType", EventType),
                    ("/timeStamp", Timestamp),
                    ("/aggregateIdentifier", Stream),
                    ("/sequenceNumber", Version),
                    ("/aggregateSequenceNumber", Version),
                    ("/identifier", EventId),
                    ("/timestamp", Timestamp),
                    ("/metadata", Headers),
                ],
            )
        },
        Transport::MessageDb => Layout {
            headers: HeaderShape::Map,
            // An event may come without data.
            value: Encoding::JsonOrNone,
            ..Layout::new(
                transport,
                &[
                    ("/id", EventId),
                    ("/stream_name", Stream),
                    ("/type", EventType),
                    ("/position", Version),
                    ("/global_position", Offset),
                    ("/data", Value),
                    ("/metadata", Headers),
                    ("/time", Timestamp),
                ],
            )
        },
        Transport::Emmett => Layout {
            headers: HeaderShape::Map,
            ..Layout::new(
                transport,
                &[
                    ("/stream_id", Stream),
                    ("/stream_position", Version),
                    ("/message_data", Value),
                    ("/message_metadata", Headers),
                    ("/message_type", EventType),
                    ("/message_id", EventId),
                    ("/global_position", Offset),
                    ("/created", Timestamp),
                ],
            )
        },
        Transport::CqrsEs => Layout {
            headers: HeaderShape::Map,
            externally_tagged: true,
            ..Layout::new(
                transport,
                // The entity is type and id together: the type stands for a topic.
                &[
                    ("/aggregate_type", Topic),
                    ("/aggregate_id", Stream),
                    ("/sequence", Version),
                    ("/event_type", EventType),
                    ("/payload", Value),
                    ("/metadata/time", Timestamp),
                    ("/metadata", Headers),
                    ("/timestamp", Timestamp),
                ],
            )
        },
        Transport::CloudEvents => Layout::new(
            transport,
            &[
                ("/id", EventId),
                ("/type", EventType),
                // What subjects and ids are told apart by: it stands for a topic.
                ("/source", Topic),
                ("/subject", Stream),
                ("/partitionkey", StreamFallback),
                ("/partitionkey", Key),
                ("/time", Timestamp),
                ("/data", Value),
                ("/data_base64", RawValue),
            ],
        ),
        Transport::MassTransit => Layout {
            headers: HeaderShape::Map,
            ..Layout::new(
                transport,
                &[
                    ("/messageId", EventId),
                    ("/messageType", EventType),
                    ("/sentTime", Timestamp),
                    ("/headers", Headers),
                    ("/message", Value),
                ],
            )
        },
        Transport::Records => Layout { time: TimeUnit::Millis, ..Layout::new(transport, &record) }.with([
            ("/event_id".to_owned(), EventId),
            ("/event_type".to_owned(), EventType),
            ("/event_version".to_owned(), Version),
            ("/aborted".to_owned(), Aborted),
            // The project's own proxy gives bytes that are no text so.
            ("/key_base64".to_owned(), RawKey),
            ("/value_base64".to_owned(), RawValue),
        ]),
        Transport::Akhq => Layout { headers: HeaderShape::Pairs, ..Layout::new(transport, &record) },
        // Wikimedia's events say where in Kafka they lay.
        Transport::Sse => Layout::new(
            transport,
            &[
                ("", Value),
                ("/meta/topic", Topic),
                ("/meta/partition", Partition),
                ("/meta/offset", Offset),
                ("/meta/dt", Timestamp),
                ("/meta/id", EventId),
            ],
        ),
        Transport::LogSegment | Transport::DumpLog => {
            let base = Layout::new(transport, &record).with([("/aborted".to_owned(), Aborted)]);
            Layout { headers: HeaderShape::Flat, time: TimeUnit::Millis, ..base }
        }
        Transport::Bare | Transport::Lines | Transport::Avro => Layout::new(transport, &[("", Value)]),
        // Everything that is written over into lines of records on the way in.
        _ => Layout { time: TimeUnit::Millis, ..Layout::new(transport, &record) },
    }
}
