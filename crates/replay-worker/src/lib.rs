//! Both ends of the wasm boundary, and nothing that decides anything.
//!
//! The page uses [`EngineClient`]; the worker (feature `engine`) runs [`serve`], and starts further workers with the same script, each a hand
//! of the engine's crew. Natively there is nothing here: a browser is needed.

#[cfg(target_arch = "wasm32")]
mod client;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod crew;
#[cfg(target_arch = "wasm32")]
mod envelope;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod file;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod kafka;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod server;

#[cfg(target_arch = "wasm32")]
pub use client::{ClientEvent, EngineClient};
#[cfg(target_arch = "wasm32")]
pub use envelope::{decode, encode};
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
pub use server::serve;
