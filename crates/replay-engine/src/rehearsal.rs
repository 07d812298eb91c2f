//! A rehearsal of loading, for hosts whose code becomes fast by being run.
//!
//! A browser first runs quickly compiled, slow code, and compiles well what has run often. Without this, half of the first load of a page would
//! go by in slow code. The host calls [`Rehearsal::step`] where nothing else is to do; nobody sees anything of it.

use crate::engine::{Budget, Engine};
use crate::job::Wanted;
use crate::loaded::{Loaded, Origin};
use replay_core::{CheckpointJob, Replay};
use replay_formats::{LoadOptions, Loaded as Read, Loader, SliceReader};
use replay_log::Order;
use replay_log::part::Translation;
use replay_log::text::Fetch;
use replay_protocol::{Configuration, Request};
use std::fmt::Write;
use std::sync::Arc;

/// How often all is done: so often that a browser has compiled what matters.
const ROUNDS: u32 = 8;
/// How often the log is looked at in the end, at another place each time.
const LOOKS: u64 = 60;
/// Records read in a step: about a millisecond of slow code.
const RECORDS_PER_STEP: usize = 250;

/// See the module.
pub struct Rehearsal {
    text: Arc<Text>,
    reader: Option<SliceReader>,
    rounds: u32,
    /// Holds the log of the last round.
    engine: Engine,
    looks: u64,
}

/// A made log: an envelope around a document in a string, as most exports have it.
struct Text(Vec<u8>);

impl Fetch for Text {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn fetch(&self, start: u64, length: usize) -> Result<Vec<u8>, String> {
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(self.0.len());
        Ok(self.0[start..start.saturating_add(length).min(self.0.len())].to_vec())
    }
}

impl Default for Rehearsal {
    fn default() -> Rehearsal {
        let mut text = String::new();
        for n in 0..5000_u32 {
            let key = n.wrapping_mul(2_654_435_761) % 1500;
            let (partition, status) = (key % 12, ["NEW", "PAID", "SENT"][n as usize % 3]);
            // Writing into a text cannot fail.
            let _ = writeln!(
                text,
                r#"{{"topic":"rehearsal","partition":{partition},"offset":{n},"ts":{},"headers":["event_type","Changed{}"],"key":"entity-{key:05}","payload":"{{\"id\":\"entity-{key:05}\",\"eventId\":\"{n:08x}\",\"version\":{n},\"status\":\"{status}\",\"amount\":{}.5,\"address\":{{\"city\":\"Tartu\",\"street\":\"Street {key}\"}}}}"}}"#,
                1_740_960_000_000_u64 + u64::from(n),
                n % 3,
                n % 977,
            );
        }
        Rehearsal {
            text: Arc::new(Text(text.into_bytes())),
            reader: None,
            rounds: 0,
            engine: Engine::new(),
            looks: LOOKS,
        }
    }
}

/// Lets a hand read all but the first record, which is the engine's.
fn begin(reader: &mut SliceReader, text: &[u8]) {
    reader.begin(1, text.len() as u64);
    reader.push(text, true);
}

impl Rehearsal {
    /// Does a piece of it; true when all is done.
    pub fn step(&mut self) -> bool {
        if self.looks < LOOKS {
            self.looks += 1;
            self.look();
            return false;
        }
        if self.rounds >= ROUNDS {
            return true;
        }
        let Some(reader) = &mut self.reader else {
            self.reader = SliceReader::new(LoadOptions::default(), &self.text.0);
            match &mut self.reader {
                Some(reader) => begin(reader, &self.text.0),
                None => self.rounds = ROUNDS,
            }
            return false;
        };
        if reader.step(RECORDS_PER_STEP) {
            let bytes = reader.take().to_bytes();
            self.reader = None;
            self.rounds += 1;
            if let Some(loaded) = self.load(&bytes) {
                self.engine.hold(loaded);
                if self.rounds == ROUNDS {
                    self.looks = 0;
                }
            }
        }
        false
    }

    /// Asks what the page asks when somebody goes to another position.
    fn look(&mut self) {
        let position = 1 + self.looks * 997 % 4999;
        let entity = (position % 1500) as u32;
        let requests = [
            Request::Record { position },
            Request::Entity { entity, position },
            Request::History { entity, start: 0, count: 50 },
            Request::Rows { start: position, end: position + 40 },
            Request::Entities { filter: String::new(), start: 0, count: 30, position },
            Request::Lanes { start: 0, end: 5000, columns: 400, entity: Some(entity) },
            Request::Marks { entity, columns: 200 },
        ];
        for request in requests {
            self.engine.accept(0, request, Vec::new());
        }
        // What is answered is thrown away, but must be made.
        self.engine.step(Budget::records(1), &mut |_, reply| drop(std::hint::black_box(reply)));
    }

    /// What the engine does with what hands have read.
    fn load(&self, part: &[u8]) -> Option<Loaded> {
        let part = replay_formats::SlicePart::from_bytes(part).ok()?;
        let mut loader = Loader::leaving_text(LoadOptions::default(), Arc::clone(&self.text) as Arc<dyn Fetch>);
        loader.push(&self.text.0);
        loader.step(1);
        loader.stop_at(1);
        loader.step(1);
        if !loader.append(&part, &mut Translation::default()) {
            return None;
        }
        loader.finish_shared();
        let read: Read = loader.into_loaded();
        let origin = Origin::new(&read, Vec::new(), false);
        let wanted = Wanted::new(&Configuration::default(), &origin.guessed).ok()?;
        let order = Arc::new(Order::new(&read.log, wanted.schedule));
        let replay = Replay::prepare(read.log, order, wanted.projection).finish();
        let states = CheckpointJob::new(replay.clone(), replay.order().len());
        Some(Loaded::new(origin, wanted.configuration, replay, states.finish()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rehearsal_reads_and_folds_a_log_and_ends() {
        let mut rehearsal = Rehearsal::default();
        let mut reader = SliceReader::new(LoadOptions::default(), &rehearsal.text.0).unwrap();
        begin(&mut reader, &rehearsal.text.0);
        while !reader.step(1000) {}
        let loaded = rehearsal.load(&reader.take().to_bytes()).unwrap();
        assert_eq!((loaded.replay.log().len(), loaded.replay.log().n_entities()), (5000, 1500));
        let mut steps = 0;
        while !rehearsal.step() {
            steps += 1;
        }
        assert!((ROUNDS..10_000).contains(&steps), "{steps}");
    }
}
