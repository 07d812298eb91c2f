//! Which member of a record means what, and the compiled form that finds them all in one pass.

use crate::connect::Conversion;
use crate::format::{Format, names};
use crate::read::kcat_format::KcatFormat;
use crate::time::TimeUnit;
use replay_log::scan::{self, ScanError};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

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
    /// `/ts`, `value:/customer/id`, `header:event_type`; `.` and `value:.` are the whole record and the whole value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |pointer: &str| if pointer.is_empty() { ".".to_owned() } else { pointer.to_owned() };
        match self {
            Place::Envelope(pointer) => f.write_str(&whole(pointer)),
            Place::Value(pointer) => write!(f, "value:{}", whole(pointer)),
            Place::Header(name) => write!(f, "header:{name}"),
        }
    }
}

impl FromStr for Place {
    type Err = BadMapping;

    fn from_str(text: &str) -> Result<Place, BadMapping> {
        let bad = || BadMapping::Place(text.to_owned());
        let pointer = |text: &str| match text {
            "." => Ok(String::new()),
            text if text.starts_with('/') => Ok(text.to_owned()),
            _ => Err(bad()),
        };
        match text.split_once(':') {
            Some(("value", rest)) => pointer(rest).map(Place::Value),
            Some(("header", "")) => Err(bad()),
            Some(("header", name)) => Ok(Place::Header(name.to_owned())),
            _ => pointer(text).map(Place::Envelope),
        }
    }
}

names! {
    /// What can be told of a record.
    Part {
        /// The topic.
        Topic = "topic",
        /// The partition's number.
        Partition = "partition",
        /// The broker's offset.
        Offset = "offset",
        /// The time.
        Timestamp = "timestamp",
        /// The key, or what names the entity in its place.
        Key = "key",
        /// The value.
        Value = "value",
        /// The headers.
        Headers = "headers",
        /// What identifies the event.
        EventId = "event_id",
        /// The event's type.
        EventType = "event_type",
        /// The event's number among those of its entity.
        Version = "version",
    }
}

impl Part {
    /// Where it may be looked for, in words.
    fn may_be_in(self, place: &Place) -> Result<(), &'static str> {
        match (self, place) {
            (_, Place::Envelope(_)) => Ok(()),
            (Part::Headers, _) => Err("a member of the record"),
            (Part::Value, Place::Value(pointer)) if pointer.is_empty() => Err("a member of the record or of the value"),
            (_, Place::Value(_))
            | (Part::Key | Part::Timestamp | Part::EventId | Part::EventType, Place::Header(_)) => Ok(()),
            (_, Place::Header(_)) => Err("a member of the record or of the value"),
        }
    }

    /// All slots that tell it; the first is the one that a choice fills.
    pub(crate) fn roles(self) -> &'static [Role] {
        match self {
            Part::Topic => &[Role::Topic],
            Part::Partition => &[Role::Partition],
            Part::Offset => &[Role::Offset, Role::OffsetFallback, Role::NumberOfTitle],
            Part::Timestamp => &[Role::Timestamp],
            Part::Key => {
                &[Role::Key, Role::RawKey, Role::KeyIsNull, Role::Stream, Role::StreamFallback, Role::StreamOfTitle]
            }
            Part::Value => &[Role::Value, Role::RawValue, Role::ValueIsNull, Role::ValueError, Role::ValueSize],
            Part::Headers => &[Role::Headers],
            Part::EventId => &[Role::EventId],
            Part::EventType => &[Role::EventType, Role::EventTypeFallback],
            Part::Version => &[Role::Version, Role::NumberOfTitle],
        }
    }
}

/// What a person says about where the parts of a record are. A part that is not named is found out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MappingChoice {
    /// The format, or one of its two layers.
    pub format: Option<Format>,
    /// What a number in a time field counts.
    pub timestamp_unit: Option<TimeUnit>,
    /// How `kcat -f` printed the text: it is read by that, whatever it looks like.
    pub kcat_format: Option<KcatFormat>,
    /// What columns of change data stand for, where no schema beside them says it.
    pub columns: Vec<(String, Conversion)>,
    /// The message of Protobuf that values are which name no schema, by its name.
    pub message: Option<String>,
    /// `None` as the place: nothing is taken for it.
    places: Vec<(Part, Option<Place>)>,
}

/// A choice that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadMapping {
    /// It is no place.
    #[error("{0:?} is no place: write /member, value:/member, header:name, or . for the whole record")]
    Place(String),
    /// It can be told, but not by this.
    #[error("the {part} can only be {instead}, not {place}")]
    Part {
        /// The part's name.
        part: &'static str,
        /// Where it was looked for.
        place: String,
        /// Where it could be.
        instead: &'static str,
    },
}

impl MappingChoice {
    /// True if everything is to be found out.
    pub fn is_empty(&self) -> bool {
        *self == MappingChoice::default()
    }

    /// Takes this part from there; `None` from nowhere.
    ///
    /// # Errors
    /// If the part cannot be looked for there.
    pub fn set(&mut self, part: Part, place: Option<Place>) -> Result<(), BadMapping> {
        if let Some(place) = &place {
            let wrong = |instead| BadMapping::Part { part: part.name(), place: place.to_string(), instead };
            part.may_be_in(place).map_err(wrong)?;
        }
        self.places.retain(|(other, _)| *other != part);
        self.places.push((part, place));
        Ok(())
    }

    /// What was chosen for this part; `None` if nothing was.
    pub fn get(&self, part: Part) -> Option<Option<&Place>> {
        self.places.iter().find(|(other, _)| *other == part).map(|(_, place)| place.as_ref())
    }

    /// The parts that were chosen, in the order of [`Part::ALL`].
    pub fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        Part::ALL.iter().copied().filter(|part| self.get(*part).is_some())
    }

    /// The member of the value that was chosen for this part.
    pub(crate) fn in_value(&self, part: Part) -> Option<&str> {
        match self.get(part) {
            Some(Some(Place::Value(pointer))) => Some(pointer),
            _ => None,
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

impl Mapping {
    /// Where this part is taken from.
    pub fn place(&self, part: Part) -> Option<&Place> {
        match part {
            Part::Topic => self.topic.as_ref(),
            Part::Partition => self.partition.as_ref(),
            Part::Offset => self.offset.as_ref(),
            Part::Timestamp => self.timestamp.as_ref(),
            Part::Key => self.key.as_ref(),
            Part::Value => self.value.as_ref(),
            Part::Headers => self.headers.as_ref(),
            Part::EventId => self.event_id.as_ref(),
            Part::EventType => self.event_type.as_ref(),
            Part::Version => self.version.as_ref(),
        }
    }

    pub(crate) fn place_mut(&mut self, part: Part) -> &mut Option<Place> {
        match part {
            Part::Topic => &mut self.topic,
            Part::Partition => &mut self.partition,
            Part::Offset => &mut self.offset,
            Part::Timestamp => &mut self.timestamp,
            Part::Key => &mut self.key,
            Part::Value => &mut self.value,
            Part::Headers => &mut self.headers,
            Part::EventId => &mut self.event_id,
            Part::EventType => &mut self.event_type,
            Part::Version => &mut self.version,
        }
    }
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
    /// The event's type if there is no `EventType`: the summary of an entry of `EventStoreDB`.
    EventTypeFallback,
    /// `number@stream`, whose stream is the entity if nothing else names it.
    StreamOfTitle,
    /// The same, whose number is the version and the offset if nothing else tells them.
    NumberOfTitle,
}

impl Role {
    pub(crate) const COUNT: usize = Role::NumberOfTitle as usize + 1;
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
        MemberTree::of(&pointers.into_iter().collect::<Vec<_>>())
    }

    #[inline(never)]
    fn of(pointers: &[(&str, Role)]) -> MemberTree {
        let mut tree = MemberTree { nodes: vec![Node::default()] };
        for &(pointer, role) in pointers {
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

    /// True if something is looked for that has this role.
    pub(crate) fn has(&self, role: Role) -> bool {
        self.nodes.iter().any(|node| node.roles.contains(&(role as usize)))
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
    fn places_read_back_and_parts_know_where_they_may_be() {
        for text in ["/ts", ".", "value:/a~1b", "value:.", "header:ce:type"] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        for text in ["", "ts", "value:id", "header:", "$.id"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
        let mut choice = MappingChoice::default();
        let told = choice.set(Part::Headers, Some(Place::Value("/a".into()))).unwrap_err().to_string();
        assert_eq!(told, "the headers can only be a member of the record, not value:/a");
        assert!(choice.set(Part::Value, Some(Place::Value(String::new()))).is_err());
        assert!(choice.set(Part::Offset, Some(Place::Header("o".into()))).is_err() && choice.is_empty());
        choice.set(Part::Key, Some(Place::Value("/a".into()))).unwrap();
        choice.set(Part::Key, None).unwrap();
        assert_eq!((choice.get(Part::Key), choice.get(Part::Topic)), (Some(None), None));
    }

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
