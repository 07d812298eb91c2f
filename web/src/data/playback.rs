//! Moves the cursor while the replay plays.

use super::query::use_rows;
use crate::hooks::use_animation_frame;
use crate::state::{Speed, TransportAction, use_transport};
use yew::prelude::*;

/// Records asked for ahead of the cursor, for their timestamps.
const AHEAD: u64 = 200;

/// Plays. Gives the milliseconds until the next event while it plays with the true gaps.
#[hook]
pub(crate) fn use_playback() -> Option<f64> {
    let transport = use_transport();
    let with_gaps = transport.playing && transport.speed == Speed::TrueGaps;
    let start = transport.position / AHEAD * AHEAD + 1;
    let range =
        if with_gaps { start.saturating_sub(1).max(1)..(start + 2 * AHEAD).min(transport.total + 1) } else { 0..0 };
    let (first, rows) = use_rows(range);
    // Events that are owed, as a fraction; with true gaps, milliseconds since the event under the cursor.
    let owed = use_mut_ref(|| 0.0_f64);
    {
        let owed = owed.clone();
        use_effect_with((transport.playing, transport.speed), move |_| *owed.borrow_mut() = 0.0);
    }
    let gap = use_state_eq(|| None::<f64>);
    let time_at = |position: u64| {
        let index = position.checked_sub(first)?;
        rows.get(index as usize)?.timestamp_ms
    };
    let has_next = transport.position + 1 < first + rows.len() as u64;
    let until_next = match (time_at(transport.position), time_at(transport.position + 1)) {
        (Some(now), Some(next)) => Some((next - now).max(0.0)),
        // Without a time before or after there is no gap to keep; the next event follows at once.
        _ => has_next.then_some(0.0),
    };
    let (position, total, speed) = (transport.position, transport.total, transport.speed);
    let dispatcher = transport.dispatcher();
    let shown = gap.setter();
    let on_frame = Callback::from(move |elapsed_ms: f64| {
        let mut owed = owed.borrow_mut();
        if speed == Speed::TrueGaps {
            *owed += elapsed_ms;
            let Some(wait) = until_next.filter(|_| position < total) else { return };
            if *owed >= wait {
                *owed = 0.0;
                dispatcher.dispatch(TransportAction::Advance(1));
                shown.set(None);
            } else if wait - *owed > 1500.0 {
                shown.set(Some(((wait - *owed) / 1000.0).round() * 1000.0));
            }
            return;
        }
        // After a tab was in the background, one frame may stand for minutes; nobody saw them.
        *owed += speed.advance(elapsed_ms.min(250.0), total);
        let whole = owed.floor();
        if whole >= 1.0 {
            *owed -= whole;
            dispatcher.dispatch(TransportAction::Advance(whole as u64));
        }
    });
    use_animation_frame(transport.playing, on_frame);
    if with_gaps { *gap } else { None }
}
