//! Strimzi's Kafka Bridge: another project's REST proxy, run in front of a broker.
//!
//! Its jars come from the folder that [`BRIDGE_VARIABLE`] names (the `libs` of an unpacked release, or what holds it), else Maven is asked for
//! `io.strimzi:kafka-bridge`. Not every mirror serves that; then [`bridge_or_skip`] says so.

use crate::broker::{end, free_ports, now};
use crate::error::{Error, Missing};
use crate::jars::{cached, find_java_from};
use crate::watchdog::Watchdog;
use std::fmt::Write;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Names a folder with the Bridge's jars.
pub const BRIDGE_VARIABLE: &str = "REPLAYGROUND_STRIMZI_BRIDGE";

const POM: &str = include_str!("../bridge-pom.xml");
/// Since 1.0 it is compiled for this version of Java.
const JAVA: u32 = 21;
const READY_WITHIN: Duration = Duration::from_secs(90);
/// What it logs when it answers.
const READY: &str = "management endpoints started and listening";

/// A Bridge that runs until it is dropped.
#[derive(Debug)]
pub struct Bridge {
    child: Child,
    watchdog: Watchdog,
    port: u16,
    folder: TempDir,
}

/// A Bridge for a test, or `None` with a line on stderr that says why the test is skipped.
///
/// # Panics
/// If there is one and it does not start.
pub fn bridge_or_skip(brokers: &str, properties: &[(&str, &str)]) -> Option<Bridge> {
    match Bridge::start(brokers, properties) {
        Ok(bridge) => Some(bridge),
        Err(Error::Missing(missing)) => {
            eprintln!("skipped, because {missing}");
            None
        }
        Err(error) => panic!("no bridge: {error}"),
    }
}

impl Bridge {
    /// Starts one in front of `brokers` and waits until it answers: about three seconds. `properties` are added to its own.
    ///
    /// # Errors
    /// [`Error::Missing`] if the jars or a Java that runs them are not there, else what went wrong, with the end of its log.
    pub fn start(brokers: &str, properties: &[(&str, &str)]) -> Result<Self, Error> {
        let jars = jars()?;
        let java = find_java_from(JAVA).ok_or_else(|| Missing::Bridge {
            reason: format!("it needs Java {JAVA}; set JAVA_HOME to one of at least that version"),
        })?;
        let folder = tempfile::Builder::new().prefix("replayground-bridge-").tempdir();
        let folder = folder.map_err(|source| Error::File { path: std::env::temp_dir(), source })?;
        let [port, management_port] =
            free_ports().map_err(|source| Error::File { path: "127.0.0.1:0".into(), source })?;
        let mut text = format!(
            "bridge.id=test\nkafka.bootstrap.servers={brokers}\nhttp.host=127.0.0.1\nhttp.port={port}\nhttp.management.port={management_port}\n"
        );
        for (name, value) in properties {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name}={value}");
        }
        let settings = folder.path().join("bridge.properties");
        std::fs::write(&settings, text).map_err(|source| Error::File { path: settings.clone(), source })?;
        let path = folder.path().join("bridge.log");
        let file = |source| Error::File { path: path.clone(), source };
        let log = File::create(&path).map_err(file)?;
        let errors = log.try_clone().map_err(file)?;
        let mut child = Command::new(&java)
            .args(["-XX:+UseSerialGC", "-Xshare:auto", "-Xmx512m"])
            .arg(format!("-Dvertx.cacheDirBase={}", folder.path().join("vertx").display()))
            .arg("-cp")
            .arg(format!("{}/*", jars.display()))
            .arg("io.strimzi.kafka.bridge.Application")
            .arg(format!("--config-file={}", settings.display()))
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(|source| Error::Program { program: java.display().to_string(), source })?;
        let watchdog = match Watchdog::over(child.id(), folder.path()) {
            Ok(watchdog) => watchdog,
            Err(error) => {
                let _ = child.kill();
                return Err(error);
            }
        };
        let mut bridge = Self { child, watchdog, port, folder };
        bridge.wait(&path).map(|()| bridge)
    }

    fn wait(&mut self, log: &Path) -> Result<(), Error> {
        let until = now() + READY_WITHIN;
        loop {
            let said = std::fs::read_to_string(log).unwrap_or_default();
            let happened = match self.child.try_wait() {
                _ if said.contains(READY) => return Ok(()),
                Ok(Some(status)) => format!("ended ({status})"),
                _ if now() > until => format!("was not ready after {} s", READY_WITHIN.as_secs()),
                _ => {
                    std::thread::sleep(Duration::from_millis(50));
                    continue;
                }
            };
            let lines: Vec<&str> = said.lines().collect();
            return Err(Error::Broker { happened, log: lines[lines.len().saturating_sub(30)..].join("\n") });
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The temporary folder: `bridge.log` is what it said.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        end(&mut self.child, &mut self.watchdog);
    }
}

/// The folder that holds the jars.
fn jars() -> Result<PathBuf, Error> {
    let holds_it = |folder: &Path| {
        let is_it =
            |name: &str| name.contains("kafka-bridge-") && Path::new(name).extension().is_some_and(|ext| ext == "jar");
        let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.any(|entry| entry.file_name().to_str().is_some_and(is_it))
    };
    if let Some(named) = std::env::var_os(BRIDGE_VARIABLE).map(PathBuf::from) {
        let places = [named.join("libs"), named.clone()];
        return places.into_iter().find(|place| holds_it(place)).ok_or_else(|| {
            let path = named.join("libs");
            Error::File {
                path,
                source: std::io::Error::other(format!("{BRIDGE_VARIABLE} names no folder with kafka-bridge-….jar")),
            }
        });
    }
    cached("bridge", POM).map_err(|error| match error {
        Error::Missing(missing) => {
            let reason = format!("{missing}; set {BRIDGE_VARIABLE} to the folder of an unpacked release");
            Error::Missing(Missing::Bridge { reason: reason.replace("Kafka's jars", "its jars") })
        }
        other => other,
    })
}
