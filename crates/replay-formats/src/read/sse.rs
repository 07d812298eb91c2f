//! Server-sent events saved as they came: blocks of `event:`, `id:`, `data:` with empty lines between them.
//!
//! Sources: WHATWG HTML, "Server-sent events"; Wikimedia `EventStreams`; kafka-ui's stream of messages.

use crate::error::Cause;
use crate::read::transcribe::{Output, Transcribe};
use crate::text::{excerpt, is_tool_message};
use crate::value::{is_json_document, scalar_text};
use replay_log::scan;

/// The fields of a block.
const FIELDS: [&[u8]; 4] = [b"data:", b"event:", b"id:", b"retry:"];

/// True if nearly all lines are fields of blocks.
pub(crate) fn is_sse(lines: &[&[u8]]) -> bool {
    let is_field = |line: &&&[u8]| line.starts_with(b":") || FIELDS.iter().any(|field| line.starts_with(field));
    let fields = lines.iter().filter(is_field).count();
    let has_data = lines.iter().any(|line| {
        let data = line.strip_prefix(b"data:").unwrap_or_default();
        matches!(data.trim_ascii().first(), Some(b'{' | b'['))
    });
    has_data && fields * 10 >= lines.len() * 9
}

/// Writes the data of each block as a line.
#[derive(Default)]
pub(crate) struct SseReader {
    data: Vec<u8>,
    number: u64,
}

impl SseReader {
    fn end_block(&mut self, out: &mut Output<'_>) {
        if self.data.is_empty() {
            return;
        }
        let data = std::mem::take(&mut self.data);
        if !is_json_document(&data) {
            out.errors.add_at(self.number, 1, Cause::NotARecord(excerpt(&data)), &data, 0);
            return;
        }
        match message(&data) {
            Message::Record(record) => {
                // A newline inside can only stand between tokens.
                out.store.extend(record.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }));
                out.store.push(b'\n');
            }
            Message::Progress => {}
        }
    }
}

enum Message<'a> {
    Record(&'a [u8]),
    /// Says how far the server is.
    Progress,
}

/// kafka-ui has several types of events, of which one holds a message.
fn message(data: &[u8]) -> Message<'_> {
    let kind = scan::pointer(data, "/type").and_then(scalar_text);
    match kind.as_deref() {
        Some(b"MESSAGE") => Message::Record(scan::pointer(data, "/message").unwrap_or(data)),
        Some(b"PHASE" | b"CONSUMING" | b"DONE" | b"EMIT_THROTTLING") => Message::Progress,
        _ => Message::Record(data),
    }
}

impl Transcribe for SseReader {
    fn line(&mut self, line: &[u8], number: u64, out: &mut Output<'_>) {
        if line.is_empty() {
            self.end_block(out);
        } else if let Some(data) = line.strip_prefix(b"data:") {
            if self.data.is_empty() {
                self.number = number;
            } else {
                self.data.push(b'\n');
            }
            self.data.extend_from_slice(data.strip_prefix(b" ").unwrap_or(data));
        } else if !line.starts_with(b":")
            && !FIELDS.iter().any(|field| line.starts_with(field))
            && !is_tool_message(line)
        {
            out.errors.add_at(number, 1, Cause::NotARecord(excerpt(line)), line, 0);
        }
    }

    fn finish(&mut self, out: &mut Output<'_>) {
        self.end_block(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Errors;
    use crate::read::transcribe::Transcription;

    #[test]
    fn blocks_become_lines() {
        let text = ":ok\n\nevent: message\nid: [{\"offset\":1}]\ndata: {\"a\":\ndata: 1}\n\ndata:{\"type\":\"PHASE\"}\n\ndata:{\"type\":\"MESSAGE\",\"message\":{\"offset\":7}}\n\nwhat\n";
        let (mut store, mut errors) = (Vec::new(), Errors::default());
        let mut out = Output { store: &mut store, errors: &mut errors };
        let mut transcription = Transcription::new(Box::<SseReader>::default());
        transcription.push(text.as_bytes(), &mut out);
        transcription.finish(&mut out);
        assert_eq!(String::from_utf8(store).unwrap(), "{\"a\": 1}\n{\"offset\":7}\n");
        assert_eq!(errors.kept.len(), 1);
    }
}
