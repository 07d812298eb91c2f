//! The entities of one shard: their events as bytes, and the fold over them.

use super::wire::{Reader, Writer};
use super::{BEGIN, FOLD, FORGET, KEEP};
use replay_core::{EntityState, Projection};
use replay_log::{Header, Log, Payload, Record, RecordIndex, RecordKind, RowChange, RowOp};
use std::borrow::Cow;

/// Which text of a state is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// The canonical one, which is hashed.
    Canonical,
    /// As `fold` prints it.
    Plain,
}

/// A state that a shard rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuiltState<'a> {
    /// Its JSON text; `None` before the first event and after a delete.
    pub text: Option<&'a str>,
    /// Events that were applied.
    pub version: u64,
    /// Events that were seen.
    pub events: u64,
    /// The last of them.
    pub last: Option<RecordIndex>,
    /// Whether the entity is deleted.
    pub is_deleted: bool,
}

/// Events on their way to a hand, in a task that makes it keep them. They come in the order of the log, which is how a text that lies
/// elsewhere is read fast; whose they are and which of its events stands beside each.
pub(crate) struct Piece {
    out: Writer,
    /// Whether the projection looks at more than the values.
    is_whole: bool,
}

impl Piece {
    pub(crate) fn new(projection: &Projection) -> Piece {
        let is_whole = matches!(projection, Projection::Cdc | Projection::Jq(_));
        Piece { out: Writer(vec![KEEP]), is_whole }
    }

    /// Adds an event: the `number`-th of the hand's `entity`-th entity.
    pub(crate) fn push(&mut self, log: &Log, entity: u32, number: u32, event: RecordIndex) {
        self.out.number(u64::from(entity));
        self.out.number(u64::from(number));
        self.out.number(u64::from(event));
        let record = if self.is_whole {
            log.record(event)
        } else {
            Record { kind: log.kind(event), value: log.value(event), ..Record::default() }
        };
        let mut bytes = Writer::default();
        put(&mut bytes, &record, self.is_whole);
        self.out.bytes(&bytes.0);
    }

    /// Bytes so far.
    pub(crate) fn len(&self) -> usize {
        self.out.0.len()
    }

    /// The task; `None` if there is nothing in it.
    pub(crate) fn take(&mut self) -> Option<Vec<u8>> {
        let bytes = std::mem::replace(&mut self.out.0, vec![KEEP]);
        (bytes.len() > 1).then_some(bytes)
    }
}

/// A task to begin with these entities, each with the number of its events, and to forget all that was kept before.
pub(crate) fn begin<'a>(entities: impl Iterator<Item = (&'a str, u32)>) -> Vec<u8> {
    let mut out = Writer(vec![BEGIN]);
    for (name, events) in entities {
        out.bytes(name.as_bytes());
        out.number(u64::from(events));
    }
    out.0
}

/// A task to forget all that is kept.
pub(crate) fn forget() -> Vec<u8> {
    vec![FORGET]
}

/// A task to fold all that is kept, and give each state.
pub(crate) fn to_fold(projection: &Projection, text: Text) -> Vec<u8> {
    let mut out = Writer(vec![FOLD]);
    out.byte(u8::from(text == Text::Canonical));
    out.bytes(projection.name().as_bytes());
    let program = match projection {
        Projection::Jq(program) => Some(program.text()),
        _ => None,
    };
    out.option(program, |out, program| out.bytes(program.as_bytes()));
    out.0
}

/// States as a shard answered them, one after the other.
pub(crate) struct States {
    bytes: Vec<u8>,
    /// Where each begins.
    starts: Vec<usize>,
}

impl States {
    /// `None` if that is no answer with so many states.
    pub(crate) fn new(bytes: Vec<u8>, count: usize) -> Option<States> {
        let mut reader = Reader::new(&bytes);
        let mut starts = Vec::with_capacity(count);
        for _ in 0..count {
            starts.push(reader.at());
            state(&mut reader)?;
        }
        reader.is_at_end().then_some(())?;
        Some(States { bytes, starts })
    }

    /// The state of that number.
    pub(crate) fn get(&self, number: usize) -> Option<RebuiltState<'_>> {
        state(&mut Reader::new(self.bytes.get(*self.starts.get(number)?..)?))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn state<'a>(reader: &mut Reader<'a>) -> Option<RebuiltState<'a>> {
    Some(RebuiltState {
        text: reader.option(Reader::text)?,
        version: reader.number()?,
        events: reader.number()?,
        last: reader.option(Reader::number)?.map(|last| last as RecordIndex),
        is_deleted: reader.byte()? != 0,
    })
}

/// What a hand holds of its shard: the entities' events as they came. It reads them anew in every rebuild, as a consumer does.
#[derive(Default)]
pub(super) struct Shard {
    names: Vec<String>,
    /// Entity e's events are `places[starts[e]..starts[e + 1]]`.
    starts: Vec<usize>,
    /// Where each event begins: piece and byte.
    places: Vec<(u32, u32)>,
    pieces: Vec<Vec<u8>>,
}

/// The place of an event that has not come.
const NOWHERE: (u32, u32) = (u32::MAX, u32::MAX);

fn cut_off() -> String {
    "the task is cut off".to_owned()
}

impl Shard {
    pub(super) fn begin(task: &mut Reader<'_>) -> Result<Shard, String> {
        let mut shard = Shard { starts: vec![0], ..Shard::default() };
        let mut n_events = 0_usize;
        while !task.is_at_end() {
            shard.names.push(task.text().ok_or_else(cut_off)?.to_owned());
            n_events += task.number().and_then(|n| u32::try_from(n).ok()).ok_or_else(cut_off)? as usize;
            shard.starts.push(n_events);
        }
        shard.places = vec![NOWHERE; n_events];
        Ok(shard)
    }

    pub(super) fn keep(&mut self, piece: Vec<u8>) -> Result<(), String> {
        let number = self.pieces.len() as u32;
        let mut reader = Reader::new(&piece);
        reader.byte();
        while !reader.is_at_end() {
            let entity = reader.number().ok_or_else(cut_off)? as usize;
            let event = reader.number().ok_or_else(cut_off)? as usize;
            let at = reader.at() as u32;
            reader.number().ok_or_else(cut_off)?;
            reader.bytes().ok_or_else(cut_off)?;
            let place = self.starts.get(entity).and_then(|start| self.places.get_mut(start + event));
            *place.ok_or("an event of an unknown entity")? = (number, at);
        }
        self.pieces.push(piece);
        Ok(())
    }

    pub(super) fn fold(&self, task: &mut Reader<'_>) -> Result<Vec<u8>, String> {
        let is_canonical = task.byte().ok_or_else(cut_off)? != 0;
        let name = task.text().ok_or_else(cut_off)?;
        let program = task.option(Reader::text).ok_or_else(cut_off)?;
        let projection = Projection::new(name, program).map_err(|error| error.to_string())?;
        let mut out = Writer::default();
        for (name, range) in self.names.iter().zip(self.starts.windows(2)) {
            let mut state = EntityState::default();
            for place in self.places.get(range[0]..range[1]).unwrap_or_default() {
                let (index, record) = self.event(*place).ok_or_else(cut_off)?;
                state.apply(&projection, name, index, &record);
            }
            let text = state.json().map(|json| if is_canonical { json.canonical() } else { json.to_text() });
            out.option(text, |out, text| out.bytes(text.as_bytes()));
            out.number(state.version);
            out.number(state.events);
            out.option(state.last, |out, last| out.number(u64::from(last)));
            out.byte(u8::from(state.is_deleted));
        }
        Ok(out.0)
    }

    fn event(&self, (piece, at): (u32, u32)) -> Option<(RecordIndex, Record<'_>)> {
        let mut reader = Reader::new(self.pieces.get(piece as usize)?.get(at as usize..)?);
        let index = reader.number()? as RecordIndex;
        Some((index, take(&mut Reader::new(reader.bytes()?))?))
    }
}

const KINDS: [RecordKind; 3] = [RecordKind::Event, RecordKind::Control, RecordKind::Aborted];
const OPS: [RowOp; 5] = [RowOp::Insert, RowOp::Read, RowOp::Update, RowOp::Delete, RowOp::Truncate];

/// A place in a list of all there are.
fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|each| each == one).unwrap_or(0) as u8
}

fn put(out: &mut Writer, record: &Record<'_>, is_whole: bool) {
    out.byte(
        place(&KINDS, &record.kind) << 4
            | u8::from(is_whole) << 2
            | match &record.value {
                Payload::Tombstone => 0,
                Payload::Absent => 1,
                Payload::Bytes(_) => 2,
            },
    );
    if let Payload::Bytes(value) = &record.value {
        out.bytes(value);
    }
    if !is_whole {
        return;
    }
    let text = |out: &mut Writer, text: &Cow<'_, str>| out.bytes(text.as_bytes());
    let bytes = |out: &mut Writer, bytes: &Cow<'_, [u8]>| out.bytes(bytes);
    text(out, &record.topic);
    out.option(record.partition, |out, partition| out.number(u64::from(partition)));
    out.option(record.offset, Writer::signed);
    out.option(record.timestamp_ms, Writer::signed);
    out.option(record.key.as_ref(), bytes);
    out.option(record.event_id.as_ref(), text);
    out.option(record.event_type.as_ref(), text);
    out.option(record.version, Writer::signed);
    out.number(record.headers.len() as u64);
    for header in &record.headers {
        text(out, &header.name);
        out.option(header.value.as_ref(), bytes);
    }
    out.number(record.changes.len() as u64);
    for change in &record.changes {
        out.byte(place(&OPS, &change.op));
        text(out, &change.table);
        out.option(change.entity.as_ref(), text);
        out.option(change.before.as_ref(), bytes);
        out.option(change.after.as_ref(), bytes);
        out.byte(u8::from(change.is_partial));
    }
}

fn take<'a>(reader: &mut Reader<'a>) -> Option<Record<'a>> {
    fn bytes<'a>(reader: &mut Reader<'a>) -> Option<Cow<'a, [u8]>> {
        reader.bytes().map(Cow::Borrowed)
    }
    let head = reader.byte()?;
    let value = match head & 3 {
        0 => Payload::Tombstone,
        1 => Payload::Absent,
        _ => Payload::Bytes(bytes(reader)?),
    };
    let kind = *KINDS.get(usize::from(head >> 4))?;
    let mut record = Record { kind, value, ..Record::default() };
    if head & 4 == 0 {
        return Some(record);
    }
    record.topic = reader.cow()?;
    record.partition = reader.option(Reader::number)?.map(|partition| partition as u32);
    record.offset = reader.option(Reader::signed)?;
    record.timestamp_ms = reader.option(Reader::signed)?;
    record.key = reader.option(bytes)?;
    record.event_id = reader.option(Reader::cow)?;
    record.event_type = reader.option(Reader::cow)?;
    record.version = reader.option(Reader::signed)?;
    for _ in 0..reader.number()? {
        record.headers.push(Header { name: reader.cow()?, value: reader.option(bytes)? });
    }
    for _ in 0..reader.number()? {
        record.changes.push(RowChange {
            op: *OPS.get(usize::from(reader.byte()?))?,
            table: reader.cow()?,
            entity: reader.option(Reader::cow)?,
            before: reader.option(bytes)?,
            after: reader.option(bytes)?,
            is_partial: reader.byte()? != 0,
        });
    }
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Record<'static> {
        Record {
            topic: "t".into(),
            partition: Some(3),
            offset: Some(i64::MAX),
            timestamp_ms: Some(-5),
            key: Some(Cow::Borrowed(b"\xff")),
            entity: None,
            value: Payload::Bytes(Cow::Borrowed(b"{}")),
            headers: vec![Header { name: "h".into(), value: None }],
            event_id: Some("e".into()),
            event_type: None,
            version: Some(0),
            kind: RecordKind::Aborted,
            changes: vec![RowChange {
                op: RowOp::Truncate,
                table: "d.t".into(),
                entity: None,
                before: Some(Cow::Borrowed(b"1")),
                after: None,
                is_partial: true,
            }],
        }
    }

    #[test]
    fn records_come_back_as_they_were_put() {
        for record in [whole(), Record::default(), Record { value: Payload::Tombstone, ..whole() }] {
            let mut out = Writer::default();
            put(&mut out, &record, true);
            assert_eq!(take(&mut Reader::new(&out.0)), Some(record));
        }
    }

    #[test]
    fn a_task_that_is_cut_off_is_refused_wherever_it_ends() {
        let mut piece = Writer(vec![KEEP]);
        for (number, index) in [(0, 7), (1, 8)] {
            piece.number(0);
            piece.number(number);
            piece.number(index);
            let mut record = Writer::default();
            put(&mut record, &whole(), true);
            piece.bytes(&record.0);
        }
        let begin = begin(std::iter::once(("k", 2)));
        let (piece, task) = (piece.0, to_fold(&Projection::Merge, Text::Plain));
        let fold = |piece: &[u8], task: &[u8]| {
            let mut shard = Shard::begin(&mut Reader::new(&begin[1..]))?;
            shard.keep(piece.to_vec())?;
            shard.fold(&mut Reader::new(task))
        };
        let answer = fold(&piece, &task[1..]).unwrap();
        assert!(States::new(answer.clone(), 2).is_none());
        let state = States::new(answer, 1).unwrap().get(0).unwrap().last;
        assert_eq!(state, Some(8));
        for length in 1..piece.len() {
            assert!(fold(&piece[..length], &task[1..]).is_err(), "{length}");
        }
        for length in 1..task.len() - 1 {
            assert!(fold(&piece, &task[1..length]).is_err(), "{length}");
        }
    }
}
