//! The shape: what the values say, by the votes of the values.

use super::evidence::Evidence;
use super::names::Names;
use crate::cdc::Object;
use crate::decode::{Depth, JsonDecoder};
use crate::format::Shape;
use crate::read::ticdc_open::{is_open, keys};
use crate::value::scalar_text;
use replay_log::record::Payload;
use replay_log::scan;

/// The shape that one value's members tell.
fn shape_of(value: &[u8]) -> Option<Shape> {
    let value = crate::value::schema_and_payload(value).map_or(value, |(_, payload)| payload);
    if value.get(scan::skip_ws(value, 0)) != Some(&b'{') {
        return None;
    }
    let names = Names::new(value);
    let all = |wanted: &[&str]| names.all(wanted);
    let any = |wanted: &[&str]| names.any(wanted);
    let text = |pointer: &str| names.at(pointer).and_then(scalar_text).unwrap_or_default();
    let is_row = all(&["op", "source"]) && names.at("/source").is_some_and(|source| source.first() == Some(&b'{'));
    let is_bound = all(&["status", "id", "event_count", "data_collections"]);
    Some(if is_row || is_bound || (all(&["ddl", "source"]) && any(&["databaseName"])) {
        Shape::Debezium
    } else if any(&["__op", "__deleted"]) {
        Shape::DebeziumUnwrapped
    } else if names.at("/metadata/record-type").is_some() {
        Shape::Dms
    } else if all(&["_tidb", "pkNames"]) || all(&["_tidb", "isDdl"]) {
        Shape::TiCdc
    } else if all(&["commitTs", "buildTs", "type", "version"]) {
        Shape::TiCdcSimple
    } else if all(&["pkNames", "isDdl"]) || all(&["mysqlType", "isDdl"]) {
        Shape::Canal
    } else if all(&["database", "table", "type", "ts"]) && any(&["data", "def", "sql"]) {
        Shape::Maxwell
    } else if all(&["table", "op_type", "op_ts"]) {
        Shape::Ogg
    } else if all(&["change"])
        && names.names.iter().all(|name| matches!(*name, b"change" | b"xid" | b"nextlsn" | b"timestamp" | b"origin"))
    {
        Shape::Wal2json
    } else if all(&["action"])
        // What begins and ends a transaction may say nothing else.
        && (any(&["columns", "identity", "xid", "lsn", "schema", "prefix"]) || names.names.len() == 1)
        && matches!(&text("/action")[..], b"B" | b"C" | b"I" | b"U" | b"D" | b"T" | b"M")
    {
        Shape::Wal2jsonV2
    } else if all(&["data", "op"]) && matches!(&text("/op")[..], b"+I" | b"-U" | b"+U" | b"-D") {
        Shape::Flink
    } else {
        return None;
    })
}

/// Why a row has no columns but those of its key.
pub(super) enum Partial {
    /// It is too large for a message.
    KeyOnly,
    /// So it is, and lies somewhere else.
    ClaimCheck,
}

/// Whether a message of `TiCDC` has only the key of its row.
///
/// Sources: pingcap/tiflow `canal_json_message.go`, `pkg/sink/codec/simple/message.go`, `pkg/sink/codec/internal/message_key.go`.
pub(super) fn partial_row(shape: Shape, key: Option<&[u8]>, value: &[u8]) -> Option<Partial> {
    let told = |object: &Object<'_>, key_only: &str, location: &str| {
        let location = object.text(location).filter(|location| !location.is_empty());
        let key_only = (object.get(key_only) == Some(b"true")).then_some(Partial::KeyOnly);
        location.map(|_| Partial::ClaimCheck).or(key_only)
    };
    let value = || Object::new(value.trim_ascii_start());
    match shape {
        Shape::TiCdc => {
            told(&Object::new(value().get("_tidb").unwrap_or_default()), "onlyHandleKey", "claimCheckLocation")
        }
        Shape::TiCdcSimple => told(&value(), "handleKeyOnly", "claimCheckLocation"),
        Shape::TiCdcOpen => keys(key?)?.into_iter().find_map(|event| told(&Object::new(event), "ohk", "ccl")),
        _ => None,
    }
}

/// The shape of most values.
pub(super) fn shape_of_values(decoder: &JsonDecoder, objects: &[&[u8]], evidence: &mut Vec<Evidence>) -> Shape {
    let mut votes: Vec<(Shape, usize)> = Vec::new();
    let mut values = 0;
    for object in objects {
        let Ok((record, _)) = decoder.decode_at(object, 0, Depth::Full) else { continue };
        let Payload::Bytes(value) = &record.value else { continue };
        values += 1;
        let is_open = record.key.as_deref().is_some_and(is_open);
        if let Some(shape) = is_open.then_some(Shape::TiCdcOpen).or_else(|| shape_of(value)) {
            match votes.iter_mut().find(|(s, _)| *s == shape) {
                Some((_, n)) => *n += 1,
                None => votes.push((shape, 1)),
            }
        }
    }
    match votes.iter().max_by_key(|(_, n)| *n).copied().filter(|(_, n)| n * 2 > values) {
        Some((shape, records)) => {
            evidence.push(Evidence::Values { format: shape.name(), records, of: values });
            shape
        }
        None => Shape::Plain,
    }
}
