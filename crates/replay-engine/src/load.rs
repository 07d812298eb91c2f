//! Reading sources into one log, a slice at a time.

use crate::crew::Crew;
use crate::engine::{Attachment, Read as Answer};
use crate::loaded::{Origin, problem};
use crate::mapping;
use crate::memory;
use crate::sharing::{FIRST, Pace, Sharing, Turn, WHILE_STARTING, may_share, warm_up};
use replay_formats::{Cause, Format, LoadOptions, Loaded as Read, Loader, MappingChoice, Schemas, join};
use replay_log::log::PartitionInfo;
use replay_log::{Footprint, Log, Schedule};
use replay_protocol::{Configuration, Failure, LoadRequest, Progress, Reply, SCHEMA_FILE};
use std::collections::VecDeque;
use std::sync::Arc;

/// Bytes read at once: large enough to be fast, small enough that the page hears of progress and a cancel is heard soon.
const SLICE: usize = 4 << 20;
/// The beginning of a file that is longer than this is shown while the rest is read; shorter ones are there in about a second.
const LONG: u64 = 384 << 20;
/// Schemas are not larger.
const SMALL: u64 = 1 << 20;

/// So much of a source is looked at for a preview: as much as decides about the format.
const HEAD: usize = 1 << 20;
/// The same for an archive, which can be read only as a whole.
const HEAD_OF_ARCHIVE: usize = 64 << 20;

/// The beginning of a source, and how it is to be read.
pub(crate) struct Head {
    pub(crate) bytes: Vec<u8>,
    /// There is no more of it.
    pub(crate) is_whole: bool,
    pub(crate) name: String,
    pub(crate) options: LoadOptions,
}

struct Input {
    name: String,
    bytes: Attachment,
    at: u64,
    /// It came with the request.
    is_text: bool,
    /// Nothing more comes.
    is_over: bool,
    /// Lines that have come of a stream, until it is found out what it is.
    lines: u64,
}

/// Reads sources one after the other.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Reading {
    waiting: VecDeque<Input>,
    current: Option<(Input, Loader, LoadOptions)>,
    /// The current source, if others read it too.
    sharing: Option<Sharing>,
    /// How fast it is read here.
    pace: Pace,
    /// Hands were started.
    is_warm: bool,
    /// The beginning was given.
    has_begun: bool,
    done: Vec<(String, Read)>,
    names: Vec<String>,
    format: Option<Format>,
    mapping: MappingChoice,
    remembered: Arc<[(String, MappingChoice)]>,
    pub(crate) configuration: Configuration,
    /// Schemas among the sources, which the others need; `None` before they were looked for.
    schemas: Option<Schemas>,
    /// `None` if one of them goes on to an end that is not known.
    total_bytes: Option<f64>,
    bytes_before: f64,
    records_before: u64,
    is_stopped: bool,
    /// What the sources that are done take, their texts apart, and whether some have records of the same partition.
    footprint: Footprint,
    bytes_held: u64,
    partitions: Vec<PartitionInfo>,
    /// Everything that has come is read, and more will come.
    is_waiting: bool,
    /// The last step read as much as it might.
    is_behind: bool,
}

impl Reading {
    #[inline(never)]
    pub(crate) fn new(request: LoadRequest, attachments: Vec<Attachment>) -> Result<Reading, Failure> {
        let format = match request.format.as_deref().filter(|name| !name.is_empty()) {
            None => None,
            Some(name) => {
                let unknown = |_| Failure::new("bad-format", name.to_owned());
                Some(name.parse().map_err(unknown)?)
            }
        };
        let mut attachments = attachments.into_iter();
        let mut waiting = VecDeque::new();
        for source in request.sources {
            let is_text = source.text.is_some();
            let bytes: Attachment = match source.text {
                Some(text) => Box::new(text.into_bytes()),
                None => attachments.next().ok_or_else(|| Failure::new("unreadable", source.name.clone()))?,
            };
            waiting.push_back(Input { name: source.name, bytes, at: 0, is_text, is_over: false, lines: 0 });
        }
        if waiting.is_empty() {
            return Err(Failure::new("no-records", ""));
        }
        Ok(Reading {
            total_bytes: waiting
                .iter()
                .map(|input| input.bytes.stream().is_none().then_some(input.bytes.len() as f64))
                .sum(),
            names: waiting.iter().map(|input| input.name.clone()).collect(),
            waiting,
            current: None,
            sharing: None,
            pace: Pace::default(),
            is_warm: false,
            has_begun: false,
            done: Vec::new(),
            format,
            mapping: mapping::asked(&request.mapping)?,
            remembered: mapping::remembered(&request.remembered).into(),
            configuration: request.configuration,
            schemas: None,
            bytes_before: 0.0,
            records_before: 0,
            is_stopped: false,
            footprint: Footprint::default(),
            bytes_held: 0,
            partitions: Vec::new(),
            is_waiting: false,
            is_behind: false,
        })
    }

    /// Reads no further: what came is kept.
    pub(crate) fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// True when everything is read, or what there is room for, in bytes of memory.
    #[inline(never)]
    pub(crate) fn step(&mut self, records: usize, room: u64, crew: &mut dyn Crew) -> Result<bool, Failure> {
        if self.is_stopped {
            self.end_sharing(crew);
            // Too little had come to find out what it is: then that is all there is of it.
            if let Some((_, loader, _)) = self.current.as_mut().filter(|(_, loader, _)| !loader.has_begun()) {
                loader.finish_input();
                loader.step(records);
            }
            self.close();
            return Ok(true);
        }
        if self.schemas.is_none() {
            // Starting takes the hands some time, in which the engine finds out what the file is.
            self.is_warm = self.waiting.iter().any(|input| may_share(&input.bytes, crew));
            if self.is_warm {
                warm_up(crew);
            }
            self.schemas = Some(self.take_schemas()?);
            return Ok(false);
        }
        if self.sharing.is_none() && self.is_warm {
            // Nothing but that they are ready.
            while crew.poll().is_some() {}
        }
        if self.current.is_none() {
            let Some(input) = self.waiting.pop_front() else {
                self.end_sharing(crew);
                return Ok(true);
            };
            self.begin(input, room, crew);
            return Ok(false);
        }
        if !self.fits(room) {
            self.end_early();
            return Ok(false);
        }
        if self.sharing.is_some() {
            self.share(crew);
        }
        let Some((input, loader, _)) = &mut self.current else { return Ok(false) };
        if self.sharing.is_some() && loader.is_done() {
            return Ok(false);
        }
        self.is_waiting = false;
        let records_before = loader.progress().records;
        // Of short records a step reads less than it takes in, and what waits would be half of the file.
        let is_behind = self.is_behind && loader.unread() >= SLICE;
        if !input.is_over && input.at < input.bytes.len() && !is_behind {
            let (at, bytes, lines) = (input.at, &mut input.bytes, &mut input.lines);
            // What goes on without a known end may stand still before there is enough to find out what it is.
            let is_counted = !loader.has_begun() && bytes.stream().is_some();
            let read = |into: &mut Vec<u8>| {
                let before = into.len();
                let answer = bytes.read(at, SLICE, into);
                if is_counted {
                    *lines += memchr::memchr_iter(b'\n', &into[before..]).count() as u64;
                }
                answer
            };
            let answer = loader.push_with(read).map_err(|detail| {
                let told = bytes.stream().and_then(|stream| stream.failure);
                let detail = format!("{}: {detail}", input.name);
                told.unwrap_or_else(|| Failure::new("unreadable", detail))
            })?;
            match answer {
                Answer::Bytes(0) => input.is_over = true,
                Answer::Bytes(n) => input.at += n as u64,
                Answer::Later => self.is_waiting = true,
            }
        }
        if input.is_over || input.at >= input.bytes.len() {
            loader.finish_input();
        }
        let was_begun = loader.has_begun();
        // What the file is, is found out before anything else, so that others can begin.
        let records = if self.is_warm && !was_begun { 1 } else { records };
        let started = self.pace.is_open().then(|| crew.now_ms());
        // Whether all that has come is read is known when a step finds nothing more.
        let read = loader.step(records).records - records_before;
        self.is_waiting &= read == 0;
        self.is_behind = read >= records as u64;
        if !was_begun && loader.has_begun() && self.sharing.is_some() {
            if loader.can_share() {
                loader.stop_at(FIRST);
            } else {
                self.end_sharing(crew);
            }
        }
        if let Some(started) = started.filter(|_| self.sharing.is_none()) {
            self.call_for_help(started, crew);
        }
        let Some((_, loader, _)) = &self.current else { return Ok(false) };
        if loader.is_done() && self.sharing.is_none() {
            self.close();
        }
        Ok(false)
    }

    /// Lets others read the rest of the source if a step that began at `started` shows that it takes long here.
    #[inline(never)]
    fn call_for_help(&mut self, started: f64, crew: &mut dyn Crew) {
        let Some((input, loader, options)) = &mut self.current else { return };
        let took = crew.now_ms() - started;
        if !loader.has_begun() || !self.pace.calls_for_help(took, loader.position(), &input.bytes, crew) {
            return;
        }
        let from = input.at + WHILE_STARTING;
        if loader.can_share() && from < input.bytes.len() {
            self.sharing = Sharing::behind(from, &input.bytes, options, crew);
            if self.sharing.is_some() {
                loader.stop_at(from);
            }
        }
    }

    /// How a source of this name is read.
    fn options(&self, name: &str) -> LoadOptions {
        LoadOptions {
            format: self.format,
            key_by: self.configuration.key_by.clone().filter(|pointer| !pointer.is_empty()),
            file_name: (!name.is_empty()).then(|| name.to_owned()),
            schemas: self.schemas.clone().unwrap_or_default(),
            mapping: self.mapping.clone(),
            remembered: Arc::clone(&self.remembered),
        }
    }

    /// The beginning of the first source that holds records.
    #[inline(never)]
    pub(crate) fn head(&mut self) -> Result<Head, Failure> {
        if self.schemas.is_none() {
            self.schemas = Some(self.take_schemas()?);
        }
        let none = || Failure::new("no-records", "");
        let mut input = self.waiting.pop_front().ok_or_else(none)?;
        let mut read = |length: usize| {
            let unreadable = |detail| Failure::new("unreadable", format!("{}: {detail}", input.name));
            input.bytes.read_now(0, length).map_err(unreadable)
        };
        let mut bytes = read(HEAD)?;
        // The list of an archive's files stands at its end.
        if bytes.starts_with(b"PK") && bytes.len() == HEAD {
            bytes = read(HEAD_OF_ARCHIVE)?;
        }
        let is_whole = bytes.len() as u64 >= input.bytes.len();
        let options = self.options(&input.name);
        Ok(Head { bytes, is_whole, name: input.name, options })
    }

    #[inline(never)]
    fn begin(&mut self, input: Input, room: u64, crew: &mut dyn Crew) {
        let options = self.options(&input.name);
        self.sharing = Sharing::start(&input.bytes, &options, crew);
        self.pace = Pace::default();
        let hint = input.bytes.stream().map_or_else(|| input.bytes.len(), |stream| stream.hint);
        let loader = match input.bytes.home() {
            Some(home) => Loader::leaving_text(options.clone(), home),
            // What is too large for the memory grows until it is full.
            None => Loader::new(options.clone(), Some(hint).filter(|&hint| hint <= room / 4)),
        };
        self.current = Some((input, loader, options));
    }

    /// Whether what was read can be made a log in so many bytes of memory; limits the text that the current source may bring.
    #[inline(never)]
    fn fits(&mut self, room: u64) -> bool {
        let schedule = self.configuration.schedule.as_deref().unwrap_or_default().parse().unwrap_or(Schedule::File);
        let Some((_, loader, _)) = &mut self.current else { return true };
        let mut log = self.footprint.plus(loader.footprint());
        let held = self.bytes_held + log.index;
        // Text that is kept grows by doubling, and its records have to be indexed, too.
        loader.limit_text(room.saturating_sub(held) / 3);
        let held = held + loader.memory();
        log.is_unordered |= loader.shares(&self.partitions);
        held.saturating_add(memory::to_open(&log, self.done.len() + 1, schedule)) <= room
    }

    /// Reads no further, since there is no memory for more; the first thing to be told.
    #[inline(never)]
    fn end_early(&mut self) {
        let Progress { done, total, records, .. } = self.progress();
        let megabytes = |bytes: f64| (bytes / 1e6).round() as u64;
        let total = megabytes(total.unwrap_or(done));
        let cause = Cause::MemoryFull { records: records as u64, read: megabytes(done), total };
        if let Some((_, loader, _)) = &mut self.current {
            loader.end_early(cause);
        }
        self.stop();
    }

    /// Takes what others have read, and gives them more to read.
    #[inline(never)]
    fn share(&mut self, crew: &mut dyn Crew) {
        let Some(((input, loader, options), sharing)) = self.current.as_mut().zip(self.sharing.as_mut()) else {
            return;
        };
        sharing.hand_out(&input.bytes, options, crew);
        let mut turn = if sharing.collect(crew) { Turn::Waiting } else { Turn::Alone };
        if !loader.is_done() {
            // A slice that cannot be read is read when its turn comes, by going on from there.
            if turn == Turn::Alone {
                self.go_on_alone(crew);
            }
            return;
        }
        if turn == Turn::Waiting {
            turn = sharing.append(loader);
        }
        self.is_waiting = turn == Turn::Waiting;
        match turn {
            Turn::Appended | Turn::Waiting => {}
            Turn::Done => {
                loader.finish_shared();
                self.end_sharing(crew);
                self.close();
            }
            Turn::Alone => self.go_on_alone(crew),
        }
    }

    /// Reads what is left of the current source without the help of others.
    fn go_on_alone(&mut self, crew: &mut dyn Crew) {
        self.end_sharing(crew);
        let Some((input, loader, _)) = &mut self.current else { return };
        if !loader.has_begun() {
            // Nobody told it to stop before the end.
            return;
        }
        loader.go_on();
        if let Some(again) = input.bytes.again() {
            input.bytes = again;
        }
        input.at = loader.position();
        self.is_waiting = false;
    }

    fn end_sharing(&mut self, crew: &mut dyn Crew) {
        if self.sharing.take().is_some() || self.is_warm {
            // With the memory that they took.
            crew.dismiss();
            self.is_warm = false;
        }
    }

    /// The beginning of a long log, once, when so much of it is read that it can be looked at.
    pub(crate) fn take_beginning(&mut self) -> Option<(Log, Origin, Configuration)> {
        let (input, loader, _) = self.current.as_ref()?;
        let is_ready = input.bytes.len() >= LONG && loader.position() >= FIRST && self.done.is_empty();
        if self.has_begun || !is_ready {
            return None;
        }
        self.has_begun = true;
        let read = loader.peek()?;
        let origin = Origin::new(&read, self.names.clone(), true);
        Some((read.log, origin, self.configuration.clone()))
    }

    /// Whether others read for this job.
    pub(crate) fn is_shared(&self) -> bool {
        self.sharing.is_some() || self.is_warm
    }

    /// Takes the sources that are schemas out of those that wait. What cannot be read is told when its turn comes.
    fn take_schemas(&mut self) -> Result<Schemas, Failure> {
        let mut schemas = Schemas::default();
        if self.waiting.len() < 2 {
            return Ok(schemas);
        }
        let mut found = Vec::new();
        let mut is_given = false;
        for (at, input) in self.waiting.iter_mut().enumerate().filter(|(_, input)| input.bytes.len() <= SMALL) {
            // Of a format that somebody names are all files, but not what the page gives as a schema.
            let is_called_so = input.is_text && input.name.starts_with(SCHEMA_FILE);
            if self.format.is_some() && !is_called_so {
                continue;
            }
            let bytes = input.bytes.read_now(0, SMALL as usize).unwrap_or_default();
            let held = Schemas::of_file(&input.name, &bytes);
            if held.is_none() && is_called_so {
                return Err(Failure::new("bad-schema", input.name.clone()));
            }
            if let Some(held) = held {
                schemas = schemas.with(&held);
                found.push(at);
                is_given |= is_called_so;
            }
        }
        // Who gives a schema hears what is wrong with it, while the log stays as it was.
        if let Some((name, detail)) = schemas.problems().next().filter(|_| is_given) {
            return Err(Failure::new("broken-schema", format!("{name}: {detail}")));
        }
        // Nothing but schemas: they are loaded like anything else, and say so.
        if found.len() < self.waiting.len() {
            for at in found.into_iter().rev() {
                self.bytes_before += self.waiting.remove(at).map_or(0.0, |input| input.bytes.len() as f64);
            }
        }
        Ok(schemas)
    }

    /// Whether another step would find nothing to do before more bytes come.
    pub(crate) fn is_waiting(&self) -> bool {
        self.is_waiting && !self.is_stopped
    }

    #[inline(never)]
    fn close(&mut self) {
        if let Some((input, loader, _)) = self.current.take() {
            self.bytes_before += if input.is_over { input.at as f64 } else { input.bytes.len() as f64 };
            self.records_before += loader.progress().records;
            let read = loader.into_loaded();
            self.bytes_held += memory::of_texts(&read.log);
            self.footprint = self.footprint.plus(read.log.footprint());
            for info in read.log.partitions() {
                let is_again = |known: &PartitionInfo| known.topic == info.topic && known.partition == info.partition;
                if self.partitions.iter().any(is_again) {
                    self.footprint.is_unordered = true;
                } else {
                    self.partitions.push(info.clone());
                }
            }
            self.done.push((input.name, read));
        }
    }

    pub(crate) fn progress(&self) -> Progress {
        let (bytes, records) = self.current.as_ref().map_or((0.0, 0), |(input, loader, _)| {
            let progress = loader.progress();
            // A stream is lines with a record each.
            (progress.bytes_taken as f64, if loader.has_begun() { progress.records } else { input.lines })
        });
        Progress {
            stage: "read".to_owned(),
            done: self.bytes_before + bytes,
            total: self.total_bytes,
            records: (self.records_before + records) as f64,
        }
    }

    /// The log and where it came from. Where there is none, why is told beforehand.
    pub(crate) fn finish(self, reply: &mut dyn FnMut(Reply)) -> Result<(Log, Origin, Configuration), Failure> {
        let read = join(self.done);
        if read.log.is_empty() {
            if let Some(error) = read.errors.first() {
                reply(Reply::NothingRead(problem(error, &self.names)));
            }
            let first = read.errors.first().map(ToString::to_string).unwrap_or_default();
            return Err(Failure::new("no-records", first));
        }
        let is_partial = self.is_stopped || read.error_kinds.contains_key("too-large");
        let origin = Origin::new(&read, self.names, is_partial);
        Ok((read.log, origin, self.configuration))
    }
}
