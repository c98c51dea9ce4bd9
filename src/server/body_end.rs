use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::exchange::Exchange;

/// The body of an answer, which tells its exchange how it went.
pub(super) struct Observed {
    inner: Body,
    exchange: Exchange,
}

impl Observed {
    pub(super) fn new(inner: Body, mut exchange: Exchange) -> Self {
        if inner.is_end_stream() {
            exchange.completed();
        }
        Self { inner, exchange }
    }
}

impl HttpBody for Observed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let frame = ready!(Pin::new(&mut this.inner).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    this.exchange.sent(data.len());
                } else if let Some(trailers) = frame.trailers_ref() {
                    this.exchange.trailers(trailers);
                    this.exchange.completed();
                }
                // A body of known length is not asked again after its last byte.
                if this.inner.is_end_stream() {
                    this.exchange.completed();
                }
            }
            Some(Err(_)) => {}
            None => this.exchange.completed(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
