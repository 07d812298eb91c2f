//! Why a run of a program went no further.

use super::machine::{MAX_LEVELS, MAX_STEPS, MAX_VALUE};
use replay_log::scan::ScanError;

/// Why a run gave no state: the program's own error, an operation on what it cannot be done with, or a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The program called `error`, with this text.
    #[error("{0}")]
    Raised(String),
    /// The program called `error` with null.
    #[error("null (the program called error without a message)")]
    RaisedNothing,
    /// A `break` out of what is over.
    #[error("break outside of its label")]
    StrayBreak,
    /// More steps than a run may spend.
    #[error("the program needs more than {MAX_STEPS} steps for one event")]
    TooManySteps,
    /// More calls that wait for each other than a run may have.
    #[error("the program nests more than {MAX_LEVELS} levels deep")]
    TooManyLevels,
    /// A larger value than may come up on the way.
    #[error("the program makes a value of more than {MAX_VALUE} bytes")]
    ValueTooLarge,
    /// A value of more levels than JSON may have here.
    #[error("the program makes a value that is nested too deep")]
    ValueTooDeep,
    /// A path of more steps than a value may have levels.
    #[error("the program makes a path that is too long")]
    PathTooLong,
    /// A larger state than may be kept.
    #[error("the state would be larger than {} bytes", super::MAX_STATE)]
    StateTooLarge,
    /// `.[]` of a scalar.
    #[error("cannot iterate over {0}")]
    NotIterable(Found),
    /// `.a` of a scalar, `.[0]` of an object.
    #[error("{0} has no member {1}")]
    NoMember(Found, Found),
    /// The same in `del`.
    #[error("{0} has no member {1} to delete")]
    NoMemberToDelete(Found, Found),
    /// `has` of what has no such keys.
    #[error("{0} cannot have a key {1}")]
    NoSuchKey(Found, Found),
    /// A name that is no string.
    #[error("{0} cannot be the key of an object")]
    NotKey(Found),
    /// A minus sign before it.
    #[error("{0} cannot be negated")]
    NotNegatable(Found),
    /// An operator between them.
    #[error("{0} and {1} cannot be {2}")]
    NotCalculable(Found, Found, Verb),
    /// `a / 0`, as JSON texts.
    #[error("{0} cannot be divided by {1}, which is zero")]
    DividedByZero(String, String),
    /// `.[x:]`
    #[error("{0} cannot be the end of a slice")]
    NotSliceEnd(Found),
    /// `.[1:] = x` of an array.
    #[error("a slice of an array can only become an array")]
    SliceNotArray,
    /// `.[-9] = x` of a shorter array.
    #[error("index {0} is out of range")]
    OutOfRange(String),
    /// The left side of an assignment that is calculated.
    #[error("{0} has no path: it is not a part of the input")]
    NoPath(Found),
    /// What is no list of steps.
    #[error("{0} is not a path")]
    NotPath(Found),
    /// `delpaths` of what is no list.
    #[error("paths must be a list")]
    NotPaths,
    /// What belongs in an array only.
    #[error("{0} cannot be sorted or grouped: it is not an array")]
    NotSortable(Found),
    /// A number was needed.
    #[error("{0} is not a number")]
    NotNumber(Found),
    /// A string was needed.
    #[error("{0} is not a string")]
    NotString(Found),
    /// An array was needed.
    #[error("{0} is not an array")]
    NotArray(Found),
    /// A boolean was needed.
    #[error("{0} is not a boolean")]
    NotBoolean(Found),
    /// `length`
    #[error("{0} has no length")]
    NoLength(Found),
    /// `keys`
    #[error("{0} has no keys")]
    NoKeys(Found),
    /// `contains`
    #[error("{0} and {1} cannot be compared for containment")]
    NotContainable(Found, Found),
    /// `index`: the part and where it was looked for.
    #[error("{0} cannot be looked for in {1}")]
    NotFindable(Found, Found),
    /// `flatten(-1)`
    #[error("the levels to flatten must not be negative")]
    NegativeLevels,
    /// `from_entries`
    #[error("{0} is no entry: it has no key")]
    NotEntry(Found),
    /// `join`
    #[error("{0} cannot be joined")]
    NotJoinable(Found),
    /// `fromjson`, with what the parser says.
    #[error("{0} is not JSON: {1}")]
    NotJson(Found, ScanError),
    /// `implode`
    #[error("{0} is no character")]
    NotCharacter(Found),
    /// `todate`
    #[error("{0} is no time that can be written")]
    NotTime(Found),
    /// `fromdate`
    #[error("{0} is not a date such as 2015-03-05T23:51:47Z")]
    NotDate(Found),
    /// `@base64d`
    #[error("{0} is no text in base64")]
    NotBase64(Found),
    /// `@csv`, `@tsv`
    #[error("{0} is no row: it is not an array")]
    NotRow(Found),
    /// An element of such a row.
    #[error("{0} cannot be in a row")]
    NotCell(Found),
}

/// A value that a program met, short enough to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As jq's `type` calls it.
    pub kind: &'static str,
    /// Its JSON text, cut off where it gets long; empty for null.
    pub text: String,
}

impl std::fmt::Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.text.is_empty() { f.write_str(self.kind) } else { write!(f, "{} ({})", self.kind, self.text) }
    }
}

/// What an operator does to two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `+`
    Added,
    /// `-`
    Subtracted,
    /// `*`
    Multiplied,
    /// `/` and `%`
    Divided,
}

impl Verb {
    /// In English, and its name for localisation.
    pub const fn text(self) -> &'static str {
        match self {
            Verb::Added => "added",
            Verb::Subtracted => "subtracted",
            Verb::Multiplied => "multiplied",
            Verb::Divided => "divided",
        }
    }
}

impl std::fmt::Display for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl Fault {
    /// A name for localisation.
    pub const fn code(&self) -> &'static str {
        match self {
            Fault::Raised(_) => "raised",
            Fault::RaisedNothing => "raised-nothing",
            Fault::StrayBreak => "stray-break",
            Fault::TooManySteps => "too-many-steps",
            Fault::TooManyLevels => "too-many-levels",
            Fault::ValueTooLarge => "value-too-large",
            Fault::ValueTooDeep => "value-too-deep",
            Fault::PathTooLong => "path-too-long",
            Fault::StateTooLarge => "state-too-large",
            Fault::NotIterable(_) => "not-iterable",
            Fault::NoMember(..) => "no-member",
            Fault::NoMemberToDelete(..) => "no-member-to-delete",
            Fault::NoSuchKey(..) => "no-such-key",
            Fault::NotKey(_) => "not-key",
            Fault::NotNegatable(_) => "not-negatable",
            Fault::NotCalculable(..) => "not-calculable",
            Fault::DividedByZero(..) => "divided-by-zero",
            Fault::NotSliceEnd(_) => "not-slice-end",
            Fault::SliceNotArray => "slice-not-array",
            Fault::OutOfRange(_) => "out-of-range",
            Fault::NoPath(_) => "no-path",
            Fault::NotPath(_) => "not-path",
            Fault::NotPaths => "not-paths",
            Fault::NotSortable(_) => "not-sortable",
            Fault::NotNumber(_) => "not-number",
            Fault::NotString(_) => "not-string",
            Fault::NotArray(_) => "not-array",
            Fault::NotBoolean(_) => "not-boolean",
            Fault::NoLength(_) => "no-length",
            Fault::NoKeys(_) => "no-keys",
            Fault::NotContainable(..) => "not-containable",
            Fault::NotFindable(..) => "not-findable",
            Fault::NegativeLevels => "negative-levels",
            Fault::NotEntry(_) => "not-entry",
            Fault::NotJoinable(_) => "not-joinable",
            Fault::NotJson(..) => "not-json",
            Fault::NotCharacter(_) => "not-character",
            Fault::NotTime(_) => "not-time",
            Fault::NotDate(_) => "not-date",
            Fault::NotBase64(_) => "not-base64",
            Fault::NotRow(_) => "not-row",
            Fault::NotCell(_) => "not-cell",
        }
    }

    /// What goes into a translation's text for [`Fault::code`]: a name and a text each. A value is two of them, `value` with its JSON
    /// text and `value-type`; a second one is called `other`.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        match self {
            Fault::Raised(text) => vec![("text", text.clone())],
            Fault::OutOfRange(index) => vec![("text", index.clone())],
            Fault::DividedByZero(a, b) => vec![("value", a.clone()), ("other", b.clone())],
            Fault::TooManySteps => vec![("limit", MAX_STEPS.to_string())],
            Fault::TooManyLevels => vec![("limit", MAX_LEVELS.to_string())],
            Fault::ValueTooLarge => vec![("limit", MAX_VALUE.to_string())],
            Fault::StateTooLarge => vec![("limit", super::MAX_STATE.to_string())],
            Fault::NotCalculable(a, b, verb) => {
                let mut facts = both(a, b);
                facts.push(("verb", verb.text().to_owned()));
                facts
            }
            Fault::NotJson(value, error) => {
                let mut facts = one(value);
                facts.push(("reason", error.reason.code().to_owned()));
                facts
            }
            Fault::NoMember(a, b)
            | Fault::NoMemberToDelete(a, b)
            | Fault::NoSuchKey(a, b)
            | Fault::NotContainable(a, b)
            | Fault::NotFindable(a, b) => both(a, b),
            Fault::NotIterable(value)
            | Fault::NotKey(value)
            | Fault::NotNegatable(value)
            | Fault::NotSliceEnd(value)
            | Fault::NoPath(value)
            | Fault::NotPath(value)
            | Fault::NotSortable(value)
            | Fault::NotNumber(value)
            | Fault::NotString(value)
            | Fault::NotArray(value)
            | Fault::NotBoolean(value)
            | Fault::NoLength(value)
            | Fault::NoKeys(value)
            | Fault::NotEntry(value)
            | Fault::NotJoinable(value)
            | Fault::NotCharacter(value)
            | Fault::NotTime(value)
            | Fault::NotDate(value)
            | Fault::NotBase64(value)
            | Fault::NotRow(value)
            | Fault::NotCell(value) => one(value),
            Fault::RaisedNothing
            | Fault::StrayBreak
            | Fault::ValueTooDeep
            | Fault::PathTooLong
            | Fault::SliceNotArray
            | Fault::NotPaths
            | Fault::NegativeLevels => Vec::new(),
        }
    }
}

fn one(value: &Found) -> Vec<(&'static str, String)> {
    vec![("value", value.text.clone()), ("value-type", value.kind.to_owned())]
}

fn both(value: &Found, other: &Found) -> Vec<(&'static str, String)> {
    let mut facts = one(value);
    facts.extend([("other", other.text.clone()), ("other-type", other.kind.to_owned())]);
    facts
}
