//! Tables: CSV and its kin with a header line, and psql's aligned output. Each row becomes an object.

use crate::error::Cause;
use crate::read::transcribe::{Cell, Output, TextHeaders, TextRecord, Transcribe};
use crate::text::is_tool_message;
use crate::time::{integer, iso_ms};
use crate::value::{base64_bytes, is_json_document, push_json_string};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableShape {
    /// RFC 4180 with this separator; a header line first.
    Separated(u8),
    /// Redpanda Console: nothing quoted, and `;` where values had commas.
    RedpandaConsole,
    /// Aiven's S3 sink: no header; keys and values in base64, in the order of `columns`.
    Aiven {
        /// What the columns are.
        columns: [AivenColumn; AIVEN_COLUMNS],
    },
    /// psql: `a | b`, a line of dashes, rows, `(2 rows)`.
    Psql,
}

/// At most so many columns can be chosen.
const AIVEN_COLUMNS: usize = 5;

/// A column of Aiven's sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AivenColumn {
    Key,
    Value,
    Offset,
    Timestamp,
    Headers,
    None,
}

const REDPANDA_HEADER: &[u8] = b"timestamp,partitionID,offset,key,value,keySize,valueSize";

/// The table that a text with these first lines is.
pub(crate) fn table_shape(lines: &[&[u8]]) -> Option<TableShape> {
    let first = lines.first()?;
    if first.starts_with(REDPANDA_HEADER) {
        return Some(TableShape::RedpandaConsole);
    }
    let is_rule = |line: &&&[u8]| line.starts_with(b"-") && line.iter().all(|b| matches!(b, b'-' | b'+'));
    if lines.get(1).as_ref().is_some_and(is_rule) && first.contains(&b'|') {
        return Some(TableShape::Psql);
    }
    if matches!(first.first(), Some(b'{' | b'[')) {
        return None;
    }
    if let Some(columns) = aiven_columns(lines) {
        return Some(TableShape::Aiven { columns });
    }
    [b',', b'\t', b';'].into_iter().find(|separator| is_separated(lines, *separator)).map(TableShape::Separated)
}

/// Later than this many milliseconds, 1973, a number is a time and no offset.
const FIRST_TIME_MS: i64 = 100_000_000_000;

/// Columns without a header, told by what they hold: base64 of text, headers in it, a number, a time.
///
/// Source: Aiven-Open/commons-for-apache-kafka-connect, `HeadersWriter.java` and its neighbours.
fn aiven_columns(lines: &[&[u8]]) -> Option<[AivenColumn; AIVEN_COLUMNS]> {
    let rows: Vec<Vec<Option<Vec<u8>>>> =
        lines.iter().filter(|line| !line.is_empty()).map(|line| cells(line, b',')).collect();
    let width = rows.first()?.len();
    if !(1..=AIVEN_COLUMNS).contains(&width) || rows.iter().any(|row| row.len() != width) {
        return None;
    }
    let mut columns = [AivenColumn::None; AIVEN_COLUMNS];
    for (i, column) in columns.iter_mut().enumerate().take(width) {
        let all = |test: &dyn Fn(&[u8]) -> bool| rows.iter().filter_map(|row| row[i].as_deref()).all(test);
        *column = if all(&|cell| integer(cell).is_some_and(|number| number >= FIRST_TIME_MS)) {
            AivenColumn::Timestamp
        } else if all(&|cell| integer(cell).is_some()) {
            AivenColumn::Offset
        } else if all(&|cell| iso_ms(cell).is_some()) {
            AivenColumn::Timestamp
        } else if all(&|cell| cell.len().is_multiple_of(4) && base64_bytes(cell).is_some_and(|bytes| !bytes.is_empty()))
        {
            AivenColumn::Value
        } else if all(&|cell| aiven_headers(cell).is_some()) {
            AivenColumn::Headers
        } else {
            return None;
        };
    }
    let values: Vec<usize> = (0..width).filter(|i| columns[*i] == AivenColumn::Value).collect();
    // Two columns of base64 are key and value; one alone is the value.
    match values.as_slice() {
        [key, _] => columns[*key] = AivenColumn::Key,
        [_] => {}
        _ => return None,
    }
    // Values alone are told by what they say.
    let is_json = |row: &Vec<Option<Vec<u8>>>| {
        row[0].as_deref().and_then(base64_bytes).is_some_and(|value| is_json_document(&value))
    };
    let is_numbered = columns.iter().any(|column| matches!(column, AivenColumn::Offset | AivenColumn::Timestamp));
    (is_numbered || (width == 1 && rows.iter().all(is_json))).then_some(columns)
}

/// `name:value;name:value`, all of them in base64.
fn aiven_headers(cell: &[u8]) -> Option<TextHeaders> {
    let mut headers = Vec::new();
    for header in cell.split(|byte| *byte == b';') {
        let colon = memchr::memchr(b':', header)?;
        headers.push((base64_bytes(&header[..colon])?, Some(base64_bytes(&header[colon + 1..])?)));
    }
    Some(headers)
}

/// A header of names, and rows of as many cells.
fn is_separated(lines: &[&[u8]], separator: u8) -> bool {
    let header = cells(lines[0], separator);
    let is_name = |cell: &Option<Vec<u8>>| {
        cell.as_ref().is_some_and(|cell| {
            let first = cell.first().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'@' | b'#'));
            first && cell.len() <= 64 && !cell.iter().any(|b| matches!(b, b'{' | b'}' | b':' | b'='))
        })
    };
    let mut names: Vec<_> = header.iter().flatten().collect();
    names.sort_unstable();
    names.dedup();
    if header.len() < 2 || !header.iter().all(is_name) || names.len() != header.len() {
        return false;
    }
    let rows = rows(&lines[1..]);
    let fitting = rows.iter().filter(|row| cells(row, separator).len() == header.len()).count();
    rows.is_empty() || fitting * 10 >= rows.len() * 8
}

/// Rows out of lines: a quoted cell may hold newlines. The last row is left out if it goes on.
fn rows(lines: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut rows = Vec::new();
    let mut open: Option<Vec<u8>> = None;
    for line in lines.iter().filter(|line| !line.is_empty()) {
        let row = match open.take() {
            Some(row) => [&row[..], b"\n", line].concat(),
            None => line.to_vec(),
        };
        if quotes(&row).is_multiple_of(2) { rows.push(row) } else { open = Some(row) }
    }
    rows
}

/// The table that the user says it is: its separator is the commonest one of the first line.
pub(crate) fn chosen_table(lines: &[&[u8]]) -> TableShape {
    table_shape(lines).unwrap_or_else(|| {
        let first = lines.first().copied().unwrap_or_default();
        let count = |separator: u8| memchr::memchr_iter(separator, first).count();
        let best = [b';', b'\t', b','].into_iter().max_by_key(|separator| count(*separator));
        TableShape::Separated(best.unwrap_or(b','))
    })
}

fn quotes(line: &[u8]) -> usize {
    memchr::memchr_iter(b'"', line).count()
}

/// Cells of a row; `None` is an empty cell without quotes, which databases mean as NULL.
fn cells(row: &[u8], separator: u8) -> Vec<Option<Vec<u8>>> {
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        if row.get(at) == Some(&b'"') {
            let mut cell = Vec::new();
            at += 1;
            while at < row.len() {
                match row[at] {
                    b'"' if row.get(at + 1) == Some(&b'"') => {
                        cell.push(b'"');
                        at += 2;
                    }
                    b'"' => {
                        at += 1;
                        break;
                    }
                    byte => {
                        cell.push(byte);
                        at += 1;
                    }
                }
            }
            let end = memchr::memchr(separator, &row[at..]).map_or(row.len(), |n| at + n);
            cell.extend_from_slice(&row[at..end]);
            cells.push(Some(cell));
            at = end;
        } else {
            let end = memchr::memchr(separator, &row[at..]).map_or(row.len(), |n| at + n);
            cells.push(if end == at { None } else { Some(row[at..end].to_vec()) });
            at = end;
        }
        if at >= row.len() {
            return cells;
        }
        at += 1;
    }
}

/// Writes rows over into objects.
pub(crate) struct TableReader {
    shape: TableShape,
    header: Option<Vec<Vec<u8>>>,
    /// A quoted cell goes on in the next line.
    is_open: bool,
    is_over: bool,
    /// How wide the columns of psql are, with the blanks around them.
    widths: Vec<usize>,
}

impl TableReader {
    pub(crate) fn new(shape: TableShape) -> TableReader {
        TableReader { shape, header: None, is_open: false, is_over: false, widths: Vec::new() }
    }

    fn cells(&self, line: &[u8]) -> Vec<Option<Vec<u8>>> {
        match self.shape {
            TableShape::Separated(separator) => cells(line, separator),
            TableShape::Aiven { .. } => cells(line, b','),
            TableShape::RedpandaConsole => {
                let cells = line
                    .splitn(9, |b| *b == b',')
                    .map(|cell| if cell.is_empty() { None } else { Some(with_commas(cell)) });
                cells.collect()
            }
            TableShape::Psql => {
                let n = self.header.as_ref().map_or(usize::MAX, Vec::len);
                let cells = aligned(line, &self.widths).unwrap_or_else(|| {
                    // Broken by hand, or in characters of other widths: the last column has what is left.
                    let mut cells: Vec<&[u8]> = line.splitn(n, |byte| *byte == b'|').collect();
                    cells.truncate(n);
                    cells
                });
                let cells = cells.into_iter().map(<[u8]>::trim_ascii);
                cells.map(|cell| if cell.is_empty() { None } else { Some(cell.to_vec()) }).collect()
            }
        }
    }
}

/// The cells of a row of psql's, each as wide as its column, though it may hold bars itself; `None` if they are not.
fn aligned<'a>(line: &'a [u8], widths: &[usize]) -> Option<Vec<&'a [u8]>> {
    let (_, but_last) = widths.split_last()?;
    let mut cells = Vec::with_capacity(widths.len());
    let mut rest = line;
    for wanted in but_last {
        let is_end = |bar: &usize| display_width(&rest[..*bar]) == *wanted;
        let end = memchr::memchr_iter(b'|', rest).find(is_end)?;
        cells.push(&rest[..end]);
        rest = &rest[end + 1..];
    }
    cells.push(rest);
    Some(cells)
}

/// How wide a terminal shows it, as far as psql's own tables and this agree: East Asian characters and emoji are two wide.
fn display_width(text: &[u8]) -> usize {
    let width = |character: char| match u32::from(character) {
        0x300..=0x36f | 0x200b..=0x200d | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x2_0000..=0x3_fffd => 2,
        _ => 1,
    };
    String::from_utf8_lossy(text).chars().map(width).sum()
}

fn aiven_record(columns: &[AivenColumn], cells: &[Option<Vec<u8>>]) -> TextRecord {
    let mut record = TextRecord::default();
    let bytes = |cell: &Option<Vec<u8>>| match cell {
        None => Cell::Null,
        Some(text) => Cell::Bytes(base64_bytes(text).unwrap_or_else(|| text.clone())),
    };
    for (column, cell) in columns.iter().zip(cells) {
        match column {
            AivenColumn::Key => record.key = bytes(cell),
            AivenColumn::Value => record.value = bytes(cell),
            AivenColumn::Offset => record.offset = cell.as_deref().and_then(integer),
            AivenColumn::Timestamp => {
                record.timestamp_ms = cell.as_deref().and_then(|cell| integer(cell).or_else(|| iso_ms(cell)));
            }
            AivenColumn::Headers => record.headers = cell.as_deref().and_then(aiven_headers).unwrap_or_default(),
            AivenColumn::None => {}
        }
    }
    record
}

/// `;` back to `,` outside of strings, if that makes JSON of it.
fn with_commas(cell: &[u8]) -> Vec<u8> {
    if !matches!(cell.first(), Some(b'{' | b'[')) || is_json_document(cell) {
        return cell.to_vec();
    }
    let (mut in_string, mut escaped) = (false, false);
    let mut fixed = cell.to_vec();
    for byte in &mut fixed {
        match *byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b';' if !in_string => *byte = b',',
            _ => {}
        }
    }
    if is_json_document(&fixed) { fixed } else { cell.to_vec() }
}

impl Transcribe for TableReader {
    fn line(&mut self, line: &[u8], number: u64, out: &mut Output<'_>) {
        self.is_open = false;
        if line.is_empty() || self.is_over {
            return;
        }
        if self.shape == TableShape::Psql {
            if line.starts_with(b"-") && line.iter().all(|b| matches!(b, b'-' | b'+')) {
                self.widths = line.split(|byte| *byte == b'+').map(<[u8]>::len).collect();
                return;
            }
            if line.starts_with(b"(") && line.ends_with(b")") {
                self.is_over = true;
                return;
            }
        }
        let cells = self.cells(line);
        if let TableShape::Aiven { columns } = self.shape {
            aiven_record(&columns, &cells).write(out.store);
            return;
        }
        let Some(header) = &self.header else {
            self.header = Some(cells.into_iter().map(Option::unwrap_or_default).collect());
            return;
        };
        if cells.len() != header.len() {
            if !is_tool_message(line) {
                out.errors.add_at(number, 1, Cause::Columns { found: cells.len(), expected: header.len() }, line, 0);
            }
            return;
        }
        for (i, (name, cell)) in header.iter().zip(&cells).enumerate() {
            out.store.push(if i == 0 { b'{' } else { b',' });
            push_json_string(out.store, name);
            out.store.push(b':');
            match cell {
                None => out.store.extend_from_slice(b"null"),
                Some(cell) if matches!(cell.first(), Some(b'{' | b'[')) && is_json_document(cell) => {
                    out.store.extend_from_slice(cell);
                }
                Some(cell) => push_json_string(out.store, cell),
            }
        }
        out.store.extend_from_slice(b"}\n");
    }

    fn finish(&mut self, _out: &mut Output<'_>) {}

    fn goes_on(&mut self, line: &[u8], from: usize) -> bool {
        if matches!(self.shape, TableShape::Separated(_)) && quotes(&line[from..]) % 2 == 1 {
            self.is_open = !self.is_open;
        }
        self.is_open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Errors;
    use crate::read::transcribe::Transcription;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let lines: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
        let mut transcription = Transcription::new(Box::new(TableReader::new(table_shape(&lines).unwrap())));
        let (mut store, mut errors) = (Vec::new(), Errors::default());
        let mut out = Output { store: &mut store, errors: &mut errors };
        for byte in text.as_bytes() {
            transcription.push(&[*byte], &mut out);
        }
        transcription.finish(&mut out);
        assert_eq!(String::from_utf8(store).unwrap().lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn quoted_cells_hold_separators_quotes_and_newlines() {
        check("a,b\n\"x,\"\"y\"\"\",\"1\n2\"\r\n,\"\"\n", &[r#"{"a":"x,\"y\"","b":"1\n2"}"#, r#"{"a":null,"b":""}"#]);
    }

    #[test]
    fn columns_of_aiven_are_told_by_what_they_hold() {
        let (key, value) = ("aw==", "eyJhIjoxfQ==");
        check(
            &format!("{key},{value},17,1740960000137,aA==:djE=;aA==:djI=\n{key},,18,1740960000138,\n"),
            &[
                r#"{"offset":17,"timestamp":1740960000137,"headers":["h","v1","h","v2"],"key":"k","value":{"a":1}}"#,
                r#"{"offset":18,"timestamp":1740960000138,"key":"k","value":null}"#,
            ],
        );
        check(&format!("{value},1740960000137\n"), &[r#"{"timestamp":1740960000137,"value":{"a":1}}"#]);
        check(&format!("{value}\n"), &[r#"{"value":{"a":1}}"#]);
        check(
            &format!("{key},{value},17,2025-03-03T00:00:00.137Z\n"),
            &[r#"{"offset":17,"timestamp":1740960000137,"key":"k","value":{"a":1}}"#],
        );
    }

    #[test]
    fn psql_tables_are_read_up_to_their_count() {
        check(" a | b \n---+---\n 1 | {\"x\": \"|\"}\n(1 row)\n\n", &[r#"{"a":"1","b":{"x": "|"}}"#]);
        // Bars in a column that is not the last, also behind characters of double width.
        check(
            "    data    | 名 |  c  \n------------+----+-----\n {\"x\": \"|\"} | 李 | p|q\n {\"名\": 12} | ab | \n|||\n(3 rows)\n",
            &[
                r#"{"data":{"x": "|"},"名":"李","c":"p|q"}"#,
                r#"{"data":{"名": 12},"名":"ab","c":null}"#,
                r#"{"data":null,"名":null,"c":"|"}"#,
            ],
        );
    }

    #[test]
    fn redpanda_console_gets_its_commas_back() {
        check(
            "timestamp,partitionID,offset,key,value,keySize,valueSize,compression,isTransactional\n7,0,1,k,{\"a\":1;\"b\":\";\"},1,2,none,false\n",
            &[
                r#"{"timestamp":"7","partitionID":"0","offset":"1","key":"k","value":{"a":1,"b":";"},"keySize":"1","valueSize":"2","compression":"none","isTransactional":"false"}"#,
            ],
        );
    }
}
