//! What is different between two states, field by field.

use replay_log::Json;
use replay_log::json::Names;

/// How a field differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Was absent.
    Added,
    /// Is absent.
    Removed,
    /// Has another value.
    Replaced,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// JSON pointer (RFC 6901).
    pub path: String,
    /// How it differs.
    pub kind: ChangeKind,
    /// `None` if it was absent.
    pub before: Option<Json>,
    /// `None` if it is absent.
    pub after: Option<Json>,
}

/// The differences in the order of the fields: first those of `before`, then the new ones. Objects and arrays are compared inside.
pub fn diff(before: Option<&Json>, after: Option<&Json>) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    compare(&mut String::new(), before, after, &mut changes);
    changes
}

fn compare(path: &mut String, before: Option<&Json>, after: Option<&Json>, out: &mut Vec<FieldChange>) {
    let length = path.len();
    match (before, after) {
        (Some(Json::Object(old)), Some(Json::Object(new))) => {
            let (before, after) = (Names::new(old), Names::new(new));
            for (name, value) in old {
                push_token(path, name);
                let found = after.position(name).map(|at| &new[at].1);
                compare(path, Some(value), found, out);
                path.truncate(length);
            }
            for (name, value) in new.iter().filter(|(name, _)| before.position(name).is_none()) {
                push_token(path, name);
                compare(path, None, Some(value), out);
                path.truncate(length);
            }
        }
        (Some(Json::Array(old)), Some(Json::Array(new))) => {
            for n in 0..old.len().max(new.len()) {
                push_token(path, &n.to_string());
                compare(path, old.get(n), new.get(n), out);
                path.truncate(length);
            }
        }
        // Members of an object that appears or goes as a whole are told one by one: each is a field of its own.
        (None, Some(Json::Object(new))) if !new.is_empty() => {
            for (name, value) in new {
                push_token(path, name);
                compare(path, None, Some(value), out);
                path.truncate(length);
            }
        }
        (Some(Json::Object(old)), None) if !old.is_empty() => {
            for (name, value) in old {
                push_token(path, name);
                compare(path, Some(value), None, out);
                path.truncate(length);
            }
        }
        (Some(old), Some(new)) if old == new => {}
        (None, None) => {}
        (before, after) => {
            let kind = match (before, after) {
                (None, _) => ChangeKind::Added,
                (_, None) => ChangeKind::Removed,
                _ => ChangeKind::Replaced,
            };
            out.push(FieldChange { path: path.clone(), kind, before: before.cloned(), after: after.cloned() });
        }
    }
}

/// Appends a member name or index to a JSON pointer.
pub fn push_token(path: &mut String, token: &str) {
    path.push('/');
    if token.contains(['~', '/']) {
        path.push_str(&token.replace('~', "~0").replace('/', "~1"));
    } else {
        path.push_str(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str, expected: &[&str]) {
        let json = |text: &str| Json::parse(text.as_bytes()).ok();
        let text = |json: &Option<Json>| json.as_ref().map_or_else(|| "-".to_owned(), Json::to_text);
        let found: Vec<String> = diff(json(before).as_ref(), json(after).as_ref())
            .iter()
            .map(|change| format!("{} {} {}", change.path, text(&change.before), text(&change.after)))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn fields_are_compared_one_by_one() {
        check(r#"{"a":1,"b":{"c":2}}"#, r#"{"b":{"c":3,"d/e":4}}"#, &["/a 1 -", "/b/c 2 3", "/b/d~1e - 4"]);
        check("", r#"{"a":1,"b":{}}"#, &["/a - 1", "/b - {}"]);
        check(r#"{"a":1}"#, "", &["/a 1 -"]);
        check("[1,2]", "[1,3,4]", &["/1 2 3", "/2 - 4"]);
        check("1", "{}", &[" 1 {}"]);
        check("1", "1", &[]);
    }
}
