//! HTTP, as a test speaks it with a server.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

use std::path::Path;
use std::sync::Arc;

use axum::BoxError;
use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode, Version};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// A request of `GET path`.
pub(crate) fn get(path: &str) -> Request<Full<Bytes>> {
    Request::get(path).header("host", "localhost").body(Full::default()).unwrap()
}

/// Sends a request in this version of HTTP over `stream`.
pub(crate) async fn send<S, B>(stream: S, version: Version, request: Request<B>) -> hyper::Result<Answer>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError>,
{
    let stream = TokioIo::new(stream);
    let response = if version == Version::HTTP_2 {
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), stream).await?;
        tokio::spawn(connection);
        let (mut parts, body) = request.into_parts();
        parts.uri = format!("http://localhost{}", parts.uri).parse().unwrap();
        parts.headers.remove("host");
        sender.send_request(Request::from_parts(parts, body)).await?
    } else {
        let (mut sender, connection) = http1::handshake(stream).await?;
        tokio::spawn(connection);
        sender.send_request(request).await?
    };
    let (parts, body) = response.into_parts();
    let text = String::from_utf8_lossy(&body.collect().await?.to_bytes()).into_owned();
    Ok(Answer { status: parts.status, version: parts.version, headers: parts.headers, text })
}

/// Sends a request without TLS.
pub(crate) fn ask_plainly(address: &str, version: Version, request: Request<Full<Bytes>>) -> Answer {
    wait(async { send(TcpStream::connect(address).await.unwrap(), version, request).await.unwrap() })
}

/// Sends a request over TLS, to a server that `ca` has to vouch for, by the name of `localhost`.
pub(crate) fn ask(address: &str, ca: &Path, version: Version, request: Request<Full<Bytes>>) -> Answer {
    wait(async { send(connect(address, ca, "localhost", version).await.unwrap(), version, request).await.unwrap() })
}

/// Agrees on TLS with the server at `address`, which has to be `name` by a certificate of `ca`.
pub(crate) async fn connect(
    address: &str,
    ca: &Path,
    name: &str,
    version: Version,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca).unwrap() {
        roots.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![if version == Version::HTTP_2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(name.to_owned()).unwrap(), stream).await
}

/// The certificate that the server at `address` shows.
pub(crate) fn certificate_of(address: &str, ca: &Path) -> Vec<u8> {
    wait(async {
        let stream = connect(address, ca, "localhost", Version::HTTP_11).await.unwrap();
        stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
    })
}

/// Waits for a future on a runtime of its own.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
