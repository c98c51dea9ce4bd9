use std::io;
use std::sync::Arc;

use super::Shutdown;
use super::tls::Certificates;

/// SIGXFSZ, which has this number on Linux, macOS and the BSDs.
#[cfg(unix)]
const FILE_TOO_LARGE: i32 = 25;

/// Does what the signals of the system ask: SIGTERM and SIGINT finish the server, the second of them at once; SIGHUP
/// reads the certificate again.
///
/// # Errors
/// Those of the system, when it takes no handler.
#[cfg(unix)]
pub(super) fn follow(shutdown: &Shutdown, certificates: Option<&Arc<Certificates>>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    // Where a file may not grow any more, that is a failed write, not the end of the process.
    let _ = signal(SignalKind::from_raw(FILE_TOO_LARGE))?;
    let shutdown = shutdown.clone();
    let certificates = certificates.cloned();
    tokio::spawn(async move {
        loop {
            let name = tokio::select! {
                Some(()) = terminate.recv() => "SIGTERM",
                Some(()) = interrupt.recv() => "SIGINT",
                Some(()) = hang_up.recv() => {
                    tracing::info!("SIGHUP: the certificate is read again");
                    if let Some(certificates) = &certificates {
                        certificates.look_now();
                    }
                    continue;
                }
                else => return,
            };
            stop(&shutdown, name);
        }
    });
    Ok(())
}

/// Does what Ctrl-C asks: the first finishes the server, the second at once.
#[cfg(not(unix))]
pub(super) fn follow(shutdown: &Shutdown, _certificates: Option<&Arc<Certificates>>) -> io::Result<()> {
    let shutdown = shutdown.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            stop(&shutdown, "Ctrl-C");
        }
    });
    Ok(())
}

fn stop(shutdown: &Shutdown, name: &str) {
    if shutdown.has_begun() {
        tracing::warn!("{name} again: stopping without waiting for what is under way");
        shutdown.at_once();
    } else {
        tracing::info!("{name}: finishing what was accepted; once more to stop at once");
        shutdown.begin();
    }
}
