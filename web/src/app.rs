//! Providers and the frame.

use crate::data::{Connected, load_preferences, use_first_entity, use_start, use_stored_preferences, use_touched};
use crate::locale::Words;
use crate::state::{Mode, SelectionAction, Stores, View, use_open_view, use_preferences, use_selection, use_transport};
use crate::views::frame::{
    Announcer, Choices, Doubt, Footer, Guide, Header, Overlay, Overlays, Shortcuts, SourceBar, Tabs, TransportBar,
};
use crate::views::kafka::LiveBar;
use crate::views::{
    compare::CompareView,
    learn::{LESSONS, LearnView},
    query::QueryView,
    replay::ReplayView,
    simulate::SimulateView,
};
use yew::prelude::*;

/// The page.
#[component]
pub(crate) fn App() -> Html {
    let preferences = use_memo((), |()| load_preferences());
    html! {
        <Stores preferences={(*preferences).clone()}>
            <Words>
                <Connected>
                    <Frame />
                    <Follower />
                </Connected>
            </Words>
        </Stores>
    }
}

#[component]
fn Frame() -> Html {
    use_stored_preferences();
    use_start();
    let overlay = use_state_eq(|| None::<Overlay>);
    let set = overlay.setter();
    let on_overlay = use_callback((), move |wanted: Option<Overlay>, ()| set.set(wanted));
    let view = use_open_view().view;
    let presents = use_preferences().mode == Mode::Present;
    // A workshop has few panels, but for a lesson that has something to choose there.
    let lesson = use_open_view().lesson.and_then(|number| LESSONS.get(number));
    let chooses = !presents || lesson.is_some_and(|lesson| lesson.chooses);
    let shown = match view {
        View::Replay => html! { <ReplayView on_overlay={on_overlay.clone()} /> },
        View::Simulate => html! { <SimulateView /> },
        View::Query => html! { <QueryView /> },
        View::Compare => html! { <CompareView /> },
        View::Learn => html! { <LearnView /> },
    };
    html! {
        <div class="app" data-view={view.code()}>
            <Header on_overlay={on_overlay.clone()} />
            if !presents {
                <SourceBar />
            }
            // The choices come first, as they belong to the source; the style sheet draws them on the right.
            <div class="bar">
                if chooses {
                    <Choices on_overlay={on_overlay.clone()} />
                }
                <Tabs />
            </div>
            <LiveBar />
            <Doubt on_overlay={on_overlay.clone()} />
            <Guide />
            <main class="view">
                <div class="view-panel" id="view" role="tabpanel" aria-labelledby={format!("tab-{}", view.code())}>{ shown }</div>
            </main>
            <TransportBar />
            <Footer on_overlay={on_overlay.clone()} />
            <Shortcuts on_overlay={on_overlay.clone()} is_covered={overlay.is_some()} />
            <Overlays shown={*overlay} {on_overlay} />
            <Announcer />
        </div>
    }
}

/// Tells the selection which entity the record under the cursor changes, and gives it one to begin with.
#[component]
fn Follower() -> Html {
    let position = use_transport().position;
    let touched = use_touched(position).filter(|(at, _)| *at == position).and_then(|(_, entity)| entity);
    let selection = use_selection();
    let dispatcher = selection.dispatcher();
    // Asked again when the selection was forgotten, or follows again.
    use_effect_with((touched, selection.entity.is_some(), selection.follows), move |(touched, ..)| {
        if let Some(entity) = touched {
            dispatcher.dispatch(SelectionAction::Touch(*entity));
        }
    });
    let first = use_first_entity(selection.entity.is_none());
    let dispatcher = selection.dispatcher();
    use_effect_with(first, move |first| {
        if let Some(entity) = first {
            dispatcher.dispatch(SelectionAction::Offer(*entity));
        }
    });
    Html::default()
}
