/// How many files a server has open beside its connections: the database with its pool, the log, what waits for news.
const OTHERS: u64 = 64;

/// Lets this process have as many files open as the system would let it, and warns where so many connections need more: those
/// beyond do not wait for a place, but fail.
pub(super) fn allow_for(max_connections: usize) {
    let Some(most) = raise_limit() else { return };
    if (max_connections as u64).saturating_add(OTHERS) > most {
        tracing::warn!(
            max_connections,
            "the system lets this process have {most} files open, each connection is one, and {OTHERS} are for the rest: raise \
             the limit (LimitNOFILE of systemd, ulimit -n), or lower max_connections"
        );
    }
}

/// Raises the limit as far as this process may, and answers it; `None` where there is none.
#[cfg(unix)]
fn raise_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    // macOS does not take what it says itself.
    if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current }
}

#[cfg(not(unix))]
fn raise_limit() -> Option<u64> {
    None
}
