//! Starts the engine and loads what the address says, or the first sample.

use super::commands::use_commands;
use super::engine::{Engine, EngineEvent};
use super::link::Link;
use crate::state::{Phase, SourceAction, use_source};
use yew::prelude::*;

/// What [`Connected`] wraps.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ConnectedProps {
    /// What asks the engine.
    pub children: Html,
}

/// Provides the engine.
#[component]
pub(crate) fn Connected(props: &ConnectedProps) -> Html {
    let source = use_source().dispatcher();
    let engine = use_memo((), move |()| {
        Engine::start(Callback::from(move |event| match event {
            EngineEvent::Ready => source.dispatch(SourceAction::Ready),
            EngineEvent::Crashed(reason) => source.dispatch(SourceAction::Crashed(reason.into())),
        }))
    });
    html! { <ContextProvider<Engine> context={(*engine).clone()}>{ props.children.clone() }</ContextProvider<Engine>> }
}

/// Where the first sample stands at a first visit: every spray head is registered, and the next step changes one, so that there is a
/// state to see before anything is pressed.
const FIRST_VISIT_POSITION: u64 = 18;

/// Loads, once the engine is ready for the first time, unless somebody has loaded something by then.
#[hook]
pub(crate) fn use_start() {
    let commands = use_commands();
    let source = use_source();
    let is_ready = source.phase == Phase::Ready && source.summary.is_none();
    let started = use_mut_ref(|| false);
    use_effect_with(is_ready, move |is_ready| {
        if *is_ready && !started.replace(true) {
            let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
            let mut link = Link::from_hash(&hash);
            let by_person = link.source.is_some();
            if !by_person && link.position == 0 {
                link.position = FIRST_VISIT_POSITION;
            }
            commands.load_link(&link, by_person);
        }
    });
}
