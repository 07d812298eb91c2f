//! Topics as input: `kafka+http://HOST:PORT/TOPIC?from=…`, read through a REST proxy.

use crate::input::usage;
use anyhow::Context;
use futures_executor::block_on;
use replay_formats::Schemas;
use replay_kafka_client::{
    Address, Answer, Client, Failure, Flow, Method, Request, Sink, Transport, Unreachable, failure_line, unescaped,
};
use std::io::Read;
use std::time::{Duration, Instant};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

/// A piece of a body.
const PIECE: usize = 256 << 10;

/// A topic's name and its records as lines of JSON. Tells on stderr how far it is.
pub(crate) fn read(text: &str) -> anyhow::Result<(String, Vec<u8>)> {
    let address = Address::parse(text).map_err(|failure| usage(&format!("{text}: {failure}")))?;
    let token = std::env::var(&address.token_variable).ok();
    let name = std::process::id().to_string();
    let client = Client::new(Http::new(), &address.server, token, &name);
    let lines = block_on(async {
        let about = client.about().await?;
        let plan = client.plan(&about, &address.topic, &address.range).await?;
        let mut lines = Lines { text: Vec::new(), records: 0, total: plan.offsets(), told: now() };
        let outcome = client.read_plan(&about, &plan, &mut lines).await;
        Ok::<_, Failure>((outcome, lines))
    });
    let (outcome, lines) = lines.with_context(|| format!("cannot read {text}"))?;
    match outcome {
        Ok(_) => {}
        // As with a file that is damaged at its end: what came is worth looking at.
        Err(failure) if lines.records > 0 => {
            eprintln!("{text}: {failure}; {} records came before that", lines.records);
            let mut text = lines.text;
            text.extend(failure_line(&failure.to_string()));
            return Ok((file_name(&address.topic), text));
        }
        Err(failure) => return Err(failure).with_context(|| format!("cannot read {text}")),
    }
    Ok((file_name(&address.topic), lines.text))
}

/// Where the credentials for a Schema Registry are.
const REGISTRY_TOKEN: &str = "REPLAYGROUND_SCHEMA_REGISTRY_TOKEN";

/// The schemas of these numbers and GUIDs, as a Schema Registry gives them. What it does not give is told on stderr.
pub(crate) fn schemas(registry: &str, ids: impl Iterator<Item = String>) -> anyhow::Result<Schemas> {
    let (server, own) = without_password(registry);
    let token = std::env::var(REGISTRY_TOKEN).ok().filter(|token| !token.is_empty()).or(own);
    let client = Client::new(Http::new(), &server, token, "");
    let mut schemas = Schemas::default();
    for id in ids {
        match block_on(client.schema(&id)) {
            Ok(text) => match Schemas::of_file(&format!("{id}.json"), text.as_bytes()) {
                Some(given) => schemas = schemas.with(&given),
                None => eprintln!("schema {id} of {}: what it gave is no schema", client.server()),
            },
            // It is about this number; anything else would be the same for the others.
            Err(failure @ Failure::Answered { .. }) => eprintln!("schema {id}: {failure}"),
            Err(failure) => {
                return Err(failure).with_context(|| format!("cannot ask the Schema Registry {}", client.server()));
            }
        }
    }
    Ok(schemas)
}

/// A topic's name may end like that of an archive; what came is lines of JSON.
fn file_name(topic: &str) -> String {
    format!("{topic}.ndjson")
}

/// Keeps all lines.
struct Lines {
    text: Vec<u8>,
    records: u64,
    total: Option<u64>,
    told: Instant,
}

impl Sink for Lines {
    async fn take(&mut self, mut lines: Vec<u8>, records: u64) -> Flow {
        self.text.append(&mut lines);
        self.records += records;
        if self.told.elapsed() >= Duration::from_secs(1) {
            self.told = now();
            let of = self.total.map(|total| format!(" of at most {total}")).unwrap_or_default();
            eprintln!("{} records{of}", self.records);
        }
        Flow::Continue
    }
}

/// Requests by ureq: each blocks until its answer begins, and each piece until it is there.
struct Http(ureq::Agent);

impl Http {
    fn new() -> Http {
        let tls = TlsConfig::builder().provider(TlsProvider::Rustls).root_certs(RootCerts::PlatformVerifier).build();
        let config = ureq::Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_mins(1)))
            .user_agent("replayground")
            .build();
        Http(config.into())
    }
}

struct HttpAnswer {
    status: u16,
    headers: ureq::http::HeaderMap,
    body: ureq::BodyReader<'static>,
}

impl Answer for HttpAnswer {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().ok()?.to_owned())
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Unreachable> {
        let mut piece = vec![0; PIECE];
        let length = self.body.read(&mut piece).map_err(|error| Unreachable::Broken(error.to_string()))?;
        piece.truncate(length);
        Ok((length > 0).then_some(piece))
    }
}

impl Transport for Http {
    type Answer = HttpAnswer;

    async fn send(&self, request: Request) -> Result<HttpAnswer, Unreachable> {
        let sent = match (request.method, request.body) {
            (Method::Get, _) => headed(self.0.get(&request.url), &request.headers).call(),
            (Method::Delete, _) => headed(self.0.delete(&request.url), &request.headers).call(),
            (Method::Post, body) => {
                headed(self.0.post(&request.url), &request.headers).send(body.unwrap_or_default().as_bytes())
            }
        };
        let answer = sent.map_err(|error| Unreachable::Refused(error.to_string()))?;
        let (head, body) = answer.into_parts();
        Ok(HttpAnswer { status: head.status.as_u16(), headers: head.headers, body: body.into_reader() })
    }

    async fn sleep(&self, ms: u32) {
        std::thread::sleep(Duration::from_millis(u64::from(ms)));
    }
}

fn headed<B>(mut builder: ureq::RequestBuilder<B>, headers: &[(&'static str, String)]) -> ureq::RequestBuilder<B> {
    for (name, value) in headers {
        builder = builder.header(*name, value);
    }
    builder
}

#[expect(clippy::disallowed_methods, reason = "this program is a host: it may look at the clock")]
fn now() -> Instant {
    Instant::now()
}

/// An address without the name and password in it, and these.
fn without_password(server: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = server.split_once("://") else { return (server.to_owned(), None) };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match host.rsplit_once('@') {
        Some((own, host)) => (format!("{scheme}://{host}{path}"), Some(unescaped(own))),
        None => (server.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_password_are_taken_out_of_an_address() {
        let check = |server: &str, expected: (&str, Option<&str>)| {
            let (host, own) = without_password(server);
            assert_eq!((host.as_str(), own.as_deref()), expected);
        };
        check("http://localhost:8081", ("http://localhost:8081", None));
        check("https://me:a%40b%3@host:1/x@y", ("https://host:1/x@y", Some("me:a@b%3")));
        check("localhost", ("localhost", None));
    }
}
