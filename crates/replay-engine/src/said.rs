//! What the layers below have to say, as the page gets it: a code, what goes into its text, and the English.

use replay_formats::{Evidence, Fact, Facts};
use replay_protocol::{Argument, Said};

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
