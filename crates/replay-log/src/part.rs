//! Parts of a log: what one of several readers has read of a source, to be sent to where the log is built.
//!
//! A reader goes through slices of a source, one after the other, and gives a [`Part`] for each. Names that it has told before it tells by
//! their numbers, so a [`Translation`] goes with each reader, and its parts must be appended in the order in which it gave them.

use crate::columns::PackedColumn;
use crate::keys::Interner;
use crate::log::{Columns, EntityId, RecordIndex};

/// What one reader has read of one slice.
#[derive(Default)]
pub struct Part {
    pub(crate) columns: Columns,
    pub(crate) of_record: PackedColumn,
    pub(crate) more: Vec<(RecordIndex, EntityId)>,
    pub(crate) truncates: Vec<(RecordIndex, String)>,
    /// Texts that the reader's earlier parts did not have, in the order of their numbers.
    pub(crate) names: Vec<String>,
    pub(crate) types: Vec<String>,
    pub(crate) forms: Vec<String>,
    pub(crate) partitions: Vec<(String, u32)>,
    pub(crate) without_entity: u64,
    pub(crate) n_changes: u64,
    pub(crate) n_deletes: u64,
}

/// The log's numbers for those of one reader.
#[derive(Debug, Default)]
pub struct Translation {
    pub(crate) names: Vec<u32>,
    pub(crate) types: Vec<u32>,
    pub(crate) forms: Vec<u32>,
    pub(crate) partitions: Vec<u32>,
}

/// Bytes that are no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what another worker sent is damaged")]
pub struct Damaged;

impl Part {
    /// Records in it.
    pub fn len(&self) -> usize {
        self.columns.start.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The part as bytes, to be sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Writer(Vec::new());
        for column in self.columns.all() {
            column.write(&mut bytes);
        }
        self.of_record.write(&mut bytes);
        bytes.number(self.more.len() as u64);
        for (record, entity) in &self.more {
            bytes.number(u64::from(*record));
            bytes.number(u64::from(*entity));
        }
        bytes.number(self.truncates.len() as u64);
        for (record, table) in &self.truncates {
            bytes.number(u64::from(*record));
            bytes.text(table);
        }
        for texts in [&self.names, &self.types, &self.forms] {
            bytes.number(texts.len() as u64);
            for text in texts {
                bytes.text(text);
            }
        }
        bytes.number(self.partitions.len() as u64);
        for (topic, partition) in &self.partitions {
            bytes.text(topic);
            bytes.number(u64::from(*partition));
        }
        for number in [self.without_entity, self.n_changes, self.n_deletes] {
            bytes.number(number);
        }
        bytes.0
    }

    /// The part in some bytes.
    ///
    /// # Errors
    /// If they are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Part, Damaged> {
        let mut bytes = Reader(bytes);
        let mut part = Part::default();
        for column in part.columns.all_mut() {
            *column = PackedColumn::read(&mut bytes)?;
        }
        part.of_record = PackedColumn::read(&mut bytes)?;
        for _ in 0..bytes.count()? {
            part.more.push((bytes.number()? as u32, bytes.number()? as u32));
        }
        for _ in 0..bytes.count()? {
            part.truncates.push((bytes.number()? as u32, bytes.text()?));
        }
        for texts in [&mut part.names, &mut part.types, &mut part.forms] {
            for _ in 0..bytes.count()? {
                texts.push(bytes.text()?);
            }
        }
        for _ in 0..bytes.count()? {
            part.partitions.push((bytes.text()?, bytes.number()? as u32));
        }
        (part.without_entity, part.n_changes, part.n_deletes) = (bytes.number()?, bytes.number()?, bytes.number()?);
        let len = part.columns.start.len();
        let is_even = part.columns.all().iter().all(|column| column.len() == len) && part.of_record.len() == len;
        if is_even { Ok(part) } else { Err(Damaged) }
    }
}

/// The texts from number `told` on; `told` moves to their end.
pub(crate) fn new_texts(texts: &Interner, told: &mut usize) -> Vec<String> {
    let new = (*told..texts.len()).map(|id| texts.get(id as u32).to_owned()).collect();
    *told = texts.len();
    new
}

/// Numbers and texts as bytes: numbers as eight, little-endian; texts behind their length.
pub struct Writer(pub Vec<u8>);

impl Writer {
    /// Appends a number.
    pub fn number(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// Appends bytes behind their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// Appends a text.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }
}

/// Reads what a [`Writer`] wrote.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// So many bytes.
    ///
    /// # Errors
    /// If there are fewer.
    pub fn take(&mut self, length: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A number.
    ///
    /// # Errors
    /// If there is none.
    pub fn number(&mut self) -> Result<u64, Damaged> {
        let bytes = self.take(8)?;
        bytes.try_into().map(u64::from_le_bytes).map_err(|_| Damaged)
    }

    /// A number of things that take at least a byte each.
    ///
    /// # Errors
    /// If there cannot be so many.
    pub fn count(&mut self) -> Result<usize, Damaged> {
        let count = usize::try_from(self.number()?).map_err(|_| Damaged)?;
        if count <= self.0.len() { Ok(count) } else { Err(Damaged) }
    }

    /// Bytes behind their length.
    ///
    /// # Errors
    /// If there are fewer.
    pub fn bytes(&mut self) -> Result<&'a [u8], Damaged> {
        let length = self.count()?;
        self.take(length)
    }

    /// A text.
    ///
    /// # Errors
    /// If it is none.
    pub fn text(&mut self) -> Result<String, Damaged> {
        std::str::from_utf8(self.bytes()?).map(str::to_owned).map_err(|_| Damaged)
    }
}
