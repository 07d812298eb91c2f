//! Kafka's jars: fetched once by Maven, then found in the cache.

use crate::error::{Error, Missing};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of Apache Kafka that the tests run against; it stands in `pom.xml` too, and a test compares the two.
pub const KAFKA_VERSION: &str = "4.1.1";

/// Says what to fetch; a change of it makes a new folder.
const POM: &str = include_str!("../pom.xml");

/// A Java runtime and the jars of Kafka's server and clients.
#[derive(Debug, Clone)]
pub struct Jars {
    /// The `java` to run.
    pub java: PathBuf,
    /// The folder that holds the jars and nothing else.
    pub folder: PathBuf,
}

impl Jars {
    /// What `java -cp` takes: every jar of the folder.
    pub fn classpath(&self) -> String {
        format!("{}/*", self.folder.display())
    }

    /// `java` with the jars in its class path and quick to start; the main class and its arguments are the caller's to add.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.java);
        // Tests live for seconds: the first compiler alone starts faster than code gets hot.
        command.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp"]);
        command.arg(self.classpath());
        command
    }
}

/// The jars of the test broker, fetched if they are not in the cache yet (about 45 MB, once).
///
/// # Errors
/// [`Error::Missing`] if Java, Maven or the network is not there.
pub fn jars() -> Result<Jars, Error> {
    let java = find_java().ok_or(Missing::Java)?;
    Ok(Jars { java, folder: cached(KAFKA_VERSION, POM)? })
}

/// The jars of a pom, fetched into a folder of this name in the cache if they are not there yet.
pub(crate) fn cached(name: &str, pom: &str) -> Result<PathBuf, Error> {
    let folder = cache().join(format!("kafka/{name}-{:08x}", fingerprint(pom)));
    if !folder.is_dir() {
        fetch(&folder, pom)?;
    }
    Ok(folder)
}

/// The folder beside the tools that `cargo xtask setup` installs.
fn cache() -> PathBuf {
    if let Some(folder) = std::env::var_os("REPLAYGROUND_TOOLS") {
        return folder.into();
    }
    let home = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    home.unwrap_or_else(std::env::temp_dir).join("replayground")
}

fn find_java() -> Option<PathBuf> {
    java_home().or_else(|| find("java"))
}

fn java_home() -> Option<PathBuf> {
    std::env::var_os("JAVA_HOME").map(|home| Path::new(&home).join("bin/java")).filter(|java| java.is_file())
}

/// A Java runtime of at least this version: that of `JAVA_HOME` or `PATH`, or one that a system keeps beside them.
pub(crate) fn find_java_from(version: u32) -> Option<PathBuf> {
    let mut beside: Vec<PathBuf> = std::fs::read_dir("/usr/lib/jvm")
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path().join("bin/java"))).collect())
        .unwrap_or_default();
    beside.sort();
    let all = java_home().into_iter().chain(find("java")).chain(beside);
    all.filter(|java| java.is_file()).find(|java| java_version(java).is_some_and(|own| own >= version))
}

/// `17` of `openjdk version "17.0.15" …`.
fn java_version(java: &Path) -> Option<u32> {
    let output = Command::new(java).arg("-version").output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let (_, after) = said.split_once('"')?;
    after.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Fetches into a folder of its own and renames it: two test processes may do so at once, and a half-filled folder is never seen.
fn fetch(folder: &Path, text: &str) -> Result<(), Error> {
    let maven = find("mvn").ok_or(Missing::Maven)?;
    let parent = folder.parent().unwrap_or(folder);
    let file = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::File { path, source }
    };
    std::fs::create_dir_all(parent).map_err(file(parent))?;
    let work = tempfile::tempdir_in(parent).map_err(file(parent))?;
    let pom = work.path().join("pom.xml");
    std::fs::write(&pom, text).map_err(file(&pom))?;
    let target = work.path().join("jars");
    let output = Command::new(&maven)
        .args([
            "--batch-mode",
            "--quiet",
            "-Dstyle.color=never",
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
        ])
        .arg(format!("-DoutputDirectory={}", target.display()))
        .arg("--file")
        .arg(&pom)
        .output()
        .map_err(|source| Error::Program { program: maven.display().to_string(), source })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        let reason = said.lines().find(|line| line.contains("ERROR")).unwrap_or("it gave no reason");
        // Colours are reset even where none are wanted.
        let reason = reason.replace("\u{1b}[0m", "");
        return Err(Missing::Jars { reason }.into());
    }
    match std::fs::rename(&target, folder) {
        // Another process was faster: its folder holds the same.
        Err(_) if folder.is_dir() => Ok(()),
        other => other.map_err(file(folder)),
    }
}

/// FNV-1a: short, and stable over Rust's versions, which the standard hasher is not.
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::{KAFKA_VERSION, POM};

    #[test]
    fn the_pom_names_the_version_that_the_crate_tells() {
        assert!(
            POM.contains(&format!("<artifactId>kafka_2.13</artifactId>\n      <version>{KAFKA_VERSION}</version>"))
        );
    }
}
