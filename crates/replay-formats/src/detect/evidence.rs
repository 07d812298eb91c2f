//! Why a format was chosen, for people.

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
