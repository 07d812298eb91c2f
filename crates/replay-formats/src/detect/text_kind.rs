//! What the first lines say about a text: JSON, lines of a tool, or a table.

use crate::format::Transport;
use crate::read::console::{ConsoleReader, LineShape, line_shape};
use crate::read::dump_log::{DumpReader, is_dump};
use crate::read::kcat_format::{KcatFormat, KcatFormatReader};
use crate::read::program_log::{ProgramLines, is_program_log};
use crate::read::sse::{SseReader, is_sse};
use crate::read::table::{TableReader, chosen_table, table_shape};
use crate::read::transcribe::{Lines, Transcribe, Transcription, ValueLines};
use crate::text::is_tool_message;
use crate::value::is_json_document;
use replay_log::scan;

/// How the text is to be read before there are records.
pub(crate) struct TextKind {
    /// `None`: it is JSON text already.
    pub(crate) reader: Option<Transcription>,
    /// What the text says about the transport.
    pub(crate) transport: Option<Transport>,
}

impl TextKind {
    /// What a person said that it is.
    pub(crate) fn of_kcat_format(format: &KcatFormat) -> TextKind {
        let reader = Transcription::Binary(Box::new(KcatFormatReader::new(format.clone())));
        TextKind { reader: Some(reader), transport: Some(Transport::KcatText) }
    }
}

/// Looks at the first lines.
pub(crate) fn text_kind(text: &[u8], wish: Option<Transport>, file_name: Option<&str>) -> TextKind {
    let json = TextKind { reader: None, transport: None };
    let head = &text[..text.len().min(1 << 16)];
    let mut lines: Vec<&[u8]> =
        head.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    // The last line may be cut.
    if head.len() < text.len() && lines.len() > 1 {
        lines.pop();
    }
    let records: Vec<&[u8]> = lines.iter().copied().filter(|line| !is_tool_message(line)).take(200).collect();
    let of = |reader: Box<dyn Transcribe>, transport| TextKind {
        reader: Some(Transcription::new(reader)),
        transport: Some(transport),
    };
    match wish {
        Some(Transport::Lines) => return of(Box::new(Lines), Transport::Lines),
        Some(Transport::Csv) => {
            let filled: Vec<&[u8]> = lines.iter().copied().filter(|line| !line.is_empty()).take(200).collect();
            return of(Box::new(TableReader::new(chosen_table(&filled))), Transport::Csv);
        }
        Some(Transport::DumpLog) => return of(Box::<DumpReader>::default(), Transport::DumpLog),
        Some(Transport::ConsoleConsumer | Transport::KcatText | Transport::ConfluentCli) => {
            let shape = line_shape(&records).unwrap_or(LineShape::KeyValue { separator: b"\t".to_vec() });
            return of(Box::new(ConsoleReader::new(shape)), wish.unwrap_or(Transport::ConsoleConsumer));
        }
        _ => {}
    }
    let Some(first) = records.first() else { return json };
    if is_dump(&records) {
        return of(Box::<DumpReader>::default(), Transport::DumpLog);
    }
    if wish == Some(Transport::Sse) || is_sse(&records) {
        return of(Box::<SseReader>::default(), Transport::Sse);
    }
    if wish == Some(Transport::ProgramLog) || is_program_log(&records) {
        return of(Box::new(ProgramLines), Transport::ProgramLog);
    }
    if let Some(shape) = line_shape(&records) {
        let transport = match &shape {
            LineShape::Console { .. } | LineShape::Partition { .. } => Transport::ConsoleConsumer,
            LineShape::KeyValue { separator } if separator == b"\t" => Transport::ConsoleConsumer,
            LineShape::ConfluentCli => Transport::ConfluentCli,
            _ => Transport::KcatText,
        };
        return of(Box::new(ConsoleReader::new(shape)), transport);
    }
    let json_lines =
        records.iter().filter(|line| is_json_document(line) || matches!(line.trim_ascii(), b"null")).count();
    let is_csv_name = file_name.is_some_and(|name| name.to_ascii_lowercase().ends_with(".csv"));
    if is_csv_name && json_lines == records.len() && lines[..lines.len() - 1].contains(&&b""[..]) {
        return TextKind { reader: Some(Transcription::new(Box::new(ValueLines))), transport: None };
    }
    if matches!(first.trim_ascii_start().first(), Some(b'{' | b'[')) || json_lines * 2 > records.len() {
        return json;
    }
    let all: Vec<&[u8]> = lines.iter().copied().filter(|line| !line.is_empty()).take(200).collect();
    if let Some(shape) = table_shape(&all) {
        return of(Box::new(TableReader::new(shape)), Transport::Csv);
    }
    // Records in between much that is none: an application's log with events in it, for example.
    if records.iter().any(|line| matches!(line.first(), Some(b'{' | b'[')) && is_json_document(line)) {
        return json;
    }
    let is_value = first.trim_ascii();
    if scan::value_end(is_value, 0) == Ok(is_value.len())
        && records.iter().all(|line| scan::value_end(line.trim_ascii(), 0) == Ok(line.trim_ascii().len()))
    {
        return json;
    }
    of(Box::new(Lines), Transport::Lines)
}
