//! What reading one entity costs.

use super::engine::use_engine;
use super::query::Answering;
use crate::state::use_source;
use replay_protocol::{ReadCost, Reply, Request};
use std::rc::Rc;
use yew::prelude::*;

/// The cost up to a position; the last answer stays until the next one is there.
#[hook]
pub(crate) fn use_read_cost(entity: Option<u32>, position: u64) -> Option<Rc<ReadCost>> {
    let engine = use_engine();
    let source = use_source();
    let cost = use_state_eq(|| None::<Rc<ReadCost>>);
    // The latest question: answers to older ones come too late.
    let asked = use_mut_ref(|| 0_u64);
    let set = cost.setter();
    use_effect_with((entity, position, source.generation), move |(entity, position, _)| {
        *asked.borrow_mut() += 1;
        let number = *asked.borrow();
        let Some(entity) = *entity else { return set.set(None) };
        let on_reply = Answering::last(move |reply| {
            if let Reply::ReadCost(cost) = reply
                && *asked.borrow() == number
            {
                set.set(Some(Rc::new(cost)));
            }
        });
        engine.ask(&Request::ReadCost { entity, position: *position }, Vec::new(), on_reply);
    });
    (*cost).clone()
}
