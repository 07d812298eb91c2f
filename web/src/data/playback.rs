//! Moves the cursor while the replay plays.

use super::query::use_rows;
use crate::hooks::use_animation_frame;
use crate::state::{Speed, TransportAction, use_transport};
use yew::prelude::*;

/// Records asked for ahead of the cursor, for their timestamps.
const AHEAD: u64 = 200;

/// A frame never stands for more than this: after a tab was in the background, nobody saw what would have been played.
const LONGEST_FRAME_MS: f64 = 250.0;
/// Waits shorter than this are not counted down.
const SHOWN_WAIT_MS: f64 = 1500.0;

/// What a playing replay owes: a fraction of an event, or with true gaps the milliseconds since the event under the cursor.
#[derive(Default)]
struct Debt {
    owed: f64,
    /// The position that it is about: a cursor that was moved owes nothing.
    position: u64,
}

/// Events whose gaps have passed after `owed` milliseconds, what is left of these, and the gap before the next event; `None` if
/// it is not known. `times` begin with the event under the cursor.
fn due(times: &[Option<f64>], mut owed: f64) -> (u64, f64, Option<f64>) {
    let mut events = 0;
    for pair in times.windows(2) {
        let gap = match (pair[0], pair[1]) {
            (Some(now), Some(next)) => (next - now).max(0.0),
            // Without a time before or after there is no gap to keep; the next event follows at once.
            _ => 0.0,
        };
        if owed < gap {
            return (events, owed, Some(gap));
        }
        owed -= gap;
        events += 1;
    }
    (events, 0.0, None)
}

/// Plays. Gives the milliseconds until the next event while it plays with the true gaps.
#[hook]
pub(crate) fn use_playback() -> Option<f64> {
    let transport = use_transport();
    let with_gaps = transport.playing && transport.speed == Speed::TrueGaps;
    let start = transport.position / AHEAD * AHEAD;
    let range = if with_gaps { start.max(1)..(start + 2 * AHEAD).min(transport.total + 1) } else { 0..0 };
    let (first, rows) = use_rows(range);
    let debt = use_mut_ref(Debt::default);
    {
        let debt = debt.clone();
        use_effect_with((transport.playing, transport.speed), move |_| *debt.borrow_mut() = Debt::default());
    }
    let wait = use_state_eq(|| None::<f64>);
    // The event under the cursor and those after it; before the first event there is none, and no gap either.
    let times: Vec<Option<f64>> = match transport.position {
        0 if first == 1 => std::iter::once(None).chain(rows.iter().map(|row| row.timestamp_ms)).collect(),
        position => {
            let here = position.checked_sub(first).map_or(rows.len(), |here| (here as usize).min(rows.len()));
            rows[here..].iter().map(|row| row.timestamp_ms).collect()
        }
    };
    let (position, total, speed) = (transport.position, transport.total, transport.speed);
    let dispatcher = transport.dispatcher();
    let shown = wait.setter();
    let on_frame = Callback::from(move |elapsed_ms: f64| {
        let mut debt = debt.borrow_mut();
        let elapsed_ms = elapsed_ms.min(LONGEST_FRAME_MS);
        if speed != Speed::TrueGaps {
            debt.owed += speed.advance(elapsed_ms, total);
            let whole = debt.owed.floor();
            if whole >= 1.0 {
                debt.owed -= whole;
                dispatcher.dispatch(TransportAction::Advance(whole as u64));
            }
            return;
        }
        if debt.position != position {
            *debt = Debt { owed: 0.0, position };
        }
        let (events, owed, gap) = due(&times, debt.owed + elapsed_ms);
        *debt = Debt { owed, position: position + events };
        let left = gap.map(|gap| gap - owed).filter(|left| *left > SHOWN_WAIT_MS);
        shown.set(left.map(|left| (left / 1000.0).round() * 1000.0));
        if events > 0 {
            dispatcher.dispatch(TransportAction::Advance(events));
        }
    });
    use_animation_frame(transport.playing, on_frame);
    if with_gaps { *wait } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(times: &[f64], owed: f64, expected: (u64, f64, Option<f64>)) {
        let times: Vec<Option<f64>> = times.iter().map(|time| Some(*time).filter(|time| *time >= 0.0)).collect();
        assert_eq!(due(&times, owed), expected);
    }

    #[test]
    fn an_event_comes_when_its_gap_has_passed() {
        check(&[1000.0, 1100.0], 99.0, (0, 99.0, Some(100.0)));
        check(&[1000.0, 1100.0, 1500.0], 120.0, (1, 20.0, Some(400.0)));
    }

    #[test]
    fn many_events_of_one_frame_come_together() {
        check(&[0.0, 1.0, 2.0, 2.0, 9.0], 3.0, (3, 1.0, Some(7.0)));
    }

    #[test]
    fn events_that_came_too_late_or_without_a_time_follow_at_once() {
        check(&[50.0, 20.0, 70.0], 0.0, (1, 0.0, Some(50.0)));
        check(&[50.0, -1.0, 70.0], 5.0, (2, 0.0, None));
    }

    #[test]
    fn what_is_not_loaded_yet_is_waited_for() {
        check(&[50.0], 900.0, (0, 0.0, None));
    }
}
