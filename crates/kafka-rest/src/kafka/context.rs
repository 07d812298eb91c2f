//! What librdkafka tells the proxy: its log, its errors, and when it needs a token.

use rdkafka::client::{ClientContext, OAuthToken};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Shared by all clients of the proxy.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    last: Arc<Mutex<Option<Failure>>>,
    oauth_token_file: Option<PathBuf>,
}

#[derive(Debug, Clone)]
struct Failure {
    reason: String,
    is_refused: bool,
}

impl Context {
    pub(crate) fn new(oauth_token_file: Option<PathBuf>) -> Self {
        Self { last: Arc::default(), oauth_token_file }
    }

    /// Why no connection could be made, as librdkafka said it last.
    pub(crate) fn last_failure(&self) -> Option<String> {
        self.locked().as_ref().map(|failure| failure.reason.clone())
    }

    /// Whether a broker was reached and refused the credentials or the certificate.
    pub(crate) fn is_refused(&self) -> bool {
        self.locked().as_ref().is_some_and(|failure| failure.is_refused)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<Failure>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientContext for Context {
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = true;

    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        // The connection's own failures, which the error events name only by their code.
        if matches!(facility, "FAIL" | "ERROR") && matches!(level, RDKafkaLogLevel::Error) {
            let is_refused = message.contains("uthentication") || message.contains("SSL");
            *self.locked() = Some(Failure { reason: short(message), is_refused });
        }
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => tracing::warn!(target: "librdkafka", facility, "{message}"),
            _ => tracing::debug!(target: "librdkafka", facility, "{message}"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        let code = error.rdkafka_error_code();
        if code == Some(RDKafkaErrorCode::PartitionEOF) {
            // No error but the news that there is no more for now; the reader hears it too.
            return;
        }
        let is_refused = matches!(
            code,
            Some(RDKafkaErrorCode::Authentication | RDKafkaErrorCode::SaslAuthenticationFailed | RDKafkaErrorCode::SSL)
        );
        if code != Some(RDKafkaErrorCode::AllBrokersDown) {
            *self.locked() = Some(Failure { reason: short(reason), is_refused });
        }
        tracing::warn!(target: "librdkafka", %error, "{reason}");
    }

    /// The file holds `{"token":…,"principal":…,"expires_ms":…}`, or the token alone, which then is asked for every five minutes.
    fn generate_oauth_token(&self, _: Option<&str>) -> Result<OAuthToken, Box<dyn std::error::Error>> {
        #[derive(Deserialize)]
        struct File {
            token: String,
            #[serde(default)]
            principal: String,
            expires_ms: Option<i64>,
        }
        let path = self.oauth_token_file.as_deref().ok_or("start the proxy with --oauth-token-file")?;
        let text = std::fs::read_to_string(path)?;
        let text = text.trim();
        let file = if text.starts_with('{') {
            serde_json::from_str(text)?
        } else {
            File { token: text.to_owned(), principal: String::new(), expires_ms: None }
        };
        let lifetime_ms = file.expires_ms.unwrap_or_else(|| epoch_ms() + 5 * 60 * 1000);
        Ok(OAuthToken { token: file.token, principal_name: file.principal, lifetime_ms })
    }
}

impl ConsumerContext for Context {}

/// Milliseconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "tokens expire by the wall clock; the rule is for code that runs in wasm"
)]
pub(crate) fn epoch_ms() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |since| since.as_millis() as i64)
}

/// Without librdkafka's thread name before and its counters behind.
fn short(message: &str) -> String {
    let text = message.strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map_or(message, |(_, rest)| rest);
    text.split(" (after ").next().unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_failure_is_told_without_librdkafkas_trimmings() {
        let said = "[thrd:localhost:1/bootstrap]: localhost:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT, 1 identical error(s) suppressed)";
        assert_eq!(short(said), "localhost:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused");
    }
}
