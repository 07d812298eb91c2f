//! The same log read in two ways.

use crate::Configuration;
use serde::{Deserialize, Serialize};

/// Compares all final states under the configuration in force with those under another one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CompareRequest {
    /// The other one; what is `None` stays as it is in force.
    pub other: Configuration,
    /// Differing entities wanted; all are counted in any case.
    pub limit: u32,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Compared {
    /// In force; every field is set.
    pub left: Configuration,
    /// The other; every field is set.
    pub right: Configuration,
    /// Entities with equal states, by topic and key.
    pub same: u32,
    /// Entities with two different states.
    pub differing: u32,
    /// Entities that have a state only as configured.
    pub only_left: u32,
    /// Entities that have a state only in the other way.
    pub only_right: u32,
    /// Entities that have a state in neither way: deleted, or named by nothing there.
    pub without_state: u32,
    /// The first of those that are not the same, by topic and key.
    pub rows: Vec<ComparedEntity>,
}

/// An entity that came out differently.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ComparedEntity {
    /// Empty if unknown.
    pub topic: String,
    /// Its key.
    pub key: String,
    /// Its state as configured, as JSON text; `None` if it has none.
    pub left: Option<String>,
    /// Its state in the other way.
    pub right: Option<String>,
}
