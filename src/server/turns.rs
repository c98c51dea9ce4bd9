use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::watch;
use tokio::time::sleep;

use super::limits::IDLE_PATIENCE;

/// Whose turn it is on a connection: the server's while it works at an answer, else the client's, who has to ask for
/// something or to read what there is.
///
/// Without it, clients that answer pings, and nothing else, would keep all the places there are.
#[derive(Clone, Debug)]
pub(super) struct Turns(watch::Sender<usize>);

impl Turns {
    /// The turns of a connection that was just made: its client's.
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// It is the server's turn until what this answers is dropped.
    pub(super) fn take(&self) -> Turn {
        self.0.send_modify(|under_way| *under_way += 1);
        Turn(self.clone())
    }

    /// Answers once it was the client's turn for [`IDLE_PATIENCE`], and the client did not take it.
    pub(super) async fn idle(&self) {
        let mut under_way = self.0.subscribe();
        loop {
            // The sender lives as long as `self`.
            let _ = under_way.wait_for(|count| *count == 0).await;
            tokio::select! {
                _ = under_way.changed() => {}
                () = sleep(IDLE_PATIENCE) => return,
            }
        }
    }
}

/// The server's turn.
pub(super) struct Turn(Turns);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.0.send_modify(|under_way| *under_way = under_way.saturating_sub(1));
    }
}

/// The body of an answer: the server's turn while it has nothing to give, the client's once it gave something.
pub(super) fn by_turns(body: Body, turns: Turns) -> Body {
    Body::new(ByTurns { inner: body, turns, turn: None })
}

struct ByTurns {
    inner: Body,
    turns: Turns,
    turn: Option<Turn>,
}

impl HttpBody for ByTurns {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let turn = this.turn.take().unwrap_or_else(|| this.turns.take());
        let polled = Pin::new(&mut this.inner).poll_frame(cx);
        this.turn = polled.is_pending().then_some(turn);
        polled
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
    use std::time::Duration;

    use futures::FutureExt as _;
    use futures::channel::mpsc;
    use http_body_util::BodyExt as _;
    use tokio::time::{Instant, advance, timeout};

    use super::*;

    const MOMENT: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_client_is_idle_once_everything_it_asked_for_is_done_for_long_enough() {
        let turns = Turns::new();
        let turn = turns.take();
        assert!(timeout(10 * IDLE_PATIENCE, turns.idle()).await.is_err(), "the server is at work");
        drop(turn);
        let begun = Instant::now();
        turns.idle().await;
        assert!(begun.elapsed() >= IDLE_PATIENCE && begun.elapsed() < IDLE_PATIENCE + MOMENT);
    }

    #[tokio::test(start_paused = true)]
    async fn every_request_gives_a_client_new_time() {
        let turns = Turns::new();
        let begun = Instant::now();
        let other = turns.clone();
        let requests = async move {
            for _ in 0..3 {
                sleep(IDLE_PATIENCE - MOMENT).await;
                drop(other.take());
            }
        };
        tokio::join!(turns.idle(), requests);
        assert!(begun.elapsed() >= 4 * IDLE_PATIENCE - 3 * MOMENT, "{:?}", begun.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_waits_for_news_is_not_idle_and_one_that_is_not_read_is() {
        let turns = Turns::new();
        let (sender, receiver) = mpsc::unbounded::<Result<Bytes, std::io::Error>>();
        let mut body = by_turns(Body::from_stream(receiver), turns.clone());
        assert!(body.frame().now_or_never().is_none());
        assert!(timeout(10 * IDLE_PATIENCE, turns.idle()).await.is_err(), "there is nothing to be read");
        sender.unbounded_send(Ok(Bytes::from_static(b"news"))).unwrap();
        sender.unbounded_send(Ok(Bytes::from_static(b"more"))).unwrap();
        assert!(body.frame().await.unwrap().is_ok());
        advance(MOMENT).await;
        assert!(timeout(2 * IDLE_PATIENCE, turns.idle()).await.is_ok(), "what there is was not read");
    }
}
