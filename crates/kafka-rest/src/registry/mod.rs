//! Schema Registry: which schema an id stands for, and what it makes of bytes in Confluent's wire format.
//!
//! The format is a zero byte, the id in four bytes, big-endian, and the value. Schemas are fetched once and kept, since an id never
//! changes its meaning; a failure is kept for a while, so that a registry that is away does not slow down every record.

mod avro;
mod protobuf;

use crate::clock::now;
use crate::encode::{Decoded, is_json, one_line};
use base64::Engine;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

/// How long a schema that could not be had is not asked for again.
const RETRY_AFTER: Duration = Duration::from_secs(30);
/// Schemas that are kept; topics have few.
const KEPT: usize = 2_000;
/// A schema's text.
const LARGEST: u64 = 4 << 20;
/// Schemas that one schema may refer to, directly or not.
const REFERENCES: usize = 200;

/// A registry, and what it has told so far.
pub(crate) struct Registry {
    agent: Agent,
    url: String,
    authorization: Option<String>,
    known: Mutex<HashMap<u32, Known>>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Registry")
    }
}

#[derive(Clone)]
struct Known {
    reader: Result<Arc<Reader>, String>,
    at: Instant,
}

enum Reader {
    Avro(avro::Reader),
    Json,
    Protobuf(protobuf::Reader),
}

/// The registry's answer for an id, and for a version of a subject.
#[derive(Debug, Deserialize)]
struct Answer {
    schema: String,
    #[serde(rename = "schemaType")]
    kind: Option<String>,
    #[serde(default)]
    references: Vec<Reference>,
}

#[derive(Debug, Deserialize)]
struct Reference {
    name: String,
    subject: String,
    version: u32,
}

impl Registry {
    /// `url` may hold a name and password before the host.
    pub(crate) fn new(url: &str) -> Self {
        let tls = TlsConfig::builder().provider(TlsProvider::NativeTls).root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(Duration::from_secs(10)))
            .max_redirects(3)
            .user_agent("replayground-proxy")
            .build();
        let (url, credentials) = split_credentials(url);
        let authorization =
            credentials.map(|pair| format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair)));
        Self { agent: config.into(), url, authorization, known: Mutex::default() }
    }

    /// What the bytes say, if they are in the wire format. Blocks at the first record of a schema.
    pub(crate) fn decode(&self, bytes: &[u8]) -> Option<Decoded> {
        let (head, value) = bytes.split_at_checked(5)?;
        let [0, id @ ..] = head else { return None };
        let schema_id = u32::from_be_bytes(id.try_into().ok()?);
        let json = self.reader(schema_id).and_then(|reader| match &*reader {
            Reader::Avro(reader) => reader.json(value),
            Reader::Protobuf(reader) => reader.json(value),
            Reader::Json => match std::str::from_utf8(value) {
                Ok(text) if is_json(text) => {
                    let mut out = Vec::with_capacity(text.len());
                    one_line(&mut out, text);
                    String::from_utf8(out).map_err(|error| error.to_string())
                }
                _ => Err("it is no JSON".to_owned()),
            },
        });
        Some(Decoded { schema_id, json })
    }

    fn reader(&self, id: u32) -> Result<Arc<Reader>, String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(known) = known.filter(|known| known.reader.is_ok() || known.at.elapsed() < RETRY_AFTER) {
            return known.reader;
        }
        let reader = self.fetch(id).map(Arc::new).map_err(|why| format!("schema {id}: {why}"));
        if let Err(why) = &reader {
            tracing::warn!(schema_id = id, "{why}");
        }
        let mut table = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if table.len() >= KEPT {
            table.clear();
        }
        table.insert(id, Known { reader: reader.clone(), at: now() });
        reader
    }

    fn fetch(&self, id: u32) -> Result<Reader, String> {
        let answer = self.get(&format!("/schemas/ids/{id}"))?;
        let mut references = Vec::new();
        self.references(&answer, &mut references, 0)?;
        match answer.kind.as_deref() {
            None | Some("AVRO") => {
                let texts: Vec<String> = references.into_iter().map(|(_, text)| text).collect();
                avro::Reader::new(&answer.schema, &texts).map(Reader::Avro)
            }
            Some("JSON") => Ok(Reader::Json),
            Some("PROTOBUF") => protobuf::Reader::new(&answer.schema, references).map(Reader::Protobuf),
            Some(other) => Err(format!("its type {other} is not known")),
        }
    }

    /// Those of the schema and of its references, each once, those that others need first.
    fn references(&self, answer: &Answer, into: &mut Vec<(String, String)>, depth: usize) -> Result<(), String> {
        for reference in &answer.references {
            if into.iter().any(|(name, _)| *name == reference.name) {
                continue;
            }
            if depth > 20 || into.len() >= REFERENCES {
                return Err("it refers to too many others".to_owned());
            }
            let subject = percent_encoded(&reference.subject);
            let found = self.get(&format!("/subjects/{subject}/versions/{}", reference.version))?;
            self.references(&found, into, depth + 1)?;
            if !into.iter().any(|(name, _)| *name == reference.name) {
                into.push((reference.name.clone(), found.schema));
            }
        }
        Ok(())
    }

    fn get(&self, path: &str) -> Result<Answer, String> {
        let mut request = self.agent.get(format!("{}{path}", self.url)).header("accept", "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let mut response = request.call().map_err(|error| match error {
            ureq::Error::StatusCode(404) => "the registry does not know it".to_owned(),
            ureq::Error::StatusCode(status) => format!("the registry answered with status {status}"),
            // Without the address, which may be internal.
            other => format!("the registry cannot be reached ({other})"),
        })?;
        let text = response.body_mut().with_config().limit(LARGEST).read_to_vec();
        let text = text.map_err(|error| format!("the registry's answer cannot be read ({error})"))?;
        serde_json::from_slice(&text).map_err(|_| "the registry's answer is not what a registry answers".to_owned())
    }
}

/// `http://user:pass@host` → the address without, and `user:pass`.
fn split_credentials(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    match authority.rsplit_once('@') {
        Some((credentials, host)) => (format!("{scheme}://{host}{path}"), Some(credentials.to_owned())),
        None => (url.to_owned(), None),
    }
}

fn percent_encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::{percent_encoded, split_credentials};

    #[test]
    fn credentials_do_not_stay_in_the_address() {
        let check = |url, address: &str, pair: Option<&str>| {
            assert_eq!(split_credentials(url), (address.to_owned(), pair.map(str::to_owned)));
        };
        check("http://host:81/p", "http://host:81/p", None);
        check("https://me:p@ss@host/p", "https://host/p", Some("me:p@ss"));
        assert_eq!(percent_encoded("a/b c"), "a%2Fb%20c");
    }
}
