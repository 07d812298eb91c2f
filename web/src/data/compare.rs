//! Compares all final states with those of another configuration.

use super::engine::use_engine;
use crate::state::{NoticeAction, use_notices, use_source};
use replay_protocol::{CompareRequest, Compared, Configuration, Progress, Reply, Request, RequestId};
use std::rc::Rc;
use yew::prelude::*;

/// Differing entities that are listed.
const ROWS: u32 = 300;

/// A comparison: what was asked, how far it is, and what came out.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Comparing {
    /// The running request.
    pub job: Option<RequestId>,
    /// How far it is.
    pub progress: Option<Progress>,
    /// What came out of the last one that was finished.
    pub compared: Option<Rc<Compared>>,
}

/// The comparison, a callback that starts one, and one that stops it.
#[hook]
pub(crate) fn use_comparison() -> (Comparing, Callback<Configuration>, Callback<()>) {
    let engine = use_engine();
    let notices = use_notices().dispatcher();
    let generation = use_source().generation;
    let state = use_state_eq(Comparing::default);
    // The latest request: replies to older ones come too late.
    let latest = use_mut_ref(|| None::<RequestId>);
    {
        let (set, latest) = (state.setter(), latest.clone());
        use_effect_with(generation, move |_| {
            latest.borrow_mut().take();
            set.set(Comparing::default());
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
        Callback::from(move |other: Configuration| {
            let (heard, set_later, notices) = (latest.clone(), set.clone(), notices.clone());
            let on_reply = Callback::from(move |(job, reply): (RequestId, Reply)| {
                if *heard.borrow() != Some(job) {
                    return;
                }
                let ended = || *heard.borrow_mut() = None;
                match reply {
                    Reply::Progress(progress) => {
                        set_later.set(Comparing { job: Some(job), progress: Some(progress), compared: None });
                    }
                    Reply::Compared(compared) => {
                        ended();
                        set_later.set(Comparing { compared: Some(Rc::new(*compared)), ..Comparing::default() });
                    }
                    Reply::Failed(failure) => {
                        ended();
                        set_later.set(Comparing::default());
                        notices.dispatch(NoticeAction::refused(failure));
                    }
                    _ => {
                        ended();
                        set_later.set(Comparing::default());
                    }
                }
            });
            let request = Request::Compare(CompareRequest { other, limit: ROWS });
            let job = engine.ask(&request, Vec::new(), on_reply);
            *latest.borrow_mut() = Some(job);
            set.set(Comparing { job: Some(job), ..Comparing::default() });
        })
    };
    let stop = Callback::from(move |()| {
        if let Some(job) = *latest.borrow() {
            engine.cancel(job);
        }
    });
    ((*state).clone(), start, stop)
}
