//! What a run may spend, and what its names are bound to.

use super::expr::{Definition, Expr};
use super::value::Value;
use std::rc::Rc;

/// Steps of one run: a step is an expression run once, or some 32 bytes moved.
pub(crate) const MAX_STEPS: u64 = 500_000;
/// Expressions may wait for each other so deep; each costs the machine's own stack a few hundred bytes.
pub(crate) const MAX_LEVELS: u32 = 256;
/// The largest value that may come up on the way, in bytes, roughly.
const MAX_VALUE: u64 = 4 << 20;

/// Why a run goes no further.
#[derive(Debug)]
pub(crate) enum Stop {
    /// An error that `try` can catch.
    Error(Value),
    /// A jump out of the label with that number.
    Break(u64),
    /// More was needed than a run may spend. Nothing catches it.
    Limit(String),
    /// Nobody wants another output.
    Done,
}

pub(crate) type Flow<T = ()> = Result<T, Stop>;

/// An error with a text.
pub(crate) fn fail<T>(message: impl Into<String>) -> Flow<T> {
    Err(Stop::Error(Value::string(&message.into())))
}

/// What is left to spend.
pub(crate) struct Budget {
    steps: u64,
    levels: u32,
}

impl Budget {
    /// Spends steps before the work they stand for is done.
    pub(crate) fn spend(&mut self, steps: u64) -> Flow {
        let left = self.steps.checked_sub(steps);
        self.steps = left.unwrap_or(0);
        if left.is_none() {
            return Err(Stop::Limit(format!("the program needs more than {MAX_STEPS} steps for one event")));
        }
        Ok(())
    }

    /// Steps spent so far.
    pub(crate) fn spent(&self) -> u64 {
        MAX_STEPS - self.steps
    }

    /// Spends what it takes to go through so many bytes.
    pub(crate) fn spend_bytes(&mut self, bytes: u64) -> Flow {
        self.spend(1 + bytes / 32)
    }

    pub(crate) fn enter(&mut self) -> Flow {
        self.levels += 1;
        if self.levels > MAX_LEVELS {
            return Err(Stop::Limit(format!("the program nests more than {MAX_LEVELS} levels deep")));
        }
        self.spend(1)
    }

    pub(crate) fn leave(&mut self) {
        self.levels -= 1;
    }

    /// Whether a value of so many bytes may be made.
    pub(crate) fn allow(bytes: u64) -> Flow {
        if bytes > MAX_VALUE {
            return Err(Stop::Limit(format!("the program makes a value of more than {MAX_VALUE} bytes")));
        }
        Ok(())
    }

    /// Lets a new value pass if it is not too large.
    pub(crate) fn admit(&mut self, value: Value) -> Flow<Value> {
        Budget::allow(value.weight())?;
        if value.is_too_deep() {
            return Err(Stop::Limit("the program makes a value that is nested too deep".to_owned()));
        }
        let children = match &value {
            Value::Array(array) => array.items.len(),
            Value::Object(object) => object.members.len(),
            Value::String(text) => text.len() / 8,
            _ => 0,
        };
        self.spend(children as u64 / 4)?;
        Ok(value)
    }
}

/// What names are bound to, the innermost first. Cloning shares.
#[derive(Clone, Default)]
pub(crate) struct Env<'p>(Option<Rc<Entry<'p>>>);

struct Entry<'p> {
    bound: Bound<'p>,
    next: Env<'p>,
}

#[derive(Clone)]
pub(crate) enum Bound<'p> {
    Value(Value),
    Label(u64),
    /// A filter and the names that it sees.
    Filter(&'p Expr, Env<'p>),
}

impl<'p> Env<'p> {
    pub(crate) fn with(&self, bound: Bound<'p>) -> Env<'p> {
        Env(Some(Rc::new(Entry { bound, next: self.clone() })))
    }

    pub(crate) fn get(&self, distance: usize) -> Option<&Bound<'p>> {
        let mut at = self;
        for _ in 0..distance {
            at = &at.0.as_ref()?.next;
        }
        at.0.as_ref().map(|entry| &entry.bound)
    }

    pub(crate) fn skip(&self, entries: usize) -> Env<'p> {
        let mut at = self;
        for _ in 0..entries {
            match &at.0 {
                Some(entry) => at = &entry.next,
                None => break,
            }
        }
        at.clone()
    }
}

/// Runs a program once.
pub(crate) struct Machine<'p> {
    pub(crate) budget: Budget,
    pub(crate) definitions: &'p [Definition],
    labels: u64,
}

impl<'p> Machine<'p> {
    pub(crate) fn new(definitions: &'p [Definition]) -> Machine<'p> {
        Machine { budget: Budget { steps: MAX_STEPS, levels: 0 }, definitions, labels: 0 }
    }

    /// A label that nothing else has.
    pub(crate) fn new_label(&mut self) -> u64 {
        self.labels += 1;
        self.labels
    }

    /// The first output, with these values as the outermost variables.
    pub(crate) fn first(&mut self, main: &'p Expr, input: Value, globals: [Value; 2]) -> Result<Option<Value>, String> {
        let env = globals.into_iter().fold(Env::default(), |env, value| env.with(Bound::Value(value)));
        let mut first = None;
        let ended = self.eval(main, &env, input, &mut |_, value| {
            first = Some(value);
            Err(Stop::Done)
        });
        match ended {
            Ok(()) | Err(Stop::Done) => Ok(first),
            Err(Stop::Error(value)) => Err(shortened(&value)),
            Err(Stop::Break(_)) => Err("break outside of its label".to_owned()),
            Err(Stop::Limit(limit)) => Err(limit),
        }
    }
}

/// An error's text, cut off where it gets long.
fn shortened(value: &Value) -> String {
    let text = match value {
        Value::Null => "null (the program called error without a message)".to_owned(),
        value => value.to_plain_text(),
    };
    match text.char_indices().nth(300) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
