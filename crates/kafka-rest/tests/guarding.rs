//! Who is let in, and what is served beside the API. No Kafka is needed.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use support::{NOBODY, Proxy};

#[tokio::test]
async fn health_metrics_and_what_it_is_are_told_without_kafka() {
    let proxy = Proxy::new(NOBODY, |_| {});
    assert_eq!(proxy.get("/health").await.json()["status"], "up");
    assert_eq!(proxy.get("/").await.json()["server"], "replayground-proxy");
    proxy.get("/nothing").await.check_error("404 404", "openapi");
    let metrics = proxy.get("/metrics").await;
    assert!(metrics.text().contains("replayground_proxy_requests_total{status=\"4xx\"} 1"), "{}", metrics.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kafka_that_is_down_is_told_with_its_cause() {
    let proxy = Proxy::new(NOBODY, |settings| settings.limits.patience = std::time::Duration::from_secs(10));
    let answer = proxy.get("/topics").await;
    answer.check_error("503 50301", "refused");
    assert_eq!(answer.header("retry-after"), "5");
    proxy.get("/topics/t/partitions/0/records").await.check_error("503 50301", "refused");
}

#[tokio::test]
async fn without_the_token_only_health_answers() {
    let proxy = Proxy::new(NOBODY, |settings| settings.token = Some("s3cret".into()));
    let with = async |header: &str| proxy.ask("GET", "/proxy", header, "").await;
    let refused = with("").await;
    refused.check_error("401 401", "Authorization: Bearer");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    with("authorization: Bearer wrong").await.check_error("401 401", "");
    with("authorization: Basic s3cret").await.check_error("401 401", "");
    with("authorization: Bearer s3cretx").await.check_error("401 401", "");
    assert_eq!(with("authorization: Bearer s3cret").await.status, 200);
    assert_eq!(with("authorization: bearer s3cret").await.status, 200);
    assert_eq!(proxy.get("/health").await.status, 200);
    for path in ["/metrics", "/topics", "/consumers/g", "/%74opics", "//topics"] {
        assert_eq!(proxy.get(path).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn only_listed_origins_and_its_own_pages_read() {
    let proxy = Proxy::new(NOBODY, |settings| settings.cors_origins = vec!["https://example.org".into()]);
    let from =
        async |origin: &str| proxy.ask("GET", "/proxy", &format!("origin: {origin}\nhost: localhost:8082"), "").await;
    from("https://evil.example").await.check_error("403 40304", "--cors-origin https://evil.example");
    from("null").await.check_error("403 40304", "");
    from("http://localhost:3000").await.check_error("403 40304", "");
    let listed = from("https://example.org").await;
    assert_eq!((listed.status.as_u16(), listed.header("access-control-allow-origin")), (200, "https://example.org"));
    assert!(listed.header("access-control-expose-headers").contains("x-end-offsets"));
    let own = from("http://localhost:8082").await;
    assert_eq!((own.status.as_u16(), own.header("access-control-allow-origin")), (200, ""));

    let preflight =
        "origin: https://example.org\naccess-control-request-method: GET\naccess-control-request-private-network: true";
    let answer = proxy.ask("OPTIONS", "/topics", preflight, "").await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("access-control-allow-headers").contains("authorization"));
    assert_eq!(answer.header("access-control-allow-private-network"), "true");
    let foreign = preflight.replace("example.org", "evil.example");
    proxy.ask("OPTIONS", "/topics", &foreign, "").await.check_error("403 40304", "");
}

#[tokio::test]
async fn a_name_that_was_bound_to_the_loopback_address_is_refused() {
    let proxy = Proxy::new(NOBODY, |settings| settings.hosts = vec!["kafka.test".into()]);
    let as_host = async |host: &str| proxy.ask("GET", "/health", &format!("host: {host}"), "").await;
    as_host("evil.example:8082").await.check_error("403 40305", "--host evil.example:8082");
    for host in ["localhost:8082", "127.0.0.1", "[::1]:8082", "kafka.test:8082"] {
        assert_eq!(as_host(host).await.status, 200, "{host}");
    }
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_slowed_down() {
    let proxy = Proxy::new(NOBODY, |settings| settings.limits.requests_per_minute = 3);
    for _ in 0..3 {
        assert_eq!(proxy.get("/health").await.status, 200);
    }
    proxy.get("/health").await.check_error("429 429", "more requests than 3 a minute");
}

#[tokio::test]
async fn the_site_is_served_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("sub")).unwrap();
    std::fs::write(site.join("index.html"), "<p>page</p>").unwrap();
    std::fs::write(site.join("app.wasm"), "wasm").unwrap();
    std::fs::write(folder.path().join("secret"), "secret").unwrap();
    let proxy = Proxy::new(NOBODY, |settings| {
        settings.site = Some(site);
        settings.token = Some("t".into());
    });
    let page = proxy.get("/").await;
    assert_eq!((page.text(), page.header("content-type")), ("<p>page</p>", "text/html"));
    assert_eq!(proxy.get("/app.wasm").await.header("content-type"), "application/wasm");
    assert_eq!(proxy.get("/app.wasm").await.header("x-content-type-options"), "nosniff");
    proxy.get("/topics").await.check_error("401 401", "");
    for path in [
        "/../secret",
        "/sub/../../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/%2e%2e%2fsecret",
        "/sub/%2e%2e/%2e%2e/secret",
        "/..\\secret",
        "/..%5csecret",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/index.html%00",
        "/sub",
        "/missing",
    ] {
        // A path that is not even a URI cannot be sent.
        if path.parse::<axum::http::Uri>().is_err() {
            continue;
        }
        let answer = proxy.ask("GET", path, "authorization: Bearer t", "").await;
        assert!(!answer.text().contains("secret") && !answer.text().contains("root:"), "{path}: {}", answer.text());
        assert!(answer.status.is_client_error() || answer.status.is_redirection(), "{path}: {}", answer.status);
    }
    proxy.ask("POST", "/index.html", "authorization: Bearer t", "x").await.check_error("404 404", "");
}
