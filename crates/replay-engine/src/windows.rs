//! Records per window of event time, as a stream processor with tumbling windows counts them for a dashboard.

use crate::loaded::Loaded;
use replay_protocol::{Window, Windows};

/// Event types with a number of their own; the rest is one.
pub(crate) const TYPES: usize = 8;
/// More windows than a chart shows are not given.
const MAX_WINDOWS: u64 = 60;
/// Lengths that people count in, in milliseconds.
const LENGTHS: [u64; 24] = [
    1,
    10,
    100,
    1_000,
    5_000,
    10_000,
    30_000,
    60_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    604_800_000,
    1_209_600_000,
    2_592_000_000,
    7_776_000_000,
    31_536_000_000,
];

/// Windows over the time of the whole log, filled with the records up to a position. One pass over the packed columns.
///
/// The newest time seen is the watermark: a window that ends at or before it is closed, and a record that belongs there is late.
pub(crate) fn count(loaded: &Loaded, position: u64, window_ms: Option<f64>) -> Windows {
    let (log, order) = (loaded.replay.log(), loaded.replay.order());
    let position = position.min(order.len());
    let (Some(first), Some(last)) = (log.first_timestamp_ms(), log.last_timestamp_ms()) else {
        return Windows { untimed: position as u32, ..Windows::default() };
    };
    let span = last.saturating_sub(first).max(0) as u64 + 1;
    let wanted = window_ms.filter(|ms| ms.is_finite() && *ms >= 1.0).map_or(0, |ms| ms as u64);
    let length = suitable(span, wanted);
    let start = first.div_euclid(length as i64).saturating_mul(length as i64);
    let n_windows = (last.saturating_sub(start).max(0) as u64 / length + 1).min(MAX_WINDOWS + 1);
    let empty = Window { counts: vec![0; TYPES + 1], late: 0 };
    let mut result = Windows {
        start_ms: start as f64,
        window_ms: length as f64,
        windows: vec![empty; n_windows as usize],
        ..Windows::default()
    };
    let mut watermark = i64::MIN;
    for record in (1..=position).filter_map(|position| order.record_at(position)) {
        let Some(time) = log.timestamp_ms(record) else {
            result.untimed += 1;
            continue;
        };
        let number = time.saturating_sub(start).max(0) as u64 / length;
        let Some(window) = result.windows.get_mut(number as usize) else { continue };
        let place = loaded.type_of(record).map_or(TYPES, |place| (place as usize).min(TYPES));
        window.counts[place] += 1;
        if start.saturating_add(((number + 1) * length) as i64) <= watermark {
            window.late += 1;
            result.late += 1;
        }
        watermark = watermark.max(time);
    }
    result
}

/// The length asked for, or the next longer one that people count in, of which not too many fill the span.
fn suitable(span: u64, wanted: u64) -> u64 {
    let is_enough = |length: u64| span.div_ceil(length) <= MAX_WINDOWS;
    if wanted > 0 && is_enough(wanted) {
        return wanted;
    }
    let listed = LENGTHS.into_iter().find(|&length| length >= wanted && is_enough(length));
    listed.unwrap_or_else(|| span.div_ceil(MAX_WINDOWS).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_as_long_as_people_count() {
        let lengths = [1, 60, 61, 3_600_000, 86_400_000, 40 * 365 * 86_400_000].map(|span| suitable(span, 0));
        assert_eq!(lengths, [1, 1, 10, 60_000, 1_800_000, 31_536_000_000]);
        assert_eq!([suitable(3_600_000, 600_000), suitable(3_600_000, 2_000)], [600_000, 60_000]);
        assert!(suitable(u64::MAX, 1) > 0);
    }
}
