//! Starting, stopping and restarting the broker.

use crate::error::{Error, Missing};
use crate::jars::{Jars, jars};
use crate::watchdog::Watchdog;
use rustix::process::{Pid, Signal, kill_process};
use std::fmt::Write;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a JVM on a busy machine may take until the broker serves.
const READY_WITHIN: Duration = Duration::from_secs(90);
/// What the server logs when it serves requests.
const READY: &str = "Kafka Server started";

/// How the broker differs from the default one, which keeps everything and asks nobody for a password.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The port for clients, if it matters; a free one otherwise.
    pub port: Option<u16>,
    /// Lines of `server.properties` that are added, or that replace a default of the same name. `{port}` in a value is the port
    /// for clients and `{folder}` the broker's temporary folder.
    pub properties: Vec<(String, String)>,
    /// Files written into the broker's folder before it starts: name and text.
    pub files: Vec<(String, String)>,
    /// Further arguments of Kafka's storage tool, for example `--add-scram`, `SCRAM-SHA-256=[name=…,password=…]`.
    pub format_arguments: Vec<String>,
    /// Properties of the JVM (`-Dname=value`), with the same replacements.
    pub jvm_properties: Vec<(String, String)>,
}

impl Options {
    /// The same with one more property of the server.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.properties.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A broker that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Broker {
    jars: Jars,
    options: Options,
    port: u16,
    process: Option<(Child, Watchdog)>,
    folder: TempDir,
}

/// A broker for a test, or `None` with a line on stderr that says why the test is skipped.
///
/// # Panics
/// If the broker could be started but fails to, or if the machine lacks something while `REPLAYGROUND_REQUIRE_KAFKA` is set.
pub fn broker_or_skip(options: &Options) -> Option<Broker> {
    match Broker::start(options) {
        Ok(broker) => Some(broker),
        Err(Error::Missing(missing)) if std::env::var_os("REPLAYGROUND_REQUIRE_KAFKA").is_none() => {
            eprintln!("skipped, because {missing}");
            None
        }
        Err(error) => panic!("no broker: {error}"),
    }
}

impl Broker {
    /// Starts a broker and waits until it serves: about five seconds.
    ///
    /// # Errors
    /// [`Error::Missing`] if the machine lacks Java or the jars, else what went wrong, with the end of the broker's log.
    pub fn start(options: &Options) -> Result<Self, Error> {
        let jars = jars()?;
        // Between choosing a free port and using it, another process may take it: then once more with others.
        let mut attempt = Self::start_once(&jars, options);
        for _ in 0..2 {
            if !matches!(&attempt, Err(Error::Broker { log, .. }) if log.contains("Address already in use")) {
                break;
            }
            attempt = Self::start_once(&jars, options);
        }
        attempt
    }

    fn start_once(jars: &Jars, options: &Options) -> Result<Self, Error> {
        let folder = tempfile::Builder::new()
            .prefix("replayground-kafka-")
            .tempdir()
            .map_err(|source| Error::File { path: std::env::temp_dir(), source })?;
        let [port, controller_port] =
            free_ports().map_err(|source| Error::File { path: "127.0.0.1:0".into(), source })?;
        let port = options.port.unwrap_or(port);
        let mut broker = Self { jars: jars.clone(), options: options.clone(), port, process: None, folder };
        broker.write("server.properties", &broker.server_properties(controller_port))?;
        broker.write("log4j2.properties", LOGGING)?;
        for (name, text) in &options.files {
            broker.write(name, &broker.filled(text))?;
        }
        broker.format()?;
        broker.launch()?;
        Ok(broker)
    }

    /// `127.0.0.1:PORT`, as clients' `bootstrap.servers` takes it. The same after a restart.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The port for clients.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The temporary folder: `data/` holds the log's segments, `server.log` what the broker said.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The Java runtime and jars it runs on, for tests that run Kafka's own classes.
    pub fn jars(&self) -> &Jars {
        &self.jars
    }

    /// Stops it as an administrator would: it flushes its log and takes leave. Does nothing if it is stopped.
    ///
    /// # Errors
    /// If it does not end within half a minute; it is killed then.
    pub fn stop(&mut self) -> Result<(), Error> {
        let Some((mut child, mut watchdog)) = self.process.take() else { return Ok(()) };
        if let Some(pid) = Pid::from_raw(child.id().cast_signed()) {
            // It may have ended by itself.
            let _ = kill_process(pid, Signal::TERM);
        }
        let until = now() + Duration::from_secs(30);
        while now() < until {
            if !matches!(child.try_wait(), Ok(None)) {
                watchdog.dismiss();
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        end(&mut child, &mut watchdog);
        Err(self.failure("did not stop within 30 s, and was killed"))
    }

    /// Ends it at once, as a crash does. Does nothing if it is stopped.
    pub fn kill(&mut self) {
        if let Some((mut child, mut watchdog)) = self.process.take() {
            end(&mut child, &mut watchdog);
        }
    }

    /// Starts it again on the same port with the same data, and waits until it serves. Does nothing if it runs.
    ///
    /// # Errors
    /// As [`Broker::start`].
    pub fn start_again(&mut self) -> Result<(), Error> {
        if self.process.is_some() { Ok(()) } else { self.launch() }
    }

    /// The end of what the broker said.
    pub fn log_tail(&self) -> String {
        let text = std::fs::read_to_string(self.path("server.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.path(name);
        std::fs::write(&path, text).map_err(|source| Error::File { path, source })
    }

    fn filled(&self, text: &str) -> String {
        text.replace("{port}", &self.port.to_string()).replace("{folder}", &self.folder.path().display().to_string())
    }

    fn server_properties(&self, controller_port: u16) -> String {
        let (data, port) = (self.path("data"), self.port);
        let defaults = [
            ("process.roles", "broker,controller".to_owned()),
            ("node.id", "1".to_owned()),
            ("controller.quorum.voters", format!("1@127.0.0.1:{controller_port}")),
            ("controller.listener.names", "CONTROLLER".to_owned()),
            ("listeners", format!("PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}")),
            ("advertised.listeners", format!("PLAINTEXT://127.0.0.1:{port}")),
            ("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT".to_owned()),
            ("log.dirs", data.display().to_string()),
            ("offsets.topic.num.partitions", "1".to_owned()),
            ("offsets.topic.replication.factor", "1".to_owned()),
            ("transaction.state.log.num.partitions", "1".to_owned()),
            ("transaction.state.log.replication.factor", "1".to_owned()),
            ("transaction.state.log.min.isr", "1".to_owned()),
            ("share.coordinator.state.topic.num.partitions", "1".to_owned()),
            ("share.coordinator.state.topic.replication.factor", "1".to_owned()),
            ("share.coordinator.state.topic.min.isr", "1".to_owned()),
            // A group's first member would wait three seconds for others.
            ("group.initial.rebalance.delay.ms", "0".to_owned()),
            // Tests create what they need; a mistyped name must fail.
            ("auto.create.topics.enable", "false".to_owned()),
            ("log.retention.ms", "-1".to_owned()),
            ("message.max.bytes", "8388608".to_owned()),
        ];
        let is_replaced = |name: &str| self.options.properties.iter().any(|(own, _)| own == name);
        let mut text = String::new();
        for (name, value) in defaults.iter().filter(|(name, _)| !is_replaced(name)) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name}={value}");
        }
        for (name, value) in &self.options.properties {
            let value = value.replace("{controller_port}", &controller_port.to_string());
            let _ = writeln!(text, "{name}={}", self.filled(&value));
        }
        text
    }

    /// Gives the empty folder its cluster id, which a KRaft server asks for.
    fn format(&self) -> Result<(), Error> {
        let output = self
            .java()
            .args(["kafka.tools.StorageTool", "format", "--cluster-id", "cmVwbGF5Z3JvdW5kLTAwMQ", "--config"])
            .arg(self.path("server.properties"))
            .args(&self.options.format_arguments)
            .output()
            .map_err(|source| Error::Program { program: self.jars.java.display().to_string(), source })?;
        if output.status.success() {
            return Ok(());
        }
        let log = [output.stdout, output.stderr].concat();
        Err(Error::Broker { happened: "could not format its folder".into(), log: String::from_utf8_lossy(&log).into() })
    }

    fn launch(&mut self) -> Result<(), Error> {
        let path = self.path("server.log");
        let file = |source| Error::File { path: path.clone(), source };
        let log = File::create(&path).map_err(file)?;
        let errors = log.try_clone().map_err(file)?;
        let mut command = self.java();
        command.args(["-Xmx512m", "kafka.Kafka"]).arg(self.path("server.properties"));
        let mut child = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(|source| Error::Program { program: self.jars.java.display().to_string(), source })?;
        let mut watchdog = match Watchdog::over(child.id(), self.folder.path()) {
            Ok(watchdog) => watchdog,
            Err(error) => {
                let _ = child.kill();
                return Err(error);
            }
        };
        let until = now() + READY_WITHIN;
        let happened = loop {
            if std::fs::read_to_string(&path).is_ok_and(|log| log.contains(READY)) {
                self.process = Some((child, watchdog));
                return Ok(());
            }
            if let Ok(Some(status)) = child.try_wait() {
                break format!("ended ({status})");
            }
            if now() > until {
                break format!("was not ready after {} s", READY_WITHIN.as_secs());
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        end(&mut child, &mut watchdog);
        Err(self.failure(&happened))
    }

    fn java(&self) -> std::process::Command {
        let mut command = self.jars.command();
        command.arg(format!("-Dlog4j2.configurationFile={}", self.path("log4j2.properties").display()));
        for (name, value) in &self.options.jvm_properties {
            command.arg(format!("-D{name}={}", self.filled(value)));
        }
        command
    }

    fn failure(&self, happened: &str) -> Error {
        Error::Broker { happened: happened.to_owned(), log: self.log_tail() }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The log goes to stdout, which is the file `server.log`.
const LOGGING: &str = "\
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1} %m%n
rootLogger.level = INFO
rootLogger.appenderRefs = console
rootLogger.appenderRef.console.ref = console
";

pub(crate) fn end(child: &mut Child, watchdog: &mut Watchdog) {
    watchdog.dismiss();
    // It may have ended by itself; there is nothing to do then.
    let _ = child.kill();
    let _ = child.wait();
}

/// Two ports that nobody listens on; both are held until both are known, so that they differ.
pub(crate) fn free_ports() -> std::io::Result<[u16; 2]> {
    let listeners = [TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?];
    let [first, second] = &listeners;
    Ok([first.local_addr()?.port(), second.local_addr()?.port()])
}

#[expect(clippy::disallowed_methods, reason = "a harness waits for processes; the rule is for code that runs in wasm")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Fails with what the machine lacks, for callers that ask before they start.
impl Missing {
    /// What keeps this machine from starting a broker, if anything. Fetches the jars if they are not there.
    pub fn check() -> Option<Self> {
        match jars() {
            Err(Error::Missing(missing)) => Some(missing),
            _ => None,
        }
    }
}
