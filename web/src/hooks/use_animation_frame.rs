//! A callback for every frame that the browser draws.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use yew::prelude::*;

type Frame = RefCell<Option<Closure<dyn FnMut(f64)>>>;

/// While `runs`, calls the latest `on_frame` with the milliseconds since the frame before.
#[hook]
pub(crate) fn use_animation_frame(runs: bool, on_frame: Callback<f64>) {
    let latest = use_mut_ref(|| on_frame.clone());
    *latest.borrow_mut() = on_frame;
    use_effect_with(runs, move |runs| {
        let stopped = Rc::new(Cell::new(!*runs));
        if *runs {
            let frame: Rc<Frame> = Rc::default();
            let (again, until, mut before) = (frame.clone(), stopped.clone(), None::<f64>);
            *frame.borrow_mut() = Some(Closure::new(move |now: f64| {
                if until.get() {
                    // The closure owns itself through `again`; letting go here frees it.
                    drop(again.borrow_mut().take());
                    return;
                }
                let elapsed = now - before.replace(now).unwrap_or(now);
                let callback = latest.borrow().clone();
                callback.emit(elapsed);
                request(&again);
            }));
            request(&frame);
        }
        move || stopped.set(true)
    });
}

fn request(frame: &Frame) {
    if let (Some(window), Some(closure)) = (web_sys::window(), frame.borrow().as_ref()) {
        // It fails only in a window that is gone.
        let _ = window.request_animation_frame(closure.as_ref().unchecked_ref());
    }
}
