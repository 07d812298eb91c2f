//! The partitions drawn over the replay: what lies where, in as many buckets as there are pixels.

use crate::loaded::Loaded;
use replay_protocol::{LaneBucket, LaneTile};

/// More buckets than any screen has pixels are not given.
const MAX_COLUMNS: u32 = 8192;

/// Positions `start..end`, counted from 0, in at most `columns` buckets.
pub(crate) fn tile(loaded: &Loaded, start: u64, end: u64, columns: u32, entity: Option<u32>) -> LaneTile {
    let replay = &loaded.replay;
    let (log, order) = (replay.log(), replay.order());
    let end = end.min(order.len());
    let start = start.min(end);
    let span = end - start;
    let columns = u64::from(columns.clamp(1, MAX_COLUMNS)).min(span.max(1)) as u32;
    let n_types = loaded.types.len();
    let empty = LaneBucket { t: u32::MAX, ..LaneBucket::default() };
    let mut lanes = vec![vec![empty; columns as usize]; log.partitions().len()];
    // Bucket c begins at start + c * span / columns, rounded up, so that every position has exactly one bucket.
    let column_of = |position: u64| ((position - start) * u64::from(columns) / span.max(1)) as usize;
    let mut counts = vec![0_u32; n_types * lanes.len()];
    let mut column = 0;
    let settle = |column: usize, counts: &mut Vec<u32>, lanes: &mut Vec<Vec<LaneBucket>>| {
        for (lane, counts) in lanes.iter_mut().zip(counts.chunks_mut(n_types.max(1))) {
            let best = counts.iter().enumerate().rev().max_by_key(|(_, count)| **count);
            if let Some((event_type, count)) = best
                && *count > 0
            {
                lane[column].t = event_type as u32;
            }
            counts.fill(0);
        }
    };
    for position in start..end {
        let Some(record) = order.record_at(position + 1) else { continue };
        let at = column_of(position);
        if at != column {
            settle(column, &mut counts, &mut lanes);
            column = at;
        }
        let partition = log.partition(record) as usize;
        let bucket = &mut lanes[partition][at];
        bucket.n += 1;
        bucket.d += u32::from(log.is_tombstone(record));
        if let Some(event_type) = loaded.type_of(record) {
            counts[partition * n_types + event_type as usize] += 1;
        }
    }
    settle(column, &mut counts, &mut lanes);
    for &record in entity.map(|entity| log.postings(entity)).unwrap_or_default() {
        let position = order.position_of(record) - 1;
        if (start..end).contains(&position) {
            lanes[log.partition(record) as usize][column_of(position)].e += 1;
        }
    }
    LaneTile { start, end, columns, lanes }
}
