//! The simulation's rules against a real Kafka.

use crate::run::{Tally, count, step};
use crate::setup;
use std::process::Command;

/// Compares, and fails if anything differs.
pub(crate) fn run() -> anyhow::Result<()> {
    step("comparing with a real Kafka", ADVICE, || {
        let tally = compare()?;
        anyhow::ensure!(tally.failed == 0, "{} differ", tally.failed);
        Ok(())
    })
}

/// What to do about a difference.
pub(crate) const ADVICE: &str = "The cases above differ; `cargo xtask conformance` runs the comparison alone, REPLAYGROUND_SEED gives it other cases";

/// How many cases agreed and how many differ. None of either if the machine cannot run Kafka: the reason is shown.
pub(crate) fn compare() -> anyhow::Result<Tally> {
    setup::for_kafka()?;
    count(Command::new("cargo").args(["run", "--quiet", "--package", "conformance"]))
}
