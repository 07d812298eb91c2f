//! What happened when, on the log's clock.

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// Milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// What.
    pub kind: HappeningKind,
}

/// What can happen. Lanes are numbers of [`crate::Outcome::lanes`].
#[derive(Debug, Clone, PartialEq)]
pub enum HappeningKind {
    /// A member joined.
    Join {
        /// Its id.
        member: String,
    },
    /// A member left in order.
    Leave {
        /// Its id.
        member: String,
    },
    /// A member died; the group does not know yet.
    Crash {
        /// Its id.
        member: String,
        /// Records that it had processed and not committed.
        uncommitted: u64,
    },
    /// The coordinator gave up on a member that died.
    SessionTimeout {
        /// Its id.
        member: String,
    },
    /// Who owns what from now on.
    Rebalance {
        /// Members in order, each with its lanes.
        assignment: Vec<(String, Vec<u32>)>,
    },
    /// Partitions were added.
    PartitionsAdded {
        /// So many now.
        partitions: u32,
    },
    /// Consumers resumed where nothing is: the offset was gone, or there was none.
    OffsetReset {
        /// Which partition.
        lane: u32,
        /// Where it would have resumed; `None` without a committed offset.
        from: Option<i64>,
        /// Where it resumed.
        to: i64,
    },
    /// A member rebuilt what it holds in memory.
    Restored {
        /// Which partition.
        lane: u32,
        /// Records read for it.
        records: u64,
    },
    /// Retention moved the log start offset.
    Expired {
        /// Which partition.
        lane: u32,
        /// Records in the segments that went.
        records: u64,
        /// The new log start offset.
        log_start_offset: i64,
    },
    /// The cleaner ran.
    Compacted {
        /// Which partition.
        lane: u32,
        /// Records that went.
        records: u64,
        /// Records that stayed.
        kept: u64,
    },
    /// Lag passed the threshold.
    AlertOn {
        /// Records behind.
        lag_records: u64,
    },
    /// Lag is below the threshold again.
    AlertOff,
}

/// Lag at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// By lane: high watermark − committed offset.
    pub lag: Vec<u64>,
    /// By lane: committed offset, 0 before the first commit.
    pub committed: Vec<i64>,
    /// Snapshots taken by then.
    pub snapshots: u64,
    /// Age of the oldest record that is not committed, in milliseconds.
    pub lag_ms: i64,
    /// Bytes in the log.
    pub stored_bytes: u64,
}

/// The whole course of a simulation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeline {
    /// In order of time.
    pub happenings: Vec<Happening>,
    /// Evenly spaced.
    pub samples: Vec<Sample>,
    /// By lane: committed offset from a time on (milliseconds), ascending.
    pub commits: Vec<Vec<(i64, i64)>>,
    /// By lane: owner from a time on, `None` for nobody.
    pub owners: Vec<Vec<(i64, Option<String>)>>,
    /// When each snapshot was taken (milliseconds), ascending, and in which lane the event lay that it was taken after.
    pub snapshots: Vec<(i64, u32)>,
}
