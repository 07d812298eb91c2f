//! Functions from values to one value.

use super::{dates, number};
use crate::fault::Fault;
use crate::machine::{Budget, Flow, fail};
use crate::number::Number;
use crate::operators::{brief, key, split};
use crate::paths::object_of;
use crate::value::{Array, Value, sorted_members};
use replay_log::Json;
use std::sync::Arc;

type Function = fn(&mut Budget, &Value, &[Value]) -> Flow<Value>;

/// Name, number of arguments, function. The budget is charged before, see [`run`], for one pass over the input and the arguments.
const TABLE: &[(&str, usize, Function)] = &[
    ("not", 0, |_, input, _| Ok(Value::Bool(!input.is_true()))),
    ("type", 0, |_, input, _| Ok(Value::string(input.type_name()))),
    ("length", 0, |_, input, _| length(input)),
    ("utf8bytelength", 0, |_, input, _| Ok(Value::int(text(input)?.len() as i64))),
    ("keys", 0, |_, input, _| keys(input, true)),
    ("keys_unsorted", 0, |_, input, _| keys(input, false)),
    ("has", 1, |_, input, args| has(input, &args[0])),
    ("contains", 1, |budget, input, args| contains(budget, input, &args[0]).map(Value::Bool)),
    ("indices", 1, |budget, input, args| indices(budget, input, &args[0])),
    ("reverse", 0, |_, input, _| reverse(input)),
    ("flatten", 1, |_, input, args| flatten(input, number(&args[0])?.to_i64())),
    ("transpose", 0, |budget, input, _| transpose(budget, input)),
    ("from_entries", 0, |budget, input, _| from_entries(budget, input)),
    ("join", 1, |budget, input, args| join(budget, input, text(&args[0])?)),
    ("tostring", 0, |_, input, _| Ok(Value::String(input.to_plain_text().into()))),
    ("tojson", 0, |_, input, _| Ok(Value::String(input.to_json().to_text().into()))),
    ("fromjson", 0, |_, input, _| from_json(text(input)?)),
    ("tonumber", 0, |_, input, _| to_number(input)),
    ("toboolean", 0, |_, input, _| to_boolean(input)),
    ("explode", 0, |_, input, _| {
        Ok(Value::array(text(input)?.chars().map(|c| Value::int(i64::from(u32::from(c)))).collect()))
    }),
    ("implode", 0, |_, input, _| implode(input)),
    ("ascii_downcase", 0, |_, input, _| Ok(Value::String(text(input)?.to_ascii_lowercase().into()))),
    ("ascii_upcase", 0, |_, input, _| Ok(Value::String(text(input)?.to_ascii_uppercase().into()))),
    ("startswith", 1, |_, input, args| Ok(Value::Bool(text(input)?.starts_with(text(&args[0])?)))),
    ("endswith", 1, |_, input, args| Ok(Value::Bool(text(input)?.ends_with(text(&args[0])?)))),
    ("ltrimstr", 1, |_, input, args| Ok(trimmed(input, &args[0], |text, part| text.strip_prefix(part)))),
    ("rtrimstr", 1, |_, input, args| Ok(trimmed(input, &args[0], |text, part| text.strip_suffix(part)))),
    ("trim", 0, |_, input, _| Ok(Value::string(text(input)?.trim()))),
    ("ltrim", 0, |_, input, _| Ok(Value::string(text(input)?.trim_start()))),
    ("rtrim", 0, |_, input, _| Ok(Value::string(text(input)?.trim_end()))),
    ("split", 1, |_, input, args| Ok(split(text(input)?, text(&args[0])?))),
    ("floor", 0, |_, input, _| rounded(input, f64::floor)),
    ("ceil", 0, |_, input, _| rounded(input, f64::ceil)),
    ("round", 0, |_, input, _| rounded(input, f64::round)),
    ("trunc", 0, |_, input, _| rounded(input, f64::trunc)),
    ("abs", 0, |_, input, _| absolute(input)),
    ("fabs", 0, |_, input, _| absolute(input)),
    // The same to the last digit on every machine: the system's own functions are not.
    ("sqrt", 0, |_, input, _| float(input, f64::sqrt)),
    ("exp", 0, |_, input, _| float(input, libm::exp)),
    ("exp2", 0, |_, input, _| float(input, libm::exp2)),
    ("exp10", 0, |_, input, _| float(input, libm::exp10)),
    ("log", 0, |_, input, _| float(input, libm::log)),
    ("log2", 0, |_, input, _| float(input, libm::log2)),
    ("log10", 0, |_, input, _| float(input, libm::log10)),
    ("pow", 2, |_, _, args| Ok(from_f64(libm::pow(number(&args[0])?.as_f64(), number(&args[1])?.as_f64())))),
    ("infinite", 0, |_, _, _| Ok(from_f64(f64::INFINITY))),
    ("nan", 0, |_, _, _| Ok(from_f64(f64::NAN))),
    ("isinfinite", 0, |_, input, _| Ok(Value::Bool(number(input)?.as_f64().is_infinite()))),
    ("isnan", 0, |_, input, _| Ok(Value::Bool(number(input)?.as_f64().is_nan()))),
    ("isnormal", 0, |_, input, _| Ok(Value::Bool(number(input)?.as_f64().is_normal()))),
    ("todateiso8601", 0, |_, input, _| match dates::write(number(input)?.as_f64().floor() as i64) {
        Some(date) => Ok(Value::String(date.into())),
        None => fail(Fault::NotTime(brief(input))),
    }),
    ("fromdateiso8601", 0, |_, input, _| match dates::read(text(input)?) {
        Some(seconds) => Ok(Value::int(seconds)),
        None => fail(Fault::NotDate(brief(input))),
    }),
];

pub(crate) fn find(name: &str, arity: usize) -> Option<usize> {
    TABLE.iter().position(|(n, count, _)| *n == name && *count == arity)
}

pub(crate) fn run(budget: &mut Budget, place: usize, input: &Value, arguments: &[Value]) -> Flow<Value> {
    let bytes = input.weight() + arguments.iter().map(Value::weight).sum::<u64>();
    // These look at one value only, however large.
    if !matches!(TABLE[place].0, "not" | "type" | "length" | "has") {
        budget.spend_bytes(bytes)?;
    }
    let result = (TABLE[place].2)(budget, input, arguments)?;
    budget.admit(result)
}

fn text(value: &Value) -> Flow<&str> {
    match value {
        Value::String(text) => Ok(text),
        other => fail(Fault::NotString(brief(other))),
    }
}

fn array(value: &Value) -> Flow<&Arc<Array>> {
    match value {
        Value::Array(array) => Ok(array),
        other => fail(Fault::NotArray(brief(other))),
    }
}

fn from_f64(value: f64) -> Value {
    Value::Number(Number::from_f64(value))
}

fn float(value: &Value, function: fn(f64) -> f64) -> Flow<Value> {
    Ok(from_f64(function(number(value)?.as_f64())))
}

/// Whole numbers stay as they are, to the last digit.
fn rounded(value: &Value, function: fn(f64) -> f64) -> Flow<Value> {
    let number = number(value)?;
    Ok(if number.as_int().is_some() { value.clone() } else { from_f64(function(number.as_f64())) })
}

fn absolute(value: &Value) -> Flow<Value> {
    let number = number(value)?;
    Ok(if *number < Number::Int(0) { Value::Number(number.negate()) } else { value.clone() })
}

fn length(value: &Value) -> Flow<Value> {
    Ok(match value {
        Value::Null => Value::int(0),
        Value::Bool(_) => return fail(Fault::NoLength(brief(value))),
        Value::Number(_) => return absolute(value),
        Value::String(text) => Value::int(text.chars().count() as i64),
        Value::Array(array) => Value::int(array.items.len() as i64),
        Value::Object(object) => Value::int(object.members.len() as i64),
    })
}

fn keys(value: &Value, is_sorted: bool) -> Flow<Value> {
    let name = |(name, _): &(Arc<str>, Value)| Value::String(name.clone());
    Ok(Value::array(match value {
        Value::Object(object) if is_sorted => sorted_members(object).into_iter().map(name).collect(),
        Value::Object(object) => object.members.iter().map(name).collect(),
        Value::Array(array) => (0..array.items.len() as i64).map(Value::int).collect(),
        other => return fail(Fault::NoKeys(brief(other))),
    }))
}

fn has(value: &Value, key: &Value) -> Flow<Value> {
    match (value, key) {
        (Value::Object(_), Value::String(name)) => Ok(Value::Bool(value.member(name).is_some())),
        (Value::Array(array), Value::Number(number)) => {
            let at = number.as_f64();
            Ok(Value::Bool(at >= 0.0 && at < array.items.len() as f64))
        }
        _ => fail(Fault::NoSuchKey(brief(value), brief(key))),
    }
}

fn contains(budget: &mut Budget, whole: &Value, part: &Value) -> Flow<bool> {
    budget.spend(1)?;
    match (whole, part) {
        (Value::Object(_), Value::Object(parts)) => {
            for (name, part) in &parts.members {
                budget.spend(1)?;
                match whole.member(name) {
                    Some(member) if contains(budget, member, part)? => {}
                    _ => return Ok(false),
                }
            }
            Ok(true)
        }
        (Value::Array(items), Value::Array(parts)) => {
            for part in &parts.items {
                let mut is_in = false;
                for item in &items.items {
                    if item.type_name() == part.type_name() && contains(budget, item, part)? {
                        is_in = true;
                        break;
                    }
                }
                if !is_in {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Value::String(whole), Value::String(part)) => {
            budget.spend_bytes(whole.len() as u64)?;
            Ok(whole.contains(&**part))
        }
        (a, b) if a.type_name() == b.type_name() => Ok(a == b),
        (a, b) => fail(Fault::NotContainable(brief(a), brief(b))),
    }
}

fn indices(budget: &mut Budget, value: &Value, part: &Value) -> Flow<Value> {
    match (value, part) {
        (Value::Null, _) => Ok(Value::Null),
        (Value::String(text), Value::String(part)) => {
            if part.is_empty() {
                return Ok(Value::Null);
            }
            budget.spend_bytes(text.len() as u64 * 8)?;
            let mut found = Vec::new();
            // Places are counted in characters, and may overlap.
            for (n, (at, _)) in text.char_indices().enumerate() {
                budget.spend(u64::from(n % 16 == 0))?;
                if text[at..].starts_with(&**part) {
                    budget.spend_bytes(part.len() as u64)?;
                    found.push(Value::int(n as i64));
                }
            }
            Ok(Value::array(found))
        }
        (Value::Array(array), Value::Array(part)) => indices_of(budget, array, part),
        (Value::Array(array), part) => {
            let at = array.items.iter().enumerate().filter(|(_, item)| *item == part);
            Ok(Value::array(at.map(|(n, _)| Value::int(n as i64)).collect()))
        }
        _ => fail(Fault::NotFindable(brief(part), brief(value))),
    }
}

/// Where a list occurs in another.
pub(crate) fn indices_of(budget: &mut Budget, array: &Arc<Array>, part: &Arc<Array>) -> Flow<Value> {
    if part.items.is_empty() {
        return Ok(Value::Null);
    }
    let weight: u64 = part.items.iter().map(Value::weight).sum();
    budget.spend(1 + array.items.len() as u64 * (1 + weight / 32))?;
    let found = array.items.windows(part.items.len()).enumerate().filter(|(_, window)| *window == part.items);
    Ok(Value::array(found.map(|(n, _)| Value::int(n as i64)).collect()))
}

fn reverse(value: &Value) -> Flow<Value> {
    Ok(match value {
        Value::Null => Value::array(Vec::new()),
        Value::String(text) => Value::String(text.chars().rev().collect::<String>().into()),
        other => Value::array(array(other)?.items.iter().rev().cloned().collect()),
    })
}

fn flatten(value: &Value, levels: i64) -> Flow<Value> {
    fn into(items: &[Value], levels: i64, out: &mut Vec<Value>) {
        for item in items {
            match item {
                Value::Array(inner) if levels > 0 => into(&inner.items, levels - 1, out),
                other => out.push(other.clone()),
            }
        }
    }
    if levels < 0 {
        return fail(Fault::NegativeLevels);
    }
    let mut out = Vec::new();
    into(&array(value)?.items, levels, &mut out);
    Ok(Value::array(out))
}

fn transpose(budget: &mut Budget, value: &Value) -> Flow<Value> {
    let rows = array(value)?.items.iter().map(array).collect::<Flow<Vec<_>>>()?;
    let width = rows.iter().map(|row| row.items.len()).max().unwrap_or(0);
    let cells = (width as u64).saturating_mul(rows.len() as u64);
    budget.spend(cells)?;
    let cell = |row: &Arc<Array>, n: usize| row.items.get(n).cloned().unwrap_or(Value::Null);
    Ok(Value::array((0..width).map(|n| Value::array(rows.iter().map(|row| cell(row, n)).collect())).collect()))
}

fn from_entries(budget: &mut Budget, value: &Value) -> Flow<Value> {
    let mut pairs = Vec::new();
    for entry in &array(value)?.items {
        let name = ["key", "k", "name", "Name", "Key", "K"].iter().find_map(|name| entry.member(name));
        let name = match name {
            Some(Value::String(name)) => name.clone(),
            Some(other @ (Value::Number(_) | Value::Bool(_))) => other.to_plain_text().into(),
            Some(Value::Null) => "null".into(),
            Some(other) => key(other)?,
            None => return fail(Fault::NotEntry(brief(entry))),
        };
        let value = ["value", "v", "Value", "V"].iter().find_map(|name| entry.member(name));
        budget.spend(1 + pairs.len() as u64 / 8)?;
        pairs.push((name, value.cloned().unwrap_or(Value::Null)));
    }
    Ok(object_of(pairs))
}

fn join(budget: &mut Budget, value: &Value, separator: &str) -> Flow<Value> {
    let items = &array(value)?.items;
    let mut out = String::new();
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.push_str(separator);
        }
        match item {
            Value::Null => {}
            Value::String(_) | Value::Number(_) | Value::Bool(_) => out.push_str(&item.to_plain_text()),
            other => return fail(Fault::NotJoinable(brief(other))),
        }
        Budget::allow(out.len() as u64)?;
        budget.spend_bytes(separator.len() as u64)?;
    }
    Ok(Value::String(out.into()))
}

fn from_json(text: &str) -> Flow<Value> {
    match Json::parse(text.as_bytes()) {
        Ok(json) => Ok(Value::from_json(&json)),
        Err(error) => fail(Fault::NotJson(brief(&Value::string(text)), error)),
    }
}

fn to_number(value: &Value) -> Flow<Value> {
    match value {
        Value::Number(_) => return Ok(value.clone()),
        Value::String(text) => {
            if let Ok(Json::Number(number)) = Json::parse(text.as_bytes()) {
                return Ok(Value::Number(Number::from_text(&number)));
            }
        }
        _ => {}
    }
    fail(Fault::NotNumber(brief(value)))
}

fn to_boolean(value: &Value) -> Flow<Value> {
    match value {
        Value::Bool(_) => Ok(value.clone()),
        Value::String(text) if &**text == "true" => Ok(Value::Bool(true)),
        Value::String(text) if &**text == "false" => Ok(Value::Bool(false)),
        other => fail(Fault::NotBoolean(brief(other))),
    }
}

fn implode(value: &Value) -> Flow<Value> {
    let mut out = String::new();
    for item in &array(value)?.items {
        let code = u32::try_from(number(item)?.to_i64()).ok().and_then(char::from_u32);
        match code {
            Some(character) => out.push(character),
            None => return fail(Fault::NotCharacter(brief(item))),
        }
    }
    Ok(Value::String(out.into()))
}

fn trimmed(value: &Value, part: &Value, strip: for<'a> fn(&'a str, &str) -> Option<&'a str>) -> Value {
    match (value, part) {
        (Value::String(text), Value::String(part)) => strip(text, part).map_or_else(|| value.clone(), Value::string),
        _ => value.clone(),
    }
}
