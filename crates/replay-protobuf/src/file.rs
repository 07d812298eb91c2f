//! What is known of a `.proto` file before its names are looked up: the same from text and from a descriptor.

/// One file.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields are the words of descriptor.proto")]
pub struct File {
    /// As others import it; empty if nobody has told.
    pub name: String,
    pub(crate) package: String,
    pub imports: Vec<String>,
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) extensions: Vec<Extension>,
}

impl File {
    /// Whether it defines anything.
    pub fn has_types(&self) -> bool {
        !self.messages.is_empty() || !self.enums.is_empty()
    }
}

/// A message as it is declared.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields are the words of descriptor.proto")]
pub(crate) struct Message {
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) map: MapEntry,
}

/// Whether a message is the entry of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum MapEntry {
    /// It is a message like others.
    #[default]
    No,
    /// It is declared as one.
    Declared,
    /// `map<…>` stands for it.
    Implied,
}

/// An enum as it is declared.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields are the words of descriptor.proto")]
pub(crate) struct Enum {
    pub(crate) name: String,
    /// In the order of the file; numbers may repeat.
    pub(crate) values: Vec<(String, i32)>,
}

/// Fields that are added to a message from elsewhere.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the fields are the words of descriptor.proto")]
pub(crate) struct Extension {
    pub(crate) of: String,
    pub(crate) field: Field,
}

/// A field as it is declared.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the fields are the words of descriptor.proto")]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) number: u32,
    pub(crate) type_of: Type,
    pub(crate) is_repeated: bool,
    /// A scalar of this field knows whether it was set.
    pub(crate) is_explicit: bool,
    /// The number of its `oneof` in the message.
    pub(crate) oneof: Option<u32>,
}

/// The type of a field as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    /// One that stands for itself.
    Scalar(Scalar),
    /// A message or an enum. With a point in front it is its whole name.
    Named(String),
}

/// Types that stand for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are the words of Protobuf")]
pub(crate) enum Scalar {
    Double,
    Float,
    Int64,
    Uint64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    Bytes,
    Uint32,
    Sfixed32,
    Sfixed64,
    Sint32,
    Sint64,
}

impl Scalar {
    /// The type of this name in a `.proto` file.
    pub(crate) fn of_name(name: &str) -> Option<Scalar> {
        Some(match name {
            "double" => Scalar::Double,
            "float" => Scalar::Float,
            "int64" => Scalar::Int64,
            "uint64" => Scalar::Uint64,
            "int32" => Scalar::Int32,
            "fixed64" => Scalar::Fixed64,
            "fixed32" => Scalar::Fixed32,
            "bool" => Scalar::Bool,
            "string" => Scalar::String,
            "bytes" => Scalar::Bytes,
            "uint32" => Scalar::Uint32,
            "sfixed32" => Scalar::Sfixed32,
            "sfixed64" => Scalar::Sfixed64,
            "sint32" => Scalar::Sint32,
            "sint64" => Scalar::Sint64,
            _ => return None,
        })
    }
}
