//! `replayground`: the engine's answers on the command line.
//!
//! Results go to stdout as JSON, words for people to stderr. Exit codes: 0 done, 1 the input has errors (what could be read is printed all
//! the same), 2 wrong usage.

mod convert;
mod disk;
mod fold;
mod history;
mod input;
mod inspect;
mod json;
mod kafka;
mod partition;
mod simulate;

use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// Replay event logs: what is in them, which state they give, and why.
#[derive(Parser)]
#[command(name = "replayground", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tell what a log holds: format, records, keys, partitions, errors
    Inspect(inspect::Arguments),
    /// Print the state of every entity
    Fold(fold::Arguments),
    /// Print what each event of an entity changed
    History(history::Arguments),
    /// Print the log in another format
    Convert(convert::Arguments),
    /// Tell which partition keys belong to
    Partition(partition::Arguments),
    /// Run the log through a topic, consumers, faults and clean-up, and tell which entities come out wrong
    Simulate(simulate::Arguments),
}

/// How a run ended that did not fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Clean,
    InputHasErrors,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let result = match arguments.command {
        Command::Inspect(arguments) => inspect::run(&arguments, &mut out),
        Command::Fold(arguments) => fold::run(&arguments, &mut out),
        Command::History(arguments) => history::run(&arguments, &mut out),
        Command::Convert(arguments) => convert::run(&arguments, &mut out),
        Command::Partition(arguments) => partition::run(&arguments, &mut out),
        Command::Simulate(arguments) => simulate::run(&arguments, &mut out),
    };
    let result = result.and_then(|outcome| Ok(out.flush().map(|()| outcome)?));
    match result
        .and_then(|outcome| disk::trouble().map_or(Ok(outcome), |why| Err(anyhow::anyhow!("cannot read {why}"))))
    {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::InputHasErrors) => ExitCode::from(1),
        // Whoever reads the output may have seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("replayground: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Something the caller should write differently.
#[derive(Debug)]
struct Usage(String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}
