//! From a place as a person names it to a position.

use crate::loaded::Loaded;
use replay_protocol::{Place, Reply};

pub(crate) fn locate(loaded: &Loaded, place: &Place) -> Reply {
    let replay = &loaded.replay;
    let (log, order) = (replay.log(), replay.order());
    let found = |position: Option<u64>| {
        let record = position.and_then(|position| order.record_at(position));
        Reply::Located { position, entity: record.and_then(|record| log.entities_of(record).next()) }
    };
    match *place {
        Place::Offset { partition, offset } => {
            // Inside a partition positions and offsets ascend together, so the first match is the nearest.
            let records = 0..log.len() as u32;
            let record = records
                .filter(|&record| log.partition(record) == partition)
                .find(|&record| log.offset(record) >= offset);
            found(record.map(|record| order.position_of(record)))
        }
        Place::Time { timestamp_ms } => {
            let is_due = |position: &u64| {
                let record = order.record_at(*position);
                record
                    .and_then(|record| log.timestamp_ms(record))
                    .is_some_and(|timestamp| timestamp as f64 >= timestamp_ms)
            };
            found((1..=order.len()).find(is_due))
        }
        Place::Event { entity, position, backwards } => {
            let (_, next) = replay.neighbours(entity, position);
            let (previous, _) = replay.neighbours(entity, position.saturating_sub(1));
            Reply::Located { position: if backwards { previous } else { next }, entity: Some(entity) }
        }
        Place::Key { ref key } => {
            let entity = log.find_entity(None, key);
            let last = entity.and_then(|entity| replay.neighbours(entity, u64::MAX).0);
            Reply::Located { position: last, entity }
        }
    }
}
