//! The proxy's state, and the table of its routes.

use crate::allow::Allowed;
use crate::config::Settings;
use crate::error::Error;
use crate::guard::{Origins, Rates, guard, name_of};
use crate::instances::Instances;
use crate::kafka::Kafka;
use crate::metrics::Metrics;
use crate::registry::Registry;
use crate::routes;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{delete, get, post};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tower_http::services::ServeDir;

/// Bodies are lists of partitions: this is several thousand of them.
const MAX_BODY: usize = 256 * 1024;

/// What all requests share.
#[derive(Debug)]
pub struct App {
    pub(crate) settings: Settings,
    pub(crate) kafka: Kafka,
    pub(crate) allowed: Allowed,
    pub(crate) origins: Origins,
    pub(crate) rates: Rates,
    pub(crate) metrics: Arc<Metrics>,
    /// Places for reads.
    pub(crate) reads: Arc<Semaphore>,
    /// Places for live tails.
    pub(crate) tails: Arc<Semaphore>,
    pub(crate) instances: Instances,
    pub(crate) registry: Option<Arc<Registry>>,
    /// Set when the proxy is about to end: streams stop where they are.
    pub(crate) is_ending: Arc<AtomicBool>,
}

impl App {
    /// The state for these settings. Kafka is not asked yet.
    ///
    /// # Errors
    /// A setting that librdkafka does not take.
    pub fn new(settings: Settings) -> Result<Arc<Self>, Error> {
        Ok(Arc::new(Self {
            kafka: Kafka::new(&settings)?,
            allowed: Allowed::new(&settings.topics),
            origins: Origins::new(&settings.cors_origins),
            rates: Rates::new(settings.limits.requests_per_minute),
            metrics: Arc::default(),
            reads: Arc::new(Semaphore::new(settings.limits.max_reads)),
            tails: Arc::new(Semaphore::new(settings.limits.max_tails)),
            instances: Instances::new(settings.limits.max_instances, settings.limits.instance_idle),
            registry: settings.schema_registry.as_deref().map(|url| Arc::new(Registry::new(url))),
            is_ending: Arc::default(),
            settings,
        }))
    }

    /// Makes streams end, so that the server can.
    pub fn end(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
    }

    /// Drops consumer instances that were not used for long.
    pub(crate) fn expire(&self) {
        let left = self.instances.expire();
        self.metrics.instances.store(left as i64, Ordering::Relaxed);
    }

    /// Kafka's clients block; this runs a question to them beside the server's threads.
    pub(crate) async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = Arc::clone(self);
        match tokio::task::spawn_blocking(move || question(&app)).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(%error, "a question to Kafka panicked");
                Err(Error::Internal)
            }
        }
    }

    /// That this topic may be read. Its existence is not looked at.
    pub(crate) fn check_topic(&self, topic: &str) -> Result<(), Error> {
        let is_name = (1..=249).contains(&topic.len())
            && topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        if !is_name {
            return Err(Error::UnknownTopic { topic: topic.chars().filter(|c| !c.is_control()).take(100).collect() });
        }
        if !self.allowed.is_allowed(topic) {
            return Err(Error::TopicNotListed { topic: topic.to_owned() });
        }
        Ok(())
    }

    /// Browsers send a host always; a client without one is no page of a foreign site.
    pub(crate) fn is_own_host(&self, host: &str) -> bool {
        let name = name_of(host);
        host.is_empty()
            || name.eq_ignore_ascii_case("localhost")
            || name.parse::<std::net::IpAddr>().is_ok()
            || self.settings.hosts.iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    /// Probes and the page itself need no token; whatever tells of Kafka does.
    pub(crate) fn needs_token(&self, path: &str) -> bool {
        path != "/health" && path != "/openapi.json" && (self.settings.site.is_none() || routes::is_api(path))
    }
}

/// All routes, with the guard around them.
pub fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new()
        .route("/health", get(routes::health::health))
        .route("/metrics", get(routes::health::metrics))
        .route("/proxy", get(routes::health::about))
        .route("/openapi.json", get(routes::health::openapi))
        .route("/brokers", get(routes::topics::brokers))
        .route("/topics", get(routes::topics::list))
        .route("/topics/{topic}", get(routes::topics::topic).post(routes::read_only))
        .route("/topics/{topic}/offsets", get(routes::topics::all_offsets))
        .route("/topics/{topic}/lag", get(routes::topics::lag))
        .route("/topics/{topic}/live", get(routes::live::live))
        .route("/topics/{topic}/records", get(routes::records::topic))
        .route("/topics/{topic}/partitions", get(routes::topics::partitions))
        .route("/topics/{topic}/partitions/{partition}", get(routes::topics::partition).post(routes::read_only))
        .route("/topics/{topic}/partitions/{partition}/offsets", get(routes::topics::offsets))
        .route("/topics/{topic}/partitions/{partition}/records", get(routes::records::partition))
        .route("/consumers/{group}", post(routes::consumers::create))
        .route("/consumers/{group}/instances/{instance}", delete(routes::consumers::remove))
        .route(
            "/consumers/{group}/instances/{instance}/subscription",
            get(routes::consumers::subscription)
                .post(routes::consumers::subscribe)
                .delete(routes::consumers::unsubscribe),
        )
        .route(
            "/consumers/{group}/instances/{instance}/assignments",
            get(routes::consumers::assignments).post(routes::consumers::assign),
        )
        .route("/consumers/{group}/instances/{instance}/positions", post(routes::consumers::seek))
        .route("/consumers/{group}/instances/{instance}/positions/beginning", post(routes::consumers::seek_beginning))
        .route("/consumers/{group}/instances/{instance}/positions/end", post(routes::consumers::seek_end))
        .route(
            "/consumers/{group}/instances/{instance}/offsets",
            get(routes::consumers::offsets).post(routes::consumers::commit),
        )
        .route("/consumers/{group}/instances/{instance}/records", get(routes::consumers::records));
    router = match &app.settings.site {
        Some(folder) => router.fallback_service(
            ServeDir::new(folder)
                .call_fallback_on_method_not_allowed(true)
                .fallback(axum::handler::HandlerWithoutStateExt::into_service(routes::no_such_path)),
        ),
        None => router.route("/", get(routes::health::about)).fallback(routes::no_such_path),
    };
    router
        .method_not_allowed_fallback(routes::no_such_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(Arc::clone(app), guard))
        .layer(from_fn_with_state(Arc::clone(app), measure))
        .with_state(Arc::clone(app))
}

/// Counts and logs each request: its route, never its contents.
async fn measure(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = crate::clock::now();
    let method = request.method().clone();
    let path = request.uri().path().chars().take(300).collect::<String>();
    let route = request.extensions().get::<MatchedPath>().map(|matched| matched.as_str().to_owned());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    app.metrics.request(status, took);
    // A probe every second would drown the rest.
    let is_probe = matches!(path.as_str(), "/health" | "/metrics");
    let took_ms = took.as_millis() as u64;
    if is_probe && took < Duration::from_secs(1) {
        tracing::debug!(%method, path, status, took_ms, "request");
    } else {
        tracing::info!(%method, path, route, status, took_ms, "request");
    }
    response
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let source = include_str!("app.rs").split("#[cfg(test)]").next().unwrap();
        let routes = source.split(".route(").skip(1).filter_map(|call| call.split('"').nth(1));
        // Without a site, the root tells what /proxy tells.
        let routes: BTreeSet<&str> = routes.filter(|path| *path != "/").collect();
        let document: Value = serde_json::from_str(include_str!("openapi.json")).unwrap();
        let described: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(routes, described);
        assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    }

    #[test]
    fn every_reference_of_the_description_leads_somewhere() {
        let document: Value = serde_json::from_str(include_str!("openapi.json")).unwrap();
        let mut open = vec![&document];
        while let Some(value) = open.pop() {
            if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
                assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
            }
            open.extend(value.as_array().into_iter().flatten());
            open.extend(value.as_object().into_iter().flat_map(serde_json::Map::values));
        }
    }
}
