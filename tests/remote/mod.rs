//! The backend for a server, against a server on a socket in this process.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod accounts;
mod certificates;
mod command_line;
mod contract;
mod credentials;
mod faults;

use std::time::Duration;

use packer_plugin_registry::backend::{GrpcBackend, Patience};
use packer_plugin_registry::config::ServerAccess;

/// Enough for what comes back at once, and not much where nothing comes.
fn patience() -> Patience {
    Patience {
        connect: Duration::from_secs(5),
        attempt: Duration::from_secs(5),
        delivery: Duration::from_secs(10),
        question: Duration::from_secs(10),
        check: Duration::from_secs(10),
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(5),
    }
}

/// A client without credentials.
fn client(url: &str) -> GrpcBackend {
    client_with(url, ServerAccess::default(), patience())
}

fn client_with(url: &str, access: ServerAccess, patience: Patience) -> GrpcBackend {
    GrpcBackend::new(url.to_owned(), access, patience, || false)
}
