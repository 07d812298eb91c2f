//! The deployable site.

use crate::run::{root, run, step};
use crate::{setup, toolchain};
use anyhow::Context;
use base64::Engine;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Builds the site into `dist/`.
pub(crate) fn build() -> anyhow::Result<()> {
    setup::for_building()?;
    step("building the site", "See the output above", || {
        let mut trunk = toolchain::wasm_command("trunk");
        trunk.env("PATH", setup::path()).env_remove("NO_COLOR");
        run(trunk.args(["build", "--release", "--offline"]))
    })?;
    allow_inline_scripts(&root().join("dist/index.html"))?;
    sizes(&root().join("dist"))
}

/// Puts the hash of every inline script into the Content-Security-Policy: nothing else inline may run.
fn allow_inline_scripts(page: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(page).with_context(|| format!("{} was not built", page.display()))?;
    let mut hashes = String::new();
    for piece in text.split("<script").skip(1) {
        let Some((attributes, rest)) = piece.split_once('>') else { continue };
        let Some((script, _)) = rest.split_once("</script>") else { continue };
        if attributes.contains("src=") || script.is_empty() {
            continue;
        }
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(script));
        hashes = format!("{hashes} 'sha256-{hash}'");
    }
    Ok(std::fs::write(page, text.replace(" 'inline-script-hashes'", &hashes))?)
}

fn sizes(folder: &Path) -> anyhow::Result<()> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.is_file()) {
        let bytes = std::fs::read(file)?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        eprintln!("  {name:<60} {:>9} bytes, {:>9} gzipped", bytes.len(), encoder.finish()?.len());
    }
    Ok(())
}
