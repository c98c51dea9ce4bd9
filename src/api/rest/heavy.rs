use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::Fault;
use crate::wire::hcp::Code;

/// How much of it goes on at once: each may take as much memory as a document of the largest size, and a core.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Does what takes long beside the calls that do not, a few at a time.
pub(in crate::api) async fn heavy<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let stopped = |_| Fault::new(Code::Unavailable, "the server is about to stop; try again");
    let turn = TURNS.acquire().await.map_err(|_| stopped(()))?;
    // The turn goes along: whoever hangs up does not end the work, nor make room for more of it.
    let work = move || {
        let done = work();
        drop(turn);
        done
    };
    spawn_blocking(work).await.map_err(|_| stopped(()))
}
