//! Every check and test, in the order in which they fail fastest.

use crate::run::{Tally, count, root, run as execute, step};
use crate::{build, conformance, fuzz, setup, toolchain};
use clap::ValueEnum;
use std::fmt::Write;
use std::process::Command;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only these parts, in this program's order
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The formatting
    Fmt,
    /// Clippy, with warnings denied
    Clippy,
    /// Tests of all crates, natively
    Native,
    /// Every reader against made-up bytes, for a few seconds each
    Fuzz,
    /// Tests of the wasm boundary and of components, in headless Chromium
    Wasm,
    /// The built page, used in Chromium
    E2e,
    /// The simulation's rules beside a real Kafka
    Conformance,
}

impl Part {
    fn title(self) -> &'static str {
        match self {
            Part::Fmt => "checking the formatting",
            Part::Clippy => "linting",
            Part::Native => "testing natively",
            Part::Fuzz => "fuzzing the readers",
            Part::Wasm => "testing wasm in Chromium",
            Part::E2e => "using the page in Chromium",
            Part::Conformance => "comparing with a real Kafka",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Part::Fmt => "Run `cargo fmt --all`",
            Part::Clippy => "Mend what clippy says above",
            Part::Native => "See the failing test above; `cargo test -p CRATE NAME` runs it alone",
            Part::Fuzz => fuzz::ADVICE,
            Part::Wasm => "See the failing test above; `cargo xtask test --only wasm` runs this part alone",
            Part::E2e => "See the failing test above; `node web/e2e/run.mjs SPEC` runs one file against dist/",
            Part::Conformance => conformance::ADVICE,
        }
    }

    fn run(self) -> anyhow::Result<Tally> {
        match self {
            Part::Fmt => check(cargo().args(["fmt", "--all", "--check"])),
            Part::Clippy => check(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
            Part::Native => count(cargo().args(["test", "--workspace", "--no-fail-fast"])),
            Part::Fuzz => fuzz::all(),
            Part::Wasm => wasm(),
            Part::E2e => e2e(),
            Part::Conformance => conformance::compare(),
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let parts = Part::value_variants().iter().copied();
    let parts: Vec<Part> = parts.filter(|part| arguments.only.is_empty() || arguments.only.contains(part)).collect();
    let (mut total, mut summary) = (Tally::default(), String::new());
    for part in parts {
        // A part that fails does not keep the others from running: one run tells all.
        let mut tally = Tally::default();
        let outcome = step(part.title(), part.advice(), || {
            tally = part.run()?;
            anyhow::ensure!(tally.failed == 0, "{} failed", tally.failed);
            Ok(())
        });
        if let Err(error) = outcome {
            eprintln!("{error:#}");
            tally.failed = tally.failed.max(1);
        }
        writeln!(summary, "  {}: {} passed, {} failed", part.title(), tally.passed, tally.failed)?;
        total.add(tally);
    }
    println!("\n{summary}{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        // The summary is the message.
        std::process::exit(1);
    }
    Ok(())
}

/// A command that counts as one check.
fn check(command: &mut Command) -> anyhow::Result<Tally> {
    execute(command).map(|()| Tally { passed: 1, failed: 0 })
}

fn cargo() -> Command {
    Command::new("cargo")
}

fn wasm() -> anyhow::Result<Tally> {
    setup::for_building()?;
    setup::for_testing()?;
    let mut tally = Tally::default();
    for package in ["crates/replay-worker", "web"] {
        let folder = root().join(package);
        if !folder.join("tests").is_dir() {
            continue;
        }
        let mut cargo = toolchain::wasm_command("cargo");
        cargo.current_dir(folder).env("PATH", setup::path());
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
        cargo.env("WASM_BINDGEN_TEST_TIMEOUT", "300").env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30");
        cargo.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", root().join("crates/xtask/webdriver.json"));
        if let Some(driver) = setup::driver() {
            cargo.env("CHROMEDRIVER", driver);
        }
        tally.add(count(cargo.args(["test", "--target", toolchain::TARGET, "--test", "*", "--no-fail-fast"]))?);
    }
    Ok(tally)
}

fn e2e() -> anyhow::Result<Tally> {
    setup::for_testing()?;
    build::build()?;
    let mut node = Command::new("node");
    if let Some(browser) = setup::browser() {
        node.env("CHROMIUM", browser);
    }
    count(node.arg("run.mjs").current_dir(root().join("web/e2e")))
}
