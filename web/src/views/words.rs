//! Words that several views need, made from the engine's data.

use crate::locale::Texts;
use crate::state::Source;
use replay_protocol::{ReadProblem, Row, Summary};
use yew::prelude::*;

/// The name of the log: the sample's in the person's language, or the files'.
pub(crate) fn source_name(texts: &Texts, source: &Source) -> AttrValue {
    use crate::state::Origin;
    match &source.origin {
        Some(Origin::Sample(name)) => texts.t(&format!("sample-{name}")),
        Some(Origin::Files(names)) => names.clone(),
        Some(Origin::Text(_)) => texts.t("pasted-text"),
        None => AttrValue::default(),
    }
}

/// `1 204 records, 3 partitions, kcat -J`.
pub(crate) fn understood(texts: &Texts, summary: &Summary) -> String {
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
    parts.iter().map(AttrValue::as_str).collect::<Vec<_>>().join(texts.t("list-comma").as_str())
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
