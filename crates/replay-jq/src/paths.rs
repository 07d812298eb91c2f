//! Paths: where in a value an expression points to, and changing what is there.

use super::eval::{Out, until_break};
use super::expr::{Expr, Pattern};
use super::fault::Fault;
use super::machine::{Bound, Budget, Env, Flow, Machine, Stop, fail, limit};
use super::natives::Native;
use super::operators::{self, brief, calculate};
use super::value::{Value, put, sort};
use replay_log::scan::MAX_DEPTH;
use std::rc::Rc;
use std::sync::Arc;

/// The steps from the root, the last one first. Cloning shares.
#[derive(Clone, Default)]
pub(crate) struct Path(Option<Rc<(Value, Path, usize)>>);

impl Path {
    fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |last| last.2)
    }

    pub(crate) fn with(&self, step: Value) -> Flow<Path> {
        let length = self.len() + 1;
        if length > MAX_DEPTH {
            return limit(Fault::PathTooLong);
        }
        Ok(Path(Some(Rc::new((step, self.clone(), length)))))
    }

    /// The steps from the root on.
    pub(crate) fn steps(&self) -> Vec<Value> {
        let mut steps = Vec::with_capacity(self.len());
        let mut at = self;
        while let Some(last) = &at.0 {
            steps.push(last.0.clone());
            at = &last.1;
        }
        steps.reverse();
        steps
    }
}

/// A value and, if paths are asked for, where it is.
pub(crate) type Place = (Value, Option<Path>);
/// Takes places.
pub(crate) type OutPlace<'o, 'p> = &'o mut dyn FnMut(&mut Machine<'p>, Place) -> Flow;

impl<'p> Machine<'p> {
    /// Outputs with their places if the input has one.
    pub(crate) fn eval_place(&mut self, expr: &'p Expr, env: &Env<'p>, input: Place, out: OutPlace<'_, 'p>) -> Flow {
        match input {
            (value, None) => self.eval(expr, env, value, &mut |m, value| out(m, (value, None))),
            (value, Some(path)) => {
                self.budget.enter()?;
                let flow = self.places(expr, env, value, path, out);
                self.budget.leave();
                flow
            }
        }
    }

    fn places(&mut self, expr: &'p Expr, env: &Env<'p>, value: Value, path: Path, out: OutPlace<'_, 'p>) -> Flow {
        let here = (value.clone(), Some(path));
        match expr {
            Expr::Id => out(self, here),
            Expr::Pipe(first, then, _) => {
                self.eval_place(first, env, here, &mut |m, place| m.eval_place(then, env, place, out))
            }
            Expr::Bind(source, pattern, body, _) => self.eval(source, env, value, &mut |m, value| {
                m.bind(&[(pattern, value)], env, &mut |m, env| m.eval_place(body, env, here.clone(), out))
            }),
            Expr::Comma(first, then) => {
                self.eval_place(first, env, here.clone(), out)?;
                self.eval_place(then, env, here, out)
            }
            Expr::Alternative(first, otherwise) => {
                let (mut has_any, mut is_outer) = (false, false);
                let flow = self.eval_place(first, env, here.clone(), &mut |m, place| {
                    if !place.0.is_true() {
                        return Ok(());
                    }
                    has_any = true;
                    out(m, place).inspect_err(|_| is_outer = true)
                });
                match flow {
                    Err(Stop::Error(_)) if !is_outer => {}
                    flow => flow?,
                }
                if has_any { Ok(()) } else { self.eval_place(otherwise, env, here, out) }
            }
            Expr::Label(body) => {
                let label = self.new_label();
                let flow = self.eval_place(body, &env.with(Bound::Label(label)), here, out);
                until_break(flow, label)
            }
            Expr::Break(_) => self.eval(expr, env, value, &mut |_, _| Ok(())),
            Expr::Fold(fold) => self.fold(fold, env, &here, out),
            Expr::Try(body, catch) => {
                let mut is_outer = false;
                let flow =
                    self.eval_place(body, env, here, &mut |m, place| out(m, place).inspect_err(|_| is_outer = true));
                match flow {
                    Err(Stop::Error(error)) if !is_outer => match catch {
                        Some(catch) => self.eval(catch, env, error.into_value(), &mut |_, value| no_path(&value)),
                        None => Ok(()),
                    },
                    flow => flow,
                }
            }
            Expr::If(branches, otherwise) => {
                self.branch(branches, otherwise.as_deref(), env, &value, &mut |m, chosen| match chosen {
                    Some(chosen) => m.eval_place(chosen, env, here.clone(), out),
                    None => out(m, here.clone()),
                })
            }
            Expr::Step(target, step, is_optional) => self.keys(step, env, &value, &mut |m, key| {
                m.eval_place(target, env, here.clone(), &mut |m, place| m.place_step(place, key, *is_optional, out))
            }),
            Expr::Parameter(distance) => match env.get(*distance).cloned() {
                Some(Bound::Filter(filter, its_env)) => self.eval_place(filter, &its_env, here, out),
                _ => Ok(()),
            },
            Expr::Call(call) => {
                let body = &self.definitions[call.definition].body;
                self.call(call, env, &value, &mut |m, inner| m.eval_place(body, inner, here.clone(), out))
            }
            Expr::Native(Native::GetPath, arguments) => {
                let Some(argument) = arguments.first() else { return Ok(()) };
                self.eval(argument, env, value, &mut |m, steps| {
                    let mut place = here.clone();
                    for step in path_steps(&steps)? {
                        // Where there is nothing, everything is null.
                        let next = operators::index(&mut m.budget, &place.0, step)?;
                        place = (next, place.1.map(|path| path.with(step.clone())).transpose()?);
                    }
                    out(m, place)
                })
            }
            Expr::Native(native, arguments) if native.keeps_places() => {
                self.special(*native, arguments, env, here, out)
            }
            other => self.eval(other, env, value, &mut |_, value| no_path(&value)),
        }
    }

    fn place_step(&mut self, place: Place, key: Option<&Value>, is_optional: bool, out: OutPlace<'_, 'p>) -> Flow {
        let (value, path) = place;
        let path = path.unwrap_or_default();
        let Some(key) = key else {
            return match &value {
                Value::Array(array) => {
                    for (n, item) in array.items.iter().enumerate() {
                        self.budget.spend(1)?;
                        out(self, (item.clone(), Some(path.with(Value::int(n as i64))?)))?;
                    }
                    Ok(())
                }
                Value::Object(object) => {
                    for (name, item) in &object.members {
                        self.budget.spend(1)?;
                        out(self, (item.clone(), Some(path.with(Value::String(name.clone()))?)))?;
                    }
                    Ok(())
                }
                _ if is_optional => Ok(()),
                other => fail(Fault::NotIterable(brief(other))),
            };
        };
        match operators::index(&mut self.budget, &value, key) {
            Ok(found) => out(self, (found, Some(path.with(key.clone())?))),
            Err(Stop::Error(_)) if is_optional => Ok(()),
            Err(stop) => Err(stop),
        }
    }

    /// All paths of an expression, as lists of steps.
    pub(crate) fn collect_paths(&mut self, expr: &'p Expr, env: &Env<'p>, input: Value) -> Flow<Vec<Vec<Value>>> {
        let mut paths = Vec::new();
        self.eval_place(expr, env, (input, Some(Path::default())), &mut |m, (_, path)| {
            let steps = path.unwrap_or_default().steps();
            m.budget.spend(1 + steps.len() as u64)?;
            paths.push(steps);
            Ok(())
        })?;
        Ok(paths)
    }

    /// `=`, `|=`, `+=` and the like.
    pub(crate) fn change(&mut self, expr: &'p Expr, env: &Env<'p>, input: Value, out: Out<'_, 'p>) -> Flow {
        let (target, value) = match expr {
            Expr::Update(target, f) => {
                let paths = self.collect_paths(target, env, input.clone())?;
                let changed = self.update(paths, input, &mut |m, old| m.first_output(f, env, old))?;
                return out(self, changed);
            }
            Expr::Assign(target, value)
            | Expr::UpdateMath(target, _, value)
            | Expr::UpdateAlternative(target, value) => (target, value),
            _ => return Ok(()),
        };
        self.eval(value, env, input.clone(), &mut |m, value| {
            let paths = m.collect_paths(target, env, input.clone())?;
            let changed = m.update(paths, input.clone(), &mut |m, old| match expr {
                Expr::UpdateMath(_, op, _) => calculate(&mut m.budget, old, *op, value.clone()).map(Some),
                Expr::UpdateAlternative(..) if old.is_true() => Ok(Some(old)),
                _ => Ok(Some(value.clone())),
            })?;
            out(m, changed)
        })
    }

    pub(crate) fn first_output(&mut self, expr: &'p Expr, env: &Env<'p>, input: Value) -> Flow<Option<Value>> {
        let label = self.new_label();
        let mut first = None;
        let flow = self.eval(expr, env, input, &mut |_, value| {
            first = Some(value);
            Err(Stop::Break(label))
        });
        until_break(flow, label)?;
        Ok(first)
    }

    /// Puts what `f` gives for each place there; a place for which it gives nothing is deleted.
    fn update(
        &mut self,
        paths: Vec<Vec<Value>>,
        input: Value,
        f: &mut dyn FnMut(&mut Machine<'p>, Value) -> Flow<Option<Value>>,
    ) -> Flow<Value> {
        let mut value = input;
        let mut gone = Vec::new();
        for path in paths {
            let old = get(&mut self.budget, &value, &path)?;
            match f(self, old)? {
                Some(new) => value = set(&mut self.budget, value, &path, new)?,
                None => gone.push(path),
            }
        }
        delete_all(&mut self.budget, value, gone)
    }

    /// Runs `then` with the variables of patterns bound to parts of values.
    pub(crate) fn bind(
        &mut self,
        todo: &[(&'p Pattern, Value)],
        env: &Env<'p>,
        then: &mut dyn FnMut(&mut Machine<'p>, &Env<'p>) -> Flow,
    ) -> Flow {
        let Some(((pattern, value), rest)) = todo.split_first() else { return then(self, env) };
        self.budget.spend(1)?;
        match pattern {
            Pattern::Variable => self.bind(rest, &env.with(Bound::Value(value.clone())), then),
            Pattern::Array(parts) => {
                let mut todo = Vec::with_capacity(parts.len() + rest.len());
                for (n, part) in parts.iter().enumerate() {
                    todo.push((part, operators::index(&mut self.budget, value, &Value::int(n as i64))?));
                }
                todo.extend_from_slice(rest);
                self.bind(&todo, env, then)
            }
            Pattern::Object(entries) => self.bind_members(entries, value, rest, env, then),
        }
    }

    fn bind_members(
        &mut self,
        entries: &'p [(Expr, Pattern)],
        value: &Value,
        rest: &[(&'p Pattern, Value)],
        env: &Env<'p>,
        then: &mut dyn FnMut(&mut Machine<'p>, &Env<'p>) -> Flow,
    ) -> Flow {
        let Some(((key, part), behind)) = entries.split_first() else { return self.bind(rest, env, then) };
        self.eval(key, env, value.clone(), &mut |m, key| {
            let member = operators::index(&mut m.budget, value, &key)?;
            m.bind(&[(part, member)], env, &mut |m, env| m.bind_members(behind, value, rest, env, then))
        })
    }
}

fn no_path(value: &Value) -> Flow {
    fail(Fault::NoPath(brief(value)))
}

/// The steps in a value that is meant as a path.
pub(crate) fn path_steps(value: &Value) -> Flow<&[Value]> {
    match value {
        Value::Array(array) if array.items.len() <= MAX_DEPTH => Ok(&array.items),
        other => fail(Fault::NotPath(brief(other))),
    }
}

/// What is at a path; null where there is nothing.
pub(crate) fn get(budget: &mut Budget, value: &Value, path: &[Value]) -> Flow<Value> {
    let mut at = value.clone();
    for step in path {
        budget.spend(1)?;
        at = operators::index(budget, &at, step)?;
    }
    Ok(at)
}

/// The value with another part at a path; what is missing on the way is made.
pub(crate) fn set(budget: &mut Budget, value: Value, path: &[Value], new: Value) -> Flow<Value> {
    let Some((step, rest)) = path.split_first() else { return Ok(new) };
    budget.spend(1)?;
    let value = match (value, step) {
        (Value::Null, Value::String(_)) => Value::object(Vec::new()),
        (Value::Null, Value::Number(_) | Value::Object(_)) => Value::array(Vec::new()),
        (value, _) => value,
    };
    let result = match (value, step) {
        (Value::Object(mut object), Value::String(name)) => {
            budget.spend(object.members.len() as u64 / if Arc::strong_count(&object) > 1 { 4 } else { 16 })?;
            let inner = Arc::make_mut(&mut object);
            let old = inner.take(name);
            let new = set(budget, old, rest, new)?;
            inner.put(name.clone(), new);
            Value::Object(object)
        }
        (Value::Array(mut array), Value::Number(index)) => {
            let length = array.items.len();
            let Some(place) = operators::place(index, length) else {
                return fail(Fault::OutOfRange(index.to_text()));
            };
            if Arc::strong_count(&array) > 1 {
                budget.spend(length as u64 / 4)?;
            }
            if place >= length {
                Budget::allow((place as u64).saturating_mul(16))?;
                budget.spend((place - length) as u64 / 4)?;
            }
            let inner = Arc::make_mut(&mut array);
            let old = inner.take(place);
            let new = set(budget, old, rest, new)?;
            inner.put(place, new);
            Value::Array(array)
        }
        (Value::Array(array), Value::Object(_)) => {
            let (from, upto) = operators::slice(step, array.items.len())?;
            budget.spend(1 + array.items.len() as u64 / 4)?;
            let old = Value::array(array.items[from..upto].to_vec());
            let Value::Array(new) = set(budget, old, rest, new)? else {
                return fail(Fault::SliceNotArray);
            };
            let mut items = array.items.clone();
            items.splice(from..upto, new.items.iter().cloned());
            Value::array(items)
        }
        (other, step) => return fail(Fault::NoMember(brief(&other), brief(step))),
    };
    Budget::allow(result.weight())?;
    if result.is_too_deep() {
        return limit(Fault::ValueTooDeep);
    }
    Ok(result)
}

/// The value without what is at the paths; paths to nothing are left out.
pub(crate) fn delete_all(budget: &mut Budget, value: Value, mut paths: Vec<Vec<Value>>) -> Flow<Value> {
    // From the back, so that no deletion moves what another path points to.
    let compared: u64 = paths.iter().map(|path| path.iter().map(Value::weight).sum::<u64>()).sum();
    budget.spend(compared / 32 * (1 + u64::from(paths.len().max(1).ilog2())))?;
    sort(&mut paths, &|a, b| a.cmp(b));
    let mut value = value;
    for path in paths.iter().rev() {
        value = delete(budget, value, path)?;
    }
    Ok(value)
}

fn delete(budget: &mut Budget, value: Value, path: &[Value]) -> Flow<Value> {
    let Some((step, rest)) = path.split_first() else { return Ok(Value::Null) };
    budget.spend(1)?;
    if !rest.is_empty() {
        let inner = operators::index(budget, &value, step)?;
        if inner == Value::Null {
            return Ok(value);
        }
        let inner = delete(budget, inner, rest)?;
        return set(budget, value, std::slice::from_ref(step), inner);
    }
    match (value, step) {
        (Value::Null, _) => Ok(Value::Null),
        (Value::Object(object), Value::String(name)) => {
            budget.spend(object.members.len() as u64 / 4)?;
            Ok(Value::object(object.members.iter().filter(|(n, _)| n != name).cloned().collect()))
        }
        (Value::Array(array), Value::Number(index)) => {
            budget.spend(array.items.len() as u64 / 4)?;
            let mut items = array.items.clone();
            if let Some(place) = operators::place(index, items.len()).filter(|place| *place < items.len()) {
                items.remove(place);
            }
            Ok(Value::array(items))
        }
        (Value::Array(array), Value::Object(_)) => {
            let (from, upto) = operators::slice(step, array.items.len())?;
            budget.spend(array.items.len() as u64 / 4)?;
            let mut items = array.items.clone();
            items.drain(from..upto);
            Ok(Value::array(items))
        }
        (other, step) => fail(Fault::NoMemberToDelete(brief(&other), brief(step))),
    }
}

/// Sets one member of an object made of pairs; later pairs win.
pub(crate) fn object_of(pairs: Vec<(Arc<str>, Value)>) -> Value {
    let mut members = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        put(&mut members, name, value);
    }
    Value::object(members)
}
