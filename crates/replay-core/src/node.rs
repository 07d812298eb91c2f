//! State and blame in one tree: every value knows the record that set it and the record since which it has been what it is.

use replay_log::json::{Members, Names};
use replay_log::{Json, RecordIndex};

/// A value of a state. Objects are trees; scalars and arrays are leaves, set as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The last record that stated this value.
    pub set_by: RecordIndex,
    /// The record since which it has this value.
    pub changed_by: RecordIndex,
    /// The value itself.
    pub value: NodeValue,
}

/// What an allocation costs beside its bytes.
const ALLOCATION: usize = 16;

/// About how many bytes of memory a value holds beside itself.
fn heap(json: &Json) -> u64 {
    match json {
        Json::Null | Json::Bool(_) => 0,
        Json::Number(text) | Json::String(text) => (ALLOCATION + text.len()) as u64,
        Json::Array(items) => items.iter().map(|item| size_of::<Json>() as u64 + heap(item)).sum(),
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| (ALLOCATION + name.len() + size_of::<(Box<str>, Json)>()) as u64 + heap(value))
            .sum(),
    }
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeValue {
    /// A scalar or an array.
    Leaf(Json),
    /// Members in the order in which they were first set.
    Object(Vec<(Box<str>, Node)>),
}

impl Node {
    /// A value that `record` sets for the first time.
    pub fn new(json: &Json, record: RecordIndex) -> Node {
        let value = match json {
            Json::Object(members) => NodeValue::Object(
                members.iter().map(|(name, value)| (name.clone(), Node::new(value, record))).collect(),
            ),
            leaf => NodeValue::Leaf(leaf.clone()),
        };
        Node { set_by: record, changed_by: record, value }
    }

    /// An empty object.
    pub fn empty_object(record: RecordIndex) -> Node {
        Node { set_by: record, changed_by: record, value: NodeValue::Object(Vec::new()) }
    }

    /// About how many bytes of memory it holds beside itself.
    pub(crate) fn memory(&self) -> u64 {
        match &self.value {
            NodeValue::Leaf(json) => heap(json),
            NodeValue::Object(members) => members
                .iter()
                .map(|(name, node)| (ALLOCATION + name.len() + size_of::<(Box<str>, Node)>()) as u64 + node.memory())
                .sum(),
        }
    }

    /// The value without its blame.
    pub fn to_json(&self) -> Json {
        match &self.value {
            NodeValue::Leaf(json) => json.clone(),
            NodeValue::Object(members) => {
                Json::Object(members.iter().map(|(name, node)| (name.clone(), node.to_json())).collect())
            }
        }
    }

    /// The member of that name.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match &self.value {
            NodeValue::Object(members) => members.iter().find(|(n, _)| &**n == name).map(|(_, node)| node),
            NodeValue::Leaf(_) => None,
        }
    }

    /// Takes a JSON merge patch (RFC 7396): the record *states* what the patch says, changed or not.
    pub fn merge(&mut self, patch: &Json, record: RecordIndex) {
        let Json::Object(stated) = patch else {
            self.put_leaf(patch, record);
            return;
        };
        self.set_by = record;
        if !matches!(self.value, NodeValue::Object(_)) {
            self.value = NodeValue::Object(Vec::new());
            self.changed_by = record;
        }
        let NodeValue::Object(list) = &mut self.value else { return };
        let mut changed = false;
        let mut members = Members::from(std::mem::take(list));
        // Removed at the end, so that the others stay where they are.
        let mut is_removed = vec![false; members.list.len()];
        for (name, value) in stated {
            match (members.position(name), value) {
                (Some(at), Json::Null) => {
                    is_removed[at] = true;
                    changed = true;
                }
                (None, Json::Null) => {}
                (Some(at), value) => {
                    let node = &mut members.list[at].1;
                    node.merge(value, record);
                    changed |= node.changed_by == record;
                }
                (None, value) => {
                    let mut node = Node::empty_object(record);
                    node.merge(value, record);
                    members.push(name.clone(), node);
                    is_removed.push(false);
                    changed = true;
                }
            }
        }
        *list = members.list;
        if is_removed.contains(&true) {
            let mut is_removed = is_removed.into_iter();
            list.retain(|_| !is_removed.next().unwrap_or(false));
        }
        if changed {
            self.changed_by = record;
        }
    }

    fn put_leaf(&mut self, json: &Json, record: RecordIndex) {
        self.set_by = record;
        match &self.value {
            NodeValue::Leaf(old) if old == json => {}
            _ => {
                self.value = NodeValue::Leaf(json.clone());
                self.changed_by = record;
            }
        }
    }

    /// Takes a whole image of the value: only what differs counts as set, since an image repeats everything.
    pub fn replace(&mut self, image: &Json, record: RecordIndex) {
        match (&mut self.value, image) {
            (NodeValue::Object(list), Json::Object(wanted)) => {
                let before = list.len();
                let places = Names::new(wanted);
                list.retain(|(name, _)| places.position(name).is_some());
                let mut changed = list.len() != before;
                let mut members = Members::from(std::mem::take(list));
                for (name, value) in wanted {
                    if let Some(at) = members.position(name) {
                        let node = &mut members.list[at].1;
                        node.replace(value, record);
                        changed |= node.changed_by == record;
                    } else {
                        members.push(name.clone(), Node::new(value, record));
                        changed = true;
                    }
                }
                *list = members.list;
                // The image's order is the state's order.
                if list.iter().zip(wanted).any(|((a, _), (b, _))| a != b) {
                    list.sort_by_key(|(name, _)| places.position(name));
                }
                if changed {
                    self.set_by = record;
                    self.changed_by = record;
                }
            }
            (NodeValue::Leaf(old), image) if old == image => {}
            _ => *self = Node::new(image, record),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7396, appendix A.
    #[test]
    fn merging_follows_the_examples_of_the_rfc() {
        for (original, patch, expected) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
            (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
            (r#"{"a":"foo"}"#, "null", "null"),
            (r#"{"a":"foo"}"#, r#""bar""#, r#""bar""#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ] {
            let mut node = Node::new(&Json::parse(original.as_bytes()).unwrap(), 0);
            node.merge(&Json::parse(patch.as_bytes()).unwrap(), 1);
            assert_eq!(node.to_json().to_text(), expected, "{original} + {patch}");
        }
    }

    #[test]
    fn a_patch_sets_what_it_states_and_an_image_only_what_differs() {
        let start = Json::parse(br#"{"a":1,"b":2}"#).unwrap();
        let mut merged = Node::new(&start, 0);
        merged.merge(&Json::parse(br#"{"a":1}"#).unwrap(), 1);
        let a = merged.get("a").unwrap();
        assert_eq!((a.set_by, a.changed_by), (1, 0));
        let mut replaced = Node::new(&start, 0);
        replaced.replace(&Json::parse(br#"{"a":1,"b":3}"#).unwrap(), 1);
        assert_eq!(replaced.get("a").unwrap().set_by, 0);
        assert_eq!(replaced.get("b").unwrap().set_by, 1);
    }
}
