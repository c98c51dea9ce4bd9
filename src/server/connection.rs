use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::extract::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::limits::{
    FIRST_REQUEST_PATIENCE, HANDSHAKE_PATIENCE, HEAD_PATIENCE, LAST_REQUEST_PATIENCE, MAX_CONCURRENT_STREAMS,
    MAX_HEADERS, MAX_REQUEST_HEAD, PING_INTERVAL, PING_PATIENCE,
};
use super::{App, Metrics, Shutdown};

/// What every connection of a server is served with.
#[derive(Clone)]
pub(super) struct Connections {
    app: App,
    tls: Option<TlsAcceptor>,
    http: auto::Builder<TokioExecutor>,
    metrics: Metrics,
    shutdown: Shutdown,
}

impl Connections {
    pub(super) fn new(app: App, tls: Option<Arc<rustls::ServerConfig>>, metrics: Metrics, shutdown: Shutdown) -> Self {
        let mut http = auto::Builder::new(TokioExecutor::new());
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_PATIENCE)
            .max_buf_size(MAX_REQUEST_HEAD)
            .max_headers(MAX_HEADERS);
        http.http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_PATIENCE)
            .max_concurrent_streams(MAX_CONCURRENT_STREAMS)
            .max_header_list_size(u32::try_from(MAX_REQUEST_HEAD).unwrap_or(u32::MAX));
        Self { app, tls: tls.map(TlsAcceptor::from), http, metrics, shutdown }
    }

    /// Serves one connection until it ends, or the server does.
    pub(super) async fn serve(&self, stream: TcpStream, client: SocketAddr) {
        self.metrics.connections.inc();
        // An answer is not to wait for more.
        let _ = stream.set_nodelay(true);
        let served = tokio::select! {
            served = self.secure(stream, client) => served,
            () = self.shutdown.grace_is_over() => Ok(()),
        };
        if let Err(error) = served {
            // Scanners and impatient clients cause these, whom nobody here can help.
            tracing::debug!(%client, "connection: {error}");
        }
        self.metrics.connections.dec();
    }

    async fn secure(&self, stream: TcpStream, client: SocketAddr) -> io::Result<()> {
        let Some(tls) = &self.tls else { return self.http(stream, client).await };
        let agreed = async {
            if speaks_plain_http(&stream).await? {
                answer_in_plain(stream).await?;
                return Err(io::Error::other("plain HTTP where TLS is spoken"));
            }
            tls.accept(stream).await
        };
        let stream = timeout(HANDSHAKE_PATIENCE, agreed).await??;
        self.http(stream, client).await
    }

    async fn http(&self, stream: impl AsyncRead + AsyncWrite + Unpin + 'static, client: SocketAddr) -> io::Result<()> {
        let first = CancellationToken::new();
        let service = service_fn(|request: Request<Incoming>| {
            first.cancel();
            let app = self.app.clone();
            async move { Ok::<_, Infallible>(app.answer(request, client).await) }
        });
        let mut connection = pin!(self.http.serve_connection(TokioIo::new(stream), service));
        let mut patience = pin!(sleep(FIRST_REQUEST_PATIENCE));
        tokio::select! {
            ended = connection.as_mut() => return ended.map_err(io::Error::other),
            () = first.cancelled() => {}
            () = patience.as_mut() => return Err(io::ErrorKind::TimedOut.into()),
            // What was sent before the end may still lie in the socket.
            () = async { self.shutdown.begun().await; sleep(LAST_REQUEST_PATIENCE).await } => {}
        }
        tokio::select! {
            ended = connection.as_mut() => return ended.map_err(io::Error::other),
            () = self.shutdown.begun() => connection.as_mut().graceful_shutdown(),
        }
        connection.await.map_err(io::Error::other)
    }
}

/// Whether the client's first byte is that of a request and not of TLS, whose first byte is 0x16.
async fn speaks_plain_http(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    let count = stream.peek(&mut first).await?;
    Ok(count == 1 && first[0].is_ascii_uppercase())
}

/// Says in HTTP/1 what the client has to change: without it, all that a person sees is a closed connection.
async fn answer_in_plain(mut stream: TcpStream) -> io::Result<()> {
    const BODY: &str = "this port speaks TLS: use https:// instead of http://\n";
    let length = BODY.len();
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{BODY}"
    );
    // What is left unread would make the system reset the connection, and the answer be lost.
    let _ = stream.read(&mut [0; 4096]).await?;
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
