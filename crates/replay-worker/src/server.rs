//! The worker's end: a loop that fits on a screen.

use crate::envelope::{open, seal};
use js_sys::{Object, Reflect, Uint8Array};
use replay_engine::{Attachment, Budget, ByteSource, Engine, Step};
use replay_protocol::{Failure, Reply, Request};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, File, FileReaderSync, MessageChannel, MessageEvent};

/// Records between two looks at the inbox: some ten milliseconds.
const RECORDS_PER_STEP: usize = 20_000;

/// A file on the user's disk, read slice by slice.
struct FileSource {
    file: File,
    reader: FileReaderSync,
}

impl ByteSource for FileSource {
    fn len(&self) -> u64 {
        self.file.size() as u64
    }

    fn read(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, String> {
        let end = (offset as f64 + length as f64).min(self.file.size());
        let unreadable = |_| "the file cannot be read; it may have changed or moved".to_owned();
        let slice = self.file.slice_with_f64_and_f64(offset as f64, end).map_err(unreadable)?;
        let buffer = self.reader.read_as_array_buffer(&slice).map_err(unreadable)?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}

struct Server {
    scope: DedicatedWorkerGlobalScope,
    engine: RefCell<Engine>,
    /// Posting to this channel runs the next step after whatever came in meanwhile; a timer would be held back to 4 ms.
    ticks: MessageChannel,
    is_ticking: Cell<bool>,
}

/// Serves until the worker ends. Call it once, in a dedicated worker.
///
/// # Errors
/// If the browser has no message channels.
pub fn serve() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    report_panics();
    let server = Rc::new(Server {
        scope: scope.clone(),
        engine: RefCell::new(Engine::new()),
        ticks: MessageChannel::new()?,
        is_ticking: Cell::new(false),
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
    Ok(())
}

impl Server {
    fn receive(&self, message: &JsValue) {
        let Some(envelope) = open::<Request>(message) else { return };
        match envelope.body {
            Ok(request) => {
                let attachments = envelope.files.into_iter().filter_map(attachment).collect();
                self.engine.borrow_mut().accept(envelope.id, request, attachments);
                if !self.is_ticking.replace(true) {
                    self.schedule();
                }
            }
            Err(detail) => self.reply(envelope.id, &Reply::Failed(Failure { code: "bad-request".into(), detail })),
        }
    }

    fn tick(&self) {
        let budget = Budget::records(RECORDS_PER_STEP);
        let step = self.engine.borrow_mut().step(budget, &mut |id, reply| self.reply(id, &reply));
        match step {
            Step::Busy => self.schedule(),
            Step::Idle => self.is_ticking.set(false),
        }
    }

    fn schedule(&self) {
        // A port of our own cannot be closed by anyone else.
        let _ = self.ticks.port2().post_message(&JsValue::NULL);
    }

    fn reply(&self, id: u32, reply: &Reply) {
        if let Ok(message) = seal(id, reply, &[]) {
            // The page is there as long as its worker is.
            let _ = self.scope.post_message(&message);
        }
    }
}

fn attachment(file: File) -> Option<Attachment> {
    Some(Box::new(FileSource { file, reader: FileReaderSync::new().ok()? }))
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
