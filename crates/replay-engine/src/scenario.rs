//! Scenarios from JSON text, with the path of what is wrong.

use replay_protocol::{Scenario, ScenarioError};
use serde_json::Value;

/// Reads a scenario. Members may be written as Kafka writes its settings (`retention.ms`), with dashes or in camel case.
///
/// # Errors
/// What is no JSON, no member, or out of range: the member's path and what would be right.
pub fn read_scenario(text: &str) -> Result<Scenario, ScenarioError> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| ScenarioError { path: String::new(), message: format!("no JSON: {error}") })?;
    no_stray_array(&value, "", false)?;
    let scenario: Scenario = serde_path_to_error::deserialize(normal(value)).map_err(|error| {
        let path = error.path().to_string();
        ScenarioError { path: if path == "." { String::new() } else { path }, message: error.inner().to_string() }
    })?;
    scenario.check()?;
    Ok(scenario)
}

/// Members that hold arrays. Elsewhere serde would take an array for an object whose members come in order.
const ARRAYS: [&str; 4] = ["changes", "joins", "leaves", "crashes"];

fn no_stray_array(value: &Value, path: &str, may_be_array: bool) -> Result<(), ScenarioError> {
    match value {
        Value::Array(elements) if may_be_array => {
            elements.iter().enumerate().try_for_each(|(n, each)| no_stray_array(each, &format!("{path}[{n}]"), false))
        }
        Value::Array(_) => {
            Err(ScenarioError { path: path.to_owned(), message: "invalid type: no array belongs here".into() })
        }
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            no_stray_array(member, &path, ARRAYS.contains(&name.as_str()))
        }),
        _ => Ok(()),
    }
}

/// Member names in snake case.
fn normal(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut named = serde_json::Map::new();
            named.extend(members.into_iter().map(|(name, value)| (snake_case(&name), normal(value))));
            Value::Object(named)
        }
        Value::Array(elements) => Value::Array(elements.into_iter().map(normal).collect()),
        other => other,
    }
}

fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        match character {
            '.' | '-' => out.push('_'),
            upper if upper.is_uppercase() => {
                out.push('_');
                out.extend(upper.to_lowercase());
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = read_scenario(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{text} gave {error:?}, expected {expected:?}");
    }

    #[test]
    fn an_empty_object_is_a_scenario() {
        assert_eq!(read_scenario("{}"), Ok(Scenario::default()));
    }

    #[test]
    fn errors_name_the_path() {
        check("{", "no JSON");
        check("[]", "invalid");
        check(r#"{"topic":[3]}"#, "topic: invalid");
        check("7", "invalid type");
        check(r#"{"topic":{"partitoins":3}}"#, "topic.partitoins");
        check(r#"{"topic":{"partitions":"three"}}"#, "topic.partitions");
        check(r#"{"topic":{"partitions":0}}"#, "topic.partitions: 0 is out of range");
        check(r#"{"consumers":{"crashes":[{"at":"50%"},{"at":"soon"}]}}"#, "consumers.crashes[1].at");
        check(r#"{"consumers":{"crashes":[{"at":1,"member":7}]}}"#, "consumers.crashes[0].member");
        check(r#"{"producer":{"loss_rate":1.5}}"#, "producer.loss_rate");
        check(r#"{"topic":{"key":"operator"}}"#, "topic.key");
        check(r#"{"topic":{"partitioner":"md5"}}"#, "topic.partitioner");
        check(r#"{"topic":{"partitions":6,"changes":[{"at":"50%","partitions":3}]}}"#, "topic.changes[0].partitions");
    }

    #[test]
    fn kafkas_spelling_is_understood() {
        let scenario = read_scenario(
            r#"{"cleanup":{"retention.ms":5},"consumers":{"auto.offset.reset":"latest","sessionTimeoutMs":9}}"#,
        );
        let scenario = scenario.expect("these are Kafka's names");
        assert_eq!(scenario.cleanup.retention_ms, 5);
        assert_eq!(scenario.consumers.session_timeout_ms, 9);
        assert_eq!(scenario.consumers.auto_offset_reset, replay_protocol::OffsetReset::Latest);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = r#"{"seed":7,"topic":{"partitions":3,"changes":[{"at":"50%","partitions":6}]},"consumers":{"rate":"80%","joins":[250]}}"#;
        let scenario = read_scenario(text).expect("a scenario");
        let written = serde_json::to_string(&scenario).expect("plain data");
        assert_eq!(read_scenario(&written), Ok(scenario));
    }
}
