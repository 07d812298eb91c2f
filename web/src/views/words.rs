//! Words that several views need, made from the engine's data.

use crate::locale::Texts;
use crate::state::{Origin, Source};
use fluent_bundle::FluentValue;
use replay_protocol::{Argument, Failure, FoldProblem, ReadProblem, Row, Said, Summary};
use yew::prelude::*;

/// The name of the log: the sample's in the person's language, or the files'.
pub(crate) fn source_name(texts: &Texts, source: &Source) -> AttrValue {
    source.origin.as_ref().map(|origin| origin_name(texts, origin)).unwrap_or_default()
}

/// What a log is called by where it came from.
pub(crate) fn origin_name(texts: &Texts, origin: &Origin) -> AttrValue {
    match origin {
        Origin::Sample(name) => texts.t(&format!("sample-{name}")),
        Origin::Files(names) => names.clone(),
        Origin::Topic(read) => read.plan.topic.clone().into(),
        Origin::Text(_) => texts.t("pasted-text"),
    }
}

/// `1 204 records, 3 partitions, kcat -J`, in parts that each stay on one line.
pub(crate) fn understood(texts: &Texts, summary: &Summary) -> Vec<Html> {
    let mut parts = vec![
        texts.with("n-records", &[("n", summary.records.into())]),
        texts.with("n-entities", &[("n", summary.entities.into())]),
        texts.with("n-partitions", &[("n", (summary.partitions.len() as u64).into())]),
        format_name(texts, &summary.format),
    ];
    if summary.tombstones > 0 {
        parts.insert(3, texts.with("n-tombstones", &[("n", summary.tombstones.into())]));
    }
    if summary.without_key > 0 {
        parts.push(texts.with("n-without-key", &[("n", summary.without_key.into())]));
    }
    let comma = texts.t("list-comma");
    let last = parts.len() - 1;
    // Where the language puts no space behind a comma, the line may break there all the same.
    let gap = if comma.ends_with(' ') {
        html! { { " " } }
    } else {
        html! { <wbr /> }
    };
    let part = |(n, part): (usize, AttrValue)| {
        html! { <><span class="source-part">{ part }if n < last { { comma.trim_end() } }</span>if n < last { { gap.clone() } }</> }
    };
    parts.into_iter().enumerate().map(part).collect()
}

/// A format as people call it; formats are proper names, so most are the engine's own.
pub(crate) fn format_name(texts: &Texts, format: &str) -> AttrValue {
    let parts: Vec<_> = format.split('+').map(|part| texts.or(&format!("format-{part}"), part)).collect();
    parts.iter().map(AttrValue::as_str).collect::<Vec<_>>().join(" + ").into()
}

/// What the engine says, in the person's language: the message `<kind>-<code>`, or the English if there is none.
///
/// A text may also be chosen by: `$name-key` is the text of `$name` in small letters, with a hyphen for everything else. A text beside which
/// there is a `name-type` is a value of a program, shown with its type.
fn worded(texts: &Texts, kind: &str, code: &str, arguments: &[(String, Argument)], english: &str) -> AttrValue {
    let mut variables: Vec<(String, FluentValue<'_>)> = Vec::new();
    for (name, argument) in arguments {
        match argument {
            Argument::Number(number) => variables.push((name.clone(), (*number).into())),
            Argument::Text(text) => {
                let its_type = arguments.iter().find_map(|(other, argument)| match argument {
                    Argument::Text(found) if other.strip_suffix("-type") == Some(name) => Some(found),
                    _ => None,
                });
                let shown = match name.as_str() {
                    _ if its_type.is_some() => typed_value(texts, its_type.map_or("", String::as_str), text),
                    "format" => format_name(texts, text).to_string(),
                    "parts" => parts(texts, text),
                    "json" => json_words(texts, text).to_string(),
                    "expected" => expected_words(texts, text).to_string(),
                    "found" if code.starts_with("scenario-wrong-") => found_words(texts, text).to_string(),
                    _ => cut(text),
                };
                variables.push((format!("{name}-key"), key_of(text).into()));
                variables.push((name.clone(), shown.into()));
            }
        }
    }
    let named: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    texts.with_or(&format!("{kind}-{code}"), &named, english)
}

/// A mistake in JSON text as its parser words it, in the person's language.
pub(crate) fn json_words(texts: &Texts, english: &str) -> AttrValue {
    texts.with("json-mistake", &[("what-key", key_of(english).into()), ("what", english.to_owned().into())])
}

/// A value of a program as it is called and written.
fn typed_value(texts: &Texts, its_type: &str, json: &str) -> String {
    let variables = [("type-key", key_of(its_type).into()), ("type", its_type.into()), ("text", json.into())];
    texts.with("jq-value", &variables).to_string()
}

/// What the reader of a document expected, without the names that its own types have.
fn expected_words(texts: &Texts, english: &str) -> AttrValue {
    match english {
        "u8" | "u16" | "u32" | "u64" | "usize" => texts.t("expected-count"),
        "f32" | "f64" => texts.t("expected-number"),
        name if name.starts_with("struct ") => texts.t("expected-object"),
        other => other.to_owned().into(),
    }
}

/// The value that a document holds there, which its reader calls by its kind: `string "x"`.
fn found_words(texts: &Texts, english: &str) -> AttrValue {
    const KINDS: [&str; 7] = ["string", "integer", "floating point", "boolean", "null", "sequence", "map"];
    let told = KINDS.iter().find_map(|kind| Some((*kind, english.strip_prefix(kind)?.trim())));
    let Some((kind, value)) = told else { return cut(english).into() };
    texts.with(&format!("found-{}", key_of(kind)), &[("value", cut(value.trim_matches('`')).into())])
}

/// Characters of a person's own text that a sentence about it repeats.
const MAX_REPEATED: usize = 120;

/// The beginning of a text that is too long for a sentence.
fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_REPEATED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn key_of(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    if text.is_empty() { "none".to_owned() } else { text.chars().map(plain).collect() }
}

/// Parts of a record as the mapping calls them.
fn parts(texts: &Texts, names: &str) -> String {
    let name = |name: &str| texts.or(&format!("mapping-{}", name.replace('_', "-")), name).to_string();
    names.split(", ").map(name).collect::<Vec<_>>().join(texts.t("list-comma").as_str())
}

/// What a failure has to say, in the person's language: a mistake with its place in the program or the document, a name or a place.
pub(crate) fn failure_words(texts: &Texts, failure: &Failure) -> AttrValue {
    let Some(said) = &failure.said else { return failure.detail.clone().into() };
    let what = worded(texts, "mistake", &said.code, &said.arguments, &said.text).to_string();
    let argument = |wanted: &str| said.arguments.iter().find(|(name, _)| name == wanted).map(|(_, argument)| argument);
    match (argument("line"), argument("column"), argument("path")) {
        (Some(Argument::Number(line)), Some(Argument::Number(column)), _) => {
            texts.with("read-problem", &[("line", (*line).into()), ("column", (*column).into()), ("what", what.into())])
        }
        (_, _, Some(Argument::Text(path))) if !path.is_empty() => {
            texts.with("mistake-at-path", &[("path", cut(path).into()), ("what", what.into())])
        }
        _ => what.into(),
    }
}

/// A piece of evidence in the person's language.
pub(crate) fn evidence_line(texts: &Texts, said: &Said) -> AttrValue {
    worded(texts, "evidence", &said.code, &said.arguments, &said.text)
}

/// Why something could not be read, in the person's language.
pub(crate) fn problem_words(texts: &Texts, problem: &ReadProblem) -> AttrValue {
    worded(texts, "cause", &problem.code, &problem.arguments, &problem.message)
}

/// A read problem in the person's language, with its place.
pub(crate) fn problem_line(texts: &Texts, problem: &ReadProblem) -> AttrValue {
    placed(texts, "read-problem", problem)
}

/// The same within a sentence.
pub(crate) fn problem_within(texts: &Texts, problem: &ReadProblem) -> AttrValue {
    placed(texts, "read-problem-within", problem)
}

fn placed(texts: &Texts, id: &str, problem: &ReadProblem) -> AttrValue {
    let what = problem_words(texts, problem).to_string();
    texts.with(id, &[("line", problem.line.into()), ("column", problem.column.into()), ("what", what.into())])
}

/// What an event met that did not fit, in the person's language.
pub(crate) fn noticed_line(texts: &Texts, problem: &FoldProblem) -> AttrValue {
    worded(texts, "noticed", &problem.code, &problem.arguments, &problem.detail)
}

/// `P1@1706`.
pub(crate) fn place(summary: &Summary, row: &Row) -> String {
    let number = summary.partitions.get(row.partition as usize).map_or(row.partition, |info| info.partition);
    format!("P{number}@{}", row.offset)
}

/// The name of an event type; empty if the record has none.
pub(crate) fn type_name(summary: &Summary, event_type: Option<u32>) -> AttrValue {
    let found = event_type.and_then(|index| summary.event_types.get(index as usize));
    found.map(|found| AttrValue::from(found.name.clone())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Language;

    #[track_caller]
    fn check(language: Language, code: &str, arguments: &[(&str, Argument)], expected: &str) {
        let arguments: Vec<_> = arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        assert_eq!(worded(&Texts::new(language), "cause", code, &arguments, "in English"), expected);
    }

    #[test]
    fn mistakes_of_programs_and_scenarios_are_worded_with_their_place() {
        let check = |language, said: Said, expected: &str| {
            assert_eq!(failure_words(&Texts::new(language), &Failure::saying("bad", said)), expected);
        };
        let mut program = Said::new("jq-no-filter", &[("name", "nothing/0")], "line 1, column 3: there is no filter");
        program.arguments.push(("line".into(), Argument::Number(1.0)));
        program.arguments.push(("column".into(), Argument::Number(3.0)));
        check(Language::English, program.clone(), "Line 1, column 3: there is no filter nothing/0");
        check(Language::Chinese, program, "第 1 行第 3 列：没有名为 nothing/0 的过滤器");
        let mut expected = Said::new("jq-unexpected", &[("expected", "closing brace"), ("found", "the end")], "");
        check(Language::Chinese, expected.clone(), "这里应是右花括号，但程序已结束");
        expected.arguments[1].1 = Argument::Text("]".into());
        check(Language::Chinese, expected, "这里应是右花括号，却是 ]");
        let texts = [("value", "5000"), ("least", "0"), ("most", "1024"), ("path", "shards")];
        check(Language::Chinese, Said::new("scenario-range", &texts, ""), "shards：5000 超出范围，应在 0 到 1024 之间");
        let texts = [("found", "string \"x\""), ("expected", "u64"), ("path", "seed")];
        check(
            Language::Chinese,
            Said::new("scenario-wrong-type", &texts, ""),
            "seed：类型不对，是字符串 \"x\"，应为非负整数",
        );
        let texts = [("found", "integer `42`"), ("expected", "struct Scenario")];
        let said = "this is the number 42, where an object in braces is expected";
        check(Language::English, Said::new("scenario-wrong-type", &texts, ""), said);
        let name = "é".repeat(10_000);
        let said = format!("there is no filter {}…", &name[..2 * MAX_REPEATED]);
        check(Language::English, Said::new("jq-no-filter", &[("name", &name)], ""), &said);
        check(Language::English, Said::new("of-tomorrow", &[], "in English"), "in English");
    }

    #[test]
    fn faults_of_a_running_program_are_worded_with_the_values_they_met() {
        let check = |language, texts: &[(&str, &str)], expected: &str| {
            let arguments = Said::new("", texts, "").arguments;
            let problem =
                FoldProblem { position: 3, code: "program-failed".into(), arguments, detail: "in English".into() };
            assert_eq!(noticed_line(&Texts::new(language), &problem), expected);
        };
        let sum = [
            ("value", "3"),
            ("value-type", "number"),
            ("other", "\"x\""),
            ("other-type", "string"),
            ("verb", "added"),
            ("fault", "not-calculable"),
        ];
        check(Language::English, &sum, "The program failed: number (3) and string (\"x\") cannot be added");
        check(Language::Chinese, &sum, "程序出错：数字（3）与字符串（\"x\"）不能相加");
        let json = [("value", "\"{\""), ("value-type", "string"), ("reason", "end"), ("fault", "not-json")];
        check(Language::Chinese, &json, "程序出错：字符串（\"{\"）：不是有效的 JSON：文本在值的中间就结束了");
        check(Language::Chinese, &[("text", "余额不足"), ("fault", "raised")], "程序出错：余额不足");
    }

    #[test]
    fn what_becomes_of_values_that_name_a_schema_is_worded() {
        let check = |language, texts: &[(&str, &str)], expected: &str| {
            let mut said = Said::new("wire-format", texts, "in English");
            said.arguments.push(("values".into(), Argument::Number(25.0)));
            assert_eq!(evidence_line(&Texts::new(language), &said), expected);
        };
        let texts = [("read", "1 (Avro a.B)"), ("missing", "7, 9"), ("broken", "")];
        let english = "25 values name their schema: 1 (Avro a.B); not given, so their values stay bytes: 7, 9";
        check(Language::English, &texts, english);
        check(Language::Chinese, &texts, "25 个值指明了自己的模式：1 (Avro a.B)；没有给出模式、值保持为字节：7, 9");
    }

    #[test]
    fn what_the_engine_says_is_worded_here() {
        let text = |text: &str| Argument::Text(text.to_owned());
        check(Language::English, "json", &[("reason", text("colon"))], "not valid JSON: a colon was expected");
        check(Language::Chinese, "foreign", &[("what", text("PNG picture"))], "这是 PNG 图片，里面没有日志");
        check(
            Language::Chinese,
            "columns",
            &[("found", Argument::Number(2.0)), ("expected", Argument::Number(3.0))],
            "有 2 列，而表头有 3 列",
        );
        check(Language::English, "of-tomorrow", &[], "in English");
    }
}
