//! Values of a jq program. Each knows its size as a tree, so that work and memory can be charged before they are spent.

use super::number::Number;
use replay_log::Json;
use replay_log::scan::MAX_DEPTH;
use std::cmp::Ordering;
use std::sync::Arc;

/// A value; cloning shares.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    Array(Arc<Array>),
    Object(Arc<Object>),
}

/// Elements in order, with the size of the whole.
#[derive(Debug, Clone)]
pub(crate) struct Array {
    pub(crate) items: Vec<Value>,
    weight: u64,
    depth: u32,
}

/// Members in the order in which they were first set; no name twice.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) members: Vec<(Arc<str>, Value)>,
    weight: u64,
    depth: u32,
}

/// Roughly the bytes of a value without content.
const EMPTY: u64 = 16;

impl Array {
    /// Takes an element out, leaving null in its place; null if there is none.
    pub(crate) fn take(&mut self, place: usize) -> Value {
        let old = self.items.get_mut(place).map_or(Value::Null, |item| std::mem::replace(item, Value::Null));
        self.weight -= old.weight() - EMPTY;
        old
    }

    /// Sets an element that is null or not yet there; nulls fill a gap before it.
    pub(crate) fn put(&mut self, place: usize, value: Value) {
        if place >= self.items.len() {
            self.weight += (place + 1 - self.items.len()) as u64 * EMPTY;
            self.items.resize(place + 1, Value::Null);
        }
        self.weight += value.weight() - EMPTY;
        self.depth = self.depth.max(value.depth() + 1);
        self.items[place] = value;
    }
}

impl Object {
    /// Takes a member's value out, leaving null in its place; null if there is none.
    pub(crate) fn take(&mut self, name: &str) -> Value {
        let old = self.members.iter_mut().find(|(n, _)| &**n == name);
        let old = old.map_or(Value::Null, |(_, value)| std::mem::replace(value, Value::Null));
        self.weight -= old.weight() - EMPTY;
        old
    }

    /// Sets a member that is null or not yet there.
    pub(crate) fn put(&mut self, name: Arc<str>, value: Value) {
        self.weight += value.weight() - EMPTY;
        self.depth = self.depth.max(value.depth() + 1);
        if let Some((_, old)) = self.members.iter_mut().find(|(n, _)| *n == name) {
            *old = value;
        } else {
            self.weight += 2 * EMPTY + name.len() as u64;
            self.members.push((name, value));
        }
    }
}

impl Value {
    pub(crate) fn string(text: &str) -> Value {
        Value::String(text.into())
    }

    pub(crate) fn int(value: i64) -> Value {
        Value::Number(Number::Int(value))
    }

    pub(crate) fn array(items: Vec<Value>) -> Value {
        let weight = items.iter().fold(EMPTY, |sum, item| sum.saturating_add(item.weight()));
        let depth = items.iter().map(Value::depth).max().unwrap_or(0) + 1;
        Value::Array(Arc::new(Array { items, weight, depth }))
    }

    /// `members` must not hold a name twice.
    pub(crate) fn object(members: Vec<(Arc<str>, Value)>) -> Value {
        let weight = |(name, value): &(Arc<str>, Value)| EMPTY + name.len() as u64 + value.weight();
        let weight = members.iter().fold(EMPTY, |sum, member| sum.saturating_add(weight(member)));
        let depth = members.iter().map(|(_, value)| value.depth()).max().unwrap_or(0) + 1;
        Value::Object(Arc::new(Object { members, weight, depth }))
    }

    /// Roughly its bytes when written out. What is shared counts each time.
    pub(crate) fn weight(&self) -> u64 {
        match self {
            Value::Null | Value::Bool(_) | Value::Number(Number::Int(_) | Number::Float(_)) => EMPTY,
            Value::Number(Number::Text(text)) | Value::String(text) => EMPTY + text.len() as u64,
            Value::Array(array) => array.weight,
            Value::Object(object) => object.weight,
        }
    }

    /// Levels of arrays and objects.
    pub(crate) fn depth(&self) -> u32 {
        match self {
            Value::Array(array) => array.depth,
            Value::Object(object) => object.depth,
            _ => 0,
        }
    }

    /// Whether it is deeper than any record can be.
    pub(crate) fn is_too_deep(&self) -> bool {
        self.depth() as usize > MAX_DEPTH
    }

    pub(crate) fn is_true(&self) -> bool {
        !matches!(self, Value::Null | Value::Bool(false))
    }

    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        }
    }

    pub(crate) fn from_json(json: &Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(text) => Value::Number(Number::from_text(text)),
            Json::String(text) => Value::string(text),
            Json::Array(elements) => Value::array(elements.iter().map(Value::from_json).collect()),
            Json::Object(members) => Value::object(
                members.iter().map(|(name, value)| (Arc::from(&**name), Value::from_json(value))).collect(),
            ),
        }
    }

    pub(crate) fn to_json(&self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => number.to_json(),
            Value::String(text) => Json::String(Box::from(&**text)),
            Value::Array(array) => Json::Array(array.items.iter().map(Value::to_json).collect()),
            Value::Object(object) => {
                Json::Object(object.members.iter().map(|(name, value)| (Box::from(&**name), value.to_json())).collect())
            }
        }
    }

    /// JSON text; a string as it is.
    pub(crate) fn to_plain_text(&self) -> String {
        match self {
            Value::String(text) => text.to_string(),
            other => other.to_json().to_text(),
        }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Object(object) => object.members.iter().find(|(n, _)| &**n == name).map(|(_, value)| value),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Null => 0,
            Value::Bool(false) => 1,
            Value::Bool(true) => 2,
            Value::Number(_) => 3,
            Value::String(_) => 4,
            Value::Array(_) => 5,
            Value::Object(_) => 6,
        }
    }
}

/// Sets a member in place, or appends it.
pub(crate) fn put(members: &mut Vec<(Arc<str>, Value)>, name: Arc<str>, value: Value) {
    match members.iter_mut().find(|(n, _)| *n == name) {
        Some((_, old)) => *old = value,
        None => members.push((name, value)),
    }
}

/// Members by name: the order in which jq shows keys and compares objects.
pub(crate) fn sorted_members(object: &Object) -> Vec<&(Arc<str>, Value)> {
    let mut members: Vec<_> = object.members.iter().collect();
    sort(&mut members, &|a, b| a.0.cmp(&b.0));
    members
}

/// Sorts in place and keeps the order of equal ones. The library's sort is compiled once here, over places, rather than for each type.
pub(crate) fn sort<T>(items: &mut Vec<T>, compare: &dyn Fn(&T, &T) -> Ordering) {
    let mut order: Vec<u32> = (0..items.len() as u32).collect();
    sort_places(&mut order, &|a, b| compare(&items[a as usize], &items[b as usize]));
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|place| taken[place as usize].take()));
}

fn sort_places(order: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    // No two places are equal, so the unstable sort, which is smaller, gives the stable order.
    order.sort_unstable_by(|a, b| compare(*a, *b).then(a.cmp(b)));
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Value) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// jq's order: null, false, true, numbers, strings, arrays, objects; objects first by their sets of keys.
impl Ord for Value {
    fn cmp(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => a.cmp(b),
            (Value::String(a), Value::String(b)) => a.cmp(b),
            (Value::Array(a), Value::Array(b)) => a.items.cmp(&b.items),
            (Value::Object(a), Value::Object(b)) => {
                let (a, b) = (sorted_members(a), sorted_members(b));
                let keys = a.iter().map(|(name, _)| name).cmp(b.iter().map(|(name, _)| name));
                keys.then_with(|| a.iter().map(|(_, value)| value).cmp(b.iter().map(|(_, value)| value)))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }
}
