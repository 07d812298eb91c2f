//! The controls, as data: how each reads and changes the scenario. Labels and sentences are keys of the locale, `sim-<id>` and
//! `sim-<id>-hint`.

use replay_protocol::{
    AssignorName, At, CleanupPolicy, Commit, Compare, Crash, Damage, Idempotency, MAX_PARTITIONS, MemberAt,
    OffsetReset, PartitionChange, PartitionerName, Rate, Scenario, SnapshotScope, Store,
};

/// One control.
pub(super) struct Setting {
    pub(super) id: &'static str,
    /// As Kafka calls it; empty if it has no name there.
    pub(super) kafka: &'static str,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    Number {
        unit: &'static str,
        min: f64,
        max: f64,
        step: f64,
        is_log: bool,
        get: fn(&Scenario) -> f64,
        set: fn(&mut Scenario, f64),
    },
    Choice {
        options: &'static [&'static str],
        get: fn(&Scenario) -> &'static str,
        set: fn(&mut Scenario, &str),
    },
    Switch {
        get: fn(&Scenario) -> bool,
        set: fn(&mut Scenario, bool),
    },
    /// Things of one kind, a row each, of which there may be several.
    List {
        columns: &'static [Column],
        get: fn(&Scenario) -> Vec<Row>,
        set: fn(&mut Scenario, &[Row]),
        /// What a row that is added says, behind those that are there.
        fresh: fn(&Scenario, &[Row]) -> Row,
    },
}

/// What a row of a list says; a list has some of these columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    At,
    Member,
    Restart,
    Partitions,
}

/// A row of any list. What its list has no column for stays at its default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    pub(super) at: At,
    /// From 0 in the order of joining.
    pub(super) member: u32,
    /// `None`: never.
    pub(super) restart_after_ms: Option<f64>,
    pub(super) partitions: u32,
}

impl Row {
    const fn at(at: At) -> Row {
        Row { at, member: 0, restart_after_ms: None, partitions: 1 }
    }
}

/// Controls that belong together; the title is the key `sim-group-<id>`.
pub(super) struct Group {
    pub(super) id: &'static str,
    pub(super) settings: &'static [Setting],
    /// Whether anything in it differs from the default.
    pub(super) is_changed: fn(&Scenario, &Scenario) -> bool,
}

const fn number(
    id: &'static str,
    kafka: &'static str,
    unit: &'static str,
    (min, max, step): (f64, f64, f64),
    get: fn(&Scenario) -> f64,
    set: fn(&mut Scenario, f64),
) -> Setting {
    Setting { id, kafka, kind: Kind::Number { unit, min, max, step, is_log: false, get, set } }
}

const fn log(
    id: &'static str,
    kafka: &'static str,
    unit: &'static str,
    (min, max): (f64, f64),
    get: fn(&Scenario) -> f64,
    set: fn(&mut Scenario, f64),
) -> Setting {
    Setting { id, kafka, kind: Kind::Number { unit, min, max, step: 1.0, is_log: true, get, set } }
}

const fn choice(
    id: &'static str,
    kafka: &'static str,
    options: &'static [&'static str],
    get: fn(&Scenario) -> &'static str,
    set: fn(&mut Scenario, &str),
) -> Setting {
    Setting { id, kafka, kind: Kind::Choice { options, get, set } }
}

const fn switch(
    id: &'static str,
    kafka: &'static str,
    get: fn(&Scenario) -> bool,
    set: fn(&mut Scenario, bool),
) -> Setting {
    Setting { id, kafka, kind: Kind::Switch { get, set } }
}

const fn list(
    id: &'static str,
    kafka: &'static str,
    columns: &'static [Column],
    get: fn(&Scenario) -> Vec<Row>,
    set: fn(&mut Scenario, &[Row]),
    fresh: fn(&Scenario, &[Row]) -> Row,
) -> Setting {
    Setting { id, kafka, kind: Kind::List { columns, get, set, fresh } }
}

/// Members that a scenario has in all.
pub(super) fn members(s: &Scenario) -> u32 {
    s.consumers.count + (s.consumers.joins.len() + s.consumers.crashes.len()) as u32
}

/// Leaves and crashes name members that there are: where one has gone, the last takes its place.
fn keep_members(s: &mut Scenario) {
    let Some(last) = members(s).checked_sub(1) else {
        s.consumers.leaves.clear();
        return;
    };
    let leaves = s.consumers.leaves.iter_mut().map(|leave| &mut leave.member);
    for member in leaves.chain(s.consumers.crashes.iter_mut().map(|crash| &mut crash.member)) {
        *member = (*member).min(last);
    }
}

/// The next member that none of the rows names.
fn next_member(s: &Scenario, rows: &[Row]) -> u32 {
    let there = s.consumers.count + s.consumers.joins.len() as u32;
    (0..there).find(|member| rows.iter().all(|row| row.member != *member)).unwrap_or(0)
}

/// Kafka only adds partitions: each change to at least as many as there are before it.
fn raise_partitions(s: &mut Scenario) {
    let mut least = s.topic.partitions.unwrap_or(1);
    for change in &mut s.topic.changes {
        change.partitions = change.partitions.max(least);
        least = change.partitions;
    }
}

/// A moment as a percentage; 0 stands for never.
fn percent(at: Option<At>) -> f64 {
    match at {
        Some(At::Share(share)) => (share * 100.0).round(),
        Some(At::AfterMs(_)) | None => 0.0,
    }
}

fn moment(percent: f64) -> Option<At> {
    (percent > 0.0).then_some(At::Share(percent / 100.0))
}

const SHARE: (f64, f64, f64) = (0.0, 100.0, 1.0);
const DAY_MS: f64 = 86_400_000.0;

/// All groups in the order of the record's way.
pub(super) const GROUPS: [Group; 9] = [
    Group {
        id: "topic",
        is_changed: |a, b| a.topic != b.topic,
        settings: &[
            number(
                "partitions",
                "num.partitions",
                "",
                (0.0, 64.0, 1.0),
                |s| f64::from(s.topic.partitions.unwrap_or(0)),
                |s, n| {
                    s.topic.partitions = (n > 0.0).then_some(n as u32);
                    raise_partitions(s);
                },
            ),
            choice(
                "partitioner",
                "partitioner.class",
                &["recorded", "murmur2", "crc32", "fnv1a", "round_robin", "uniform_sticky"],
                |s| match s.topic.partitioner {
                    None => "recorded",
                    Some(PartitionerName::Murmur2) => "murmur2",
                    Some(PartitionerName::Crc32) => "crc32",
                    Some(PartitionerName::Fnv1a) => "fnv1a",
                    Some(PartitionerName::RoundRobin) => "round_robin",
                    Some(PartitionerName::UniformSticky) => "uniform_sticky",
                },
                |s, name| {
                    s.topic.partitioner = match name {
                        "murmur2" => Some(PartitionerName::Murmur2),
                        "crc32" => Some(PartitionerName::Crc32),
                        "fnv1a" => Some(PartitionerName::Fnv1a),
                        "round_robin" => Some(PartitionerName::RoundRobin),
                        "uniform_sticky" => Some(PartitionerName::UniformSticky),
                        _ => None,
                    };
                },
            ),
            list(
                "changes",
                "kafka-topics --alter --partitions",
                &[Column::At, Column::Partitions],
                |s| {
                    s.topic
                        .changes
                        .iter()
                        .map(|change| Row { partitions: change.partitions, ..Row::at(change.at) })
                        .collect()
                },
                |s, rows| {
                    s.topic.changes =
                        rows.iter().map(|row| PartitionChange { at: row.at, partitions: row.partitions }).collect();
                    raise_partitions(s);
                },
                |s, rows| {
                    let before = rows.last().map_or(s.topic.partitions.unwrap_or(3), |row| row.partitions);
                    Row { partitions: (before * 2).min(MAX_PARTITIONS), ..Row::at(At::Share(0.5)) }
                },
            ),
            switch("null-keys", "key = null", |s| s.topic.null_keys, |s, on| s.topic.null_keys = on),
            log(
                "batch-size",
                "batch.size",
                "B",
                (1.0, 1_000_000.0),
                |s| f64::from(s.topic.batch_size.unwrap_or(16_384)),
                |s, n| s.topic.batch_size = Some(n.max(1.0) as u32),
            ),
        ],
    },
    Group {
        id: "producer",
        is_changed: |a, b| a.producer != b.producer || a.writers != b.writers,
        settings: &[
            number(
                "duplicates",
                "retries",
                "%",
                SHARE,
                |s| s.producer.duplicate_rate * 100.0,
                |s, n| s.producer.duplicate_rate = n / 100.0,
            ),
            number(
                "reorder",
                "",
                "%",
                SHARE,
                |s| s.producer.reorder_rate * 100.0,
                |s, n| s.producer.reorder_rate = n / 100.0,
            ),
            number(
                "reorder-window",
                "max.in.flight.requests.per.connection",
                "",
                (1.0, 50.0, 1.0),
                |s| f64::from(s.producer.reorder_window),
                |s, n| s.producer.reorder_window = n as u32,
            ),
            number(
                "loss",
                "acks=0",
                "%",
                SHARE,
                |s| s.producer.loss_rate * 100.0,
                |s, n| s.producer.loss_rate = n / 100.0,
            ),
            switch("idempotent", "enable.idempotence", |s| s.producer.idempotent, |s, on| s.producer.idempotent = on),
            log(
                "restart-every",
                "",
                "",
                (0.0, 100_000.0),
                |s| f64::from(s.producer.restart_every.unwrap_or(0)),
                |s, n| s.producer.restart_every = (n > 0.0).then_some(n as u32),
            ),
            log(
                "retry-backoff",
                "retry.backoff.ms",
                "ms",
                (0.0, 60_000.0),
                |s| f64::from(s.producer.retry_backoff_ms),
                |s, n| s.producer.retry_backoff_ms = n as u32,
            ),
            number(
                "writers",
                "",
                "",
                (0.0, 20.0, 1.0),
                |s| f64::from(s.writers.count),
                |s, n| s.writers.count = n as u32,
            ),
            log(
                "writer-latency",
                "",
                "ms",
                (1.0, DAY_MS),
                |s| f64::from(s.writers.latency_ms),
                |s, n| s.writers.latency_ms = n as u32,
            ),
            switch("expected-version", "", |s| s.writers.expected_version, |s, on| s.writers.expected_version = on),
            number(
                "writer-retries",
                "",
                "",
                (0.0, 20.0, 1.0),
                |s| f64::from(s.writers.retries),
                |s, n| s.writers.retries = n as u32,
            ),
        ],
    },
    Group {
        id: "consumers",
        is_changed: |a, b| a.consumers != b.consumers,
        settings: &[
            number(
                "members",
                "group.id",
                "",
                (0.0, 16.0, 1.0),
                |s| f64::from(s.consumers.count),
                |s, n| {
                    s.consumers.count = n as u32;
                    keep_members(s);
                },
            ),
            number(
                "rate",
                "",
                "%",
                (0.0, 400.0, 5.0),
                |s| match s.consumers.rate {
                    Some(Rate::Share(share)) => (share * 100.0).round(),
                    Some(Rate::PerSecond(_)) | None => 0.0,
                },
                |s, n| s.consumers.rate = (n > 0.0).then_some(Rate::Share(n / 100.0)),
            ),
            choice(
                "assignor",
                "partition.assignment.strategy",
                &["range", "roundrobin", "sticky", "cooperative-sticky"],
                |s| match s.consumers.assignor {
                    AssignorName::Range => "range",
                    AssignorName::RoundRobin => "roundrobin",
                    AssignorName::Sticky => "sticky",
                    AssignorName::CooperativeSticky => "cooperative-sticky",
                },
                |s, name| {
                    s.consumers.assignor = match name {
                        "roundrobin" => AssignorName::RoundRobin,
                        "sticky" => AssignorName::Sticky,
                        "cooperative-sticky" => AssignorName::CooperativeSticky,
                        _ => AssignorName::Range,
                    };
                },
            ),
            number("start", "", "%", SHARE, |s| percent(s.consumers.start), |s, n| s.consumers.start = moment(n)),
            list(
                "joins",
                "subscribe()",
                &[Column::At],
                |s| s.consumers.joins.iter().map(|at| Row::at(*at)).collect(),
                |s, rows| {
                    s.consumers.joins = rows.iter().map(|row| row.at).collect();
                    keep_members(s);
                },
                |_, _| Row::at(At::Share(0.5)),
            ),
            list(
                "leaves",
                "close()",
                &[Column::At, Column::Member],
                |s| s.consumers.leaves.iter().map(|leave| Row { member: leave.member, ..Row::at(leave.at) }).collect(),
                |s, rows| {
                    s.consumers.leaves = rows.iter().map(|row| MemberAt { at: row.at, member: row.member }).collect();
                    keep_members(s);
                },
                |s, rows| Row { member: next_member(s, rows), ..Row::at(At::Share(0.5)) },
            ),
            list(
                "crashes",
                "kill -9",
                &[Column::At, Column::Member, Column::Restart],
                |s| {
                    let row = |crash: &Crash| Row {
                        member: crash.member,
                        restart_after_ms: crash.restart_after_ms,
                        ..Row::at(crash.at)
                    };
                    s.consumers.crashes.iter().map(row).collect()
                },
                |s, rows| {
                    let crash =
                        |row: &Row| Crash { at: row.at, member: row.member, restart_after_ms: row.restart_after_ms };
                    s.consumers.crashes = rows.iter().map(crash).collect();
                    keep_members(s);
                },
                |s, rows| Row { member: next_member(s, rows), ..Row::at(At::Share(0.5)) },
            ),
            log(
                "session-timeout",
                "session.timeout.ms",
                "ms",
                (1000.0, 1_800_000.0),
                |s| f64::from(s.consumers.session_timeout_ms),
                |s, n| s.consumers.session_timeout_ms = n as u32,
            ),
            log(
                "rebalance",
                "",
                "ms",
                (0.0, 600_000.0),
                |s| f64::from(s.consumers.rebalance_ms),
                |s, n| s.consumers.rebalance_ms = n as u32,
            ),
            log(
                "metadata-age",
                "metadata.max.age.ms",
                "ms",
                (0.0, 3_600_000.0),
                |s| f64::from(s.consumers.metadata_max_age_ms),
                |s, n| s.consumers.metadata_max_age_ms = n as u32,
            ),
            choice(
                "offset-reset",
                "auto.offset.reset",
                &["earliest", "latest"],
                |s| match s.consumers.auto_offset_reset {
                    OffsetReset::Earliest => "earliest",
                    OffsetReset::Latest => "latest",
                },
                |s, name| {
                    s.consumers.auto_offset_reset =
                        if name == "latest" { OffsetReset::Latest } else { OffsetReset::Earliest };
                },
            ),
            choice(
                "commit",
                "commitSync",
                &["before", "after", "atomic"],
                |s| match s.consumers.commit {
                    Commit::Before => "before",
                    Commit::After => "after",
                    Commit::Atomic => "atomic",
                },
                |s, name| {
                    s.consumers.commit = match name {
                        "before" => Commit::Before,
                        "atomic" => Commit::Atomic,
                        _ => Commit::After,
                    };
                    if s.consumers.commit == Commit::Before && s.consumers.store == Store::Transactional {
                        s.consumers.store = Store::External;
                    }
                },
            ),
            log(
                "commit-every",
                "",
                "",
                (1.0, 1000.0),
                |s| f64::from(s.consumers.commit_every),
                |s, n| s.consumers.commit_every = n.max(1.0) as u32,
            ),
            log(
                "max-poll",
                "max.poll.records",
                "",
                (1.0, 5000.0),
                |s| f64::from(s.consumers.max_poll_records),
                |s, n| {
                    s.consumers.max_poll_records = n.max(1.0) as u32;
                },
            ),
            choice(
                "store",
                "",
                &["external", "memory", "transactional"],
                |s| match s.consumers.store {
                    Store::Memory => "memory",
                    Store::External => "external",
                    Store::Transactional => "transactional",
                },
                |s, name| {
                    s.consumers.store = match name {
                        "memory" => Store::Memory,
                        "transactional" => Store::Transactional,
                        _ => Store::External,
                    };
                    if s.consumers.store == Store::Transactional && s.consumers.commit == Commit::Before {
                        s.consumers.commit = Commit::Atomic;
                    }
                },
            ),
        ],
    },
    Group {
        id: "idempotency",
        is_changed: |a, b| a.idempotency != b.idempotency || a.count_versions != b.count_versions,
        settings: &[
            choice(
                "idempotency",
                "",
                &["none", "event_id", "version"],
                |s| match s.idempotency {
                    Idempotency::None => "none",
                    Idempotency::EventId => "event_id",
                    Idempotency::Version => "version",
                },
                |s, name| {
                    s.idempotency = match name {
                        "event_id" => Idempotency::EventId,
                        "version" => Idempotency::Version,
                        _ => Idempotency::None,
                    };
                },
            ),
            switch("count-versions", "", |s| s.count_versions, |s, on| s.count_versions = on),
        ],
    },
    Group {
        id: "snapshots",
        is_changed: |a, b| a.snapshots != b.snapshots,
        settings: &[
            log(
                "snapshot-every",
                "",
                "",
                (0.0, 1000.0),
                |s| f64::from(s.snapshots.every),
                |s, n| s.snapshots.every = n as u32,
            ),
            choice(
                "snapshot-per",
                "",
                &["entity", "partition"],
                |s| match s.snapshots.per {
                    SnapshotScope::Entity => "entity",
                    SnapshotScope::Partition => "partition",
                },
                |s, name| {
                    s.snapshots.per =
                        if name == "partition" { SnapshotScope::Partition } else { SnapshotScope::Entity };
                },
            ),
            number(
                "snapshot-keep",
                "",
                "",
                (1.0, 10.0, 1.0),
                |s| f64::from(s.snapshots.keep),
                |s, n| s.snapshots.keep = n as u32,
            ),
            choice(
                "snapshot-damage",
                "",
                &["none", "stale", "old_schema", "corrupt"],
                |s| match s.snapshots.damage {
                    Damage::None => "none",
                    Damage::Stale => "stale",
                    Damage::OldSchema => "old_schema",
                    Damage::Corrupt => "corrupt",
                },
                |s, name| {
                    s.snapshots.damage = match name {
                        "stale" => Damage::Stale,
                        "old_schema" => Damage::OldSchema,
                        "corrupt" => Damage::Corrupt,
                        _ => Damage::None,
                    };
                },
            ),
            switch("snapshot-verify", "", |s| s.snapshots.verify, |s, on| s.snapshots.verify = on),
        ],
    },
    Group {
        id: "cleanup",
        is_changed: |a, b| a.cleanup != b.cleanup,
        settings: &[
            choice(
                "policy",
                "cleanup.policy",
                &["none", "delete", "compact", "compact,delete"],
                |s| match s.cleanup.policy {
                    CleanupPolicy::None => "none",
                    CleanupPolicy::Delete => "delete",
                    CleanupPolicy::Compact => "compact",
                    CleanupPolicy::Both => "compact,delete",
                },
                |s, name| {
                    s.cleanup.policy = match name {
                        "delete" => CleanupPolicy::Delete,
                        "compact" => CleanupPolicy::Compact,
                        "compact,delete" => CleanupPolicy::Both,
                        _ => CleanupPolicy::None,
                    };
                },
            ),
            log(
                "retention-ms",
                "retention.ms",
                "ms",
                (1000.0, 30.0 * DAY_MS),
                |s| s.cleanup.retention_ms as f64,
                |s, n| s.cleanup.retention_ms = n as i64,
            ),
            log(
                "retention-bytes",
                "retention.bytes",
                "B",
                (0.0, 1_073_741_824.0),
                |s| s.cleanup.retention_bytes.max(0) as f64,
                |s, n| s.cleanup.retention_bytes = if n > 0.0 { n as i64 } else { -1 },
            ),
            log(
                "segment-bytes",
                "segment.bytes",
                "B",
                (1000.0, 1_073_741_824.0),
                |s| f64::from(s.cleanup.segment_bytes),
                |s, n| {
                    s.cleanup.segment_bytes = n as u32;
                },
            ),
            log(
                "segment-ms",
                "segment.ms",
                "ms",
                (1000.0, 30.0 * DAY_MS),
                |s| s.cleanup.segment_ms as f64,
                |s, n| s.cleanup.segment_ms = n as i64,
            ),
            number(
                "dirty-ratio",
                "min.cleanable.dirty.ratio",
                "",
                (0.0, 1.0, 0.01),
                |s| s.cleanup.min_cleanable_dirty_ratio,
                |s, n| {
                    s.cleanup.min_cleanable_dirty_ratio = n;
                },
            ),
            log(
                "compaction-lag",
                "min.compaction.lag.ms",
                "ms",
                (0.0, 30.0 * DAY_MS),
                |s| s.cleanup.min_compaction_lag_ms as f64,
                |s, n| {
                    s.cleanup.min_compaction_lag_ms = n as i64;
                },
            ),
            log(
                "max-compaction-lag",
                "max.compaction.lag.ms",
                "ms",
                (0.0, 30.0 * DAY_MS),
                |s| s.cleanup.max_compaction_lag_ms.max(0) as f64,
                |s, n| s.cleanup.max_compaction_lag_ms = if n > 0.0 { n as i64 } else { -1 },
            ),
            log(
                "delete-retention",
                "delete.retention.ms",
                "ms",
                (0.0, 30.0 * DAY_MS),
                |s| s.cleanup.delete_retention_ms as f64,
                |s, n| {
                    s.cleanup.delete_retention_ms = n as i64;
                },
            ),
            log(
                "check-interval",
                "log.retention.check.interval.ms",
                "ms",
                (1000.0, DAY_MS),
                |s| s.cleanup.check_interval_ms as f64,
                |s, n| s.cleanup.check_interval_ms = n.max(1.0) as i64,
            ),
            log(
                "idle",
                "",
                "ms",
                (0.0, 30.0 * DAY_MS),
                |s| s.cleanup.idle_ms as f64,
                |s, n| s.cleanup.idle_ms = n as i64,
            ),
        ],
    },
    Group {
        id: "rebuild",
        is_changed: |a, b| a.compare != b.compare || a.shards != b.shards,
        settings: &[
            choice(
                "compare",
                "",
                &["auto", "group", "rebuild"],
                |s| match s.compare {
                    Compare::Auto => "auto",
                    Compare::Group => "group",
                    Compare::Rebuild => "rebuild",
                },
                |s, name| {
                    s.compare = match name {
                        "group" => Compare::Group,
                        "rebuild" => Compare::Rebuild,
                        _ => Compare::Auto,
                    };
                },
            ),
            number("shards", "", "", (1.0, 32.0, 1.0), |s| f64::from(s.shards.max(1)), |s, n| s.shards = n as u32),
        ],
    },
    Group {
        id: "alert",
        is_changed: |a, b| a.alert != b.alert,
        settings: &[
            log(
                "alert-records",
                "records-lag-max",
                "",
                (0.0, 1_000_000.0),
                |s| f64::from(s.alert.lag_records),
                |s, n| s.alert.lag_records = n as u32,
            ),
            log("alert-seconds", "", "s", (0.0, 86_400.0), |s| s.alert.lag_seconds, |s, n| s.alert.lag_seconds = n),
        ],
    },
    Group {
        id: "chance",
        is_changed: |a, b| a.seed != b.seed,
        settings: &[number("seed", "", "", (0.0, 999.0, 1.0), |s| s.seed as f64, |s, n| s.seed = n as u64)],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What a control writes it reads back, and every value that it offers is one that the engine takes.
    #[test]
    fn controls_read_back_what_they_write() {
        for setting in GROUPS.iter().flat_map(|group| group.settings) {
            let mut scenario = Scenario::default();
            match &setting.kind {
                Kind::Number { min, max, step, get, set, .. } => {
                    for value in [*max, (min + max) / 2.0, *min] {
                        let value = ((value / step).round() * step * 1e6).round() / 1e6;
                        set(&mut scenario, value);
                        assert!((get(&scenario) - value).abs() < 1e-6, "{} at {value}", setting.id);
                        assert_eq!(scenario.check(), Ok(()), "{} at {value}", setting.id);
                    }
                }
                Kind::Choice { options, get, set } => {
                    for option in *options {
                        set(&mut scenario, option);
                        assert_eq!(get(&scenario), *option, "{}", setting.id);
                        assert_eq!(scenario.check(), Ok(()), "{} at {option}", setting.id);
                    }
                }
                Kind::List { get, set, fresh, .. } => {
                    for n in 0..3 {
                        let mut rows = get(&scenario);
                        assert_eq!(rows.len(), n, "{}", setting.id);
                        rows.push(fresh(&scenario, &rows));
                        set(&mut scenario, &rows);
                        assert_eq!(get(&scenario), rows, "{}", setting.id);
                        assert_eq!(scenario.check(), Ok(()), "{} with {} rows", setting.id, n + 1);
                    }
                    // Whatever is taken away, the rest is a scenario still.
                    scenario.consumers.count = 0;
                    for n in (0..3).rev() {
                        let rows = get(&scenario);
                        set(&mut scenario, &rows[..n.min(rows.len())]);
                        assert_eq!(scenario.check(), Ok(()), "{} with {n} rows", setting.id);
                    }
                }
                Kind::Switch { get, set } => {
                    for on in [true, false] {
                        set(&mut scenario, on);
                        assert_eq!(get(&scenario), on, "{}", setting.id);
                    }
                }
            }
        }
    }
}
