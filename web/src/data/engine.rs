//! The page's only way to the engine. Adapts the worker's client, so that nothing else in the page knows how it works.

use crate::hooks::NamedFile;
use replay_protocol::{EntityView, KafkaRead, Reply, Request, RequestId, SCHEMA_FILE, SourceSpec};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// What the worker says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EngineEvent {
    /// It listens.
    Ready,
    /// It is gone; why.
    Crashed(String),
}

/// Who waits for the same answer.
type Askers = Rc<RefCell<Vec<Callback<(RequestId, Reply)>>>>;

/// A handle on the engine in the worker. Equal if it is the same worker.
#[derive(Clone)]
pub(crate) struct Engine(Rc<Inner>);

struct Inner {
    files: RefCell<Vec<NamedFile>>,
    /// The schemas that were given beside the latest load.
    schemas: RefCell<Vec<SourceSpec>>,
    /// Questions that are on their way, with all who asked them: several parts of the page look at the same record.
    asked: RefCell<Vec<(Request, RequestId, Askers)>>,
    /// The entity that came with the latest record.
    after: RefCell<Option<Box<EntityView>>>,
    /// The beginning of the topic on which mappings are tried.
    sample: RefCell<Option<(Rc<KafkaRead>, String)>>,
    #[cfg(target_arch = "wasm32")]
    client: Option<replay_worker::EngineClient>,
}

impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Engine {
    /// Starts the worker; `on_event` hears when it is ready or gone.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn start(on_event: Callback<EngineEvent>) -> Self {
        use replay_worker::{ClientEvent, EngineClient};
        let heard = on_event.clone();
        let client = EngineClient::spawn(&worker_script(), move |event| {
            heard.emit(match event {
                ClientEvent::Ready => EngineEvent::Ready,
                ClientEvent::Crashed(reason) => EngineEvent::Crashed(reason),
            });
        });
        let client = client.map_err(|reason| on_event.emit(EngineEvent::Crashed(reason))).ok();
        Self(Rc::new(Inner {
            files: RefCell::default(),
            schemas: RefCell::default(),
            asked: RefCell::default(),
            after: RefCell::default(),
            sample: RefCell::default(),
            client,
        }))
    }

    /// Natively there is no worker: the page is only checked and its pure parts are tested.
    #[cfg(not(target_arch = "wasm32"))]
    #[allow(clippy::needless_pass_by_value, reason = "the same signature as in the browser")]
    pub(crate) fn start(on_event: Callback<EngineEvent>) -> Self {
        on_event.emit(EngineEvent::Crashed(String::new()));
        on_event.emit(EngineEvent::Ready);
        Self(Rc::new(Inner {
            files: RefCell::default(),
            schemas: RefCell::default(),
            asked: RefCell::default(),
            after: RefCell::default(),
            sample: RefCell::default(),
        }))
    }

    /// Says that a load may come soon.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn get_ready(&self) {
        if let Some(client) = &self.0.client {
            client.get_ready();
        }
    }

    /// Natively there is nothing to start.
    #[cfg(not(target_arch = "wasm32"))]
    #[allow(clippy::unused_self, reason = "the same signature as in the browser")]
    pub(crate) fn get_ready(&self) {}

    /// Asks; every reply comes to `on_reply` with the number that is returned.
    pub(crate) fn ask(
        &self,
        request: &Request,
        files: Vec<web_sys::File>,
        on_reply: Callback<(RequestId, Reply)>,
    ) -> RequestId {
        if let Request::Record { .. } | Request::Entity { .. } = request {
            return self.look(request, on_reply);
        }
        if let Request::Load(_) | Request::LoadKafka { .. } | Request::Configure(_) = request {
            // What is known of states, or was asked about them, is of the log as it was.
            self.0.asked.borrow_mut().clear();
            self.0.after.take();
        }
        let here = Rc::downgrade(&self.0);
        let is_schema = |source: &&SourceSpec| source.text.is_some() && source.name.starts_with(SCHEMA_FILE);
        let schemas: Option<Vec<SourceSpec>> = match request {
            Request::Load(load) | Request::LoadKafka { load, .. } => {
                Some(load.sources.iter().filter(is_schema).cloned().collect())
            }
            _ => None,
        };
        let heard = Callback::from(move |(id, reply): (RequestId, Reply)| {
            if let (Reply::Loaded(_) | Reply::Begun(_) | Reply::Grown(_), Some(here)) = (&reply, here.upgrade()) {
                here.asked.borrow_mut().clear();
                here.after.take();
                // Those of a load that failed are forgotten with it.
                if let Some(schemas) = &schemas {
                    here.schemas.replace(schemas.clone());
                }
            }
            on_reply.emit((id, reply));
        });
        let id = self.send(request, &files, heard);
        if let Request::Load(load) = request {
            let names = load.sources.iter().map(|source| source.name.clone());
            self.0.files.replace(names.zip(files).map(|(name, file)| NamedFile { name, file }).collect());
        }
        id
    }

    /// Asks about a record or an entity: at once if that came with a record, and once only if somebody else asks the same.
    fn look(&self, request: &Request, on_reply: Callback<(RequestId, Reply)>) -> RequestId {
        if let Request::Entity { entity, position } = request
            && let Some(view) =
                self.0.after.borrow().clone().filter(|view| (view.entity, view.position) == (*entity, *position))
        {
            on_reply.emit((0, Reply::Entity(view)));
            return 0;
        }
        let on_its_way = |(asked, ..): &&(Request, RequestId, Askers)| asked == request;
        if let Some((_, id, askers)) = self.0.asked.borrow().iter().find(on_its_way) {
            askers.borrow_mut().push(on_reply);
            return *id;
        }
        let askers: Askers = Rc::new(RefCell::new(vec![on_reply]));
        let (here, waiting) = (Rc::downgrade(&self.0), askers.clone());
        let heard = Callback::from(move |(id, reply): (RequestId, Reply)| {
            if let Some(here) = here.upgrade() {
                // After another load this question is no longer among them, and what came with it is of the log as it was.
                let is_current = here.asked.borrow().iter().any(|(.., askers)| Rc::ptr_eq(askers, &waiting));
                here.asked.borrow_mut().retain(|(.., askers)| !Rc::ptr_eq(askers, &waiting));
                if let (true, Reply::Record(record)) = (is_current, &reply) {
                    here.after.replace(record.after.clone());
                }
            }
            for asker in waiting.take() {
                asker.emit((id, reply.clone()));
            }
        });
        // An engine that is gone answers at once.
        self.0.asked.borrow_mut().push((request.clone(), 0, askers.clone()));
        let id = self.send(request, &[], heard);
        if let Some(entry) = self.0.asked.borrow_mut().iter_mut().find(|(.., other)| Rc::ptr_eq(other, &askers)) {
            entry.1 = id;
        }
        id
    }

    #[cfg(target_arch = "wasm32")]
    fn send(&self, request: &Request, files: &[web_sys::File], on_reply: Callback<(RequestId, Reply)>) -> RequestId {
        let Some(client) = &self.0.client else { return 0 };
        let id = Rc::new(std::cell::Cell::new(0));
        let heard = id.clone();
        id.set(client.request(request, files, move |reply| on_reply.emit((heard.get(), reply))));
        id.get()
    }

    #[cfg(not(target_arch = "wasm32"))]
    #[allow(clippy::unused_self, clippy::needless_pass_by_value, reason = "the same signature as in the browser")]
    fn send(&self, _: &Request, _: &[web_sys::File], _: Callback<(RequestId, Reply)>) -> RequestId {
        0
    }

    /// Stops a job; its asker hears the last reply.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn cancel(&self, job: RequestId) {
        if let Some(client) = &self.0.client {
            client.cancel(job);
        }
    }

    /// Natively there is no job.
    #[cfg(not(target_arch = "wasm32"))]
    #[allow(clippy::unused_self, reason = "the same signature as in the browser")]
    pub(crate) fn cancel(&self, _: RequestId) {}

    /// The beginning of that topic, if it was kept.
    pub(crate) fn sample_of(&self, read: &Rc<KafkaRead>) -> Option<String> {
        let sample = self.0.sample.borrow();
        sample.as_ref().filter(|(kept, _)| Rc::ptr_eq(kept, read)).map(|(_, text)| text.clone())
    }

    /// Keeps the beginning of a topic, instead of that of another.
    pub(crate) fn keep_sample(&self, read: &Rc<KafkaRead>, text: &str) {
        self.0.sample.replace(Some((read.clone(), text.to_owned())));
    }

    /// The schemas of the latest load.
    pub(crate) fn last_schemas(&self) -> Vec<SourceSpec> {
        self.0.schemas.borrow().clone()
    }

    /// The files of the latest load, to read them again in another format.
    pub(crate) fn last_files(&self) -> Vec<NamedFile> {
        self.0.files.borrow().clone()
    }
}

/// The worker's script, as the page names it.
#[cfg(target_arch = "wasm32")]
fn worker_script() -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let named = document.and_then(|document| document.query_selector("meta[name=engine-worker]").ok()?);
    named.and_then(|meta| meta.get_attribute("content")).unwrap_or_else(|| "./replay-worker_loader.js".to_owned())
}

/// The engine.
#[hook]
pub(crate) fn use_engine() -> Engine {
    use_context().expect("the engine is provided at the root")
}
