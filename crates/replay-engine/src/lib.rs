//! One request and response API over everything below, holding the loaded log.
//!
//! Layer 5. Its host owns time, bytes and threads: it hands requests in, calls [`Engine::step`] as long as there is work, and posts
//! the replies. So progress and cancelling work the same in a browser's worker and in a test. It knows no wasm, DOM, clock or file. Work that
//! can be split goes to a [`Crew`], whose hands the host makes: workers in a browser, threads elsewhere.

mod archive;
mod compare;
mod crew;
mod cut;
mod engine;
mod entity;
mod export;
mod follow;
mod job;
mod lanes;
mod load;
mod loaded;
mod locate;
mod mapping;
mod memory;
mod preview;
mod rebuild;
mod rehearsal;
mod rows;
mod runs;
mod said;
mod scenario;
mod schemas;
mod search;
mod sharing;
mod simulate;
mod stream;
mod window;
mod windows;
mod words;

#[cfg(not(target_arch = "wasm32"))]
pub use crew::Threads;
pub use crew::{Alone, Answer, Crew, Hand, RebuiltState, Shared, Task, Text, Ticket};
pub use engine::{Attachment, Budget, ByteSource, Engine, Read, Step, StreamState};
pub use mapping::read_mapping;
pub use rebuild::{Rebuild, RebuiltStates};
pub use rehearsal::Rehearsal;
pub use replay_log::text::Fetch;
pub use scenario::read_scenario;
pub use simulate::{figures, happening_view};
