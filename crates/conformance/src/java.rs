//! Running a Java source with Kafka's own classes in its class path.

use anyhow::{Context, bail};
use kafka_harness::{Broker, Jars};
use std::io::Write;
use std::process::{Command, Stdio};

/// A source that is compiled when it is run.
pub(crate) struct Program {
    /// The file's name, which Java wants to be its class's.
    pub(crate) file: &'static str,
    pub(crate) source: &'static str,
}

/// Whether this Java compiles sources: a runtime alone does not.
pub(crate) fn can_compile(jars: &Jars) -> bool {
    let modules = Command::new(&jars.java).arg("--list-modules").output();
    modules.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("jdk.compiler@"))
}

/// The program's stdout. What it says on stderr is part of the error if it fails.
pub(crate) fn run(broker: &Broker, program: &Program, arguments: &[&str], input: &str) -> anyhow::Result<String> {
    let file = broker.folder().join(program.file);
    std::fs::write(&file, program.source).with_context(|| format!("{}", file.display()))?;
    let mut child = broker
        .jars()
        .command()
        // The clients' warnings would be mixed into the answers.
        .arg("-Dlog4j2.level=OFF")
        .arg(&file)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", program.file))?;
    let mut stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // Written beside the reading, since either pipe may be full.
        scope.spawn(move || stdin.as_mut().map(|stdin| stdin.write_all(input.as_bytes())));
        child.wait_with_output()
    })?;
    // A program that ends as a crash does says so by this code.
    if !output.status.success() && output.status.code() != Some(CRASHED) {
        bail!("{} ended with {}:\n{}", program.file, output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The exit code of a program that ended itself without leaving its groups.
const CRASHED: i32 = 42;
