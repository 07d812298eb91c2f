//! Templates: what lines of one export have in common, so that the next line is compared rather than parsed.
//!
//! An export writes the same members in the same order, so a line is mostly known: it is text that recurs, with scalars in between. A
//! template is that recurring text, cut at its scalars; all templates of a file share a tree of such pieces. Reading a line means walking
//! the tree: compare a piece, find the end of the scalar behind it, take the edge that fits, until the record ends. The leaf that is
//! reached says which scalar is the key, the offset …, and which members the value has (its form).
//!
//! Nothing is taken on trust. Pieces are compared byte for byte and scalars are checked by JSON's grammar, so a line that fits is valid
//! JSON with exactly the members of the line that the template was learned from. Whatever does not fit is read the general way, which is
//! also how templates are learned. Values that are JSON inside a string are walked where they lie, without undoing their escapes.

mod learn;
mod scalar;

use crate::decode::JsonDecoder;
use crate::text::Valid;
use crate::time::{integer, timestamp_ms};
use replay_log::block::{BLOCK, Block};
use replay_log::builder::{Entry, LogBuilder, Presence};
use replay_log::log::FormId;
use replay_log::record::RecordKind;
use replay_log::scan::equal;
use scalar::Kind;
use std::borrow::Cow;

/// Most scalars of a line that is learned: a set of them must fit [`Scalars`].
const MAX_SCALARS: usize = 128;
/// Pieces that are kept in all. An export whose members are themselves data (maps by id) has no end of them.
const MAX_EDGES: usize = 4096;
/// Longer lines are not learned from: that takes a place for each byte of the value, and few lines are alike that are so long.
const LONG: usize = 1 << 20;
/// Lines that may be learned from in vain before that is given up.
const MAX_FAILURES: u32 = 256;

/// The number of a scalar in its line.
type Scalar = u8;

/// A set of scalars: two words, since a shift of 128 bits is a call where words are of 64.
#[derive(Debug, Clone, Copy, Default)]
struct Scalars([u64; MAX_SCALARS / 64]);

impl Scalars {
    #[inline]
    fn put(&mut self, scalar: usize) {
        self.0[scalar / 64 % (MAX_SCALARS / 64)] |= 1 << (scalar % 64);
    }

    /// Whether both have one in common.
    #[inline]
    fn meets(self, other: Scalars) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }
}

/// The number of an edge.
type EdgeId = u32;
/// No edge.
const NONE: EdgeId = u32::MAX;

/// A piece of text that recurs, and the scalar behind it.
struct Edge {
    /// The beginning of the piece, and which bytes of it are the piece's.
    first: Block,
    is_piece: u32,
    /// The end of a piece that is longer than a block.
    last: Block,
    piece: Box<[u8]>,
    kind: Kind,
    /// The first of the edges that may follow; the leaf if the kind is `End`.
    to: u32,
    /// Another edge in this one's place.
    other: EdgeId,
    hits: u32,
}

impl Edge {
    fn new(piece: &[u8], kind: Kind, to: u32) -> Edge {
        let is_piece = (1 << piece.len().min(BLOCK)) - 1;
        let last = Block::at(piece, piece.len().saturating_sub(BLOCK)).unwrap_or(Block::beginning(piece));
        let (first, piece) = (Block::beginning(piece), piece.into());
        Edge { first, is_piece, last, piece, kind, to, other: NONE, hits: 0 }
    }

    /// Whether the piece stands at `at`, where less than a block is left.
    #[cold]
    #[inline(never)]
    fn ends_text_at(&self, text: &[u8], at: usize) -> bool {
        text.get(at..at + self.piece.len()).is_some_and(|there| equal(there, &self.piece))
    }

    /// Whether the piece stands at `at`.
    #[inline]
    fn stands_at(&self, text: &[u8], at: usize) -> bool {
        let Some(block) = Block::at(text, at) else {
            return self.ends_text_at(text, at);
        };
        if self.is_piece & !self.first.same(block) != 0 {
            return false;
        }
        if self.piece.len() <= BLOCK {
            return true;
        }
        let behind = at + self.piece.len();
        Block::at(text, behind - BLOCK).is_some_and(|end| self.last.same(end) == u32::from(u16::MAX))
            && (self.piece.len() <= 2 * BLOCK || self.is_long_at(text, at))
    }

    /// The same for a piece of more than two blocks, of which few are.
    #[cold]
    #[inline(never)]
    fn is_long_at(&self, text: &[u8], at: usize) -> bool {
        text.get(at..at + self.piece.len()).is_some_and(|there| *there == *self.piece)
    }
}

/// What the scalars of a line mean.
#[derive(Debug, Clone, Default)]
struct Leaf {
    topic: Option<Scalar>,
    partition: Option<Scalar>,
    offset: Option<Scalar>,
    offset_fallback: Option<Scalar>,
    timestamp: Option<Scalar>,
    key: Option<Scalar>,
    stream: Option<Scalar>,
    stream_fallback: Option<Scalar>,
    event_type: Option<Scalar>,
    header_type: Option<Scalar>,
    /// The same out of the value.
    value_entity: Option<Scalar>,
    value_type: Option<Scalar>,
    value_time: Option<Scalar>,
    presence: Option<Presence>,
    /// A value that is a string with JSON inside: it lies between these, and must be UTF-8.
    folded: Option<(Mark, Mark)>,
    form: Option<FormId>,
    /// The scalars that are used; one of them with an escape in it needs the general way.
    used: Scalars,
    /// It did not give what the general way gives.
    is_wrong: bool,
}

/// A place in a line: so many bytes behind the end of a scalar, or behind the start of the line.
#[derive(Debug, Clone, Copy)]
struct Mark {
    scalar: Option<Scalar>,
    behind: u32,
}

/// The templates of one source.
pub(crate) struct Templates {
    edges: Vec<Edge>,
    /// The first of the edges that begin a line.
    root: EdgeId,
    leaves: Vec<Leaf>,
    failures: u32,
    /// Where each scalar of the current line lies, without its quotes.
    spans: [(usize, usize); MAX_SCALARS],
    /// Which of them have escapes in them.
    escaped: Scalars,
}

impl Templates {
    /// None yet. They stay none if this decoder needs the general way for every line.
    pub(crate) fn new(decoder: &JsonDecoder) -> Templates {
        let failures = if learn::is_suited(decoder) { 0 } else { MAX_FAILURES };
        Templates {
            edges: Vec::new(),
            root: NONE,
            leaves: Vec::new(),
            failures,
            spans: [(0, 0); MAX_SCALARS],
            escaped: Scalars::default(),
        }
    }

    /// What the index needs of the record at `at`, and where it ends; `None` if no template fits. The text is UTF-8 where `valid` says so.
    pub(crate) fn read<'a>(
        &mut self,
        decoder: &'a JsonDecoder,
        text: &'a [u8],
        at: usize,
        valid: Valid<'a>,
    ) -> Option<(Entry<'a>, usize)> {
        let (leaf, end) = self.walk(text, at)?;
        let leaf = &self.leaves[leaf];
        if leaf.is_wrong || leaf.used.meets(self.escaped) {
            return None;
        }
        if let Some((from, to)) = leaf.folded
            && end > valid.end()
        {
            let place = |mark: Mark| mark.scalar.map_or(at, |n| self.spans[usize::from(n)].1) + mark.behind as usize;
            std::str::from_utf8(text.get(place(from)..place(to))?).ok()?;
        }
        Some((self.entry(leaf, decoder, text, valid)?, end))
    }

    /// The leaf that the line leads to, and where the record ends.
    fn walk(&mut self, text: &[u8], start: usize) -> Option<(usize, usize)> {
        let (mut at, mut first, mut before, mut n) = (start, self.root, NONE, 0);
        self.escaped = Scalars::default();
        loop {
            let mut number = first;
            let (edge, start, end, has_escape) = loop {
                let edge = self.edges.get(number as usize)?;
                let start = at + edge.piece.len();
                if edge.stands_at(text, at)
                    && let Some((end, has_escape)) = edge.kind.end(text, start)
                {
                    break (self.edges.get_mut(number as usize)?, start, end, has_escape);
                }
                number = edge.other;
            };
            edge.hits = edge.hits.wrapping_add(1);
            if edge.kind == Kind::End {
                return Some((edge.to as usize, end));
            }
            if has_escape {
                self.escaped.put(n);
            }
            at = end;
            *self.spans.get_mut(n)? = (start, end);
            n += 1;
            let to = edge.to;
            if number != first {
                self.prefer(before, number);
            }
            (before, first) = (number, to);
        }
    }

    /// The number of the first edge that may follow `before`, or begin a line.
    fn first_behind(&mut self, before: EdgeId) -> &mut EdgeId {
        match self.edges.get_mut(before as usize) {
            Some(edge) => &mut edge.to,
            None => &mut self.root,
        }
    }

    /// An edge behind `before` that was not the first to be tried is from now on, if it is the more frequent one.
    #[inline(never)]
    fn prefer(&mut self, before: EdgeId, number: EdgeId) {
        let first = *self.first_behind(before);
        if self.edges[number as usize].hits <= self.edges[first as usize].hits {
            return;
        }
        let mut neighbour = first;
        while self.edges[neighbour as usize].other != number {
            neighbour = self.edges[neighbour as usize].other;
        }
        self.edges[neighbour as usize].other = self.edges[number as usize].other;
        self.edges[number as usize].other = first;
        *self.first_behind(before) = number;
    }

    /// Like `JsonDecoder::assemble` and `read_value`, for what the index keeps; none of the scalars used has an escape.
    fn entry<'a>(&self, leaf: &Leaf, decoder: &'a JsonDecoder, text: &'a [u8], valid: Valid<'a>) -> Option<Entry<'a>> {
        let bytes = |scalar: Option<Scalar>| {
            let (from, to) = self.spans[usize::from(scalar?)];
            text.get(from..to)
        };
        // Text that is no UTF-8 is left to the general way.
        let text_of = |scalar: Option<Scalar>| match scalar.map(|n| self.spans[usize::from(n)]) {
            Some((from, to)) => valid.piece(text, from, to).map(Some),
            None => Some(None),
        };
        let number = |scalar: Option<Scalar>| bytes(scalar).and_then(integer);
        let value_entity = text_of(leaf.value_entity)?;
        let entity = match value_entity {
            Some(entity) => Some(entity),
            None if decoder.is_key_chosen && !decoder.layout.is_bare() => None,
            None => text_of(leaf.stream.or(leaf.stream_fallback).or(leaf.key))?.or(decoder.stream.as_deref()),
        };
        let mut event_type = text_of(leaf.event_type.or(leaf.header_type))?;
        if decoder.layout.class_names
            && let Some(name) = event_type
        {
            match crate::decode::last_part(Cow::Borrowed(name)) {
                Cow::Borrowed(name) => event_type = Some(name),
                Cow::Owned(_) => return None,
            }
        }
        Some(Entry {
            topic: text_of(leaf.topic)?.or(decoder.topic.as_deref()).unwrap_or_default(),
            partition: number(leaf.partition).and_then(|n| u32::try_from(n).ok()).or(decoder.partition),
            offset: number(leaf.offset).or_else(|| number(leaf.offset_fallback)),
            timestamp_ms: bytes(leaf.timestamp)
                .and_then(|text| timestamp_ms(text, decoder.layout.time))
                .or_else(|| bytes(leaf.value_time).and_then(|text| timestamp_ms(text, decoder.value_time))),
            entity,
            event_type: match event_type {
                Some(name) => Some(name),
                None => text_of(leaf.value_type)?,
            },
            kind: RecordKind::Event,
            presence: leaf.presence.unwrap_or(Presence::Present),
            form: leaf.form,
        })
    }

    /// Learns the record at `at..end`, which the general way has read and no template fits. False if there is nothing to be learned.
    pub(crate) fn learn(
        &mut self,
        decoder: &JsonDecoder,
        text: &[u8],
        at: usize,
        end: usize,
        builder: &mut LogBuilder,
    ) -> bool {
        if self.failures >= MAX_FAILURES || end - at > LONG {
            return false;
        }
        let learned = learn::learn(decoder, &text[..end], at).filter(|learned| self.add(learned, builder));
        self.failures += u32::from(learned.is_none());
        let Some((leaf, _)) = learned.and_then(|_| self.walk(text, at)) else { return false };
        // The proof on the spot; the property test of this module tries it on many more.
        let is_right = match (
            self.read(decoder, text, at, Valid::default()),
            decoder.decode_at(text, at, crate::decode::Depth::Index),
        ) {
            (Some((entry, its_end)), Ok((record, _))) => {
                its_end == end && Entry { form: None, ..entry } == Entry::of(&record) && record.changes.is_empty()
            }
            _ => false,
        };
        self.leaves[leaf].is_wrong |= !is_right;
        self.failures += u32::from(!is_right);
        is_right
    }

    /// Puts a line into the tree; false if there is no room.
    fn add(&mut self, learned: &learn::Learned, builder: &mut LogBuilder) -> bool {
        if self.edges.len() + learned.pieces.len() > MAX_EDGES {
            self.failures = MAX_FAILURES;
            return false;
        }
        let mut before = NONE;
        for (piece, kind) in &learned.pieces {
            let mut last = NONE;
            let mut number = *self.first_behind(before);
            while let Some(edge) = self.edges.get(number as usize)
                && (*edge.piece != **piece || edge.kind != *kind)
            {
                (last, number) = (number, edge.other);
            }
            if number != NONE {
                if *kind == Kind::End {
                    // It is there already, so it was found wrong or needs the general way for another reason.
                    return false;
                }
                before = number;
                continue;
            }
            let to = if *kind == Kind::End {
                let form = learned.form.as_deref().map(|text| builder.form(text));
                self.leaves.push(Leaf { form, ..learned.leaf.clone() });
                self.leaves.len() as u32 - 1
            } else {
                NONE
            };
            let new = self.edges.len() as EdgeId;
            match self.edges.get_mut(last as usize) {
                Some(edge) => edge.other = new,
                None => *self.first_behind(before) = new,
            }
            self.edges.push(Edge::new(piece, *kind, to));
            before = new;
        }
        true
    }
}

#[cfg(test)]
mod tests;
