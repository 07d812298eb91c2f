//! Why a format was chosen, for people.

use crate::fact::{Fact, Facts};

/// Why a format was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are named in the message")]
pub enum Evidence {
    /// The user said so.
    Chosen { format: String },
    /// The user said where these parts are.
    Mapped { parts: String },
    /// What the user had chosen for a file like this one.
    Remembered,
    /// The user said how `kcat -f` printed the text.
    KcatFormat { format: String },
    /// The user said what these columns of rows stand for.
    Columns { columns: String },
    /// The same where there are no rows.
    UnusedColumns { columns: String },
    /// Values of which the text shows nothing, so that they may be null.
    EmptyValues { records: u64 },
    /// Values of several lines, of which the end is told by the record that follows.
    OpenValues { records: u64 },
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
    /// The first bytes are those of a binary file.
    Magic { format: &'static str },
    /// What a log segment is made of.
    Batches { batches: u64, codecs: String },
    /// The transactions of a log segment. Records of aborted ones are shown and never applied.
    Transactions { committed: u64, aborted: u64, aborted_records: u64, open_records: u64, control_records: u64 },
    /// Zeros at the end of a file that the broker had made longer than it is used.
    Padding { bytes: u64 },
    /// The schema that a file of Avro brings with it.
    Schema { name: String, codec: String },
    /// Values that name a schema, by its number or GUID before them or in a header, and what becomes of the values of each.
    WireFormat { values: u64, schemas: Vec<(String, SchemaFate)> },
    /// Values of headers hold commas, which also stand between headers.
    HeaderCommas { records: usize, of: usize },
    /// `TiCDC` gives only the key of rows that are too large for a message.
    KeyOnly { records: usize, of: usize },
    /// The same, and the rows lie in a storage beside Kafka.
    ClaimCheck { records: usize, of: usize },
    /// Of the values that have a schema so many do not fit it, one of them for this reason.
    Misfit { values: u64, of: u64, detail: String },
    /// Values that name no schema are read as this message of Protobuf.
    Message { message: String, values: usize, of: usize },
    /// Values that name no schema are bytes, and may be one of these messages of Protobuf.
    Messages { values: usize, of: usize, messages: String },
    /// Values are bytes and no text, and name no schema.
    Bytes { values: usize, of: usize },
    /// The file holds a schema.
    SchemaFile { name: String },
    /// Bytes that are no UTF-8 are kept as they are; the first is in that line.
    NotUtf8 { count: u64, line: u64 },
    /// The file lies beside records and holds none.
    Stray,
    /// Nothing fits better.
    Nothing,
    /// It is probably no log: it reads like something else.
    Like { what: &'static str },
}

/// What becomes of values that name a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaFate {
    /// Nobody gave it: they stay bytes.
    Missing,
    /// They are read with this Avro schema.
    Avro(String),
    /// They are JSON already.
    Json,
    /// They are read as this message of Protobuf.
    Protobuf(String),
    /// The schema is not understood, for this reason: they stay bytes.
    Broken(String),
}

impl SchemaFate {
    /// What becomes of the values, for translations: a name that does not tell apart how they are read.
    const fn kind(&self) -> &'static str {
        match self {
            SchemaFate::Missing => "missing",
            SchemaFate::Avro(_) | SchemaFate::Json | SchemaFate::Protobuf(_) => "read",
            SchemaFate::Broken(_) => "broken",
        }
    }

    /// The number, with the name or the reason that belongs to it.
    fn with_name(&self, id: &str) -> String {
        match self {
            SchemaFate::Broken(detail) => format!("{id} ({detail})"),
            // Names, which are the same in every language.
            SchemaFate::Avro(_) | SchemaFate::Json | SchemaFate::Protobuf(_) => format!("{id} ({self})"),
            SchemaFate::Missing => id.to_owned(),
        }
    }
}

impl std::fmt::Display for SchemaFate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SchemaFate::Missing => f.write_str("not given, so its values stay bytes"),
            SchemaFate::Avro(name) => write!(f, "Avro {name}"),
            SchemaFate::Json => f.write_str("JSON Schema"),
            SchemaFate::Protobuf(name) => write!(f, "Protobuf {name}"),
            SchemaFate::Broken(detail) => write!(f, "not understood: {detail}"),
        }
    }
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Evidence::Chosen { format } => write!(f, "{format} was chosen"),
            Evidence::Mapped { parts } => write!(f, "chosen by hand: {parts}"),
            Evidence::Remembered => f.write_str("the mapping that was chosen for a file like this is used again"),
            Evidence::KcatFormat { format } => write!(f, "read by the format that was given: {format}"),
            Evidence::Columns { columns } => write!(f, "columns of rows are converted as chosen: {columns}"),
            Evidence::UnusedColumns { columns } => {
                write!(f, "conversions are of rows of change data, which these values are not: {columns}")
            }
            Evidence::EmptyValues { records } => write!(
                f,
                "{records} values are printed as nothing, which a null value (a tombstone) and an empty one both are: they count as empty. With -Z, or %S in the format, kcat tells them apart"
            ),
            Evidence::OpenValues { records } => write!(
                f,
                "{records} values are of several lines and end where what follows fits the format. With %S in it, kcat tells how long they are"
            ),
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
            Evidence::Magic { format } => write!(f, "the first bytes are those of {format}"),
            Evidence::Batches { batches, codecs } if codecs.is_empty() => write!(f, "{batches} record batches"),
            Evidence::Batches { batches, codecs } => write!(f, "{batches} record batches (compression: {codecs})"),
            Evidence::Transactions { committed, aborted, aborted_records, open_records, control_records } => {
                write!(
                    f,
                    "{control_records} control records; {committed} transactions committed, {aborted} aborted with {aborted_records} records, which are shown but not applied"
                )?;
                if *open_records > 0 {
                    write!(f, "; {open_records} records of transactions that have not ended count as committed")?;
                }
                Ok(())
            }
            Evidence::Padding { bytes } => write!(f, "{bytes} zeros at the end, where the broker had room for more"),
            Evidence::Schema { name, codec } => {
                write!(f, "the file's own Avro schema is {name} (compression: {codec})")
            }
            Evidence::WireFormat { values, schemas } => {
                let told = |(id, fate): &(String, SchemaFate)| format!("{id} ({fate})");
                let schemas: Vec<String> = schemas.iter().map(told).collect();
                write!(f, "{values} values name their schema: {}", schemas.join(", "))
            }
            Evidence::Misfit { values, of, detail } => {
                write!(f, "{values} of {of} values do not fit their schema and stay bytes: {detail}")
            }
            Evidence::Message { message, values, of } => {
                write!(f, "{values} of {of} values are read as the Protobuf message {message}")
            }
            Evidence::Messages { values, of, messages } => write!(
                f,
                "{values} of {of} values are bytes, and which of these messages they are has to be chosen: {messages}"
            ),
            Evidence::Bytes { values, of } => write!(
                f,
                "{values} of {of} values are bytes that are no text; if they are Protobuf, a .proto file beside them tells what they say"
            ),
            Evidence::HeaderCommas { records, of } => write!(
                f,
                "in {records} of {of} records the value of a header holds commas, as stand between headers: where a header ends is a guess"
            ),
            Evidence::KeyOnly { records, of } => write!(
                f,
                "{records} of {of} messages hold only the key of a row that was too large: its other columns are missing"
            ),
            Evidence::ClaimCheck { records, of } => write!(
                f,
                "{records} of {of} messages hold only the key of a row that lies in a storage beside Kafka (claim check): its other columns are missing"
            ),
            Evidence::SchemaFile { name } => write!(f, "this is the schema {name}, used for the other files"),
            Evidence::NotUtf8 { count, line } => {
                write!(
                    f,
                    "{count} sequences of bytes are not UTF-8 and were kept as they are, the first in line {line}"
                )
            }
            Evidence::Stray => f.write_str("a file of this name holds no records"),
            Evidence::Nothing => f.write_str("no known format fits, so each value is a record"),
            Evidence::Like { what } => write!(f, "this is probably no log: it reads like {}", like_what(what)),
        }
    }
}

impl Evidence {
    /// What goes into a translation's text for [`Evidence::code`], by the names of the fields.
    pub fn facts(&self) -> Facts {
        match self {
            Evidence::Chosen { format } | Evidence::KcatFormat { format } => vec![("format", format.into())],
            Evidence::Mapped { parts } => vec![("parts", parts.into())],
            Evidence::Columns { columns } | Evidence::UnusedColumns { columns } => vec![("columns", columns.into())],
            Evidence::EmptyValues { records } | Evidence::OpenValues { records } => {
                vec![("records", (*records).into())]
            }
            Evidence::Members { format, records, of } | Evidence::Values { format, records, of } => {
                vec![("format", (*format).into()), ("records", (*records).into()), ("of", (*of).into())]
            }
            Evidence::HeaderCommas { records, of }
            | Evidence::KeyOnly { records, of }
            | Evidence::ClaimCheck { records, of } => vec![("records", (*records).into()), ("of", (*of).into())],
            Evidence::Lines { format } | Evidence::Magic { format } => vec![("format", (*format).into())],
            Evidence::Container { name } | Evidence::SchemaFile { name } => vec![("name", name.into())],
            Evidence::Key { pointer, distinct, of } => {
                vec![("pointer", pointer.into()), ("distinct", (*distinct).into()), ("of", (*of).into())]
            }
            Evidence::Batches { batches, codecs } => vec![("batches", (*batches).into()), ("codecs", codecs.into())],
            Evidence::Transactions { committed, aborted, aborted_records, open_records, control_records } => vec![
                ("committed", (*committed).into()),
                ("aborted", (*aborted).into()),
                ("aborted-records", (*aborted_records).into()),
                ("open-records", (*open_records).into()),
                ("control-records", (*control_records).into()),
            ],
            Evidence::Padding { bytes } => vec![("bytes", (*bytes).into())],
            Evidence::Schema { name, codec } => vec![("name", name.into()), ("codec", codec.into())],
            Evidence::WireFormat { values, schemas } => {
                let mut facts = vec![("values", Fact::from(*values))];
                for kind in ["read", "missing", "broken"] {
                    let of_kind = schemas.iter().filter(|(_, fate)| fate.kind() == kind);
                    let told: Vec<String> = of_kind.map(|(id, fate)| fate.with_name(id)).collect();
                    facts.push((kind, Fact::Text(told.join(", "))));
                }
                facts
            }
            Evidence::Misfit { values, of, detail } => {
                vec![("values", (*values).into()), ("of", (*of).into()), ("detail", detail.into())]
            }
            Evidence::Message { message, values, of } => {
                vec![("message", message.into()), ("values", (*values).into()), ("of", (*of).into())]
            }
            Evidence::Messages { values, of, messages } => {
                vec![("values", (*values).into()), ("of", (*of).into()), ("messages", messages.into())]
            }
            Evidence::Bytes { values, of } => vec![("values", (*values).into()), ("of", (*of).into())],
            Evidence::NotUtf8 { count, line } => vec![("count", (*count).into()), ("line", (*line).into())],
            Evidence::Like { what } => vec![("what", (*what).into())],
            Evidence::Remembered | Evidence::Base64 | Evidence::Stray | Evidence::Nothing => Vec::new(),
        }
    }

    /// A stable name of the variant, for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Evidence::Chosen { .. } => "chosen",
            Evidence::Mapped { .. } => "mapped",
            Evidence::Remembered => "remembered",
            Evidence::KcatFormat { .. } => "kcat-format",
            Evidence::Columns { .. } => "columns",
            Evidence::UnusedColumns { .. } => "unused-columns",
            Evidence::EmptyValues { .. } => "empty-values",
            Evidence::OpenValues { .. } => "open-values",
            Evidence::Members { .. } => "members",
            Evidence::Values { .. } => "values",
            Evidence::Lines { .. } => "lines",
            Evidence::Base64 => "base64",
            Evidence::Container { .. } => "container",
            Evidence::Key { .. } => "key",
            Evidence::Magic { .. } => "magic",
            Evidence::Batches { .. } => "batches",
            Evidence::Transactions { .. } => "transactions",
            Evidence::Padding { .. } => "padding",
            Evidence::Schema { .. } => "schema",
            Evidence::WireFormat { .. } => "wire-format",
            Evidence::HeaderCommas { .. } => "header-commas",
            Evidence::KeyOnly { .. } => "key-only",
            Evidence::ClaimCheck { .. } => "claim-check",
            Evidence::Misfit { .. } => "misfit",
            Evidence::Message { .. } => "message",
            Evidence::Messages { .. } => "messages",
            Evidence::Bytes { .. } => "bytes",
            Evidence::SchemaFile { .. } => "schema-file",
            Evidence::NotUtf8 { .. } => "not-utf-8",
            Evidence::Stray => "stray",
            Evidence::Nothing => "nothing",
            Evidence::Like { .. } => "like",
        }
    }
}

/// The name of a likeness in a sentence.
fn like_what(what: &str) -> &str {
    match what {
        "binary" => "binary data",
        "markup" => "a piece of HTML or XML",
        "stack-trace" => "a stack trace",
        "command" => "a command of a shell",
        "address" => "an address",
        "program-log" => "the log of a program",
        "code" => "source code",
        "settings" => "a settings file",
        "encoded" => "encoded data",
        "text-with-json" => "a text with JSON in it",
        "scalars" => "single values",
        "empty-object" => "an empty object",
        _ => "plain text",
    }
}
