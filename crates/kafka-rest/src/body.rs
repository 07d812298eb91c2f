//! A body that is filled by a thread while it is sent, never faster than the client takes it.

use axum::body::Body;
use bytes::Bytes;
use futures_core::Stream;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How many parts may wait: with 64 KiB each, a slow client costs half a megabyte.
const PARTS: usize = 8;

/// The thread's end.
#[derive(Debug)]
pub(crate) struct Writer {
    sender: Sender<io::Result<Bytes>>,
    patience: Duration,
}

/// Both ends. `patience` is how long a client may take nothing before it is given up.
pub(crate) fn streamed(patience: Duration) -> (Writer, Body) {
    let (sender, receiver) = channel(PARTS);
    (Writer { sender, patience }, Body::from_stream(Parts(receiver)))
}

impl Writer {
    /// Gives a part, waiting for room; `false` if the client is gone or takes nothing. Called from a thread that may block.
    pub(crate) fn send(&self, part: Vec<u8>) -> bool {
        self.push(Ok(part.into()))
    }

    /// Whether the client went away.
    pub(crate) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Ends the body so that the client notices: the connection is cut instead of the body completed.
    pub(crate) fn abort(&self, why: &str) {
        self.push(Err(io::Error::other(why.to_owned())));
    }

    fn push(&self, part: io::Result<Bytes>) -> bool {
        let part = match self.sender.try_send(part) {
            Ok(()) => return true,
            Err(TrySendError::Closed(_)) => return false,
            Err(TrySendError::Full(part)) => part,
        };
        let sending = tokio::time::timeout(self.patience, self.sender.send(part));
        matches!(Handle::current().block_on(sending), Ok(Ok(())))
    }
}

struct Parts(Receiver<io::Result<Bytes>>);

impl Stream for Parts {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}
