//! Installing what is missing, and nothing else. Each tool that is there at the right version is left alone.

use crate::run::{find, output, root, run, step};
use crate::toolchain;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";

/// Where tools are kept between builds: outside the checkout, so that a fresh clone finds them.
pub(crate) fn cache() -> PathBuf {
    if let Some(folder) = std::env::var_os("REPLAYGROUND_TOOLS") {
        return folder.into();
    }
    let home = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    home.unwrap_or_else(std::env::temp_dir).join("replayground")
}

/// The folders that hold the tools, for `PATH`.
pub(crate) fn path() -> std::ffi::OsString {
    let mut folders = vec![cache().join("tools/bin"), cache().join("npm/node_modules/.bin")];
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    std::env::join_paths(folders).unwrap_or_default()
}

/// All that a build needs.
pub(crate) fn for_building() -> anyhow::Result<()> {
    toolchain::ensure()?;
    cargo_tool("trunk", TRUNK, &["--locked", "--no-default-features", "--features", "rustls"], "about 6 minutes")?;
    // Its lock file may name a crate that a mirror does not have yet, so without --locked.
    cargo_tool("wasm-bindgen-cli", &wasm_bindgen_version()?, &[], "about 2 minutes")?;
    wasm_opt()
}

/// All that the tests need besides.
pub(crate) fn for_testing() -> anyhow::Result<()> {
    let mut missing = Vec::new();
    if browser().is_none() {
        missing.push("chromium");
    }
    if driver().is_none() {
        missing.push("chromium-driver");
    }
    // Without it Chinese text shows as boxes: ugly on a screenshot, but no reason to stop where there is no apt-get.
    if find("apt-get").is_some() && !Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file() {
        missing.push("fonts-noto-cjk");
    }
    packages(&missing)?;
    for_kafka()?;
    node_packages()
}

/// What the comparison with a real Kafka needs.
pub(crate) fn for_kafka() -> anyhow::Result<()> {
    java();
    packages(&for_librdkafka().collect::<Vec<_>>())
}

/// The tests against a real Kafka are skipped where these cannot be had, so that is no reason to stop.
fn java() {
    if find("apt-get").is_none() {
        return;
    }
    let programs = [("java", "default-jdk-headless"), ("mvn", "maven")];
    let missing: Vec<&str> =
        programs.into_iter().filter_map(|(program, package)| find(program).is_none().then_some(package)).collect();
    if let Err(error) = packages(&missing) {
        eprintln!("tests against a real Kafka will be skipped: {error:#}");
    }
}

/// What builds librdkafka and OpenSSL besides the C compiler that Rust itself links with.
fn for_librdkafka() -> impl Iterator<Item = &'static str> {
    ["make", "perl"].into_iter().filter(|program| find(program).is_none())
}

/// The browser that the tests drive: Chromium, or Chrome where that is what there is.
pub(crate) fn browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find)
}

/// The program that drives the browser for the wasm tests.
pub(crate) fn driver() -> Option<PathBuf> {
    std::env::var_os("CHROMEDRIVER").map(PathBuf::from).or_else(|| find("chromedriver"))
}

/// playwright-core and axe-core, as the lock file has them.
fn node_packages() -> anyhow::Result<()> {
    let folder = root().join("web/e2e");
    let lock = std::fs::read(folder.join("package-lock.json")).context("web/e2e/package-lock.json cannot be read")?;
    let mark = folder.join("node_modules/.installed");
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    need_npm()?;
    step("installing playwright-core and axe-core", "npm must be able to reach its registry", || {
        run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?;
        Ok(std::fs::write(&mark, &lock)?)
    })
}

fn need_npm() -> anyhow::Result<()> {
    if find("npm").is_none() {
        bail!("npm was not found. Install Node.js 20 or newer (https://nodejs.org), then run this again");
    }
    Ok(())
}

/// Installs Debian packages that are not there.
pub(crate) fn packages(names: &[&str]) -> anyhow::Result<()> {
    let is_missing = |name: &&str| {
        let status = output(Command::new("dpkg-query").args(["-W", "-f=${Status}", name]));
        !status.is_some_and(|status| status.ends_with("ok installed"))
    };
    let missing: Vec<&str> = names.iter().copied().filter(|name| is_missing(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if find("apt-get").is_none() {
        bail!(
            "{list} missing, and there is no apt-get to install it with. Install it with your system's package manager (the names are Debian's), or name the programs in CHROMIUM and CHROMEDRIVER"
        );
    }
    let advice = format!("Install them yourself: sudo apt-get install {list}");
    step(&format!("installing {list}"), &advice, || {
        let apt = || {
            let is_root = output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
            let mut command = Command::new(if is_root { "apt-get" } else { "sudo" });
            if !is_root {
                command.arg("apt-get");
            }
            command.env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        run(apt().args(["update", "-qq"]))?;
        run(apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(&missing))
    })
}

fn cargo_tool(name: &str, version: &str, options: &[&str], time: &str) -> anyhow::Result<()> {
    let folder = cache().join("tools");
    let program = folder.join("bin").join(name.trim_end_matches("-cli"));
    let has = output(Command::new(&program).arg("--version"));
    if has.is_some_and(|printed| printed.split_whitespace().nth(1) == Some(version)) {
        return Ok(());
    }
    let advice = "See the output above; a C compiler (Debian: build-essential) and access to crates.io are needed";
    step(&format!("installing {name} {version} ({time})"), advice, || {
        let mut cargo = Command::new("cargo");
        // What is meant for the project's own builds must not reach a tool's.
        for variable in ["CARGO_TARGET_DIR", "RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            cargo.env_remove(variable);
        }
        // These programs wait for others most of the time: compiling them fast is worth more than fast code.
        for (setting, value) in [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "1"), ("DEBUG", "false")] {
            cargo.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
        }
        cargo.args(["install", name, "--version", version, "--quiet", "--root"]);
        run(cargo.arg(&folder).args(options))
    })
}

/// The command and the library must be of one version.
fn wasm_bindgen_version() -> anyhow::Result<String> {
    let lock = std::fs::read_to_string("Cargo.lock").context("Cargo.lock cannot be read")?;
    let mut lines = lock.lines().skip_while(|line| *line != "name = \"wasm-bindgen\"");
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.map(str::to_owned).context("Cargo.lock names no wasm-bindgen")
}

fn wasm_opt() -> anyhow::Result<()> {
    let folder = cache().join("npm");
    let program = folder.join("node_modules/.bin/wasm-opt");
    let wanted = BINARYEN.split('.').next().unwrap_or_default();
    let has = output(Command::new(&program).arg("--version"));
    if has.is_some_and(|printed| printed.split_whitespace().any(|word| word == wanted)) {
        return Ok(());
    }
    need_npm()?;
    step(
        &format!("installing wasm-opt {BINARYEN}"),
        "npm (with Node.js) must be installed and reach its registry",
        || {
            std::fs::create_dir_all(&folder)?;
            let package = format!("binaryen@{BINARYEN}");
            run(Command::new("npm").args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(package))
        },
    )
}
