//! Building a log: records are pushed as they are read, then brought into the order that Kafka would give them in.

use crate::columns::{PackedColumn, Values};
use crate::footprint::Footprint;
use crate::json::Json;
use crate::keys::Interner;
use crate::log::{
    ABORTED, ABSENT, Base, CONTROL, Columns, Decode, EntitiesBuilder, FormId, Log, PartitionInfo, RecordIndex, Source,
    TOMBSTONE,
};
use crate::part::{Part, Translation, new_texts};
use crate::record::{Payload, Record, RecordKind, RowOp};
use crate::scan::equal;
use crate::text::Text;
use replay_lean as lean;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A source of records.
pub struct SourceSpec {
    /// How its records are read again later.
    pub decoder: Arc<dyn Decode>,
    /// The file's name; empty for pasted text.
    pub name: String,
}

/// Two records with the same topic, partition and offset but different content. The first one was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The number of the dropped record among those pushed, from 0.
    pub record: u32,
    /// Where its text starts in its source.
    pub start: u64,
    /// Empty if unknown.
    pub topic: String,
    /// The broker's number.
    pub partition: u32,
    /// The broker's offset.
    pub offset: i64,
}

/// What the index keeps of a record that changes no rows: for a reader that finds this out without making a [`Record`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Empty if unknown.
    pub topic: &'a str,
    /// The broker's number.
    pub partition: Option<u32>,
    /// The broker's offset.
    pub offset: Option<i64>,
    /// Milliseconds since 1970 UTC.
    pub timestamp_ms: Option<i64>,
    /// Whose event it is.
    pub entity: Option<&'a str>,
    /// The event's name.
    pub event_type: Option<&'a str>,
    /// Whether it can touch state at all.
    pub kind: RecordKind,
    /// Whether there is a value.
    pub presence: Presence,
    /// The value's form, if it is known.
    pub form: Option<FormId>,
}

/// Whether a record has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It has.
    Present,
    /// It is null.
    Tombstone,
    /// The export does not hold it.
    Absent,
}

impl<'a> Entry<'a> {
    /// What a record says, its rows left aside.
    pub fn of(record: &'a Record<'_>) -> Entry<'a> {
        Entry {
            topic: &record.topic,
            partition: record.partition,
            offset: record.offset,
            timestamp_ms: record.timestamp_ms,
            entity: record.entity.as_deref(),
            event_type: record.event_type.as_deref(),
            kind: record.kind,
            presence: match record.value {
                Payload::Tombstone => Presence::Tombstone,
                Payload::Absent => Presence::Absent,
                Payload::Bytes(_) => Presence::Present,
            },
            form: None,
        }
    }
}

/// Partitions of a topic whose numbers are looked up in a list.
const FEW_PARTITIONS: u32 = 4096;

/// A partition while it is being filled.
#[derive(Clone)]
struct Filling {
    topic: String,
    partition: u32,
    last: Option<i64>,
    highest: Option<i64>,
    records: u64,
    has_missing_offsets: bool,
    is_ascending: bool,
    is_descending: bool,
}

/// Collects the records of one source. Merge several logs with [`merge`].
pub struct LogBuilder {
    spec: SourceSpec,
    columns: Columns,
    entities: EntitiesBuilder,
    types: Interner,
    forms: Interner,
    topics: Interner,
    partitions: Vec<Filling>,
    partition_ids: FxHashMap<(u32, u32), u32>,
    /// The topic of the record before: mostly the next one's too.
    last_topic: String,
    /// The numbers of its first partitions, by what Kafka calls them, as far as they are known.
    of_last_topic: Vec<Option<u32>>,
    first_offset: i64,
    n_changes: u64,
    n_deletes: u64,
    /// Offsets that are not told are left open, for whoever appends the parts.
    gives_parts: bool,
    /// Types, forms and partitions that parts have told.
    told: [usize; 3],
}

impl LogBuilder {
    /// No records yet.
    pub fn new(spec: SourceSpec) -> LogBuilder {
        LogBuilder {
            spec,
            columns: Columns::default(),
            entities: EntitiesBuilder::default(),
            types: Interner::new(),
            forms: Interner::new(),
            topics: Interner::new(),
            partitions: Vec::new(),
            partition_ids: FxHashMap::default(),
            last_topic: String::new(),
            of_last_topic: Vec::new(),
            first_offset: 0,
            n_changes: 0,
            n_deletes: 0,
            gives_parts: false,
            told: [0; 3],
        }
    }

    /// For [`LogBuilder::take_part`]: offsets that the export does not tell are left open.
    #[must_use]
    pub fn giving_parts(mut self) -> LogBuilder {
        self.gives_parts = true;
        self
    }

    /// All records since the last part.
    pub fn take_part(&mut self) -> Part {
        let mut part = Part { columns: std::mem::take(&mut self.columns), ..Part::default() };
        let [types, forms, partitions] = &mut self.told;
        part.types = new_texts(&self.types, types);
        part.forms = new_texts(&self.forms, forms);
        let new = self.partitions.get(*partitions..).unwrap_or_default();
        part.partitions = new.iter().map(|filling| (filling.topic.clone(), filling.partition)).collect();
        *partitions = self.partitions.len();
        part.n_changes = std::mem::take(&mut self.n_changes);
        part.n_deletes = std::mem::take(&mut self.n_deletes);
        self.entities.take_part(&mut part);
        part
    }

    /// Takes the records of a part behind its own, as if they had been pushed here.
    #[inline(never)]
    pub fn append(&mut self, part: &Part, translation: &mut Translation) {
        let Translation { names, types, forms, partitions } = translation;
        types.extend(part.types.iter().map(|name| self.types.intern(name)));
        forms.extend(part.forms.iter().map(|form| self.forms.intern(form)));
        for (topic, partition) in &part.partitions {
            partitions.push(self.partition_id(topic, *partition) as u32);
        }
        self.entities.append(part, names);
        let translated = |ids: &[u32], id: i64| ids.get(id as usize).map_or(0, |&id| i64::from(id));
        let (columns, from) = (&mut self.columns, &part.columns);
        columns.source.append(&from.source, |source| source);
        columns.start.append(&from.start, |start| start);
        columns.length.append(&from.length, |length| length);
        columns.timestamp_ms.append(&from.timestamp_ms, |timestamp| timestamp);
        columns.flags.append(&from.flags, |flags| flags);
        columns.event_type.append(&from.event_type, |id| translated(types, id));
        columns.form.append(&from.form, |id| translated(forms, id));
        columns.partition.append(&from.partition, |id| translated(partitions, id));
        let (mut ids, mut offsets) = (Values::new(), Values::new());
        for number in 0.. {
            let length = from.partition.block(number, &mut ids).min(from.offset.block(number, &mut offsets));
            if length == 0 {
                break;
            }
            for n in 0..length {
                let id = ids.get(n).map(|id| translated(partitions, id));
                let filling = id.and_then(|id| self.partitions.get_mut(id as usize));
                columns.offset.push(filling.map(|filling| filling.place(offsets.get(n), self.first_offset)));
            }
        }
        self.n_changes += part.n_changes;
        self.n_deletes += part.n_deletes;
    }

    /// The log of what is there so far, whose text is `text`; the building goes on.
    pub fn peek(&self, text: impl Into<Text>) -> Log {
        let source = Source { name: self.spec.name.clone(), decoder: self.spec.decoder.clone(), text: text.into() };
        let parts = Parts {
            sources: vec![Arc::new(source)],
            columns: self.columns.clone(),
            entities: self.entities.clone(),
            types: self.types.clone(),
            forms: self.forms.clone(),
            partitions: self.partitions.clone(),
            n_changes: self.n_changes,
            n_deletes: self.n_deletes,
        };
        parts.into_log().0
    }

    /// Offsets that the export does not tell are counted from `offset`.
    #[must_use]
    pub fn counting_from(mut self, offset: i64) -> LogBuilder {
        self.first_offset = offset;
        self
    }

    /// What it takes of memory.
    pub fn footprint(&self) -> Footprint {
        let sortable = |partition: &Filling| !partition.has_missing_offsets;
        let columns: usize = self.columns.all().iter().map(|column| column.memory()).sum();
        let of_entities = self.entities.footprint();
        Footprint {
            records: self.len() as u64,
            index: of_entities.index + (columns + self.types.memory() + self.forms.memory()) as u64,
            growth: of_entities.growth.max(self.types.growth()).max(self.forms.growth()),
            is_unordered: self.partitions.iter().any(|partition| sortable(partition) && !partition.is_ascending),
            ..of_entities
        }
    }

    /// Whether it has records of one of these partitions.
    pub fn shares(&self, partitions: &[PartitionInfo]) -> bool {
        let is_ours = |info: &PartitionInfo| {
            self.partitions.iter().any(|own| own.partition == info.partition && own.topic == info.topic)
        };
        partitions.iter().any(is_ours)
    }

    /// How many records it has.
    pub fn len(&self) -> usize {
        self.columns.start.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a record whose text lies at `start..start + length` of the source.
    pub fn push_span(&mut self, start: u64, length: usize, record: &Record<'_>) {
        self.push_columns(start, length, &Entry::of(record));
        self.n_changes += record.changes.len() as u64;
        self.n_deletes += record.changes.iter().filter(|change| change.op == RowOp::Delete).count() as u64;
        self.entities.push(record);
    }

    /// Takes a record that changes no rows, whose text lies at `start..start + length` of the source.
    pub fn push_entry(&mut self, start: u64, length: usize, entry: &Entry<'_>) {
        self.push_columns(start, length, entry);
        self.entities.push_one(entry.topic, entry.entity);
    }

    /// The number of a form; see [`Log::form_text`] for what stands in it.
    pub fn form(&mut self, text: &str) -> FormId {
        self.forms.intern(text)
    }

    #[inline]
    fn push_columns(&mut self, start: u64, length: usize, entry: &Entry<'_>) {
        let partition = self.partition_id(entry.topic, entry.partition.unwrap_or(0));
        let columns = &mut self.columns;
        columns.source.push(Some(0));
        columns.start.push(Some(start as i64));
        columns.length.push(Some(length as i64));
        columns.partition.push(Some(partition as i64));
        columns.timestamp_ms.push(entry.timestamp_ms);
        columns.event_type.push(entry.event_type.map(|name| i64::from(self.types.intern(name))));
        let control = match entry.kind {
            RecordKind::Event => 0,
            RecordKind::Control => CONTROL,
            RecordKind::Aborted => ABORTED,
        };
        let presence = match entry.presence {
            Presence::Present => 0,
            Presence::Tombstone => TOMBSTONE,
            Presence::Absent => ABSENT,
        };
        columns.flags.push(Some(control | presence));
        columns.form.push(entry.form.map(i64::from));
        let offset = match entry.offset {
            offset if self.gives_parts => offset,
            offset => Some(self.partitions[partition].place(offset, self.first_offset)),
        };
        columns.offset.push(offset);
    }

    fn partition_id(&mut self, topic: &str, partition: u32) -> usize {
        if !equal(self.last_topic.as_bytes(), topic.as_bytes()) {
            topic.clone_into(&mut self.last_topic);
            self.of_last_topic.clear();
        }
        if let Some(Some(id)) = self.of_last_topic.get(partition as usize) {
            return *id as usize;
        }
        let topic_id = self.topics.intern(topic);
        let next = self.partitions.len() as u32;
        let id = *self.partition_ids.entry((topic_id, partition)).or_insert(next);
        if id == next {
            self.partitions.push(Filling {
                topic: topic.to_owned(),
                partition,
                last: None,
                highest: None,
                records: 0,
                has_missing_offsets: false,
                is_ascending: true,
                is_descending: true,
            });
        }
        if partition < FEW_PARTITIONS {
            let place = partition as usize;
            if self.of_last_topic.len() <= place {
                self.of_last_topic.resize(place + 1, None);
            }
            self.of_last_topic[place] = Some(id);
        }
        id as usize
    }

    /// The log, in order. `text` is what the spans point into.
    pub fn finish(self, text: impl Into<Text>) -> (Log, Vec<Conflict>) {
        let LogBuilder { spec, columns, entities, types, forms, partitions, n_changes, n_deletes, .. } = self;
        let sources = vec![Arc::new(Source { name: spec.name, decoder: spec.decoder, text: text.into() })];
        let parts = Parts { sources, columns, entities, types, forms, partitions, n_changes, n_deletes };
        parts.into_log()
    }
}

impl Filling {
    /// The offset of the next record, counted if the export does not tell. Where it tells only some, all ascend, so that none occurs twice.
    fn place(&mut self, offset: Option<i64>, first: i64) -> i64 {
        self.records += 1;
        self.has_missing_offsets |= offset.is_none();
        let is_taken = |offset: i64| self.has_missing_offsets && self.highest.is_some_and(|highest| offset <= highest);
        let Some(offset) = offset.filter(|offset| !is_taken(*offset)) else {
            let counted = self.highest.map_or(first, |highest| highest.saturating_add(1).max(first));
            self.last = Some(counted);
            self.highest = Some(counted);
            return counted;
        };
        if let Some(last) = self.last {
            self.is_ascending &= offset > last;
            self.is_descending &= offset < last;
        }
        self.last = Some(offset);
        self.highest = self.highest.max(Some(offset));
        offset
    }
}

struct Parts {
    sources: Vec<Arc<Source>>,
    columns: Columns,
    entities: EntitiesBuilder,
    types: Interner,
    forms: Interner,
    partitions: Vec<Filling>,
    n_changes: u64,
    n_deletes: u64,
}

impl Parts {
    #[inline(never)]
    fn into_log(mut self) -> (Log, Vec<Conflict>) {
        let mut conflicts = Vec::new();
        let has_estimated_offsets = self.partitions.iter().any(|partition| partition.has_missing_offsets);
        let sortable = |partition: &Filling| !partition.has_missing_offsets;
        if self.partitions.iter().any(|partition| sortable(partition) && !partition.is_ascending) {
            let order = self.offset_order(&mut conflicts);
            self.columns = self.columns.picked(&order);
            self.entities = self.entities.picked(&order);
        }
        let partitions = self.sort_partitions();
        let (first_timestamp_ms, last_timestamp_ms) = self.columns.timestamp_ms.range().unzip();
        let mut type_counts = vec![0; self.types.len()];
        self.columns.event_type.for_each(|id| type_counts[id as usize] += 1);
        let mut tombstones = 0;
        self.columns.flags.for_each(|flags| tombstones += u64::from(flags & TOMBSTONE != 0));
        let base = Base {
            sources: self.sources,
            columns: self.columns,
            partitions,
            types: self.types,
            forms: self.forms,
            type_counts,
            tombstones,
            n_changes: self.n_changes,
            n_deletes: self.n_deletes,
            has_estimated_offsets,
            first_timestamp_ms,
            last_timestamp_ms,
        };
        (Log { base: Arc::new(base), entities: Arc::new(self.entities.finish()), abridged: None }, conflicts)
    }

    /// The order in which every partition ascends. A file that lists newest first everywhere is turned round as a whole; otherwise the
    /// places that a partition has in the file are kept, and its records are put into them by offset. A record that is there twice is
    /// left out the second time.
    fn offset_order(&self, conflicts: &mut Vec<Conflict>) -> Vec<u32> {
        let n = self.columns.start.len() as u32;
        let sortable = |partition: &Filling| !partition.has_missing_offsets;
        let long = || self.partitions.iter().filter(|partition| partition.records > 1);
        let newest_first = long().all(|partition| sortable(partition) && partition.is_descending);
        let places: Vec<u32> = if newest_first { (0..n).rev().collect() } else { (0..n).collect() };
        let mut members: Vec<Vec<u32>> = self.partitions.iter().map(|_| Vec::new()).collect();
        let partition_of = |record: u32| self.columns.partition.get(record as usize).unwrap_or(0) as usize;
        let offset_of = |record: u32| self.columns.offset.get(record as usize).unwrap_or(0);
        for &record in &places {
            members[partition_of(record)].push(record);
        }
        let mut dropped = vec![false; n as usize];
        for (partition, records) in self.partitions.iter().zip(&mut members) {
            if !sortable(partition) {
                continue;
            }
            // Among equal offsets the first of the file comes first.
            records.sort_by_key(|&record| (offset_of(record), record));
            let mut first = records.first().copied().unwrap_or(0);
            for &second in records.iter().skip(1) {
                if offset_of(first) != offset_of(second) {
                    first = second;
                    continue;
                }
                dropped[second as usize] = true;
                if !self.says_the_same(first, second) {
                    conflicts.push(Conflict {
                        record: second,
                        start: self.columns.start.get(second as usize).unwrap_or(0) as u64,
                        topic: partition.topic.clone(),
                        partition: partition.partition,
                        offset: offset_of(second),
                    });
                }
            }
        }
        let mut next = vec![0; members.len()];
        let mut order = Vec::with_capacity(n as usize);
        for place in places {
            let partition = partition_of(place);
            let record = members[partition][next[partition]];
            next[partition] += 1;
            if !dropped[record as usize] {
                order.push(record);
            }
        }
        order
    }

    fn says_the_same(&self, a: u32, b: u32) -> bool {
        let part = |record: u32| {
            let at = |column: &PackedColumn| column.get(record as usize).unwrap_or(0);
            let source = &self.sources[at(&self.columns.source) as usize];
            (source, source.text.piece(at(&self.columns.start) as u64, at(&self.columns.length) as usize))
        };
        let ((source_a, a), (source_b, b)) = (part(a), part(b));
        let (a, b) = (source_a.decoder.decode(&a), source_b.decoder.decode(&b));
        // Exports write the same JSON with other blanks and in other orders.
        let is_same_value = a.value == b.value
            || match (a.value.bytes().map(Json::parse), b.value.bytes().map(Json::parse)) {
                (Some(Ok(a)), Some(Ok(b))) => a.canonical() == b.canonical(),
                _ => false,
            };
        a.key == b.key
            && is_same_value
            && (a.timestamp_ms == b.timestamp_ms || a.timestamp_ms.is_none() || b.timestamp_ms.is_none())
    }

    /// Sorts partitions by topic and number, renumbers the column, and finds their ends.
    fn sort_partitions(&mut self) -> Vec<PartitionInfo> {
        let mut by_name: Vec<usize> = (0..self.partitions.len()).collect();
        lean::sort_by_key(&mut by_name, |&id| (&self.partitions[id].topic, self.partitions[id].partition));
        let mut infos: Vec<PartitionInfo> = by_name
            .iter()
            .map(|&id| PartitionInfo {
                topic: self.partitions[id].topic.clone(),
                partition: self.partitions[id].partition,
                start: i64::MAX,
                end: i64::MIN,
                records: 0,
            })
            .collect();
        let mut new_ids = vec![0; by_name.len()];
        for (new, &old) in by_name.iter().enumerate() {
            new_ids[old] = new;
        }
        if new_ids.iter().enumerate().any(|(old, &new)| old != new) {
            let mut renumbered = PackedColumn::new();
            renumbered.append(&self.columns.partition, |old| new_ids[old as usize] as i64);
            self.columns.partition = renumbered;
        }
        let (mut ids, mut offsets) = (Values::new(), Values::new());
        for number in 0.. {
            let length = self.columns.partition.block(number, &mut ids);
            if length == 0 {
                break;
            }
            self.columns.offset.block(number, &mut offsets);
            for (id, offset) in ids.all(length).zip(offsets.all(length)) {
                let info = &mut infos[id as usize];
                info.start = info.start.min(offset);
                info.end = info.end.max(offset.saturating_add(1));
                info.records += 1;
            }
        }
        infos.retain(|info| info.records > 0);
        infos
    }
}

/// One log out of several: the same (topic, partition, offset) is the same record. Across partitions, records come file by file.
/// Conflicts count records through all logs, in the order given. Texts are read only where two records have the same offset.
pub fn merge(logs: Vec<Log>) -> (Log, Vec<Conflict>) {
    let mut merged = Parts {
        sources: Vec::new(),
        columns: Columns::default(),
        entities: EntitiesBuilder::default(),
        types: Interner::new(),
        forms: Interner::new(),
        partitions: Vec::new(),
        n_changes: 0,
        n_deletes: 0,
    };
    let mut ids: FxHashMap<(String, u32), usize> = FxHashMap::default();
    for log in logs {
        let first_source = merged.sources.len() as i64;
        let estimated = log.has_estimated_offsets();
        let from = &log.base.columns;
        // What the columns of this log call a partition, an entity, a type or a form, by what it is called in the merged one.
        let mut partitions = Vec::with_capacity(log.partitions().len());
        for info in log.partitions() {
            let next = merged.partitions.len();
            let id = *ids.entry((info.topic.clone(), info.partition)).or_insert(next);
            if id == next {
                merged.partitions.push(Filling {
                    topic: info.topic.clone(),
                    partition: info.partition,
                    last: None,
                    highest: None,
                    records: 0,
                    has_missing_offsets: false,
                    is_ascending: true,
                    is_descending: true,
                });
            }
            partitions.push(id);
        }
        let mut names = vec![None; log.n_entities()];
        let (mut types, mut forms) = (vec![None; log.n_types()], vec![None; log.n_forms()]);
        for at in 0..log.len() {
            let index = at as RecordIndex;
            merged.entities.take(&log.entities, index, &mut names);
            let id = partitions[log.partition(index) as usize];
            let columns = &mut merged.columns;
            columns.source.push(from.source.get(at).map(|source| source + first_source));
            columns.start.push(from.start.get(at));
            columns.length.push(from.length.get(at));
            columns.partition.push(Some(id as i64));
            columns.timestamp_ms.push(from.timestamp_ms.get(at));
            columns.flags.push(from.flags.get(at));
            let event_type = log
                .event_type(index)
                .map(|id| *types[id as usize].get_or_insert_with(|| i64::from(merged.types.intern(log.type_name(id)))));
            columns.event_type.push(event_type);
            let form = log
                .form(index)
                .map(|id| *forms[id as usize].get_or_insert_with(|| i64::from(merged.forms.intern(log.form_text(id)))));
            columns.form.push(form);
            // A counted offset stands if the files before do not reach so far.
            let offset = log.offset(index);
            columns.offset.push(Some(merged.partitions[id].place((!estimated).then_some(offset), offset)));
        }
        merged.n_changes += log.n_changes();
        merged.n_deletes += log.n_deletes();
        merged.sources.extend(log.base.sources.iter().cloned());
    }
    merged.into_log()
}
