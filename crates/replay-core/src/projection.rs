//! How one event changes the state of one entity.

mod jq;

use crate::node::{Node, NodeValue};
use crate::patch;
use replay_jq::{Fault, JqError, Program};
use replay_log::json::Members;
use replay_log::{Json, Payload, Record, RecordIndex, RecordKind, RowOp};
use rustc_hash::FxHashSet;
use std::fmt;
use std::sync::Arc;

/// What Debezium writes for a column that the database did not send (unchanged TOAST values).
const UNAVAILABLE: &str = "__debezium_unavailable_value";

/// A rule that turns events into state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Projection {
    /// The last value; null deletes.
    #[default]
    Latest,
    /// JSON merge patch (RFC 7396); null deletes.
    Merge,
    /// Like merge, but `newX` sets `x`, and `oldX` is only compared with what `x` was.
    Status,
    /// Row images of change data; a delete deletes.
    Cdc,
    /// JSON patch (RFC 6902).
    JsonPatch,
    /// A program in the jq language.
    Jq(Arc<Program>),
}

/// Why there is no such projection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProjectionError {
    /// A name that is none.
    #[error("unknown projection {0:?}; there are latest, merge, status, cdc, json-patch and jq")]
    Unknown(String),
    /// `jq` without a program.
    #[error("the projection jq needs a program")]
    NoProgram,
    /// A program that cannot be run.
    #[error("the jq program is wrong at {0}")]
    Program(#[from] JqError),
}

impl Projection {
    /// All that need no program.
    pub const ALL: [Projection; 5] =
        [Projection::Latest, Projection::Merge, Projection::Status, Projection::Cdc, Projection::JsonPatch];

    /// The projection of that name; `program` is looked at for `jq` only.
    ///
    /// # Errors
    /// If there is none of that name, or the program is missing or no jq.
    pub fn new(name: &str, program: Option<&str>) -> Result<Projection, ProjectionError> {
        if name == "jq" {
            let text = program.filter(|text| !text.trim().is_empty()).ok_or(ProjectionError::NoProgram)?;
            return Ok(Projection::Jq(Arc::new(Program::new(text)?)));
        }
        let known = Projection::ALL.into_iter().find(|projection| projection.name() == name);
        known.ok_or_else(|| ProjectionError::Unknown(name.to_owned()))
    }

    /// The name that people see and type.
    pub const fn name(&self) -> &'static str {
        match self {
            Projection::Latest => "latest",
            Projection::Merge => "merge",
            Projection::Status => "status",
            Projection::Cdc => "cdc",
            Projection::JsonPatch => "json-patch",
            Projection::Jq(_) => "jq",
        }
    }

    /// Whether its states are right also where long values are cut: it moves values, and looks into none that stands in an array or a text.
    pub const fn allows_cuts(&self) -> bool {
        !matches!(self, Projection::JsonPatch | Projection::Jq(_))
    }

    /// Steps that its program has run so far, in all; what they cost is for the caller to mind.
    pub(crate) fn steps(&self) -> u64 {
        match self {
            Projection::Jq(program) => program.steps(),
            _ => 0,
        }
    }
}

impl fmt::Display for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The state of one entity after some of its events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntityState {
    /// `None` before the first event and after a delete.
    pub root: Option<Node>,
    /// Events that were applied.
    pub version: u64,
    /// Events that were seen, applied or not.
    pub events: u64,
    /// True from a delete to the next event that creates the entity again.
    pub is_deleted: bool,
    /// The last event seen.
    pub last: Option<RecordIndex>,
    /// What did not fit on the way, at most [`MAX_PROBLEMS`].
    pub problems: Vec<Problem>,
    /// The table of its last row change; a truncate of that table deletes it.
    pub table: Option<Box<str>>,
}

impl EntityState {
    /// About how many bytes of memory it holds.
    pub(crate) fn memory(&self) -> u64 {
        let problems = self.problems.len() * PROBLEM_BYTES;
        (size_of::<EntityState>() + problems) as u64 + self.root.as_ref().map_or(0, Node::memory)
    }
}

/// A problem with its texts, roughly.
const PROBLEM_BYTES: usize = 160;

/// So many problems are kept per entity: the first ones tell the story.
pub const MAX_PROBLEMS: usize = 100;

/// An event that did not fit the state it met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which event.
    pub record: RecordIndex,
    /// What was wrong.
    pub kind: ProblemKind,
}

/// What can be wrong with an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// The event says what a field was before, and that is not what it was.
    #[error("the event says that {field} was {stated}, but it was {found}")]
    OldValueDiffers {
        /// The field.
        field: String,
        /// JSON text of the event's claim.
        stated: String,
        /// JSON text of the state's value; `absent` if there was none.
        found: String,
    },
    /// A JSON patch failed and was left out.
    #[error("{0}")]
    PatchFailed(patch::PatchError),
    /// A program ended in an error, or met a limit; the state stayed what it was.
    #[error("the program failed: {0}")]
    ProgramFailed(Fault),
}

impl ProblemKind {
    /// What goes into a translation's text for [`ProblemKind::code`]: a name and a text each.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        match self {
            ProblemKind::OldValueDiffers { field, stated, found } => {
                vec![("field", field.clone()), ("stated", stated.clone()), ("found", found.clone())]
            }
            ProblemKind::PatchFailed(error) => {
                let (reason, operation, at) = match error {
                    patch::PatchError::NotAPatch => ("not-a-patch", None, None),
                    patch::PatchError::Malformed(operation) => ("malformed", Some(operation), None),
                    patch::PatchError::Missing(operation, at) => ("missing", Some(operation), Some(at)),
                    patch::PatchError::TestFailed(operation, at) => ("test-failed", Some(operation), Some(at)),
                };
                let operation = operation.map(ToString::to_string).unwrap_or_default();
                let at = at.cloned().unwrap_or_default();
                vec![("reason", reason.to_owned()), ("operation", operation), ("at", at)]
            }
            ProblemKind::ProgramFailed(fault) => {
                let mut facts = fault.facts();
                facts.push(("fault", fault.code().to_owned()));
                facts
            }
        }
    }

    /// A name for localisation.
    pub const fn code(&self) -> &'static str {
        match self {
            ProblemKind::OldValueDiffers { .. } => "old-value-differs",
            ProblemKind::PatchFailed(_) => "patch-failed",
            ProblemKind::ProgramFailed(_) => "program-failed",
        }
    }
}

impl EntityState {
    /// The state as JSON; `None` if there is none.
    pub fn json(&self) -> Option<Json> {
        self.root.as_ref().map(Node::to_json)
    }

    fn set(&mut self, image: &Json, record: RecordIndex) {
        match &mut self.root {
            Some(root) => root.replace(image, record),
            None => self.root = Some(Node::new(image, record)),
        }
        self.is_deleted = false;
        self.version += 1;
    }

    fn merge(&mut self, patch: &Json, record: RecordIndex) {
        self.root.get_or_insert_with(|| Node::empty_object(record)).merge(patch, record);
        self.is_deleted = false;
        self.version += 1;
    }

    fn delete(&mut self) {
        self.root = None;
        self.is_deleted = true;
        self.version += 1;
    }

    fn problem(&mut self, record: RecordIndex, kind: ProblemKind) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { record, kind });
        }
    }

    /// Applies the record `index` to the entity called `name`. Pure: the same events in the same order always give an equal state.
    pub fn apply(&mut self, projection: &Projection, name: &str, index: RecordIndex, record: &Record<'_>) {
        self.events += 1;
        self.last = Some(index);
        if record.kind != RecordKind::Event {
            return;
        }
        if !record.changes.is_empty() && *projection == Projection::Cdc {
            self.apply_changes(name, index, record);
            return;
        }
        if let Projection::Jq(program) = projection {
            self.apply_program(program, index, record);
            return;
        }
        let value = match &record.value {
            Payload::Absent => return,
            Payload::Tombstone => {
                // The tombstone behind a row's delete only tells compaction to forget the key.
                if *projection != Projection::Cdc || self.root.is_some() {
                    self.delete();
                }
                return;
            }
            Payload::Bytes(bytes) => value_of(bytes),
        };
        match projection {
            Projection::Latest | Projection::Cdc | Projection::Merge | Projection::Status if value == Json::Null => {
                self.delete();
            }
            Projection::Latest | Projection::Cdc => self.set(&value, index),
            Projection::Merge => self.merge(&value, index),
            Projection::Status => self.apply_status(&value, index),
            Projection::JsonPatch => {
                let before = self.json();
                match patch::apply(before.as_ref(), &value) {
                    Ok(after) => self.set(&after, index),
                    Err(error) => self.problem(index, ProblemKind::PatchFailed(error)),
                }
            }
            // Applied above: it sees tombstones too.
            Projection::Jq(_) => {}
        }
    }

    /// The program's first output is the new state, null meaning none; without an output the event changes nothing.
    #[inline(never)]
    fn apply_program(&mut self, program: &Program, index: RecordIndex, record: &Record<'_>) {
        let event = match &record.value {
            Payload::Absent => return,
            Payload::Tombstone => Json::Null,
            Payload::Bytes(bytes) => value_of(bytes),
        };
        match program.run(self.json().as_ref(), &event, || jq::record(record)) {
            Ok(None) => {}
            Ok(Some(Json::Null)) if self.root.is_none() => {}
            Ok(Some(Json::Null)) => self.delete(),
            Ok(Some(state)) => self.set(&state, index),
            Err(fault) => self.problem(index, ProblemKind::ProgramFailed(fault)),
        }
    }

    fn apply_changes(&mut self, name: &str, index: RecordIndex, record: &Record<'_>) {
        for change in &record.changes {
            let is_mine = match change.entity.as_deref() {
                Some(entity) => entity == name,
                None => self.table.as_deref() == Some(&*change.table) && self.root.is_some(),
            };
            if !is_mine {
                continue;
            }
            if change.op != RowOp::Truncate && self.table.as_deref() != Some(&*change.table) {
                self.table = Some(change.table.as_ref().into());
            }
            match (change.op, change.after.as_deref()) {
                (RowOp::Delete | RowOp::Truncate, _) => self.delete(),
                (_, Some(after)) => {
                    let mut image = value_of(after);
                    self.fill_unavailable(&mut image);
                    if change.is_partial {
                        self.fill_missing(&mut image);
                    }
                    self.set(&image, index);
                }
                (_, None) => {}
            }
        }
    }

    /// Columns that the database did not send keep what they had.
    fn fill_unavailable(&self, image: &mut Json) {
        let Json::Object(members) = image else { return };
        for (name, value) in members {
            if !matches!(value, Json::String(text) if &**text == UNAVAILABLE) {
                continue;
            }
            if let Some(old) = self.root.as_ref().and_then(|root| root.get(name)) {
                *value = old.to_json();
            }
        }
    }

    /// So do columns that a partial image leaves out.
    fn fill_missing(&self, image: &mut Json) {
        let Some(NodeValue::Object(old)) = self.root.as_ref().map(|root| &root.value) else { return };
        let Json::Object(members) = image else { return };
        let missing = old.iter().filter(|(name, _)| members.iter().all(|(known, _)| known != name));
        let missing: Vec<(Box<str>, Json)> = missing.map(|(name, node)| (name.clone(), node.to_json())).collect();
        members.extend(missing);
    }

    fn apply_status(&mut self, value: &Json, index: RecordIndex) {
        let Json::Object(members) = value else {
            self.merge(value, index);
            return;
        };
        let (stated, old) = stated_fields(members);
        for (field, value) in old {
            self.compare_old(&field, value, index);
        }
        self.merge(&Json::Object(stated), index);
    }

    fn compare_old(&mut self, field: &str, stated: &Json, index: RecordIndex) {
        let found = self.root.as_ref().and_then(|root| root.get(field)).map(Node::to_json);
        let agrees = match &found {
            Some(found) => found.canonical() == stated.canonical(),
            None => *stated == Json::Null,
        };
        if !agrees {
            let found = found.map_or_else(|| "absent".to_owned(), |json| json.to_text());
            let kind = ProblemKind::OldValueDiffers { field: field.to_owned(), stated: stated.to_text(), found };
            self.problem(index, kind);
        }
    }
}

/// What the members of an event state under the rule `status`, and what they say of before: `newX` sets `x`, and `oldX` beside it does not.
#[allow(clippy::type_complexity, reason = "two lists of members")]
pub(crate) fn stated_fields(members: &[(Box<str>, Json)]) -> (Vec<(Box<str>, Json)>, Vec<(String, &Json)>) {
    let mut stated = Members::default();
    let mut old = Vec::new();
    let mut news: Option<FxHashSet<String>> = None;
    for (name, value) in members {
        if let Some(field) = renamed(name, "old") {
            let news = news.get_or_insert_with(|| members.iter().filter_map(|(n, _)| renamed(n, "new")).collect());
            if news.contains(&field) {
                old.push((field, value));
                continue;
            }
        }
        let field = renamed(name, "new").unwrap_or_else(|| name.to_string());
        match stated.position(&field) {
            Some(at) => stated.list[at].1 = value.clone(),
            None => stated.push(field.into(), value.clone()),
        }
    }
    (stated.list, old)
}

/// `newStatus` and `new_status` without their prefix: `status`.
fn renamed(name: &str, prefix: &str) -> Option<String> {
    let rest = name.strip_prefix(prefix)?;
    if let Some(rest) = rest.strip_prefix('_') {
        return (!rest.is_empty()).then(|| rest.to_owned());
    }
    let first = rest.chars().next().filter(|c| c.is_uppercase())?;
    Some(first.to_lowercase().chain(rest.chars().skip(1)).collect())
}

/// A value as JSON: JSON as it is, other text as a string, other bytes as an object that holds them in base64.
pub fn value_of(bytes: &[u8]) -> Json {
    if let Ok(json) = Json::parse(bytes) {
        return json;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Json::String(text.into()),
        Err(_) => Json::Object(vec![("$hex".into(), Json::String(hex(bytes).into()))]),
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|n| char::from(DIGITS[usize::from(n)])).collect()
}

/// Whether two states show the same value.
pub fn is_same(a: &EntityState, b: &EntityState) -> bool {
    fn same(a: &Node, b: &Node) -> bool {
        match (&a.value, &b.value) {
            (NodeValue::Leaf(a), NodeValue::Leaf(b)) => a == b,
            (NodeValue::Object(_), NodeValue::Object(_)) => a.to_json().canonical() == b.to_json().canonical(),
            _ => false,
        }
    }
    match (&a.root, &b.root) {
        (None, None) => a.is_deleted == b.is_deleted,
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    }
}
