//! The first records of the source under a mapping that is being tried.

use super::commands::use_commands;
use crate::data::query::Answering;
use crate::state::use_source;
use replay_protocol::{Failure, Mapping, Preview, Reply};
use std::rc::Rc;
use yew::prelude::*;

/// What the source would look like under `mapping`; the error is why it cannot be read so. `None` until the first answer is there.
#[hook]
pub(crate) fn use_preview(mapping: &Rc<Mapping>) -> Option<Result<Rc<Preview>, Failure>> {
    let commands = use_commands();
    let generation = use_source().generation;
    let answer = use_state_eq(|| None::<Result<Rc<Preview>, Failure>>);
    let asked = use_mut_ref(|| 0_u32);
    {
        let answer = answer.setter();
        use_effect_with((mapping.clone(), generation), move |(mapping, _)| {
            let number = {
                let mut asked = asked.borrow_mut();
                *asked += 1;
                *asked
            };
            let on_reply = Answering::last(move |reply| {
                // Only the latest question counts.
                if *asked.borrow() == number {
                    match reply {
                        Reply::Preview(preview) => answer.set(Some(Ok(Rc::new(*preview)))),
                        Reply::Failed(failure) => answer.set(Some(Err(failure))),
                        _ => {}
                    }
                }
            });
            commands.preview(mapping, on_reply);
        });
    }
    (*answer).clone()
}
