//! The worker: an engine that listens to the page. Built for the browser with the feature `engine`.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "engine"))]
    if let Err(error) = replay_worker::serve() {
        // Nobody is listening yet, so the browser's own error channel it is.
        wasm_bindgen::throw_val(error);
    }
}
