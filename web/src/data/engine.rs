//! The page's only way to the engine. Adapts the worker's client, so that nothing else in the page knows how it works.

use replay_protocol::{Reply, Request, RequestId};
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

/// A handle on the engine in the worker. Equal if it is the same worker.
#[derive(Clone)]
pub(crate) struct Engine(Rc<Inner>);

struct Inner {
    files: RefCell<Vec<web_sys::File>>,
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
        Self(Rc::new(Inner { files: RefCell::default(), client }))
    }

    /// Natively there is no worker: the page is only checked and its pure parts are tested.
    #[cfg(not(target_arch = "wasm32"))]
    #[allow(clippy::needless_pass_by_value, reason = "the same signature as in the browser")]
    pub(crate) fn start(on_event: Callback<EngineEvent>) -> Self {
        on_event.emit(EngineEvent::Crashed(String::new()));
        on_event.emit(EngineEvent::Ready);
        Self(Rc::new(Inner { files: RefCell::default() }))
    }

    /// Asks; every reply comes to `on_reply` with the number that is returned.
    pub(crate) fn ask(
        &self,
        request: &Request,
        files: Vec<web_sys::File>,
        on_reply: Callback<(RequestId, Reply)>,
    ) -> RequestId {
        let id = self.send(request, &files, on_reply);
        if matches!(request, Request::Load(_)) {
            self.0.files.replace(files);
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

    /// The files of the latest load, to read them again in another format.
    pub(crate) fn last_files(&self) -> Vec<web_sys::File> {
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
