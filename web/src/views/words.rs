//! Words that several views need, made from the engine's data.

use crate::locale::Texts;
use crate::state::{Origin, Source};
use replay_protocol::{ReadProblem, Row, Summary};
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

/// A read problem in the person's language, with the engine's details.
pub(crate) fn problem_line(texts: &Texts, problem: &ReadProblem) -> AttrValue {
    texts.with(
        "read-problem",
        &[
            ("line", problem.line.into()),
            ("column", problem.column.into()),
            ("what", texts.or(&format!("problem-{}", problem.code), "").to_string().into()),
            ("detail", problem.message.clone().into()),
        ],
    )
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
