use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::task::TaskTracker;

use super::connection::Connections;
use super::{Parts, Shutdown, app};
use crate::config::server::ServerConfig;

/// How long to wait when the system has no file descriptor left for a connection.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// How often to say so.
const COMPLAINT: Duration = Duration::from_secs(60);

/// Serves on `listener` until `shutdown` says otherwise; answers once everything that was accepted is finished, or the
/// grace of the configuration is over.
///
/// # Errors
/// When the certificates cannot be served.
pub async fn run(listener: TcpListener, config: &ServerConfig, parts: Parts, shutdown: Shutdown) -> io::Result<()> {
    let Parts { rest, grpc, readiness, metrics, certificates } = parts;
    let app = app::compose(rest, grpc, readiness, metrics.clone(), shutdown.clone());
    if let Some(certificates) = &certificates {
        tokio::spawn(Arc::clone(certificates).keep_fresh(metrics.clone(), shutdown.clone()));
    }
    let tls = certificates.map(|certificates| certificates.server_config()).transpose().map_err(io::Error::other)?;
    let connections = Connections::new(app, tls, metrics, shutdown.clone());
    let tasks = TaskTracker::new();
    accept(&listener, &connections, &tasks, config.max_connections, &shutdown).await;
    drop(listener);
    tasks.close();
    if timeout(config.shutdown_grace, tasks.wait()).await.is_err() {
        tracing::warn!(connections = tasks.len(), "the grace is over: what is still under way is dropped");
        shutdown.at_once();
        tasks.wait().await;
    }
    tracing::info!("stopped");
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    connections: &Connections,
    tasks: &TaskTracker,
    most: usize,
    shutdown: &Shutdown,
) {
    let places = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
    let mut full = false;
    let mut complaint = Complaint::default();
    loop {
        let place = match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => {
                if !std::mem::replace(&mut full, true) {
                    tracing::warn!(most, "max_connections are open: further ones wait for a place");
                }
                tokio::select! {
                    place = Arc::clone(&places).acquire_owned() => match place {
                        Ok(place) => place,
                        Err(_) => return,
                    },
                    () = shutdown.begun() => return,
                }
            }
        };
        full = full && places.available_permits() == 0;
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.begun() => break,
        };
        match accepted {
            Ok((stream, client)) => spawn(tasks, connections, stream, client, place),
            Err(error) => refused(&error, &mut complaint).await,
        }
    }
    // Those that came before the end are finished, too.
    while let Ok(place) = Arc::clone(&places).try_acquire_owned()
        && let Some(Ok((stream, client))) = listener.accept().now_or_never()
    {
        spawn(tasks, connections, stream, client, place);
    }
}

fn spawn(
    tasks: &TaskTracker,
    connections: &Connections,
    stream: TcpStream,
    client: std::net::SocketAddr,
    place: OwnedSemaphorePermit,
) {
    let connections = connections.clone();
    tasks.spawn(async move {
        connections.serve(stream, client).await;
        drop(place);
    });
}

/// A connection that ended before it was accepted is nobody's trouble; anything else is this machine's.
async fn refused(error: &io::Error, complaint: &mut Complaint) {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    if !matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
        if complaint.is_due() {
            tracing::error!("cannot accept connections: {error}; this is said once a minute while it lasts");
        }
        sleep(EXHAUSTED).await;
    }
}

/// When it was last said that no connection can be accepted: what is tried ten times a second would fill the log.
#[derive(Default)]
struct Complaint(Option<Instant>);

impl Complaint {
    fn is_due(&mut self) -> bool {
        let is_due = self.0.is_none_or(|last| last.elapsed() >= COMPLAINT);
        if is_due {
            self.0 = Some(Instant::now());
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_in_the_way_of_connections_is_said_once_a_minute() {
        let mut complaint = Complaint::default();
        let begun = Instant::now();
        let mut said = 0;
        while begun.elapsed() < 2 * COMPLAINT {
            said += usize::from(complaint.is_due());
            refused(&io::Error::other("no file descriptors available"), &mut complaint).await;
        }
        assert_eq!(said, 2);
    }
}
