//! The log as a columnar file for a long-term store.

use replay_core::Replay;
use replay_formats::write::{ParquetWriter, WriteFormat, Writer};
use replay_protocol::{Archive, ArchiveColumn, Failure};

/// A larger file is not built in memory.
pub(crate) const MAX_BYTES: usize = 512 << 20;

/// An archive under way.
pub(crate) struct Archiving {
    replay: Replay,
    writer: ParquetWriter,
    next: u64,
    end: u64,
    text_bytes: u64,
}

impl Archiving {
    /// The records up to a position, in replay order.
    pub(crate) fn new(replay: Replay, position: u64) -> Archiving {
        let end = position.min(replay.order().len());
        Archiving { replay, writer: ParquetWriter::new(), next: 1, end, text_bytes: 0 }
    }

    /// Takes so many records more; true when all are in it.
    ///
    /// # Errors
    /// If the file becomes too large.
    #[inline(never)]
    pub(crate) fn step(&mut self, records: usize) -> Result<bool, Failure> {
        let log = self.replay.log();
        let mut lines = Writer::new(WriteFormat::Ndjson);
        let mut line = Vec::new();
        let until = self.next.saturating_add(records.max(1) as u64).min(self.end + 1);
        for position in self.next..until {
            let Some(index) = self.replay.order().record_at(position) else { continue };
            self.writer.record(log, index, position);
            lines.record(log, index, &mut line);
            self.text_bytes += line.len() as u64;
            line.clear();
        }
        self.next = until;
        if self.writer.len() > MAX_BYTES {
            return Err(Failure::new("archive-too-large", format!("{} MB", MAX_BYTES >> 20)));
        }
        Ok(until > self.end)
    }

    /// Records done and to do.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.next - 1, self.end)
    }

    pub(crate) fn finish(self) -> Archive {
        let (file, columns) = self.writer.finish();
        let column = |(name, bytes): (&str, u64)| ArchiveColumn { name: name.to_owned(), bytes: bytes as f64 };
        Archive {
            records: self.end,
            columns: columns.into_iter().map(column).collect(),
            text_bytes: self.text_bytes as f64,
            file,
        }
    }
}
