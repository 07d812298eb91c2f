//! Both ends of the wasm boundary, and nothing that decides anything.
//!
//! The page uses [`EngineClient`]; the worker (feature `engine`) runs [`serve`]. Natively there is nothing here: a browser is needed.

#[cfg(target_arch = "wasm32")]
mod client;
#[cfg(target_arch = "wasm32")]
mod envelope;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod file;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod server;

#[cfg(target_arch = "wasm32")]
pub use client::{ClientEvent, EngineClient};
#[cfg(target_arch = "wasm32")]
pub use envelope::{decode, encode};
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
pub use server::serve;
