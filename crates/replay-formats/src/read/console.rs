//! Text with a record per line: `kafka-console-consumer` with its `print.*` columns, `kcat -f` and `-K`, Confluent's CLI.
//!
//! Sources: Apache Kafka `DefaultMessageFormatter.java`; kcat `format.c`; confluentinc/cli `confluent_kafka.go`.

use crate::error::Cause;
use crate::read::transcribe::{Cell, Output, TextRecord, Transcribe};
use crate::text::{excerpt, find, is_tool_message};
use crate::time::integer;
use crate::value::is_json_document;
use rustc_hash::FxHashMap;

/// The columns of the console consumer that begin with their name.
const NAMED: [&[u8]; 6] = [b"CreateTime:", b"LogAppendTime:", b"Partition:", b"Offset:", b"Delivery:", b"Epoch:"];

/// How the lines of a text are put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LineShape {
    /// Named columns, then perhaps headers and a key, then the value, then perhaps the partition's number.
    Console { separator: Vec<u8>, has_headers: bool, has_key: bool, has_partition: bool },
    /// A key, the separator, the value.
    KeyValue { separator: Vec<u8> },
    /// Perhaps a key, the value, and the partition's number, as releases before 2.7 print it.
    Partition { separator: Vec<u8>, has_key: bool },
    /// `key TAB Timestamp:… Partition:… Offset:… TAB value`, and a line `% Headers: […]` behind.
    ConfluentCli,
    /// `Topic t [p] at offset o…: value`.
    KcatSentence,
    /// Columns by tab, each with its meaning.
    KcatTabs { columns: Vec<Column> },
}

/// What a tab-separated column of `kcat -f` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Topic,
    Partition,
    Offset,
    Timestamp,
    Key,
    Size,
    Headers,
    Value,
}

/// What may stand between key and value, likeliest first.
const SEPARATORS: [&[u8]; 8] = [b"\t", b" | ", b"|", b" => ", b"=>", b" ", b":", b","];

/// Finds the shape in the lines of a sample, messages of tools left out.
pub(crate) fn line_shape(lines: &[&[u8]]) -> Option<LineShape> {
    let majority = |n: usize| n * 2 > lines.len();
    let count = |test: &dyn Fn(&[u8]) -> bool| lines.iter().filter(|line| test(line)).count();
    if lines.is_empty() {
        return None;
    }
    if majority(count(&|line| named_column(line).is_some())) {
        return console_shape(lines);
    }
    if majority(count(&|line| cli_parts(line).is_some())) {
        return Some(LineShape::ConfluentCli);
    }
    if majority(count(&|line| sentence(line).is_some())) {
        return Some(LineShape::KcatSentence);
    }
    if majority(count(&|line| is_json_document(line))) {
        return None;
    }
    if let Some(shape) = partition_shape(lines) {
        return Some(shape);
    }
    if let Some(columns) = tab_columns(lines) {
        return Some(LineShape::KcatTabs { columns });
    }
    SEPARATORS.iter().find_map(|separator| {
        let fits = count(&|line| !is_json_document(line) && split_value(line, separator).is_some());
        // Keys of objects are no text with a separator: `{"a"` and `1}` are not key and value.
        (fits * 10 > lines.len() * 9).then(|| LineShape::KeyValue { separator: separator.to_vec() })
    })
}

/// Key and value, if the value is a JSON document or one of the words for null.
fn split_value<'a>(line: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let is_value = |value: &[u8]| {
        let may_be_empty = separator == b"\t" || separator == b"|";
        matches!(value, b"null" | b"NULL") || (value.is_empty() && may_be_empty) || is_json_document(value)
    };
    match line.first()? {
        // A key that is JSON itself may hold the separator.
        b'{' | b'"' => {
            let end = replay_log::scan::value_end(line, 0).ok()?;
            let value = line[end..].strip_prefix(separator)?;
            is_value(value).then_some((&line[..end], value))
        }
        b'[' => None,
        // Keys like `user:7` may hold it too, a few times.
        _ => memchr::memmem::find_iter(line, separator).take(8).find_map(|at| {
            let value = &line[at + separator.len()..];
            is_value(value).then_some((&line[..at], value))
        }),
    }
}

/// The length of a named column at the start of the line.
fn named_column(line: &[u8]) -> Option<usize> {
    if line.starts_with(b"NO_TIMESTAMP") {
        return Some(b"NO_TIMESTAMP".len());
    }
    let name = NAMED.iter().find(|name| line.starts_with(name))?;
    let rest = &line[name.len()..];
    if rest.starts_with(b"NOT_PRESENT") {
        return Some(name.len() + b"NOT_PRESENT".len());
    }
    let digits = rest.iter().take_while(|b| b.is_ascii_digit() || **b == b'-').count();
    (digits > 0).then_some(name.len() + digits)
}

/// The line without the partition's number at its end. Partitions of a topic are few.
fn before_partition<'a>(line: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], i64)> {
    let digits = line.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (rest, number) = line.split_at(line.len() - digits);
    let is_number = (1..=5).contains(&digits) && (digits == 1 || number[0] != b'0');
    Some((rest.strip_suffix(separator)?, integer(number).filter(|_| is_number)?))
}

fn is_value(value: &[u8]) -> bool {
    value == b"null" || is_json_document(value)
}

/// Lines that all end with a number behind a value: JSON, or else a number at the end may be a part of it.
fn partition_shape(lines: &[&[u8]]) -> Option<LineShape> {
    SEPARATORS.iter().find_map(|separator| {
        let rests: Vec<&[u8]> =
            lines.iter().filter_map(|line| before_partition(line, separator)).map(|(rest, _)| rest).collect();
        if rests.len() * 10 < lines.len() * 9 {
            return None;
        }
        let count =
            |test: &dyn Fn(&[u8]) -> bool| rests.iter().filter(|rest| test(rest)).count() * 10 > rests.len() * 9;
        // A key that is JSON may stand before the value, which a value alone never shows.
        let has_key = count(&|rest| split_value(rest, separator).is_some());
        let is_alone = count(&is_value);
        (has_key || is_alone)
            .then(|| LineShape::Partition { separator: separator.to_vec(), has_key: has_key && !is_alone })
    })
}

fn console_shape(lines: &[&[u8]]) -> Option<LineShape> {
    let first = lines.iter().find(|line| named_column(line).is_some())?;
    let separator = separator_after(first)?;
    let rests: Vec<&[u8]> =
        lines.iter().filter_map(|line| after_named(line, &separator)).map(|(_, rest)| rest).collect();
    let headers = |rest: &&[u8]| {
        let column = find(rest, &separator).map_or(*rest, |at| &rest[..at]);
        column == b"NO_HEADERS" || is_header_column(column)
    };
    let has_headers = !rests.is_empty() && rests.iter().all(headers);
    let rests: Vec<&[u8]> = if has_headers {
        rests.iter().filter_map(|rest| rest.get(find(rest, &separator)? + separator.len()..)).collect()
    } else {
        rests
    };
    let starts_like_value = |rest: &[u8]| is_json_document(rest) || rest == b"null";
    // The column of that name stands before, in releases that have it.
    let is_bare_number = |rest: &&&[u8]| {
        before_partition(rest, &separator).is_some_and(|(rest, _)| {
            is_value(rest)
                || memchr::memmem::find_iter(rest, &separator).any(|at| is_value(&rest[at + separator.len()..]))
        })
    };
    let has_partition = !has_headers
        && (rests.iter().filter(is_bare_number).count() * 2 > rests.len()
            || are_plain_before_partition(&rests, &separator));
    let rests: Vec<&[u8]> = if has_partition {
        rests.iter().map(|rest| before_partition(rest, &separator).map_or(*rest, |(rest, _)| rest)).collect()
    } else {
        rests
    };
    let with_key = rests.iter().filter(|rest| find(rest, &separator).is_some() && !starts_like_value(rest));
    let has_key = with_key.count() * 2 > rests.len();
    Some(LineShape::Console { separator, has_headers, has_key, has_partition })
}

/// Whether all are a key, a text and a number that is the same wherever the key is: behind a text that alone is none of a partition.
fn are_plain_before_partition(rests: &[&[u8]], separator: &[u8]) -> bool {
    // These occur in texts.
    if matches!(separator, b" " | b":" | b",") {
        return false;
    }
    let (mut of_keys, mut repeated) = (FxHashMap::default(), false);
    rests.iter().all(|line| {
        let Some((rest, partition)) = before_partition(line, separator) else { return false };
        let mut separators = memchr::memmem::find_iter(rest, separator);
        let (Some(at), None) = (separators.next(), separators.next()) else { return false };
        // Without a key there is no rule.
        if &rest[..at] == b"null" {
            return true;
        }
        let known = of_keys.insert(&rest[..at], partition);
        repeated |= known.is_some();
        known.is_none_or(|known| known == partition)
    }) && repeated
}

/// What stands between the first column and the next.
fn separator_after(line: &[u8]) -> Option<Vec<u8>> {
    let rest = &line[named_column(line)?..];
    // Up to the next named column, if there is one.
    let next = (1..rest.len().min(16)).find(|at| named_column(&rest[*at..]).is_some());
    if let Some(next) = next {
        return Some(rest[..next].to_vec());
    }
    if rest.starts_with(b"\t") {
        return Some(b"\t".to_vec());
    }
    let length = rest.iter().take_while(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'{' | b'[' | b'"')).count();
    if length == 0 { Some(b"\t".to_vec()) } else { Some(rest[..length].to_vec()) }
}

/// The named columns of a line, and what follows them.
fn after_named<'a>(line: &'a [u8], separator: &[u8]) -> Option<(Vec<&'a [u8]>, &'a [u8])> {
    let mut columns = Vec::new();
    let mut rest = line;
    while let Some(length) = named_column(rest) {
        columns.push(&rest[..length]);
        let Some(next) = rest[length..].strip_prefix(separator) else { return Some((columns, &rest[length..])) };
        rest = next;
    }
    if columns.is_empty() { None } else { Some((columns, rest)) }
}

/// `name:value,name:value`, where a name has no blank and no brace.
fn is_header_column(column: &[u8]) -> bool {
    let name =
        column.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'$')).count();
    name > 0 && column.get(name) == Some(&b':')
}

/// Headers by commas, but only where a name and a mark follow: values may hold commas.
pub(crate) fn headers(column: &[u8], mark: u8, null: &[u8]) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let mut headers: Vec<(Vec<u8>, Option<Vec<u8>>)> = Vec::new();
    if column.is_empty() || column == b"NO_HEADERS" {
        return headers;
    }
    for part in column.split(|b| *b == b',') {
        let name = part.iter().take_while(|b| **b != mark).count();
        // A piece of JSON is none.
        let is_named = part[..name].iter().all(|b| !matches!(b, b' ' | b'"' | b'{' | b'}' | b'[' | b']'));
        let is_header = name > 0 && name < part.len() && is_named;
        match headers.last_mut() {
            Some((_, Some(value))) if !is_header => {
                value.push(b',');
                value.extend_from_slice(part);
            }
            _ if is_header => headers.push((part[..name].to_vec(), Some(part[name + 1..].to_vec()))),
            _ => {}
        }
    }
    for (_, value) in &mut headers {
        if value.as_deref() == Some(null) {
            *value = None;
        }
    }
    headers
}

/// Key, the three numbers, value.
type CliParts<'a> = (&'a [u8], [Option<i64>; 3], &'a [u8]);

fn cli_parts(line: &[u8]) -> Option<CliParts<'_>> {
    let mark = find(line, b"Timestamp:")?;
    let key = line[..mark].strip_suffix(b"\t").unwrap_or(&line[..mark]);
    let numbers = memchr::memchr(b'\t', &line[mark..]).map_or(&line[mark..], |tab| &line[mark..mark + tab]);
    let mut found = [None; 3];
    for word in numbers.split(|b| *b == b' ') {
        for (slot, name) in found.iter_mut().zip([&b"Timestamp:"[..], b"Partition:", b"Offset:"]) {
            if let Some(digits) = word.strip_prefix(name) {
                *slot = integer(digits);
            }
        }
    }
    found[1]?;
    found[2]?;
    let value = line.get(mark + numbers.len() + 1..).unwrap_or_default();
    Some((key, found, value))
}

/// `Topic t [p] at offset o, ts n, key k, headers h: value`, parts of it left out.
fn sentence(line: &[u8]) -> Option<TextRecord> {
    let rest = line.strip_prefix(b"Topic ")?;
    let bracket = find(rest, b" [")?;
    let topic = rest[..bracket].to_vec();
    let rest = &rest[bracket + 2..];
    let close = find(rest, b"] at offset ")?;
    let partition = integer(&rest[..close])?;
    let rest = &rest[close + b"] at offset ".len()..];
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut record = TextRecord {
        topic: Some(topic),
        partition: Some(partition),
        offset: Some(integer(&rest[..digits])?),
        ..TextRecord::default()
    };
    let mut rest = &rest[digits..];
    loop {
        let part = [&b", ts "[..], b", timestamp ", b", key ", b": key ", b", headers "]
            .iter()
            .find_map(|name| rest.strip_prefix(*name).map(|after| (*name, after)));
        let Some((name, after)) = part else { break };
        let ends = [&b", headers "[..], b", ts ", b", key ", b": "];
        let end = ends.iter().filter_map(|end| find(after, end)).min()?;
        let text = &after[..end];
        match name {
            b", headers " => record.headers = headers(text, b'=', b"NULL"),
            b", key " | b": key " => record.key = Cell::Bytes(text.to_vec()),
            _ => record.timestamp_ms = integer(text).filter(|ms| *ms != -1),
        }
        rest = &after[end..];
    }
    let value = rest.strip_prefix(b": ").or_else(|| rest.strip_prefix(b":"))?;
    record.value = Cell::Bytes(value.to_vec());
    Some(record)
}

/// The meaning of tab-separated columns, if topic, partition and offset come first.
fn tab_columns(lines: &[&[u8]]) -> Option<Vec<Column>> {
    // Others may be what values go on with.
    let is_place = |line: &&&[u8]| {
        let mut cells = line.split(|byte| *byte == b'\t').skip(1).take(2).map(|cell| integer(cell).is_some());
        cells.next() == Some(true) && cells.next() == Some(true)
    };
    let (all, first) = (lines.len(), lines.first());
    let lines: Vec<&[u8]> = lines.iter().filter(is_place).copied().collect();
    let count = lines.iter().map(|line| memchr::memchr_iter(b'\t', line).count() + 1).min()?;
    // A first line of names is that of a table.
    if lines.len() * 2 <= all || lines.first() != first {
        return None;
    }
    if !(4..=8).contains(&count) {
        return None;
    }
    let column =
        |i: usize| lines.iter().map(move |line| line.splitn(count, |b| *b == b'\t').nth(i).unwrap_or_default());
    let all = |i: usize, test: &dyn Fn(&[u8]) -> bool| column(i).all(test);
    let is_number = |cell: &[u8]| integer(cell).is_some();
    if all(0, &is_number) || !all(1, &is_number) || !all(2, &is_number) || lines.len() < 2 {
        return None;
    }
    let mut columns = vec![Column::Topic, Column::Partition, Column::Offset];
    let has_key_and_more = |columns: &[Column]| columns.contains(&Column::Key);
    for i in 3..count - 1 {
        let is_time = all(i, &|cell| integer(cell).is_some_and(|n| n == -1 || n > 100_000_000_000));
        columns.push(if is_time && !columns.contains(&Column::Timestamp) {
            Column::Timestamp
        } else if has_key_and_more(&columns) && all(i, &is_number) {
            Column::Size
        } else if has_key_and_more(&columns) {
            Column::Headers
        } else {
            Column::Key
        });
    }
    columns.push(Column::Value);
    Some(columns)
}

/// Writes lines of one shape over into records.
pub(crate) struct ConsoleReader {
    shape: LineShape,
    /// A value may go on in the next line, so a record waits for the one after it.
    waiting: Option<TextRecord>,
}

impl ConsoleReader {
    pub(crate) fn new(shape: LineShape) -> ConsoleReader {
        ConsoleReader { shape, waiting: None }
    }

    fn parse(&self, line: &[u8]) -> Option<TextRecord> {
        match &self.shape {
            LineShape::Console { separator, has_headers, has_key, .. } => {
                console(line, separator, *has_headers, *has_key)
            }
            LineShape::Partition { separator, has_key } => {
                let (rest, partition) = before_partition(line, separator)?;
                let (key, value) = if *has_key { split_value(rest, separator)? } else { (&b""[..], rest) };
                let key = if *has_key { or_null(key) } else { Cell::Absent };
                Some(TextRecord { partition: Some(partition), key, value: or_null(value), ..TextRecord::default() })
            }
            LineShape::KeyValue { separator } => {
                // Lines whose values are no JSON are split at the first separator.
                let (key, value) = split_value(line, separator).or_else(|| {
                    let at = find(line, separator)?;
                    Some((&line[..at], &line[at + separator.len()..]))
                })?;
                Some(TextRecord { key: or_null(key), value: or_null(value), ..TextRecord::default() })
            }
            LineShape::ConfluentCli => {
                let (key, [timestamp_ms, partition, offset], value) = cli_parts(line)?;
                Some(TextRecord {
                    partition,
                    offset,
                    timestamp_ms,
                    key: or_null(key),
                    value: Cell::Bytes(value.to_vec()),
                    ..TextRecord::default()
                })
            }
            LineShape::KcatSentence => sentence(line),
            LineShape::KcatTabs { columns } => tabs(line, columns),
        }
    }

    fn flush(&mut self, out: &mut Output<'_>) {
        if let Some(mut record) = self.waiting.take() {
            // The value is whole only now.
            if let (LineShape::Console { separator, has_partition: true, .. }, Cell::Bytes(text)) =
                (&self.shape, &record.value)
                && let Some((value, partition)) = before_partition(text, separator)
            {
                (record.partition, record.value) = (Some(partition), or_null(value));
            }
            record.write(out.store);
        }
    }
}

/// The console consumer prints `null`, kcat `NULL` if asked to.
fn or_null(text: &[u8]) -> Cell {
    if matches!(text, b"null" | b"NULL") { Cell::Null } else { Cell::Bytes(text.to_vec()) }
}

fn console(line: &[u8], separator: &[u8], has_headers: bool, has_key: bool) -> Option<TextRecord> {
    let (columns, mut rest) = after_named(line, separator)?;
    let mut record = TextRecord::default();
    for column in columns {
        let (name, number) = column.split_at(memchr::memchr(b':', column).map_or(column.len(), |colon| colon + 1));
        match name {
            b"CreateTime:" | b"LogAppendTime:" => record.timestamp_ms = integer(number).filter(|ms| *ms != -1),
            b"Partition:" => record.partition = integer(number),
            b"Offset:" => record.offset = integer(number),
            _ => {}
        }
    }
    let next = |rest: &mut &[u8]| -> Option<Vec<u8>> {
        let at = find(rest, separator)?;
        let column = rest[..at].to_vec();
        *rest = &rest[at + separator.len()..];
        Some(column)
    };
    if has_headers {
        record.headers = headers(&next(&mut rest)?, b':', b"null");
    }
    if has_key {
        // A key that is JSON itself may hold the separator.
        let json_key = rest.first() == Some(&b'{');
        let end = if json_key { replay_log::scan::value_end(rest, 0).ok() } else { None };
        record.key = match end.and_then(|end| Some((end, rest[end..].strip_prefix(separator)?))) {
            Some((end, value)) => {
                let key = rest[..end].to_vec();
                rest = value;
                Cell::Bytes(key)
            }
            None => or_null(&next(&mut rest)?),
        };
    }
    record.value = or_null(rest);
    Some(record)
}

fn tabs(line: &[u8], columns: &[Column]) -> Option<TextRecord> {
    let cells: Vec<&[u8]> = line.splitn(columns.len(), |b| *b == b'\t').collect();
    if cells.len() != columns.len() {
        return None;
    }
    let mut record = TextRecord::default();
    let mut is_null = false;
    for (column, cell) in columns.iter().zip(cells) {
        match column {
            Column::Topic => record.topic = Some(cell.to_vec()),
            Column::Partition => record.partition = Some(integer(cell)?),
            Column::Offset => record.offset = Some(integer(cell)?),
            Column::Timestamp => record.timestamp_ms = integer(cell).filter(|ms| *ms != -1),
            Column::Key => record.key = or_null(cell),
            Column::Size => is_null = cell == b"-1",
            Column::Headers => record.headers = headers(cell, b'=', b"NULL"),
            Column::Value => record.value = if is_null { Cell::Null } else { or_null(cell) },
        }
    }
    Some(record)
}

impl Transcribe for ConsoleReader {
    fn line(&mut self, line: &[u8], number: u64, out: &mut Output<'_>) {
        if let Some(record) = self.parse(line) {
            self.flush(out);
            self.waiting = Some(record);
            return;
        }
        if self.shape == LineShape::ConfluentCli
            && let Some(list) = line.strip_prefix(b"% Headers: [")
            && let Some(record) = &mut self.waiting
        {
            record.headers = cli_headers(list.strip_suffix(b"]").unwrap_or(list));
            return;
        }
        if is_tool_message(line) {
            return;
        }
        match &mut self.waiting {
            // A value over several lines. A JSON document is complete and cannot go on.
            Some(TextRecord { value: Cell::Bytes(value), .. }) if !is_complete(value) => {
                value.push(b'\n');
                value.extend_from_slice(line);
            }
            _ => out.errors.add_at(number, 1, Cause::NotARecord(excerpt(line)), line, 0),
        }
    }

    fn finish(&mut self, out: &mut Output<'_>) {
        self.flush(out);
    }

    fn goes_on(&mut self, line: &[u8], _from: usize) -> bool {
        // Where sizes are printed, the value is as long as the last of them says, whatever it holds.
        let LineShape::KcatTabs { columns } = &self.shape else { return false };
        let Some(size) = columns.iter().rposition(|column| *column == Column::Size) else { return false };
        let mut cells = line.splitn(columns.len(), |byte| *byte == b'\t');
        let size = cells.nth(size).and_then(integer).and_then(|size| usize::try_from(size).ok());
        let value = cells.last().filter(|_| columns.last() == Some(&Column::Value));
        matches!((size, value), (Some(size), Some(value)) if value.len() < size && size < 64 << 20)
    }
}

/// Cheap: only a value that opens like JSON is looked at again for each line that follows, and only if it closes.
fn is_complete(value: &[u8]) -> bool {
    matches!(value.first(), Some(b'{' | b'[')) && matches!(value.last(), Some(b'}' | b']')) && is_json_document(value)
}

/// `a="1" b="2"`.
fn cli_headers(list: &[u8]) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let mut headers = Vec::new();
    let mut rest = list;
    while let Some(mark) = find(rest, b"=\"") {
        let name = rest[..mark].trim_ascii().to_vec();
        let after = &rest[mark + 2..];
        let Some(end) = (0..after.len()).find(|i| after[*i] == b'"' && (*i == 0 || after[*i - 1] != b'\\')) else {
            break;
        };
        headers.push((name, Some(crate::value::unescaped(&after[..end]).into_owned())));
        rest = &after[end + 1..];
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Errors;
    use crate::read::transcribe::Transcription;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let lines: Vec<&[u8]> = text.lines().map(str::as_bytes).filter(|line| !is_tool_message(line)).collect();
        let shape = line_shape(&lines).unwrap();
        let (mut store, mut errors) = (Vec::new(), Errors::default());
        let mut transcription = Transcription::new(Box::new(ConsoleReader::new(shape)));
        let mut out = Output { store: &mut store, errors: &mut errors };
        transcription.push(text.as_bytes(), &mut out);
        transcription.finish(&mut out);
        assert_eq!(String::from_utf8(store).unwrap().lines().collect::<Vec<_>>(), expected);
        assert_eq!(errors.kept, []);
    }

    #[test]
    fn columns_of_the_console_consumer_are_found_with_any_separator() {
        check(
            "CreateTime:7 | Partition:2 | Offset:0 | a:1,b:2 | k | {\"x\": 1}\nCreateTime:8 | Partition:2 | Offset:1 | NO_HEADERS | k | null\n",
            &[
                r#"{"partition":2,"offset":0,"timestamp":7,"headers":["a","1","b","2"],"key":"k","value":{"x": 1}}"#,
                r#"{"partition":2,"offset":1,"timestamp":8,"key":"k","value":null}"#,
            ],
        );
        check("CreateTime:7\tk\t{}\n", &[r#"{"timestamp":7,"key":"k","value":{}}"#]);
        check("CreateTime:7\t{}\n", &[r#"{"timestamp":7,"value":{}}"#]);
    }

    #[test]
    fn a_number_behind_the_value_is_the_partition_that_old_releases_print() {
        check(
            "CreateTime:7\tk\t{\"x\":1}\t2\nCreateTime:8\tk\tnull\t12\n",
            &[
                r#"{"partition":2,"timestamp":7,"key":"k","value":{"x":1}}"#,
                r#"{"partition":12,"timestamp":8,"key":"k","value":null}"#,
            ],
        );
        check("CreateTime:7\t{\"x\":1}\t2\n", &[r#"{"partition":2,"timestamp":7,"value":{"x":1}}"#]);
        check("k\t{\"x\":1}\t2\n", &[r#"{"partition":2,"key":"k","value":{"x":1}}"#]);
        check(
            "{\"x\":1}\t2\n{\"x\":2}\t0\n",
            &[r#"{"partition":2,"value":{"x":1}}"#, r#"{"partition":0,"value":{"x":2}}"#],
        );
        check(
            "CreateTime:7\tk\ta 1\t2\nCreateTime:8\tj\t\t0\nCreateTime:9\tk\tnull\t2\nCreateTime:9\tnull\tb\t1\n",
            &[
                r#"{"partition":2,"timestamp":7,"key":"k","value":"a 1"}"#,
                r#"{"partition":0,"timestamp":8,"key":"j","value":""}"#,
                r#"{"partition":2,"timestamp":9,"key":"k","value":null}"#,
                r#"{"partition":1,"timestamp":9,"key":null,"value":"b"}"#,
            ],
        );
        // These numbers are parts of values: they differ where the key is the same, or no key tells.
        check(
            "CreateTime:7\tk\ta\t5\nCreateTime:8\tk\tb\t6\n",
            &[r#"{"timestamp":7,"key":"k","value":"a\t5"}"#, r#"{"timestamp":8,"key":"k","value":"b\t6"}"#],
        );
        check("CreateTime:7\tk\ta\t5\n", &[r#"{"timestamp":7,"key":"k","value":"a\t5"}"#]);
        // These numbers are the values, and a part of one.
        check("CreateTime:7\tk\t5\n", &[r#"{"timestamp":7,"key":"k","value":"5"}"#]);
        check("CreateTime:7\tk\tround 5\n", &[r#"{"timestamp":7,"key":"k","value":"round 5"}"#]);
    }

    #[test]
    fn commas_end_a_header_only_where_a_name_follows() {
        check(
            "CreateTime:7\ta:1,2,b:{\"x\":1,\"y\":2}\tk\t{}\n",
            &[r#"{"timestamp":7,"headers":["a","1,2","b","{\"x\":1,\"y\":2}"],"key":"k","value":{}}"#],
        );
    }

    #[test]
    fn values_may_go_on_in_the_next_line() {
        check(
            "CreateTime:7\tk\ttwo\nlines\nCreateTime:8\tk\tone\n",
            &[r#"{"timestamp":7,"key":"k","value":"two\nlines"}"#, r#"{"timestamp":8,"key":"k","value":"one"}"#],
        );
    }

    #[test]
    fn sizes_say_how_far_a_value_reaches() {
        check(
            "t\t0\t1\tk\t3\ta\nb\nt\t0\t2\tk\t-1\t\nt\t0\t3\tk\t0\t\n",
            &[
                r#"{"topic":"t","partition":0,"offset":1,"key":"k","value":"a\nb"}"#,
                r#"{"topic":"t","partition":0,"offset":2,"key":"k","value":null}"#,
                r#"{"topic":"t","partition":0,"offset":3,"key":"k","value":""}"#,
            ],
        );
    }

    #[test]
    fn keys_and_values_are_split_once() {
        check("k\t{\"a\":\"\\t\"}\nk\tnull\n", &[r#"{"key":"k","value":{"a":"\t"}}"#, r#"{"key":"k","value":null}"#]);
        check("{\"id\":1}\t{\"a\":1}\n", &[r#"{"key":"{\"id\":1}","value":{"a":1}}"#]);
    }

    #[test]
    fn kcat_sentences_and_confluent_lines_are_read() {
        check(
            "Topic t [2] at offset 10, ts 7, key k, headers a=1,b=NULL: x: y\n",
            &[
                r#"{"topic":"t","partition":2,"offset":10,"timestamp":7,"headers":["a","1","b",null],"key":"k","value":"x: y"}"#,
            ],
        );
        check(
            "k\tTimestamp:7 Partition:0 Offset:1\t{}\n% Headers: [a=\"1\"]\n",
            &[r#"{"partition":0,"offset":1,"timestamp":7,"headers":["a","1"],"key":"k","value":{}}"#],
        );
    }
}
