//! Canal's flat messages and `TiCDC`'s canal-json: many rows in one message, every value a string.
//!
//! Sources: alibaba/canal `FlatMessage.java`, pingcap/tiflow `canal_json_message.go`.

use crate::cdc::{Change, Image, Object, Parsed, Rows, dotted, merged, op_name, push_member};
use crate::decode::Depth;
use crate::time::TimeUnit;
use crate::value::string_content;
use replay_log::record::RowOp;

/// One message with the rows of `data` and what they were in `old`.
pub(crate) fn message(rows: &Rows<'_>, object: &[u8]) -> Parsed {
    let message = Object::new(object);
    let kind = message.text("type").unwrap_or_default();
    let table = message.text("table").unwrap_or_default();
    let topic = dotted(&[message.text("database"), Some(table.clone())]);
    let timestamp_ms = message.time("es", TimeUnit::Millis);
    let op = match kind.as_str() {
        "INSERT" => RowOp::Insert,
        "UPDATE" => RowOp::Update,
        "DELETE" => RowOp::Delete,
        "TRUNCATE" => RowOp::Truncate,
        _ => return Parsed { topic, timestamp_ms, ..Parsed::control(&kind.to_ascii_lowercase()) },
    };
    let event_type = Some(op_name(op).to_owned());
    if op == RowOp::Truncate {
        let change = Change { op, table, entity: None, before: None, after: None };
        return Parsed { topic, timestamp_ms, event_type, changes: vec![change], ..Parsed::default() };
    }
    let primary_key = message.texts("pkNames");
    let types = Object::new(message.get("mysqlType").unwrap_or_default());
    let old = message.array("old");
    let mut changes = Vec::new();
    for (i, row) in message.array("data").into_iter().enumerate() {
        let entity = rows.entity(Some(row), &primary_key);
        let columns = Object::new(row);
        let old = old.get(i).filter(|old| old.first() == Some(&b'{'));
        let whole = old.map(|old| merged(&columns, &Object::new(old)));
        let image =
            |row: &Object<'_>| Image::Made(if rows.depth == Depth::Full { typed(row, &types) } else { Vec::new() });
        let before = whole.as_deref().map(|whole| image(&Object::new(whole)));
        let row = image(&columns);
        let (before, after) = if op == RowOp::Delete { (Some(row), None) } else { (before, Some(row)) };
        let change = Change { op, table: table.clone(), entity, before, after };
        changes.extend(rows.moves(change, whole.as_deref(), &primary_key));
    }
    let event_id = Object::new(message.get("_tidb").unwrap_or_default()).text("commitTs");
    Parsed { is_control: false, topic, timestamp_ms, event_id, event_type, changes }
}

/// The row with numbers where the column's type is a number.
fn typed(row: &Object<'_>, types: &Object<'_>) -> Vec<u8> {
    let mut out = vec![b'{'];
    for (name, value) in row.iter() {
        let kind = std::str::from_utf8(name).ok().and_then(|name| types.text(name)).unwrap_or_default();
        match string_content(value) {
            Some(content) if is_number_type(&kind) && is_number(&content) => push_member(&mut out, name, &content),
            _ => push_member(&mut out, name, value),
        }
    }
    out.push(b'}');
    out
}

fn is_number_type(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    ["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "numeric", "float", "double", "year"]
        .iter()
        .any(|number| kind.starts_with(number))
}

/// True if the text is a JSON number as it stands.
fn is_number(text: &[u8]) -> bool {
    text.first().is_some_and(|first| first.is_ascii_digit() || *first == b'-')
        && replay_log::scan::value_end(text, 0) == Ok(text.len())
}
