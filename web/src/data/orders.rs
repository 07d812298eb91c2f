//! Folds the log in several replay orders, one after the other, and compares the hashes of all final states.

use super::engine::{Engine, use_engine};
use super::query::Answering;
use crate::state::use_source;
use replay_protocol::{Configuration, Reply, Request};
use std::rc::Rc;
use yew::prelude::*;

/// The orders, the reference first.
const ORDERS: [&str; 6] = ["file", "timestamp", "partition", "seeded:1", "seeded:2", "seeded:3"];

/// What came out of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrderOutcome {
    /// As the engine names it.
    pub schedule: AttrValue,
    /// Over all final states.
    pub hash: AttrValue,
}

struct Run {
    engine: Engine,
    configuration: Configuration,
    total: u64,
    outcomes: UseStateSetter<Rc<Vec<OrderOutcome>>>,
    is_running: UseStateSetter<bool>,
}

impl Run {
    /// Asks for the order with this number; after the last one the person's own order is put back.
    fn next(self: Rc<Self>, number: usize, done: Vec<OrderOutcome>) {
        let Some(schedule) = ORDERS.get(number) else {
            let is_running = self.is_running.clone();
            let own = Request::Configure(self.configuration.clone());
            self.engine.ask(&own, Vec::new(), Answering::last(move |_| is_running.set(false)));
            return;
        };
        let configuration = Configuration { schedule: Some((*schedule).to_owned()), ..self.configuration.clone() };
        let here = self.clone();
        let on_ordered = Answering::last(move |reply| {
            if !matches!(reply, Reply::Loaded(_)) {
                here.clone().next(ORDERS.len(), Vec::new());
                return;
            }
            let (then, mut done) = (here.clone(), done.clone());
            let on_hash = Answering::last(move |reply| {
                if let Reply::Hash { hash } = reply {
                    done.push(OrderOutcome { schedule: (*schedule).into(), hash: hash.into() });
                    then.outcomes.set(Rc::new(done.clone()));
                }
                then.clone().next(number + 1, std::mem::take(&mut done));
            });
            here.engine.ask(&Request::Hash { position: here.total }, Vec::new(), on_hash);
        });
        self.engine.ask(&Request::Configure(configuration), Vec::new(), on_ordered);
    }
}

/// What has come out so far, whether it runs, and a callback that runs it.
#[hook]
pub(crate) fn use_order_comparison() -> (Rc<Vec<OrderOutcome>>, bool, Callback<()>) {
    let engine = use_engine();
    let source = use_source();
    let outcomes = use_state_eq(|| Rc::new(Vec::new()));
    let is_running = use_state_eq(|| false);
    {
        let set = outcomes.setter();
        use_effect_with(source.generation, move |_| set.set(Rc::new(Vec::new())));
    }
    let run = {
        let (outcomes, is_running) = (outcomes.setter(), is_running.setter());
        Callback::from(move |()| {
            let Some(summary) = &source.summary else { return };
            is_running.set(true);
            let (engine, configuration, total) = (engine.clone(), summary.configuration.clone(), summary.records);
            Rc::new(Run { engine, configuration, total, outcomes: outcomes.clone(), is_running: is_running.clone() })
                .next(0, Vec::new());
        })
    };
    ((*outcomes).clone(), *is_running, run)
}
