//! t
#![allow(missing_docs)]
pub mod json;
pub mod record;
pub mod scan;
