//! Functions that are not written in jq.

mod dates;
mod plain;

use super::eval::{Out, until_break};
use super::expr::Expr;
use super::fault::Fault;
use super::machine::{Budget, Env, Flow, Machine, Stop, Thrown, fail};
use super::number::Number;
use super::operators::{brief, calculate};
use super::paths::{OutPlace, Path, Place, delete_all, get, path_steps, set};
use super::value::{Value, sort};
pub(crate) use plain::indices_of;
use std::cmp::Ordering;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Native {
    Empty,
    Error,
    Path,
    Range,
    Recurse,
    Repeat,
    While,
    Until,
    First,
    Last,
    Limit,
    Skip,
    GetPath,
    SetPath,
    DeletePaths,
    SortBy,
    GroupBy,
    UniqueBy,
    MinBy,
    MaxBy,
    /// One that only works on values: its place in the table.
    Plain(usize),
}

/// Functions whose arguments are expressions: name, number of arguments.
const SPECIAL: [(&str, usize, Native); 21] = [
    ("empty", 0, Native::Empty),
    ("error", 0, Native::Error),
    ("error", 1, Native::Error),
    ("path", 1, Native::Path),
    ("range", 3, Native::Range),
    ("recurse", 1, Native::Recurse),
    ("repeat", 1, Native::Repeat),
    ("while", 2, Native::While),
    ("until", 2, Native::Until),
    ("first", 1, Native::First),
    ("last", 1, Native::Last),
    ("limit", 2, Native::Limit),
    ("skip", 2, Native::Skip),
    ("getpath", 1, Native::GetPath),
    ("setpath", 2, Native::SetPath),
    ("delpaths", 1, Native::DeletePaths),
    ("sort_by", 1, Native::SortBy),
    ("group_by", 1, Native::GroupBy),
    ("unique_by", 1, Native::UniqueBy),
    ("min_by", 1, Native::MinBy),
    ("max_by", 1, Native::MaxBy),
];

impl Native {
    pub(crate) fn find(name: &str, arity: usize) -> Option<Native> {
        let special = SPECIAL.iter().find(|(n, count, _)| *n == name && *count == arity);
        special.map(|(.., native)| *native).or_else(|| plain::find(name, arity).map(Native::Plain))
    }

    /// Whether it has exactly one output for single arguments.
    pub(crate) fn is_plain(self) -> bool {
        matches!(
            self,
            Native::Plain(_)
                | Native::Error
                | Native::GetPath
                | Native::SetPath
                | Native::DeletePaths
                | Native::SortBy
                | Native::GroupBy
                | Native::UniqueBy
                | Native::MinBy
                | Native::MaxBy
        )
    }

    /// Whether its outputs are parts of the input, so that they have paths.
    pub(crate) fn keeps_places(self) -> bool {
        matches!(
            self,
            Native::Empty
                | Native::Error
                | Native::Recurse
                | Native::Repeat
                | Native::While
                | Native::Until
                | Native::First
                | Native::Last
                | Native::Limit
                | Native::Skip
        )
    }
}

/// Why a name of jq is left out here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// It looks at a clock.
    Clock,
    /// It looks at something besides the state and the event.
    Outside,
    /// It needs regular expressions.
    Regex,
    /// `split` with flags, which are those of a regular expression.
    SplitRegex,
}

impl Absent {
    /// In English.
    pub const fn text(self) -> &'static str {
        match self {
            Absent::Clock => {
                "a replay must give the same state at any time; $record.timestamp is the record's own time"
            }
            Absent::Outside => "a program sees only the state and the event",
            Absent::Regex => {
                "there are no regular expressions; see startswith, endswith, contains, split, ltrimstr and rtrimstr"
            }
            Absent::SplitRegex => "there are no regular expressions; split/1 splits at a text",
        }
    }

    /// A name for localisation.
    pub const fn code(self) -> &'static str {
        match self {
            Absent::Clock => "clock",
            Absent::Outside => "outside",
            Absent::Regex => "regex",
            Absent::SplitRegex => "split-regex",
        }
    }
}

/// Why a function that jq has is missing here.
pub(crate) fn why_absent(name: &str) -> Option<Absent> {
    Some(match name {
        "now" | "localtime" | "strflocaltime" | "mktime" | "gmtime" | "strftime" | "strptime" | "date" | "dateadd"
        | "datesub" => Absent::Clock,
        "input" | "inputs" | "debug" | "stderr" | "env" | "halt" | "halt_error" | "input_filename"
        | "input_line_number" | "getpath_file" | "get_search_list" | "import" | "include" | "modulemeta" => {
            Absent::Outside
        }
        "test" | "match" | "capture" | "scan" | "splits" | "sub" | "gsub" | "ascii" => Absent::Regex,
        "split" => Absent::SplitRegex,
        _ => return None,
    })
}

impl<'p> Machine<'p> {
    pub(crate) fn native(
        &mut self,
        native: Native,
        arguments: &'p [Expr],
        env: &Env<'p>,
        input: Value,
        out: Out<'_, 'p>,
    ) -> Flow {
        match native {
            Native::Plain(place) => self.values(arguments, env, &input, &[], &mut |m, values| {
                let result = plain::run(&mut m.budget, place, &input, values)?;
                out(m, result)
            }),
            Native::Path => {
                let Some(inner) = arguments.first() else { return Ok(()) };
                self.eval_place(inner, env, (input, Some(Path::default())), &mut |m, (_, path)| {
                    let steps = Value::array(path.unwrap_or_default().steps());
                    let steps = m.budget.admit(steps)?;
                    out(m, steps)
                })
            }
            Native::Range => self.values(arguments, env, &input, &[], &mut |m, values| m.range(values, out)),
            Native::GetPath => self.values(arguments, env, &input, &[], &mut |m, values| {
                let found = get(&mut m.budget, &input, path_steps(&values[0])?)?;
                out(m, found)
            }),
            Native::SetPath => self.values(arguments, env, &input, &[], &mut |m, values| {
                let changed = set(&mut m.budget, input.clone(), path_steps(&values[0])?, values[1].clone())?;
                out(m, changed)
            }),
            Native::DeletePaths => self.values(arguments, env, &input, &[], &mut |m, values| {
                let Value::Array(list) = &values[0] else { return fail(Fault::NotPaths) };
                let paths = list.items.iter().map(|path| path_steps(path).map(<[Value]>::to_vec));
                let left = delete_all(&mut m.budget, input.clone(), paths.collect::<Flow<_>>()?)?;
                out(m, left)
            }),
            Native::SortBy | Native::GroupBy | Native::UniqueBy | Native::MinBy | Native::MaxBy => {
                let Some(by) = arguments.first() else { return Ok(()) };
                let result = self.by(native, by, env, &input)?;
                out(self, result)
            }
            _ => self.special(native, arguments, env, (input, None), &mut |m, (value, _)| out(m, value)),
        }
    }

    /// All choices of values for the arguments.
    fn values(
        &mut self,
        arguments: &'p [Expr],
        env: &Env<'p>,
        input: &Value,
        done: &[Value],
        then: &mut dyn FnMut(&mut Machine<'p>, &[Value]) -> Flow,
    ) -> Flow {
        let Some((argument, rest)) = arguments.split_first() else { return then(self, done) };
        self.eval(argument, env, input.clone(), &mut |m, value| {
            let done = [done, &[value]].concat();
            m.values(rest, env, input, &done, then)
        })
    }

    /// Functions that hand on their input, or what an argument makes of it, with its place.
    pub(crate) fn special(
        &mut self,
        native: Native,
        arguments: &'p [Expr],
        env: &Env<'p>,
        input: Place,
        out: OutPlace<'_, 'p>,
    ) -> Flow {
        match (native, arguments) {
            (Native::Error, []) => Err(Stop::Error(Box::new(Thrown::Value(input.0)))),
            (Native::Error, [message]) => {
                self.eval(message, env, input.0, &mut |_, value| Err(Stop::Error(Box::new(Thrown::Value(value)))))
            }
            (Native::First, [inner]) => {
                let mut found = None;
                let label = self.new_label();
                let flow = self.eval_place(inner, env, input, &mut |_, place| {
                    found = Some(place);
                    Err(Stop::Break(label))
                });
                until_break(flow, label)?;
                found.map_or(Ok(()), |place| out(self, place))
            }
            (Native::Last, [inner]) => {
                let mut found = None;
                self.eval_place(inner, env, input, &mut |_, place| {
                    found = Some(place);
                    Ok(())
                })?;
                found.map_or(Ok(()), |place| out(self, place))
            }
            (Native::Limit | Native::Skip, [count, inner]) => {
                self.eval(count, env, input.0.clone(), &mut |m, count| {
                    m.count(native, number(&count)?.to_i64(), inner, env, input.clone(), out)
                })
            }
            (Native::Recurse | Native::Repeat, [step]) => self.recurse(None, step, env, input, out),
            (Native::While, [condition, step]) => self.recurse(Some(condition), step, env, input, out),
            (Native::Until, [condition, step]) => self.until(condition, step, env, input, out),
            _ => Ok(()),
        }
    }

    /// The first so many outputs, or those behind them.
    fn count(
        &mut self,
        native: Native,
        count: i64,
        inner: &'p Expr,
        env: &Env<'p>,
        input: Place,
        out: OutPlace<'_, 'p>,
    ) -> Flow {
        let mut left = count;
        if native == Native::Skip {
            return self.eval_place(inner, env, input, &mut |m, place| {
                left = left.saturating_sub(1);
                if left >= 0 { Ok(()) } else { out(m, place) }
            });
        }
        if left <= 0 {
            return Ok(());
        }
        let label = self.new_label();
        let flow = self.eval_place(inner, env, input, &mut |m, place| {
            left -= 1;
            out(m, place)?;
            if left == 0 { Err(Stop::Break(label)) } else { Ok(()) }
        });
        until_break(flow, label)
    }

    /// The input, what `step` makes of it, what it makes of that, and so on, as long as the condition holds.
    fn recurse(
        &mut self,
        condition: Option<&'p Expr>,
        step: &'p Expr,
        env: &Env<'p>,
        input: Place,
        out: OutPlace<'_, 'p>,
    ) -> Flow {
        // What is still to be visited, the next one last, so that no depth of the data is a depth of calls.
        let mut waiting = vec![input];
        while let Some(place) = waiting.pop() {
            self.budget.spend(1)?;
            if let Some(condition) = condition
                && !self.first_output(condition, env, place.0.clone())?.is_some_and(|value| value.is_true())
            {
                continue;
            }
            out(self, place.clone())?;
            let from = waiting.len();
            self.eval_place(step, env, place, &mut |m, place| {
                m.budget.spend(1)?;
                waiting.push(place);
                Ok(())
            })?;
            waiting[from..].reverse();
        }
        Ok(())
    }

    /// The first of the input, what `step` makes of it, and so on, for which the condition holds.
    fn until(
        &mut self,
        condition: &'p Expr,
        step: &'p Expr,
        env: &Env<'p>,
        input: Place,
        out: OutPlace<'_, 'p>,
    ) -> Flow {
        let mut waiting = vec![input];
        while let Some(place) = waiting.pop() {
            self.budget.spend(1)?;
            if self.first_output(condition, env, place.0.clone())?.is_some_and(|value| value.is_true()) {
                out(self, place)?;
                continue;
            }
            let from = waiting.len();
            self.eval_place(step, env, place, &mut |m, place| {
                m.budget.spend(1)?;
                waiting.push(place);
                Ok(())
            })?;
            waiting[from..].reverse();
        }
        Ok(())
    }

    fn range(&mut self, values: &[Value], out: Out<'_, 'p>) -> Flow {
        let [from, upto, by] = values else { return Ok(()) };
        let (_, upto, by) = (number(from)?, number(upto)?, number(by)?);
        let zero = Number::Int(0);
        let mut at = from.clone();
        loop {
            let goes_on = match (number(&at)?.cmp(upto), by.cmp(&zero)) {
                (Ordering::Less, Ordering::Greater) | (Ordering::Greater, Ordering::Less) => true,
                // Without a step it would never end; the steps of the run end it.
                (order, Ordering::Equal) => order == Ordering::Less,
                _ => false,
            };
            if !goes_on {
                return Ok(());
            }
            self.budget.spend(1)?;
            out(self, at.clone())?;
            at = calculate(&mut self.budget, at, super::expr::Math::Add, Value::Number(by.clone()))?;
        }
    }

    /// Sorting, grouping and choosing by the outputs of an expression.
    fn by(&mut self, native: Native, by: &'p Expr, env: &Env<'p>, input: &Value) -> Flow<Value> {
        let Value::Array(array) = input else {
            return fail(Fault::NotSortable(brief(input)));
        };
        let mut keyed = Vec::with_capacity(array.items.len());
        let mut weight = 0;
        for item in &array.items {
            let key = match by {
                Expr::Id => vec![item.clone()],
                by => self.collect(by, env, item.clone())?,
            };
            weight += key.iter().map(Value::weight).sum::<u64>();
            Budget::allow(weight)?;
            keyed.push((key, item.clone()));
        }
        // Each comparison goes through no more than the keys' bytes.
        let rounds = 1 + u64::from(keyed.len().max(1).ilog2());
        self.budget.spend((weight / 32 + keyed.len() as u64) * rounds)?;
        Ok(match native {
            Native::MinBy => {
                // The first of equal ones.
                keyed.into_iter().reduce(|a, b| if b.0 < a.0 { b } else { a }).map_or(Value::Null, |(_, item)| item)
            }
            Native::MaxBy => {
                // The last of equal ones.
                keyed.into_iter().reduce(|a, b| if b.0 >= a.0 { b } else { a }).map_or(Value::Null, |(_, item)| item)
            }
            _ => {
                sort(&mut keyed, &|a, b| a.0.cmp(&b.0));
                let groups = keyed.chunk_by(|a, b| a.0 == b.0);
                match native {
                    Native::SortBy => Value::array(keyed.into_iter().map(|(_, item)| item).collect()),
                    Native::GroupBy => Value::array(
                        groups.map(|g| Value::array(g.iter().map(|(_, item)| item.clone()).collect())).collect(),
                    ),
                    _ => Value::array(groups.filter_map(|group| group.first()).map(|(_, item)| item.clone()).collect()),
                }
            }
        })
    }
}

pub(crate) fn number(value: &Value) -> Flow<&Number> {
    match value {
        Value::Number(number) => Ok(number),
        other => fail(Fault::NotNumber(brief(other))),
    }
}
