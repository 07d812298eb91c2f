//! Looking for records, and what reading one key costs.

use crate::Row;
use serde::{Deserialize, Serialize};

/// What to look for: every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SearchRequest {
    /// In the key, the value or a header; letters of ASCII match in either case.
    pub text: String,
    /// In the key.
    pub key: String,
    /// Index into `Summary::partitions`.
    pub partition: Option<u32>,
    /// Index into `Summary::event_types`.
    pub event_type: Option<u32>,
    /// Milliseconds since 1970 UTC, inclusive. A record without a time matches no range.
    pub time_from: Option<f64>,
    /// Inclusive.
    pub time_to: Option<f64>,
    /// The broker's, inclusive.
    pub offset_from: Option<i64>,
    /// Inclusive.
    pub offset_to: Option<i64>,
    /// On fields of the value.
    pub conditions: Vec<FieldCondition>,
    /// Rows wanted; all matches are counted in any case.
    pub limit: u32,
}

/// A condition on one field of the value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FieldCondition {
    /// JSON pointer into the value.
    pub pointer: String,
    /// How to compare.
    pub comparison: Comparison,
    /// What a person typed; numbers are compared as numbers if both sides are.
    pub value: String,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// The same.
    #[default]
    Equals,
    /// There, but not the same.
    Differs,
    /// Smaller, or earlier in the alphabet.
    Less,
    /// Greater, or later in the alphabet.
    Greater,
    /// The text of the field holds it.
    Contains,
    /// There, whatever it is.
    Exists,
    /// Not there.
    Missing,
}

/// A piece of the answer to a search.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Found {
    /// Records looked at so far.
    pub scanned: u32,
    /// Records in the log.
    pub total: u32,
    /// Matches so far.
    pub matches: u32,
    /// Those that are new since the piece before, in replay order, until the limit.
    pub rows: Vec<Row>,
    /// Where they are, for the lanes: pairs of a position and a partition, new since the piece before, until a bound.
    pub places: Vec<(u32, u32)>,
    /// True for the last piece.
    pub last: bool,
}

/// How many records must be read to know one entity's state.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReadCost {
    /// Partitions that hold records of the entity, as indexes into `Summary::partitions`.
    pub partitions: Vec<u32>,
    /// At some positions up to the one asked for, which is the last.
    pub points: Vec<CostPoint>,
}

/// The cost at one position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CostPoint {
    /// After so many records.
    pub position: u32,
    /// Records of the entity's partitions: what a consumer reads that looks for the key.
    pub scan: u32,
    /// Records of the entity: what an index by key leads to.
    pub index: u32,
}
