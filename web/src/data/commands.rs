//! What a person can order: load, configure, cancel, go somewhere, share.

use super::engine::{Engine, use_engine};
use super::kafka::now_ms;
use super::link::{Link, LinkSource};
use super::place::{Target, parse_target};
use super::query::Answering;
use super::samples::SAMPLES;
use super::save::Pieces;
use super::scenarios::compact;
use super::storage::remembered_mappings;
use crate::hooks::{FolderError, MAX_FILES, NamedFile, files_in};
use crate::state::{
    CompareBy, Cursor, KafkaAction, Laboratory, LaboratoryAction, NoticeAction, OpenView, Orders, Origin, QuerySide,
    SearchAction, SearchForm, SelectionAction, Source, SourceAction, TransportAction, View, use_laboratory,
    use_open_view, use_orders, use_source,
};
use replay_protocol::{Configuration, LoadRequest, Mapping, Place, Reply, Request, SourceSpec, Writer};
use replay_protocol::{KafkaPlan, KafkaRead, KafkaReply, KafkaRequest};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// The stores and the engine together. Equal if they are.
#[derive(Clone, PartialEq)]
pub(crate) struct Commands {
    engine: Engine,
    source: UseReducerHandle<Source>,
    orders: Orders,
    laboratory: UseReducerHandle<Laboratory>,
    view: View,
    /// The side of the tab, unless it is its first.
    side: Option<&'static str>,
}

/// The commands, for the stores as they are now.
#[hook]
pub(crate) fn use_commands() -> Commands {
    let open = use_open_view();
    Commands {
        engine: use_engine(),
        source: use_source(),
        orders: use_orders(),
        laboratory: use_laboratory(),
        view: open.view,
        side: side(open),
    }
}

/// The side of the tab that is open, unless a link without one leads there too.
fn side(open: OpenView) -> Option<&'static str> {
    match open.view {
        View::Query => Some(open.query).filter(|side| *side != QuerySide::default()).map(QuerySide::code),
        View::Compare => Some(open.compare).filter(|by| *by != CompareBy::default()).map(CompareBy::code),
        View::Replay | View::Simulate | View::Learn => None,
    }
}

/// What to load, and where to stand afterwards.
struct Load {
    origin: Origin,
    request: LoadRequest,
    files: Vec<web_sys::File>,
    /// Where the cursor goes; it stays where it is if this is not said.
    position: Option<u64>,
    entity: Option<String>,
    by_person: bool,
}

impl Commands {
    /// Loads an embedded sample.
    pub(crate) fn load_sample(&self, name: &str) {
        self.load_link(&Link { source: Some(LinkSource::Sample(name.to_owned())), ..Link::default() }, true);
    }

    /// Loads pasted text.
    pub(crate) fn load_text(&self, text: String) {
        let origin = Origin::Text(text.clone().into());
        let sources = vec![text_spec(String::new(), text)];
        let request = LoadRequest { sources, remembered: remembered_mappings(), ..LoadRequest::default() };
        self.load(Load { origin, request, files: Vec::new(), position: Some(0), entity: None, by_person: true });
    }

    /// Files may come soon.
    pub(crate) fn expect_files(&self) {
        self.engine.get_ready();
    }

    /// Loads files; several are one log.
    pub(crate) fn load_files(&self, files: Vec<NamedFile>) {
        if files.is_empty() {
            return;
        }
        if files.len() > MAX_FILES {
            self.fail("notice-large-folder", &MAX_FILES.to_string());
            return;
        }
        let names: Vec<String> = files.iter().map(|named| named.file.name()).collect();
        let (sources, remembered) = (files.iter().map(spec).collect(), remembered_mappings());
        let request = LoadRequest { sources, remembered, ..LoadRequest::default() };
        let origin = Origin::Files(names.join(", ").into());
        let files = files.into_iter().map(|named| named.file).collect();
        self.load(Load { origin, request, files, position: Some(0), entity: None, by_person: true });
    }

    /// Loads all files of what was dropped.
    pub(crate) fn load_folders(&self, entries: Vec<web_sys::FileSystemEntry>) {
        let here = self.clone();
        spawn_local(async move {
            match files_in(entries).await {
                Ok(files) if files.is_empty() => here.fail("notice-empty-folder", ""),
                Ok(files) => here.load_files(files),
                Err(FolderError::TooMany(most)) => here.fail("notice-large-folder", &most.to_string()),
                Err(FolderError::Unreadable(detail)) => here.fail("notice-unreadable-folder", &detail),
            }
        });
    }

    /// Loads again what was loaded once; files cannot be, they stay with the person.
    pub(crate) fn load_origin(&self, origin: &Origin) {
        match origin {
            Origin::Sample(name) => self.load_sample(name),
            Origin::Text(text) => self.load_text(text.to_string()),
            Origin::Files(_) => {}
            Origin::Topic(read) => self.load_topic(read.clone(), None, false),
        }
    }

    /// Loads what a link says and goes where it points.
    pub(crate) fn load_link(&self, link: &Link, by_person: bool) {
        let (origin, name, text) = match &link.source {
            Some(LinkSource::Text(text)) => (Origin::Text(text.clone().into()), String::new(), text.clone()),
            other => {
                let wanted = match other {
                    Some(LinkSource::Sample(name)) => name.as_str(),
                    _ => SAMPLES[0].name,
                };
                let sample = SAMPLES.iter().find(|sample| sample.name == wanted).unwrap_or(&SAMPLES[0]);
                (Origin::Sample(sample.name.into()), sample.name.to_owned(), sample.text.to_owned())
            }
        };
        // A mapping that cannot be read is no mapping: the log is shown all the same.
        let mapping = link.mapping.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let request = LoadRequest {
            sources: vec![text_spec(name, text)],
            format: link.format.clone(),
            mapping,
            configuration: Configuration {
                projection: link.projection.clone(),
                jq: link.jq.clone(),
                key_by: link.key_by.clone(),
                schedule: link.schedule.clone(),
            },
            ..LoadRequest::default()
        };
        if let Some(view) = View::ALL.into_iter().find(|view| Some(view.code()) == link.view.as_deref()) {
            self.orders.selection.dispatch(SelectionAction::Show(view));
        }
        let is_side = |code: &str| link.side.as_deref() == Some(code);
        if let Some(by) = CompareBy::ALL.into_iter().find(|by| is_side(by.code())) {
            self.orders.selection.dispatch(SelectionAction::Compare(by));
        }
        if let Some(side) = QuerySide::ALL.into_iter().find(|side| is_side(side.code())) {
            self.orders.selection.dispatch(SelectionAction::Query(side));
        }
        if let Some(text) = link.scenario.clone() {
            let (laboratory, here) = (self.laboratory.dispatcher(), self.clone());
            let on_reply = Answering::last(move |reply| match reply {
                Reply::Scenario(scenario) => laboratory.dispatch(LaboratoryAction::Edit(Rc::new(*scenario))),
                Reply::Failed(failure) => {
                    let id = "notice-bad-scenario".into();
                    here.orders.notices.dispatch(NoticeAction::Refused(id, Rc::new(failure)));
                }
                _ => {}
            });
            self.engine.ask(&Request::ReadScenario { text }, Vec::new(), on_reply);
        }
        let (position, entity) = (Some(link.position), link.entity.clone());
        self.load(Load { origin, request, files: Vec::new(), position, entity, by_person });
    }

    /// Loads a topic of Kafka, of so many bytes if that is known; what comes afterwards follows it if that is wanted.
    pub(crate) fn load_topic(&self, read: Rc<KafkaRead>, bytes: Option<f64>, follows: bool) {
        let request = LoadRequest { sources: vec![topic_spec(&read, bytes)], ..LoadRequest::default() };
        let origin = Origin::Topic(read.clone());
        // What is followed is seen at its end.
        let position = Some(if follows { u64::MAX } else { 0 });
        let load = Load { origin, request, files: Vec::new(), position, entity: None, by_person: true };
        self.load_then(load, follows.then_some(read));
    }

    /// Follows a topic from each span's start on; `fresh` replaces the log by what comes.
    pub(crate) fn follow_topic(&self, read: &KafkaRead, fresh: bool) {
        let here = self.clone();
        let origin = Origin::Topic(Rc::new(read.clone()));
        let on_reply = Callback::from(move |(job, reply): (u32, Reply)| match reply {
            Reply::Following(state) => here.orders.kafka.dispatch(KafkaAction::Followed { job, state }),
            Reply::Grown(summary) => {
                let total = summary.records;
                here.source.dispatcher().dispatch(SourceAction::Grown(None, Rc::new(*summary)));
                here.orders.transport.dispatch(TransportAction::Grow(total));
            }
            Reply::Loaded(summary) => {
                let total = summary.records;
                here.source.dispatcher().dispatch(SourceAction::Grown(Some(origin.clone()), Rc::new(*summary)));
                here.orders.selection.dispatch(SelectionAction::Forget);
                here.orders.search.dispatch(SearchAction::Forget);
                here.orders.transport.dispatch(TransportAction::Reset { position: total, total });
            }
            Reply::Failed(failure) => here.orders.kafka.dispatch(KafkaAction::Ended(job, Some(failure))),
            Reply::Cancelled => here.orders.kafka.dispatch(KafkaAction::Ended(job, None)),
            _ => {}
        });
        let request = Request::Follow { read: Box::new(read.clone()), fresh };
        let job = self.engine.ask(&request, Vec::new(), on_reply);
        self.orders.kafka.dispatch(KafkaAction::Follow(job, Rc::new(read.clone())));
    }

    fn load(&self, load: Load) {
        self.load_then(load, None);
    }

    /// Loads, and follows a topic from the end of what was read.
    fn load_then(&self, load: Load, follows: Option<Rc<KafkaRead>>) {
        let Load { origin, request, files, position, entity, by_person } = load;
        if let Some(job) = self.source.job() {
            self.engine.cancel(job);
        }
        let format = request.format.clone().or_else(|| request.mapping.format.clone()).map(AttrValue::from);
        let chosen = request.configuration.clone();
        let here = self.clone();
        // Where to stand, and where that is in the beginning of the log.
        let stand = Cell::new(None);
        let pasted = match &origin {
            Origin::Text(text) => Some(text.clone()),
            _ => None,
        };
        let on_reply = self.job_replies(pasted, move |total| {
            here.orders.search.dispatch(SearchAction::Forget);
            let cursor = here.orders.cursor();
            if let Some((wanted, began)) = stand.get() {
                // Whoever has looked at the beginning meanwhile stays where he is.
                let stays = TransportAction::Reset { position: wanted, total };
                here.orders.transport.dispatch(if cursor.position == began {
                    stays
                } else {
                    TransportAction::Resize(total)
                });
                return;
            }
            let is_at_end = cursor.total > 0 && cursor.position == cursor.total;
            let wanted = position.unwrap_or(if is_at_end { u64::MAX } else { cursor.position });
            stand.set(Some((wanted, wanted.min(total))));
            here.orders.selection.dispatch(SelectionAction::Forget);
            here.orders.transport.dispatch(TransportAction::Reset { position: wanted, total });
            if let Some(key) = &entity {
                here.choose_key(key.clone());
            }
        });
        let (request, on_reply) = match &origin {
            Origin::Topic(read) => {
                self.orders.kafka.dispatch(KafkaAction::Load { now_ms: now_ms(), expected: read.plan.offsets() });
                let request = Request::LoadKafka { reads: vec![KafkaRead::clone(read)], load: request };
                (request, self.topic_replies(read.plan.offsets(), follows, on_reply))
            }
            _ => (Request::Load(request), on_reply),
        };
        let job = self.engine.ask(&request, files, on_reply);
        self.source.dispatch(SourceAction::Load { job, origin, format, chosen, by_person });
    }

    /// How far a topic is, is told by its records, and when it is there it is followed.
    fn topic_replies(
        &self,
        expected: Option<u64>,
        follows: Option<Rc<KafkaRead>>,
        on_reply: Callback<(u32, Reply)>,
    ) -> Callback<(u32, Reply)> {
        let here = self.clone();
        Callback::from(move |(job, mut reply): (u32, Reply)| {
            if let Reply::Progress(progress) = &mut reply
                && progress.stage == "read"
            {
                progress.done = progress.records;
                progress.total = expected.map(|expected| expected as f64);
            }
            let is_empty = matches!(&reply, Reply::Failed(failure) if failure.code == "no-records");
            let is_whole = matches!(&reply, Reply::Loaded(summary) if !summary.partial);
            if !matches!(reply, Reply::Progress(_)) {
                here.orders.kafka.dispatch(KafkaAction::LoadEnded);
            }
            if let Some(read) = follows.as_ref().filter(|_| is_empty || is_whole) {
                // Offsets without records are no failure of a topic that is followed.
                on_reply.emit((job, if is_empty { Reply::Cancelled } else { reply }));
                let plan = KafkaPlan { spans: read.plan.ends(), ..read.plan.clone() };
                here.follow_topic(&KafkaRead { plan, ..KafkaRead::clone(read) }, is_empty);
            } else {
                on_reply.emit((job, reply));
            }
        })
    }

    /// Reads the same source again in another format; an empty name detects it.
    pub(crate) fn read_as(&self, format: &str) {
        let format = (!format.is_empty()).then(|| format.to_owned());
        self.read_again(LoadRequest { format, ..LoadRequest::default() });
    }

    /// Reads the same source again, with the parts of a record from other places.
    pub(crate) fn read_with(&self, mapping: Mapping) {
        self.read_again(LoadRequest { mapping, ..LoadRequest::default() });
    }

    /// Reads the same source again, with further schemas: each by its name and its text.
    pub(crate) fn read_with_schemas(&self, schemas: &[(String, String)]) {
        let (Some(origin), Some((mut sources, files))) = (self.source.origin.clone(), self.sources()) else { return };
        sources.retain(|source| !schemas.iter().any(|(name, _)| *name == source.name));
        sources.extend(schemas.iter().map(|(name, text)| text_spec(name.clone(), text.clone())));
        let summary = self.source.summary.as_ref();
        let mapping = summary.map(|summary| summary.chosen_mapping.clone()).unwrap_or_default();
        let format = self.source.format.as_ref().map(ToString::to_string).filter(|_| mapping.format.is_none());
        let request = LoadRequest { sources, format, mapping, ..LoadRequest::default() };
        self.load(Load { origin, request, files, position: None, entity: None, by_person: true });
    }

    fn read_again(&self, request: LoadRequest) {
        let (Some(origin), Some((sources, files))) = (self.source.origin.clone(), self.sources()) else { return };
        let request = LoadRequest { sources, ..request };
        self.load(Load { origin, request, files, position: None, entity: None, by_person: true });
    }

    /// The sources of the log that is shown.
    fn sources(&self) -> Option<(Vec<SourceSpec>, Vec<web_sys::File>)> {
        let schemas = self.engine.last_schemas();
        let (mut sources, files) = match self.source.origin.as_ref()? {
            Origin::Sample(name) => {
                let sample = SAMPLES.iter().find(|sample| sample.name == name)?;
                (vec![text_spec(sample.name.to_owned(), sample.text.to_owned())], Vec::new())
            }
            Origin::Text(text) => (vec![text_spec(String::new(), text.to_string())], Vec::new()),
            Origin::Files(_) => {
                let files = self.engine.last_files();
                let named = files.iter().map(spec).collect::<Vec<_>>();
                (named, files.into_iter().map(|named| named.file).collect())
            }
            Origin::Topic(read) => (vec![topic_spec(read, None)], Vec::new()),
        };
        sources.extend(schemas);
        Some((sources, files))
    }

    /// Asks for the first records of the same source under another mapping.
    pub(crate) fn preview(&self, mapping: &Mapping, on_reply: Callback<(u32, Reply)>) {
        let Some((sources, files)) = self.sources() else { return };
        let (engine, mapping) = (self.engine.clone(), mapping.clone());
        let schemas = self.engine.last_schemas();
        let try_on = move |sources, files, on_reply| {
            let request = LoadRequest { sources, mapping: mapping.clone(), ..LoadRequest::default() };
            engine.ask(&Request::Preview(request), files, on_reply);
        };
        let Some(Origin::Topic(read)) = &self.source.origin else { return try_on(sources, files, on_reply) };
        let beginning = move |name, text| [vec![text_spec(name, text)], schemas.clone()].concat();
        // Of a topic the beginning is read once more, and kept for the next mapping that is tried.
        let name = topic_spec(read, None).name;
        if let Some(text) = self.engine.sample_of(read) {
            return try_on(beginning(name, text), Vec::new(), on_reply);
        }
        let (engine, read) = (self.engine.clone(), read.clone());
        let request = KafkaRequest::Sample { server: read.server.clone(), plan: read.plan.clone() };
        let heard = Callback::from(move |(job, reply): (u32, Reply)| match reply {
            Reply::Kafka(answer) => {
                if let KafkaReply::Sample { text } = *answer {
                    engine.keep_sample(&read, &text);
                    try_on(beginning(name.clone(), text), Vec::new(), on_reply.clone());
                }
            }
            other => on_reply.emit((job, other)),
        });
        self.engine.ask(&Request::Kafka(Box::new(request)), Vec::new(), heard);
    }

    /// Gives the log to the person as a file in this format.
    pub(crate) fn save_log(&self, writer: &Writer) {
        let name = match &self.source.origin {
            Some(Origin::Sample(name)) => name.to_string(),
            Some(Origin::Files(names)) => names.split([',', '.']).next().unwrap_or_default().to_owned(),
            _ => "log".to_owned(),
        };
        let file = format!("{name}.{}.{}", writer.name, writer.extension);
        let (notices, pieces, shown) = (self.orders.notices.clone(), Pieces::default(), file.clone());
        let on_reply = Callback::from(move |(_, reply): (u32, Reply)| match reply {
            Reply::Chunk { bytes, last } => {
                pieces.push(&bytes);
                if last {
                    pieces.save(&file, "application/octet-stream");
                    let detail = file.clone().into();
                    notices.dispatch(NoticeAction::Tell { id: "notice-saved".into(), detail });
                }
            }
            Reply::Failed(failure) => {
                notices.dispatch(NoticeAction::refused(failure));
            }
            _ => {}
        });
        self.tell("notice-saving", &shown);
        self.engine.ask(&Request::Export { format: writer.name.clone() }, Vec::new(), on_reply);
    }

    /// Folds the same log in another way. The cursor stays; after another key the entities are others.
    pub(crate) fn configure(&self, chosen: Configuration) {
        let before = self.source.summary.as_ref().map(|summary| &summary.configuration.key_by);
        let rekeyed = before != Some(&chosen.key_by);
        let here = self.clone();
        let on_reply = self.job_replies(None, move |total| {
            if rekeyed {
                here.orders.selection.dispatch(SelectionAction::Forget);
            }
            here.orders.search.dispatch(SearchAction::Forget);
            here.orders.transport.dispatch(TransportAction::Resize(total));
        });
        let job = self.engine.ask(&Request::Configure(chosen.clone()), Vec::new(), on_reply);
        self.source.dispatch(SourceAction::Configure { job, chosen });
    }

    /// What is done with the replies of a job that makes a log, of this text if it was pasted.
    fn job_replies(&self, pasted: Option<AttrValue>, done: impl Fn(u64) + 'static) -> Callback<(u32, Reply)> {
        let (source, notices) = (self.source.dispatcher(), self.orders.notices.clone());
        let unread = RefCell::new(None);
        Callback::from(move |(job, reply): (u32, Reply)| match reply {
            Reply::Progress(progress) => source.dispatch(SourceAction::Progress(job, progress)),
            Reply::NothingRead(problem) => {
                unread.replace(Some(Rc::new(problem)));
            }
            Reply::Begun(summary) => {
                let total = summary.records;
                source.dispatch(SourceAction::Begun(job, Rc::new(*summary)));
                done(total);
            }
            Reply::Loaded(summary) => {
                let total = summary.records;
                source.dispatch(SourceAction::Loaded(job, Rc::new(*summary)));
                notices.dispatch(NoticeAction::Succeed);
                done(total);
            }
            Reply::Failed(failure) => {
                source.dispatch(SourceAction::Ended(job));
                notices.dispatch(match failure.code.as_str() {
                    "no-records" => NoticeAction::NothingRead(unread.take(), pasted.clone()),
                    _ => NoticeAction::refused(failure),
                });
            }
            _ => source.dispatch(SourceAction::Ended(job)),
        })
    }

    /// Stops the running job; what had been read is kept.
    pub(crate) fn cancel(&self) {
        if let Some(job) = self.source.job() {
            self.engine.cancel(job);
        }
    }

    /// Goes to what a person typed: a position, `partition@offset`, a time, or an entity's key.
    pub(crate) fn go_to(&self, text: &str) {
        let Some(summary) = &self.source.summary else { return };
        let place = match parse_target(text) {
            Some(Target::Position(position)) => {
                let total = self.orders.cursor().total;
                if position > total {
                    self.tell("notice-last-position", &total.to_string());
                }
                return self.orders.transport.dispatch(TransportAction::SeekTo(position));
            }
            Some(Target::Time(timestamp_ms)) => Place::Time { timestamp_ms },
            Some(Target::Offset { partition, offset }) => {
                let found = summary.partitions.iter().position(|info| info.partition == partition);
                let Some(found) = found else { return self.say_nowhere(text) };
                Place::Offset { partition: found as u32, offset }
            }
            None => return self.choose_key(text.trim().to_owned()),
        };
        self.locate(place, text.to_owned());
    }

    /// Goes to the next or previous event of an entity.
    pub(crate) fn go_to_event(&self, entity: u32, position: u64, backwards: bool) {
        self.locate(Place::Event { entity, position, backwards }, String::new());
    }

    /// Looks for what the form says; an older search is stopped. What cannot be read in the form is told.
    pub(crate) fn search(&self, form: &SearchForm) {
        let time = |text: &str| match parse_target(text) {
            Some(Target::Time(ms)) => Some(ms),
            _ => None,
        };
        let request = match form.request(time) {
            Ok(request) => request,
            Err(wrong) => return self.orders.search.dispatch(SearchAction::Refuse(wrong)),
        };
        let (search, notices) = (self.orders.search.clone(), self.orders.notices.clone());
        let on_reply = Callback::from(move |(job, reply): (u32, Reply)| match reply {
            Reply::Found(found) => search.dispatch(SearchAction::Found(job, found)),
            Reply::Failed(failure) => {
                search.dispatch(SearchAction::Ended(job));
                notices.dispatch(NoticeAction::refused(failure));
            }
            Reply::Progress(_) => {}
            _ => search.dispatch(SearchAction::Ended(job)),
        });
        let job = self.engine.ask(&Request::Search(Box::new(request)), Vec::new(), on_reply);
        self.orders.search.dispatch(SearchAction::Ask(job));
    }

    /// Stops a search; what it found is kept.
    pub(crate) fn stop(&self, job: u32) {
        self.engine.cancel(job);
    }

    /// Looks a key up that a person typed.
    pub(crate) fn look_up(&self, typed: &str) {
        match typed.trim() {
            "" => self.fail("notice-no-key-typed", ""),
            key => self.choose_key(key.to_owned()),
        }
    }

    /// Selects the entity with this key.
    pub(crate) fn choose_key(&self, key: String) {
        let (here, typed) = (self.clone(), key.clone());
        let on_reply = Callback::from(move |(_, reply): (u32, Reply)| match reply {
            Reply::Located { entity: Some(entity), .. } => {
                here.orders.selection.dispatch(SelectionAction::Choose(entity));
            }
            _ => here.say_nowhere(&typed),
        });
        self.engine.ask(&Request::Locate(Place::Key { key }), Vec::new(), on_reply);
    }

    fn locate(&self, place: Place, typed: String) {
        let here = self.clone();
        let on_reply = Callback::from(move |(_, reply): (u32, Reply)| match reply {
            Reply::Located { position: Some(position), .. } => {
                here.orders.transport.dispatch(TransportAction::SeekTo(position));
            }
            _ => here.say_nowhere(&typed),
        });
        self.engine.ask(&Request::Locate(place), Vec::new(), on_reply);
    }

    fn say_nowhere(&self, typed: &str) {
        let (id, detail) = ("notice-no-such-place".into(), shortened(typed).into());
        self.orders.notices.dispatch(NoticeAction::Fail { id, detail });
    }

    /// Shows one line.
    pub(crate) fn tell(&self, id: &'static str, detail: &str) {
        self.orders.notices.dispatch(NoticeAction::Tell { id: id.into(), detail: AttrValue::from(detail.to_owned()) });
    }

    /// Shows one line about something that could not be done.
    pub(crate) fn fail(&self, id: &'static str, detail: &str) {
        self.orders.notices.dispatch(NoticeAction::Fail { id: id.into(), detail: AttrValue::from(detail.to_owned()) });
    }

    /// Gives the address that leads to exactly what is on the screen; `None` if no link can.
    pub(crate) fn link(&self, on_link: Callback<Option<String>>) {
        let Cursor { position, entity, .. } = self.orders.cursor();
        let Some(entity) = entity else { return on_link.emit(self.address(position, None)) };
        let here = self.clone();
        let on_reply = Answering::last(move |reply| {
            let key = if let Reply::Entity(view) = reply { Some(view.key) } else { None };
            on_link.emit(here.address(position, key));
        });
        self.engine.ask(&Request::Entity { entity, position }, Vec::new(), on_reply);
    }

    fn address(&self, position: u64, entity: Option<String>) -> Option<String> {
        let source = match self.source.origin.as_ref()? {
            Origin::Sample(name) => LinkSource::Sample(name.to_string()),
            Origin::Text(text) => LinkSource::Text(text.to_string()),
            Origin::Files(_) | Origin::Topic(_) => return None,
        };
        let in_force = self.source.summary.as_ref()?.configuration.clone();
        let format = self.source.format.as_ref().map(ToString::to_string);
        let Configuration { projection, jq, key_by, schedule } = in_force;
        let view = (self.view != View::default()).then(|| self.view.code().to_owned());
        let side = self.side.map(str::to_owned);
        let scenario = compact(&self.laboratory.scenario);
        let said = &self.source.summary.as_ref()?.chosen_mapping;
        let mapping = (!said.is_empty()).then(|| serde_json::to_string(said).ok()).flatten();
        // A format that is part of the mapping need not be said twice.
        let format = format.filter(|_| said.format.is_none());
        let source = Some(source);
        let link =
            Link { source, position, entity, projection, jq, key_by, schedule, format, mapping, view, side, scenario };
        let hash = link.to_hash()?;
        let location = web_sys::window()?.location();
        let address = location.href().ok()?;
        Some(format!("{}#{hash}", address.split('#').next().unwrap_or_default()))
    }
}

/// What was typed, as a message repeats it: not at any length, and nothing that cannot be seen.
pub(crate) fn shortened(typed: &str) -> String {
    const MOST: usize = 60;
    let shown = typed.chars().take(MOST).map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let end = typed.chars().nth(MOST).map(|_| '…');
    shown.chain(end).collect()
}

fn spec(named: &NamedFile) -> SourceSpec {
    SourceSpec { name: named.name.clone(), text: None, size: Some(named.file.size()) }
}

/// A topic's name may end like that of an archive; what comes is lines of JSON.
fn topic_spec(read: &KafkaRead, bytes: Option<f64>) -> SourceSpec {
    SourceSpec { name: format!("{}.ndjson", read.plan.topic), text: None, size: bytes }
}

fn text_spec(name: String, text: String) -> SourceSpec {
    let size = Some(text.len() as f64);
    SourceSpec { name, text: Some(text), size }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_message_repeats_no_novel_and_nothing_unseen() {
        assert_eq!(shortened("a\u{1}李"), "a\u{fffd}李");
        assert_eq!(shortened(&"é".repeat(60)), "é".repeat(60));
        assert_eq!(shortened(&"é".repeat(10_000)), format!("{}…", "é".repeat(60)));
    }
}
