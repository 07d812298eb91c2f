//! What the engine has to say, to be worded by whoever shows it.

use serde::{Deserialize, Serialize};

/// A code, which is a key of the locale, and what goes into its text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Said {
    /// For example `members`, `not-utf-8`.
    pub code: String,
    /// By name.
    pub arguments: Vec<(String, Argument)>,
    /// The same in English, for files and for whoever has no words of his own.
    pub text: String,
}

impl Said {
    /// A code, its texts by name, and the same in English.
    pub fn new(code: &str, texts: &[(&str, &str)], english: impl Into<String>) -> Self {
        let text = |(name, text): &(&str, &str)| ((*name).to_owned(), Argument::Text((*text).to_owned()));
        Self { code: code.to_owned(), arguments: texts.iter().map(text).collect(), text: english.into() }
    }
}

/// What goes into a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Argument {
    /// A count, a line, an offset.
    Number(f64),
    /// A name, or a piece of the log.
    Text(String),
}
