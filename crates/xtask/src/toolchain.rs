//! Which Rust compiles for the browser: rustup's own target where it can be downloaded, else Debian's compiler with a standard library
//! that is built here once. Build, test and bench all go through [`for_wasm`].

use crate::run::{find, output, run, step};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the browser runs.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// The name under which rustup knows Debian's compiler.
const LINKED: &str = "replayground-wasm";
const DEBIAN_LIBRARIES: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";

/// The value for `RUSTUP_TOOLCHAIN` when compiling for the browser; `None` is the default toolchain.
pub(crate) fn for_wasm() -> Option<&'static str> {
    if has_rustup_target() || !has_linked() { None } else { Some(LINKED) }
}

/// A command that compiles for the browser if it compiles at all.
pub(crate) fn wasm_command(program: &str) -> Command {
    let mut command = Command::new(program);
    // Cargo sets these for `cargo xtask` itself; they would override the toolchain.
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "RUST_RECURSION_COUNT"] {
        command.env_remove(name);
    }
    if let Some(toolchain) = for_wasm() {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    command
}

fn has_rustup_target() -> bool {
    let Some(sysroot) = output(Command::new("rustc").args(["--print", "sysroot"])) else { return false };
    has_library(&Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib"))
}

fn has_linked() -> bool {
    let listed = output(Command::new("rustup").args(["toolchain", "list"])).unwrap_or_default();
    listed.lines().any(|line| line.split_whitespace().next() == Some(LINKED))
        && has_library(Path::new(DEBIAN_LIBRARIES))
}

/// Whether a folder holds the standard library; rustup leaves the bare folder behind when a download fails.
fn has_library(folder: &Path) -> bool {
    std::fs::read_dir(folder)
        .is_ok_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

/// Makes sure that something can compile for the browser.
pub(crate) fn ensure() -> anyhow::Result<()> {
    if has_rustup_target() || has_linked() {
        return Ok(());
    }
    if find("rustup").is_none() {
        bail!(
            "rustup was not found, and this cargo cannot compile for {TARGET}. Install rustup (https://rustup.rs), then run this again"
        );
    }
    let asked = step("adding rustup's wasm target", "Debian's compiler is tried next", || {
        // A refused download makes rustup try again for a long time.
        let mut rustup = Command::new(if find("timeout").is_some() { "timeout" } else { "rustup" });
        if find("timeout").is_some() {
            rustup.args(["60", "rustup"]);
        }
        run(rustup.args(["target", "add", TARGET]))
    });
    match asked {
        Ok(()) if has_rustup_target() => return Ok(()),
        Ok(()) => {}
        Err(error) => eprintln!("  {error:#}"),
    }
    if find("apt-get").is_none() {
        bail!(
            "rustup could not download {TARGET}, and there is no apt-get to install Debian's compiler with. Run `rustup target add {TARGET}` where downloads work"
        );
    }
    crate::setup::packages(&["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"])?;
    if !has_library(Path::new(DEBIAN_LIBRARIES)) {
        step("building the standard library for the browser", "See the output above", build_library)?;
    }
    step("telling rustup of Debian's compiler", "Is rustup installed?", || {
        run(Command::new("rustup").args(["toolchain", "link", LINKED, "/usr"]))
    })
}

fn build_library() -> anyhow::Result<()> {
    let folder = crate::setup::cache().join("wasm-std");
    std::fs::create_dir_all(folder.join("src"))?;
    std::fs::write(
        folder.join("Cargo.toml"),
        "[package]\nname = \"wasm_std\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    std::fs::write(folder.join("src/lib.rs"), "#![no_std]\n")?;
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo.current_dir(&folder);
    for name in ["CARGO", "RUSTDOC", "RUSTUP_TOOLCHAIN", "CARGO_TARGET_DIR"] {
        cargo.env_remove(name);
    }
    // The bitcode is what link-time optimisation needs; `test` is what `cargo test` for the browser needs.
    cargo.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Cembed-bitcode=yes");
    run(cargo.args(["build", "--release", "--target", TARGET, "-Z", "build-std=std,panic_abort,test"]))?;
    let built = folder.join("target").join(TARGET).join("release/deps");
    std::fs::create_dir_all(DEBIAN_LIBRARIES)?;
    let libraries: Vec<PathBuf> = std::fs::read_dir(&built)
        .context("no libraries were built")?
        .flatten()
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rlib"))
        .collect();
    for library in libraries {
        let Some(name) = library.file_name() else { continue };
        if !name.to_string_lossy().starts_with("libwasm_std") {
            std::fs::copy(&library, Path::new(DEBIAN_LIBRARIES).join(name))?;
        }
    }
    Ok(())
}
