//! Running other programs, and saying so.

use anyhow::{Context, bail};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}

/// Says what is done, does it, says how long it took. `advice` is what to do if it fails.
pub(crate) fn step(title: &str, advice: &str, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    eprintln!("▸ {title}");
    let started = now();
    work().with_context(|| format!("{title}: failed. {advice}"))?;
    eprintln!("  {title}: {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "this program is a host: it may look at the clock")]
fn now() -> Instant {
    Instant::now()
}

/// Runs a command that must succeed, its output shown.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = name(command);
    let status = command.status().with_context(|| format!("{name} cannot be started"))?;
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    Ok(())
}

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// The tally in a closing line of `cargo test` ("test result: ok. 3 passed; 0 failed; …") or of node's tests ("3 passed, 0 failed").
    fn from_line(line: &str) -> Option<Tally> {
        let line = line.trim();
        let counts =
            line.strip_prefix("test result: ").and_then(|line| line.split_once(". ")).map_or(line, |(_, rest)| rest);
        let mut words = counts.split([' ', ';', ',']).filter(|word| !word.is_empty());
        let passed = words.next()?.parse().ok()?;
        (words.next()? == "passed").then_some(())?;
        let failed = words.next()?.parse().ok()?;
        (words.next()? == "failed").then_some(Tally { passed, failed })
    }
}

/// Runs tests, their output shown, and counts them by their closing lines. Tests that end without success count as a failure at least.
pub(crate) fn count(command: &mut Command) -> anyhow::Result<Tally> {
    let name = name(command);
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("{name} cannot be started"))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            tally.add(Tally::from_line(&line).unwrap_or_default());
        }
    }
    if !child.wait()?.success() {
        tally.failed = tally.failed.max(1);
    }
    Ok(tally)
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// What a command prints; `None` if it cannot be started or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Where a program is, if it can be found.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[track_caller]
    fn check(line: &str, expected: Option<(u64, u64)>) {
        assert_eq!(Tally::from_line(line), expected.map(|(passed, failed)| Tally { passed, failed }));
    }

    #[test]
    fn closing_lines_are_counted_and_other_lines_are_not() {
        check("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured", Some((12, 0)));
        check("test result: FAILED. 3 passed; 2 failed; 0 ignored", Some((3, 2)));
        check("7 passed, 1 failed", Some((7, 1)));
        check("test result", None);
        check("7 records, 1 failed", None);
        check("", None);
    }
}
