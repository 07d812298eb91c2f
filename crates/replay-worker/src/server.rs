//! The worker's end: a loop that fits on a screen. The engine's own worker and those of its crew run the same.
//!
//! A browser compiles a function well once it has run often, as a whole, and beside the work. Where everything is called from one loop, the
//! compiler makes one function of it, on which the browser then works for a second, in the middle of a load. So what is called here, and the
//! steps of all jobs, are kept apart by `#[inline(never)]`, and `wasm-opt` is told in `index.html` to leave it so.

use crate::crew::{HAND, Workers, answered, opened};
use crate::envelope::{open, seal};
use crate::file::FileSource;
use crate::kafka::Kafka;
use js_sys::{Object, Reflect};
use replay_engine::{Attachment, Budget, Engine, Hand, Rehearsal, Step};
use replay_protocol::{Failure, Reply, Request};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

/// Records between two looks at the inbox: some ten milliseconds.
const RECORDS_PER_STEP: usize = 20_000;
/// How far a job is, is told so often. A stream comes in small pieces, and the page would draw itself anew for each.
const PROGRESS_EVERY_MS: f64 = 100.0;
/// What was held back because of that is told so much later at the latest: after it, nothing may come for long.
const TELL_AFTER_MS: i32 = 250;
/// Bytes that logs may take: of the 4 GB that a module can have, a quarter is left to what lies between them and to slices on their way.
const MEMORY: u64 = 3 << 30;
/// When the first sample is on the screen.
const REHEARSE_AFTER_MS: i32 = 600;

struct Server {
    scope: DedicatedWorkerGlobalScope,
    engine: RefCell<Engine>,
    /// Does tasks if this worker is one of another's crew; then the engine is never asked anything.
    hand: RefCell<Hand>,
    /// Posting to this channel runs the next step after whatever came in meanwhile; a timer would be held back to 4 ms.
    ticks: MessageChannel,
    kafka: Kafka,
    is_ticking: Cell<bool>,
    /// When progress was told last.
    told_ms: Cell<f64>,
    /// The latest progress, if it was held back, and whether somebody will look at this again.
    held_back: RefCell<Option<(u32, Reply)>>,
    is_looked_at: Cell<bool>,
    /// Made once the page has what it needs to be seen; `None` again when it is over.
    rehearsal: RefCell<Option<Rehearsal>>,
    /// For what has to wake the loop later.
    this: Weak<Server>,
}

/// Serves until the worker ends. Call it once, in a dedicated worker.
///
/// # Errors
/// If the browser has no message channels.
pub fn serve() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    report_panics();
    let ticks = MessageChannel::new()?;
    let server = Rc::new_cyclic(|this| Server {
        scope: scope.clone(),
        engine: RefCell::new(Engine::with_crew(Box::new(Workers::new(&scope, waker(this.clone())))).within(MEMORY)),
        hand: RefCell::default(),
        ticks,
        kafka: Kafka::new(&scope),
        is_ticking: Cell::new(false),
        told_ms: Cell::new(0.0),
        held_back: RefCell::default(),
        is_looked_at: Cell::new(false),
        rehearsal: RefCell::default(),
        this: this.clone(),
    });
    let ticking = Rc::clone(&server);
    let tick = Closure::<dyn FnMut(JsValue)>::new(move |_| ticking.tick());
    server.ticks.port1().set_onmessage(Some(tick.as_ref().unchecked_ref()));
    tick.forget();
    let listening = Rc::clone(&server);
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| listening.receive(&event.data()));
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    post(&scope, "ready", &JsValue::TRUE);
    if scope.name() != HAND {
        Server::rehearse_later(&server);
    }
    Ok(())
}

impl Server {
    #[inline(never)]
    fn receive(&self, message: &JsValue) {
        if let Some((ticket, bytes, sources)) = opened(message) {
            let sources = sources.into_iter().map(|part| self.attachment(part)).collect();
            self.hand.borrow_mut().accept(ticket, bytes, sources);
            self.wake();
            return;
        }
        let Some(envelope) = open::<Request>(message) else { return };
        match envelope.body {
            Ok(request) => {
                let files = envelope.files.into_iter().map(|file| self.attachment(file.into())).collect();
                let Some((request, attachments)) = self.resolve(envelope.id, request, files) else { return };
                self.engine.borrow_mut().accept(envelope.id, request, attachments);
                self.wake();
            }
            Err(detail) => self.reply(envelope.id, &Reply::Failed(Failure::new("bad-request", detail))),
        }
    }

    /// Opens what only the worker can, and asks Kafka's servers itself.
    #[inline(never)]
    fn resolve(&self, id: u32, request: Request, files: Vec<Attachment>) -> Option<(Request, Vec<Attachment>)> {
        let wake = || waker(self.this.clone());
        match request {
            Request::Kafka(asked) => {
                let server = self.this.clone();
                self.kafka
                    .ask(*asked, move |reply| server.upgrade().iter().for_each(|server| server.reply(id, &reply)));
                None
            }
            Request::LoadKafka { reads, load } => {
                let hint = |n: usize| load.sources.get(n).and_then(|source| source.size).map_or(0, |size| size as u64);
                let streams =
                    reads.into_iter().enumerate().filter_map(|(n, read)| self.kafka.read(&read, hint(n), wake()));
                let streams = streams.collect();
                Some((Request::Load(load), streams))
            }
            Request::Follow { ref read, .. } => {
                let stream = self.kafka.follow(read, wake());
                Some((request, stream.into_iter().collect()))
            }
            request => Some((request, files)),
        }
    }

    #[inline(never)]
    fn tick(&self) {
        let budget = Budget::records(RECORDS_PER_STEP);
        let engine = self.engine.borrow_mut().step(budget, &mut |id, reply| {
            if !matches!(reply, Reply::Progress(_)) || self.is_time_to_tell() {
                self.held_back.take();
                self.reply(id, &reply);
            } else {
                self.held_back.replace(Some((id, reply)));
            }
        });
        if engine == Step::Waiting && self.held_back.borrow().is_some() {
            self.tell_later();
        }
        let hand = self.hand.borrow_mut().step(budget, &mut |answer| answered(&self.scope, answer));
        let is_rehearsing = engine == Step::Idle && hand == Step::Idle && self.rehearse();
        if engine == Step::Busy || hand == Step::Busy || is_rehearsing {
            self.schedule();
        } else {
            self.is_ticking.set(false);
        }
    }

    fn is_time_to_tell(&self) -> bool {
        let now_ms = js_sys::Date::now();
        // A clock that is set back says nothing about how long it has been.
        let is_time = (now_ms - self.told_ms.get()).abs() >= PROGRESS_EVERY_MS;
        if is_time {
            self.told_ms.set(now_ms);
        }
        is_time
    }

    /// Tells what was held back, unless something newer was told by then.
    #[inline(never)]
    fn tell_later(&self) {
        if self.is_looked_at.replace(true) {
            return;
        }
        let server = self.this.clone();
        let tell = Closure::once_into_js(move || {
            let Some(server) = server.upgrade() else { return };
            server.is_looked_at.set(false);
            if let Some((id, reply)) = server.held_back.take() {
                server.reply(id, &reply);
            }
        });
        // Without it, what was read last is told with what comes next.
        let _ = self.scope.set_timeout_with_callback_and_timeout_and_arguments_0(tell.unchecked_ref(), TELL_AFTER_MS);
    }

    /// Does a piece of the rehearsal, if there is one; whether there is more of it.
    #[inline(never)]
    fn rehearse(&self) -> bool {
        let mut rehearsal = self.rehearsal.borrow_mut();
        rehearsal.take_if(Rehearsal::step);
        rehearsal.is_some()
    }

    /// Rehearses when the page has been there for a while. The code is compiled for all workers at once, so hands need not.
    fn rehearse_later(this: &Rc<Server>) {
        let server = Rc::downgrade(this);
        let begin = Closure::once_into_js(move || {
            if let Some(server) = server.upgrade() {
                server.rehearsal.replace(Some(Rehearsal::default()));
                server.wake();
            }
        });
        // Without it, the first load is slower.
        let _ =
            this.scope.set_timeout_with_callback_and_timeout_and_arguments_0(begin.unchecked_ref(), REHEARSE_AFTER_MS);
    }

    fn wake(&self) {
        if !self.is_ticking.replace(true) {
            self.schedule();
        }
    }

    fn attachment(&self, file: Blob) -> Attachment {
        Box::new(FileSource::new(file, waker(self.this.clone())))
    }

    fn schedule(&self) {
        // A port of our own cannot be closed by anyone else.
        let _ = self.ticks.port2().post_message(&JsValue::NULL);
    }

    #[inline(never)]
    fn reply(&self, id: u32, reply: &Reply) {
        if let Ok(message) = seal(id, reply, &[]) {
            // The page is there as long as its worker is.
            let _ = self.scope.post_message(&message);
        }
    }
}

fn waker(server: Weak<Server>) -> Rc<dyn Fn()> {
    Rc::new(move || server.upgrade().iter().for_each(|server| server.wake()))
}

fn post(scope: &DedicatedWorkerGlobalScope, name: &str, value: &JsValue) {
    let message = Object::new();
    if Reflect::set(&message, &name.into(), value).is_ok() {
        // As above.
        let _ = scope.post_message(&message);
    }
}

/// A panic ends the worker; before that it says why. The hook must be `Send`, so it asks for the scope anew.
fn report_panics() {
    std::panic::set_hook(Box::new(|info| {
        if let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
            post(&scope, "crashed", &info.to_string().into());
        }
    }));
}
