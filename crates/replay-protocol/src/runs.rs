//! Records that are alike and follow each other, as one row of a list.

use crate::Row;
use serde::{Deserialize, Serialize};

/// What records of a run have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alike {
    /// The event type.
    #[default]
    Type,
    /// The event type and the entity.
    Entity,
}

/// A window of the list in which a run is a row, unless it is opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunsRequest {
    /// What makes a run.
    pub alike: Alike,
    /// First row wanted, counted from 0.
    pub start: u64,
    /// Rows wanted.
    pub count: u64,
    /// Runs whose records stand in rows of their own: a position in each.
    pub opened: Vec<u64>,
    /// The cursor; 0 before the first record.
    pub position: u64,
}

/// The window that was asked for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunPage {
    /// Rows in all.
    pub total: u64,
    /// Place of the first row, counted from 0.
    pub first: u64,
    /// In replay order.
    pub rows: Vec<Run>,
    /// The row that holds the cursor; `None` before the first record.
    pub current: Option<u64>,
}

/// A row: a record, or all records of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The record at the cursor if the row stands for it, else the first.
    pub row: Row,
    /// The position of the first record of the run.
    pub start: u64,
    /// Records of the run; 1 for a record that is in none.
    pub length: u64,
    /// True if the row stands for the whole run.
    pub folded: bool,
}
