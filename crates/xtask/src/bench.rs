//! The benchmarks: natively, then in Chromium beside plain JavaScript.

use crate::run::{root, run as execute, step};
use crate::{build, setup};
use std::process::Command;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only the browser's part
    #[arg(long)]
    browser: bool,
    /// Only from Kafka through the proxy into the page; needs Java and Maven
    #[arg(long)]
    kafka: bool,
    /// Only what the page does at its limits: 100 million records, a record of 200 MB, a bomb …; needs 20 GB of free disk
    #[arg(long)]
    limits: bool,
    /// Records of the log for the browser
    #[arg(long, default_value_t = 1_000_000)]
    records: u64,
    /// Runs of each
    #[arg(long, default_value_t = 3)]
    runs: u32,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.kafka {
        return from_kafka(arguments);
    }
    if arguments.limits {
        return at_the_limits();
    }
    if !arguments.browser {
        step("measuring natively", "See the output above", || {
            execute(Command::new("cargo").args(["bench", "--workspace", "--benches"]))
        })?;
        beside_others(arguments)?;
    }
    setup::for_testing()?;
    build::build()?;
    step("measuring in Chromium", "See the output above", || {
        let mut node = Command::new("node");
        if let Some(browser) = setup::browser() {
            node.env("CHROMIUM", browser);
        }
        node.args(["run.mjs", "--records", &arguments.records.to_string(), "--runs", &arguments.runs.to_string()]);
        execute(node.current_dir(root().join("web/bench")))
    })?;
    step("measuring the laboratory in Chromium", "See the output above", || {
        let mut node = Command::new("node");
        if let Some(browser) = setup::browser() {
            node.env("CHROMIUM", browser);
        }
        node.args(["laboratory.mjs", "--records", &arguments.records.to_string()]);
        execute(node.current_dir(root().join("web/bench")))
    })
}

fn from_kafka(arguments: &Arguments) -> anyhow::Result<()> {
    setup::for_testing()?;
    build::build()?;
    step("building the proxy and the test broker", "See the output above", || {
        let proxy = ["build", "--release", "-p", "kafka-rest", "--bin", "replayground-proxy"];
        execute(Command::new("cargo").args(proxy))?;
        let broker = ["build", "--release", "-p", "kafka-harness", "--features", "client", "--example", "playground"];
        execute(Command::new("cargo").args(broker))
    })?;
    step("measuring from Kafka into the page", "See the output above", || {
        let mut node = Command::new("node");
        if let Some(browser) = setup::browser() {
            node.env("CHROMIUM", browser);
        }
        node.args(["kafka.mjs", "--records", &arguments.records.to_string(), "--runs", &arguments.runs.to_string()]);
        execute(node.current_dir(root().join("web/bench")))
    })
}

/// The command line beside jq and `DuckDB`, which is installed among the tools.
fn beside_others(arguments: &Arguments) -> anyhow::Result<()> {
    step("measuring the command line beside jq and DuckDB", "See the output above", || {
        execute(Command::new("cargo").args(["build", "--release", "-p", "replay-cli"]))?;
        let mut node = Command::new("node");
        node.args(["native.mjs", "--records", &arguments.records.to_string(), "--runs", &arguments.runs.to_string()]);
        node.arg("--tools").arg(setup::cache());
        execute(node.current_dir(root().join("web/bench")))
    })
}

fn at_the_limits() -> anyhow::Result<()> {
    setup::for_testing()?;
    build::build()?;
    step("measuring at the limits in Chromium", "See the output above", || {
        let mut node = Command::new("node");
        if let Some(browser) = setup::browser() {
            node.env("CHROMIUM", browser);
        }
        execute(node.arg("limits.mjs").current_dir(root().join("web/bench")))
    })
}
