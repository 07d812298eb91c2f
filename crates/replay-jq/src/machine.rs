//! What a run may spend, and what its names are bound to.

use super::expr::{Definition, Expr};
use super::fault::Fault;
use super::value::Value;
use std::rc::Rc;

/// Steps of one run: a step is an expression run once, or some 32 bytes moved.
pub(crate) const MAX_STEPS: u64 = 500_000;
/// Expressions may wait for each other so deep; each costs the machine's own stack a few hundred bytes.
pub(crate) const MAX_LEVELS: u32 = 256;
/// The largest value that may come up on the way, in bytes, roughly.
pub(crate) const MAX_VALUE: u64 = 4 << 20;

/// Why a run goes no further. Small, since each level of calls has room for one on the stack.
#[derive(Debug)]
pub(crate) enum Stop {
    /// An error that `try` can catch.
    Error(Box<Thrown>),
    /// A jump out of the label with that number.
    Break(u64),
    /// More was needed than a run may spend. Nothing catches it.
    Limit(Box<Fault>),
    /// Nobody wants another output.
    Done,
}

pub(crate) type Flow<T = ()> = Result<T, Stop>;

/// What `try` can catch.
#[derive(Debug)]
pub(crate) enum Thrown {
    /// The program called `error` with it.
    Value(Value),
    /// Something cannot be done.
    Fault(Fault),
}

impl Thrown {
    /// What `catch` gets: the fault in English, since a program must give the same on every machine.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Thrown::Value(value) => value,
            Thrown::Fault(fault) => Value::string(&fault.to_string()),
        }
    }

    fn into_fault(self) -> Fault {
        match self {
            Thrown::Value(Value::Null) => Fault::RaisedNothing,
            Thrown::Value(value) => Fault::Raised(shortened(value.to_plain_text())),
            Thrown::Fault(fault) => fault,
        }
    }
}

/// An error that `try` can catch.
pub(crate) fn fail<T>(fault: Fault) -> Flow<T> {
    Err(Stop::Error(Box::new(Thrown::Fault(fault))))
}

/// The end of a run at a limit.
pub(crate) fn limit<T>(fault: Fault) -> Flow<T> {
    Err(Stop::Limit(Box::new(fault)))
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
            return limit(Fault::TooManySteps);
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
            return limit(Fault::TooManyLevels);
        }
        self.spend(1)
    }

    pub(crate) fn leave(&mut self) {
        self.levels -= 1;
    }

    /// Whether a value of so many bytes may be made.
    pub(crate) fn allow(bytes: u64) -> Flow {
        if bytes > MAX_VALUE {
            return limit(Fault::ValueTooLarge);
        }
        Ok(())
    }

    /// Lets a new value pass if it is not too large.
    pub(crate) fn admit(&mut self, value: Value) -> Flow<Value> {
        Budget::allow(value.weight())?;
        if value.is_too_deep() {
            return limit(Fault::ValueTooDeep);
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
    pub(crate) fn first(&mut self, main: &'p Expr, input: Value, globals: [Value; 2]) -> Result<Option<Value>, Fault> {
        let env = globals.into_iter().fold(Env::default(), |env, value| env.with(Bound::Value(value)));
        let mut first = None;
        let ended = self.eval(main, &env, input, &mut |_, value| {
            first = Some(value);
            Err(Stop::Done)
        });
        match ended {
            Ok(()) | Err(Stop::Done) => Ok(first),
            Err(Stop::Error(thrown)) => Err(thrown.into_fault()),
            Err(Stop::Break(_)) => Err(Fault::StrayBreak),
            Err(Stop::Limit(fault)) => Err(*fault),
        }
    }
}

/// An error's text, cut off where it gets long.
fn shortened(text: String) -> String {
    match text.char_indices().nth(300) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
