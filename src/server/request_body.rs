use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::BoxError;
use axum::body::{Body, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::Limited;
use tokio::time::{Instant, Sleep, sleep_until};

use super::limits::{BODY_PATIENCE, MAX_REQUEST_BODY};

/// The body of a request, which ends with an error once it is too long or stands still for too long.
pub(super) fn guarded<B>(body: B) -> Body
where
    B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError>,
{
    let limit = usize::try_from(MAX_REQUEST_BODY).unwrap_or(usize::MAX);
    Body::new(Limited::new(Moving { inner: body, deadline: None }, limit))
}

/// The client has sent nothing of a body that it has announced, for [`BODY_PATIENCE`].
#[derive(Debug, thiserror::Error)]
#[error("the body of the request stood still for {} s", BODY_PATIENCE.as_secs())]
struct StoodStill;

struct Moving<B> {
    inner: B,
    /// Set while nothing is there to be read.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<B> HttpBody for Moving<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            this.deadline = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let deadline = this.deadline.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + BODY_PATIENCE)));
        ready!(deadline.as_mut().poll(cx));
        Poll::Ready(Some(Err(StoodStill.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures::channel::mpsc;
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;

    type Sender = mpsc::UnboundedSender<Result<Frame<Bytes>, BoxError>>;

    fn channel() -> (Sender, Body) {
        let (sender, receiver) = mpsc::unbounded();
        (sender, guarded(StreamBody::new(receiver)))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_moves_slowly_arrives_and_one_that_stands_still_does_not() {
        let (sender, mut body) = channel();
        for _ in 0..5 {
            tokio::time::advance(BODY_PATIENCE - std::time::Duration::from_secs(1)).await;
            sender.unbounded_send(Ok(Frame::data(Bytes::from_static(b"x")))).unwrap();
            assert!(body.frame().await.unwrap().is_ok());
        }
        let error = body.frame().await.unwrap().unwrap_err();
        assert!(error.to_string().contains("stood still for 30 s"), "{error}");
    }

    #[tokio::test]
    async fn a_body_that_is_too_long_ends_with_the_error_that_becomes_413() {
        let (sender, body) = channel();
        for _ in 0..=MAX_REQUEST_BODY >> 20 {
            sender.unbounded_send(Ok(Frame::data(Bytes::from(vec![0; 1 << 20])))).unwrap();
        }
        drop(sender);
        let error = body.collect().await.unwrap_err();
        assert!(error.into_inner().is::<http_body_util::LengthLimitError>());
    }
}
