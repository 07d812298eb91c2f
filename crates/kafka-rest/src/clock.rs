//! The one place that looks at the clock: this crate is a host.

use std::time::Instant;

/// Now, on the monotonic clock.
#[expect(clippy::disallowed_methods, reason = "a server measures time; the rule is for code that runs in wasm")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
