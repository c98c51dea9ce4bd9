use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper_util::rt::TokioIo;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use super::address::Address;
use super::connect::{Trust, connect};
use super::connect_error::{ConnectError, ConnectFault};
use super::http::AGENT;

/// Bytes of headers that are taken: an error's details come in them.
const MAX_HEADERS: u32 = 64 * 1024;

/// The connection to a server, kept from call to call.
#[derive(Default)]
pub(super) struct Connection(Mutex<Option<Channel>>);

impl Connection {
    /// The connection there is, or a new one; says which of both.
    pub(super) async fn get(
        &self,
        address: &Address,
        trust: Option<&Trust>,
        limit: Duration,
    ) -> Result<(Channel, bool), ConnectError> {
        if let Some(channel) = self.kept().clone() {
            return Ok((channel, true));
        }
        let channel = open(address, trust, limit).await?;
        *self.kept() = Some(channel.clone());
        Ok((channel, false))
    }

    /// Gives the connection up, because it may be broken.
    pub(super) fn forget(&self) {
        *self.kept() = None;
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Channel>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn open(address: &Address, trust: Option<&Trust>, limit: Duration) -> Result<Channel, ConnectError> {
    let stream = connect(address, trust, limit).await?;
    let failed = |error: tonic::transport::Error| ConnectError {
        server: address.authority().to_owned(),
        fault: ConnectFault::Network(causes(&error)),
    };
    let endpoint = Endpoint::from_shared(address.to_string()).and_then(|endpoint| endpoint.user_agent(AGENT));
    let endpoint = endpoint.map_err(failed)?.http2_max_header_list_size(MAX_HEADERS);
    // Connecting is ours, so that its errors are; the channel gets one connection, and when that breaks, a new channel
    // gets another.
    let mut once = Some(TokioIo::new(stream));
    let connector = service_fn(move |_| {
        let stream = once.take().ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotConnected));
        std::future::ready(stream)
    });
    endpoint.connect_with_connector(connector).await.map_err(failed)
}

/// An error and what caused it, in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
