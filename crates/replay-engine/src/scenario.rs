//! Scenarios from JSON text, with the path of what is wrong.

use replay_protocol::{Argument, Scenario, ScenarioError};
use serde_json::Value;

/// Reads a scenario. Members may be written as Kafka writes its settings (`retention.ms`), with dashes or in camel case.
///
/// # Errors
/// What is no JSON, no member, or out of range: the member's path and what would be right.
pub fn read_scenario(text: &str) -> Result<Scenario, ScenarioError> {
    let value: Value = serde_json::from_str(text).map_err(|error| no_json(&error))?;
    no_stray_array(&value, "", false)?;
    let scenario: Scenario = serde_path_to_error::deserialize(normal(value)).map_err(|error| {
        let path = error.path().to_string();
        no_scenario(if path == "." { "" } else { &path }, &error.inner().to_string())
    })?;
    scenario.check()?;
    Ok(scenario)
}

/// What its parser says of a text that is no JSON.
fn no_json(error: &serde_json::Error) -> ScenarioError {
    let english = error.to_string();
    // The place is told by itself.
    let what = english.split(" at line ").next().unwrap_or_default();
    let mut told = ScenarioError::new("", "scenario-no-json", &[("json", what)], format!("no JSON: {english}"));
    let place = [("line", error.line()), ("column", error.column())];
    told.said.arguments.extend(place.map(|(name, number)| (name.to_owned(), Argument::Number(number as f64))));
    told
}

/// What serde says of JSON that is no scenario, told apart by how it begins: what was found, and what was expected.
fn no_scenario(path: &str, english: &str) -> ScenarioError {
    let (found, expected) = english.split_once(", expected ").unwrap_or((english, ""));
    let kinds = [
        ("unknown field ", "scenario-unknown-member"),
        ("unknown variant ", "scenario-unknown-name"),
        ("missing field ", "scenario-missing-member"),
        ("invalid type: ", "scenario-wrong-type"),
        ("invalid value: ", "scenario-wrong-value"),
    ];
    let told = kinds.into_iter().find_map(|(start, code)| Some((code, found.strip_prefix(start)?)));
    let (code, found) = told.unwrap_or(("scenario-other", english));
    let expected = expected.strip_prefix("one of ").unwrap_or(expected);
    ScenarioError::new(path, code, &[("found", found), ("expected", expected)], english)
}

/// Members that hold arrays. Elsewhere serde would take an array for an object whose members come in order.
const ARRAYS: [&str; 4] = ["changes", "joins", "leaves", "crashes"];

fn no_stray_array(value: &Value, path: &str, may_be_array: bool) -> Result<(), ScenarioError> {
    match value {
        Value::Array(elements) if may_be_array => {
            elements.iter().enumerate().try_for_each(|(n, each)| no_stray_array(each, &format!("{path}[{n}]"), false))
        }
        Value::Array(_) => {
            Err(ScenarioError::new(path, "scenario-no-array", &[], "invalid type: no array belongs here"))
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
    use replay_protocol::Said;

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
    fn errors_have_a_code_and_its_arguments() {
        let said = |text: &str| {
            let Said { code, arguments, .. } = read_scenario(text).expect_err(text).said;
            let text = |argument| match argument {
                Argument::Text(text) => text,
                Argument::Number(number) => number.to_string(),
            };
            let all = arguments.into_iter().map(|(name, argument)| format!(" {name}={}", text(argument)));
            code + &all.collect::<String>()
        };
        assert_eq!(said("{"), "scenario-no-json json=EOF while parsing an object line=1 column=1");
        assert_eq!(
            said(r#"{"alert":{"lag":3}}"#),
            "scenario-unknown-member found=`lag` expected=`lag_records` or `lag_seconds`"
        );
        assert_eq!(said(r#"{"compare":"x"}"#), "scenario-unknown-name found=`x` expected=`auto`, `group`, `rebuild`");
        assert_eq!(said(r#"{"seed":"x"}"#), r#"scenario-wrong-type found=string "x" expected=u64"#);
        assert_eq!(said(r#"{"shards":5000}"#), "scenario-range value=5000 least=0 most=1024");
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
