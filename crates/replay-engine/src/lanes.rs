//! The partitions drawn over the replay: what lies where, in as many buckets as there are pixels.

use crate::loaded::Loaded;
use replay_protocol::{LaneBucket, LaneTile, Reply};

/// More buckets than any screen has pixels are not given.
const MAX_COLUMNS: u32 = 8192;

/// Positions `start..end`, counted from 0, in at most `columns` buckets.
///
/// The counts cost a pass over the window, so the last ones are kept: following the cursor asks for the same window again and again,
/// with another entity's marks on it.
pub(crate) fn tile(loaded: &mut Loaded, start: u64, end: u64, columns: u32, entity: Option<u32>) -> LaneTile {
    let asked = (start, end, columns);
    if loaded.last_tile.as_ref().is_none_or(|(kept, _)| *kept != asked) {
        loaded.last_tile = Some((asked, counted(loaded, start, end, columns)));
    }
    let mut tile = loaded.last_tile.as_ref().map(|(_, tile)| tile.clone()).unwrap_or_default();
    let (log, order) = (loaded.replay.log(), loaded.replay.order());
    for &record in entity.map(|entity| log.postings(entity)).unwrap_or_default() {
        let position = order.position_of(record) - 1;
        if (tile.start..tile.end).contains(&position) {
            let column = column_of(position, tile.start, tile.end - tile.start, tile.columns);
            tile.lanes[log.partition(record) as usize][column].e += 1;
        }
    }
    tile
}

/// Where the events of an entity are, the first of each bucket of the whole log. Costs a look at each of its events.
pub(crate) fn marks(loaded: &Loaded, entity: u32, columns: u32) -> Reply {
    let (log, order) = (loaded.replay.log(), loaded.replay.order());
    if entity as usize >= log.n_entities() {
        return Reply::Marks { positions: Vec::new(), snapshots: Vec::new() };
    }
    let columns = columns.clamp(1, MAX_COLUMNS);
    let thinned = |mut positions: Vec<u64>| {
        positions.sort_unstable();
        positions.dedup_by_key(|position| column_of(*position - 1, 0, order.len(), columns));
        positions.into_iter().map(|position| position as u32).collect()
    };
    Reply::Marks {
        positions: thinned(log.postings(entity).iter().map(|&record| order.position_of(record)).collect()),
        snapshots: thinned(loaded.replay.snapshot_positions(entity)),
    }
}

/// Bucket c begins at start + c * span / columns, rounded up, so that every position has exactly one bucket.
fn column_of(position: u64, start: u64, span: u64, columns: u32) -> usize {
    ((position - start) * u64::from(columns) / span.max(1)) as usize
}

fn counted(loaded: &Loaded, start: u64, end: u64, columns: u32) -> LaneTile {
    let replay = &loaded.replay;
    let (log, order) = (replay.log(), replay.order());
    let end = end.min(order.len());
    let start = start.min(end);
    let span = end - start;
    let columns = u64::from(columns.clamp(1, MAX_COLUMNS)).min(span.max(1)) as u32;
    let n_types = loaded.types.len();
    let empty = LaneBucket { t: u32::MAX, ..LaneBucket::default() };
    let mut lanes = vec![vec![empty; columns as usize]; log.partitions().len()];
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
        let at = column_of(position, start, span, columns);
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
    LaneTile { start, end, columns, lanes }
}
