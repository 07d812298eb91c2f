//! The names of formats. An export has two layers, decided one by one: how records are carried, and what their values say.

use std::fmt;
use std::str::FromStr;

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $type {
            /// All of them.
            pub const ALL: &'static [$type] = &[$($type::$variant,)*];

            /// The name that people see and type.
            pub fn name(self) -> &'static str {
                match self {
                    $($type::$variant => $name,)*
                }
            }
        }
    };
}

pub(crate) use names;

names! {
    /// How an export carries its records.
    Transport {
        /// Nothing around the values: a JSON value each.
        Bare = "events",
        /// JSON objects with members named topic, partition, offset, key, value or similar.
        Records = "records",
        /// `kcat -J`.
        KcatJson = "kcat-json",
        /// `kcat -f` and `kcat -K`.
        KcatText = "kcat-text",
        /// `kafka-console-consumer` with its `print.*` properties.
        ConsoleConsumer = "console-consumer",
        /// `confluent kafka topic consume`.
        ConfluentCli = "confluent-cli",
        /// Records of a REST proxy with JSON keys and values.
        RestJson = "rest-v2-json",
        /// Records of a REST proxy with base64 keys and values.
        RestBinary = "rest-v2-binary",
        /// `rpk topic consume`.
        Rpk = "rpk",
        /// Redpanda Console's `messages.json`.
        RedpandaConsole = "redpanda-console",
        /// AKHQ's download.
        Akhq = "akhq",
        /// Messages saved from kafka-ui.
        KafkaUi = "kafka-ui",
        /// Confluent Cloud's and Control Center's message browser.
        ConfluentCloud = "confluent-cloud",
        /// The event of an AWS Lambda function on a Kafka topic.
        Lambda = "lambda",
        /// Atom feeds of EventStoreDB.
        EventStoreAtom = "eventstore-atom",
        /// Events as they are written to EventStoreDB.
        EventStoreWrite = "eventstore-events",
        /// Dumps of what EventStoreDB's gRPC clients give.
        EventStoreGrpc = "eventstore-grpc",
        /// Marten's `mt_events`.
        Marten = "marten",
        /// Axon's `domain_event_entry` or `aggregate_event_entry`.
        Axon = "axon",
        /// message-db's `messages`.
        MessageDb = "message-db",
        /// Emmett's `emt_messages`.
        Emmett = "emmett",
        /// The `events` table of cqrs-es.
        CqrsEs = "cqrs-es",
        /// Structured `CloudEvents`.
        CloudEvents = "cloudevents",
        /// `MassTransit`'s envelopes: `messageType` and `message`.
        MassTransit = "masstransit",
        /// `kafka-dump-log`, formerly `DumpLogSegments`.
        DumpLog = "dump-log",
        /// Server-sent events: Wikimedia's `EventStreams`, kafka-ui's stream.
        Sse = "sse",
        /// Raw segments of a Kafka log.
        LogSegment = "log-segment",
        /// Avro object container files.
        Avro = "avro",
        /// Tables with a header line that fit nothing else.
        Csv = "csv",
        /// A program's log with events in its lines.
        ProgramLog = "program-log",
        /// A record per line, whatever it says.
        Lines = "lines",
    }
}

names! {
    /// What the values say.
    Shape {
        /// Domain events, or anything else that is not change data.
        Plain = "plain",
        /// Debezium's envelope, with or without schema.
        Debezium = "debezium",
        /// Debezium's rows without the envelope.
        DebeziumUnwrapped = "debezium-unwrapped",
        /// AWS Database Migration Service.
        Dms = "aws-dms",
        /// Maxwell's daemon.
        Maxwell = "maxwell",
        /// Canal's flat messages.
        Canal = "canal",
        /// `TiCDC`'s canal-json.
        TiCdc = "ticdc",
        /// `TiCDC`'s simple protocol, as JSON.
        TiCdcSimple = "ticdc-simple",
        /// `TiCDC`'s open protocol.
        TiCdcOpen = "ticdc-open",
        /// Oracle `GoldenGate`.
        Ogg = "ogg",
        /// wal2json, one object for a transaction.
        Wal2json = "wal2json",
        /// wal2json, one object for a change.
        Wal2jsonV2 = "wal2json-v2",
        /// Flink's changelog-json.
        Flink = "flink-changelog",
    }
}

/// Both layers. Displayed as one name, or as two with a plus between them: `kcat-json+debezium`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// How the records are carried; `None` in a wish means "find out".
    pub transport: Option<Transport>,
    /// What the values say; `None` in a wish means "find out".
    pub shape: Option<Shape>,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let transport = self.transport.unwrap_or(Transport::Bare);
        match (transport, self.shape.unwrap_or(Shape::Plain)) {
            (_, Shape::Plain) => f.write_str(transport.name()),
            (Transport::Bare, shape) => f.write_str(shape.name()),
            (_, shape) => write!(f, "{}+{}", transport.name(), shape.name()),
        }
    }
}

/// A name that no format has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no format {0:?}; known are {known}", known = Format::names().join(", "))]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Format, UnknownFormat> {
        let mut format = Format { transport: None, shape: None };
        for name in text.split('+').map(|name| name.trim().to_ascii_lowercase()) {
            let name = match name.as_str() {
                // Says only that it is JSON text, which is found out anyway.
                "auto" | "json" | "ndjson" | "jsonl" => continue,
                "kcat" => "kcat-json",
                "console" => "console-consumer",
                "rest" | "rest-v2" => "rest-v2-json",
                "eventstore" => "eventstore-atom",
                "dms" => "aws-dms",
                "tsv" => "csv",
                name => name,
            };
            if let Some(transport) = Transport::ALL.iter().find(|transport| transport.name() == name) {
                format.transport = Some(*transport);
                // `events` says that the values are no change data either.
                if *transport == Transport::Bare {
                    format.shape = Some(Shape::Plain);
                }
            } else if let Some(shape) = Shape::ALL.iter().find(|shape| shape.name() == name) {
                format.shape = Some(*shape);
            } else {
                return Err(UnknownFormat(text.to_owned()));
            }
        }
        Ok(format)
    }
}

impl Format {
    /// All names, for a list of choices.
    pub fn names() -> Vec<&'static str> {
        let shapes = Shape::ALL.iter().map(|shape| shape.name()).filter(|name| *name != "plain");
        Transport::ALL.iter().map(|transport| transport.name()).chain(shapes).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for name in Format::names() {
            let format: Format = name.parse().unwrap();
            assert_eq!(format.to_string(), name);
        }
        let both: Format = "kcat-json+debezium".parse().unwrap();
        assert_eq!(both.to_string(), "kcat-json+debezium");
        assert!("word".parse::<Format>().unwrap_err().to_string().contains("kcat-json"));
    }
}
