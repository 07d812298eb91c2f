//! A position for what stands around the state: it may be a moment late, so that the state never is.

use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// What stands around the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calm {
    Entities,
    Records,
    Lanes,
}

impl Calm {
    /// The first change shows in the frame behind the one that shows the state. Panels take turns: a state that comes meanwhile waits for one
    /// of them at most, not for all.
    fn first_ms(self) -> u32 {
        20 + 14 * self as u32
    }

    /// While the cursor runs, the lanes show it ten times a second. Lists are read when it rests; until then laying out their rows is what
    /// states would wait for most.
    fn next_ms(self) -> f64 {
        if self == Self::Lanes { 100.0 } else { 200.0 }
    }
}

#[derive(Default)]
struct Waiting {
    latest: Cell<u64>,
    shown_ms: Cell<f64>,
    timer: RefCell<Option<Timeout>>,
}

/// The position that a panel around the state shows. Drawing lists and lanes takes longer than drawing the state,
/// so they let it go first.
#[hook]
pub(crate) fn use_calm(position: u64, panel: Calm) -> u64 {
    let shown = use_state_eq(|| position);
    let waiting = use_mut_ref(|| Rc::new(Waiting::default()));
    let waiting = waiting.borrow().clone();
    waiting.latest.set(position);
    {
        let (set, waiting) = (shown.setter(), waiting.clone());
        let before = *shown;
        use_effect_with(position, move |position| {
            let is_waiting = waiting.timer.borrow().is_some();
            if *position != before && !is_waiting {
                let since = now_ms() - waiting.shown_ms.get();
                let delay = ((panel.next_ms() - since).max(0.0) as u32).max(panel.first_ms());
                let later = waiting.clone();
                let timer = Timeout::new(delay, move || {
                    later.timer.borrow_mut().take();
                    later.shown_ms.set(now_ms());
                    set.set(later.latest.get());
                });
                *waiting.timer.borrow_mut() = Some(timer);
            }
        });
    }
    // Dropping the timer of a panel that goes away ends it.
    use_effect_with((), move |()| move || drop(waiting.timer.borrow_mut().take()));
    *shown
}

/// Milliseconds of a clock; natively there is none, and nothing waits.
#[cfg(target_arch = "wasm32")]
fn now_ms() -> f64 {
    js_sys::Date::now()
}

#[cfg(not(target_arch = "wasm32"))]
fn now_ms() -> f64 {
    0.0
}
