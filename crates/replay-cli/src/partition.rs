//! `replayground partition`: where keys go.

use crate::Outcome;
use crate::input::usage;
use replay_kafka::Partitioner;
use std::io::Write;
use std::num::NonZeroU32;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many partitions the topic has
    #[arg(long, value_name = "N")]
    partitions: NonZeroU32,
    /// The producer's rule: murmur2 (Java) or crc32 (librdkafka)
    #[arg(long, value_name = "P", default_value = "murmur2")]
    partitioner: String,
    /// Keys, as text
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let partitioner: Partitioner = arguments.partitioner.parse().map_err(|error| usage(&format!("{error}")))?;
    for key in &arguments.keys {
        writeln!(out, "{key}\t{}", partitioner.keyed_partition(key.as_bytes(), arguments.partitions))?;
    }
    Ok(Outcome::Clean)
}
