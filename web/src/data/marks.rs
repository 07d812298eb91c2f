//! Where the events of the selected entity are, for the seek bar.

use super::engine::use_engine;
use super::query::Answering;
use crate::state::use_source;
use replay_protocol::{Reply, Request};
use std::rc::Rc;
use yew::prelude::*;

/// More marks than this run into each other on any screen.
const COLUMNS: u32 = 1000;

/// What is marked on the seek bar, thinned to what can be told apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Marks {
    /// Positions of the entity's events.
    pub events: Rc<Vec<u32>>,
    /// Those of them behind which a snapshot is kept.
    pub snapshots: Rc<Vec<u32>>,
}

/// Where an entity's events are. Empty until the engine has answered.
#[hook]
pub(crate) fn use_marks(entity: Option<u32>) -> Marks {
    let engine = use_engine();
    let source = use_source();
    let marks = use_state_eq(Marks::default);
    // The latest question: answers to older ones come too late.
    let asked = use_mut_ref(|| 0_u64);
    let set = marks.setter();
    use_effect_with((entity, source.generation, source.summary.is_some()), move |(entity, _, has_log)| {
        *asked.borrow_mut() += 1;
        let number = *asked.borrow();
        let Some(entity) = entity.filter(|_| *has_log) else { return set.set(Marks::default()) };
        let on_reply = Answering::last(move |reply| {
            if let Reply::Marks { positions, snapshots } = reply
                && *asked.borrow() == number
            {
                set.set(Marks { events: Rc::new(positions), snapshots: Rc::new(snapshots) });
            }
        });
        engine.ask(&Request::Marks { entity, columns: COLUMNS }, Vec::new(), on_reply);
    });
    (*marks).clone()
}
