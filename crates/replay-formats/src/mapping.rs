//! Which member of a record means what, and the compiled form that finds them all in one pass.

use crate::time::TimeUnit;
use replay_log::scan::{self, ScanError};
use std::fmt;
use std::ops::Range;

/// Where a piece of a record comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A JSON pointer into what surrounds the value.
    Envelope(String),
    /// A JSON pointer into the value.
    Value(String),
    /// The header of that name.
    Header(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Envelope(pointer) if pointer.is_empty() => f.write_str("the whole record"),
            Place::Envelope(pointer) => f.write_str(pointer),
            Place::Value(pointer) => write!(f, "value {pointer}"),
            Place::Header(name) => write!(f, "header {name}"),
        }
    }
}

/// What each part of a record was taken for; shown to the user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the fields are the words of Kafka's record")]
pub struct Mapping {
    pub topic: Option<Place>,
    pub partition: Option<Place>,
    pub offset: Option<Place>,
    pub timestamp: Option<Place>,
    pub timestamp_unit: TimeUnit,
    pub key: Option<Place>,
    pub value: Option<Place>,
    pub headers: Option<Place>,
    pub event_id: Option<Place>,
    pub event_type: Option<Place>,
    pub version: Option<Place>,
}

/// The parts of a record as numbers of slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Topic,
    Partition,
    Offset,
    Timestamp,
    Key,
    Value,
    Headers,
    EventId,
    EventType,
    Version,
    /// The entity, where it is not the key: a stream of an event store.
    Stream,
    /// The entity if there is no `Stream`.
    StreamFallback,
    /// `true` says that the value is null, whatever stands in `Value`.
    ValueIsNull,
    /// `true` says that the key is null.
    KeyIsNull,
    /// The value's bytes in base64, better than `Value`.
    RawValue,
    /// The key's bytes in base64, better than `Key`.
    RawKey,
    /// Says that the value could not be exported.
    ValueError,
    /// The size of a value that is not in the export.
    ValueSize,
    /// The offset if there is no `Offset`.
    OffsetFallback,
    /// `true` says that the record's transaction was aborted.
    Aborted,
}

impl Role {
    pub(crate) const COUNT: usize = Role::Aborted as usize + 1;
}

/// The raw texts found for each role.
pub(crate) type Slots<'a> = [Option<&'a [u8]>; Role::COUNT];

/// Pointers compiled into a tree of member names.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemberTree {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    name: Vec<u8>,
    roles: Vec<usize>,
    children: Vec<usize>,
}

impl MemberTree {
    /// Pointers are like RFC 6901 with member names only.
    pub(crate) fn new<'p>(pointers: impl IntoIterator<Item = (&'p str, Role)>) -> MemberTree {
        let mut tree = MemberTree { nodes: vec![Node::default()] };
        for (pointer, role) in pointers {
            let mut at = 0;
            for name in pointer.split('/').skip(1) {
                let name = name.replace("~1", "/").replace("~0", "~").into_bytes();
                let found = tree.nodes[at].children.iter().copied().find(|child| tree.nodes[*child].name == name);
                at = found.unwrap_or_else(|| {
                    tree.nodes.push(Node { name, ..Node::default() });
                    let child = tree.nodes.len() - 1;
                    tree.nodes[at].children.push(child);
                    child
                });
            }
            tree.nodes[at].roles.push(role as usize);
        }
        tree
    }

    /// True if there is nothing to look for.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.len() <= 1 && self.nodes.iter().all(|node| node.roles.is_empty())
    }

    /// Fills the slots from the JSON value that starts at `at` and returns where it ends.
    ///
    /// The whole value is checked in the same pass.
    pub(crate) fn read<'a>(&self, text: &'a [u8], at: usize, slots: &mut Slots<'a>) -> Result<usize, ScanError> {
        let Some(root) = self.nodes.first() else { return scan::value_end(text, at) };
        let end = if text.get(at) == Some(&b'{') && !root.children.is_empty() {
            self.read_members(root, text, at, slots)?
        } else {
            scan::value_end(text, at)?
        };
        for role in &root.roles {
            slots[*role] = Some(&text[at..end]);
        }
        Ok(end)
    }

    fn read_members<'a>(
        &self,
        node: &Node,
        text: &'a [u8],
        at: usize,
        slots: &mut Slots<'a>,
    ) -> Result<usize, ScanError> {
        let mut members = scan::members(text, at);
        // Exports write the same members in the same order, so the next one is mostly the one after the last found.
        let mut expected = 0;
        for member in members.by_ref() {
            let member = member?;
            let n = node.children.len();
            for step in 0..n {
                let index = (expected + step) % n;
                let child = &self.nodes[node.children[index]];
                if child.name == member.name {
                    self.take(child, text, &member.value, slots)?;
                    expected = index + 1;
                    break;
                }
            }
        }
        // Exhausted without an error, so the end is known.
        Ok(members.end().unwrap_or(text.len()))
    }

    fn take<'a>(
        &self,
        node: &Node,
        text: &'a [u8],
        value: &Range<usize>,
        slots: &mut Slots<'a>,
    ) -> Result<(), ScanError> {
        for role in &node.roles {
            slots[*role] = Some(&text[value.clone()]);
        }
        if !node.children.is_empty() && text.get(value.start) == Some(&b'{') {
            self.read_members(node, text, value.start, slots)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_at_every_depth_in_any_order() {
        let tree = MemberTree::new([("/a", Role::Key), ("/b/c", Role::Value), ("", Role::Headers)]);
        for text in [r#"{"a":1,"b":{"c":[2]}} "#, r#"{"b":{"x":0,"c":[2]},"z":null,"a":1}"#] {
            let mut slots = Slots::default();
            let end = tree.read(text.as_bytes(), 0, &mut slots).unwrap();
            assert_eq!(end, text.trim_end().len());
            assert_eq!(slots[Role::Key as usize], Some(&b"1"[..]));
            assert_eq!(slots[Role::Value as usize], Some(&b"[2]"[..]));
            assert_eq!(slots[Role::Headers as usize], Some(text.trim_end().as_bytes()));
        }
    }
}
