//! Every reader against bytes that a fuzzer makes up, from the fixtures on, for a few seconds each.
//!
//! The targets are libFuzzer's. Coverage counters are ordinary options of rustc, and there is no unsafe code to be checked for, so neither a
//! nightly compiler nor `cargo fuzz` is needed; a C++ compiler is, for libFuzzer itself.

use crate::run::{Tally, find, output, root, run};
use std::path::Path;
use std::process::Command;

/// What to do about a finding.
pub(crate) const ADVICE: &str =
    "The input is kept under target/fuzz/findings; `target/fuzz/HOST/release/TARGET FILE` repeats it";

/// Seconds for each target, if nothing else is said.
const SECONDS: u32 = 5;
/// As `cargo fuzz` builds: counters at each edge, and a table of their places.
const COUNTERS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Ccodegen-units=1";

/// How many targets found nothing, and how many did. None of either if they cannot be built here: the reason is shown.
pub(crate) fn all() -> anyhow::Result<Tally> {
    if ["c++", "g++", "clang++"].into_iter().find_map(find).is_none() {
        eprintln!("fuzzing is skipped, because there is no C++ compiler for libFuzzer (Debian: g++)");
        return Ok(Tally::default());
    }
    let Some(host) = host() else {
        eprintln!("fuzzing is skipped, because rustc does not say what machine this is");
        return Ok(Tally::default());
    };
    let (folder, target) = (root().join("crates/replay-formats/fuzz"), root().join("target/fuzz"));
    let mut cargo = Command::new("cargo");
    // With --target the counters are not put into build scripts.
    cargo.current_dir(&folder).args(["build", "--quiet", "--release", "--target", &host]);
    cargo.env("CARGO_TARGET_DIR", &target).env("RUSTFLAGS", COUNTERS).env_remove("CARGO_ENCODED_RUSTFLAGS");
    run(&mut cargo)?;
    let seconds = std::env::var("REPLAYGROUND_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SECONDS);
    let mut tally = Tally::default();
    for name in targets(&folder) {
        let (corpus, findings) = (target.join("corpus").join(&name), target.join("findings").join(&name));
        for folder in [&corpus, &findings] {
            std::fs::create_dir_all(folder)?;
        }
        let mut fuzzer = Command::new(target.join(&host).join("release").join(&name));
        fuzzer.arg(corpus).arg(folder.join("../tests/fixtures"));
        // What no fixture looks like.
        fuzzer.args(Some(folder.join("seeds").join(&name)).filter(|seeds| seeds.is_dir()));
        fuzzer.arg(format!("-max_total_time={seconds}")).arg(format!("-artifact_prefix={}/", findings.display()));
        // An input that takes long or much is a finding as well.
        fuzzer.args(["-timeout=20", "-rss_limit_mb=2048", "-max_len=40000", "-verbosity=0", "-print_final_stats=1"]);
        match run(&mut fuzzer) {
            Ok(()) => tally.passed += 1,
            Err(error) => {
                eprintln!("{name}: {error}");
                tally.failed += 1;
            }
        }
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(tally)
}

fn host() -> Option<String> {
    let version = output(Command::new("rustc").arg("-vV"))?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

/// The targets, by the names of their files.
fn targets(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder.join("fuzz_targets")).into_iter().flatten().flatten();
    let mut names: Vec<String> = files.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    names
}
