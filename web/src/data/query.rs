//! Hooks that ask the engine for what is on the screen.
//!
//! A hook has one question under way at most. While it waits, newer questions replace each other, so that scrubbing asks
//! for where the cursor is and not for everywhere it has been. The last answer stays on the screen until the next arrives.

use super::engine::{Engine, use_engine};
use crate::state::use_source;
use replay_protocol::{
    Alike, EntityRow, EntityView, HistoryStep, LaneTile, RecordView, Reply, Request, Row, Run, RunsRequest,
};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;
use yew::prelude::*;

/// What a hook waits for and wants next.
#[derive(Default)]
struct Flight {
    busy: bool,
    wanted: Option<(u64, Request)>,
    gone: bool,
}

/// An answer, with the question and the generation of the log that it is about.
pub(super) struct Answer<T> {
    pub(super) generation: u64,
    pub(super) request: Request,
    pub(super) value: Rc<T>,
}

impl<T> Clone for Answer<T> {
    fn clone(&self) -> Self {
        Self { generation: self.generation, request: self.request.clone(), value: self.value.clone() }
    }
}

fn pump<T: 'static>(
    engine: &Engine,
    flight: &Rc<RefCell<Flight>>,
    answer: &UseStateSetter<Option<Answer<T>>>,
    read: fn(Reply) -> Option<T>,
) {
    let (generation, request) = {
        let mut flight = flight.borrow_mut();
        if flight.busy || flight.gone {
            return;
        }
        let Some(wanted) = flight.wanted.take() else { return };
        flight.busy = true;
        wanted
    };
    let asked = request.clone();
    let (engine_again, flight, answer) = (engine.clone(), flight.clone(), answer.clone());
    let on_reply = Callback::from(move |(_, reply): (u32, Reply)| {
        if matches!(reply, Reply::Progress(_)) {
            return;
        }
        flight.borrow_mut().busy = false;
        if flight.borrow().gone {
            return;
        }
        if let Some(value) = read(reply) {
            answer.set(Some(Answer { generation, request: request.clone(), value: Rc::new(value) }));
        }
        pump(&engine_again, &flight, &answer, read);
    });
    engine.ask(&asked, Vec::new(), on_reply);
}

/// Asks whenever the question or the log changes; gives the latest answer.
#[hook]
pub(super) fn use_query<T: 'static>(request: Option<Request>, read: fn(Reply) -> Option<T>) -> Option<Answer<T>> {
    let engine = use_engine();
    let source = use_source();
    let generation = source.generation;
    let has_log = source.summary.is_some();
    let answer = use_state(|| None::<Answer<T>>);
    let flight = use_mut_ref(Flight::default);
    {
        let (flight, answer) = (flight.clone(), answer.setter());
        use_effect_with((request.clone(), generation, has_log), move |(request, generation, has_log)| {
            flight.borrow_mut().wanted = request.clone().filter(|_| *has_log).map(|request| (*generation, request));
            pump(&engine, &flight, &answer, read);
        });
    }
    use_effect_with((), move |()| move || flight.borrow_mut().gone = true);
    request?;
    (*answer).clone()
}

/// Rows of the record list: the first position and the rows from there.
#[hook]
pub(crate) fn use_rows(range: Range<u64>) -> (u64, Rc<Vec<Row>>) {
    let request = (range.start < range.end).then_some(Request::Rows { start: range.start, end: range.end });
    let answer = use_query(request, |reply| match reply {
        Reply::Rows { rows } => Some(rows),
        _ => None,
    });
    let nothing = use_memo((), |()| Rc::new(Vec::new()));
    match answer {
        Some(answer) => (answer.value.first().map_or(1, |row| row.position), answer.value),
        None => (1, (*nothing).clone()),
    }
}

/// A window of the record list in which runs are rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RunsShown {
    /// Rows in all.
    pub total: u64,
    /// Place of the first row, from 0.
    pub first: u64,
    /// The window.
    pub rows: Rc<Vec<Run>>,
    /// The row that holds the cursor.
    pub current: Option<u64>,
}

/// Rows of the record list with those in one that are alike, but for the runs that are opened; none if nothing is alike.
#[hook]
pub(crate) fn use_runs(
    alike: Option<Alike>,
    range: Range<u64>,
    opened: Rc<BTreeSet<u64>>,
    position: u64,
) -> Option<RunsShown> {
    let request = alike.map(|alike| {
        let (start, count) = (range.start, range.end.saturating_sub(range.start).max(1));
        Request::Runs(RunsRequest { alike, start, count, opened: opened.iter().copied().collect(), position })
    });
    let answer = use_query(request, |reply| match reply {
        Reply::Runs(page) => {
            let (total, first, current) = (page.total, page.first, page.current);
            Some(RunsShown { total, first, rows: Rc::new(page.rows), current })
        }
        _ => None,
    });
    answer.map(|answer| RunsShown::clone(&answer.value))
}

/// A window of the entity list.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct EntityPage {
    /// Entities that match the filter.
    pub total: u64,
    /// Place of the first row among them.
    pub first: u64,
    /// The window.
    pub rows: Rc<Vec<EntityRow>>,
    /// What their keys hold.
    pub filter: String,
    /// The log that this is about.
    pub generation: u64,
}

/// Entities whose key holds `filter`, as they are at `position`.
#[hook]
pub(crate) fn use_entities(filter: &AttrValue, range: Range<u64>, position: u64) -> EntityPage {
    let (start, count) = (range.start, (range.end - range.start).max(1));
    let request = Request::Entities { filter: filter.to_string(), start, count, position };
    let answer = use_query(Some(request), |reply| match reply {
        Reply::Entities { total, rows } => Some((total, Rc::new(rows))),
        _ => None,
    });
    answer.map_or_else(EntityPage::default, |answer| {
        let (first, filter) = match answer.request {
            Request::Entities { start, filter, .. } => (start, filter),
            _ => (0, String::new()),
        };
        let (total, rows) = (*answer.value).clone();
        EntityPage { total, first, rows, filter, generation: answer.generation }
    })
}

/// One entity at a position.
#[hook]
pub(crate) fn use_entity(entity: Option<u32>, position: u64) -> Option<Rc<EntityView>> {
    let request = entity.map(|entity| Request::Entity { entity, position });
    let answer = use_query(request, |reply| match reply {
        Reply::Entity(view) => Some(*view),
        _ => None,
    });
    answer.map(|answer| answer.value)
}

/// The chosen entity at the cursor, or if it follows, the one that the record there changes, as soon as that is known: its state comes with the
/// record, and that of the entity before would be drawn for nothing.
#[hook]
pub(crate) fn use_followed(chosen: Option<u32>, follows: bool, position: u64) -> Option<Rc<EntityView>> {
    let (at, touched) = use_touched(position).filter(|_| follows).unwrap_or((position, None));
    use_entity(touched.or(chosen), at)
}

/// A window of an entity's history.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct HistoryPage {
    /// All its events.
    pub total: u64,
    /// Place of the first step among them.
    pub first: u64,
    /// The window.
    pub steps: Rc<Vec<HistoryStep>>,
}

/// The events of one entity.
#[hook]
pub(crate) fn use_history(entity: Option<u32>, range: Range<u64>) -> HistoryPage {
    let (start, count) = (range.start, (range.end - range.start).max(1));
    let request = entity.map(|entity| Request::History { entity, start, count });
    let answer = use_query(request, |reply| match reply {
        Reply::History { total, steps } => Some((total, Rc::new(steps))),
        _ => None,
    });
    answer.map_or_else(HistoryPage::default, |answer| {
        let first = match answer.request {
            Request::History { start, .. } => start,
            _ => 0,
        };
        let (total, steps) = (*answer.value).clone();
        HistoryPage { total, first, steps }
    })
}

/// The lanes of the partitions between two positions.
#[hook]
pub(crate) fn use_lanes(range: Range<u64>, columns: u32, entity: Option<u32>) -> Option<Rc<LaneTile>> {
    let ask = columns > 0 && range.start < range.end;
    let request = ask.then_some(Request::Lanes { start: range.start, end: range.end, columns, entity });
    let answer = use_query(request, |reply| match reply {
        Reply::Lanes(tile) => Some(tile),
        _ => None,
    });
    answer.map(|answer| answer.value)
}

/// The record that stands at a position; none before the first.
#[hook]
pub(crate) fn use_record(position: u64) -> Option<Rc<RecordView>> {
    let request = (position > 0).then_some(Request::Record { position });
    let answer = use_query(request, |reply| match reply {
        Reply::Record(record) => Some(*record),
        _ => None,
    });
    answer.map(|answer| answer.value)
}

/// The entity that the record at a position changes, if any; until that is known, the same of the position before, which comes with it. Of
/// another log it says nothing, in which the numbers mean other entities.
#[hook]
pub(crate) fn use_touched(position: u64) -> Option<(u64, Option<u32>)> {
    let generation = use_source().generation;
    let request = (position > 0).then_some(Request::Record { position });
    let answer = use_query(request, |reply| match reply {
        Reply::Record(record) => Some((record.row.position, record.row.entity)),
        _ => None,
    });
    if position == 0 {
        return Some((0, None));
    }
    answer.filter(|answer| answer.generation == generation).map(|answer| *answer.value)
}

/// The hash over all states at a position, if somebody wants it; `None` until it is there.
#[hook]
pub(crate) fn use_hash(position: Option<u64>) -> Option<AttrValue> {
    let generation = use_source().generation;
    let request = position.map(|position| Request::Hash { position });
    let answer = use_query(request.clone(), |reply| match reply {
        Reply::Hash { hash } => Some(AttrValue::from(hash)),
        _ => None,
    });
    let is_current =
        |answer: &Answer<AttrValue>| answer.generation == generation && Some(&answer.request) == request.as_ref();
    answer.filter(is_current).map(|answer| (*answer.value).clone())
}

/// Callbacks that hear only the last reply to a question.
pub(crate) struct Answering;

impl Answering {
    /// Leaves out how far the job is.
    pub(crate) fn last(heard: impl FnMut(Reply) + 'static) -> Callback<(u32, Reply)> {
        let heard = RefCell::new(heard);
        Callback::from(move |(_, reply): (u32, Reply)| {
            if !matches!(reply, Reply::Progress(_)) {
                (heard.borrow_mut())(reply);
            }
        })
    }
}
