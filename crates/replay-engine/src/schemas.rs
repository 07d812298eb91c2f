//! Which schemas a log needs that were not given with it.

use crate::loaded::Loaded;
use replay_formats::NamedSchemas;
use replay_log::Log;

/// More numbers than any log has schemas are something else that begins with a zero.
const MOST: usize = 1000;

/// A look at all keys and values.
pub(crate) struct SchemaIdsJob {
    log: Log,
    named: NamedSchemas,
    next: usize,
}

impl SchemaIdsJob {
    pub(crate) fn new(loaded: &Loaded) -> SchemaIdsJob {
        SchemaIdsJob { log: loaded.replay.log().clone(), named: NamedSchemas::default(), next: 0 }
    }

    /// Looks at so many records more; the numbers and GUIDs, ascending, when all were looked at.
    #[inline(never)]
    pub(crate) fn step(&mut self, records: usize) -> Option<Vec<String>> {
        let end = self.next.saturating_add(records.max(1)).min(self.log.len());
        for index in self.next..end {
            self.named.look(&self.log.record(index as u32));
        }
        self.next = if self.named.len() > MOST { self.log.len() } else { end };
        (self.next == self.log.len()).then(|| self.named.ids().into_iter().take(MOST).collect())
    }

    /// Records done and to do.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.next as u64, self.log.len() as u64)
    }
}
