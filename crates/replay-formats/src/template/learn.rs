//! Learning a template from a line that was read the general way.

use super::scalar::{Kind, begins_like_json};
use super::{Leaf, MAX_SCALARS, Mark, Scalar};
use crate::decode::{JsonDecoder, is_class_header, range_in};
use crate::format::{Shape, Transport};
use crate::layout::{Encoding, HeaderShape};
use crate::mapping::{Role, Slots};
use crate::value::{is_json_document, schema_and_payload, string_content};
use replay_log::builder::Presence;
use replay_log::scan;
use std::ops::Range;

/// Deeper lines are left to the general way.
const MAX_DEPTH: usize = 16;

/// A line cut at its scalars.
pub(super) struct Learned {
    /// Each piece with the kind of scalar behind it; the last one is the end.
    pub(super) pieces: Vec<(Box<[u8]>, Kind)>,
    pub(super) leaf: Leaf,
    /// See [`replay_log::Log::form_text`].
    pub(super) form: Option<String>,
}

/// Whether lines for this decoder can be read by templates at all.
pub(super) fn is_suited(decoder: &JsonDecoder) -> bool {
    let layout = &decoder.layout;
    let places = [Role::Topic, Role::Partition, Role::Offset];
    decoder.shape == Shape::Plain
        && !decoder.in_value.iter().any(|(_, role)| places.contains(role))
        && decoder.registry.is_empty()
        && layout.key != Encoding::Base64
        && layout.value == Encoding::Json
        && !layout.externally_tagged
        && !matches!(layout.transport, Transport::RestJson | Transport::RestBinary)
        && (decoder.type_header.is_none() || !matches!(layout.headers, HeaderShape::PairsBase64 | HeaderShape::Bytes))
        && !decoder.type_header.as_deref().is_some_and(is_class_header)
        && decoder.entity_header.is_none()
        && decoder.time_header.is_none()
}

/// Roles that the general way alone understands.
const STRANGE: [Role; 8] = [
    Role::Aborted,
    Role::ValueIsNull,
    Role::KeyIsNull,
    Role::RawKey,
    Role::RawValue,
    Role::ValueError,
    Role::ValueSize,
    Role::Headers,
];

/// The template of the record at `at`, which reaches to the end of `text`.
pub(super) fn learn(decoder: &JsonDecoder, text: &[u8], at: usize) -> Option<Learned> {
    if text.get(at) != Some(&b'{') {
        return None;
    }
    let mut slots = Slots::default();
    decoder.layout.tree.read(text, at, &mut slots).ok()?;
    if STRANGE.iter().any(|role| *role != Role::Headers && slots[*role as usize].is_some()) {
        return None;
    }
    let place = |role: Role| slots[role as usize].map(|token| range_in(text, token));
    let mut walk = Walk {
        text,
        key: place(Role::Key),
        value: place(Role::Value),
        headers: place(Role::Headers).filter(|_| decoder.type_header.is_some()),
        header_shape: decoder.layout.headers,
        scalars: Vec::new(),
        folded: None,
    };
    walk.value(at..text.len(), 0)?;
    let Walk { scalars, folded, .. } = walk;
    if scalars.len() > MAX_SCALARS {
        return None;
    }

    // A scalar is found again by where it lies, with or without its quotes.
    let number_of = |range: &Range<usize>| -> Option<Scalar> {
        let inner = |scalar: &Piece| scalar.range == *range || scalar.range == (range.start + 1..range.end.max(1) - 1);
        scalars.iter().position(|scalar| inner(scalar) && scalar.kind != Kind::Null).map(|n| n as u8)
    };
    let scalar = |role: Role| -> Option<Option<Scalar>> {
        let Some(range) = place(role) else { return Some(None) };
        match text[range.start] {
            b'n' => Some(None),
            // An object or array is no scalar; only the general way knows what to do with it.
            _ => number_of(&range).map(Some),
        }
    };
    let mut leaf = Leaf {
        topic: scalar(Role::Topic)?,
        partition: scalar(Role::Partition)?,
        offset: scalar(Role::Offset)?,
        offset_fallback: scalar(Role::OffsetFallback)?,
        timestamp: scalar(Role::Timestamp)?,
        key: scalar(Role::Key)?,
        stream: scalar(Role::Stream)?,
        stream_fallback: scalar(Role::StreamFallback)?,
        event_type: scalar(Role::EventType)?,
        ..Leaf::default()
    };
    if let (Some(name), Some(token)) = (&decoder.type_header, slots[Role::Headers as usize]) {
        let all = crate::headers::headers(token, decoder.layout.headers);
        if let Some(header) = all.iter().find(|header| header.name == name.as_str())
            && let Some(value) = &header.value
        {
            let std::borrow::Cow::Borrowed(value) = value else { return None };
            leaf.header_type = Some(number_of(&range_in(text, value))?);
        }
    }

    let mut form = None;
    leaf.presence = Some(match place(Role::Value) {
        None if decoder.layout.missing_is_null => Presence::Tombstone,
        None => Presence::Absent,
        Some(range) if text[range.clone()] == *b"null" => Presence::Tombstone,
        Some(range) => {
            let (content, to_text) = match &folded {
                Some(folded) => (&folded.content[..], Some(folded)),
                None => (&text[range.clone()], None),
            };
            if content.starts_with(b"{\"$base64\"") || schema_and_payload(content).is_some() {
                return None;
            }
            let mut found = Slots::default();
            if !decoder.index_tree.is_empty() {
                decoder.index_tree.read(content, scan::skip_ws(content, 0), &mut found).ok()?;
            }
            let in_value = |role: Role| -> Option<Option<Scalar>> {
                let Some(token) = found[role as usize] else { return Some(None) };
                let place = range_in(content, token);
                let place = match to_text {
                    // A string's quotes are longer there, so it is looked for by its content.
                    Some(folded) if token[0] == b'"' => folded.at(place.start + 1)..folded.at(place.end - 1),
                    Some(folded) => folded.at(place.start)..folded.at(place.end),
                    None => range.start + place.start..range.start + place.end,
                };
                if token == b"null" { Some(None) } else { number_of(&place).map(Some) }
            };
            leaf.value_entity = in_value(Role::Stream)?;
            leaf.value_type = in_value(Role::EventType)?;
            leaf.value_time = in_value(Role::Timestamp)?;
            form = form_of(content);
            // The content of a string must be text; other values may hold any bytes.
            if text[range.start] == b'"' {
                leaf.folded = Some((mark(&scalars, at, range.start + 1), mark(&scalars, at, range.end - 1)));
            }
            Presence::Present
        }
    });
    let used = [
        leaf.topic,
        leaf.partition,
        leaf.offset,
        leaf.offset_fallback,
        leaf.timestamp,
        leaf.key,
        leaf.stream,
        leaf.stream_fallback,
        leaf.event_type,
        leaf.header_type,
        leaf.value_entity,
        leaf.value_type,
        leaf.value_time,
    ];
    used.into_iter().flatten().for_each(|n| leaf.used.put(usize::from(n)));

    let mut pieces = Vec::with_capacity(scalars.len() + 1);
    let mut from = at;
    for Piece { range, kind } in &scalars {
        pieces.push((text.get(from..range.start)?.into(), *kind));
        from = range.end;
    }
    pieces.push((text.get(from..)?.into(), Kind::End));
    Some(Learned { pieces, leaf, form })
}

/// A place by the last scalar that ends before it.
fn mark(scalars: &[Piece], start: usize, place: usize) -> Mark {
    let before = scalars.iter().rposition(|scalar| scalar.range.end <= place);
    let from = before.map_or(start, |n| scalars[n].range.end);
    Mark { scalar: before.map(|n| n as u8), behind: (place - from) as u32 }
}

/// A scalar and where it lies, without its quotes.
struct Piece {
    range: Range<usize>,
    kind: Kind,
}

/// JSON inside a string, and where each of its bytes lies in the text.
struct Folded {
    content: Vec<u8>,
    /// The place of each byte of the content, and one more for its end.
    places: Vec<usize>,
}

impl Folded {
    /// `None` if it has escapes that stand for more than a byte.
    fn new(text: &[u8], inner: Range<usize>) -> Option<Folded> {
        let (mut content, mut places) = (Vec::new(), Vec::new());
        let mut at = inner.start;
        while at < inner.end {
            places.push(at);
            let byte = if text[at] == b'\\' { text[at + 1] } else { text[at] };
            content.push(match (text[at], byte) {
                (b'\\', b'"' | b'\\' | b'/') => byte,
                (b'\\', b'n') => b'\n',
                (b'\\', b'r') => b'\r',
                (b'\\', b't') => b'\t',
                (b'\\', _) => return None,
                (byte, _) => byte,
            });
            at += if text[at] == b'\\' { 2 } else { 1 };
        }
        places.push(inner.end);
        Some(Folded { content, places })
    }

    fn at(&self, place: usize) -> usize {
        self.places.get(place).or(self.places.last()).copied().unwrap_or(0)
    }
}

/// Collects the scalars of a line.
struct Walk<'a> {
    text: &'a [u8],
    key: Option<Range<usize>>,
    value: Option<Range<usize>>,
    /// Only if a header names the event's type: names of headers are part of the pieces then, and no data.
    headers: Option<Range<usize>>,
    header_shape: HeaderShape,
    scalars: Vec<Piece>,
    folded: Option<Folded>,
}

impl Walk<'_> {
    fn value(&mut self, range: Range<usize>, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH || self.scalars.len() > MAX_SCALARS {
            return None;
        }
        if self.headers.as_ref() == Some(&range) {
            return self.headers(range, depth);
        }
        if self.value.as_ref() == Some(&range) && self.text[range.start] == b'"' {
            let token = &self.text[range.clone()];
            let content = string_content(token)?;
            if is_json_document(&content) {
                return self.folded(range.start + 1..range.end - 1);
            }
            return self.push(range, Kind::Plain);
        }
        let kind = if self.key.as_ref() == Some(&range) { Kind::Plain } else { Kind::Text };
        match self.text[range.start] {
            b'{' => {
                for member in scan::members(self.text, range.start) {
                    self.value(member.ok()?.value, depth + 1)?;
                }
                Some(())
            }
            b'[' => {
                for element in scan::elements(self.text, range.start) {
                    self.value(element.ok()?, depth + 1)?;
                }
                Some(())
            }
            b'"' => self.push(range, kind),
            _ => self.push_word(range),
        }
    }

    fn push(&mut self, token: Range<usize>, kind: Kind) -> Option<()> {
        let range = token.start + 1..token.end - 1;
        if kind == Kind::Plain && begins_like_json(self.text, range.start) {
            return None;
        }
        self.scalars.push(Piece { range, kind });
        Some(())
    }

    fn push_word(&mut self, range: Range<usize>) -> Option<()> {
        let kind = word_kind(self.text[range.start])?;
        self.scalars.push(Piece { range, kind });
        Some(())
    }

    fn headers(&mut self, range: Range<usize>, depth: usize) -> Option<()> {
        match (self.header_shape, self.text[range.start]) {
            (HeaderShape::Flat, b'[') => {
                for (n, element) in scan::elements(self.text, range.start).enumerate() {
                    let element = element.ok()?;
                    if n % 2 == 1 || self.text[element.start] != b'"' {
                        self.value(element, depth + 1)?;
                    }
                }
                Some(())
            }
            (_, b'{') => {
                for member in scan::members(self.text, range.start) {
                    self.value(member.ok()?.value, depth + 1)?;
                }
                Some(())
            }
            (HeaderShape::Pairs, b'[') => {
                for element in scan::elements(self.text, range.start) {
                    let element = element.ok()?;
                    if self.text[element.start] != b'{' {
                        return None;
                    }
                    for member in scan::members(self.text, element.start) {
                        let member = member.ok()?;
                        if !matches!(member.name, b"key" | b"name") || self.text[member.value.start] != b'"' {
                            self.value(member.value, depth + 2)?;
                        }
                    }
                }
                Some(())
            }
            (_, b'n') => self.push_word(range),
            _ => None,
        }
    }

    /// JSON in a string, whose scalars lie in the text with their escapes.
    fn folded(&mut self, inner: Range<usize>) -> Option<()> {
        let folded = Folded::new(self.text, inner)?;
        let start = scan::skip_ws(&folded.content, 0);
        let end = scan::value_end(&folded.content, start).ok()?;
        // A string with a string inside may be unfolded once more.
        if !matches!(folded.content.get(start), Some(b'{' | b'[')) {
            return None;
        }
        self.folded_value(&folded, start..end, 0)?;
        self.folded = Some(folded);
        Some(())
    }

    fn folded_value(&mut self, folded: &Folded, range: Range<usize>, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH || self.scalars.len() > MAX_SCALARS {
            return None;
        }
        let content = &folded.content;
        match content[range.start] {
            b'{' => {
                for member in scan::members(content, range.start) {
                    self.folded_value(folded, member.ok()?.value, depth + 1)?;
                }
            }
            b'[' => {
                for element in scan::elements(content, range.start) {
                    self.folded_value(folded, element.ok()?, depth + 1)?;
                }
            }
            b'"' => {
                let range = folded.at(range.start + 1)..folded.at(range.end - 1);
                self.scalars.push(Piece { range, kind: Kind::Folded });
            }
            byte => {
                let range = folded.at(range.start)..folded.at(range.end);
                self.scalars.push(Piece { range, kind: word_kind(byte)? });
            }
        }
        Some(())
    }
}

fn word_kind(first: u8) -> Option<Kind> {
    match first {
        b'-' | b'0'..=b'9' => Some(Kind::Number),
        b't' | b'f' => Some(Kind::Bool),
        b'n' => Some(Kind::Null),
        _ => None,
    }
}

/// The form of a value; `None` if a name occurs twice in an object or has an escape in it.
fn form_of(content: &[u8]) -> Option<String> {
    let mut out = String::new();
    let mut next = 0;
    write_form(content, scan::skip_ws(content, 0), &mut next, &mut out)?;
    Some(out)
}

fn write_form(content: &[u8], at: usize, next: &mut u32, out: &mut String) -> Option<()> {
    match content.get(at)? {
        b'n' => out.push_str("null"),
        b'{' => {
            out.push('{');
            let mut names: Vec<&[u8]> = Vec::new();
            for member in scan::members(content, at) {
                let member = member.ok()?;
                if member.name.contains(&b'\\') || names.contains(&member.name) {
                    return None;
                }
                if !names.is_empty() {
                    out.push(',');
                }
                names.push(member.name);
                out.push('"');
                out.push_str(std::str::from_utf8(member.name).ok()?);
                out.push_str("\":");
                write_form(content, member.value.start, next, out)?;
            }
            out.push('}');
        }
        _ => {
            out.push_str(&next.to_string());
            *next += 1;
        }
    }
    Some(())
}
