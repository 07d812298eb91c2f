//! A file on disk as a source of the engine.

use replay_engine::{ByteSource, Fetch, Read};
use replay_testing::Disk;
use std::sync::Arc;

/// A file, read in pieces of at most so many bytes. Its text stays where it is, unless the host keeps it.
pub(crate) struct OnDisk {
    pub(crate) disk: Disk,
    pub(crate) at_once: usize,
    pub(crate) is_kept: bool,
}

impl OnDisk {
    /// A file that is read in pieces as large as they are wanted and stays where it is.
    pub(crate) fn new(disk: &Disk) -> OnDisk {
        OnDisk { disk: disk.clone(), at_once: usize::MAX, is_kept: false }
    }
}

impl ByteSource for OnDisk {
    fn len(&self) -> u64 {
        self.disk.len()
    }

    fn read(&mut self, offset: u64, length: usize, into: &mut Vec<u8>) -> Result<Read, String> {
        let piece = self.disk.piece(offset, length.min(self.at_once));
        into.extend_from_slice(piece);
        Ok(Read::Bytes(piece.len()))
    }

    fn read_now(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, String> {
        Ok(self.disk.piece(offset, length).to_vec())
    }

    fn home(&self) -> Option<Arc<dyn Fetch>> {
        (!self.is_kept).then(|| -> Arc<dyn Fetch> { Arc::new(self.disk.clone()) })
    }
}
