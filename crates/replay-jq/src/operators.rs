//! Operators and access to members, on whole values.

use super::expr::Math;
use super::fault::{Fault, Found, Verb};
use super::machine::{Budget, Flow, fail};
use super::number::Number;
use super::value::{Object, Value, put};
use std::sync::Arc;

/// A value as error messages show it.
pub(crate) fn brief(value: &Value) -> Found {
    let text = match value {
        Value::Null => String::new(),
        value if value.weight() > 2000 => "…".to_owned(),
        value => value.to_json().to_text(),
    };
    let text = match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    };
    Found { kind: value.type_name(), text }
}

/// A value as the name of a member.
pub(crate) fn key(value: &Value) -> Flow<Arc<str>> {
    match value {
        Value::String(name) => Ok(name.clone()),
        other => fail(Fault::NotKey(brief(other))),
    }
}

pub(crate) fn negate(value: &Value) -> Flow<Value> {
    match value {
        Value::Number(number) => Ok(Value::Number(number.negate())),
        other => fail(Fault::NotNegatable(brief(other))),
    }
}

/// `a op b`
pub(crate) fn calculate(budget: &mut Budget, a: Value, op: Math, b: Value) -> Flow<Value> {
    let result = match (op, a, b) {
        (Math::Add, Value::Null, other) | (Math::Add, other, Value::Null) => return Ok(other),
        (_, Value::Number(a), Value::Number(b)) => return numbers(&a, op, &b),
        (Math::Add, Value::String(a), Value::String(b)) => {
            Budget::allow((a.len() + b.len()) as u64)?;
            Value::String([&*a, &*b].concat().into())
        }
        (Math::Add, Value::Array(mut a), Value::Array(b)) => {
            let mut items = std::mem::take(&mut Arc::make_mut(&mut a).items);
            items.extend(b.items.iter().cloned());
            Value::array(items)
        }
        (Math::Add, Value::Object(a), Value::Object(b)) => {
            budget.spend(1 + a.members.len() as u64 * b.members.len() as u64 / 16)?;
            let mut members = a.members.clone();
            b.members.iter().for_each(|(name, value)| put(&mut members, name.clone(), value.clone()));
            Value::object(members)
        }
        (Math::Mul, Value::Object(a), Value::Object(b)) => merge(budget, &a, &b)?,
        (Math::Mul, Value::String(text), Value::Number(count))
        | (Math::Mul, Value::Number(count), Value::String(text)) => {
            let count = count.as_f64();
            // NaN compares with nothing.
            if !matches!(count.partial_cmp(&0.0), Some(std::cmp::Ordering::Greater)) {
                return Ok(Value::Null);
            }
            let times = (count.ceil() as u64).max(1);
            let bytes = times.saturating_mul(text.len() as u64);
            Budget::allow(bytes)?;
            budget.spend_bytes(bytes)?;
            // An empty text may be repeated without end.
            Value::String(if text.is_empty() { text } else { text.repeat(times as usize).into() })
        }
        (Math::Sub, Value::Array(a), Value::Array(b)) => {
            budget.spend(1 + a.items.len() as u64 * (1 + b.items.iter().map(Value::weight).sum::<u64>() / 32))?;
            Value::array(a.items.iter().filter(|item| !b.items.contains(item)).cloned().collect())
        }
        (Math::Div, Value::String(text), Value::String(separator)) => {
            budget.spend_bytes(text.len() as u64 * 4)?;
            split(&text, &separator)
        }
        (op, a, b) => {
            return fail(Fault::NotCalculable(brief(&a), brief(&b), verb(op)));
        }
    };
    budget.admit(result)
}

fn verb(op: Math) -> Verb {
    match op {
        Math::Add => Verb::Added,
        Math::Sub => Verb::Subtracted,
        Math::Mul => Verb::Multiplied,
        Math::Div | Math::Rem => Verb::Divided,
    }
}

fn numbers(a: &Number, op: Math, b: &Number) -> Flow<Value> {
    let result = match op {
        Math::Add => Some(a.add(b)),
        Math::Sub => Some(a.subtract(b)),
        Math::Mul => Some(a.multiply(b)),
        Math::Div => a.divide(b),
        Math::Rem => a.remainder(b),
    };
    match result {
        Some(number) => Ok(Value::Number(number)),
        None => fail(Fault::DividedByZero(a.to_text(), b.to_text())),
    }
}

/// `a * b` of objects: objects in both are merged in turn.
fn merge(budget: &mut Budget, a: &Object, b: &Object) -> Flow<Value> {
    budget.spend(1 + a.members.len() as u64 * (1 + b.members.len() as u64) / 16)?;
    let mut members = a.members.clone();
    for (name, value) in &b.members {
        let old = members.iter().find(|(n, _)| n == name).map(|(_, value)| value);
        let merged = match (old, value) {
            (Some(Value::Object(old)), Value::Object(new)) => merge(budget, old, new)?,
            _ => value.clone(),
        };
        put(&mut members, name.clone(), merged);
    }
    Ok(Value::object(members))
}

/// The parts of a text between separators; its characters if the separator is empty.
pub(crate) fn split(text: &str, separator: &str) -> Value {
    let parts: Vec<Value> = if text.is_empty() {
        Vec::new()
    } else if separator.is_empty() {
        text.chars().map(|character| Value::string(character.encode_utf8(&mut [0; 4]))).collect()
    } else {
        text.split(separator).map(Value::string).collect()
    };
    Value::array(parts)
}

/// `value[key]`: null for what is not there.
pub(crate) fn index(budget: &mut Budget, value: &Value, key: &Value) -> Flow<Value> {
    match (value, key) {
        (Value::Null, Value::String(_) | Value::Number(_) | Value::Object(_) | Value::Null) => Ok(Value::Null),
        (Value::Object(object), Value::String(name)) => {
            budget.spend(object.members.len() as u64 / 16)?;
            Ok(value.member(name).cloned().unwrap_or(Value::Null))
        }
        (Value::Array(array), Value::Number(number)) => {
            let place = place(number, array.items.len());
            Ok(place.and_then(|place| array.items.get(place)).cloned().unwrap_or(Value::Null))
        }
        (Value::Array(array), Value::Object(_)) => {
            let (from, upto) = slice(key, array.items.len())?;
            budget.spend(1 + (upto - from) as u64 / 4)?;
            Ok(Value::array(array.items[from..upto].to_vec()))
        }
        (Value::String(text), Value::Object(_)) => {
            budget.spend_bytes(text.len() as u64)?;
            let (from, upto) = slice(key, text.chars().count())?;
            Ok(Value::String(text.chars().skip(from).take(upto - from).collect::<String>().into()))
        }
        (Value::Array(array), Value::Array(part)) => super::natives::indices_of(budget, array, part),
        _ => fail(Fault::NoMember(brief(value), brief(key))),
    }
}

/// The element that an index means, from the end if it is negative; it may lie behind the end.
pub(crate) fn place(index: &Number, length: usize) -> Option<usize> {
    let index = index.as_f64().floor();
    let from_start = if index < 0.0 { index + length as f64 } else { index };
    (0.0..9e15).contains(&from_start).then_some(from_start as usize)
}

/// The ends of a slice, within the length and in order.
pub(crate) fn slice(key: &Value, length: usize) -> Flow<(usize, usize)> {
    let end = |name: &str, round: fn(f64) -> f64, otherwise: usize| match key.member(name) {
        None | Some(Value::Null) => Ok(otherwise),
        Some(Value::Number(number)) => {
            let at = round(number.as_f64());
            let at = if at < 0.0 { at + length as f64 } else { at };
            Ok(at.clamp(0.0, length as f64) as usize)
        }
        Some(other) => fail(Fault::NotSliceEnd(brief(other))),
    };
    let (from, upto) = (end("start", f64::floor, 0)?, end("end", f64::ceil, length)?);
    Ok((from, upto.max(from)))
}
