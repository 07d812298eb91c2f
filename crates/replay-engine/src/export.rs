//! The log in another format, a piece at a time.

use replay_formats::write::{WriteFormat, Writer};
use replay_log::Log;
use replay_protocol::{Failure, Writer as Offered};

/// The formats in which a log can be saved.
pub(crate) fn writers() -> Vec<Offered> {
    let offered =
        |format: WriteFormat| Offered { name: format.name().to_owned(), extension: format.extension().to_owned() };
    WriteFormat::ALL.iter().copied().map(offered).collect()
}

/// An export under way.
pub(crate) struct Export {
    log: Log,
    writer: Writer,
    next: usize,
}

impl Export {
    pub(crate) fn new(log: Log, format: &str) -> Result<Export, Failure> {
        let format = format.parse().map_err(|_| Failure::new("bad-format", format.to_owned()))?;
        Ok(Export { log, writer: Writer::new(format), next: 0 })
    }

    /// The next piece, and whether it is the last.
    #[inline(never)]
    pub(crate) fn step(&mut self, records: usize) -> (Vec<u8>, bool) {
        let end = self.next.saturating_add(records.max(1)).min(self.log.len());
        let mut out = Vec::new();
        for record in self.next..end {
            self.writer.record(&self.log, record as u32, &mut out);
        }
        if end == self.log.len() {
            self.writer.finish(&mut out);
        }
        self.next = end;
        (out, end == self.log.len())
    }
}
