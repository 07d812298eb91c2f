//! Where the parts of a record are in an export, as a person says, and the first records as they then look.

use crate::{ReadProblem, Said};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The parts of a record that an export may tell, in the order in which they are shown.
pub const PARTS: [&str; 10] =
    ["topic", "partition", "offset", "timestamp", "key", "value", "headers", "event_id", "event_type", "version"];

/// Where the parts of a record are. `None` is found out; an empty text is nowhere; else `/member` of the record, `value:/member`,
/// `header:name`, or `.` for the whole record. As JSON it is a file that people keep.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are the words of Kafka's record")]
pub struct Mapping {
    /// Overrides detection: a name as in `Summary::format`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// How `kcat -f` printed the text: its format string, or its command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kcat_format: Option<String>,
    /// What columns of change data stand for, where no schema says it: `date`, `decimal:3`, `time-us`, `timestamp-ms` and so on.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// What a number in a time field counts: `s`, `ms`, `us` or `ns`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp_unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The message of Protobuf that values are which name no schema: `com.example.Order`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Mapping {
    /// True if everything is found out.
    pub fn is_empty(&self) -> bool {
        *self == Mapping::default()
    }

    /// What is said of one of [`PARTS`].
    pub fn part(&self, name: &str) -> Option<&str> {
        match name {
            "topic" => self.topic.as_deref(),
            "partition" => self.partition.as_deref(),
            "offset" => self.offset.as_deref(),
            "timestamp" => self.timestamp.as_deref(),
            "key" => self.key.as_deref(),
            "value" => self.value.as_deref(),
            "headers" => self.headers.as_deref(),
            "event_id" => self.event_id.as_deref(),
            "event_type" => self.event_type.as_deref(),
            "version" => self.version.as_deref(),
            _ => None,
        }
    }

    /// Says it. Other names are passed over.
    pub fn set_part(&mut self, name: &str, place: Option<String>) {
        match name {
            "topic" => self.topic = place,
            "partition" => self.partition = place,
            "offset" => self.offset = place,
            "timestamp" => self.timestamp = place,
            "key" => self.key = place,
            "value" => self.value = place,
            "headers" => self.headers = place,
            "event_id" => self.event_id = place,
            "event_type" => self.event_type = place,
            "version" => self.version = place,
            _ => {}
        }
    }
}

/// A mapping and the kind of export that it was made for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RememberedMapping {
    /// As in `Summary::signature`.
    pub signature: String,
    /// What was chosen.
    pub mapping: Mapping,
}

/// The first records of an export under a mapping. Answer to `Preview`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The format's name.
    pub format: String,
    /// As in `Summary::signature`.
    pub signature: String,
    /// Why it is read like this.
    pub evidence: Vec<Said>,
    /// What is found out if nothing is said.
    pub detected: Mapping,
    /// What is in force, with what is said.
    pub in_force: Mapping,
    /// Places that the first records have, with something that stands there.
    pub places: Vec<PlaceCandidate>,
    /// Columns of the first rows of change data, as they are written and as they are read; none if there are no rows.
    pub columns: Vec<ColumnCandidate>,
    /// Messages of Protobuf that values may be which name no schema, by their full names; empty if no such schema was given.
    pub messages: Vec<String>,
    /// The first records.
    pub rows: Vec<PreviewRow>,
    /// What could not be read of the beginning.
    pub problems: Vec<ReadProblem>,
}

/// A place that a part could be taken from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlaceCandidate {
    /// As in [`Mapping`].
    pub place: String,
    /// What stands there in one of the records, shortened.
    pub example: String,
}

/// A column of rows that could be converted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ColumnCandidate {
    /// The column.
    pub name: String,
    /// What one of the rows holds there, shortened.
    pub example: String,
    /// What is made of it.
    pub shown: String,
}

/// A record as the preview shows it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are the words of Kafka's record")]
pub struct PreviewRow {
    pub topic: String,
    pub partition: Option<u32>,
    pub offset: Option<i64>,
    /// Milliseconds since 1970 UTC.
    pub timestamp_ms: Option<f64>,
    /// The entity, else the key.
    pub key: Option<String>,
    pub event_type: Option<String>,
    pub event_id: Option<String>,
    pub version: Option<i64>,
    /// One line, shortened.
    pub value: String,
    /// Names and values, one line, shortened.
    pub headers: String,
    /// Null value.
    pub tombstone: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_can_be_said_and_asked() {
        let mut mapping = Mapping::default();
        for name in PARTS {
            mapping.set_part(name, Some(format!("/{name}")));
        }
        assert!(PARTS.iter().all(|name| mapping.part(name) == Some(format!("/{name}").as_str())));
        mapping.set_part("colour", Some("/red".into()));
        assert_eq!(mapping.part("colour"), None);
        for name in PARTS {
            mapping.set_part(name, None);
        }
        assert!(mapping.is_empty());
    }
}
