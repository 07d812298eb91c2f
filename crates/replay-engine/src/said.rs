//! What the layers below have to say, as the page gets it: a code, what goes into its text, and the English.

use replay_core::JqError;
use replay_formats::{Evidence, Fact, Facts};
use replay_protocol::{Argument, Failure, Said, ScenarioError};

/// Facts as arguments of a text.
pub(crate) fn arguments(facts: Facts) -> Vec<(String, Argument)> {
    let argument = |fact| match fact {
        Fact::Number(number) => Argument::Number(number as f64),
        Fact::Text(text) => Argument::Text(text),
    };
    facts.into_iter().map(|(name, fact)| (name.to_owned(), argument(fact))).collect()
}

/// Why a format was chosen.
pub(crate) fn evidence(found: &[Evidence]) -> Vec<Said> {
    let said =
        |one: &Evidence| Said { code: one.code().to_owned(), arguments: arguments(one.facts()), text: one.to_string() };
    found.iter().map(said).collect()
}

/// Why a program does not run.
pub(crate) fn bad_program(error: &JqError) -> Failure {
    let mut said = Said::new(error.mistake.code(), &error.mistake.facts(), error.to_string());
    let place = [("line", error.line), ("column", error.column)];
    said.arguments.extend(place.map(|(name, number)| (name.to_owned(), Argument::Number(number as f64))));
    Failure::saying("bad-jq", said)
}

/// Why a scenario cannot be run, with its place in the document.
pub(crate) fn bad_scenario(error: ScenarioError) -> Failure {
    let english = error.to_string();
    let ScenarioError { path, mut said } = error;
    said.text = english;
    said.arguments.push(("path".to_owned(), Argument::Text(path)));
    Failure::saying("bad-scenario", said)
}
