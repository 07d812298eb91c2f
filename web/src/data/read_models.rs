//! What other systems make of the log: read models, row changes, streams and archives.

use super::engine::use_engine;
use super::query::{Answering, use_query};
use crate::state::{NoticeAction, use_notices, use_source};
use replay_protocol::{
    Archive, Reply, Request, RequestId, RowChanges, StreamRequest, StreamView, Windows, WordsFound, WordsRequest,
};
use std::rc::Rc;
use yew::prelude::*;

/// Matches that a word search lists.
const ROWS: u32 = 50;

/// Records per window of time, up to a position.
#[hook]
pub(crate) fn use_windows(position: u64, window_ms: Option<f64>) -> Option<Rc<Windows>> {
    let answer = use_query(Some(Request::Windows { position, window_ms }), |reply| match reply {
        Reply::Windows(windows) => Some(windows),
        _ => None,
    });
    answer.map(|answer| answer.value)
}

/// What an index over words finds up to a position; none without a word, and until the index is built.
#[hook]
pub(crate) fn use_words(text: &str, position: u64) -> Option<Rc<WordsFound>> {
    let request = WordsRequest { text: text.to_owned(), position, limit: ROWS };
    let request = (!text.trim().is_empty()).then_some(Request::Words(request));
    let answer = use_query(request, |reply| match reply {
        Reply::Words(found) => Some(found),
        _ => None,
    });
    answer.map(|answer| answer.value)
}

/// The first events of an entity beside the row changes that they come to.
#[hook]
pub(crate) fn use_row_changes(entity: Option<u32>, count: u64) -> Option<Rc<RowChanges>> {
    let request = entity.map(|entity| Request::RowChanges { entity, start: 0, count });
    let answer = use_query(request, |reply| match reply {
        Reply::RowChanges(changes) => Some(*changes),
        _ => None,
    });
    answer.map(|answer| answer.value)
}

/// An entity as a stream of an event store, and whether that is what is asked for now: until its answer comes, the one before stays.
#[hook]
pub(crate) fn use_stream(request: Option<StreamRequest>) -> Option<(Rc<StreamView>, bool)> {
    let generation = use_source().generation;
    let request = request.map(Request::Stream);
    let answer = use_query(request.clone(), |reply| match reply {
        Reply::Stream(view) => Some(*view),
        _ => None,
    });
    answer.map(|answer| {
        let is_current = answer.generation == generation && Some(&answer.request) == request.as_ref();
        (answer.value, is_current)
    })
}

/// An archive: whether one is being written, and the last that was.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Archived {
    /// The running request.
    pub job: Option<RequestId>,
    /// What came out, and the position that it goes up to.
    pub archive: Option<(u64, Rc<Archive>)>,
}

/// The archive, a callback that writes one up to a position, and one that stops it.
#[hook]
pub(crate) fn use_archive() -> (Archived, Callback<u64>, Callback<()>) {
    let engine = use_engine();
    let notices = use_notices().dispatcher();
    let generation = use_source().generation;
    let state = use_state_eq(Archived::default);
    // The latest request: replies to older ones come too late.
    let latest = use_mut_ref(|| None::<RequestId>);
    {
        let (set, latest) = (state.setter(), latest.clone());
        use_effect_with(generation, move |_| {
            latest.borrow_mut().take();
            set.set(Archived::default());
        });
    }
    {
        let (engine, latest) = (engine.clone(), latest.clone());
        // Nobody waits for it any more.
        use_effect_with((), move |()| {
            move || latest.borrow_mut().take().into_iter().for_each(|job| engine.cancel(job))
        });
    }
    let start = {
        let (engine, set, latest) = (engine.clone(), state.setter(), latest.clone());
        Callback::from(move |position: u64| {
            let (heard, set_later, notices) = (latest.clone(), set.clone(), notices.clone());
            let on_reply = Answering::last(move |reply| {
                if heard.borrow_mut().take().is_none() {
                    return;
                }
                let mut done = Archived::default();
                match reply {
                    Reply::Archived(archive) => done.archive = Some((position, Rc::new(*archive))),
                    Reply::Failed(failure) => {
                        notices.dispatch(NoticeAction::refused(failure));
                    }
                    _ => {}
                }
                set_later.set(done);
            });
            let job = engine.ask(&Request::Archive { position }, Vec::new(), on_reply);
            *latest.borrow_mut() = Some(job);
            set.set(Archived { job: Some(job), archive: None });
        })
    };
    let stop = Callback::from(move |()| {
        if let Some(job) = *latest.borrow() {
            engine.cancel(job);
        }
    });
    ((*state).clone(), start, stop)
}
