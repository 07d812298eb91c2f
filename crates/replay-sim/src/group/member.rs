//! A member of the group.

use std::collections::VecDeque;

/// One consumer, from its join to its end.
pub(super) struct Member {
    /// Kafka's ids are random; these sort in the order of joining.
    pub(super) id: String,
    pub(super) is_alive: bool,
    /// Dead, and the coordinator does not know yet: until then (microseconds).
    pub(super) expires_us: Option<i64>,
    /// Has been in an assignment.
    pub(super) generation: i32,
    pub(super) lanes: Vec<u32>,
    /// Which of its lanes is polled first next time.
    pub(super) turn: usize,
    /// What its last poll brought and is not processed yet: lanes, each with the offset behind the last record.
    pub(super) batch: VecDeque<(u32, i64)>,
    /// When that poll was (milliseconds): what clean-up removed by then was not in it, what it removes later is.
    pub(super) polled_ms: i64,
    /// Busy until then.
    pub(super) free_us: i64,
    /// When it began a record whose processing a control event interrupted.
    pub(super) begun_us: Option<i64>,
    /// Makes older entries in the heap of ready members invalid.
    pub(super) stamp: u32,
    /// Records processed since its last commit.
    pub(super) uncommitted: u64,
    /// Deliveries of its open transaction.
    pub(super) open: Vec<usize>,
}

impl Member {
    pub(super) fn new(number: usize, at_us: i64) -> Member {
        Member {
            id: format!("consumer-{:03}", number + 1),
            is_alive: true,
            expires_us: None,
            generation: -1,
            lanes: Vec::new(),
            turn: 0,
            batch: VecDeque::new(),
            polled_ms: i64::MIN,
            free_us: at_us,
            begun_us: None,
            stamp: 0,
            uncommitted: 0,
            open: Vec::new(),
        }
    }

    /// Whether the coordinator counts it as a member.
    pub(super) fn is_known(&self) -> bool {
        self.is_alive || self.expires_us.is_some()
    }
}
