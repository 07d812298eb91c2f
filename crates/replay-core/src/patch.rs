//! JSON patch (RFC 6902) on values that keep every digit.

use replay_log::Json;
use replay_log::scan::unescape_token;

/// Why a patch could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// The value is no list of operations.
    #[error("the value is not a list of patch operations")]
    NotAPatch,
    /// An operation lacks a member or has an unknown name.
    #[error("operation {0} is malformed")]
    Malformed(usize),
    /// An operation points to nothing.
    #[error("operation {0}: there is nothing at {1}")]
    Missing(usize, String),
    /// A `test` found something else.
    #[error("operation {0}: the value at {1} differs")]
    TestFailed(usize, String),
}

/// The operations in a value: a list of them, or an object with the list under `patch` or `ops`.
pub(crate) fn operations(value: &Json) -> Option<&[Json]> {
    match value {
        Json::Array(list) => Some(list),
        Json::Object(_) => match value.get("patch").or_else(|| value.get("ops")) {
            Some(Json::Array(list)) => Some(list),
            _ => None,
        },
        _ => None,
    }
}

/// The document after all operations; if one fails, none was applied.
///
/// # Errors
/// The first operation that cannot be applied.
pub(crate) fn apply(start: Option<&Json>, patch: &Json) -> Result<Json, PatchError> {
    let list = operations(patch).ok_or(PatchError::NotAPatch)?;
    let mut document = start.cloned().unwrap_or_else(|| Json::Object(Vec::new()));
    for (n, operation) in list.iter().enumerate() {
        let text = |name: &str| match operation.get(name) {
            Some(Json::String(text)) => Ok(text.as_ref()),
            _ => Err(PatchError::Malformed(n)),
        };
        let value = || operation.get("value").cloned().ok_or(PatchError::Malformed(n));
        let path = text("path")?;
        let missing = |path: &str| PatchError::Missing(n, path.to_owned());
        match text("op")? {
            "add" => add(&mut document, path, value()?).ok_or_else(|| missing(path))?,
            "remove" => {
                remove(&mut document, path).ok_or_else(|| missing(path))?;
            }
            "replace" => *find(&mut document, path).ok_or_else(|| missing(path))? = value()?,
            "move" => {
                let from = text("from")?;
                if path.strip_prefix(from).is_some_and(|rest| rest.starts_with('/')) {
                    return Err(PatchError::Malformed(n));
                }
                let moved = remove(&mut document, from).ok_or_else(|| missing(from))?;
                add(&mut document, path, moved).ok_or_else(|| missing(path))?;
            }
            "copy" => {
                let from = text("from")?;
                let copied = document.pointer(from).cloned().ok_or_else(|| missing(from))?;
                add(&mut document, path, copied).ok_or_else(|| missing(path))?;
            }
            "test" => {
                let found = document.pointer(path).ok_or_else(|| missing(path))?;
                if found.canonical() != value()?.canonical() {
                    return Err(PatchError::TestFailed(n, path.to_owned()));
                }
            }
            _ => return Err(PatchError::Malformed(n)),
        }
    }
    Ok(document)
}

fn index(token: &str, bound: usize) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with('0');
    token.bytes().all(|byte| byte.is_ascii_digit()).then(|| token.parse::<usize>().ok())??.lt(&bound).then_some(())?;
    canonical.then(|| token.parse().ok())?
}

fn find<'a>(document: &'a mut Json, pointer: &str) -> Option<&'a mut Json> {
    if pointer.is_empty() {
        return Some(document);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(document, |value, token| match value {
        Json::Object(members) => {
            let name = unescape_token(token);
            members.iter_mut().find(|(n, _)| **n == *name).map(|(_, value)| value)
        }
        Json::Array(elements) => {
            let at = index(token, elements.len())?;
            elements.get_mut(at)
        }
        _ => None,
    })
}

fn add(document: &mut Json, pointer: &str, value: Json) -> Option<()> {
    let Some((parent, token)) = pointer.rsplit_once('/') else {
        return pointer.is_empty().then(|| *document = value);
    };
    match find(document, parent)? {
        Json::Object(members) => {
            let name = unescape_token(token);
            match members.iter_mut().find(|(n, _)| **n == *name) {
                Some((_, old)) => *old = value,
                None => members.push((name.into(), value)),
            }
        }
        Json::Array(elements) => {
            let at = if token == "-" { elements.len() } else { index(token, elements.len() + 1)? };
            elements.insert(at, value);
        }
        _ => return None,
    }
    Some(())
}

fn remove(document: &mut Json, pointer: &str) -> Option<Json> {
    let Some((parent, token)) = pointer.rsplit_once('/') else {
        return pointer.is_empty().then(|| std::mem::take(document));
    };
    match find(document, parent)? {
        Json::Object(members) => {
            let name = unescape_token(token);
            let at = members.iter().position(|(n, _)| **n == *name)?;
            Some(members.remove(at).1)
        }
        Json::Array(elements) => {
            let at = index(token, elements.len())?;
            Some(elements.remove(at))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(document: &str, patch: &str, expected: &str) {
        let result = apply(Some(&Json::parse(document.as_bytes()).unwrap()), &Json::parse(patch.as_bytes()).unwrap());
        assert_eq!(result.map_or_else(|error| error.to_string(), |json| json.to_text()), expected);
    }

    /// RFC 6902, appendix A.
    #[test]
    fn patching_follows_the_examples_of_the_rfc() {
        check(r#"{"foo":"bar"}"#, r#"[{"op":"add","path":"/baz","value":"qux"}]"#, r#"{"foo":"bar","baz":"qux"}"#);
        check(
            r#"{"foo":["bar","baz"]}"#,
            r#"[{"op":"add","path":"/foo/1","value":"qux"}]"#,
            r#"{"foo":["bar","qux","baz"]}"#,
        );
        check(r#"{"baz":"qux","foo":"bar"}"#, r#"[{"op":"remove","path":"/baz"}]"#, r#"{"foo":"bar"}"#);
        check(r#"{"foo":["a","b","c"]}"#, r#"[{"op":"remove","path":"/foo/1"}]"#, r#"{"foo":["a","c"]}"#);
        check(r#"{"baz":"qux"}"#, r#"[{"op":"replace","path":"/baz","value":"boo"}]"#, r#"{"baz":"boo"}"#);
        check(
            r#"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
            r#"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
            r#"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#,
        );
        check(
            r#"{"foo":["bar"]}"#,
            r#"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#,
            r#"{"foo":["bar",["abc","def"]]}"#,
        );
        check(r#"{"/":9,"~1":10}"#, r#"[{"op":"test","path":"/~01","value":10}]"#, r#"{"/":9,"~1":10}"#);
        check(
            r#"{"baz":"qux"}"#,
            r#"[{"op":"test","path":"/baz","value":"bar"}]"#,
            "operation 0: the value at /baz differs",
        );
        check(
            r#"{"foo":"bar"}"#,
            r#"[{"op":"add","path":"/baz/bat","value":"qux"}]"#,
            "operation 0: there is nothing at /baz/bat",
        );
    }
}
