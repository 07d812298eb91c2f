//! Runs: records that are alike and follow each other in the replay, as one row of the list.
//!
//! Where rows begin is a bit per record, with a count before each block of them, so that a place in a list of many millions of records
//! is found by a search among the counts and a look at one block.

use crate::loaded::Loaded;
use crate::window;
use replay_log::RecordKind;
use replay_protocol::{Alike, Run, RunPage, RunsRequest};

/// Fewer records are no run: a row that stands for two of them saves nothing.
const SHORTEST: u64 = 3;
/// Words of a block.
const BLOCK: usize = 64;
/// More rows than any screen shows are not given at once.
const MAX_ROWS: u64 = 2000;
/// More runs than anybody opens by hand are not opened.
const MAX_OPENED: usize = 10_000;

/// Where the rows of a folded list begin.
pub(crate) struct Runs {
    alike: Alike,
    len: u64,
    /// A bit for each record in replay order, set where a row begins.
    begins: Vec<u64>,
    /// Rows that begin before each block.
    before: Vec<u64>,
    rows: u64,
}

impl Runs {
    /// `key(n)` is equal for records that are alike; n counts from 0. Costs a pass over the log.
    fn new<K: PartialEq>(alike: Alike, len: u64, mut key: impl FnMut(u64) -> K) -> Runs {
        let mut begins = vec![0_u64; (len as usize).div_ceil(64)];
        let mut set = |n: u64| begins[(n / 64) as usize] |= 1 << (n % 64);
        let mut start = 0;
        let mut last = None;
        for n in 0..=len {
            let next = (n < len).then(|| key(n));
            if n > 0 && next != last {
                let end = if n - start < SHORTEST { n } else { start + 1 };
                (start..end).for_each(&mut set);
                start = n;
            }
            last = next;
        }
        let mut before = Vec::with_capacity(begins.len().div_ceil(BLOCK));
        let mut rows = 0;
        for block in begins.chunks(BLOCK) {
            before.push(rows);
            rows += block.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
        }
        Runs { alike, len, begins, before, rows }
    }

    /// The row that holds a record, if none is opened.
    fn row_of(&self, record: u64) -> u64 {
        let word = (record / 64) as usize;
        let block = word / BLOCK;
        let whole: u64 = self.begins[block * BLOCK..word].iter().map(|word| u64::from(word.count_ones())).sum();
        let upto = self.begins[word] & (u64::MAX >> (63 - record % 64));
        self.before[block] + whole + u64::from(upto.count_ones()) - 1
    }

    /// The first record of a row; the number of records for the row behind the last.
    fn start_of(&self, row: u64) -> u64 {
        if row >= self.rows {
            return self.len;
        }
        let block = self.before.partition_point(|&before| before <= row) - 1;
        let mut left = row - self.before[block];
        for (n, &word) in self.begins.iter().enumerate().skip(block * BLOCK) {
            let ones = u64::from(word.count_ones());
            if left < ones {
                let mut rest = word;
                for _ in 0..left {
                    rest &= rest - 1;
                }
                return n as u64 * 64 + u64::from(rest.trailing_zeros());
            }
            left -= ones;
        }
        self.len
    }

    fn length_of(&self, row: u64) -> u64 {
        self.start_of(row + 1) - self.start_of(row)
    }
}

/// A list of which some runs are opened: rows, and what each adds to the rows behind it.
struct Shown<'a> {
    runs: &'a Runs,
    /// Rows of the folded list that are opened, ascending, with their records.
    opened: Vec<(u64, u64)>,
}

/// A row that is shown.
struct Place {
    start: u64,
    length: u64,
    /// Which record of it stands there alone.
    single: Option<u64>,
}

impl Shown<'_> {
    fn new<'a>(runs: &'a Runs, positions: &[u64]) -> Shown<'a> {
        let inside = positions.iter().take(MAX_OPENED).filter(|&&position| (1..=runs.len).contains(&position));
        let mut opened: Vec<_> = inside.map(|position| runs.row_of(position - 1)).collect();
        opened.sort_unstable();
        opened.dedup();
        let opened = opened.into_iter().map(|row| (row, runs.length_of(row))).filter(|(_, length)| *length > 1);
        Shown { runs, opened: opened.collect() }
    }

    fn total(&self) -> u64 {
        self.runs.rows + self.opened.iter().map(|(_, length)| length - 1).sum::<u64>()
    }

    /// What is shown in a row, which is one of them.
    fn at(&self, row: u64) -> Place {
        let mut more = 0;
        for &(opened, length) in &self.opened {
            if row < opened + more {
                break;
            }
            if row < opened + more + length {
                let start = self.runs.start_of(opened);
                return Place { start, length, single: Some(start + row - opened - more) };
            }
            more += length - 1;
        }
        let row = row - more;
        let length = self.runs.length_of(row);
        let start = self.runs.start_of(row);
        Place { start, length, single: (length == 1).then_some(start) }
    }

    /// The row that holds a record.
    fn row_of(&self, record: u64) -> u64 {
        let row = self.runs.row_of(record);
        let behind = self.opened.partition_point(|(opened, _)| *opened < row);
        let more: u64 = self.opened[..behind].iter().map(|(_, length)| length - 1).sum();
        let is_opened = self.opened.get(behind).is_some_and(|(opened, _)| *opened == row);
        row + more + if is_opened { record - self.runs.start_of(row) } else { 0 }
    }
}

/// The rows that are wanted. The first question about a log or about other runs costs a pass over it.
pub(crate) fn page(loaded: &mut Loaded, asked: &RunsRequest) -> RunPage {
    let len = loaded.replay.order().len();
    if len == 0 {
        return RunPage::default();
    }
    let kept = loaded.runs.take().filter(|runs| runs.alike == asked.alike && runs.len == len);
    let runs = kept.unwrap_or_else(|| found(loaded, asked.alike, len));
    let shown = Shown::new(&runs, &asked.opened);
    let total = shown.total();
    let first = asked.start.min(total);
    let last = first.saturating_add(asked.count.min(MAX_ROWS)).min(total);
    let row = |row: u64| {
        let Place { start, length, single } = shown.at(row);
        let is_at_cursor = (start + 1..=start + length).contains(&asked.position);
        let position = single.map_or(if is_at_cursor { asked.position } else { start + 1 }, |record| record + 1);
        let row = window::rows(loaded, position, position + 1).pop()?;
        Some(Run { row, start: start + 1, length, folded: single.is_none() })
    };
    let rows = (first..last).filter_map(row).collect();
    let current = (asked.position > 0).then(|| shown.row_of(asked.position.min(len) - 1));
    loaded.runs = Some(runs);
    RunPage { total, first, rows, current }
}

fn found(loaded: &Loaded, alike: Alike, len: u64) -> Runs {
    let (log, order) = (loaded.replay.log(), loaded.replay.order());
    Runs::new(alike, len, |n| {
        let record = order.record_at(n + 1)?;
        let entity = match alike {
            Alike::Type => None,
            Alike::Entity => log.entities_of(record).next(),
        };
        Some((log.event_type(record), entity, log.is_tombstone(record), log.kind(record) == RecordKind::Event))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A letter per record, equal ones alike; `opened` are positions; `expected` is a word per row: `2-5` for a run, `3` for a record.
    #[track_caller]
    fn check(records: &str, opened: &[u64], expected: &str) {
        let bytes = records.as_bytes();
        let runs = Runs::new(Alike::Type, bytes.len() as u64, |n| bytes[n as usize]);
        let shown = Shown::new(&runs, opened);
        let mut rows = Vec::new();
        for row in 0..shown.total() {
            let Place { start, length, single } = shown.at(row);
            let records = single.map_or(start..start + length, |record| record..record + 1);
            assert!(records.clone().all(|record| shown.row_of(record) == row), "{records:?} are not in row {row}");
            rows.push(if single.is_some() {
                (records.start + 1).to_string()
            } else {
                format!("{}-{}", records.start + 1, records.end)
            });
        }
        assert_eq!(rows.join(" "), expected);
    }

    #[test]
    fn three_records_that_are_alike_are_a_row() {
        check("", &[], "");
        check("a", &[], "1");
        check("aabb", &[], "1 2 3 4");
        check("aaab", &[], "1-3 4");
        check("abbbbcaaa", &[], "1 2-5 6 7-9");
    }

    #[test]
    fn an_opened_run_shows_its_records() {
        check("aaabbbcddd", &[2], "1 2 3 4-6 7 8-10");
        check("aaabbbcddd", &[10, 1, 9, 7, 0, 99], "1 2 3 4-6 7 8 9 10");
        check("aaabbbcddd", &[4, 1, 8], "1 2 3 4 5 6 7 8 9 10");
    }

    #[test]
    fn a_long_list_is_counted_over_many_blocks() {
        let text = "aaaaab".repeat(5000);
        let expected: Vec<_> = (0..5000).map(|n| format!("{}-{} {}", n * 6 + 1, n * 6 + 5, n * 6 + 6)).collect();
        check(&text, &[], &expected.join(" "));
    }
}
