//! The engine's crew in a browser: workers that a worker starts, from its own script. Bytes are handed over, not copied between them.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use replay_engine::{Alone, Answer, Crew, Shared, Task, Ticket};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DedicatedWorkerGlobalScope, ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// So many hands there can be on a machine of few processors, to show that more of them do not help there; and on any machine.
const FEW: usize = 4;
const MANY: usize = 16;

/// See the module.
pub(crate) struct Workers {
    script: String,
    cores: usize,
    hands: Vec<Rc<HandWorker>>,
    answers: Rc<RefCell<VecDeque<Answer>>>,
    wake: Rc<dyn Fn()>,
    /// Where a worker cannot start others, it does all by itself.
    alone: Option<Alone>,
}

/// By this name the script knows that it will be given the compiled module: see `worker.js` in `crates/xtask`.
pub(crate) const HAND: &str = "hand";

type Listener = Closure<dyn FnMut(JsValue)>;

struct HandWorker {
    /// `None` if the browser refused to start one.
    worker: Option<Worker>,
    is_ready: Cell<bool>,
    /// Why it is gone.
    gone: RefCell<Option<String>>,
    /// Tasks from before it was ready: it would lose them.
    early: RefCell<Vec<(JsValue, Array)>>,
    open: RefCell<Vec<Ticket>>,
    answers: Rc<RefCell<VecDeque<Answer>>>,
    wake: Rc<dyn Fn()>,
    listeners: RefCell<Vec<Listener>>,
}

impl Workers {
    /// None is started before the first task.
    pub(crate) fn new(scope: &DedicatedWorkerGlobalScope, wake: Rc<dyn Fn()>) -> Workers {
        let cores = scope.navigator().hardware_concurrency();
        let can_start = Reflect::has(scope, &"Worker".into()).unwrap_or(false);
        Workers {
            script: scope.location().href(),
            cores: if cores >= 1.0 { cores as usize } else { 1 },
            hands: Vec::new(),
            answers: Rc::default(),
            wake,
            alone: (!can_start).then(|| Alone::new(now_ms)),
        }
    }
}

impl Crew for Workers {
    fn cores(&self) -> usize {
        self.cores
    }

    fn size(&self) -> usize {
        self.alone.as_ref().map_or(self.cores.clamp(FEW, MANY), Crew::size)
    }

    fn submit(&mut self, hand: usize, ticket: Ticket, task: Task) {
        if let Some(alone) = &mut self.alone {
            alone.submit(hand, ticket, task);
            return;
        }
        while self.hands.len() <= hand {
            self.hands.push(HandWorker::start(&self.script, &self.answers, &self.wake));
        }
        self.hands[hand].submit(ticket, task);
    }

    fn poll(&mut self) -> Option<Answer> {
        match &mut self.alone {
            Some(alone) => alone.poll(),
            None => self.answers.borrow_mut().pop_front(),
        }
    }

    fn has_answer(&mut self) -> bool {
        match &mut self.alone {
            Some(alone) => alone.has_answer(),
            None => !self.answers.borrow().is_empty(),
        }
    }

    fn dismiss(&mut self) {
        if let Some(alone) = &mut self.alone {
            alone.dismiss();
        }
        self.hands.clear();
        // What a hand of before still says goes nowhere.
        self.answers = Rc::default();
    }

    fn now_ms(&self) -> f64 {
        now_ms()
    }
}

impl HandWorker {
    fn start(script: &str, answers: &Rc<RefCell<VecDeque<Answer>>>, wake: &Rc<dyn Fn()>) -> Rc<HandWorker> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(HAND);
        let worker = Worker::new_with_options(script, &options);
        if let Ok(worker) = &worker {
            // Compiled once for all, and fast where this worker has made it so. A worker that does not wait for it compiles for itself.
            let _ = worker.post_message(&wasm_bindgen::module());
        }
        let gone = worker.as_ref().err().map(|_| "the browser starts no further worker".to_owned());
        let this = Rc::new(HandWorker {
            worker: worker.ok(),
            is_ready: Cell::new(false),
            gone: RefCell::new(gone),
            early: RefCell::default(),
            open: RefCell::default(),
            answers: answers.clone(),
            wake: wake.clone(),
            listeners: RefCell::default(),
        });
        let listen = |handle: fn(&HandWorker, JsValue)| {
            let this = Rc::downgrade(&this);
            Closure::new(move |event: JsValue| {
                if let Some(this) = this.upgrade() {
                    handle(&this, event);
                    (this.wake)();
                }
            })
        };
        let message = listen(|this, event| this.receive(&event.unchecked_into::<MessageEvent>().data()));
        let error = listen(|this, event| {
            let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            this.end(if text.is_empty() { "a further worker could not be started".to_owned() } else { text });
        });
        let message_error = listen(|this, _| this.end("a message could not be read".to_owned()));
        if let Some(worker) = &this.worker {
            worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
            worker.set_onerror(Some(error.as_ref().unchecked_ref()));
            worker.set_onmessageerror(Some(message_error.as_ref().unchecked_ref()));
        }
        this.listeners.borrow_mut().extend([message, error, message_error]);
        this
    }

    fn submit(&self, ticket: Ticket, task: Task) {
        let gone = self.gone.borrow().clone();
        if let Some(reason) = gone {
            self.answers.borrow_mut().push_back(Answer { ticket, outcome: Err(reason) });
            return;
        }
        self.open.borrow_mut().push(ticket);
        match sealed(ticket, task) {
            Some(sealed) if self.is_ready.get() => self.post(&sealed),
            Some(sealed) => self.early.borrow_mut().push(sealed),
            None => self.end("a task could not be handed over".to_owned()),
        }
    }

    fn post(&self, (message, handed_over): &(JsValue, Array)) {
        let posted = self.worker.as_ref().map(|worker| worker.post_message_with_transfer(message, handed_over));
        if !matches!(posted, Some(Ok(()))) {
            self.end("a task could not be handed over".to_owned());
        }
    }

    fn receive(&self, message: &JsValue) {
        let member = |name: &str| Reflect::get(message, &name.into()).ok().filter(|value| !value.is_undefined());
        if member("ready").is_some() {
            self.is_ready.set(true);
            let early = self.early.take();
            for sealed in &early {
                self.post(sealed);
            }
        } else if let Some(text) = member("crashed") {
            self.end(text.as_string().unwrap_or_default());
        } else if let Some(ticket) = member("ticket").and_then(|ticket| ticket.as_f64()) {
            let ticket = ticket as Ticket;
            let outcome = match member("bytes") {
                Some(bytes) => Ok(Uint8Array::new(&bytes).to_vec()),
                None => Err(member("failed").and_then(|text| text.as_string()).unwrap_or_default()),
            };
            let mut open = self.open.borrow_mut();
            if let Some(at) = open.iter().position(|each| *each == ticket) {
                open.remove(at);
                self.answers.borrow_mut().push_back(Answer { ticket, outcome });
            }
        }
    }

    /// Ends it, and answers all that it was still to do.
    fn end(&self, reason: String) {
        if let Some(worker) = &self.worker {
            worker.terminate();
        }
        for ticket in self.open.take() {
            self.answers.borrow_mut().push_back(Answer { ticket, outcome: Err(reason.clone()) });
        }
        self.gone.replace(Some(reason));
    }
}

impl Drop for HandWorker {
    fn drop(&mut self) {
        if let Some(worker) = &self.worker {
            // The listeners go with it, and nothing may call them then.
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.set_onmessageerror(None);
            worker.terminate();
        }
    }
}

/// The browser's clock, counted from the start of this worker.
fn now_ms() -> f64 {
    let scope = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>().ok();
    scope.and_then(|scope| scope.performance()).map_or(0.0, |performance| performance.now())
}

/// A message of these members, and what is handed over with it.
fn message(members: &[(&str, JsValue)]) -> Option<JsValue> {
    let message = Object::new();
    members.iter().all(|(name, value)| Reflect::set(&message, &(*name).into(), value).is_ok()).then(|| message.into())
}

fn sealed(ticket: Ticket, task: Task) -> Option<(JsValue, Array)> {
    let bytes: JsValue = Uint8Array::from(task.bytes.as_slice()).buffer().into();
    let sources: Array = task
        .sources
        .into_iter()
        .filter_map(|Shared(source)| source.downcast::<Blob>().ok())
        .map(|part| JsValue::from(*part))
        .collect();
    let handed_over = Array::of1(&bytes);
    Some((message(&[("task", ticket.into()), ("bytes", bytes), ("sources", sources.into())])?, handed_over))
}

/// The task in a message, for a hand; `None` if it is another message.
pub(crate) fn opened(message: &JsValue) -> Option<(Ticket, Vec<u8>, Vec<Blob>)> {
    let member = |name: &str| Reflect::get(message, &name.into()).ok();
    let ticket = member("task")?.as_f64()? as Ticket;
    let bytes: ArrayBuffer = member("bytes")?.dyn_into().ok()?;
    let sources = member("sources").filter(Array::is_array).map(|sources| Array::from(&sources));
    let sources = sources.iter().flat_map(Array::iter).filter_map(|part| part.dyn_into().ok()).collect();
    Some((ticket, Uint8Array::new(&bytes).to_vec(), sources))
}

/// Posts a hand's answer to whoever gave the task.
pub(crate) fn answered(scope: &DedicatedWorkerGlobalScope, answer: Answer) {
    let ticket = ("ticket", JsValue::from(answer.ticket));
    match answer.outcome {
        Ok(bytes) => {
            let bytes: JsValue = Uint8Array::from(bytes.as_slice()).buffer().into();
            let handed_over = Array::of1(&bytes);
            if let Some(message) = message(&[ticket, ("bytes", bytes)]) {
                // Whoever started this worker is there as long as it is.
                let _ = scope.post_message_with_transfer(&message, &handed_over);
            }
        }
        Err(reason) => {
            if let Some(message) = message(&[ticket, ("failed", reason.into())]) {
                // As above.
                let _ = scope.post_message(&message);
            }
        }
    }
}
