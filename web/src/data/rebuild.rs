//! Measuring how much faster all states are rebuilt by shards in as many workers.

use super::engine::use_engine;
use crate::state::use_source;
use replay_protocol::{RebuildMeasure, Reply, Request};
use std::rc::Rc;
use yew::prelude::*;

/// What there is of a measure.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Measured {
    /// Nobody asked for one.
    #[default]
    Nothing,
    /// It runs; the share of the events that is handed out.
    Running(f64),
    /// What came out.
    Ready(Rc<RebuildMeasure>),
    /// Why there is none.
    Failed(AttrValue),
}

/// The measure of the loaded log, and a callback that takes one with so many shards at most. Another log or projection drops it.
#[hook]
pub(crate) fn use_rebuild_measure() -> (Measured, Callback<u32>) {
    let engine = use_engine();
    let source = use_source();
    let measured = use_state_eq(Measured::default);
    // Answers about another log come too late.
    let latest = use_mut_ref(|| 0_u64);
    {
        let (set, latest) = (measured.setter(), latest.clone());
        use_effect_with(source.generation, move |_| {
            *latest.borrow_mut() += 1;
            set.set(Measured::Nothing);
        });
    }
    let set = measured.setter();
    let measure = Callback::from(move |shards: u32| {
        *latest.borrow_mut() += 1;
        let (number, latest, set) = (*latest.borrow(), latest.clone(), set.clone());
        set.set(Measured::Running(0.0));
        let on_reply = Callback::from(move |(_, reply): (u32, Reply)| {
            if *latest.borrow() != number {
                return;
            }
            set.set(match reply {
                Reply::Progress(progress) => {
                    Measured::Running(progress.total.map_or(0.0, |total| progress.done / total.max(1.0)))
                }
                Reply::Rebuilt(measure) => Measured::Ready(Rc::new(measure)),
                Reply::Failed(failure) => Measured::Failed(failure.detail.into()),
                _ => Measured::Nothing,
            });
        });
        engine.ask(&Request::MeasureRebuild { shards }, Vec::new(), on_reply);
    });
    ((*measured).clone(), measure)
}
