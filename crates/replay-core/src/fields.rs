//! Merging without reading a value: which record set each field of a state.
//!
//! Events of one form state the same fields, and merging an event into a state changes the state's *shape* (which members it has, in which
//! order) in a way that depends on the two alone. So a state is kept as the number of its shape and, for each field, the record that set
//! it. What a form does to a shape is found out once, by merging stand-ins with [`Node::merge`] itself, and looked up from then on: an
//! event costs a look-up and a number per field it states. Values are read only where a state is wanted as JSON, out of the few records
//! that are still in force.
//!
//! What this cannot do (projections that look at values, records whose form is not known, more shapes than are kept) it leaves to the
//! fold: it says `None`.

use crate::node::Node;
use crate::projection::{Projection, stated_fields};
use replay_log::log::Told;
use replay_log::{FormId, Json, Log, Payload, RecordIndex, scan};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::ops::Range;

/// Shapes and effects that are kept. States that are maps by id have no end of them.
const MAX_SHAPES: usize = 4096;
const MAX_EFFECTS: usize = 1 << 16;
const NEAR_SHAPES: usize = 256;
const NEAR_FORMS: usize = 32;
const NONE: u32 = u32::MAX;

/// The number of a shape in its [`FieldFold`]. 0 is no state at all.
pub(crate) type ShapeId = u32;

/// An entity's state after some of its events, as references.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Fields {
    pub(crate) shape: ShapeId,
    /// The record that set each field of the shape.
    pub(crate) set_by: Vec<RecordIndex>,
    pub(crate) version: u64,
    pub(crate) is_deleted: bool,
    pub(crate) last: Option<RecordIndex>,
}

/// What an event does to a state.
enum Effect {
    /// It is gone.
    Delete,
    /// It has other fields, or the same ones set by others.
    Change(Transition),
}

/// What an event does to the fields of a state.
struct Transition {
    to: ShapeId,
    /// For each field of the new shape the field that it was before; none if the event sets it.
    kept: Box<[Option<u32>]>,
    /// Only these fields are set and all others are where they were; none if the shape changed.
    set: Option<Box<[u32]>>,
}

/// Folds events to fields. Holds what it has found out of forms and shapes, so keep it for many entities of one log.
pub(crate) struct FieldFold {
    projection: Projection,
    shapes: Vec<Json>,
    n_fields: Vec<u32>,
    ids: FxHashMap<String, ShapeId>,
    effects: Vec<Effect>,
    numbers: FxHashMap<(ShapeId, FormId), u32>,
    /// The same for the first shapes and forms, which most events have: [`NONE`] where it is not known.
    near: Vec<[u32; NEAR_FORMS]>,
    /// What events of a form state, with the number of each field in the form; none if it is not known.
    stated: FxHashMap<FormId, Option<Json>>,
    /// For the fields of a shape the number of the same field in a form.
    picks: FxHashMap<(ShapeId, FormId), Box<[Option<u32>]>>,
    matches: FxHashMap<(ShapeId, ShapeId), Match>,
}

impl FieldFold {
    /// `None` for projections that need the values.
    pub(crate) fn new(projection: &Projection) -> Option<FieldFold> {
        if !matches!(projection, Projection::Latest | Projection::Merge | Projection::Status) {
            return None;
        }
        Some(FieldFold {
            projection: projection.clone(),
            shapes: vec![Json::Null],
            n_fields: vec![0],
            ids: FxHashMap::default(),
            effects: Vec::new(),
            numbers: FxHashMap::default(),
            near: Vec::new(),
            stated: FxHashMap::default(),
            picks: FxHashMap::default(),
            matches: FxHashMap::default(),
        })
    }

    /// The fields after these events; `None` if only the fold can tell.
    pub(crate) fn fold(&mut self, log: &Log, events: &[RecordIndex]) -> Option<Fields> {
        self.fold_on(Fields::default(), log, events)
    }

    /// The same, from a state on.
    pub(crate) fn fold_on(&mut self, state: Fields, log: &Log, events: &[RecordIndex]) -> Option<Fields> {
        self.fold_told(state, log, events, &|record| log.told(record))
    }

    /// The same for who knows already what the index tells.
    pub(crate) fn fold_told(
        &mut self,
        mut state: Fields,
        log: &Log,
        events: &[RecordIndex],
        told: &impl Fn(RecordIndex) -> Told,
    ) -> Option<Fields> {
        let mut before = Vec::new();
        for &event in events {
            state.last = Some(event);
            let told = told(event);
            if told.effect() == replay_log::log::Effect::Nothing {
                continue;
            }
            state.version += 1;
            let effect = if told.effect() == replay_log::log::Effect::Delete {
                &Effect::Delete
            } else {
                self.effect(log, state.shape, told.form()?)?
            };
            let Effect::Change(transition) = effect else {
                state.shape = 0;
                state.set_by.clear();
                state.is_deleted = true;
                continue;
            };
            state.is_deleted = false;
            state.shape = transition.to;
            if let Some(set) = &transition.set {
                for &field in set {
                    state.set_by[field as usize] = event;
                }
            } else {
                std::mem::swap(&mut before, &mut state.set_by);
                let kept = transition.kept.iter();
                state.set_by.clear();
                state.set_by.extend(kept.map(|old| old.map_or(event, |old| before[old as usize])));
            }
        }
        Some(state)
    }

    /// What the form does to the shape; `None` if that is not known.
    fn effect(&mut self, log: &Log, from: ShapeId, form: FormId) -> Option<&Effect> {
        let near = self.near.get(from as usize).and_then(|row| row.get(form as usize)).copied().unwrap_or(NONE);
        if near != NONE {
            return self.effects.get(near as usize);
        }
        let number = match self.numbers.get(&(from, form)) {
            Some(&number) => number,
            None if self.effects.len() >= MAX_EFFECTS => return None,
            None => {
                let found = self.find_out(log, from, form)?;
                self.effects.push(found);
                let number = self.effects.len() as u32 - 1;
                self.numbers.insert((from, form), number);
                number
            }
        };
        if (from as usize) < NEAR_SHAPES && (form as usize) < NEAR_FORMS {
            let rows = self.near.len().max(from as usize + 1);
            self.near.resize(rows, [NONE; NEAR_FORMS]);
            self.near[from as usize][form as usize] = number;
        }
        self.effects.get(number as usize)
    }

    fn find_out(&mut self, log: &Log, from: ShapeId, form: FormId) -> Option<Effect> {
        let stated = self.stated(log, form)?;
        if *stated == Json::Null {
            return Some(Effect::Delete);
        }
        // Fields of the event are told from those of the state by standing there as texts.
        let event = marked(stated);
        let after = if self.projection == Projection::Latest {
            event
        } else {
            let mut node = match from {
                0 => Node::empty_object(0),
                shape => Node::new(&self.shapes[shape as usize], 0),
            };
            node.merge(&event, 1);
            node.to_json()
        };
        let mut kept = Vec::new();
        let shape = numbered(&after, &mut kept);
        let to = self.shape(shape, kept.len())?;
        let is_in_place = |(n, old): (usize, &Option<u32>)| old.is_none_or(|old| old as usize == n);
        let set = (to == from && kept.iter().enumerate().all(is_in_place))
            .then(|| (0..kept.len() as u32).filter(|&n| kept[n as usize].is_none()).collect());
        Some(Effect::Change(Transition { to, kept: kept.into(), set }))
    }

    /// How many fields a shape has.
    pub(crate) fn n_fields(&self, shape: ShapeId) -> usize {
        self.n_fields.get(shape as usize).map_or(0, |&n| n as usize)
    }

    fn shape(&mut self, shape: Json, n_fields: usize) -> Option<ShapeId> {
        let text = shape.to_text();
        if let Some(&id) = self.ids.get(&text) {
            return Some(id);
        }
        if self.shapes.len() >= MAX_SHAPES {
            return None;
        }
        let id = self.shapes.len() as ShapeId;
        self.shapes.push(shape);
        self.n_fields.push(n_fields as u32);
        self.ids.insert(text, id);
        Some(id)
    }

    fn stated(&mut self, log: &Log, form: FormId) -> Option<&Json> {
        let projection = &self.projection;
        let read = || {
            let form = Json::parse(log.form_text(form).as_bytes()).ok()?;
            Some(match form {
                Json::Object(members) if *projection == Projection::Status => Json::Object(stated_fields(&members).0),
                form => form,
            })
        };
        self.stated.entry(form).or_insert_with(read).as_ref()
    }

    /// The state as JSON: what the records in force say in its fields.
    pub(crate) fn json(&mut self, log: &Log, fields: &Fields) -> Option<Json> {
        if fields.shape == 0 {
            return None;
        }
        let mut values: Vec<Json> = vec![Json::Null; fields.set_by.len()];
        let mut is_done = vec![false; fields.set_by.len()];
        let mut parts = Vec::new();
        for n in 0..fields.set_by.len() {
            if is_done[n] {
                continue;
            }
            let record = fields.set_by[n];
            let form = log.form(record)?;
            let picks = self.picks(log, fields.shape, form)?;
            let Payload::Bytes(value) = log.value(record) else { return None };
            parts.clear();
            split(&value, log.form_text(form).as_bytes(), &mut parts)?;
            for m in (n..fields.set_by.len()).filter(|&m| fields.set_by[m] == record) {
                let part = parts.get(picks[m]? as usize)?.clone();
                values[m] = Json::parse(&value[part]).ok()?;
                is_done[m] = true;
            }
        }
        let mut values = values.into_iter();
        Some(filled(self.shapes.get(fields.shape as usize)?, &mut values))
    }

    /// Whether two states show the same value, as [`crate::is_same`] tells it of full ones. Values are read only where different records
    /// set a field, and no further than to the first that differs. `None` if only the fold can tell.
    pub(crate) fn is_same(&mut self, log: &Log, a: &Fields, b: &Fields) -> Option<bool> {
        match (a.shape, b.shape) {
            (0, 0) => return Some(a.is_deleted == b.is_deleted),
            (0, _) | (_, 0) => return Some(false),
            (one, other) if one == other && a.set_by == b.set_by => return Some(true),
            _ => {}
        }
        let is_object = |shape: ShapeId| matches!(self.shapes.get(shape as usize), Some(Json::Object(_)));
        if !is_object(a.shape) || !is_object(b.shape) {
            return None;
        }
        let Match::Fields(fields) = self.matched(a.shape, b.shape)? else { return Some(false) };
        let fields = fields.clone();
        let (mut left, mut right) = (None::<Cut<'_>>, None::<Cut<'_>>);
        for (n, &m) in fields.iter().enumerate() {
            let (one, other) = (a.set_by[n], b.set_by[m as usize]);
            if one == other {
                continue;
            }
            if left.as_ref().is_none_or(|cut| cut.record != one) {
                left = Some(Cut::of(log, one)?);
            }
            if right.as_ref().is_none_or(|cut| cut.record != other) {
                right = Some(Cut::of(log, other)?);
            }
            let one = self.field(log, a.shape, n, left.as_ref()?)?;
            let other = self.field(log, b.shape, m as usize, right.as_ref()?)?;
            if one != other && Json::parse(one).ok()?.canonical() != Json::parse(other).ok()?.canonical() {
                return Some(false);
            }
        }
        Some(true)
    }

    /// The text of a shape's field in the record that set it.
    fn field<'a>(&mut self, log: &Log, shape: ShapeId, field: usize, cut: &'a Cut<'_>) -> Option<&'a [u8]> {
        let part = (*self.picks(log, shape, cut.form)?.get(field)?)?;
        cut.value.get(cut.parts.get(part as usize)?.clone())
    }

    fn matched(&mut self, a: ShapeId, b: ShapeId) -> Option<&Match> {
        if !self.matches.contains_key(&(a, b)) {
            if self.matches.len() >= MAX_EFFECTS {
                return None;
            }
            let found = matched(self.shapes.get(a as usize)?, self.shapes.get(b as usize)?);
            self.matches.insert((a, b), found);
        }
        self.matches.get(&(a, b))
    }

    /// The first of these top-level fields (in lower case) that the state has, by its number, and the record that set it.
    pub(crate) fn telling(&self, fields: &Fields, names: &[&str]) -> Option<(usize, RecordIndex)> {
        let Json::Object(members) = self.shapes.get(fields.shape as usize)? else { return None };
        let field = names.iter().find_map(|name| {
            members.iter().find_map(|(member, value)| match value {
                Json::Number(field) if member.to_lowercase() == *name => field.parse::<usize>().ok(),
                _ => None,
            })
        })?;
        Some((field, *fields.set_by.get(field)?))
    }

    /// What the state says in that field, read out of the one record that set it.
    pub(crate) fn named(&mut self, log: &Log, fields: &Fields, names: &[&str]) -> Option<Json> {
        let (field, record) = self.telling(fields, names)?;
        let form = log.form(record)?;
        let pick = *self.picks(log, fields.shape, form)?.get(field)?;
        let Payload::Bytes(value) = log.value(record) else { return None };
        let mut parts = Vec::new();
        split(&value, log.form_text(form).as_bytes(), &mut parts)?;
        Json::parse(&value[parts.get(pick? as usize)?.clone()]).ok()
    }

    fn picks(&mut self, log: &Log, shape: ShapeId, form: FormId) -> Option<&[Option<u32>]> {
        if !self.picks.contains_key(&(shape, form)) {
            let stated = self.stated(log, form)?.clone();
            let mut picks = Vec::new();
            pick(self.shapes.get(shape as usize)?, Some(&stated), &mut picks);
            self.picks.insert((shape, form), picks.into());
        }
        self.picks.get(&(shape, form)).map(AsRef::as_ref)
    }
}

/// A record's value, cut into the fields of its form.
struct Cut<'a> {
    record: RecordIndex,
    form: FormId,
    value: Cow<'a, [u8]>,
    parts: Vec<Range<usize>>,
}

impl<'a> Cut<'a> {
    fn of(log: &'a Log, record: RecordIndex) -> Option<Cut<'a>> {
        let form = log.form(record)?;
        let Payload::Bytes(value) = log.value(record) else { return None };
        let mut parts = Vec::new();
        split(&value, log.form_text(form).as_bytes(), &mut parts)?;
        Some(Cut { record, form, value, parts })
    }
}

/// How the fields of one shape lie in another.
enum Match {
    /// Other members: no two states of these shapes are the same.
    None,
    /// For each field of the first shape the same field of the second.
    Fields(Box<[u32]>),
}

/// Paths of all members, sorted, each with its field; none for a null or an empty object.
fn paths(shape: &Json, path: &mut String, found: &mut Vec<(String, Option<u32>)>) {
    match shape {
        Json::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let length = path.len();
                crate::diff::push_token(path, name);
                paths(value, path, found);
                path.truncate(length);
            }
        }
        Json::Number(n) => found.push((format!("{path} field"), n.parse().ok())),
        Json::Null => found.push((format!("{path} null"), None)),
        _ => found.push((format!("{path} empty"), None)),
    }
}

fn matched(a: &Json, b: &Json) -> Match {
    let sorted = |shape: &Json| {
        let mut found = Vec::new();
        paths(shape, &mut String::new(), &mut found);
        found.sort();
        found
    };
    let (a, b) = (sorted(a), sorted(b));
    if a.len() != b.len() || a.iter().zip(&b).any(|(a, b)| a.0 != b.0) {
        return Match::None;
    }
    let mut fields: Vec<(u32, u32)> = a.iter().zip(&b).filter_map(|(a, b)| Some((a.1?, b.1?))).collect();
    fields.sort_unstable();
    Match::Fields(fields.into_iter().map(|(_, b)| b).collect())
}

/// Numbers become texts.
fn marked(form: &Json) -> Json {
    match form {
        Json::Number(n) => Json::String(n.clone()),
        Json::Object(members) => {
            Json::Object(members.iter().map(|(name, value)| (name.clone(), marked(value))).collect())
        }
        other => other.clone(),
    }
}

/// The shape of a merged state: its fields numbered anew. `kept` tells what each was: a field of the state before, or one of the event.
fn numbered(merged: &Json, kept: &mut Vec<Option<u32>>) -> Json {
    match merged {
        Json::Object(members) => {
            Json::Object(members.iter().map(|(name, value)| (name.clone(), numbered(value, kept))).collect())
        }
        Json::Null => Json::Null,
        field => {
            let number = Json::Number(kept.len().to_string().into());
            kept.push(match field {
                Json::Number(old) => old.parse().ok(),
                _ => None,
            });
            number
        }
    }
}

/// For each field of the shape the number of the form's field at the same place.
fn pick(shape: &Json, form: Option<&Json>, picks: &mut Vec<Option<u32>>) {
    match shape {
        Json::Object(members) => {
            for (name, value) in members {
                pick(value, form.and_then(|form| form.get(name)), picks);
            }
        }
        Json::Null => {}
        _ => picks.push(match form {
            Some(Json::Number(n)) => n.parse().ok(),
            _ => None,
        }),
    }
}

/// The shape with values in the place of its fields.
fn filled(shape: &Json, values: &mut impl Iterator<Item = Json>) -> Json {
    match shape {
        Json::Object(members) => {
            Json::Object(members.iter().map(|(name, value)| (name.clone(), filled(value, values))).collect())
        }
        Json::Null => Json::Null,
        _ => values.next().unwrap_or_default(),
    }
}

/// Where each field of a value lies, in the order of its form. `None` if the value has not that form.
fn split(value: &[u8], form: &[u8], parts: &mut Vec<Range<usize>>) -> Option<()> {
    split_at(value, scan::skip_ws(value, 0), form.first()? == &b'{', form, &mut 0, parts)
}

fn split_at(
    value: &[u8],
    at: usize,
    is_object: bool,
    form: &[u8],
    form_at: &mut usize,
    parts: &mut Vec<Range<usize>>,
) -> Option<()> {
    if !is_object {
        let end = scan::value_end(form, *form_at).ok()?;
        if form.get(*form_at) != Some(&b'n') {
            parts.push(at..scan::value_end(value, at).ok()?);
        }
        *form_at = end;
        return Some(());
    }
    // Forms have no blanks, so what stands where is known: `{`, `"name":`, the field, `,` or `}`.
    *form_at += 1;
    for member in scan::members(value, at) {
        let member = member.ok()?;
        if form.get(*form_at) == Some(&b',') {
            *form_at += 1;
        }
        *form_at += member.name.len() + 3;
        let is_object = form.get(*form_at)? == &b'{';
        split_at(value, member.value.start, is_object, form, form_at, parts)?;
    }
    (form.get(*form_at) == Some(&b'}')).then(|| *form_at += 1)
}
