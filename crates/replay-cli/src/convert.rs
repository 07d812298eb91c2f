//! `replayground convert`: the log in another format.

use crate::Outcome;
use crate::input::{Input, usage};
use replay_formats::write::{WriteFormat, write};
use std::io::Write;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// The format to write
    #[arg(long, value_name = "FORMAT", help = format!("One of {}", WriteFormat::names()))]
    to: String,
}

pub(crate) fn run(arguments: &Arguments, mut out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let format: WriteFormat = arguments.to.parse().map_err(|error| usage(&format!("{error}")))?;
    let (loaded, outcome) = arguments.input.load(None)?;
    write(&loaded.log, format, &mut out)?;
    Ok(outcome)
}
