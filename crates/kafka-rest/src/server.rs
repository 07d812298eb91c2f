//! The socket: connections that are bounded in number and in how long they may be silent, and an end that lets answers finish.

use crate::app::{App, router};
use crate::metrics::Counted;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// How long a client may take to send a request's head.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// How long answers may take to finish once the proxy is to end.
const END_WITHIN: Duration = Duration::from_secs(10);

/// Serves until `shutdown` is done, then lets requests finish; streams end with a line that says why.
///
/// # Errors
/// None of the connections': they are logged. Only the listener's.
pub async fn serve(app: Arc<App>, listener: TcpListener, shutdown: impl Future<Output = ()>) -> std::io::Result<()> {
    let routes = router(&app);
    let places = Arc::new(Semaphore::new(app.settings.limits.max_connections));
    let graceful = GracefulShutdown::new();
    let sweeper = tokio::spawn(sweep(Arc::clone(&app)));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        // More connections than places wait in the system's queue.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut shutdown => break,
        };
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Too many open files, or a client that went: neither may end the proxy.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        let _ = stream.set_nodelay(true);
        let routes = routes.clone().map_request(move |mut request: Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(address));
            request.map(axum::body::Body::new)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
        let connection = graceful.watch(connection);
        let counted = Counted::new(Arc::clone(&app.metrics), |metrics| &metrics.connections);
        tokio::spawn(async move {
            let _held = (place, counted);
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    tracing::info!("ending: no new connections, answers may finish");
    app.end();
    sweeper.abort();
    if tokio::time::timeout(END_WITHIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers did not finish in time");
    }
    Ok(())
}

/// Idle consumer instances go also when nobody asks any more.
async fn sweep(app: Arc<App>) {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        let app = Arc::clone(&app);
        // Closing their clients blocks.
        let _ = tokio::task::spawn_blocking(move || app.expire()).await;
    }
}
