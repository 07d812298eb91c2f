//! A loaded log: the bytes once, a few packed columns per record, and for each entity the list of its records.

use crate::abridge::{Abridged, LONG, abridged as abridged_record};
use crate::columns::PackedColumn;
use crate::footprint::Footprint;
use crate::keys::{Batch, Interner, Prefix};
use crate::part::{Part, new_texts};
use crate::record::{Brief, Payload, Record, RecordKind};
use crate::scan::equal;
use crate::text::{Piece, Text};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A record's place in the log's own order: in every partition ascending by offset, across partitions as the file had them.
pub type RecordIndex = u32;
/// An entity's number, in order of first appearance.
pub type EntityId = u32;
/// An event type's number, in order of first appearance.
pub type TypeId = u32;
/// The number of a form; see [`Log::form`].
pub type FormId = u32;
/// A partition's index in [`Log::partitions`].
pub type PartitionId = u32;

/// Turns the text of one record into the record. What was accepted when the log was built never fails later; garbage gives an empty record.
pub trait Decode: Send + Sync {
    /// The record in `raw`.
    fn decode<'a>(&'a self, raw: &'a [u8]) -> Record<'a>;

    /// Whether all text of a record, of its key, headers and value, stands in `raw` as it is, apart from JSON's escapes and from members
    /// that are named after base64. What names the entity may stand elsewhere.
    fn is_verbatim(&self) -> bool {
        false
    }

    /// The name of the record's member that holds the value, or an empty text if the record is nothing but its value; `None` if it is not
    /// as simple as that.
    fn value_member(&self) -> Option<&str> {
        None
    }

    /// What [`Brief`] holds of the record in `raw`, shown to `look`. Readers that can do that faster than the whole record say how;
    /// `scratch` is a buffer that they may use, kept from one record to the next.
    fn brief(&self, raw: &[u8], _scratch: &mut Vec<u8>, look: &mut dyn FnMut(&Brief<'_>)) {
        look(&Brief::of(&self.decode(raw)));
    }

    /// Only its value. Readers that can do that faster than the whole record say how.
    fn value<'a>(&'a self, raw: &'a [u8]) -> Payload<'a> {
        self.decode(raw).value
    }
}

/// A partition that occurs in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionInfo {
    /// Empty if unknown.
    pub topic: String,
    /// The broker's number; 0 if unknown.
    pub partition: u32,
    /// First offset that occurs.
    pub start: i64,
    /// Last offset that occurs + 1.
    pub end: i64,
    /// Records in it.
    pub records: u64,
}

/// Bytes of memory that a log holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryUse {
    /// The text itself.
    pub bytes: usize,
    /// Columns, keys and posting lists.
    pub index: usize,
}

/// Where records come from: the text and how to read it.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) decoder: Arc<dyn Decode>,
    pub(crate) text: Text,
}

/// What is known of each record, whatever the key is.
#[derive(Clone, Default)]
pub(crate) struct Columns {
    pub(crate) source: PackedColumn,
    pub(crate) start: PackedColumn,
    pub(crate) length: PackedColumn,
    pub(crate) partition: PackedColumn,
    pub(crate) offset: PackedColumn,
    pub(crate) timestamp_ms: PackedColumn,
    pub(crate) event_type: PackedColumn,
    pub(crate) flags: PackedColumn,
    pub(crate) form: PackedColumn,
}

/// Bits of the column `flags`.
pub(crate) const CONTROL: i64 = 1;
pub(crate) const TOMBSTONE: i64 = 2;
pub(crate) const ABSENT: i64 = 4;
pub(crate) const ABORTED: i64 = 8;

impl Columns {
    pub(crate) fn all(&self) -> [&PackedColumn; 9] {
        [
            &self.source,
            &self.start,
            &self.length,
            &self.partition,
            &self.offset,
            &self.timestamp_ms,
            &self.event_type,
            &self.flags,
            &self.form,
        ]
    }

    pub(crate) fn all_mut(&mut self) -> [&mut PackedColumn; 9] {
        [
            &mut self.source,
            &mut self.start,
            &mut self.length,
            &mut self.partition,
            &mut self.offset,
            &mut self.timestamp_ms,
            &mut self.event_type,
            &mut self.flags,
            &mut self.form,
        ]
    }

    /// The same records in another order, or fewer of them.
    pub(crate) fn picked(&self, order: &[u32]) -> Columns {
        let mut picked = Columns::default();
        for (from, to) in self.all().into_iter().zip(picked.all_mut()) {
            to.extend(order.iter().map(|&record| from.get(record as usize)));
        }
        picked
    }
}

/// Everything that does not depend on which key is chosen.
#[derive(Clone, Default)]
pub(crate) struct Base {
    pub(crate) sources: Vec<Arc<Source>>,
    pub(crate) columns: Columns,
    pub(crate) partitions: Vec<PartitionInfo>,
    pub(crate) types: Interner,
    pub(crate) forms: Interner,
    pub(crate) type_counts: Vec<u64>,
    pub(crate) tombstones: u64,
    pub(crate) n_changes: u64,
    pub(crate) n_deletes: u64,
    pub(crate) has_estimated_offsets: bool,
    pub(crate) first_timestamp_ms: Option<i64>,
    pub(crate) last_timestamp_ms: Option<i64>,
}

/// Who the records are about. Built by [`EntitiesBuilder`].
#[derive(Clone, Default)]
pub(crate) struct Entities {
    /// Topic, NUL, key.
    pub(crate) names: Interner,
    /// The first entity of each record.
    pub(crate) of_record: PackedColumn,
    /// Further entities of records that change several rows, ascending by record.
    pub(crate) more: Vec<(RecordIndex, EntityId)>,
    pub(crate) truncates: Vec<(RecordIndex, String)>,
    /// Entity e's records are `list[starts[e]..starts[e + 1]]`.
    pub(crate) starts: Vec<u32>,
    pub(crate) list: Vec<RecordIndex>,
    pub(crate) without_entity: u64,
    /// All records of those entities that got some since `list` was laid out.
    pub(crate) beside: FxHashMap<EntityId, Vec<RecordIndex>>,
    /// How many of them `list` does not hold.
    pub(crate) n_beside: usize,
}

/// An entity's records in the common list.
pub(crate) fn common<'a>(starts: &[u32], list: &'a [RecordIndex], entity: EntityId) -> &'a [RecordIndex] {
    let entity = entity as usize;
    match (starts.get(entity), starts.get(entity + 1)) {
        (Some(start), Some(end)) => &list[*start as usize..*end as usize],
        _ => &[],
    }
}

impl Entities {
    /// The entities that a record touches.
    pub(crate) fn of(&self, record: RecordIndex) -> impl Iterator<Item = EntityId> + '_ {
        let first = self.of_record.get(record as usize).map(|entity| entity as u32);
        let from = self.more.partition_point(|(r, _)| *r < record);
        let more = self.more[from..].iter().take_while(move |(r, _)| *r == record).map(|(_, entity)| *entity);
        first.into_iter().chain(more)
    }

    /// The tables that a record empties.
    pub(crate) fn truncates_of(&self, record: RecordIndex) -> &[(RecordIndex, String)] {
        let from = self.truncates.partition_point(|(r, _)| *r < record);
        let until = self.truncates.partition_point(|(r, _)| *r <= record);
        &self.truncates[from..until]
    }
}

/// Collects entities record by record, in the order of the log.
#[derive(Clone, Default)]
pub(crate) struct EntitiesBuilder {
    names: Interner,
    of_record: PackedColumn,
    more: Vec<(RecordIndex, EntityId)>,
    truncates: Vec<(RecordIndex, String)>,
    topics: Topics,
    without_entity: u64,
    /// Names that parts have told.
    told: usize,
    waiting: Waiting,
}

/// A topic, and what the names of its entities begin with.
#[derive(Clone)]
struct Topic {
    name: String,
    prefix: String,
    /// How many were there before.
    number: u32,
}

/// Topics of the last records.
#[derive(Clone, Default)]
struct Topics {
    known: Vec<Topic>,
    /// The place of the last record's.
    at: usize,
    /// How many there have been, some of them forgotten since.
    made: u32,
}

/// Topics whose beginnings are kept.
const MANY_TOPICS: usize = 16;

impl Topics {
    /// What the names of a topic's entities begin with.
    #[inline]
    fn prefix(&mut self, topic: &str) -> Prefix<'_> {
        let is_it = |known: &Topic| equal(known.name.as_bytes(), topic.as_bytes());
        if !self.known.get(self.at).is_some_and(is_it) {
            self.at = self.known.iter().position(is_it).unwrap_or(self.known.len());
        }
        if self.at == self.known.len() {
            if self.at >= MANY_TOPICS {
                self.known.clear();
                self.at = 0;
            }
            let prefix = topic.chars().filter(|c| *c != '\0').chain(['\0']).collect();
            self.known.push(Topic { name: topic.to_owned(), prefix, number: self.made });
            self.made += 1;
        }
        let Topic { prefix, number, .. } = &self.known[self.at];
        Prefix { text: prefix, number: *number }
    }
}

/// The last records, whose entities are interned together; see [`Interner::intern_all`].
#[derive(Clone, Default)]
struct Waiting {
    names: Batch,
    /// Whether each record has an entity.
    has_entity: Vec<bool>,
    ids: Vec<EntityId>,
}

/// Records that wait: enough for the processor to look for many names at once, few enough to stay in its nearest cache.
const TOGETHER: usize = 128;

impl EntitiesBuilder {
    /// Moves what was taken since the last part into `part`.
    pub(crate) fn take_part(&mut self, part: &mut Part) {
        self.settle();
        part.names = new_texts(&self.names, &mut self.told);
        part.of_record = std::mem::take(&mut self.of_record);
        part.more = std::mem::take(&mut self.more);
        part.truncates = std::mem::take(&mut self.truncates);
        part.without_entity = std::mem::take(&mut self.without_entity);
    }

    /// Takes the records of a part behind its own.
    pub(crate) fn append(&mut self, part: &Part, names: &mut Vec<u32>) {
        self.settle();
        let before = self.of_record.len() as u32;
        names.extend(part.names.iter().map(|name| self.names.intern(name)));
        let translated = |entity: i64| names.get(entity as usize).map_or(0, |&entity| i64::from(entity));
        self.of_record.append(&part.of_record, translated);
        self.more
            .extend(part.more.iter().map(|&(record, entity)| (before + record, translated(i64::from(entity)) as u32)));
        self.truncates.extend(part.truncates.iter().map(|(record, table)| (before + record, table.clone())));
        self.without_entity += part.without_entity;
    }

    /// What it takes of memory.
    pub(crate) fn footprint(&self) -> Footprint {
        let pairs = (self.len() as u64).saturating_sub(self.without_entity) + self.more.len() as u64;
        Footprint {
            entities: self.names.len() as u64,
            postings: pairs,
            index: (self.names.memory() + self.of_record.memory() + self.more.capacity() * size_of::<(u32, u32)>())
                as u64,
            growth: self.names.growth(),
            ..Footprint::default()
        }
    }

    /// Records taken so far.
    fn len(&self) -> usize {
        self.of_record.len() + self.waiting.has_entity.len()
    }

    fn intern(&mut self, topic: &str, name: &str) -> EntityId {
        let prefix = self.topics.prefix(topic);
        self.names.intern(&[prefix.text, name].concat())
    }

    /// Takes the next record, which belongs to this entity or to none.
    #[inline]
    pub(crate) fn push_one(&mut self, topic: &str, entity: Option<&str>) {
        if let Some(name) = entity {
            let prefix = self.topics.prefix(topic);
            if !self.waiting.names.push(prefix, name) {
                self.settle();
                let id = self.intern(topic, name);
                self.of_record.push(Some(i64::from(id)));
                return;
            }
        }
        self.without_entity += u64::from(entity.is_none());
        self.waiting.has_entity.push(entity.is_some());
        if self.waiting.has_entity.len() == TOGETHER {
            self.settle();
        }
    }

    /// Interns the names that wait.
    fn settle(&mut self) {
        let Waiting { names, has_entity, ids } = &mut self.waiting;
        if has_entity.is_empty() {
            return;
        }
        ids.clear();
        self.names.intern_all(names, ids);
        let mut ids = ids.iter().copied();
        for has_entity in has_entity.drain(..) {
            self.of_record.push(if has_entity { ids.next().map(i64::from) } else { None });
        }
    }

    /// Takes the next record; `name_of` overrides the record's own entity.
    pub(crate) fn push(&mut self, record: &Record<'_>) {
        if record.changes.is_empty() {
            self.push_one(&record.topic, record.entity.as_deref());
            return;
        }
        self.settle();
        let index = self.of_record.len() as u32;
        let mut first = None;
        let more_before = self.more.len();
        for change in &record.changes {
            let Some(name) = change.entity.as_deref() else {
                self.truncates.push((index, change.table.clone().into_owned()));
                continue;
            };
            let entity = self.intern(&record.topic, name);
            if first.is_none() {
                first = Some(entity);
            } else if first != Some(entity) && !self.more[more_before..].contains(&(index, entity)) {
                self.more.push((index, entity));
            }
        }
        self.without_entity += u64::from(first.is_none());
        self.of_record.push(first.map(i64::from));
    }

    /// Takes a record of another log as its next; `ids` are the names that were taken from there before.
    pub(crate) fn take(&mut self, from: &Entities, record: RecordIndex, ids: &mut [Option<EntityId>]) {
        self.settle();
        let index = self.of_record.len() as u32;
        let mut first = None;
        for entity in from.of(record) {
            let known = &mut ids[entity as usize];
            let entity = *known.get_or_insert_with(|| self.names.intern(from.names.get(entity)));
            if first.is_none() {
                first = Some(entity);
            } else {
                self.more.push((index, entity));
            }
        }
        let truncates = from.truncates_of(record).iter();
        self.truncates.extend(truncates.map(|(_, table)| (index, table.clone())));
        self.without_entity += u64::from(first.is_none());
        self.of_record.push(first.map(i64::from));
    }

    /// The same for records in another order: `order[new] = old`.
    pub(crate) fn picked(mut self, order: &[u32]) -> EntitiesBuilder {
        self.settle();
        let mut of_record = PackedColumn::new();
        of_record.extend(order.iter().map(|&old| self.of_record.get(old as usize)));
        let mut more = Vec::new();
        let mut truncates = Vec::new();
        if !self.more.is_empty() || !self.truncates.is_empty() {
            for (new, old) in order.iter().enumerate() {
                let from = self.more.partition_point(|(record, _)| record < old);
                more.extend(self.more[from..].iter().take_while(|(r, _)| r == old).map(|(_, e)| (new as u32, *e)));
                let from = self.truncates.partition_point(|(record, _)| record < old);
                let here = self.truncates[from..].iter().take_while(|(r, _)| r == old);
                truncates.extend(here.map(|(_, table)| (new as u32, table.clone())));
            }
        }
        let without_entity = of_record.iter().filter(Option::is_none).count() as u64;
        EntitiesBuilder { names: self.names, of_record, more, truncates, without_entity, ..EntitiesBuilder::default() }
    }

    pub(crate) fn finish(mut self) -> Entities {
        self.settle();
        let n = self.names.len();
        let mut starts = vec![0_u32; n + 1];
        let firsts = || self.of_record.iter().enumerate().filter_map(|(record, e)| Some((record as u32, e? as usize)));
        for (_, entity) in firsts() {
            starts[entity + 1] += 1;
        }
        for (_, entity) in &self.more {
            starts[*entity as usize + 1] += 1;
        }
        for entity in 0..n {
            starts[entity + 1] += starts[entity];
        }
        let mut next = starts.clone();
        let mut list = vec![0; starts[n] as usize];
        let mut put = |record: u32, entity: usize| {
            list[next[entity] as usize] = record;
            next[entity] += 1;
        };
        let mut more = self.more.iter().peekable();
        for (record, entity) in self.of_record.iter().enumerate() {
            if let Some(entity) = entity {
                put(record as u32, entity as usize);
            }
            while let Some((_, entity)) = more.next_if(|(r, _)| *r as usize == record) {
                put(record as u32, *entity as usize);
            }
        }
        Entities {
            names: self.names,
            of_record: self.of_record,
            more: self.more,
            truncates: self.truncates,
            starts,
            list,
            without_entity: self.without_entity,
            beside: FxHashMap::default(),
            n_beside: 0,
        }
    }

    /// What was built once, to be laid out anew.
    pub(crate) fn of(built: Entities) -> EntitiesBuilder {
        let Entities { names, of_record, more, truncates, without_entity, .. } = built;
        EntitiesBuilder { names, of_record, more, truncates, without_entity, ..EntitiesBuilder::default() }
    }
}

/// What a record can do to a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It is never applied, or its value is not known.
    Nothing,
    /// It deletes.
    Delete,
    /// Its value says.
    Value,
}

fn effect_of(flags: i64) -> Effect {
    if flags & (CONTROL | ABORTED | ABSENT) != 0 {
        Effect::Nothing
    } else if flags & TOMBSTONE != 0 {
        Effect::Delete
    } else {
        Effect::Value
    }
}

/// What a record can do to a state, and its value's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told(u32);

impl Told {
    const NOTHING: u32 = u32::MAX;
    const DELETE: u32 = u32::MAX - 1;
    const UNKNOWN: u32 = u32::MAX - 2;

    #[inline]
    fn new(effect: Effect, form: Option<FormId>) -> Told {
        Told(match effect {
            Effect::Nothing => Told::NOTHING,
            Effect::Delete => Told::DELETE,
            Effect::Value => form.filter(|form| *form < Told::UNKNOWN).unwrap_or(Told::UNKNOWN),
        })
    }

    /// What it can do.
    #[inline]
    pub fn effect(self) -> Effect {
        match self.0 {
            Told::NOTHING => Effect::Nothing,
            Told::DELETE => Effect::Delete,
            _ => Effect::Value,
        }
    }

    /// The form of a value, if it is known.
    #[inline]
    pub fn form(self) -> Option<FormId> {
        (self.0 < Told::UNKNOWN).then_some(self.0)
    }
}

/// What the index tells of all records, in their order: a byte each where there are few forms, as almost always, else four.
#[derive(Debug)]
pub struct AllTold(Width);

#[derive(Debug)]
enum Width {
    Narrow(Vec<u8>),
    Wide(Vec<Told>),
}

impl AllTold {
    /// Forms that fit beside what has none.
    const FORMS: usize = 253;

    #[inline]
    fn widened(byte: u8) -> Told {
        // The last three numbers of a byte stand for the last three of a word.
        Told(if usize::from(byte) < AllTold::FORMS { u32::from(byte) } else { u32::MAX - u32::from(u8::MAX - byte) })
    }

    /// Of one record, if there is such a one.
    #[inline]
    pub fn get(&self, record: RecordIndex) -> Option<Told> {
        match &self.0 {
            Width::Narrow(told) => told.get(record as usize).map(|&byte| AllTold::widened(byte)),
            Width::Wide(told) => told.get(record as usize).copied(),
        }
    }
}

/// A log, immutable. What-ifs are overlays elsewhere. Cloning shares everything.
#[derive(Clone, Default)]
pub struct Log {
    pub(crate) base: Arc<Base>,
    pub(crate) entities: Arc<Entities>,
    /// Long records are given as these.
    pub(crate) abridged: Option<Arc<Abridged>>,
}

impl Log {
    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.base.columns.start.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same log, whose [`Log::record`] and [`Log::value`] cut what is long in records of more than 4 MB: enough for who looks at it.
    /// Values that differ still do, and equal ones are equal; but a program that counts letters, a patch of an element that was left away,
    /// a hash and an export want [`Log::whole`].
    #[must_use]
    pub fn abridged(mut self) -> Log {
        self.abridged.get_or_insert_default();
        self
    }

    /// The same log, with records as they are.
    #[must_use]
    pub fn whole(&self) -> Log {
        Log { abridged: None, ..self.clone() }
    }

    /// Whether a record is given cut. Costs a look at each block of the lengths.
    pub fn is_abridged(&self) -> bool {
        self.abridged.is_some() && self.base.columns.length.has_above(LONG as i64)
    }

    /// Whether this record is given cut.
    pub fn is_cut(&self, record: RecordIndex) -> bool {
        self.abridged.is_some() && self.length(record) > LONG
    }

    fn length(&self, record: RecordIndex) -> usize {
        self.base.columns.length.get(record as usize).unwrap_or(0) as usize
    }

    /// The record as those who look at it get it, if it is long.
    fn cut(&self, record: RecordIndex) -> Option<Arc<Record<'static>>> {
        let abridged = self.abridged.as_ref().filter(|_| self.length(record) > LONG)?;
        let columns = &self.base.columns;
        let place = (columns.source.get(record as usize)?, columns.start.get(record as usize)?);
        abridged.record(place, || {
            let (source, raw) = self.source_and_raw(record)?;
            Some(abridged_record(source.decoder.decode(&raw)))
        })
    }

    /// The text of a record; empty if there is no such record.
    pub fn raw(&self, record: RecordIndex) -> Piece<'_> {
        self.source_and_raw(record).map_or(Piece::Held(&[]), |(_, raw)| raw)
    }

    #[inline]
    fn source_and_raw(&self, record: RecordIndex) -> Option<(&Source, Piece<'_>)> {
        let columns = &self.base.columns;
        let record = record as usize;
        let source = self.base.sources.get(columns.source.get(record)? as usize)?;
        let raw = source.text.piece(columns.start.get(record)? as u64, columns.length.get(record)? as usize);
        Some((source, raw))
    }

    /// Whether a look at a record costs no read of a file.
    pub fn is_at_hand(&self) -> bool {
        self.texts().all(Text::is_at_hand)
    }

    /// These records are going to be looked at, one after the other: their text is read at once where it is elsewhere.
    pub fn look_ahead(&self, records: &[RecordIndex]) {
        let columns = &self.base.columns;
        for (number, source) in self.base.sources.iter().enumerate() {
            if matches!(source.text, Text::Held(_)) {
                continue;
            }
            let pieces = records.iter().filter_map(|&record| {
                let record = record as usize;
                let start = columns.start.get(record)? as u64;
                let is_here = columns.source.get(record)? as usize == number;
                is_here.then_some(start..start + columns.length.get(record)? as u64)
            });
            source.text.look_ahead(&mut pieces.collect());
        }
    }

    /// A record in full, decoded now. Costs a pass over its text, and a copy of it where the text is elsewhere.
    pub fn record(&self, record: RecordIndex) -> Record<'_> {
        if let Some(cut) = self.cut(record) {
            return Record::clone(&cut);
        }
        match self.source_and_raw(record) {
            Some((source, Piece::Held(raw))) => source.decoder.decode(raw),
            Some((source, raw)) => source.decoder.decode(&raw).into_owned(),
            None => Record::default(),
        }
    }

    /// Looks at what a broker needs of a record, where it lies: unlike with [`Log::record`], nothing is copied where the text is
    /// elsewhere. `scratch` is a buffer for decoders, best kept from one record to the next.
    pub fn brief(&self, record: RecordIndex, scratch: &mut Vec<u8>, look: &mut dyn FnMut(&Brief<'_>)) {
        match self.source_and_raw(record) {
            Some((source, raw)) => source.decoder.brief(&raw, scratch, look),
            None => look(&Brief::default()),
        }
    }

    /// A record's value; `Absent` if there is no such record.
    pub fn value(&self, record: RecordIndex) -> Payload<'_> {
        if let Some(cut) = self.cut(record) {
            return cut.value.clone();
        }
        match self.source_and_raw(record) {
            Some((source, Piece::Held(raw))) => source.decoder.value(raw),
            Some((source, raw)) => source.decoder.value(&raw).into_owned(),
            None => Payload::Absent,
        }
    }

    /// Whether the record's raw text shows all text of it; see [`Decode::is_verbatim`].
    pub fn is_verbatim(&self, record: RecordIndex) -> bool {
        let source = self.base.columns.source.get(record as usize);
        source
            .and_then(|source| self.base.sources.get(source as usize))
            .is_some_and(|source| source.decoder.is_verbatim())
    }

    /// Which member holds the record's value; see [`Decode::value_member`].
    pub fn value_member(&self, record: RecordIndex) -> Option<&str> {
        let source = self.base.columns.source.get(record as usize)?;
        self.base.sources.get(source as usize)?.decoder.value_member()
    }

    /// The texts of the sources, in the order they were given.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.base.sources.iter().map(|source| &source.text)
    }

    /// Why some text could not be read, told once.
    pub fn take_trouble(&self) -> Option<String> {
        self.texts().find_map(Text::take_trouble)
    }

    /// Names of the sources, in the order they were given.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.base.sources.iter().map(|source| source.name.as_str())
    }

    /// Index of the record's partition in [`Log::partitions`].
    #[inline]
    pub fn partition(&self, record: RecordIndex) -> PartitionId {
        self.base.columns.partition.get(record as usize).unwrap_or(0) as u32
    }

    /// The broker's offset, or one that was counted: see [`Log::has_estimated_offsets`].
    #[inline]
    pub fn offset(&self, record: RecordIndex) -> i64 {
        self.base.columns.offset.get(record as usize).unwrap_or(0)
    }

    /// Milliseconds since 1970 UTC.
    #[inline]
    pub fn timestamp_ms(&self, record: RecordIndex) -> Option<i64> {
        self.base.columns.timestamp_ms.get(record as usize)
    }

    /// The event's type, if it has one.
    #[inline]
    pub fn event_type(&self, record: RecordIndex) -> Option<TypeId> {
        self.base.columns.event_type.get(record as usize).map(|id| id as u32)
    }

    fn flags(&self, record: RecordIndex) -> i64 {
        self.base.columns.flags.get(record as usize).unwrap_or(0)
    }

    /// Whether the record can touch state.
    pub fn kind(&self, record: RecordIndex) -> RecordKind {
        match self.flags(record) & (CONTROL | ABORTED) {
            0 => RecordKind::Event,
            CONTROL => RecordKind::Control,
            _ => RecordKind::Aborted,
        }
    }

    /// What becomes of a state at this record, as far as the index tells; one look instead of several.
    #[inline]
    pub fn effect(&self, record: RecordIndex) -> Effect {
        effect_of(self.flags(record))
    }

    /// What the index tells of a record that a fold asks for; one look instead of several.
    #[inline]
    pub fn told(&self, record: RecordIndex) -> Told {
        Told::new(self.effect(record), self.form(record))
    }

    /// The same of all records. Costs little time; worth it for who looks at all of them in another order.
    pub fn all_told(&self) -> AllTold {
        let columns = &self.base.columns;
        let flags = columns.flags.iter().map(Option::unwrap_or_default);
        let forms = columns.form.iter().map(|form| form.map(|id| id as u32));
        let told = flags.zip(forms).map(|(flags, form)| Told::new(effect_of(flags), form));
        // Reserved at once: to grow, a list needs twice its room.
        AllTold(if self.n_forms() <= AllTold::FORMS {
            let mut all = Vec::with_capacity(self.len());
            // What has no form has the last numbers of either width.
            all.extend(told.map(|told| told.0 as u8));
            Width::Narrow(all)
        } else {
            let mut all = Vec::with_capacity(self.len());
            all.extend(told);
            Width::Wide(all)
        })
    }

    /// Whether its value is null.
    pub fn is_tombstone(&self, record: RecordIndex) -> bool {
        self.flags(record) & TOMBSTONE != 0
    }

    /// Whether the export does not hold its value.
    pub fn is_absent(&self, record: RecordIndex) -> bool {
        self.flags(record) & ABSENT != 0
    }

    /// Which members the value has, if the reader found out in passing: records of one form differ only in their values.
    #[inline]
    pub fn form(&self, record: RecordIndex) -> Option<FormId> {
        self.base.columns.form.get(record as usize).map(|id| id as u32)
    }

    /// A form as JSON: the value with a number from 0 on in the place of each scalar or array; `null` stays `null`, `{}` stays `{}`.
    pub fn form_text(&self, form: FormId) -> &str {
        self.base.forms.get(form)
    }

    /// How many forms there are.
    pub fn n_forms(&self) -> usize {
        self.base.forms.len()
    }

    /// The name of an event type.
    pub fn type_name(&self, event_type: TypeId) -> &str {
        self.base.types.get(event_type)
    }

    /// How many event types there are.
    pub fn n_types(&self) -> usize {
        self.base.types.len()
    }

    /// How many records have that type.
    pub fn type_count(&self, event_type: TypeId) -> u64 {
        self.base.type_counts.get(event_type as usize).copied().unwrap_or(0)
    }

    /// All partitions that occur, sorted by topic and number.
    pub fn partitions(&self) -> &[PartitionInfo] {
        &self.base.partitions
    }

    /// True if the export had no offsets (or not everywhere) and they were counted.
    pub fn has_estimated_offsets(&self) -> bool {
        self.base.has_estimated_offsets
    }

    /// Records with a null value.
    pub fn tombstones(&self) -> u64 {
        self.base.tombstones
    }

    /// Row changes, where one record may hold several.
    pub fn n_changes(&self) -> u64 {
        self.base.n_changes
    }

    /// Row changes that delete a row.
    pub fn n_deletes(&self) -> u64 {
        self.base.n_deletes
    }

    /// The earliest timestamp.
    pub fn first_timestamp_ms(&self) -> Option<i64> {
        self.base.first_timestamp_ms
    }

    /// The latest timestamp.
    pub fn last_timestamp_ms(&self) -> Option<i64> {
        self.base.last_timestamp_ms
    }

    /// How many entities there are.
    pub fn n_entities(&self) -> usize {
        self.entities.names.len()
    }

    /// Records that belong to no entity.
    pub fn without_entity(&self) -> u64 {
        self.entities.without_entity
    }

    /// An entity's key as text.
    pub fn entity_name(&self, entity: EntityId) -> &str {
        self.entities.names.get(entity).split_once('\0').map_or("", |(_, name)| name)
    }

    /// What entities are sorted by: a topic with all its entities, and those by their names.
    pub fn sort_key(&self, entity: EntityId) -> &[u8] {
        // A NUL, which no topic has, stands between topic and name and sorts before all else.
        self.entities.names.bytes(entity)
    }

    /// An entity's topic; empty if unknown.
    pub fn entity_topic(&self, entity: EntityId) -> &str {
        self.entities.names.get(entity).split_once('\0').map_or("", |(topic, _)| topic)
    }

    /// The entity with that key, in that topic or in the first that has it.
    pub fn find_entity(&self, topic: Option<&str>, key: &str) -> Option<EntityId> {
        if let Some(topic) = topic {
            return self.entities.names.find(&format!("{topic}\0{key}"));
        }
        let mut topics: Vec<&str> = self.base.partitions.iter().map(|partition| partition.topic.as_str()).collect();
        topics.dedup();
        topics.into_iter().find_map(|topic| self.entities.names.find(&format!("{topic}\0{key}")))
    }

    /// The entities that a record touches: usually one, several where one message changes several rows.
    pub fn entities_of(&self, record: RecordIndex) -> impl Iterator<Item = EntityId> + '_ {
        self.entities.of(record)
    }

    /// An entity's records, ascending.
    #[inline]
    pub fn postings(&self, entity: EntityId) -> &[RecordIndex] {
        let Entities { starts, list, beside, .. } = &*self.entities;
        // Most logs do not grow.
        let own = if beside.is_empty() { None } else { beside.get(&entity) };
        own.map_or_else(|| common(starts, list, entity), Vec::as_slice)
    }

    /// Records that empty a table, ascending, with the table's name.
    pub fn truncates(&self) -> &[(RecordIndex, String)] {
        &self.entities.truncates
    }

    /// What it takes of memory, its text aside.
    pub fn footprint(&self) -> Footprint {
        Footprint {
            records: self.len() as u64,
            entities: self.n_entities() as u64,
            postings: (self.entities.list.len() + self.entities.n_beside) as u64,
            index: self.memory().index as u64,
            growth: self.entities.names.growth(),
            is_unordered: false,
        }
    }

    /// Memory in use.
    pub fn memory(&self) -> MemoryUse {
        let entities = &self.entities;
        let columns: usize = self.base.columns.all().iter().map(|column| column.memory()).sum();
        MemoryUse {
            bytes: self.base.sources.iter().map(|source| source.text.memory()).sum(),
            index: columns
                + self.base.types.memory()
                + self.base.forms.memory()
                + entities.names.memory()
                + entities.of_record.memory()
                + entities.more.capacity() * 8
                + (entities.starts.capacity() + entities.list.capacity()) * 4
                + entities.beside.capacity() * 32
                + entities.beside.values().map(|list| list.capacity() * 4).sum::<usize>(),
        }
    }

    /// Starts to give the records other entities; see [`Rekey`].
    pub fn rekey(&self, pointer: &str) -> Rekey {
        Rekey { log: self.whole(), pointer: pointer.to_owned(), entities: EntitiesBuilder::default() }
    }
}

/// Gives a log other entities, in steps: those that a JSON pointer into the value (or into the rows of change data) names, or,
/// with an empty pointer, those of the records' own keys. The records stay shared.
pub struct Rekey {
    log: Log,
    pointer: String,
    entities: EntitiesBuilder,
}

impl Rekey {
    /// Does so many records more; true when all are done.
    #[inline(never)]
    pub fn step(&mut self, budget: usize) -> bool {
        let done = self.done();
        let end = (done + budget.max(1)).min(self.log.len());
        for index in done..end {
            let mut record = self.log.record(index as u32);
            if !self.pointer.is_empty() {
                rename(&mut record, &self.pointer);
            }
            self.entities.push(&record);
        }
        end == self.log.len()
    }

    /// Records done so far.
    pub fn done(&self) -> usize {
        self.entities.len()
    }

    /// What the new entities take of memory.
    pub fn footprint(&self) -> Footprint {
        Footprint { records: self.done() as u64, ..self.entities.footprint() }
    }

    /// Records to do in all.
    pub fn total(&self) -> usize {
        self.log.len()
    }

    /// The log with its new entities; call it when `step` has said true.
    pub fn finish(mut self) -> Log {
        while !self.step(usize::MAX / 2) {}
        Log { base: self.log.base, entities: Arc::new(self.entities.finish()), abridged: None }
    }
}

/// Names the record's entity, or its rows, after what the pointer finds.
fn rename(record: &mut Record<'_>, pointer: &str) {
    let named = |text: &[u8]| crate::scan::pointer(text, pointer).and_then(entity_name);
    if record.changes.is_empty() {
        record.entity = match &record.value {
            Payload::Bytes(value) => named(value).map(Into::into),
            Payload::Tombstone | Payload::Absent => None,
        };
        return;
    }
    for change in &mut record.changes {
        if change.entity.is_some() {
            let image = change.after.as_deref().and_then(named).or_else(|| change.before.as_deref().and_then(named));
            if let Some(name) = image {
                change.entity = Some(name.into());
            }
        }
    }
}

/// The name that a JSON value gives to an entity: a string's content, else its text; null gives none.
fn entity_name(value: &[u8]) -> Option<String> {
    match crate::json::Json::parse(value).ok()? {
        crate::json::Json::Null => None,
        crate::json::Json::String(text) => Some(text.into()),
        other => Some(other.to_text()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builder::{Entry, LogBuilder, Presence, SourceSpec};

    struct Nothing;

    impl Decode for Nothing {
        fn decode<'a>(&'a self, _: &'a [u8]) -> Record<'a> {
            Record::default()
        }
    }

    #[test]
    fn what_is_told_of_all_records_is_what_is_told_of_each_however_many_forms_there_are() {
        for n_forms in [0, 1, 252, 253, 254, 255, 256, 257, 1000] {
            let mut builder = LogBuilder::new(SourceSpec { decoder: Arc::new(Nothing), name: String::new() });
            for n in 0..n_forms + 40 {
                let presence = [Presence::Present, Presence::Tombstone, Presence::Absent][n % 7 % 3];
                let form = (n < n_forms).then(|| builder.form(&n.to_string()));
                let kind = if n % 11 == 0 { RecordKind::Aborted } else { RecordKind::Event };
                let entry = Entry {
                    topic: "t",
                    partition: None,
                    offset: None,
                    timestamp_ms: None,
                    entity: None,
                    event_type: None,
                    kind,
                    presence,
                    form,
                };
                builder.push_entry(n as u64, 1, &entry);
            }
            let log = builder.finish(Vec::new()).0;
            let all = log.all_told();
            let n = log.len() as u32;
            assert!((0..n).all(|record| all.get(record) == Some(log.told(record))), "{n_forms}");
            assert_eq!(all.get(n), None);
        }
    }
}
