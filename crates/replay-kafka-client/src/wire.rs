//! What a host must be able to do: send a request, wait, and take records.

use std::future::Future;

/// The methods that reading needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Ask.
    Get,
    /// Create, assign or move a consumer instance.
    Post,
    /// Let an instance go.
    Delete,
}

impl Method {
    /// As HTTP writes it.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        }
    }
}

/// An HTTP request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What to do.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// Name in small letters, and value.
    pub headers: Vec<(&'static str, String)>,
    /// JSON text.
    pub body: Option<String>,
}

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreachable {
    /// Nobody listens there, or the name is not known.
    Refused(String),
    /// The browser's rule on other origins: the server is there and does not let pages of this origin read.
    Cors,
    /// The page's own policy does not let it ask there.
    Policy,
    /// The connection broke in the middle.
    Broken(String),
    /// The host wants no more.
    Stopped,
}

/// An answer whose body comes in pieces.
pub trait Answer {
    /// The status.
    fn status(&self) -> u16;

    /// A header, by its name in small letters.
    fn header(&self, name: &str) -> Option<String>;

    /// The next piece of the body; `None` at its end.
    fn chunk(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Unreachable>>;
}

/// Sends requests.
pub trait Transport {
    /// Its answers.
    type Answer: Answer;

    /// Sends a request; an answer of any status is one.
    fn send(&self, request: Request) -> impl Future<Output = Result<Self::Answer, Unreachable>>;

    /// Waits.
    fn sleep(&self, ms: u32) -> impl Future<Output = ()>;
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// More.
    Continue,
    /// Enough; what came is kept.
    Stop,
}

/// Takes records.
pub trait Sink {
    /// Takes whole lines of JSON, `records` of them. Answers when there is room for more.
    fn take(&mut self, lines: Vec<u8>, records: u64) -> impl Future<Output = Flow>;

    /// Whether the host still wants records; asked while none come.
    fn wants_more(&self) -> Flow {
        Flow::Continue
    }
}
