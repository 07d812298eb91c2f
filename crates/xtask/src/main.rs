//! `cargo xtask`: everything that is done to this project, from a fresh machine on.

mod bench;
mod build;
mod conformance;
mod fuzz;
mod run;
mod serve;
mod setup;
mod test;
mod toolchain;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Set up, build, serve, test and measure Replayground.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what building and testing need; says what it does
    Setup,
    /// Build the deployable site into dist/
    Build(build::Arguments),
    /// Build the site and serve it on 127.0.0.1
    Serve(serve::Arguments),
    /// Run every check and test
    Test(test::Arguments),
    /// Compare the simulated rules with a real Apache Kafka
    Conformance,
    /// Run the benchmarks
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        // What to do comes first; a backtrace of this program would hide it.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    std::env::set_current_dir(run::root())?;
    match command {
        Command::Setup => {
            setup::for_building()?;
            setup::for_testing()
        }
        Command::Build(arguments) => build::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Conformance => conformance::run(),
        Command::Bench(arguments) => bench::run(&arguments),
    }
}
