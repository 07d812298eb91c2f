//! Programs in the jq language that nothing can be done wrong with: pure, bounded, the same everywhere.
//!
//! Layer 2. It knows JSON values and what a state and an event are, but no record, no log and no projection.
//!
//! jaq's parser reads the program; running it is our own affair, because a program may come with a link from a stranger: every step,
//! every byte and every level of nesting is charged before it is spent, so no program can hang, exhaust the memory or overflow the stack,
//! and the same program gives the same result, to the digit, on every machine. There is no input or output, no clock and no environment.

mod compile;
mod eval;
mod expr;
mod fault;
mod fold;
mod formats;
mod machine;
mod natives;
mod number;
mod operators;
mod paths;
mod prelude;
mod value;

pub use compile::{JqError, Mistake};
pub use fault::{Fault, Found, Verb};
pub use natives::Absent;

use expr::{Definition, Expr};
use replay_log::Json;
use std::sync::atomic::{AtomicU64, Ordering};
use value::Value;

/// The largest state that a program may give, in bytes, roughly.
const MAX_STATE: u64 = 1 << 20;

/// A program that was found to be right, ready to run.
pub struct Program {
    text: Box<str>,
    main: Expr,
    definitions: Vec<Definition>,
    uses_record: bool,
    /// Steps of all runs so far.
    steps: AtomicU64,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Program").field(&self.text).finish()
    }
}

impl PartialEq for Program {
    fn eq(&self, other: &Program) -> bool {
        self.text == other.text
    }
}

impl Eq for Program {}

impl Program {
    /// Reads and checks a program.
    ///
    /// # Errors
    /// The first place where it is no jq, or names something that is not there.
    #[inline(never)]
    pub fn new(text: &str) -> Result<Program, JqError> {
        compile::program(text)
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Steps of all runs so far, those of clones included.
    pub fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// The first output for the input `state`, with `$event` and `$record` bound; `None` if there is none. `record` is asked only
    /// if the program names it. Null stands for "no state" on both sides.
    ///
    /// # Errors
    /// The program's own error, an operation that cannot be done, or the limit that it met.
    #[inline(never)]
    pub fn run(
        &self,
        state: Option<&Json>,
        event: &Json,
        record: impl FnOnce() -> Json,
    ) -> Result<Option<Json>, Fault> {
        let record = if self.uses_record { Value::from_json(&record()) } else { Value::Null };
        let state = state.map_or(Value::Null, Value::from_json);
        let mut machine = machine::Machine::new(&self.definitions);
        let output = machine.first(&self.main, state, [Value::from_json(event), record]);
        self.steps.fetch_add(machine.budget.spent(), Ordering::Relaxed);
        match output? {
            Some(value) if value.weight() > MAX_STATE => Err(Fault::StateTooLarge),
            output => Ok(output.map(|value| value.to_json())),
        }
    }
}

#[cfg(test)]
mod tests;
