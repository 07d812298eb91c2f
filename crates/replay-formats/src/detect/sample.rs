//! The first records of a text, found as the loader will find them, and what surrounds them.

use crate::error::Cause;
use crate::guess::is_patch;
use crate::read::json_text::{Frames, Next};
use crate::text::find;
use crate::value::string_content;
use replay_log::scan;
use std::ops::Range;

/// How many records are looked at.
const SAMPLE: usize = 2000;

/// An array at the start lists records, unless it is a JSON Patch or a list of anything but objects.
pub(super) fn arrays_hold_records(text: &[u8]) -> bool {
    let at = scan::skip_ws(text, 0);
    if text.get(at) != Some(&b'[') {
        return true;
    }
    let first = scan::skip_ws(text, at + 1);
    let first = if text.get(first) == Some(&b'[') { scan::skip_ws(text, first + 1) } else { first };
    match text.get(first) {
        Some(b'{') => !is_patch(text, at),
        _ => true,
    }
}

/// Members that list records.
const LISTS: [&str; 8] = ["entries", "records", "Records", "messages", "events", "items", "hits", "value"];
/// Members that only a record has.
const OF_RECORDS: [&[u8]; 8] = [b"offset", b"Offset", b"payload", b"key", b"before", b"after", b"specversion", b"op"];

/// The member that lists the records, if the first value is an object around them.
pub(super) fn container(text: &[u8]) -> Option<String> {
    let at = scan::skip_ws(text, 0);
    if text.get(at) != Some(&b'{') {
        return None;
    }
    let mut found = None;
    for member in scan::members(text, at) {
        // A container may be longer than the sample: what is there decides.
        let Ok(member) = member else { break };
        if OF_RECORDS.contains(&member.name) {
            return None;
        }
        let is_list = |at: usize| text.get(at) == Some(&b'[') && text.get(scan::skip_ws(text, at + 1)) == Some(&b'{');
        let value = &text[member.value.clone()];
        let holds_records = is_list(member.value.start)
            || (value.first() == Some(&b'{')
                && member.name == b"records"
                && scan::members(text, member.value.start).flatten().any(|inner| is_list(inner.value.start)));
        let name = LISTS.iter().find(|name| name.as_bytes() == member.name);
        if let (true, Some(name)) = (holds_records, name) {
            found = found.or(Some((*name).to_owned()));
        }
    }
    found.or_else(|| cut_container(text, at))
}

/// The container of a text that is cut or longer than the sample.
fn cut_container(text: &[u8], at: usize) -> Option<String> {
    if scan::value_end(text, at).is_ok() {
        return None;
    }
    let head = &text[at..text.len().min(at + (1 << 16))];
    let marks: [(&[u8], &str, &str); 2] =
        [(b"\"headOfStream\"", "\"entries\"", "entries"), (b"\"eventSource\"", "\"records\"", "records")];
    marks.iter().find_map(|(mark, list, name)| {
        let both = find(head, mark).is_some() && find(head, list.as_bytes()).is_some();
        both.then(|| (*name).to_owned())
    })
}

/// The first records, found like the loader will find them.
pub(super) fn sample(text: &[u8], is_last: bool, like: &Frames) -> Vec<Range<usize>> {
    let mut frames = Frames::new(like.at);
    frames.arrays_hold_records = like.arrays_hold_records;
    frames.container.clone_from(&like.container);
    // A container may go on behind the sample; its whole elements are read all the same.
    let is_last = is_last || frames.container.is_some();
    let mut found = Vec::new();
    while found.len() < SAMPLE {
        match frames.next(text, is_last) {
            Next::Value(at) => match scan::value_end(&text[..frames.limit(text)], at) {
                Ok(end) => {
                    found.push(at..end);
                    frames.accept(end);
                }
                Err(error) => {
                    if frames.reject(text, at, &error, is_last) == Next::More {
                        break;
                    }
                }
            },
            Next::Error(..) => {}
            Next::More | Next::End => break,
        }
    }
    found
}

/// Code and message of a service's error answer.
pub(crate) fn error_body(object: &[u8]) -> Option<Cause> {
    // Cheap for everything else: an error body is short and names its code.
    if object.len() > 4096 || find(object, b"\"error_code\"").is_none() {
        return None;
    }
    let (mut code, mut message) = (None, None);
    for member in scan::members(object, 0).flatten() {
        match member.name {
            b"error_code" => code = crate::time::integer(&object[member.value]),
            b"message" => message = string_content(&object[member.value]),
            b"validation_errors" => {}
            _ => return None,
        }
    }
    Some(Cause::ErrorBody { code: code?, message: String::from_utf8_lossy(&message?).into_owned() })
}
