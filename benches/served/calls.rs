use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;

/// Connections to the server.
pub(crate) const CONNECTIONS: usize = 4;
/// Calls under way on each.
pub(crate) const IN_FLIGHT: usize = 16;

/// What came of a load.
pub(crate) struct Load {
    pub(crate) calls: usize,
    pub(crate) wall_time: Duration,
    /// The median time of a call.
    pub(crate) median: Duration,
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Makes so many calls, as many at once on each connection as `in_flight` says.
pub(crate) async fn at_once<C: Clone>(
    calls: usize,
    (connections, in_flight): (usize, usize),
    connect: impl AsyncFn() -> C,
    call: impl AsyncFn(&mut C, usize),
) -> Load {
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let mut clients = Vec::new();
    for _ in 0..connections {
        let client = connect().await;
        clients.extend((0..in_flight).map(|_| client.clone()));
    }
    let workers = clients.into_iter().map(async |mut client| {
        let mut times = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= calls {
                return times;
            }
            let begun = Instant::now();
            call(&mut client, number).await;
            times.push(begun.elapsed());
        }
    });
    let mut times: Vec<Duration> = join_all(workers).await.concat();
    times.sort();
    Load { calls: times.len(), wall_time: begun.elapsed(), median: times[times.len() / 2] }
}
