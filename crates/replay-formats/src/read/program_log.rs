//! What a program logged about events: lines with a time and a level, of which some hold an event as a JSON object.

use super::transcribe::{Cell, Output, TextRecord, Transcribe};
use crate::error::Cause;
use crate::text::excerpt;
use crate::time::iso_ms;
use crate::value::is_json_document;
use replay_log::scan;

/// The words for how much a line of a program's log matters.
const LEVELS: [&str; 8] = ["TRACE", "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "SEVERE"];
/// Braces of a line that are looked at: those before may be of the message's own words.
const MOST_BRACES: usize = 8;

/// True if the line has one of the words for how much it matters.
pub(crate) fn has_level(line: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric()).any(|word| LEVELS.contains(&word))
}

/// True where at least a tenth of the lines have a time, a level and then an event. Tabs and bars are of tables.
pub(crate) fn is_program_log(lines: &[&[u8]]) -> bool {
    let holds_event = |line: &&&[u8]| {
        event(line).is_some_and(|(before, _)| {
            !before.contains(&b'\t')
                && crate::text::find(before, b" | ").is_none()
                && has_time_of_day(before)
                && std::str::from_utf8(before).is_ok_and(has_level)
        })
    };
    let events = lines.iter().filter(holds_event).count();
    events > 0 && events * 10 >= lines.len()
}

/// What stands before the first JSON object that has members, and the object.
fn event(line: &[u8]) -> Option<(&[u8], &[u8])> {
    memchr::memchr_iter(b'{', line).take(MOST_BRACES).find_map(|at| {
        let end = scan::value_end(line, at).ok()?;
        let object = &line[at..end];
        let has_members = scan::skip_ws(object, 1) + 1 < object.len();
        (has_members && is_json_document(object)).then_some((&line[..at], object))
    })
}

fn has_time_of_day(text: &[u8]) -> bool {
    let is_time =
        |text: &[u8]| text.iter().enumerate().all(|(n, b)| if n == 2 { *b == b':' } else { b.is_ascii_digit() });
    text.windows("10:00".len()).any(is_time)
}

/// The first time in the text: `2025-03-03 10:00:00,123`, also with a `T`, with a point, and with a zone.
fn time_ms(text: &[u8]) -> Option<i64> {
    const DATE: usize = "2025-03-03".len();
    let start = text.windows(DATE).position(|date| iso_ms(date).is_some())?;
    let text = &text[start..];
    let of_time = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b',');
    let end = text.iter().skip(DATE + 1).position(|byte| !of_time(byte)).map_or(text.len(), |n| DATE + 1 + n);
    let zone = match text.get(end) {
        Some(b'Z') => 1,
        Some(b'+' | b'-') => 1 + text[end + 1..].iter().take_while(|b| b.is_ascii_digit() || **b == b':').count(),
        _ => 0,
    };
    iso_ms(&text[..end + zone]).or_else(|| iso_ms(&text[..end])).or_else(|| iso_ms(&text[..DATE]))
}

/// Takes the event out of each line; a line without one is no record.
pub(crate) struct ProgramLines;

impl Transcribe for ProgramLines {
    fn line(&mut self, line: &[u8], number: u64, out: &mut Output<'_>) {
        match event(line) {
            Some((before, object)) => {
                let value = Cell::Bytes(object.to_vec());
                TextRecord { timestamp_ms: time_ms(before), value, ..TextRecord::default() }.write(out.store);
            }
            None if line.trim_ascii().is_empty() => {}
            None => out.errors.add_at(number, 1, Cause::NotARecord(excerpt(line)), line, 0),
        }
    }

    fn finish(&mut self, _out: &mut Output<'_>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<(Option<i64>, &str)>) {
        let found = event(line.as_bytes()).map(|(before, object)| (time_ms(before), str::from_utf8(object).unwrap()));
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn an_event_is_found_in_its_line() {
        let noon = 1_735_732_800_000;
        check("2025-01-01 12:00:00,120 INFO a.B - got {\"a\":1}", Some((Some(noon + 120), "{\"a\":1}")));
        check(
            "2025-01-01T12:00:00.120+01:00  INFO 7 --- {} {\"a\":{}} end",
            Some((Some(noon + 120 - 3_600_000), "{\"a\":{}}")),
        );
        check("2025-01-01T12:00:00Z {traceId=5} {\"a\":1}", Some((Some(noon), "{\"a\":1}")));
        check("12:00:00.120 [main] INFO {\"a\":1}", Some((None, "{\"a\":1}")));
        check("[2025-01-01 12:00:00] DEBUG {\"a\":1", None);
        check("INFO nothing {} here", None);
    }

    #[test]
    fn a_log_of_a_program_needs_a_level_and_an_event() {
        let test = |text: &str| is_program_log(&text.lines().map(str::as_bytes).collect::<Vec<_>>());
        assert!(test("2025-01-01 12:00:00 INFO start\n2025-01-01 12:00:01 INFO {\"a\":1}"));
        assert!(!test("2025-01-01 12:00:00 INFO start"));
        assert!(!test("o-1 {\"a\":1}"));
        assert!(!test("ERROR {\"a\":1}"));
        assert!(!test("2025-01-01 12:00:00\tINFO\t{\"a\":1}"));
    }
}
