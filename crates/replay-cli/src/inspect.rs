//! `replayground inspect`: what a log holds.

use crate::Outcome;
use crate::input::Input;
use crate::json::{array, object, or_null, string};
use replay_formats::Part;
use std::io::Write;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let (loaded, outcome) = arguments.input.load(None)?;
    let log = &loaded.log;
    let partitions = log.partitions().iter().map(|partition| {
        object(&[
            ("topic", string(&partition.topic)),
            ("partition", partition.partition.to_string()),
            ("start", partition.start.to_string()),
            ("end", partition.end.to_string()),
            ("records", partition.records.to_string()),
        ])
    });
    let errors = loaded.errors.iter().map(|error| {
        object(&[
            ("line", error.line.to_string()),
            ("column", error.column.to_string()),
            ("message", string(&error.cause.to_string())),
            ("code", string(error.cause.code())),
            ("file", or_null(error.file.as_deref().map(string))),
            (
                "around",
                or_null(error.around.as_ref().map(|around| array([string(&around.before), string(&around.after)]))),
            ),
        ])
    });
    let kinds: Vec<(&str, String)> = loaded.error_kinds.iter().map(|(code, n)| (*code, n.to_string())).collect();
    let places: Vec<(&str, String)> = Part::ALL
        .iter()
        .filter_map(|part| Some((part.name(), string(&loaded.mapping.place(*part)?.to_string()))))
        .collect();
    let summary = object(&[
        ("format", string(&loaded.format.to_string())),
        ("evidence", array(loaded.evidence.iter().map(|evidence| string(&evidence.to_string())))),
        ("mapping", object(&places)),
        ("records", log.len().to_string()),
        ("keys", log.n_entities().to_string()),
        ("tombstones", log.tombstones().to_string()),
        ("changes", log.n_changes().to_string()),
        ("deletes", log.n_deletes().to_string()),
        ("partitions", array(partitions)),
        ("offsets_estimated", log.has_estimated_offsets().to_string()),
        ("first_timestamp_ms", or_null(log.first_timestamp_ms())),
        ("last_timestamp_ms", or_null(log.last_timestamp_ms())),
        ("key_by", or_null(loaded.key_guess.as_ref().map(|guess| string(&guess.pointer)))),
        ("projection", string(loaded.guessed_projection)),
        ("errors", array(errors)),
        ("error_count", loaded.n_errors.to_string()),
        ("error_kinds", object(&kinds)),
    ]);
    writeln!(out, "{summary}")?;
    Ok(outcome)
}
