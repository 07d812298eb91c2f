//! Files with their names looked up: messages that refer to each other by number.

use crate::file::{self, File, MapEntry, Scalar, Type};
use crate::known;
use crate::text::parse;
use replay_lean as lean;
use std::collections::BTreeMap;

/// A file's messages, and all that they refer to.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// Fields refer to them by their places.
    pub(crate) messages: Vec<Message>,
    /// The same.
    pub(crate) enums: Vec<Enum>,
    /// Full names: twice the place of a message, or that of an enum and one more.
    names: BTreeMap<String, usize>,
    /// The messages at the top of the file itself.
    top: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
enum Named {
    Message(usize),
    Enum(usize),
}

impl Named {
    fn of(place: usize) -> Named {
        if place.is_multiple_of(2) { Named::Message(place / 2) } else { Named::Enum(place / 2) }
    }
}

/// A message whose fields' types were looked up.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// Its full name.
    pub(crate) name: Box<str>,
    /// In the order of the file.
    pub(crate) fields: Vec<Field>,
    /// Their numbers, ascending, each with its place in `fields`.
    numbers: Vec<(u32, usize)>,
    nested: Vec<usize>,
    map: MapEntry,
    /// Whether it is no object in JSON.
    pub(crate) special: Special,
}

/// Messages that have a form of their own in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are the words of Protobuf")]
pub(crate) enum Special {
    No,
    Any,
    Duration,
    FieldMask,
    List,
    Struct,
    Timestamp,
    Value,
    Wrapper,
}

/// A field whose type was looked up.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// As it is declared; that of an extension in brackets, with its scope.
    pub(crate) name: Box<str>,
    /// Its type.
    pub(crate) kind: Kind,
    /// Whether it is a list.
    pub(crate) is_repeated: bool,
    /// One that was not set is told from one that has its default.
    pub(crate) has_presence: bool,
    /// The number of its `oneof`, less than the number of fields.
    pub(crate) oneof: Option<usize>,
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One that stands for itself.
    Scalar(Scalar),
    /// The enum at this place.
    Enum(usize),
    /// The message at this place.
    Message(usize),
    /// Its entries are messages of this number.
    Map(usize),
}

/// An enum.
#[derive(Debug, Clone)]
pub(crate) struct Enum {
    /// In the order of the file.
    pub(crate) values: Vec<(Box<str>, i32)>,
    /// `google.protobuf.NullValue`.
    pub(crate) is_null: bool,
}

impl Message {
    /// One without fields, for what is nested in a field that nobody knows.
    pub(crate) fn nameless(of: &str) -> Message {
        let (fields, numbers, nested) = (Vec::new(), Vec::new(), Vec::new());
        Message { name: of.into(), fields, numbers, nested, map: MapEntry::No, special: Special::No }
    }

    /// Where the field with this number is among the fields.
    pub(crate) fn slot(&self, number: u32) -> Option<usize> {
        let at = self.numbers.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        Some(self.numbers[at].1)
    }
}

impl Schema {
    /// The full names of the messages at the top of the file.
    pub fn top(&self) -> impl Iterator<Item = &str> {
        self.top.iter().map(|id| &*self.messages[*id].name)
    }

    /// The message of this full name.
    pub fn message(&self, name: &str) -> Option<usize> {
        match Named::of(*self.names.get(name)?) {
            Named::Message(id) => Some(id),
            Named::Enum(_) => None,
        }
    }

    /// A message's full name.
    pub fn name(&self, message: usize) -> &str {
        self.messages.get(message).map_or("", |message| &*message.name)
    }

    /// The messages that a path means: some count the messages that stand for the entries of maps, some do not.
    pub fn at(&self, path: &[usize]) -> [Option<usize>; 2] {
        let walk = |counts_entries: bool| {
            let mut found = None;
            let mut among = &self.top;
            for index in path {
                let is_counted = |id: &&usize| counts_entries || self.messages[**id].map != MapEntry::Implied;
                let id = *among.iter().filter(is_counted).nth(*index)?;
                found = Some(id);
                among = &self.messages[id].nested;
            }
            found.filter(|id| self.messages[*id].map == MapEntry::No)
        };
        let (first, second) = (walk(true), walk(false));
        [first, second.filter(|_| second != first)]
    }
}

/// Looks the names up that a file's fields have as types, in the file itself, then in the others. What these refer to comes along.
///
/// # Errors
/// Names what is not defined.
pub fn link(main: &File, others: &[&File]) -> Result<Schema, String> {
    let mut linker = Linker { schema: Schema::default(), waiting: Vec::new(), others: others.to_vec(), known: 0 };
    linker.file(main, true);
    let mut extensions = Vec::new();
    for file in others.iter().copied().chain([main]) {
        gather(&file.extensions, &file.messages, &file.package, &mut extensions);
    }
    loop {
        while let Some((id, scope, fields)) = linker.waiting.pop() {
            linker.fields(id, &scope, fields)?;
        }
        // Fields from elsewhere, of the messages that are needed.
        let Some(at) = extensions.iter().position(|(scope, one)| linker.loaded(&one.of, scope).is_some()) else {
            break;
        };
        let (scope, extension) = extensions.remove(at);
        let Some(id) = linker.loaded(&extension.of, &scope) else { continue };
        let name = format!("[{}]", joined(&scope, &extension.field.name));
        let mut field = linker.field(&scope, &extension.field, name.into())?;
        // A list from elsewhere is not shown before something is in it.
        field.has_presence = true;
        let message = &mut linker.schema.messages[id];
        message.numbers.push((extension.field.number, message.fields.len()));
        message.fields.push(field);
    }
    if linker.schema.names.contains_key("google.protobuf.Any") {
        // It may hold messages of files that nobody imports; what is wrong with those is wrong with nothing else.
        for file in std::mem::take(&mut linker.others) {
            linker.file(file, false);
            while let Some((id, scope, fields)) = linker.waiting.pop() {
                let _ = linker.fields(id, &scope, fields);
            }
        }
    }
    let mut schema = linker.schema;
    for message in &mut schema.messages {
        lean::sort_by_key(&mut message.numbers, |(number, _)| *number);
    }
    Ok(schema)
}

/// All extensions in messages, each with the scope that it is declared in.
fn gather<'a>(
    own: &'a [file::Extension],
    messages: &'a [file::Message],
    scope: &str,
    found: &mut Vec<(String, &'a file::Extension)>,
) {
    found.extend(own.iter().map(|extension| (scope.to_owned(), extension)));
    for message in messages {
        gather(&message.extensions, &message.messages, &joined(scope, &message.name), found);
    }
}

struct Linker<'a> {
    schema: Schema,
    /// Messages whose fields were not looked at, with their full names.
    waiting: Vec<(usize, String, &'a [file::Field])>,
    /// Files that were not needed so far.
    others: Vec<&'a File>,
    /// So many of the files that are known to all were taken.
    known: usize,
}

impl<'a> Linker<'a> {
    /// Takes a file's messages and enums; what is there already stays.
    fn file(&mut self, file: &'a File, is_main: bool) {
        for message in &file.messages {
            let id = self.message(message, &file.package);
            if is_main {
                self.schema.top.push(id);
            }
        }
        self.enums(&file.enums, &file.package);
    }

    fn message(&mut self, message: &'a file::Message, scope: &str) -> usize {
        let name = joined(scope, &message.name);
        let id = self.schema.messages.len();
        self.schema.messages.push(Message {
            special: special(&name),
            name: name.as_str().into(),
            fields: Vec::new(),
            numbers: Vec::new(),
            nested: Vec::new(),
            map: message.map,
        });
        self.schema.names.entry(name.clone()).or_insert(id * 2);
        let nested: Vec<usize> = message.messages.iter().map(|nested| self.message(nested, &name)).collect();
        self.schema.messages[id].nested = nested;
        self.enums(&message.enums, &name);
        self.waiting.push((id, name, &message.fields));
        id
    }

    fn enums(&mut self, enums: &[file::Enum], scope: &str) {
        for found in enums {
            let name = joined(scope, &found.name);
            let is_null = name == "google.protobuf.NullValue";
            let id = self.schema.enums.len();
            let values = found.values.iter().map(|(name, number)| (name.as_str().into(), *number)).collect();
            self.schema.enums.push(Enum { values, is_null });
            self.schema.names.entry(name).or_insert(id * 2 + 1);
        }
    }

    fn fields(&mut self, id: usize, scope: &str, fields: &'a [file::Field]) -> Result<(), String> {
        for field in fields {
            let mut made = self.field(scope, field, field.name.as_str().into())?;
            made.oneof = made.oneof.filter(|oneof| *oneof < fields.len());
            let message = &mut self.schema.messages[id];
            message.numbers.push((field.number, message.fields.len()));
            message.fields.push(made);
        }
        Ok(())
    }

    fn field(&mut self, scope: &str, field: &file::Field, name: Box<str>) -> Result<Field, String> {
        let kind = match &field.type_of {
            Type::Scalar(scalar) => Kind::Scalar(*scalar),
            Type::Named(name) => match self.found(name, scope) {
                Some(Named::Message(id)) if field.is_repeated && self.schema.messages[id].map != MapEntry::No => {
                    Kind::Map(id)
                }
                Some(Named::Message(id)) => Kind::Message(id),
                Some(Named::Enum(id)) => Kind::Enum(id),
                None => return Err(format!("the type {name:?} of {scope}.{} is not defined", field.name)),
            },
        };
        let is_message = matches!(kind, Kind::Message(_));
        let has_presence = !field.is_repeated && (is_message || field.is_explicit || field.oneof.is_some());
        Ok(Field {
            name,
            kind,
            is_repeated: field.is_repeated,
            has_presence,
            oneof: field.oneof.map(|oneof| oneof as usize),
        })
    }

    /// What a name means inside a scope; files that were not needed are taken until one defines it.
    fn found(&mut self, name: &str, scope: &str) -> Option<Named> {
        loop {
            if let Some(found) = self.looked_up(name, scope) {
                return Some(found);
            }
            if !self.others.is_empty() {
                let file = self.others.remove(0);
                self.file(file, false);
                continue;
            }
            let (path, text) = known::FILES.get(self.known)?;
            self.known += 1;
            // They are whole and refer to each other by whole names only.
            if let Ok(file) = parse(path, &format!("{}{text}", known::SYNTAX)) {
                self.known_file(&file);
            }
        }
    }

    /// Takes a file that nobody gave: it does not live as long as the others, so its fields are looked up at once.
    fn known_file(&mut self, file: &File) {
        let mut inner = Linker {
            schema: std::mem::take(&mut self.schema),
            waiting: Vec::new(),
            others: Vec::new(),
            known: self.known,
        };
        inner.file(file, false);
        while let Some((id, scope, fields)) = inner.waiting.pop() {
            if inner.fields(id, &scope, fields).is_err() {
                break;
            }
        }
        self.known = inner.known;
        self.schema = inner.schema;
    }

    /// From the innermost scope to the outermost.
    fn looked_up(&self, name: &str, scope: &str) -> Option<Named> {
        if let Some(whole) = name.strip_prefix('.') {
            return self.schema.names.get(whole).copied().map(Named::of);
        }
        let mut scope = scope;
        loop {
            if let Some(found) = self.schema.names.get(&joined(scope, name)) {
                return Some(Named::of(*found));
            }
            if scope.is_empty() {
                return None;
            }
            scope = scope.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
    }

    /// The message of a name, if it is among those that are needed.
    fn loaded(&self, name: &str, scope: &str) -> Option<usize> {
        match self.looked_up(name, scope)? {
            Named::Message(id) => Some(id),
            Named::Enum(_) => None,
        }
    }
}

fn joined(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

fn special(name: &str) -> Special {
    let Some(name) = name.strip_prefix("google.protobuf.") else { return Special::No };
    match name {
        "Any" => Special::Any,
        "Duration" => Special::Duration,
        "FieldMask" => Special::FieldMask,
        "ListValue" => Special::List,
        "Struct" => Special::Struct,
        "Timestamp" => Special::Timestamp,
        "Value" => Special::Value,
        "DoubleValue" | "FloatValue" | "Int64Value" | "UInt64Value" | "Int32Value" | "UInt32Value" | "BoolValue"
        | "StringValue" | "BytesValue" => Special::Wrapper,
        _ => Special::No,
    }
}
