//! Who may ask: host names, origins, the token, the rate. Runs before any route, so that nothing can be reached around it.

use crate::app::App;
use crate::clock::now;
use crate::error::Error;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Headers of answers that a page of another origin may read.
const EXPOSED: &str =
    "x-start-offsets, x-end-offsets, x-high-watermarks, x-log-start-offsets, x-isolation, content-type, retry-after";

/// The middleware around every route.
pub(crate) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let is_listed = origin.as_ref().is_some_and(|origin| app.origins.is_listed(origin));
    let mut response = match admit(&app, &request, is_listed) {
        Ok(Admitted::Preflight) => preflight(request.headers()),
        Ok(Admitted::Request) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin.filter(|_| is_listed) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
    response
}

enum Admitted {
    Request,
    /// A browser asks whether it may ask; it is answered here.
    Preflight,
}

fn admit(app: &App, request: &Request, is_listed: bool) -> Result<Admitted, Error> {
    let headers = request.headers();
    let host = host(request);
    if app.settings.listen.ip().is_loopback() && !app.is_own_host(host) {
        return Err(Error::ForeignHost { host: printable(host) });
    }
    if let Some(origin) = headers.get(header::ORIGIN)
        && !is_listed
        && !is_same_origin(origin, host)
    {
        return Err(Error::ForeignOrigin { origin: printable(&String::from_utf8_lossy(origin.as_bytes())) });
    }
    let client = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let client = client.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip());
    app.rates.count(client)?;
    if request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return Ok(Admitted::Preflight);
    }
    if let Some(token) = &app.settings.token
        && app.needs_token(request.uri().path())
        && !bearer(headers).is_some_and(|given| is_equal(given, token))
    {
        return Err(Error::Unauthorized);
    }
    Ok(Admitted::Request)
}

fn preflight(headers: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let answer = response.headers_mut();
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST, DELETE"));
    answer.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("accept, authorization, content-type, last-event-id"),
    );
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    // A public page that asks something on this machine must be allowed to expressly, in browsers that know the rule.
    if headers.contains_key("access-control-request-private-network") {
        let name = HeaderName::from_static("access-control-allow-private-network");
        answer.insert(name, HeaderValue::from_static("true"));
    }
    response
}

/// The origins that are allowed besides the proxy's own.
#[derive(Debug)]
pub(crate) struct Origins(Vec<String>);

impl Origins {
    pub(crate) fn new(origins: &[String]) -> Self {
        Self(origins.to_vec())
    }

    fn is_listed(&self, origin: &HeaderValue) -> bool {
        self.0.iter().any(|listed| listed == "*" || listed.as_bytes() == origin.as_bytes())
    }
}

fn host(request: &Request) -> &str {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    host.or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str)).unwrap_or_default()
}

/// The page that this proxy serves asks its own origin. TLS may end before the proxy, so the scheme does not count.
fn is_same_origin(origin: &HeaderValue, host: &str) -> bool {
    let origin = origin.to_str().unwrap_or_default();
    let own = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    !host.is_empty() && own.is_some_and(|own| own.eq_ignore_ascii_case(host))
}

/// Without the port: `[::1]:8082` → `::1`.
pub(crate) fn name_of(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Takes as long for a wrong first letter as for a wrong last one.
fn is_equal(given: &str, token: &str) -> bool {
    let (given, token) = (given.as_bytes(), token.as_bytes());
    let different = token
        .iter()
        .enumerate()
        .fold(0, |different, (n, byte)| different | (byte ^ given.get(n).copied().unwrap_or_default()));
    std::hint::black_box(different) == 0 && given.len() == token.len()
}

/// What a client sent, short enough to be said back.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// How often each address asked: a bucket that fills by the second, one minute deep.
#[derive(Debug)]
pub(crate) struct Rates {
    per_minute: u32,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Rates {
    /// Addresses that are remembered; when there are more, those whose bucket is full again are forgotten.
    const MOST: usize = 10_000;

    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute, buckets: Mutex::default() }
    }

    fn count(&self, client: IpAddr) -> Result<(), Error> {
        self.count_at(client, now())
    }

    fn count_at(&self, client: IpAddr, at: Instant) -> Result<(), Error> {
        let full = f64::from(self.per_minute);
        let refilled = |bucket: &Bucket| {
            (bucket.left + at.saturating_duration_since(bucket.at).as_secs_f64() * full / 60.0).min(full)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= Self::MOST && !buckets.contains_key(&client) {
            buckets.retain(|_, bucket| refilled(bucket) < full);
            if buckets.len() >= Self::MOST {
                return Err(Error::TooManyRequests { per_minute: self.per_minute });
            }
        }
        let bucket = buckets.entry(client).or_insert(Bucket { left: full, at });
        *bucket = Bucket { left: refilled(bucket), at };
        if bucket.left < 1.0 {
            return Err(Error::TooManyRequests { per_minute: self.per_minute });
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Rates, is_equal, is_same_origin, name_of};
    use crate::clock::now;
    use axum::http::HeaderValue;
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::Duration;

    #[test]
    fn a_client_that_asks_too_often_waits() {
        let (rates, client, start) = (Rates::new(60), IpAddr::V4(Ipv4Addr::LOCALHOST), now());
        assert_eq!((0..100).filter(|_| rates.count_at(client, start).is_ok()).count(), 60);
        let later = start + Duration::from_secs(10);
        assert_eq!((0..100).filter(|_| rates.count_at(client, later).is_ok()).count(), 10);
        assert!(rates.count_at(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), later).is_ok());
    }

    #[test]
    fn tokens_are_equal_only_whole() {
        assert!(is_equal("secret", "secret"));
        assert!(!is_equal("secre", "secret") && !is_equal("secrets", "secret") && !is_equal("", "secret"));
    }

    #[test]
    fn own_origin_is_host_and_port() {
        let check = |origin: &str, host| is_same_origin(&HeaderValue::from_str(origin).unwrap(), host);
        assert!(check("http://localhost:8082", "localhost:8082"));
        assert!(!check("http://localhost:3000", "localhost:8082"));
        assert!(!check("null", "localhost:8082") && !check("http://", ""));
        assert_eq!((name_of("[::1]:80"), name_of("localhost"), name_of("a:80")), ("::1", "localhost", "a"));
    }
}
