//! A server as it is asked: addresses, the token, and answers as JSON.

use crate::failure::Failure;
use crate::wire::{Answer, Method, Request, Transport};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Answers that are kept whole are not larger. One of Strimzi's Bridge holds what a fetch of its consumer brought, 50 MB by default, in base64.
const LARGEST: usize = 128 << 20;

/// A server and how to reach it.
#[derive(Debug, Clone)]
pub struct Client<T> {
    transport: T,
    server: String,
    token: Option<String>,
    name: String,
}

impl<T: Transport> Client<T> {
    /// `server` is its address without a slash at the end. A `token` with a colon is a name and a password, sent by basic authentication; any
    /// other is a bearer's. `name` tells this client's consumer instances from those of others.
    pub fn new(transport: T, server: &str, token: Option<String>, name: &str) -> Client<T> {
        let token = token.filter(|token| !token.is_empty());
        Client { transport, server: server.trim_end_matches('/').to_owned(), token, name: name.to_owned() }
    }

    /// The server's address.
    pub fn server(&self) -> &str {
        &self.server
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Waits.
    pub async fn sleep(&self, ms: u32) {
        self.transport.sleep(ms).await;
    }

    /// Sends a request and gives its answer, whatever it is.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        accept: &str,
        body: Option<String>,
    ) -> Result<T::Answer, Failure> {
        let mut headers = vec![("accept", accept.to_owned())];
        if body.is_some() {
            headers.push(("content-type", "application/vnd.kafka.v2+json".to_owned()));
        }
        if let Some(token) = &self.token {
            // No bearer token has a colon, and no name.
            let credentials = if token.contains(':') {
                format!("Basic {}", STANDARD.encode(token))
            } else {
                format!("Bearer {token}")
            };
            headers.push(("authorization", credentials));
        }
        let request = Request { method, url: format!("{}{path}", self.server), headers, body };
        self.transport.send(request).await.map_err(|why| Failure::unreachable(&self.server, why))
    }

    /// The rest of an answer.
    pub(crate) async fn whole(&self, answer: &mut T::Answer) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|why| Failure::unreachable(&self.server, why))? {
            body.extend_from_slice(&piece);
            if body.len() > LARGEST {
                let message = format!("an answer of more than {LARGEST} bytes");
                return Err(Failure::Answered { status: answer.status(), message });
            }
        }
        Ok(body)
    }

    /// Sends a request and gives the body of its answer, or what the answer says that is no success.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        accept: &str,
        body: Option<String>,
        topic: &str,
    ) -> Result<Vec<u8>, Failure> {
        let mut answer = self.send(method, path, accept, body).await?;
        let body = self.whole(&mut answer).await?;
        match answer.status() {
            200..=299 => Ok(body),
            status => Err(Failure::answered(&self.server, status, &body, topic)),
        }
    }

    /// Asks for JSON.
    pub(crate) async fn json<J: DeserializeOwned>(&self, path: &str, topic: &str) -> Result<J, Failure> {
        let accept = "application/vnd.kafka.v2+json, application/json";
        let body = self.ask(Method::Get, path, accept, None, topic).await?;
        Self::read(&body)
    }

    /// JSON of a shape that is known.
    pub(crate) fn read<J: DeserializeOwned>(body: &[u8]) -> Result<J, Failure> {
        serde_json::from_slice(body).map_err(|error| {
            let message = format!("its answer is not what a REST proxy gives: {error}");
            Failure::Answered { status: 200, message }
        })
    }

    /// Asks without caring for success: the status, and the body if it is JSON.
    pub(crate) async fn probe(&self, path: &str) -> Result<(u16, Value), Failure> {
        let mut answer = self.send(Method::Get, path, "*/*", None).await?;
        let body = self.whole(&mut answer).await?;
        Ok((answer.status(), serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }
}
