//! One entity as a stream of an event store: numbered events, versions that are checked at each append, snapshots.

use crate::loaded::Loaded;
use replay_protocol::{AppendOutcome, AppendVerdict, ExpectedRevision, StreamEvent, StreamRequest, StreamView};
use std::collections::HashSet;

/// Events given at once, the newest.
const MAX_EVENTS: usize = 500;
/// Attempts that are looked at.
const MAX_ATTEMPTS: usize = 1000;

/// `None` if there is no such entity. Costs a look at each of its events.
pub(crate) fn view(loaded: &Loaded, asked: &StreamRequest) -> Option<StreamView> {
    let (log, order) = (loaded.replay.log(), loaded.replay.order());
    if asked.entity as usize >= log.n_entities() {
        return None;
    }
    let mut positions: Vec<u64> = log.postings(asked.entity).iter().map(|&record| order.position_of(record)).collect();
    positions.sort_unstable();
    positions.truncate(positions.partition_point(|&at| at <= asked.position));
    let mut view = StreamView::default();
    let mut ids = HashSet::new();
    let mut current = None;
    let every = asked.snapshot_every;
    for (revision, &position) in positions.iter().enumerate() {
        let Some(index) = order.record_at(position) else { continue };
        let record = log.record(index);
        let is_again = record.event_id.as_deref().is_some_and(|id| !ids.insert(id.to_owned()));
        let expected = current.map(|current: i64| current.saturating_add(1));
        let verdict = judge(record.version, expected, is_again);
        match verdict {
            AppendVerdict::Unclaimed => view.unclaimed += 1,
            AppendVerdict::Duplicate => view.duplicates += 1,
            AppendVerdict::Conflict => view.conflicts += 1,
            AppendVerdict::Gap => view.gaps += 1,
            AppendVerdict::Accepted => {}
        }
        current = current.max(record.version);
        let number = revision as u64 + 1;
        view.events.push(StreamEvent {
            revision: revision as u64,
            position,
            event_type: loaded.type_of(index),
            timestamp_ms: log.timestamp_ms(index).map(|ms| ms as f64),
            claimed: record.version,
            expected,
            verdict,
            is_snapshot: every > 0 && number.is_multiple_of(every),
        });
    }
    let n_events = view.events.len() as u64;
    view.hidden = n_events.saturating_sub(MAX_EVENTS as u64);
    view.events.drain(..view.hidden as usize);
    view.revision = n_events.checked_sub(1);
    view.tail = n_events;
    if every > 0 && n_events >= every {
        view.tail = n_events % every;
        view.snapshot = Some(n_events - view.tail - 1);
    }
    view.attempts = attempts(view.revision, &asked.attempts);
    Some(view)
}

/// Stores take the same event id again as the same append. The first version of a stream is taken as it is: some count from 0.
fn judge(claimed: Option<i64>, expected: Option<i64>, is_again: bool) -> AppendVerdict {
    match (claimed, expected) {
        _ if is_again => AppendVerdict::Duplicate,
        (None, _) => AppendVerdict::Unclaimed,
        (Some(_), None) => AppendVerdict::Accepted,
        (Some(claimed), Some(expected)) => match claimed.cmp(&expected) {
            std::cmp::Ordering::Equal => AppendVerdict::Accepted,
            std::cmp::Ordering::Less => AppendVerdict::Conflict,
            std::cmp::Ordering::Greater => AppendVerdict::Gap,
        },
    }
}

/// Appends that are tried one after the other.
fn attempts(mut revision: Option<u64>, attempts: &[ExpectedRevision]) -> Vec<AppendOutcome> {
    let try_one = |expected: &ExpectedRevision| {
        let is_accepted = match *expected {
            ExpectedRevision::Any => true,
            ExpectedRevision::NoStream => revision.is_none(),
            ExpectedRevision::Exactly { revision: expected } => revision == Some(expected),
        };
        if is_accepted {
            revision = Some(revision.map_or(0, |revision| revision.saturating_add(1)));
        }
        AppendOutcome { is_accepted, revision }
    };
    attempts.iter().take(MAX_ATTEMPTS).map(try_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_writers_that_read_the_same_revision_one_is_refused() {
        let same = ExpectedRevision::Exactly { revision: 4 };
        let refused = attempts(Some(4), &[same, same]);
        assert_eq!(refused.iter().map(|one| one.is_accepted).collect::<Vec<_>>(), [true, false]);
        assert_eq!(refused[1].revision, Some(5));
        let unchecked = attempts(Some(4), &[ExpectedRevision::Any, ExpectedRevision::Any]);
        assert_eq!(unchecked.iter().map(|one| one.revision).collect::<Vec<_>>(), [Some(5), Some(6)]);
        let first = attempts(None, &[ExpectedRevision::NoStream, ExpectedRevision::NoStream]);
        assert_eq!(first.iter().map(|one| one.is_accepted).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn a_version_is_next_or_taken_or_too_far() {
        use AppendVerdict::{Accepted, Conflict, Duplicate, Gap, Unclaimed};
        let verdicts = [(Some(1), None), (Some(3), Some(3)), (Some(2), Some(3)), (Some(5), Some(3)), (None, Some(3))]
            .map(|(claimed, expected)| judge(claimed, expected, false));
        assert_eq!(verdicts, [Accepted, Accepted, Conflict, Gap, Unclaimed]);
        assert_eq!(judge(Some(2), Some(3), true), Duplicate);
    }
}
