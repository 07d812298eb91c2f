//! What the Kafka panel orders: connect, look at a topic, load it, follow it.

use super::commands::{Commands, use_commands};
use super::engine::{Engine, use_engine};
use super::place::{Target, parse_target};
use crate::state::{Kafka, KafkaAction, View, use_kafka, use_open_view};
use replay_protocol::{Failure, KafkaPlan, KafkaRead, KafkaReply, KafkaRequest, KafkaServer, Reply, Request};
use std::rc::Rc;
use yew::prelude::*;

/// Where the address of the server is kept between visits. The token never is.
const ADDRESS: &str = "replayground.kafka";
/// The proxy of this project on the person's own machine.
const DEFAULT_ADDRESS: &str = "http://localhost:8082";
/// Between two questions for the lag of groups.
const LAG_EVERY_MS: u32 = 5000;
/// Between two looks at how many records came.
const RATE_EVERY_MS: u32 = 1000;

/// The panel's store, the engine and the page's other commands.
#[derive(Clone, PartialEq)]
pub(crate) struct KafkaCommands {
    engine: Engine,
    kafka: UseReducerHandle<Kafka>,
    commands: Commands,
}

/// The commands, for the stores as they are now.
#[hook]
pub(crate) fn use_kafka_commands() -> KafkaCommands {
    KafkaCommands { engine: use_engine(), kafka: use_kafka(), commands: use_commands() }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn own_origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// The page's policy. It binds the document; the worker, which is what asks, has none of its own unless the host gives it one, so the page
/// looks at it before it lets the worker ask.
fn policy() -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let meta = document
        .and_then(|document| document.query_selector("meta[http-equiv=\"Content-Security-Policy\"]").ok().flatten());
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

/// Whether `connect-src` of the policy names the address: by origin, or with any port.
fn is_allowed(policy: &str, own_origin: &str, url: &str) -> bool {
    let rules = policy.split(';').find_map(|rule| rule.trim().strip_prefix("connect-src "));
    let Some(rules) = rules else { return true };
    let origin_of = |url: &str| {
        let mut parts = url.splitn(4, '/');
        let (scheme, host) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        // What stands before the host in an address is a name and password, which must not look like a host.
        (!host.contains('@')).then(|| format!("{scheme}//{}", host.to_ascii_lowercase()))
    };
    let Some(origin) = origin_of(url) else { return false };
    rules.split_whitespace().any(|rule| match rule.strip_suffix(":*") {
        Some(host) => {
            let rest = origin.strip_prefix(host);
            let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
        }
        None => rule == origin || (rule == "'self'" && origin == own_origin),
    })
}

/// An address without the name and password in it, and these: a browser asks no address that has them, so they go into a header.
pub(crate) fn without_password(address: &str) -> (String, Option<String>) {
    let address = address.trim();
    let start = address.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = address.split_at(start);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    match host.rsplit_once('@') {
        Some((own, host)) => (format!("{scheme}{host}{path}"), Some(unescaped(own))),
        None => (address.to_owned(), None),
    }
}

/// A part of an address with `%40` and the like as the characters that they stand for.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (first, digit(0), digit(1)) {
            bytes.push((high * 16 + low) as u8);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An address as it is asked, if the page's policy lets it.
pub(super) fn permitted(address: &str) -> Result<String, Failure> {
    let address = address.trim().trim_end_matches('/');
    let url = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    if !(url.starts_with("http://") || url.starts_with("https://"))
        || url.len() < 9
        || url.contains(char::is_whitespace)
    {
        return Err(Failure::new("kafka-bad-address", address));
    }
    if is_allowed(&policy(), &own_origin(), &url) { Ok(url) } else { Err(Failure::new("kafka-policy", url)) }
}

/// The address that was used last. A page that the proxy itself serves finds it where it came from.
pub(crate) fn remembered_address() -> String {
    let stored = storage().and_then(|storage| storage.get_item(ADDRESS).ok()?);
    let own = || Some(own_origin()).filter(|own| own.ends_with(":8082"));
    stored.filter(|address| !address.is_empty()).or_else(own).unwrap_or_else(|| DEFAULT_ADDRESS.to_owned())
}

/// Milliseconds since 1970 UTC.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}

impl KafkaCommands {
    /// Asks what kind of server it is and which topics it has.
    pub(crate) fn connect(&self, address: &str, token: &str) {
        let url = match permitted(address) {
            Ok(url) => url,
            Err(failure) => return self.kafka.dispatch(KafkaAction::Refuse(failure)),
        };
        if let Some(storage) = storage() {
            // A full or forbidden storage costs the memory of an address, nothing else.
            let _ = storage.set_item(ADDRESS, &url);
        }
        let server = KafkaServer { url, token: token.to_owned(), kind: String::new() };
        self.ask(KafkaRequest::Connect { server }, |_| {});
    }

    /// Looks at a topic.
    pub(crate) fn choose(&self, topic: &str) {
        if let Some(known) = &self.kafka.server {
            self.ask(KafkaRequest::Topic { server: known.server.clone(), topic: topic.to_owned() }, |_| {});
        }
    }

    /// Finds out what the form means, and loads that; what is large is asked about first. `done` hears that a load began.
    pub(crate) fn load(&self, done: Callback<()>) {
        let (Some(known), Some(topic)) = (&self.kafka.server, &self.kafka.topic) else { return };
        let time = |text: &str| match parse_target(text) {
            Some(Target::Time(ms)) => Some(ms),
            _ => None,
        };
        let range = match self.kafka.form.range(time) {
            Ok(range) => range,
            Err(field) => {
                let failure = Failure::new("kafka-bad-field", field);
                return self.kafka.dispatch(KafkaAction::Refuse(failure));
            }
        };
        let request = KafkaRequest::Plan { server: known.server.clone(), topic: topic.name.clone(), range };
        let here = self.clone();
        self.ask(request, move |reply| {
            let KafkaReply::Plan { plan } = reply else { return };
            if here.kafka.is_large(plan) {
                here.kafka.dispatch(KafkaAction::Question(Some(Rc::new(plan.clone()))));
            } else {
                here.carry_out(plan, &done);
            }
        });
    }

    /// Loads what was asked about.
    pub(crate) fn load_large(&self, done: &Callback<()>) {
        if let Some(plan) = self.kafka.large.clone() {
            self.carry_out(&plan, done);
        }
    }

    fn carry_out(&self, plan: &KafkaPlan, done: &Callback<()>) {
        let Some(known) = &self.kafka.server else { return };
        let read = KafkaRead { server: known.server.clone(), plan: plan.clone() };
        let follows = self.kafka.form.follows;
        if plan.offsets() == Some(0) && !follows {
            let failure = Failure::new("kafka-nothing-there", plan.topic.clone());
            return self.kafka.dispatch(KafkaAction::Refuse(failure));
        }
        done.emit(());
        if plan.offsets() == Some(0) {
            self.commands.follow_topic(&read, true);
        } else {
            self.commands.load_topic(Rc::new(read), self.kafka.bytes(plan), follows);
        }
    }

    /// Lets what comes wait, or go on.
    pub(crate) fn pause(&self, paused: bool) {
        self.kafka.dispatch(KafkaAction::Pause(paused));
    }

    /// Follows no longer; what came is kept.
    pub(crate) fn stop(&self) {
        if let Some(live) = &self.kafka.live {
            self.engine.cancel(live.job);
        }
    }

    /// Forgets why following ended.
    pub(crate) fn dismiss(&self) {
        self.kafka.dispatch(KafkaAction::Dismiss);
    }

    fn ask(&self, request: KafkaRequest, heard: impl Fn(&KafkaReply) + 'static) {
        let kafka = self.kafka.dispatcher();
        let on_reply = Callback::from(move |(job, reply): (u32, Reply)| match reply {
            Reply::Kafka(answer) => {
                kafka.dispatch(KafkaAction::Answer(job, Rc::new((*answer).clone())));
                heard(&answer);
            }
            Reply::Failed(failure) => kafka.dispatch(KafkaAction::Fail(job, failure)),
            _ => {}
        });
        let job = self.engine.ask(&Request::Kafka(Box::new(request)), Vec::new(), on_reply);
        self.kafka.dispatch(KafkaAction::Ask(job));
    }
}

/// Lets what follows the log wait while the person wants that, or looks at a tab that would begin anew with every record; and asks for the
/// lag of consumer groups where the server tells it.
#[hook]
pub(crate) fn use_live() {
    let kafka = use_kafka();
    let engine = use_engine();
    let is_elsewhere = use_open_view().view != View::Replay;
    let job = kafka.live.as_ref().map(|live| live.job);
    let paused = kafka.live.as_ref().is_some_and(|live| live.is_paused) || is_elsewhere;
    {
        let engine = engine.clone();
        use_effect_with((job, paused), move |(job, paused)| {
            if job.is_some() {
                engine.ask(&Request::PauseFollow { paused: *paused }, Vec::new(), Callback::noop());
            }
        });
    }
    {
        let dispatcher = kafka.dispatcher();
        use_effect_with(job, move |job| {
            let tick = move || dispatcher.dispatch(KafkaAction::Tick(now_ms()));
            let interval = job.map(|_| gloo::timers::callback::Interval::new(RATE_EVERY_MS, tick));
            move || drop(interval)
        });
    }
    let tells = kafka.server.as_ref().is_some_and(|known| known.can("lag"));
    let read = kafka.live.as_ref().map(|live| live.read.clone()).filter(|_| tells);
    let dispatcher = kafka.dispatcher();
    use_effect_with((job, read), move |(_, read)| {
        let interval = read.clone().map(|read| {
            let ask = move || {
                let (server, topic) = (read.server.clone(), read.plan.topic.clone());
                let dispatcher = dispatcher.clone();
                let on_reply = Callback::from(move |(_, reply): (u32, Reply)| {
                    if let Reply::Kafka(answer) = reply
                        && let KafkaReply::Lag { groups } = *answer
                    {
                        dispatcher.dispatch(KafkaAction::Lag(Rc::new(groups)));
                    }
                });
                let request = KafkaRequest::Lag { server, topic, group: String::new() };
                engine.ask(&Request::Kafka(Box::new(request)), Vec::new(), on_reply);
            };
            ask();
            gloo::timers::callback::Interval::new(LAG_EVERY_MS, ask)
        });
        move || drop(interval)
    });
}

#[cfg(test)]
mod tests {
    use super::{is_allowed, without_password};

    #[track_caller]
    fn check(url: &str, expected: bool) {
        let policy = "default-src 'none'; connect-src 'self' http://localhost:* https://127.0.0.1:* https://kafka.example.org; style-src x";
        assert_eq!(is_allowed(policy, "https://page.example", url), expected, "{url}");
    }

    #[test]
    fn a_name_and_password_are_taken_out_of_an_address() {
        let check = |typed: &str, address: &str, own: Option<&str>| {
            assert_eq!(without_password(typed), (address.to_owned(), own.map(str::to_owned)), "{typed}");
        };
        check(" http://localhost:8081 ", "http://localhost:8081", None);
        check("https://me:a%40b%3@host:1/x@y", "https://host:1/x@y", Some("me:a@b%3"));
        check("me:%E6%9D%8E@localhost:8081", "localhost:8081", Some("me:李"));
        check("http://a@b@host?c@d", "http://host?c@d", Some("a@b"));
        check("", "", None);
    }

    #[test]
    fn only_what_the_policy_names_is_asked() {
        check("http://localhost:8082", true);
        check("http://LOCALHOST:8082/rest", true);
        check("http://localhost", true);
        check("https://kafka.example.org/rest", true);
        check("https://page.example", true);
        check("https://localhost:8082", false);
        check("http://localhost.evil.example:8082", false);
        check("http://localhost:8082@evil.example", false);
        check("https://kafka.example.org:444", false);
        check("http://192.168.0.7:8082", false);
    }
}
