//! A file that a log leaves where it is.

use replay_log::text::Fetch;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that are read again and again, as a file's on disk are; it counts them. Its clones are the same file.
#[derive(Debug, Clone)]
pub struct Disk {
    bytes: Arc<[u8]>,
    fetched: Arc<AtomicU64>,
}

impl Disk {
    /// A file of these bytes, of which nothing was fetched.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Disk {
        Disk { bytes: bytes.into(), fetched: Arc::default() }
    }

    /// The bytes from `start` on, `length` of them or as many as there are; not counted.
    pub fn piece(&self, start: u64, length: usize) -> &[u8] {
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(self.bytes.len());
        &self.bytes[start..start.saturating_add(length).min(self.bytes.len())]
    }

    /// Bytes that were fetched so far.
    pub fn fetched(&self) -> u64 {
        self.fetched.load(Ordering::Relaxed)
    }
}

impl Fetch for Disk {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn fetch(&self, start: u64, length: usize) -> Result<Vec<u8>, String> {
        let piece = self.piece(start, length);
        self.fetched.fetch_add(piece.len() as u64, Ordering::Relaxed);
        Ok(piece.to_vec())
    }
}
