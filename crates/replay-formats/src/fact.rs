//! What goes into the words for an error or a piece of evidence, for whoever words them in another language.

/// A number or a text, by the name that it has in the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A count, a line, an offset.
    Number(i64),
    /// A name, or a piece of the input.
    Text(String),
}

impl From<&str> for Fact {
    fn from(text: &str) -> Fact {
        Fact::Text(text.to_owned())
    }
}

impl From<&String> for Fact {
    fn from(text: &String) -> Fact {
        Fact::Text(text.clone())
    }
}

impl From<u64> for Fact {
    fn from(number: u64) -> Fact {
        Fact::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Fact {
    fn from(number: usize) -> Fact {
        Fact::from(number as u64)
    }
}

/// Facts by name.
pub type Facts = Vec<(&'static str, Fact)>;
