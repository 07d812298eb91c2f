//! What lies in a partition's folder: the segments' files, batch by batch, as far as the rules of retention and compaction look at it.
//!
//! Source: Apache Kafka, `DefaultRecordBatch` and `DefaultRecord` (message format 2, uncompressed).

use anyhow::{Context, bail, ensure};
use kafka_harness::Broker;

/// A file of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SegmentFile {
    /// Its name.
    pub(crate) base_offset: i64,
    pub(crate) size_bytes: u64,
    pub(crate) batches: Vec<FileBatch>,
}

/// A batch as it was written, or as compaction left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileBatch {
    pub(crate) base_offset: i64,
    pub(crate) last_offset: i64,
    pub(crate) size_bytes: u64,
    pub(crate) max_timestamp_ms: i64,
    pub(crate) delete_horizon_ms: Option<i64>,
    pub(crate) records: Vec<FileRecord>,
}

/// A record in a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileRecord {
    pub(crate) offset: i64,
    pub(crate) timestamp_ms: i64,
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) is_tombstone: bool,
    pub(crate) size_bytes: u32,
}

/// The attribute that says that the base timestamp is the delete horizon (KIP-534).
const HAS_DELETE_HORIZON: u16 = 0x40;
const COMPRESSION: u16 = 0x07;

/// The segments of a partition in order, as they lie on the disk now.
pub(crate) fn read(broker: &Broker, topic: &str, partition: u32) -> anyhow::Result<Vec<SegmentFile>> {
    let folder = broker.folder().join(format!("data/{topic}-{partition}"));
    let mut segments = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("{}", folder.display()))? {
        let path = entry?.path();
        // Files that wait for their deletion have a further ending.
        if path.extension().is_none_or(|ending| ending != "log") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let base_offset = name.parse().with_context(|| format!("{}", path.display()))?;
        let bytes = std::fs::read(&path).with_context(|| format!("{}", path.display()))?;
        let batches = batches(&bytes).with_context(|| format!("{}", path.display()))?;
        segments.push(SegmentFile { base_offset, size_bytes: bytes.len() as u64, batches });
    }
    segments.sort_by_key(|segment| segment.base_offset);
    Ok(segments)
}

/// The batches of a segment's bytes.
fn batches(bytes: &[u8]) -> anyhow::Result<Vec<FileBatch>> {
    let mut rest = Bytes(bytes);
    let mut batches = Vec::new();
    while !rest.0.is_empty() {
        let base_offset = i64::from_be_bytes(rest.array()?);
        let len = u32::from_be_bytes(rest.array()?);
        batches.push(batch(base_offset, Bytes(rest.take(len as usize)?))?);
    }
    Ok(batches)
}

/// A batch from behind its length.
fn batch(base_offset: i64, mut rest: Bytes<'_>) -> anyhow::Result<FileBatch> {
    let size_bytes = 12 + rest.0.len() as u64;
    let (_leader_epoch, magic, _crc): ([u8; 4], [u8; 1], [u8; 4]) = (rest.array()?, rest.array()?, rest.array()?);
    ensure!(magic == [2], "a batch of format {magic:?}");
    let attributes = u16::from_be_bytes(rest.array()?);
    ensure!(attributes & COMPRESSION == 0, "a compressed batch");
    let last_offset = base_offset + i64::from(i32::from_be_bytes(rest.array()?));
    let base_timestamp_ms = i64::from_be_bytes(rest.array()?);
    let max_timestamp_ms = i64::from_be_bytes(rest.array()?);
    let _producer: [u8; 14] = rest.array()?;
    let n_records = i32::from_be_bytes(rest.array()?);
    let mut records = Vec::new();
    for _ in 0..n_records {
        let before = rest.0.len();
        let len = usize::try_from(rest.varint()?)?;
        let prefix = before - rest.0.len();
        let mut record = Bytes(rest.take(len)?);
        let _attributes: [u8; 1] = record.array()?;
        let timestamp_ms = base_timestamp_ms + record.varint()?;
        let offset = base_offset + record.varint()?;
        let key = record.bytes()?.map(<[u8]>::to_vec);
        let is_tombstone = record.bytes()?.is_none();
        let size_bytes = (prefix + len) as u32;
        records.push(FileRecord { offset, timestamp_ms, key, is_tombstone, size_bytes });
    }
    let delete_horizon_ms = (attributes & HAS_DELETE_HORIZON != 0).then_some(base_timestamp_ms);
    Ok(FileBatch { base_offset, last_offset, size_bytes, max_timestamp_ms, delete_horizon_ms, records })
}

/// What is still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, len: usize) -> anyhow::Result<&'a [u8]> {
        let Some((taken, rest)) = self.0.split_at_checked(len) else { bail!("the file ends inside a batch") };
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> anyhow::Result<[u8; N]> {
        Ok(self.take(N)?.try_into()?)
    }

    /// A zigzag-encoded number of up to ten bytes.
    fn varint(&mut self) -> anyhow::Result<i64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok((number >> 1) as i64 ^ -((number & 1) as i64));
            }
        }
        bail!("a number of more than ten bytes")
    }

    /// Bytes behind their length, `None` for null.
    fn bytes(&mut self) -> anyhow::Result<Option<&'a [u8]>> {
        usize::try_from(self.varint()?).ok().map(|len| self.take(len)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A batch at offset 7 with a tombstone of key "k" 3 ms after `base`, at offset 8.
    fn bytes_with(attributes: u16, base: i64) -> Vec<u8> {
        let record = [14, 0, 6, 2, 2, b'k', 1, 0];
        let mut bytes = 7_i64.to_be_bytes().to_vec();
        bytes.extend((49 + record.len() as u32).to_be_bytes());
        bytes.extend([0, 0, 0, 0, 2, 0, 0, 0, 0]);
        bytes.extend(attributes.to_be_bytes());
        bytes.extend(2_i32.to_be_bytes());
        bytes.extend([base.to_be_bytes(), (base + 3).to_be_bytes()].concat());
        bytes.extend([0xff; 14]);
        bytes.extend(1_i32.to_be_bytes());
        bytes.extend(record);
        bytes
    }

    #[test]
    fn a_batch_is_read() {
        let record =
            FileRecord { offset: 8, timestamp_ms: 1_003, key: Some(b"k".to_vec()), is_tombstone: true, size_bytes: 8 };
        let batch = FileBatch {
            base_offset: 7,
            last_offset: 9,
            size_bytes: 69,
            max_timestamp_ms: 1_003,
            delete_horizon_ms: None,
            records: vec![record],
        };
        assert_eq!(batches(&bytes_with(0, 1_000)).unwrap(), [batch]);
        assert_eq!(batches(&bytes_with(HAS_DELETE_HORIZON, 9)).unwrap()[0].delete_horizon_ms, Some(9));
    }

    #[test]
    fn a_batch_that_ends_early_is_told() {
        let bytes = bytes_with(0, 1_000);
        for len in 1..bytes.len() {
            assert!(batches(&bytes[..len]).is_err(), "{len}");
        }
    }
}
