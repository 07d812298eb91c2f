//! A small server for the built site, on the loopback interface only.

use crate::run::root;
use anyhow::bail;
use std::path::{Component, Path, PathBuf};
use tiny_http::{Header, Response, Server};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Port to listen on; the next free one is taken if it is in use
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Serve under this path, as a project page on a host would be
    #[arg(long, default_value = "/")]
    prefix: String,
    /// Serve what is in dist/ without building
    #[arg(long)]
    no_build: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if !arguments.no_build {
        crate::build::build()?;
    }
    let prefix = format!("/{}", arguments.prefix.trim_matches('/'));
    let prefix = if prefix == "/" { prefix } else { format!("{prefix}/") };
    let Some((server, port)) = (arguments.port..=arguments.port.saturating_add(50))
        .find_map(|port| Some((Server::http(("127.0.0.1", port)).ok()?, port)))
    else {
        bail!("no port from {} on is free; choose one with --port", arguments.port);
    };
    println!("Replayground is at http://127.0.0.1:{port}{prefix} (Ctrl+C ends it)");
    let folder = root().join("dist");
    if !folder.join("index.html").is_file() {
        bail!("dist/ holds no site; leave out --no-build");
    }
    for request in server.incoming_requests() {
        let path = request.url().split(['?', '#']).next().unwrap_or_default();
        let found = path.strip_prefix(&prefix).and_then(|path| read(&folder, path));
        // A client that went away is no concern of the server.
        let _ = match found {
            Some((bytes, kind)) => {
                let headers = [("Content-Type", kind), ("Cache-Control", "no-cache")];
                let headers = headers.iter().filter_map(|(name, value)| Header::from_bytes(*name, *value).ok());
                request.respond(headers.fold(Response::from_data(bytes), Response::with_header))
            }
            None => request.respond(Response::from_string("not found").with_status_code(404)),
        };
    }
    Ok(())
}

fn read(folder: &Path, path: &str) -> Option<(Vec<u8>, &'static str)> {
    let path = PathBuf::from(if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    });
    if !path.components().all(|component| matches!(component, Component::Normal(_))) {
        return None;
    }
    let kind = match path.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "ndjson" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
    Some((std::fs::read(folder.join(&path)).ok()?, kind))
}
