//! Topics of Kafka, read through a REST proxy by the worker itself, so that no record passes the page's thread on its way.

use js_sys::{Promise, Reflect, Uint8Array};
use replay_engine::{ByteSource, Read, StreamState};
use replay_kafka_client::{
    About, Answer, Client, Flow, Follow, From, Kind, Link, Plan, Range, Request, Sink, Span, Transport, Unreachable,
    Until,
};
use replay_protocol::{
    Failure, KafkaFrom, KafkaGroup, KafkaPlan, KafkaRange, KafkaRead, KafkaReply, KafkaRequest, KafkaServer, KafkaSpan,
    KafkaUntil, Reply,
};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, AbortSignal, DedicatedWorkerGlobalScope, Headers, ReadableStreamDefaultReader, RequestInit,
    RequestMode, Response, SecurityPolicyViolationEvent,
};

/// Bytes that wait for the engine before the network has to; more are taken while it is paused.
const ROOM: usize = 16 << 20;
const ROOM_PAUSED: usize = 64 << 20;
/// What follows a log is handed over so often: each time the page draws anew.
const TOGETHER_MS: u32 = 120;
/// Offsets of each partition, and bytes, that a mapping is tried on.
const SAMPLE: i64 = 60;
const SAMPLE_BYTES: usize = 256 << 10;
/// A violation of the policy is told a moment after the request failed.
const POLICY_MS: u32 = 20;

/// Sends requests by the worker's own `fetch`.
#[derive(Clone)]
struct Fetch {
    scope: DedicatedWorkerGlobalScope,
    /// Ends everything that was asked with it.
    stop: Option<AbortSignal>,
    /// Addresses that the page's policy refused.
    refused: Rc<RefCell<Vec<String>>>,
}

struct Fetched {
    response: Response,
    reader: Option<ReadableStreamDefaultReader>,
}

impl Fetch {
    async fn fetch(&self, request: &Request) -> Result<Response, JsValue> {
        let init = RequestInit::new();
        init.set_method(request.method.name());
        let headers = Headers::new()?;
        for (name, value) in &request.headers {
            headers.set(name, value)?;
        }
        init.set_headers(&headers);
        if let Some(body) = &request.body {
            init.set_body(&body.into());
        }
        // A consumer instance is deleted when its reader was stopped.
        if let Some(stop) = self.stop.as_ref().filter(|_| request.method.name() != "DELETE") {
            init.set_signal(Some(stop));
        }
        JsFuture::from(self.scope.fetch_with_str_and_init(&request.url, &init)).await?.dyn_into()
    }

    /// What a browser keeps to itself: whether nobody listens, the policy forbids it, or the server does not let this origin read.
    async fn why(&self, request: &Request, error: &JsValue) -> Unreachable {
        if self.stop.as_ref().is_some_and(AbortSignal::aborted) {
            return Unreachable::Stopped;
        }
        let init = RequestInit::new();
        init.set_mode(RequestMode::NoCors);
        let answers = JsFuture::from(self.scope.fetch_with_str_and_init(&request.url, &init)).await.is_ok();
        sleep(&self.scope, POLICY_MS).await;
        let origin = |url: &str| url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        if self.refused.borrow().iter().any(|url| origin(url) == origin(&request.url)) {
            Unreachable::Policy
        } else if answers {
            Unreachable::Cors
        } else {
            Unreachable::Refused(words(error))
        }
    }
}

impl Transport for Fetch {
    type Answer = Fetched;

    async fn send(&self, request: Request) -> Result<Fetched, Unreachable> {
        match self.fetch(&request).await {
            Ok(response) => {
                let reader = response.body().and_then(|body| body.get_reader().dyn_into().ok());
                Ok(Fetched { response, reader })
            }
            Err(error) => Err(self.why(&request, &error).await),
        }
    }

    async fn sleep(&self, ms: u32) {
        sleep(&self.scope, ms).await;
    }
}

impl Answer for Fetched {
    fn status(&self) -> u16 {
        self.response.status()
    }

    fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name).ok()?
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Unreachable> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let broken = |error: JsValue| {
            let is_stopped = Reflect::get(&error, &"name".into()).is_ok_and(|name| name == "AbortError");
            if is_stopped { Unreachable::Stopped } else { Unreachable::Broken(words(&error)) }
        };
        let answer = JsFuture::from(reader.read()).await.map_err(broken)?;
        let value = Reflect::get(&answer, &"value".into()).ok().and_then(|value| value.dyn_into::<Uint8Array>().ok());
        Ok(value.map(|piece| piece.to_vec()))
    }
}

async fn sleep(scope: &DedicatedWorkerGlobalScope, ms: u32) {
    let promise = Promise::new(&mut |done, _| {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        // A worker's timers are always there.
        let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(&done, ms);
    });
    let _ = JsFuture::from(promise).await;
}

fn words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| "no answer".to_owned(), |error| error.message().into())
}

fn failed(failure: &replay_kafka_client::Failure) -> Failure {
    Failure::new(failure.code(), failure.detail())
}

/// What a stream holds between the network and the engine.
#[derive(Default)]
struct Pipe {
    ready: VecDeque<Vec<u8>>,
    bytes: usize,
    records: u64,
    is_over: bool,
    is_up: bool,
    failure: Option<Failure>,
    /// Nothing was ever taken.
    is_untouched: bool,
    /// Asks the network to go on.
    room: Option<js_sys::Function>,
}

/// A topic as a source of the engine. Dropping it ends the reading.
struct StreamSource {
    pipe: Rc<RefCell<Pipe>>,
    hint: u64,
    stop: AbortController,
}

impl ByteSource for StreamSource {
    fn len(&self) -> u64 {
        u64::MAX
    }

    fn read(&mut self, _: u64, length: usize, into: &mut Vec<u8>) -> Result<Read, String> {
        let mut pipe = self.pipe.borrow_mut();
        let mut taken = 0;
        while taken < length
            && let Some(piece) = pipe.ready.pop_front()
        {
            taken += piece.len();
            pipe.bytes -= piece.len();
            into.extend_from_slice(&piece);
        }
        if taken > 0 {
            pipe.is_untouched = false;
            if pipe.ready.is_empty() {
                pipe.records = 0;
            }
            if let Some(room) = pipe.room.take() {
                // Resolving a promise cannot fail.
                let _ = room.call0(&JsValue::NULL);
            }
            return Ok(Read::Bytes(taken));
        }
        if !pipe.is_over {
            return Ok(Read::Later);
        }
        match &pipe.failure {
            // What came before it is kept, and the failure is told as what could not be read.
            Some(failure) if pipe.is_untouched => Err(failure.detail.clone()),
            _ => Ok(Read::Bytes(0)),
        }
    }

    fn read_now(&mut self, _: u64, _: usize) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }

    fn stream(&self) -> Option<StreamState> {
        let pipe = self.pipe.borrow();
        let failure = pipe.failure.clone();
        Some(StreamState { hint: self.hint, waiting: pipe.records, is_up: pipe.is_up, failure })
    }
}

impl Drop for StreamSource {
    fn drop(&mut self) {
        self.stop.abort();
    }
}

/// The network's end of a stream.
struct Filling {
    pipe: Weak<RefCell<Pipe>>,
    scope: DedicatedWorkerGlobalScope,
    wake: Rc<dyn Fn()>,
    /// Waits a moment before the engine is woken, so that it hears of many records at once.
    together_ms: Option<u32>,
    is_waking: Rc<Cell<bool>>,
    most: usize,
}

impl Filling {
    fn wake(&self) {
        let Some(ms) = self.together_ms else { return (self.wake)() };
        if !self.is_waking.replace(true) {
            let (scope, wake, is_waking) = (self.scope.clone(), Rc::clone(&self.wake), Rc::clone(&self.is_waking));
            spawn_local(async move {
                sleep(&scope, ms).await;
                is_waking.set(false);
                wake();
            });
        }
    }

    fn end(&self, failure: Option<Failure>) {
        if let Some(pipe) = self.pipe.upgrade() {
            {
                let mut pipe = pipe.borrow_mut();
                if let Some(failure) = &failure
                    && !(pipe.is_untouched && pipe.ready.is_empty())
                {
                    let message = replay_kafka_client::failure_line(&format!("{}: {}", failure.code, failure.detail));
                    pipe.ready.push_back(message);
                }
                pipe.is_over = true;
                pipe.is_up = false;
                pipe.failure = failure;
            }
            self.wake();
        }
    }
}

impl Sink for Filling {
    async fn take(&mut self, lines: Vec<u8>, records: u64) -> Flow {
        let Some(pipe) = self.pipe.upgrade() else { return Flow::Stop };
        let is_full = {
            let mut pipe = pipe.borrow_mut();
            pipe.bytes += lines.len();
            pipe.records += records;
            pipe.ready.push_back(lines);
            pipe.bytes > self.most
        };
        self.wake();
        if is_full {
            let room = Promise::new(&mut |done, _| pipe.borrow_mut().room = Some(done));
            drop(pipe);
            let _ = JsFuture::from(room).await;
        }
        Flow::Continue
    }

    fn wants_more(&self) -> Flow {
        if self.pipe.strong_count() > 0 { Flow::Continue } else { Flow::Stop }
    }
}

/// All that the worker does with servers.
pub(crate) struct Kafka {
    scope: DedicatedWorkerGlobalScope,
    refused: Rc<RefCell<Vec<String>>>,
    /// Tells this worker's consumer instances from those of others.
    name: String,
    count: Cell<u32>,
}

impl Kafka {
    pub(crate) fn new(scope: &DedicatedWorkerGlobalScope) -> Kafka {
        let refused: Rc<RefCell<Vec<String>>> = Rc::default();
        let told = Rc::clone(&refused);
        let hear =
            Closure::<dyn FnMut(SecurityPolicyViolationEvent)>::new(move |event: SecurityPolicyViolationEvent| {
                told.borrow_mut().push(event.blocked_uri());
            });
        // A browser without these events calls what the policy forbids refused.
        let _ = scope.add_event_listener_with_callback("securitypolicyviolation", hear.as_ref().unchecked_ref());
        hear.forget();
        let name = format!("page-{}", (js_sys::Math::random() * 1e15) as u64);
        Kafka { scope: scope.clone(), refused, name, count: Cell::new(0) }
    }

    fn client(&self, server: &KafkaServer, stop: Option<AbortSignal>) -> Client<Fetch> {
        let fetch = Fetch { scope: self.scope.clone(), stop, refused: Rc::clone(&self.refused) };
        self.count.set(self.count.get() + 1);
        let name = format!("{}-{}", self.name, self.count.get());
        Client::new(fetch, &server.url, Some(server.token.clone()), &name)
    }

    /// Asks a server; the answer comes later.
    pub(crate) fn ask(&self, request: KafkaRequest, reply: impl FnOnce(Reply) + 'static) {
        let server = match &request {
            KafkaRequest::Connect { server }
            | KafkaRequest::Topic { server, .. }
            | KafkaRequest::Plan { server, .. }
            | KafkaRequest::Sample { server, .. }
            | KafkaRequest::Schemas { server, .. }
            | KafkaRequest::Lag { server, .. } => server.clone(),
        };
        let client = self.client(&server, None);
        // The person may have changed something since it was refused.
        self.refused.borrow_mut().clear();
        spawn_local(async move {
            reply(match answer(&client, server, request).await {
                Ok(answer) => Reply::Kafka(Box::new(answer)),
                Err(failure) => Reply::Failed(failed(&failure)),
            });
        });
    }

    fn stream(
        &self,
        read: &KafkaRead,
        hint: u64,
        wake: Rc<dyn Fn()>,
        together_ms: Option<u32>,
    ) -> Option<(StreamSource, Filling, Client<Fetch>, About)> {
        let stop = AbortController::new().ok()?;
        let client = self.client(&read.server, Some(stop.signal()));
        let pipe = Rc::new(RefCell::new(Pipe { is_untouched: true, ..Pipe::default() }));
        let filling = Filling {
            pipe: Rc::downgrade(&pipe),
            scope: self.scope.clone(),
            wake,
            together_ms,
            is_waking: Rc::default(),
            most: if together_ms.is_some() { ROOM_PAUSED } else { ROOM },
        };
        let kind = Kind::from_code(&read.server.kind).unwrap_or_default();
        Some((StreamSource { pipe, hint, stop }, filling, client, About { kind, ..About::default() }))
    }

    /// A source that ends where the plan does.
    pub(crate) fn read(&self, read: &KafkaRead, hint: u64, wake: Rc<dyn Fn()>) -> Option<Box<dyn ByteSource>> {
        let plan = inner_plan(&read.plan);
        let (source, mut filling, client, about) = self.stream(read, hint, wake, None)?;
        spawn_local(async move {
            let outcome = client.read_plan(&about, &plan, &mut filling).await;
            filling.end(outcome.err().map(|failure| failed(&failure)));
        });
        Some(Box::new(source))
    }

    /// A source that goes on until it is dropped.
    pub(crate) fn follow(&self, read: &KafkaRead, wake: Rc<dyn Fn()>) -> Option<Box<dyn ByteSource>> {
        let plan = inner_plan(&read.plan);
        let (source, mut filling, client, about) = self.stream(read, 0, wake, Some(TOGETHER_MS))?;
        let next = replay_lean::map(plan.spans.iter().map(|span| (span.partition, span.start)));
        let follow = Follow { topic: plan.topic, next, read_committed: plan.read_committed };
        let (pipe, wake) = (filling.pipe.clone(), Rc::clone(&filling.wake));
        spawn_local(async move {
            let mut on_link = |link: Link| {
                if let Some(pipe) = pipe.upgrade() {
                    let mut pipe = pipe.borrow_mut();
                    pipe.is_up = link == Link::Up;
                    pipe.failure = match &link {
                        Link::Up => None,
                        Link::Down(failure) => Some(failed(failure)),
                    };
                }
                wake();
            };
            let ended = client.follow(&about, &follow, &mut filling, &mut on_link).await;
            filling.end(ended.err().map(|failure| failed(&failure)));
        });
        Some(Box::new(source))
    }
}

/// Keeps the first lines, until they are enough to try a mapping on.
#[derive(Default)]
struct Beginning(Vec<u8>);

impl Sink for Beginning {
    async fn take(&mut self, mut lines: Vec<u8>, _: u64) -> Flow {
        self.0.append(&mut lines);
        self.wants_more()
    }

    fn wants_more(&self) -> Flow {
        if self.0.len() < SAMPLE_BYTES { Flow::Continue } else { Flow::Stop }
    }
}

async fn answer(
    client: &Client<Fetch>,
    server: KafkaServer,
    request: KafkaRequest,
) -> Result<KafkaReply, replay_kafka_client::Failure> {
    let kind = Kind::from_code(&server.kind).unwrap_or_default();
    let about = About { kind, ..About::default() };
    Ok(match request {
        KafkaRequest::Connect { .. } => {
            let about = client.about().await?;
            let topics = client.topics().await?;
            KafkaReply::Connected {
                server: KafkaServer { kind: about.kind.code().to_owned(), ..server },
                abilities: about.abilities().names().into_iter().map(str::to_owned).collect(),
                version: about.version,
                decodes_schemas: about.decodes_schemas,
                topics,
            }
        }
        KafkaRequest::Topic { topic, .. } => {
            let bounds = client.bounds(&about, &topic, false).await?;
            let record_bytes = client.record_size(&about, &topic).await?.map(|bytes| bytes as f64);
            let span = |bounds: &replay_kafka_client::Bounds| KafkaSpan {
                partition: bounds.partition,
                start: bounds.start,
                end: bounds.end,
            };
            KafkaReply::Topic { topic, partitions: bounds.iter().map(span).collect(), record_bytes }
        }
        KafkaRequest::Plan { topic, range, .. } => {
            let plan = client.plan(&about, &topic, &inner_range(&range)).await?;
            let span = |span: &Span| KafkaSpan { partition: span.partition, start: Some(span.start), end: span.end };
            let spans = plan.spans.iter().map(span).collect();
            KafkaReply::Plan { plan: KafkaPlan { topic, spans, read_committed: plan.read_committed } }
        }
        KafkaRequest::Sample { plan, .. } => {
            let mut beginning = Beginning::default();
            client.read_plan(&about, &inner_plan(&plan.beginning(SAMPLE)), &mut beginning).await?;
            KafkaReply::Sample { text: String::from_utf8_lossy(&beginning.0).into_owned() }
        }
        KafkaRequest::Schemas { ids, .. } => {
            let (mut schemas, mut refused) = (Vec::new(), Vec::new());
            for id in ids {
                match client.schema(&id).await {
                    Ok(schema) => schemas.push((id, schema)),
                    // It is about this number; anything else would be the same for the others.
                    Err(failure @ replay_kafka_client::Failure::Answered { .. }) => {
                        refused.push((id, failed(&failure)));
                    }
                    Err(failure) => return Err(failure),
                }
            }
            KafkaReply::Schemas { schemas, failed: refused }
        }
        KafkaRequest::Lag { topic, group, .. } => {
            let group = Some(group).filter(|group| !group.is_empty());
            let groups = client.lag(&about, &topic, group.as_deref()).await?;
            let mut groups: Vec<KafkaGroup> = groups
                .into_iter()
                .map(|lag| KafkaGroup {
                    group: lag.group,
                    partitions: lag.partitions.iter().map(|p| (p.partition, p.committed_offset, p.lag)).collect(),
                })
                .collect();
            groups.sort_by(|a, b| a.group.cmp(&b.group));
            KafkaReply::Lag { groups }
        }
    })
}

fn inner_plan(plan: &KafkaPlan) -> Plan {
    let span = |span: &KafkaSpan| Span { partition: span.partition, start: span.start.unwrap_or(0), end: span.end };
    let spans = plan.spans.iter().map(span).collect();
    Plan { topic: plan.topic.clone(), spans, read_committed: plan.read_committed }
}

fn inner_range(range: &KafkaRange) -> Range {
    Range {
        from: match range.from {
            KafkaFrom::Beginning => From::Beginning,
            KafkaFrom::End => From::End,
            KafkaFrom::Offset { offset } => From::Offset(offset),
            KafkaFrom::Time { timestamp_ms } => From::Timestamp(timestamp_ms as i64),
            KafkaFrom::Last { count } => From::Last(count),
        },
        until: match range.until {
            KafkaUntil::End => Until::End,
            KafkaUntil::Offset { offset } => Until::Offset(offset),
            KafkaUntil::Time { timestamp_ms } => Until::Timestamp(timestamp_ms as i64),
        },
        partitions: range.partitions.clone(),
        read_committed: range.read_committed,
    }
}
