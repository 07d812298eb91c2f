//! The rules of `replay-kafka` against a real Apache Kafka, on generated cases: `cargo xtask conformance`.
//!
//! Every case is run by a broker or a client of Apache Kafka and by the simulation, and both must give the same. It prints how many cases
//! were compared; a difference makes it fail. Where the machine has no Java, or no Kafka can be fetched, it says that it was skipped and
//! why, and succeeds, unless `REPLAYGROUND_REQUIRE_KAFKA` is set. This crate is for tests: the product never depends on it.

mod admin;
mod assignors;
mod comparison;
mod groups;
mod java;
mod logs;
mod partitions;
mod random;
mod redelivery;
mod segment_file;

use anyhow::Context;
use comparison::Comparison;
use kafka_harness::{Broker, Error, KAFKA_VERSION, Options};
use std::process::ExitCode;

/// Each run compares the same cases, so that a difference found can be found again; `REPLAYGROUND_SEED` is for looking further.
const SEED: u64 = 20_241_031;

/// Compares one behaviour, on the cases of a seed.
type Compare = fn(&Broker, u64) -> anyhow::Result<Vec<Comparison>>;

/// In the order in which they are run; arguments name those to be run alone.
const BEHAVIOURS: [(&str, Compare); 5] = [
    ("partitions", partitions::compare),
    ("assignors", assignors::compare),
    ("groups", groups::compare),
    ("redelivery", redelivery::compare),
    ("logs", logs::compare),
];

fn main() -> anyhow::Result<ExitCode> {
    let broker = match start() {
        Ok(Ok(broker)) => broker,
        Ok(Err(reason)) if std::env::var_os("REPLAYGROUND_REQUIRE_KAFKA").is_none() => {
            println!("skipped, because {reason}");
            return Ok(ExitCode::SUCCESS);
        }
        Ok(Err(reason)) => anyhow::bail!("{reason}"),
        Err(error) => return Err(error.into()),
    };
    let seed = match std::env::var("REPLAYGROUND_SEED") {
        Ok(text) => text.parse().context("REPLAYGROUND_SEED is not a number")?,
        Err(_) => SEED,
    };
    println!("comparing with Apache Kafka {KAFKA_VERSION}, seed {seed}");
    let (mut n_same, mut n_different) = (0, 0);
    let only: Vec<String> = std::env::args().skip(1).collect();
    for (name, compare) in BEHAVIOURS {
        if !only.is_empty() && !only.iter().any(|only| only == name) {
            continue;
        }
        for comparison in compare(&broker, seed).with_context(|| broker.log_tail())? {
            comparison.print();
            let (same, different) = comparison.counts();
            n_same += same;
            n_different += different;
        }
    }
    println!("{} cases compared", n_same + n_different);
    println!("{n_same} passed, {n_different} failed");
    Ok(if n_different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A broker that cleans up at once when it is told to; or why this machine cannot have one.
fn start() -> Result<Result<Broker, String>, Error> {
    let options = Options {
        properties: logs::PROPERTIES.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        files: vec![("log4j2.properties".to_owned(), logs::LOGGING.to_owned())],
        ..Options::default()
    };
    match Broker::start(&options) {
        Ok(broker) if java::can_compile(broker.jars()) => Ok(Ok(broker)),
        Ok(_) => Ok(Err("this Java has no compiler; install a JDK (Debian: default-jdk-headless)".to_owned())),
        Err(Error::Missing(missing)) => Ok(Err(missing.to_string())),
        Err(error) => Err(error),
    }
}
