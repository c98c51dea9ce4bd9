//! Certificates: made by a local CA ([`authority`]) or read from files ([`pem`]), and exchanged without a restart.

mod authority;
mod certificates;
mod facts;
mod folder;
mod pem;
mod stamp;
#[cfg(test)]
mod tests;

pub use certificates::Certificates;

/// Why there is no certificate to serve with; the message names the file at fault and the way out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TlsError(String);

impl TlsError {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    fn at(path: &std::path::Path, error: impl std::fmt::Display) -> Self {
        Self(format!("{}: {error}", path.display()))
    }
}
