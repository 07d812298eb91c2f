//! What a jq program sees of the record.

use super::{hex, value_of};
use replay_log::{Json, Record, RowChange, RowOp};

/// `$record`: what the export says of the record; null is what it does not say.
#[inline(never)]
pub(super) fn record(record: &Record<'_>) -> Json {
    let mut headers: Vec<(Box<str>, Json)> = Vec::new();
    for header in &record.headers {
        let value = header.value.as_deref().map_or(Json::Null, bytes);
        // Names repeat; like Kafka's `lastHeader`, the last one counts.
        match headers.iter_mut().find(|(name, _)| **name == *header.name) {
            Some((_, old)) => *old = value,
            None => headers.push((header.name.as_ref().into(), value)),
        }
    }
    let topic = Some(record.topic.as_ref()).filter(|topic| !topic.is_empty());
    object([
        ("topic", text(topic)),
        ("partition", number(record.partition.map(i64::from))),
        ("offset", number(record.offset)),
        ("timestamp", number(record.timestamp_ms)),
        ("key", record.key.as_deref().map_or(Json::Null, bytes)),
        ("headers", Json::Object(headers)),
        ("type", text(record.event_type.as_deref())),
        ("id", text(record.event_id.as_deref())),
        ("version", number(record.version)),
        ("changes", Json::Array(record.changes.iter().map(change).collect())),
    ])
}

fn change(change: &RowChange<'_>) -> Json {
    let op = match change.op {
        RowOp::Insert => "insert",
        RowOp::Read => "read",
        RowOp::Update => "update",
        RowOp::Delete => "delete",
        RowOp::Truncate => "truncate",
    };
    object([
        ("op", text(Some(op))),
        ("table", text(Some(&change.table))),
        ("key", text(change.entity.as_deref())),
        ("before", change.before.as_deref().map_or(Json::Null, value_of)),
        ("after", change.after.as_deref().map_or(Json::Null, value_of)),
    ])
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn text(text: Option<&str>) -> Json {
    text.map_or(Json::Null, |text| Json::String(text.into()))
}

fn number(number: Option<i64>) -> Json {
    number.map_or(Json::Null, |number| Json::Number(number.to_string().into()))
}

/// Text as it is, other bytes in hexadecimal digits.
fn bytes(bytes: &[u8]) -> Json {
    std::str::from_utf8(bytes).map_or_else(|_| Json::String(hex(bytes).into()), |text| Json::String(text.into()))
}
