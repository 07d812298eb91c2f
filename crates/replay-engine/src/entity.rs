//! One entity at a position, and its history.

use crate::cut::{OF_VALUE, OF_WHOLE, cut};
use crate::loaded::Loaded;
use crate::window::life;
use replay_core::{ChangeKind, FieldChange, Node, NodeValue, Problem, push_token, state_hash};
use replay_log::{Json, Log};
use replay_protocol as wire;
use replay_protocol::{EntityView, FoldProblem, Reply, TreeLine};

/// Events of a history given at once.
const MAX_STEPS: u64 = 1000;
/// Lines of a tree given at once.
const MAX_LINES: usize = 5000;

pub(crate) fn view(loaded: &Loaded, entity: u32, position: u64) -> Option<EntityView> {
    let replay = &loaded.replay;
    let log = replay.log();
    if entity as usize >= log.n_entities() {
        return None;
    }
    let position = position.min(replay.order().len());
    let state = replay.state_at(entity, position);
    let json = state.json();
    let (events, events_total) = replay.count_events(entity, position);
    let (_, next_position) = replay.neighbours(entity, position);
    let last_position = state.last.map_or(0, |record| replay.order().position_of(record));
    let previous_position = replay.neighbours(entity, last_position.saturating_sub(1)).0;
    let changes = match events.checked_sub(1) {
        Some(last) => replay.history(entity, last as usize, 1).pop().map(|step| step.changes).unwrap_or_default(),
        None => Vec::new(),
    };
    let mut tree = Vec::new();
    if let Some(root) = &state.root {
        let mut walk = Walk { loaded, changes: &changes, lines: &mut tree };
        walk.members(root, &mut String::new(), 0);
    }
    Some(EntityView {
        entity,
        key: log.entity_name(entity).to_owned(),
        topic: log.entity_topic(entity).to_owned(),
        position,
        version: state.version,
        events,
        events_total,
        life: life(&state),
        state_text: cut(json.as_ref().map_or_else(|| "null".to_owned(), Json::pretty), OF_WHOLE),
        hash: if is_cut(log, state.root.as_ref()) { String::new() } else { state_hash(json.as_ref()) },
        tree,
        changes: changes.iter().map(field_change).collect(),
        last_position,
        previous_position,
        next_position,
        problems: state.problems.iter().map(|p| problem(loaded, p)).collect(),
    })
}

/// The hash of an entity's whole state.
pub(crate) fn hash(loaded: &Loaded, entity: u32, position: u64) -> Option<String> {
    let replay = loaded.replay.whole();
    let is_there = (entity as usize) < replay.log().n_entities();
    is_there.then(|| state_hash(replay.state_at(entity, position.min(replay.order().len())).json().as_ref()))
}

pub(crate) fn history(loaded: &Loaded, entity: u32, start: u64, count: u64) -> Reply {
    let replay = &loaded.replay;
    let log = replay.log();
    let (total, _) = replay.count_events(entity, u64::MAX);
    let steps = replay.history(entity, start as usize, count.min(MAX_STEPS) as usize);
    let steps = steps
        .into_iter()
        .map(|step| wire::HistoryStep {
            position: step.position,
            partition: log.partition(step.record),
            offset: log.offset(step.record),
            timestamp_ms: log.timestamp_ms(step.record).map(|ms| ms as f64),
            event_type: loaded.type_of(step.record),
            version: step.version,
            changes: step.changes.iter().map(field_change).collect(),
            deleted: step.is_deleted,
            problems: step.problems.iter().map(|p| problem(loaded, p)).collect(),
        })
        .collect();
    Reply::History { total, steps }
}

/// A change as plain data.
pub(crate) fn field_change(change: &FieldChange) -> wire::FieldChange {
    wire::FieldChange {
        path: change.path.clone(),
        change: match change.kind {
            ChangeKind::Added => wire::ChangeKind::Added,
            ChangeKind::Removed => wire::ChangeKind::Removed,
            ChangeKind::Replaced => wire::ChangeKind::Replaced,
        },
        before: change.before.as_ref().map(|before| cut(before.to_text(), OF_VALUE)),
        after: change.after.as_ref().map(|after| cut(after.to_text(), OF_VALUE)),
    }
}

fn problem(loaded: &Loaded, problem: &Problem) -> FoldProblem {
    FoldProblem {
        position: loaded.replay.order().position_of(problem.record),
        code: problem.kind.code().to_owned(),
        arguments: problem
            .kind
            .facts()
            .into_iter()
            .map(|(name, text)| (name.to_owned(), wire::Argument::Text(text)))
            .collect(),
        detail: problem.kind.to_string(),
    }
}

/// Whether something in the state may have been cut.
fn is_cut(log: &Log, node: Option<&Node>) -> bool {
    node.is_some_and(|node| match &node.value {
        _ if log.is_cut(node.set_by) => true,
        NodeValue::Object(members) => members.iter().any(|(_, member)| is_cut(log, Some(member))),
        NodeValue::Leaf(_) => false,
    })
}

/// Writes a tree of nodes as lines.
struct Walk<'a> {
    loaded: &'a Loaded,
    changes: &'a [FieldChange],
    lines: &'a mut Vec<TreeLine>,
}

impl Walk<'_> {
    fn members(&mut self, node: &Node, path: &mut String, depth: u32) {
        match &node.value {
            NodeValue::Object(members) => {
                for (name, member) in members {
                    let length = path.len();
                    push_token(path, name);
                    self.node(name, member, path, depth);
                    path.truncate(length);
                }
            }
            NodeValue::Leaf(leaf) => {
                if depth == 0 {
                    self.line("", leaf, node, path, 0);
                }
                self.elements(leaf, node, path, depth);
            }
        }
    }

    fn node(&mut self, name: &str, node: &Node, path: &mut String, depth: u32) {
        match &node.value {
            NodeValue::Object(members) => {
                let text = members.len().to_string();
                self.push(name, "object", text, node, path, depth);
                self.members(node, path, depth + 1);
            }
            NodeValue::Leaf(leaf) => {
                self.line(name, leaf, node, path, depth);
                self.elements(leaf, node, path, depth + 1);
            }
        }
    }

    /// What is inside a leaf: arrays are set as a whole, so all of it has the leaf's blame.
    fn elements(&mut self, leaf: &Json, blame: &Node, path: &mut String, depth: u32) {
        let children: Vec<(String, &Json)> = match leaf {
            Json::Array(elements) => elements.iter().enumerate().map(|(n, json)| (n.to_string(), json)).collect(),
            Json::Object(members) => members.iter().map(|(name, json)| (name.to_string(), json)).collect(),
            _ => return,
        };
        for (name, json) in children {
            let length = path.len();
            push_token(path, &name);
            self.line(&name, json, blame, path, depth);
            self.elements(json, blame, path, depth + 1);
            path.truncate(length);
        }
    }

    fn line(&mut self, name: &str, json: &Json, blame: &Node, path: &str, depth: u32) {
        let (type_name, text) = match json {
            Json::Null => ("null", json.to_text()),
            Json::Bool(_) => ("boolean", json.to_text()),
            Json::Number(_) => ("number", json.to_text()),
            Json::String(_) => ("string", json.to_text()),
            Json::Array(elements) => ("array", elements.len().to_string()),
            Json::Object(members) => ("object", members.len().to_string()),
        };
        self.push(name, type_name, text, blame, path, depth);
    }

    fn push(&mut self, name: &str, type_name: &str, text: String, blame: &Node, path: &str, depth: u32) {
        if self.lines.len() >= MAX_LINES {
            return;
        }
        let position = |record| self.loaded.replay.order().position_of(record);
        let is_inside = |change: &&FieldChange| {
            change.path == path || change.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        };
        self.lines.push(TreeLine {
            path: path.to_owned(),
            name: name.to_owned(),
            depth,
            type_name: type_name.to_owned(),
            text: cut(text, OF_VALUE),
            set_at: position(blame.set_by),
            changed_at: position(blame.changed_by),
            changed: self.changes.iter().any(|change| is_inside(&change)),
        });
    }
}
