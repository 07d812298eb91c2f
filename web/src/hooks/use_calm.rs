//! A position for what stands around the state: it may be a moment late, so that the state never is.

use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// The first change shows in the frame behind the one that shows the state; while the cursor runs, others follow ten times a second.
const FIRST_MS: u32 = 20;
/// Panels take turns so far apart: a state that comes meanwhile waits for one of them at most, not for all.
const TURN_MS: u32 = 14;
const NEXT_MS: f64 = 100.0;

#[derive(Default)]
struct Waiting {
    latest: Cell<u64>,
    shown_ms: Cell<f64>,
    timer: RefCell<Option<Timeout>>,
}

/// The position that panels around the state show, each at its turn, from 0 on. Drawing lists and lanes takes longer than drawing the state,
/// so they let it go first.
#[hook]
pub(crate) fn use_calm(position: u64, turn: u32) -> u64 {
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
                let delay = ((NEXT_MS - since).max(0.0) as u32).max(FIRST_MS + turn * TURN_MS);
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
