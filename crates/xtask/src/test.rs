//! Every check and test, in the order in which they fail fastest.

use crate::run::{root, run as execute, step};
use crate::{build, setup, toolchain};
use std::process::Command;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only these parts: fmt, clippy, native, wasm, e2e
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

type Part = (&'static str, &'static str, &'static str, fn() -> anyhow::Result<()>);

const PARTS: [Part; 5] = [
    ("fmt", "checking the formatting", "Run `cargo fmt --all`", fmt),
    ("clippy", "linting", "Mend what clippy says", clippy),
    ("native", "testing natively", "See the failing test above", native),
    ("wasm", "testing in the browser's engine", "See the failing test above", wasm),
    ("e2e", "using the page in Chromium", "See the failing test above", e2e),
];

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let is_wanted = |name: &str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == name);
    let parts: Vec<&Part> = PARTS.iter().filter(|(name, ..)| is_wanted(name)).collect();
    let (mut passed, mut failed) = (0, Vec::new());
    for (name, title, advice, work) in &parts {
        match step(title, advice, work) {
            Ok(()) => passed += 1,
            Err(error) => {
                eprintln!("{error:#}");
                failed.push(*name);
            }
        }
    }
    println!("parts: {passed} passed, {} failed", failed.len());
    if !failed.is_empty() {
        anyhow::bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn fmt() -> anyhow::Result<()> {
    execute(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> anyhow::Result<()> {
    execute(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn native() -> anyhow::Result<()> {
    execute(cargo().args(["test", "--workspace"]))
}

fn cargo() -> Command {
    Command::new("cargo")
}

fn wasm() -> anyhow::Result<()> {
    setup::for_building()?;
    setup::for_testing()?;
    let mut cargo = toolchain::wasm_command("cargo");
    cargo.env("PATH", setup::path());
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    cargo.env("CHROMEDRIVER", "/usr/bin/chromedriver").env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    cargo.current_dir(root().join("crates/replay-worker"));
    execute(cargo.args(["test", "--target", "wasm32-unknown-unknown", "--tests"]))
}

fn e2e() -> anyhow::Result<()> {
    setup::for_testing()?;
    build::build()?;
    execute(Command::new("node").arg("run.mjs").current_dir(root().join("web/e2e")))
}
