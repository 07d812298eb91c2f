//! A log that grows: records that come behind those that are there.
//!
//! A log is immutable for whoever looks at it, so growing it copies what others still hold and, which is the usual case, nothing if nobody
//! does: columns are appended to, and an entity that gets a record has its list of records beside the common one. When these lists hold a
//! quarter of the log they are laid out anew, so a record costs O(1), spread over many.

use crate::columns::PackedColumn;
use crate::log::{Entities, EntitiesBuilder, EntityId, Log, PartitionInfo, RecordIndex, common};
use crate::record::RowOp;
use replay_lean as lean;
use std::sync::Arc;

/// What an append did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Appended {
    /// The first of the new records; all behind it are new too.
    pub from: RecordIndex,
    /// The entities that got records, each once, ascending.
    pub entities: Vec<EntityId>,
    /// Records that were left out: their partition was further already.
    pub n_repeated: u64,
    /// A table was emptied, which concerns entities that got no record.
    pub has_truncates: bool,
}

/// Fewer records beside the common lists are not worth laying them out anew.
const FEW: usize = 1 << 16;

impl Log {
    /// Appends the records of `more` behind those that are there. Those whose offset their partition has passed already are left out, so a
    /// piece that comes twice changes nothing. Costs what `more` holds, plus a copy of the index if somebody else holds this log.
    pub fn append(&mut self, more: &Log) -> Appended {
        let mut done = Appended { from: self.len() as RecordIndex, ..Appended::default() };
        let partitions = self.partition_numbers(more);
        let base = Arc::make_mut(&mut self.base);
        let entities = Arc::make_mut(&mut self.entities);
        let from = &more.base.columns;
        let first_source = base.sources.len() as i64;
        base.sources.extend(more.base.sources.iter().cloned());
        let mut is_used = false;
        let mut touched = Vec::new();
        let (mut n_changes, mut n_deletes) = (more.n_changes(), more.n_deletes());
        for record in 0..more.len() as RecordIndex {
            let at = record as usize;
            let partition = partitions[more.partition(record) as usize];
            let offset = more.offset(record);
            let info = &mut base.partitions[partition as usize];
            if info.records > 0 && offset < info.end {
                done.n_repeated += 1;
                let record = more.record(record);
                n_changes -= record.changes.len() as u64;
                n_deletes -= record.changes.iter().filter(|change| change.op == RowOp::Delete).count() as u64;
                continue;
            }
            is_used = true;
            info.start = if info.records == 0 { offset } else { info.start };
            info.end = offset.saturating_add(1);
            info.records += 1;
            let event_type = more.event_type(record).map(|id| base.types.intern(more.type_name(id)));
            if let Some(event_type) = event_type {
                base.type_counts.resize(base.types.len(), 0);
                base.type_counts[event_type as usize] += 1;
            }
            let form = more.form(record).map(|id| i64::from(base.forms.intern(more.form_text(id))));
            let timestamp_ms = more.timestamp_ms(record);
            let columns = &mut base.columns;
            columns.source.push(from.source.get(at).map(|source| source + first_source));
            columns.start.push(from.start.get(at));
            columns.length.push(from.length.get(at));
            columns.partition.push(Some(i64::from(partition)));
            columns.offset.push(Some(offset));
            columns.timestamp_ms.push(timestamp_ms);
            columns.event_type.push(event_type.map(i64::from));
            columns.flags.push(from.flags.get(at));
            columns.form.push(form);
            base.tombstones += u64::from(more.is_tombstone(record));
            base.first_timestamp_ms = base.first_timestamp_ms.into_iter().chain(timestamp_ms).min();
            base.last_timestamp_ms = base.last_timestamp_ms.into_iter().chain(timestamp_ms).max();
            let new = columns.start.len() as RecordIndex - 1;
            entities.append(new, &more.entities, record, &mut touched, &mut done.has_truncates);
        }
        base.n_changes += n_changes;
        base.n_deletes += n_deletes;
        base.has_estimated_offsets |= more.has_estimated_offsets();
        if !is_used {
            base.sources.truncate(first_source as usize);
        }
        touched.sort_unstable();
        touched.dedup();
        done.entities = touched;
        if entities.n_beside > FEW.max(self.base.columns.start.len() / 4) {
            self.entities = Arc::new(std::mem::take(Arc::make_mut(&mut self.entities)).laid_out());
        }
        done
    }

    /// For each partition of `more` its number here. A partition that is new is put in its place, which renumbers those behind it.
    fn partition_numbers(&mut self, more: &Log) -> Vec<u32> {
        let name = |info: &PartitionInfo| (info.topic.clone(), info.partition);
        let is_new = |info: &&PartitionInfo| !self.partitions().iter().any(|here| name(here) == name(info));
        let new: Vec<PartitionInfo> = more.partitions().iter().filter(is_new).cloned().collect();
        if !new.is_empty() {
            let base = Arc::make_mut(&mut self.base);
            let before = base.partitions.clone();
            base.partitions.extend(new.into_iter().map(|info| PartitionInfo { records: 0, ..info }));
            lean::sort_by_key(&mut base.partitions, name);
            let place = |info: &PartitionInfo| base.partitions.iter().position(|here| name(here) == name(info));
            let numbers: Vec<i64> = before.iter().map(|info| place(info).unwrap_or(0) as i64).collect();
            let mut column = PackedColumn::new();
            column.extend(base.columns.partition.iter().map(|old| Some(numbers[old.unwrap_or(0) as usize])));
            base.columns.partition = column;
        }
        let place = |info: &PartitionInfo| self.partitions().iter().position(|here| name(here) == name(info));
        more.partitions().iter().map(|info| place(info).unwrap_or(0) as u32).collect()
    }
}

impl Entities {
    /// Takes the entities of a record of another log as those of record `new`.
    fn append(
        &mut self,
        new: RecordIndex,
        more: &Entities,
        record: RecordIndex,
        touched: &mut Vec<EntityId>,
        has_truncates: &mut bool,
    ) {
        let mut first = None;
        for (n, entity) in more.of(record).enumerate() {
            let entity = self.names.intern(more.names.get(entity));
            if n == 0 {
                first = Some(entity);
            } else {
                self.more.push((new, entity));
            }
            self.post(entity, new);
            touched.push(entity);
        }
        self.of_record.push(first.map(i64::from));
        self.without_entity += u64::from(first.is_none());
        let truncates = more.truncates_of(record);
        *has_truncates |= !truncates.is_empty();
        self.truncates.extend(truncates.iter().map(|(_, table)| (new, table.clone())));
    }

    fn post(&mut self, entity: EntityId, record: RecordIndex) {
        let Entities { starts, list, beside, .. } = self;
        let own = beside.entry(entity).or_insert_with(|| common(starts, list, entity).to_vec());
        if own.last() != Some(&record) {
            own.push(record);
            self.n_beside += 1;
        }
    }

    /// The same with all lists in one.
    fn laid_out(self) -> Entities {
        EntitiesBuilder::of(self).finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::builder::{Entry, LogBuilder, Presence, SourceSpec};
    use crate::log::{Decode, Log};
    use crate::record::{Payload, Record, RecordKind};
    use std::sync::Arc;

    struct AsValue;

    impl Decode for AsValue {
        fn decode<'a>(&'a self, raw: &'a [u8]) -> Record<'a> {
            Record { value: Payload::Bytes(raw.into()), ..Record::default() }
        }
    }

    /// A log of `topic partition offset entity type` a line.
    fn log(lines: &[&str]) -> Log {
        let mut builder = LogBuilder::new(SourceSpec { decoder: Arc::new(AsValue), name: String::new() });
        let mut text = String::new();
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            let entry = Entry {
                topic: words[0],
                partition: words[1].parse().ok(),
                offset: words[2].parse().ok(),
                timestamp_ms: words[2].parse().ok(),
                entity: Some(words[3]).filter(|name| *name != "-"),
                event_type: Some(words[4]).filter(|name| *name != "-"),
                kind: RecordKind::Event,
                presence: Presence::Present,
                form: Some(builder.form(words[4])),
            };
            builder.push_entry(text.len() as u64, line.len(), &entry);
            text.push_str(line);
        }
        builder.finish(text.into_bytes()).0
    }

    /// All that can be asked of a log, entity and type numbers aside.
    fn told(log: &Log) -> Vec<String> {
        let record = |record: u32| {
            let info = &log.partitions()[log.partition(record) as usize];
            let entities: Vec<&str> = log.entities_of(record).map(|entity| log.entity_name(entity)).collect();
            let event_type = log.event_type(record).map(|id| log.type_name(id));
            let form = log.form(record).map(|id| log.form_text(id));
            let (offset, time) = (log.offset(record), log.timestamp_ms(record));
            let raw = String::from_utf8_lossy(&log.raw(record)).into_owned();
            format!("{} {} {offset} {time:?} {entities:?} {event_type:?} {form:?} {raw}", info.topic, info.partition)
        };
        let mut told: Vec<String> = (0..log.len() as u32).map(record).collect();
        let mut entities: Vec<String> = (0..log.n_entities() as u32)
            .map(|entity| {
                format!("{} {} {:?}", log.entity_topic(entity), log.entity_name(entity), log.postings(entity))
            })
            .collect();
        entities.sort();
        told.extend(entities);
        let mut types: Vec<String> =
            (0..log.n_types() as u32).map(|id| format!("{} {}", log.type_name(id), log.type_count(id))).collect();
        types.sort();
        told.extend(types);
        told.push(format!("{:?} {:?} {:?}", log.partitions(), log.first_timestamp_ms(), log.last_timestamp_ms()));
        told.push(format!("{} {}", log.without_entity(), log.tombstones()));
        told
    }

    const LINES: [&str; 8] =
        ["t 1 5 a x", "t 1 7 b y", "s 0 0 a x", "t 0 9 a -", "t 1 8 - z", "u 0 1 c x", "t 0 10 b x", "t 1 9 a y"];

    #[test]
    fn appending_in_any_pieces_gives_the_log_of_all() {
        let whole = told(&log(&LINES));
        for first in 0..=LINES.len() {
            for second in first..=LINES.len() {
                let mut grown = log(&LINES[..first]);
                let held = (grown.clone(), told(&grown));
                grown.append(&log(&LINES[first..second]));
                grown.append(&log(&LINES[second..]));
                assert_eq!(told(&grown), whole, "{first} {second}");
                assert_eq!(told(&held.0), held.1, "what others hold stays as it was");
            }
        }
    }

    #[test]
    fn what_comes_again_is_left_out() {
        let mut grown = log(&LINES);
        let done = grown.append(&log(&["t 1 7 b y", "t 1 9 a y", "t 1 12 b x"]));
        assert_eq!((done.n_repeated, done.from, done.entities.len()), (2, 8, 1));
        assert_eq!(told(&grown), told(&log(&[&LINES[..], &["t 1 12 b x"]].concat())));
    }

    #[test]
    fn many_records_are_laid_out_anew_and_are_the_same() {
        let line = |n: usize| format!("t {} {n} e{} x", n % 3, n % 1000);
        let lines: Vec<String> = (0..200_000).map(line).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut grown = log(&lines[..10]);
        for piece in lines[10..].chunks(5000) {
            grown.append(&log(piece));
        }
        assert!(grown.entities.n_beside < 100_000, "{}", grown.entities.n_beside);
        assert!(told(&grown) == told(&log(&lines)));
    }
}
