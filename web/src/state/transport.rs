//! Where the replay stands and how it moves.

use std::rc::Rc;
use yew::Reducible;

/// How fast a replay plays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Speed {
    /// So many events a second.
    PerSecond(f64),
    /// The whole log in a few seconds, at least one event a frame.
    Fastest,
    /// With the gaps between the events' timestamps.
    TrueGaps,
}

impl Speed {
    /// What the page offers, slowest first.
    pub(crate) const ALL: [Self; 9] = [
        Self::PerSecond(0.25),
        Self::PerSecond(0.5),
        Self::PerSecond(1.0),
        Self::PerSecond(2.0),
        Self::PerSecond(10.0),
        Self::PerSecond(100.0),
        Self::PerSecond(1000.0),
        Self::Fastest,
        Self::TrueGaps,
    ];

    /// The value of its option: `10`, `max` or `gaps`.
    pub(crate) fn code(self) -> String {
        match self {
            Self::PerSecond(rate) => rate.to_string(),
            Self::Fastest => "max".to_owned(),
            Self::TrueGaps => "gaps".to_owned(),
        }
    }

    /// The speed whose code this is.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|speed| speed.code() == code)
    }

    /// Events for so many milliseconds of playing a log of `total` events, as a fraction that the caller adds up.
    pub(crate) fn advance(self, elapsed_ms: f64, total: u64) -> f64 {
        match self {
            Self::PerSecond(rate) => rate * elapsed_ms / 1000.0,
            Self::Fastest => (total as f64 * elapsed_ms / 8000.0).max(1.0),
            Self::TrueGaps => 0.0,
        }
    }
}

/// The cursor of the replay. All panels follow `position`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Transport {
    /// 0 is before the first event, n after the n-th.
    pub position: u64,
    /// Events in all.
    pub total: u64,
    /// True while the replay moves by itself.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
}

impl Default for Transport {
    fn default() -> Self {
        Self { position: 0, total: 0, playing: false, speed: Speed::PerSecond(1.0) }
    }
}

/// What may happen to the transport.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TransportAction {
    /// Another log: paused at this position.
    Reset { position: u64, total: u64 },
    /// The same log in another order or under another projection: paused, the position stays.
    Resize(u64),
    /// The same log with more behind: a cursor at its end stays there.
    Grow(u64),
    /// To a position.
    SeekTo(u64),
    /// Forwards or backwards by so many events.
    StepBy(i64),
    /// On by so many events while playing; stops at the end.
    Advance(u64),
    /// Plays or pauses; at the end it plays from the start.
    TogglePlay,
    /// Stops where it is.
    Pause,
    /// Chooses a speed.
    SetSpeed(Speed),
}

impl Reducible for Transport {
    type Action = TransportAction;

    fn reduce(self: Rc<Self>, action: TransportAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            TransportAction::Reset { position, total } => {
                next = Self { position: position.min(total), total, playing: false, speed: next.speed };
            }
            TransportAction::Resize(total) => {
                next.total = total;
                next.position = next.position.min(total);
                next.playing = false;
            }
            TransportAction::Grow(total) => {
                if next.position == next.total && !next.playing {
                    next.position = total;
                }
                next.total = total;
            }
            TransportAction::SeekTo(position) => next.position = position.min(next.total),
            TransportAction::StepBy(n) => {
                next.position = next.position.saturating_add_signed(n).min(next.total);
                next.playing = false;
            }
            TransportAction::Advance(n) => {
                next.position = next.position.saturating_add(n).min(next.total);
                next.playing = next.playing && next.position < next.total;
            }
            TransportAction::TogglePlay if next.playing => next.playing = false,
            TransportAction::TogglePlay => {
                if next.position >= next.total {
                    next.position = 0;
                }
                next.playing = next.total > 0;
            }
            TransportAction::Pause => next.playing = false,
            TransportAction::SetSpeed(speed) => next.speed = speed,
        }
        if next == *self { self } else { Rc::new(next) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reduces a transport of `total` events at `position` and gives where it is then and whether it plays.
    #[track_caller]
    fn check(position: u64, total: u64, actions: Vec<TransportAction>, expected: (u64, bool)) {
        let start = Transport { position, total, ..Transport::default() };
        let end = actions.into_iter().fold(Rc::new(start), Transport::reduce);
        assert_eq!((end.position, end.playing), expected);
    }

    #[test]
    fn a_step_stays_inside_the_log() {
        check(0, 3, vec![TransportAction::StepBy(-1)], (0, false));
        check(2, 3, vec![TransportAction::StepBy(10)], (3, false));
    }

    #[test]
    fn seeking_past_the_end_stops_at_the_end() {
        check(0, 3, vec![TransportAction::SeekTo(u64::MAX)], (3, false));
    }

    #[test]
    fn playing_stops_at_the_end() {
        check(0, 3, vec![TransportAction::TogglePlay, TransportAction::Advance(2)], (2, true));
        check(0, 3, vec![TransportAction::TogglePlay, TransportAction::Advance(3)], (3, false));
    }

    #[test]
    fn playing_at_the_end_starts_over() {
        check(3, 3, vec![TransportAction::TogglePlay], (0, true));
    }

    #[test]
    fn a_cursor_at_the_end_of_a_growing_log_stays_there() {
        check(3, 3, vec![TransportAction::Grow(9)], (9, false));
        check(2, 3, vec![TransportAction::Grow(9)], (2, false));
    }

    #[test]
    fn an_empty_log_does_not_play() {
        check(0, 0, vec![TransportAction::TogglePlay], (0, false));
    }

    #[test]
    fn a_step_by_hand_pauses() {
        check(0, 9, vec![TransportAction::TogglePlay, TransportAction::StepBy(1)], (1, false));
    }

    #[test]
    fn another_log_is_paused() {
        check(5, 9, vec![TransportAction::TogglePlay, TransportAction::Reset { position: 8, total: 4 }], (4, false));
    }

    #[test]
    fn an_action_without_effect_keeps_the_same_allocation() {
        let start = Rc::new(Transport { total: 3, ..Transport::default() });
        assert!(Rc::ptr_eq(&start, &start.clone().reduce(TransportAction::SeekTo(0))));
    }

    #[test]
    fn every_speed_is_found_by_its_code() {
        assert!(Speed::ALL.into_iter().all(|speed| Speed::from_code(&speed.code()) == Some(speed)));
        assert_eq!(Speed::from_code("fast"), None);
    }
}
