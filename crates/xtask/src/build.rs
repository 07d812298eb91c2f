//! The deployable site.

use crate::run::{root, run as execute, step};
use crate::{setup, toolchain};
use anyhow::{Context, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What trunk makes of the worker; trunk gives these files no hash.
const WORKER_FILES: [&str; 3] = ["replay-worker_loader.js", "replay-worker.js", "replay-worker_bg.wasm"];
/// Starts the worker; like trunk's own, but for workers that are started by another.
const WORKER_LOADER: &str = include_str!("worker.js");
/// What the document says until the worker's folder has its name.
const WORKER_PLACEHOLDER: &str = "\"./replay-worker_loader.js\"";

/// Runs when the page has started, so that keeping its files delays nothing. It is no error where a browser refuses.
const REGISTER: &str = "navigator.serviceWorker?.register('./offline.js').catch(() => {});";

/// The end of the list of origins that every build may ask: this machine's own.
const OWN_MACHINE: &str = " https://127.0.0.1:*;";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A REST proxy of Kafka that the page may ask, besides those of the visitor's own machine: `https://kafka.example.org`
    #[arg(long, value_name = "ORIGIN")]
    connect: Vec<String>,
}

/// Builds the site, with these origins in its policy.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if let Some(bad) = arguments.connect.iter().find(|origin| !is_origin(origin)) {
        bail!(
            "{bad} is no origin: it must look like https://kafka.example.org or http://10.0.0.7:8082, without a path"
        );
    }
    build_with(&arguments.connect)
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !host.is_empty() && host.chars().all(is_plain)
}

/// Builds the site into `dist/`.
pub(crate) fn build() -> anyhow::Result<()> {
    build_with(&[])
}

fn build_with(origins: &[String]) -> anyhow::Result<()> {
    setup::for_building()?;
    step("building the site", "See the output above", || {
        let mut trunk = toolchain::wasm_command("trunk");
        trunk.env("PATH", setup::path()).env_remove("NO_COLOR").args(["build", "--offline"]);
        if std::env::var_os("REPLAYGROUND_QUICK").is_some() {
            quicken(&mut trunk);
        } else {
            trunk.arg("--release");
        }
        execute(&mut trunk)
    })?;
    let folder = root().join("dist");
    let page = folder.join("index.html");
    let text = fs::read_to_string(&page).with_context(|| format!("{} was not built", page.display()))?;
    let text = name_worker(&folder, &text)?;
    let text = allow(&text, origins)?;
    let text = name_source(&text, source_of_code().as_deref());
    let text = move_inline_scripts(&folder, &text)?;
    fs::write(&page, text)?;
    keep_for_offline(&folder)?;
    // Without this, GitHub Pages runs the site through Jekyll. Some hosts do not serve it, so it is not kept.
    fs::write(folder.join(".nojekyll"), "")?;
    sizes(&folder)
}

/// For looking at a change soon: larger and slower code, and no `wasm-opt`, which trunk runs in a release alone.
fn quicken(trunk: &mut Command) {
    for profile in ["PAGE", "WORKER"] {
        for (setting, value) in [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("INCREMENTAL", "true"), ("OPT_LEVEL", "1")] {
            trunk.env(format!("CARGO_PROFILE_{profile}_{setting}"), value);
        }
    }
}

/// Moves the worker's files into a folder named after their content, and tells the page: a cache must never mix two builds.
fn name_worker(folder: &Path, text: &str) -> anyhow::Result<String> {
    if !text.contains(WORKER_PLACEHOLDER) {
        bail!("index.html does not say {WORKER_PLACEHOLDER}, so the page could not find its worker");
    }
    let loader = folder.join(WORKER_FILES[0]);
    if !fs::read_to_string(&loader).is_ok_and(|text| text.contains("import init from")) {
        bail!("trunk starts the worker in another way now; crates/xtask/src/worker.js must follow");
    }
    fs::write(loader, WORKER_LOADER)?;
    let mut contents = Sha256::new();
    for name in WORKER_FILES {
        contents.update(fs::read(folder.join(name)).with_context(|| format!("trunk did not build {name}"))?);
    }
    let name = format!("worker-{}", short_hex(&contents.finalize()));
    fs::create_dir_all(folder.join(&name))?;
    for file in WORKER_FILES {
        fs::rename(folder.join(file), folder.join(&name).join(file))?;
    }
    let script = folder.join(&name).join("replay-worker.js");
    let code = fs::read_to_string(&script)?;
    // Snippets stay where trunk put them, now one folder up.
    fs::write(&script, code.replace("'./snippets/", "'../snippets/").replace("\"./snippets/", "\"../snippets/"))?;
    Ok(text.replace(WORKER_PLACEHOLDER, &format!("\"./{name}/{}\"", WORKER_FILES[0])))
}

/// Adds origins to those that the page may ask.
fn allow(text: &str, origins: &[String]) -> anyhow::Result<String> {
    if origins.is_empty() {
        return Ok(text.to_owned());
    }
    if !text.contains(OWN_MACHINE) {
        bail!("index.html does not say {OWN_MACHINE:?}, so nothing could be added to its policy");
    }
    let (before, _) = OWN_MACHINE.split_at(OWN_MACHINE.len() - 1);
    Ok(text.replacen(OWN_MACHINE, &format!("{before} {};", origins.join(" ")), 1))
}

/// Where this build's sources can be looked at: GitHub says so in its workflows.
fn source_of_code() -> Option<String> {
    let value = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let (server, repository, commit) = (value("GITHUB_SERVER_URL")?, value("GITHUB_REPOSITORY")?, value("GITHUB_SHA")?);
    Some(format!("{server}/{repository}/blob/{commit}/"))
}

/// Tells the page where its sources are, so that what it says of tests can be followed.
fn name_source(text: &str, base: Option<&str>) -> String {
    let is_plain = |base: &&str| base.chars().all(|c| c.is_ascii_alphanumeric() || ":/._-".contains(c));
    let base = base.filter(is_plain).unwrap_or_default();
    text.replace("name=\"source-code\" content=\"\"", &format!("name=\"source-code\" content=\"{base}\""))
}

/// Moves every inline script into a file of its own, so that the policy needs neither a hash nor `unsafe-inline`.
fn move_inline_scripts(folder: &Path, text: &str) -> anyhow::Result<String> {
    let mut pieces = text.split("<script");
    let mut page = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        page.push_str("<script");
        let inline = piece
            .split_once('>')
            .filter(|(attributes, _)| !attributes.contains("src="))
            .and_then(|(attributes, rest)| {
                rest.split_once("</script>").map(|(script, rest)| (attributes, script, rest))
            })
            .filter(|(_, script, _)| !script.trim().is_empty());
        let Some((attributes, script, rest)) = inline else {
            page.push_str(piece);
            continue;
        };
        let name = format!("start-{}.js", short_hex(&Sha256::digest(script)));
        fs::write(folder.join(&name), format!("{}\n{REGISTER}\n", script.trim()))?;
        page.extend([attributes, " src=\"./", &name, "\"></script>", rest]);
    }
    Ok(page)
}

/// Writes the service worker that keeps every file of this build.
fn keep_for_offline(folder: &Path) -> anyhow::Result<()> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut contents = Sha256::new();
    let mut names = String::from("'./'");
    for file in files {
        contents.update(fs::read(&file)?);
        let name = file.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        if name != "index.html" {
            names.extend([", './", &name, "'"]);
        }
    }
    let script = include_str!("offline.js").replace("/*build*/", &short_hex(&contents.finalize()));
    Ok(fs::write(folder.join("offline.js"), script.replace("/*files*/", &names))?)
}

fn short_hex(hash: &[u8]) -> String {
    let number = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:016x}")
}

/// Prints what a visitor downloads.
fn sizes(folder: &Path) -> anyhow::Result<()> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let (mut total, mut total_gzipped) = (0, 0);
    for file in files {
        let bytes = fs::read(&file)?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        let gzipped = encoder.finish()?.len();
        let name = file.strip_prefix(folder).unwrap_or(&file).display();
        eprintln!("  {name:<56} {:>9} bytes, {gzipped:>9} gzipped", bytes.len(), name = name.to_string());
        total += bytes.len();
        total_gzipped += gzipped;
    }
    eprintln!("  {:<56} {total:>9} bytes, {total_gzipped:>9} gzipped", "dist/");
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{allow, is_origin, move_inline_scripts, name_source};

    #[test]
    fn origins_are_added_to_the_policy_and_nothing_else_is() {
        let page = "connect-src 'self' http://127.0.0.1:* https://127.0.0.1:*; style-src 'self'";
        let allowed = allow(page, &["https://a.example".to_owned(), "http://b:8082".to_owned()]).unwrap();
        let expected = "connect-src 'self' http://127.0.0.1:* https://127.0.0.1:* https://a.example http://b:8082; style-src 'self'";
        assert_eq!((allowed.as_str(), allow(page, &[]).unwrap().as_str()), (expected, page));
        assert!(is_origin("https://kafka.example.org:8443"));
        for bad in ["kafka.example.org", "https://", "https://a; script-src *", "https://a/b", "https://*"] {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn the_page_is_told_where_its_sources_are_if_that_is_known() {
        let page = "<meta name=\"source-code\" content=\"\">";
        let base = "https://example.org/o/r/blob/0a1/";
        assert_eq!(name_source(page, Some(base)), page.replace("content=\"\"", &format!("content=\"{base}\"")));
        for no in [None, Some("https://example.org/\"><script>")] {
            assert_eq!(name_source(page, no), page);
        }
    }

    #[test]
    fn inline_scripts_become_files_and_others_stay() {
        let folder = std::env::temp_dir().join(format!("replayground-build-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let page =
            "<script type=\"module\">\nimport init from './a.js';\n</script><p>x</p><script src=\"b.js\"></script>";
        let moved = move_inline_scripts(&folder, page).unwrap();
        let name = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().file_name();
        let name = name.to_str().unwrap();
        assert_eq!(
            moved,
            format!("<script type=\"module\" src=\"./{name}\"></script><p>x</p><script src=\"b.js\"></script>")
        );
        assert!(std::fs::read_to_string(folder.join(name)).unwrap().starts_with("import init from './a.js';\n"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
