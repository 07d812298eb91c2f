//! The page's end: requests out, replies in, and a word when the worker is ready or gone.

use crate::envelope::{open, seal};
use js_sys::Reflect;
use replay_protocol::{Failure, Found, Reply, Request, RequestId};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, File, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What happened to the worker as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientEvent {
    /// It listens. Requests made before were kept for it.
    Ready,
    /// It is gone, with these words. All open requests were answered with a failure; make a new client to go on.
    Crashed(String),
}

type Handler = Box<dyn FnMut(Reply)>;

/// Who waits for replies.
struct Waiting {
    handler: Handler,
    /// Until it is cancelled or fails, whatever comes.
    goes_on: bool,
}
type Listener = Closure<dyn FnMut(JsValue)>;

struct Inner {
    worker: Worker,
    is_ready: Cell<bool>,
    is_gone: Cell<bool>,
    next: Cell<RequestId>,
    handlers: RefCell<BTreeMap<RequestId, Waiting>>,
    /// Messages from before the worker was ready: it would lose them.
    early: RefCell<Vec<JsValue>>,
    on_event: Box<dyn Fn(ClientEvent)>,
    listeners: RefCell<Vec<Listener>>,
}

/// A worker that holds an engine. Cloning shares it; the last clone that goes ends the worker.
#[derive(Clone)]
pub struct EngineClient(Rc<Inner>);

impl PartialEq for EngineClient {
    fn eq(&self, other: &EngineClient) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl EngineClient {
    /// Starts the worker whose script is at `url` (a module, relative to the page).
    ///
    /// # Errors
    /// The browser's words if it refuses to start a worker.
    pub fn spawn(url: &str, on_event: impl Fn(ClientEvent) + 'static) -> Result<EngineClient, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(url, &options).map_err(|error| words(&error))?;
        let inner = Rc::new(Inner {
            worker,
            is_ready: Cell::new(false),
            is_gone: Cell::new(false),
            next: Cell::new(1),
            handlers: RefCell::default(),
            early: RefCell::default(),
            on_event: Box::new(on_event),
            listeners: RefCell::default(),
        });
        let listen = |handle: fn(&Inner, JsValue)| {
            let inner = Rc::downgrade(&inner);
            Closure::new(move |event: JsValue| {
                if let Some(inner) = inner.upgrade() {
                    handle(&inner, event);
                }
            })
        };
        let message = listen(|inner, event| inner.receive(&event.unchecked_into::<MessageEvent>().data()));
        let error = listen(|inner, event| {
            let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            inner.crash(if text.is_empty() { "the worker could not be started".to_owned() } else { text });
        });
        let message_error = listen(|inner, _| inner.crash("a message could not be read".to_owned()));
        inner.worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        inner.worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        inner.worker.set_onmessageerror(Some(message_error.as_ref().unchecked_ref()));
        inner.listeners.borrow_mut().extend([message, error, message_error]);
        Ok(EngineClient(inner))
    }

    /// Sends a request; `on_reply` hears every reply to it, the last one being anything but `Progress` or a `Chunk` or `Found`
    /// that is not the last; that of a `Follow` is its end.
    pub fn request(&self, request: &Request, files: &[File], on_reply: impl FnMut(Reply) + 'static) -> RequestId {
        let inner = &self.0;
        let id = inner.next.get();
        inner.next.set(id.wrapping_add(1).max(1));
        let goes_on = matches!(request, Request::Follow { .. });
        inner.handlers.borrow_mut().insert(id, Waiting { handler: Box::new(on_reply), goes_on });
        inner.send(id, request, files);
        id
    }

    /// Asks to stop a job; its request is answered with what it had, or with `Cancelled`.
    pub fn cancel(&self, job: RequestId) {
        self.0.send(0, &Request::Cancel { job }, &[]);
    }

    /// Says that a load may come soon.
    pub fn get_ready(&self) {
        self.0.send(0, &Request::GetReady, &[]);
    }

    /// Forgets a request: its replies go nowhere.
    pub fn forget(&self, id: RequestId) {
        self.0.handlers.borrow_mut().remove(&id);
    }
}

impl Inner {
    fn send(&self, id: RequestId, request: &Request, files: &[File]) {
        if self.is_gone.get() {
            self.deliver(id, gone("the engine has stopped"));
            return;
        }
        match seal(id, request, files) {
            Ok(message) if self.is_ready.get() => {
                if let Err(error) = self.worker.post_message(&message) {
                    self.deliver(id, gone(&words(&error)));
                }
            }
            Ok(message) => self.early.borrow_mut().push(message),
            Err(error) => self.deliver(id, gone(&error)),
        }
    }

    fn receive(&self, message: &JsValue) {
        let flag = |name: &str| Reflect::get(message, &name.into()).ok().filter(|value| !value.is_undefined());
        if let Some(text) = flag("crashed") {
            self.crash(text.as_string().unwrap_or_default());
        } else if flag("ready").is_some() {
            self.is_ready.set(true);
            for message in self.early.borrow_mut().drain(..) {
                // A message that cannot be posted has no handler that could do better than wait.
                let _ = self.worker.post_message(&message);
            }
            (self.on_event)(ClientEvent::Ready);
        } else if let Some(envelope) = open::<Reply>(message) {
            let reply = envelope.body.unwrap_or_else(|error| gone(&error));
            self.deliver(envelope.id, reply);
        }
    }

    /// The handler is taken out while it runs: it may make requests of its own.
    fn deliver(&self, id: RequestId, reply: Reply) {
        let is_piece = |reply: &Reply| {
            matches!(
                reply,
                Reply::Progress(_)
                    | Reply::Begun(_)
                    | Reply::NothingRead(_)
                    | Reply::Chunk { last: false, .. }
                    | Reply::Found(Found { last: false, .. })
            )
        };
        let waiting = self.handlers.borrow_mut().remove(&id);
        if let Some(mut waiting) = waiting {
            let is_end = matches!(reply, Reply::Cancelled | Reply::Failed(_));
            let is_last = if waiting.goes_on { is_end } else { !is_piece(&reply) };
            (waiting.handler)(reply);
            if !is_last {
                self.handlers.borrow_mut().insert(id, waiting);
            }
        }
    }

    fn crash(&self, text: String) {
        if self.is_gone.replace(true) {
            return;
        }
        self.worker.terminate();
        let open = std::mem::take(&mut *self.handlers.borrow_mut());
        for mut waiting in open.into_values() {
            (waiting.handler)(gone(&text));
        }
        (self.on_event)(ClientEvent::Crashed(text));
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn gone(detail: &str) -> Reply {
    Reply::Failed(Failure::new("engine-gone", detail.to_owned()))
}

fn words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| error.message().into())
}
