//! Running an expression: each output is handed to whoever waits for it, who may say that it was the last one wanted.

use super::expr::{Call, Expr, Piece, Step};
use super::fault::Fault;
use super::formats;
use super::machine::{Bound, Budget, Env, Flow, Machine, Stop};
use super::operators::{self, calculate};
use super::value::{Value, put};
use std::sync::Arc;

/// Takes outputs.
pub(crate) type Out<'o, 'p> = &'o mut dyn FnMut(&mut Machine<'p>, Value) -> Flow;

impl<'p> Machine<'p> {
    /// Hands all outputs of an expression to `out`.
    pub(crate) fn eval(&mut self, expr: &'p Expr, env: &Env<'p>, input: Value, out: Out<'_, 'p>) -> Flow {
        self.budget.enter()?;
        let flow = self.eval_chain(expr, env, input, out);
        self.budget.leave();
        flow
    }

    /// Follows pipes, branches and calls in the last place without going deeper.
    fn eval_chain(&mut self, mut expr: &'p Expr, env: &Env<'p>, mut input: Value, out: Out<'_, 'p>) -> Flow {
        let mut env = env.clone();
        loop {
            match expr {
                Expr::Pipe(first, then, true) => {
                    input = self.single(first, &env, input)?;
                    expr = then;
                }
                Expr::Bind(source, super::expr::Pattern::Variable, body, true) => {
                    let value = self.single(source, &env, input.clone())?;
                    env = env.with(Bound::Value(value));
                    expr = body;
                }
                Expr::If(branches, otherwise) if branches.iter().all(|branch| branch.is_single) => {
                    let mut chosen = otherwise.as_deref();
                    for branch in branches {
                        if self.single(&branch.condition, &env, input.clone())?.is_true() {
                            chosen = Some(&branch.then);
                            break;
                        }
                    }
                    match chosen {
                        Some(chosen) => expr = chosen,
                        None => return out(self, input),
                    }
                }
                // A definition without filters as parameters keeps nothing of its caller, so calls in the last place can go on for ever.
                Expr::Call(call) if self.definitions[call.definition].has_values_only && call.has_single_arguments => {
                    let mut inner = env.skip(call.skip);
                    for argument in &call.arguments {
                        inner = inner.with(Bound::Value(self.single(argument, &env, input.clone())?));
                    }
                    env = inner;
                    expr = &self.definitions[call.definition].body;
                }
                Expr::Parameter(distance) => match env.get(*distance).cloned() {
                    Some(Bound::Filter(filter, its_env)) => return self.eval(filter, &its_env, input, out),
                    _ => return Ok(()),
                },
                _ => return self.eval_one(expr, &env, input, out),
            }
            self.budget.spend(1)?;
        }
    }

    /// The only output of an expression that has one.
    pub(crate) fn single(&mut self, expr: &'p Expr, env: &Env<'p>, input: Value) -> Flow<Value> {
        match expr {
            Expr::Id => return Ok(input),
            Expr::Literal(value) => return Ok(value.clone()),
            _ => {}
        }
        let mut output = None;
        self.eval(expr, env, input, &mut |_, value| {
            output = Some(value);
            Ok(())
        })?;
        Ok(output.unwrap_or(Value::Null))
    }

    fn eval_one(&mut self, expr: &'p Expr, env: &Env<'p>, input: Value, out: Out<'_, 'p>) -> Flow {
        match expr {
            Expr::Id => out(self, input),
            Expr::Literal(value) => out(self, value.clone()),
            Expr::Variable(distance) => match env.get(*distance).cloned() {
                Some(Bound::Value(value)) => out(self, value),
                _ => Ok(()),
            },
            Expr::Format(format) => {
                let text = formats::write(&mut self.budget, *format, &input)?;
                out(self, text)
            }
            Expr::Text(format, pieces) => self.text(*format, pieces, env, &input, "", out),
            Expr::Array(None) => out(self, Value::array(Vec::new())),
            Expr::Array(Some(inner)) => {
                let items = self.collect(inner, env, input)?;
                let array = self.budget.admit(Value::array(items))?;
                out(self, array)
            }
            Expr::Object(entries) => self.object(entries, env, &input, Vec::new(), out),
            Expr::Negate(inner) => self.eval(inner, env, input, &mut |m, value| {
                let negated = operators::negate(&value)?;
                out(m, negated)
            }),
            Expr::Pipe(first, then, _) => self.eval(first, env, input, &mut |m, value| m.eval(then, env, value, out)),
            Expr::Bind(source, pattern, body, _) => self.eval(source, env, input.clone(), &mut |m, value| {
                m.bind(&[(pattern, value)], env, &mut |m, env| m.eval(body, env, input.clone(), out))
            }),
            Expr::Comma(first, then) => {
                self.eval(first, env, input.clone(), out)?;
                self.eval(then, env, input, out)
            }
            Expr::Alternative(first, otherwise) => self.alternative(first, otherwise, env, input, out),
            Expr::Logic(left, decides, right) => self.eval(left, env, input.clone(), &mut |m, value| {
                if value.is_true() == *decides {
                    return out(m, Value::Bool(*decides));
                }
                m.eval(right, env, input.clone(), &mut |m, value| out(m, Value::Bool(value.is_true())))
            }),
            Expr::Math(left, op, right) => self.pair(left, right, env, &input, &mut |m, a, b| {
                let result = calculate(&mut m.budget, a, *op, b)?;
                out(m, result)
            }),
            Expr::Compare(left, op, right) => self.pair(left, right, env, &input, &mut |m, a, b| {
                m.budget.spend_bytes(a.weight().min(b.weight()))?;
                out(m, Value::Bool(op.run(&a, &b)))
            }),
            Expr::Assign(..) | Expr::Update(..) | Expr::UpdateMath(..) | Expr::UpdateAlternative(..) => {
                self.change(expr, env, input, out)
            }
            Expr::Label(body) => {
                let label = self.new_label();
                let env = env.with(Bound::Label(label));
                let flow = self.eval(body, &env, input, out);
                until_break(flow, label)
            }
            Expr::Break(distance) => match env.get(*distance) {
                Some(Bound::Label(label)) => Err(Stop::Break(*label)),
                _ => Ok(()),
            },
            Expr::Fold(fold) => self.fold(fold, env, &(input, None), &mut |m, (value, _)| out(m, value)),
            Expr::Try(body, catch) => self.attempt(body, catch.as_deref(), env, input, out),
            Expr::If(branches, otherwise) => {
                let otherwise = otherwise.as_deref();
                self.branch(branches, otherwise, env, &input, &mut |m, chosen| match chosen {
                    Some(chosen) => m.eval(chosen, env, input.clone(), out),
                    None => out(m, input.clone()),
                })
            }
            Expr::Step(target, step, is_optional) => self.step(target, step, *is_optional, env, &input, out),
            Expr::Call(call) => {
                let body = &self.definitions[call.definition].body;
                self.call(call, env, &input, &mut |m, inner| m.eval(body, inner, input.clone(), out))
            }
            Expr::Native(native, arguments) => self.native(*native, arguments, env, input, out),
            // Followed by the caller.
            Expr::Parameter(_) => Ok(()),
        }
    }

    /// All outputs as a list, as long as they are not too many or too large.
    pub(crate) fn collect(&mut self, expr: &'p Expr, env: &Env<'p>, input: Value) -> Flow<Vec<Value>> {
        let mut items = Vec::new();
        let mut weight = 0_u64;
        self.eval(expr, env, input, &mut |m, value| {
            weight = weight.saturating_add(value.weight());
            Budget::allow(weight)?;
            m.budget.spend(1)?;
            items.push(value);
            Ok(())
        })?;
        Ok(items)
    }

    /// All pairs of outputs; those of the right side come round slower, as in jq.
    fn pair(
        &mut self,
        left: &'p Expr,
        right: &'p Expr,
        env: &Env<'p>,
        input: &Value,
        then: &mut dyn FnMut(&mut Machine<'p>, Value, Value) -> Flow,
    ) -> Flow {
        self.eval(right, env, input.clone(), &mut |m, b| {
            m.eval(left, env, input.clone(), &mut |m, a| then(m, a, b.clone()))
        })
    }

    /// The branches that the outputs of the conditions choose.
    pub(crate) fn branch(
        &mut self,
        branches: &'p [super::expr::Branch],
        otherwise: Option<&'p Expr>,
        env: &Env<'p>,
        input: &Value,
        then: &mut dyn FnMut(&mut Machine<'p>, Option<&'p Expr>) -> Flow,
    ) -> Flow {
        let Some((branch, rest)) = branches.split_first() else { return then(self, otherwise) };
        self.eval(&branch.condition, env, input.clone(), &mut |m, value| {
            if value.is_true() { then(m, Some(&branch.then)) } else { m.branch(rest, otherwise, env, input, then) }
        })
    }

    fn alternative(
        &mut self,
        first: &'p Expr,
        otherwise: &'p Expr,
        env: &Env<'p>,
        input: Value,
        out: Out<'_, 'p>,
    ) -> Flow {
        let (mut has_any, mut is_outer) = (false, false);
        let flow = self.eval(first, env, input.clone(), &mut |m, value| {
            if !value.is_true() {
                return Ok(());
            }
            has_any = true;
            out(m, value).inspect_err(|_| is_outer = true)
        });
        match flow {
            // An error on the left only ends it; one behind it is not ours.
            Err(Stop::Error(_)) if !is_outer => {}
            flow => flow?,
        }
        if has_any { Ok(()) } else { self.eval(otherwise, env, input, out) }
    }

    fn attempt(
        &mut self,
        body: &'p Expr,
        catch: Option<&'p Expr>,
        env: &Env<'p>,
        input: Value,
        out: Out<'_, 'p>,
    ) -> Flow {
        let mut is_outer = false;
        let flow = self.eval(body, env, input, &mut |m, value| out(m, value).inspect_err(|_| is_outer = true));
        match (flow, catch) {
            (Err(Stop::Error(error)), Some(catch)) if !is_outer => self.eval(catch, env, error.into_value(), out),
            (Err(Stop::Error(_)), None) if !is_outer => Ok(()),
            (flow, _) => flow,
        }
    }

    fn text(
        &mut self,
        format: super::expr::Format,
        pieces: &'p [Piece],
        env: &Env<'p>,
        input: &Value,
        behind: &str,
        out: Out<'_, 'p>,
    ) -> Flow {
        // From the last piece to the first: the outputs of later ones come round slower.
        let Some((last, before)) = pieces.split_last() else {
            let text = self.budget.admit(Value::string(behind))?;
            return out(self, text);
        };
        match last {
            Piece::Text(text) => self.text(format, before, env, input, &format!("{text}{behind}"), out),
            Piece::Expr(expr) => self.eval(expr, env, input.clone(), &mut |m, value| {
                let written = formats::write(&mut m.budget, format, &value)?.to_plain_text();
                Budget::allow((written.len() + behind.len()) as u64)?;
                m.text(format, before, env, input, &(written + behind), out)
            }),
        }
    }

    fn object(
        &mut self,
        entries: &'p [(Expr, Expr)],
        env: &Env<'p>,
        input: &Value,
        members: Vec<(Arc<str>, Value)>,
        out: Out<'_, 'p>,
    ) -> Flow {
        let mut members = members;
        let mut rest = entries;
        while let Some(((key, value), behind)) = rest.split_first() {
            if !(key.is_single() && value.is_single()) {
                return self.eval(key, env, input.clone(), &mut |m, key| {
                    let key = operators::key(&key)?;
                    m.eval(value, env, input.clone(), &mut |m, value| {
                        let mut members = members.clone();
                        put(&mut members, key.clone(), value);
                        m.object(behind, env, input, members, out)
                    })
                });
            }
            let key = operators::key(&self.single(key, env, input.clone())?)?;
            let value = self.single(value, env, input.clone())?;
            self.budget.spend(1 + members.len() as u64 / 16)?;
            put(&mut members, key, value);
            rest = behind;
        }
        let object = self.budget.admit(Value::object(members))?;
        out(self, object)
    }

    fn step(
        &mut self,
        target: &'p Expr,
        step: &'p Step,
        is_optional: bool,
        env: &Env<'p>,
        input: &Value,
        out: Out<'_, 'p>,
    ) -> Flow {
        self.keys(step, env, input, &mut |m, key| {
            m.eval(target, env, input.clone(), &mut |m, value| m.walk_step(value, key, is_optional, out))
        })
    }

    /// What a step asks for, as a value: `None` for all elements, an object with `start` and `end` for a slice.
    pub(crate) fn keys(
        &mut self,
        step: &'p Step,
        env: &Env<'p>,
        input: &Value,
        then: &mut dyn FnMut(&mut Machine<'p>, Option<&Value>) -> Flow,
    ) -> Flow {
        match step {
            Step::Iterate => then(self, None),
            Step::Index(index) => self.eval(index, env, input.clone(), &mut |m, key| then(m, Some(&key))),
            Step::Slice(from, upto) => self.bound(upto.as_deref(), env, input, &mut |m, upto| {
                m.bound(from.as_deref(), env, input, &mut |m, from| {
                    let ends = vec![("start".into(), from), ("end".into(), upto.clone())];
                    then(m, Some(&Value::object(ends)))
                })
            }),
        }
    }

    fn bound(&mut self, bound: Option<&'p Expr>, env: &Env<'p>, input: &Value, then: Out<'_, 'p>) -> Flow {
        match bound {
            Some(bound) => self.eval(bound, env, input.clone(), then),
            None => then(self, Value::Null),
        }
    }

    fn walk_step(&mut self, value: Value, key: Option<&Value>, is_optional: bool, out: Out<'_, 'p>) -> Flow {
        let Some(key) = key else {
            return match value {
                Value::Array(array) => {
                    for item in &array.items {
                        self.budget.spend(1)?;
                        out(self, item.clone())?;
                    }
                    Ok(())
                }
                Value::Object(object) => {
                    for (_, item) in &object.members {
                        self.budget.spend(1)?;
                        out(self, item.clone())?;
                    }
                    Ok(())
                }
                _ if is_optional => Ok(()),
                other => super::machine::fail(Fault::NotIterable(operators::brief(&other))),
            };
        };
        match operators::index(&mut self.budget, &value, key) {
            Ok(found) => out(self, found),
            Err(Stop::Error(_)) if is_optional => Ok(()),
            Err(stop) => Err(stop),
        }
    }

    /// The environments in which the body of a definition runs: one for each choice of values for its parameters.
    pub(crate) fn call(
        &mut self,
        call: &'p Call,
        env: &Env<'p>,
        input: &Value,
        then: &mut dyn FnMut(&mut Machine<'p>, &Env<'p>) -> Flow,
    ) -> Flow {
        let inner = env.skip(call.skip);
        self.arguments(call, 0, env, &inner, input, then)
    }

    fn arguments(
        &mut self,
        call: &'p Call,
        done: usize,
        env: &Env<'p>,
        inner: &Env<'p>,
        input: &Value,
        then: &mut dyn FnMut(&mut Machine<'p>, &Env<'p>) -> Flow,
    ) -> Flow {
        let Some(argument) = call.arguments.get(done) else { return then(self, inner) };
        if self.definitions[call.definition].parameters[done] {
            return self.eval(argument, env, input.clone(), &mut |m, value| {
                m.arguments(call, done + 1, env, &inner.with(Bound::Value(value)), input, then)
            });
        }
        // A filter that only passes a parameter on is that parameter: chains of them would grow with each call.
        let bound = match argument {
            Expr::Parameter(distance) => env.get(*distance).cloned(),
            _ => None,
        };
        let inner = inner.with(bound.unwrap_or_else(|| Bound::Filter(argument, env.clone())));
        self.arguments(call, done + 1, env, &inner, input, then)
    }
}

/// The end of what a label encloses.
pub(crate) fn until_break(flow: Flow, label: u64) -> Flow {
    match flow {
        Err(Stop::Break(other)) if other == label => Ok(()),
        flow => flow,
    }
}
