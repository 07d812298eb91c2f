//! What the broker says it has done.

use anyhow::bail;
use kafka_harness::Broker;
use std::time::Duration;

/// How long something may take on a busy machine.
const PATIENCE: u32 = 600;
const PAUSE: Duration = Duration::from_millis(100);

/// Waits until the broker has looked for expired segments twice: a look may have begun before the settings were changed.
pub(crate) fn wait_for_retention(broker: &Broker) -> anyhow::Result<()> {
    let completed = |log: &str| log.matches("Log cleanup completed").count();
    let before = completed(&text(broker)?);
    wait(broker, "retention", |log| completed(log) >= before + 3)
}

/// Waits until the broker has taken over the settings of the topics, which it says once for each change.
pub(crate) fn wait_for_settings(broker: &Broker, mark: usize, topics: &[String]) -> anyhow::Result<()> {
    wait(broker, "the new settings", |log| {
        let new = log.get(mark..).unwrap_or_default();
        topics.iter().all(|topic| new.contains(&format!("Updating topic {topic} with new configuration")))
    })
}

/// How often the cleaner has finished a pass over the partition.
pub(crate) fn passes(log: &str, topic: &str, partition: u32) -> usize {
    log.matches(&format!("cleaned log {topic}-{partition} ")).count()
}

/// All that the broker has said since its start.
pub(crate) fn text(broker: &Broker) -> anyhow::Result<String> {
    Ok(String::from_utf8_lossy(&std::fs::read(broker.folder().join("server.log"))?).into_owned())
}

/// Waits until `is_done` by what the broker has said.
pub(crate) fn wait(broker: &Broker, what: &str, is_done: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    for _ in 0..PATIENCE {
        if is_done(&text(broker)?) {
            return Ok(());
        }
        std::thread::sleep(PAUSE);
    }
    bail!("the broker said nothing of {what} for a minute")
}
