//! The ready scenarios: each is a document with holes for what depends on the loaded log.

use replay_protocol::{Scenario, Summary};
use serde_json::Value;

/// A ready scenario. Its name is a key of the locale: `scenario-<name>` and `scenario-<name>-question`.
pub(crate) struct ReadyScenario {
    /// Its name.
    pub name: &'static str,
    /// The group of controls that it is about.
    pub about: &'static str,
    document: &'static str,
}

/// In the order in which they are offered.
pub(crate) const READY: [ReadyScenario; 13] = [
    ReadyScenario {
        name: "wrong-key",
        about: "topic",
        document: r#"{"topic":{"partitions":4,"key":"$KEY"},"consumers":{"count":2,"start":"100%","rate":"1000%","max_poll_records":20}}"#,
    },
    ReadyScenario {
        name: "doubled",
        about: "topic",
        document: r#"{"topic":{"partitions":$PARTITIONS,"changes":[{"at":"50%","partitions":$DOUBLE}]},"consumers":{"count":2,"start":"100%","rate":"1000%","max_poll_records":20}}"#,
    },
    ReadyScenario {
        name: "crash",
        about: "consumers",
        document: r#"{"count_versions":true,"consumers":{"count":2,"commit_every":25,"crashes":[{"at":"50%","member":0}]}}"#,
    },
    ReadyScenario {
        name: "crash-idempotent",
        about: "idempotency",
        document: r#"{"count_versions":true,"consumers":{"count":2,"commit_every":25,"crashes":[{"at":"50%","member":0}]},"idempotency":"event_id"}"#,
    },
    ReadyScenario {
        name: "commit-before",
        about: "consumers",
        document: r#"{"count_versions":true,"consumers":{"count":2,"rate":"100%","start":"50%","commit":"before","max_poll_records":50,"crashes":[{"at":"60%","member":0}]}}"#,
    },
    ReadyScenario {
        name: "poison-snapshot",
        about: "snapshots",
        document: r#"{"consumers":{"rate":"400%"},"snapshots":{"every":3,"damage":"corrupt","verify":false}}"#,
    },
    ReadyScenario {
        name: "stale-snapshot",
        about: "snapshots",
        document: r#"{"consumers":{"rate":"400%"},"snapshots":{"every":3,"damage":"stale","verify":false}}"#,
    },
    ReadyScenario {
        name: "old-snapshot",
        about: "snapshots",
        document: r#"{"consumers":{"rate":"400%"},"snapshots":{"every":3,"damage":"old_schema","verify":false}}"#,
    },
    ReadyScenario {
        name: "checked-snapshot",
        about: "snapshots",
        document: r#"{"consumers":{"rate":"400%"},"snapshots":{"every":3,"damage":"corrupt","verify":true}}"#,
    },
    ReadyScenario {
        name: "seven-days",
        about: "cleanup",
        document: r#"{"cleanup":{"policy":"delete","retention_ms":604800000,"segment_ms":$TENTH,"idle_ms":$ALMOST_SEVEN_DAYS,"check_interval_ms":300000}}"#,
    },
    ReadyScenario {
        name: "compaction",
        about: "cleanup",
        document: r#"{"cleanup":{"policy":"compact","segment_ms":$TENTH,"min_cleanable_dirty_ratio":0.1,"delete_retention_ms":0,"check_interval_ms":$CHECK}}"#,
    },
    ReadyScenario {
        name: "slow-consumer",
        about: "alert",
        document: r#"{"topic":{"partitions":4},"consumers":{"count":1,"rate":"60%","joins":["70%"]},"alert":{"lag_records":$ALERT}}"#,
    },
    ReadyScenario {
        name: "null-keys",
        about: "topic",
        document: r#"{"topic":{"partitions":4,"null_keys":true,"batch_size":2000},"consumers":{"count":2,"start":"100%","rate":"1000%","max_poll_records":20}}"#,
    },
];

impl ReadyScenario {
    /// The document for a log.
    pub(crate) fn document(&self, summary: &Summary) -> String {
        let partitions = summary.partitions.iter().map(|p| u64::from(p.partition) + 1).max().unwrap_or(1).clamp(1, 64);
        let span = span_ms(summary);
        let filled = [
            ("$KEY", wrong_key(summary)),
            ("$PARTITIONS", partitions.to_string()),
            ("$DOUBLE", (partitions * 2).to_string()),
            ("$TENTH", (span / 10).max(1).to_string()),
            ("$CHECK", (span / 50).max(1).to_string()),
            // By then the first half of the log is older than seven days.
            ("$ALMOST_SEVEN_DAYS", 604_800_000_u64.saturating_sub(span / 2).to_string()),
            ("$ALERT", (summary.records / 10).max(5).to_string()),
        ];
        filled.iter().fold(self.document.to_owned(), |text, (hole, value)| text.replace(hole, value))
    }
}

/// The time that a log spans, in milliseconds.
pub(crate) fn span_ms(summary: &Summary) -> u64 {
    match (summary.first_timestamp_ms, summary.last_timestamp_ms) {
        (Some(first), Some(last)) => (last - first).max(0.0) as u64,
        // Without timestamps the engine takes records to be a second apart.
        _ => summary.records.saturating_mul(1000),
    }
}

/// A scenario as JSON for a link: only what is not the default; `None` if that is nothing.
pub(crate) fn compact(scenario: &Scenario) -> Option<String> {
    let (mut chosen, default) = (serde_json::to_value(scenario).ok()?, serde_json::to_value(Scenario::default()).ok()?);
    strip(&mut chosen, &default);
    let is_something = chosen.as_object().is_some_and(|members| !members.is_empty());
    is_something.then(|| chosen.to_string())
}

fn strip(chosen: &mut Value, default: &Value) {
    let (Value::Object(members), Value::Object(defaults)) = (chosen, default) else { return };
    members.retain(|name, value| {
        let Some(default) = defaults.get(name) else { return true };
        strip(value, default);
        value != default && value.as_object().is_none_or(|members| !members.is_empty())
    });
}

/// A member that could be taken for a key and is not the one in use; the one with the fewest values shows most.
fn wrong_key(summary: &Summary) -> String {
    let in_use = summary.configuration.key_by.as_deref().unwrap_or_default();
    let keys = summary.entities;
    let others = summary.key_candidates.iter().filter(|candidate| {
        candidate.pointer != in_use && candidate.distinct > 1 && candidate.distinct != keys && candidate.share > 0.5
    });
    let chosen = others.min_by_key(|candidate| candidate.distinct);
    // Nothing else to key by: a member that is not there gives every record a null key, which splits entities as well.
    let pointer = chosen.map_or("/operator", |candidate| candidate.pointer.as_str());
    pointer.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_only_what_was_chosen() {
        assert_eq!(compact(&Scenario::default()), None);
        let mut scenario = Scenario { seed: 3, ..Scenario::default() };
        scenario.topic.partitions = Some(6);
        assert_eq!(compact(&scenario).as_deref(), Some(r#"{"seed":3,"topic":{"partitions":6}}"#));
    }

    #[test]
    fn every_document_is_json_whatever_the_log_is() {
        let summary = Summary::default();
        for ready in &READY {
            let document = ready.document(&summary);
            assert!(!document.contains('$'), "{document}");
            assert_eq!(crate::components::json_mistake(&document), None, "{document}");
        }
    }
}
