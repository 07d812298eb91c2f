//! The entity that is shown until a person or the cursor chooses one, so that there is always a state to look at.

use super::query::use_query;
use replay_protocol::{Reply, Request};
use yew::prelude::*;

/// The first entity of the list, if it is wanted.
#[hook]
pub(crate) fn use_first_entity(is_wanted: bool) -> Option<u32> {
    let request = Request::Entities { filter: String::new(), start: 0, count: 1, position: 0 };
    let answer = use_query(is_wanted.then_some(request), |reply| match reply {
        Reply::Entities { rows, .. } => Some(rows.first().map(|row| row.entity)),
        _ => None,
    });
    let generation = crate::state::use_source().generation;
    answer.filter(|answer| answer.generation == generation).and_then(|answer| *answer.value)
}
