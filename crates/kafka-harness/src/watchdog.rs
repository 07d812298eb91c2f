//! A shell that waits for this process to end, and then ends the broker and removes its folder.
//!
//! A test that is killed, or that keeps its broker in a `static`, runs no `Drop`; but the pipe to this shell closes in any case.

use crate::error::Error;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Ends with [`Watchdog::dismiss`], or does its work when the process ends.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shell: Child,
}

impl Watchdog {
    /// Watches over the process `pid` and `folder`.
    pub(crate) fn over(pid: u32, folder: &Path) -> Result<Self, Error> {
        let shell = Command::new("sh")
            .args(["-c", "trap '' INT TERM; read -r _; kill -9 \"$1\" 2>/dev/null; sleep 0.2; rm -rf \"$2\"", "sh"])
            .arg(pid.to_string())
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::Program { program: "sh".into(), source })?;
        Ok(Self { shell })
    }

    /// Called before the broker is stopped on purpose, so that no other process with its number is hit later.
    pub(crate) fn dismiss(&mut self) {
        // It may be gone already; there is nothing to do then.
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}
