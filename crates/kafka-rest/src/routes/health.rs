//! What the proxy says of itself.

use crate::app::App;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use std::sync::Arc;

/// That the process answers. Whether Kafka does is told by every other request: a restart of the proxy would not mend it.
pub(crate) async fn health() -> Json<Value> {
    Json(json!({ "status": "up" }))
}

/// Prometheus' text.
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.text())
}

/// The description of all routes.
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("../openapi.json"))
}

/// By which a client knows this server from others, and what it can do.
pub(crate) async fn about(State(app): State<Arc<App>>) -> Json<Value> {
    let limits = &app.settings.limits;
    Json(json!({
        "server": "replayground-proxy",
        "version": env!("CARGO_PKG_VERSION"),
        "can": ["stream", "timestamps", "headers", "isolation", "live", "lag"],
        "decodes_schemas": app.settings.schema_registry.is_some(),
        "limits": {
            "max_bytes": limits.max_bytes,
            "max_read_ms": limits.max_read.as_millis() as u64,
            "max_reads": limits.max_reads,
            "max_tails": limits.max_tails,
        },
    }))
}
