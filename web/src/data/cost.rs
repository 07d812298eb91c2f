//! What reading one entity costs, and the hash of a state that is shown cut.

use super::engine::use_engine;
use super::query::Answering;
use crate::state::use_source;
use replay_protocol::{EntityView, ReadCost, Reply, Request};
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

/// The hash of the state that a view shows: its own, or that of the whole, which is asked for where something is cut; empty until it is known.
#[hook]
pub(crate) fn use_state_hash(view: Option<&EntityView>) -> AttrValue {
    let engine = use_engine();
    let source = use_source();
    let hash = use_state_eq(AttrValue::default);
    let asked = use_mut_ref(|| 0_u64);
    let wanted = view.filter(|view| view.hash.is_empty()).map(|view| (view.entity, view.position));
    let set = hash.setter();
    use_effect_with((wanted, source.generation), move |(wanted, _)| {
        *asked.borrow_mut() += 1;
        let number = *asked.borrow();
        set.set(AttrValue::default());
        let Some((entity, position)) = *wanted else { return };
        let on_reply = Answering::last(move |reply| {
            if let Reply::Hash { hash } = reply
                && *asked.borrow() == number
            {
                set.set(hash.into());
            }
        });
        engine.ask(&Request::StateHash { entity, position }, Vec::new(), on_reply);
    });
    match view {
        Some(view) if !view.hash.is_empty() => view.hash.clone().into(),
        _ => (*hash).clone(),
    }
}
