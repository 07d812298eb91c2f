//! Snapshots of the group's states, and what a rebuild from them and the tail of the log gives.
//!
//! A snapshot is the fold of a prefix of what the group applied, so a rebuild is again a list of records: that prefix, then what is left of
//! the log behind it. What a damaged one that is trusted does to the state is told beside the list.

use crate::facts::Facts;
use crate::outcome::Lane;
use crate::sequences::Sequences;
use crate::verdict::Tamper;
use replay_core::{EntityState, Node};
use replay_log::{EntityId, Json, RecordIndex};
use replay_protocol::{Damage, Scenario, SnapshotScope, Snapshots};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// A rebuild of all states.
#[derive(Default)]
pub(crate) struct Rebuilt {
    pub(crate) sequences: Sequences,
    pub(crate) tampered: FxHashMap<EntityId, Tamper>,
    /// Records that a stale snapshot claims to have and has not.
    pub(crate) left_out: Vec<RecordIndex>,
    /// Snapshots that are kept at the end, and those that were refused.
    pub(crate) n_snapshots: u64,
    pub(crate) n_refused: u64,
    /// When each was taken, ascending, and in which lane the event lay that it was taken after.
    pub(crate) taken: Vec<(i64, u32)>,
    /// By lane: the first offset that has to be read.
    pub(crate) read_from: Vec<i64>,
    /// Records of its own that an entity's rebuild reads behind its snapshot, over all entities.
    pub(crate) tail_records: u64,
}

/// A snapshot: everything the group had applied up to here.
#[derive(Clone, Copy)]
struct Snapshot {
    /// Place in the group's list.
    applied: u32,
}

/// Not among what the group applied.
const NEVER: u32 = u32::MAX;

/// Rebuilds every entity from its newest usable snapshot and the records that are left behind it.
pub(crate) fn rebuild(
    facts: &Facts,
    lanes: &[Lane],
    applied: &[(u32, u32)],
    applied_ms: &[i64],
    scenario: &Scenario,
) -> Rebuilt {
    let settings = &scenario.snapshots;
    let n_entities = facts.log.n_entities();
    let record_of = |lane: u32, offset: u32| lanes[lane as usize].entries[offset as usize].record;
    let mut first_applied: Vec<Vec<u32>> = lanes.iter().map(|lane| vec![NEVER; lane.entries.len()]).collect();
    let mut kept: Vec<VecDeque<Snapshot>> = vec![VecDeque::new(); n_entities];
    let mut by_lane: Vec<VecDeque<Snapshot>> = vec![VecDeque::new(); lanes.len()];
    let mut events = vec![0_u32; n_entities];
    let mut lane_events = vec![0_u32; lanes.len()];
    let keep = settings.keep.max(1) as usize;
    let remember = |ring: &mut VecDeque<Snapshot>, snapshot| {
        ring.push_back(snapshot);
        if ring.len() > keep {
            ring.pop_front();
        }
    };
    // Places in the group's list where each entity's events are, to cut prefixes.
    let mut places: Vec<Vec<u32>> = vec![Vec::new(); n_entities];
    let mut taken = Vec::new();
    for (place, &(lane, offset)) in applied.iter().enumerate() {
        let now_ms = applied_ms.get(place).copied();
        let place = place as u32;
        let first = &mut first_applied[lane as usize][offset as usize];
        *first = (*first).min(place);
        facts.entities_of(record_of(lane, offset), |entity| {
            let number = entity as usize;
            events[number] += 1;
            places[number].push(place);
            if settings.scope_is_entity() && events[number].is_multiple_of(settings.every) {
                remember(&mut kept[number], Snapshot { applied: place });
                taken.extend(now_ms.map(|now_ms| (now_ms, lane)));
            }
        });
        lane_events[lane as usize] += 1;
        if settings.scope_is_lane() && lane_events[lane as usize].is_multiple_of(settings.every) {
            remember(&mut by_lane[lane as usize], Snapshot { applied: place });
            taken.extend(now_ms.map(|now_ms| (now_ms, lane)));
        }
    }
    let mut left: Vec<Vec<(u32, u32)>> = vec![Vec::new(); n_entities];
    for (lane, offset) in in_read_order(lanes, scenario.consumers.max_poll_records) {
        facts.entities_of(record_of(lane, offset), |entity| left[entity as usize].push((lane, offset)));
    }
    let read_from = lanes.iter().map(|lane| lane.entries.len() as i64).collect();
    let mut rebuilt = Rebuilt { taken, read_from, ..Rebuilt::default() };
    rebuilt.n_snapshots =
        (kept.iter().map(VecDeque::len).sum::<usize>() + by_lane.iter().map(VecDeque::len).sum::<usize>()) as u64;
    if settings.verify && settings.damage != Damage::None {
        rebuilt.n_refused = (kept.iter().chain(&by_lane).filter(|ring| !ring.is_empty()).count()) as u64;
    }
    let mut lists = Vec::with_capacity(n_entities);
    for entity in 0..n_entities {
        let ring = match left[entity].last().map(|(lane, _)| *lane) {
            Some(lane) if settings.scope_is_lane() => &by_lane[lane as usize],
            _ => &kept[entity],
        };
        let places = &places[entity];
        let inside = |snapshot: &Snapshot| places.partition_point(|&place| place <= snapshot.applied);
        let newest = ring.back();
        let older = ring.len().checked_sub(2).and_then(|n| ring.get(n));
        let is_damaged = settings.damage != Damage::None;
        let used = if is_damaged && settings.verify { older } else { newest };
        let mut events = used.map_or(0, inside);
        let covered = used.map_or(0, |snapshot| snapshot.applied + 1);
        if is_damaged && !settings.verify && events > 0 {
            if settings.damage == Damage::Stale {
                // Its state is one interval older than it says.
                let claimed = events;
                events = older.map_or(events.saturating_sub(settings.every as usize), inside);
                rebuilt.left_out.extend(places[events..claimed].iter().map(|&place| {
                    let (lane, offset) = applied[place as usize];
                    record_of(lane, offset)
                }));
            }
            rebuilt.tampered.insert(entity as u32, Tamper { events: events as u32, damage: settings.damage });
        }
        let mut list: Vec<RecordIndex> = places[..events]
            .iter()
            .map(|&place| {
                let (lane, offset) = applied[place as usize];
                record_of(lane, offset)
            })
            .collect();
        for &(lane, offset) in &left[entity] {
            let first = first_applied[lane as usize][offset as usize];
            if used.is_none() || first == NEVER || first >= covered {
                list.push(record_of(lane, offset));
                rebuilt.tail_records += 1;
                let from = &mut rebuilt.read_from[lane as usize];
                *from = (*from).min(i64::from(offset));
            }
        }
        lists.push(list);
    }
    rebuilt.sequences = Sequences::from_lists(lists.into_iter());
    rebuilt
}

trait Scope {
    fn scope_is_entity(&self) -> bool;
    fn scope_is_lane(&self) -> bool;
}

impl Scope for Snapshots {
    fn scope_is_entity(&self) -> bool {
        self.every > 0 && self.per == SnapshotScope::Entity
    }

    fn scope_is_lane(&self) -> bool {
        self.every > 0 && self.per == SnapshotScope::Partition
    }
}

/// What is left of the log, as a single reader of all lanes sees it: so many records of one, then of the next, as a consumer that reads a
/// backlog is handed them. Kafka has no order across partitions, so an entity that lies in several is not put together again.
pub(crate) fn in_read_order(lanes: &[Lane], max_poll_records: u32) -> Vec<(u32, u32)> {
    let mut next = vec![0_usize; lanes.len()];
    let mut all = Vec::new();
    loop {
        let before = all.len();
        for (number, lane) in lanes.iter().enumerate() {
            let mut left = max_poll_records.max(1);
            while left > 0
                && let Some(entry) = lane.entries.get(next[number])
            {
                if entry.gone_ms == i64::MAX {
                    all.push((number as u32, next[number] as u32));
                    left -= 1;
                }
                next[number] += 1;
            }
        }
        if all.len() == before {
            return all;
        }
    }
}

/// What a damaged snapshot holds instead of the state that it was taken of.
pub(crate) fn damage(state: &mut EntityState, damage: Damage) {
    let (Some(root), Some(last)) = (&state.root, state.last) else { return };
    let mut json = root.to_json();
    match damage {
        Damage::None | Damage::Stale => return,
        // The older program did not know the member that came last.
        Damage::OldSchema => match &mut json {
            Json::Object(members) => {
                members.pop();
            }
            other => *other = Json::Null,
        },
        Damage::Corrupt => flip(&mut json),
    }
    state.root = Some(Node::new(&json, last));
}

/// Changes the first scalar that it finds, as a flipped bit would.
fn flip(json: &mut Json) {
    match json {
        Json::Object(members) => match members.first_mut() {
            Some((_, value)) => flip(value),
            None => *json = Json::Null,
        },
        Json::Array(elements) => match elements.first_mut() {
            Some(value) => flip(value),
            None => *json = Json::Null,
        },
        Json::String(text) => *json = Json::String(format!("{text}\u{fffd}").into()),
        Json::Bool(value) => *value = !*value,
        other => *other = Json::String("\u{fffd}".into()),
    }
}
