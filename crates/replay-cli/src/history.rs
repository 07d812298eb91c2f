//! `replayground history`: what each event of an entity changed.

use crate::Outcome;
use crate::input::{Input, ReplayOptions};
use crate::json::{array, object, or_null, string};
use replay_core::{ChangeKind, FieldChange};
use std::io::Write;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    replay: ReplayOptions,
    /// Whose history
    #[arg(long, value_name = "K")]
    key: String,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let (replay, _, outcome) = arguments.input.replay(&arguments.replay)?;
    let log = replay.log();
    let mut found = false;
    for entity in replay.sorted_entities() {
        if log.entity_name(entity) != arguments.key {
            continue;
        }
        found = true;
        for step in replay.history(entity, 0, usize::MAX) {
            let event_type = log.event_type(step.record).map(|id| string(log.type_name(id)));
            let mut members = vec![
                ("position", step.position.to_string()),
                ("partition", log.partitions()[log.partition(step.record) as usize].partition.to_string()),
                ("offset", log.offset(step.record).to_string()),
                ("timestamp_ms", or_null(log.timestamp_ms(step.record))),
                ("event_type", or_null(event_type)),
                ("version", step.version.to_string()),
                ("changes", array(step.changes.iter().map(change))),
            ];
            if step.is_deleted {
                members.push(("deleted", "true".to_owned()));
            }
            if !step.problems.is_empty() {
                let problems = step.problems.iter().map(|problem| string(&problem.kind.to_string()));
                members.push(("problems", array(problems)));
            }
            writeln!(out, "{}", object(&members))?;
        }
    }
    if !found {
        eprintln!("no entity has the key {:?}", arguments.key);
    }
    Ok(outcome)
}

fn change(change: &FieldChange) -> String {
    let kind = match change.kind {
        ChangeKind::Added => "add",
        ChangeKind::Removed => "remove",
        ChangeKind::Replaced => "replace",
    };
    object(&[
        ("path", string(&change.path)),
        ("before", or_null(change.before.as_ref())),
        ("after", or_null(change.after.as_ref())),
        ("op", string(kind)),
    ])
}
