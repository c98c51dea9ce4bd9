use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::address::Address;
use super::connect_error::{ConnectError, ConnectFault};

/// How long one of several addresses of a name may take, so that a dead one does not use up all the time.
const ONE_OF_SEVERAL: Duration = Duration::from_secs(2);

/// Both directions of a connection.
pub(in crate::backend) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// How TLS is spoken, if it is.
#[derive(Clone)]
pub(in crate::backend) struct Trust {
    pub(in crate::backend) config: Arc<ClientConfig>,
    /// Whether the trusted certificates were given.
    pub(in crate::backend) has_ca_file: bool,
}

/// Connects to `address`, with TLS where `trust` is given, within `limit`.
pub(in crate::backend) async fn connect(
    address: &Address,
    trust: Option<&Trust>,
    limit: Duration,
) -> Result<Box<dyn Stream>, ConnectError> {
    let connected = timeout(limit, async {
        let stream = reach(address).await?;
        match trust {
            Some(trust) => secure(address, stream, trust).await,
            None => Ok(Box::new(stream) as Box<dyn Stream>),
        }
    });
    let result = connected.await.unwrap_or(Err(ConnectFault::TimedOut));
    result.map_err(|fault| ConnectError { server: address.authority().to_owned(), fault })
}

async fn reach(address: &Address) -> Result<TcpStream, ConnectFault> {
    let found = lookup_host((address.host.as_str(), address.port)).await;
    let places: Vec<_> = found.map_err(|error| ConnectFault::Name(error.to_string()))?.collect();
    let mut fault = ConnectFault::Name("it has no address".to_owned());
    for place in &places {
        let attempt = TcpStream::connect(place);
        let connected = if places.len() > 1 {
            timeout(ONE_OF_SEVERAL, attempt).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        } else {
            attempt.await
        };
        match connected {
            Ok(stream) => {
                // A call is written in several pieces, and must not wait for the answer to the first.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => fault = ConnectFault::of_network(&error),
        }
    }
    Err(fault)
}

async fn secure(address: &Address, stream: TcpStream, trust: &Trust) -> Result<Box<dyn Stream>, ConnectFault> {
    let name = ServerName::try_from(address.host.clone())
        .map_err(|_| ConnectFault::Tls(format!("{:?} is not a name that a certificate could have", address.host)))?;
    let handshake = TlsConnector::from(Arc::clone(&trust.config)).connect(name, stream).await;
    let stream = handshake.map_err(|error| ConnectFault::of_handshake(&error, trust.has_ca_file))?;
    Ok(Box::new(stream))
}
