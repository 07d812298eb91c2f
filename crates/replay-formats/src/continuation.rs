//! What comes behind a file, read as the file was: for a topic that is followed.

use crate::decode::JsonDecoder;
use crate::error::{Errors, ReadError};
use crate::reading::Reading;
use replay_log::log::Log;
use std::sync::Arc;

/// How a file was read, so that further records of the same kind are read alike.
#[derive(Clone)]
pub struct Continuation {
    pub(crate) decoder: Arc<JsonDecoder>,
    pub(crate) name: String,
}

impl Continuation {
    /// The records of a piece of text that ends with a whole record, what of it could not be read, and how much that is.
    pub fn read(&self, text: Vec<u8>) -> (Log, Vec<ReadError>, u64) {
        let mut errors = Errors::default();
        let mut reading = Reading::behind(self);
        while !reading.step(&text, true, usize::MAX, &mut errors) {}
        (reading.into_log(text), errors.kept, errors.count)
    }
}
