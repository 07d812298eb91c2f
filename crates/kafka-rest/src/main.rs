//! `replayground-proxy`: reads its settings, listens, and ends when it is told to.

use anyhow::Context;
use clap::Parser;
use kafka_rest::{App, Arguments, Settings, serve};
use std::future::Future;
use tokio::net::TcpListener;

fn main() -> anyhow::Result<()> {
    // Structured, on stderr; RUST_LOG chooses what is told.
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,librdkafka=warn".into()),
        )
        .init();
    let settings = Settings::resolve(Arguments::parse(), std::env::vars())?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(settings))
}

async fn run(settings: Settings) -> anyhow::Result<()> {
    let app = App::new(settings.clone()).context("Kafka's settings")?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}; --listen takes another address", settings.listen))?;
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() && settings.token.is_none() {
        tracing::warn!(%address, "others can reach this proxy, and it asks for no token; --token-file sets one");
    }
    tracing::info!(
        %address,
        brokers = settings.kafka.get("bootstrap.servers"),
        site = settings.site.as_deref().map(|folder| folder.display().to_string()),
        "listening"
    );
    serve(app, listener, told_to_end()?).await.context("the listener failed")
}

/// Done on Ctrl+C and on SIGTERM.
fn told_to_end() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}
